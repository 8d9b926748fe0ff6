"""One person on the desk: `wb.subject(...)` finds people, and a chosen one says what is held of them.

Names and values are masked; only `reveal` shows them, for a stated reason. Every look goes to the home's log first.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from pipelines import person as subject
from pipelines.desk.saving import Revealed
from pipelines.desk.tables import Said, Shown, Table
from pipelines.errors import VahtiError
from pipelines.language.languages import N_
from pipelines.person import register
from pipelines.person.holding import protected
from pipelines.person.unknown import searched
from pipelines.sql import ident

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pipelines.desk.found import Findings
    from pipelines.desk.queries import Queries
    from pipelines.person import Package, Place

PROTECTED = N_("PROTECTED (turvakielto): make sure who asks, and who may see this, before you show or send anything.")


def candidates(workbench: Queries, query: str, why: str) -> Table:
    """One row per person or loose record that the query may mean, names and addresses masked; the protected first."""
    with _place(workbench) as place:
        found = subject.candidates(place, query, why=why)
        nobody = workbench.words.put(N_("Nobody was found."))
        nothing = "" if len(found) else f"{nobody} {searched(place)}"
    note = workbench.words.put(PROTECTED) if (found.protected != "").any() else nothing
    if more := found.attrs["more"]:
        text = N_("%(n)s more are not shown: say more of the person, such as the given name or the street.")
        note = f"{workbench.words.put(text, n=more)} {note}".strip()
    shown = found.drop(columns=["member", "is_exact"]).assign(matched=found.matched.map(_words))
    return Table(shown, workbench.words.put(N_("Who may be meant")), note, words=workbench.words)


def whom(workbench: Queries, query: str | None, why: str | None) -> tuple[str, str]:
    """(whom to look for, why): as given, or asked of whoever sits at the notebook, who types it unseen and unsaved.

    Samples need no name: an example is used. VahtiError where there is no one to ask, or no answer comes.
    """
    if workbench.controller.synthetic_data:
        return query or example(workbench), why or ""
    whom = N_("Whom do you look for? Number, name, phone, address … (not shown, not saved): ")
    reason = N_("Why? Name the request or the task, not the person (not shown here; goes to the log): ")
    return query or _answer(workbench.words.put(whom)), why or _answer(workbench.words.put(reason))


def choose(workbench: Queries, found: Table, customer: str | None) -> str:
    """The customer number meant: as given, the only one found, on samples the first; otherwise asked for."""
    numbers = [str(number) for number in found.customer_number if number]
    if customer or not numbers:
        return str(customer or "")
    if workbench.controller.synthetic_data or len(numbers) == 1:
        return numbers[0]
    number = _answer(
        workbench.words.put(N_("Which of them? %(numbers)s: "), numbers=", ".join(numbers[:NUMBERS_NAMED]))
    )
    if number not in numbers:
        raise VahtiError("is none of those found", place="customer number", remedy=f"choose of: {', '.join(numbers)}")
    return number


def _answer(question: str) -> str:
    """What is typed, without an echo that a notebook would save."""
    try:
        answer = getpass.getpass(question).strip()
    except Exception:  # no one sits there: nbclient, a report; each front end says so in a way of its own
        answer = ""
    if not answer:
        raise VahtiError(
            "nobody is named whose data to open, or no reason",
            remedy="set query (or customer) and reason in the first cell, and run again; nobody's record was opened",
        )
    return answer


def example(workbench: Queries) -> str:
    """The number that most findings are about, or else the first of the register: an example where no one is named."""
    found = cast("Findings", workbench).findings().df
    counts = found[found.customer_number != ""].customer_number.value_counts().sort_index()
    if len(counts):
        return str(counts.idxmax())
    dataset, column = workbench.controller.subject
    if column not in workbench.present(dataset):
        return ""
    first = workbench.sql(f"select min({ident(column)}) as number from registry.{ident(dataset)}").number[0]
    return "" if pd.isna(first) else str(first)


# Of so many candidates the number is named in the question which one is meant.
NUMBERS_NAMED = 10


@dataclass(frozen=True)
class Person(Shown):
    """`wb.subject(customer=…)`: what is held of one person. Shown by itself, it is its records.

    Each question is one look, logged and answered once; whoever wants the answer of another moment asks for the person anew.
    """

    workbench: Queries
    number: str
    why: str = ""

    def __repr__(self) -> str:
        return repr(self.records())

    def _repr_html_(self) -> str:
        return self.records()._repr_html_()

    def records(self) -> Table:
        """One row per record: where it is, why it is theirs, until when it is kept, and which fields it has. No values."""
        return Table(*self._records, rows=None, words=self.workbench.words)

    def places(self) -> Table:
        """One row per system: how many records, and the first and the last day on which some of them must go."""
        days = self.records().df.groupby("system").last_day
        rows = days.agg(records="size", first_last_day="min", latest_last_day="max").reset_index()
        words = self.workbench.words
        return Table(
            rows, words.put(N_("Where customer %(number)s is held"), number=self.number), rows=None, words=words
        )

    def values(self) -> Table:
        """One row per record and field, every personal value masked; nothing at all of a protected person."""
        return Table(*self._values, words=self.workbench.words)

    def reveal(self, why: str | None) -> Revealed | Said:
        """The values themselves, for a stated reason, which goes to the log; without one, how to state it."""
        if not (why or "").strip():
            text = N_(
                'Values are shown for a stated reason only: person.reveal("request TP123"). The reason goes to the log.'
            )
            return Said("", (("", self.workbench.words.put(text)),))
        caption = N_("Values held of customer %(number)s: not for print or mail")
        return Revealed(*self._asked(subject.reveal, caption, why=why), self.workbench.words)

    def offers(self) -> Table:
        """One row per record or person that may be this one too; in no package until somebody says yes."""
        return Table(*self._offers, words=self.workbench.words)

    def package(self, folder: str | Path, **options: Any) -> Package:
        """Makes the access package in a new folder, for a `request` or a reason, `why`; without either, for the reason that
        the person was looked up for. VahtiError where there is none. See `vahti subject --package`."""
        with _place(self.workbench) as place:
            return subject.package(place, self.number, Path(folder), **{"why": self.why} | options)

    @cached_property
    def _records(self) -> tuple[pd.DataFrame, str, str]:
        return self._asked(subject.records, N_("Held of customer %(number)s"), language=self.workbench.language)

    @cached_property
    def _values(self) -> tuple[pd.DataFrame, str, str]:
        return self._asked(subject.reveal, N_("Values held of customer %(number)s, masked"), masked=True)

    @cached_property
    def _offers(self) -> tuple[pd.DataFrame, str, str]:
        found, caption, note = self._asked(
            subject.offers, N_("May be customer %(number)s too; nothing of it is included")
        )
        return found.drop(columns="record_key"), caption, note

    def _asked(
        self, question: Callable[..., pd.DataFrame], caption: str, **options: Any
    ) -> tuple[pd.DataFrame, str, str]:
        """(answer, caption, a warning where the person is protected)."""
        with _place(self.workbench) as place:
            found = question(place, self.number, **{"why": self.why} | options)
            said = self.workbench.words.put(caption, number=self.number)
            return found, said, self.workbench.words.put(PROTECTED) if protected(place, [self.number]) else ""


def links(workbench: Queries, why: str) -> Table:
    """One row per pair of people or records that may be one, the likeliest first, for a yes or no."""
    with _place(workbench) as place:
        found = subject.links(place, why=why)
    caption = workbench.words.put(N_("Pairs that may be one person, not yet answered"))
    return Table(found.drop(columns="answer"), caption, words=workbench.words)


def to_label(workbench: Queries, most: int) -> Table:
    """Pairs near the threshold, the two side by side and masked, for a yes, no or do not know."""
    with _place(workbench) as place:
        found = subject.to_label(place, most)
    note = workbench.words.put(
        N_('wb.label("LEFT", "RIGHT", "yes"), "no" or "do not know". It measures, and joins nobody.')
    )
    caption = workbench.words.put(N_("One person or two? Pairs near the threshold that nobody has labelled"))
    return Table(found, caption, note, rows=None, words=workbench.words)


def label(workbench: Queries, left: str, right: str, answer: str) -> Said:
    """Keeps the officer's label of a pair in the home."""
    with _place(workbench) as place:
        subject.label(place, left, right, answer)
    return Said(
        "",
        (
            (
                "",
                workbench.words.put(
                    N_("Kept: %(one)s and %(other)s: %(answer)s."), one=left, other=right, answer=answer
                ),
            ),
        ),
    )


