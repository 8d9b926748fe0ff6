"""What is in a bundle, and how somebody who has nothing but the bundle verifies it: its README.txt, in the controller's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from textwrap import fill

from pipelines.language.languages import N_, Language

NAME = "README.txt"
WIDTH = 100
# Patterns of names, in the order in which they are told, and what the files are.
FILES = (
    ("outputs/report.*", N_("The report of the period: what was found, what was open, who had to act by when.")),
    (
        "outputs/findings.*",
        N_("Every finding: rule, dataset, key of the record, field, the day by which something was due. No other value of a record."),
    ),
    ("outputs/ledger.csv", N_("What became of each finding and task from period to period.")),
    ("outputs/standing.csv", N_("What was open, by system and keeper.")),
    ("outputs/acceptances.csv", N_("What was accepted for a time: by whom, why, until when.")),
    ("outputs/notice.json", N_("Statement by statement, whether the privacy notice told the truth, with the evidence for it.")),
    ("outputs/ropa.*", N_("The record of processing activities; ropa.jsonld is the same in terms of the Data Privacy Vocabulary.")),
    ("expectations/contracts/*", N_("What each export has to look like (Open Data Contract Standard).")),
    ("expectations/contract_rules/*", N_("The rules of the product that contracts switch on, as SQL.")),
    ("expectations/rules/*", N_("The controller's own rules, as SQL.")),
    ("expectations/relations/*", N_("What several rules read, as SQL.")),
    ("expectations/*", N_("The controller, its disposal schedule and its privacy notice, as the checks read them.")),
    ("log_check.json", N_("Whether the log of look-ups is unbroken, how many entries it had, and the seal of the last.")),
    ("sbom.cdx.json", N_("Programs and versions that were used (CycloneDX).")),
    ("manifest.json", N_("Which exports the period was made of, with their SHA-256 sums, and the sum of every file here.")),
    ("SHA256SUMS", N_("The sums of all files, to be verified as below.")),
)  # fmt: skip


def readme(controller: str, period: str, names: Iterable[str], speech: Language) -> str:
    """The text. `names`: of the other entries, each of which it tells about."""
    _, day, left = speech.gettext, speech.day(dt.date.fromisoformat(period)), sorted(names)
    lines = [
        _("Evidence of the data protection checks of %(day)s: %(controller)s") % {"day": day, "controller": controller},
        "",
    ]
    for pattern, text in FILES:
        told = [name for name in left if fnmatch(name, pattern)]
        left = [name for name in left if name not in told]
        if told:
            shown = told[0] if len(told) == 1 else pattern
            lines.append(
                fill(
                    f"{shown}: {_(text)}",
                    WIDTH,
                    subsequent_indent="    ",
                    break_on_hyphens=False,
                    break_long_words=False,
                )
            )
    assert not left, f"bundle_readme.FILES says nothing of {left}"
    return "\n".join([*lines, "", *_verifying(_), ""])


def _verifying(_: Callable[[str], str]) -> list[str]:
    """How the bundle is verified with what every system has."""
    said = (
        _("To verify that no file was changed, unpack the zip, go into its folder and run:"),
        "    sha256sum --check SHA256SUMS",
        _("On Windows, Get-FileHash prints the sum of a file, to be compared with its line in SHA256SUMS."),
        _(
            "That the bundle itself is the one that was handed over, its own SHA-256 sum tells: note it when you receive it."
        ),
        _(
            "Whoever has the exports can compare their sums with those in manifest.json: the same exports and expectations give the same findings."
        ),
    )
    return [line if line.startswith(" ") else fill(line, WIDTH) for line in said]
