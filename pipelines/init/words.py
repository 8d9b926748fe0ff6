"""Words in headers and names of files, as `data/words.yaml` lists them in several languages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from pipelines.init import naming

# From so many letters on a word also counts at the beginning or end of a longer one, as compounds have it.
LEAST_IN_COMPOUND = 4
# Words for things and measures are shorter and stand in more compounds by chance: `count` in `account`.
LEAST_OF_THINGS = 6


@cache
def lists() -> dict:
    """The lists of words, by what they are words for."""
    text = files("pipelines").joinpath("init/data/words.yaml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # every word is text: `no` too


def find(text: str, listed: list[str], least: int = LEAST_IN_COMPOUND) -> str:
    """The longest listed word that stands in a header, by itself or, of so many letters, in a compound; '' where none does."""
    return _whole(text, listed) or _compound(text, listed, least)


def _whole(text: str, listed: list[str]) -> str:
    joined = f" {' '.join(naming.words(text))} "
    return max((word for word in listed if f" {word} " in joined), key=_rank, default="")


def _compound(text: str, listed: list[str], least: int = LEAST_IN_COMPOUND) -> str:
    parts = naming.words(text)
    return max((word for word in listed if len(word) >= least and _is_in(word, parts)), key=_rank, default="")


def _rank(word: str) -> tuple[int, str]:
    return len(word), word


def _is_in(word: str, parts: list[str]) -> bool:
    return " " not in word and any(part.startswith(word) or part.endswith(word) for part in parts)


def kind(text: str) -> tuple[str, str]:
    """(kind of personal data, the word that says so) of a header; ('', '') where no word does. A word by itself says more than one
    in a compound."""
    for look in (_whole, _compound):
        for category, listed in lists()["kinds"].items():
            if word := look(text, listed):
                return category, word
    return "", ""


def one_of(text: str, what: str) -> tuple[str, str]:
    """(which of the lists under `what`, the word) of a header or name; ('', '') where none."""
    best = max(
        ((find(text, listed), name) for name, listed in lists()[what].items()),
        key=lambda each: len(each[0]),
        default=("", ""),
    )
    return (best[1], best[0]) if best[0] else ("", "")


def is_thing(text: str) -> str:
    """The word by which a header speaks of a thing, not a person; '' where none."""
    return find(text, lists()["things"], LEAST_OF_THINGS)


def is_measure(text: str) -> str:
    """The word by which a header is a count, money or a state; '' where none."""
    return find(text, lists()["measures"], LEAST_OF_THINGS)


def is_id(text: str) -> bool:
    """Whether a header says that it identifies something: alone, or at its end as in `orderno`."""
    return bool(find(text, lists()["ids"])) or any(
        part.endswith(end) for part in naming.words(text) for end in ("id", "nr", "no", "nro")
    )
