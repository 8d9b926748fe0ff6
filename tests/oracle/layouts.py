"""The registry exports as `spec/exports.md` words them: an own table, read from no contract.

A column line is `header | name | marks | type or values`; marks are `*` primary key and `!` required; no fourth part
means text.
"""

from dataclasses import dataclass

OWN_COMPANY = "KVH"
DECLARED_CATEGORIES = {"vesikatko", "huolto", "häiriö", "mittarinvaihto", "laskutus"}
DECLARED_SOURCES = {"asiakas", "Finder", "PRH", "YTJ", "TIEKE"}
DISCLOSABLE = {"nimi", "osoite", "puhelin"}
PLACEHOLDERS = {"-", "--", "?", "ei tiedossa", "ei tiedoss", "puuttuu", "n/a", "tuntematon", "xxx"}
TYPES = {"text", "date", "timestamp", "decimal", "month", "yes/no"}


@dataclass(frozen=True)
class Column:
    header: str
    name: str
    type: str
    required: bool
    values: frozenset[str] | None  # a closed list, or none


@dataclass(frozen=True)
class Dataset:
    system: str
    name: str
    file: str
    encoding: str
    delimiter: str
    columns: tuple[Column, ...]
    key: str

    def names(self) -> set[str]:
        return {column.name for column in self.columns}


