"""Fast must not mean different: the same bytes however the work is shared out; and where the time goes is told without a value."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path

import duckdb
import little
import pytest
from little import PERIODS, PLANTED, Place
from worlds import EXPECTATIONS

from pipelines import together
from pipelines.home import connections, keys, store
from pipelines.job import profiling, run
from pipelines.samples import write_samples

# How the same exports are taken in: DuckDB's threads and memory, and in which order the files came into the folder.
WAYS = {"one thread, little memory": (1, "300MB", False), "many threads": (4, "4GB", True)}


def outputs_of(home: Path) -> dict[str, bytes]:
    """Every file of HOME/reports."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("reports/**/*"))
        if path.is_file()
    }


def test_the_same_bytes_whatever_the_memory_the_threads_and_the_order_of_files(tmp_path, monkeypatch):
    """All outputs: findings, ledger, worklists, report, record of processing, what Great Expectations says."""
    monkeypatch.setattr("secrets.token_hex", lambda size=32: "ab" * size)  # fingerprints are each home's own
    write_samples(tmp_path, 300, 7, 1)
    files = sorted((tmp_path / "exports" / PERIODS[0]).iterdir())
    made = {}
    for name, (threads, memory, backwards) in WAYS.items():
        folder = tmp_path / name / "exports" / PERIODS[0]
        folder.mkdir(parents=True)
        for path in reversed(files) if backwards else files:
            shutil.copyfile(path, folder / path.name)
        run.run(tmp_path / name / "home", folder.parent, EXPECTATIONS, threads=threads, memory=memory)
        made[name] = outputs_of(tmp_path / name / "home")
    one, other = made.values()
    assert {"findings.csv", "report.html", "ledger.csv"} <= {Path(name).name for name in one}
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


# Where the time goes


@pytest.fixture(scope="module")
def profiled(tmp_path_factory) -> tuple[Place, profiling.Profile]:
    """A little period, taken in with a profile."""
    place, profile = Place(tmp_path_factory.mktemp("profiled")), profiling.Profile()
    little.exports(place.exports, PERIODS[0])
    little.expectations(place.expectations)
    with pytest.MonkeyPatch.context() as patch:
        little.quiet(patch)
        place.run(profile=profile)
    return place, profile


def test_a_profile_has_every_stage_with_its_rows_seconds_and_memory(profiled):
    _, profile = profiled
    names = [stage.name for stage in profile.stages]
    assert names[:3] == ["reading exports", "building the registry", "checking"]
    assert {"Great Expectations", "ledger", "report", "commit"} <= set(names)
    assert {stage.rows for stage in profile.stages} == {profile.stages[0].rows} != {0}
    assert all(stage.seconds >= 0 for stage in profile.stages)
    assert all(stage.peak_bytes is None or stage.peak_bytes > 2**20 for stage in profile.stages)


def test_the_slowest_rules_are_profiled_into_the_home_and_not_among_the_reports(profiled):
    place, _ = profiled
    profiles = list((place.home / "profiles" / PERIODS[0]).glob("*.json"))
    assert profiles
    assert not [path for path in (place.home / "reports").rglob("*") if "profile" in path.name]
    assert "Table" in "".join(path.read_text("utf-8") for path in profiles)


def test_a_profile_holds_no_value_and_no_key(profiled):
    place, _ = profiled
    text = "".join(path.read_text("utf-8") for path in (place.home / "profiles").rglob("*.json"))
    key = keys.key(store.open_existing(place.home))
    assert [value for value in (*PLANTED.values(), key, "select") if value in text] == []


def test_filters_that_a_join_pushes_down_quote_data_and_are_left_out():
    """The reason why DuckDB's own profile is not kept as it is."""
    connection = duckdb.connect()
    connection.execute("create table a as select 'secret ' || i as x from range(10000) as t(i)")
    connection.execute("create table b as select 'secret ' || i as x from range(50, 60) as t(i)")
    sql = "explain (analyze, format json) select * from a join b using (x)"
    raw = connection.execute(sql).fetchall()[0][1]
    assert "secret 5" in raw
    safe = json.dumps(profiling.safe(json.loads(raw)))
    assert "secret" not in safe
    assert "TABLE_SCAN" in safe


def test_run_prints_the_profile(monkeypatch, capsys, tmp_path):
    place = Place(tmp_path)
    little.exports(place.exports, PERIODS[0])
    little.expectations(place.expectations)
    little.quiet(monkeypatch)
    _, out, _ = little.command(monkeypatch, capsys, *place.arguments("--profile"))
    assert "rows/s" in out
    assert "reading exports" in out


def test_without_memory_named_a_home_takes_half_of_the_machines():
    connection = duckdb.connect()
    number, unit = connections.half_of_memory(connection).replace("GiB", " GiB").replace("MiB", " MiB").split()
    most, most_unit = connection.execute("select current_setting('memory_limit')").fetchone()[0].split()
    assert unit == most_unit
    assert float(number) == pytest.approx(float(most) * 5 / 8, abs=0.1)


def test_memory_and_threads_reach_duckdb(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = store.open_home(tmp_path / "home", "500MB", 1)
    connection = store.connect(home)
    settings = "select current_setting('memory_limit'), current_setting('threads'), current_setting('temp_directory')"
    memory, threads, folder = connection.execute(settings).fetchone()
    assert (memory, threads) == ("476.8 MiB", 1)
    assert Path(folder) == home.tmp


# Work at the same time


@pytest.fixture
def database():
    connection = duckdb.connect(config={"threads": "3"})
    connection.execute("attach ':memory:' as period")
    connection.execute("use period")
    return connection


def test_results_come_in_the_order_of_the_jobs(database):
    def job(number: int):
        def work(connection) -> int:
            time.sleep(0.02 * (number == 0))
            return connection.execute("select $1::integer", [number]).fetchone()[0]

        return work

    assert together.run(database, [job(number) for number in range(20)]) == list(range(20))


def test_in_a_transaction_jobs_see_what_was_not_committed(database):
    database.execute("begin")
    database.execute("create table a as select 1 as x")
    assert together.run(database, [lambda c: c.execute("from a").fetchall()] * 3) == [[(1,)]] * 3
    database.execute("rollback")


def test_what_a_job_raises_is_raised_and_breaks_off_the_others(database):
    def fails(connection):
        raise ValueError("this one")

    def endless(connection):
        connection.execute("select count(*) from range(100000000000) as a(i) where hash(i) = 0")

    with pytest.raises(ValueError, match="this one"):
        together.run(database, [fails, endless])
    assert database.execute("select 1").fetchone() == (1,)


def test_work_beside_is_broken_off_where_the_caller_fails(database):
    def endless(connection):
        connection.cursor().execute("select count(*) from range(100000000000) as a(i) where hash(i) = 0")

    with pytest.raises(KeyboardInterrupt), together.Beside(database, endless):
        time.sleep(0.1)
        raise KeyboardInterrupt
    assert not [thread for thread in threading.enumerate() if thread.name == "beside"]


def test_what_goes_wrong_beside_is_raised_where_its_result_is_wanted(database):
    def fails(connection):
        raise ValueError("beside")

    with pytest.raises(ValueError, match="beside"), together.Beside(database, fails) as other:
        other.result()
