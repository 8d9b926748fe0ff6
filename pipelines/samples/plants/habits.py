"""Habits that no rule reports, each at least once however few the customers: row shapes and ways to write an empty value."""

from __future__ import annotations

from datetime import date

from pipelines.samples.habits import SHAPES, SPELLINGS
from pipelines.samples.planting import Visit, plant
from pipelines.samples.profile import person


@plant()
def rows_of_every_shape(visit: Visit) -> None:
    for number, shape in enumerate(SHAPES):
        visit.add_message(visit.sent(date(2025, 12, 1)), suffix=f"9{number}")
        visit.shape("messages", shape)
    for dataset in ("customers", "claims", "consumption", "ledger", "map_customers"):
        if visit.has(dataset):
            visit.shape(dataset, SHAPES[visit.period % 4] if dataset != "map_customers" else "after blank")


@plant(lambda: person(consent=True))
def placeholders_of_every_spelling(visit: Visit) -> None:
    """A message need not name a customer; each of these omits it in a different way."""
    for number, spelling in enumerate(SPELLINGS):
        visit.add_message(visit.sent(date(2025, 12, 1)), suffix=f"8{number:02d}", customer_number=spelling)


@plant()
def cells_with_everything_that_needs_quotes(visit: Visit) -> None:
    visit.set("customers", notes=' Sanoi: "älä soita"; kirjoita – €, å, ’hm’ ')
    visit.set("ledger", name=f"  {visit.life.name}  ")
    visit.set("accounts", street_address=f"  {visit.life.street} ")
    visit.add_claim(
        date(2025, 9, 1),
        date(2025, 9, 20),
        date(2028, 9, 20),
        'Otsikko; "suora lainaus"\r\n\r\n;;;\r\nSumma 1 234,50 €',
    )


@plant()
def dates_in_one_digit_or_two(visit: Visit) -> None:
    visit.set("customers", customer_since="1.2.2001", contact_confirmed_on="05.06.2025")
    visit.set("agreements", agreed_on=" 1.2.2001 ", retention_reviewed_on="09.08.2024")
    visit.set("map_customers", imported_on="7.06.2025")


@plant()
def amounts_with_both_spaces(visit: Visit) -> None:
    visit.add_invoice(91, date(2025, 11, 14), 123_456_789)
    visit.set("invoices", amount="1\u00a0234\u00a0567,89")
    visit.set("ledger", amount="1 234 567,89", open_amount="0")
