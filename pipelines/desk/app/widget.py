"""The one widget of the application: it shows a page, and passes on followed links and submitted forms."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from pipelines.desk.app.desk import Desk, Page

STATIC = files("pipelines").joinpath("desk", "app", "static")


def widget(desk: Desk) -> Any:
    """A desk in the browser."""
    return _kind()(desk)


@cache
def _kind() -> type:
    import anywidget
    import traitlets

    class Widget(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
        """`page`: {html, title, code, path, number}."""

        _esm = STATIC.joinpath("desk.js").read_text("utf-8")
        _css = STATIC.joinpath("desk.css").read_text("utf-8")
        page = traitlets.Dict().tag(sync=True)

        def __init__(self, desk: Desk) -> None:
            super().__init__()
            self._desk = desk
            self.on_msg(lambda _, message, buffers: self._show(told(desk, message, buffers)))
            self._show(desk.page())

        def _show(self, page: Page) -> None:
            number = self.page.get("number", 0) + 1  # so that the same page is shown again when it is requested again
            self.page = {"html": page.html, "title": page.title, "code": page.code, "path": page.path, "number": number}
            if page.download:
                name, data = page.download
                self.send({"download": name}, [data])

    return Widget


def told(desk: Desk, message: dict, buffers: list) -> Page:
    """The page that follows a link, or a form with its files."""
    if "act" not in message:
        return desk.page(str(message.get("to", "/")))
    given = zip(message.get("names", []), buffers, strict=False)
    files = tuple((str(name), bytes(data)) for (_, name), data in given)
    return desk.act(str(message["act"]), dict(message.get("values", {})), files)