SPEC = """
# vesikanta.customers vesikanta_asiakkaat.csv cp1252 ;
Asiakasnumero | customer_number | *!
Asiakastyyppi | customer_type | ! | H, Y
Nimi | name | !
Henkilötunnus | personal_identity_code
Y-tunnus | business_id
Lähiosoite | street_address | !
Postinumero | postal_code | !
Postitoimipaikka | city | !
Puhelin | phone
Sähköposti | email
Tilinumero | bank_account
Verkkolaskuosoite | e_invoice_address
Välittäjätunnus | e_invoice_operator
Asiakkuus alkoi | customer_since | ! | date
Asiakkuus päättyi | customer_until | | date
Tiedot vahvistettu | contact_confirmed_on | | date
Tietolähde | contact_source | !
Turvakielto | protected_address | ! | yes/no
Lisätiedot | notes

# vesikanta.connections vesikanta_liittymat.csv cp1252 ;
Liittymänumero | connection_number | *!
Asiakasnumero | customer_number | !
Sopimusnumero | agreement_number | !
Kiinteistötunnus | property_id | !
Käyttöpaikan osoite | site_address | !
Sopimuspäivä | agreed_on | ! | date
Tila | status | ! | voimassa, päättynyt
Päättyi | ended_on | | date

# vesikanta.meter_readings vesikanta_lukemat.csv cp1252 ;
Lukema-ID | reading_id | *!
Liittymänumero | connection_number | !
Mittarinumero | meter_number | !
Lukemapäivä | read_on | ! | date
Lukema | reading | ! | decimal
Lukutapa | method | ! | etäluku, asiakas, asentaja, arvio

# vesikanta.invoices vesikanta_laskut.csv cp1252 ;
Laskunumero | invoice_number | *!
Asiakasnumero | customer_number | !
Laskupäivä | invoiced_on | ! | date
Eräpäivä | due_on | ! | date
Summa | amount | ! | decimal
Viitenumero | reference_number | !
Palautus | refund_due | ! | yes/no

# vesikanta.claims vesikanta_reklamaatiot.csv cp1252 ;
Reklamaatio | claim_number | *!
Asiakasnumero | customer_number | !
Vireille | opened_on | ! | date
Ratkaistu | resolved_on | | date
Kuvaus | description | !

# proeconomica.ledger proeconomica_reskontra.csv cp1252 ;
Yritys | company | !
Tositenumero | voucher_number | *!
Laskunumero | invoice_number
Asiakasnumero | customer_number | !
Nimi | name | !
Tositepäivä | voucher_date | ! | date
Tilikausi päättyi | financial_year_end | ! | date
Summa | amount | ! | decimal
Avoinna | open_amount | ! | decimal
Maksettu | paid_on | | date

# keyaqua.map_customers keyaqua_asiakkaat.xlsx
Kohdetunnus | site_id | *!
Asiakasnumero | customer_number | !
Nimi | name | !
Osoite | address | !
Puhelin | phone
Tuotu | imported_on | ! | date

# keyaqua.messages keyaqua_viestit.csv utf-8 ;
Viestitunnus | message_id | *!
Asiakasnumero | customer_number
Puhelin | phone | !
Lähetetty | sent_at | ! | timestamp
Luokka | category | !
Viesti | text | !

# kulutusweb.accounts kulutusweb_tunnukset.csv utf-8 ,
Tunnus | account_id | *!
Asiakasnumero | customer_number | !
Sähköposti | email | !
Puhelin | phone
Lähiosoite | street_address
Postinumero | postal_code
Postitoimipaikka | city
Luotu | created_on | ! | date
Viimeksi kirjautunut | last_login_on | | date
Yhteystiedot muutettu | contact_changed_on | | date

# kulutusweb.consumption kulutusweb_kulutus.csv utf-8 ,
Rivi | row_id | *!
Asiakasnumero | customer_number | !
Liittymänumero | connection_number | !
Kuukausi | month | ! | month
Kulutus | consumption_m3 | ! | decimal

# paper.agreements sopimusmapit.xlsx
Sopimusnumero | agreement_number | *!
Mappi | binder | !
Tyyppi | agreement_type | ! | liittymäsopimus, lisäliittymäsopimus
Alkuperäinen sopimus | original_agreement_number
Liittymänumero | connection_number | !
Kiinteistötunnus | property_id | !
Liittyjä | party_name | !
Sopimuspäivä | agreed_on | ! | date
Asemapiirustus | site_plan | ! | yes/no
Pohjapiirustus | floor_plan | ! | yes/no
Säilytystarve arvioitu | retention_reviewed_on | | date

# disclosures.installer_disclosures asentajaluovutukset.csv utf-8 ;
Luovutus | disclosure_id | *!
Päivä | disclosed_on | ! | date
Asiakasnumero | customer_number | !
Vastaanottaja | recipient | !
Tapa | channel | ! | puhelin, paperi
Tiedot | fields | !
Palautettu tai hävitetty | destroyed_on | | date

# access.user_accounts kayttooikeudet.csv utf-8 ;
Tili | account_key | *!
Järjestelmä | system | ! | VesikantaPlus, ProEconomica, KeyAqua
Käyttäjätunnus | user_name | !
Nimi | name | !
Organisaatio | organisation | !
Rooli | role | !
Myönnetty | granted_on | ! | date
Viimeksi kirjautunut | last_login_on | | date
Päättynyt | ended_on | | date

# processors.processors kasittelijat.csv utf-8 ;
Toimittaja | supplier | *!
Palvelu | service | !
Sopimus allekirjoitettu | agreement_signed_on | | date
Voimassa asti | agreement_valid_until | | date
Testikäyttö | test_use | ! | yes/no
Testiaineisto anonymisoitu | test_data_anonymised | | yes/no

# rights.requests tietopyynnot.csv utf-8 ;
Pyyntö | request_number | *!
Asiakasnumero | customer_number
Laji | kind | ! | tarkastus, oikaisu, poisto, rajoitus
Saapui | received_on | ! | date
Vastattu | answered_on | | date
Jatkettu | extended | ! | yes/no

# rights.consents suostumukset.csv utf-8 ;
Suostumus | consent_id | *!
Asiakasnumero | customer_number | !
Tarkoitus | purpose | !
Annettu | given_on | ! | date
Peruttu | withdrawn_on | | date
Käytössä | in_use | ! | yes/no

# reference.companies ytj_yritykset.csv utf-8 ;
Y-tunnus | business_id | *!
Nimi | name | !
Tila | status | ! | toiminnassa, lakannut
Päivitetty | updated_on | ! | date

# reference.e_invoice_addresses verkkolaskuosoitteet.csv utf-8 ;
Verkkolaskuosoite | e_invoice_address | *!
Y-tunnus | business_id | !
Nimi | name | !
Välittäjätunnus | operator | !
Päivitetty | updated_on | ! | date
"""

HOLDS_SPEC = """
# holds.holds holds.csv utf-8 ;
Pito | hold_id | *
Järjestelmä | system
Aineisto | dataset
Asiakasnumero | customer_number
Peruste | reason
Alkoi | from_date | | date
Päättyy | until_date | | date
"""


def _column(line: str) -> Column:
    header, name, marks, kind = ([part.strip() for part in line.split("|")] + ["", ""])[:4]
    if kind in TYPES or not kind:
        return Column(header, name, kind or "text", "!" in marks, None)
    return Column(header, name, "text", "!" in marks, frozenset(value.strip() for value in kind.split(",")))


def _dataset(block: str) -> Dataset:
    title, *lines = block.strip().splitlines()
    full_name, file, encoding, delimiter = (title.split() + ["", ""])[:4]
    system, name = full_name.split(".")
    columns = tuple(_column(line) for line in lines)
    key = next(column.name for column, line in zip(columns, lines, strict=False) if "*" in line.split("|")[2])
    return Dataset(system, name, file, encoding, delimiter, columns, key)


DATASETS = {dataset.name: dataset for dataset in map(_dataset, SPEC.strip("\n #").split("\n# "))}
HOLDS = _dataset(HOLDS_SPEC.strip("\n #"))
