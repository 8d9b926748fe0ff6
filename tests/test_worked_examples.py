"""The worked examples of docs/architecture.md, made from what stands there: adding takes the files it names, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import catalogue
import little
import pytest
import worlds

from pipelines.expectations.contract import FORMATS
from pipelines.expectations.load import load
from pipelines.home import store
from pipelines.language.languages import language
from pipelines.registry import functions
from pipelines.report import page
from pipelines.rules.rulecheck import check_file

TEXT = (worlds.ROOT / "docs" / "architecture.md").read_text("utf-8")
EXAMPLES = {
    kind: block
    for block_text in [TEXT.partition("## Worked examples")[2].partition("\n## ")[0]]
    for kind, block in re.findall(r"```(\w+)\n(.*?)```", block_text, re.DOTALL)
}
RULE = "claim-resolved-before-opened"


@pytest.fixture
def folder(tmp_path) -> Path:
    """The expectations of a small controller."""
    return little.expectations(tmp_path / "expectations")


def test_there_is_an_example_of_a_rule_a_column_and_a_sentence():
    assert EXAMPLES.keys() == {"sql", "yaml", "jinja"}


def test_a_rule_is_one_file(folder, tmp_path):
    path = folder / "rules" / f"{RULE}.sql"
    path.write_text(EXAMPLES["sql"], "utf-8")
    assert check_file(load(folder), path).id == RULE
    worlds.write(
        tmp_path / worlds.PERIOD,
        customers="customer_number\nA1",
        claims="""
            claim_number | customer_number | opened_on | resolved_on
            R1           | A1              | 2.3.2026  | 1.3.2026
            R2           | A1              | 2.3.2026  | 2.3.2026
            R3           | A1              | 2.3.2026  | 3.3.2026
            R4           | A1              | 2.3.2026  | .
        """,
    )
    with worlds.judged(tmp_path, loaded=load(folder)) as world:
        assert world.found(RULE) == ["R1 resolved_on"]


def test_a_column_with_field_retention_is_an_entry_of_a_contract(folder, tmp_path):
    """A month after 29.5. is the day before the as-of date, 30.6.2026; after 30.5. it is that day."""
    contract = folder / "contracts" / "vesikanta.claims.odcs.yaml"
    before, following, after = contract.read_text("utf-8").partition("      - name: description\n")
    assert following
    contract.write_text(before + EXAMPLES["yaml"] + following + after, "utf-8")
    worlds.write(tmp_path / worlds.PERIOD, customers="customer_number\nA1")
    rows = (
        "Reklamaatio;Asiakasnumero;Vireille;Ratkaistu;Soittonumero;Kuvaus",
        "R1;A1;2.3.2026;29.5.2026;040 765 4321;",
        "R2;A1;2.3.2026;30.5.2026;040 765 4321;",
        "R3;A1;2.3.2026;;soita iltaisin;",
        "R4;A1;2.3.2026;29.5.2026;;",
    )
    export = tmp_path / worlds.PERIOD / "vesikanta_reklamaatiot.csv"
    export.write_text("\r\n".join((*rows, "")), "windows-1252")
    with worlds.judged(tmp_path, loaded=load(folder)) as world:
        assert world.found("undeclared-column") == []
        assert world.found("invalid-value") == ["R3 callback_number"]
        assert world.found("field-not-needed") == ["R1 callback_number"]
        personal = "select record_key, kind, customer_number from registry.subject_attributes where dataset = 'claims'"
        assert {"record_key": "R1", "kind": "pd:TelephoneNumber", "customer_number": "A1"} in world.rows(personal)


def test_a_sentence_of_the_report_is_a_line_of_a_template_and_its_translations():
    """`make words` finds it, with both its forms; the page says it."""
    assert ("%(n)s rule was looked at.", "%(n)s rules were looked at.") in {
        message for _, message in catalogue.said_in(EXAMPLES["jinja"])
    }
    template = page._template(language("en"), "report_rules.jinja")
    rendered = template.environment.from_string(EXAMPLES["jinja"]).render(rules={"found": [{}, {}]})
    assert rendered.strip() == "<p>2 rules were looked at.</p>"


def test_a_format_of_a_text_is_a_name_and_a_macro():
    with store.scratch() as connection:
        functions.install(connection)
        macros = {name for (name,) in connection.execute("select function_name from duckdb_functions()").fetchall()}
    assert {f"is_{name.replace('-', '_')}" for name in FORMATS} <= macros
