"""Words of the desk that stand for values: states, severities, choices of filters."""

from __future__ import annotations

from collections.abc import Callable

LANGUAGES = {"en": "English", "fi": "Suomi", "sv": "Svenska"}


def words(_: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """{kind: {value: in her language}}."""
    return {
        "severity": {"high": _("High"), "medium": _("Medium"), "low": _("Low")},
        "state": {
            "new": _("New"), "open": _("Open since before"), "reappeared": _("Reappeared"),
            "reported done": _("Reported done"), "accepted": _("Accepted"), "not observable": _("Not observable"),
            "resolved": _("Resolved"),
        },
        "shown": {
            "open": _("To be dealt with"), "urgent": _("Urgent (a week or less)"), "there": _("Everything still there"), "reported done": _("Reported done"),
            "accepted": _("Accepted"), "resolved": _("Resolved"), "not observable": _("Not observable"),
        },
        "due": {
            "late": _("Past their day"), "today": _("Today or before"), "week": _("Within a week"),
            "month": _("Within a month"),
        },
    }  # fmt: skip


def ways(_: Callable[[str], str]) -> dict[str, str]:
    """The pages that every page leads to, by the first word of their address."""
    return {"": _("Start here"), "findings": _("All findings"), "acceptances": _("Acceptances")}
