"""The one catalogue of the product, and the controller's own beside it: nothing is missing, nothing is left over."""

from __future__ import annotations

import datetime as dt
import re

import catalogue
import pytest
import worlds

from pipelines.errors import ExpectationsError
from pipelines.expectations.load import load
from pipelines.language import languages, vocabulary

LANGUAGES = tuple(languages.LOCALES)
TRANSLATED = LANGUAGES[1:]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_left_over(language):
    assert (catalogue.missing(language), catalogue.unused(language)) == ([], [])


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_of_what_it_translates(language):
    for (_, text), strings in catalogue.entries(catalogue.path(language)).items():
        ones = (text,) if isinstance(text, str) else text
        assert len(ones) == len(strings), text
        for one, other in zip(ones, strings, strict=True):
            assert sorted(PLACEHOLDER.findall(one)) == sorted(PLACEHOLDER.findall(other)), one


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_stands_in_the_order_of_what_is_said(language):
    file = catalogue.path(language)
    assert file.read_text("utf-8") == catalogue.written(language, catalogue.entries(file)), "run `make words`"


def test_what_is_missing_or_left_over_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue.path("fi").parent.mkdir(parents=True)
    head = catalogue.HEAD.format(title="", language="fi")
    catalogue.path("fi").write_text(head + '\nmsgid "Period"\nmsgstr ""\n\nmsgid "of old"\nmsgstr "ennen"\n', "utf-8")
    monkeypatch.setattr(catalogue, "said", lambda: ((None, "Period"), ("a sense", "Period"), (None, ("one", "many"))))
    assert catalogue.missing("fi") == ["Period", "Period", "('one', 'many')"] and catalogue.unused("fi") == ["of old"]


def test_terms_are_those_of_the_vocabulary():
    known = catalogue.entries(catalogue.path(catalogue.SOURCE))
    assert {term for _, term in known} <= vocabulary.terms().keys() and known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_of_the_controller_is_in_words_of_ours(language):
    loaded = load(worlds.EXPECTATIONS)
    terms = {term for contract in loaded.contracts for term in (contract.purpose, contract.data_subject) if term}
    terms |= {kind for contract in loaded.contracts for column in contract.columns for kind in column.categories}
    terms |= {basis for bases in loaded.controller.record["legal_bases"].values() for basis in bases}
    speech = languages.language(language)
    assert [term for term in sorted(terms) if speech.words.pgettext(languages.TERM, term) == term] == []


def test_a_word_with_two_meanings_is_said_by_its_meaning():
    speech = languages.language("fi")
    assert speech.gettext("Data") == "Aineisto" and speech.pgettext("that is held", "Data") == "Tiedot"
    assert speech.pgettext("personal data", "Category") == "Henkilötietoryhmä"
    assert (speech.term("pd:Name"), speech.term("pd:Name", "letter")) == ("nimet", "nimi")
    assert (
        speech.term("dpv:DataController") == vocabulary.terms()["dpv:DataController"].label
        and speech.term("no:Term") == "no:Term"
    )


@pytest.mark.parametrize(
    ("language", "months", "days", "text"),
    [("en", 12, 0, "1 year"), ("en", 18, 0, "1 year 6 months"), ("fi", 72, 0, "6 vuotta"), ("fi", 1, 1, "1 kuukausi 1 päivä"),
     ("sv", 0, 30, "30 dagar"), ("sv", 24, 2, "2 år 2 dagar")],
)  # fmt: skip
def test_lengths_of_time_are_said_by_their_number(language, months, days, text):
    assert languages.language(language).period(months, days) == text


# What the controller's expectations say


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_that_the_expectations_say_is_translated(language):
    speech = languages.language(language, worlds.EXPECTATIONS)
    loaded = load(worlds.EXPECTATIONS)
    said = [text for rule in loaded.rules for text in (rule.title, rule.why, rule.todo, rule.mandate, rule.owner)]
    said += [text for cls in (*loaded.schedule.classes, loaded.schedule.subject) for text in (cls.title, cls.mandate)]
    said += [settings["keeper"] for settings in loaded.controller.systems.values()]
    alike = {"GDPR art. 32"}
    assert [text for text in said if speech.said(text) == " ".join(text.split()) and text not in alike] == []
    contracts = (*loaded.contracts, *loaded.own)
    names = {contract.dataset for contract in contracts}
    names |= {column.name for contract in contracts for column in contract.columns}
    same = {"status", "system", "organisation", "fields"}  # spelt alike, or near enough
    assert [name for name in sorted(names - same) if speech.sayings.gettext(name) == name] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_rules_of_every_controller_are_in_the_products_own_catalogue(language):
    from pipelines.expectations.rule import load_contract_rules

    speech = languages.language(language)  # no expectations folder
    for rule in load_contract_rules():
        for text in (rule.title, rule.why, rule.todo, rule.mandate, rule.owner):
            assert speech.said(text) != " ".join(text.split()), text


def test_the_controllers_own_words_come_before_the_products(tmp_path):
    folder = tmp_path / "locale/fi/LC_MESSAGES"
    folder.mkdir(parents=True)
    said = 'msgid "An export is missing"\nmsgstr "Vienti jäi saamatta"\n'
    (folder / "expectations.po").write_text(catalogue.HEAD.format(title="", language="fi") + "\n" + said, "utf-8")
    speech = languages.language("fi", tmp_path)
    assert speech.said("An export is missing") == "Vienti jäi saamatta"
    kept = languages.sayings("fi", tmp_path)
    assert kept["An export is missing"] == "Vienti jäi saamatta"
    assert kept["A line that is no row"] == speech.said("A line that is no row")


def test_a_file_that_is_no_catalogue_is_named(tmp_path):
    folder = tmp_path / "locale/sv/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "expectations.po").write_bytes(b"msgid \xff\nmsgst")
    with pytest.raises(ExpectationsError, match="no catalogue of translations"):
        languages.language("sv", tmp_path)


@pytest.mark.parametrize(
    ("language", "day", "number", "change"),
    [("en", "3 Jun 2026", "1,234,567", "−1,200"), ("fi", "3.6.2026", "1\u00a0234\u00a0567", "−1\u00a0200"),
     ("sv", "3 juni 2026", "1\u00a0234\u00a0567", "−1\u00a0200")],
)  # fmt: skip
def test_days_and_numbers_are_written_as_readers_do(language, day, number, change):
    speech = languages.language(language)
    assert speech.day(dt.date(2026, 6, 3)) == day and speech.day(None) == ""
    assert speech.number(1234567) == number and speech.change(-1200) == change
    assert (speech.change(3), speech.change(0)) == ("+3", "±0")


def test_what_a_catalogue_lacks_stays_as_it_was_written():
    speech = languages.language("fi", worlds.EXPECTATIONS)
    assert speech.said("A rule of\n    tomorrow") == "A rule of tomorrow" and speech.said("") == ""
    assert speech.label("new_column") == "new column" and speech.label("") == ""


def test_no_message_hides_in_a_formatted_string():
    """What collects the messages does not see them there."""
    hidden = re.compile(r"""\{(?:_|N_|speech\.gettext)\(['"]""")
    assert [
        path.name for path in (worlds.ROOT / "pipelines").rglob("*.py") if hidden.search(path.read_text("utf-8"))
    ] == []
