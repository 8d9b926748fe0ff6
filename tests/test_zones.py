"""Timestamps have a zone, and retention reckons in the controller's own day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import worlds
import yaml
from conftest import landing
from worlds import EXPECTATIONS, PERIOD, expectations, judged

from pipelines.errors import ExpectationsError
from pipelines.expectations import zones
from pipelines.expectations.contract import Column, Contract
from pipelines.expectations.contract_reader import load_contract
from pipelines.expectations.controller import load_controller

WITH_ZONE, SPACED = "yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd HH:mm:ssXXX"
# What stands in the file, and the local time in Finland: summer time began on 29.3.2026 at 3:00, and ended on 25.10.2026 at 4:00.
INSTANTS = """
    2026-03-29T00:59:59Z           | 2026-03-29 02:59:59
    2026-03-29T01:00:00Z           | 2026-03-29 04:00:00
    2026-03-28T21:59:59Z           | 2026-03-28 23:59:59
    2026-03-28T22:00:00Z           | 2026-03-29 00:00:00
    2026-03-29T20:59:59Z           | 2026-03-29 23:59:59
    2026-03-29T21:00:00Z           | 2026-03-30 00:00:00
    2026-10-25T00:59:59Z           | 2026-10-25 03:59:59
    2026-10-25T01:00:00Z           | 2026-10-25 03:00:00
    2026-10-24T21:00:00Z           | 2026-10-25 00:00:00
    2026-10-25T22:00:00Z           | 2026-10-26 00:00:00
    2025-12-31T21:59:59Z           | 2025-12-31 23:59:59
    2025-12-31T22:00:00Z           | 2026-01-01 00:00:00
    2025-12-31T22:00:00+00:00      | 2026-01-01 00:00:00
    2026-01-01T01:30:00+03:30      | 2026-01-01 00:00:00
    2025-12-31T17:00:00-0500       | 2026-01-01 00:00:00
    2025-12-31T23:59:59.999+02:00  | 2025-12-31 23:59:59
    2025-12-31T23:30:00            | 2025-12-31 23:30:00
    2026-03-29T03:30:00            | 2026-03-29 03:30:00
    2025-12-31T23:30:00.5          | 2025-12-31 23:30:00
    2024-02-29T22:00:00Z           | 2024-03-01 00:00:00
    2025-02-29T22:00:00Z           | .
    2025-12-31 22:00:00Z           | .
    2025-12-31T22:00Z              | .
    2025-12-31T22:00:00z           | .
    2025-12-31T22:00:00+15:00      | .
    2025-12-31T22:00:00 EET        | .
    2025-12-31T24:00:00Z           | .
    0000-12-31T22:00:00Z           | .
    0001-01-01T00:00:00+14:00      | .
    9999-12-31T23:59:59-12:00      | .
"""


def read(tmp_path, column: Column, texts: list[str]) -> list[str]:
    """What a column's texts are in the registry; . where they cannot be read."""
    contract = Contract(
        path=tmp_path / "notes.odcs.yaml",
        system="s",
        product="S",
        dataset="notes",
        description="",
        grain="One row per note.",
        file="notes.csv",
        kind="csv",
        columns=(Column("c1", "K", "text", "varchar", "", key=True), column),
    )
    with landing(tmp_path) as place:
        lines = "".join(f"N{number:03};{text}\n" for number, text in enumerate(texts))
        place.register(contract, notes=f"K;T\n{lines}")
        rows = place.connection.execute("select v, unreadable from registry.notes order by c1").fetchall()
    return [str(value) if not unreadable else "." for value, unreadable in rows]


def column(format_: str, zone: str = "", local: str = "Europe/Helsinki") -> Column:
    return Column("v", "T", "timestamp", "timestamp", "", format=format_, zone=zone, local_zone=local)


def test_a_timestamp_with_an_offset_is_converted_and_one_without_is_local(tmp_path):
    rows = [[cell.strip() for cell in line.split("|")] for line in INSTANTS.strip().splitlines()]
    assert read(tmp_path, column(WITH_ZONE), [text for text, _ in rows]) == [local for _, local in rows]


