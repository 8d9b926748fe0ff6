"""Rules on structure: does the feed tell the whole truth?"""

from .catalogue import finding, on
from .layouts import DATASETS
from .world import World

FRESHNESS = {  # dataset: (activity date, days)
    "invoices": ("invoiced_on", 100),
    "meter_readings": ("read_on", 400),
    "ledger": ("voucher_date", 100),
    "consumption": ("month", 100),
    "companies": ("updated_on", 400),
    "e_invoice_addresses": ("updated_on", 400),
}


def file_rules(world: World):
    """missing-export, empty-export, encoding-mismatch, undeclared-column, missing-column, rejected-row."""
    for name, table in world.tables.items():
        dataset = table.dataset
        for line in table.rejected:
            yield finding("rejected-row", dataset, f"{dataset.file}:{line}")
        if not table.present:
            yield finding("missing-export", dataset)
            continue
        before = world.previous.tables[name] if world.previous else None
        if not table.records and before and before.records:
            yield finding("empty-export", dataset)
        if table.mismatch:
            yield finding("encoding-mismatch", dataset)
        for place in table.undeclared:
            yield finding("undeclared-column", dataset, place, place)
        for column in dataset.columns:
            if column.name not in table.columns:
                yield finding("missing-column", dataset, column.header, column.name)


def unreadable_value(world: World):
    for name in world.tables:
        for record in world.records(name):
            for field in record.unreadable:
                yield on("unreadable-value", record, field)


def duplicate_key(world: World):
    for name, dataset in DATASETS.items():
        if not world.reads("duplicate-key", name, f"{name}: {dataset.key}"):
            continue
        for rows in world.by(name, dataset.key).values():
            if len(rows) > 1:
                yield on("duplicate-key", rows[-1], dataset.key, detail=f"{len(rows)} rows")


def feed_stale(world: World):
    for name, (field, limit) in FRESHNESS.items():
        if not world.reads("feed-stale", name, f"{name}: {field}"):
            continue
        dates = [record[field] for record in world.records(name) if record[field] and record[field] <= world.as_of]
        if not dates or (world.as_of - max(dates)).days > limit:
            yield finding("feed-stale", DATASETS[name], "", field, detail=f"newest {max(dates)}" if dates else "none")


RULES = [file_rules, unreadable_value, duplicate_key, feed_stale]
