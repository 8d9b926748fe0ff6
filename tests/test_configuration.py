"""Nothing that a file of the expectations says is code: the same attacks at every key of every file.

Each attack is put in at every place where the small controller's files hold a value, and at the start of every file of
SQL. What is refused is refused in one message; what is taken for mere words is then run, all of it together.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import little
import pytest
import worlds
import yaml

from pipelines import tree
from pipelines.errors import ExpectationsError, VahtiError
from pipelines.expectations import load as loading
from pipelines.expectations.condition import condition
from pipelines.expectations.contract_reader import load_contract
from pipelines.expectations.controller import load_controller
from pipelines.expectations.load import load
from pipelines.expectations.notice import load_notice
from pipelines.expectations.rule import FRONT_MATTER, load_rule
from pipelines.expectations.schedule import load_schedule
from pipelines.home import guard, store
from pipelines.job.run import run
from pipelines.person import settings
from pipelines.rules import rulecheck

# The same bytes from either; the one in C is ten times as quick.
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
SECRET = "a line that only the key file has"
ATTACKS = {
    "a second statement": "true); copy (select content from read_text('{secret}')) to '{target}'; select (true",
    "a second statement after a text": "x'; copy (select content from read_text('{secret}')) to '{target}'; --",
    "out of a name": "x\"; copy (select content from read_text('{secret}')) to '{target}'; --",
    "a file in a subquery": "exists (select 1 from read_text('{secret}') where content > '')",
    "a template": "{{{{ ''.__class__.__mro__[1].__subclasses__() }}}}' or exists (from read_text('{secret}')) or '",
    "a setting": "true); set enable_external_access = true; select (true",
}
RUN = ("a second statement", "out of a name")  # the others end before a run begins
SCHEDULE = """
holds_through: [claims]
subject:
  class: vesikanta.customers
  title: Customers
  time_reference: customer_until
  period: P3Y
  held_by: [vesikanta.claims]
  held_while: [{dataset: claims, where: resolved_on is null, because: open claim}]
  ended_when: {dataset: claims, none: resolved_on is null, some: opened_on < $as_of}
  mandate: decision of the controller
  kind: maximum
  action: erase
"""
CONTROLLER = """
country: FI
language: en
synthetic_data: true
financial_year_end: 12-31
parameters: {own: A1}
lists: {words: [{word: R1}]}
access: {organisation: customer_type = 'Y', own: {claims: customer_number = $own}, since: customer_since, portable: [claims]}
workbench: {periods_kept: 2}
"""
NOTICE = """
says:
  systems: [vesikanta]
  purposes: [dpv:CustomerManagement]
  categories: [pd:Name]
  values:
  - {kind: word, dataset: claims, columns: {claim_number: word}, list: words, statement: N01}
statements:
  N01:
    text: {en: Nobody is forgotten, fi: Ketään ei unohdeta, sv: Ingen glöms bort}
    systems: [vesikanta]
    remark: {en: Some may be, fi: Joku voi unohtua, sv: Någon kan glömmas}
    rules:
    - claim-unanswered: {datasets: [claims], fields: [resolved_on]}
    - undeclared-column: {headers: ab+c, not_headers: x+}
