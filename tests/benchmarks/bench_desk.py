"""`make bench-desk`: how long it takes from `vahti desk` to the first page, on a fresh home of the samples.

    python tests/benchmarks/bench_desk.py [ROUNDS]

Each round starts the command, opens the address in Chromium as soon as it is printed, and waits for the page's heading; then
opens it once more, as she does who closed the page. Prints medians of seconds, and of processor seconds of the command with
all that it started.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import browsers  # noqa: E402

VAHTI = Path(sys.executable).with_name("vahti")
EXPECTATIONS, EXPORTS = ROOT / "expectations", ROOT / "data_samples" / "exports"
PATIENCE = 120_000


def opened(page: Page, address: str) -> float:
    """Seconds until the page has its heading."""
    started = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=PATIENCE)
    page.get_by_role("heading", level=1).wait_for(timeout=PATIENCE)
    return time.perf_counter() - started


def processor(process: psutil.Process) -> float:
    """Processor seconds so far of a program and of all that it started."""
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def one_round(home: Path, page: Page) -> dict[str, float]:
    """What one start of the desk takes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    words = [VAHTI, "desk", "--no-browser", "--port", port, "--home", home, "--expectations", EXPECTATIONS]
    process = subprocess.Popen(
        list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=home
    )
    try:
        said = (re.search(r"http://127\.0\.0\.1:\d+/\?token=\w+", line) for line in process.stdout)
        address = next(found for found in said if found)[0]
        listens = time.perf_counter() - started
        first = opened(page, address)
        used = processor(psutil.Process(process.pid))
        return {
            "address": listens,
            "first page": listens + first,
            "processor": used,
            "once more": opened(page, address),
        }
    finally:
        process.terminate()
        process.wait(60)


def main(rounds: int) -> None:
    """Prints the medians."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        home, os.environ["VAHTI_KEY"] = Path(scratch) / "home", secrets.token_hex(32)
        run = [VAHTI, "run", "--home", home, "--exports", EXPORTS, "--expectations", EXPECTATIONS, "--fail-on", "never"]
        subprocess.run(list(map(str, run)), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        page = play.chromium.launch(executable_path=browsers.CHROMIUM, args=browsers.BROWSER).new_page()
        found = [one_round(home, page) for _ in range(rounds)]
    for name in found[0]:
        print(f"{name}: {statistics.median(each[name] for each in found):.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
