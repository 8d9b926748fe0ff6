"""docs/commands.md: every command, argument and option, as the command line describes them.

`python -m pipelines.commands.reference` prints the page; `make docs` writes it, and a test compares it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from pipelines.errors import FAULT, FINDINGS, INTERRUPTED, USAGE, VahtiError

HEAD = """# Commands
Made by `make docs` from the commands' own help; a test compares it. `vahti COMMAND --help` says the same in a terminal.
"""


def page() -> str:
    """The page as Markdown."""
    from pipelines.commands.main import app

    root = typer.main.get_command(app)
    parts = [HEAD, *(section(path, command) for path, command in commands(root, ("vahti",))), exit_codes()]
    return "\n".join(parts)


def commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """(name, command) of every command that does something, in the order of the help."""
    if not hasattr(command, "commands"):
        yield " ".join(path), command
        return
    if command.invoke_without_command:
        yield " ".join(path), command
    for name, each in command.commands.items():
        if not each.hidden:
            yield from commands(each, (*path, name))


def section(path: str, command: Any) -> str:
    """One command: what it does, then a row per argument and option."""
    shown = [
        parameter
        for parameter in command.params
        if parameter.name != "help" and not getattr(parameter, "hidden", False)
    ]
    text = f"## `{path}`\n{' '.join((command.help or '').split())}\n"
    if not shown:
        return text
    rows = (f"| {written(parameter)} | {explained(parameter)} |" for parameter in shown)
    return "\n".join((text, "| | |", "|---|---|", *rows, ""))


def written(parameter: Any) -> str:
    """How it is typed."""
    if parameter.param_type_name == "argument":
        return f"`{(parameter.metavar or parameter.name or '').upper()}`"
    value = "" if parameter.is_flag else f" {(parameter.metavar or parameter.type.name).upper().strip('<>')}"
    return ", ".join(f"`{name}{value}`" for name in parameter.opts)


def explained(parameter: Any) -> str:
    """What it means; what holds without it."""
    help_ = " ".join((getattr(parameter, "help", "") or "").split()).replace("|", "\\|")
    default = parameter.default
    plain = not callable(default) and default not in (None, False, (), [], "") and not parameter.required
    return f"{help_} Default: `{default}`." if plain else help_


def exit_codes() -> str:
    """Every exit code and what it means."""
    kinds: list[type[VahtiError]] = [VahtiError, *VahtiError.__subclasses__()]
    faults = sorted((fault.exit_code, " ".join((fault.__doc__ or "").partition("\n\n")[0].split())) for fault in kinds)
    rows = [
        (0, "Done; nothing to report."),
        *faults,
        (USAGE, "The command line cannot be read: the message says what to write."),
        (FINDINGS, "Findings of the severity of `--fail-on`, or worse, in the newest period."),
        (FAULT, "A fault of the program: the message names the line; please report it."),
        (INTERRUPTED, "Interrupted."),
    ]
    return "\n".join(
        (
            "## Exit codes",
            "| code | meaning |",
            "|---:|---|",
            *(f"| {code} | {text} |" for code, text in sorted(rows)),
            "",
        )
    )


if __name__ == "__main__":
    print(page(), end="")
