"""The rules for the answer key: it has its own copy of the catalogue, so that a difference shows."""

from __future__ import annotations

# Rules by category, with the catalogue's severity; a plant may give another for a rule with two.
_CATALOGUE = {
    "structure": {
        "missing-export": "high",
        "undeclared-column": "high",
        "missing-column": "high",
        "rejected-row": "high",
        "unreadable-value": "medium",
        "duplicate-key": "high",
        "feed-stale": "medium",
    },
    "completeness": {
        "required-missing": "high",
        "conditional-missing": "medium",
        "refund-account-missing": "high",
        "agreement-missing": "medium",
        "attachment-missing": "low",
        "original-agreement-missing": "medium",
        "contract-missing": "medium",
    },
    "validity": {"invalid-value": "medium"},
    "staleness": {
        "contact-unconfirmed": "medium",
        "map-copy-stale": "medium",
        "portal-change-not-propagated": "high",
        "account-dormant": "low",
        "retention-review-overdue": "medium",
    },
    "consistency": {
        "orphan-record": "high",
        "contact-mismatch": "medium",
        "invoice-not-in-ledger": "medium",
        "ledger-not-in-billing": "medium",
        "amount-mismatch": "medium",
        "duplicate-person": "high",
        "register-mismatch": "medium",
        "e-invoice-mismatch": "medium",
    },
    "minimisation": {
        "foreign-company-row": "high",
        "copy-without-source": "medium",
        "identity-code-on-organisation": "high",
        "field-not-needed": "medium",
        "identifier-in-free-text": "high",
        "marketing-use": "high",
        "source-not-declared": "low",
    },
    "disclosure": {
        "disclosure-excess": "high",
        "disclosure-not-destroyed": "medium",
        "disclosure-of-protected": "high",
        "processor-agreement-missing": "high",
        "test-data-personal": "high",
    },
    "access": {"access-not-allowed": "high", "access-dormant": "medium"},
    "rights": {"request-overdue": "high", "consent-withdrawn-in-use": "high"},
    "retention": {
        "past-retention": "high",
        "trigger-missing": "medium",
        "retention-criterion-missing": "high",
        "deleted-early": "high",
    },
}
RULES: dict[str, tuple[str, str]] = {
    rule: (category, severity) for category, rules in _CATALOGUE.items() for rule, severity in rules.items()
}
