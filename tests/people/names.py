"""Words that the made-up people are named with."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words(
    "Aino Helmi Liisa Kaarina Anneli Päivi Sari Hanna Laura Tyyne Marjatta Kerttu Siiri Venla Lempi Johanna Hillevi"
    " Riikka Mirja Raili Annukka Marja Maija Kirsti Eeva Tuulikki Helena Sofia Eila Saara Åsa Märta"
)
MEN = _words(
    "Eero Väinö Matti Tapio Juhani Pekka Jukka Antti Mikko Urho Seppo Eino Onni Elias Toivo Ilmari Sampsa Tuomas Jyrki"
    " Pentti Veikko Heikki Kari Jarmo Jarno Olavi Kalevi Antero Lauri Aarne Göran Björn"
)
# Call names, and the given names that they stand for.
CALL_NAMES = {
    "Marjatta": "Maikki", "Helena": "Leena", "Johanna": "Hanna", "Kaarina": "Kaija", "Juhani": "Jussi",
    "Antti": "Antsa", "Heikki": "Heka", "Tuomas": "Tomi", "Mikko": "Miksu", "Pekka": "Pekko", "Sofia": "Sohvi",
    "Lauri": "Lassi",
}  # fmt: skip
SURNAMES = tuple(
    first + second
    for first in _words("Kivi Honka Lehto Pelto Mäki Järvi Koski Niitty Harju Salo Ranta Kallio Suo Niemi Vuori Korpi")
    for second in _words("nen la maa saari virta luoma aho oja viita kangas")
)
STREETS = _words(
    "Topeekantie Puistotie Kauppatie Rantatie Opistontie Koulutie Hakatie Mäntytie Koivukuja Lähdetie Harjutie Sahantie"
    " Myllytie Hyypäntie Töyräntie Rengonkuja Kirkkotie Åkerintie"
)
POSTAL_CODES = ("61800", "61801", "61810", "61820", "61850", "61860")
CITY = "KAUHAJOKI"
