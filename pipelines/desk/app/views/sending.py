"""Worklists: as they are handed out, who has answered and who has not; and the days to come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.desk.app.session import Session
from pipelines.job import calendar
from pipelines.ledger import answers
from pipelines.text import visible


@dataclass(frozen=True)
class Sending:
    """The period's lists. `files`: {name, file} as they are handed out; `keepers`: a row each, those who have not answered first;
    `folder`: where answers may be dropped."""

    files: list[dict]
    keepers: list[dict]
    folder: Path

    @property
    def waiting(self) -> int:
        """How many keepers have rows that wait."""
        return sum(row["waiting"] > 0 for row in self.keepers)


def sending(session: Session) -> Sending:
    """The page of worklists."""
    folder, speech = session.opened.reports / "worklists", session.speech
    files = [
        {"name": path.stem.replace("-", " "), "file": path.name}
        for path in sorted(folder.glob("*.xlsx"), key=lambda path: path.stem)
    ]
    keepers = [
        {
            "who": each.keeper,
            "name": visible(speech.said(each.keeper)),
            "state": each.state,
            "rows": each.rows,
            "done": each.done,
            "not_done": each.not_done,
            "remark": each.remark,
            "waiting": each.waiting,
            "return_by": each.return_by,
            "is_late": bool(each.waiting and each.return_by and each.return_by < session.as_of),
        }
        for each in session.once("answers", lambda: answers.answered(session.home, session.period))
    ]
    return Sending(files, keepers, answers.folder(session.home))


def days(session: Session) -> list[calendar.Event]:
    """Every day to come by which something has to be done, in her language, the nearest first."""
    return session.once("days", lambda: calendar.events(session.home, session.loaded, session.period, session.code))
