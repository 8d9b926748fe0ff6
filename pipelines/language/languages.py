"""Words, days and numbers in the reader's language: English, Finnish, Swedish.

Catalogues are plain gettext `.po` files: `pipelines/language/locale/<language>/LC_MESSAGES/vahti.po` for the product's
words, `expectations/locale/<language>/LC_MESSAGES/expectations.po` for those of the controller's expectations (titles of
rules and classes, reasons, owners, columns). A message id is the English text itself; the English catalogue has only the
terms of vocabularies, which are identifiers. What a catalogue lacks is shown in its original language.

A context tells two meanings of one word apart. The product has three: RULE, for the words of its own rules and tasks; TERM,
for terms of a vocabulary; and TERM with the place of use, such as a letter. `make words` updates the catalogues.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.errors import ExpectationsError, VahtiError
from pipelines.language.vocabulary import terms

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

# How readers in Finland write days and numbers in each language.
LOCALES = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_FI"}
PRODUCT, EXPECTATIONS = "vahti", "expectations"
RULE, TERM = "rule", "term"
SEPARATOR = "\x04"  # between context and message, as in gettext
# Fields of the report's data that are text in somebody's language: rules, classes of the schedule, systems and offices.
SPOKEN = {"title", "why", "todo", "mandate", "owner", "who", "keepers", "system"}
LABELS = {"dataset", "field"}


class Sayings(Protocol):
    """Gives a text in another language, or unchanged."""

    def gettext(self, message: str, /) -> str: ...


class Translator(Sayings, Protocol):
    """The same, by number and by context too."""

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str: ...

    def pgettext(self, context: str, message: str, /) -> Any: ...


@dataclass(frozen=True, eq=False)
class Language:
    """One language: `gettext` and its kin for the product's words, `said` for the words of the expectations."""

    code: str
    words: Translator = field(repr=False)
    sayings: Sayings = field(repr=False)

    def gettext(self, text: str) -> str:
        """The product's words."""
        return self.words.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The product's words, by number."""
        return self.words.ngettext(one, many, number)

    def pgettext(self, context: str, text: str) -> str:
        """The product's words if one word has two meanings; `context` says which."""
        return self.words.pgettext(context, text)

    def term(self, iri: str, use: str = "") -> str:
        """A vocabulary term in words, such as `pd:Name`; `use`: for a place that needs another word than a table, such as
        `letter`. Falls back to the term's own label; text that is no term is unchanged."""
        for context in (f"{TERM}, {use}", TERM) if use else (TERM,):
            if (found := self.words.pgettext(context, iri)) != iri:
                return found
        return terms()[iri].label if iri in terms() else iri

    def said(self, text: str) -> str:
        """The words of the expectations; line breaks in a rule's text become spaces."""
        text = " ".join(text.split())
        found = self.sayings.gettext(text) if text else ""
        return found if found != text else self.words.pgettext(RULE, text) if text else ""

    def label(self, name: str) -> str:
        """A dataset or column in words."""
        found = self.sayings.gettext(name) if name else ""
        return found if found != name else self.header(name).replace("_", " ")

    def header(self, text: str) -> str:
        """The header of an export's column as it is; a column without one is called by its position."""
        unnamed = re.fullmatch(r"column (\d+)", text)
        return self.gettext("column %(n)s") % {"n": unnamed[1]} if unnamed else text

    def day(self, value: dt.date | None) -> str:
        """30 Jun 2026, 30.6.2026, 30 juni 2026; empty for no day."""
        from babel.dates import format_date

        return format_date(value, "medium", locale=LOCALES[self.code]) if value else ""

    def typed_day(self, value: dt.date | str) -> str:
        """A day as it would be typed after an option: 2026-06-30 in English, 30.6.2026 in Finnish."""
        day = dt.date.fromisoformat(value) if isinstance(value, str) else value
        return day.isoformat() if self.code == "en" else self.day(day)

    def number(self, value: int) -> str:
        """12,345 or 12 345, with a no-break space."""
        from babel.numbers import format_decimal

        return format_decimal(value, locale=LOCALES[self.code])

    def decimal(self, value: float) -> str:
        """12.5 or 12,5, with all its decimals; thousands stay together."""
        from babel.numbers import format_decimal

        return format_decimal(value, "0.##########", locale=LOCALES[self.code], decimal_quantization=False)

    def period(self, months: int, days: int = 0) -> str:
        """6 years, 1 year 6 months, 30 days."""
        parts = []
        if years := months // 12:
            parts.append(self.ngettext("%(n)s year", "%(n)s years", years) % {"n": years})
        if months % 12:
            parts.append(self.months(months % 12))
        if days:
            parts.append(self.ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
        return " ".join(parts)

    def months(self, number: int) -> str:
        """12 months."""
        return self.ngettext("%(n)s month", "%(n)s months", number) % {"n": number}

    def change(self, value: int) -> str:
        """+5, −5 or ±0."""
        return ("+" if value > 0 else "−" if value < 0 else "±") + self.number(abs(value))

    def translated(self, data: Any, key: str = "") -> Any:
        """Report data with everything that is text in somebody's language translated into this one."""
        if isinstance(data, dict):
            spoken = copy(data)  # one with defaults keeps them
            spoken.update({name: self.translated(value, str(name)) for name, value in data.items()})
            return spoken
        if isinstance(data, (list, tuple)):
            return type(data)(self.translated(item, key) for item in data)
        if isinstance(data, str) and key in SPOKEN:
            return self.said(data)
        return self.label(data) if isinstance(data, str) and key in LABELS else data


@cache
def language(code: str, expectations: Path | None = None) -> Language:
    """The language with that code; VahtiError for an unknown one."""
    if code not in LOCALES:
        raise VahtiError(f"no language {code!r}", remedy=f"use one of {', '.join(LOCALES)}")
    product = Path(str(files("pipelines").joinpath("language/locale")))
    own = expectations / "locale" if expectations else None
    return Language(code, _catalogue(code, PRODUCT, product), _catalogue(code, EXPECTATIONS, own))


def by_language(words: object) -> dict[str, str]:
    """Words by language; words that are the same in all come as text."""
    return words if isinstance(words, dict) else {"en": str(words)} if words else {}


def text_in(texts: Mapping[str, str], language: str) -> str:
    """A text that is there by language; in English, or any other, where it lacks this one; '' where there is none."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def N_(text: str) -> str:
    """Marks a text for the catalogue where it is defined; it is translated later."""
    return text


def sayings(code: str, expectations: Path) -> dict[str, str]:
    """The translated words of the expectations, to be kept with a period, whose page may be rewritten without the expectations."""
    speech, ours = language(code, expectations), RULE + SEPARATOR
    found = {key.removeprefix(ours): said for key, said in _entries(speech.words) if key.startswith(ours)}
    return found | dict(_entries(speech.sayings))


def _entries(catalogue: object) -> list[tuple[str, str]]:
    entries = getattr(catalogue, "_catalog", {}).items()
    return [(key, said) for key, said in entries if isinstance(key, str) and key and said]


class Kept:
    """Sayings kept with a period."""

    def __init__(self, said: dict[str, str]) -> None:
        self.said = said

    def gettext(self, text: str) -> str:
        """Like a catalogue."""
        return self.said.get(text, text)


def kept_language(code: str, said: dict[str, str]) -> Language:
    """The language with that code, with the words kept with a period."""
    return Language(code, language(code).words, Kept(said))


@cache
def _catalogue(code: str, domain: str, folder: Path | None) -> Translator:
    """The translations of a domain; none if there is no file."""
    from babel.messages.pofile import read_po
    from babel.support import NullTranslations, Translations

    path = (folder or Path()) / code / "LC_MESSAGES" / f"{domain}.po"
    if folder is None or not path.is_file():
        return NullTranslations()
    try:
        with path.open("rb") as stream:
            return Translations(_compiled(read_po(stream, locale=code, abort_invalid=True)), domain)
    except Exception as error:  # Babel fails in various ways: not text, an unknown charset or plural form
        problem = f"is no catalogue of translations: {type(error).__name__}"
        raise ExpectationsError(problem, file=path, remedy="save it as .po, in UTF-8") from None


def _compiled(catalogue: Catalog) -> io.BytesIO:
    from babel.messages.mofile import write_mo

    target = io.BytesIO()
    write_mo(target, catalogue)
    target.seek(0)
    return target
