"""How much `vahti init` guesses right: `make bench-init`, or `python -m tests.benchmarks.inference [--write] [--wrong]`.

The registers are those of `tests/benchmarks/registers.py`. Each is drafted from alone, without an answer, and what stands in the
drafted contracts is compared with the truth. A number of digits alone that says which record or which other one is meant may be text
or a number, if no zero leads; a date whose order of day and month no cell tells counts as right where it is asked.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

import yaml

from pipelines.init import start
from tests.benchmarks import registers
from tests.benchmarks.registers import Column, Register, Table

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
# By figure: what it is called, and the least share that is right.
GOALS = {
    "delimiter": ("delimiter", 0.99), "encoding": ("encoding", 0.99), "date": ("date pattern", 0.99), "type": ("type", 0.97),
    "key": ("key", 0.95), "foreign key": ("foreign key", 0.95), "personal": ("personal columns found", 0.98),
    "not personal": ("other columns left alone", 0.85),
}  # fmt: skip
# Patterns that read these files alike.
SAME_DAYS = {"dd.MM.": "d.M.", "dd/MM/": "d/M/", "MM/dd/": "M/d/", "dd-MM-": "d-M-", "XXX": "X"}


def drafted(register: Register, folder: Path) -> tuple[Path, dict[str, dict], str]:
    """The exports, {table: its schema in the drafted contract}, and the answers' file, of a register."""
    exports, to = folder / register.name / "exports" / "2026-06-30", folder / register.name / "drafts"
    registers.write(register, exports)
    start.init(exports.parent, to, register.country, "en")
    found = {}
    for path in sorted(to.glob("contracts/*.yaml")):
        for schema in yaml.safe_load(path.read_text("utf-8"))["schema"]:
            found[Path(schema["physicalName"]).stem] = schema
    return exports, found, (to / "answers.yaml").read_text("utf-8")


def option(schema: dict, name: str) -> str:
    return next((str(each["value"]) for each in schema.get("customProperties", ()) if each["property"] == name), "")


def padded(pattern: str) -> str:
    """A pattern of days without regard to leading zeros: both read these files."""
    for long, short in SAME_DAYS.items():
        pattern = pattern.replace(long, short)
    return pattern


def compared(register: Register, exports: Path, schemas: dict[str, dict], answers: str) -> list[tuple[str, str, bool]]:
    """(figure, what, whether it is right) for each guess about a register."""
    made, told = registers.values(register), []
    for table in register.tables:
        schema, where = schemas.get(table.name), f"{register.name}/{table.name}"
        told.append(("delimiter", where, bool(schema) and option(schema, "delimiter") in (table.delimiter, "")))
        if not schema:
            told += [("encoding", where, False), ("key", where, False)]
            continue
        encoding = option(schema, "encoding") or "utf-8"
        told.append(("encoding", f"{where}: {encoding}", reads_alike(exports / table.file, encoding, table.encoding)))
        by_header = {each["physicalName"]: each for each in schema["properties"]}
        key = tuple(each["physicalName"] for each in schema["properties"] if each.get("primaryKey"))
        told.append(("key", f"{where}: {', '.join(key)}", set(key) == set(table.key)))
        names = {
            name: {each["name"]: each["physicalName"] for each in other["properties"]}
            for name, other in schemas.items()
        }
        for column in table.columns:
            told += of_column(
                column,
                by_header.get(column.header, {}),
                f"{where}/{column.header}",
                made[table.name][column.header],
                names,
                answers,
            )
    return told


def reads_alike(file: Path, guess: str, truth: str) -> bool:
    """Whether both encodings give the same text, a byte order mark aside."""
    content = file.read_bytes()
    try:
        return content.decode(guess).lstrip("\ufeff") == content.decode(truth).lstrip("\ufeff")
    except UnicodeDecodeError:
        return False


