"""Words of the desk that stand for values: states, severities, choices of filters."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.language.languages import N_, Language
from pipelines.person import redact

LANGUAGES = {"en": "English", "fi": "Suomi", "sv": "Svenska"}


# How a statement of the notice stands.
VERDICTS = {
    "holds": N_("Holds"), "broken": N_("Does not hold"), "cannot tell": N_("Cannot be told"), "attested": N_("Attested"),
    "attestation expired": N_("Attestation has ended"), "not evidenced": N_("Nothing shows it"),
}  # fmt: skip


def words(speech: Language) -> dict[str, dict[str, str]]:
    """{kind: {value: in her language}}."""
    _, pgettext = speech.gettext, speech.pgettext
    return {
        "severity": {"high": _("High"), "medium": _("Medium"), "low": _("Low")},
        "state": {
            "new": pgettext("one finding", "New"),
            "open": _("Open since before"),
            "reappeared": _("Reappeared"),
            "reported done": _("Reported done"),
            "accepted": _("Accepted"),
            "not observable": _("Not observable"),
            "resolved": _("Resolved"),
        },
        "shown": {
            "open": _("To be dealt with"),
            "urgent": _("Urgent (a week or less)"),
            "there": _("Everything still there"),
            "mended": _("Mended since the period before"),
            "reported done": _("Reported done"),
            "accepted": _("Accepted"),
            "resolved": _("Resolved"),
            "not observable": _("Not observable"),
        },
        "decision": decisions(_),
        "answered": {
            "not answered": _("Not answered"),
            "answered in part": _("Answered in part"),
            "answered": _("Answered"),
        },
        "spot": {
            redact.OTHERS: _("Another person's data"),
            redact.HOLD: _("The reason of a legal hold"),
            redact.TEXT: _("Free text to be read"),
        },
        "goes": {
            "": _("Not decided yet"),
            redact.RELEASE: _("Goes out as it stands"),
            redact.REDACT: _("Goes out without what was found in it"),
            redact.WITHHOLD: _("Does not go out"),
        },
        "verdict": {status: _(text) for status, text in VERDICTS.items()},
        "due": {
            "late": _("Past their day"),
            "today": _("Today or before"),
            "week": _("Within a week"),
            "month": _("Within a month"),
        },
    }


def ways(_: Callable[[str], str]) -> dict[str, str]:
    """The pages that every page leads to, by the first word of their address."""
    return {
        "": _("Start here"),
        "findings": _("All findings"),
        "rules": _("Rules"),
        "notice": _("Privacy notice"),
        "systems": _("Systems"),
        "people": _("One person"),
        "requests": _("Requests"),
        "acceptances": _("Acceptances"),
        "disposals": _("Disposals"),
        "worklists": _("Worklists"),
        "calendar": _("Calendar"),
        "report": _("Report"),
        "log": _("What was decided"),
    }


def decisions(_: Callable[[str], str]) -> dict[str, str]:
    """What can be done, as the journal tells it."""
    return {
        "accept": _("Accepted for a time"),
        "extend": _("Acceptance goes on"),
        "withdraw": _("Acceptance withdrawn"),
        "assign": _("Handed to another"),
        "remark": _("Remark"),
        "worklist": _("Worklist taken back"),
        "attest": _("Statement attested"),
        "disposal approved": _("Disposal approved"),
        "disposal withdrawn": _("Approval of a disposal withdrawn"),
        "offer yes": _("Offered record: theirs"),
        "offer no": _("Offered record: not theirs"),
        "offer withdrawn": _("Answer on an offered record withdrawn"),
        "redaction release": _("Field goes out as it stands"),
        "redaction redact": _("Field goes out without what was found in it"),
        "redaction withhold": _("Field does not go out"),
        "redaction withdrawn": _("Decision on a field withdrawn"),
    }
