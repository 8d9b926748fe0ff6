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

import browsers
import desks
import nbformat
import psutil
import pytest
import worlds
from playwright.sync_api import sync_playwright

from pipelines import person as subject
from pipelines.desk import lab, notebooks, saving, sockets, workbench
from pipelines.errors import HomeError
from pipelines.home import keys, sealed, store
from pipelines.job import remembered

LAST_OUTPUT = """() => [...document.querySelectorAll(".jp-OutputArea-output")].some(
    output => /\\d+ open findings and tasks, every one with somebody who acts on it/.test(output.textContent))"""
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
def running(home: Path, *settings: Path, expectations: Path = worlds.EXPECTATIONS):
    """The address of JupyterLab on the home with its token, until the block ends. `settings`: folders of more settings
    of Jupyter, which go before all others."""
    port = free_port()
    words = lab.command(lab.desk(home), browser=False, port=port)
    temporary = tempfile.TemporaryDirectory(prefix="vahti-")
    environment = lab.environment(home, expectations, Path(temporary.name))
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join([*map(str, settings), environment["JUPYTER_CONFIG_PATH"]])
    log = home / "lab.log"
    with log.open("w") as stream:
        process = subprocess.Popen(words, env=environment, stdout=stream, stderr=subprocess.STDOUT)
    try:
        for _ in range(300):
            found = re.search(rf"http://127\.0\.0\.1:{port}/\S*token=(\w+)", log.read_text())
            if found:
                yield f"http://127.0.0.1:{port}", found[1], Path(temporary.name)
                return
            assert process.poll() is None, log.read_text()[-2000:]
            time.sleep(0.2)
        pytest.fail(log.read_text()[-2000:])
    finally:
        process.terminate()
        process.wait(30)
        temporary.cleanup()


@contextmanager
def lab_of(home: Path):
    """`vahti lab` as it is called: its address, its token, and its process. At the end SIGTERM ends all that it started."""
    port = free_port()
    words = ["lab", "--no-browser", "--port", port, "--home", home, "--expectations", worlds.EXPECTATIONS]
    code = "from pipelines.commands.main import main; main()"
    log = home / "vahti.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, words)], stdout=stream, stderr=subprocess.STDOUT, cwd=home
        )
    try:
        for _ in range(1200):
            found = re.search(rf"http://127\.0\.0\.1:{port}/\S*token=(\w+)", log.read_text())
            if found or process.poll() is not None:
                break
            time.sleep(0.05)
        assert found, log.read_text()[-2000:]
        yield f"http://127.0.0.1:{port}", found[1], psutil.Process(process.pid)
    finally:
        started = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        left = psutil.wait_procs(started, timeout=15)[1]
        for each in left:
            each.kill()
        code = process.wait(15)
    assert (left, code) == ([], 128 + signal.SIGTERM)


def answer(address: str, token: str = "", data: dict | None = None):
    headers = {"Authorization": f"token {token}"} if token else {}
    body = None if data is None else json.dumps(data).encode()
    for waiting in (*[0.25] * 80, None):  # JupyterLab prints its address before it listens
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            if waiting is None:
                raise
            time.sleep(waiting)


# What starts it


def test_the_words_that_start_it(tmp_path):
    words = lab.command(tmp_path, browser=False, port=9999)
    for wanted in (
        "--ServerApp.ip=127.0.0.1",
        "--KernelManager.transport=ipc",
        f"--ServerApp.root_dir={tmp_path}",
        "--no-browser",
        "--LabApp.default_url=/lab/tree/00_start_here.ipynb",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ):
        assert wanted in words
    assert not any("token" in word or "password" in word for word in words)


def begun(path: Path) -> Path:
    """A home in which nothing is."""
    return store.open_home(path).path


def unsealed(home: Path, path: Path) -> str:
    """What a notebook of the home says."""
    data = path.read_bytes()
    assert sealed.is_sealed(data)
    return sealed.unsealed(data, keys.key(store.open_home(home)), path).decode("utf-8")


