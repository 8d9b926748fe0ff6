"""Everything that is wrong in a folder of expectations, file by file, in the order in which to mend it.

First what keeps a file from being read (contracts, then controller.yaml, the rules, retention.yaml and notice.yaml, as far as what they
speak of could be read), then where files that are right by themselves do not fit together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from pipelines.errors import ExpectationsError
from pipelines.expectations.contract import Contract
from pipelines.expectations.contract_reader import SUFFIX, check_together, load_contract, schema_faults
from pipelines.expectations.controller import Controller, load_controller
from pipelines.expectations.load import load
from pipelines.expectations.notice import load_notice
from pipelines.expectations.rule import Rule, in_own_words, load_contract_rules, load_rule
from pipelines.expectations.schedule import load_schedule
from pipelines.known import beside
from pipelines.sentence import Sentence

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """`file` within the folder; `line`: 0 where none can be named; what is wrong there, and what to do."""

    file: str
    line: int
    problem: str
    remedy: str


def every(folder: Path) -> list[Fault]:
    """All faults of a folder; none where `load` reads it. ExpectationsError where it is not there."""
    if not folder.is_dir():
        raise ExpectationsError(
            "no such folder of expectations",
            file=folder,
            remedy=Sentence("name it, or draft one with vahti init%(beside)s", beside=beside(folder)),
        )
    return [_fault(folder, error) for error in _Looking(folder).errors()]


class _Looking:
    """One folder, looked at file by file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.found = folder, list[ExpectationsError]()

    def errors(self) -> list[ExpectationsError]:
        contracts = self._contracts()
        controller = self._of(load_controller, self.folder / "controller.yaml")
        rules = self._rules()
        if contracts and controller:
            self._of(load_schedule, self.folder / "retention.yaml", contracts, controller.parameters)
            self._notice(contracts, controller, rules)
        if not self.found:
            self._of(load, self.folder)
        return self.found

    def _of(self, read: Callable[..., T], *arguments: Any) -> T | None:
        try:
            return read(*arguments)
        except ExpectationsError as error:
            self.found.append(error)
            return None

    def _contracts(self) -> tuple[Contract, ...]:
        """The contracts of exports, where all of them can be read."""
        paths = sorted((self.folder / "contracts").glob("*" + SUFFIX))
        if not paths:
            remedy = f"put one file per export there, *{SUFFIX}"
            self.found.append(ExpectationsError("no contracts found", file=self.folder / "contracts", remedy=remedy))
        read = []
        for path in [*paths, *sorted(self.folder.glob("*" + SUFFIX))]:
            several = self._of(schema_faults, path) or []
            self.found += several
            contract = (
                None
                if several or self.found[-1:] and self.found[-1].file == str(path)
                else self._of(load_contract, path)
            )
            if contract and path.parent != self.folder:
                read.append(contract)
        if len(read) < len(paths):
            return ()
        before = len(self.found)
        self._of(check_together, tuple(read))
        return tuple(read) if len(self.found) == before else ()

    def _rules(self) -> tuple[Rule, ...]:
        ours = self._of(in_own_words, self.folder / "rules.yaml", load_contract_rules()) or load_contract_rules()
        own = [self._of(load_rule, path) for path in sorted((self.folder / "rules").glob("*.sql"))]
        return (*ours, *(rule for rule in own if rule))

    def _notice(self, contracts: tuple[Contract, ...], controller: Controller, rules: tuple[Rule, ...]) -> None:
        if (self.folder / "notice.yaml").exists():
            self._of(load_notice, self.folder / "notice.yaml", contracts, controller, rules)


def _fault(folder: Path, error: ExpectationsError) -> Fault:
    path = Path(error.file)
    file = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    where = f"{error.place}: " if error.place and not error.place.startswith("line ") else ""
    return Fault(file, _line(path, error.place), where + error.problem, error.remedy)


def _line(path: Path, place: str) -> int:
    """The line of a place in a YAML file, such as `schema.0.properties.3.name`; of the nearest that stands there."""
    if place == "top level":
        return 1
    if place.startswith("line "):
        return int("".join(letter for letter in place.split(",")[0] if letter.isdigit()) or 0)
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader) if path.suffix == ".yaml" else None
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return 0
    line = 0
    for marked in _nodes(node, place):
        line = marked.start_mark.line + 1
    return line


def _nodes(node: yaml.Node | None, place: str) -> Iterator[yaml.Node]:
    """The nodes on the way to a place; keys that hold dots themselves are taken whole."""
    rest = place
    while node is not None and rest:
        if isinstance(node, yaml.MappingNode):
            keys = [(key, value) for key, value in node.value if rest == key.value or rest.startswith(f"{key.value}.")]
            if not keys:
                return
            key, value = max(keys, key=lambda pair: len(pair[0].value))
            yield key
            node, rest = value, rest[len(key.value) + 1 :]
        elif isinstance(node, yaml.SequenceNode):
            step, _, rest = rest.partition(".")
            if not step.isdigit() or int(step) >= len(node.value):
                return
            node = node.value[int(step)]
            yield node
        else:
            return
