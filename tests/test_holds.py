"""Legal holds at any controller: whatever columns and files are called, and nothing is due where nobody can tell what is held."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import worlds
import yaml
from test_retention import HOLDS, overdue
from worlds import EXPECTATIONS, PERIOD, brief, expectations, judged

from pipelines.errors import ExpectationsError
from pipelines.expectations.contract_reader import load_contract
from pipelines.expectations.holds import find
from pipelines.expectations.load import load
from pipelines.rules import holds as legal_holds

SAYS = {"customer_number": "subject", "from_date": "from", "until_date": "until"} | {
    name: name for name in ("system", "dataset", "reason")
}
PEOPLE = "hold_id | customer_number | system | dataset | from_date | until_date"


def register(rows: list[dict[str, str]]) -> str:
    lines = [
        [f"P{n}", *(row[name] or "." for name in ("customer", "system", "dataset", "from", "until"))]
        for n, row in enumerate(rows)
    ]
    return "\n".join([PEOPLE, *(" | ".join(line) for line in lines)])


# Renamed


class Renaming:
    """Another name for every dataset, column and header of the utility's, and its schedule and contracts under them."""

    def __init__(self, folder: Path):
        self.folder = folder
        paths = [*(EXPECTATIONS / "contracts").glob("*.odcs.yaml"), EXPECTATIONS / "holds.odcs.yaml"]
        self.contracts = {path: yaml.safe_load(path.read_text("utf-8")) for path in sorted(paths)}
        tables = [document["schema"][0] for document in self.contracts.values()]
        self.datasets = {table["name"]: f"d{n}_things" for n, table in enumerate(tables)}
        columns = sorted({column["name"] for table in tables for column in table["properties"]})
        self.columns = {name: f"c{n}_said" for n, name in enumerate(columns)}

    def word(self, text: str) -> str:
        """A condition, or `dataset.column`, under the new names; words in quotes stay."""
        known = self.datasets | self.columns
        parts = re.split(r"('[^']*')", text)
        return "".join(
            p if p.startswith("'") else re.sub(r"(?<!\$)\b\w+\b", lambda m: known.get(m[0], m[0]), p) for p in parts
        )

    def words(self, value: str | list[str]) -> str | list[str]:
        return [self.word(each) for each in value] if isinstance(value, list) else self.word(value)

    def contract(self, document: dict) -> dict:
        table = document["schema"][0]
        own = document["domain"] == "controller"
        document["id"] = f"{document['domain']}.{self.datasets[table['name']]}"
        table["name"] = self.datasets[table["name"]]
        for item in table["properties"]:
            if own and item["name"] in SAYS:
                item.setdefault("customProperties", []).append({"property": "hold", "value": SAYS[item["name"]]})
            item["name"], item["physicalName"] = self.columns[item["name"]], "Z " + item["physicalName"]
            for link in item.get("relationships", []):
                link["to"] = self.word(link["to"])
            for entry in item.get("customProperties", []):
                if entry["property"] in ("copyOf", "neededUntil"):
                    entry["value"] = self.words(entry["value"])
            drop(item, "unmatched")  # names a rule of the controller's, of which there are none here
        for entry in table.get("customProperties", []):
            if entry["property"] in ("address", "comparedWhere"):
                entry["value"] = self.words(entry["value"])
        drop(table, "comparedExcept")
        for entry in document.get("slaProperties", []):
            if "element" in entry:
                entry["element"] = self.word(entry["element"])
        return document

    def schedule(self, item: object) -> object:
        """Its keys are classes, its texts names and conditions; titles and mandates are words like others."""
        if isinstance(item, dict):
            classes = {key if "." not in key else self.class_id(key): value for key, value in item.items()}
            return {
                k: v if k in ("title", "mandate", "because", "until") else self.schedule(v) for k, v in classes.items()
            }
        if isinstance(item, list):
            return [self.schedule(each) for each in item]
        if re.fullmatch(r"[a-z]+\.[a-z_]+", str(item)) and not str(item).startswith("subject."):
            return self.class_id(item)
        return self.word(item) if isinstance(item, str) and not item.startswith("end of") else item

    def class_id(self, text: str) -> str:
        system, _, dataset = text.partition(".")
        return f"{system}.{self.datasets[dataset]}"

    def write(self) -> Path:
        (self.folder / "contracts").mkdir(parents=True)
        (self.folder / "rules").mkdir()
        for path, document in self.contracts.items():
            own = document["domain"] == "controller"
            target = self.folder / ("ours.odcs.yaml" if own else f"contracts/{path.name}")
            target.write_text(yaml.safe_dump(self.contract(document), allow_unicode=True, sort_keys=False), "utf-8")
        schedule = self.schedule(yaml.safe_load((EXPECTATIONS / "retention.yaml").read_text("utf-8")))
        (self.folder / "retention.yaml").write_text(yaml.safe_dump(schedule, sort_keys=False), "utf-8")
        controller = yaml.safe_load((EXPECTATIONS / "controller.yaml").read_text("utf-8"))
        controller = {key: controller[key] for key in ("controller", "systems", "parameters")}
        key = {"dataset": self.datasets["customers"], "key": self.columns["customer_number"]}
        text = yaml.safe_dump(controller | {"subject": key}, allow_unicode=True)
        (self.folder / "controller.yaml").write_text(text, "utf-8")
        return self.folder

    def headers(self, exports: Path) -> None:
        """The same files under the new headers; the register of holds names datasets, too."""
        layouts = worlds.DATASETS | {"holds": worlds.HOLDS}
        for layout in layouts.values():
            path = exports / layout.file
            if path.exists():
                first, _, rest = path.read_text(layout.encoding).partition("\n")
                cells = [f"Z {cell.strip().strip(chr(34))}" for cell in first.split(layout.delimiter)]
                if layout is worlds.HOLDS:
                    rest = rest.replace(";invoices;", f";{self.datasets['invoices']};")
                path.write_text(layout.delimiter.join(cells) + "\n" + rest, layout.encoding)

    def back(self, text: str) -> str:
        return re.sub(r"\bd\d+_things\b", lambda m: next(k for k, v in self.datasets.items() if v == m[0]), text)


