"""The example controllers: made by `vahti init` and a few answers, run to golden findings, and run with any of their exports gone.
And docs/new-controller.md, word by word."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import little
import pytest
import worlds
import yaml
from typer.testing import CliRunner

from pipelines.commands.main import app
from pipelines.expectations.load import load
from pipelines.init import start

ROOT = Path(__file__).parents[1]
EXAMPLES = {"club": "IE", "shop": "NL"}
NEWEST = "2026-06-30"
MOST_LINES = 40


def test_every_example_is_tried():
    assert {path.parent.name for path in (ROOT / "examples").glob("*/answers.yaml")} == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_expectations_are_drafts_and_a_few_answers(name, tmp_path):
    folder = ROOT / "examples" / name
    answers = (folder / "answers.yaml").read_text("utf-8").splitlines()
    assert len([line for line in answers if line.strip() and not line.startswith("#")]) <= MOST_LINES
    done = start.init(folder / "exports", tmp_path / "mine", EXAMPLES[name], "en", folder / "answers.yaml")
    assert done.fault == ""
    for path in sorted((folder / "expectations").rglob("*")):
        if path.is_file():
            assert (tmp_path / "mine" / path.relative_to(folder / "expectations")).read_bytes() == path.read_bytes(), (
                path
            )


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_comes_to_its_golden_findings(name, tmp_path):
    folder = ROOT / "examples" / name
    arguments = ["--home", str(tmp_path / "home"), "--expectations", str(folder / "expectations")]
    result = CliRunner().invoke(app, ["run", *arguments, "--exports", str(folder / "exports"), "--fail-on", "never"])
    assert result.exit_code == 0, result.output
    reports = tmp_path / "home" / "reports" / NEWEST
    assert (reports / "findings.csv").read_text("utf-8") == (folder / "golden" / "findings.csv").read_text("utf-8")
    assert json.loads((reports / "notice.json").read_text("utf-8")) == json.loads(
        (folder / "golden" / "notice.json").read_text("utf-8")
    )
    page = (reports / "report.html").read_text("utf-8")
    assert load(folder / "expectations").controller.name in page
    assert "Kauhajo" not in page and "customer number" not in page, "nothing of another controller"
    assert CliRunner().invoke(app, ["ropa", *arguments]).exit_code == 0


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_export_that_is_gone_is_a_finding_and_no_crash(name, tmp_path):
    folder = ROOT / "examples" / name
    loaded = load(folder / "expectations")
    for contract in loaded.contracts:
        shutil.copytree(folder / "exports" / NEWEST, tmp_path / contract.dataset / NEWEST)
        (tmp_path / contract.dataset / NEWEST / contract.file).unlink()
        with worlds.judged(tmp_path / contract.dataset, NEWEST, loaded=loaded) as judged:
            missing = [finding["dataset"] for finding in judged.findings("missing-export")]
            assert missing == [contract.dataset]


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_drafts_in_another_language_need_no_english(code, tmp_path, monkeypatch):
    """Run without what has tests of its own: the record of processing is what reads these words."""
    folder = ROOT / "examples" / "club"
    done = start.init(folder / "exports", tmp_path / "mine", "IE", code, folder / "answers.yaml")
    assert done.fault == ""
    said = yaml.safe_load((tmp_path / "mine" / "notice.yaml").read_text("utf-8"))["statements"]
    assert {tuple(each["text"]) for each in said.values()} == {(code,)}
    shutil.copytree(folder / "exports" / NEWEST, tmp_path / "exports" / NEWEST)
    little.quiet(monkeypatch)
    arguments = ["--home", str(tmp_path / "home"), "--expectations", str(tmp_path / "mine")]
    assert (
        CliRunner()
        .invoke(app, ["run", *arguments, "--exports", str(tmp_path / "exports"), "--fail-on", "never"])
        .exit_code
        == 0
    )
    assert CliRunner().invoke(app, ["ropa", *arguments]).exit_code == 0


def test_the_page_on_a_new_controller_is_right_word_by_word(tmp_path):
    """What stands in its boxes, in a folder that has the repository's examples."""
    page = (ROOT / "docs" / "new-controller.md").read_text("utf-8")
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S))
    assert script.count("vahti init") == 2 and script.count("vahti run") == 2
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        check=False,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "work" / "home" / "reports" / NEWEST / "report.html").exists()
    assert "Harbour Dance Club" in (tmp_path / "work" / "mine" / "controller.yaml").read_text("utf-8")


# docs/ci.md


def blocks_of(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL)


def test_the_script_of_the_page_on_ci_tells_findings_from_faults(tmp_path):
    script, *_ = blocks_of("ci.md", "sh")
    (tmp_path / "quarterly.sh").write_text(script, "utf-8")
    club = ROOT / "examples" / "club"

    def ended(exports: Path, fail_on: str) -> tuple[int, str]:
        more = {
            "EXPORTS": str(exports),
            "EXPECTATIONS": str(club / "expectations"),
            "HOME_OF_VAHTI": str(tmp_path / "home"),
            "FAIL_ON": fail_on,
        }
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            ["sh", tmp_path / "quarterly.sh"],
            env=os.environ | more | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    code, told = ended(club / "exports", "low")
    assert code == 10 and "findings: hand them out" in told
    code, told = ended(club / "exports", "never")
    assert code == 0 and "clean" in told
    code, told = ended(tmp_path / "nowhere", "low")
    assert code not in (0, 10) and f"fault {code}" in told


def test_the_jobs_of_the_page_on_ci_can_be_read_and_name_commands_that_there_are():
    github, gitlab = (yaml.safe_load(block) for block in blocks_of("ci.md", "yaml"))
    (step,) = github["jobs"]["check"]["steps"]
    assert set(gitlab["registers"]["allow_failure"]["exit_codes"]) == {10}
    (line,) = gitlab["registers"]["script"]
    for command in (step["run"], line, *blocks_of("ci.md", "sh")[1:]):
        program, name, *words = command.split()
        help_ = CliRunner().invoke(app, [name, "--help"])
        assert program == "vahti" and help_.exit_code == 0
        assert [word for word in words if word.startswith("--") and word not in help_.output] == []
