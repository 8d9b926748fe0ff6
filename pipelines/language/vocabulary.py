"""The terms of the W3C Data Privacy Vocabulary (DPV 2.3) that contracts and the record of processing use: `data/dpv_terms.csv`.

This includes material derived from https://w3id.org/dpv (github.com/w3c/dpv, folder 2.3, modules of dpv, pd and legal/eu/gdpr).
Copyright © 2026 World Wide Web Consortium, https://www.w3.org/copyright/software-license-2023/. Only term, type, label and
kind were taken over.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PREFIXES = {
    "dpv": "https://w3id.org/dpv#", "pd": "https://w3id.org/dpv/pd#", "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip


@dataclass(frozen=True)
class Term:
    """One term. `type`: class or property; `kinds`: what a class is a kind of, such as Purpose or PersonalData."""

    iri: str
    type: str
    label: str
    kinds: tuple[str, ...]


@cache
def terms() -> dict[str, Term]:
    """All shipped terms, by short name such as `dpv:Customer`."""
    with files("pipelines").joinpath("language/data/dpv_terms.csv").open(encoding="utf-8") as stream:
        return {
            row["term"]: Term(row["term"], row["type"], row["label"], tuple(row["kind"].split()))
            for row in csv.DictReader(stream)
        }


def of_kind(term: str, kind: str) -> bool:
    """Whether a term is known and of a kind."""
    return term in terms() and kind in terms()[term].kinds
