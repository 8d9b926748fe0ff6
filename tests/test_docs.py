"""What stands in documents and what holds for all code: commands described as they are, files linked that are there, one form."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import little
import pytest
import typer
import worlds
import yaml
from benchmarks.table import MARKS
from conftest import LONGEST

from pipelines.commands import reference
from pipelines.commands.main import app
from pipelines.expectations import acceptance, contract, contract_document, controller, dates, notice, rule, schedule
from pipelines.expectations.load import load
from pipelines.person.settings import Access

ROOT = worlds.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "expectations").glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?://|#)([^)#]+)(#[^)]*)?\)")


@pytest.mark.parametrize("words", (["check", "."], ["format", "--check", "."]), ids=" ".join)
def test_the_code_has_one_form(words):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *words, "--quiet"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), "run `ruff check --fix .` and `ruff format .`"


def test_types_hold():
    """In its own cache: the second time takes a second."""
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_of_commands_is_what_the_commands_say():
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == reference.page(), "run `make docs`"


def test_every_command_says_what_it_does():
    for name, command in reference.commands(typer.main.get_command(app), ("vahti",)):
        assert command.help, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_links_is_there(page):
    links = {match[1] for match in LINK.finditer(page.read_text("utf-8"))}
    assert [link for link in sorted(links) if not (page.parent / link).exists()] == []


def test_the_page_of_rules_is_what_the_rules_say(monkeypatch, capsys):
    code, out, _ = little.command(monkeypatch, capsys, "rules", "--markdown", "--expectations", worlds.EXPECTATIONS)
    assert (code, out) == (0, (ROOT / "expectations" / "RULES.md").read_text("utf-8")), "run `vahti rules --markdown`"
    assert [rule.id for rule in load(worlds.EXPECTATIONS).rules if rule.id not in out] == []


def test_the_readmes_figures_are_those_of_the_page_of_benchmarks():
    """Both are written by one run of the benchmarks."""
    readme, page = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/benchmarks.md"))
    figures = [line for line in readme.partition(MARKS[0])[2].partition(MARKS[1])[0].splitlines() if line[:1] == "|"]
    assert len(figures) > 5 and [line for line in figures if line not in page.splitlines()] == []


def test_every_room_is_in_the_architecture():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {path.parent.name for path in (ROOT / "pipelines").glob("*/__init__.py")}
    assert [name for name in sorted(rooms) if f"| `{name}` |" not in text] == []


def test_every_target_of_make_is_in_a_document():
    targets = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"))
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name in targets if f"make {name}" not in text] == []


def test_modules_that_documents_name_are_there():
    found = set()
    for page in PAGES:
        found |= {
            (page.name, name)
            for name in re.findall(r"`((?:pipelines|tests|docs|expectations)/[\w./-]+\.\w+)`", page.read_text("utf-8"))
            if not (ROOT / name).exists()
        }
    assert found == set()


# Every setting, command and name


def section(page: str, heading: str) -> str:
    """What stands under a heading of a page, up to the next of its kind."""
    text = (ROOT / page).read_text("utf-8").split(f"\n## {heading}\n")[1]
    return text.partition("\n## ")[0]


LAYOUT = section("expectations/README.md", "How a file is laid out")
HOLDS = section("expectations/README.md", "Legal holds")
SETTINGS = {
    "controller.yaml": (controller.KNOWN | {"periods_kept", "longest", "second_name", *acceptance.SEVERITIES}, ""),
    "retention.yaml": (schedule.TOP_KEYS | schedule.CLASS_KEYS | schedule.SUBJECT_KEYS | {*schedule.OFFSETS}, ""),
    "notice.yaml": (
        {"says", "statements", "systems", "purposes", "categories", "values", "by", "given", "until", "note"}
        | notice.STATEMENT_KEYS | notice.EVIDENCE_KEYS | notice.VALUE_KEYS | notice.FACT_KEYS.keys()
        | {key for keys in notice.FACT_KEYS.values() for key in keys or ()},
        "",
    ),
    "Contracts": (contract_document.OPTIONS["contract"] | contract_document.OPTIONS["column"] | {*contract.HOLD_SAYS}, LAYOUT + HOLDS),
    "Rules": ({*rule.KNOWN}, ""),
}  # fmt: skip


@pytest.mark.parametrize("file", SETTINGS)
def test_every_setting_is_on_its_page(file):
    names, more = SETTINGS[file]
    text = section("docs/settings.md", file) + more
    assert [name for name in sorted(names) if not re.search(rf"`{re.escape(name)}[`:]", text)] == []


@pytest.mark.parametrize("file", SETTINGS)
def test_no_setting_is_on_the_page_that_there_is_not(file):
    """In tables, whose first cells name keys."""
    named = re.findall(r"(?m)^\| `(\w+)` \|", section("docs/settings.md", file))
    assert [name for name in named if name not in SETTINGS[file][0]] == []


def test_every_key_of_access_is_on_the_page_of_expectations():
    text = section("expectations/README.md", "What an answer to a data subject needs")
    assert [key for key in Access.__dataclass_fields__ if f"`{key}`" not in text] == []


def test_every_form_of_values_and_of_days_is_on_the_page_of_expectations():
    forms = section("expectations/README.md", "Forms of values") + section("expectations/README.md", "Days and times")
    wanted = [*contract.FORMATS, "d.M.yyyy", "dd/MM/yyyy", "M/d/yyyy", "yyyy-MM-dd", "yyyy-MM", *dates.FIELDS]
    assert [form for form in wanted if f"`{form}`" not in forms] == []


def test_every_variable_of_the_environment_is_in_a_document():
    text = "".join(path.read_text("utf-8") for path in sorted((ROOT / "pipelines").rglob("*.py")))
    own = {"VAHTI_LAB"}  # what a lab tells its own server
    named = set(re.findall(r"\bVAHTI_[A-Z_]+\b", text)) - own
    assert sorted(named - set(re.findall(r"\bVAHTI_[A-Z_]+\b", section("docs/settings.md", "Environment")))) == []
    assert len(named) > 5


def test_every_command_is_in_a_document_that_somebody_wrote():
    """The page of commands is made from the commands themselves: it does not say what one is for."""
    text = "".join(page.read_text("utf-8") for page in PAGES if page.name not in ("commands.md", "CHANGELOG.md"))
    names = [name for name, command in reference.commands(typer.main.get_command(app), ("vahti",))]
    assert [name for name in names if name != "vahti" and not re.search(rf"{name}\b", text)] == []


def test_every_name_that_a_room_lets_out_says_what_it_is():
    """`__all__` of every room; and what a notebook begins with is in the README or in a notebook's first lines."""
    bare = []
    for path in sorted((ROOT / "pipelines").glob("*/__init__.py")):
        room = importlib.import_module(f"pipelines.{path.parent.name}")
        assert room.__doc__, path
        for name in getattr(room, "__all__", ()):
            found = getattr(room, name)
            if callable(found) and not found.__doc__:
                bare.append(f"{room.__name__}.{name}")
    assert bare == []


def test_methods_of_the_workbench_say_what_comes_out():
    from pipelines.desk.workbench import Workbench

    names = [name for name in dir(Workbench) if not name.startswith("_")]
    assert len(names) > 40 and [name for name in names if not getattr(Workbench, name).__doc__] == []


def test_hooks_before_a_commit_are_local():
    """Nothing is downloaded, and what they run is what `make lint` runs."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    entries = {hook["entry"].removeprefix(".venv/bin/") for hook in hooks[0]["hooks"]}
    assert {hook["language"] for hook in hooks[0]["hooks"]} == {"system"}
    lint = (ROOT / "Makefile").read_text("utf-8").split("\nlint:")[1].partition("\n\n")[0]
    assert entries == {words.removesuffix(" .") for words in re.findall(r"\$\(BIN\)/(.*)", lint)}


def test_modules_that_go_first_are_there():
    """`LONGEST` orders the suite; a name that is none would order nothing."""
    assert [name for name in LONGEST if not (ROOT / "tests" / f"{name}.py").exists()] == []
    assert len(set(LONGEST)) == len(LONGEST)
