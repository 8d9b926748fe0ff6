"""The headings of tables on a terminal in words; CSV and JSON have the names of the columns themselves."""

from __future__ import annotations

from pipelines.commands.spoken import speech
from pipelines.language.languages import N_

HEADINGS = {
    "fingerprint": N_("fingerprint"), "severity": N_("severity"), "rule": N_("rule"), "dataset": N_("dataset"),
    "record_key": N_("record key"), "field": N_("field"), "state": N_("state"), "first_seen": N_("first seen"),
    "age_days": N_("age in days"), "act_by": N_("act by"), "system": N_("system"), "file": N_("file"),
    "position": N_("position"), "header": N_("header"), "acceptance": N_("acceptance"), "findings": N_("findings"),
    "until_on": N_("until"), "accepted_by": N_("accepted by"), "second_name": N_("second name"), "reason": N_("reason"),
    "class": N_("class"), "records": N_("records"), "first_day": N_("first day"), "approved_by": N_("approved by"),
    "since": N_("since"), "decided_on": N_("decided on"), "period": N_("period"), "what": N_("what"), "about": N_("about"),
    "decided_by": N_("decided by"), "keeper": N_("keeper"), "rows": N_("rows"), "done": N_("done"), "not done": N_("not done"),
    "remark": N_("remark"), "waiting": N_("waiting"), "return by": N_("return by"), "files": N_("files"), "entry": N_("entry"),
    "at": N_("time"), "who": N_("who"), "whom": N_("whom"), "why": N_("why"), "value": N_("value"), "match": N_("match"),
    "last_day": N_("last day"), "fields": N_("fields"), "member": N_("offer"), "probability": N_("probability"),
    "left": N_("one record"), "right": N_("other record"), "answer": N_("answer"), "left_value": N_("value of the one"),
    "matched": N_("matched by"), "protected": N_("protected"), "right_value": N_("value of the other"), "compared": N_("compared"),
}  # fmt: skip

# What stands in cells and is no name that an option takes.
VALUES = {
    "not answered": N_("not answered"), "answered in part": N_("answered in part"), "answered": N_("answered"),
    "in force": N_("in force"), "ended": N_("ended"),
}  # fmt: skip


def cell(value: object) -> str:
    """A cell in the language of the command; names, as options take them, stay."""
    text = str(value)
    return speech().gettext(VALUES[text]) if text in VALUES else text


def heading(name: str) -> str:
    """A column's heading in the language of the command: in words of its own, or of the expectations."""
    spoken = speech()
    return spoken.gettext(HEADINGS[name]) if name in HEADINGS else spoken.label(name)
