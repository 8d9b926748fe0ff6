"""Made-up registers of sixteen controllers in other sectors and countries, with the truth about each column.

Made apart from `vahti init`, whose guesses `python -m tests.benchmarks.inference` measures on them: nothing here imports the product.
Half of them are SEEN: the inference may be improved on them. The others are HELD_OUT: their figures are told as they are.

A column's truth: its type (text, decimal, date, timestamp, boolean), its date pattern, and whether it is personal: what
identifies a person, reaches them, or is written about them is; what is said of goods, places, prices and states is not; what may be
called either (the day a person joined, what they paid) is None and counts in no figure. Everybody is invented; identity codes have
individual numbers from 900 to 999.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Maker = Callable[[random.Random, int, dict], str]

NAMES = {
    "fi": ("Aino Eero Helmi Ilmari Kerttu Onni Sanni Väinö Päivi Jyrki", "Ahola Heikkinen Kärki Laakso Mäenpää Niemi Rönkkö Salo"),
    "sv": ("Åsa Björn Elsa Göran Karin Nils Örjan Sigrid Maja Tove", "Åkesson Berg Dahlström Ek Lindqvist Öberg Sjöblom Wall"),
    "en": ("Aoife Brendan Ciara Donal Ella Fergus Grace Hugh Isla Jack", "Byrne Clarke Doyle Farrell Keane Nolan O'Brien Quinn"),
    "de": ("Anke Björn Cornelia Dieter Elfriede Jörg Käthe Lars Ute Willi", "Bäcker Fuchs Große Jäger Krüger Müller Schäfer Weiß"),
    "nl": ("Anneke Bas Daan Femke Gijs Joost Lotte Maaike Sanne Teun", "Bakker de-Boer Dijkstra van-Dijk Jansen Meijer Smit Visser"),
    "et": ("Aivar Ene Jüri Kadri Mare Õie Priit Riina Tõnu Ülle", "Kask Kõiv Lepik Mägi Oja Põder Saar Tamm"),
    "fr": ("Amélie Benoît Chloé Didier Élise François Gaël Hélène Léa Noël", "Bernard Chevalier Dubois Fournier Girard Lefèvre Marchand Roux"),
    "es": ("Álvaro Begoña Carmen Íñigo Inés Joaquín Lucía Nuria Óscar Sofía", "Álvarez Castaño Domínguez García Ibáñez Muñoz Núñez Peña"),
    "pl": ("Agnieszka Błażej Ewa Grażyna Jędrzej Łukasz Małgorzata Paweł Róża Zofia", "Bąk Dąbrowska Górski Kamiński Łukasik Nowak Wójcik Zając"),
}  # fmt: skip
PLACES = {
    "fi": ("Koivukuja Mäntytie Rantakatu Kirkkotie", "Kotka Lahti Seinäjoki Sysmä", "{0:05d}", "+358 40 {0:07d}"),
    "sv": ("Björkvägen Storgatan Ängsstigen Kyrkvägen", "Borås Gävle Luleå Växjö", "{1:03d} {2:02d}", "070-{1:03d} {2:02d} {3:02d}"),
    "en": ("Mill_Road Church_Lane Quay_Street Abbey_View", "Athlone Ennis Sligo Tralee", "D{2:02d} X{1:03d}", "087 {1:03d} {0:04d}"),
    "de": ("Lindenweg Hauptstraße Am_Bühl Gartenweg", "Görlitz Jena Lüneburg Worms", "{0:05d}", "0171 {0:07d}"),
    "nl": ("Kerkstraat Dorpsweg Molenlaan Singel", "Breda Delft Gouda Zwolle", "{4:04d} AB", "06-{0:08d}"),
    "et": ("Kase_tee Pargi_tn Mere_pst Aia_tn", "Narva Pärnu Tartu Võru", "{0:05d}", "+372 5{0:06d}"),
    "fr": ("rue_des_Lilas avenue_Foch place_du_Marché", "Angers Brest Dijon Nîmes", "{0:05d}", "06 {2:02d} {3:02d} {2:02d} {3:02d}"),
    "es": ("calle_Mayor avenida_del_Sol plaza_Nueva", "Cádiz Gijón León Málaga", "{0:05d}", "6{0:08d}"),
    "pl": ("ulica_Leśna ulica_Polna aleja_Róż", "Gdańsk Kraków Łódź Poznań", "{2:02d}-{1:03d}", "+48 5{0:08d}"),
}  # fmt: skip
PROSE = {
    "fi": "soitti ja pyysi siirtoa|ei vastannut kirjeeseen|toivoo yhteydenottoa iltaisin|maksusuunnitelma sovittu",
    "sv": "ringde och bad om uppskov|har inte svarat på brevet|vill bli kontaktad kvällstid|avbetalning överenskommen",
    "en": "rang and asked to move it|has not answered the letter|prefers to be called in the evening|pays in instalments",
    "de": "bat um Rückruf am Abend|hat auf den Brief nicht geantwortet|Ratenzahlung vereinbart|war sehr ungehalten",
    "nl": "belde om te verzetten|heeft niet gereageerd op de brief|wil 's avonds gebeld worden|betaalt in termijnen",
    "et": "helistas ja palus edasi lükata|ei vastanud kirjale|soovib kõnet õhtul|maksab osade kaupa",
    "fr": "a demandé un report|n'a pas répondu au courrier|préfère être appelée le soir|paie en plusieurs fois",
    "es": "llamó para cambiar la cita|no ha contestado a la carta|prefiere llamadas por la tarde|paga a plazos",
    "pl": "prosiła o przesunięcie terminu|nie odpowiedział na list|woli kontakt wieczorem|płaci w ratach",
}
PATTERNS = {
    "d.M.yyyy": lambda day: f"{day.day}.{day.month}.{day.year}",
    "dd.MM.yyyy": lambda day: f"{day:%d.%m.%Y}",
    "dd/MM/yyyy": lambda day: f"{day:%d/%m/%Y}",
    "d/M/yyyy": lambda day: f"{day.day}/{day.month}/{day.year}",
    "MM/dd/yyyy": lambda day: f"{day:%m/%d/%Y}",
    "dd-MM-yyyy": lambda day: f"{day:%d-%m-%Y}",
    "yyyy-MM-dd": lambda day: f"{day:%Y-%m-%d}",
    "yyyyMMdd": lambda day: f"{day:%Y%m%d}",
    "yyyy/MM/dd": lambda day: f"{day:%Y/%m/%d}",
    "yyyy-MM-dd HH:mm": lambda day: f"{day:%Y-%m-%d %H:%M}",
    "yyyy-MM-dd HH:mm:ss": lambda day: f"{day:%Y-%m-%d %H:%M:%S}",
    "d.M.yyyy HH:mm": lambda day: f"{day.day}.{day.month}.{day:%Y %H:%M}",
    "dd/MM/yyyy HH:mm": lambda day: f"{day:%d/%m/%Y %H:%M}",
    "yyyy-MM-dd'T'HH:mm:ssX": lambda day: f"{day:%Y-%m-%dT%H:%M:%S}Z",
}


@dataclass(frozen=True)
class Column:
    """A column and the truth about it. `to`: table and header that it refers to."""

    header: str
    make: Maker
    type: str = "text"
    personal: bool | None = False
    pattern: str = ""
    to: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """An export. `key`: the headers that tell its rows apart."""

    name: str
    rows: int
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    quoting: int = csv.QUOTE_MINIMAL
    line_end: str = "\r\n"

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


@dataclass(frozen=True)
class Register:
    """A controller: its sector, its country, its exports, targets of references first."""

    name: str
    country: str
    tables: tuple[Table, ...] = field(default=())


# What stands in cells


def serial(shape: str = "{}", first: int = 1, step: int = 1) -> Maker:
    return lambda rng, row, made: shape.format(first + row * step)


def scattered(shape: str, most: int = 999_983) -> Maker:
    """Numbers without an order, no two alike."""
    return lambda rng, row, made: shape.format((row + 1) * 7919 % most)


def pick(*values: str) -> Maker:
    return lambda rng, row, made: rng.choice(values)


def whole(least: int, most: int) -> Maker:
    return lambda rng, row, made: str(rng.randint(least, most))


def money(point: str = ".", thousands: str = "") -> Maker:
    def make(rng: random.Random, row: int, made: dict) -> str:
        text = f"{rng.randint(100, 999_999) / 100:,.2f}"
        return text.replace(",", "\0").replace(".", point).replace("\0", thousands)

    return make


def day(pattern: str, first: int = 2015, last: int = 2026) -> Maker:
    def make(rng: random.Random, row: int, made: dict) -> str:
        moment = dt.datetime(first, 1, 1) + dt.timedelta(minutes=rng.randrange((last - first) * 525_600))
        return PATTERNS[pattern](moment)

    return make


def some(make: Maker, share: float = 0.3, empty: str = "") -> Maker:
    """Empty in that share of rows."""
    return lambda rng, row, made: empty if rng.random() < share else make(rng, row, made)


def refer(table: str, header: str, orphans: float = 0.0) -> Maker:
    def make(rng: random.Random, row: int, made: dict) -> str:
        values = made[table][header]
        if rng.random() < orphans:
            return values[0][:-1] + "x" if not values[0].isdigit() else str(10 ** len(values[0]) - 7)
        return rng.choice(values)

    return make


def paired(table: str, header: str) -> Maker:
    """Each of the other table's values in turn: one row for each."""
    return lambda rng, row, made: made[table][header][row % len(made[table][header])]


