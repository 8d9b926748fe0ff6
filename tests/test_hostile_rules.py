"""A rule or relation from a colleague who means harm: stopped before it runs, and stopped again by DuckDB where it was not."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import little
import pytest
from little import PERIODS, Place

from pipelines import open_workbench
from pipelines.errors import ExpectationsError, VahtiError
from pipelines.expectations.context import Context
from pipelines.expectations.load import Relation, load
from pipelines.expectations.rule import Part, load_rule
from pipelines.home import guard, store
from pipelines.rules import findings, relations, rulecheck

SECRET = "a line that only the file has"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    little.quiet(monkeypatch)


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory) -> Place:
    """One period. Not to be changed."""
    place, _ = little.taken_in(tmp_path_factory.mktemp("hostile"), *PERIODS[:2], period=PERIODS[0])
    (place.folder / "secret.csv").write_text(f"record_key\n{SECRET}\n", "utf-8")
    duckdb.connect(str(place.folder / "other.duckdb")).close()
    return place


# What it tries; {secret} is a file that it wants to read, {target} one that it wants to write.
READS = {
    "read_csv": "select record_key from read_csv('{secret}')",
    "read_text": "select content as record_key from read_text('{secret}')",
    "read_blob": "select content::varchar as record_key from read_blob('{secret}')",
    "read_json": "select json as record_key from read_json_objects('{secret}')",
    "read_parquet": "select 'x' as record_key from read_parquet('{secret}')",
    "read_duckdb": "select 'x' as record_key from read_duckdb('{other}')",
    "parquet_metadata": "select file_name as record_key from parquet_metadata('{secret}')",
    "sniff_csv": "select Columns::varchar as record_key from sniff_csv('{secret}')",
    "glob": "select file as record_key from glob('{folder}/*')",
    "a file by its name": "select record_key from '{secret}'",
    "a file in a subquery": "select record_key from registry.claims where record_key in (select record_key from read_csv('{secret}'))",
    "a file in an expression": "select (select max(content) from read_text('{secret}')) as record_key from registry.claims",
    "a file in a common table expression": "with x as (select content as record_key from read_text('{secret}')) select record_key from x",
    "a query in a text": "select * from query('select content as record_key from read_text(''{secret}'')')",
    "a serialized query": "select * from json_execute_serialized_sql('{{}}')",
    "the net": "select 'x' as record_key from read_csv('https://example.org/x.csv')",
}
STATEMENTS = {
    "copy to": "copy registry.customers to '{target}'",
    "copy from": "copy registry.customers from '{secret}'",
    "copy of a select": "copy (select * from registry.customers) to '{target}' (format parquet)",
    "export": "export database '{target}'",
    "import": "import database '{folder}'",
    "attach": "attach '{other}' as other",
    "attach anew": "attach '{target}' as other",
    "detach": "detach previous",
    "install": "install spatial",
    "load": "load '{other}'",
    "set": "set enable_external_access = true",
    "reset": "reset lock_configuration",
    "pragma": "pragma enable_profiling",
    "a setting by pragma": "pragma threads = 1",
    "call": "call enable_logging()",
    "insert": "insert into registry.customers select * from registry.customers",
    "update": "update registry.customers set name = 'x'",
    "delete": "delete from registry.customers",
    "create table": "create table registry.mine as select 1 as record_key",
    "create view": "create view registry.mine as select 1 as record_key",
    "create macro": "create macro mine() as 1",
    "create secret": "create secret (type s3)",
    "drop": "drop table registry.customers",
    "alter": "alter table registry.customers add column mine integer",
    "use": "use memory",
    "vacuum": "vacuum",
    "begin": "begin",
    "explain": "explain analyze select 1 as record_key",
    "set variable": "set variable x = 1",
    "two statements": "select record_key from registry.claims; copy registry.customers to '{target}'",
    "out of its brackets": "select record_key from registry.claims); copy registry.customers to '{target}'; select (1",
    "out by a comment": "select record_key from registry.claims) --",
}
TELLS = {
    "getenv": "select getenv('VAHTI_KEY') as record_key",
    "current_setting": "select current_setting('temp_directory') as record_key",
    "getvariable": "select getvariable('x') as record_key",
    "write_log": "select write_log('x') as record_key",
    "sleep": "select pg_sleep(1000) as record_key",
    "the query": "select current_query() as record_key",
    "settings": "select value as record_key from duckdb_settings()",
    "databases": "select path as record_key from duckdb_databases()",
    "secrets": "select name as record_key from duckdb_secrets()",
    "logs": "select message as record_key from duckdb_logs",
    "the schema of tables": "select table_name as record_key from information_schema.tables",
    "show": "select name as record_key from (show tables)",
    "describe": "select column_name as record_key from (describe registry.customers)",
    "the raw rows": "select name as record_key from raw.vesikanta_customers",
    "the ledger": "select secret as record_key from workbench.ledger.secrets",
    "chance": "select random()::varchar as record_key",
    "the clock": "select now()::varchar as record_key",
    "a variable of Python": "select record_key from connection",
}
# The same in other spellings, and by ways that a release of DuckDB may bring.
SPELLINGS = {
    "a function of a schema": "select content as record_key from system.main.read_text('{secret}')",
    "a quoted function": "select content as record_key from \"read_text\"('{secret}')",
    "query_table": "select record_key from query_table('{secret}')",
    "query_table of raw rows": "select name as record_key from query_table(['raw.vesikanta_customers'])",
    "a quoted file": 'select record_key from "{secret}"',
    "an argument of a method": "select 'HOME'.getenv() as record_key",
    "a schema before getenv": "select system.main.getenv('HOME') as record_key",
    "capitals": "select getENV('HOME') as record_key",
    "in a lambda": "select list_transform(['HOME'], lambda x: getenv(x))[1] as record_key",
    "in a comprehension": "select [getenv(x) for x in ['HOME']][1] as record_key",
    "in the place of a column": "select * replace (getenv('HOME') as record_key) from registry.customers",
    "a file beside a row": "select t.content as record_key from registry.customers, lateral (select content from read_text('{secret}')) as t",
    "a file in an order": "select record_key from registry.customers order by (select content from read_text('{secret}'))",
    "a file in a limit": "select record_key from registry.customers limit (select count(*) from read_text('{secret}'))",
    "a file in a window": "select record_key from registry.customers qualify row_number() over (order by (select content from read_text('{secret}'))) = 1",
    "a file by union by name": "select record_key from registry.customers union by name select content as record_key from read_text('{secret}')",
    "columns of the catalogue": "select name as record_key from sqlite_master",
    "a pragma in FROM": "select name as record_key from pragma_table_info('registry.customers')",
    "secrets of the session": "select which_secret('x', 's3')::varchar as record_key",
    "a summary": "select column_name as record_key from (summarize registry.customers)",
    "raw rows of the period before": "select name as record_key from previous.raw.vesikanta_customers",
    "the clock in capitals": "select CURRENT_TIMESTAMP::varchar as record_key",
    "the clock of the place": "select current_localtimestamp()::varchar as record_key",
    "an age": "select age(date '2020-01-01')::varchar as record_key",
    "who it is": "select current_user as record_key",
    "a sample": "select record_key from registry.customers tablesample 10%",
    "a sample of the whole": "select record_key from registry.customers using sample 1",
}
# What takes all memory, or minutes, of whoever looks whether the rule is fit: constants are worked out while it is bound.
TEXT = "'aaaaaaaaaa'"
for _ in range(12):
    TEXT = f"replace({TEXT}, 'a', 'aaaaaaaaaa')"
BOMBS = {
    "many pieces": "select string_split(repeat('a,', 100000000), ',')[1] as record_key",
    "as many as a record says": "select repeat('a', record_key::int) as record_key from registry.customers",
    "padded": "select lpad('x', 2000000000, 'y') as record_key",
    "bits": "select bit_count(bitstring('1', 1000000000))::varchar as record_key",
    "a width": "select format('{{:>1000000000}}', 'x') as record_key",
    "a width that is counted": "select printf('%*d', 1000000000, 1) as record_key",
    "replaced again and again": f"select {TEXT} as record_key",
    "repeated again and again": "select repeat(repeat(repeat('a', 1000), 1000), 1000) as record_key",
    "doubled": "select list_reduce(range(40)::varchar[], lambda a, b: a || a) as record_key",
}
HOSTILE = READS | STATEMENTS | TELLS | SPELLINGS | BOMBS


def filled(sql: str, folder: Path) -> str:
    names = {"secret": "secret.csv", "target": "stolen", "other": "other.duckdb"}
    return sql.format(folder=folder, **{name: folder / file for name, file in names.items()})


def rule_of(place: Place, sql: str, folder: Path):
    path = folder / "hostile-rule.sql"
    path.write_text(little.rule(sql), "utf-8")
    return load_rule(path)


def is_one_message(error, path: Path) -> None:
    assert str(path) in str(error.value)
    assert error.value.remedy and error.value.exit_code == 4
    assert SECRET not in str(error.value)


@pytest.fixture(scope="module")
def empty(taken_in):
    loaded = load(taken_in.expectations)
    with rulecheck.empty_registry(loaded) as connection:
        yield connection, loaded


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_rule_is_stopped_before_it_runs(taken_in, empty, tmp_path, name):
    connection, loaded = empty
    rule = rule_of(taken_in, filled(HOSTILE[name], taken_in.folder), tmp_path)
    with pytest.raises(ExpectationsError) as error:
        rulecheck.check_rule(connection, loaded, rule)
    is_one_message(error, rule.path)
    assert not (taken_in.folder / "stolen").exists()


@pytest.mark.parametrize("name", HOSTILE)
def test_so_is_a_hostile_relation(taken_in, empty, tmp_path, name):
    connection, loaded = empty
    path = tmp_path / "hostile.sql"
    with pytest.raises(ExpectationsError) as error:
        rulecheck.check_select(connection, loaded, path, filled(HOSTILE[name], taken_in.folder), 1)
    is_one_message(error, path)


def locked_period(place: Place):
    """The connection that rules run on."""
    return store.reopening(place.opened(), PERIODS[0])


def contents(connection) -> list[tuple]:
    from pipelines.home.rotation import sums

    return sums(connection, "period")


@pytest.fixture
def copied(taken_in, tmp_path) -> Place:
    shutil.copytree(taken_in.folder, tmp_path / "place")
    return Place(tmp_path / "place").adopted()


@pytest.mark.parametrize("name", READS | STATEMENTS)
def test_duckdb_stops_it_where_the_check_was_passed_by(copied, tmp_path, name):
    """The part is handed straight to what evaluates it."""
    rule = rule_of(copied, filled(HOSTILE[name], copied.folder), tmp_path)
    loaded = load(copied.expectations)
    context = Context(rulecheck.ANY_DAY, loaded.contracts, loaded.controller)
    with locked_period(copied) as connection:
        before = contents(connection)
        try:
            found = findings.offences(connection, context, [Part(rule, 1, rule.sql, "claims")])
        except ExpectationsError as error:
            assert str(rule.path) in str(error) and error.remedy and SECRET not in str(error)
        else:
            assert found == "reads what this period lacks", name
        assert contents(connection) == before
        assert connection.execute("select current_setting('enable_external_access')").fetchone() == (False,)
    assert not (copied.folder / "stolen").exists()


@pytest.mark.parametrize("name", [name for name in READS if name != "a serialized query"])
def test_duckdb_stops_a_relation_where_the_check_was_passed_by(copied, tmp_path, name):
    loaded = load(copied.expectations)
    context = Context(rulecheck.ANY_DAY, loaded.contracts, loaded.controller)
    path = tmp_path / "hostile.sql"
    hostile = Relation("hostile", path, filled(READS[name], copied.folder))
    with locked_period(copied) as connection:
        try:
            relations.build(connection, context, (hostile,))
        except ExpectationsError as error:
            assert str(path) in str(error) and error.remedy and SECRET not in str(error)
        else:  # a function that looks for its file only when it is read
            with pytest.raises((duckdb.PermissionException, duckdb.CatalogException)):
                connection.execute("from registry.hostile").fetchall()


@pytest.mark.parametrize("name", ["read_csv", "copy to", "the net", "two statements", "set"])
def test_a_run_with_a_hostile_rule_is_one_message_and_takes_nothing_in(copied, monkeypatch, capsys, name):
    path = copied.expectations / "rules" / "hostile-rule.sql"
    path.write_text(little.rule(filled(HOSTILE[name], copied.folder)), "utf-8")
    before = copied.state()
    code, out, err = little.command(monkeypatch, capsys, *copied.arguments())
    assert (code, out) == (4, "")
    assert err.startswith(f"vahti: {path}") and err.count("Remedy") == 1 and "Traceback" not in err
    assert copied.state() == before
    assert not (copied.folder / "stolen").exists()


@pytest.mark.parametrize("name", ["read_csv", "a query in a text", "copy to"])
def test_a_run_stops_it_even_if_nobody_checks(copied, monkeypatch, capsys, name):
    """The static check does nothing: DuckDB and the run's own reading of statements are left."""
    path = copied.expectations / "rules" / "hostile-rule.sql"
    path.write_text(little.rule(filled(HOSTILE[name], copied.folder)), "utf-8")
    monkeypatch.setattr(rulecheck, "check_all", lambda loaded: None)
    before = copied.state()
    code, _, err = little.command(monkeypatch, capsys, *copied.arguments())
    assert code == 4
    assert "hostile-rule.sql" in err and SECRET not in err
    assert copied.state() == before


