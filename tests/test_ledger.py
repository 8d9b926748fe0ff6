"""The findings ledger: a state is a function of the sequence of exports and of decisions, and of nothing else."""

import csv
import datetime as dt
import shutil
from collections import Counter
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import SAMPLES, expectations, write

from pipelines import ledger
from pipelines.errors import VahtiError
from pipelines.expectations.opened import OpenedPeriod
from pipelines.home import guard, store
from pipelines.job import refresh
from pipelines.landing import land as raw
from pipelines.ledger import acceptances, findings_files, looking, periods, worklists
from pipelines.registry import build as registry
from pipelines.rules import findings, relations, retention
from pipelines.rules.parts import parts_of
from pipelines.sql import insert, render, run_script

PERIODS = ["2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31", "2027-03-31", "2027-06-30"]
MARK = "vf00000000000000"


# -- sequences of one finding, on the ledger's own tables


@contextmanager
def workbench():
    """An empty workbench in memory."""
    with store.scratch() as connection:
        connection.execute("set threads = 1")
        connection.execute("attach ':memory:' as workbench")
        connection.execute("use workbench")
        connection.execute("detach period")
        run_script(connection, render("home/ledger_tables.sql", catalog="workbench"))
        run_script(connection, render("home/ledger_decisions.sql"))
        yield connection


def put(connection, period: str, sign: str, catalog: str = "workbench") -> None:
    """One period with, or without, one finding of rule `r` on `d.f`.

    `F` found, `-` absent from a whole feed; absent from one that is `m` missing, `e` empty, `s` shrunk, `c` without the
    column, `t` stale, `h` with the record's row rejected, `n` without the rule evaluated, `o` with another feed that
    the rule reads cut off.
    """
    rows = {"e": 0, "s": 70, "m": 0}.get(sign, 100)
    head = f"{catalog}.ledger"
    insert(connection, f"{head}.periods", [(period, dt.date.fromisoformat(period))])
    insert(connection, f"{head}.looks", [(period, "r", 1, "d", "f", sign not in "nm")])
    insert(connection, f"{head}.reads", [(period, "r", 1, "d", name, "rows") for name in ("d", "other")])
    insert(
        connection,
        f"{head}.feeds",
        [
            (period, "s", "d", "missing" if sign == "m" else "read", rows, int(sign == "h"), 20, sign == "t"),
            (period, "s", "other", "read", 50 if sign == "o" else 100, 0, 20, False),
        ],
    )
    if sign == "c":
        insert(connection, f"{head}.missing_columns", [(period, "d", "f")])
    if sign == "h":
        insert(connection, f"{head}.rejected", [(period, "d", "key")])
    if sign == "F":
        insert(
            connection,
            f"{head}.found",
            [
                (
                    period,
                    MARK,
                    "finding",
                    False,
                    "r",
                    "structure",
                    "high",
                    "s",
                    "d",
                    "1",
                    "f",
                    "",
                    None,
                    "",
                    "",
                    ["key"],
                    None,
                )
            ],
        )


def states(connection, upto: str | None = None) -> list[tuple]:
    """(state, age, periods open, promise) in every period from the first finding on."""
    periods.draft(connection, upto or PERIODS[-1], committed=True)
    periods.derive(connection)
    return connection.execute(
        "select state, age_days, periods_open, promise from drafts.ledger.states order by period"
    ).fetchall()


def course(signs: str) -> list[str]:
    """The states that a sequence of periods leads to, a period's sign each."""
    with workbench() as connection:
        for period, sign in zip(PERIODS, signs, strict=False):
            put(connection, period, sign)
        return [row[0] for row in states(connection)]


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ("FFFFF", "new open open open open"),
        ("F----", "new resolved resolved resolved resolved"),
        ("F-F-F", "new resolved reappeared resolved reappeared"),
        ("F-FF-", "new resolved reappeared open resolved"),
        ("-F---", "new resolved resolved resolved"),
        ("-----", ""),
    ],
)
def test_a_finding_comes_stays_goes_and_comes_back(signs, expected):
    assert course(signs) == expected.split()