def test_a_blank_may_stand_for_the_t(tmp_path):
    assert read(tmp_path, column(SPACED), ["2025-12-31 22:00:00Z", "2025-12-31T22:00:00Z"]) == [
        "2026-01-01 00:00:00",
        ".",
    ]


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("d.M.yyyy H:mm", "31.12.2025 22:00"),
        ("yyyy-MM-dd HH:mm:ss", "2025-12-31 22:00:00"),
        ("yyyy-MM-dd'T'HH:mm:ss", "2025-12-31T22:00:00"),
        (WITH_ZONE, "2025-12-31T22:00:00"),
    ],
)
def test_one_without_is_in_the_zone_that_its_contract_says(tmp_path, format_, text):
    local, there = "2025-12-31 22:00:00", "2026-01-01 00:00:00"
    assert read(tmp_path, column(format_), [text]) == [local]
    assert read(tmp_path, column(format_, local=""), [text]) == [local]
    assert read(tmp_path, column(format_, "Etc/UTC"), [text]) == [there]
    assert read(tmp_path, column(format_, "Etc/UTC", "Europe/Dublin"), [text]) == [local]


def test_retention_reckons_in_the_controllers_day(tmp_path):
    """Two years: the last day of a message of 30.6.2024 is 30.6.2026, the as-of day; a second earlier it is the day before."""
    messages = "message_id | sent_at\nV1 | 2024-06-29T20:59:59Z\nV2 | 2024-06-29T21:00:00Z\nV3 | 2024-06-30T20:59:59Z\nV4 | 2024-06-30T21:00:00Z"
    worlds.write(tmp_path / PERIOD, customers="customer_number\nA1", messages=messages)
    with judged(tmp_path, loaded=in_zone("Europe/Helsinki")) as judgement:
        assert judgement.states("messages") == [
            "V1 2026-06-29 due",
            "V2 2026-06-30 active",
            "V3 2026-06-30 active",
            "V4 2026-07-01 active",
        ]
        assert judgement.found("past-retention") == ["V1 2026-06-29"]
    with judged(tmp_path, loaded=in_zone("Etc/UTC")) as judgement:
        assert [state[:13] for state in judgement.states("messages")][1] == "V2 2026-06-29"


def in_zone(timezone: str):
    """The utility's expectations with messages that say their offset, and this zone."""
    loaded = expectations()
    contracts = tuple(
        replace(each, columns=tuple(replace(c, format=WITH_ZONE) if c.name == "sent_at" else c for c in each.columns))
        for each in loaded.contracts
    )
    return replace(loaded, contracts=zones.localised(contracts, timezone))


# What the configuration may say


@pytest.mark.parametrize(
    "zone", ["Helsinki", "EET", "+02:00", "Europe/Kauhajoki", "../etc/passwd", "Europe/../Oslo", 2]
)
def test_what_is_no_zone_is_told(tmp_path, zone):
    controller = yaml.safe_load((EXPECTATIONS / "controller.yaml").read_text("utf-8")) | {"timezone": zone}
    path = tmp_path / "controller.yaml"
    path.write_text(yaml.safe_dump(controller, allow_unicode=True), "utf-8")
    with pytest.raises(ExpectationsError, match="timezone: .* is no time zone"):
        load_controller(path)


def messages(tmp_path, **options: str) -> Contract:
    document = yaml.safe_load((EXPECTATIONS / "contracts" / "keyaqua.messages.odcs.yaml").read_text("utf-8"))
    (item,) = [each for each in document["schema"][0]["properties"] if each["name"] == "sent_at"]
    item["logicalTypeOptions"] |= options
    path = tmp_path / "messages.odcs.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return load_contract(path)


@pytest.mark.parametrize(
    ("options", "timezone", "problem"),
    [
        ({"format": WITH_ZONE}, "", "the controller's own is not known"),
        ({"defaultTimezone": "Etc/UTC"}, "", "the controller's own is not known"),
        ({"defaultTimezone": "Zulu time"}, "Europe/Dublin", "'Zulu time' is no time zone"),
    ],
)
def test_a_zone_that_cannot_be_reckoned_with_is_told(tmp_path, options, timezone, problem):
    with pytest.raises(ExpectationsError, match=problem) as caught:
        zones.localised((messages(tmp_path, **options),), timezone)
    assert caught.value.place == "column sent_at" and caught.value.remedy


def test_a_contract_says_the_zone_by_the_standards_own_word(tmp_path):
    (contract,) = zones.localised((messages(tmp_path, defaultTimezone="Etc/UTC"),), "Europe/Dublin")
    said = {(c.name, c.zone, c.local_zone) for c in contract.columns if c.type == "timestamp"}
    assert said == {("sent_at", "Etc/UTC", "Europe/Dublin")}


def test_the_days_do_not_hang_on_the_machines_zone(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    dt_before = dt.datetime(2026, 1, 1)
    assert read(tmp_path, column(WITH_ZONE), ["2025-12-31T22:00:00Z"]) == [str(dt_before)]
