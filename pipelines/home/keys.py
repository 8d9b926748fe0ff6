"""The key of a home's databases: where it is kept, made and moved; never part of a command line, a message or SQL text.

    VAHTI_KEY             the environment; whoever sets it keeps it. A typed key is stretched (pipelines.home.typed)
    the keyring           of the operating system: `vahti key keyring` moves it there, as home.json then records
    a key file            <configuration>/rekisterivahti/<id of the home>.key, mode 0600, created at first use: apart from
                          what it opens, so that a copy of the home alone opens nothing

They are tried in this order. The keyring is asked only if home.json says that it has the key, and not for ever: on a
machine without one, or whose keyring waits for a password that is never typed, the key file is tried next.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import HomeError
from pipelines.home import atomic, typed
from pipelines.language.languages import N_

if TYPE_CHECKING:
    from pipelines.home.store import Home

ENVIRONMENT, KEYRING, FILE = "VAHTI_KEY", N_("keyring"), N_("file")
NEW_KEY = "VAHTI_NEW_KEY"
SERVICE = "rekisterivahti"
# Long enough to type the keyring's password into its window; after that the machine counts as having none.
KEYRING_WAIT_SECONDS = 30
# Called with the path when a key file is created; the command line prints it, a notebook does not.
on_new_key_file: Callable[[Path], None] = lambda path: None  # noqa: E731
# Called when a typed key opens a home unstretched, as all did before there was a salt.
on_plain_key: Callable[[], None] = lambda: None  # noqa: E731
# For this process, by id of the home: keys from the keyring, and homes for which it did not answer.
_seen: dict[str, str] = {}
_silent: set[str] = set()


def key(home: Home) -> str:
    """The key of the home's databases; created if there is neither key nor database. HomeError if it is lost, or if a new
    home would get one that is easily guessed."""
    given = os.environ.get(ENVIRONMENT)
    if given:
        return _of_environment(home, given)
    found = _seen.get(home.id) or (_from_keyring(home) if kept(home) == KEYRING and home.id not in _silent else None)
    if found:
        return found
    path = key_file(home)
    try:
        if not path.exists():
            if home.workbench.exists() or kept(home) == KEYRING:
                raise _gone(home, path)
            make_file(home, secrets.token_hex(32))
            on_new_key_file(path)
        close_to_others(path)
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise HomeError(
            f"key file: {error.strerror}", file=path, remedy="grant access to it, or set VAHTI_KEY"
        ) from None


def _of_environment(home: Home, given: str) -> str:
    """As it opens the home: a random key unchanged, a typed one stretched, unless the home is older than that."""
    if not home.workbench.exists():
        typed.demand_strength(given, ENVIRONMENT)
    elif is_plain(home):
        on_plain_key()
        return given
    return typed.opener(given, salt(home))


def is_plain(home: Home) -> bool:
    """Whether a typed key opens the home unstretched: it was created before keys were stretched."""
    given = os.environ.get(ENVIRONMENT)
    return given is not None and given != "" and not salt(home) and not typed.is_random(given)


def salt(home: Home) -> str:
    """The salt for typed keys; '' in an older home without one."""
    return str(_note(home).get("salt", ""))


def new_salt() -> str:
    """For another home, or another key."""
    return secrets.token_hex(16)


def _from_keyring(home: Home) -> str | None:
    """The key, cached; so is a missing answer, for a process that goes on with the key file."""
    found = ask_keyring(home.id)
    if found:
        _seen[home.id] = found
    else:
        _silent.add(home.id)
    return found


def _gone(home: Home, path: Path) -> HomeError:
    _silent.discard(home.id)
    if kept(home) == KEYRING:
        problem = "its key is in the operating system's keyring, which does not give it, and VAHTI_KEY is not set"
        return HomeError(problem, file=home.path, remedy="unlock the keyring, or set VAHTI_KEY")
    problem = f"its key file {path.name} is gone, and VAHTI_KEY is not set"
    return HomeError(problem, file=home.path, remedy=f"restore it to {path.parent}, or set VAHTI_KEY")


def source(home: Home) -> str:
    """The current source of the key: VAHTI_KEY, keyring or file."""
    if os.environ.get(ENVIRONMENT):
        return ENVIRONMENT
    return KEYRING if kept(home) == KEYRING and (home.id in _seen or _from_keyring(home)) else FILE


def forget(home: Home) -> bool:
    """Makes the next call ask the keyring again; returns whether a key was cached."""
    _silent.discard(home.id)
    return _seen.pop(home.id, None) is not None


def key_file(home: Home) -> Path:
    """The key's default place: in the user's configuration, apart from what it opens."""
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return config / "rekisterivahti" / f"{home.id}.key"


def close_to_others(path: Path) -> None:
    """Removes the permissions of group and others on a file or folder; OSError if somebody else owns it."""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(path.stat().st_mode & 0o700)


def make_file(home: Home, text: str, suffix: str = "") -> Path:
    """The key in a file that only its owner can read."""
    path = key_file(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = path.with_name(path.name + suffix)
    atomic.write(path, text, mode=0o600)
    return path


def kept(home: Home) -> str:
    """keyring or file, as home.json says."""
    return str(_note(home).get("key", FILE))


def _note(home: Home) -> dict:
    try:
        note = json.loads((home.path / "home.json").read_text("utf-8"))
        return note if isinstance(note, dict) else {}
    except (OSError, ValueError):
        return {}


def keep(home: Home, **facts: str) -> None:
    """Records in home.json where the `key` is, or the `salt` of a typed one."""
    note = home.path / "home.json"
    settings = json.loads(note.read_text("utf-8"))
    atomic.write(note, json.dumps(settings | facts) + "\n")


def move_to_keyring(home: Home) -> None:
    """Moves the key, or a new home's first one, from the file into the keyring. HomeError if there is no keyring.

    In this order, a crash at any point leaves the key in one of the places, or in both.
    """
    _no_environment("move")
    path = key_file(home)
    there = path.exists() or home.workbench.exists() or kept(home) == KEYRING
    text = key(home) if there else secrets.token_hex(32)
    put_in_keyring(home, home.id, text)
    keep(home, key=KEYRING)
    path.unlink(missing_ok=True)
    atomic.settle(path.parent)


def move_to_file(home: Home) -> Path:
    """Moves the key from the keyring into the key file; returns its path."""
    _no_environment("move")
    text = key(home)
    path = make_file(home, text)
    keep(home, key=FILE)
    forget(home)
    ask_keyring(home.id, delete=True)
    return path


def _no_environment(what: str) -> None:
    if os.environ.get(ENVIRONMENT):
        problem = f"the key is that of {ENVIRONMENT}: there is none to {what}"
        raise HomeError(problem, remedy=f"unset {ENVIRONMENT}, if the home has a key of its own")


def put_in_keyring(home: Home, name: str, text: str) -> None:
    """Puts a key into the keyring and reads it back; HomeError if that fails."""
    if ask_keyring(name, put=text) != text:
        problem = "the operating system's keyring does not take the key"
        raise HomeError(problem, file=home.path, remedy="unlock it, or keep the key file or VAHTI_KEY")


def ask_keyring(name: str, put: str | None = None, delete: bool = False) -> str | None:
    """The keyring's entry under a name, after setting or deleting it; None if there is no entry, no keyring, or no answer
    in time: it may be waiting for a person who is not there."""
    answer: list[str | None] = []

    def ask() -> None:
        with contextlib.suppress(Exception):  # each backend fails in its own way: all of them mean that there is none
            import keyring

            if put is not None:
                keyring.set_password(SERVICE, name, put)
            if delete:
                keyring.delete_password(SERVICE, name)
            answer.append(keyring.get_password(SERVICE, name))

    asking = threading.Thread(target=ask, name="keyring", daemon=True)
    asking.start()
    asking.join(KEYRING_WAIT_SECONDS)
    return answer[0] if answer else None


# Rotation: the new key is kept beside the old one until the databases are exchanged (pipelines.home.rotation)


def prepare_new(home: Home, salt: str) -> tuple[str, str]:
    """(new key, where it is kept) for a rotation: VAHTI_NEW_KEY if VAHTI_KEY opens the home, else a new random one."""
    place, given = source(home), os.environ.get(NEW_KEY)
    if place == ENVIRONMENT:
        return typed.opener(_given_anew(home, given), salt), place
    if given:
        problem = f"{NEW_KEY} is set, but the home's key is not that of {ENVIRONMENT}: a new one is made"
        raise HomeError(problem, file=home.path, remedy=f"unset {NEW_KEY}")
    new = secrets.token_hex(32)
    if place == KEYRING:
        put_in_keyring(home, f"{home.id}.new", new)
    else:
        make_file(home, new, ".new")
    return new, place


def _given_anew(home: Home, given: str | None) -> str:
    """VAHTI_NEW_KEY. It may equal the old key if that is stretched from now on."""
    if not given or (given == os.environ[ENVIRONMENT] and not is_plain(home)):
        problem = f"{NEW_KEY} is {'the old key' if given else 'not set'}"
        raise HomeError(
            problem, file=home.path, remedy=f"set {NEW_KEY} to the new key; afterwards set {ENVIRONMENT} to it"
        )
    typed.demand_strength(given, NEW_KEY)
    return given


def promote_new(home: Home, place: str) -> None:
    """Puts the new key in the old one's place. Can be repeated; HomeError if both are gone."""
    forget(home)
    if place == FILE:
        path = key_file(home)
        made = path.with_name(path.name + ".new")
        if made.exists():
            made.replace(path)
            atomic.settle(path.parent)
        elif not path.exists():
            raise _gone(home, path)
    elif place == KEYRING:
        new = ask_keyring(f"{home.id}.new")
        if new:
            put_in_keyring(home, home.id, new)
            ask_keyring(f"{home.id}.new", delete=True)
        elif not ask_keyring(home.id):
            raise _gone(home, key_file(home))