@pytest.mark.parametrize(
    "sql",
    [
        "with recursive n as (select 1 as i union all select i + 1 from n) select i::varchar as record_key from n",
        "select t.r::varchar as record_key from generate_series(1, 100000000000) as t(r)",
    ],
)
def test_what_never_ends_is_broken_off(taken_in, empty, tmp_path, monkeypatch, sql):
    """It is fit to run by what can be told of it; as a rule, and as a relation that is worked out once."""
    connection, loaded = empty
    monkeypatch.setattr(guard, "MOST_SECONDS", 0.3)
    rule = rule_of(taken_in, sql, tmp_path)
    rulecheck.check_rule(connection, loaded, rule)
    context = Context(rulecheck.ANY_DAY, loaded.contracts, loaded.controller)
    with pytest.raises(ExpectationsError, match="takes longer than") as error:
        findings.offences(connection, context, [Part(rule, 1, rule.sql, "claims")])
    is_one_message(error, rule.path)
    path = tmp_path / "endless.sql"
    with pytest.raises(ExpectationsError, match="takes longer than") as error:
        relations.build(connection, context, (Relation("endless", path, sql),))
    is_one_message(error, path)


# What a rule says of a record


QUOTING = {
    "the value": "name",
    "in a sentence": "'of ' || upper(name)",
    "among others": "concat_ws(', ', customer_number, name, phone)",
    "free text": "notes",
}


