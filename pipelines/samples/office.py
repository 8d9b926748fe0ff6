"""Rows that belong to no customer: accounts in the programs, processors, and strays in the public registers.

The clean rows come first; the rest is planted, with the expected findings in the answer key.
"""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.samples.days import add_years, text
from pipelines.samples.files import Sheet, Table
from pipelines.samples.identifiers import spare_business_id
from pipelines.samples.key import AnswerKey
from pipelines.samples.planting import later, mended, returning

OWN, TOWN = "Kauhajoen Vesihuolto Oy", "Kauhajoen kaupunki"
_STAFF = (
    ("VesikantaPlus", OWN, "toimisto"),
    ("VesikantaPlus", OWN, "toimitusjohtaja"),
    ("VesikantaPlus", OWN, "asentaja"),
    ("KeyAqua", OWN, "asentaja"),
    ("KeyAqua", OWN, "toimisto"),
    ("KeyAqua", OWN, "verkostomestari"),
    ("ProEconomica", OWN, "toimisto"),
    ("ProEconomica", OWN, "toimitusjohtaja"),
    ("ProEconomica", "Tilitoimisto Luvut & Laskut Ky", "kirjanpitäjä"),
    ("ProEconomica", TOWN, "kirjanpitäjä"),
    ("ProEconomica", TOWN, "pääkirjanpitäjä"),
)
_PARTNERS = (
    (TOWN, "ProEconomica, reskontra", "1.3.2018", "", "E", ""),
    ("Keypro Oy", "KeyAqua", "15.3.2017", "31.12.2030", "K", "K"),
    ("CGI Suomi Oy", "VesikantaPlus ja kulutusWeb", "24.5.2018", "", "K", "K"),
    ("Pohjan ICT-palvelut Oy", "Työasemat; tuki", "2.1.2024", "31.12.2029", "E", ""),
)


class Office:
    """The office's rows of one period."""

    def __init__(self, period: int, as_of: date, tables: dict[str, Table | Sheet], key: AnswerKey) -> None:
        self.period, self.as_of, self.key = period, as_of, key
        self._tables = tables

    def put(self, dataset: str, *cells: str | date) -> None:
        table = self._tables.get(dataset)
        if table is not None:
            table.write([text(cell) if isinstance(cell, date) else cell for cell in cells])

    def expect(self, rule: str, dataset: str, record_key: str, field: str, why: str, due_on: str = "") -> None:
        self.key.expect(self.period, rule, dataset, record_key, field, "", due_on, why)

    def account(
        self,
        name: str,
        system: str,
        organisation: str,
        role: str,
        granted: str | date = "3.9.2024",
        login: str | date | None = None,
        ended: str | date = "",
    ) -> str:
        """One account; used last week by default."""
        login = self.as_of - timedelta(days=7) if login is None else login
        self.put(
            "user_accounts",
            f"TILI-{name}",
            system,
            name,
            f"Käyttäjä {name.upper()}",
            organisation,
            role,
            granted,
            login,
            ended,
        )
        return f"TILI-{name}"

    def years_ago(self, years: int) -> date:
        return date.fromordinal(add_years(self.as_of.toordinal(), -years))


def write_office(dates: list[date], tables: list[dict[str, Table | Sheet]], key: AnswerKey, planted: bool) -> None:
    """Writes the office's rows of every period to its files and the answer key; only the clean ones unless `planted`."""
    for period, as_of in enumerate(dates):
        office = Office(period, as_of, tables[period], key)
        for number, (system, organisation, role) in enumerate(_STAFF):
            office.account(f"tt{number:02d}", system, organisation, role)
        for partner in _PARTNERS:
            office.put("processors", *partner)
        if planted:
            _outsiders(office)
            _idle_accounts(office)
            _processors(office)
            _registers(office)


def _outsiders(office: Office) -> None:
    """Accounts that the notice does not allow."""
    outside = [office.account("cgi1", "VesikantaPlus", "CGI Suomi Oy", "tuki")]
    ended = "" if mended(office.period) else "31.5.2026"
    if office.as_of <= date(2027, 5, 31):
        fitter = office.account("as1", "ProEconomica", OWN, "asentaja", ended=ended)
        leaving = office.account("key1", "KeyAqua", "Keypro Oy", "tuki", ended="31.5.2026")
        outside += [fitter, leaving] if mended(office.period) else []
    if later(office.period):
        outside.append(office.account("kk1", "ProEconomica", TOWN, "controller"))
    for name, system, organisation, role, field in (
        ("tun1", "ProEconomica", OWN, "-", "role"),
        ("tun2", "KeyAqua", "ei tiedossa", "asentaja", "organisation"),
        ("tun3", "Excel", OWN, "toimisto", "system"),
    ):
        account = office.account(name, system, organisation, role)
        office.expect("required-missing", "user_accounts", account, field, "the cell says nothing that can be read")
        if field == "system":
            office.expect("unreadable-value", "user_accounts", account, field, "no such system in the closed list")
        outside.append(account)
    for account in outside:
        office.expect("access-not-allowed", "user_accounts", account, "", "outside the lists of the notice")
    day = office.account("paiva", "KeyAqua", OWN, "toimisto", ended="31.2.2025")
    office.expect("unreadable-value", "user_accounts", day, "ended_on", "31 February is no day")


