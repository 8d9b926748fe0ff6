"""The report's page as a PDF, set by Typst: it needs no browser and no system library, uses Matplotlib's fonts, and gives
the same bytes for the same page. The PDF is tagged for screen readers (PDF/UA-1).

Supports only the page's own subset of HTML. Record keys stay in the page and in `findings.csv`.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import NavigableString, Tag

LEFT_OUT = {"footer", "nav", "script", "source", "style"}
# Tables with this many columns are set small, with widths by content; this many rows stay on one page.
WIDE, TOGETHER = 5, 14
# No column asks for more width than this many letters.
MOST_LETTERS = 60
PREAMBLE = """
#set document(title: {title}, author: "Rekisterivahti", date: none)
#set text(font: "DejaVu Sans", size: 8.5pt, lang: {language}, fill: rgb("#1d2a33"), hyphenate: false)
#set par(leading: 0.6em, spacing: 0.9em)
#set page(paper: "a4", margin: (x: 15mm, top: 16mm, bottom: 17mm), footer: context align(right,
  text(7pt, fill: rgb("#55646e"))[#counter(page).display() / #counter(page).final().first()]))
#set table(stroke: (x, y) => (bottom: 0.4pt + rgb("#dbe2e6")), inset: (x: 3pt, y: 3.2pt))
#show heading: set block(sticky: true, above: 1.4em, below: 0.7em)
#show heading.where(level: 1): set text(16pt)
#show heading.where(level: 2): set text(12.5pt)
#show heading.where(level: 3): set text(10pt)
#show heading.where(level: 4): set text(9pt)
#show raw: set text(font: "DejaVu Sans Mono", size: 0.9em)
#show link: set text(fill: rgb("#0b4a6b"))
#show table.cell.where(y: 0): set text(fill: rgb("#55646e"))
#let muted(body) = text(fill: rgb("#55646e"), size: 0.92em, body)
#let bad(body) = text(fill: rgb("#9c2a1f"), weight: "bold", body)
#let fills = (high: rgb("#9c2a1f"), medium: rgb("#e39b3b"), low: rgb("#b9cfdd"))
#let badge(kind, body) = box(fill: fills.at(kind), inset: (x: 3pt), outset: (y: 2pt), radius: 2pt,
  text(fill: if kind == "high" {{ white }} else {{ black }}, size: 0.85em, weight: "bold", body))
#let bar(colour, body) = block(width: 100%, inset: (left: 7pt, y: 3pt), stroke: (left: 2.5pt + colour), body)
#let rule(kind, body) = block(width: 100%, above: 1.3em, inset: (left: 8pt, y: 2pt),
  stroke: (left: 2.5pt + fills.at(kind)), body)
