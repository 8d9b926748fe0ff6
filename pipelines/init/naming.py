"""Names for what is found in exports: headers and files become names of columns and datasets that SQL can have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pipelines.expectations.contract import RESERVED, RESERVED_DATASETS

# Letters that have no plain one with a mark on it.
PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "þ": "th", "ð": "d", "œ": "oe", "ı": "i"})
# A period in the name of a file, which every export has another one of.
DATED = re.compile(
    r"(?:^|[-_. ])(?:19|20)\d\d(?:[-_.]?(?:0[1-9]|1[0-2]))?(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?(?=$|[-_. ])"
)
LONGEST = 60


def folded(text: str) -> str:
    """In small letters without marks: `Élève` and `eleve` are one."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a header or file name, folded: `orderNo.` gives order and no."""
    apart = re.sub(r"(?<=[a-zà-öø-ÿ0-9])(?=[A-ZÀ-ÖØ-Þ])", " ", text)
    return re.findall(r"[^\W_]+", folded(apart))


def name(text: str, otherwise: str) -> str:
    """A name for SQL; `otherwise` where the text has no letter to make one of."""
    made = "_".join(re.findall(r"[a-z0-9]+", " ".join(words(text))))[:LONGEST].strip("_")
    made = made if made[:1].isalpha() else f"{otherwise}_{made}".rstrip("_")
    return f"{made}_of_export" if made in RESERVED or made.startswith("undeclared_") else made


def names(texts: Iterable[str], otherwise: str) -> list[str]:
    """A name for each, none twice."""
    taken: list[str] = []
    for place, text in enumerate(texts, 1):
        made = name(text, f"{otherwise}_{place}")
        number, base = 2, made
        while made in taken:
            made, number = f"{base}_{number}", number + 1
        taken.append(made)
    return taken


def undated(stem: str) -> str:
    """A file's name without the period in it."""
    return DATED.sub("", stem).strip("-_. ") or stem


def systems(stems: list[str]) -> list[tuple[str, str]]:
    """(system, dataset) of each file: what several names begin with is a system, where there are others too."""
    split = [undated(stem) for stem in stems]
    first = [re.split(r"[-_. ]+", stem)[0] for stem in split]
    shared = {head for head in first if first.count(head) > 1 and len(head) > 2}
    heads = [head if head in shared and stem != head else "" for head, stem in zip(first, split, strict=True)]
    rests = [stem[len(head) :].strip("-_. ") for stem, head in zip(split, heads, strict=True)]
    # What two systems call alike is called by its whole name.
    rests = [rest if rests.count(rest) == 1 else stem for rest, stem in zip(rests, split, strict=True)]
    datasets = [f"{each}_records" if each in RESERVED_DATASETS else each for each in names(rests, "dataset")]
    return [(name(head, "system") if head else "register", each) for head, each in zip(heads, datasets, strict=True)]
