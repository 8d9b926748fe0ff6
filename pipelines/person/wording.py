"""The letter's words: the product's sentences, translated by the catalogue, and the controller's in `access.words`."""

from __future__ import annotations

import datetime as dt
import re

from pipelines.expectations.span import Period, parse_period
from pipelines.language.languages import N_, text_in
from pipelines.language.languages import language as language_of
from pipelines.person.place import Place

# The letter's sentences by name: a reason or a redaction is stored by its name, and translated later.
SENTENCES = {
    "title": N_("Answer to your request for access to your personal data"),
    "intro": N_(
        "You asked what personal data {controller} holds on you. This letter and the files with it answer that"
        " (GDPR art. 15)."
    ),
    "date": N_("Date"),
    "business_id": N_("Business ID"),
    "officer": N_("Data protection officer"),
    "draft": N_("Draft: not to be sent yet"),
    "lacks": N_("to be completed before sending: {what}"),
    "lacks_address": N_("the controller's address"),
    "lacks_business_id": N_("the controller's business ID"),
    "lacks_officer": N_("the contact details of the data protection officer"),
    "lacks_contact": N_("whom to ask"),
    "lacks_basis": N_("on what basis the data is processed"),
    "lacks_authority": N_("the supervisory authority and its address"),
    "lacks_automated": N_("whether decisions are made by automated means"),
    "lacks_transfers": N_("whether data goes to countries outside the EU and the EEA, and under what safeguards"),
    "lacks_signed_by": N_("who signs"),
    "lacks_decisions": N_("places of the data that wait for a decision: {count}"),
    "complaint_title": N_("Your right to complain"),
    "automated": N_("Automated decisions and profiling"),
    "transfers": N_("Transfers outside the EU and the EEA"),
    "greeting": N_("Yours sincerely,"),
    "field": N_("Item"),
    "content": N_("What we hold"),
    "as_of": N_("The data is as the registers stood on {as_of}."),
    "number": N_("Customer number"),
    "request": N_("Request"),
    "purposes": N_("What we use the data for, and on what basis"),
    "basis": N_("We process it on the basis of {basis}."),
    "categories": N_("What kinds of data"),
    "recipients": N_("Who receives it"),
    "disclosed": N_("given on {day} to {recipient}: {what}"),
    "processor": N_("{name} (processor): {what}"),
    "sources": N_("Where the data comes from"),
    "source": N_("Your contact data: {source}."),
    "no_source": N_("We have no record of where your contact data comes from."),
    "retention": N_("How long we keep it"),
    "until": N_("until {day} ({why})"),
    "overdue": N_("its last day was {day} ({why}); it is to be erased"),
    "held": N_("kept for a legal hold"),
    "running": N_("no last day yet: {why}"),
    "unknown": N_("its last day cannot be told: the date that it is counted from is missing"),
    "no_criterion": N_("no period has been decided yet ({why})"),
    "no_class": N_("no period has been decided yet"),
    "because": N_("{title}: {period}, {mandate}"),
    "event": N_("the event that starts the period has not happened"),
    "rights": N_("Your rights"),
    "rights_text": N_(
        "You may ask us to correct wrong data, to erase data that is no longer needed, to restrict its use, and,"
        " where it rests on our legitimate interest, object to its use. Where it rests on your consent, you may"
        " withdraw that at any time. The file portable.json holds what you gave us under consent or contract, in a"
        " form that other programs read (art. 20)."
    ),
    "complaint": N_(
        "If you think that we use your data wrongly, you may complain to the supervisory authority: {authority}."
    ),
    "ask": N_("Ask us: {contact}."),
    "copy": N_("The data itself"),
    "redacted": N_(
        "Where it says [redacted], the record holds data on somebody else, the reason of a legal hold, or text that is not given out."
    ),
    "waiting": N_("Waiting for our decision, and so not in this copy yet, is the content of fields: {count}."),
    "offered": N_(
        "{count} more records may be yours, but it is not certain enough to send them. We will check them if you ask."
    ),
    "unsearched": N_("What could not be searched"),
    "match": N_("why it is yours"),
    "certificate": N_("Certificate of a search for the personal data of one person"),
    "c_intro": N_(
        "What was looked through to answer the request of customer {number} of {controller} (GDPR art. 15), what was found, and"
        " what was not given out. The same is in certificate.json for programs."
    ),
    "c_when": N_("Searched on {day} by {name}, in the registers as they stood on {as_of}."),
    "c_method": N_("How it was searched"),
    "c_searched": N_("What was searched"),
    "c_dataset": N_("{dataset}: rows {rows}, of these the person's {records}"),
    "c_same": N_("Numbers and records of the same person"),
    "c_offers": N_("What may be the person's, and was left out"),
    "c_decided": N_("What was decided on records offered"),
    "c_yes": N_("{member}: the person's"),
    "c_no": N_("{member}: not the person's"),
    "c_redacted": N_("What was taken out"),
    "c_released": N_("What was decided on other people's data, reasons of holds and free text"),
    "c_waiting": N_("What waits for a decision"),
    "c_read": N_("Free text that somebody must read before the answer is sent"),
    "c_release": N_("goes out as it stands"),
    "c_redact": N_("goes out without what was found in it"),
    "c_withhold": N_("does not go out"),
    "c_files": N_("Files of the answer, with their SHA-256 sums"),
    "c_log": N_("Entry {entry} of the log of look-ups, seal {hash}."),
    "c_none": N_("Nothing."),
    "yes_": N_("yes"),
    "no_": N_("no"),
    "not_feed": N_("{system}: {dataset}: its export is missing from this period"),
    "not_empty": N_("{system}: {dataset}: its export came without a single row, although there were rows before"),
    "not_letters": N_(
        "{system}: {dataset}: its export is in another encoding ({encoding}) than agreed, so names and addresses"
        " in it could not be searched for"
    ),
    "not_column": N_("{system}: {dataset}: column {column} is missing"),
    "not_shared": N_("{system}: {dataset}: whose each row is cannot be told in this period"),
    "not_clear": N_(
        "{system}: {dataset}: rows of which nothing says whether they are ours or another company's: {count}; of"
        " these only those with the customer number were looked at"
    ),
    "not_rejected": N_(
        "{system}: {dataset}: rows that could not be read: {count}, of them with the customer number: {mine}"
    ),
    "not_undeclared": N_("{system}: {dataset}: column {column} is not declared and was not read"),
    "not_text": N_(
        "{system}: {dataset}: what {column} says of other people's customers is free text, which is not searched"
    ),
    "match_own": N_("own record: {key} {number}"),
    "match_names": N_("names {key} {number}"),
    "match_through": N_("names {via} of {dataset}, which is of {key} {number}"),
    "match_named_by": N_("named by {via} of {dataset}, which is of {key} {number}"),
    "match_also": N_("{match} ({reason})"),
    "match_value": N_("no number, but the person's {kind}, which nobody else has"),
    "match_shared_value": N_("no number, but the person's {kind}, which others have too"),
    "member_asked": N_("asked for"),
    "member_confirmed": N_("confirmed by the officer"),
    "member_same_key": N_("same valid {field} as {number}"),
    "mark_code": N_("redacted: an identity code"),
    "mark_name": N_("redacted: another person's name"),
    "mark_data": N_("redacted: another person's data"),
    "mark_email": N_("redacted: an email address"),
    "mark_account": N_("redacted: a bank account"),
    "mark_phone": N_("redacted: a phone number"),
    "mark_waiting": N_("redacted: not decided yet"),
    "mark_withheld": N_("redacted: withheld"),
}


