"""Word lists of the synthetic world: invented people, firms, streets and office prose, all within Windows-1252."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = _words("""
Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen Saarinen
Salminen Niemi Heinonen Heikkilä Salonen Kinnunen Turunen Salo Laitinen Tuominen Rantanen Karjalainen Jokinen Mattila
Savolainen Lahtinen Ahonen Ojala Leppänen Hiltunen Väisänen Leinonen Hietala Rintala Panula Lylyharju Saarijärvi
Yli-Rahnasto Kangasniemi Mäki-Kala Ala-Hautala Rajala Hautamäki Luoma Kivistö Åkerblom Sjöström Lindqvist Österman
Nykänen Kettunen Pihlajamäki Uusitalo Peltoniemi Harju Viitala Kallio
""")

FIRST_NAMES = _words("""
Aino Eero Väinö Helmi Matti Liisa Tapio Kaarina Juhani Anneli Pekka Päivi Jukka Sari Antti Hanna Mikko Laura Åsa Göran
Märta Björn Tyyne Urho Seppo Marjatta Eino Kerttu Onni Siiri Elias Venla Toivo Lempi Ilmari Johanna Hillevi Sampsa
Tuomas Riikka Jyrki Mirja Pentti Raili Veikko Annukka René Chloé
""")

STREETS = _words("""
Topeekantie Puistotie Kauppatie Teknologiapuisto Rantatie Opistontie Koulutie Hakatie Mäntytie Koivukuja Lähdetie
Harjutie Sahantie Myllytie Aronkyläntie Päntäneentie Hyypäntie Nummijärventie Äystöntie Yrittäjäntie Läntinenpitkätie
Töyräntie Rengonkuja Kirkkotie Pukkilantie Väinölänkatu Åkerintie Niittymäki Kytölä Metsäpolku
""")

TRADES = (
    "Kuljetus",
    "Sähkö",
    "Maatila",
    "Rakennus",
    "Puutarha",
    "Kiinteistöt",
    "Leipomo",
    "Hirsityö",
    "Konepaja",
    "Tilipalvelu",
    "Metsä",
    "Parturi & Kampaamo",
    "Taksi",
    "Levytyö",
)
FIRM_FORMS = ("Oy", "Ky", "Tmi", "Oy", "Osk", "Oy Ab")

POSTAL_CODES = _words("""
61800 61801 61810 61820 61850 61860 61880 61910 61920 61940 61950 61960 61980
""")
ELSEWHERE = (
    ("00100", "Helsinki"),
    ("33100", "Tampere"),
    ("60100", "Seinäjoki"),
    ("20100", "Turku"),
    ("65100", "Vaasa"),
    ("40100", "Jyväskylä"),
    ("90100", "Oulu"),
    ("64100", "Kristiinankaupunki"),
)

MAIL_HOSTS = ("example.fi", "example.com", "posti.esimerkki.invalid", "vesi.example.fi")
INSTALLERS = ("LVI-Lähdeputki Oy", "Pohjan Putki Ky", "Asennus Järvelä Tmi", "Kauhajoen Putkihuolto – Åke & pojat")
PURPOSES = ("kulutusvahti", "asiakaskysely", "tekstiviestit omistajan kautta")
OPERATORS = ("003721291126", "BAWCFI22", "DABAFIHH", "003708599126", "OKOYFIHH")
METHODS = ("etäluku", "asiakas", "asentaja", "arvio")
REQUEST_KINDS = ("tarkastus", "oikaisu", "poisto", "rajoitus")

MESSAGES = (
    ("vesikatko", "Vesi on poikki {day} klo 9–14 alueella {street}. Laske vettä ennen käyttöä."),
    ("huolto", "Verkoston huuhtelu {day}; vesi voi olla sameaa. Työ TY-2026-{small}."),
    ("häiriö", "Putkirikko korjattu, osoite {street}. Kiitos kärsivällisyydestä!"),
    ("mittarinvaihto", "Mittarinne {meter} vaihdetaan {day}. Asentaja soittaa ennen tuloa."),
    ("laskutus", "Tasauslaskunne on tulossa, summa noin {small},50 €. Kiitos lukemasta."),
)
# Numbers that look personal but are not: orders, meters, dates, amounts, postal codes, properties.
NOTES = (
    "Mittari {meter} kellarissa, avain naapurilla.",
    "Tilaus {small}-{meter} toimitettu {day}; kuitattu.",
    "Laskut lähetetään osoitteeseen {street} 2, 61800 Kauhajoki.",
    "Sovittu maksuerät 3 × {small},00 € – seuranta {day}.",
    "Kiinteistö 232-401-12-{small}, sulku tontin rajalla ’vanha kaivo’.",
    "Koira pihalla; soita ovikelloa. Työ TY-2026-{small}.",
)
CLAIMS = (
    "Asiakas pitää laskua liian suurena; mittari {meter} luettiin {day}.",
    'Vesi "ruskeaa" kolmatta päivää; näyte otettu {day}, tulos {small} yks.',
    "Putkirikko tontilla.{break}Korjattu {day}; hyvitys {small},00 €.",
    "Viemäri tukossa; tilaus TY-2026-{small}.{break}{break}Asentaja kävi, ei huomautettavaa.",
    "Katko kesti pitkään – asiakas vaatii hinnanalennusta {small} €.",
)
