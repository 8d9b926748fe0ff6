"""`vahti init`: exports profiled, expectations drafted, and what remains to be asked.

A draft that somebody has changed since is never written over: `drafted.json` has the sums of what was drafted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pipelines import outputs
from pipelines.errors import ExpectationsError
from pipelines.expectations import load
from pipelines.init import answers as asked
from pipelines.init import checks, drafts, evidence, own, promises, questions
from pipelines.init.answers import Answers
from pipelines.init.survey import Survey, survey
from pipelines.language.languages import Language, language

SUMS = "drafted.json"
REPORT = "INIT.md"


@dataclass(frozen=True)
class Drafted:
    """What was done: the files written, those kept because somebody had changed them, how many things remain to be asked, and what
    is still wrong with the folder as a whole, if anything."""

    survey: Survey
    answers: Answers
    written: tuple[str, ...]
    kept: tuple[str, ...]
    questions: int
    fault: str = ""


def init(
    exports: Path, to: Path, country: str, code: str, answered: Path | None = None, said: dict | None = None
) -> Drafted:
    """Drafts expectations for an exports folder into `to`. `answered`: a file of answers; `said`: answers given otherwise.

    ExportsError where nothing can be read, ExpectationsError where an answer cannot be taken.
    """
    speech = language(code)
    path = answered or (to / asked.FILE if (to / asked.FILE).exists() else None)
    found = survey(exports, country, asked.days(path))
    suggestion = asked.suggested(found, speech.gettext(own.UNNAMED), speech.gettext(own.OFFICE))
    answers = asked.read(path, found, suggestion) if path else suggestion
    if said:
        answers = _taken(to, found, asked.merged(answers, said), said, speech)
    texts = texts_of(found, answers, speech)
    if path is None or said:
        texts[asked.FILE] = questions.template(found, answers, speech)
    written, kept = _write(to, texts)
    return Drafted(found, answers, written, kept, len(questions.questions(found, answers)), _fault(to))


def _taken(to: Path, found: Survey, answers: Answers, said: dict, speech: Language) -> Answers:
    """The answers, where all can be taken; else they are kept in answers.yaml, to be mended there."""
    faults = list(checks.faults(said, found))
    if faults:
        path = outputs.write_text(to, asked.FILE, questions.template(found, answers, speech))
        problem = "; ".join(f"{place}: {problem}" for place, problem in faults)
        raise ExpectationsError(
            problem, file=path, remedy="what you said is kept in that file: mend it there, and run vahti init again"
        )
    return answers


def texts_of(found: Survey, answers: Answers, speech: Language) -> dict[str, str]:
    """The drafts, by file."""
    texts = {drafts.file_name(answers, table): drafts.contract(found, answers, table) for table in found.tables}
    texts["controller.yaml"] = own.controller(found, answers, speech)
    texts["retention.yaml"] = promises.retention(found, answers, speech)
    texts["notice.yaml"] = promises.notice(found, answers, speech)
    texts[REPORT] = evidence.report(found, answers, speech)
    return texts


def _write(to: Path, texts: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if to.is_file():
        raise ExpectationsError("is a file", file=to, remedy="name a folder with --to")
    before = _sums(to)
    if not before and (to / "controller.yaml").exists():
        raise ExpectationsError(
            "holds expectations that vahti init did not draft",
            file=to,
            remedy="name another folder with --to; nothing was written",
        )
    written, kept, sums = [], [], {}
    for name, text in texts.items():
        path = to / name
        if path.exists() and (digest(path.read_bytes()) != before.get(name)):
            kept.append(name)
            sums[name] = before.get(name, "")
            continue
        outputs.write_text(path.parent, path.name, text)
        written.append(name)
        sums[name] = digest(text.encode())
    for name in (
        before.keys() - texts.keys()
    ):  # a system was given another name: its drafts go, unless somebody changed them
        path = to / name
        if path.exists() and name != asked.FILE and digest(path.read_bytes()) == before[name]:
            path.unlink()
        elif path.exists():
            sums[name] = before[name]
    (to / "rules").mkdir(exist_ok=True)
    outputs.write_text(to, SUMS, json.dumps(sums, indent=1, sort_keys=True) + "\n")
    return tuple(written), tuple(kept)


def _sums(to: Path) -> dict[str, str]:
    try:
        found = json.loads((to / SUMS).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def digest(content: bytes) -> str:
    """SHA-256 of a draft."""
    return hashlib.sha256(content).hexdigest()


def _fault(to: Path) -> str:
    """What the workbench says of the folder as it now is."""
    try:
        load.load(to)
    except ExpectationsError as error:
        return str(error)
    return ""
