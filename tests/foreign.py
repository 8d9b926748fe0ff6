"""What does not belong on a Finnish or Swedish page: English words of the catalogue, names that only programs use, ISO dates.

`found(text, language)` lists it, in the order of the text, each once. English words are those of the catalogue's messages, less
those that the language's own translations use, too; names of files and what stands for a product are left out.
"""

from __future__ import annotations

import re
from functools import cache

import catalogue
import worlds

from pipelines.expectations.load import load
from pipelines.ledger.tasks import TASKS

WORD = re.compile(r"(?<!\w)[^\W\d_]{3,}(?!\w)")
# A file's name, an address of the web, a sum: no words of anybody's language.
NAMES = re.compile(
    r"(?<!\S)/\S+|\S+\.(?:csv|xlsx|html|pdf|jsonld|json|yaml|parquet|ods|docx|eml|ics|fi|zip|example)\b|\b[0-9a-f]{16,}\b"
)
ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
ISO_PERIOD = re.compile(r"\bP\d+[YMWD](?:\d+[MD])*\b")
IDENTIFIER = re.compile(r"\b[a-z]+_[a-z_]+\b|\b(?:dpv|pd|eu-gdpr):\w+")
# Names that are the same in every language, and words that the registers' own data has.
ALIKE = {
    "fi": set(),
    "sv": {
        "text",
        "organisation",
        "test",
        "personal",
        "risk",
        "person",
        "status",
        "system",
        "period",
        "register",
        "material",
        "partner",
    },
}
PROPER = {
    "english",  # as the button for it says
    "great",
    "expectations",
    "gdpr",
    "sha",
    "python",
    "duckdb",
    "rekisterivahti",
    "data",
    "docs",
    "xlsx",
    "csv",
    "web",
}


@cache
def english(language: str) -> frozenset[str]:
    """Words of the catalogue's messages that the language itself does not use."""
    ours = catalogue.entries(catalogue.path(language))
    theirs = {word for _, text in catalogue.said() for word in _words(text) if _ != "term"}
    own = {word for strings in ours.values() for string in strings for word in _words(string)}
    own |= {word for string in controllers(language) for word in _words(string)}
    return frozenset(theirs - own - PROPER - ALIKE[language])


@cache
def controllers(language: str) -> tuple[str, ...]:
    """What the controller's own catalogue says in the language, and its names for things."""
    file = worlds.EXPECTATIONS / "locale" / language / "LC_MESSAGES" / "expectations.po"
    controller = load(worlds.EXPECTATIONS).controller
    names = [controller.name, *(system.get("name", "") for system in controller.systems.values())]
    said = [string for strings in catalogue.entries(file).values() for string in strings]
    return (*said, *names)


def _words(text: str | tuple[str, ...]) -> set[str]:
    texts = (text,) if isinstance(text, str) else text
    plain = " ".join(re.sub(r"%\(\w+\)s|\{\w*\}", " ", each) for each in texts)
    return {word.casefold() for word in WORD.findall(NAMES.sub(" ", plain))}


@cache
def raw_names() -> frozenset[str]:
    """What rules, tasks, datasets and systems are called by programs, where it is no word of Finnish or Swedish."""
    loaded = load(worlds.EXPECTATIONS)
    names = {rule.id for rule in loaded.rules} | TASKS.keys()
    names |= {contract.dataset for contract in loaded.contracts}
    names |= {column.name for contract in loaded.contracts for column in contract.columns}
    return frozenset(names - {"status", "system", "role"})


def found(text: str, language: str) -> list[str]:
    """What is foreign in a text."""
    text = NAMES.sub(" ", text)
    hits = ISO_DATE.findall(text) + ISO_PERIOD.findall(text) + IDENTIFIER.findall(text)
    hits += [
        name for name in re.findall(r"(?<![\w-])[a-z]+(?:-[a-z0-9]+)*\b", text) if name in raw_names() - ALIKE[language]
    ]
    own = {word for string in controllers(language) for word in _words(string)}
    hits += [word for word in WORD.findall(text) if word.casefold() in english(language) and word.casefold() not in own]
    return list(dict.fromkeys(hits))
