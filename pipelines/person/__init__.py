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

For other rooms:

    anchor       how far the log had come when something left the workbench
    headers      what headers of undeclared columns say
    holding      what is held of one person
    log          the log of look-ups
    looks        the log as rows
    register     the register of requests
    unknown      the message for someone or something that is not there

Within the room:

    asked        what the officer asks for, logged before it is answered
    place        an opened period, a connection, and who may see what
    attributes   personal attributes of the controller's own records
    ways         how a record's keys lead to a person
    persons      which numbers and records are one person
    search       who a query may mean
    found        which records are a person's
    offered      what is offered and not included
    linkage      who may be whom, where no key says so
    model        what agreement is worth
    likeness     what agrees and what contradicts
    namecheck    whether a name can be the person's
    labels       how good the links are
    decisions    the officer's answers on links
    reasons      why a record is somebody's
    redact       other people's data
    mask         values without what they say
    packing      the access package
    letter       its letter
    letterhead   who writes to whom, what the letter lacks, who signs
    wording      the letter's words
    pdf          the letter as PDF
    word_file    the letter as DOCX
    certificate  what was searched, and what could not be
    settings     `access:` of controller.yaml
    seal         what the log is sealed with
"""

from pipelines.person.asked import (
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
from pipelines.person.packing import Package
from pipelines.person.place import Place, at

__all__ = [
    "Package",
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
