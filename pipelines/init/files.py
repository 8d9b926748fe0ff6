"""What files there are to begin with, and how each is laid out: encoding, delimiter, quote, where the headers stand.

Looked at are the bytes of the whole file for its encoding, and its beginning for the rest. The delimiter is counted in the
headers: guesses by all lines go wrong where cells hold commas and lines are broken.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import ExportsError
from pipelines.expectations.contract import Contract
from pipelines.landing import apart, encodings, lines, periods
from pipelines.landing.seeming import cells

TEXTS = (".csv", ".txt", ".tsv", ".tab")
# Files that are no text but rows, with the kind that their contract names.
ROWS = {".xlsx": "xlsx", ".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl"}
DELIMITERS = ";,\t|:~^"
# What the evidence calls letters that tell encodings apart.
BEYOND = "letters beyond ASCII"
# So much more than the usual encoding must another be like a language.
LEAST_BETTER = 0.2
HEAD_BYTES, MOST_LINES, FIRST_LINES = 2**20, 400, 25
# Encodings of one byte a letter, the likeliest first, with the letters beyond ASCII that their languages write.
WESTERN = "äöåéèêëàâîïôûüùçñáíóúßæøœÿãõìò"
LETTERS = {
    "windows-1252": WESTERN, "windows-1250": "ąćęłńóśźżáčďéěíňřšťúůýžőűäöüôľĺŕăâîșțşţđ", "windows-1257": "āčēģīķļņšūžąęėįųõäöüåéø",
    "iso-8859-2": "ąćęłńóśźżáčďéěíňřšťúůýžőűäöüôľĺŕăâîşţđ", "iso-8859-15": WESTERN + "šž", "cp850": WESTERN, "mac_roman": WESTERN,
    "windows-1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ", "windows-1253": "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώςϊϋ",
}  # fmt: skip
SIGNS = "–—‘’‚“”„…•€£§°«»·´ºª½²³©®\xa0"
# What each country's registers write.
OF_COUNTRY = {
    "PL": "ąćęłńóśźż", "EE": "õäöüšž", "FI": "äöå", "SE": "äöåé", "NO": "æøåéô", "DK": "æøåé", "DE": "äöüß", "NL": "éëïèöü", "IE": "áéíóú",
    "FR": "éèêëàâçîïôûùœ", "ES": "áéíóúñü", "CZ": "áčďéěíňóřšťúůýž", "LV": "āčēģīķļņšūž", "LT": "ąčęėįšųūž", "HU": "áéíóöőúüű",
}  # fmt: skip
DATA_CELL = re.compile(r"[-+]?[\d.,  ]*\d%?|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T].*)?|\S+@\S+\.\S+|\+\d[\d ()-]{5,}")


@dataclass(frozen=True)
class Found:
    """One file and how it is laid out. `headers`: as they stand in it, '' for one that is empty or stands twice, made up
    (`Column 1`) where the file has none.

    `evidence`: numbers that speak for it; `doubts`: what should be asked, as (kind, facts).
    """

    path: Path
    kind: str  # csv, xlsx, parquet or jsonl
    headers: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ";"
    quote: str = '"'
    skip_rows: int = 0
    has_headers: bool = True
    evidence: tuple[tuple[str, int], ...] = ()
    doubts: tuple[str, ...] = ()

    def count(self, what: str) -> int:
        """A number of the evidence."""
        return dict(self.evidence).get(what, 0)


def folders(exports: Path) -> list[Path]:
    """The period folders of an exports folder, oldest first; the folder itself where it holds files and no period."""
    try:
        return [exports / name for name in periods.find(exports)]
    except ExportsError:
        if exports.is_dir() and any(each.suffix.lower() in (*TEXTS, *ROWS) for each in exports.iterdir()):
            return [exports]
        raise


def there(folder: Path) -> tuple[list[Path], list[Path]]:
    """(files that can be read, files that cannot), each by name."""
    every = sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    known = [each for each in every if each.suffix.lower() in (*TEXTS, *ROWS)]
    if not known:
        raise ExportsError("holds no CSV file and no workbook", file=folder, remedy="put one file per table there")
    return known, [each for each in every if each not in known]


def look(path: Path, country: str) -> Found | str:
    """How a file is laid out, or why it cannot be read, in words."""
    try:
        return _rows(path, ROWS[path.suffix.lower()]) if path.suffix.lower() in ROWS else _text(path, country)
    except apart.Unread as end:
        return end.status
    except ExportsError as error:
        return error.problem


def alike(found: list[Found]) -> list[Found]:
    """The files; one without any letter beyond ASCII is in the encoding of the others that are cut alike, where these agree: it may
    have such letters next time."""
    texts = [each for each in found if each.kind == "csv"]
    told = {
        mark: {each.encoding for each in texts if each.delimiter == mark and each.count(BEYOND)} for mark in DELIMITERS
    }
    return [
        replace(each, encoding=next(iter(told[each.delimiter])))
        if each.kind == "csv" and each.encoding == "utf-8" and not each.count(BEYOND) and len(told[each.delimiter]) == 1
        else each
        for each in found
    ]


def _rows(path: Path, kind: str) -> Found | str:
    """A file of rows: its headers are its own, those of a workbook the first row of its first sheet that is not blank."""
    blank = Contract(path, "register", "register", "blank", "", "", path.name, kind, ())
    for is_header, said in apart.rows(lines.Source(path), blank):
        if is_header:
            headers = _without_end([" ".join(str(cell).split()) for cell in said["cells"]])
            return Found(path, kind, _named(headers), evidence=(("columns", len(headers)),), doubts=_doubts(headers))
    return "holds no row"


def _text(path: Path, country: str) -> Found | str:
    seen, head = encodings.Seen(), b""
    with lines.opened(path) as handle:
        while chunk := handle.read(lines.PIECE_BYTES):
            head = head or chunk[:HEAD_BYTES]
            seen.look(chunk)
    if not head.strip():
        return "is empty"
    encoding = encoding_of(seen, country)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head).removeprefix("\ufeff")
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = (rows[:-1] if len(head) == HEAD_BYTES else rows)[:MOST_LINES]
    return _laid_out(path, encoding, rows, seen) if any(row.strip() for row in rows) else "is empty"


def encoding_of(seen: encodings.Seen, country: str) -> str:
    """The encoding that the bytes speak for: UTF-8 wherever it can be, else the one in which they are letters of a language,
    the country's first."""
    if wide := encodings.wide(seen.head):
        return wide
    if seen.whole + seen.broken == 0 or seen.broken <= seen.whole:
        return "utf-8"
    likeness = {name: _likeness(seen.sample, name, country) for name in LETTERS}
    best = max(likeness, key=likeness.__getitem__)
    return best if likeness[best] > likeness["windows-1252"] + LEAST_BETTER else "windows-1252"


