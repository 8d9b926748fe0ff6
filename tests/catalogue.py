"""`make words`: the product's catalogues, brought up to date with what the product says.

    python -m tests.catalogue

Writes every `pipelines/language/locale/<language>/LC_MESSAGES/vahti.po` anew, in the order in which the product says things:
a translation is kept, a message that is new stands empty until somebody translates it, one that nobody says any more goes.
Ends with 1 where a translation is missing, and names it.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

import jinja2
from babel.messages.extract import extract_python
from babel.messages.pofile import normalize, read_po

from pipelines import errors
from pipelines.desk import notebooks, prose
from pipelines.expectations.rule import load_contract_rules
from pipelines.language.languages import LOCALES, RULE, TERM
from pipelines.ledger.tasks import TASKS

PIPELINES = Path(__file__).parents[1] / "pipelines"
FOLDER = PIPELINES / "language" / "locale"
SOURCE = "en"  # of the terms, which are no English themselves
KEYWORDS = {"_": None, "gettext": None, "N_": None, "Sentence": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
HEAD = """# {title}
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
TITLES = {
    "en": "The terms of vocabularies in English; every other message is English itself.",
    "fi": "Finnish words of the product.",
    "sv": "Swedish words of the product.",
}
# (context or None, message or (one, many)), and its translations: one, or one per plural form.
Message = tuple[str | None, str | tuple[str, str]]
Entries = dict[Message, tuple[str, ...]]


def path(language: str) -> Path:
    """The product's catalogue of a language."""
    return FOLDER / language / "LC_MESSAGES" / "vahti.po"


def entries(file: Path) -> Entries:
    """What a catalogue has."""
    with file.open("rb") as stream:
        found = [message for message in read_po(stream) if message.id]
    return {
        (message.context, message.id if isinstance(message.id, str) else tuple(message.id)): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string)
        )
        for message in found
    }


@cache
def said() -> tuple[Message, ...]:
    """Everything that the product says, in the order of its modules, templates, notebooks, rules and terms."""
    found: list[Message] = []
    for file in sorted(PIPELINES.rglob("*.py")):
        with file.open("rb") as stream:
            for _, function, message, _ in extract_python(stream, tuple(KEYWORDS), [], {"encoding": "utf-8"}):
                found.append(_message(function, message))
        found += faults(file.read_text("utf-8"))
    for file in sorted(PIPELINES.rglob("templates/*.jinja")):
        found += said_in(file.read_text("utf-8"))
    for file in notebooks.notebooks():
        found += [(None, text) for text in prose.messages(notebooks.read(file))]
    rules = [
        text for rule in load_contract_rules() for text in (rule.title, rule.why, rule.todo, rule.mandate, rule.owner)
    ]
    rules += [text for task in TASKS.values() for text in (task.title, task.todo)]
    found += [(RULE, " ".join(text.split())) for text in rules]
    found += [key for key in entries(path(SOURCE)) if (key[0] or "").startswith(TERM)]
    return tuple(dict.fromkeys(message for message in found if message[1]))


def faults(source: str) -> list[Message]:
    """Problems and remedies of faults that stand as they are where a module makes one, and what `known.checked` is asked for."""
    kinds = {"checked"} | {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.VahtiError)
    }
    made = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds
    ]
    texts = [
        text
        for node in made
        for text in (*node.args[:1], *(each.value for each in node.keywords if each.arg == "remedy"))
    ]
    return [(None, text.value) for text in texts if isinstance(text, ast.Constant)]


def said_in(template: str) -> list[Message]:
    """What a template says."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    return [_message(function, message) for _, function, message in environment.extract_translations(template)]


def _message(function: str, message: object) -> Message:
    parts = message if isinstance(message, tuple) else (message,)
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) < (2 if function in ("ngettext", "pgettext") else 1):
        return None, ""  # what a variable holds was marked where it was written down
    if function == "ngettext":
        return None, (texts[0], texts[1])
    return (texts[0], texts[1]) if function == "pgettext" else (None, texts[0])


def wanted(language: str) -> tuple[Message, ...]:
    """What a language's catalogue has to have."""
    return tuple(key for key in said() if language != SOURCE or (key[0] or "").startswith(TERM))


def written(language: str, translations: Entries) -> str:
    """A catalogue as text."""
    parts = [HEAD.format(title=TITLES[language], language=language)]
    for context, text in wanted(language):
        one, *many = (text,) if isinstance(text, str) else text
        strings = translations.get((context, text)) or ("",) * (1 + len(many))
        lines = ["#, python-format"] if re.search(r"%\(\w+\)s", one) else []
        lines += [f"msgctxt {normalize(context, width=0)}"] if context else []
        lines += [f"msgid {normalize(one, width=0)}"]
        lines += [f"msgid_plural {normalize(each, width=0)}" for each in many]
        if many:
            lines += [f"msgstr[{place}] {normalize(each, width=0)}" for place, each in enumerate(strings)]
        else:
            lines += [f"msgstr {normalize(strings[0], width=0)}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def missing(language: str) -> list[str]:
    """Messages that a language's catalogue lacks, or has no translation of."""
    known = entries(path(language))
    return [str(key[1]) for key in wanted(language) if not all(known.get(key) or ("",))]


def unused(language: str) -> list[str]:
    """Messages of a language's catalogue that the product does not say."""
    return [str(key[1]) for key in entries(path(language)).keys() - set(wanted(language))]


def main() -> int:
    """Writes the catalogues; prints what is still to be translated."""
    lacking = 0
    for language in LOCALES:
        text = written(language, entries(path(language)))
        path(language).write_text(text, encoding="utf-8")
        for message in missing(language):
            lacking = 1
            print(f"{language}: not translated: {message}", file=sys.stderr)
    return lacking


if __name__ == "__main__":
    sys.exit(main())