def drop(item: dict, name: str) -> None:
    """Takes a custom property away."""
    kept = [entry for entry in item.get("customProperties", []) if entry["property"] != name]
    if kept:
        item["customProperties"] = kept
    else:
        item.pop("customProperties", None)


def fates(judgement) -> tuple[list, list]:
    """What becomes of every record, and what is found past its last day."""
    records = [tuple(map(str, row.values())) for row in judgement.retention()]
    return sorted(records), sorted(f"{one['dataset']} {brief(one)}" for one in judgement.findings("past-retention"))


def test_renamed_datasets_columns_and_headers_change_nothing(tmp_path):
    rows = worlds.rows_of(HOLDS)
    tables = overdue(len(rows)) | {"holds": register(rows)}
    worlds.write(tmp_path / "exports" / PERIOD, **tables)
    with judged(tmp_path / "exports") as judgement:
        records, found = fates(judgement)
    renaming = Renaming(tmp_path / "expectations")
    renamed = load(renaming.write())
    renaming.headers(tmp_path / "exports" / PERIOD)
    with judged(tmp_path / "exports", loaded=renamed) as judgement:
        assert not judgement.rows("select * from feed.columns where status <> 'declared'")
        others, others_found = fates(judgement)
    assert {state for *_, state in records} >= {"held", "due", "no criterion"} and found
    assert sorted((renaming.back(one[0]), *one[1:]) for one in others) == records
    assert sorted(map(renaming.back, others_found)) == found