def numbered(shape: str, rng: random.Random) -> str:
    return shape.format(
        rng.randint(1_000, 9_999_999)
        if "7d" in shape or "6d" in shape
        else rng.randint(10_000_000, 99_999_999)
        if "8d" in shape
        else rng.randint(10_000, 99_999)
        if "5d" in shape
        else rng.randint(1_000, 9_999),
        rng.randint(100, 999),
        rng.randint(10, 99),
        rng.randint(10, 99),
        rng.randint(1_000, 9_999),
    )


def given(code: str) -> Maker:
    return lambda rng, row, made: rng.choice(NAMES[code][0].split())


def family(code: str) -> Maker:
    return lambda rng, row, made: rng.choice(NAMES[code][1].split()).replace("-", " ")


def joined(code: str, shape: str = "{0} {1}") -> Maker:
    return lambda rng, row, made: shape.format(given(code)(rng, row, made), family(code)(rng, row, made))


def street(code: str) -> Maker:
    def make(rng: random.Random, row: int, made: dict) -> str:
        name, number = rng.choice(PLACES[code][0].split()).replace("_", " "), rng.randint(1, 140)
        return f"{number} {name}" if code in ("en", "fr") else f"{name} {number}"

    return make


def town(code: str) -> Maker:
    return lambda rng, row, made: rng.choice(PLACES[code][1].split())


