"""What is used where nothing is named: the home that the user chose, and the exports and expectations that it was made with.

settings.json       of the user, by the operating system's custom: {"home": path}; `vahti use` writes it
HOME/made_with.json {"exports": path, "expectations": path, "expectations_sha256": sum}; `vahti run` writes it
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from pipelines.errors import HomeError
from pipelines.home import atomic
from pipelines.landing import periods

ROOT = Path(__file__).parents[2]
MADE_WITH = "made_with.json"
OTHERWISE = {
    "home": ROOT / ".vahti",
    "exports": ROOT / "data_samples" / "exports",
    "expectations": ROOT / "expectations",
}


def settings() -> Path:
    """The user's settings: $VAHTI_SETTINGS, or rekisterivahti/settings.json where the operating system keeps such things."""
    if given := os.environ.get("VAHTI_SETTINGS"):
        return Path(given)
    base = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "rekisterivahti" / "settings.json"


def home() -> tuple[Path, str]:
    """The home where none is named, and who says so."""
    chosen = _read(settings()).get("home")
    return (Path(chosen), "vahti use") if chosen else (OTHERWISE["home"], "the repository's own")


def use(path: Path | None) -> None:
    """Makes a home the one that is meant where none is named; None forgets it."""
    if path is None:
        settings().unlink(missing_ok=True)
        return
    settings().parent.mkdir(parents=True, exist_ok=True)
    atomic.write(settings(), json.dumps({"home": str(path.expanduser().resolve())}) + "\n", mode=0o600)


def of_home(path: Path) -> dict[str, str]:
    """What a home was made with; nothing where it does not say."""
    return _read(path / MADE_WITH)


def folder(what: str, home_path: Path) -> Path:
    """The folder of `exports` or `expectations` that a home was made with, or the repository's own."""
    known = of_home(home_path).get(what)
    return Path(known) if known else OTHERWISE[what]


def remember(home_path: Path, exports: Path, expectations: Path) -> None:
    """Notes in the home what it was made with."""
    note = {
        "exports": str(exports.resolve()), "expectations": str(expectations.resolve()),
        "expectations_sha256": periods.digest_folder(expectations),
    }  # fmt: skip
    if note != of_home(home_path):
        atomic.write(home_path / MADE_WITH, json.dumps(note, ensure_ascii=False, sort_keys=True) + "\n", mode=0o600)


def check_expectations(home_path: Path, given: Path) -> None:
    """HomeError where the home was made with other expectations. The same ones in another place are the same; in the same
    place they may have been edited."""
    known = of_home(home_path)
    if "expectations" not in known or Path(known["expectations"]) == given.resolve() or not given.is_dir():
        return
    if periods.digest_folder(given) != known["expectations_sha256"]:
        raise HomeError(
            f"was made with the expectations in {known['expectations']}, and those in {given} are others",
            file=home_path,
            remedy="leave --expectations out, name another --home, or take them from now on: vahti run --adopt",
        )


def check_exports(home_path: Path, given: Path) -> None:
    """HomeError where the home was made with other exports: elsewhere, and without any of the periods taken in."""
    known = of_home(home_path)
    if "exports" not in known or Path(known["exports"]) == given.resolve() or not given.is_dir():
        return
    taken_in = {path.stem for path in (home_path / "periods").glob("*.duckdb")}
    if taken_in and not any((given / period).is_dir() for period in taken_in):
        raise HomeError(
            f"was made with the exports in {known['exports']}, and none of its periods is in {given}",
            file=home_path,
            remedy="leave --exports out, name another --home, or take them from now on: vahti run --adopt",
        )


def _read(path: Path) -> dict:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