# Which column says whom


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"name": "pupil"}, "pupil"),
        ({"relationships": []}, "customer_number"),
        ({"name": "pupil", "relationships": []}, "pupil"),  # by its tag
        ({"name": "pupil", "relationships": [], "tags": []}, ""),
        ({"name": "pupil", "relationships": [{"to": "guardians.guardian_id"}]}, ""),
        ({"name": "pupil", "relationships": [], "tags": [], "customProperties": [{"property": "hold", "value": "subject"}]}, "pupil"),
    ],
)  # fmt: skip
def test_whom_a_hold_is_on_stands_in_the_column_that_the_contract_says(tmp_path, change, column):
    found = find([register_contract(tmp_path, change)], ("customers", "customer_number"))
    assert found.dataset == "holds" and found.columns.get("subject", "") == column
    assert found.columns["until"] == "until_date"


def register_contract(folder: Path, change: dict):
    """The contract of the register of holds with another column for whom a hold is on."""
    document = yaml.safe_load((EXPECTATIONS / "holds.odcs.yaml").read_text("utf-8"))
    (item,) = [each for each in document["schema"][0]["properties"] if each["name"] == "customer_number"]
    item |= change
    path = folder / "ours.odcs.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return load_contract(path)


def test_a_register_may_be_called_anything_but_there_is_one(tmp_path):
    one = register_contract(tmp_path, {})
    assert find([replace(one, dataset="frozen")], ("customers", "customer_number")).dataset == "frozen"
    assert find([], ("customers", "customer_number")).dataset == ""
    marked = replace(one, columns=tuple(replace(c, hold="reason") if c.name == "reason" else c for c in one.columns))
    with pytest.raises(ExpectationsError, match="is one too"):
        find([marked, replace(marked, dataset="others")], ("customers", "customer_number"))


@pytest.mark.parametrize("value", ["whom", "until"])
def test_what_a_column_says_of_a_hold_is_checked(tmp_path, value):
    with pytest.raises(ExpectationsError, match="hold: cannot be|says 'until' cannot be a text"):
        register_contract(tmp_path, {"customProperties": [{"property": "hold", "value": value}]})


# Nobody can tell

OLD = {
    "customers": "customer_number | customer_until\nA0 | 1.1.2015",
    "invoices": "invoice_number | customer_number | invoiced_on\nL0 | A0 | 1.1.2012",
    "messages": "message_id | customer_number | sent_at\nV0 | A0 | 1.1.2012 9:00",
}


def due(judgement) -> set[str]:
    return {one["record_key"] for one in judgement.findings("past-retention")}


@pytest.mark.parametrize(
    ("register", "found"),
    [
        (f"{PEOPLE}\nP1 | A9 | . | . | . | .", {"A0", "L0", "V0"}),
        (f"{PEOPLE}\nP1 | . | . | . | . | .", set()),
        (f"{PEOPLE}\nP1 | . | keyaqua | . | . | .", {"L0"}),  # and a customer's own record stays under any hold
        (f"{PEOPLE}\nP1 | . | . | invoices | . | .", {"V0"}),
        (f"{PEOPLE}\nP1 | . | . | . | . | 29.6.2026", {"A0", "L0", "V0"}),
        (f"{PEOPLE}\nP1 | . | . | . | 1.7.2026 | .", {"A0", "L0", "V0"}),
    ],
)
def test_a_hold_on_nobody_may_be_on_anybody(tmp_path, register, found):
    worlds.write(
        tmp_path / PERIOD,
        connections="connection_number",
        ledger="voucher_number",
        claims="claim_number",
        **OLD,
        holds=register,
    )
    with judged(tmp_path) as judgement:
        assert due(judgement) == found
        assert ("past-retention" in told(judgement)) == (len(found) < 3)
        faults = " ".join(legal_holds.faults(judgement.connection, judgement.context))
        assert ("names nobody: nothing that it may cover" in faults) == ("A9" not in register)


def told(judgement) -> set[str]:
    """Rules of which a part was not evaluated because nobody can tell who is held."""
    sql = f"select rule from results.evaluations where reason = '{legal_holds.CANNOT_TELL}'"
    return {row["rule"] for row in judgement.rows(sql)}


