"""The last step of `rotation`: from commit.json on, databases and keys are exchanged, by whoever opens the home next if need be."""

from __future__ import annotations

import shutil

from pipelines.home import atomic, keys
from pipelines.home.folder import Home


def finish(home: Home, entry: dict) -> None:
    """Exchanges what is not yet exchanged. Every step may have been done before: it can be repeated."""
    for name in entry["rotated"]:
        target = home.path / name
        built = home.tmp / "rotated" / name
        if not built.exists():  # as a version before this one, which died midway, built it
            built = home.tmp / "rotated" / target.name
        if built.exists():
            # What an earlier death left to be written after is in the copy already, and is of the old key.
            target.with_name(target.name + ".wal").unlink(missing_ok=True)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            built.replace(target)
            atomic.settle(target.parent)
    keys.promote_new(home, entry["key"])
    if "salt" in entry:  # a version before there was one died midway
        keys.keep(home, salt=entry["salt"])
    (home.path / "commit.json").unlink()
    shutil.rmtree(home.tmp / "rotated", ignore_errors=True)
