"""Presidio's own recogniser of Finnish identity codes over texts: `presidio_text.py TEXTS.json`. No language model is loaded."""

import json
import sys
import time
from pathlib import Path

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import FiPersonalIdentityCodeRecognizer

ENTITY = "FI_PERSONAL_IDENTITY_CODE"


class Blank(SpacyNlpEngine):
    """spaCy's Finnish tokeniser alone."""

    def __init__(self) -> None:
        super().__init__()
        self.nlp = {"fi": spacy.blank("fi")}

    def load(self) -> None:
        pass

    def is_loaded(self) -> bool:
        return True


registry = RecognizerRegistry(supported_languages=["fi"])
registry.add_recognizer(FiPersonalIdentityCodeRecognizer(supported_language="fi"))
engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["fi"])
texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
started = time.perf_counter()
hits = [bool(engine.analyze(text, language="fi", entities=[ENTITY], score_threshold=0.5)) for text in texts]
print(json.dumps({"seconds": time.perf_counter() - started, "hits": hits}))
