"""Individually encrypted files of the home: its notebooks, whose cells hold what was typed into them.

A sealed file is a marker line, a nonce, and the text under AES-256-GCM; the key is derived from the home's, so that a copy
of the home reveals nothing of them, and `vahti key rotate` reseals them.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from pipelines.errors import HomeError
from pipelines.home.folder import Home

MARK = b"sealed by rekisterivahti, 1\n"
PURPOSE = b"notebooks of the home"
NONCE = 12


def is_sealed(data: bytes) -> bool:
    """Whether the bytes are a sealed file's."""
    return data.startswith(MARK)


def seal(data: bytes, key: str) -> bytes:
    """The bytes of a sealed file. `key`: the home's."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # needed by few commands

    nonce = os.urandom(NONCE)
    return MARK + nonce + AESGCM(_derived(key)).encrypt(nonce, data, MARK)


def unsealed(data: bytes, key: str, path: Path) -> bytes:
    """The unsealed text; unsealed bytes come back unchanged. HomeError, naming `path`, for another key or a changed byte."""
    if not is_sealed(data):
        return data
    from cryptography.exceptions import InvalidTag  # as above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, text = data[len(MARK) : len(MARK) + NONCE], data[len(MARK) + NONCE :]
    try:
        return AESGCM(_derived(key)).decrypt(nonce, text, MARK)
    except (InvalidTag, ValueError):
        problem = "is damaged, or was sealed with another key"
        raise HomeError(problem, file=path, remedy="restore it from a backup, or remove it") from None


def files(home: Home) -> list[Path]:
    """The home's sealed files, still encrypted."""
    return [path for path in notebooks(home.path / "notebooks") if is_sealed(path.read_bytes()[: len(MARK)])]


def notebooks(folder: Path) -> list[Path]:
    """Notebooks in a folder, with Jupyter's checkpoint copies; no links and no half-written files."""
    found = sorted(folder.rglob("*.ipynb*"))
    return [path for path in found if path.is_file() and not path.is_symlink() and path.suffix != ".part"]


def _derived(key: str) -> bytes:
    return hmac.digest(key.encode("utf-8", "surrogateescape"), PURPOSE, "sha256")
