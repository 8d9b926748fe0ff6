"""The folder in which a lab and its kernels listen: in the temporary folder, because a socket's path must be short."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "vahti-lab-"


@contextmanager
def folder() -> Iterator[tuple[Path, tuple[int, ...]]]:
    """A new folder, removed at the end, and the lock on it, which the server holds: while it runs, the folder is in use.

    Folders left by killed labs are removed first. Windows has no such locks: there they stay.
    """
    if os.name == "nt":
        with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
            yield Path(name), ()
        return
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        _remove_if_left(path)
    place, lock = _locked_folder()
    try:
        yield place, (lock,)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(lock)


def _locked_folder() -> tuple[Path, int]:
    """Retries if another lab mistook the new folder for an abandoned one before it was locked."""
    while True:
        place = Path(tempfile.mkdtemp(prefix=PREFIX))
        try:
            lock = _lock(place, wait=True)
        except FileNotFoundError:
            continue
        if place.exists():
            return place, lock
        os.close(lock)


def _lock(place: Path, wait: bool) -> int:
    import fcntl  # not on Windows

    opened = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(opened)
        raise
    return opened


def _remove_if_left(place: Path) -> None:
    """Whether it belongs to this user and is not in use: no process has it locked."""
    try:
        if place.lstat().st_uid != os.getuid():
            return
        lock = _lock(place, wait=False)
    except OSError:  # in use, already gone, or not a folder
        return
    shutil.rmtree(place, ignore_errors=True)
    os.close(lock)
