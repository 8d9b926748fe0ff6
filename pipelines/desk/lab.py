"""JupyterLab on a home: on this machine's own address only, with a token, kernels over IPC, nothing fetched.

The notebooks open as copies in the home, without the samples' outputs: what is run there stays there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import outputs
from pipelines.desk import notebooks, prose, saving, sockets, workbench
from pipelines.errors import VahtiError
from pipelines.expectations.controller import load_controller
from pipelines.home import store
from pipelines.job import remembered

if TYPE_CHECKING:
    from nbformat import NotebookNode

SECONDS_TO_END = 10
START = "00_start_here.ipynb"
QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--ServerApp.allow_remote_access=False",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.terminals_enabled=False",
    # No access without the token, whatever the machine's own Jupyter settings (/etc/jupyter) say.
    "--ServerApp.identity_provider_class=pipelines.desk.identity.TokenAlways",
    "--ServerApp.allow_unauthenticated_access=False",
    # Outputs that may hold values are not saved; what is saved is sealed, and deleted files are not moved to a trash.
    "--ContentsManager.pre_save_hook=pipelines.desk.saving.without_values",
    "--ServerApp.contents_manager_class=pipelines.desk.keeping.SealedNotebooks",
    "--FileContentsManager.delete_to_trash=False",
)


def desk(home: Path, code: str = "en") -> Path:
    """The folder of the home's own notebooks; missing ones are added, without outputs. What is the project's in any is in the
    language with that code, no output that may hold values is left, and all are sealed."""
    folder = home / "notebooks"
    for path in notebooks.notebooks():
        if not (folder / path.name).exists():
            outputs.write_text(folder, path.name, notebooks.text_of(_emptied(notebooks.read(path))))
    saving.clean(store.open_existing(home), folder, lambda book: prose.turned(book, code))
    return folder


def language(expectations: Path) -> str:
    """The controller's own language."""
    return load_controller(expectations / "controller.yaml").language


def _emptied(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def command(folder: Path, browser: bool = True, port: int | None = None) -> list[str]:
    """The command line that starts JupyterLab on a folder of notebooks."""
    transport = [] if os.name == "nt" else ["--KernelManager.transport=ipc"]
    root = ["--ServerApp.allow_root=True"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # as in containers
    more = [*root, *([] if browser else ["--no-browser"]), *([f"--ServerApp.port={port}"] if port else [])]
    return [
        sys.executable,
        "-P",
        "-m",
        "jupyterlab",
        *QUIET,
        *transport,
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{START}",
        *more,
    ]


def environment(home: Path, expectations: Path, sockets: Path, code: str = "") -> dict[str, str]:
    """The environment for the kernels: which home, which expectations, which language (`code`; the controller's own without).
    `sockets`: where they listen; a socket's path must be short.

    Settings in the package disable the prompt about fetching news.
    """
    given = {name: text for name, text in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "PYTHON"))}
    return given | {
        "VAHTI_HOME": str(home),
        "VAHTI_EXPECTATIONS": str(expectations.resolve()),
        "JUPYTER_RUNTIME_DIR": str(sockets),
        saving.SHOWN_IN: "1",
        workbench.LANGUAGE: code,
        "JUPYTER_CONFIG_PATH": str(files("pipelines").joinpath("desk", "data", "jupyter")),
        "JUPYTER_PATH": str(files("pipelines").joinpath("desk", "data")),  # the application's template
        "JUPYTER_CONFIG_DIR": str(own(home)),
        "JUPYTER_DATA_DIR": str(own(home) / "data"),
        "IPYTHONDIR": str(own(home) / "ipython"),
        "PYTHONSAFEPATH": "1",
        "PYTHONNOUSERSITE": "1",
    }


def own(home: Path) -> Path:
    """The folder of Jupyter's and IPython's settings in the home: those of the user's are not read, and what is typed is
    kept nowhere. It is where the server works, too: a module that lies among exports is not taken for one of its own."""
    folder = home / "jupyter"
    profile = folder / "ipython" / "profile_default"
    for each in (folder, folder / "ipython", profile):
        each.mkdir(mode=0o700, exist_ok=True)
    outputs.write_text(profile, "ipython_kernel_config.py", "c.HistoryManager.hist_file = ':memory:'\n")
    return folder


def until_ended(words: list[str], env: dict[str, str], folder: Path, kept: tuple[int, ...] = ()) -> int:
    """Waits for a program and returns its exit code. Ctrl-C, SIGTERM and SIGHUP to this process end it, and its kernels.

    `kept`: files it keeps open. It has its own session, so that Ctrl-C reaches only this process: Jupyter would ask for
    confirmation.
    """
    asked: list[int] = []
    process = None

    def ended(number: int, frame: object) -> None:
        asked.append(number)
        if process and len(asked) == 1:
            _end(process)

    # No exception from a handler: one that arrives while the program is starting would lose it.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), ended)
    process = subprocess.Popen(
        words, env=env, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True, pass_fds=kept
    )
    if asked:
        _end(process)
    code = process.wait()
    if not asked:
        return code
    return 0 if asked[0] == signal.SIGINT else 128 + asked[0]


def _end(process: subprocess.Popen) -> None:
    """Asks a program to end, whereupon Jupyter ends its kernels, and kills it if that takes too long: kernels end by
    themselves when their parent is gone."""
    process.terminate()
    later = threading.Timer(SECONDS_TO_END, process.kill)
    later.daemon = True
    later.start()


def start(
    home: Path, expectations: Path, browser: bool = True, port: int | None = None, code: str | None = None
) -> int:
    """Runs JupyterLab until it is ended; returns its exit code. `code`: the language; the controller's own if not given."""

    def words(place: Path) -> list[str]:
        return command(desk(place, code or language(expectations)), browser, port)

    return serve(home, expectations, words, code)


def serve(home: Path, expectations: Path, words: Callable[[Path], list[str]], code: str | None = None) -> int:
    """Runs a server on a home until it is ended; returns its exit code. `words`: its command line, given the home's full path;
    `code`: the language.

    The repository's own home takes in the samples at its first use.
    """
    home = home.expanduser().resolve()
    if home == remembered.OTHERWISE["home"] and not (home / "home.json").exists():
        print("First use: taking the samples in", flush=True)
        workbench.take_in_samples(home, expectations)
    if not store.periods(store.open_existing(home)):
        raise VahtiError("no period was taken in yet", file=home, remedy="vahti run")
    with sockets.folder() as (place, kept):
        return until_ended(words(home), environment(home, expectations, place, code or ""), own(home), kept)
