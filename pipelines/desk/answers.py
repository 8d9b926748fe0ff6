"""The privacy notice and one person, as members of the workbench."""

from __future__ import annotations

from pipelines.desk import notice as desk_notice
from pipelines.desk import people as desk_people
from pipelines.desk.queries import Queries, whole
from pipelines.desk.tables import Said, Table
from pipelines.language.languages import N_


class Answers(Queries):
    """The part of the workbench on the notice and on people."""

    # The privacy notice

    def notice(self, statement: str | None = None) -> Table | Said:
        """One row per statement of the privacy notice: whether it holds; of one statement, what it rests on."""
        shown = desk_notice.statements(self)
        if statement is None:
            return self._table(shown, self.words.put(N_("The privacy notice on %(day)s"), day=self.as_of), rows=None)
        named = self._known("statement", statement, shown.id)
        return Said(named, tuple(desk_notice.evidence(self, named)))

    def amendments(self) -> Table:
        """One row per thing that the exports show and the notice does not say, with a proposal of what to say."""
        return self._table(desk_notice.proposals(self), self.words.put(N_("What the notice does not say")), rows=None)

    # One person

    def subject(
        self, query: str | None = None, *, customer: str | None = None, why: str = ""
    ) -> Table | desk_people.Person:
        """Who may be meant by a query in any spelling, masked; or, with `customer`, that person and what is held of them.

        Without either, on samples: the customer that most findings are about; a real person must be named. `why` goes to the log of look-ups.
        """
        if customer:
            return desk_people.Person(self, str(customer), why)
        return desk_people.candidates(self, query or desk_people.whom(self, query, why)[0], why)

    def whom(self, query: str | None = None, why: str | None = None) -> tuple[str, str]:
        """(whom to look for, why): as given; asked for where a real person would be opened without either."""
        return desk_people.whom(self, query, why)

    def choose(self, found: Table, customer: str | None = None) -> str:
        """The customer number that is meant among those found; asked for where there are several."""
        return desk_people.choose(self, found, customer)

    def links(self, why: str = "") -> Table:
        """Pairs of people or records that may be one person, for a yes or no."""
        return desk_people.links(self, why)

    def to_label(self, most: int = 4) -> Table:
        """Pairs near the threshold of the links side by side, masked, to say of each whether it is one person."""
        return desk_people.to_label(self, whole("most", most))

    def label(self, left: str, right: str, answer: str) -> Said:
        """Saves your label for a pair: yes, no or do not know. Labels measure the links; they never join two people."""
        return desk_people.label(self, left, right, answer)

    def labelled(self) -> Table:
        """The labels given to pairs, with the links' precision and recall measured on them."""
        return desk_people.labelled(self)

    def requests(self) -> Table:
        """Open requests of data subjects, with their last day."""
        return desk_people.requests(self)

    def look_ups(self) -> Said:
        """Whether the log of look-ups is whole."""
        return desk_people.log(self)