@pytest.mark.parametrize("sign", list("mesctnho"))
def test_nothing_is_resolved_by_an_export_that_proves_nothing(sign):
    assert course(f"F{sign}F-F") == ["new", "not observable", "open", "resolved", "reappeared"]
    assert course(f"F{sign}{sign}--") == ["new", "not observable", "not observable", "resolved", "resolved"]


@pytest.mark.parametrize("sign", list("mesctnho"))
def test_what_was_proved_gone_stays_resolved_while_nobody_can_look(sign):
    assert course(f"F-{sign}{sign}F") == ["new", "resolved", "resolved", "resolved", "reappeared"]


def test_a_feed_is_measured_by_the_last_one_that_was_whole():
    assert course("Fsss-") == ["new", "not observable", "not observable", "not observable", "resolved"]


@pytest.mark.parametrize(("rows", "complete"), [(80, True), (79, False), (100, True), (0, False), (130, True)])
def test_the_bound_of_a_contract_is_the_last_row_that_may_go(rows, complete):
    with workbench() as connection:
        for period, count in ((PERIODS[0], 100), (PERIODS[1], rows)):
            put(connection, period, "-")
            connection.execute(
                "update ledger.feeds set rows_registered = $1 where dataset = 'd' and period = $2", [count, period]
            )
        states(connection)
        verdict = connection.execute(
            "select is_complete from drafts.ledger.feed_verdicts where dataset = 'd' and period = $1", [PERIODS[1]]
        ).fetchone()
        assert verdict == (complete,)


def test_records_that_were_to_be_erased_and_are_gone_do_not_make_an_export_look_cut_off():
    """Half of the rows were past their retention: their going is what was asked for."""
    with workbench() as connection:
        put(connection, PERIODS[0], "-")
        insert(
            connection,
            "ledger.found",
            [
                (
                    PERIODS[0],
                    f"v{number:016}",
                    "finding",
                    False,
                    "past-retention",
                    "retention",
                    "high",
                    "s",
                    "d",
                    str(number),
                    "",
                    "",
                    None,
                    "",
                    "",
                    [f"k{number}"],
                    None,
                )
                for number in range(50)
            ],
        )
        put(connection, PERIODS[1], "-")
        connection.execute(
            "update ledger.feeds set rows_registered = 50 where dataset = 'd' and period = $1", [PERIODS[1]]
        )
        states(connection)
        verdicts = "select reason from drafts.ledger.feed_verdicts where dataset = 'd' order by period"
        assert connection.execute(verdicts).fetchall() == [("",), ("",)]
        # Had they stayed, the fifty that went would be others.
        connection.execute(f"insert into ledger.found select * replace ('{PERIODS[1]}' as period) from ledger.found")
        states(connection)
        assert connection.execute(verdicts).fetchall() == [("",), ("export shrunk",)]


def test_age_and_periods_open():
    with workbench() as connection:
        for period, sign in zip(PERIODS, "FF-F", strict=False):
            put(connection, period, sign)
        assert [row[1:3] for row in states(connection)] == [(0, 1), (90, 2), (181, 2), (273, 3)]


# -- decisions


def decided(connection, *, accepted=(), withdrawn=(), done=()):
    """accepted: (number, from period, until); withdrawn: (number, period); done: (period, is done)."""
    insert(
        connection, "ledger.acceptances", [(n, MARK, start, until, "why", "who", "") for n, start, until in accepted]
    )
    insert(connection, "ledger.withdrawals", [(n, MARK, period, "why", "who") for n, period in withdrawn])
    insert(
        connection,
        "ledger.reports",
        [(n, MARK, period, is_done, "", "file") for n, (period, is_done) in enumerate(done, 1)],
    )


def course_with(signs: str, **decisions) -> list[tuple]:
    with workbench() as connection:
        for period, sign in zip(PERIODS, signs, strict=False):
            put(connection, period, sign)
        decided(connection, **decisions)
        return [(row[0], row[3]) for row in states(connection)]


def test_an_acceptance_holds_until_its_last_day_and_then_the_finding_is_open_again():
    rows = course_with("FFFFF", accepted=[("A1", PERIODS[1], dt.date(2026, 9, 30))])
    assert [state for state, _ in rows] == ["new", "accepted", "accepted", "accepted", "open"]
    rows = course_with("FFFFF", accepted=[("A1", PERIODS[1], dt.date(2026, 9, 29))])
    assert [state for state, _ in rows] == ["new", "accepted", "accepted", "open", "open"]


