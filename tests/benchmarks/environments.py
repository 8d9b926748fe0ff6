"""Each peer in an environment of its own, with the versions that peers/<peer>.txt pins; made once, in build/bench/venvs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import exports_at_size


def unpacked(requirement: str) -> Path:
    """The files of a package alone, which nothing imports: for the data in it."""
    folder = exports_at_size.KEPT / "packages" / requirement
    if not folder.exists():
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--target",
        ]
        subprocess.run([*command, folder, requirement], check=True)
    return folder


def python(peer: str) -> Path:
    """The interpreter of a peer's environment."""
    pins = Path(__file__).parent / "peers" / f"{peer}.txt"
    folder = exports_at_size.KEPT / "venvs" / peer
    interpreter, ready = folder / "bin" / "python", folder / "ready.txt"
    if not ready.exists() or ready.read_text("utf-8") != pins.read_text("utf-8"):
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run(
            [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", pins], check=True
        )
        ready.write_text(pins.read_text("utf-8"), "utf-8")
    return interpreter
