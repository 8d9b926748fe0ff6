"""Time zones: that of an export's timestamps, and the controller's own, in which every day is counted.

`timezone` in controller.yaml is the controller's. A timestamp with an offset or Z is converted to it. One without is taken
as local, unless its column declares another zone (`logicalTypeOptions: {format: …, defaultTimezone: Etc/UTC}`).
"""

from __future__ import annotations

import zoneinfo
from dataclasses import replace

from pipelines.errors import ExpectationsError
from pipelines.expectations import dates
from pipelines.expectations.contract import Contract

WRITE = "write a name such as Europe/Helsinki or Etc/UTC"


def is_zone(name: object) -> bool:
    """Whether it names a time zone by region; an abbreviation does not tell summer time from winter time."""
    try:
        return isinstance(name, str) and ("/" in name or name == "UTC") and bool(zoneinfo.ZoneInfo(name))
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False


def localised(contracts: tuple[Contract, ...], timezone: str) -> tuple[Contract, ...]:
    """The contracts with the controller's zone on every timestamp; ExpectationsError if one needs it and it is not set."""
    return tuple(_localised(contract, timezone) for contract in contracts)


def _localised(contract: Contract, timezone: str) -> Contract:
    for column in contract.columns:
        if column.zone and not is_zone(column.zone):
            raise ExpectationsError(
                f"{column.zone!r} is no time zone", file=contract.path, place=f"column {column.name}", remedy=WRITE
            )
        if (column.zone or dates.has_offset(column.format)) and not timezone:
            raise ExpectationsError(
                "its timestamps have a zone, and the controller's own is not known",
                file=contract.path,
                place=f"column {column.name}",
                remedy="write `timezone: Europe/Helsinki`, or the one it is, in controller.yaml",
            )
    if not timezone:
        return contract
    columns = tuple(replace(c, local_zone=timezone) if c.type == "timestamp" else c for c in contract.columns)
    return replace(contract, columns=columns)
