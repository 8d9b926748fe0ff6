"""The report's words, days and numbers in the reader's language: English, Finnish, Swedish.

Catalogues are gettext `.po` files, read as they stand: `pipelines/language/locale/<language>/LC_MESSAGES/vahti.po` for the
product's words, `expectations/locale/<language>/LC_MESSAGES/expectations.po` for what the expectations say (titles of
rules and classes, reasons, owners, columns). What a catalogue lacks stays in the language it was written in.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.errors import ExpectationsError, VahtiError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from jinja2 import Environment

# How a language's readers in Finland write days and numbers.
LOCALES = {"en": "en_GB", "fi": "fi_FI", "sv": "sv_FI"}
PRODUCT, EXPECTATIONS = "vahti", "expectations"
# What of the report's data is text in somebody's language: rules, classes of the schedule, systems and offices.
SPOKEN = {"title", "why", "todo", "mandate", "owner", "who", "keepers", "system"}
LABELS = {"dataset", "field"}


class Sayings(Protocol):
    """What gives a text in another language, or as it was."""

    def gettext(self, message: str, /) -> str: ...


class Translator(Sayings, Protocol):
    """The same, and by number."""

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str: ...


@dataclass(frozen=True, eq=False)
class Language:
    """One language: `gettext` and `ngettext` for the product's words, `said` for what the expectations say."""

    code: str
    words: Translator = field(repr=False)
    sayings: Sayings = field(repr=False)

    def gettext(self, text: str) -> str:
        """The product's words."""
        return self.words.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The product's words, by number."""
        return self.words.ngettext(one, many, number)

    def said(self, text: str) -> str:
        """What the expectations say; line breaks of a rule's own text are spaces."""
        return self.sayings.gettext(" ".join(text.split())) if text else ""

    def label(self, name: str) -> str:
        """A dataset or column in words."""
        found = self.sayings.gettext(name) if name else ""
        return found if found != name else name.replace("_", " ")

    def day(self, value: dt.date | None) -> str:
        """30 Jun 2026, 30.6.2026, 30 juni 2026; nothing for no day."""
        from babel.dates import format_date

        return format_date(value, "medium", locale=LOCALES[self.code]) if value else ""

    def number(self, value: int) -> str:
        """12,345 or 12 345, with a space that does not break."""
        from babel.numbers import format_decimal

        return format_decimal(value, locale=LOCALES[self.code])

    def change(self, value: int) -> str:
        """+5, −5 or ±0."""
        return ("+" if value > 0 else "−" if value < 0 else "±") + self.number(abs(value))

    def translated(self, data: Any, key: str = "") -> Any:
        """Data for the report with everything in it that is text in somebody's language put into this one."""
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
    """The language of that code; VahtiError for one that there is not."""
    if code not in LOCALES:
        raise VahtiError(f"no language {code!r}", remedy=f"use one of {', '.join(LOCALES)}")
    product = Path(str(files("pipelines").joinpath("language/locale")))
    own = [expectations / "locale"] if expectations else []
    return Language(code, _catalogue(code, PRODUCT, (product,)), _catalogue(code, EXPECTATIONS, (product, *own)))


def sayings(code: str, expectations: Path) -> dict[str, str]:
    """What the expectations say, in a language: to be kept with a period, whose page may be written again without them."""
    found: dict[str, str] = {}
    catalogue: object = language(code, expectations).sayings
    while catalogue is not None:
        own = getattr(catalogue, "_catalog", {})
        found = {key: said for key, said in own.items() if isinstance(key, str) and key and said} | found
        catalogue = getattr(catalogue, "_fallback", None)
    return found


class Kept:
    """Sayings kept with a period."""

    def __init__(self, said: dict[str, str]) -> None:
        self.said = said

    def gettext(self, text: str) -> str:
        """As a catalogue does."""
        return self.said.get(text, text)


def kept_language(code: str, said: dict[str, str]) -> Language:
    """The language of that code, with sayings that were kept."""
    return Language(code, language(code).words, Kept(said))


@cache
def _catalogue(code: str, domain: str, folders: Iterable[Path]) -> Translator:
    """The translations of a domain, the last folder's before the others'."""
    from babel.messages.pofile import read_po
    from babel.support import NullTranslations, Translations

    found = NullTranslations()
    for folder in folders:
        path = folder / code / "LC_MESSAGES" / f"{domain}.po"
        if path.is_file():
            try:
                with path.open("rb") as stream:
                    translations = Translations(_compiled(read_po(stream, locale=code, abort_invalid=True)), domain)
            except (
                Exception
            ) as error:  # Babel fails in ways of its own: not text, a charset or plural form that is none
                problem = f"is no catalogue of translations: {type(error).__name__}"
                raise ExpectationsError(problem, file=path, remedy="save it as .po, in UTF-8") from None
            if not isinstance(found, Translations):
                found = translations
            else:
                translations.add_fallback(found)
                found = translations
    return found


def _compiled(catalogue: Catalog) -> io.BytesIO:
    from babel.messages.mofile import write_mo

    target = io.BytesIO()
    write_mo(target, catalogue)
    target.seek(0)
    return target


def messages(template: str, environment: Environment) -> list[tuple]:
    """(line, function, message) of everything that a template says through gettext."""
    return list(environment.extract_translations(re.sub(r"\A\s+", "", template)))  # type: ignore[attr-defined]  # of its extension i18n
