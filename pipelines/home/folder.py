"""The home as a folder: created, closed to others, recognised."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import HomeError
from pipelines.home import atomic, keys

LAYOUT_VERSION = 1


@dataclass(frozen=True)
class Home:
    """A workbench home. `memory` and `threads` are DuckDB's limits; None is half the machine's memory, and all its threads."""

    path: Path
    memory: str | None = None
    threads: int | None = None
    id: str = ""

    @property
    def workbench(self) -> Path:
        """The database for everything across periods."""
        return self.path / "workbench.duckdb"

    @property
    def tmp(self) -> Path:
        """Work in progress."""
        return self.path / "tmp"

    def database(self, period: str) -> Path:
        """The database of one period."""
        return self.path / "periods" / f"{period}.duckdb"

    def reports(self, period: str) -> Path:
        """The outputs of one period."""
        return self.path / "reports" / period

    def profiles(self, period: str) -> Path:
        """DuckDB's profiles of the period's slowest rules."""
        return self.path / "profiles" / period


def open_home(path: Path, memory: str | None = None, threads: int | None = None) -> Home:
    """The home at `path`, created (mode 0700) if there is none; HomeError if it cannot be used."""
    note = path / "home.json"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not note.exists():
            if any(entry.name not in (".lock", "tmp", "home.json.part") for entry in path.iterdir()):
                raise HomeError(
                    "is a folder with other things in it", file=path, remedy="name a new folder with --home"
                )
            facts = {"layout": LAYOUT_VERSION, "id": secrets.token_hex(8), "salt": keys.new_salt()}
            atomic.write(note, json.dumps(facts) + "\n")
        settings = json.loads(note.read_text("utf-8"))
        layout, home_id = int(settings["layout"]), str(settings["id"])
        if "salt" not in settings and not (path / "workbench.duckdb").exists():  # nothing has a key yet
            atomic.write(note, json.dumps(settings | {"salt": keys.new_salt()}) + "\n")
        close_to_others(path)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "home.json is damaged"
        raise HomeError(f"cannot be used: {reason}", file=path, remedy="name another folder with --home") from None
    if layout > LAYOUT_VERSION:
        problem = f"was made by a newer version (layout {layout}; this one knows {LAYOUT_VERSION})"
        raise HomeError(problem, file=path, remedy="upgrade rekisterivahti, or name another folder with --home")
    return Home(path, memory, threads, home_id)


def close_to_others(path: Path) -> None:
    """Restricts the home and everything in it to its owner: other programs may have created it, or opened it up since.

    Links are left alone, and so is what another process removes meanwhile. OSError for what belongs to somebody else.
    """
    keys.close_to_others(path)
    for folder, folders, names in os.walk(path):
        for name in (*folders, *names):
            each = Path(folder, name)
            with contextlib.suppress(FileNotFoundError):
                if not each.is_symlink():
                    keys.close_to_others(each)


def committed(home: Home) -> dict:
    """What a crashed or running process has committed but not finished; normally nothing."""
    try:
        return json.loads((home.path / "commit.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
