"""What the product is made of: the lock file, the bill of materials, the audit's verdict."""

from __future__ import annotations

import ast
import json
import re
from importlib import metadata

import pytest
from worlds import ROOT

from pipelines.job import sbom
from tests import audit

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def test_every_locked_package_has_a_sum_and_no_address():
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(sbom.locked(LOCK)) == len(entries) > 100
    assert all(sbom.locked(LOCK).values())
    assert "://" not in LOCK and "index-url" not in LOCK


def test_setup_takes_nothing_whose_sum_is_not_locked():
    setup = (ROOT / "Makefile").read_text("utf-8")
    (line,) = [line for line in setup.splitlines() if "-r requirements.lock" in line]
    assert "--require-hashes" in line and "--no-deps" in line


@pytest.fixture(scope="module")
def document() -> dict:
    return json.loads(sbom.of_installed())


def test_the_bill_has_what_cyclonedx_requires(document):
    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    own = document["metadata"]["component"]
    assert (own["type"], own["name"]) == ("application", "rekisterivahti")
    for each in document["components"]:
        assert each["type"] == "library" and each["version"] == metadata.version(each["name"])
        assert each["purl"] == each["bom-ref"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert all(found["alg"] == "SHA-256" and len(found["content"]) == 64 for found in each.get("hashes", ()))
    refs = [own["bom-ref"], *(each["bom-ref"] for each in document["components"])]
    assert len(refs) == len(set(refs))
    assert {each["ref"] for each in document["dependencies"]} == set(refs)
    assert {other for each in document["dependencies"] for other in each["dependsOn"]} <= set(refs)


def test_the_bill_names_what_runs_and_not_what_tests(document):
    names = {each["name"] for each in document["components"]}
    assert {"duckdb", "great-expectations", "numpy", "jinja2"} <= names
    assert not {"pytest", "ruff", "pypdf"} & names


def test_a_locked_component_has_its_sums_and_another_version_has_none(tmp_path):
    sums, version = ("a" * 64, "b" * 64), metadata.version("duckdb")
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        f"duckdb=={version} \\\n    --hash=sha256:{sums[1]} \\\n    --hash=sha256:{sums[0]}\n"
        f"numpy==0.0.1 \\\n    --hash=sha256:{sums[0]}\n"
    )
    found = {each["name"]: each.get("hashes") for each in json.loads(sbom.of_installed(lock))["components"]}
    assert [each["content"] for each in found["duckdb"]] == list(sums)
    assert found["numpy"] is None


def test_the_bill_is_the_same_twice_and_tells_no_time(document):
    assert sbom.of_installed() == sbom.of_installed()
    assert "serialNumber" not in document and "timestamp" not in document["metadata"]


def told(*packages: dict) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


FINE = {"name": "fine", "version": "1", "vulns": []}
WEAK = {"name": "weak", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}
SKIPPED = {"name": "odd", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (told(FINE), 0, "1 packages, none with a known weakness."),
        (told(FINE, WEAK), 1, "weak 1: X-1, mended in 2"),
        (told(WEAK, SKIPPED), 1, "weak 1: X-1, mended in 2"),
        (told(FINE, SKIPPED), 3, "Not looked up, for the source does not know them: odd."),
        (told(SKIPPED), 3, audit.NO_SOURCE),
        (told(), 3, audit.NO_SOURCE),
        ("", 3, audit.NO_SOURCE),
        ("[]", 3, audit.NO_SOURCE),
    ],
)
def test_not_to_know_is_not_to_be_safe(text, code, line):
    ended, lines = audit.judged(text)
    assert ended == code and lines[0] == line


def test_an_audit_that_cannot_be_had_says_so_in_one_sentence(tmp_path, capsys):
    assert audit.main(str(tmp_path / "pip-audit"), "requirements.lock") == audit.UNKNOWN
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err == audit.NO_SOURCE + "\n"


# The threat model


def named_in(name: str) -> set[str]:
    """The names of the tests of a module."""
    tree = ast.parse((ROOT / "tests" / name).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_line_of_the_threat_model_is_shown_by_tests_that_there_are():
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    table = page.partition("## What is protected against whom\n")[2].partition("\n## ")[0]
    rows = [row.split(" | ") for row in table.splitlines() if row.startswith("| **")]
    assert len(rows) > 14 and {len(row) for row in rows} == {3}
    for who, _, shown in rows:
        named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", shown)
        assert named and shown.count("::") == len(named), who
        assert [f"{file}::{name}" for file, name in named if name not in named_in(file)] == [], who
    others = re.findall(r"`(?:tests/)?(test_\w+\.py)`", page)
    assert [name for name in others if not (ROOT / "tests" / name).exists()] == []