def postcode(code: str) -> Maker:
    return lambda rng, row, made: numbered(PLACES[code][2], rng)


def phone(code: str) -> Maker:
    return lambda rng, row, made: numbered(PLACES[code][3], rng)


def mail(domain: str = "example.org") -> Maker:
    return lambda rng, row, made: f"u{rng.randint(100, 99_999)}.{rng.choice('abcdefgh')}@{domain}"


def prose(code: str) -> Maker:
    return lambda rng, row, made: (
        rng.choice(PROSE[code].split("|")) + rng.choice((".", "", "; " + rng.choice(PROSE[code].split("|"))))
    )


def of_finland(rng: random.Random, row: int, made: dict) -> str:
    birth, number = dt.date(1940, 1, 1) + dt.timedelta(days=rng.randrange(22_000)), rng.randint(900, 999)
    digits = f"{birth:%d%m%y}{number}"
    return f"{birth:%d%m%y}-{number}" + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]


def of_sweden(rng: random.Random, row: int, made: dict) -> str:
    birth = dt.date(1950, 1, 1) + dt.timedelta(days=rng.randrange(18_000))
    nine = f"{birth:%y%m%d}{rng.randint(980, 999)}"  # the numbers that are kept for tests
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return f"{birth:%Y%m%d}-{nine[6:]}{-sum(digit // 10 + digit % 10 for digit in doubled) % 10}"


def iban(country: str, digits: int) -> Maker:
    def make(rng: random.Random, row: int, made: dict) -> str:
        account = "".join(rng.choice("0123456789") for _ in range(digits))
        letters = "".join(str(ord(letter) - 55) for letter in country)
        return f"{country}{98 - int(account + letters + '00') % 97:02d}{account}"

    return make


def plate(rng: random.Random, row: int, made: dict) -> str:
    return "".join(rng.choice("ABCEFGHIJKL") for _ in range(3)) + f"-{rng.randint(100, 999)}"


def columns(*rows: tuple) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


TEXT, WHOLE, MONEY, DAY, MOMENT, FLAG = "text", "decimal", "decimal", "date", "timestamp", "boolean"


def reference(
    header: str, table: str, other: str, personal: bool | None = False, orphans: float = 0.0, empty: float = 0.0
) -> tuple:
    make = refer(table, other, orphans)
    return (header, some(make, empty) if empty else make, TEXT, personal, "", (table, other))


def dated(
    header: str, pattern: str, personal: bool | None = False, empty: float = 0.0, first: int = 2015, last: int = 2026
) -> tuple:
    make = day(pattern, first, last)
    return (header, some(make, empty) if empty else make, MOMENT if "H" in pattern else DAY, personal, pattern)


# Improved on