def of_column(
    column: Column, guess: dict, where: str, cells: list[str], names: dict, answers: str
) -> list[tuple[str, str, bool]]:
    given, told = guess.get("physicalType", "none").partition("(")[0], []
    where = f"{where}: {given}"
    filled = [cell for cell in cells if cell]
    either = column.type == "text" and all(cell.isdigit() and not cell.startswith("0") for cell in filled)
    told.append(("type", where, given == column.type or (either and given == "decimal")))
    if column.pattern:
        pattern = guess.get("logicalTypeOptions", {}).get("format", "")
        asked = f".{guess.get('name')}: " in answers.partition("days:")[2]
        told.append(("date", f"{where} {pattern}", padded(pattern) == padded(column.pattern) or asked))
    to = [tuple(each["to"].split(".", 1)) for each in guess.get("relationships", ())]
    to = [(table, names.get(table, {}).get(name, name)) for table, name in to]
    if column.to:
        told.append(("foreign key", f"{where} -> {to}", column.to in to))
    told += [("false foreign key", f"{where} -> {each}", False) for each in to if each != column.to]
    is_personal = guess.get("classification") != "not-personal"
    if column.personal is not None:
        told.append(("personal" if column.personal else "not personal", where, is_personal == column.personal))
    return told


def measured(some: tuple[Register, ...]) -> list[tuple[str, str, bool]]:
    """Every guess about these registers."""
    with tempfile.TemporaryDirectory(prefix="vahti-") as folder:
        return [each for register in some for each in compared(register, *drafted(register, Path(folder)))]


def shares(told: list[tuple[str, str, bool]]) -> dict[str, tuple[int, int]]:
    """{figure: (right, of)}."""
    right, of = Counter(), Counter()
    for figure, _, is_right in told:
        right[figure] += is_right
        of[figure] += 1
    return {figure: (right[figure], of[figure]) for figure in of}


def table_of(seen: list, held_out: list) -> list[str]:
    """The figures as lines of Markdown."""
    first, second = shares(seen), shares(held_out)
    lines = ["| | seen | held out | goal |", "|---|---:|---:|---:|"]
    for figure, (title, goal) in GOALS.items():
        cells = [f"{right} of {of} ({right / of:.1%})" for right, of in (first[figure], second[figure])]
        lines.append(f"| {title} | {' | '.join(cells)} | {goal:.0%} |")
    wrong = [
        (parts.get("false foreign key", (0, 0))[1], len(some))
        for parts, some in ((first, of_tables(registers.SEEN)), (second, of_tables(registers.HELD_OUT)))
    ]
    return [
        *lines,
        f"| false foreign keys | {' | '.join(f'{number} in {tables} tables' for number, tables in wrong)} | 1 in 10 tables |",
    ]


def of_tables(some: tuple[Register, ...]) -> list[Table]:
    return [table for register in some for table in register.tables]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--wrong", action="store_true", help="print each wrong guess about the registers that are seen")
    arguments = parser.parse_args()
    seen, held_out = measured(registers.SEEN), measured(registers.HELD_OUT)
    lines = table_of(seen, held_out)
    print("\n".join(lines))
    if arguments.wrong:
        print("\n".join(f"{figure}: {where}" for figure, where, is_right in seen if not is_right), file=sys.stderr)
    if arguments.write:
        write(lines)


def write(lines: list[str]) -> None:
    """The section of the page, in place of the one before."""
    from tests.benchmarks import table

    before, reader, after = PAGE.read_text("utf-8").partition(table.READER)
    before = before.partition(table.GUESSES)[0]
    said = [
        table.GUESSES,
        "",
        f"Made by `make bench-init`: {len(registers.SEEN)} registers that the guesses may be improved on and {len(registers.HELD_OUT)} that they may not,",
        "of other sectors and countries than the samples, drafted from without an answer (`tests/benchmarks/registers.py`, made apart from the",
        "inference). A column that may be called personal or not, such as the day somebody joined, counts in no figure.",
        "",
    ]
    PAGE.write_text("\n".join([before.rstrip("\n"), "", *said, *lines, "", reader + after]), "utf-8")


if __name__ == "__main__":
    main()
