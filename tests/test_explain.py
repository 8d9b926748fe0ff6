"""Why a record may be kept, or not: ten situations, word for word as a layperson reads them."""

from __future__ import annotations

import pytest
import worlds
from worlds import PERIOD, judged

from pipelines.errors import VahtiError
from pipelines.rules.explain import explain, in_words

WORLD = {
    "customers": """
        customer_number | customer_until
        A1              | .
        A2              | 30.6.2024
        A3              | 31.5.2020
        A4              | 31.5.2020
        A5              | 31.5.2020
        A6              | 31.2.2020
    """,
    "connections": """
        connection_number | customer_number | status
        K1                | A1              | voimassa
        K5                | A5              | voimassa
    """,
    "invoices": """
        invoice_number | customer_number | invoiced_on
        48213          | A2              | 3.2.2025
        48214          | A4              | 3.2.2012
        48215          | A1              | 31.2.2025
    """,
    "ledger": """
        voucher_number | customer_number | financial_year_end
        T1             | A2              | 31.12.2015
    """,
    "claims": """
        claim_number | customer_number | opened_on | resolved_on
        R1           | A1              | 1.3.2026  | .
        R2           | A5              | 1.3.2026  | .
        R3           | A4              | 1.3.2026  | 1.5.2026
    """,
    "consumption": """
        row_id | customer_number | month
        M1     | A1              | 2024-02
        M1     | A1              | 2024-03
    """,
    "messages": """
        message_id | customer_number | sent_at
        V1         | A1              | 29.6.2024 9:00
        V2         | A4              | 1.1.2020 9:00
    """,
    "accounts": """
        account_id | customer_number
        W1         | A1
        W2         | NOBODY
    """,
    "agreements": """
        agreement_number
        S1
    """,
    "holds": """
        hold_id | customer_number | system  | dataset | reason
        P1      | A4              | .       | .       | oikeudenkäynti
        P2      | A9              | .       | .       | tarkastus
    """,
}

SITUATIONS = {
    "in its period": """
        Invoice 48213: kept until 31.12.2031: 6 years from the end of the financial year, then of the calendar year of
        3.2.2025 (invoiced on), Accounting Act 1336/1997 ch. 2 s. 10(2)""",
    "one day late": """
        Message V1: must be erased: could be kept until 29.6.2026, 1 day ago: 2 years from 29.6.2024 (sent at),
        decision of
        the controller""",
    "held by law": "Message V2: kept because of legal hold P1; its own period ended on 1.1.2022",
    "held before its period ends": "Claim R3: kept because of legal hold P1; its own period ends on 1.5.2029",
    "not yet resolved": "Claim R1: kept; its period does not run yet: it has no “resolved on” date yet",
    "its event cannot be read": """
        Invoice 48215: nobody can say until when it may be kept: its “invoiced on” date is missing or cannot be
        read""",
    "of nobody that is known": """
        Portal account W2: nobody can say until when it may be kept: its “customer until” date is missing or
        cannot be read,
        or its customer is not known""",
    "without a period": """
        Connection agreement S1: kept until further notice, which is no period: a period or criteria must be
        decided (notice,
        N39 and N37)""",
    "a customer of today": """
        Customer A1: kept; its period does not run yet: the customer relationship goes on
          - claim R1 has no “resolved on” date yet
          - connection K1 (connection in force)
          - invoice 48215 has no “invoiced on” date that could be read""",
    "a former customer whom an invoice keeps": """
        Customer A2: kept until 31.12.2031: invoice 48213, Accounting Act 1336/1997 ch. 2 s. 10(2)
          - invoice 48213: until 31.12.2031, Accounting Act 1336/1997 ch. 2 s. 10(2)
          - ledger row of the own company T1: until 31.12.2025, Accounting Act 1336/1997 ch. 2 s. 10(1): a
        subledger is part
        of the books""",
    "a former customer whom nothing keeps": """
        Customer A3: must be erased: could be kept until 31.5.2023, 1126 days ago: 3 years from 31.5.2020
        (customer until),
        decision of the controller: limitation after the customer relationship""",
    "a former customer under a hold": """
        Customer A4: kept because of legal hold P1
          - legal hold P1
          - claim R3: until 1.5.2029, decision of the controller: limitation
          - invoice 48214: until 31.12.2018, Accounting Act 1336/1997 ch. 2 s. 10(2)""",
    "a former customer with something open": """
        Customer A5: kept; its period does not run yet: claim R2 has no “resolved on” date yet
          - claim R2 has no “resolved on” date yet
          - connection K5 (connection in force)""",
    "a customer whose end cannot be read": """
        Customer A6: nobody can say until when it may be kept: its “customer until” date is missing or cannot
        be read""",
}
DATASETS = {
    "Invoice": "invoices",
    "Message": "messages",
    "Claim": "claims",
    "Portal": "accounts",
    "Connection": "agreements",
    "Customer": "customers",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    exports = tmp_path_factory.mktemp("exports")
    worlds.write(exports / PERIOD, **WORLD)
    with judged(exports) as world:
        yield world


def said(world, dataset: str, key: str) -> str:
    return "\n".join(str(item) for item in explain(world.connection, world.context.as_of, dataset, key))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_ten_situations_and_more_read_well(world, situation):
    wanted = " ".join(SITUATIONS[situation].split())
    title = wanted.split(":")[0].split()
    assert " ".join(said(world, DATASETS[title[0]], title[-1]).split()) == wanted


def test_a_sentence_stands_on_one_line_and_each_hold_on_one_of_its_own(world):
    lines = said(world, "customers", "A2").splitlines()
    assert [line[:4] for line in lines] == ["Cust", "  - ", "  - "]


def test_a_dataset_may_be_named_with_its_system(world):
    assert said(world, "keyaqua.messages", "V1") == said(world, "messages", "V1")


def test_a_key_on_several_rows_gets_an_explanation_for_each(world):
    assert said(world, "consumption", "M1").count("Monthly consumption M1: kept until") == 2


@pytest.mark.parametrize(
    ("dataset", "key", "remedy"),
    [("messages", "V404", "look at the key"), ("birds", "V1", "there are: accounts, agreements, claims")],
)
def test_what_is_not_there_is_answered_with_what_to_do(world, dataset, key, remedy):
    with pytest.raises(VahtiError, match=remedy.replace(".", r"\.")):
        said(world, dataset, key)


def test_many_holds_are_counted_after_the_first_twenty(tmp_path):
    invoices = "invoice_number | customer_number\n" + "\n".join(f"L{number} | A1" for number in range(25))
    worlds.write(
        tmp_path / PERIOD, **dict.fromkeys(("customers", "claims", "connections", "ledger"), "customer_number\nA1")
    )
    worlds.write(tmp_path / PERIOD, customers="customer_number | customer_until\nA1 | 1.1.2026", invoices=invoices)
    with judged(tmp_path) as world:
        lines = said(world, "customers", "A1").splitlines()
    assert len(lines) == 22
    assert "more, which end no later" in lines[-1]


@pytest.mark.parametrize(
    ("period", "words"),
    [("P6Y", "6 years"), ("P1Y", "1 year"), ("P12M", "12 months"), ("P1Y6M", "1 year 6 months"), ("P30D", "30 days")],
)
def test_periods_in_words(period, words):
    assert in_words(period) == words
