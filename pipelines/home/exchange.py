"""The last step of `rotation`: from commit.json on, whoever opens the home next completes the exchange of databases and keys."""

from __future__ import annotations

import shutil

from pipelines.home import atomic, keys
from pipelines.home.folder import Home


def finish(home: Home, entry: dict) -> None:
    """Exchanges what is not exchanged yet. Every step can be repeated."""
    for name in entry["rotated"]:
        target = home.path / name
        built = home.tmp / "rotated" / name
        if not built.exists():  # left by an earlier version that died midway
            built = home.tmp / "rotated" / target.name
        if built.exists():
            # The write-ahead log of an earlier crash is in the copy already, and is encrypted with the old key.
            target.with_name(target.name + ".wal").unlink(missing_ok=True)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            built.replace(target)
            atomic.settle(target.parent)
    keys.promote_new(home, entry["key"])
    if "salt" in entry:  # an earlier version, without one, died midway
        keys.keep(home, salt=entry["salt"])
    (home.path / "commit.json").unlink()
    shutil.rmtree(home.tmp / "rotated", ignore_errors=True)
