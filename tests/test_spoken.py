"""Commands in the officer's language: every one has --lang, and what it says is said in that language."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import catalogue
import foreign
import little
import pytest
import typer
import worlds
from typer.testing import CliRunner

from pipelines import known
from pipelines.commands import headings, reference, spoken
from pipelines.commands.main import app
from pipelines.errors import UnfitError, UnknownError
from pipelines.expectations.load import load
from pipelines.expectations.rule import STATES
from pipelines.job import arrived
from pipelines.language.languages import language
from pipelines.sentence import Sentence, joined

COMMANDS = worlds.ROOT / "pipelines" / "commands"
# What is typed as it stands here in every language: commands with their options, and names that options take.
TYPED = re.compile(r"(?:vahti [a-z]+(?: [a-z]+)?|--[a-z-]+|\b[A-Z]{2,}\b|[a-z]+(?:\|[a-z]+)+|…)")
# (words, what is to be asked): each on the home of the samples.
SAID = {
    "findings": ("findings", "--rule", "orphan-record"),
    "nothing found": ("findings", "--state", "accepted"),
    "acceptances": ("accept", "--list"),
    "disposals": ("disposals",),
    "worklists": ("worklist", "status"),
    "log": ("log",),
    "whole": ("log", "verify"),
    "purge": ("purge", "--dry-run"),
    "nobody": ("subject", "zzqqx", "--reason", "TP2"),
    "candidates": ("subject", "virtanen", "--reason", "TP2"),
    "key": ("key", "status"),
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("spoken") / "home"
    shutil.copytree(worlds.home_of_samples(tmp_path_factory), place)
    return place


def said(home: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--home", str(home)])
    assert done.exit_code == 0, done.output
    return done.output


def sentences(output: str) -> str:
    """What is said, without the rows of a table: those hold names, as options take them, and data."""
    lines, kept = output.splitlines(), []
    in_table = False
    for number, line in enumerate(lines):
        if number + 1 < len(lines) and "──" in lines[number + 1]:
            kept.append(line)
        elif "──" in line:
            in_table = True
        elif in_table and not line.strip():
            in_table = False
        elif not in_table:
            kept.append(line)
    return "\n".join(kept)


def test_every_command_has_the_option():
    root = typer.main.get_command(app)
    without = [
        path
        for path, each in reference.commands(root, ("vahti",))
        if not any("--lang" in one.opts for one in each.params)
    ]
    assert without == []


@pytest.mark.parametrize("code", ["fi", "sv"])
@pytest.mark.parametrize("what", SAID)
def test_nothing_english_is_said_in_another_language(home, what, code):
    text = sentences(said(home, *SAID[what], "--lang", code))
    aside = TYPED.sub(" ", text.replace(str(home), " ").replace("orphan-record", " "))
    names = foreign.raw_names() | set(STATES) | {own.dataset for own in load(worlds.EXPECTATIONS).own}
    taken = re.compile(r"\b(?:" + "|".join(sorted(names, key=len, reverse=True)) + r")\b")
    assert foreign.found(taken.sub(" ", aside), code) == []
    assert text != sentences(said(home, *SAID[what], "--lang", "en"))


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_doctor_and_check_say_what_they_looked_at_in_the_language(home, tmp_path, code):
    """Rows, too: one export missing, one with another delimiter, one with other headers."""
    period = shutil.copytree(worlds.SAMPLES / "exports" / worlds.PERIOD, tmp_path / "exports" / worlds.PERIOD)
    (period / "vesikanta_reklamaatiot.csv").unlink(missing_ok=True)
    for name, old, new in (("vesikanta_laskut.csv", b";", b"|"), ("vesikanta_liittymat.csv", b"Liittym", b"Lttm")):
        (period / name).write_bytes((period / name).read_bytes().replace(old, new))
    for words in (("doctor",), ("check",)):
        done = CliRunner().invoke(
            app, [*words, "--home", str(home), "--exports", str(period.parent), "--lang", code], env={"COLUMNS": "4000"}
        )
        assert isinstance(done.exception, UnfitError) == (words == ("check",)) and "vesikanta_laskut.csv" in done.output
        text = TYPED.sub(" ", re.sub(r"\S*/\S*|\w+\.(?:csv|xlsx)|Python|[“”][^”]*”", " ", done.output))
        datasets = "|".join(contract.dataset for contract in load(worlds.EXPECTATIONS).contracts)
        assert foreign.found(re.sub(rf"\b(?:{datasets})\b|{worlds.PERIOD}", " ", text), code) == []


def test_doctor_does_not_call_a_file_whole_whose_rows_cannot_be_read(tmp_path):
    period = tmp_path / "exports" / worlds.PERIOD
    worlds.write(period, meter_readings="reading_id | read_on\nL1 | 1.6.2026\nL2 | 1.6.2026")
    path = period / "vesikanta_lukemat.csv"
    head, first, second = path.read_bytes().splitlines(keepends=True)
    for lines, told in (
        ([first, second + b";"], False),
        ([first.replace(b";", b"|", 1), second.replace(b";", b"|")], True),
    ):
        path.write_bytes(b"".join([head, *lines]))
        found = {check.what: check.found for check in arrived.what_arrived(period.parent, worlds.EXPECTATIONS)}
        assert ("2 of 2 rows cannot be read" in found.get(path.name, "")) == told, found


def test_what_was_looked_at_is_a_sentence_or_a_name():
    """Text in the call itself, or put together there, would be English in every language."""
    found = []
    for name in ("doctor", "arrived"):
        for node in ast.walk(ast.parse((worlds.ROOT / "pipelines" / "job" / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check":
                texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
                found += [one for one in texts if one not in ("", "Python", "make setup", "vahti run")]
                found += [ast.unparse(one) for one in node.args if isinstance(one, ast.JoinedStr)]
    assert found == []


def test_a_sentence_is_english_and_is_said_with_the_sentences_in_it():
    gettext = {"no %(what)s in %(file)s": "%(file)s: kein %(what)s", "header": "Kopf"}.get
    inner = Sentence("no %(what)s in %(file)s", what=Sentence("header"), file="a.csv")
    assert inner == "no header in a.csv" and inner.said(lambda text: gettext(text, text)) == "a.csv: kein Kopf"
    both = joined([inner, "100 %"])
    assert (
        both == "no header in a.csv; 100 %" and both.said(lambda text: gettext(text, text)) == "a.csv: kein Kopf; 100 %"
    )
    error = UnfitError(inner, remedy="mend %(n)s", n=3)
    assert error.said(lambda text: gettext(text, text)) == ("a.csv: kein Kopf", "mend 3")
    assert error.sentences == (error.problem, error.remedy) == (inner, "mend 3")
    assert UnfitError("odd").sentences[1].said(language("fi").gettext) == ""


def test_the_language_is_the_controllers_if_nobody_says_another(home, tmp_path):
    mine = tmp_path / "mine"
    shutil.copytree(worlds.EXPECTATIONS, mine)
    path = mine / "controller.yaml"
    path.write_text(re.sub(r"(?m)^language: .*\n", "", path.read_text("utf-8")) + "\nlanguage: sv\n", "utf-8")
    more = ("--expectations", str(mine))
    done = CliRunner().invoke(app, ["purge", "--dry-run", "--home", str(tmp_path / "none"), *more])
    assert done.exit_code != 0  # there is no home: only the language matters
    assert spoken.speech().code == "sv"
    (mine / "controller.yaml").write_text("]", "utf-8")
    spoken._of_the_controller.cache_clear()
    CliRunner().invoke(app, ["purge", "--dry-run", "--home", str(tmp_path / "none"), *more])
    assert spoken.speech().code == "en"


def test_what_programs_read_is_the_same_in_every_language(home):
    words = ("findings", "--rule", "orphan-record", "--format", "csv")
    assert said(home, *words, "--lang", "fi") == said(home, *words, "--lang", "en")


@pytest.mark.parametrize(("code", "remedy"), [("en", "Remedy"), ("fi", "Korjaus"), ("sv", "Åtgärd")])
def test_a_fault_that_the_catalogue_has_is_told_in_the_language(home, monkeypatch, capsys, code, remedy):
    words = ("subject", "--customer", "1000001", "--reveal", "--home", home, "--lang", code)
    ended, _, err = little.command(monkeypatch, capsys, *words)
    assert ended != 0 and f"  {remedy}: " in err
    assert ("values are shown for a stated reason only" in err) == (code == "en")


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_a_name_that_does_not_exist_is_told_in_the_language_with_the_nearest(home, monkeypatch, capsys, code):
    ended, _, err = little.command(
        monkeypatch, capsys, "findings", "--rule", "past-retentoin", "--home", home, "--lang", code
    )
    assert ended == 14 and " past-retention?" in err
    aside = re.sub(rf"'past-retentoin'|past-retention|vahti|{worlds.PERIOD}|(?<=: )access-.*", " ", err)
    assert foreign.found(aside, code) == []


def test_what_is_said_of_unknown_names_is_english_as_before():
    with pytest.raises(UnknownError) as error:
        known.checked("rule", "ab", ["abc", "abd", "xyz"], place=known.of_period("2026-06-30"))
    assert str(error.value) == (
        "no rule 'ab' in period 2026-06-30\n  Remedy: did you mean abd or abc? There are: abc, abd, xyz"
    )
    many = [f"n{number}" for number in range(known.MOST_LISTED + 2)]
    with pytest.raises(UnknownError, match=r"no rule 'q'\n  Remedy: there are: n0, .* and 2 more$"):
        known.checked("rule", "q", many)
    with pytest.raises(UnknownError, match="there is none"):
        known.checked("rule", "q", [])


def test_an_unknown_language_is_refused(home):
    done = CliRunner().invoke(app, ["log", "--home", str(home), "--lang", "xx"])
    assert done.exit_code == 2 and "en, fi, sv" in done.output


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_every_heading_and_value_is_translated(code):
    known = catalogue.entries(catalogue.path(code))
    texts = (*headings.HEADINGS.values(), *headings.VALUES.values())
    assert [text for text in texts if not any(known.get((None, text), ("",)))] == []
    assert language(code).typed_day("2026-06-30") != "2026-06-30"


def test_no_sentence_is_printed_beside_the_catalogue():
    """A print or an echo whose text stands in the call itself is said in English alone."""
    found = []
    for path in sorted(COMMANDS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "print",
                "echo",
            ):
                for argument in node.args:
                    texts = [argument] if isinstance(argument, ast.Constant) else getattr(argument, "values", [])
                    words = " ".join(str(one.value) for one in texts if isinstance(one, ast.Constant))
                    if re.search(r"[A-Za-z]{3,} [a-z]{2,}", words):
                        found.append((path.name, words))
    assert [each for each in found if not each[1].startswith(("vahti: ", "  Remedy", "  vahti check"))] == []


def test_a_home_that_is_an_argument_says_the_language_too(home, tmp_path, monkeypatch):
    monkeypatch.setenv("VAHTI_SETTINGS", str(tmp_path / "settings.json"))
    done = CliRunner().invoke(app, ["use", str(home), "--lang", "fi"])
    assert done.exit_code == 0 and done.output.startswith(f"Kotikansio: {home.resolve()}")
