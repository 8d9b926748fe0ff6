"""The encoding a file seems to have, if it is not the one in its contract.

The contract decides how a file is read; this only reports when that cannot be right. It looks at a quarter of a megabyte of
every piece, from its first non-ASCII byte on: a few words are enough to tell single-byte encodings and UTF-8 apart.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, field

# How the reason in `feed.files` begins for a file refused because of its encoding.
REFUSED = "seems to be "
SAMPLE_BYTES = 2**18
HEAD_BYTES = 2**12
# Names as contracts write them, by the codec's own name.
NAMES = {"cp1252": "windows-1252", "iso8859-1": "iso-8859-1"}
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
HIGH_BYTES = bytes(range(0x80, 0x100))
UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
UNKNOWN_TO_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Byte order marks; UTF-32's come first, because UTF-16's are their beginning.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# Non-ASCII letters stand alone in languages of Latin script, and side by side in others.
SIDE_BY_SIDE = 0.6
FEWEST_LETTERS = 8


def codec(name: str) -> str:
    """One name for all names of an encoding; LookupError for one that Python does not have."""
    return codecs.lookup(name).name


@dataclass
class Seen:
    """What was seen of a file's bytes: its beginning, valid UTF-8 letters, invalid bytes, and a sample."""

    head: bytes = b""
    whole: int = 0
    broken: int = 0
    unknown_to_1252: bool = False
    sample: bytes = field(default=b"", repr=False)

    def look(self, piece: bytes) -> None:
        """Adds one piece."""
        self.head = self.head or piece[:HEAD_BYTES]
        first = BEYOND_ASCII.search(piece)
        if not first:
            return
        sample = piece[first.start() : first.start() + SAMPLE_BYTES]
        self.sample = self.sample or sample
        letters = UTF_8.findall(sample)
        high = len(sample) - len(sample.translate(None, HIGH_BYTES))
        self.whole += len(letters)
        self.broken += max(high - sum(map(len, letters)) - 3 * (len(sample) == SAMPLE_BYTES), 0)
        self.unknown_to_1252 |= bool(UNKNOWN_TO_1252.search(sample))


def wide(head: bytes) -> str:
    """`utf-16` or `utf-32` for a beginning in either, with its byte order if there is no mark; '' otherwise."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    nuls = [head[place::4].count(0) / max(len(head[place::4]), 1) for place in range(4)]
    most = [share > 0.4 for share in nuls]
    forms: dict[tuple[bool, ...], str] = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    return forms.get(tuple(most), "")


def judged(seen: Seen, contract: str) -> tuple[str, bool]:
    """(the encoding that a file seems to have, whether it must be refused): ('', False) if nothing contradicts the
    contract's. Files are refused if their rows could not be told apart: other character widths, other scripts."""
    own, found = codec(contract), wide(seen.head)
    if own.startswith(("utf-16", "utf-32")):
        return _judged_wide(seen, own, found)
    if found:
        return found, True
    if not (seen.whole or seen.broken) or not _holds_ascii(own):
        return "", False
    if own == "utf-8":
        if seen.broken <= seen.whole:
            return "", False
        other = _other_script(seen.sample, own)
        if other or seen.unknown_to_1252:
            return other, bool(other)
        return "windows-1252", False
    if seen.whole > seen.broken:
        # Valid UTF-8 may be a coincidence if the contract's encoding has two-byte letters too.
        return ("utf-8", False) if _is_of_one_byte(own) else ("", False)
    other = _other_script(seen.sample, own)
    return other, bool(other)


def _judged_wide(seen: Seen, own: str, found: str) -> tuple[str, bool]:
    if found:
        return ("", False) if found.startswith(own[:6]) else (found, True)
    text = seen.head[: len(seen.head) // 4 * 4].decode(own, errors="replace")
    if not seen.head or "\n" in text or "\r" in text:
        return "", False
    return "utf-8" if not seen.broken else "windows-1252", True


def _holds_ascii(own: str) -> bool:
    return b"0123;aZ".decode(own, errors="replace") == "0123;aZ"


def _is_of_one_byte(own: str) -> bool:
    return len(bytes(range(256)).decode(own, errors="replace")) == 256


def _other_script(sample: bytes, own: str) -> str:
    """The encoding of another script that the bytes seem to be in; '' for Latin script, which most registers here use."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    letters = sum(map(len, runs))
    together = sum(len(run) for run in runs if len(set(run)) > 1)  # a doubled vowel, as in Finnish, is Latin script
    if letters < FEWEST_LETTERS or together < SIDE_BY_SIDE * letters:
        return ""
    found = _guess(sample)
    if not found or own in found or _is_latin(sample, found[0]):
        return ""
    return NAMES.get(found[0].replace("_", "-"), found[0])


def _is_latin(sample: bytes, encoding: str) -> bool:
    """Whether most non-ASCII letters are Latin ones in an encoding: then the contract's reads them as well."""
    letters = [letter for letter in sample.decode(encoding, errors="ignore") if ord(letter) > 127 and letter.isalpha()]
    return 2 * sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) >= len(letters)


def _guess(sample: bytes) -> list[str]:
    """Encodings by likelihood, each with its equivalents."""
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:65536]).best()
    return [codec(name) for name in (best.encoding, *best.could_be_from_charset)] if best else []
