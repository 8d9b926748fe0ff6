"""The water utility under other names: every name that its expectations give, and every header and file of its exports.

`Renaming(seed)` is a bijection; `expectations` and `exports` write renamed copies, `back` reads their outputs in the old names.
"""

from __future__ import annotations

import random
import re
import shutil
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

import yaml

from pipelines.expectations.load import Expectations

# What the product asks for by name: the table of erasure requests, and what SELECTs of rules return.
FIXED = {"erasure_requests"}
RETURNED = {"dataset", "due_on"}
# Custom properties of a contract that hold names.
NAMING = {"address", "comparedExcept", "comparedWhere", "copyOf", "neededUntil", "unmatched"}
HOLD = {"customer_number": "subject", "system": "system", "dataset": "dataset", "reason": "reason",
        "from_date": "from", "until_date": "until"}  # fmt: skip
# Keys whose values are prose, or values of cells.
PROSE = {
    "text", "title", "because", "mandate", "attest", "attested", "remark", "detail", "headers", "not_headers", "categories",
    "purposes", "allowed", "apart", "words", "values", "offset",
}  # fmt: skip
WORD = re.compile(r"'(?:[^']|'')*'|[A-Za-z_]\w*(?:-\w+)*")


class Renaming:
    """Other names for datasets, columns, headers, files, systems, rules, shared relations and lists."""

    def __init__(self, loaded: Expectations, seed: int):
        self.loaded, draw = loaded, random.Random(seed)
        contracts = (*loaded.contracts, *loaded.own)
        columns = [(contract, column) for contract in contracts for column in contract.columns]
        own_rules = {path.stem for path in (loaded.folder / "rules").glob("*.sql")}
        others = sorted({rule.id for rule in loaded.rules} - own_rules)
        names = {name for c in contracts for name in (c.system, c.dataset)} | {column.name for _, column in columns}
        names |= {path.stem for path in (loaded.folder / "relations").glob("*.sql")} | set(loaded.controller.lists)
        self.names = _others(names - FIXED, draw)
        self.names |= {
            old: max((each for each in others if each < old), default="a") + "-" + new
            for old, new in _others(own_rules, draw).items()
        }  # beside the same built-in ones
        headers = _others({column.header for _, column in columns}, draw)
        self.headers = {old: new.capitalize() + _accents(old) for old, new in headers.items()}
        self.files = {old: new + Path(old).suffix for old, new in _others({c.file for c in contracts}, draw).items()}

    # The way there.

    def named(self, text: str, spared: Collection[str] = ()) -> str:
        """A condition, reference or name in the new names; what is quoted stays."""
        return WORD.sub(lambda word: word[0] if word[0] in spared else self.names.get(word[0], word[0]), text)

    def sql(self, text: str) -> str:
        """A rule or relation in the new names."""
        comment = text[: text.index("*/") + 2] if text.startswith("/*") else ""
        body = re.sub(r"--.*", "", text[len(comment) :])
        comment = re.sub(r"(?m)^(dataset: )(\S+)$", lambda found: found[1] + self.names[found[2]], comment)
        literal = r"'(\w+)'(?= as field\b| as dataset\b|\))"
        body = re.sub(literal, lambda found: f"'{self.names.get(found[1], found[1])}'", body)
        body = re.sub(r"\blast_day_of_(\w+)", lambda found: "last_day_of_" + self._class(found[1]), body)
        return comment + self.named(body, RETURNED)

    def _class(self, name: str) -> str:
        ids = {f"{c.system}_{c.dataset}": (c.system, c.dataset) for c in self.loaded.contracts}
        return "_".join(self.names[part] for part in ids[name])

    def expectations(self, folder: Path) -> Path:
        """The renamed expectations, in a new folder."""
        there = self.loaded.folder
        for name in ("contracts", "rules", "relations"):
            (folder / name).mkdir(parents=True)
        for path in (*there.glob("contracts/*.yaml"), *there.glob("*.odcs.yaml")):
            target = folder / path.relative_to(there).parent / (self.named(path.name.split(".odcs")[0]) + ".odcs.yaml")
            text = _edited(path, self._contract)
            if path.parent == there:
                text = re.sub(r'(?m)^( +- \{name: "?(\w+)"?,.*)\}$', self._meaning, text)
            target.write_text(text, "utf-8")
        for path in (*there.glob("rules/*.sql"), *there.glob("relations/*.sql")):
            text = self.sql(path.read_text("utf-8"))
            if path.stem in FIXED:
                key = self.names["customer_number"]
                text = text.replace(key, f"{key} as customer_number", 1)
            (folder / path.parent.name / (self.names.get(path.stem, path.stem) + ".sql")).write_text(text, "utf-8")
        for name in ("controller.yaml", "retention.yaml", "notice.yaml"):
            (folder / name).write_text(_edited(there / name, self._said), "utf-8")
        shutil.copy(there / "rules.yaml", folder)
        for path in there.glob("locale/*/LC_MESSAGES/*.po"):
            target = folder / path.relative_to(there)
            target.parent.mkdir(parents=True)
            target.write_text(re.sub(r'(?m)^msgid "(.*)"$', self._message, path.read_text("utf-8")), "utf-8")
        return folder

    def _message(self, found: re.Match) -> str:
        old = found[1] if found[1] in self.names else found[1].replace(" ", "_")
        return f'msgid "{self.names.get(old, found[1])}"'

    def _meaning(self, found: re.Match) -> str:
        """A column of the register of holds says what it means, as its name no longer does."""
        means = HOLD.get(next(old for old, new in self.names.items() if new == found[2]))
        return f"{found[1]}, customProperties: [{{property: hold, value: {means}}}]}}" if means else found[0]

    def _contract(self, path: tuple[str, ...], word: str, is_key: bool, siblings: dict[str, str]) -> str | None:
        """A scalar of a contract, or None where it stays."""
        if is_key:
            return None
        match path:
            case (*_, "physicalName"):
                return self.headers[word] if word in self.headers else self.files[word]
            case ("id",) | ("domain",) | (*_, "to") | (*_, "element"):
                return self.named(word)
            case ("schema", "name") | ("schema", "properties", "name"):
                return self.names[word]
            case (*_, "customProperties", "value") if siblings["property"] in NAMING:
                return self.named(word)
        return None

    def _said(self, path: tuple[str, ...], word: str, is_key: bool, siblings: dict[str, str]) -> str | None:
        """A scalar of the controller, of the schedule or of the notice, or None where it stays."""
        if set(path[:-1] if is_key else path) & PROSE and "says" not in path:
            return None
        match path:
            case ("systems", _) | ("lists", *_) | ("access", "own", _) | ("record", "names", _) | ("classes", _) if (
                is_key
            ):
                return self.named(word)
            case ("statements", _, "rules", _) | (*_, "columns", _) | (*_, "purposes_of", _) if is_key:
                return self.named(word)
            case (*_, "values", "kind") | ("says", "purposes") | ("says", "categories"):
                return None
        if is_key or path[0] in {
            "parameters",
            "lists",
            "worklists",
            "workbench",
            "timezone",
            "controller",
            "country",
            "language",
        }:
            return None
        if path[0] == "record" or (path[0] == "systems") or path[:2] == ("acceptance", "longest"):
            return None
        if path[0] == "access" and path[1] not in ACCESS:
            return None
        return self.named(word)

    def exports(self, folder: Path, periods: tuple[str, ...], there: Path) -> Path:
        """The renamed exports of these periods: other file names, and other headers where a contract declares them."""
        contracts = {c.file: c for c in (*self.loaded.contracts, *self.loaded.own)}
        for period in periods:
            (folder / period).mkdir(parents=True)
            for path in sorted((there / period).iterdir()):
                contract = contracts[path.name]
                target = folder / period / self.files[path.name]
                known = {column.header: self.headers[column.header] for column in contract.columns}
                if path.suffix == ".xlsx":
                    _workbook(path, target, known)
                else:
                    _delimited(
                        path,
                        target,
                        contract.delimiter.encode(),
                        known,
                        self.names if contract in self.loaded.own else {},
                    )
        return folder

    # And back.

    def back(self, text: str) -> str:
        """A text that speaks in the new names, in the old ones. A name is also written with a capital, and its `_` as a blank."""
        old = {new: name for name, new in (*self.names.items(), *self.headers.items())}
        old |= {Path(new).stem: Path(name).stem for name, new in self.files.items()}
        old |= {new.capitalize(): name[:1].upper() + name[1:] for new, name in old.items() if new.islower()}
        pattern = re.compile("(?<![a-z])(" + "|".join(sorted(old)) + ")(?![a-z])")
        return pattern.sub(lambda found: old[found[1]], text)


