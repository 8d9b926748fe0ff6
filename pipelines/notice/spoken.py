"""What breaks or hides a statement of the notice, in the reader's words: titles of rules, names of datasets, reasons."""

from __future__ import annotations

from collections import Counter

from pipelines.language.languages import N_, Language
from pipelines.language.reasons import reason
from pipelines.notice.verdicts import Verdict

# What contradicts a statement when a fact about contracts or exports does, not a rule.
FACTS = {
    "known": N_("A value that is on no list of the controller"),
    "only_categories": N_("A kind of personal data that the notice does not name"),
    "no_category": N_("A kind of personal data that the notice rules out"),
    "purposes": N_("A purpose that the notice does not name"),
    "purposes_of": N_("A purpose that the notice does not name"),
    "no_purpose": N_("A purpose that the notice rules out"),
}


def broken_by(verdict: Verdict, speech: Language, titles: dict[str, str]) -> list[tuple[str, str, int]]:
    """(rule or fact, its title, findings), most findings first. `titles`: of every rule."""
    counts: Counter[str] = Counter()
    for rule, _, _, count in verdict.found:
        counts[rule] += count
    return [
        (rule, speech.gettext(FACTS[rule]) if rule in FACTS else speech.said(titles.get(rule, rule)), count)
        for rule, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def unseen(verdict: Verdict, speech: Language, titles: dict[str, str]) -> list[str]:
    """What kept a statement from being judged: the dataset, or the rule, and why."""
    return list(dict.fromkeys(_unseen(text, speech, titles) for text in verdict.hidden))


def _unseen(text: str, speech: Language, titles: dict[str, str]) -> str:
    place, parted, why = text.partition(": ")
    if not parted:
        return reason(speech, text)
    place = speech.said(titles[place]) if place in titles else speech.label(place)
    return f"{place}: {speech.said(titles[why]) if why in titles else reason(speech, why)}"
