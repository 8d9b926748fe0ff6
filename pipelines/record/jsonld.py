"""The record of processing activities as JSON-LD in terms of the W3C Data Privacy Vocabulary (DPV 2.3).

`data/ropa_shapes.ttl` says in SHACL what such a record must have.
"""

from __future__ import annotations

from pipelines.language.languages import text_in
from pipelines.language.vocabulary import PREFIXES


def jsonld(record: dict) -> dict:
    """The document. Identifiers are URNs of the period, so that records of two periods fit in one graph."""
    base = f"urn:rekisterivahti:record:{record['period']}"
    controller = {"@id": f"{base}:controller", "@type": "dpv:DataController", "dpv:hasName": record["controller"]}
    if record["contact"]:
        controller["dpv:hasContact"] = text_in(record["contact"], "en")
    if record["officer"]:
        controller["dpv:hasDataProtectionOfficer"] = {
            "@id": f"{base}:officer",
            "@type": "dpv:DataProtectionOfficer",
            "dpv:hasName": _labels(record["officer"]),
        }
    classes = {each["class"]: each for each in record["erasure"]}
    processors = [
        {"@id": f"{base}:processor:{number}", "@type": "dpv:DataProcessor", "dpv:hasName": each["supplier"]}
        for number, each in enumerate(record["processors"], 1)
        if each["observed"] is not False
    ]
    measures = [
        {"@id": f"{base}:measure:{number}", "@type": each["term"], "rdfs:label": _labels(each["name"])}
        for number, each in enumerate(record["measures"], 1)
    ]
    return {
        "@context": PREFIXES,
        "@id": base,
        "@type": "dpv:DataProcessingRecord",
        "dct:title": _labels(
            {
                "en": "Record of processing activities",
                "fi": "Seloste käsittelytoimista",
                "sv": "Register över behandling",
            }
        ),
        "dct:date": {"@value": record["period"], "@type": "xsd:date"},
        "dpv:hasDataController": controller,
        "dpv:hasDataProcessor": processors,
        "dpv:hasTechnicalOrganisationalMeasure": measures,
        "dpv:hasProcess": [_process(base, each, classes, record["systems"]) for each in record["activities"]],
    }


def _process(base: str, activity: dict, classes: dict[str, dict], systems: dict[str, str]) -> dict:
    name = activity["purpose"].split(":")[1]
    return {
        "@id": f"{base}:process:{name}",
        "@type": "dpv:Process",
        "dpv:hasDataController": {"@id": f"{base}:controller"},
        "dpv:hasPurpose": _terms([activity["purpose"]]),
        "dpv:hasLegalBasis": _terms(activity["legal_bases"]),
        "dpv:hasDataSubject": _terms(activity["subjects"]),
        "dpv:hasPersonalData": _terms(activity["categories"]),
        "dpv:hasRecipient": [
            {"@id": f"{base}:recipient:{name}:{number}", "@type": "dpv:Recipient", "rdfs:label": _labels(each)}
            for number, each in enumerate(activity["recipients"], 1)
        ],
        "dpv:hasStorageCondition": [_storage(base, classes[id]) for id in activity["erasure"]],
        "dpv:isImplementedUsingTechnology": [
            {"@id": f"{base}:system:{id}", "@type": "dpv:Technology", "rdfs:label": systems[id]}
            for id in activity["systems"]
        ],
    }


def _storage(base: str, cls: dict) -> dict:
    """A class of the disposal schedule; without a period its duration is indeterminate, as the shapes require."""
    duration: dict[str, object] = {"@id": f"{base}:duration:{cls['class']}"}
    if cls["period"]:
        duration |= {"@type": "dpv:TemporalDuration", "rdfs:label": {"@value": cls["period"], "@type": "xsd:duration"}}
    else:
        duration |= {"@type": "dpv:IndeterminateDuration", "rdfs:label": "until further notice"}
    return {
        "@id": f"{base}:storage:{cls['class']}",
        "@type": "dpv:StorageDuration",
        "dct:title": cls["title"],
        "dct:description": cls["mandate"],
        "dpv:hasDuration": duration,
    }


def _terms(terms: list[str]) -> list[dict]:
    return [{"@id": term} for term in terms]


def _labels(words: dict[str, str]) -> list[dict]:
    return [{"@value": text, "@language": language} for language, text in words.items()]
