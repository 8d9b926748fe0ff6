"""Days and times in any pattern that contracts name."""

from __future__ import annotations

import datetime as dt

import pytest
from test_zones import read

from pipelines.expectations import dates
from pipelines.expectations.contract import Column
from pipelines.landing import sheets

READ = """
    dd/MM/yyyy              | 03/04/2026                 | 2026-04-03
    M/d/yyyy                | 3/4/2026                   | 2026-03-04
    M/d/yyyy                | 13/4/2026                  | .
    dd-MM-yyyy              | 31-12-2025                 | 2025-12-31
    dd-MM-yyyy              | 1-12-2025                  | .
    d-M-yyyy                | 01-2-2025                  | 2025-02-01
    yyyyMMdd                | 20260229                   | .
    yyyyMMdd                | 20240229                   | 2024-02-29
    yyyy/MM/dd              | 2026/01/31 x               | .
    yyyy/MM/dd              | 0000/01/31                 | .
    MM/yyyy                 | 02/2026                    | 2026-02-01
    d 'of' M, yyyy          | 3 of 4, 2026               | 2026-04-03
    yyyy-MM-dd HH:mm        | 2026-06-30 23:59           | 2026-06-30 23:59:00
    dd/MM/yyyy HH:mm:ss     | 30/06/2026 24:00:00        | .
    M/d/yyyy h:mm a         | 6/30/2026 12:05 AM         | 2026-06-30 00:05:00
    M/d/yyyy h:mm a         | 6/30/2026 1:05 pm          | 2026-06-30 13:05:00
    dd.MM.yyyy HH:mm        | 30.06.2026 9:05            | .
    yyyy-MM-dd'T'HH:mm:ss.SSSXXX | 2026-06-30T21:30:00.250Z      | 2026-07-01 00:30:00.250000
    yyyy-MM-dd'T'HH:mm:ss.SSSXXX | 2026-06-30T23:30:00.250+03:00 | 2026-06-30 23:30:00.250000
    yyyy-MM-dd'T'HH:mm:ss.SSSXXX | 2026-06-30T23:30:00.250       | 2026-06-30 23:30:00.250000
    yyyy-MM-dd'T'HH:mmX     | 2026-12-31T22:00Z          | 2027-01-01 00:00:00
    yyyy-MM-dd'T'HH:mmX     | 2026-12-31T22:00+1500      | .
"""


def rows() -> list[tuple[str, str, str]]:
    return [tuple(cell.strip() for cell in line.split("|")) for line in READ.strip().splitlines()]


def test_texts_are_read_by_their_pattern_and_no_other_way(tmp_path):
    for number, format_ in enumerate(dict.fromkeys(row[0] for row in rows())):
        kind = dates.kind(dates.pattern(format_))
        sql_type = "timestamp" if kind == "timestamp" else "date"
        column = Column(
            "v", "T", kind, sql_type, "", format=format_, local_zone="Europe/Helsinki" if kind == "timestamp" else ""
        )
        mine = [row for row in rows() if row[0] == format_]
        (tmp_path / str(number)).mkdir()
        assert read(tmp_path / str(number), column, [row[1] for row in mine]) == [row[2] for row in mine], format_


@pytest.mark.parametrize(
    ("text", "problem"),
    [("dd/MM/yy", "century"), ("d MMM yyyy", "names of months"), ("yyyy", "no year and month"), ("yyyy-MM HH", "no day"),
     ("yyyy-MM-dd hh:mm", "h with a"), ("yyyy-MM-dd mm", "no hour"), ("yyyy-MM-ddXXX", "belongs to a time"), ("yyyy-MM-dd'T", "apostrophe"),
     ("yyyy-MM-dd d", "twice"), ("yyyy-MM-ddXXX HH", "end"), ("yyyy-MM-dd HH:mm:ss.SS", "fractions"), ("yyyy-MM-dd HH:mm z", "zone"), ("", "apostrophe")],
)  # fmt: skip
def test_a_pattern_that_would_be_a_guess_is_refused_in_words(text, problem):
    assert problem in dates.pattern(text)


@pytest.mark.parametrize(
    ("form", "cell", "text"),
    [("dd/MM/yyyy", dt.date(2026, 4, 3), "03/04/2026"), ("M/d/yyyy h:mm a", dt.datetime(2026, 4, 3, 0, 5), "4/3/2026 12:05 AM"),
     ("dd/MM/yyyy", dt.datetime(2026, 4, 3, 9, 30), "03/04/2026 09:30"), ("yyyy-MM-dd'T'HH:mm:ssX", dt.datetime(2026, 4, 3, 9, 30), "2026-04-03T09:30:00")],
)  # fmt: skip
def test_a_workbooks_own_dates_are_written_as_the_contract_reads_them(form, cell, text):
    assert sheets.text(cell, sheets.Form(form)) == text