#let tile(body) = block(width: 100%, inset: 6pt, stroke: 0.5pt + rgb("#dbe2e6"), radius: 2pt, body)
"""


def pdf_of(page: str) -> bytes:
    """The PDF of a report's page."""
    import matplotlib
    import typst

    with tempfile.TemporaryDirectory() as folder:
        source = _Setter(page, Path(folder)).document()
        (Path(folder) / "report.typ").write_text(source, encoding="utf-8")
        return typst.compile(
            str(Path(folder) / "report.typ"),
            root=folder,
            pdf_standards="ua-1",
            ignore_system_fonts=True,
            font_paths=[str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")],
        )


def quoted(text: str) -> str:
    """A Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Setter:
    """Turns one page into Typst; pictures go into `folder`."""

    def __init__(self, page: str, folder: Path) -> None:
        from bs4 import BeautifulSoup

        self.soup, self.folder, self.pictures = BeautifulSoup(page, "html.parser"), folder, 0
        self.labels = {tag["id"] for tag in self.soup.select("section[id], article[id]")}

    def document(self) -> str:
        """The whole document."""
        title, language = self.soup.title.get_text(), self.soup.html["lang"]
        contents = self.soup.nav["aria-label"] if self.soup.nav else ""
        self.contents = f"#outline(title: {quoted(contents)}, target: heading.where(level: 2))\n" if contents else ""
        return PREAMBLE.format(title=quoted(title), language=quoted(language)) + self.children(self.soup.body)

    def children(self, tag: Tag) -> str:
        """The contents of a tag."""
        return "".join(self.one(child) for child in tag.children)

    def one(self, node: Tag | NavigableString) -> str:
        """One node; runs of blanks in text become one space."""
        from bs4 import NavigableString, Tag

        if isinstance(node, Tag):
            if node.name in LEFT_OUT or {"skip", "slender", "numbers", "count"} & set(node.get("class", [])):
                return ""
            return getattr(self, f"_{node.name}", self.children)(node)
        if type(node) is not NavigableString:
            return ""
        text = re.sub(r"[ \t\r\n]+", " ", str(node))
        return " " if text == " " else f"#{quoted(text)};" if text else ""

    def _block(self, tag: Tag, make: Callable[[str], str]) -> str:
        body = self.children(tag).strip()
        return f"\n{make(body)}\n\n" if body else ""

    def _heading(self, tag: Tag) -> str:
        holder = tag.find_parent(["section", "article"])
        first = holder is not None and holder.find(re.compile("^h[1-6]$")) is tag
        label = f" <{holder['id']}>" if first and holder.get("id") in self.labels else ""
        text = self._block(tag, lambda body: f"#heading(level: {tag.name[1]})[{body}]{label}")
        return text + (self.contents if tag.name == "h1" and tag.find_parent("header") is None else "")

    _h1 = _h2 = _h3 = _h4 = _heading

    def _header(self, tag: Tag) -> str:
        return self.children(tag) + '#line(length: 100%, stroke: 1.2pt + rgb("#0b4a6b"))\n' + self.contents

    def _details(self, tag: Tag) -> str:
        return f"\n{self.children(tag)}\n" if "fold" in tag.get("class", []) else ""

    def _summary(self, tag: Tag) -> str:
        titled = tag.find(re.compile("^h[1-6]$")) is not None
        return self.children(tag) if titled else self._block(tag, lambda body: f"#block(sticky: true)[#strong[{body}]]")

    def _ol(self, tag: Tag) -> str:
        items = [self.children(item).strip() for item in tag.find_all("li", recursive=False)]
        return f"\n#enum(start: {int(tag.get('start', 1))}, " + ", ".join(f"[{item}]" for item in items) + ")\n\n"

    def _p(self, tag: Tag) -> str:
        kinds = set(tag.get("class", []))
        if "sign" in kinds:
            lines = [
                f"#line(length: 100%, stroke: 0.5pt) #muted[{self.children(span)}]" for span in tag.find_all("span")
            ]
            return f"\n#v(2.2em)#grid(columns: (1fr, 1fr), gutter: 2em, {', '.join(f'[{line}]' for line in lines)})\n\n"
        colour = 'rgb("#e39b3b")' if "warn" in kinds else 'rgb("#0b4a6b")' if "fine" in kinds else ""
        if colour:
            return self._block(tag, lambda body: f"#bar({colour})[{body}]")
        muted = kinds & {"note", "kind", "dates", "product"}
        return self._block(tag, lambda body: f"#muted[{body}]" if muted else body)

    def _div(self, tag: Tag) -> str:
        if "made-up" in tag.get("class", []):
            return self._block(tag, lambda body: f"#muted[{body}]")
        return f"\n{self.children(tag)}\n"

    _section = _div

    def _article(self, tag: Tag) -> str:
        kind = next(kind for kind in ("high", "medium", "low") if kind in tag["class"])
        return self._block(tag, lambda body: f"#rule({quoted(kind)})[{body}]")

    def _ul(self, tag: Tag) -> str:
        items = [self.children(item).strip() for item in tag.find_all("li", recursive=False)]
        if "tiles" in tag.get("class", []):
            tiles = ", ".join(f"tile[{item}]" for item in items)
            return f"\n#grid(columns: (1fr,) * {len(items)}, gutter: 5pt, {tiles})\n\n"
        return "\n#list(" + ", ".join(f"[{item}]" for item in items) + ")\n\n"

    def _dl(self, tag: Tag) -> str:
        pairs = [(self.children(term), self.children(term.find_next("dd"))) for term in tag.find_all("dt")]
        return "\n" + " #linebreak() ".join(f"#muted[{term.strip()}:] {text.strip()}" for term, text in pairs) + "\n\n"

    def _span(self, tag: Tag) -> str:
        kinds, body = tag.get("class", []), self.children(tag)
        if "badge" in kinds:
            kind = next(kind for kind in kinds if kind != "badge")
            return f"#badge({quoted(kind)})[{body}];"
        if "value" in kinds:
            return f'#linebreak();#text(size: 15pt, weight: "bold")[{body}];#linebreak();'
        if tag.parent.name == "figcaption":
            return f'#linebreak();#text(weight: "regular")[#muted[{body}]]'
        if {"more", "label", "note", "zero", "fields"} & set(kinds):
            return f"#muted[{body}];"
        return f"#bad[{body}];" if "bad" in kinds else body

    def _strong(self, tag: Tag) -> str:
        return f"#strong[{self.children(tag)}];"

    def _code(self, tag: Tag) -> str:
        return f"#raw({quoted(tag.get_text())});"

    def _a(self, tag: Tag) -> str:
        target, body = tag.get("href", "").removeprefix("#"), self.children(tag)
        return f"#link(<{target}>)[{body}];" if target in self.labels and body.strip() else body

    def _br(self, tag: Tag) -> str:
        return "#linebreak();"

    def _figcaption(self, tag: Tag) -> str:
        return self._block(tag, lambda body: f"#block(sticky: true)[#strong[{body}]]")

    def _img(self, tag: Tag) -> str:
        self.pictures += 1
        name = f"{self.pictures}.svg"
        (self.folder / name).write_bytes(base64.b64decode(tag["src"].partition(",")[2]))
        return f"\n#image({quoted(name)}, alt: {quoted(tag['alt'])}, width: 100%)\n\n"

    def _table(self, tag: Tag) -> str:
        heads = tag.thead.find_all("th")
        columns = ["auto" if "n" in head.get("class", []) else "1fr" for head in heads]
        columns[0] = "auto" if columns.count("1fr") > 1 else columns[0]
        columns = _shares(tag, heads) if len(heads) >= WIDE else columns
        sides = ", ".join("right" if "n" in head.get("class", []) else "left" for head in heads)
        parts = [f"table.header({', '.join(map(self._cell, heads))})"]
        parts += [self._cell(cell) for body in tag.find_all("tbody") for cell in body.find_all(["th", "td"])]
        if tag.tfoot:
            parts.append(f"table.footer(repeat: false, {', '.join(map(self._cell, tag.tfoot.find_all(['th', 'td'])))})")
        caption = f"#block(sticky: true)[#strong[{self.children(tag.caption)}]]\n" if tag.caption else ""
        size = "6.6pt" if len(heads) >= WIDE else "8pt"
        table = f"#table(columns: ({', '.join(columns)},), align: ({sides},),\n  " + ",\n  ".join(parts) + ")"
        whole = f"{caption}#text(size: {size})[{table}]"
        short = len(tag.find_all("tr")) <= TOGETHER  # no row of it is left alone on a page
        return f"\n#block(breakable: false)[{whole}]\n\n" if short else f"\n{whole}\n\n"

    def _cell(self, cell: Tag) -> str:
        body = self.children(cell).strip()
        body = f"#bad[{body}]" if "bad" in cell.get("class", []) and body else body
        span = int(cell.get("colspan", 1))
        return f"table.cell(colspan: {span})[{body}]" if span > 1 else f"[{body}]"


def _shares(table: Tag, heads: list[Tag]) -> list[str]:
    """Widths of a wide table's columns: room for the longest word of each, and more for long texts.

    Numbers and days are not broken.
    """
    texts = [[head.get_text(" ", strip=True)] for head in heads]
    for row in table.tbody.find_all("tr"):
        cells = row.find_all(["th", "td"])
        if len(cells) == len(heads):
            for place, cell in enumerate(cells):
                text = cell.get_text(" ", strip=True)
                texts[place].append(text.replace(" ", "_") if "n" in cell.get("class", []) else text)
    words = [
        max((len(word) for text in column for word in re.split(r"[\s\u00a0]+", text)), default=1) for column in texts
    ]
    means = [sum(map(len, column)) / len(column) for column in texts]
    return [f"{max(word + 2, min(mean, MOST_LETTERS)):.0f}fr" for word, mean in zip(words, means, strict=True)]
