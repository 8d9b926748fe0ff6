"""`vahti key`: where the key of a home's databases is kept, and giving the home another one. No key is ever printed."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import typer

from pipelines.commands.options import HOME, HomeFolder

key_app = typer.Typer(help="Say where the key of the home is kept, move it, or make another.", no_args_is_help=True)

HELD = {
    "VAHTI_KEY": "the environment variable VAHTI_KEY",
    "keyring": "the operating system's keyring",
    "file": "a key file",
}


def tell_of_key_file(path: Path) -> None:
    """Printed once, when a key file is created."""
    print(
        f"Note: the key of the databases was made and is kept in {path}, for its owner only."
        " Back it up, apart from the home.",
        file=sys.stderr,
    )
    print(
        "  Better: `vahti key keyring` keeps it in the operating system's keyring, or set VAHTI_KEY yourself.",
        file=sys.stderr,
    )


@cache
def tell_of_plain_key() -> None:
    """Printed once per command, until the key is replaced."""
    print(
        "Note: the key in VAHTI_KEY opens this home as it is typed: it was made by a version that did not stretch typed keys.\n"
        "  Better: set VAHTI_NEW_KEY to a new one, or to the same, and call `vahti key rotate`.",
        file=sys.stderr,
    )


@key_app.command()
def status(home: HomeFolder = HOME) -> None:
    """Say where the key comes from, and whether it opens the home."""
    from pipelines.home import keys, store

    opened = store.open_existing(home)
    place = keys.source(opened)
    held = f"a key file, {keys.key_file(opened)}" if place == keys.FILE else HELD[place]
    count = len(store.periods(opened))
    print(
        f"The key comes from {held}."
        + (" It opens the home." if count or opened.workbench.exists() else " There is no database yet.")
    )


@key_app.command()
def keyring(home: HomeFolder = HOME) -> None:
    """Move the key from the key file to the operating system's keyring; of a new home, make it there."""
    from pipelines.home import keys, store

    opened = store.open_home(home)
    with store.locked(opened):
        keys.move_to_keyring(opened)
    print("The key is in the operating system's keyring. Back it up from there: without it the home cannot be opened.")


@key_app.command()
def file(home: HomeFolder = HOME) -> None:
    """Move the key from the keyring back to a key file."""
    from pipelines.home import keys, store

    opened = store.open_existing(home)
    with store.locked(opened):
        path = keys.move_to_file(opened)
    print(f"The key is in {path}, for its owner only.")


@key_app.command()
def rotate(home: HomeFolder = HOME) -> None:
    """Encrypt every database anew with another key: a new one, or that of VAHTI_NEW_KEY where VAHTI_KEY is set.

    A key that was typed has at least 16 characters, and is stretched; 64 random hexadecimal digits are used as they are.
    """
    from pipelines.home import rotation, store

    number, place = rotation.rotate(store.open_existing(home))
    print(f"{number} databases have a new key, kept in {HELD[place]}. Backups made before need the old one.")
    if place == "VAHTI_KEY":
        print("Set VAHTI_KEY to what VAHTI_NEW_KEY holds.")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(key_app, name="key")
