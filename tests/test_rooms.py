"""The order of rooms: imports point downwards, from commands to the ground. docs/architecture.md says what each room is for."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

PIPELINES = Path(__file__).parents[1] / "pipelines"
# From the ground up. A room imports only rooms before it; what lies flat in pipelines/ is the ground.
ORDER = (
    "ground",
    "samples",
    "language",
    "home",
    "expectations",
    "landing",
    "registry",
    "rules",
    "second_opinion",
    "ledger",
    "notice",
    "record",
    "person",
    "report",
    "job",
    "desk",
    "commands",
)
# Upward imports that still stand. There are none, and none is to be added.
KNOWN: set[tuple[str, str]] = set()


def name_of(path: Path) -> str:
    """`rules.findings` for pipelines/rules/findings.py, `rules` for its __init__."""
    return (
        ".".join(path.relative_to(PIPELINES).with_suffix("").parts).removesuffix(".__init__").removesuffix("__init__")
    )


MODULES = {
    name_of(path): path
    for path in sorted(PIPELINES.rglob("*.py"))
    if path.parent != PIPELINES or path.stem != "__init__"
}


def room(module: str) -> str:
    """The room that a module lies in."""
    return module.split(".")[0] if MODULES[module].parent != PIPELINES else "ground"


@cache
def imports(module: str) -> frozenset[str]:
    """Modules of the product that a module imports, at its head or in a function."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pipelines":
            base = node.module.removeprefix("pipelines").lstrip(".")
            names = [
                f"{base}.{alias.name}".lstrip(".") if f"{base}.{alias.name}".lstrip(".") in MODULES else base
                for alias in node.names
            ]
        elif isinstance(node, ast.Import):
            names = [
                alias.name.removeprefix("pipelines.") for alias in node.names if alias.name.startswith("pipelines.")
            ]
        found |= {name for name in names if name in MODULES}
    return frozenset(found - {module})


def test_every_room_has_its_place_in_the_order():
    assert {room(module) for module in MODULES} == set(ORDER)


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_downwards(module):
    for other in sorted(imports(module)):
        if ORDER.index(room(other)) > ORDER.index(room(module)) and (module, other) not in KNOWN:
            pytest.fail(
                f"pipelines.{module} ({room(module)}) imports pipelines.{other} ({room(other)}), a room above it: move what it"
                f" needs to {room(module)} or below, or move {module} to {room(other)} or above. From the ground up: {', '.join(ORDER)}"
            )


def test_what_is_known_to_point_upwards_still_does():
    assert {(module, other) for module in MODULES for other in imports(module)} >= KNOWN


@pytest.mark.parametrize("name", ORDER[1:])
def test_every_room_says_what_it_is_for(name):
    assert ast.get_docstring(ast.parse((PIPELINES / name / "__init__.py").read_text("utf-8")))
