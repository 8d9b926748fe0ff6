"""YAML that would lose text: one error with file, line and remedy, in every file of the expectations."""

from __future__ import annotations

import little
import pytest

from pipelines.errors import ExpectationsError
from pipelines.expectations import yamlfile
from pipelines.expectations.load import load
from pipelines.expectations.rule import load_rule

# What stands on the second line of a file, and a word of the error.
LOSING = {
    "comma in braces": ("text: {en: A, B.}", "a comma in {…}"),
    "no blank after the colon": ("text: {en:A}", "a key without a value"),
    "no value": ("text: {fi: , en: A}", "a key without a value"),
    "colon in a list": ("text: [see: this]", "a colon makes a key"),
    "comment": ("text: Order # 5 is kept", "is a comment to YAML"),
    "comment in a list": ("text:\n  - Order # 5", "is a comment to YAML"),
    "key twice": ("text: B\ntext: A", "stands twice"),
    "key twice in braces": ("text: {en: A, en: B}", "stands twice"),
    "anchor": ("text: &Co and partners", "an anchor to YAML"),
    "anchor of a list": ("text: &all [a, b]", "an anchor to YAML"),
    "alias": ("text: *star", "aliases are not allowed"),
    "tag": ("text: ! important", "a tag to YAML"),
    "standard's tag": ("text: !!str 5", "a tag to YAML"),
    "own tag": ("text: !important {en: A}", "a tag to YAML"),
    "leading nought": ("text: 0123", "0123 would become another number"),
    "time of day": ("text: 12:30", "12:30 would become another number"),
    "seconds": ("text: 12:30:45.5", "12:30:45.5 would become another number"),
    "thousands": ("text: 1_000", "1_000 would become another number"),
    "Norway": ("text: NO", "NO means false to YAML"),
    "yes": ("text: [yes]", "yes means true to YAML"),
    "Norwegian as a key": ("text: {no: A}", "key is no word"),
    "tab": ("\ttext: A", ""),
    "bell": ("text: A\x07", ""),
    "second document": ("---\ntext: A", "another document"),
    "text after the end": ("...\ntext", "document start"),
}


@pytest.mark.parametrize("name", LOSING)
def test_text_that_would_be_lost_is_one_error_with_its_line(tmp_path, name):
    text, problem = LOSING[name]
    path = tmp_path / "some.yaml"
    path.write_text(f"first: word\n{text}\n", "utf-8")
    with pytest.raises(ExpectationsError) as caught:
        yamlfile.read(path)
    assert caught.value.file == str(path) and problem in caught.value.problem and caught.value.remedy
    assert caught.value.place.startswith(("line 2", "line 3"))


@pytest.mark.parametrize("name", LOSING)
def test_so_is_that_of_a_rules_front_matter(tmp_path, name):
    text, problem = LOSING[name]
    path = tmp_path / "a-rule.sql"
    path.write_text(f"/*\nfirst: word\n{text}\n*/ select 1", "utf-8")
    with pytest.raises(ExpectationsError) as caught:
        load_rule(path)
    assert problem in caught.value.problem and caught.value.remedy
    assert caught.value.place in ("line 3", "line 4")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("text: {en: 'A, B.', fi: \"C # D\"}", {"en": "A, B.", "fi": "C # D"}),
        ("text: {en: A, }", {"en": "A"}),
        ("text: C#, F#\n# a comment\n", "C#, F#"),
        ("text: >\n  Order # 5,\n  kept", "Order # 5, kept"),
        ("text: [null, ~, '', true, False, 0, -12, 2026-06-01, 12-31, 1.5]", [None, None, "", True, False, 0, -12, "2026-06-01", "12-31", 1.5]),
        ("text:\n", None),
        ("text: {'no': A, \"0123\": '0123'}", {"no": "A", "0123": "0123"}),
        ("text: [{a: b}, {}]", [{"a": "b"}, {}]),
    ],
)  # fmt: skip
def test_what_loses_nothing_is_read_as_it_stands(text, value):
    assert yamlfile.parse(text) == {"text": value}


@pytest.mark.parametrize(
    "file", ["controller.yaml", "retention.yaml", "notice.yaml", "contracts/vesikanta.claims.odcs.yaml"]
)
def test_every_file_is_read_so(tmp_path, file):
    path = little.expectations(tmp_path / "expectations") / file
    with path.open("a", encoding="utf-8") as opened:
        opened.write("\nremark: {en: Nobody, or none.}\n")
    with pytest.raises(ExpectationsError, match="a comma in") as caught:
        load(tmp_path / "expectations")
    assert caught.value.file == str(path)


def test_the_vahti_command_says_it_once(tmp_path, monkeypatch, capsys):
    place = little.Place(tmp_path)
    little.exports(place.exports, little.PERIODS[0])
    path = little.expectations(place.expectations) / "controller.yaml"
    path.write_text(path.read_text("utf-8").replace("customer service}", "customers, and others}"), "utf-8")
    code, out, err = little.command(monkeypatch, capsys, *place.arguments())
    assert (code, out) == (4, "") and err.count("\n") == 2
    assert f"{path}, line 5, column 65: a key without a value" in err and "Remedy: put a text" in err
