"""A home of the samples as a run leaves it, and its reports, for tests of the desk: made once for all workers.

Not to be changed, but for what `reports` writes into it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import worlds
from filelock import FileLock

from pipelines import open_workbench
from pipelines.desk import report as periodic
from pipelines.job import run


def shared(tmp_path_factory) -> Path:
    """The session's folder that all workers share."""
    place = tmp_path_factory.getbasetemp()
    return place.parent if "PYTEST_XDIST_WORKER" in os.environ else place


def home(tmp_path_factory) -> Path:
    """The newest period with everything, the ones before it without Great Expectations and report."""
    place = shared(tmp_path_factory) / "desk"
    light = worlds.home_of_samples(tmp_path_factory)
    with FileLock(f"{place}.lock"):
        if not place.exists():
            shutil.copytree(light, place.with_suffix(".part"))
            exports = worlds.SAMPLES / "exports"
            run.run(place.with_suffix(".part"), exports, worlds.EXPECTATIONS, period=worlds.PERIOD, replace=True)
            place.with_suffix(".part").replace(place)
    return place


def page(tmp_path_factory, language: str) -> Path:
    """The page that `vahti report --lang …` writes of the newest period."""
    place = home(tmp_path_factory)
    path = _paths(place, language)[0]
    with FileLock(f"{place}.{language}.lock"):
        if not path.exists():
            periodic.write(open_workbench(place, language=language))
    return path


def _paths(place: Path, language: str) -> list[Path]:
    stem = "report" if language == "en" else f"report.{language}"
    return [place / "reports" / worlds.PERIOD / f"{stem}{end}" for end in (".html", ".pdf")]


def reports(tmp_path_factory, language: str) -> list[Path]:
    """What `vahti report --lang … --pdf` writes of the newest period, and where."""
    place = home(tmp_path_factory)
    paths = _paths(place, language)
    with FileLock(f"{place}.{language}.lock"):
        if not paths[1].exists():
            assert [
                path.resolve() for path in periodic.write(open_workbench(place, language=language), pdf=True)
            ] == paths
    return paths
