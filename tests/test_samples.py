"""The synthetic samples: same arguments, same bytes; every habit and every rule occurs, and the rest is clean."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest
from python_calamine import CalamineWorkbook
from stdnum import iban
from stdnum.fi import hetu, ytunnus

from pipelines.samples import identifiers, write_samples
from pipelines.samples.catalogue import RULES
from pipelines.samples.days import period_ends
from pipelines.samples.key import COLUMNS
from pipelines.samples.layout import HOLDS, LAYOUTS, PLACEHOLDERS
from pipelines.samples.life import phones
from pipelines.samples.plants import PLANTS
from pipelines.samples.upsets import EMPTY_FILE, MISSING_COLUMN, MISSING_FILE, SHUFFLED, UNDECLARED_HEADER
from pipelines.samples.world import write_world

PERIODS = ("2025-12-31", "2026-03-31", "2026-06-30")
CSV_FILES = [layout for layout in LAYOUTS.values() if not layout.is_workbook]
# A sign, a century, an individual number and a check character, in either case.
IDENTITY_CODE = re.compile(r"(?<![0-9A-Za-z])\d{6}[-+YXWVUA-F](\d{3})[0-9A-Y](?![0-9A-Za-z])", re.IGNORECASE)


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("samples")
    write_samples(out, 400, 1, 3)
    return out


@pytest.fixture(scope="module")
def key(samples) -> list[dict[str, str]]:
    with (samples / "expected_findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def raw(samples: Path, dataset: str, period: int = 0) -> bytes:
    return (samples / "exports" / PERIODS[period] / LAYOUTS[dataset].file).read_bytes()


def decoded(samples: Path, dataset: str, period: int = 0) -> str:
    return raw(samples, dataset, period).decode(LAYOUTS[dataset].encoding, "surrogateescape")


def sheet(samples: Path, dataset: str, period: int = 0) -> list[list]:
    path = samples / "exports" / PERIODS[period] / LAYOUTS[dataset].file
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def fingerprints(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


# -- what is written


def test_the_same_arguments_give_the_same_bytes(samples, tmp_path):
    write_samples(tmp_path, 400, 1, 3)
    assert fingerprints(tmp_path) == fingerprints(samples)


def test_another_seed_gives_another_world(samples, tmp_path):
    write_samples(tmp_path, 400, 2, 1)
    file = f"exports/{PERIODS[0]}/vesikanta_asiakkaat.csv"
    assert fingerprints(tmp_path)[file] != fingerprints(samples)[file]


def test_every_file_of_every_period_but_the_missing_one(samples):
    assert len(LAYOUTS) == 18
    for number, period in enumerate(PERIODS):
        found = {path.name for path in (samples / "exports" / period).iterdir()}
        missing = {LAYOUTS[MISSING_FILE[1]].file} if number == MISSING_FILE[0] else set()
        assert found == {layout.file for layout in LAYOUTS.values()} - missing | {HOLDS.file}


def test_a_stale_file_of_an_earlier_run_does_not_stay(tmp_path):
    write_samples(tmp_path, 300, 1, 1)
    stale = tmp_path / "exports" / PERIODS[1] / LAYOUTS[MISSING_FILE[1]].file
    stale.parent.mkdir()
    stale.write_text("old")
    write_samples(tmp_path, 300, 1, 2)
    assert not stale.exists()


def test_the_samples_of_the_repository_are_small(samples):
    assert sum(path.stat().st_size for path in samples.rglob("*") if path.is_file()) < 5_000_000


def test_periods_are_quarter_ends():
    assert [day.isoformat() for day in period_ends(5)] == [*PERIODS, "2026-09-30", "2026-12-31"]


@pytest.mark.parametrize(("customers", "periods"), [(299, 1), (1_000_001, 1), (300, 0), (300, 9)])
def test_sizes_out_of_range_are_refused(tmp_path, customers, periods):
    with pytest.raises(ValueError, match="is not between"):
        write_samples(tmp_path, customers, 1, periods)


def test_the_fewest_customers_carry_every_plant(tmp_path):
    write_samples(tmp_path, 300, 4, 3)
    with (tmp_path / "expected_findings.csv").open(encoding="utf-8", newline="") as file:
        assert {row["rule"] for row in csv.DictReader(file)} == set(RULES)
    assert len(PLANTS) <= 300


# -- the answer key


def test_every_rule_of_the_catalogue_occurs(key):
    assert {row["rule"] for row in key} == set(RULES)


def test_the_key_is_sorted_and_says_each_finding_once(key, samples):
    named = [(row["period"], row["rule"], row["dataset"], row["record_key"], row["field"]) for row in key]
    assert named == sorted(set(named))
    assert tuple(key[0]) == COLUMNS
    assert b"\r" not in (samples / "expected_findings.csv").read_bytes()


def test_every_class_with_a_period_is_past_it_somewhere(key):
    classes = {row["dataset"] for row in key if row["rule"] == "past-retention"}
    assert classes == {
        "invoices",
        "ledger",
        "meter_readings",
        "consumption",
        "messages",
        "accounts",
        "claims",
        "installer_disclosures",
        "user_accounts",
        "requests",
        "consents",
        "customers",
        "map_customers",
    }
    assert all(row["due_on"] < row["period"] for row in key if row["rule"] == "past-retention")


def test_deleted_early_needs_a_previous_period(key):
    early = Counter((row["period"], row["dataset"]) for row in key if row["rule"] == "deleted-early")
    assert early == {
        (PERIODS[1], "invoices"): 1,
        (PERIODS[1], "ledger"): 1,
        (PERIODS[1], "agreements"): 1,
        (PERIODS[2], "invoices"): 1,
        (PERIODS[2], "ledger"): 1,
    }


def test_every_validated_column_is_invalid_somewhere(key):
    fields = {(row["dataset"], row["field"]) for row in key if row["rule"] == "invalid-value"}
    assert {field for _, field in fields} == {
        "personal_identity_code",
        "business_id",
        "bank_account",
        "property_id",
        "postal_code",
        "phone",
        "email",
        "reference_number",
    }
    assert {dataset for dataset, field in fields if field == "phone"} == {
        "customers",
        "map_customers",
        "messages",
        "accounts",
    }


def test_findings_come_stay_go_and_come_back(key):
    seen: dict[tuple, str] = {}
    for row in key:
        if row["record_key"] and ":" not in row["record_key"]:
            name = (row["rule"], row["dataset"], row["record_key"], row["field"])
            seen[name] = seen.get(name, "") + str(PERIODS.index(row["period"]))
    assert {"0", "01", "012", "02", "1", "12", "2"} <= set(seen.values())


def test_nothing_is_expected_of_what_a_period_lacks(key):
    for row in key:
        period = PERIODS.index(row["period"])
        if row["rule"] not in ("missing-export", "missing-column"):
            assert (period, row["dataset"]) not in (MISSING_FILE, EMPTY_FILE)
            assert (period, row["dataset"], row["field"]) != MISSING_COLUMN


def test_lines_in_the_key_are_lines_of_the_files(key, samples):
    """The bytes at the named line are those that were planted there."""
    for row in key:
        if row["rule"] == "rejected-row" and row["dataset"] in ("claims", "messages"):
            period, line = PERIODS.index(row["period"]), int(row["record_key"].rsplit(":", 1)[1])
            record = decoded(samples, row["dataset"], period).split("\n")[line - 1 : line + 1]
            assert re.search("[\udc80-\udcff]|ylimääräinen", "\n".join(record)), row


def test_why_names_no_person(key, samples):
    names = {
        row[2].split(" ")[0]
        for row in csv.reader(decoded(samples, "customers").splitlines(), delimiter=";")
        if len(row) > 2
    }
    for row in key:
        assert not IDENTITY_CODE.search(row["why"])
        assert "@example" not in row["why"]
        assert not set(row["why"].split(" ")) & (names - {"Nimi", "Aivan", "-", ""})


def test_an_unspoilt_world_is_clean(tmp_path):
    write_world(tmp_path, 300, 1, 8, planted=False)
    with (tmp_path / "expected_findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["rule"] for row in rows} == {"retention-criterion-missing"}
    assert len(rows) == 2 * 8


# -- what the values are


def test_all_identity_codes_are_artificial(samples):
    found = []
    for number, _ in enumerate(PERIODS):
        for layout in CSV_FILES:
            if (number, layout.name) != MISSING_FILE:
                found += IDENTITY_CODE.findall(decoded(samples, layout.name, number))
        for dataset in ("map_customers", "agreements"):
            cells = [str(cell) for row in sheet(samples, dataset, number) for cell in row]
            found += IDENTITY_CODE.findall("\n".join(cells))
    assert len(found) > 500
    assert all(individual >= "900" for individual in found)


def test_every_century_sign_occurs(samples):
    codes = [match.group().upper() for match in IDENTITY_CODE.finditer(decoded(samples, "customers"))]
    assert {code[6] for code in codes if hetu.is_valid(code, allow_temporary=True)} == set("+-YXWVUABCDEF")


def test_identifiers_are_valid_and_nobody_shares_them():
    numbers = range(5_000)
    codes = {identifiers.identity_code_of(number, 1) for number in numbers}
    firms = {identifiers.business_id_of(number, 1) for number in numbers}
    spare = {identifiers.spare_identity_code(number) for number in numbers}
    assert len(codes) == len(firms) == len(spare) == len(numbers)
    assert not codes & spare
    assert not firms & {identifiers.spare_business_id(number) for number in numbers}
    assert all(hetu.is_valid(code, allow_temporary=True) for code in codes | spare)
    assert all(ytunnus.is_valid(code) for code in firms)
    assert all(iban.is_valid(identifiers.iban(number * 7_919)) for number in numbers)


def test_one_phone_in_five_formats():
    parsed = {
        phonenumbers.format_number(phonenumbers.parse(text, "FI"), phonenumbers.PhoneNumberFormat.E164)
        for text in phones(401_230_045)
    }
    assert parsed == {"+358401230045"}


# -- the habits of the files


def test_encodings_and_line_ends(samples):
    for layout in CSV_FILES:
        data = raw(samples, layout.name)
        assert data.startswith(b"\xef\xbb\xbf") == (layout.encoding == "utf-8-sig")
        head = data.decode(layout.encoding, "surrogateescape").split("\n")[0]
        assert head.endswith("\r") == (layout.newline == "\r\n")
        assert head.count(layout.delimiter) == len(layout.headers) - 1
    assert {0x80, 0x96, 0x92} <= set(raw(samples, "customers"))  # €, – and ’ of Windows-1252


@pytest.mark.parametrize("word", PLACEHOLDERS)
def test_every_placeholder_in_various_cases_and_with_spaces(samples, word):
    spellings = set(re.findall(rf"(?<=;)( *{re.escape(word)} *)(?=;)", decoded(samples, "messages"), re.IGNORECASE))
    assert word in spellings
    assert any(text != text.strip() for text in spellings)
    if any(sign.isalpha() for sign in word):
        assert len({text.strip() for text in spellings}) > 1


@pytest.mark.parametrize(
    ("dataset", "pattern"),
    [
        ("customers", r";\d\.\d\.\d{4};"),  # a date of single digits
        ("customers", r";0\d\.0\d\.\d{4};"),
        ("invoices", r";-?\d{1,3}( \d{3})+,\d\d;"),  # thousands with a space
        ("invoices", r";-?\d{1,3}(\u00a0\d{3})+,\d\d;"),
        ("ledger", r"\u00a0\d{3},\d\d;"),
        ("claims", r'"[^"\n]*;[^"]*"'),  # the delimiter in a quoted cell
        ("claims", r'""'),  # doubled quotes
        ("claims", r'"[^"]*\r\n[^"]*"'),  # lines in a cell
        ("claims", r'"[^"]*[^\r]\n[^"]*"'),
        ("messages", r"\n\n"),  # a blank line
        ("messages", r"\n;;;;;\n"),  # a row of empty cells
        ("meter_readings", r";;\r\n"),  # empty cells too many
        ("messages", r"\n  \n"),  # a line of spaces
        ("companies", r";\d\d?\.\d\d?\.\d{4};\n"),  # an empty cell at the end of every row
        ("messages", r'\n"[^"]*";"'),  # a row quoted throughout
        ("messages", r"ylimääräinen\n"),  # a cell beyond the last header
        ("messages", "\udcff"),  # a byte that UTF-8 does not know
        ("consumption", "\udcff"),
        ("ledger", r"\nYritys;Tositenumero"),  # a repeated header
        ("invoices", r";12,5x;"),
        ("customers", r";31\.2\.2025;"),
        ("connections", r";Voimassa;"),  # a closed list's value in the wrong case
    ],
)
def test_habit(samples, dataset, pattern):
    assert re.search(pattern, decoded(samples, dataset))


def test_bytes_unknown_to_windows(samples):
    assert {0x81, 0x8D, 0x8F, 0x90, 0x9D} <= set(raw(samples, "claims"))


def test_a_nul_byte_within_a_cell(samples):
    assert any(b"\x00" in raw(samples, "customers", period) for period in range(3))
    assert any(b"\x00" in raw(samples, "messages", period) for period in range(3))


def test_rows_with_too_few_cells(samples):
    widths = {len(row) for row in csv.reader(decoded(samples, "meter_readings").splitlines(), delimiter=";") if row}
    assert 4 in widths


def test_columns_move_come_and_go(samples):
    def header(dataset: str, period: int) -> list[str]:
        layout = LAYOUTS[dataset]
        return decoded(samples, dataset, period).split("\n")[0].strip().split(layout.delimiter)

    assert UNDECLARED_HEADER in header("customers", 2)
    assert UNDECLARED_HEADER not in header("customers", 1)
    assert "Puhelin" not in header("accounts", MISSING_COLUMN[0])
    shuffled = header(SHUFFLED[1], SHUFFLED[0])
    assert shuffled != header(SHUFFLED[1], 0)
    assert sorted(shuffled) == sorted(header(SHUFFLED[1], 0))
    assert raw(samples, EMPTY_FILE[1], EMPTY_FILE[0]) == b""


def test_workbooks_hold_native_dates_text_dates_and_native_numbers(samples):
    rows = sheet(samples, "map_customers")
    layout = LAYOUTS["map_customers"]
    kinds = {type(row[layout.places["imported_on"]]).__name__ for row in rows[1:]}
    assert {"date", "str"} <= kinds
    assert {"str", "float"} <= {type(row[layout.places["customer_number"]]).__name__ for row in rows[1:]}
    assert any(len(row) > len(layout.headers) and row[-1] == "ylimääräinen" for row in rows)
    assert list(LAYOUTS["agreements"].headers) in sheet(samples, "agreements")[1:]
    assert any(all(cell == "" for cell in row) for row in rows)


def test_holds_have_their_header_and_both_kinds_of_ends(samples):
    lines = (samples / "exports" / PERIODS[0] / HOLDS.file).read_text("utf-8").splitlines()
    assert lines[0] == "Pito;Järjestelmä;Aineisto;Asiakasnumero;Peruste;Alkoi;Päättyy"
    assert len(lines) > 8


# -- and the independent reading of the rules


@pytest.mark.parametrize(("customers", "seed", "periods"), [(400, 1, 3), (330, 6, 4)])
def test_an_independent_oracle_agrees(tmp_path, customers, seed, periods):
    oracle = pytest.importorskip("tests.oracle")
    write_samples(tmp_path, customers, seed, periods)
    compared = [column for column in COLUMNS if column not in ("period", "why", "state")]  # states are the ledger's
    with (tmp_path / "expected_findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for period in sorted({row["period"] for row in rows}):
        expected = {tuple(row[column] for column in compared) for row in rows if row["period"] == period}
        found = {
            tuple(str(finding.get(column) or "") for column in compared)
            for finding in oracle.findings(tmp_path / "exports", period)
        }
        assert found == expected