def test_a_withdrawn_acceptance_ends_and_another_one_begins():
    until = dt.date(2030, 1, 1)
    rows = course_with(
        "FFFFF", accepted=[("A1", PERIODS[0], until), ("A2", PERIODS[3], until)], withdrawn=[("A1", PERIODS[2])]
    )
    assert [state for state, _ in rows] == ["accepted", "accepted", "open", "accepted", "accepted"]


def test_what_is_accepted_and_gone_is_resolved_and_accepted_again_when_it_comes_back():
    rows = course_with("F-FmF", accepted=[("A1", PERIODS[0], dt.date(2030, 1, 1))])
    assert [state for state, _ in rows] == ["accepted", "resolved", "accepted", "not observable", "accepted"]


def test_a_report_of_work_done_overwrites_no_acceptance():
    rows = course_with("FF", accepted=[("A1", PERIODS[0], dt.date(2030, 1, 1))], done=[(PERIODS[1], True)])
    assert [state for state, _ in rows] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ("FF-F", [("new", ""), ("reported done", "pending"), ("resolved", "kept"), ("reappeared", "kept")]),
        ("FFF-", [("new", ""), ("reported done", "pending"), ("open", "missed"), ("resolved", "missed")]),
        ("FFm-", [("new", ""), ("reported done", "pending"), ("not observable", "pending"), ("resolved", "kept")]),
        ("FFeF", [("new", ""), ("reported done", "pending"), ("not observable", "pending"), ("open", "missed")]),
    ],
)
def test_work_is_reported_done_until_an_export_proves_it(signs, expected):
    assert course_with(signs, done=[(PERIODS[1], True)]) == expected


def test_the_last_word_counts():
    assert course_with("FF", done=[(PERIODS[1], True), (PERIODS[1], False)]) == [("new", ""), ("open", "")]


# -- the order in which periods are taken in


def oracle(signs: str, accepted: tuple[int, int] | None, done: int | None) -> list[str]:
    """The same in plain Python: accepted is (from period, number of periods), done the period of the report."""
    found, seen, gone = [], False, False
    for number, sign in enumerate(signs):
        if sign == "F":
            state = "reappeared" if seen and gone else "open" if seen else "new"
            seen, gone = True, False
            if done == number:
                state = "reported done"
            if accepted and accepted[0] <= number < accepted[0] + accepted[1]:
                state = "accepted"
        else:
            gone = gone or (seen and sign == "-")
            state = "resolved" if gone else "not observable"
        if seen:
            found.append(state)
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_states_follow_from_the_sequence_alone(data):
    """Periods taken in in any order, some of them more than once: only what they held at last counts."""
    count = data.draw(st.integers(5, 7))
    signs = "".join(data.draw(st.lists(st.sampled_from("FFF--mesctnho"), min_size=count, max_size=count)))
    accepted = data.draw(st.none() | st.tuples(st.integers(0, count - 1), st.integers(1, count)))
    done = data.draw(st.none() | st.integers(0, count - 1))
    order = data.draw(st.permutations(range(count)))
    earlier = data.draw(st.lists(st.tuples(st.integers(0, count - 1), st.sampled_from("F-mes")), max_size=4))
    with workbench() as connection:
        for number, sign in [*earlier, *((number, signs[number]) for number in order)]:
            connection.execute("attach ':memory:' as period")
            run_script(connection, render("home/ledger_tables.sql", catalog="period"))
            put(connection, PERIODS[number], sign, "period")
            store.keep_ledger(connection, PERIODS[number])
            connection.execute("detach period")
        if accepted:
            last = min(accepted[0] + accepted[1], count) - 1
            decided(connection, accepted=[("A1", PERIODS[accepted[0]], dt.date.fromisoformat(PERIODS[last]))])
        if done is not None:
            decided(connection, done=[(PERIODS[done], True)])
        assert [row[0] for row in states(connection)] == oracle(signs, accepted, done)
        # A period does not know of later ones.
        assert [row[0] for row in states(connection, PERIODS[2])] == oracle(signs[:3], accepted, done)