ACCESS = {"since", "organisation", "protected", "own", "portable", "requests", "sources", "disclosures", "processors"}


def _others(names: Iterable[str], draw: random.Random) -> dict[str, str]:
    """For each name another of twelve consonants, which is no word; in the same order, since tables are cut after so many rows."""
    names = sorted(names)
    made: set[str] = set()
    while len(made) < len(names):
        made.add("".join(draw.choices("bcdfghjklmnpqrstvwxz", k=12)))
    return dict(zip(names, sorted(made), strict=True))


def _accents(text: str) -> str:
    """Its letters beyond ASCII: by these a file's encoding is told."""
    return "".join(letter for letter in text if not letter.isascii())


def _delimited(path: Path, target: Path, delimiter: bytes, headers: dict[str, str], names: dict[str, str]) -> None:
    """Its first line, and every line that repeats it, in other headers; cells below that are a name of `names` in other names."""
    lines = path.read_bytes().split(b"\n")
    head = lines[0].strip().removeprefix(b"\xef\xbb\xbf")
    for place, line in enumerate(lines):
        others = headers if not place or line.strip() == head else names
        lines[place] = delimiter.join(_cell(cell, others) for cell in line.split(delimiter))
    target.write_bytes(b"\n".join(lines))


def _cell(cell: bytes, others: dict[str, str]) -> bytes:
    """A cell in other words, in its own encoding; what is not among them stays."""
    try:
        text, encoding = cell.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = cell.decode("cp1252", "replace"), "cp1252"
    core = text.strip('\ufeff\r "')
    other = others.get(" ".join(core.split()))
    return text.replace(core, other).encode(encoding) if other else cell


