"""A customer's permanent rows: billing, connection, agreement, copies in KeyAqua and kulutusWeb, public registers."""

from __future__ import annotations

from datetime import date

from pipelines.samples import wordlists
from pipelines.samples.days import LAST, add_years, span, text
from pipelines.samples.identifiers import in_fours
from pipelines.samples.life import Life, another, filled, gone_after, left_at, phones
from pipelines.samples.profile import ENDED, MOVED

_REVIEWED = date(2022, 10, 1).toordinal()  # + 5 years is after the eighth period
_LOGIN = date(2025, 10, 1).toordinal()  # + 2 years likewise
_STALE_COMPANIES = date(2024, 11, 25).toordinal()  # 401 days before the first period
_OLDEST_FRESH = date(2024, 11, 26).toordinal()  # 400 days before it: the last day that is still fresh


def add_standing(life: Life) -> None:
    _customer(life)
    if life.profile.status != MOVED:
        if life.profile.connection:
            _connection(life)
        _copies(life)
    if life.profile.organisation:
        _reference(life)


def _customer(life: Life) -> None:
    profile, stop, left = life.profile, gone_after(life), left_at(life)
    bare = span(life.ends, 0, add_years(profile.until, 3))[1] if left < len(life.ends) else stop
    changes = sorted({0, left, bare, profile.new_phone_at, stop})
    note = filled(life, life.pick(wordlists.NOTES)) if profile.notes else ""
    for first, after in zip(changes, changes[1:], strict=False):
        if first < stop:
            cells = _customer_cells(life, note, first >= left, first >= bare, first)
            life.put("customers", first, min(after, stop), cells)


def _customer_cells(life: Life, note: str, former: bool, bare: bool, period: int) -> list[str]:
    """The billing row; `bare`: what accounting law still requires of a customer long gone, name and address."""
    profile, index = life.profile, life.index
    organisation = profile.organisation
    confirmed, phone = life.confirmed, life.phone_number
    if profile.new_phone_at and period >= profile.new_phone_at:
        confirmed, phone = life.ends[profile.new_phone_at] - 20, another(phone)
    of_person = "Finder" if index % 9 == 4 else "asiakas"
    source = ("YTJ", "asiakas", "PRH", "TIEKE")[index % 4] if organisation else of_person
    e_invoice = profile.e_invoice and organisation
    return [
        life.number,
        "Y" if organisation else "H",
        life.name,
        life.identity_code if profile.identity_code and not bare else "",
        life.business_id,
        life.street,
        life.postal_code,
        life.city,
        phones(phone)[index % 5] if profile.phone and not bare else "",
        life.email if profile.email and not bare else "",
        (in_fours(life.iban) if index % 2 else life.iban) if profile.iban and not bare else "",
        life.e_invoice if e_invoice else "",
        life.operator if e_invoice else "",
        life.day(life.since),
        life.day(profile.until) if former else "",
        life.day(confirmed),
        source,
        "K" if profile.protected else "E",
        "" if bare else note,
    ]


def _connection(life: Life) -> None:
    periods, left = len(life.ends), left_at(life) if life.profile.status == ENDED else len(life.ends)
    agreed = life.since
    head = [
        life.connection,
        life.number,
        life.agreement,
        life.property_id,
        f"{life.street}, {life.postal_code}",
        life.day(agreed),
    ]
    life.put("connections", 0, left, [*head, "voimassa", ""])
    life.put("connections", left, periods, [*head, "päättynyt", life.day(life.profile.until) if left < periods else ""])
    reviewed = _REVIEWED + int(life.draw() * 1150)
    reviewed_cell: int | str = reviewed if life.index % 4 else text(reviewed)
    if agreed > _REVIEWED:
        reviewed_cell = ""  # a young agreement needs no review yet
    life.put(
        "agreements",
        0,
        periods,
        [
            life.agreement,
            f"Mappi {1 + life.index // 200}",
            "liittymäsopimus",
            "",
            life.connection,
            machine_form(life.property_id) if life.index % 6 == 0 else life.property_id,
            life.name,
            agreed if life.index % 5 else text(agreed),
            "K",
            "K",
            reviewed_cell,
        ],
    )


def machine_form(property_id: str) -> str:
    """`232-401-12-34` as the 14 digits that national files use."""
    area, village, house, unit = property_id.split("-")
    return f"{area:0>3}{village:0>3}{house:0>4}{unit:0>4}"


def _copies(life: Life) -> None:
    """What KeyAqua and kulutusWeb copy from billing: kept for twelve months after the customer left."""
    profile, index, ends = life.profile, life.index, life.ends
    last = add_years(profile.until, 1) if profile.status == ENDED else LAST
    stop = span(ends, 0, last)[1]
    changed = profile.new_phone_at or stop
    for first, after, phone in ((0, changed, life.phone_number), (changed, stop, another(life.phone_number))):
        if first >= after:
            continue
        written = phones(phone) if profile.phone else ("",) * 5
        imported = life.imported if first == 0 else ends[first] - 10
        if profile.on_map:
            number = int(life.number) if index % 7 == 2 else life.number  # a native number in the workbook
            life.put(
                "map_customers",
                first,
                min(after, stop),
                [
                    f"P{index}",
                    number,
                    life.other_name if index % 2 else life.name,
                    f"{life.street}, {life.postal_code} {life.city.upper()}",
                    written[1 + index % 3],
                    imported if index % 3 else text(imported),
                ],
            )
        if profile.account:
            created = (
                max(life.since, ends[0] - 2500 + index % 2000) if profile.joined == 0 else ends[profile.joined] - 9
            )
            for period in range(first, min(after, stop)):
                life.put(
                    "accounts",
                    period,
                    period + 1,
                    [
                        f"K{index}",
                        life.number,
                        life.email.upper() if index % 8 == 1 else life.email,
                        written[2],
                        life.street,
                        life.postal_code,
                        life.city,
                        life.day(created),
                        life.day(_last_login(life, period)),
                        "",
                    ],
                )


def _last_login(life: Life, period: int) -> int:
    return _LOGIN + life.index % 90 if life.index % 2 else life.ends[period] - 1 - life.index % 85


def _reference(life: Life) -> None:
    """The public registers' rows about an organisation, as in the extract of each period."""
    listed = life.index % 20 != 7  # an organisation missing from the extract is no mismatch
    for period, end in enumerate(life.ends):
        stale = life.stale_reference and period == 0
        age = life.index % 200
        name = life.other_name if life.index % 3 == 0 else life.name
        updated = _STALE_COMPANIES - age if stale else end - 20 - age
        if listed:
            life.put("companies", period, period + 1, [life.business_id, name, "toiminnassa", life.day(updated)])
        if life.profile.e_invoice:
            updated = _OLDEST_FRESH - age if stale else end - 20 - age
            life.put(
                "e_invoice_addresses",
                period,
                period + 1,
                [life.e_invoice, life.business_id, name, life.operator, life.day(updated)],
            )
