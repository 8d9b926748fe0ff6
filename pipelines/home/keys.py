"""The key of a home's databases: where it is kept, made and moved; never part of a command line, a message or SQL text.

    VAHTI_KEY             the environment; whoever sets it keeps it. One that was typed is stretched (pipelines.home.typed)
    the keyring           of the operating system: `vahti key keyring` moves it there, and home.json then says so
    a key file            <configuration>/rekisterivahti/<id of the home>.key, mode 0600, made at first use: the
                          key lies apart from what it opens, so that a copy of the home alone opens nothing

They are asked in this order. The keyring is asked only where home.json says that it has the key, and not for ever: a
machine without one, or one whose keyring waits for a password that is never typed, goes on to the key file.
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

if TYPE_CHECKING:
    from pipelines.home.store import Home

ENVIRONMENT, KEYRING, FILE = "VAHTI_KEY", "keyring", "file"
NEW_KEY = "VAHTI_NEW_KEY"
SERVICE = "rekisterivahti"
# Long enough to type the keyring's own password into its window; then the machine counts as one without.
KEYRING_WAIT_SECONDS = 30
# Called with the path when a key file is made; the command line prints it, a notebook does not.
on_new_key_file: Callable[[Path], None] = lambda path: None  # noqa: E731
# Called when a typed key opens a home as it was typed, as all did before there was a salt.
on_plain_key: Callable[[], None] = lambda: None  # noqa: E731
# Of this process, by id of the home: keys that the keyring gave, and homes that it did not answer for.
_seen: dict[str, str] = {}
_silent: set[str] = set()


def key(home: Home) -> str:
    """The key of the home's databases; made where there is neither key nor database. HomeError where it is gone, or where
    a new home would be given one that is easily guessed."""
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
    """As it opens the home: a random one as it is, a typed one stretched, if the home is not older than that."""
    if not home.workbench.exists():
        typed.demand_strength(given, ENVIRONMENT)
    elif is_plain(home):
        on_plain_key()
        return given
    return typed.opener(given, salt(home))


def is_plain(home: Home) -> bool:
    """Whether a typed key opens the home as it was typed: it was made before keys were stretched."""
    given = os.environ.get(ENVIRONMENT)
    return given is not None and given != "" and not salt(home) and not typed.is_random(given)


def salt(home: Home) -> str:
    """That of typed keys; '' of a home from before there was one."""
    return str(_note(home).get("salt", ""))


def new_salt() -> str:
    """For another home, or another key."""
    return secrets.token_hex(16)


def _from_keyring(home: Home) -> str | None:
    """The key, remembered; that there was no answer is remembered too, for a process that goes on with the key file."""
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
    """Where the key comes from just now: VAHTI_KEY, keyring or file."""
    if os.environ.get(ENVIRONMENT):
        return ENVIRONMENT
    return KEYRING if kept(home) == KEYRING and (home.id in _seen or _from_keyring(home)) else FILE


def forget(home: Home) -> bool:
    """The keyring is asked anew next time; whether a key was remembered."""
    _silent.discard(home.id)
    return _seen.pop(home.id, None) is not None


def key_file(home: Home) -> Path:
    """Where the key is kept by default: in the user's configuration, apart from what it opens."""
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return config / "rekisterivahti" / f"{home.id}.key"


def close_to_others(path: Path) -> None:
    """Takes from group and others whatever they may do with a file or folder; OSError where it is not one's own."""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(path.stat().st_mode & 0o700)


def make_file(home: Home, text: str, suffix: str = "") -> Path:
    """The key in a file that only its owner reads."""
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
    """Notes in home.json where the `key` is, or the `salt` of a typed one."""
    note = home.path / "home.json"
    settings = json.loads(note.read_text("utf-8"))
    atomic.write(note, json.dumps(settings | facts) + "\n")


def move_to_keyring(home: Home) -> None:
    """The key, or a new home's first one, into the keyring and out of the file. HomeError where there is no keyring.

    In this order, a death at any point leaves the key in one place that is asked, or in both.
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
    """The key out of the keyring into the key file; returns its path."""
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
    """A key into the keyring, read back; HomeError where that fails."""
    if ask_keyring(name, put=text) != text:
        problem = "the operating system's keyring does not take the key"
        raise HomeError(problem, file=home.path, remedy="unlock it, or keep the key file or VAHTI_KEY")


def ask_keyring(name: str, put: str | None = None, delete: bool = False) -> str | None:
    """What the keyring has under a name, after putting or deleting it; None where it has nothing, is not there, or does
    not answer in time: it may wait for a person, and there may be none."""
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


# Another key: the new one lies beside the old until the databases are exchanged (pipelines.home.rotation)


def prepare_new(home: Home, salt: str) -> tuple[str, str]:
    """(new key, where it is kept) for a rotation: VAHTI_NEW_KEY where VAHTI_KEY opens the home, else one made now."""
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
    """VAHTI_NEW_KEY. The old key may stay where from now on it is stretched."""
    if not given or (given == os.environ[ENVIRONMENT] and not is_plain(home)):
        problem = f"{NEW_KEY} is {'the old key' if given else 'not set'}"
        raise HomeError(
            problem, file=home.path, remedy=f"set {NEW_KEY} to the new key; afterwards set {ENVIRONMENT} to it"
        )
    typed.demand_strength(given, NEW_KEY)
    return given


def promote_new(home: Home, place: str) -> None:
    """The new key in the old one's place. Can be repeated; HomeError where neither is there any more."""
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
