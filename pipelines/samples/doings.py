"""Events in a customer's life over the years: invoices with their ledger rows, readings, consumption, messages, claims,
consents, disclosures and requests. Every row comes with the last day on which it may be kept, and leaves after it."""

from __future__ import annotations

from datetime import date

from pipelines.samples import wordlists
from pipelines.samples.days import LAST, add_years, invoice_last_day, ledger_last_day, span, year_of
from pipelines.samples.identifiers import money, reference_number
from pipelines.samples.life import Life, filled, left_at
from pipelines.samples.profile import MOVED

NBSP = "\u00a0"
_OLD_YEARS = 10


def add_doings(life: Life) -> None:
    profile = life.profile
    if profile.status == MOVED:
        _invoice(life, 1, profile.until - 20)
        _invoice(life, 2, profile.until - 400)
        return
    _invoices(life)
    if profile.connection:
        _readings(life)
        if profile.account:
            _consumption(life)
    if profile.message and profile.phone:
        _messages(life)
    if profile.claim:
        _claim(life)
    if profile.consent:
        _consent(life)
    if profile.disclosure:
        _disclosure(life)
    if profile.request:
        _request(life)


def _invoices(life: Life) -> None:
    """One each quarter, one of the quarter before the first export, one of an earlier year."""
    index, left = life.index, left_at(life)
    start, old_year = life.ends[0], 2015 + int(life.draw() * _OLD_YEARS)
    if index % 5 < 3:
        _invoice(life, 1, date(old_year, 1 + index % 12, 1 + index % 28).toordinal())
    _invoice(life, 2, start - 110 - index % 20)
    for period, end in enumerate(life.ends):
        if period < left and life.profile.rounds:
            _invoice(life, 10 + period, end - 5 - index % 20)


def _invoice(life: Life, sequence: int, invoiced_on: int) -> None:
    """An invoice and its ledger row; the ledger outlives the invoice by four years."""
    if invoiced_on < life.since:
        return
    cents = 2_000 + int(life.draw() * 18_000)
    if life.profile.organisation:
        cents *= 25
    number = f"{life.number}{sequence:02d}"
    last = invoice_last_day(invoiced_on)
    refund = sequence == 1 and life.index % 23 == 3
    if refund:
        cents = -cents
    life.add(
        "invoices",
        invoiced_on,
        last,
        [
            number,
            life.number,
            life.day(invoiced_on),
            life.day(invoiced_on + 21),
            money(cents, NBSP if life.index % 2 else " "),
            reference_number(int(number)),
            "E",
        ],
    )
    _ledger(life, number, invoiced_on, cents)


