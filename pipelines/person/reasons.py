"""Why a record belongs to somebody, as a sentence that can be translated into the letter's language; as text it is English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.language.languages import language as language_of
from pipelines.person import wording


@dataclass(frozen=True)
class Label:
    """A dataset or column of the contracts, by its name there."""

    name: str


@dataclass(frozen=True)
class Kind:
    """A kind of data that can belong to one person alone, such as a phone number."""

    kind: str


@dataclass(frozen=True)
class Reason:
    """A sentence of `wording.SENTENCES`, and its values: text, a Label, a Kind, another Reason."""

    key: str
    values: tuple[tuple[str, object], ...] = ()

    def said(self, language: str, expectations: Path | None = None) -> str:
        """The sentence; `expectations`: the folder with the controller's names for datasets and columns."""

        def put(value: object) -> str:
            match value:
                case Reason():
                    return value.said(language, expectations)
                case Label():
                    return language_of(language, expectations).label(value.name)
                case Kind():
                    return wording.kind(language, value.kind)
            return str(value)

        return wording.say(language, self.key, **{name: put(value) for name, value in self.values})

    def cleaned(self, clean: Callable[[str], str]) -> Reason:
        """The same with every text in it cleaned."""

        def put(value: object) -> object:
            return (
                value.cleaned(clean) if isinstance(value, Reason) else clean(value) if isinstance(value, str) else value
            )

        return replace(self, values=tuple((name, put(value)) for name, value in self.values))

    def __str__(self) -> str:
        return self.said("en")


def reason(key: str, /, **values: object) -> Reason:
    """A Reason of these values."""
    return Reason(key, tuple(values.items()))