def _likeness(sample: bytes, name: str, country: str) -> float:
    """How much the characters beyond ASCII look like a language's in an encoding, from -1 to 1.5: letters beside letters, those of
    the country most; signs little; what no text holds, and a capital amid small letters, against it."""
    text = sample[:65536].decode(name, errors="replace")
    own, usual, points, count = set(OF_COUNTRY.get(country, "")), set(LETTERS[name]), 0.0, 0
    is_latin = name not in ("windows-1251", "windows-1253")
    for match in re.finditer(r"[^\x00-\x7f]", text):
        letter, place = match[0], match.start()
        before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
        count += 1
        if not letter.isalpha():
            points += 0.3 if letter in SIGNS else -1
        elif before.isalpha() or after.isalpha():
            is_odd = letter.isupper() and before.islower() and after.islower()
            is_odd |= (
                is_latin and ord(before or " ") > 127 and ord(after or " ") > 127
            )  # Latin letters with marks stand alone
            points += -1 if is_odd else 1.5 if letter.lower() in own else 1 if letter.lower() in usual else -0.5
    return points / max(count, 1)


def _laid_out(path: Path, encoding: str, rows: list[str], seen: encodings.Seen) -> Found:
    best = max((_as_cut_by(mark, rows) for mark in DELIMITERS), key=lambda cut: cut.rank)
    quote = "'" if best.quoted(rows, "'") > best.quoted(rows, '"') else '"'
    first = _cut(rows[best.line], best.mark, quote)
    headers = _without_end(first)
    is_data = _is_data(headers)
    evidence = (
        ("delimiters in the headers", max(len(first) - 1, 0)),
        ("lines of that width", best.alike),
        ("lines looked at", best.looked),
        (BEYOND, seen.whole + seen.broken),
    )
    doubts = ("headers",) if is_data else _doubts(headers)
    named = tuple(f"Column {place}" for place in range(1, len(first) + 1)) if is_data else _named(headers)
    skipped = best.line if any(row.strip() for row in rows[: best.line]) else 0
    return Found(path, "csv", named, encoding, best.mark, quote, skipped, not is_data, evidence, doubts)


