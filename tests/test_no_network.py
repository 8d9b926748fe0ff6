"""Nothing leaves the machine: with the network cut off everything works as it does, nobody even tries to reach it, and no
page loads anything from elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import little
import pytest
import subject_homes
import worlds
from little import PERIODS, Place
from pages import LOADS

from pipelines.desk import lab, notebooks
from pipelines.home import store

# Every attempt to reach an address, or to learn one, is refused and noted.
REFUSING = """
import os, socket, traceback

def refuse(what):
    def refused(*arguments, **named):
        address = next((each for each in arguments if not isinstance(each, socket.socket)), "")
        if what != "getaddrinfo" and getattr(arguments[0], "family", None) == socket.AF_UNIX:
            return kept[what](*arguments, **named)
        if what == "bind":  # a look whether this machine has such an address; nothing is reached
            raise OSError(99, "Cannot assign requested address")
        with open(os.environ["ATTEMPTS"], "a") as file:
            file.write(f"{what} {address!r}\\n{''.join(traceback.format_stack(limit=8))}\\n")
        raise OSError(101, "Network is unreachable")
    return refused

kept = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "bind", "sendto")}
for name in kept:
    setattr(socket.socket, name, refuse(name))
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse("getaddrinfo")
"""
# As two commands from a shell, but in one process: run, then report, which executes a notebook in a kernel of its own.
BOTH = """
import sys
from pipelines.commands.main import main
run, report = sys.argv[1].split("\\t"), sys.argv[2].split("\\t")
for words, codes in ((run, (0, 10)), (report, (0, None))):
    sys.argv = ["vahti", *words]
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code
    assert code in codes, code
"""


@pytest.fixture
def place(tmp_path) -> Place:
    place = Place(tmp_path)
    little.exports(place.exports, PERIODS[0])
    little.expectations(place.expectations)
    return place


def both(place: Place, before: tuple[str, ...] = (), **environment: str) -> None:
    report = ["report", "--home", str(place.home), "--expectations", str(place.expectations), "--pdf"]
    words = [*before, sys.executable, "-c", BOTH, "\t".join(place.arguments()), "\t".join(report)]
    done = subprocess.run(
        words, check=False, capture_output=True, encoding="utf-8", cwd=worlds.ROOT, env=os.environ | environment
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert (place.home / "reports" / PERIODS[0] / "report.pdf").exists()


def test_run_and_report_do_not_try_to_reach_anything(place):
    site, attempts = place.folder / "site", place.folder / "attempts"
    site.mkdir()
    (site / "sitecustomize.py").write_text(REFUSING, "utf-8")
    path = os.pathsep.join(filter(None, (str(site), str(worlds.ROOT), os.environ.get("PYTHONPATH"))))
    both(place, PYTHONPATH=path, ATTEMPTS=str(attempts))
    assert not attempts.exists(), attempts.read_text("utf-8")


def test_the_refusal_would_be_noticed(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(REFUSING, "utf-8")
    code = (
        "import urllib.request as r, contextlib\nwith contextlib.suppress(OSError):\n    r.urlopen('http://example.fi')"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "ATTEMPTS": str(tmp_path / "attempts")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert "example.fi" in (tmp_path / "attempts").read_text("utf-8")


def test_run_and_report_work_where_there_is_no_network_at_all(place):
    """Not even the loopback device is up: kernels talk over files."""
    cut = [shutil.which("unshare") or "unshare", "--map-root-user", "--net"]
    try:
        if subprocess.run([*cut, "true"], check=False, capture_output=True).returncode:
            pytest.skip("may not make a network namespace here")
    except OSError:
        pytest.skip("there is no `unshare` here")
    both(place, tuple(cut))


# What is off


def test_great_expectations_reports_to_nobody():
    """Since 1.24 it has no client for it at all; should it come back, its switch is off."""
    code = "from pipelines.second_opinion import engine\nprint(engine.ephemeral_context().config.analytics_enabled)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8", cwd=worlds.ROOT
    )
    assert done.stdout.split() == ["False"]


def test_jupyterlab_fetches_no_news_no_updates_and_no_extensions(tmp_path):
    from jupyterlab.handlers.announcements import NeverCheckForUpdate
    from jupyterlab.labapp import LabApp

    app = LabApp()
    app.parse_command_line(lab.command(tmp_path, browser=False)[4:])
    assert app.news_url is None
    assert app.check_for_updates_class is NeverCheckForUpdate
    assert app.extension_manager == "readonly"
    assert app.serverapp_config.get("ip", app.config.ServerApp.ip) == "127.0.0.1"
    assert app.config.KernelManager.transport == "ipc" or os.name == "nt"


def test_kernels_talk_over_ipc(tmp_path):
    assert notebooks._kernel(tmp_path).transport == "ipc"


def test_duckdb_installs_and_loads_nothing_by_itself(tmp_path):
    home = store.open_home(tmp_path / "home")
    (home.path / "tmp").mkdir()
    ask = "select current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
    connection = store.connect(home)
    assert connection.execute(ask).fetchone() == (False, False)
    with pytest.raises(Exception, match="(?i)extension|not exist|http"):
        connection.execute("from read_csv('https://example.fi/x.csv')").fetchall()
    store.close(connection)
    with store.scratch() as scratch:
        assert scratch.execute(ask).fetchone() == (False, False)


# What pages load


def test_what_would_be_loaded_is_recognised():
    for text in (
        '<script src="https://a.fi/x.js">',
        "<link rel=x href=//a.fi/x.css>",
        "a{background:url('http://a.fi')}",
        "<img src='http://a'>",
    ):
        assert LOADS.search(text), text
    assert not LOADS.search('<a href="https://tietosuoja.fi">')


def test_no_page_of_a_run_loads_anything_from_elsewhere(place, monkeypatch, capsys):
    place.run()
    assert (
        little.command(monkeypatch, capsys, "report", "--home", place.home, "--expectations", place.expectations)[0]
        == 0
    )
    pages = sorted(path for path in place.home.rglob("*") if path.suffix in (".html", ".svg", ".css", ".js"))
    names = {path.name for path in pages}
    assert {"report.html", "index.html", "customers.html"} <= names
    assert [path.name for path in pages if LOADS.search(path.read_text("utf-8"))] == []


def test_no_page_of_an_access_package_does(tmp_path, monkeypatch, capsys):
    home = subject_homes.home_of(tmp_path, customers="customer_number | name\nA1 | Aalto Liisa")
    words = ("subject", "--customer", "A1", "--package", tmp_path / "package", "--reason", "a test", "--home", home)
    assert little.command(monkeypatch, capsys, *words)[0] == 0
    page = (tmp_path / "package" / "letter.html").read_text("utf-8")
    assert not LOADS.search(page) and "<script" not in page


def test_a_table_to_browse_brings_its_program_along(place):
    import pandas

    from pipelines.desk.tables import Table

    markup = Table(pandas.DataFrame({"rule": ["a"]}), "Findings").browse()._repr_html_()
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?:https?:)?//|from ["']https?://|import ["']https?://""", markup)
