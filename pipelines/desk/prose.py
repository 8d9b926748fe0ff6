"""The prose of notebooks in the reader's language, paragraph by paragraph, from the product's catalogue.

`notebooks/` is English. Messages are the paragraphs of its markdown, the remarks on parameters, and the sentence that the last cell
says. What somebody wrote into a notebook of their own is no message, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from pipelines.desk import notebooks
from pipelines.language.languages import LOCALES, language

if TYPE_CHECKING:
    from nbformat import NotebookNode

Said = Callable[[str], str]
PARAGRAPH = re.compile(r"(?P<before>(?:\A|\n\n+)(?:#+ )?)(?P<text>(?:(?!\n\n).)+)", re.DOTALL)
REMARK = re.compile(r"(?P<before>^\w+ = .*?  # )(?P<text>.+)$", re.MULTILINE)
# A sentence as the last expression of a cell: an f-string, whose facts are Python and stay as they are.
SENTENCE = re.compile(r'(?P<before>(?:\A|\n)f")(?P<text>[^"\n]+)(?="\Z)')


def messages(notebook: NotebookNode) -> list[str]:
    """What a notebook of the project says, in its order, each once."""
    found: list[str] = []

    def noted(text: str) -> str:
        found.append(text)
        return text

    for cell in notebook.cells:
        _said(cell, noted)
    return list(dict.fromkeys(found))


def turned(notebook: NotebookNode, code: str) -> NotebookNode:
    """The notebook with all that is the project's in a language, whatever language of ours it was in before."""
    known = _known()
    speech = language(code)
    for cell in filter(_has_text, notebook.get("cells", [])):
        said = _said(cell, lambda text: speech.gettext(known[text]) if text in known else text)
        if said != _source(cell):
            cell["source"] = said
    return notebook


def _said(cell: NotebookNode, say: Said) -> str:
    """The source of a cell, with what is prose in it said anew."""
    text = _source(cell)
    for shape in _shapes(cell):
        text = shape.sub(lambda found: found["before"] + say(found["text"]), text)
    return text


def _has_text(cell: object) -> bool:
    """Whether it is a cell as Jupyter writes it; a damaged one is left as it is."""
    source = cell.get("source") if isinstance(cell, dict) else None
    return isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))


def _source(cell: NotebookNode) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)  # a file may have it line by line


def _shapes(cell: NotebookNode) -> Iterator[re.Pattern]:
    if cell.get("cell_type") == "markdown":
        yield PARAGRAPH
    elif "parameters" in cell.get("metadata", {}).get("tags", []):
        yield REMARK
    else:
        yield SENTENCE


@cache
def _known() -> dict[str, str]:
    """By what is said in each language, the message."""
    said = [text for path in notebooks.notebooks() for text in messages(notebooks.read(path))]
    return {language(code).gettext(text): text for code in reversed(LOCALES) for text in said}