@pytest.mark.parametrize("detail", QUOTING.values(), ids=QUOTING)
def test_a_detail_that_quotes_a_personal_value_is_withheld_and_the_run_says_so(copied, monkeypatch, capsys, detail):
    sql = f"select record_key, '' as field, {detail} as detail from registry.customers where name is not null and notes is not null"
    (copied.expectations / "rules" / "telling.sql").write_text(little.rule(sql, dataset="customers"), "utf-8")
    code, out, err = little.command(monkeypatch, capsys, *copied.arguments("--replace", "--period", little.PERIODS[0]))
    assert code == 10
    said = " ".join(out.split())
    assert f"{little.PERIODS[0]}: telling: details that quote a personal value were withheld (1)" in said
    found = [line for line in copied.findings(little.PERIODS[0]).decode().splitlines() if line.startswith("telling,")]
    assert len(found) == 1 and ",A1," in found[0]
    written = b"".join(path.read_bytes() for path in copied.home.joinpath("reports").rglob("*.csv")).decode()
    assert [value for value in little.PLANTED.values() if value.lower() in (written + out + err).lower()] == []


def test_a_detail_that_says_the_kind_stays(copied, monkeypatch, capsys):
    sql = "select record_key, 'phone' as field, case when is_phone(phone) then 'a phone number' end as detail from registry.customers where phone is not null"
    (copied.expectations / "rules" / "telling.sql").write_text(little.rule(sql, dataset="customers"), "utf-8")
    _, out, _ = little.command(monkeypatch, capsys, *copied.arguments("--replace", "--period", little.PERIODS[0]))
    assert "withheld" not in out
    assert b"a phone number" in copied.findings(little.PERIODS[0])