"""


@pytest.fixture
def place(tmp_path) -> little.Place:
    """A small controller that uses every kind of condition, with two periods not yet taken in."""
    here = little.Place(tmp_path)
    little.exports(here.exports, *little.PERIODS[:1])
    folder = little.expectations(here.expectations)
    with (folder / "retention.yaml").open("a", encoding="utf-8") as file:
        file.write("    applies: opened_on is not null\n" + SCHEDULE)
    with (folder / "controller.yaml").open("a", encoding="utf-8") as file:
        file.write(CONTROLLER)
    (folder / "relations").mkdir()
    (folder / "relations" / "some_claims.sql").write_text(
        "select record_key from registry.claims where opened_on < $as_of\n"
    )
    (folder / "notice.yaml").write_text(NOTICE, "utf-8")
    (tmp_path / "secret.key").write_text(SECRET, "utf-8")
    return here


def filled(attack: str, folder: Path) -> str:
    return attack.format(secret=folder / "secret.key", target=folder / "stolen")


def places(item: object, path: tuple = ()) -> Iterator[tuple]:
    """Where a document holds a value."""
    pairs = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else None
    if pairs is None:
        yield path
        return
    for key, value in pairs:
        yield from places(value, (*path, key))


def kinds_of_places(document: object) -> dict[tuple, tuple]:
    """The same by kind, of the items of a list the first that has a key."""
    kinds = {
        tuple("item" if isinstance(key, int) else key for key in path): path for path in reversed([*places(document)])
    }
    return dict(reversed(kinds.items()))


def put(document: object, path: tuple, value: object) -> object:
    """A copy with another value in one place."""
    changed = copy.deepcopy(document)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def readers(folder: Path) -> dict[Path, object]:
    """What reads each file of the expectations by itself."""
    sound = load(folder)

    def access(path: Path) -> None:
        controller = load_controller(path)
        own_rows, _ = loading._conditions(path, sound.contracts, controller)
        settings.load(replace(sound, controller=controller, folder=path.parent, own_rows=own_rows))

    def schedule(path: Path) -> None:
        load_schedule(path, sound.contracts, sound.controller.parameters)

    def notice(path: Path) -> None:
        load_notice(path, sound.contracts, sound.controller, sound.rules)

    own = dict.fromkeys(sorted(folder.rglob("*.odcs.yaml")), load_contract)
    own |= dict.fromkeys(sorted(folder.glob("rules/*.sql")), load_rule)
    return own | {
        folder / "controller.yaml": access,
        folder / "retention.yaml": schedule,
        folder / "notice.yaml": notice,
    }


def document_of(path: Path) -> tuple[object, str]:
    """(what a file says in YAML, the SQL after it)."""
    if path.suffix == ".yaml":
        return yaml.safe_load(path.read_text("utf-8")), ""
    front = FRONT_MATTER.match(path.read_text("utf-8"))
    return yaml.safe_load(front[1]), path.read_text("utf-8")[front.end() :]


def write(path: Path, document: object, sql: str) -> None:
    text = yaml.dump(document, Dumper=DUMPER, allow_unicode=True, sort_keys=False)
    path.write_text(f"/*\n{text}*/{sql}" if sql else text, "utf-8")


def accepted(path: Path, read, attack: str, fates: dict[tuple, bool]) -> object:
    """The file's document with the attack in every place at once at which it is taken for words. `fates`: whether it is, by
    reader and kind of place; a second contract is not asked again about what the first has said."""
    document, sql = document_of(path)
    result = document
    trial = path.with_name("trial.sql" if sql else "trial.odcs.yaml")
    for kind, at in kinds_of_places(document).items():
        if (read, kind) not in fates:
            write(trial, put(document, at, attack), sql)
            try:
                read(trial)
            except ExpectationsError as error:
                assert error.remedy and SECRET not in str(error)
                fates[read, kind] = False
            else:
                fates[read, kind] = True
        if fates[read, kind]:
            result = put(result, at, attack)
    trial.unlink(missing_ok=True)
    return result


def untouched(folder: Path) -> bool:
    """Nothing was written where an attack wanted it, and no file of the home holds what it wanted to read."""
    return not (folder / "stolen").exists() and not any(
        SECRET.encode() in path.read_bytes() for path in (folder / "home").rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_at_every_key_of_every_file_reads_and_writes_nothing(place, monkeypatch, name):
    little.quiet(monkeypatch)
    attack = filled(ATTACKS[name], place.folder)
    fates: dict[tuple, bool] = {}
    taken = {path: accepted(path, read, attack, fates) for path, read in readers(place.expectations).items()}
    loaded = load(place.expectations)
    for path, document in taken.items():  # as much at once as goes together
        sound = path.read_text("utf-8")
        write(path, document, document_of(path)[1])
        try:
            loaded = load(place.expectations)
        except ExpectationsError as error:
            assert error.remedy
            path.write_text(sound, "utf-8")
    try:
        rulecheck.check_all(loaded)
        if name in RUN:
            run(place.home, place.exports, place.expectations)
    except VahtiError as error:
        assert error.remedy
    assert untouched(place.folder)


@pytest.mark.parametrize("key", ["applies", "where", "none", "some", "own", "organisation"])
@pytest.mark.parametrize("name", ATTACKS)
def test_a_condition_is_one_message_and_names_its_place(place, monkeypatch, capsys, name, key):
    path = place.expectations / ("controller.yaml" if key in ("own", "organisation") else "retention.yaml")
    document = yaml.safe_load(path.read_text("utf-8"))
    at = next(
        at
        for at in places(document)
        if at[0] != "parameters" and (at[-1] == key or (key == "own" and at[-2:] == ("own", "claims")))
    )
    path.write_text(yaml.safe_dump(put(document, at, filled(ATTACKS[name], place.folder))), "utf-8")
    if path.name == "controller.yaml":
        with pytest.raises(ExpectationsError) as caught:
            settings.load(load(place.expectations))
        assert caught.value.place.startswith(f"access.{key}") and caught.value.remedy
    else:
        rule = place.expectations / "rules" / "claim-unanswered.sql"
        for words in (place.arguments(), ["rules", "check", rule, "--expectations", place.expectations]):
            code, out, err = little.command(monkeypatch, capsys, *words)
            assert (code, out) == (4, "") and f"{path}, " in err and key in err and "Remedy" in err
    assert untouched(place.folder)


REFUSED = [
    "", "status; select 1", "status) or (true", "status, status", "status as x", "status from t", "status limit 1",
    "1 union select 2", "(select 1) = 1", "status in (select 1)", "exists (from t)", "getenv('HOME') = status",
    "current_setting('x') = status", "row_number() over () = 1", "max(status) = 1", "status::json = status", "*", "#1 = 1",
    "list_filter([1], lambda x: x > 1) = status", "other = 1", "t.status = 1", "status = $unknown", "try(status)",
    "read_text('x') = status", "status collate nocase = 'x'", "lower(status) filter (where true) = 'x'", "x" * 3000,
    "repeat(status, 1000000000) = ''", "replace(replace(status, 'a', 'aaaa'), 'a', 'aaaa') = ''", "now() > status", "random() > 0.5", 1, True, None,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: str(text)[:20])
def test_what_a_condition_may_not_hold(text):
    with pytest.raises(ExpectationsError) as caught:
        condition(text, ["status"], ["as_of"], Path("a.yaml"), "here")
    assert (caught.value.file, caught.value.place) == ("a.yaml", "here") and caught.value.remedy


@pytest.fixture
def locked():
    with store.scratch() as connection:
        connection.execute("create table t as select 'open' as status, date '2026-01-31' as day, 2.5 as amount")
        guard.lock(connection)
        yield connection


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("status = 'open'", True),
        ("status = 'open' -- or is it", True),
        ("status = '); drop table t; --'", False),
        ("status <> 'open' or amount > 2 and not status is null", True),
        ("status in ('a', 'b') or day between date '2026-01-01' and $as_of", True),
        ("coalesce(status, '') not like 'o%'", False),
        ("case when amount < 2 then false else lower(status) = 'open' end", True),
        ("cast(day as varchar) = '2026-01-31' and year(day) = 2026", True),
        ("status = $word", False),
        ("status = 'open $word'", False),
    ],
)
def test_what_a_condition_says_holds_as_it_was_written(locked, text, holds):
    import datetime as dt

    given = {"as_of": dt.date(2026, 6, 30), "word": "' or true or '"}
    found = condition(text, ["status", "day", "amount"], given, Path("a.yaml"), "here")
    sql = found.sql(locked, SimpleNamespace(parameters=given), "r")
    assert locked.execute(f"select {sql} from t as r").fetchone() == (holds,)
    assert text not in str(found) + repr(found)


def test_no_condition_reaches_a_connection_that_is_not_locked():
    found = condition("status = 'open'", ["status"], [], Path("a.yaml"), "here")
    with store.scratch() as connection, pytest.raises(RuntimeError, match="not locked"):
        found.sql(connection, SimpleNamespace(parameters={}))


@pytest.mark.parametrize(
    "text", ["select 1; select 2", "select 1; copy (select 1) to 'x'", "copy (select 1) to 'x'", ""]
)
def test_describe_takes_one_select(locked, text):
    with pytest.raises((tree.NotASelect, duckdb.Error)):
        tree.describe(locked, text)


SHADOWS = {
    "outside its scope": "select path as record_key from duckdb_databases where 0 <"
    " (with duckdb_databases as (select 1 as n) select max(n) from duckdb_databases)",
    "beside it": "select d.path as record_key from (with duckdb_databases as (select 1 as path) select path from duckdb_databases) as x, duckdb_databases as d",
    "before it": "with a as (select path from duckdb_databases), duckdb_databases as (select 1 as path) select path as record_key from a",
    "itself": "with duckdb_databases as (select path from duckdb_databases) select path as record_key from duckdb_databases",
    "in another part": "with a as (select '1' as path), x as (select '1' as path) select path as record_key from x"
    " union all (with a as (select path from x), x as (select '2' as path) select path as record_key from a)",
}


@pytest.mark.parametrize("name", SHADOWS)
def test_a_name_of_the_catalogue_cannot_be_hidden_behind_a_common_table_expression(place, name):
    loaded = load(place.expectations)
    with rulecheck.empty_registry(loaded) as connection, pytest.raises(ExpectationsError) as caught:
        rulecheck.check_select(connection, loaded, Path("a.sql"), SHADOWS[name], 1)
    assert "duckdb_databases" in caught.value.problem or "name already" in caught.value.problem


def test_a_common_table_expression_is_seen_where_duckdb_sees_it(place):
    sql = """
        with recursive n as (select 1 as i union all select i + 1 from n where i < 3), Kept as (select * from n)
        select c.record_key from registry.claims as c, kept where exists (select 1 from kept as k where k.i = 1)
    """
    loaded = load(place.expectations)
    with rulecheck.empty_registry(loaded) as connection:
        rulecheck.check_select(connection, loaded, Path("a.sql"), sql, 1)


def test_a_parameter_in_a_text_stays_a_text(place):
    """Its value, put between quotes, would end them."""
    path = place.expectations / "controller.yaml"
    path.write_text(path.read_text("utf-8").replace("{own: A1}", "{own: ' || getenv(''HOME'') || '}"), "utf-8")
    (place.expectations / "relations" / "some_claims.sql").write_text(
        "select '$own' as record_key from registry.claims"
    )
    loaded = load(place.expectations)
    with worlds.judged(place.exports, little.PERIODS[0], loaded=loaded) as world:
        assert world.rows("select record_key from registry.some_claims") == [{"record_key": "$own"}]
