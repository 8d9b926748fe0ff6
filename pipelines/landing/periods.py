"""Which period folders exist, and whether one has changed since it was taken in."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

from pipelines.errors import ExpectationsError, ExportsError
from pipelines.known import beside
from pipelines.sentence import Sentence


def find(exports: Path) -> list[str]:
    """The period folders (YYYY-MM-DD) of an exports folder, oldest first; ExportsError if there are none."""
    try:
        folders = {entry.name: entry for entry in exports.iterdir() if entry.is_dir()}
    except FileNotFoundError:
        remedy = Sentence("name it with --exports%(beside)s", beside=beside(exports))
        raise ExportsError("no such exports folder", file=exports, remedy=remedy) from None
    except OSError as error:
        raise ExportsError(
            f"cannot be read: {error.strerror}", file=exports, remedy="name another with --exports"
        ) from None
    periods = sorted(name for name in folders if is_period(name))
    for name in periods:
        if folders[name].is_symlink() and folders[name].resolve().parent != exports.resolve():
            raise ExportsError(
                "is a link out of the exports folder",
                file=folders[name],
                remedy="put the period's files themselves there",
            )
    if not periods:
        raise ExportsError(
            "holds no period folder",
            file=exports,
            remedy="put each period's exports into a folder named by its date, such as 2026-06-30",
        )
    return periods


def is_period(name: str) -> bool:
    """Whether a folder's name is a date YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def stamp(folder: Path, names: list[str], sums: dict[str, str]) -> dict[str, list | None]:
    """{file: [size, modified in ns, SHA-256]}, None for a missing file."""
    found = {}
    for name in sorted(names):
        path = folder / name
        found[name] = (
            [path.stat().st_size, path.stat().st_mtime_ns, sums.get(name) or digest(path)] if path.is_file() else None
        )
    return found


def changed(folder: Path, known: dict[str, list | None]) -> list[str]:
    """Names of files that changed since they were taken in. Reads a file only if its size or time differs."""
    names = []
    for name, before in known.items():
        path = folder / name
        if not path.is_file():
            if before:
                names.append(name)
            continue
        now = path.stat()
        if before and [now.st_size, now.st_mtime_ns] == before[:2]:
            continue
        if not before or now.st_size != before[0] or digest(path) != before[2]:
            names.append(name)
    return names


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def digest_folder(folder: Path) -> str:
    """SHA-256 over names and contents of the expectations, to detect changes."""
    total = hashlib.sha256()
    for name, sum_of_file in digests(folder).items():
        total.update(f"{name}\0{sum_of_file}\n".encode())
    return total.hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """{file: SHA-256} of the expectations."""
    if not folder.is_dir():
        raise ExpectationsError(
            "no such folder of expectations",
            file=folder,
            remedy=Sentence("name it with --expectations%(beside)s", beside=beside(folder)),
        )
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".sql", ".csv"))
    return {path.relative_to(folder).as_posix(): digest(path) for path in paths}