# The desk


@pytest.mark.parametrize("name", READS | STATEMENTS)
def test_the_desks_sql_reads_this_period_and_changes_nothing(taken_in, name):
    bench = open_workbench(taken_in.home, expectations=taken_in.expectations)
    with pytest.raises(VahtiError) as error:
        bench.sql(filled(HOSTILE[name], taken_in.folder))
    assert SECRET not in str(error.value) and error.value.remedy
    assert not (taken_in.folder / "stolen").exists()


def test_the_desks_sql_sees_no_variable_of_python(taken_in):
    import pandas as pd

    connection = pd.DataFrame({"record_key": ["x"]})  # noqa: F841
    bench = open_workbench(taken_in.home, expectations=taken_in.expectations)
    with pytest.raises(VahtiError):
        bench.sql("select record_key from connection")


# The lock


def test_behind_the_lock_there_is_room_to_spill_and_a_database_in_memory(copied):
    home = store.open_home(copied.home, memory="60MB", threads=1)
    with store.locked(home), store.reopening(home, PERIODS[0]) as connection:
        connection.execute("attach ':memory:' as beside")
        connection.execute("create table beside.t as select range as a, md5(range::varchar) as b from range(900000)")
        connection.execute("create temp table sorted as select * from beside.t order by b")
        assert connection.execute("select count(*) from sorted").fetchone() == (900_000,)


def test_a_run_is_behind_the_lock_from_the_end_of_reading_on(copied, monkeypatch):
    seen = {}

    def look(name, function):
        def looked(connection, *arguments, **more):
            seen[name] = connection.execute("select current_setting('enable_external_access')").fetchone()[0]
            return function(connection, *arguments, **more)

        return looked

    from pipelines.ledger import findings_files
    from pipelines.registry import build as registry
    from pipelines.rules import retention

    for module, name in (
        (registry, "build"),
        (retention, "build"),
        (findings, "evaluate"),
        (findings_files, "write_findings"),
    ):
        monkeypatch.setattr(module, name, look(f"{module.__name__}.{name}", getattr(module, name)))
    monkeypatch.setattr(rulecheck, "check_all", lambda loaded: None)
    copied.run()
    assert len(seen) == 4 and set(seen.values()) == {False}


def test_the_lock_has_no_key():
    with store.scratch() as connection:
        guard.lock(connection)
        for attempt in (
            "set lock_configuration = false",
            "set enable_external_access = true",
            "reset enable_external_access",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(attempt)
