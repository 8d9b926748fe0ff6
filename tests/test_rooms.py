"""The order of rooms: imports point downwards, from commands to the ground, and never in a circle; they stand at the head of a
module, but for what would slow down the start. docs/architecture.md says what each room is for.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
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
    "init",
    "job",
    "desk",
    "commands",
)
# Libraries that take tens of milliseconds and more to import, each wanted by few commands: they may be imported in a function.
HEAVY = {
    "pyarrow": "only where an export is a Parquet file",
    "anywidget": "brings ipywidgets; only in a notebook where somebody sits",
    "babel": "only where something is put into a reader's language",
    "bs4": "only for the report as PDF",
    "charset_normalizer": "only for a file in no encoding that its contract names",
    "docx": "only for a letter to be edited",
    "filelock": "brings asyncio; only to write",
    "fpdf": "only for letters and the record of processing as PDF",
    "great_expectations": "takes seconds",
    "holidays": "only at a run",
    "icalendar": "only for the calendar",
    "itables": "only in a notebook",
    "jinja2": "only where SQL or a page is rendered",
    "jsonschema_rs": "only where contracts are read",
    "jupyter_client": "only to run notebooks",
    "keyring": "looks for the system's keyring as it is imported",
    "markupsafe": "comes with jinja2",
    "matplotlib": "only where pictures are drawn",
    "msoffcrypto": "only for drafts of worklists",
    "nbclient": "only to run notebooks",
    "nbformat": "brings jsonschema; only where a notebook is read",
    "packaging": "only for the doctor",
    "pandas": "only for tables; worklists are read without the desk",
    "phonenumbers": "its metadata of all countries",
    "rich": "only where something is printed as a table",
    "traitlets": "with anywidget",
    "splink": "only to link people's records",
    "typst": "only for the report as PDF",
    "xlsxwriter": "only where workbooks are written",
    "zxcvbn": "only where a key was typed",
}


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
def imports(module: str, types: bool = True) -> frozenset[str]:
    """Modules of the product that a module imports, at its head or in a function; without `types`, not those of which it
    only names a type, which are not imported when it runs."""
    found = set()
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    named = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    only_types = {id(node) for block in named for node in ast.walk(block)}
    for node in ast.walk(tree):
        names = []
        if not types and id(node) in only_types:
            continue
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
        if ORDER.index(room(other)) > ORDER.index(room(module)):
            pytest.fail(
                f"pipelines.{module} ({room(module)}) imports pipelines.{other} ({room(other)}), a room above it: move what it"
                f" needs to {room(module)} or below, or move {module} to {room(other)} or above. From the ground up: {', '.join(ORDER)}"
            )


def in_order(graph: dict[str, set[str]]) -> list[str]:
    """Each after what it imports; AssertionError names a circle."""
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"these import each other, in a circle: {' -> '.join(error.args[1])}")


def test_no_modules_import_each_other():
    assert set(in_order({module: set(imports(module, types=False)) for module in MODULES})) == set(MODULES)


def test_no_rooms_import_each_other(capsys):
    graph: dict[str, set[str]] = {name: set() for name in ORDER}
    for module in MODULES:
        graph[room(module)] |= {room(other) for other in imports(module)} - {room(module)}
    found = in_order(graph)
    with capsys.disabled():
        print("\nrooms, each after those it imports:", ", ".join(found))
    assert set(found) == set(ORDER)


@pytest.mark.parametrize("module", [module for module in MODULES if room(module) != "commands"])
def test_what_is_imported_in_a_function_says_why(module):
    """In `commands` every command imports what it needs, so that `vahti --help` is quick; elsewhere the reason stands beside it."""
    text = MODULES[module].read_text("utf-8")
    lines = text.splitlines()
    for function in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)):
        late = [node for node in ast.walk(function) if isinstance(node, (ast.Import, ast.ImportFrom))]
        explained = -1
        for node in late:
            name = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            above = lines[node.lineno - 2].strip()
            beside = any("#" in line for line in lines[node.lineno - 1 : node.end_lineno])
            follows = explained == node.lineno - 1
            if name.split(".")[0] in HEAVY or beside or above.startswith("#") or follows:
                explained = node.end_lineno
            else:
                pytest.fail(
                    f"{MODULES[module].relative_to(PIPELINES)}, line {node.lineno}: import {name} at the head of the module,"
                    " or say in a comment why it may wait; a heavy library belongs into HEAVY"
                )


@pytest.mark.parametrize("module", MODULES)
def test_a_room_renders_only_its_own_sql_and_that_of_rooms_below(module):
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("render", "sql.render") and node.args:
            first = node.args[0]
            template = first.values[0] if isinstance(first, ast.JoinedStr) else first
            if (
                isinstance(template, ast.Constant) and template.value != "rules/contract_rules/"
            ):  # values like domain rules
                owner = template.value.split("/")[0]
                assert ORDER.index(owner) <= ORDER.index(room(module)), f"{module} renders {template.value}"


@cache
def listed(name: str) -> tuple[set[str], set[str]]:
    """The modules that a room's docstring lists: those for other rooms, and those within the room."""
    text = ast.get_docstring(ast.parse((PIPELINES / name / "__init__.py").read_text("utf-8"))) or ""
    outside, _, inside = text.partition("Within the room:\n")
    if "For other rooms:\n" not in outside:
        outside, inside = "", inside or text
    found = [
        re.findall(r"(?m)^    ([a-z_]+)  +\S", part) for part in (outside.partition("For other rooms:\n")[2], inside)
    ]
    assert len(set(found[0] + found[1])) == len(found[0] + found[1])
    return set(found[0]), set(found[1])


@pytest.mark.parametrize("name", ORDER[1:])
def test_every_room_lists_its_modules(name):
    """So a stranger finds her way: what a room is for, what others may use of it, and what is its own business."""
    modules = {module.split(".")[1] for module in MODULES if room(module) == name and "." in module}
    assert set.union(*listed(name)) == modules


@pytest.mark.parametrize("module", MODULES)
def test_only_what_a_room_lets_out_is_imported_from_another(module):
    for other in sorted(imports(module)):
        if room(other) not in (room(module), "ground") and "." in other:
            assert other.split(".")[1] in listed(room(other))[0], (
                f"pipelines.{module} imports pipelines.{other}, which is the room's own: see pipelines/{room(other)}/__init__.py"
            )


# Sizes, as the formatter writes it

MOST_LINES_OF_A_MODULE = 300
MOST_LINES_OF_NINE_FUNCTIONS_IN_TEN = 25
# Longer modules that are being taken apart. This list may only get shorter.
LONG: set[str] = set()


@pytest.mark.parametrize("module", sorted(set(MODULES) - LONG))
def test_a_module_is_read_in_one_go(module):
    lines = len(MODULES[module].read_text("utf-8").splitlines())
    assert lines <= MOST_LINES_OF_A_MODULE, f"{module} has {lines} lines: take it apart by what it is about"


def test_functions_are_short():
    lengths = sorted(
        node.end_lineno - node.lineno + 1
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    assert lengths[int(len(lengths) * 0.9)] <= MOST_LINES_OF_NINE_FUNCTIONS_IN_TEN
