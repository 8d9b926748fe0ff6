"""Presidio's own recognisers over texts: `presidio_text.py CODES.json PROSE.json`. No language model is loaded.

Three ways: the recogniser of Finnish identity codes in the whole engine, over the codes; over the prose the recognisers of four
kinds (identity code, account, email address, phone number), in the whole engine and alone, without its tokens and contexts.
"""

import json
import sys
import time
from pathlib import Path

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    EmailRecognizer,
    FiPersonalIdentityCodeRecognizer,
    IbanRecognizer,
    PhoneRecognizer,
)

CODE = "FI_PERSONAL_IDENTITY_CODE"
LEAST = 0.4  # a phone number without a word for one before it has as much


class Blank(SpacyNlpEngine):
    """spaCy's Finnish tokeniser alone."""

    def __init__(self) -> None:
        super().__init__()
        self.nlp = {"fi": spacy.blank("fi")}

    def load(self) -> None:
        pass

    def is_loaded(self) -> bool:
        return True


def read(path: str) -> list[str]:
    """The texts of a file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def measured(judge, texts: list[str]) -> dict:
    """Seconds of all texts, and which were hit."""
    started = time.perf_counter()
    hits = [bool(judge(text)) for text in texts]
    return {"seconds": time.perf_counter() - started, "hits": hits}


recognisers = [
    FiPersonalIdentityCodeRecognizer(supported_language="fi"),
    IbanRecognizer(supported_language="fi"),
    EmailRecognizer(supported_language="fi"),
    PhoneRecognizer(supported_language="fi", supported_regions=("FI",)),
]
kinds = [recogniser.supported_entities[0] for recogniser in recognisers]
registry = RecognizerRegistry(supported_languages=["fi"], recognizers=recognisers)
engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["fi"])


def alone(text: str) -> list:
    """What the recognisers find, one after the other."""
    return [
        each for one in recognisers for each in one.analyze(text, one.supported_entities, None) if each.score >= LEAST
    ]


def whole(entities: list[str], least: float):
    """What the engine finds of these kinds."""
    return lambda text: engine.analyze(text, language="fi", entities=entities, score_threshold=least)


codes, prose = map(read, sys.argv[1:])
print(
    json.dumps(
        {
            "one kind": measured(whole([CODE], 0.5), codes),
            "engine": measured(whole(kinds, LEAST), prose),
            "recognisers": measured(alone, prose),
        }
    )
)
