"""The page of results, docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import statistics
from pathlib import Path

MARKS = ("<!-- benchmarks -->", "<!-- /benchmarks -->")
OURS = {
    "floor": "floor: DuckDB lands the files as text",
    "run": "`vahti run`, everything",
    "run again": "`vahti run`, nothing new",
    "report": "`vahti report`",
    "same checks": "this workbench, the same checks",
}


def page(sizes, small, peers, found_in_text, targets, people, command, arguments) -> str:
    """Markdown."""
    parts = [
        "# Benchmarks",
        "",
        f"Made by `{command}` in one run on one machine: {machine()}.",
        f"Medians of {rounds_of(arguments)}; every figure is a whole process from start to end, imports included"
        f"{f'; `vahti run` with --memory {arguments.memory}' if arguments.memory else ''}. Data is generated: eighteen exports of one period,"
        " in three encodings, two of them workbooks, with all the faults that the samples have.",
        "",
        "## Targets",
        "",
        *targets,
        "",
        *whole(sizes, peers),
        *stages(sizes, small),
        *counts(sizes, peers),
        *texts(found_in_text),
        *one_person(people),
    ]
    return "\n".join(parts) + "\n"


# What `tests/benchmarks/inference.py` and `tests/benchmarks/pollock.py` measure stands at the end of the page.
GUESSES = "## What `vahti init` guesses"
READER = "## The reader on other people's files"


def reader_of(path: Path) -> str:
    """The sections on guesses and on the reader as they stand in the page, measured by other commands."""
    text = path.read_text("utf-8") if path.exists() else ""
    first = GUESSES if GUESSES in text else READER
    return first + text.partition(first)[2] if first in text else ""


def rounds_of(arguments) -> str:
    """How often everything was done."""
    largest = arguments.largest_rounds
    return f"{arguments.rounds} rounds" + (
        f", {largest} of the largest size and at least 3 of the samples" if largest else ""
    )


def machine() -> str:
    """Processors, memory, versions."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    import duckdb

    return f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}"


