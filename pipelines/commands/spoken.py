"""The language that a command speaks: that of `--lang`, or the controller's whose home or expectations are meant, or English.

Every command has the option: `Typer` gives it to those that have none of their own. What options take (names of rules, datasets, states)
and what programs read (CSV, JSON, paths, exit codes) is the same in every language.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from pipelines.commands.options import LANGUAGES, one_of

if TYPE_CHECKING:
    from pipelines.errors import VahtiError
    from pipelines.language.languages import Language

HELP = "en, fi or sv; the controller's own if not given."
KEPT = "rekisterivahti.lang"
# The command at work.
_at_work: list[typer.Context] = []


def _chosen(context: typer.Context, parameter: typer.CallbackParam, value: str | None) -> str | None:
    context.meta[KEPT] = None if value is None else one_of(LANGUAGES)(value)
    return value


def _with_language(parameters: list[Any]) -> list[Any]:
    if any("--lang" in parameter.opts for parameter in parameters):
        return parameters
    option = TyperOption(
        param_decls=["--lang"], type=str, help=HELP, metavar="LANGUAGE", expose_value=False, callback=_chosen
    )
    return [*parameters, option]


class _Command(TyperCommand):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.params = _with_language(self.params)

    def invoke(self, ctx: Any) -> Any:
        _at_work[:] = [ctx]
        return super().invoke(ctx)


class _Group(TyperGroup):
    """A group that does something without a command after it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if self.invoke_without_command:
            self.params = _with_language(self.params)

    def invoke(self, ctx: Any) -> Any:
        _at_work[:] = [ctx]
        return super().invoke(ctx)


class Typer(typer.Typer):
    """Typer, whose commands have `--lang`."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{"cls": _Group} | named)

    def command(self, *given: Any, **named: Any) -> Callable[..., Any]:
        """A command with `--lang`."""
        return super().command(*given, **{"cls": _Command} | named)


def speech() -> Language:
    """The language of the command at work."""
    from pipelines.language.languages import language

    if not _at_work:
        return language("en")
    context = _at_work[0]
    folder = _expectations(context.params)
    return language(context.params.get("lang") or context.meta.get(KEPT) or _of_the_controller(folder), folder)


def _expectations(named: dict[str, Any]) -> Path | None:
    from pipelines.job import remembered

    if named.get("expectations"):  # as it was typed, where no callback made a path of it
        return Path(named["expectations"])
    return remembered.folder("expectations", Path(named["home"])) if named.get("home") else None


@cache
def _of_the_controller(folder: Path | None) -> str:
    """English where no controller is meant, or its file cannot be read: what is wrong with it, the command itself says."""
    from pipelines.errors import VahtiError
    from pipelines.expectations.controller import load_controller

    try:
        return load_controller(folder / "controller.yaml").language if folder else "en"
    except (VahtiError, OSError):
        return "en"


def fault(error: VahtiError) -> str:
    """The message of a fault as it is printed; in English where the catalogue does not have it."""
    problem, remedy = error.said(_)
    where = ", ".join(part for part in (error.file, error.place) if part)
    said = f"{where}: {problem}" if where else problem
    return "\n".join([said, *([_("  Remedy: %(remedy)s") % {"remedy": remedy}] if remedy else [])])


def _(text: str) -> str:
    """The text in the language of the command."""
    return speech().gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence for one, or that for several, in the language of the command, with the number as %(n)s put in."""
    return speech().ngettext(one, many, number).replace("%(n)s", speech().number(number))
