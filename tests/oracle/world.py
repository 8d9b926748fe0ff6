"""One period as a rule sees it: tables, look-ups, legal holds, and what is missing from it."""

import datetime as dt
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from .layouts import DATASETS, HOLDS, OWN_COMPANY
from .reading import Record, Table, read_table


class World:
    def __init__(self, folder: Path, as_of: dt.date, synthetic_data: bool = True, previous: "World | None" = None):
        self.as_of, self.synthetic_data, self.previous = as_of, synthetic_data, previous
        self.tables: dict[str, Table] = {name: read_table(folder, dataset) for name, dataset in DATASETS.items()}
        self.holds = [
            hold for hold in read_table(folder, HOLDS).records if hold["customer_number"] and self._in_force(hold)
        ]
        self.not_evaluated: set[tuple[str, str, str]] = set()
        self._groups: dict[tuple[str, str], dict[object, list[Record]]] = {}

    # What the period has.

    def records(self, name: str) -> list[Record]:
        return self.tables[name].records

    def has(self, name: str, *columns: str) -> bool:
        return self.tables[name].present and self.tables[name].columns >= set(columns)

    def reads(self, rule: str, part: str, *inputs: str) -> bool:
        """Whether the part of the rule can be evaluated; each input is `dataset: column column …`."""
        complete = True
        for dataset, _, columns in (text.partition(":") for text in inputs):
            table = self.tables[dataset]
            absent = (
                [dataset]
                if not table.present
                else [f"{dataset}.{column}" for column in columns.split() if column not in table.columns]
            )
            self.not_evaluated.update((rule, part, what) for what in absent)
            complete = complete and not absent
        return complete

    # Look-ups.

    def by(self, name: str, column: str) -> dict[object, list[Record]]:
        """Every record of the dataset under its value of the column, missing values aside."""
        if (name, column) not in self._groups:
            groups = defaultdict(list)
            for record in self.records(name):
                if record[column] is not None:
                    groups[record[column]].append(record)
            self._groups[name, column] = dict(groups)
        return self._groups[name, column]

    def last(self, name: str, key: object) -> Record | None:
        """The last row of the file with this primary key."""
        rows = self.by(name, DATASETS[name].key).get(key)
        return rows[-1] if rows else None

    def customer_of(self, record: Record) -> Record | None:
        return self.last("customers", record["customer_number"])

    @cached_property
    def own_ledger(self) -> list[Record]:
        return [row for row in self.records("ledger") if row["company"] == OWN_COMPANY]

    def own_ledger_of(self, column: str, value: object) -> list[Record]:
        return [row for row in self.by("ledger", column).get(value, []) if row["company"] == OWN_COMPANY]

    # Customers.

    def is_current(self, customer: Record) -> bool:
        until = customer["customer_until"]
        return "customer_until" not in customer.unreadable and (until is None or until > self.as_of)

    def is_former(self, customer: Record) -> bool:
        return customer["customer_until"] is not None and customer["customer_until"] <= self.as_of

    # Holds.

    def _in_force(self, hold: Record) -> bool:
        begins, ends = hold["from_date"], hold["until_date"]
        return (begins is None or begins <= self.as_of) and (ends is None or self.as_of <= ends)

    def named_customers(self, record: Record) -> set[str]:
        """Customer numbers that the record names, itself or by its connection."""
        connection = self.last("connections", record["connection_number"])
        return {
            number for number in (record["customer_number"], connection and connection["customer_number"]) if number
        }

    def is_held(self, record: Record) -> bool:
        if not self.holds:
            return False
        named, dataset = self.named_customers(record), record.dataset
        if dataset.name == "customers":
            return self.is_customer_held(record["customer_number"])
        return any(
            hold["customer_number"] in named
            and hold["system"] in (None, dataset.system)
            and hold["dataset"] in (None, dataset.name)
            for hold in self.holds
        )

    def is_customer_held(self, customer_number: str) -> bool:
        return any(hold["customer_number"] == customer_number for hold in self.holds)
