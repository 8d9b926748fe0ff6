"""The accountability bundle: one zip of a period that shows an inspector what was known when.

Same home, same expectations, same packages, same bytes: entries are sorted, their times are the period's, and no clock is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

from pipelines import outputs
from pipelines.expectations.opened import OpenedPeriod
from pipelines.home import store
from pipelines.job import bundle_readme, sbom
from pipelines.landing import periods
from pipelines.language.languages import language
from pipelines.notice import amendments, conformity
from pipelines.person.log import verify
from pipelines.record import collect as ropa

# Of the period's outputs; nothing else is included, so that nothing with personal values ever is.
REPORTS = (
    "report.html", "report.pdf", "findings.csv", "findings.parquet", "ledger.csv", "standing.csv", "acceptances.csv",
    "notice.json", "ropa.json", "ropa.*.html", "ropa.*.pdf", "ropa.xlsx", "ropa.jsonld",
)  # fmt: skip
# Of the expectations: schedule, controller, its list of postal codes, notice, contracts, rules, shared relations.
EXPECTATIONS = ("*.yaml", "*.csv", "contracts/*.yaml", "rules/*.sql", "relations/*.sql")
AUDIT_LOG = "audit.log"


def of_period(opened: OpenedPeriod) -> Path:
    """Writes `bundle-<period>.zip` to the period's reports, with conformity and record rebuilt; returns its path."""
    ropa.of_period(opened)
    with opened.reading() as connection:
        verdicts = conformity.judge(connection, opened)
        proposed = amendments.proposals(connection, opened.context, opened.notice)
        conformity.write(opened, verdicts, opened.reports, proposed)
    name, expectations = opened.name, opened.expectations.folder
    entries = dict(entries_of(opened.home.path, opened.reports, expectations))
    speech = language(opened.controller.language, expectations)
    names = (*entries, "manifest.json", "SHA256SUMS")
    entries[bundle_readme.NAME] = bundle_readme.readme(opened.controller.name, name, names, speech).encode()
    entries["manifest.json"] = manifest(name, opened.note, expectations, entries)
    entries["SHA256SUMS"] = sums(entries)
    return outputs.write_bytes(opened.reports, f"bundle-{name}.zip", zipped(entries, name))


def entries_of(home: Path, folder: Path, expectations: Path) -> Iterator[tuple[str, bytes]]:
    """(name in the zip, content) of every entry except the manifest."""
    for pattern in REPORTS:
        for path in folder.glob(pattern):
            yield f"outputs/{path.name}", path.read_bytes()
    for pattern in EXPECTATIONS:
        for path in expectations.glob(pattern):
            yield f"expectations/{path.relative_to(expectations).as_posix()}", path.read_bytes()
    for entry in files("pipelines").joinpath("rules", "sql", "contract_rules").iterdir():
        if entry.name.endswith(".sql"):
            yield f"expectations/contract_rules/{entry.name}", entry.read_bytes()
    yield "log_check.json", _json(log_check(home))
    yield "sbom.cdx.json", sbom.of_installed()


def log_check(home: Path) -> dict:
    """Whether the home has a log of look-ups, and whether its chain is unbroken from the first line to the last."""
    if not (home / AUDIT_LOG).exists():
        return {"log": AUDIT_LOG, "status": "absent"}
    return {"log": AUDIT_LOG, "status": "checked", "result": asdict(verify(store.open_existing(home)))}


def manifest(period: str, note: Mapping, expectations: Path, entries: dict[str, bytes]) -> bytes:
    """The bundle's origin: its as-of date, exports and expectations, and the checksum of every entry."""
    known = periods.digest_folder(expectations)
    return _json(
        {
            "period": period,
            "as_of": note["as_of"],
            "exports": {
                name: {"bytes": file[0], "sha256": file[2]} if file else None
                for name, file in sorted(note["files"].items())
            },
            "expectations": {
                "sha256": known,
                "sha256_when_checked": note["expectations"],
                "unchanged_since": known == note["expectations"],
            },
            "statements_when_checked": note.get("statements") or {},
            "counts": note["counts"],
            "entries": {
                name: {"bytes": len(content), "sha256": digest(content)} for name, content in sorted(entries.items())
            },
        }
    )


def sums(entries: dict[str, bytes]) -> bytes:
    """Lines in the format of `sha256sum --check`."""
    return "".join(f"{digest(content)}  {name}\n" for name, content in sorted(entries.items())).encode()


def zipped(entries: dict[str, bytes], period: str) -> bytes:
    """The zip of the entries, sorted, all with the period's day as their time."""
    day, target = dt.date.fromisoformat(period), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in sorted(entries.items()):
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            archive.writestr(info, content)
    return target.getvalue()


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
