"""Words in three languages, from `data/words.yaml`: statuses, headings, amendments, terms of the Data Privacy Vocabulary."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """{key: {language: words}}."""
    return yaml.safe_load(files("pipelines").joinpath("language/data/words.yaml").read_text("utf-8"))


def say(key: str, language: str) -> str:
    """The words for a key; English where a language has none, the key itself where nobody has."""
    entry = catalogue().get(key, {})
    return entry.get(language) or entry.get("en") or key


def term(iri: str, language: str) -> str:
    """A vocabulary term in words, such as `pd:Name`; the term's own label where the catalogue has none."""
    if iri in catalogue():
        return say(iri, language)
    from pipelines.language.vocabulary import terms

    return terms()[iri].label if iri in terms() else iri