SEEN = (
    Register("school", "FI", (
        Table("oppilaat", 140, ("Oppilasnumero",), columns(
            ("Oppilasnumero", serial("P{:05d}", 20100), TEXT, True), ("Sukunimi", family("fi"), TEXT, True),
            ("Etunimet", given("fi"), TEXT, True), ("Henkilötunnus", of_finland, TEXT, True),
            ("Luokka", pick("1A", "1B", "2A", "2B", "3A")), ("Äidinkieli", pick("suomi", "ruotsi", "arabia", "viro"), TEXT, None),
            dated("Aloituspäivä", "d.M.yyyy", None), ("Erityisruokavalio", some(pick("maidoton", "gluteeniton", "kasvis"), 0.8), TEXT, True),
            ("Kuvauslupa", pick("Kyllä", "Ei"), FLAG, None),
        ), "windows-1252", ";"),
        Table("huoltajat", 190, ("HuoltajaID",), columns(
            ("HuoltajaID", serial("{}", 5001), TEXT, True), reference("Oppilas", "oppilaat", "Oppilasnumero", True),
            ("Huoltajan nimi", joined("fi"), TEXT, True), ("Puhelin", phone("fi"), TEXT, True),
            ("Sähköposti", some(mail("posti.fi"), 0.2), TEXT, True), ("Katuosoite", street("fi"), TEXT, True),
            ("Postinumero", postcode("fi"), TEXT, True), ("Postitoimipaikka", town("fi"), TEXT, True),
        ), "windows-1252", ";"),
        Table("poissaolot", 600, ("Nro",), columns(
            ("Nro", serial(), TEXT), reference("Oppilasnro", "oppilaat", "Oppilasnumero", True), dated("Pvm", "d.M.yyyy"),
            ("Tunnit", whole(1, 7), WHOLE), ("Syy", pick("sairaus", "lupa", "luvaton"), TEXT, True),
            ("Lisätieto", some(prose("fi"), 0.7), TEXT, True),
        ), "windows-1252", ";"),
    )),
    Register("clinic", "SE", (
        Table("patienter", 160, ("Patient-id",), columns(
            ("Patient-id", scattered("{:07d}"), TEXT, True), ("Personnummer", of_sweden, TEXT, True), ("Förnamn", given("sv"), TEXT, True),
            ("Efternamn", family("sv"), TEXT, True), ("Mobil", phone("sv"), TEXT, True), ("E-post", mail("post.se"), TEXT, True),
            ("Gatuadress", street("sv"), TEXT, True), ("Postnr", postcode("sv"), TEXT, True), ("Ort", town("sv"), TEXT, True),
            ("Allergier", some(pick("penicillin", "latex", "nickel"), 0.8), TEXT, True), dated("Registrerad", "yyyy-MM-dd", None),
        )),
        Table("behandlare", 9, ("Kod",), columns(
            ("Kod", serial("B{:02d}"), TEXT, True), ("Namn", joined("sv"), TEXT, True), ("Yrke", pick("tandläkare", "hygienist"), TEXT, None),
        )),
        Table("besok", 700, ("Besöks-ID",), columns(
            ("Besöks-ID", serial("{}", 900001), TEXT), reference("Patient", "patienter", "Patient-id", True, 0.004),
            reference("Behandlare", "behandlare", "Kod", True), dated("Tid", "yyyy-MM-dd HH:mm"), ("Diagnos", pick("K02.1", "K05.3", "K08.1"), TEXT, True),
            ("Pris", money(), MONEY, None), ("Betald", pick("J", "N"), FLAG), ("Journaltext", some(prose("sv"), 0.4), TEXT, True),
        )),
    )),
    Register("library", "IE", (
        Table("borrowers", 220, ("Card",), columns(
            ("Card", scattered("21{:08d}"), TEXT, True), ("Surname", family("en"), TEXT, True), ("First Name", given("en"), TEXT, True),
            dated("DOB", "dd/MM/yyyy", True, 0.1, 1945, 2016), ("Address Line 1", street("en"), TEXT, True), ("Town", town("en"), TEXT, True),
            ("Eircode", some(postcode("en"), 0.2), TEXT, True), ("Phone", some(phone("en"), 0.3), TEXT, True), ("Category", pick("Adult", "Child", "Senior"), TEXT, None),
            dated("Expires", "dd/MM/yyyy", None, 0.0, 2025, 2028), ("Blocked", pick("Y", "N"), FLAG, None),
        ), delimiter="\t"),
        Table("items", 300, ("Barcode",), columns(
            ("Barcode", scattered("3{:09d}"), TEXT), ("Title", pick("The Sea", "Poems", "Atlas of Rivers", "Bread", "A Short History"), TEXT),
            ("Branch", pick("Central", "East", "Harbour")), ("Year", whole(1950, 2026), WHOLE), ("Price", money(), MONEY),
        ), delimiter="\t"),
        Table("loans", 500, ("Card No", "Item", "Out"), columns(
            reference("Card No", "borrowers", "Card", True), reference("Item", "items", "Barcode"), dated("Out", "dd/MM/yyyy HH:mm"),
            dated("Due", "dd/MM/yyyy"), dated("Returned", "dd/MM/yyyy", False, 0.3), ("Fine", some(money(), 0.8), MONEY, None),
        ), delimiter="\t"),
    )),
    Register("gym", "DE", (
        Table("mitglieder", 180, ("MitgliedsNr",), columns(
            ("MitgliedsNr", serial("{:06d}", 1201), TEXT, True), ("Nachname", family("de"), TEXT, True), ("Vorname", given("de"), TEXT, True),
            dated("Geburtsdatum", "dd.MM.yyyy", True, 0.05, 1950, 2008), ("Straße", street("de"), TEXT, True), ("PLZ", postcode("de"), TEXT, True),
            ("Wohnort", town("de"), TEXT, True), ("Telefon", phone("de"), TEXT, True), ("IBAN", iban("DE", 18), TEXT, True),
            ("Tarif", pick("Basis", "Plus", "Student")), ("Beitrag", money(",", "."), MONEY, None), dated("Eintritt", "dd.MM.yyyy", None),
            dated("Austritt", "dd.MM.yyyy", None, 0.8), ("Gesundheitshinweise", some(prose("de"), 0.7), TEXT, True),
        ), "iso-8859-15", ";", csv.QUOTE_ALL),
        Table("kurse", 24, ("KursID",), columns(
            ("KursID", serial("K-{}", 10), TEXT), ("Bezeichnung", pick("Yoga", "Rücken", "Spinning", "Boxen")), ("Raum", pick("1", "2", "Halle")),
            ("Plätze", whole(8, 30), WHOLE),
        ), "iso-8859-15", ";", csv.QUOTE_ALL),
        Table("buchungen", 450, ("BuchungsNr",), columns(
            ("BuchungsNr", serial("{}", 77001), TEXT), reference("Mitglied", "mitglieder", "MitgliedsNr", True), reference("Kurs", "kurse", "KursID"),
            dated("Termin", "dd.MM.yyyy"), ("Erschienen", pick("ja", "nein"), FLAG, None),
        ), "iso-8859-15", ";", csv.QUOTE_ALL),
    )),
    Register("shop", "NL", (
        Table("klanten", 250, ("klantnummer",), columns(
            ("klantnummer", scattered("{}"), TEXT, True), ("voornaam", given("nl"), TEXT, True), ("achternaam", family("nl"), TEXT, True),
            ("emailadres", mail("mail.nl"), TEXT, True), ("telefoon", some(phone("nl"), 0.4), TEXT, True), ("straat_huisnr", street("nl"), TEXT, True),
            ("postcode", postcode("nl"), TEXT, True), ("plaats", town("nl"), TEXT, True), dated("aangemaakt_op", "yyyy-MM-dd HH:mm:ss", None),
            ("nieuwsbrief", pick("true", "false"), FLAG, None),
        )),
        Table("producten", 60, ("artikelcode",), columns(
            ("artikelcode", serial("ART{:04d}", 3), TEXT), ("omschrijving", pick("jas", "broek", "trui", "schoenen")), ("prijs", money(), MONEY),
            ("voorraad", whole(0, 90), WHOLE), ("ean", scattered("87{:011d}"), TEXT),
        )),
        Table("bestellingen", 800, ("bestelnummer",), columns(
            ("bestelnummer", serial("2026{:06d}"), TEXT), reference("klant", "klanten", "klantnummer", True), reference("artikel", "producten", "artikelcode"),
            ("aantal", whole(1, 5), WHOLE), ("bedrag", money(), MONEY, None), dated("besteld", "yyyy-MM-dd HH:mm:ss"), ("status", pick("open", "betaald", "verzonden", "retour")),
            ("ip_adres", lambda rng, row, made: f"192.0.2.{rng.randint(1, 254)}", TEXT, True), ("opmerking", some(prose("nl"), 0.9), TEXT, True),
        )),
    )),
    Register("housing", "EE", (
        Table("korterid", 48, ("Korteri nr",), columns(
            ("Korteri nr", serial("{}"), TEXT), ("Pind m2", money(","), MONEY), ("Korrus", whole(1, 5), WHOLE),
        ), delimiter=";"),
        Table("omanikud", 70, ("Isikukood",), columns(
            ("Isikukood", lambda rng, row, made: f"3{55 + row % 40:02d}0{row % 9 + 1}{row % 27 + 1:02d}9{row % 97:02d}{row % 10}", TEXT, True),
            ("Nimi", joined("et"), TEXT, True), reference("Korter", "korterid", "Korteri nr"), ("Telefon", phone("et"), TEXT, True),
            ("E-post", mail("post.ee"), TEXT, True), ("Arvelduskonto", iban("EE", 16), TEXT, True), dated("Alates", "dd.MM.yyyy", None),
        ), delimiter=";"),
        Table("arved", 300, ("Arve number",), columns(
            ("Arve number", serial("A-2026-{:05d}"), TEXT), reference("Korter", "korterid", "Korteri nr"), dated("Kuupäev", "dd.MM.yyyy"),
            dated("Tähtaeg", "dd.MM.yyyy"), ("Summa", money(",", " "), MONEY), ("Makstud", pick("jah", "ei"), FLAG),
        ), delimiter=";"),
    )),
    Register("taxi", "US", (
        Table("drivers", 40, ("driver_id",), columns(
            ("driver_id", serial("D{:03d}"), TEXT, True), ("full_name", joined("en", "{1}, {0}"), TEXT, True), ("license_no", scattered("L{:07d}"), TEXT, True),
            dated("hired", "MM/dd/yyyy", None), ("phone", lambda rng, row, made: f"(555) 01{rng.randint(0, 9)}-{rng.randint(1000, 9999)}", TEXT, True),
            ("active", pick("1", "0"), FLAG, None),
        ), delimiter="|"),
        Table("cars", 30, ("plate",), columns(
            ("plate", lambda rng, row, made: f"TX{row:02d}{rng.choice('ABCD')}{rng.randint(100, 999)}", TEXT, None), ("model", pick("Sedan", "Van")), ("year", whole(2012, 2026), WHOLE),
            ("mileage", whole(1_000, 250_000), WHOLE),
        ), delimiter="|"),
        Table("trips", 900, ("trip",), columns(
            ("trip", serial("{}", 100_001), TEXT), reference("driver", "drivers", "driver_id", True), reference("car", "cars", "plate", None),
            dated("picked_up", "yyyy-MM-dd'T'HH:mm:ssX"), ("miles", money(), MONEY), ("fare", money(), MONEY), ("pickup_address", street("en"), TEXT, True),
            ("rating", some(whole(1, 5), 0.5), WHOLE, None),
        ), delimiter="|"),
    )),
    Register("choir", "FI", (
        Table("laulajat", 36, ("Nimi",), columns(
            ("Nimi", lambda rng, row, made: f"{NAMES['fi'][0].split()[row % 10]} {NAMES['fi'][1].split()[row // 10]}", TEXT, True), ("Ääni", pick("sopraano", "altto", "tenori", "basso")),
            ("Syntymävuosi", whole(1940, 2008), WHOLE, True), ("Puh.", phone("fi"), TEXT, True), ("Osoite", street("fi"), TEXT, True), dated("Liittynyt", "d.M.yyyy", None, 0.2),
        ), "utf-8-sig", ";"),
        Table("maksut", 60, ("Viite",), columns(
            ("Viite", scattered("{:06d}"), TEXT), reference("Laulaja", "laulajat", "Nimi", True), ("Euroa", money(","), MONEY, None), dated("Eräpäivä", "d.M.yyyy"),
            dated("Maksettu", "d.M.yyyy", None, 0.3),
        ), "utf-8-sig", ";"),
    )),
)  # fmt: skip


