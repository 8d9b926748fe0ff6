"""The layering: who may import, open and write what; no Python knows this controller; the SQL is no engine's own."""

from __future__ import annotations

import ast
import datetime as dt
import re
from functools import cache
from pathlib import Path

import jinja2
import pytest
import sqlglot
import worlds
from jinja2 import meta
from worlds import EXPECTATIONS, PERIOD, ROOT, expectations

from pipelines import sql
from pipelines.expectations.contract import Contract

PIPELINES = ROOT / "pipelines"
MODULES = {
    path.relative_to(PIPELINES).as_posix(): path
    for path in sorted(PIPELINES.rglob("*.py"))
    if "samples" not in path.relative_to(PIPELINES).parts
}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text("utf-8"))


def imported(name: str) -> set[str]:
    """Top-level packages that a module imports, at its head or later."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


def called(name: str) -> set[str]:
    """What a module calls, as `name` or `value.name`."""
    calls = (node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call))
    return {ast.unparse(call) if isinstance(call, (ast.Name, ast.Attribute)) else "" for call in calls}


# Who may do what


def test_only_the_checkpoint_room_imports_great_expectations():
    users = {name for name in MODULES if "great_expectations" in imported(name)}
    assert users
    assert {Path(name).parts[0] for name in users} == {"second_opinion"}


def test_only_one_module_opens_duckdb():
    assert {name for name in MODULES if "duckdb.connect" in called(name)} == {"home/connections.py"}


WRITERS = {
    "outputs.py": "what leaves the workbench",
    "home/atomic.py": "the home's own notes and the key file",
    "landing/reading.py": "into the pipe to the process that waits for it",
    "landing/lines.py": "exports in memory on their way to DuckDB, or in the home's tmp",
    "person/log.py": "the audit log of the home",
    "report/pdf.py": "a temporary folder for the typesetter",
    "second_opinion/apart.py": "into the pipe to the process that waits for it",
    "job/profiling.py": "to the kernel, that it count the memory of the process anew",
    "registry/functions.py": "the extraction by hand of numbering plans, never by the product",
}
WRITING = re.compile(
    r"(^|\.)(write_text|write_bytes|fdopen|to_csv|to_excel|to_parquet|savefig|copyfile|copytree|mkstemp)$"
)


def writes(name: str) -> bool:
    calls = {call for call in called(name) if not call.startswith("outputs.")}
    if any(WRITING.search(call) for call in calls):
        return True
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("open"):
            words = {
                part.value
                for part in (*node.args, *(keyword.value for keyword in node.keywords))
                if isinstance(part, ast.Constant)
            }
            if words & {"w", "wb", "a", "ab", "x", "xb", "r+", "r+b"}:
                return True
    return False


def test_only_outputs_writes_files_that_leave_the_workbench():
    assert {name for name in MODULES if writes(name)} == set(WRITERS)


def test_the_command_line_is_imported_by_nobody_but_the_page_about_it():
    for name in MODULES.keys() - {"commands/reference.py"}:
        modules = {node.module for node in ast.walk(tree(name)) if isinstance(node, ast.ImportFrom)}
        names = {
            alias.name
            for node in ast.walk(tree(name))
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        assert "pipelines.commands.main" not in modules | names, name


STAGES = [
    "landing/lines.py",
    "landing/land.py",
    "registry/build.py",
    "rules/retention.py",
    "rules/findings.py",
    "outputs.py",
]


@pytest.mark.parametrize("stage", STAGES)
def test_data_moves_forward_only(stage):
    """A stage imports earlier ones, never a later one nor what puts them together."""
    later = {name.removesuffix(".py") for name in STAGES[STAGES.index(stage) + 1 :]} | {
        "job",
        "desk",
        "report",
        "ledger",
    }
    names = set()
    for node in ast.walk(tree(stage)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipelines"):
            room = (node.module or "").removeprefix("pipelines").strip(".").replace(".", "/")
            names |= {room, room.split("/")[0], *(f"{room}/{alias.name}".lstrip("/") for alias in node.names)}
    assert not names & later


NO_CLOCK = {
    "date.today",
    "dt.date.today",
    "datetime.now",
    "dt.datetime.now",
    "datetime.utcnow",
    "dt.datetime.utcnow",
    "time.time",
}
# What a person did, and when, is told by the clock; what is found is not.
CLOCKS = {"person/log.py": "when somebody looked at personal data"}


def test_nothing_that_finds_reads_the_clock():
    stages = [
        "landing/land.py",
        "landing/lines.py",
        "landing/sheets.py",
        "registry/build.py",
        "rules/retention.py",
        "rules/findings.py",
        "expectations/rule.py",
        "job/run.py",
        "outputs.py",
        "report/page.py",
    ]
    assert {name: called(name) & NO_CLOCK for name in stages if called(name) & NO_CLOCK} == {}


# Any other controller gets by with other expectations

# Words that contracts use and that mean something else here: columns of findings and of legal holds, words of the
# schedule, of ODCS, of systems, of the ledger and of a letterhead.
GENERAL = {
    "name",
    "system",
    "dataset",
    "status",
    "category",
    "kind",
    "role",
    "text",
    "description",
    "purpose",
    "fields",
    "service",
    "customer_number",
    "due_on",
    "reason",
    "method",
    "channel",
    "organisation",
    "email",
    "phone",
    "operator",
    "month",
    "amount",
    "processors",
    "requests",
    "connections",
    "agreements",
    "access",
    "reference",
    "city",
    "address",
    "notes",
    "holds",
    "reading",
    "received_on",
    "answered_on",
    "invoices",
    "customers",
    "claims",
    "messages",
    "accounts",
    "companies",
    "rights",
    "paper",
    "disclosures",
    "ledger",
    "recipient",
    "supplier",
    "company",
    "extended",
    "binder",
    "consents",
    "consumption",
    "financial_year_end",
    "resolved_on",
    "request_number",
    "business_id",
}
# What the code should not know and does, with the reason.
KNOWN: dict[str, set[str]] = {}


def names_of(contracts: tuple[Contract, ...]) -> set[str]:
    """Files, datasets, headers and columns."""
    names = {contract.file for contract in contracts} | {contract.dataset for contract in contracts}
    for contract in contracts:
        names |= {column.name for column in contract.columns} | {column.header for column in contract.columns}
    return names - GENERAL


def constants(name: str) -> set[str]:
    """The string constants of a module, but for docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(name))
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    }


