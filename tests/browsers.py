"""Debian's Chromium, for tests of pages; they are skipped where there is none."""

from __future__ import annotations

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NEEDED = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not here: apt-get install chromium")
# Nothing that a browser does by itself is to be counted.
BROWSER = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