# Told as they are


HELD_OUT = (
    Register("hotel", "FR", (
        Table("clients", 200, ("N° client",), columns(
            ("N° client", scattered("C{:06d}"), TEXT, True), ("Civilité", pick("M.", "Mme"), TEXT, None), ("Nom", family("fr"), TEXT, True), ("Prénom", given("fr"), TEXT, True),
            ("Courriel", some(mail("courriel.fr"), 0.2), TEXT, True), ("Portable", phone("fr"), TEXT, True), ("Adresse", street("fr"), TEXT, True), ("Code postal", postcode("fr"), TEXT, True),
            ("Ville", town("fr"), TEXT, True), dated("Date de naissance", "dd/MM/yyyy", True, 0.4, 1940, 2006), ("Pièce d'identité", scattered("{:012d}", 999_999_000_001), TEXT, True),
        ), "iso-8859-1", ";"),
        Table("chambres", 45, ("Chambre",), columns(
            ("Chambre", serial("{}", 101), TEXT), ("Étage", whole(1, 4), WHOLE), ("Lits", whole(1, 3), WHOLE), ("Tarif", money(","), MONEY),
        ), "iso-8859-1", ";"),
        Table("sejours", 650, ("Réf.",), columns(
            ("Réf.", serial("R{:07d}", 4400), TEXT), reference("Client", "clients", "N° client", True, 0.003), reference("Chambre", "chambres", "Chambre"), dated("Arrivée", "dd/MM/yyyy"),
            dated("Départ", "dd/MM/yyyy"), ("Total", money(",", " "), MONEY, None), ("Petit-déjeuner", pick("oui", "non"), FLAG), ("Demandes", some(prose("fr"), 0.8), TEXT, True),
        ), "iso-8859-1", ";"),
    )),
    Register("personnel", "PL", (
        Table("pracownicy", 120, ("Numer ewidencyjny",), columns(
            ("Numer ewidencyjny", serial("{:05d}", 311), TEXT, True), ("Nazwisko", family("pl"), TEXT, True), ("Imię", given("pl"), TEXT, True),
            ("Data urodzenia", day("dd.MM.yyyy", 1958, 2005), DAY, True, "dd.MM.yyyy"), ("Ulica i numer", street("pl"), TEXT, True), ("Kod pocztowy", postcode("pl"), TEXT, True),
            ("Miejscowość", town("pl"), TEXT, True), ("Telefon komórkowy", phone("pl"), TEXT, True), ("Rachunek bankowy", iban("PL", 24), TEXT, True), ("Dział", pick("Księgowość", "Sprzedaż", "Magazyn")),
            dated("Zatrudniony od", "dd.MM.yyyy", None), dated("Zatrudniony do", "dd.MM.yyyy", None, 0.7), ("Wynagrodzenie", money(",", " "), MONEY, True), ("Członek związku", pick("TAK", "NIE"), FLAG, True),
        ), "windows-1250", ";"),
        Table("nieobecnosci", 260, ("Lp.",), columns(
            ("Lp.", serial(), TEXT), reference("Nr ewid.", "pracownicy", "Numer ewidencyjny", True), dated("Od", "dd.MM.yyyy"), dated("Do", "dd.MM.yyyy"),
            ("Rodzaj", pick("urlop", "chorobowe", "opieka"), TEXT, True), ("Dni", whole(1, 30), WHOLE),
        ), "windows-1250", ";"),
    )),
    Register("charity", "IE", (
        Table("donors", 230, ("DonorRef",), columns(
            ("DonorRef", scattered("DN{:06d}"), TEXT, True), ("Name", joined("en"), TEXT, True), ("Organisation", some(pick("Quay Bakery Ltd", "Abbey Motors", "Mill Trust"), 0.8), TEXT, None),
            ("Email Address", some(mail(), 0.15), TEXT, True), ("Postal Address", lambda rng, row, made: f"{street('en')(rng, row, made)}, {town('en')(rng, row, made)}", TEXT, True),
            ("Consent Email", pick("Yes", "No"), FLAG, None), dated("Consent Date", "d/M/yyyy", None, 0.2),
        ), quoting=csv.QUOTE_ALL),
        Table("campaigns", 12, ("Code",), columns(
            ("Code", serial("CAMP{}", 1), TEXT), ("Campaign", pick("Spring", "Winter Coats", "School Books")), ("Target", money(thousands=","), MONEY), dated("Starts", "d/M/yyyy"), dated("Ends", "d/M/yyyy", False, 0.5),
        ), quoting=csv.QUOTE_ALL),
        Table("gifts", 900, ("GiftNo",), columns(
            ("GiftNo", serial("{}", 50_000), TEXT), reference("Donor", "donors", "DonorRef", True), reference("Campaign Code", "campaigns", "Code", False, 0.0, 0.1), ("Amount", money(thousands=","), MONEY, None),
            ("Currency", pick("EUR", "GBP")), dated("Received", "d/M/yyyy"), ("Gift Aid", pick("Y", "N"), FLAG), ("In memory of", some(joined("en"), 0.95), TEXT, True),
        ), quoting=csv.QUOTE_ALL),
    )),
    Register("permits", "SE", (
        Table("sokande", 150, ("SÖKANDE_ID",), columns(
            ("SÖKANDE_ID", serial("{}", 88_001), TEXT, True), ("PERS_ORG_NR", of_sweden, TEXT, True), ("NAMN", joined("sv", "{1} {0}"), TEXT, True), ("ADRESS", street("sv"), TEXT, True),
            ("POSTNUMMER", postcode("sv"), TEXT, True), ("POSTORT", town("sv"), TEXT, True), ("TELEFON", some(phone("sv"), 0.2), TEXT, True), ("EPOST", some(mail("post.se"), 0.3), TEXT, True),
        ), "utf-16", "\t"),
        Table("arenden", 280, ("DIARIENR",), columns(
            ("DIARIENR", serial("BN-2026-{:04d}"), TEXT), reference("SÖKANDE", "sokande", "SÖKANDE_ID", True), ("FASTIGHET", lambda rng, row, made: f"Ängen {rng.randint(1, 9)}:{rng.randint(1, 200)}", TEXT, None),
            ("ÄRENDETYP", pick("bygglov", "rivning", "strandskydd")), dated("INKOM", "yyyyMMdd"), dated("BESLUTSDATUM", "yyyyMMdd", False, 0.4), ("AVGIFT", whole(500, 90_000), WHOLE),
            ("HANDLÄGGARE", joined("sv"), TEXT, True),
        ), "utf-16", "\t"),
    )),
    Register("insurance", "ES", (
        Table("tomadores", 210, ("id_tomador",), columns(
            ("id_tomador", scattered("{:08d}"), TEXT, True), ("dni", lambda rng, row, made: (lambda n: f"{n:08d}{'TRWAGMYFPDXBNJZSQVHLCKE'[n % 23]}")(90_000_000 + row * 13), TEXT, True), ("nombre", given("es"), TEXT, True),
            ("apellidos", lambda rng, row, made: f"{family('es')(rng, row, made)} {family('es')(rng, row, made)}", TEXT, True), ("movil", phone("es"), TEXT, True), ("correo", mail("correo.es"), TEXT, True),
            ("domicilio", street("es"), TEXT, True), ("cp", postcode("es"), TEXT, True), ("poblacion", town("es"), TEXT, True), ("profesion", pick("docente", "albañil", "abogada"), TEXT, None), ("fumador", pick("S", "N"), FLAG, True),
        ), delimiter=";"),
        Table("polizas", 340, ("num_poliza",), columns(
            ("num_poliza", serial("POL-{:06d}", 700), TEXT), reference("tomador", "tomadores", "id_tomador", True), ("ramo", pick("hogar", "auto", "vida")), ("prima", money(","), MONEY, None),
            dated("efecto", "dd/MM/yyyy"), dated("vencimiento", "dd/MM/yyyy"), ("cuenta", iban("ES", 20), TEXT, True),
        ), delimiter=";"),
        Table("siniestros", 120, ("siniestro",), columns(
            ("siniestro", serial("{}", 1), TEXT), reference("poliza", "polizas", "num_poliza", False, 0.0), dated("ocurrido", "dd/MM/yyyy HH:mm"), ("importe", some(money(","), 0.2), MONEY, None),
            ("descripcion", prose("es"), TEXT, True), ("matricula", some(plate, 0.5), TEXT, True),
        ), delimiter=";"),
    )),
    Register("church", "NO", (
        Table("medlemmer", 170, ("Medlemsnr",), columns(
            ("Medlemsnr", serial("{}", 1_000_001), TEXT, True), ("Fornavn", given("sv"), TEXT, True), ("Etternavn", family("sv"), TEXT, True), dated("Født", "dd.MM.yyyy", True, 0.0, 1935, 2024), ("Kjønn", pick("K", "M"), TEXT, True),
            ("Adresse", street("sv"), TEXT, True), ("Postnr", postcode("fi"), TEXT, True), ("Poststed", town("sv"), TEXT, True), ("Døpt", some(day("dd.MM.yyyy", 1990), 0.3), DAY, None, "dd.MM.yyyy"), ("Reservert", pick("0", "1"), FLAG, None),
        ), "utf-8-sig", ";"),
        Table("gaver", 220, ("Bilag",), columns(
            ("Bilag", serial("{:06d}"), TEXT), reference("Medlem", "medlemmer", "Medlemsnr", True, 0.0, 0.2), ("Beløp", money(",", " "), MONEY, None), dated("Dato", "dd.MM.yyyy"), ("Måte", pick("Vipps", "kontant", "bank")),
        ), "utf-8-sig", ";"),
    )),
    Register("rentals", "DE", (
        Table("mieter", 130, ("Mieter-ID",), columns(
            ("Mieter-ID", scattered("M{:05d}", 99_991), TEXT, True), ("Anrede", pick("Frau", "Herr"), TEXT, None), ("Name", joined("de"), TEXT, True), ("Anschrift", lambda rng, row, made: f"{street('de')(rng, row, made)}, {postcode('de')(rng, row, made)} {town('de')(rng, row, made)}", TEXT, True),
            ("Rufnummer", some(phone("de"), 0.2), TEXT, True), ("Kaution", money(","), MONEY, None), ("Führerschein-Nr.", scattered("B{:09d}"), TEXT, True),
        ), "windows-1252", ";"),
        Table("geraete", 80, ("Inventarnummer",), columns(
            ("Inventarnummer", serial("G{:04d}", 12), TEXT), ("Gerät", pick("Bagger", "Leiter", "Bohrhammer")), ("Tagessatz", money(","), MONEY), dated("Angeschafft", "dd.MM.yyyy"), ("Defekt", pick("x", ""), TEXT),
        ), "windows-1252", ";"),
        Table("vertraege", 400, ("Vertrag",), columns(
            ("Vertrag", serial("V{:06d}"), TEXT), reference("Mieter", "mieter", "Mieter-ID", True), reference("Inventar", "geraete", "Inventarnummer"), dated("Von", "dd.MM.yyyy"), dated("Bis", "dd.MM.yyyy", False, 0.1), ("Tage", whole(1, 60), WHOLE),
        ), "windows-1252", ";"),
    )),
    Register("football", "NL", (
        Table("leden", 260, ("Bondsnummer",), columns(
            ("Bondsnummer", lambda rng, row, made: "".join(chr(65 + (row * 7 + step) % 26) for step in range(4)) + f"{row:02d}"[-2:] + chr(65 + row // 26), TEXT, True), ("Roepnaam", given("nl"), TEXT, True), ("Tussenvoegsel", some(pick("de", "van", "van der"), 0.6), TEXT, None),
            ("Achternaam", family("nl"), TEXT, True), dated("Geb.datum", "dd-MM-yyyy", True, 0.0, 1960, 2019), ("Team", pick("JO9-1", "JO11-2", "Zat 1", "VR1")), ("Mobiel ouder", some(phone("nl"), 0.5), TEXT, True),
            ("VOG geldig tot", some(day("dd-MM-yyyy", 2024, 2030), 0.8), DAY, None, "dd-MM-yyyy"), ("Medisch", some(prose("nl"), 0.9), TEXT, True),
        )),
        Table("wedstrijden", 90, ("Wedstrijdnr",), columns(
            ("Wedstrijdnr", scattered("{:06d}"), TEXT), dated("Datum", "dd-MM-yyyy"), ("Veld", whole(1, 4), WHOLE), ("Tegenstander", pick("SV Oost", "FC Dijk", "VV Haven")), ("Thuis", pick("J", "N"), FLAG),
        )),
        Table("opstellingen", 700, ("Regel",), columns(
            ("Regel", serial(), TEXT), reference("Wedstrijd", "wedstrijden", "Wedstrijdnr"), reference("Lid", "leden", "Bondsnummer", True), ("Rugnummer", whole(1, 18), WHOLE, None), ("Doelpunten", whole(0, 4), WHOLE, None),
        )),
    )),
)  # fmt: skip


# Files


def values(register: Register, seed: int = 1) -> dict[str, dict[str, list[str]]]:
    """{table: {header: cells}} of a register."""
    made: dict[str, dict[str, list[str]]] = {}
    for table in register.tables:
        rng = random.Random(f"{seed} {register.name} {table.name}")
        cells: dict[str, list[str]] = {column.header: [] for column in table.columns}
        made[table.name] = cells
        for row in range(table.rows):
            for column in table.columns:
                cells[column.header].append(column.make(rng, row, made))
    return made


def write(register: Register, folder: Path, seed: int = 1) -> None:
    """The register's exports into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = values(register, seed)
    for table in register.tables:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=table.delimiter, quoting=table.quoting, lineterminator=table.line_end)
        writer.writerow([column.header for column in table.columns])
        writer.writerows(zip(*made[table.name].values(), strict=True))
        (folder / table.file).write_bytes(text.getvalue().encode(table.encoding))
