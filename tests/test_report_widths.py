"""The report in a browser: nothing wider than its screen, folded and folded out, and short enough to be read before folding out."""

from __future__ import annotations

import browsers
import desks
import pytest
from playwright.sync_api import sync_playwright

# Before anything is folded out, in pixels.
TALLEST = 12_000
WIDER = """() => [...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)
    .map(e => [e.getAttribute('aria-label'), e.scrollWidth, e.clientWidth])"""

pytestmark = browsers.NEEDED


@pytest.fixture(scope="module")
def opened():
    """A browser for all widths."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=browsers.CHROMIUM, args=browsers.BROWSER)
        yield started
        started.close()


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_report_fits_its_screen_and_is_short_before_it_is_folded_out(opened, tmp_path_factory, language):
    page = opened.new_page()
    page.goto(desks.page(tmp_path_factory, language).as_uri())
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.scrollHeight") < TALLEST
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(WIDER) == []
    page.close()
