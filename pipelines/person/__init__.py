"""One person, everything: who is asking, what data there is on them, and the package that answers.

    with subject.at(home, expectations) as place:
        subject.candidates(place, "Virtanen Matti")     people, masked
        subject.records(place, "1000123")               everything on one of them, values masked
        subject.offers(place, "1000123")                what may also be theirs, and is not included
        subject.offer(place, "messages/V7", "1000123")  one of these, masked, and how it compares
        subject.package(place, "1000123", folder)       the answer: records, certificate, letter
        subject.preview(place, "1000123", why="…")      the letter of that answer, as it would go out now
        subject.redactions(place, "1000123")            what waits for a word before it goes out, and
        subject.redact_field(place, "1000123", "holds/H1", "reason", "release", why="…")   that word, kept
        subject.links(place), subject.duplicates(place) records and people that may belong together
        subject.decide(place, left, right, "yes")       stores the officer's answer
        subject.to_label(place), subject.labelled(place) how good the links are, in the officer's judgement
        subject.requests(place)                         open requests with their last day

Each of these is written to the log (`pipelines.person.log`) before it returns anything. Tables are pandas DataFrames. The
meaning of columns comes only from the contracts and from `access:` in controller.yaml.

For other rooms:

    anchor       how long the log was when something left the workbench
    headers      the headers of undeclared columns
    holding      the data on one person
    log          the log of look-ups
    looks        the log as rows
    redact       other people's data
    register     the register of requests
    unknown      the message for a person or thing that does not exist

Within the room:

    asked        the officer's requests, logged before they are answered
    place        an opened period, a connection, and what may be seen
    attributes   personal attributes of the controller's own records
    ways         how a record's keys lead to a person
    persons      which numbers and records are one person
    search       who a query may mean
    found        which records belong to a person
    items        a record found, and one only offered
    offered      what is offered and not included
    linkage      who may be whom, without a common key
    model        the weight of agreements
    likeness     what agrees and what contradicts
    namecheck    whether a name can be the person's
    labels       how good the links are
    decisions    the officer's answers on links
    reasons      why a record belongs to somebody
    spots        the fields that wait for the officer's word
    redactions   what the officer asks of them, and says
    mask         values made unreadable
    packing      the access package
    letter       its letter
    letterhead   sender and addressee, what the letter lacks, who signs
    wording      the letter's sentences
    pdf          the letter as PDF
    word_file    the letter as DOCX
    certificate  what was searched, and what could not be
    certificate_page  the same for people
    settings     `access:` of controller.yaml
    seal         the key that seals the log
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
from pipelines.person.letter import Letter
from pipelines.person.log import verify as verify_log
from pipelines.person.packing import Package
from pipelines.person.place import Place, at
from pipelines.person.redactions import preview, redact_field, redactions

__all__ = [
    "Letter",
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
    "preview",
    "records",
    "redact_field",
    "redactions",
    "requests",
    "reveal",
    "to_label",
    "verify_log",
]
