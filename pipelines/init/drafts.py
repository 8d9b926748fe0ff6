"""Contracts drafted from a survey, as their files have them: `status: draft`, and no value of any cell."""

from __future__ import annotations

from typing import Any

from pipelines.init import written
from pipelines.init.answers import Answers
from pipelines.init.kinds import SPECIAL, Kind
from pipelines.init.links import Link
from pipelines.init.profile import Table
from pipelines.init.survey import Survey
from pipelines.init.typed import Typed

LOGICAL = {
    "text": "string",
    "date": "date",
    "month": "date",
    "timestamp": "timestamp",
    "decimal": "number",
    "boolean": "boolean",
}
PHYSICAL = {
    "decimal": "decimal(18,4)",
    "timestamp": "timestamp",
    "date": "date",
    "month": "date",
    "boolean": "boolean",
    "text": "text",
}
ADDRESS = "pd:PhysicalAddress"


def file_name(answers: Answers, table: Table) -> str:
    """`contracts/<system>.<dataset>.odcs.yaml`; a register of legal holds stands beside controller.yaml."""
    name = f"{answers.system_of(table.dataset)}.{table.dataset}.odcs.yaml"
    return name if table.dataset == answers.registers.get("holds") else f"contracts/{name}"


def contract(survey: Survey, answers: Answers, table: Table) -> str:
    """The text of a contract."""
    dataset, system = table.dataset, answers.system_of(table.dataset)
    title = dataset.replace("_", " ").capitalize()
    schema = {
        "name": dataset,
        "physicalName": table.found.path.name,
        "physicalType": table.found.kind,
        "logicalType": "object",
        "description": title,
        "customProperties": _options(survey, answers, table),
        "properties": [_column(survey, answers, table, each) for each in survey.columns[dataset]],
    }
    if not schema["customProperties"]:
        del schema["customProperties"]
    document: dict[str, Any] = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"{system}.{dataset}",
        "name": title,
        "version": "0.1.0",
        "status": "draft",
        "domain": system,
        "dataProduct": str(answers.systems[system]["name"]),
        "schema": [schema],
    }
    if survey.months:
        document["slaProperties"] = [{"property": "frequency", "value": survey.months, "unit": "mo"}]
    return written.text(
        document, head=f"{title}: drafted by vahti init from the export. INIT.md says what speaks for each line."
    )


def _options(survey: Survey, answers: Answers, table: Table) -> list[dict]:
    found = table.found
    options: list[tuple[str, object]] = []
    if found.kind == "csv":
        options += [("encoding", found.encoding), ("delimiter", found.delimiter)]
    if found.skip_rows:
        options.append(("skipRows", found.skip_rows))
    if not found.has_headers:
        options.append(("header", "none"))
    if found.quote != '"':
        options.append(("quote", found.quote))
    if table.missing:
        options.append(("missingValues", list(table.missing)))
    options.append(("purpose", answers.purposes[table.dataset]["purpose"]))
    if table.dataset == answers.subject[0]:
        options.append(("dataSubject", answers.people["kind"]))
    elif table.dataset in survey.people:
        options.append(("dataSubject", survey.people[table.dataset]))
    address = [
        each.name
        for each in survey.columns[table.dataset]
        if kind_of(survey, answers, table.dataset, each).category == ADDRESS
    ]
    if len(address) > 1:
        options.append(("address", address))
    return [{"property": name, "value": value} for name, value in options]


def kind_of(survey: Survey, answers: Answers, dataset: str, each: Typed) -> Kind:
    """The kind of a column: as somebody said, else as it was found."""
    name, said = f"{dataset}.{each.name}", answers.open
    found = survey.kinds[dataset][each.name]
    if name in (said.get("kinds") or {}):
        return Kind(True, said["kinds"][name], found.format, "answer", sure="high")
    if name in (said.get("not_personal") or ()):
        return Kind(False, "", None, "answer", sure="high")
    if name in (said.get("personal") or ()):
        return Kind(True, found.category, found.format, "answer", sure="high")
    if (dataset, each.name) == answers.subject:
        return found if found.category else Kind(True, "pd:UID", None, "answer", sure="high")
    return found


def _column(survey: Survey, answers: Answers, table: Table, each: Typed) -> dict[str, Any]:
    column, key, link = each.column, survey.keys[table.dataset], survey.link(table.dataset, each.name)
    kind = kind_of(survey, answers, table.dataset, each)
    made: dict[str, Any] = {
        "name": each.name,
        "physicalName": column.header,
        "logicalType": LOGICAL[column.type],
        "physicalType": PHYSICAL[column.type],
        "description": f"{column.header}, as the export calls it.",
    }
    own_key = (each.name,) if table.dataset == answers.subject[0] and answers.subject[1] == each.name else ()
    keys = own_key or (key.columns if table.dataset != answers.subject[0] else (answers.subject[1],))
    if each.name in keys:
        made |= {"primaryKey": True, "primaryKeyPosition": keys.index(each.name) + 1}
    made["required"] = survey.is_required(table.dataset, each)
    format_ = column.format or (kind.format if column.type == "text" else None)
    if format_:
        made["logicalTypeOptions"] = {"format": format_}
    made["classification"] = "not-personal" if kind.personal is False else "personal"
    if tags := tags_of(kind):
        made["tags"] = tags
    if link and _target_is_key(survey, answers, link):
        made["relationships"] = [{"type": "foreignKey", "to": ".".join(link.to)}]
    if values := (answers.open.get("values") or {}).get(f"{table.dataset}.{each.name}"):
        made["quality"] = [
            {"metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": [str(value) for value in values]}}
        ]
    if options := _of_column(each, table, answers):
        made["customProperties"] = options
    return made


def tags_of(kind: Kind) -> list[str]:
    """A kind as tags, with art. 9's where it is one of its."""
    if not kind.category:
        return []
    return [kind.category, "dpv:SpecialCategoryPersonalData"] if kind.category in SPECIAL else [kind.category]


def _target_is_key(survey: Survey, answers: Answers, link: Link) -> bool:
    """A reference to the register of holds, which is no export, or to a column that an answer made no key, is none."""
    if link.to[0] == answers.registers.get("holds"):
        return False
    return link.to[0] != answers.subject[0] or link.to[1] == answers.subject[1]


def _of_column(each: Typed, table: Table, answers: Answers) -> list[dict]:
    column = each.column
    options: list[tuple[str, object]] = []
    if column.type == "boolean":
        options += [("trueValue", column.true_value), ("falseValue", column.false_value)]
    if column.type == "decimal" and column.decimal_separator != ".":
        options.append(("decimalSeparator", column.decimal_separator))
    if column.type == "decimal" and column.grouping_separator:
        options.append(("groupingSeparator", column.grouping_separator))
    return [{"property": name, "value": value} for name, value in options]