# -- trends


def test_trends_count_states_ages_mending_and_promises():
    with workbench() as connection:
        for period, sign in zip(PERIODS, "FFF-F-", strict=False):
            put(connection, period, sign)
        decided(connection, done=[(PERIODS[0], True), (PERIODS[2], True)])
        states(connection)

        def rows(name, columns):
            return connection.execute(f"select {columns} from ({periods.select(name)}) order by all").fetchall()

        assert rows("standing", "period, state, items") == [
            (PERIODS[0], "reported done", 1),
            (PERIODS[1], "open", 1),
            (PERIODS[2], "reported done", 1),
            (PERIODS[3], "resolved", 1),
            (PERIODS[4], "reappeared", 1),
            (PERIODS[5], "resolved", 1),
        ]
        assert rows("trend_mending", "period, mended, mean_days") == [(PERIODS[3], 1, 273.0), (PERIODS[5], 1, 90.0)]
        assert rows("trend_promises", "period, promised, kept, missed, pending") == [
            (PERIODS[0], 1, 0, 1, 0),
            (PERIODS[2], 1, 1, 0, 0),
        ]
        assert rows("trend_ages", "period, age")[0] == (PERIODS[0], "1: up to 90 days")
        # Reported done is not to be mended; what came in with the first export and is high had 30 days.
        assert [row for row in rows("standing", "period, open, late") if row[1]] == [
            (PERIODS[1], 1, 1),
            (PERIODS[4], 1, 0),
        ]


# -- whole periods, from exports to files


def take_in(home: store.Home, folder, period: str) -> None:
    """One period through the stages that the ledger stands on."""
    loaded = expectations()
    opened = OpenedPeriod(home, period, dt.date.fromisoformat(period), loaded)
    context = opened.context
    earlier = [other for other in store.periods(home) if other < period]
    with store.locked(home):
        with store.building(home, period, max(earlier, default=None)) as connection:
            raw.prepare(connection)
            raw.land(connection, (*loaded.contracts, *loaded.own), folder, home.tmp)
            guard.lock(connection)
            registry.build(connection, (*loaded.contracts, *loaded.own), loaded.controller.subject)
            findings.prepare(connection, context, loaded.rules)
            unavailable = retention.build(connection, context, loaded.schedule)
            relations.build(connection, context, loaded.relations)
            parts = tuple(parts_of(connection, loaded))
            findings.evaluate(connection, context, parts, unavailable)
            ledger.observe(connection, opened, parts)
            findings_files.write_findings(connection, home.tmp / "reports" / period)
            worklists.write(connection, home.tmp / "reports" / period)
        store.commit(home, period, {"as_of": period, "files": {}, "expectations": "", "counts": {}})
        refresh.refresh_locked(home)


@pytest.fixture(scope="module")
def sampled(tmp_path_factory):
    """A home with the three sample periods."""
    home = store.open_home(tmp_path_factory.mktemp("homes") / "home", threads=2)
    for period in PERIODS[:3]:
        take_in(home, SAMPLES / "exports" / period, period)
    return home


