"""A sentence that is said in English and can be said in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class Sentence(str):
    """The English text, with its template and the facts that fill %(name)s in it; a fact may be a sentence itself."""

    __slots__ = ("facts", "template")
    template: str
    facts: dict[str, object]

    def __new__(cls, template: str, **facts: object) -> Sentence:
        made = super().__new__(cls, template % facts if facts else template)
        made.template, made.facts = template, facts
        return made

    def said(self, gettext: Callable[[str], str]) -> str:
        """In the language of `gettext`; in English where the catalogue lacks it."""
        text = gettext(self.template) if self.template else ""  # a catalogue has its own head under the empty text
        return text % {name: said(fact, gettext) for name, fact in self.facts.items()} if self.facts else text


def said(value: object, gettext: Callable[[str], str]) -> str:
    """A sentence in the language of `gettext`; anything else as it is."""
    return value.said(gettext) if isinstance(value, Sentence) else str(value)


def joined(sentences: Iterable[str], between: str = "; ") -> Sentence:
    """Several as one."""
    facts = {f"part{number}": each for number, each in enumerate(sentences)}
    return Sentence(between.join(f"%({name})s" for name in facts), **facts)