@dataclass(frozen=True)
class Cut:
    """The lines as one delimiter cuts them: where the headers would stand, how many lines have their width."""

    mark: str
    line: int
    width: int
    alike: int
    looked: int
    is_header: bool
    before: int = 0

    @property
    def rank(self) -> tuple:
        """Headers that look like some, in rows of one width, with nothing before them, with the most delimiters."""
        share = self.alike / max(self.looked, 1)
        return (
            self.width > 1 and share >= 0.4,
            self.is_header,
            not self.before,
            self.width if share >= 0.4 else 0,
            share,
        )

    def quoted(self, rows: list[str], quote: str) -> int:
        """Cells that begin and end with a quote."""
        return sum(
            len(part) > 1 and part[0] == part[-1] == quote for row in rows[self.line :] for part in row.split(self.mark)
        )


def _as_cut_by(mark: str, rows: list[str]) -> Cut:
    widths = [len(_cut(row, mark, '"')) if row.strip() else 0 for row in rows]
    filled = [width for width in widths if width]
    usual = Counter(width for width in filled if width > 1).most_common(1)
    if not usual:
        return Cut(mark, next(i for i, width in enumerate(widths) if width), 1, 0, len(filled), True)
    width = usual[0][0]
    places = [i for i, each in enumerate(widths[: FIRST_LINES * 4]) if abs(each - width) <= 1 and each > 1][
        :FIRST_LINES
    ]
    line = places[0] if places else 0
    rest = [each for each in widths[line:] if each]
    looks = _looks_like_headers(_without_end(_cut(rows[line], mark, '"')))
    return Cut(
        mark,
        line,
        widths[line],
        sum(abs(each - width) <= 1 for each in rest),
        len(rest),
        looks,
        sum(bool(width) for width in widths[:line]),
    )


def _cut(row: str, mark: str, quote: str) -> list[str]:
    if quote != '"':
        return [part.strip().strip(quote).strip() for part in row.split(mark)]
    return cells(row, mark)


def _looks_like_headers(texts: list[str]) -> bool:
    named = [text for text in texts if text]
    return bool(named) and 2 * len(named) > len(texts) and not _is_data(texts) and len(set(named)) == len(named)


def _is_data(texts: list[str]) -> bool:
    """Whether the cells are rather a row of data: days, numbers, addresses do not name columns."""
    found = [
        bool(DATA_CELL.fullmatch(text)) and not re.fullmatch(r"\d{1,2}|(?:19|20)\d\d", text) for text in texts if text
    ]
    return not found or any(found)


def _without_end(texts: list[str]) -> list[str]:
    """Without empty cells at the end, which a delimiter too many makes."""
    last = max((place for place, text in enumerate(texts, 1) if text), default=0)
    return texts[:last] or texts[:1]


def _named(texts: list[str]) -> tuple[str, ...]:
    """Each header once: one that stands twice is nothing the second time, as landing has it."""
    single = [" ".join(text.split()) for text in texts]
    return tuple(text if text not in single[:place] else "" for place, text in enumerate(single))


def _doubts(texts: list[str]) -> tuple[str, ...]:
    return tuple(_doubtful(texts))


def _doubtful(texts: list[str]) -> Iterator[str]:
    if any(not text for text in texts):
        yield "empty header"
    if len(set(filter(None, texts))) < len([text for text in texts if text]):
        yield "header twice"