def table(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(row: dict) -> tuple:
    return row["rule"], row["dataset"], row["record_key"], row["field"], row["state"]


def test_the_samples_have_the_states_of_the_answer_key(sampled):
    here, gone = table(SAMPLES / "expected_findings.csv"), table(SAMPLES / "expected_states.csv")
    for period in PERIODS[:3]:
        found = table(sampled.reports(period) / "findings.csv")
        assert {named(row) for row in found} == {named(row) for row in here if row["period"] == period}
        others = [row for row in table(sampled.reports(period) / "ledger.csv") if row["kind"] == "finding"]
        assert {named(row) for row in others} == {named(row) for row in gone if row["period"] == period}
    assert {row["state"] for row in here} == {"new", "open", "reappeared"}
    assert {row["state"] for row in gone} == {"resolved", "not observable", "open"}


def test_the_columns_of_the_ledger_come_after_those_of_the_findings(sampled):
    row = table(sampled.reports(PERIODS[2]) / "findings.csv")[0]
    assert tuple(row) == (*findings.COLUMNS, "state", "first_seen", "last_seen", "age_days", "periods_open")


def files(home: store.Home) -> dict[str, bytes]:
    return {
        str(path.relative_to(home.path)): path.read_bytes()
        for path in sorted((home.path / "reports").rglob("*"))
        if path.is_file() and path.suffix != ".parquet"
    }


def test_a_re_run_changes_nothing_and_keeps_decisions(sampled, tmp_path):
    home = store.open_home(shutil.copytree(sampled.path, tmp_path / "home"), threads=2)
    number, count = acceptances.accept(
        home,
        [],
        rule="past-retention",
        dataset="invoices",
        reason="the auditor wants them until autumn",
        until=dt.date(2026, 9, 30),
        by="officer",
        second="managing director",
    )
    refresh.refresh(home)
    accepted = [row for row in looking.states(home) if row["state"] == "accepted"]
    assert number == "A0001" and count == len(accepted) > 0
    assert Counter(row["state"] for row in table(home.reports(PERIODS[2]) / "findings.csv"))["accepted"] == count
    before = files(home)
    take_in(home, SAMPLES / "exports" / PERIODS[1], PERIODS[1])
    assert files(home) == before


def test_an_older_period_taken_in_later_rewrites_what_came_after(sampled, tmp_path):
    home = store.open_home(tmp_path / "home", threads=2)
    for period in (PERIODS[2], PERIODS[0]):
        take_in(home, SAMPLES / "exports" / period, period)
    found = {named(row) for row in table(home.reports(PERIODS[2]) / "findings.csv")}
    assert {row[-1] for row in found} == {"new", "open"}
    take_in(home, SAMPLES / "exports" / PERIODS[1], PERIODS[1])
    expected = {
        named(row) for row in table(sampled.reports(PERIODS[2]) / "findings.csv") if row["rule"] != "deleted-early"
    }
    assert {
        named(row) for row in table(home.reports(PERIODS[2]) / "findings.csv") if row["rule"] != "deleted-early"
    } == expected


def test_findings_are_the_same_bytes_in_two_homes_but_fingerprints_are_not(sampled, tmp_path):
    home = store.open_home(tmp_path / "home", threads=2)
    take_in(home, SAMPLES / "exports" / PERIODS[0], PERIODS[0])
    name = "findings.csv"
    assert (home.reports(PERIODS[0]) / name).read_bytes() == (sampled.reports(PERIODS[0]) / name).read_bytes()
    ours, theirs = ({row["fingerprint"] for row in looking.states(each, PERIODS[0])} for each in (home, sampled))
    assert len(ours) == len(theirs) and not ours & theirs
    assert all(each[0] == "v" and len(each) == 17 for each in ours)


def test_an_outdated_file_is_written_again_after_a_crash(sampled, tmp_path, monkeypatch):
    """The decision is kept, the files follow with the next command."""
    home = store.open_home(shutil.copytree(sampled.path, tmp_path / "home"), threads=2)
    (chosen,) = [row["fingerprint"] for row in looking.states(home) if row["is_there"]][:1]
    with monkeypatch.context() as patched:
        patched.setattr(refresh, "write_again", lambda home, period: (_ for _ in ()).throw(KeyboardInterrupt()))
        reason = "known and weighed by the board"
        acceptances.accept(home, [chosen], reason=reason, until=dt.date(2026, 9, 1), by="who", second="other")
        with pytest.raises(KeyboardInterrupt):
            refresh.refresh(home)
    refresh.refresh(home)
    assert [row["fingerprint"] for row in looking.states(home) if row["state"] == "accepted"] == [chosen]
    newest = f"reports/{max(store.periods(home))}/worklists/"
    written = {name: content for name, content in files(home).items() if name.startswith(newest)}
    lists = [content.decode() for name, content in written.items() if name.endswith(".csv")]
    assert lists and not any(chosen in text for text in lists)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"fingerprints": ["v0"]}, "not among the findings"),
        ({"fingerprints": [], "rule": "no-such-rule"}, "no rule .no-such-rule."),
        ({"fingerprints": [], "rule": "past-retention", "keys": ["nobody"]}, "for the keys nobody"),
        ({"fingerprints": []}, "names no findings"),
        ({"fingerprints": ["v0"], "rule": "past-retention"}, "two ways"),
        ({"fingerprints": ["v0"], "until": dt.date(2026, 6, 29)}, "lies before"),
        ({"fingerprints": ["v0"], "reason": " "}, "name or the reason is missing"),
    ],
)
def test_an_acceptance_of_nothing_is_refused_and_changes_nothing(sampled, arguments, problem):
    given_ = {"reason": "known and weighed by the board", "until": dt.date(2026, 9, 1), "by": "who"} | arguments
    with pytest.raises(VahtiError, match=problem):
        acceptances.accept(sampled, **given_)
    assert acceptances.acceptances(sampled) == []


