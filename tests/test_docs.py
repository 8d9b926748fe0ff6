"""What stands in documents and what holds for all code: commands described as they are, files linked that are there, one form."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import worlds

from pipelines.commands import reference
from pipelines.commands.main import app
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
    import typer

    for name, command in reference.commands(typer.main.get_command(app), ("vahti",)):
        assert command.help, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_links_is_there(page):
    links = {match[1] for match in LINK.finditer(page.read_text("utf-8"))}
    assert [link for link in sorted(links) if not (page.parent / link).exists()] == []


def test_every_rule_is_on_the_page_of_rules():
    text = (ROOT / "expectations" / "RULES.md").read_text("utf-8")
    assert [rule.id for rule in load(worlds.EXPECTATIONS).rules if rule.id not in text] == []


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


def test_every_key_of_access_is_on_the_page_of_expectations():
    page = (ROOT / "expectations" / "README.md").read_text("utf-8")
    assert [key for key in Access.__dataclass_fields__ if f"`{key}`" not in page] == []