def _workbook(path: Path, target: Path, headers: dict[str, str]) -> None:
    """The workbook with other headers."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            for header, other in headers.items() if item.filename.endswith(".xml") else ():
                content = content.replace(f">{header}</t>".encode(), f">{other}</t>".encode())
            new.writestr(item, content)


def _edited(path: Path, other: Callable[..., str | None]) -> str:
    """A YAML file with some scalars in other words; its layout, comments and quotes stay."""
    text = path.read_text("utf-8")
    found = sorted(_scalars(yaml.compose(text), ()), key=lambda each: -each[0].start_mark.index)
    for node, place, is_key, siblings in found:
        word = other(place, node.value, is_key, siblings)
        if word is not None and word != node.value:
            text = text[: node.start_mark.index] + f'"{word}"' + text[node.end_mark.index :]
    return text


def _scalars(node: yaml.Node, path: tuple[str, ...]) -> Iterator[tuple]:
    """Every scalar: its node, the keys that lead to it, whether it is a key, and the scalars beside it."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _scalars(each, path) if not isinstance(each, yaml.ScalarNode) else [(each, path, False, {})]
    elif isinstance(node, yaml.MappingNode):
        siblings = {key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
        for key, value in node.value:
            yield key, (*path, key.value), True, siblings
            if isinstance(value, yaml.ScalarNode):
                yield value, (*path, key.value), False, siblings
            else:
                for found in _scalars(value, (*path, key.value)):
                    yield (*found[:3], found[3] or siblings)