def test_acceptances_are_listed_withdrawn_and_put_out_as_yaml(sampled, tmp_path):
    import yaml

    home = store.open_home(shutil.copytree(sampled.path, tmp_path / "home"), threads=2)
    keys = [row["record_key"] for row in looking.states(home) if row["rule"] == "required-missing" and row["is_there"]][
        :2
    ]
    acceptances.accept(
        home,
        [],
        rule="required-missing",
        keys=keys,
        reason="known to the office, asked for again",
        until=dt.date(2026, 9, 1),
        by="officer",
    )
    listed = acceptances.acceptances(home)
    assert {row["record_key"] for row in listed} == set(keys) and all(row["in_force"] for row in listed)
    (entry,) = yaml.safe_load(acceptances.as_yaml(listed))["acceptances"]
    assert entry["accepted_by"] == "officer" and len(entry["findings"]) == len(listed)
    assert acceptances.withdraw(home, ["A0001"], reason="mended soon", by="officer") == len(listed)
    assert not any(row["in_force"] for row in acceptances.acceptances(home))
    assert not any(row["state"] == "accepted" for row in looking.states(home))
    with pytest.raises(VahtiError, match="no acceptance in force"):
        acceptances.withdraw(home, ["A0001"], reason="again", by="officer")


# -- erasure verified, and art. 19


def exports_of(tmp_path, period: str, **tables: str):
    """A small world: three customers and whatever else is named."""
    usual = {
        "customers": "customer_number | name | phone"
        "\nA1 | Virtanen Matti | 040 1234567\nA2 | Mäki Liisa | 040 7654321\nA3 | Oja Olli | .",
        "connections": "connection_number | customer_number\nK1 | A1\nK2 | A2\nK3 | A3",
        "map_customers": "site_id | customer_number | name | address | phone"
        "\nP1 | A1 | Virtanen Matti | . | 040 1234567",
    }
    return write(tmp_path / period, **(usual | tables))


def story(home, rule: str, dataset: str) -> list[str]:
    """The states of the one finding or task of a rule and dataset, a period each."""
    found = []
    for period in store.periods(home):
        rows = [row for row in looking.states(home, period) if (row["rule"], row["dataset"]) == (rule, dataset)]
        assert len(rows) <= 1
        found += [row["state"] for row in rows]
    return found


