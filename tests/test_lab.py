"""JupyterLab on a home: what starts it, that it answers this machine and its token only, and that a person can use it.

The last needs Debian's Chromium (`apt-get install chromium`), which CI installs; elsewhere it is skipped where there is none.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import desks
import nbformat
import pytest
import worlds
from playwright.sync_api import sync_playwright

from pipelines.desk import lab, notebooks, workbench
from pipelines.errors import HomeError

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Nothing that a browser does by itself is to be counted.
BROWSER = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAST_OUTPUT = """() => [...document.querySelectorAll(".jp-OutputArea-output")].some(
    output => /\\d+ findings, every one with somebody who acts on it/.test(output.textContent))"""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A copy, as notebooks are put into it."""
    place = tmp_path_factory.mktemp("lab") / "home"
    shutil.copytree(desks.home(tmp_path_factory), place)
    return place


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(home: Path):
    """The address of JupyterLab on the home with its token, until the block ends."""
    port = free_port()
    words = lab.command(lab.desk(home), browser=False, port=port)
    sockets = tempfile.TemporaryDirectory(prefix="vahti-")
    environment = lab.environment(home, worlds.EXPECTATIONS, Path(sockets.name))
    log = home / "lab.log"
    with log.open("w") as stream:
        process = subprocess.Popen(words, env=environment, stdout=stream, stderr=subprocess.STDOUT)
    try:
        for _ in range(300):
            found = re.search(rf"http://127\.0\.0\.1:{port}/\S*token=(\w+)", log.read_text())
            if found:
                yield f"http://127.0.0.1:{port}", found[1], Path(sockets.name)
                return
            assert process.poll() is None, log.read_text()[-2000:]
            time.sleep(0.2)
        pytest.fail(log.read_text()[-2000:])
    finally:
        process.terminate()
        process.wait(30)
        sockets.cleanup()


def answer(address: str, token: str = "", data: dict | None = None):
    headers = {"Authorization": f"token {token}"} if token else {}
    body = None if data is None else json.dumps(data).encode()
    with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=30) as response:
        return json.load(response)


# What starts it


def test_the_words_that_start_it(tmp_path):
    words = lab.command(tmp_path, browser=False, port=9999)
    for wanted in ("--ServerApp.ip=127.0.0.1", "--KernelManager.transport=ipc", f"--ServerApp.root_dir={tmp_path}", "--no-browser",
                   "--LabApp.default_url=/lab/tree/00_start_here.ipynb", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"):  # fmt: skip
        assert wanted in words
    assert not any("token" in word or "password" in word for word in words)


def test_the_desk_has_every_notebook_without_the_samples_outputs(tmp_path):
    folder = lab.desk(tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == [path.name for path in notebooks.notebooks()]
    for path in folder.iterdir():
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_what_the_officer_wrote_stays(tmp_path):
    folder = lab.desk(tmp_path)
    (folder / lab.START).write_text("mine")
    (folder / "70_trends.ipynb").unlink()
    lab.desk(tmp_path)
    assert (folder / lab.START).read_text() == "mine" and (folder / "70_trends.ipynb").exists()


def test_a_home_that_is_none_is_refused(tmp_path):
    with pytest.raises(HomeError, match="no workbench home"):
        lab.start(tmp_path / "none", worlds.EXPECTATIONS, browser=False)


def test_the_repositorys_own_home_is_filled_at_first_use(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(workbench, "ROOT", tmp_path)
    monkeypatch.setattr(workbench, "take_in_samples", lambda place, expectations: shutil.copytree(home, place))
    started = []
    monkeypatch.setattr(lab, "until_ended", lambda words, env, folder: started.append(env["VAHTI_HOME"]) or 0)
    assert lab.start(tmp_path / ".vahti", worlds.EXPECTATIONS) == 0
    assert started == [str(tmp_path / ".vahti")]


def test_nothing_of_the_users_is_read_and_no_folder_is_imported_from(tmp_path, monkeypatch):
    for name in ("PYTHONPATH", "JUPYTER_CONFIG_DIR", "JUPYTER_TOKEN", "IPYTHONDIR", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "/elsewhere")
    found = lab.environment(tmp_path, worlds.EXPECTATIONS, tmp_path)
    assert not any("/elsewhere" in text for text in found.values())
    assert (found["PYTHONSAFEPATH"], "JUPYTER_TOKEN" in found) == ("1", False)
    assert {Path(found[name]).is_relative_to(tmp_path) for name in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR")} == {True}
    assert "-P" in lab.command(tmp_path)
    profile = Path(found["IPYTHONDIR"]) / "profile_default" / "ipython_kernel_config.py"
    assert ":memory:" in profile.read_text()
    (tmp_path / "jupyterlab.py").write_text("raise SystemExit('a file of the folder was run')")
    words = [*lab.command(tmp_path)[:4], "--version"]
    done = subprocess.run(words, cwd=tmp_path, env=found, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_ends_the_lab_ends_its_server(tmp_path, name):
    program = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)"
    code = "import sys, os; from pathlib import Path; from pipelines.desk import lab\n"
    code += f"sys.exit(lab.until_ended([sys.executable, '-c', {program!r}], dict(os.environ), Path({str(tmp_path)!r})))"
    process = subprocess.Popen([sys.executable, "-c", code])
    for _ in range(600):
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text():
            break
        time.sleep(0.1)
    process.send_signal(getattr(signal, name))
    assert process.wait(30) == 128 + getattr(signal, name)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


# Who it answers


def test_it_answers_its_token_on_this_machine_and_kernels_take_no_port(home):
    with running(home) as (address, token, sockets):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            answer(f"{address}/api/contents")
        names = {entry["name"] for entry in answer(f"{address}/api/contents", token)["content"]}
        assert lab.START in names
        port = int(address.rpartition(":")[2])
        for machine in {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)} - {
            "127.0.0.1",
            "::1",
            "127.0.1.1",
        }:
            with pytest.raises(OSError), socket.socket() as probe:
                probe.settimeout(2)
                probe.connect((machine, port))
        kernel = answer(f"{address}/api/kernels", token, {"name": "python3"})
        files = list(sockets.glob(f"kernel-{kernel['id']}*.json"))
        assert [json.loads(path.read_text())["transport"] for path in files] == ["ipc"]


# A person at it


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not here: apt-get install chromium")
def test_in_a_browser_the_first_notebook_runs_to_its_end_and_nothing_is_fetched(home, tmp_path):
    asked = []
    with running(home) as (address, token, _), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=BROWSER)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/lab/tree/{lab.START}?token={token}")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)  # before that, it asks which kernel
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(LAST_OUTPUT, timeout=180_000)
        assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
        assert page.locator(".jp-RenderedHTMLCommon table caption").count() >= 5
        assert page.get_by_text("Would you like to").count() == 0, "it asks for leave to fetch news"
        page.screenshot(path=tmp_path / "lab.png")
        browser.close()
    hosts = {
        re.match(r"(?:https?|wss?)://(\[[^]]*\]|[^:/]+)", url)[1]
        for url in asked
        if not url.startswith(("data:", "blob:"))
    }
    assert hosts <= set(LOOPBACK)


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not here: apt-get install chromium")
def test_the_report_is_read_without_a_request(home):
    asked, complaints = [], []
    report = home / "reports" / worlds.PERIOD / "report.html"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=BROWSER)
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(report.as_uri())
        page.wait_for_load_state("networkidle")
        widths = page.evaluate("[...document.images].map(image => image.complete && image.naturalWidth)")
        assert len(widths) >= 3 and all(widths)
        browser.close()
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert complaints == []
