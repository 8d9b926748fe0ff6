"""What comes of a form, and what its fields say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.desk.app.session import Session
from pipelines.errors import VahtiError
from pipelines.language.languages import N_
from pipelines.text import written_day

Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Done:
    """What came of it, in her language, and the page to go on to. `changed`: something was decided;
    `download`: a file for her, (name, bytes)."""

    text: str
    then: str
    changed: bool = True
    download: tuple[str, bytes] | None = None


def name(session: Session, values: Mapping[str, str]) -> str:
    """Who decides, as the form says it; kept for the next form."""
    session.by = values.get("by", "").strip() or session.by
    return values.get("by", "").strip()


def day(values: Mapping[str, str], field: str) -> dt.date:
    """A day of a form, as the browser's calendar gives it or as it is written in Finland or Britain; VahtiError for none."""
    if found := written_day(str(values.get(field, ""))):
        return found
    raise VahtiError(N_("no day is given"), place=field, remedy=N_("choose a day, or write it as day.month.year"))
