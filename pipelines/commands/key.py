"""`vahti key`: where the key of a home's databases is kept, and giving the home another one. No key is ever printed."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import typer

from pipelines.commands.options import HOME, HomeFolder
from pipelines.commands.spoken import Typer, _, ngettext
from pipelines.language.languages import N_

key_app = Typer(help="Say where the key of the home is kept, move it, or make another.", no_args_is_help=True)

HELD = {
    "VAHTI_KEY": N_("the environment variable VAHTI_KEY"),
    "keyring": N_("the operating system's keyring"),
    "file": N_("a key file"),
}


def tell_of_key_file(path: Path) -> None:
    """Printed once, when a key file is created."""
    said = _(
        "Note: the key of the databases was made and is kept in %(file)s, for its owner only. Back it up, apart from the home."
    )
    better = _("Better: `vahti key keyring` keeps it in the operating system's keyring, or set VAHTI_KEY yourself.")
    print(said % {"file": path}, f"  {better}", sep="\n", file=sys.stderr)


@cache
def tell_of_plain_key() -> None:
    """Printed once per command, until the key is replaced."""
    said = _(
        "Note: the key in VAHTI_KEY opens this home as it is typed: it was made by a version that did not stretch typed keys."
    )
    better = _("Better: set VAHTI_NEW_KEY to a new one, or to the same, and call `vahti key rotate`.")
    print(said, f"  {better}", sep="\n", file=sys.stderr)


@key_app.command()
def status(home: HomeFolder = HOME) -> None:
    """Say where the key comes from, and whether it opens the home."""
    from pipelines.home import keys, store

    opened = store.open_existing(home)
    place = keys.source(opened)
    held = _(HELD[place]) + (f", {keys.key_file(opened)}" if place == keys.FILE else "")
    has_one = store.periods(opened) or opened.workbench.exists()
    print(
        _("The key comes from: %(where)s.") % {"where": held},
        _("It opens the home.") if has_one else _("There is no database yet."),
    )


@key_app.command()
def keyring(home: HomeFolder = HOME) -> None:
    """Move the key from the key file to the operating system's keyring; of a new home, make it there."""
    from pipelines.home import keys, store

    opened = store.open_home(home)
    with store.locked(opened):
        keys.move_to_keyring(opened)
    print(
        _("The key is in the operating system's keyring. Back it up from there: without it the home cannot be opened.")
    )


@key_app.command()
def file(home: HomeFolder = HOME) -> None:
    """Move the key from the keyring back to a key file."""
    from pipelines.home import keys, store

    opened = store.open_existing(home)
    with store.locked(opened):
        path = keys.move_to_file(opened)
    print(_("The key is in %(file)s, for its owner only.") % {"file": path})


@key_app.command()
def rotate(home: HomeFolder = HOME) -> None:
    """Encrypt every database anew with another key: a new one, or that of VAHTI_NEW_KEY where VAHTI_KEY is set.

    A key that was typed has at least 16 characters, and is stretched; 64 random hexadecimal digits are used as they are.
    """
    from pipelines.home import rotation, store

    number, place = rotation.rotate(store.open_existing(home))
    said = ngettext(
        "%(n)s database has a new key, kept in: %(where)s. Backups made before need the old one.",
        "%(n)s databases have a new key, kept in: %(where)s. Backups made before need the old one.",
        number,
    )
    print(said % {"where": _(HELD[place])})
    if place == "VAHTI_KEY":
        print(_("Set VAHTI_KEY to what VAHTI_NEW_KEY holds."))


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(key_app, name="key")
