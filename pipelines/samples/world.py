"""Writes the world: every customer's life once, into the files of all periods, and then the answer key.

Memory stays bounded: lives are made one by one, tables flush every few thousand rows, workbooks write row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.samples import office
from pipelines.samples.days import MOST_PERIODS, period_ends
from pipelines.samples.doings import add_doings
from pipelines.samples.files import Sheet, Table
from pipelines.samples.habits import dressed, has_habit
from pipelines.samples.key import AnswerKey
from pipelines.samples.layout import HOLDS, LAYOUTS
from pipelines.samples.life import Life
from pipelines.samples.planting import Plant, Visit
from pipelines.samples.plants import PLANTS
from pipelines.samples.profile import Profile
from pipelines.samples.standing import add_standing
from pipelines.samples.upsets import Upsets

FEWEST, MOST = 300, 1_000_000
_MOST_COPIES = 200  # of each plant: keeps the key of a million customers small


def live(index: int, seed: int, ends: list[int], profile: Profile | None = None, stale_reference: bool = False) -> Life:
    """Customer `index` of world `seed`: the same however many customers there are."""
    life = Life(index, seed, ends, profile, stale_reference)
    add_standing(life)
    add_doings(life)
    return life


class World:
    """The open files of all periods; `planted` is off only in tests, to check that the unspoilt world is clean."""

    def __init__(self, out: Path, customers: int, seed: int, periods: int, planted: bool = True) -> None:
        self.out, self.customers, self.seed, self.planted = out, customers, seed, planted
        self.dates = period_ends(periods)
        self.ends = [day.toordinal() for day in self.dates]
        self.upsets = Upsets(periods, planted)
        self.key = AnswerKey([day.isoformat() for day in self.dates], self.upsets.lacks)
        self.tables: list[dict[str, Table | Sheet]] = [self._open(period) for period in range(periods)]

    def _open(self, period: int) -> dict[str, Table | Sheet]:
        folder = self.out / "exports" / self.dates[period].isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        tables: dict[str, Table | Sheet] = {"holds": Table(folder / HOLDS.file, HOLDS)}
        for name, layout in LAYOUTS.items():
            path = folder / layout.file
            path.unlink(missing_ok=True)
            if self.upsets.is_missing(period, name):
                continue
            if self.upsets.is_empty(period, name):
                path.write_bytes(b"")
                continue
            order, extra = self.upsets.order(period, layout)
            tables[name] = Sheet(path, layout) if layout.is_workbook else Table(path, layout, order, extra)
        return tables

    def write(self) -> None:
        office.write_office(self.dates, self.tables, self.key, self.planted)
        self.upsets.note(self.key)
        plan = dict(self._plan())
        for index in range(self.customers):
            if index in plan:
                self._write_planted(index, *plan[index])
            else:
                self._write_plain(index)
        for tables in self.tables:
            for table in tables.values():
                table.close()
        self.key.write(self.out / "expected_findings.csv")

    def _plan(self) -> Iterator[tuple[int, tuple[Plant, int]]]:
        """Which customers carry a plant: evenly spread, each plant at least once."""
        if not self.planted:
            return
        copies = min(_MOST_COPIES, max(1, self.customers // 2500))
        total = copies * len(PLANTS)
        for place in range(total):
            copy, kind = divmod(place, len(PLANTS))
            yield place * self.customers // total, (PLANTS[kind], copy)

    def _write_plain(self, index: int) -> None:
        life = live(index, self.seed, self.ends, None, self.planted)
        dress = has_habit(index)
        for dataset, first, stop, cells in life.rows:
            layout, shape, line = LAYOUTS[dataset], "plain", None
            if dress:
                cells, shape = dressed(index, cells, layout.is_workbook)
            for period in range(first, stop):
                table = self.tables[period].get(dataset)
                if table is None:
                    continue
                if shape == "plain" and table.__class__ is Table and table.order is None:
                    if line is None:
                        line = table.line(cells)
                    table.append(line)
                else:
                    table.write(cells, shape)

    def _write_planted(self, index: int, plant: Plant, copy: int) -> None:
        life = live(index, self.seed, self.ends, plant.profile(), self.planted)
        for period in range(len(self.ends)):
            visit = Visit(life, period, copy, self.key)
            if plant.shows(period):
                plant.apply(visit)
            self.write_visit(visit)

    def write_visit(self, visit: Visit) -> None:
        for dataset, rows in visit.rows.items():
            table = self.tables[visit.period].get(dataset)
            if table is None:
                continue
            for cells in rows:
                noted = id(cells) in visit.line_notes
                line = table.write(cells, visit.shapes.get(id(cells), "plain"), where=noted)
                if noted:
                    visit.written(dataset, cells, line)


def write_world(out: Path, customers: int, seed: int, periods: int, planted: bool = True) -> None:
    if not FEWEST <= customers <= MOST:
        raise ValueError(
            f"customers: {customers} is not between {FEWEST} (each problem needs its own) and {MOST} (a sheet's rows)"
        )
    if not 1 <= periods <= MOST_PERIODS:
        raise ValueError(f"periods: {periods} is not between 1 and {MOST_PERIODS}")
    World(out, customers, seed, periods, planted).write()