def test_the_desk_has_every_notebook_without_the_samples_outputs(tmp_path):
    home = begun(tmp_path)
    folder = lab.desk(home)
    assert sorted(path.name for path in folder.iterdir()) == [path.name for path in notebooks.notebooks()]
    for path in folder.iterdir():
        book = nbformat.reads(unsealed(home, path), as_version=4)
        cells = [cell for cell in book.cells if cell.cell_type == "code"]
        assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_what_the_officer_wrote_stays(tmp_path):
    home = begun(tmp_path)
    folder = lab.desk(home)
    (folder / lab.START).write_text("mine")
    (folder / "70_trends.ipynb").unlink()
    lab.desk(home)
    assert unsealed(home, folder / lab.START) == "mine" and (folder / "70_trends.ipynb").exists()


def test_a_home_that_is_none_is_refused(tmp_path):
    with pytest.raises(HomeError, match="no workbench home"):
        lab.start(tmp_path / "none", worlds.EXPECTATIONS, browser=False)


def test_the_repositorys_own_home_is_filled_at_first_use(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(remembered.OTHERWISE, "home", tmp_path / ".vahti")
    monkeypatch.setattr(workbench, "take_in_samples", lambda place, expectations: shutil.copytree(home, place))
    started = []
    monkeypatch.setattr(lab, "until_ended", lambda words, env, folder, kept: started.append(env["VAHTI_HOME"]) or 0)
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


def test_a_notebook_that_is_run_for_a_report_imports_from_no_folder_and_reads_nothing_of_the_users(
    tmp_path, monkeypatch
):
    own, folder = tmp_path / "ipython", tmp_path / "folder"
    (own / "profile_default" / "startup").mkdir(parents=True)
    (own / "profile_default" / "startup" / "0.py").write_text("import builtins; builtins.started = 1")
    monkeypatch.setenv("IPYTHONDIR", str(own))
    folder.mkdir()
    (folder / "colorsys.py").write_text("raise SystemExit('a file of the folder was run')")
    source = "import builtins, colorsys\nprint(hasattr(builtins, 'started'), 'folder' in colorsys.__file__)"
    done = notebooks.execute(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), folder=folder)
    assert done.cells[0].outputs[0].text == "False False\n"
    assert not list(own.rglob("history*"))


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


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_sigterm_ends_jupyterlab_and_a_kernel_however_early_it_comes(home):
    with lab_of(home) as (_, _, process):
        assert process.children()
    with lab_of(home) as (address, token, process):
        answer(f"{address}/api/kernels", token, {"name": "python3"})
        assert len(process.children(recursive=True)) >= 2


@pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")
def test_what_a_killed_lab_left_is_removed_at_the_next_start_and_nothing_in_use(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = """if True:
        import subprocess, sys, tempfile, time
        from pipelines.desk import sockets
        tempfile.tempdir = sys.argv[1]
        with sockets.folder() as (place, kept):
            (place / "kernel.json").write_text("{}")
            server = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], pass_fds=kept, stdout=subprocess.DEVNULL)
            print(place, server.pid, flush=True)
            time.sleep(600)
    """
    killed = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    left, server = killed.stdout.readline().split()
    killed.kill()
    killed.wait()
    killed.stdout.close()
    with sockets.folder() as (place, _):
        assert {path.name for path in tmp_path.iterdir()} == {Path(left).name, place.name}, "its server still runs"
        psutil.Process(int(server)).kill()
        while psutil.pid_exists(int(server)) and psutil.Process(int(server)).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.05)
        with sockets.folder() as (another, _):
            assert {path.name for path in tmp_path.iterdir()} == {place.name, another.name}
    assert list(tmp_path.iterdir()) == []


# Who it answers