def _idle_accounts(office: Office) -> None:
    """Accounts not used, not ended, or ended long ago; and those just within their limits."""
    dormant = [office.account("uni2", "KeyAqua", OWN, "toimisto", office.as_of - timedelta(days=400), "")]
    if mended(office.period):
        dormant.append(office.account("uni1", "VesikantaPlus", OWN, "toimisto", login="15.11.2024"))
    else:
        office.account("uni1", "VesikantaPlus", OWN, "toimisto")
    dormant.append(office.account("uni3", "KeyAqua", OWN, "asentaja", office.as_of - timedelta(days=100), "4.5.2021"))
    dormant.append(office.account("uni4", "KeyAqua", OWN, "asentaja", "1.2.2015", office.years_ago(3)))
    lost = [office.account("ikuinen", "VesikantaPlus", OWN, "toimisto", "1.2.2018", "1.3.2022")]
    dormant += lost
    undated = office.account("tyhja", "VesikantaPlus", OWN, "toimisto", "N/A", "--")
    office.expect("required-missing", "user_accounts", undated, "granted_on", "a required cell is a placeholder")
    for account in dormant:
        office.expect("access-dormant", "user_accounts", account, "", "not used for more than a year")
    for account in (*lost, undated):
        office.expect("trigger-missing", "user_accounts", account, "ended_on", "no end, and no use within three years")
    if returning(office.period):
        past = office.account("mennyt", "KeyAqua", OWN, "asentaja", "1.2.2015", "1.8.2024", "31.8.2024")
        office.expect("past-retention", "user_accounts", past, "", "a year after it ended", "2025-08-31")
    office.account("raja1", "VesikantaPlus", OWN, "toimisto", login=office.years_ago(1))
    office.account("raja2", "VesikantaPlus", "CGI Suomi Oy", "tuki", "1.2.2015", "3.3.2019", office.years_ago(1))


def _processors(office: Office) -> None:
    office.put("processors", "Laskutulostus Raita Oy", "laskujen tulostus", "", "", "E", "-")
    unsigned = ["Laskutulostus Raita Oy"]
    office.put("processors", "Viestipalvelu Kaiku Oy", "tekstiviestit", "1.4.2022", "31.3.2026", "E", "")
    if office.as_of > date(2026, 3, 31):
        unsigned.append("Viestipalvelu Kaiku Oy")
    for supplier in unsigned:
        office.expect("processor-agreement-missing", "processors", supplier, "", "no agreement in force")
    office.put("processors", "Testitalo Oy", "testaus", "1.4.2022", "", "K", "E" if mended(office.period) else "K")
    office.put("processors", "Kehitys & Koe Ky", "kehitys; kokeilut", "1.4.2022", "", "K", "ei tiedossa")
    for supplier in ("Testitalo Oy", "Kehitys & Koe Ky")[0 if mended(office.period) else 1 :]:
        office.expect("test-data-personal", "processors", supplier, "", "tests use data nobody anonymised")


def _registers(office: Office) -> None:
    """The first extract of the companies is 401 days old (one date in it is later), that of the addresses 400."""
    if office.period == 0:
        office.put("companies", spare_business_id(9_000), "Tuleva Yritys Oy", "toiminnassa", "1.2.2026")
        office.put(
            "e_invoice_addresses",
            "003799999999",
            spare_business_id(9_000),
            "Tuleva Yritys Oy",
            "OKOYFIHH",
            "26.11.2024",
        )
        office.expect("feed-stale", "companies", "", "updated_on", "the newest past update is more than 400 days old")
    valid = spare_business_id(9_001)
    wrong = f"{valid[:-1]}{(int(valid[-1]) + 1) % 10}"
    updated = "20.11.2024" if office.period == 0 else text(office.as_of - timedelta(days=9))
    office.put("companies", wrong, "Väärä Tunnus Oy", "toiminnassa", updated)
    office.expect("invalid-value", "companies", wrong, "business_id", "the check digit is wrong")
    office.put("e_invoice_addresses", "003799999998", wrong, "Väärä Tunnus Oy", "OKOYFIHH", updated)
    office.expect("invalid-value", "e_invoice_addresses", "003799999998", "business_id", "the check digit is wrong")
    office.put("companies", spare_business_id(9_002), "Asemaltaan Outo Oy", "Toiminnassa", updated)
    for rule in ("unreadable-value", "required-missing"):
        office.expect(rule, "companies", spare_business_id(9_002), "status", "a value of the list in the wrong case")