def whole(sizes, peers) -> list[str]:
    """One line per size and thing."""
    lines = [
        "## Whole runs",
        "",
        "| rows | what | seconds | × floor | rows/s | peak memory | on disk |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for rows, found in sizes.items():
        read = found["run"][0].get("rows") or rows
        floor = med(found["floor"], "seconds")
        for name, title in {**OURS, **peers}.items():
            seconds = med(found.get(name, []), "seconds")
            if name in found and seconds is None:
                lines.append(f"| {read:,} | {title} | failed: {found[name][0].get('failed', '')} | | | | |")
            elif seconds is not None:
                disk = med(found[name], "home_bytes") or med(found[name], "bytes")
                lines.append(
                    f"| {read:,} | {title} | {seconds:.1f} | {seconds / floor:.1f} | {read / seconds:,.0f} |"
                    f" {mib(med(found[name], 'peak_bytes'))} | {mib(disk)} |"
                )
    return [*lines, ""]


def stages(sizes, small) -> list[str]:
    """Seconds of each stage of `vahti run`. Great Expectations runs beside the later stages: its time is the wait for it."""
    names = list(
        dict.fromkeys(name for found in sizes.values() for each in found["run"] for name in each.get("stages", {}))
    )
    sizes = {"samples": small} | {f"{rows:,}": found for rows, found in sizes.items()}
    lines = [
        "## Stages of `vahti run`, seconds",
        "",
        "| rows | " + " | ".join(names) + " |",
        "|---:|" + "---:|" * len(names),
    ]
    for rows, found in sizes.items():
        values = (med([each.get("stages", {}) for each in found["run"]], name) for name in names)
        lines.append(f"| {rows} | " + " | ".join("" if value is None else f"{value:.1f}" for value in values) + " |")
    return [
        *lines,
        "",
        "The samples are three periods. Great Expectations runs beside ledger, outputs and report; its column is what is still to wait for after them.",
        "",
    ]


def counts(sizes, peers) -> list[str]:
    """What each tool found, so that the answers can be compared."""
    lines = [
        "## What the same checks found, offending cells",
        "",
        "| rows | tool | required | unique | allowed | range |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    for rows, found in sizes.items():
        for name, title in {"same checks": OURS["same checks"], **peers}.items():
            said = next((each["found"] for each in found.get(name, []) if "found" in each), None)
            if said:
                lines.append(
                    f"| {rows:,} | {title} | "
                    + " | ".join(f"{said[kind]:,}" for kind in ("required", "unique", "allowed", "range"))
                    + " |"
                )
    note = (
        "Tools differ where they read differently: only this workbench trims cells, knows a missing value in any case, and keeps rows that are"
        " quoted wrongly or too long apart instead of dropping them; Soda counts keys that repeat, the others the rows that have them."
    )
    return [*lines, "", note, ""]


TEXT_TITLES = {
    ("codes", "here"): "this workbench, `free_text_identity_code`",
    ("codes", "one kind"): "Presidio, its Finnish recogniser in the whole engine",
    ("prose", "here"): "this workbench, `free_text_kinds`",
    ("prose", "recognisers"): "Presidio, its recognisers of the four kinds alone",
    ("prose", "engine"): "Presidio, the same in the whole engine",
}


def texts(found) -> list[str]:
    """Identity codes in notes full of near misses, and four kinds of identifiers in prose."""
    lines = [
        "## Identifiers in free text",
        "",
        "| texts | tool | texts/s | found | false alarms |",
        "|---|---|---:|---:|---:|",
    ]
    for (kind, name), title in TEXT_TITLES.items():
        if each := found.get(kind, {}).get(name):
            lines.append(
                f"| {kind} | {title} | {each['rate']:,.0f} | {each['found']} of {each['with_code']} | {each['false_alarms']} of {each['without_code']} |"
            )
    return [
        *lines,
        "",
        "Codes: a tenth is in lower case; a third of the near misses each has a wrong check character, an impossible day, or is part of a longer run."
        " Prose: three to eight sentences of customer service, an identity code, IBAN, email address or phone number in one of twenty. Every tool on"
        " one thread. The whole engine also splits texts into words and looks at what stands around; the recognisers alone do what is done here.",
        "",
    ]


def one_person(people: list[str]) -> list[str]:
    """Precision and recall of the search for a person, and the time of an access package."""
    return ["## One person", "", *(f"- {line}" for line in people), ""] if people else []


def targets(sizes, small, exponents, text) -> list[str]:
    """Each target with its figure, met or lost."""
    rows, found = max(sizes.items())
    seconds = {name: med(rounds, "seconds") for name, rounds in found.items()}
    peers = {
        name: value
        for name, value in seconds.items()
        if name in ("gx_pandas", "soda_duckdb", "pandera_polars") and value
    }
    peak = med(found["run"], "peak_bytes")
    wanted = [
        (
            f"`vahti run` at {rows:,} rows at most 3 times the floor",
            seconds["run"] / seconds["floor"],
            3,
            False,
            "times",
        ),
        ("peak memory there at most 3 GiB", peak / 2**30, 3, False, "GiB"),
        ("exponent of time over rows, between the two largest sizes, at most 1.05", exponents["run"], 1.05, False, ""),
        ("an unchanged folder again in under 2 s", seconds["run again"], 2, False, "s"),
        (f"`vahti report` at {rows:,} rows in under 15 s", seconds.get("report"), 15, False, "s"),
        ("`vahti --help` in under 0.3 s", med(small["help"], "seconds"), 0.3, False, "s"),
        ("`vahti run` on the samples, all periods, report aside, in under 10 s", aside(small["run"]), 10, False, "s"),
        ("`vahti report` on the samples in under 15 s", med(small["report"], "seconds"), 15, False, "s"),
    ]
    if "gx_pandas" in peers:
        wanted.append(
            (
                "all expectations (the whole run) at least 10 times faster than Great Expectations on pandas with the few",
                peers["gx_pandas"] / seconds["run"],
                10,
                True,
                "times",
            )
        )
        wanted.append(
            (
                "the same checks at least 10 times faster than it",
                peers["gx_pandas"] / seconds["same checks"],
                10,
                True,
                "times",
            )
        )
    if peers:
        wanted.append(
            (
                "the same checks never slower than the quickest peer",
                min(peers.values()) / seconds["same checks"],
                1,
                True,
                "times as fast",
            )
        )
    prose = text["prose"]
    if "recognisers" in prose:
        title = "four kinds of identifiers in prose at least 20 times the rate of Presidio's recognisers alone"
        wanted.append((title, prose["here"]["rate"] / prose["recognisers"]["rate"], 20, True, "times"))
    lines = ["| target | measured | |", "|---|---:|---|"]
    for title, value, bound, at_least, unit in wanted:
        if value is not None:
            lines.append(
                f"| {title} | {value:.2f} {unit} | {'met' if (value >= bound if at_least else value <= bound) else '**lost**'} |"
            )
    if "engine" in prose:
        times = prose["here"]["rate"] / prose["engine"]["rate"]
        lines += [
            "",
            f"Every tool on one thread. Presidio's whole engine, which also splits texts into words, was {times:.0f} times slower.",
        ]
    return lines


def aside(rounds: list[dict]) -> float | None:
    """Seconds of a run without its stage `report`."""
    return statistics.median(each["seconds"] - each["stages"].get("report", 0) for each in rounds if "stages" in each)


def into_readme(path: Path, targets: list[str], command: str) -> None:
    """The targets between the README's two marks, with the machine and the command that made them."""
    before, _, rest = path.read_text("utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    said = f"Made by `{command}` on {machine()}; all figures are in [docs/benchmarks.md](docs/benchmarks.md)."
    path.write_text("\n".join([before + MARKS[0], said, "", *targets, MARKS[1] + after]), "utf-8")


def med(rounds: list[dict], key: str) -> float | None:
    """Median of what the rounds have under a key; None where none has it."""
    values = [each[key] for each in rounds if each.get(key)]
    return statistics.median(values) if values else None


def mib(value: float | None) -> str:
    """Bytes as MiB."""
    return f"{value / 2**20:,.0f} MiB" if value else ""


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []
