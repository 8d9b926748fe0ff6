"""The files of the synthetic world: one `Layout` per export, and the rule catalogue's categories and severities.

This is the generator's own table, made from the agreed layouts (spec/exports.md). It is independent of the product's
contracts, so that a misread contract cannot hide a miswritten sample.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Layout:
    """One export file: its source and how its cells are laid out; the first key column names the record."""

    name: str
    system: str
    file: str
    headers: tuple[str, ...]
    columns: tuple[str, ...]
    key: str
    delimiter: str = ";"
    encoding: str = "utf-8"
    newline: str = "\n"
    surplus: int = 0  # empty cells at the end of every row that the header does not have
    places: dict[str, int] = field(default_factory=dict, compare=False, hash=False)

    def __post_init__(self) -> None:
        self.places.update({column: place for place, column in enumerate(self.columns)})

    @property
    def is_workbook(self) -> bool:
        return self.file.endswith(".xlsx")


def _layout(name: str, system: str, file: str, pairs: str, key: str, **how: Any) -> Layout:
    """A layout from lines of `header = column`."""
    split = [tuple(part.strip() for part in line.split("=")) for line in pairs.strip().split("|")]
    return Layout(name, system, file, tuple(h for h, _ in split), tuple(c for _, c in split), key, **how)


WINDOWS = {"encoding": "cp1252", "newline": "\r\n"}
PORTAL = {"delimiter": ",", "encoding": "utf-8-sig"}

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        _layout(
            "customers",
            "vesikanta",
            "vesikanta_asiakkaat.csv",
            """
        Asiakasnumero = customer_number | Asiakastyyppi = customer_type | Nimi = name
        | Henkilötunnus = personal_identity_code | Y-tunnus = business_id | Lähiosoite = street_address
        | Postinumero = postal_code | Postitoimipaikka = city | Puhelin = phone | Sähköposti = email
        | Tilinumero = bank_account | Verkkolaskuosoite = e_invoice_address | Välittäjätunnus = e_invoice_operator
        | Asiakkuus alkoi = customer_since | Asiakkuus päättyi = customer_until
        | Tiedot vahvistettu = contact_confirmed_on | Tietolähde = contact_source | Turvakielto = protected_address
        | Lisätiedot = notes""",
            "customer_number",
            **WINDOWS,
        ),
        _layout(
            "connections",
            "vesikanta",
            "vesikanta_liittymat.csv",
            """
        Liittymänumero = connection_number | Asiakasnumero = customer_number | Sopimusnumero = agreement_number
        | Kiinteistötunnus = property_id | Käyttöpaikan osoite = site_address | Sopimuspäivä = agreed_on
        | Tila = status | Päättyi = ended_on""",
            "connection_number",
            **WINDOWS,
        ),
        _layout(
            "meter_readings",
            "vesikanta",
            "vesikanta_lukemat.csv",
            """
        Lukema-ID = reading_id | Liittymänumero = connection_number | Mittarinumero = meter_number
        | Lukemapäivä = read_on | Lukema = reading | Lukutapa = method""",
            "reading_id",
            **WINDOWS,
        ),
        _layout(
            "invoices",
            "vesikanta",
            "vesikanta_laskut.csv",
            """
        Laskunumero = invoice_number | Asiakasnumero = customer_number | Laskupäivä = invoiced_on | Eräpäivä = due_on
        | Summa = amount | Viitenumero = reference_number | Palautus = refund_due""",
            "invoice_number",
            **WINDOWS,
        ),
        _layout(
            "claims",
            "vesikanta",
            "vesikanta_reklamaatiot.csv",
            """
        Reklamaatio = claim_number | Asiakasnumero = customer_number | Vireille = opened_on | Ratkaistu = resolved_on
        | Kuvaus = description""",
            "claim_number",
            **WINDOWS,
        ),
        _layout(
            "ledger",
            "proeconomica",
            "proeconomica_reskontra.csv",
            """
        Yritys = company | Tositenumero = voucher_number | Laskunumero = invoice_number
        | Asiakasnumero = customer_number | Nimi = name | Tositepäivä = voucher_date
        | Tilikausi päättyi = financial_year_end | Summa = amount | Avoinna = open_amount
        | Maksettu = paid_on""",
            "voucher_number",
            **WINDOWS,
        ),
        _layout(
            "map_customers",
            "keyaqua",
            "keyaqua_asiakkaat.xlsx",
            """
        Kohdetunnus = site_id | Asiakasnumero = customer_number | Nimi = name | Osoite = address | Puhelin = phone
        | Tuotu = imported_on""",
            "site_id",
        ),
        _layout(
            "messages",
            "keyaqua",
            "keyaqua_viestit.csv",
            """
        Viestitunnus = message_id | Asiakasnumero = customer_number | Puhelin = phone | Lähetetty = sent_at
        | Luokka = category | Viesti = text""",
            "message_id",
        ),
        _layout(
            "accounts",
            "kulutusweb",
            "kulutusweb_tunnukset.csv",
            """
        Tunnus = account_id | Asiakasnumero = customer_number | Sähköposti = email | Puhelin = phone
        | Lähiosoite = street_address | Postinumero = postal_code | Postitoimipaikka = city | Luotu = created_on
        | Viimeksi kirjautunut = last_login_on | Yhteystiedot muutettu = contact_changed_on""",
            "account_id",
            **PORTAL,
        ),
        _layout(
            "consumption",
            "kulutusweb",
            "kulutusweb_kulutus.csv",
            """
        Rivi = row_id | Asiakasnumero = customer_number | Liittymänumero = connection_number | Kuukausi = month
        | Kulutus = consumption_m3""",
            "row_id",
            **PORTAL,
        ),
        _layout(
            "agreements",
            "paper",
            "sopimusmapit.xlsx",
            """
        Sopimusnumero = agreement_number | Mappi = binder | Tyyppi = agreement_type
        | Alkuperäinen sopimus = original_agreement_number | Liittymänumero = connection_number
        | Kiinteistötunnus = property_id | Liittyjä = party_name | Sopimuspäivä = agreed_on
        | Asemapiirustus = site_plan | Pohjapiirustus = floor_plan
        | Säilytystarve arvioitu = retention_reviewed_on""",
            "agreement_number",
        ),
        _layout(
            "installer_disclosures",
            "disclosures",
            "asentajaluovutukset.csv",
            """
        Luovutus = disclosure_id | Päivä = disclosed_on | Asiakasnumero = customer_number | Vastaanottaja = recipient
        | Tapa = channel | Tiedot = fields | Palautettu tai hävitetty = destroyed_on""",
            "disclosure_id",
        ),
        _layout(
            "user_accounts",
            "access",
            "kayttooikeudet.csv",
            """
        Tili = account_key | Järjestelmä = system | Käyttäjätunnus = user_name | Nimi = name
        | Organisaatio = organisation | Rooli = role | Myönnetty = granted_on | Viimeksi kirjautunut = last_login_on
        | Päättynyt = ended_on""",
            "account_key",
        ),
        _layout(
            "processors",
            "processors",
            "kasittelijat.csv",
            """
        Toimittaja = supplier | Palvelu = service | Sopimus allekirjoitettu = agreement_signed_on
        | Voimassa asti = agreement_valid_until | Testikäyttö = test_use
        | Testiaineisto anonymisoitu = test_data_anonymised""",
            "supplier",
        ),
        _layout(
            "requests",
            "rights",
            "tietopyynnot.csv",
            """
        Pyyntö = request_number | Asiakasnumero = customer_number | Laji = kind | Saapui = received_on
        | Vastattu = answered_on | Jatkettu = extended""",
            "request_number",
        ),
        _layout(
            "consents",
            "rights",
            "suostumukset.csv",
            """
        Suostumus = consent_id | Asiakasnumero = customer_number | Tarkoitus = purpose | Annettu = given_on
        | Peruttu = withdrawn_on | Käytössä = in_use""",
            "consent_id",
        ),
        _layout(
            "companies",
            "reference",
            "ytj_yritykset.csv",
            """
        Y-tunnus = business_id | Nimi = name | Tila = status | Päivitetty = updated_on""",
            "business_id",
            surplus=1,
        ),
        _layout(
            "e_invoice_addresses",
            "reference",
            "verkkolaskuosoitteet.csv",
            """
        Verkkolaskuosoite = e_invoice_address | Y-tunnus = business_id | Nimi = name | Välittäjätunnus = operator
        | Päivitetty = updated_on""",
            "e_invoice_address",
        ),
    )
}

HOLDS = _layout(
    "holds",
    "",
    "holds.csv",
    """
    Pito = hold_id | Järjestelmä = system | Aineisto = dataset | Asiakasnumero = customer_number | Peruste = reason
    | Alkoi = from_date | Päättyy = until_date""",
    "hold_id",
)

PLACEHOLDERS = ("-", "--", "?", "ei tiedossa", "ei tiedoss", "puuttuu", "N/A", "tuntematon", "xxx")
