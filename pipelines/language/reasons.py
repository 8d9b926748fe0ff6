"""Why something could not be checked, in words: rules, statements and look-ups give the reason as fixed phrases."""

from __future__ import annotations

import re

from pipelines.language.languages import N_, Language

REASONS = (
    N_("export missing"),
    N_("column missing"),
    N_("no records to look at"),
    N_("reads what this period lacks"),
    N_("text in another encoding"),
    N_("no patterns of this country are known"),
    N_("reads a column that this period lacks"),
    N_("reads a dataset or column that this period lacks"),
    N_("lacks what would tell whether a record is held"),
)
# How the schedule names a missing dataset.
LACKED = re.compile(r"reads (\w+), which this period lacks")


def reason(speech: Language, text: str) -> str:
    """A reason in the reader's language; unchanged if there is no translation."""
    lacking = LACKED.fullmatch(text)
    if lacking:
        return speech.gettext("reads %(dataset)s, which this period lacks") % {"dataset": speech.label(lacking[1])}
    return speech.gettext(text) if text in REASONS else text
