"""Processor seconds per test module, of this process and of those it waited for, where a clock would measure the machine's load:

python -m pytest -p tests.processor -n 2

What a shared fixture takes counts for the test that needed it first. Kernels and browsers that others end are not in it.
"""

from __future__ import annotations

import os
from collections import defaultdict

import pytest

BEGAN = pytest.StashKey[float]()
BRIEFLY = 1.0  # what takes less has no line of its own


def spent() -> float:
    """Seconds of user and system time so far."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    item.config.stash[BEGAN] = spent()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    now = spent()
    report.processor = now - item.config.stash[BEGAN]  # a report's attributes reach the main process
    item.config.stash[BEGAN] = now
    return report


def pytest_terminal_summary(terminalreporter):
    modules, tests = defaultdict(float), defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "processor"):
                modules[report.nodeid.partition("::")[0]] += report.processor
                tests[f"{report.nodeid} ({report.when})"] += report.processor
    terminalreporter.section("processor seconds")
    for found in (tests, modules):
        for name, seconds in sorted(found.items(), key=lambda one: -one[1]):
            if seconds >= BRIEFLY:
                terminalreporter.write_line(f"{seconds:8.1f}  {name}")
    terminalreporter.write_line(f"{sum(modules.values()):8.1f}  in all")
