"""The catalogue's rules with their category and severity, and the finding they make."""

import datetime as dt

from .layouts import Dataset
from .reading import Record

CATALOGUE = """
structure: missing-export high, empty-export high, encoding-mismatch high, undeclared-column high, missing-column
 high, rejected-row high, unreadable-value medium, duplicate-key high, feed-stale medium
completeness: required-missing high, conditional-missing medium, refund-account-missing high, agreement-missing
 medium, attachment-missing low, original-agreement-missing medium, contract-missing medium
validity: invalid-value medium, temporary-identity-code low
staleness: contact-unconfirmed medium, map-copy-stale medium, portal-change-not-propagated high, account-dormant
 low, retention-review-overdue medium
consistency: orphan-record high, contact-mismatch medium, invoice-not-in-ledger medium, ledger-not-in-billing
 medium, amount-mismatch medium, duplicate-person high, register-mismatch medium, e-invoice-mismatch medium
minimisation: foreign-company-row high, copy-without-source medium, identity-code-on-organisation high,
 field-not-needed medium, identifier-in-free-text high, marketing-use high, source-not-declared low
disclosure: disclosure-excess high, disclosure-not-destroyed medium, disclosure-of-protected high,
 processor-agreement-missing high, test-data-personal high
access: access-not-allowed high, access-dormant medium
rights: request-overdue high, consent-withdrawn-in-use high
retention: past-retention high, trigger-missing medium, retention-criterion-missing high, deleted-early high
"""


def _rules() -> dict[str, tuple[str, str]]:
    rules = {}
    for line in CATALOGUE.strip().replace("\n ", " ").splitlines():
        category, _, entries = line.partition(": ")
        rules |= {rule: (category, severity) for rule, severity in (entry.split() for entry in entries.split(", "))}
    return rules


RULES = _rules()


def finding(
    rule: str,
    dataset: Dataset,
    record_key: str = "",
    field: str = "",
    *,
    customer_number: str | None = "",
    due_on: dt.date | None = None,
    detail: str = "",
    severity: str = "",
) -> dict:
    category, usual = RULES[rule]
    return {
        "rule": rule,
        "category": category,
        "severity": severity or usual,
        "system": dataset.system,
        "dataset": dataset.name,
        "record_key": record_key,
        "field": field,
        "customer_number": customer_number or "",
        "due_on": due_on.isoformat() if due_on else "",
        "detail": detail,
    }


def on(rule: str, record: Record, field: str = "", **more) -> dict:
    """A finding on a record."""
    return finding(rule, record.dataset, record.key, field, customer_number=record["customer_number"], **more)


def collapsed(found: list[dict]) -> list[dict]:
    """One finding for each (rule, system, dataset, record key, field): the one due first."""
    identity = ("rule", "system", "dataset", "record_key", "field")
    unique: dict[tuple, dict] = {}
    for one in sorted(found, key=lambda one: (one["due_on"] or "9999-99-99", one["customer_number"], one["detail"])):
        unique.setdefault(tuple(one[name] for name in identity), one)
    return [unique[place] for place in sorted(unique)]
