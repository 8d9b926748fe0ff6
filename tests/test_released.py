"""What a period hands out, all files together: no customer behind a finding that tells of a protected address, no hidden count
that another file tells."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import shutil
from pathlib import Path

import pytest
import worlds
from typer.testing import CliRunner
from worlds import EXPECTATIONS, PERIOD, expectations, judged

from pipelines import small
from pipelines.commands import listing
from pipelines.commands.main import app
from pipelines.errors import UnknownError
from pipelines.home import store
from pipelines.job import calendar, run
from pipelines.job.refresh import refresh
from pipelines.language import languages
from pipelines.ledger import acceptances, findings_files, letters
from pipelines.notice import amendments, released
from pipelines.record import collect as ropa

UNTIL = dt.date(2026, 7, 31)
REFERENCE = re.compile(rf"R{PERIOD}-[0-9]+")
PROTECTED = {
    "customers": """customer_number | name | protected_address | contact_confirmed_on
1234567 | Virtanen Matti | K | 1.6.2020
7654321 | Aalto Liisa | E | 1.6.2020""",
    "installer_disclosures": """disclosure_id | customer_number | recipient | channel | fields | disclosed_on
LU-1 | 1234567 | LVI-Lähdeputki Oy | paperi | osoite, puhelin, tili | 1.2.2026
LU-1234567 | 1234567 | LVI-Lähdeputki Oy | puhelin | osoite | 1.6.2026
LU-3 | 7654321 | LVI-Lähdeputki Oy | puhelin | osoite, tili | 1.6.2026""",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("released")
    worlds.write(place / "exports" / PERIOD, **PROTECTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.second_opinion.run", lambda *arguments, **more: None)
        run.run(place / "home", place / "exports", EXPECTATIONS)
    return place / "home"


def rows(home: Path, name: str = "findings.csv") -> list[dict]:
    with (home / "reports" / PERIOD / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_finding_that_tells_of_a_protected_address_names_no_customer(home):
    telling = [row for row in rows(home) if row["rule"] == "disclosure-of-protected"]
    assert len(telling) == 2 and all(REFERENCE.fullmatch(row["customer_number"]) for row in telling)
    assert len({row["customer_number"] for row in telling}) == 2  # a reference of each finding, none of the person
    assert not any("1234567" in "".join(row.values()) for row in telling)
    assert [row["record_key"] for row in telling if not REFERENCE.fullmatch(row["record_key"])] == ["LU-1"]


def test_nor_does_any_other_finding_on_its_record(home):
    on_record = [row for row in rows(home) if row["record_key"] == "LU-1"]
    assert {row["rule"] for row in on_record} > {"disclosure-of-protected", "disclosure-excess"}
    assert all(REFERENCE.fullmatch(row["customer_number"]) for row in on_record)
    other = [row for row in rows(home) if row["record_key"] == "LU-3"]
    assert other and {row["customer_number"] for row in other} == {"7654321"}
    assert any(
        row["customer_number"] == "1234567" for row in rows(home)
    )  # what says nothing of protection stays as it is


def test_no_released_file_joins_the_customer_to_such_a_finding(home):
    page = (home / "reports" / PERIOD / "report.html").read_text("utf-8")
    assert "LU-1<" in page and "LU-1234567" not in page
    for name in ("findings.csv", "ledger.csv", "notice.json", "ropa.json"):
        assert "LU-1234567" not in (home / "reports" / PERIOD / name).read_text("utf-8"), name
    import duckdb

    found = duckdb.read_parquet(str(home / "reports" / PERIOD / "findings.parquet")).fetchall()
    assert not [row for row in found if row[0] == "disclosure-of-protected" and "1234567" in " ".join(map(str, row))]


def test_what_is_sent_to_keepers_and_calendars_names_no_record_in_clear(home):
    opened = store.open_existing(home)
    made = letters.drafts(opened, password="kolme pientä lintua")
    sheets = [one for one in made if one.holds_keys]
    assert sheets and all(
        content[:4] == b"\xd0\xcf\x11\xe0" for one in sheets for _file, content in one.attached
    )  # encrypted, not a ZIP
    found = calendar.events(opened, EXPECTATIONS)
    sent = [letters.message(one).decode() for one in made] + [calendar.as_ics(found, "ours", found[0].day).decode()]
    texts = sent + [f"{one.subject} {one.body} {one.attached[0][0]}" for one in made]
    assert not [text for text in texts for value in ("1234567", "7654321", "LU-", "Virtanen", "Aalto") if value in text]


def test_the_keepers_own_sheet_has_the_record_key(home):
    sheets = "".join(path.read_text("utf-8") for path in (home / "reports" / PERIOD / "worklists").glob("*.csv"))
    assert '"LU-1234567"' in sheets


def test_nor_does_an_acceptance_of_one(home, tmp_path):
    own = store.open_existing(shutil.copytree(home, tmp_path / "home"))
    reason = "the board decides in the autumn whether installers go on"
    acceptances.accept(
        own, [], rule="disclosure-of-protected", reason=reason, until=UNTIL, by="Officer", second="Director"
    )
    refresh(own)
    (first, second) = rows(own.path, "acceptances.csv")
    assert first["rule"] == second["rule"] == "disclosure-of-protected"
    assert {first["record_key"], second["record_key"]} == {first["fingerprint"], second["fingerprint"]}


def test_the_reference_leads_to_the_customer_for_a_reason_and_is_logged(home):
    row = next(row for row in rows(home) if row["rule"] == "disclosure-of-protected")
    command = ["findings", "--show", row["customer_number"], "--home", str(home), "--format", "json"]
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code == 2 and "1234567" not in refused.output and not (home / "audit.log").exists()
    shown = CliRunner().invoke(app, [*command, "--reason", "incident 7"])
    (one,) = json.loads(shown.stdout)
    assert (one["customer_number"], one["rule"]) == ("1234567", "disclosure-of-protected")
    entry = json.loads((home / "audit.log").read_text("utf-8").splitlines()[-1])
    assert (entry["what"], entry["why"], entry["finding"]) == ("finding", "incident 7", row["customer_number"])
    unknown = CliRunner().invoke(app, ["findings", "--show", "R1", "--reason", "x", "--home", str(home)])
    assert isinstance(unknown.exception, UnknownError)


def test_a_listing_in_csv_shows_control_characters_by_their_code():
    assert listing.guarded("\x1b]0;x\x07K1") == "⟨U+001B⟩]0;x⟨U+0007⟩K1"
    assert listing.guarded("=1+1") == "'=1+1" and listing.guarded(5) == 5


# Counts that are hidden in one file and told by another


def accounts(few: str, many: str) -> str:
    """Seven accounts of one role that is on no list, and one of another."""
    head = "account_id | system | organisation | role\n"
    return head + "\n".join(f"T{n} | {many if n else few}" for n in range(8))


def messages(few: str, many: str) -> str:
    head = "message_id | customer_number | category\n"
    return head + "\n".join(f"M{n} | A1 | {many if n else few}" for n in range(8))


def handed_out(tmp_path, name: str, few: int) -> dict[str, str]:
    """Every table of a period that is handed out, as text, of a world in which the smaller count is of the one or the other."""
    roles = ["KeyAqua | Yksi Oy | siivous", "VesikantaPlus | Muu Oy | kesätyö"]
    categories = ["markkinointi", "uutiskirje"]
    worlds.write(
        tmp_path / name / PERIOD,
        customers="customer_number\nA1",
        user_accounts=accounts(roles[few], roles[1 - few]),
        messages=messages(categories[few], categories[1 - few]),
    )
    with judged(tmp_path / name) as world:
        world.findings()
        released.reserve(world.connection, world.opened())
        world.connection.execute(
            "create schema if not exists ledger; create or replace table ledger.states as select *, 'finding' as kind, true as is_found,"
            " 'v0' as fingerprint, 'new' as state, 'x' as first_seen, 'x' as last_seen, 0 as age_days, 1 as periods_open"
            " from results.findings"
        )
        query = f"select * from ({findings_files.released(world.connection)}) order by all"
        found = {"findings": json.dumps(world.rows(query))}
        proposed = amendments.proposals(world.connection, world.context, world.loaded.notice)
        found["notice"] = json.dumps(
            [amendments.as_data(one, languages.language("en"), {}) for one in proposed], ensure_ascii=False
        )
        found["record"] = json.dumps(ropa.collect(world.connection, world.opened()), default=str)
    return found


def test_two_periods_that_differ_in_a_hidden_count_alone_are_handed_out_alike(tmp_path):
    one, other = handed_out(tmp_path, "one", 0), handed_out(tmp_path, "other", 1)
    assert one == other
    for label in ("KeyAqua", "VesikantaPlus", "markkinointi", "uutiskirje"):
        assert f'"value": "{label}", "records": null' in one["notice"]
    listed = [row for row in json.loads(one["findings"]) if row["rule"] in ("access-not-allowed", "marketing-use")]
    assert len(listed) == 16 and {row["detail"] for row in listed} == {small.MARK}  # every finding is there


def test_a_count_that_the_number_of_findings_tells_goes_without_its_name(tmp_path):
    worlds.write(
        tmp_path / PERIOD,
        customers="customer_number\nA1",
        messages="message_id | customer_number | category\nM1 | A1 | uutiskirje\nM2 | A1 | kampanja",
    )
    with judged(tmp_path) as world:
        world.findings("marketing-use")
        proposed = amendments.proposals(world.connection, world.context, world.loaded.notice)
        mine = [one for one in proposed if one.kind == "message category"]
    assert {one.value for one in mine} == {"uutiskirje", "kampanja"}  # the officer sees them at her desk
    handed = json.dumps(
        [amendments.as_data(one, languages.language(language), {}) for one in mine for language in ("en", "fi", "sv")]
    )
    assert "uutiskirje" not in handed and "kampanja" not in handed
    assert "uutiskirje" in json.dumps(
        [amendments.as_data(one, languages.language("en"), {}, outside=False) for one in mine]
    )


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([], False),
        ([5], False),
        ([1], True),
        ([4], True),
        ([1, 1], True),
        ([1, 2], False),
        ([1, 1, 9], False),
        ([1, 9], False),
    ],
)
def test_when_a_total_tells_what_is_hidden(counts, told):
    assert small.tells(dict(enumerate(counts))) is told


def test_a_hidden_count_cannot_be_told_from_the_sum_of_the_hidden():
    """Over every breakdown of up to four small counts: what is shown and the total allow for another answer, or names are left out."""
    from itertools import product

    for counts in product(range(8), repeat=3):
        named = dict(enumerate(counts))
        covered = small.cover(named)
        hidden = [counts[label] for label, shown in covered.items() if shown is None]
        if hidden and not small.tells(named):
            others = [each for each in product(range(1, 30), repeat=len(hidden)) if sum(each) == sum(hidden)]
            assert len(others) > 1, counts


def test_the_sum_of_a_kind_of_data_is_hidden_where_a_part_of_it_is(tmp_path):
    people = "\n".join(f"B{n} | 040123456{n} | e{n}@example.fi" for n in range(9))
    worlds.write(
        tmp_path / PERIOD,
        customers=f"customer_number | phone | email\n{people}",
        accounts="account_id | customer_number | email | phone\nK1 | B1 | e1@example.fi | .",
    )
    with judged(tmp_path) as world:
        world.findings("past-retention")
        parts = released.categories(world.connection, world.context.contracts)
        record = ropa.collect(world.connection, world.opened())
        notice = world.loaded.notice
        unsaid = type(notice)(**{**notice.__dict__, "says": {**notice.says, "categories": []}})
        proposed = amendments.proposals(world.connection, world.context, unsaid)
    sums = {one.value: one for one in proposed if one.kind == "category"}
    hidden = {kind for told in parts.values() for kind, count in told.items() if count is None}
    assert "pd:EmailAddress" in hidden
    assert all((one.told is None) == (kind in hidden) for kind, one in sums.items())
    for dataset in record["datasets"]:
        shown = {each["category"]: each["values"] for each in dataset["categories"] if each["values"] is not None}
        assert all((value == small.MARK) == (parts[dataset["dataset"]][kind] is None) for kind, value in shown.items())


def test_rules_that_tell_are_known_by_what_they_read():
    assert released.telling_rules(expectations()) == ["disclosure-of-protected"]
