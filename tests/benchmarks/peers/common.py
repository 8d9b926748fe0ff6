"""What the peers share: arguments in, one line of JSON out. Runs in each peer's own environment; imports nothing of ours."""

import json
import resource
import sys
import time
from pathlib import Path


def run(check) -> None:
    """`peer.py FOLDER CHECKS.json`: calls check(path, described, first_day, last_day) -> {kind: offending cells} per file.

    The time includes what it takes to import the tool and to read the files.
    """
    folder, document = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    total = dict.fromkeys(("required", "unique", "allowed", "range"), 0)
    for described in document["files"]:
        found = check(folder / described["file"], described, document["first_day"], document["last_day"])
        for kind, count in found.items():
            total[kind] += int(count)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"seconds": time.perf_counter() - STARTED, "peak_bytes": usage.ru_maxrss * 1024, "found": total}))


def sheet(path: Path) -> list[list[str]]:
    """A worksheet's rows as text."""
    import python_calamine

    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell) -> str:
    if cell.__class__ is str:
        return cell
    if hasattr(cell, "year"):
        return f"{cell.day}.{cell.month}.{cell.year}"
    return str(int(cell)) if cell.__class__ is float and cell.is_integer() else str(cell)


STARTED = time.perf_counter()
