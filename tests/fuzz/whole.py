"""Any bytes as any file that is given to the workbench: `make fuzz SECONDS=300`; a small draw of it is in the suite.

    python -m tests.fuzz.whole FOLDER SEED SECONDS [MOST]

A small controller with every kind of file: exports (CSV and a workbook), contracts, rules, a relation, schedule, controller,
notice, words, legal holds; and the worklists that come back, as CSV and as a workbook. Each draw changes one of them and gives
it to the command that reads it, in a process of its own. It must end in its time and memory with an exit code that the
documentation names, say one message where it is no success, no traceback, and write nothing outside the home. Prints a
JSON object a draw that did not; the file of it is kept in FOLDER. The last line counts them all.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import conftest  # noqa: F401  a key
import little
import worlds
from little import PERIODS, Place
from test_configuration import CONTROLLER, NOTICE, SCHEDULE

# Of one command, on a machine that does other things too: seconds by the clock, of processor, and bytes of memory.
MOST_SECONDS, MOST_PROCESSOR, MOST_MEMORY, MOST_FILE = 180, 60, 6 * 2**30, 2**28
Change = Callable[[random.Random, bytes, list[bytes]], bytes]
# As docs/commands.md names them; 70 is a fault of the program.
CODES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
HOLDS = "Pito;Järjestelmä;Aineisto;Asiakasnumero;Peruste;Alkoi;Päättyy\nP1;;;A1;suit;1.1.2026;\n"
PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Claims"\nmsgstr "Reklamaatiot"\n'
CORNERS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\r", b"\n", b"\x1b[31m", b"\x85", b'"', b"'", b"`", b";", b"$", b"{{", b"{%", b"*/", b"/*", b"--",
    b"&a", b"*a", b"!!python/object:os.system", b"[" * 5_000, b"(" * 3_000, b"- " * 2_000, b"a: " * 500, b"?", b"|", b">", b"\t", b"%",
    b"null", b"~", b"true", b"1e999", b"-1", b"99999999999999999999", b"2026-02-30", b"9999-12-31", b"0001-01-01", b"P99999Y", b"P-1D",
    b".nan", b"0x", b"../../etc/passwd", b"/etc/passwd", b"CON", b"x" * 100_000, b"\xf0\x9f\x92\xa7" * 100, b"\xe2\x80\xae", b"{" * 100,
    b"select 1;", b"union all select * from registry.claims", b"' or 1=1 --", b"getenv('HOME')",
    b"with recursive r as (select 1 as n union all select n+1 from r)",
    b"(((a+)+)+)+$", b"(?P<n>", b"\\", b"<a>", b"</sheetData>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&#x0;", b"]]>",
)  # fmt: skip


def lighter() -> None:
    """Without Great Expectations, record of processing and report, which read the database; of the report, its words only."""
    from pipelines import second_opinion
    from pipelines.language.languages import sayings
    from pipelines.record import collect
    from pipelines.report import page

    def words(connection, context, *arguments, **more) -> None:
        sayings("fi", context.contracts[0].path.parent.parent)

    second_opinion.run = second_opinion.warm = collect.take_in = lambda *arguments, **more: None
    page.write = words


def made(folder: Path) -> Place:
    """The place, with one period that is taken in: what comes back is about it."""
    place = Place(folder)
    little.exports(place.exports, PERIODS[0])
    worlds.write(place.exports / PERIODS[0], map_customers="customer_number | name\nA1 | Kuikkanen Tellervo")
    expectations = little.expectations(place.expectations)
    for name in ("contracts/keyaqua.map_customers.odcs.yaml", "holds.odcs.yaml"):
        shutil.copy(worlds.EXPECTATIONS / name, expectations / name)
    text = (
        (expectations / "controller.yaml")
        .read_text("utf-8")
        .replace("systems:\n", "systems:\n  keyaqua: {name: KeyAqua, keeper: maps}\n")
    )
    (expectations / "controller.yaml").write_text(text + CONTROLLER, "utf-8")
    with (expectations / "retention.yaml").open("a", encoding="utf-8") as file:
        file.write("    applies: opened_on is not null\n" + SCHEDULE)
    (expectations / "notice.yaml").write_text(
        NOTICE.replace("systems: [vesikanta]\n  purposes", "systems: [vesikanta, keyaqua]\n  purposes"), "utf-8"
    )
    (expectations / "relations").mkdir()
    for name in ("outdated_map_rows", "current_customer_numbers"):
        shutil.copy(worlds.EXPECTATIONS / "relations" / f"{name}.sql", expectations / "relations")
    (expectations / "relations" / "some_claims.sql").write_text(
        "select record_key from registry.claims where opened_on < $as_of\n"
    )
    words = expectations / "locale" / "fi" / "LC_MESSAGES"
    words.mkdir(parents=True)
    (words / "expectations.po").write_text(PO, "utf-8")
    (place.exports / PERIODS[0] / "holds.csv").write_text(HOLDS, "utf-8")
    lighter()
    place.run(threads=1)
    (folder / "worklists").mkdir()
    for number, path in enumerate(sorted((place.home / "reports" / PERIODS[0] / "worklists").iterdir())):
        shutil.copy(path, folder / "worklists" / f"{number}{path.suffix}")
    return place


def files(place: Place) -> list[Path]:
    """Every file that is changed, as it lies below the place."""
    found = [
        path
        for name in ("exports", "expectations", "worklists")
        for path in (place.folder / name).rglob("*")
        if path.is_file()
    ]
    return sorted(path.relative_to(place.folder) for path in found)


def changed(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """The bytes with something done to them: a little, much, or everything; inside of a workbook's parts too."""
    if data[:2] == b"PK" and chance.random() < 0.7:
        return _workbook_changed(chance, data, others)
    way = chance.choice(
        ["byte", "put", "put", "word", "word", "cut", "out", "twice", "other", "any", "empty", "many", "wide"]
    )
    at, to = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    lines = data.splitlines(keepends=True) or [b""]
    line = chance.randrange(len(lines))
    if way == "word":  # what stands between two blanks, colons or quotes
        words = [place for place, byte in enumerate(data) if byte in b" :;\n,'\"[]{}()"] or [0]
        at = chance.choice(words) + 1
        to = next((place for place in words if place > at), len(data))
    return {
        "byte": lambda: data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        "put": lambda: data[:at] + chance.choice(CORNERS) + data[at:],
        "word": lambda: data[:at] + chance.choice(CORNERS) + data[to:],
        "cut": lambda: data[:at],
        "out": lambda: b"".join(lines[:line] + lines[line + 1 :]),
        "twice": lambda: b"".join(lines[:line] + [lines[line]] * 2 + lines[line + 1 :]),
        "other": lambda: chance.choice(others),
        "any": lambda: chance.randbytes(chance.choice([1, 3, 100, 5_000])),
        "empty": lambda: b"",
        "many": lambda: data[:at] + data[at : at + 50] * 2_000 + data[at:],
        "wide": lambda: data.decode("utf-8", "replace").encode(
            chance.choice(["utf-16", "utf-32", "utf-8-sig", "cp037"]), "replace"
        ),
    }[way]()


