"""Masked values: enough to tell two candidates apart, not enough to learn anything."""

from __future__ import annotations

from pipelines.text import visible

DOTS = "•••"


def masked(kind: str, value: object) -> str:
    """A value of a kind of personal attribute, masked; its length is hidden too."""
    if value is None or str(value).strip() == "":
        return ""
    text = visible(str(value))
    match kind:
        case "pd:Name" | "pd:PhysicalAddress":
            return initials(text)
        case "pd:TelephoneNumber" | "pd:BankAccount":
            return f"{DOTS}{text.strip()[-2:]}"
        case "pd:EmailAddress":
            return f"{text[0]}{DOTS}@{DOTS}"
        case _:
            return DOTS


def initials(text: str) -> str:
    """`Virtanen Matti` → `V••• M•••`; a word that does not begin with a letter is only dots."""
    return " ".join(f"{word[0]}{DOTS}" if word[0].isalpha() else DOTS for word in text.split()[:4])