CORRECTED = (
    "customer_number | name | phone\nA1 | Virtanen Matti | 050 999888\nA2 | Mäki Liisa | 040 7654321\nA3 | Oja Olli | ."
)
OLD_COPY = "site_id | customer_number | name | address | phone\nP1 | A1 | Virtanen Matti | . | 040 1234567"
NEW_COPY = OLD_COPY.replace("040 1234567", "050 999888")
ASKED = "request_number | customer_number | kind | received_on | answered_on\nT1 | A2 | poisto | 1.12.2025 | 5.12.2025"
NOT_ASKED = "request_number | customer_number | kind | received_on\nT2 | A3 | tarkastus | 1.12.2025"
HEAD = "message_id | customer_number | phone | sent_at"
OF_A2, LONG_PAST = "\nM1 | A2 | 040 7654321 | 1.12.2025 12:00", "\nM2 | A3 | 040 5554433 | 1.6.2020 12:00"
FRESH = HEAD + "\nM3 | A1 | . | 1.6.2026 12:00\nM4 | A1 | . | 1.6.2026 12:00"
BOTH = "invoice_number | customer_number\nL1 | A1\nL3 | A3"
ONE = "invoice_number | customer_number\nL3 | A3"
# What differs from period to period; None is an export that is not there.
TOLD = [
    {"map_customers": OLD_COPY, "requests": ASKED, "messages": FRESH + OF_A2 + LONG_PAST, "invoices": BOTH},
    {"map_customers": OLD_COPY, "requests": ASKED, "messages": FRESH + OF_A2, "invoices": ONE, "customers": CORRECTED},
    {"map_customers": OLD_COPY, "requests": NOT_ASKED, "messages": FRESH + OF_A2 + LONG_PAST, "invoices": ONE,
     "customers": CORRECTED},
    {"map_customers": None, "requests": NOT_ASKED, "messages": None, "invoices": BOTH, "customers": CORRECTED},
    {"map_customers": NEW_COPY, "requests": NOT_ASKED, "messages": FRESH, "invoices": BOTH, "customers": CORRECTED},
    {"map_customers": OLD_COPY, "requests": NOT_ASKED, "messages": FRESH + OF_A2, "invoices": BOTH,
     "customers": CORRECTED},
]  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A home with six periods in which things are corrected, erased, erased too early, and come back."""
    place = tmp_path_factory.mktemp("told")
    home = store.open_home(place / "home", threads=2)
    for period, tables in zip(PERIODS, TOLD, strict=False):
        folder = exports_of(place, period, **{name: table for name, table in tables.items() if table})
        for name, file in (("map_customers", "keyaqua_asiakkaat.xlsx"), ("messages", "keyaqua_viestit.csv")):
            if tables[name] is None:
                (folder / file).unlink(missing_ok=True)
        take_in(home, folder, period)
    return home


def test_a_correction_in_billing_is_a_task_elsewhere_until_the_old_value_is_gone(told):
    assert story(told, "art-19", "map_customers") == ["new", "open", "not observable", "resolved", "reappeared"]
    task = next(row for row in looking.states(told, PERIODS[1]) if row["rule"] == "art-19")
    assert (task["record_key"], task["field"], task["system"]) == ("A1", "phone", "keyaqua")
    assert not any("1234567" in str(value) for value in task.values())


def test_a_request_for_erasure_is_a_task_until_an_export_proves_it(told):
    """That the request itself is no longer in the register resolves nothing."""
    assert story(told, "erasure-request", "messages") == [
        "new",
        "open",
        "open",
        "not observable",
        "resolved",
        "reappeared",
    ]


def test_an_erasure_past_retention_is_verified_by_absence_and_its_return_is_seen(told):
    expected = ["new", "resolved", "reappeared", "not observable", "resolved", "resolved"]
    assert story(told, "past-retention", "messages") == expected


def test_what_was_erased_too_early_stays_open_until_it_is_back(told):
    assert story(told, "deleted-early", "invoices") == ["new", "open", "resolved", "resolved", "resolved"]


def test_no_value_of_a_record_is_in_the_workbench(told):
    """Of a record it holds the key, of a value or a rejected cell a keyed hash."""
    with store.workbench(told, read_only=True) as connection:
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'ledger'"
        ).fetchall():
            text = str(connection.execute(f"from ledger.{name}").fetchall())
            assert not any(value in text for value in ("1234567", "Virtanen", "7654321", "Topeekantie")), name


def test_an_erasure_in_billing_is_a_task_elsewhere_but_not_when_billing_was_cut_off(tmp_path):
    home = store.open_home(tmp_path / "home", threads=2)
    everybody = "customer_number | name | phone\n" + "\n".join(f"B{n} | Oja Olli | 040 55500{n}" for n in range(10))
    everybody += "\nA1 | Virtanen Matti | 040 1234567"
    without = everybody.rsplit("\n", 1)[0]
    half = "\n".join(everybody.split("\n")[:5])
    for period, customers in zip(PERIODS, (everybody, half, everybody, without), strict=False):
        take_in(home, exports_of(tmp_path, period, customers=customers), period)
    fields = [
        [row["field"] for row in looking.states(home, p) if row["rule"] == "art-19" and row["is_there"]]
        for p in PERIODS[:4]
    ]
    assert fields == [[], [], [], ["name", "phone"]]