def say(language: str, key: str, /, **values: object) -> str:
    """A sentence of the letter. Values are inserted literally: a brace in one stays a brace."""
    return language_of(language).gettext(SENTENCES[key]).format(**values)


def term(language: str, key: str) -> str:
    """A purpose or category in words for the person."""
    return language_of(language).term(key, "letter")


def kind(language: str, key: str) -> str:
    """A kind of data that can belong to one person alone, in the singular, as used in a sentence."""
    speech = language_of(language)
    found = speech.pgettext("term, one of them", key)
    return found if found != key else term(language, key)


def local(place: Place, language: str, text: str) -> str:
    """The controller's own word in a language; unchanged if it has none."""
    return place.access.words.get(language, {}).get(text, text)


def of(texts: dict[str, str], language: str) -> str:
    """A text that the controller gives by language; in English, or any other, if this one is missing."""
    return text_in(texts, language)


def day(date: dt.date) -> str:
    """d.m.yyyy, as all three languages write it here."""
    return f"{date.day}.{date.month}.{date.year}"


def moment(text: str) -> str:
    """An ISO day, month or point in time as all three languages write it here; unchanged if it is none of these."""
    found = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d)(?: (\d\d):(\d\d))?)?", text)
    if not found:
        return text
    year, month, number, hour, minute = found.groups()
    if not number:
        return f"{int(month)}/{year}"
    return f"{int(number)}.{int(month)}.{year}" + (f" {int(hour)}.{minute}" if hour else "")


def period(language: str, text: str) -> str:
    """6 years, 12 months: in the schedule's own unit."""
    length, speech = parse_period(text) or Period(text, 0, 0), language_of(language)
    if text.endswith("Y"):
        return speech.period(length.months)
    months = speech.months(length.months) if length.months else ""
    return " ".join(part for part in (months, speech.period(0, length.days)) if part)


def kept(place: Place, language: str, retention: dict) -> str:
    """Until when a record is kept and why, from its row of `registry.retention`."""
    if not retention:
        return say(language, "no_class")
    classes = {c.id: c for c in (*place.expectations.schedule.classes, place.expectations.schedule.subject) if c}
    own = classes[retention["class"]]
    match retention["state"]:
        case "active" | "due":
            setter = classes.get(retention["set_by_class"], own)
            why = say(
                language,
                "because",
                title=local(place, language, setter.title),
                period=period(language, setter.period.text if setter.period else ""),
                mandate=local(place, language, setter.mandate),
            )
            return say(
                language,
                "until" if retention["state"] == "active" else "overdue",
                day=day(retention["last_day"]),
                why=why,
            )
        case "held":
            return say(language, "held")
        case "trigger missing":
            return say(language, "unknown")
        case "not running":
            because = retention["set_by_key"]
            named = because if because and because != retention["record_key"] else ""
            return say(language, "running", why=local(place, language, named) if named else say(language, "event"))
        case _:
            return say(language, "no_criterion", why=local(place, language, own.mandate))
