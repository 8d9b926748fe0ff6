"""What changed in the record of processing since the period before."""

from __future__ import annotations

import json

from pipelines.language.languages import by_language, text_in


def drift(before: dict | None, now: dict) -> list[tuple[str, str, str, str, str]] | None:
    """(section, item, added | removed | changed, before, now) of the differences; None without an earlier period."""
    if before is None:
        return None
    old, new = _flat(before), _flat(now)
    changes = []
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            changes.append((*key, "added", "", new[key]))
        elif key not in new:
            changes.append((*key, "removed", old[key], ""))
        elif old[key] != new[key]:
            changes.append((*key, "changed", old[key], new[key]))
    return changes


def _flat(record: dict) -> dict[tuple[str, str], str]:
    """{(section, item): its content}: the parts of a record whose changes matter."""
    flat = {
        ("controller", key): text_in(by_language(record[key]), "en") for key in ("controller", "contact", "officer")
    }
    for each in record["activities"]:
        flat["activities", each["purpose"]] = ", ".join(each["legal_bases"])
    for each in record["datasets"]:
        flat["dataset", each["dataset"]] = "not exported" if each["records"] is None else str(each["records"])
        flat |= {("undeclared", f"{each['dataset']}: {header}"): "" for header in each["undeclared"]}
        for kind in each["categories"]:
            flat["categories", f"{each['dataset']}: {kind['category']}"] = ", ".join(kind["columns"])
    for each in record["processors"]:
        flat["processors", each["supplier"]] = "in force" if each["in_force"] else "none in force"
    for each in record["erasure"]:
        flat["erasure", each["class"]] = each["period"] or "until further notice"
    flat |= {("measures", each["term"]): "" for each in record["measures"]}
    if "workbench" in record:  # records kept by earlier versions have none
        flat["workbench", "periods kept"] = str(record["workbench"]["periods_kept"])
    flat |= {("transfers", json.dumps(each, ensure_ascii=False, sort_keys=True)): "" for each in record["transfers"]}
    return flat
