"""Defaults: the home that the user chose, and the exports and expectations that it was made with.

settings.json       of the user, in the operating system's usual place: {"home": path}; `vahti use` writes it
HOME/made_with.json {"exports": path, "expectations": path, "expectations_sha256": sum, "files": {file: sum}, "controller":
                    name}; the first period taken in writes it, and each later `vahti run`
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from pipelines.errors import ExpectationsError, HomeError
from pipelines.home import atomic
from pipelines.known import beside
from pipelines.landing import periods
from pipelines.language.languages import N_
from pipelines.sentence import Sentence

ROOT = Path(__file__).parents[2]
MADE_WITH = "made_with.json"
FILES_NAMED = 5
OTHERWISE = {
    "home": ROOT / ".vahti",
    "exports": ROOT / "data_samples" / "exports",
    "expectations": ROOT / "expectations",
}


def settings() -> Path:
    """The user's settings: $VAHTI_SETTINGS, or rekisterivahti/settings.json in the operating system's place for settings."""
    if given := os.environ.get("VAHTI_SETTINGS"):
        return Path(given)
    base = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "rekisterivahti" / "settings.json"


def home() -> tuple[Path, str]:
    """The default home, and how it was chosen."""
    chosen = _read(settings()).get("home")
    return (Path(chosen), "vahti use") if chosen else (OTHERWISE["home"], N_("the repository's own"))


def use(path: Path | None) -> None:
    """Makes a home the default; None forgets it."""
    if path is None:
        settings().unlink(missing_ok=True)
        return
    settings().parent.mkdir(parents=True, exist_ok=True)
    atomic.write(settings(), json.dumps({"home": str(path.expanduser().resolve())}) + "\n", mode=0o600)


def of_home(path: Path) -> dict[str, str]:
    """What a home was made with; empty if it has no record of it."""
    return _read(path / MADE_WITH)


def folder(what: str, home_path: Path) -> Path:
    """The folder of `exports` or `expectations` that a home was made with, or the repository's own."""
    known = of_home(home_path).get(what)
    return Path(known) if known else OTHERWISE[what]


def check_known(home_path: Path) -> None:
    """HomeError if the home should know its expectations and does not: its reports would name the people in the repository's
    own."""
    forgotten = "expectations" not in of_home(home_path) and has_periods(home_path)
    if forgotten and home_path.resolve() != OTHERWISE["home"].resolve():
        remedy = "name them, and have them remembered: vahti run --expectations DIR"
        raise HomeError("does not say which expectations it was made with", file=home_path, remedy=remedy)


def check_exports_known(home_path: Path) -> None:
    """HomeError if a home of the user's own has no exports on record: the repository's samples only go into its own home."""
    if "exports" not in of_home(home_path) and home_path.resolve() != OTHERWISE["home"].resolve():
        remedy = Sentence(
            "name the exports: --exports DIR; or another home: --home%(beside)s", beside=beside(home_path)
        )
        raise HomeError("knows no exports yet, and none are named", file=home_path, remedy=remedy)


def has_periods(home_path: Path) -> bool:
    """Whether any period was taken in."""
    return any((home_path / "periods").glob("*.duckdb"))


def remember(home_path: Path, exports: Path, expectations: Path) -> None:
    """Records in the home what it was made with."""
    note = {
        "exports": str(exports.resolve()),
        "expectations": str(expectations.resolve()),
        "expectations_sha256": periods.digest_folder(expectations),
        "files": periods.digests(expectations),
        "controller": controller_of(expectations),
    }
    if note != of_home(home_path):
        atomic.write(home_path / MADE_WITH, json.dumps(note, ensure_ascii=False, sort_keys=True) + "\n", mode=0o600)


def controller_of(expectations: Path) -> str:
    """The controller's name in a folder of expectations; empty if it cannot be read."""
    from pipelines.expectations import yamlfile  # only if something was remembered

    try:
        return str(yamlfile.read(expectations / "controller.yaml").get("controller") or "")
    except ExpectationsError:
        return ""


def differences(home_path: Path, expectations: Path) -> list[str]:
    """Files of the expectations changed since the home's last run; [] if the home has no record."""
    before = of_home(home_path).get("files")
    if not isinstance(before, dict) or not expectations.is_dir():
        return []
    now = periods.digests(expectations)
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def check_expectations(home_path: Path, given: Path) -> None:
    """HomeError if the home was made with other expectations: another controller's anywhere, or different ones in another
    place. Identical ones in another place are accepted; in the same place they may have been edited."""
    known = of_home(home_path)
    if "expectations" not in known or not given.is_dir() or not has_periods(home_path):
        return
    before, now = known.get("controller"), controller_of(given)
    if before and now and before != now:
        raise HomeError(
            f"is the home of “{before}”, and the expectations in {given} are those of “{now}”",
            file=home_path,
            remedy=f"name another --home; if the controller goes by another name now: vahti run --adopt --expectations {given}",
        )
    if Path(known["expectations"]) == given.resolve() or periods.digest_folder(given) == known["expectations_sha256"]:
        return
    different = differences(home_path, given)
    more = f" and {len(different) - FILES_NAMED} more" if len(different) > FILES_NAMED else ""
    raise HomeError(
        f"was made with the expectations in {known['expectations']}, and those in {given} are others"
        + (f" ({', '.join(different[:FILES_NAMED])}{more} differ)" if different else ""),
        file=home_path,
        remedy="leave --expectations out, name another --home, or take them from now on: vahti run --adopt",
    )


def check_exports(home_path: Path, given: Path) -> None:
    """HomeError if the home was made with other exports: in another place, and without any of the periods taken in."""
    known = of_home(home_path)
    if "exports" not in known or Path(known["exports"]) == given.resolve() or not given.is_dir():
        return
    taken_in = {path.stem for path in (home_path / "periods").glob("*.duckdb")}
    offered = {path.name for path in given.iterdir() if periods.is_period(path.name)}
    if taken_in and offered and not offered & taken_in:  # a folder without any period is another mistake
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
