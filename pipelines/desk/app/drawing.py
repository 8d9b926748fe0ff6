"""A view as HTML: `templates/`, in the officer's language. Everything that comes from data is escaped, and every letter that
would hide, or turn other letters, shown by its code."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pipelines.desk.app import wording
from pipelines.desk.app.session import Session
from pipelines.language.languages import language
from pipelines.text import visible

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment


@cache
def _environment(code: str, folder: Path) -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    place, speech = files("pipelines").joinpath("desk", "app", "templates"), language(code, folder)
    environment = Environment(
        loader=FunctionLoader(lambda name: place.joinpath(name).read_text("utf-8")),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)  # type: ignore[attr-defined]  # i18n's
    environment.filters |= {"n": speech.number, "day": speech.day, "said": speech.said, "label": speech.label}
    environment.filters["iso"] = dt.date.fromisoformat
    environment.filters["merge"] = lambda one, other: {**one, **other}
    environment.globals |= {"words": wording.words(speech), "ways": wording.ways(speech.gettext)}
    environment.globals["to"] = lambda path, **query: "#" + address(path, **query)
    return environment


def draw(session: Session, template: str, words: dict) -> tuple[str, str]:
    """(HTML, title) of a page."""
    environment = _environment(session.code, session.folder)
    frame = {
        "session": session,
        "controller": session.loaded.controller,
        "languages": wording.LANGUAGES,
        "periods": [dt.date.fromisoformat(period) for period in session.opened.known],
        "as_of": session.as_of,
    }
    html = _shown(environment.get_template(template).render(frame | words))
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    return html, unescape(re.sub(r"<[^>]+>", "", heading[1])).strip() if heading else ""


def _shown(html: str) -> str:
    """The page with what hides made visible; values within a tag, which a form gives back, stay as they are."""
    parts = re.split(r"(<[^>]*>)", html)
    return "".join(part if part.startswith("<") else "\n".join(map(visible, part.split("\n"))) for part in parts)


def address(path: str, **query: object) -> str:
    """An address within the application; empty values are left out."""
    asked = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{path}?{urlencode(asked)}" if asked else path
