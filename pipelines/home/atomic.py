"""Small files written whole or not at all: the home's notes and the key file."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write(path: Path, content: str | bytes, mode: int = 0o666) -> None:
    """Writes the content, text as UTF-8, to `path` and to the disk before it returns; a reader sees the old file or the new one."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as handle:
        handle.write(content.encode("utf-8") if isinstance(content, str) else content)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Makes the names in a folder survive a power cut; does nothing on a system that cannot promise it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