NO_TOKEN = {
    "ServerApp": {"token": "", "password": "", "allow_unauthenticated_access": True, "ip": "0.0.0.0",
                  "identity_provider_class": "jupyter_server.auth.identity.PasswordIdentityProvider"},
    "IdentityProvider": {"token": "", "need_token": False},
    "PasswordIdentityProvider": {"token": "", "hashed_password": "", "password_required": False},
    "TokenAlways": {"token": ""},
}  # fmt: skip


def test_it_answers_its_token_on_this_machine_and_kernels_take_no_port(home, tmp_path):
    """Also where the machine's settings of Jupyter want it otherwise."""
    for name in ("jupyter_config", "jupyter_server_config", "jupyter_lab_config"):
        (tmp_path / f"{name}.json").write_text(json.dumps(NO_TOKEN))
    with running(home, tmp_path) as (address, token, sockets):
        assert len(token) >= 32
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


@browsers.NEEDED
def test_in_a_browser_the_first_notebook_runs_to_its_end_and_nothing_is_fetched(home, tmp_path):
    asked = []
    with running(home) as (address, token, _), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browsers.CHROMIUM, args=browsers.BROWSER)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/lab/tree/{lab.START}?token={token}")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)  # before that, it asks which kernel
        run_all(page)
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


@browsers.NEEDED
def test_a_table_to_browse_is_drawn_sorted_and_filtered_and_nothing_is_fetched(home, tmp_path):
    source = "from pipelines import open_workbench\nopen_workbench().findings().count('rule').browse()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(notebook, lab.desk(home) / "browse.ipynb")
    asked = []
    with lab_of(home) as (address, token, _), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browsers.CHROMIUM, args=browsers.BROWSER)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/lab/tree/browse.ipynb?token={token}")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)
        run_all(page)
        page.wait_for_selector(".jp-OutputArea-output table.dataTable tbody td", timeout=90_000)
        assert page.get_by_text("Loading ITables").count() == 0
        first = page.locator("table.dataTable tbody tr td:first-child")
        rules = first.all_inner_texts()
        assert len(rules) > 3 and rules != sorted(rules)
        page.locator("table.dataTable thead th .dt-column-order").first.click()
        page.wait_for_function(
            "() => document.querySelector('table.dataTable th[aria-sort=ascending]')", timeout=10_000
        )
        drawn = first.all_inner_texts()
        assert drawn == sorted(drawn) and drawn != rules
        page.locator(".dt-search input").fill(rules[0])
        page.wait_for_function("() => document.querySelectorAll('table.dataTable tbody tr').length < 3", timeout=10_000)
        assert rules[0] in first.all_inner_texts()
        page.screenshot(path=tmp_path / "browse.png")
        browser.close()
    (home / "notebooks" / "browse.ipynb").unlink()
    hosts = {
        re.match(r"(?:https?|wss?)://(\[[^]]*\]|[^:/]+)", url)[1] for url in asked if url.startswith(("http", "ws"))
    }
    assert hosts and hosts <= set(LOOPBACK)


def run_all(page) -> None:
    """Runs the notebook that is open, however early it is asked to: a menu that is not ready yet does nothing."""
    for _ in range(6):
        if page.locator("dialog.jp-Dialog").count():  # a question of JupyterLab's own, which lies over the menu
            page.keyboard.press("Escape")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        for _ in range(100):
            if any(re.search(r"\[[*\d]", text) for text in page.locator(".jp-InputPrompt").all_inner_texts()):
                return
            page.wait_for_timeout(100)
    pytest.fail("no cell of the notebook was run")


def personal(home: Path, expectations: Path) -> tuple[str, str, set[str]]:
    """(number, name, names, addresses, phones and the like) of the first customer under whose name there are others too."""
    with subject.at(home, expectations) as place:
        names = place.connection.execute(
            "select min(customer_number), name from registry.customers where name is not null"
            " group by name having count(distinct customer_number) > 1 order by 1"
        ).fetchall()
        for number, _ in names:
            clear = subject.reveal(place, number, why="request TP1")
            hidden = subject.reveal(place, number, why="request TP1", masked=True)
            if len(hidden):  # nothing is shown of somebody who is protected
                break
    name = dict(names)[number]
    told = clear[clear.field.isin(("name", "address", "street_address", "phone", "email", "personal_identity_code"))]
    return number, name, {name, *map(str, told.value)}