def _ledger(life: Life, number: str, booked_on: int, cents: int) -> None:
    """The ledger row of an invoice: some are open in the first export with them, and one in nine is two rows."""
    parts = [("", cents)]
    if life.index % 9 == 2:
        parts = [("A", cents - cents // 3), ("B", cents // 3)]
    first, stop = span(life.ends, booked_on, ledger_last_day(booked_on))
    late = booked_on > life.ends[0] - 60 and life.index % 3 == 0
    for suffix, part in parts:
        head = [
            "KVH",
            f"T{number}{suffix}",
            number,
            life.number,
            life.other_name,
            life.day(booked_on),
            f"31.12.{year_of(booked_on)}",
            money(part, NBSP),
        ]
        if late:
            life.put("ledger", first, min(first + 1, stop), [*head, money(part), ""])
        life.put("ledger", first + late, stop, [*head, "0,00", life.day(booked_on + 18)])


def _readings(life: Life) -> None:
    """A reading in every other export and one of an earlier year, kept six calendar years."""
    index, left = life.index, left_at(life)
    level = 100 + index % 3000
    old = date(2019 + index % 6, 1 + index % 12, 28).toordinal()
    _reading(life, 1, old, level)
    for period, end in enumerate(life.ends):
        if (period + index) % 2 == 0 and period < left:
            _reading(life, 10 + period, end - 2 - index % 40, level + 20 + 30 * period)


def _reading(life: Life, sequence: int, read_on: int, level: int) -> None:
    if read_on < life.since:
        return
    life.add(
        "meter_readings",
        read_on,
        invoice_last_day(read_on),
        [
            f"R{life.number}{sequence:02d}",
            life.connection,
            life.meter,
            life.day(read_on),
            money(level * 100 + life.index % 100, NBSP),
            wordlists.METHODS[life.index % 7 % 4],
        ],
    )


def _consumption(life: Life) -> None:
    """The last month of each quarter, and one earlier month; kept three years."""
    left = left_at(life)
    months = [(1, (2023 + life.index % 2, 2 + life.index % 10))]
    for period, end in enumerate(life.ends[:left]):
        day = date.fromordinal(end)
        months.append((10 + period, (day.year, day.month)))
    for sequence, (year, month) in months:
        last = (date(year + month // 12, month % 12 + 1, 1)).toordinal() - 1
        if last >= life.since:
            life.add(
                "consumption",
                last,
                add_years(last, 3),
                [
                    f"{life.number}{sequence:02d}",
                    life.number,
                    life.connection,
                    f"{year}-{month:02d}",
                    f"{4 + life.index % 13},{life.index % 10}",
                ],
            )


def _messages(life: Life) -> None:
    """A message in every other export and one older, kept two years."""
    left = left_at(life)
    if life.since < life.ends[0] - 600:
        _message(life, 1, life.ends[0] - 500 + life.index % 300)
    for period, end in enumerate(life.ends[:left]):
        if (period + life.index) % 2:
            _message(life, 10 + period, end - 1 - life.index % 60)


def _message(life: Life, sequence: int, sent_on: int) -> None:
    category, template = wordlists.MESSAGES[(life.index + sequence) % len(wordlists.MESSAGES)]
    life.add(
        "messages",
        sent_on,
        add_years(sent_on, 2),
        [
            f"V{life.number}{sequence:02d}",
            life.number,
            f"+358{life.phone_number}",
            f"{life.day(sent_on)} {6 + life.index % 14:02d}:{life.index % 60:02d}",
            category,
            filled(life, template),
        ],
    )


def _claim(life: Life) -> None:
    """An open claim, or one settled within weeks and kept three years after."""
    index = life.index
    opened = max(life.ends[0] - 40 - index % 900, life.since)
    number = f"RE{life.number}"
    description = filled(life, wordlists.CLAIMS[index % len(wordlists.CLAIMS)])
    if index % 4 == 0:
        life.add("claims", opened, LAST, [number, life.number, life.day(opened), "", description])
        return
    resolved = opened + 30
    life.add(
        "claims",
        resolved,
        add_years(resolved, 3),
        [number, life.number, life.day(opened), life.day(resolved), description],
    )


def _consent(life: Life) -> None:
    given = max(life.ends[0] - 400 - life.index % 200, life.since)
    purpose = wordlists.PURPOSES[life.index % len(wordlists.PURPOSES)]
    withdrawn = given + 90 if life.index % 3 == 0 else 0
    life.add(
        "consents",
        max(given, withdrawn),
        add_years(withdrawn, 3) if withdrawn else LAST,
        [
            f"SU{life.number}",
            life.number,
            purpose,
            life.day(given),
            life.day(withdrawn) if withdrawn else "",
            "E" if withdrawn else "K",
        ],
    )


def _disclosure(life: Life) -> None:
    """One in each export but the last quarter's, with the paper destroyed within a fortnight; kept a year."""
    fields = "nimi, puhelin" if life.profile.protected else ("nimi, osoite, puhelin", "nimi, osoite")[life.index % 2]
    for period, end in enumerate(life.ends):
        if (period + life.index) % 3:
            continue
        given, paper = end - 35 - life.index % 40, life.index % 4 != 1
        if given >= life.since:
            life.add(
                "installer_disclosures",
                given,
                add_years(given, 1),
                [
                    f"LU{life.number}{period:02d}",
                    life.day(given),
                    life.number,
                    wordlists.INSTALLERS[life.index % len(wordlists.INSTALLERS)],
                    "paperi" if paper else "puhelin",
                    fields,
                    life.day(given + 14) if paper else "",
                ],
            )


def _request(life: Life) -> None:
    """Answered within three weeks; one in three still open, and not due, in its first export."""
    index = life.index
    received = max(life.ends[0] - (6 if index % 3 == 0 else 30 + index % 700), life.since)
    answered = received + 10 + index % 10
    head = [f"TP{life.number}", life.number, wordlists.REQUEST_KINDS[index % 4], life.day(received)]
    first, stop = span(life.ends, answered, add_years(answered, 3))
    life.put("requests", span(life.ends, received)[0], first, [*head, "", "E"])
    life.put("requests", first, stop, [*head, life.day(answered), "E"])