def labelled(workbench: Queries) -> Table:
    """One row per band of probability with the labels given to its pairs; the note has precision and recall."""
    with _place(workbench) as place:
        found, precision, recall = subject.labelled(place)
    precise = (
        N_("Precision %(share)s")
        if precision is not None
        else N_("Precision cannot be told yet: a band of pairs offered has no yes or no")
    )
    recalled = (
        N_("recall %(share)s") if recall is not None else N_("recall cannot be told yet: a band has no yes or no")
    )
    said = [
        workbench.words.gettext(text) % ({} if value is None else {"share": format(value, ".3f")})
        for text, value in ((precise, precision), (recalled, recall))
    ]
    caption = workbench.words.put(N_("What was said of the pairs, by how likely they are one person"))
    return Table(found, caption, "; ".join(said) + ".", rows=None, words=workbench.words)


def requests(workbench: Queries) -> Table:
    """One row per open request of a data subject, with its last day and the packages made for it."""
    caption = workbench.words.put(N_("Open requests, by their last day"))
    with _place(workbench) as place:
        if register.is_there(place):
            return Table(subject.requests(place), caption, words=workbench.words)
    note = N_(
        "This period has no register of requests: nothing could be looked at. That none is listed is no sign of health."
    )
    nothing = pd.DataFrame(columns=["request", "kind", "customer_number", "received_on", "last_day"])
    return Table(nothing, caption, workbench.words.put(note), words=workbench.words)


def log(workbench: Queries) -> Said:
    """Whether the log of look-ups is intact; the number of entries is left out, because every look changes it."""
    verdict = subject.verify_log(workbench.home)
    broken = N_("The log of look-ups is broken at line %(line)s: %(problem)s.")
    whole = N_("The log of look-ups is whole: every entry follows from the one before it.")
    text = workbench.words.put(broken if verdict.line else whole, line=verdict.line, problem=verdict.problem)
    return Said("", tuple(("", line) for line in (text, *verdict.notes)))


def _place(workbench: Queries) -> AbstractContextManager[Place]:
    return subject.at(workbench.home, workbench.opened.expectations, workbench.name)


def _words(kinds: str) -> str:
    return kinds.replace("pd:", "")