def drawn_whole(home: Path) -> None:
    """Every cell of a notebook is drawn, wherever it is scrolled to: one out of sight would not show its question."""
    folder = lab.own(home) / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
    folder.mkdir(parents=True)
    (folder / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}), "utf-8")


def answer_prompts(page, answers: dict[str, str], until: str) -> list[str]:
    """Answers each question of the running notebook by its first word until a text stands there; the questions."""
    asked = []
    for _ in range(3_000):
        if page.get_by_text(until).count():
            return asked
        field = page.locator(".jp-Stdin-input:not([disabled])")
        question = page.locator(".jp-Stdin-prompt").all_inner_texts()
        if field.count() and question and question[-1].split()[0] not in asked:
            assert field.last.get_attribute("type") == "password", "what is typed is seen"
            field.last.fill(answers[question[-1].split()[0]])
            field.last.press("Enter")
            asked.append(question[-1].split()[0])
        elif page.locator(".jp-mod-stderr, [data-mime-type='application/vnd.jupyter.error']").count():
            break
        page.wait_for_timeout(100)
    cells = "\n".join(page.locator(".jp-CodeCell").all_inner_texts())
    status = page.locator("#jp-main-statusbar").all_inner_texts()
    pytest.fail(f"asked {asked}, and then nothing; {status}, dialogs {page.locator('dialog').count()}\n{cells[:6000]}")


@browsers.NEEDED
def test_a_persons_notebook_asks_first_shows_what_is_revealed_and_saves_none_of_it(home, tmp_path):
    """As on real data: no sample's example stands in."""
    home = Path(shutil.copytree(home, tmp_path / "home"))
    (home / remembered.MADE_WITH).unlink(missing_ok=True)  # it is opened with other expectations
    expectations = Path(shutil.copytree(worlds.EXPECTATIONS, tmp_path / "expectations"))
    controller = expectations / "controller.yaml"
    controller.write_text(
        controller.read_text("utf-8").replace("synthetic_data: true", "synthetic_data: false"), "utf-8"
    )
    number, name, values = personal(home, expectations)
    drawn_whole(home)
    with running(home, expectations=expectations) as (address, token, _), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browsers.CHROMIUM, args=browsers.BROWSER)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{address}/lab/tree/80_data_subject.ipynb?token={token}")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)
        run_all(page)
        answers = {"Whom": name, "Why?": "request TP1", "Which": number}
        assert answer_prompts(page, answers, "more may be theirs'") == ["Whom", "Why?", "Which"]
        shown = page.locator(".jp-OutputArea-output", has_text="not for print or mail").last
        for _ in range(2):  # cells on the way are drawn only then, and are higher than they were
            shown.evaluate("element => element.scrollIntoView()")
            page.wait_for_timeout(300)
        page.screenshot(path=tmp_path / "revealed.png")
        assert name in shown.text_content()
        page.keyboard.press("Control+s")
        saved = home / "notebooks" / "80_data_subject.ipynb"
        for _ in range(300):
            if saving.LEFT in unsealed(home, saved):
                break
            page.wait_for_timeout(100)
        browser.close()
    written = {path: path.read_text("utf-8", "replace") for path in home.rglob("*") if path.suffix == ".log"}
    written |= {path: unsealed(home, path) for path in sealed.notebooks(home / "notebooks")}
    assert saving.LEFT in written[saved] and "customer " + number in written[saved]
    assert [(path.name, len(value)) for path, text in written.items() for value in values if value in text] == []


@browsers.NEEDED
def test_the_report_is_read_without_a_request(home):
    asked, complaints = [], []
    report = home / "reports" / worlds.PERIOD / "report.html"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browsers.CHROMIUM, args=browsers.BROWSER)
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