@pytest.mark.parametrize(
    "content",
    [
        "Pito;Järjestelmä;Aineisto;Kenen;Peruste;Alkoi;Päättyy\nP1;;;A0;riita;;\n",
        "Pito;Järjestelmä;Aineisto;Asiakasnumero;Peruste;Alkoi;Päättyy\nP1;;\n",
        "quite;another;file\n1;2;3\n",
    ],
    ids=["header", "row", "file"],
)
def test_where_the_register_cannot_be_read_nothing_is_due(tmp_path, content):
    worlds.write(
        tmp_path / PERIOD, connections="connection_number", ledger="voucher_number", claims="claim_number", **OLD
    )
    (tmp_path / PERIOD / "holds.csv").write_text(content, "utf-8")
    with judged(tmp_path) as judgement:
        assert due(judgement) == set()
        judgement.findings()
        assert told(judgement) == {"past-retention", "field-not-needed", "trigger-missing"}


def test_where_no_column_says_whom_nothing_is_due(tmp_path):
    worlds.write(tmp_path / PERIOD, **OLD, holds=f"{PEOPLE}\nP1 | A0 | . | . | . | .")
    loaded = expectations()
    silent = {what: name for what, name in loaded.controller.holds.columns.items() if what != "subject"}
    controller = replace(loaded.controller, holds=replace(loaded.controller.holds, columns=silent))
    with judged(tmp_path, loaded=replace(loaded, controller=controller)) as judgement:
        assert due(judgement) == set()
        assert "no column says whom a hold is on" in " ".join(
            legal_holds.faults(judgement.connection, judgement.context)
        )


def changed(dataset: str, **references: tuple[str, str] | None):
    """The utility's expectations with other references of one dataset, and nothing that holds go through."""
    loaded = expectations()
    contracts = tuple(
        replace(each, columns=tuple(replace(c, references=references.get(c.name, c.references)) for c in each.columns))
        if each.dataset == dataset
        else each
        for each in loaded.contracts
    )
    return replace(loaded, contracts=contracts, schedule=replace(loaded.schedule, holds_through=()))


def test_a_record_that_names_the_person_by_another_record_is_held(tmp_path):
    tables = OLD | {
        "messages": "message_id | customer_number | sent_at\nV0 | L0 | 1.1.2012 9:00\nV1 | L1 | 1.1.2012 9:00"
    }
    worlds.write(tmp_path / PERIOD, **tables, holds=f"{PEOPLE}\nP1 | A0 | . | . | . | .")
    by_invoice = changed("messages", customer_number=("invoices", "invoice_number"))
    with judged(tmp_path, loaded=by_invoice) as judgement:
        assert judgement.states("messages") == ["V0 2014-01-01 held", "V1 2014-01-01 due"]


def test_a_record_of_the_same_people_that_names_none_may_be_held(tmp_path):
    worlds.write(tmp_path / PERIOD, **OLD, holds=f"{PEOPLE}\nP1 | A9 | . | . | . | .")
    with judged(tmp_path, loaded=changed("messages", customer_number=None)) as judgement:
        assert judgement.states("messages") == []
        assert "messages" in {one.dataset for one in judgement.unavailable if one.reason == legal_holds.CANNOT_TELL}


def test_a_record_of_other_people_is_not(tmp_path):
    accounts = "account_id | ended_on\nT1 | 1.1.2020"
    worlds.write(tmp_path / PERIOD, **OLD, user_accounts=accounts, holds=f"{PEOPLE}\nP1 | A9 | . | . | . | .")
    with judged(tmp_path) as judgement:
        assert [state.split()[1:] for state in judgement.states("user_accounts")] == [["2021-01-01", "due"]]


def test_unless_the_hold_is_on_that_very_dataset(tmp_path):
    accounts = "account_id | ended_on\nT1 | 1.1.2020"
    worlds.write(
        tmp_path / PERIOD, **OLD, user_accounts=accounts, holds=f"{PEOPLE}\nP1 | A9 | . | user_accounts | . | ."
    )
    with judged(tmp_path) as judgement:
        assert judgement.states("user_accounts") == []
