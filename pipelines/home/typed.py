"""Typed keys. A random key, 64 hexadecimal digits, is used unchanged; any other is stretched with scrypt and the
home's salt, so that each guess costs the holder of a copied home half a second and 128 MB.

Parameters: N = 2^17, r = 8, p = 1, the first choice in OWASP's Password Storage Cheat Sheet; 32 bytes result.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

from pipelines.errors import HomeError, NoMemoryError

N, R, P, BYTES = 2**17, 8, 1, 32
# The least of a typed key: characters, distinct characters, and characters that do not merely continue a sequence
# ("aaaa", "1234").
LEAST_LENGTH, LEAST_DIFFERENT, LEAST_STEPS = 16, 8, 10
# And the least number of guesses, as a power of ten, by zxcvbn's estimate: at half a second each, 10^15 take a thousand
# machines 16,000 years. Six random words have 10^20 and more. zxcvbn has English words, names and common passwords; ours
# are Finnish and Swedish. It reads at most 72 characters: the rest can only add to the count.
LEAST_GUESSES, MOST_READ = 15, 72
LISTS = ("words-fi.txt", "words-sv.txt")
BETTER = "take six words picked at random, or 64 random hexadecimal digits: openssl rand -hex 32"


def is_random(text: str) -> bool:
    """Whether it looks like a random key."""
    return re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None and not _hopeless(text)


def weakness(text: str) -> str:
    """Why it is too easily guessed; '' if it is strong enough."""
    if is_random(text):
        return ""
    few = _hopeless(text)
    return few or ("is made of words, names or patterns that are tried first" if _guesses(text) < LEAST_GUESSES else "")


def _hopeless(text: str) -> str:
    """The weaknesses that need no dictionary."""
    steps = sum(abs(ord(one) - ord(other)) > 1 for one, other in zip(text, text[1:], strict=False))
    if len(text) < LEAST_LENGTH:
        return f"has {len(text)} characters of at least {LEAST_LENGTH}"
    if len(set(text.casefold())) < LEAST_DIFFERENT or steps < LEAST_STEPS or text in (text + text)[1:-1]:
        return "says the same again and again"
    return ""


def _guesses(text: str) -> float:
    """The guesses needed, as a power of ten. Characters between words, and dots over letters, add nothing."""
    from zxcvbn import zxcvbn

    joined = re.sub(r"[\s._-]+", "", _plain(text))
    return math.log10(zxcvbn(joined[:MOST_READ], user_inputs=list(_words()))["guesses"]) if joined else 0


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    """Finnish and Swedish words, most frequent first, as from `_plain`."""
    texts = [files("pipelines").joinpath("home", "data", name).read_text("utf-8").splitlines() for name in LISTS]
    lists = [[_plain(line) for line in lines if not line.startswith("#")] for lines in texts]
    return tuple(dict.fromkeys(word for pair in zip(*lists, strict=True) for word in pair))


def _plain(text: str) -> str:
    """Lower case without diacritics: `ä` is `a`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def demand_strength(text: str, name: str) -> None:
    """HomeError if a key is too easily guessed for a home. `name`: of the variable that holds it."""
    problem = weakness(text)
    if problem:
        raise HomeError(f"the key in {name} is too easily guessed: it {problem}", remedy=BETTER)


def opener(text: str, salt: str) -> str:
    """The key that databases are opened with."""
    return text if is_random(text) else _stretched(text, salt)


@lru_cache(maxsize=4)
def _stretched(text: str, salt: str) -> str:
    """Cached per process: it is slow on purpose. Unicode-normalised, however a keyboard composes the letters."""
    try:
        salted = bytes.fromhex(salt)
    except ValueError:
        raise HomeError("the salt in home.json is damaged", remedy="restore home.json from a backup") from None
    letters = unicodedata.normalize("NFKC", text).encode("utf-8", "surrogateescape")
    try:
        made = hashlib.scrypt(letters, salt=salted, n=N, r=R, p=P, dklen=BYTES, maxmem=256 * N * R)
    except (MemoryError, ValueError):
        raise NoMemoryError("a typed key wants 128 MB of memory to open the home", remedy="give it more") from None
    return made.hex()
