"""retention.yaml and notice.yaml, drafted from the answers."""

from __future__ import annotations

from typing import Any

from pipelines.expectations.rule import load_contract_rules
from pipelines.init import own, written
from pipelines.init.answers import Answers
from pipelines.init.survey import Survey
from pipelines.language.languages import N_, Language

# What stands in a schedule until somebody decides.
UNDECIDED, NOBODYS = N_("until the controller decides"), N_("not decided yet")
# The statements of a first notice: what it says, and which rules' findings break it.
STATEMENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("The data that we hold is right and complete."), (
        "required-missing", "invalid-value", "unreadable-value", "duplicate-key", "contact-mismatch", "temporary-identity-code",
    )),
    (N_("Nobody is known in one register who is not known in the register of people."), ("orphan-record", "duplicate-person")),
    (N_("Data is kept no longer than the disposal schedule says, and no shorter than the law wants."), (
        "past-retention", "trigger-missing", "deleted-early", "retention-criterion-missing", "retention-review-overdue",
        "field-not-needed",
    )),
    (N_("Free text holds no identity codes, accounts, addresses or telephone numbers."), ("identifier-in-free-text",)),
    (N_("The registers are exported whole and as agreed, so that all of this can be seen."), (
        "missing-export", "empty-export", "missing-column", "rejected-row", "encoding-mismatch", "feed-stale",
    )),
)  # fmt: skip


def retention(survey: Survey, answers: Answers, speech: Language) -> str:
    """The text of retention.yaml: a class for every dataset with personal data. One without a period has no criterion, and that is
    found in the first run."""
    dataset = answers.subject[0]
    classes: dict[str, Any] = {}
    document: dict[str, Any] = {}
    for table in survey.tables:
        if table.dataset == answers.registers.get("holds") or not _is_personal(survey, answers, table.dataset):
            continue
        made = _class(survey, answers, table.dataset, speech)
        if table.dataset == dataset and "period" in made and "." not in made["time_reference"]:
            document["subject"] = _subject(survey, answers, made)
        else:
            classes[f"{answers.system_of(table.dataset)}.{table.dataset}"] = made
    if "subject" in document:
        held_by = [
            name
            for name, each in classes.items()
            if "period" in each and survey.leads_to(name.partition(".")[2], dataset)
        ]
        document["subject"] |= {"held_by": held_by} if held_by else {}
    head = speech.gettext(
        "The disposal schedule, drafted by vahti init. A class without a period is a finding until somebody decides."
    )
    return written.text({"classes": classes} | document, head=head)


def _is_personal(survey: Survey, answers: Answers, dataset: str) -> bool:
    return any(kind.personal is not False for _, kind in own.columns(survey, answers, dataset))


def _class(survey: Survey, answers: Answers, dataset: str, speech: Language) -> dict[str, Any]:
    said = answers.retention.get(dataset, {})
    title = said.get("title") or dataset.replace("_", " ").capitalize()
    made: dict[str, Any] = {"title": title}
    if said.get("from") and said.get("period"):
        made["time_reference"] = said["from"]
        if said.get("missing", "not running") == "not running":
            made["missing"] = "not running"
        if said.get("offset"):
            made["offset"] = said["offset"] if isinstance(said["offset"], list) else [said["offset"]]
        made["period"] = said["period"]
        return made | {
            "mandate": said.get("mandate") or speech.gettext("decision of the controller"),
            "kind": said.get("kind", "maximum"),
            "action": "erase",
        }
    until = said.get("until") or speech.gettext(UNDECIDED)
    return made | {
        "until": until,
        "mandate": said.get("mandate") or speech.gettext(NOBODYS),
        "kind": "maximum",
        "action": "review",
    }


def _subject(survey: Survey, answers: Answers, made: dict[str, Any]) -> dict[str, Any]:
    dataset = answers.subject[0]
    kept = {key: value for key, value in made.items() if key not in ("missing", "offset")}
    subject = {"class": f"{answers.system_of(dataset)}.{dataset}"} | kept
    if answers.delays:
        subject["held_while"] = [{key: each[key] for key in ("dataset", "where", "because")} for each in answers.delays]
    return subject


def notice(survey: Survey, answers: Answers, speech: Language) -> str:
    """The text of notice.yaml: what is held and why, what every first notice says, and what the controller promises never to do."""
    code = speech.code
    statements: dict[str, Any] = {}
    systems, known = list(answers.systems), {rule.id for rule in load_contract_rules()}

    def add(text: str, **more: Any) -> None:
        statements[f"N{len(statements) + 1:02d}"] = {"text": {code: text}, "systems": systems} | more

    categories = _categories(survey, answers)
    exports = [table.dataset for table in survey.tables if table.dataset != answers.registers.get("holds")]
    add(
        speech.gettext("We hold the kinds of personal data that are listed here, and no others."),
        rules=["undeclared-column"],
        facts=[{"only_categories": {"datasets": exports, "categories": categories}}],
    )
    for text, rules in STATEMENTS:
        add(speech.gettext(text), rules=[rule for rule in rules if rule in known])
    for text in answers.never:
        add(text, attest=speech.gettext("that it is so"))
    says = {
        "systems": systems,
        "purposes": sorted({each["purpose"] for each in answers.purposes.values()}),
        "categories": categories,
    }
    head = speech.gettext(
        "The privacy notice as statements, drafted by vahti init: put your own notice's words in their place."
    )
    return written.text({"says": says, "statements": statements}, head=head)


def _categories(survey: Survey, answers: Answers) -> list[str]:
    """Every kind of personal data in the exports; `dpv:PersonalData` for what nobody classified."""
    found = {
        kind.category or "dpv:PersonalData"
        for table in survey.tables
        for _, kind in own.columns(survey, answers, table.dataset)
        if kind.personal is not False
    }
    return sorted(found)