def _workbook_changed(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        hit = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, changed(chance, part, others) if name == hit else part)
    return buffer.getvalue()


def words_of(path: Path, folder: Path) -> list[str]:
    """The command that reads a file."""
    home = ["--home", str(folder / "home")]
    if path.parts[0] == "worklists":
        return ["worklist", "import", str(folder / path), *home]
    return [
        "run",
        "--exports",
        str(folder / "exports"),
        "--expectations",
        str(folder / "expectations"),
        "--fail-on",
        "never",
        *home,
    ]


def given(folder: Path, words: list[str]) -> tuple[int | None, str, float]:
    """(exit code, None where it was ended; what it printed; seconds) of a command in a forked child."""
    said = folder / "said"
    began = time.monotonic()
    child = os.fork()
    if not child:
        try:
            _given(folder, words, said)
        finally:
            os._exit(99)
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done or time.monotonic() - began > MOST_SECONDS:
            break
        time.sleep(0.01)
    if not done:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None, "too long", time.monotonic() - began
    text = said.read_bytes().decode("utf-8", "replace") if said.exists() else ""
    said.unlink(missing_ok=True)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status), text, time.monotonic() - began


def _given(folder: Path, words: list[str], said: Path) -> None:
    import resource

    from pipelines.commands import main as cli

    for which, most in (
        (resource.RLIMIT_CPU, MOST_PROCESSOR),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, MOST_FILE),
    ):
        resource.setrlimit(which, (most, most))
    handle = os.open(said, os.O_CREAT | os.O_WRONLY)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.chdir(folder / "here")
    os.environ["TMPDIR"] = str(folder / "here")
    sys.argv = ["vahti", *words]
    code = 0
    try:
        cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def outside(folder: Path) -> dict[str, str]:
    """A sum of every file that is not in the home."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
        if path.relative_to(folder).parts[0] != "home"
    }


def problem(code: int | None, text: str, before: dict, after: dict) -> str:
    """What must not be; '' where all is well."""
    if code is None or code < 0:
        return f"ended by a signal ({code}) or far too slow"
    if code not in CODES:
        return f"exit code {code}"
    if "Traceback" in text or "unexpected fault" in text:
        return "a traceback, or a fault of the program"
    if code and (text.count("vahti: ") != 1 or "Remedy" not in text):
        return "not one message with a remedy"
    return "" if before == after else f"wrote outside the home: {sorted(set(before.items()) ^ set(after.items()))[:3]}"


def draw(place: Place, chance: random.Random, scratch: Path, paths: list[Path], change: Change | None = None) -> dict:
    """One changed file, and what came of it."""
    path = chance.choice(paths)
    others = [(place.folder / other).read_bytes() for other in chance.sample(paths, 3)]
    folder = scratch / "draw"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("exports", "expectations", "worklists", *(["home"] if path.parts[0] == "worklists" else [])):
        shutil.copytree(place.folder / name, folder / name)
    (folder / "here").mkdir()
    data = (change or changed)(chance, (folder / path).read_bytes(), others)
    (folder / path).write_bytes(data)
    before = outside(folder)
    code, text, seconds = given(folder, words_of(path, folder))
    return {
        "file": str(path),
        "code": code,
        "seconds": round(seconds, 2),
        "problem": problem(code, text, before, outside(folder)),
        "said": text[-1500:],
        "data": data,
    }


def unchanged(place: Place, scratch: Path, paths: list[Path]) -> None:
    """AssertionError where a command fails on files that nobody changed: what it says of changed ones would mean nothing."""
    for path in (paths[0], paths[-1]):
        done = draw(place, random.Random(0), scratch, [path] * 3, lambda chance, data, others: data)
        assert done["code"] == 0, (str(path), done["code"], done["said"])


def main(folder: Path, seed: int, seconds: float, most: int = 10**9) -> int:
    """Draws until the time is over; the number of those that were not as they must be."""
    folder = folder.resolve()  # commands run in a folder of their own
    scratch = folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    place = made(scratch / "place")
    paths, chance = files(place), random.Random(seed)
    unchanged(place, scratch, paths)
    began, codes, wrong, slowest = time.monotonic(), Counter(), 0, 0.0
    while time.monotonic() - began < seconds and sum(codes.values()) < most:
        done = draw(place, chance, scratch, paths)
        data = done.pop("data")
        codes[done["code"]] += 1
        slowest = max(slowest, done["seconds"])
        if done["problem"]:
            wrong += 1
            (folder / f"crash-{hashlib.sha256(data).hexdigest()[:12]}-{Path(done['file']).name}").write_bytes(data)
            print(json.dumps(done), flush=True)
    print(
        json.dumps(
            {
                "files": [path.as_posix() for path in paths],
                "draws": sum(codes.values()),
                "wrong": wrong,
                "slowest": slowest,
                "codes": {str(k): n for k, n in sorted(codes.items(), key=str)},
            }
        )
    )
    shutil.rmtree(scratch)
    return wrong


if __name__ == "__main__":
    where, *numbers = sys.argv[1:]
    sys.exit(bool(main(Path(where), *map(int, numbers))))