def test_no_name_of_this_controllers_contracts_is_in_the_code():
    names = names_of(expectations().contracts)
    assert len(names) > 150
    found = {}
    for module in MODULES:
        words = {
            word for text in constants(module) for word in {text, *re.findall(r"\w+_\w+|\w+\.csv|\w+\.xlsx", text)}
        }
        if words & names:
            found[module] = words & names
    assert found == KNOWN


def test_no_name_of_this_controllers_contracts_is_in_the_stages_sql():
    names = {name for name in names_of(expectations().contracts) if "_" in name or not name.isascii()}
    found = {}
    for path in sorted(PIPELINES.rglob("*.sql")):
        words = set(
            re.findall(
                r"\w+",
                re.sub(r"--[^\n]*|/\*.*?\*/|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text("utf-8"), flags=re.DOTALL),
            )
        )
        if words & names:
            found[path.name] = words & names
    assert found == {}


# The same SQL on Spark

FOR_EACH_ENGINE = {
    "registry/functions.sql": "functions of our own, defined once per engine",
    "registry/macros.sql": "functions of our own, defined once per engine",
    "landing/schema.sql": "functions of our own, defined once per engine",
    "person/macros.sql": "functions of our own, defined once per engine",
    "person/linkage_macros.sql": "functions of our own, defined once per engine",
}


class Sample:
    """Stands for any value that a template wants: a name, a list of two, a mapping, something true, no join."""

    def __getattr__(self, name):
        return "" if "join" in name else Sample()

    def __getitem__(self, key):
        return Sample()

    def __call__(self, *arguments):
        return Sample()

    def __iter__(self):
        return iter((Sample(), Sample()))

    def __len__(self):
        return 2

    def __str__(self):
        return "sample"


def filled_in(name: str) -> str:
    """A template with samples for all that it wants."""
    template = sql._environment().get_template(name)
    wanted = meta.find_undeclared_variables(template.environment.parse(sql.read(name)))
    return template.render({variable: Sample() for variable in wanted})


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> dict[str, set[str]]:
    """What the templates became in a run over a small world, and what each other file is as it stands."""
    texts: dict[str, set[str]] = {}
    render = jinja2.Template.render

    def note(template, *arguments, **values):
        text = render(template, *arguments, **values)
        texts.setdefault(template.name, set()).add(text)
        return text

    folder = tmp_path_factory.mktemp("spark")
    worlds.write(folder / PERIOD, **{name: f"{dataset.key}\nX1" for name, dataset in worlds.DATASETS.items()})
    worlds.write(folder / PERIOD, holds="hold_id | customer_number\nP1 | A1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Template, "render", note)
        with worlds.light():
            worlds.run.run(folder / "home", folder, EXPECTATIONS)
    return {name: found for name, found in texts.items() if name and name.endswith(".sql")}


STAGE_FILES = sorted(
    path.relative_to(PIPELINES).as_posix().replace("/sql/", "/", 1) for path in PIPELINES.rglob("*.sql")
)
RULE_FILES = sorted(path.relative_to(EXPECTATIONS).as_posix() for path in EXPECTATIONS.rglob("*.sql"))


def to_spark(text: str) -> list[str]:
    """Every statement in Spark's SQL; raises where sqlglot knows no way."""
    text = re.sub(r"\$(\w+)", "'2026-06-30'", text)
    return sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_rule_and_relation_translates_to_spark(name):
    text = (EXPECTATIONS / name).read_text("utf-8")
    (statement,) = [one for one in to_spark(text) if one]
    assert re.match(r"(/\*.*?\*/\s*)*(WITH|SELECT)\b", statement, re.DOTALL)


def test_every_file_of_the_stages_translates_to_spark(rendered):
    failed = {}
    for name in STAGE_FILES:
        if name in FOR_EACH_ENGINE:
            continue
        try:
            assert all(to_spark(text) for text in rendered.get(name) or {filled_in(name)})
        except (sqlglot.errors.SqlglotError, jinja2.TemplateError) as error:
            failed[name] = str(error).splitlines()[0]
    assert failed == {}


def test_no_sql_file_holds_a_day_of_today():
    """Every as-of date is a parameter."""
    for path in [*PIPELINES.rglob("*.sql"), *EXPECTATIONS.rglob("*.sql")]:
        select = re.sub(r"/\*.*?\*/|--[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not [
            day for day in re.findall(r"\d{4}-\d{2}-\d{2}", select) if dt.date.fromisoformat(day).year > 2000
        ], path


# How code is laid out


def test_the_formatter_lays_out_all_but_tables():
    """Constants of a module and what tests are parametrized with may have their columns one below another."""
    aside = {}
    for path in [*PIPELINES.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        text = path.read_text("utf-8")
        skipped = {number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# fmt: skip")}
        if skipped:
            aside[path.name] = skipped - {node.end_lineno for node in tables(ast.parse(text))}
    assert {name: lines for name, lines in aside.items() if lines} == {} and aside


def tables(module: ast.Module) -> list[ast.AST]:
    """The literals that a module's constants are, and the decorators of its functions."""
    literals = (ast.Dict, ast.List, ast.Tuple, ast.Set)
    constants = [
        node
        for node in module.body
        if isinstance(getattr(node, "value", None), literals) and not isinstance(node, ast.Expr)
    ]
    return [*constants, *(one for node in ast.walk(module) for one in getattr(node, "decorator_list", ()))]
