"""One person, everything: who is asking, what is held of them, and the package that answers.

    with subject.at(home, expectations) as place:
        subject.candidates(place, "Virtanen Matti")     people, masked
        subject.records(place, "1000123")               everything held of one of them, values masked
        subject.offers(place, "1000123")                what may be theirs too, and is not included
        subject.offer(place, "messages/V7", "1000123")  one of these, masked, and how it compares
        subject.package(place, "1000123", folder)       the answer: records, certificate, letter
        subject.links(place), subject.duplicates(place) records and people that may belong together
        subject.decide(place, left, right, "yes")       the officer's answer, kept
        subject.to_label(place), subject.labelled(place) how good the links are, by the officer's eye
        subject.requests(place)                         open requests with their last day

Every one of these is written to the log (`pipelines.person.log`) before it gives anything back. Tables are pandas
DataFrames. Which column is what comes from the contracts and from `access:` of controller.yaml alone.
"""

from pipelines.person.desk import (
    candidates,
    decide,
    duplicates,
    label,
    labelled,
    links,
    offer,
    offers,
    package,
    records,
    requests,
    reveal,
    to_label,
)
from pipelines.person.log import verify as verify_log
from pipelines.person.place import Place, at

__all__ = [
    "Place",
    "at",
    "candidates",
    "decide",
    "duplicates",
    "label",
    "labelled",
    "links",
    "offer",
    "offers",
    "package",
    "records",
    "requests",
    "reveal",
    "to_label",
    "verify_log",
]
