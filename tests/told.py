"""Which figure stands where on a page: sentences are known by their message in the catalogue, tables by their name or headers.

`disagreements` takes every number off a page of the report or of the desk. One that is no figure of `figures.Truth` in its
place, or that nobody accounts for, is given back with the sentence or cell that it stands in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, Tag
from figures import Truth, fits

from pipelines.desk.app import wording
from pipelines.expectations.rule import CATEGORIES, SEVERITIES
from pipelines.language.languages import Language
from pipelines.language.reasons import reason
from pipelines.ledger.tasks import TASKS
from pipelines.notice.verdicts import STATUSES

NUMBER = r"[+−±]?\d+(?:[,\u00a0\u202f]\d{3})*"
DAYS = {
    "en": r"\d{1,2} [A-Z][a-z]{2,4} \d{4}", "fi": r"\d{1,2}\.\d{1,2}\.\d{4}", "sv": r"\d{1,2} [a-zå]{3,4}\.? \d{4}",
}  # fmt: skip
# A number in form only: days, sums, the numbers of statements and decisions.
NO_FIGURE = re.compile(r"\d{4}-\d\d-\d\d|\bN\d\d\b|[0-9a-f]{10,}…?|SHA-256|\bA\d+\b")
BLOCKS = [
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "caption",
    "figcaption",
    "summary",
    "dt",
    "dd",
    "title",
    "blockquote",
    "option",
]
LEFT_OUT = ["style", "script"]

SHOWN = 50  # of the desk's list on one page
# What a scope holds beside columns of the ledger: what its tile or link counts, where its list begins.
NO_COLUMN = {"tile", "figure", "from", "statement", "dataset of"}

Figure = Callable[[Truth, dict], int | None]


def value(text: str) -> int:
    """A number as a language writes it."""
    return int(re.sub(r"\D", "", text)) * (-1 if text[0] == "−" else 1)


def numbers(text: str) -> list[int]:
    """Every number in a text."""
    return [value(found) for found in re.findall(NUMBER, text)]


def item(name: str, **fixed: Any) -> Figure:
    """A count of the ledger's items in the scope that a text is in."""
    return lambda truth, scope: truth.of(
        name, **({key: each for key, each in scope.items() if key not in NO_COLUMN} | fixed)
    )


def chosen(truth: Truth, scope: dict) -> int:
    """What the page's filters, the link of a text or its section leave: open items where they name no other."""
    return item(scope.get("figure", "open"))(truth, scope)


SENTENCES: dict[tuple[str, str], dict[str, Figure]] = {
    ("%(n)s thing is urgent.", "%(n)s things are urgent."): {"n": item("urgent")},
    ("%(n)s is past the day to act by.", "%(n)s are past the day to act by."): {"n": item("late")},
    ("%(n)s of %(all)s exports did not arrive.", "%(n)s of %(all)s exports did not arrive."): {
        "n": lambda truth, scope: truth.absent, "all": lambda truth, scope: len(truth.exports),
    },
    ("%(n)s row read", "%(n)s rows read"): {"n": lambda truth, scope: truth.read()},
    ("%(n)s open finding or task is new.", "%(n)s open findings and tasks are new."): {"n": item("new")},
    ("%(n)s had been mended and is back.", "%(n)s had been mended and are back."): {"n": item("back")},
    ("%(n)s was mended since the previous period.", "%(n)s were mended since the previous period."): {"n": item("mended")},
    ("Of %(n)s nobody can say: its export was missing or incomplete.",
     "Of %(n)s nobody can say: their exports were missing or incomplete."): {"n": item("unseen")},
    ("Most are in %(system)s: %(n)s of %(all)s.",) * 2: {
        "n": lambda truth, scope: max(truth.of("open", system=each) for each in truth.systems), "all": item("open"),
    },
    ("Heat map of findings and tasks by system and category, %(all)s in all. Most are in %(system)s with %(n)s."
     " The table that follows has the same numbers.",) * 2: {
        "n": lambda truth, scope: max(truth.of("open", system=each) for each in truth.systems), "all": item("open"),
    },
    ("Stacked bars of findings and tasks by system: %(high)s high, %(medium)s medium and %(low)s low in all."
     " The table that follows has the same numbers.",) * 2: {each: item("open", severity=each) for each in SEVERITIES},
    ("%(found)s of %(all)s rules found something.",) * 2: {
        "found": lambda truth, scope: sum(found_something(truth, each) for each in truth.rules),
        "all": lambda truth, scope: len(truth.rules),
    },
    ("%(fresh)s new, %(back)s back, %(before)s open since before, %(mended)s mended",) * 2: {
        "fresh": item("new"), "back": item("back"), "before": item("since before"), "mended": item("mended"),
    },
    ("%(n)s more is accepted or reported done", "%(n)s more are accepted or reported done"): {"n": item("decided")},
    ("looked at %(n)s record, found nothing", "looked at %(n)s records, found nothing"): {
        "n": lambda truth, scope: truth.looked(scope["rule"]),
    },
    ("at %(n)s record", "at %(n)s records"): {"n": lambda truth, scope: truth.looked(scope["rule"])},
    ("%(n)s record is past its last day and must be erased or reviewed.",
     "%(n)s records are past their last day and must be erased or reviewed."): {"n": lambda truth, scope: truth.records("due")},
    ("%(n)s more falls due within a year.", "%(n)s more fall due within a year."): {
        "n": lambda truth, scope: truth.records("active", until=truth.in_a_year),
    },
    ("%(n)s legal hold is in force.", "%(n)s legal holds are in force."): {
        "n": lambda truth, scope: truth.holds(
            f"coalesce(from_date, date '{truth.day}') <= date '{truth.day}' and coalesce(until_date, date '{truth.day}') >= date '{truth.day}'"
        ),
    },
    ("%(n)s has ended and holds nothing any more.", "%(n)s have ended and hold nothing any more."): {
        "n": lambda truth, scope: truth.holds(f"until_date < date '{truth.day}'"),
    },
    ("%(n)s has not begun yet.", "%(n)s have not begun yet."): {
        "n": lambda truth, scope: truth.holds(f"from_date > date '{truth.day}'"),
    },
    ("%(n)s record falls due later.", "%(n)s records fall due later."): {
        "n": lambda truth, scope: truth.records("active", after=quarters(truth)[-1][1]),
    },
    ("The books balance: %(read)s rows read = %(registered)s in the registry + %(rejected)s rejected, in sum and in every file.",) * 2: {
        each: lambda truth, scope, each=each: truth.read(f"rows_{each}") for each in ("read", "registered", "rejected")
    },
    ("%(n)s expectation of Great Expectations, checked on its own, agrees with the findings.",
     "%(n)s expectations of Great Expectations, checked on their own: all agree with the findings."): {
        "n": lambda truth, scope: truth.rows("select count(*) from results.expectations where status <> 'skipped'")[0][0],
    },
    ("%(n)s finding or task", "%(n)s findings and tasks"): {"n": chosen},
    ("%(first)s to %(last)s are shown.",) * 2: {
        "first": lambda truth, scope: int(scope.get("from", 0)) + 1,
        "last": lambda truth, scope: min(int(scope.get("from", 0)) + SHOWN, chosen(truth, scope)),
    },
    ("Choose the %(n)s shown by these filters", "Choose all %(n)s shown by these filters"): {"n": chosen},
    ("and %(n)s more line", "and %(n)s more lines"): {"n": lambda truth, scope: len(truth.lines(scope["figure"])) - 8},
    ("%(n)s keeper has rows that wait for an answer.", "%(n)s keepers have rows that wait for an answer."): {
        "n": lambda truth, scope: len({row["who"] for row in truth.items if row["is_open"]})
    },
    ("%(n)s class of records waits for approval of its erasure", "%(n)s classes of records wait for approval of their erasure"): {
        "n": lambda truth, scope: len({row["class"] for row in truth.kept if row["state"] == "due"}),
    },
    ("%(n)s finding", "%(n)s findings"): {"n": item("findings")},
    ("%(n)s task", "%(n)s tasks"): {"n": item("tasks")},
    ("%(n)s statement holds or is attested", "%(n)s statements hold or are attested"): {
        "n": lambda truth, scope: verdicts("holds")(truth, {}) + verdicts("attested")(truth, {}),
    },
    (
        "%(n)s statement of the privacy notice does not hold: does the practice change, or the notice?",
        "%(n)s statements of the privacy notice do not hold: does the practice change, or the notice?",
    ): {"n": lambda truth, scope: verdicts("broken")(truth, {})},
    ("Who sees to this, and by which day: %(title)s (%(n)s, %(who)s)?",) * 2: {
        "n": lambda truth, scope: gravest_of_all(truth),
    },
    ("%(n)s since last time",) * 2: {"n": lambda truth, scope: truth.of(scope["tile"]) - truth.before.of(scope["tile"])},
}  # fmt: skip


def quarters(truth: Truth, count: int = 13) -> list[tuple]:
    """(first, last day) of the quarters that the page shows, from this one on."""
    first = truth.day.year * 4 + (truth.day.month - 1) // 3
    days = [dt.date(place // 4, place % 4 * 3 + 1, 1) for place in range(first, first + count + 1)]
    return [(day, following - dt.timedelta(1)) for day, following in zip(days, days[1:], strict=False)]


def gravest_of_all(truth: Truth) -> int:
    """How many the gravest things are, of one rule and one who has to act."""
    gravity = {
        (rule, who): (
            min(row["rank"] for row in rows),
            min(row["risk"] for row in rows),
            min(row["act_by"] for row in rows),
            -len(rows),
        )
        for rule, who in truth.lines("open")
        for rows in [[row for row in truth.items if row["is_open"] and (row["rule"], row["who"]) == (rule, who)]]
    }
    return -min(gravity.values())[3]


def days_left(truth: Truth, scope: dict) -> int | None:
    """Days from the as-of date to the earliest day to act by."""
    days = [row["act_by"] for row in truth.items if row["is_open"] and all(row[k] == v for k, v in scope.items())]
    return (min(days) - truth.day).days if days else None


TIME_LEFT: dict[tuple[str, str], Callable[[int], int]] = {
    ("%(n)s day late", "%(n)s days late"): lambda days: -days,
    ("%(n)s hour", "%(n)s hours"): lambda days: 24 * days,
    ("%(n)s day", "%(n)s days"): lambda days: days,
}


def verdicts(status: str) -> Figure:
    """How many statements of the notice have a verdict."""
    return lambda truth, scope: sum(row["status"] == status for row in truth.notice["statements"])


@cache
def patterns(speech: Language) -> list[tuple[re.Pattern, dict[str, Figure]]]:
    """The sentences in a language, in each of their forms, the longest first."""
    left = {
        pair: {"n": lambda truth, scope, of=of: None if (days := days_left(truth, scope)) is None else of(days)}
        for pair, of in TIME_LEFT.items()
    }
    found = [
        (re.compile(rf"(?<!\w){re.escape(speech.gettext(status))}:? (?P<n>{NUMBER})"), {"n": verdicts(status)})
        for status in STATUSES
    ]
    found += [
        (re.compile(rf"(?<!\w){re.escape(word)}: (?P<n>{NUMBER})"), {"n": verdicts(status)})
        for status, word in wording.words(speech)["verdict"].items()
    ]
    found += [
        (
            re.compile(rf"(?P<n>{NUMBER}) {speech.gettext(each.capitalize()).lower()}\b"),
            {"n": item("findings", severity=each)},
        )
        for each in SEVERITIES
    ]
    for pair, figures in (SENTENCES | left).items():
        one, many = pair
        said = {speech.ngettext(one, many, count) for count in (1, 2)} if one != many else {speech.gettext(one)}
        found += [(_pattern(text), figures) for text in said]
    return sorted(found, key=lambda each: -len(each[0].pattern))


def _pattern(message: str) -> re.Pattern:
    parts = re.split(r"%\((\w+)\)s", message)
    said = (
        (f"(?P<{part}>{NUMBER})" if part not in ("system", "title", "who") else f"(?P<{part}>.+?)")
        if place % 2
        else re.escape(part)
        for place, part in enumerate(parts)
    )
    return re.compile(r"(?<!\w)" + "".join(said) + r"(?!\w)")


class Reading:
    """A page, read against the truth. `seen`: how many numbers were compared; `wrong`: what does not agree, in words."""

    def __init__(self, html: str, truth: Truth, known: set[str], address: str = "") -> None:
        """`address`: of a page of the desk."""
        self.base = of_link(f"#{address}") if address else {}
        self.soup, self.truth, self.speech = BeautifulSoup(html, "html.parser"), truth, truth.speech
        self.known = sorted((each for each in known if re.search(r"\d", each)), key=len, reverse=True)
        self.seen, self.wrong = 0, list[str]()
        for tag in self.soup(LEFT_OUT):
            tag.decompose()
        for table in self.soup("table"):
            self.table(table)
        for block, text in self.blocks():
            if block.find_parent(class_="tiles"):
                self.tile(block, text)
                continue
            self.text(where(block), self.special(block, text), self.scope(block, text), self.bare(block))
        for picture in self.soup("img"):
            self.text("picture", picture.get("alt", ""), {})

    def compare(self, place: str, said: int, wanted: int | None) -> None:
        """Notes a number that is not what the ledger has."""
        self.seen += 1
        if said != wanted:
            self.wrong.append(f"{place}: {said}, but it is {wanted}")

    def table(self, table: Tag) -> None:
        """Compares the cells of a table with what it is a table of."""
        name, article = table.get("id", ""), table.find_parent("article")
        if name in NO_NUMBERS:
            return
        grid = GRIDS[name](self.truth) if name else self.places(article) if article else None
        heads = [flat(cell.get_text()) for cell in table.find("tr").find_all(["th", "td"])]
        for row in table.find_all("tr")[1:]:
            cells = row.find_all(["th", "td"])
            if grid is None:
                self.by_headers(table, heads, row, cells)
            else:
                self.by_label(
                    name or where(table), grid, cells, (0,) if row.find_parent("tfoot") else LABELS.get(name, (0,))
                )

    def by_headers(self, table: Tag, heads: list[str], row: Tag, cells: list[Tag]) -> None:
        """A row whose links say what it is of; its headers say what stands in it."""
        scope, columns = {}, {self.speech.gettext(name): figure for name, figure in COLUMNS.items()}
        for link in row.find_all("a", href=re.compile("^#/")):
            scope |= of_link(link["href"])
        for head, cell in zip(heads, cells, strict=True):
            for said in cell.select(".only, .key, a[href^='#/person/']"):
                said.decompose()  # the header again, the key of a record, the number of a customer
            if "key" in cell.get("class", ()):
                continue
            scope |= (
                {"dataset": dataset}
                if (dataset := self.dataset(cell)) and head == self.speech.gettext("Dataset")
                else {}
            )
            text, figure = flat(cell.get_text()), columns.get(head)
            if number := re.search(r"\bA\d+\b", text):
                figure = lambda truth, scope, number=number[0]: truth.covered(number)  # noqa: E731
            self.text(f"{where(table)}, {head}", text, scope, figure)

    def dataset(self, cell: Tag) -> str:
        """The dataset that a cell names."""
        label = flat(cell.get_text())
        return next((row["dataset"] for row in self.truth.files if self.speech.label(row["dataset"]) == label), "")

    def by_label(self, name: str, grid: dict[str, list[int]], cells: list[Tag], labels: tuple[int, ...]) -> None:
        """A row whose label says what its numbers are."""
        label = "|".join(label_of(cells[place]) for place in labels)
        told = [
            number for cell in cells for fields in cell.find_all(class_="fields") for number in beside_names(fields)
        ]
        told += [
            number
            for place, cell in enumerate(cells)
            if place not in labels and cell.find(class_="sum") is None
            for number in numbers(self.without_form(flat(cell.get_text())))
        ]
        self.seen += len(told)
        wanted = grid.get(label, grid.get(self.speech.gettext("All")) if label == self.speech.gettext("All") else None)
        if told != wanted:
            self.wrong.append(f"table {name}, row “{label}”: {told}, but it is {wanted}")

    def places(self, article: Tag) -> dict[str, list[int]]:
        """Where a rule found something: system and dataset, and how many."""
        rule = article["id"].removeprefix("rule-")
        grid = {}
        for system, title in self.truth.systems.items():
            for dataset in {
                row["dataset"] for row in self.truth.items if row["system"] == system and row["rule"] == rule
            }:
                scope = {"rule": rule, "system": system, "dataset": dataset}
                fields = sorted({row["field"] for row in self.truth.items if row["is_open"] and fits(row, scope)})
                by_field = (
                    [self.truth.of("findings", field=field, **scope) for field in fields] if len(fields) > 1 else []
                )
                grid[f"{title}, {self.speech.label(dataset)}"] = [*by_field, self.truth.of("findings", **scope)]
        return grid

    def special(self, block: Tag, text: str) -> str:
        """A text without what only its place tells the meaning of: sums of rules by severity, checks that could not be made."""
        for each in SEVERITIES if block.name == "h3" else ():
            word = self.speech.gettext(each.capitalize())
            if text.startswith(f"{word}: "):
                found = [
                    rule
                    for rule in self.truth.rules
                    if found_something(self.truth, rule) and worst(self.truth, rule) == each
                ]
                wanted = [len(found), sum(self.truth.of("findings", rule=rule) for rule in found)]
                self.seen += 2
                if numbers(text) != wanted:
                    self.wrong.append(f"{where(block)}: “{text}”, but it is {wanted}")
                return ""
        if where(block) == "feed li":
            for said in unmade(self.truth):
                if text.startswith(said[0]):
                    self.seen += 1
                    for known in said:
                        text = text.replace(known, " ", 1)
                    return text
        return text

    def text(self, place: str, text: str, scope: dict, bare: Figure | None = None) -> None:
        """Looks at every number of a text; `bare`: what one that stands in no sentence is."""
        if not re.search(r"\d", text):
            return
        rest = self.without_form(text)
        for pattern, figures in patterns(self.speech):
            for found in pattern.finditer(rest):
                for name, figure in figures.items():
                    self.compare(f"{place}: “{found[0]}”", value(found[name]), figure(self.truth, scope))
            rest = pattern.sub(" ", rest)
        for number in numbers(rest):
            if bare is None:
                self.wrong.append(f"{place}: nobody accounts for {number} in “{text}”")
            else:
                self.compare(f"{place}: “{text}”", number, bare(self.truth, scope))

    def tile(self, block: Tag, text: str) -> None:
        """A tile: its label, its number, and what is said beside it."""
        label = flat(block.find(class_="label").get_text())
        name, figures = next(each for key, each in TILES.items() if self.speech.gettext(key) == label)
        told, wanted = numbers(flat(block.find(class_="value").get_text())), figures(self.truth)
        self.seen += len(told)
        if told != wanted:
            self.wrong.append(f"tile “{label}”: {told}, but it is {wanted}")
        for more in block.find_all(class_="more"):
            self.text(f"tile “{label}”", flat(more.get_text()), {"tile": name})

    def without_form(self, text: str) -> str:
        """A text without days, sums, and what the expectations say."""
        for known in self.known:
            text = text.replace(known, " ")
        return NO_FIGURE.sub(" ", re.sub(DAYS[self.truth.code], " ", text))

    def blocks(self) -> Iterator[tuple[Tag, str]]:
        """Paragraphs, items and headings that hold no other, outside of tables."""
        parts: dict[int, tuple[Tag, list[str]]] = {}
        for node in self.soup.find_all(string=True):
            if node.find_parent("table") is None and node.find_parent(class_=["keys", "key"]) is None:
                block = node.find_parent(BLOCKS) or node.parent
                parts.setdefault(id(block), (block, []))[1].append(node)
        for block, texts in parts.values():
            yield block, flat("".join(texts))

    def scope(self, block: Tag, text: str) -> dict:
        """Of what a text is: the rule of its article, the rule that it begins with, what its link leads to."""
        link = block.find("a", href=re.compile(r"^#/findings|^#rule-|^#/rule/"))
        article, section = block.find_parent("article"), block.find_parent("section")
        scope: dict = dict(self.base)
        if section and section.get("aria-labelledby") in ("today", "week"):
            scope["figure"] = section["aria-labelledby"]
        if article and article.get("id", "").startswith("rule-"):
            scope = {"rule": article["id"].removeprefix("rule-"), "kind": "finding"}
        if block.name == "li" and not link:
            scope |= next(
                ({"rule": rule} for rule in self.truth.rules if text.startswith(self.truth.title(rule) + ":")), {}
            )
        if link:
            scope |= of_link(link["href"])
        return scope

    def bare(self, block: Tag) -> Figure | None:
        """What a number beside a link counts: what the link leads to. Of a card: the records of its class."""
        card = block.find_parent("section", class_="card")
        if card and block.name == "dd" and flat(block.find_previous("dt").get_text()) == self.speech.gettext("Records"):
            title = flat(card.find("h2").get_text())
            return lambda truth, scope: truth.records("due", of=truth.class_called(title))
        if card and (number := re.match(r"A\d+", flat(card.find("h2").get_text()))):
            return lambda truth, scope: truth.covered(number[0])
        if "statement" in self.base and block.name == "li":
            link = block.find("a", href=re.compile("^#/rule/"))
            return lambda truth, scope: truth.breaking(
                self.base["statement"], link["href"].rpartition("/")[2] if link else ""
            )
        return chosen if block.find("a", href=re.compile(r"^#/findings")) else None


def beside_names(fields: Tag) -> list[int]:
    """Numbers that stand beside names of fields, not in them."""
    return numbers("".join(node for node in fields.find_all(string=True) if node.find_parent("bdi") is None))


def found_something(truth: Truth, rule: str) -> bool:
    """Whether a rule has findings that are open, accepted or reported done."""
    return truth.of("findings", rule=rule) + truth.of("decided", rule=rule, kind="finding") > 0


def worst(truth: Truth, rule: str) -> str:
    """The gravest severity among a rule's open findings; the rule's own where it has none."""
    there = (each for each in SEVERITIES if truth.of("findings", rule=rule, severity=each))
    return next(there, truth.rules[rule]["severity"])


def unmade(truth: Truth) -> list[list[str]]:
    """What could not be checked, as the page says it: a beginning with its number of checks, and rules with their fields."""
    _, said = truth.speech.ngettext, []
    groups: dict[tuple, dict[str, list]] = {}
    for row in truth.unmade:
        groups.setdefault((row["dataset"], row["reason"]), {}).setdefault(row["rule"], []).append(row["field"])
    for (dataset, why), rules in groups.items():
        system = (
            truth.speech.gettext("Several systems")
            if not dataset
            else f"{truth.system_of(dataset)}, {truth.speech.label(dataset)}"
        )
        count = sum(map(len, rules.values()))
        checks = _("%(n)s check", "%(n)s checks", count) % {"n": truth.speech.number(count)}
        parts = [f"{system} – {reason(truth.speech, why)}, {checks}:"]
        for rule, fields in rules.items():
            if (number := len({each for each in fields if each})) > 1:
                parts.append(f"{truth.title(rule)} ({_('%(n)s field', '%(n)s fields', number) % {'n': number}})")
        said.append(parts)
    return said


def label_of(cell: Tag) -> str:
    """What a row is called: the cell's strong part, or all of it but fields and keys."""
    within = cell.find("strong") or cell
    aside = {id(node) for tag in within.select("details, .fields, .note, .badge") for node in tag.find_all(string=True)}
    return flat("".join(node for node in within.find_all(string=True) if id(node) not in aside))


def where(block: Tag) -> str:
    """The section or article that a block is in."""
    around = block.find_parent(["article", "section"])
    return f"{around.get('id') or around.get('aria-labelledby')} {block.name}" if around else block.name


def flat(text: str) -> str:
    """A text with its line breaks and runs of spaces as one space; those that do not break stay."""
    return re.sub(r"[ \n\t\r]+", " ", text).strip()


def of_link(address: str) -> dict:
    """The scope of the findings that a link leads to."""
    if address.startswith("#rule-"):
        return {"rule": address.removeprefix("#rule-")}
    parts = urlsplit(address.removeprefix("#"))
    kind, _, name = parts.path.removeprefix("/").partition("/")
    if kind in ONE:
        return {ONE[kind]: name}
    asked = dict(parse_qsl(parts.query))
    figure = asked.get("due") or asked.get("state")
    scope = {name: each for name, each in asked.items() if name in ("rule", "system", "who", "from")}
    return scope | ({"figure": figure} if figure else {})


# Tables and tiles: by the label of a row or tile, the numbers that stand beside it in their order.

TILES: dict[str, tuple[str, Callable[[Truth], list[int]]]] = {
    "Urgent (a week or less)": ("urgent", lambda truth: [truth.of("urgent")]),
    "Past the day to act by": ("late", lambda truth: [truth.of("late")]),
    "Open in all": ("open", lambda truth: [truth.of("open")]),
    "Accepted": ("accepted", lambda truth: [truth.of("accepted")]),
    "Exports that arrived": ("", lambda truth: [len(truth.exports) - truth.absent, len(truth.exports)]),
    "Mended since the period before": ("mended", lambda truth: [truth.of("mended")]),
}


def owners(truth: Truth) -> dict[str, list[int]]:
    """Who has to act."""
    columns = (*({"severity": each} for each in SEVERITIES), {})
    found = {
        truth.speech.said(who) if who else truth.speech.gettext("All"): [
            *(truth.of("open", **scope, **more) for more in columns),
            *(truth.of(each, **scope) for each in ("urgent", "late", "passed")),
        ]
        for who in ("", *{row["who"] for row in truth.items})
        for scope in [{"who": who} if who else {}]
    }
    return found


def changes(truth: Truth) -> dict[str, list[int]]:
    """What changed: what is open in all and urgently, and what is not."""
    _ = truth.speech.gettext
    there = {"New": "new", "Reappeared": "reappeared", "Open since before": "open"}
    gone = {"Mended": "mended", "Reported done": "reported", "Accepted": "accepted", "Not observable": "unseen"}
    both = {
        _(label): [truth.of("open", state=state), truth.of("urgent", state=state)] for label, state in there.items()
    }
    return both | {_(label): [truth.of(name)] for label, name in gone.items()}


def gravest(truth: Truth) -> dict[str, list[int]]:
    """The gravest things: how many, and how long is left."""
    pairs = {(row["rule"], row["who"]) for row in truth.items if row["is_open"]}
    found = {}
    for rule, who in pairs:
        scope = {"rule": rule, "who": who}
        days = days_left(truth, scope)
        assert days is not None
        hours = min(
            row["term_hours"] for row in truth.items if row["is_open"] and row["rule"] == rule and row["who"] == who
        )
        left = [-days] if days < 0 else [] if not days else [24 * days] if hours <= 72 else [days]
        found[f"{truth.title(rule)}|{truth.speech.said(who)}"] = [truth.of("open", **scope), *left]
    return found


def passed(truth: Truth) -> dict[str, list[int]]:
    """Last days of the law or the schedule that have passed."""
    return {truth.title(rule): [truth.of("passed", rule=rule)] for rule in truth.rules}


def states(truth: Truth, kind: str = "finding") -> dict[str, list[int]]:
    """What is known by each period, by state."""
    words = {
        "new": "New",
        "open": "Open since before",
        "reappeared": "Reappeared",
        "reported done": "Reported done",
        "accepted": "Accepted",
        "not observable": "Not observable",
        "resolved": "Resolved",
    }
    periods = [truth]
    while periods[0].is_later:
        periods.insert(0, periods[0].before)
    return {
        truth.speech.gettext(word): [
            sum(row["state"] == state and row["kind"] == kind for row in each.items) for each in periods
        ]
        for state, word in words.items()
    }


def mending(truth: Truth) -> dict[str, list[int]]:
    """Age, mending and promises by system."""
    found = {}
    for system, title in truth.systems.items():
        mended, days = truth.mended_by_system(system)
        ages = [truth.of(each, system=system) for each in ("quarter", "half year", "year", "older", "late")]
        found[title] = [*ages, mended, *([days] if days is not None else []), *truth.promises(system)]
    sums = [truth.of(each) for each in ("quarter", "half year", "year", "older", "late")]
    promised = [sum(each) for each in zip(*map(truth.promises, truth.systems), strict=True)]
    all_mended = sum(truth.mended_by_system(system)[0] for system in truth.systems)
    return found | {truth.speech.gettext("All"): [*sums, all_mended, *promised]}


def matrix(truth: Truth) -> dict[str, list[int]]:
    """By system and category."""
    found = {
        title: [
            *(truth.of("open", system=system, category=each) for each in CATEGORIES),
            truth.of("open", system=system),
        ]
        for system, title in truth.systems.items()
    }
    return found | {
        truth.speech.gettext("All"): [*(truth.of("open", category=each) for each in CATEGORIES), truth.of("open")]
    }


def severity(truth: Truth) -> dict[str, list[int]]:
    """By system and severity."""
    return {
        title: [
            *(truth.of("open", system=system, severity=each) for each in SEVERITIES),
            truth.of("open", system=system),
        ]
        for system, title in truth.systems.items()
    }


def index(truth: Truth) -> dict[str, list[int]]:
    """Rules that found something."""
    return {
        truth.title(rule): [truth.of(each, rule=rule) for each in ("findings", "new or back")] for rule in truth.rules
    }


def classes(truth: Truth) -> dict[str, list[int]]:
    """The disposal schedule: length, and records by state."""
    found, year = {}, truth.in_a_year
    absent = {row["dataset"] for row in truth.exports if row["status"] != "read"}
    for cls, title, period, dataset in truth.rows("select class, title, period, dataset from registry.schedule"):
        counted = [
            truth.records(of=cls),
            truth.records("due", of=cls),
            truth.records("active", of=cls, until=year),
            truth.records("active", of=cls, after=year),
            *(truth.records(each, of=cls) for each in ("held", "not running", "trigger missing", "no criterion")),
        ]
        length = (
            []
            if not period
            else [int(period[1:-1]) // (12 if period.endswith("M") and int(period[1:-1]) % 12 == 0 else 1)]
        )
        found[truth.speech.said(title)] = length + ([] if dataset in absent else counted)
    return found


def files(truth: Truth) -> dict[str, list[int]]:
    """What was read of each file."""
    columns = ("rows_read", "rows_registered", "rows_rejected")
    found = {
        row["file"]: [row[name] for name in columns] if row["rows_read"] is not None else [] for row in truth.files
    }
    return found | {truth.speech.gettext("All"): [truth.read(name) for name in columns]}


def statements(truth: Truth) -> dict[str, list[int]]:
    """Statements of the notice that something breaks, with what the rules found that break it."""
    return {
        row["id"]: [*(n for _, _, n in row["broken_by"]), *([row["findings"]] if row["findings"] else [])]
        for row in truth.notice["statements"]
    }


GRIDS: dict[str, Callable[[Truth], dict[str, list[int]]]] = {
    "owners": owners, "changes": changes, "gravest": gravest, "passed": passed, "states": states,
    "tasks": lambda truth: states(truth, "task"), "mending": mending, "matrix": matrix, "severity": severity,
    "acceptances": lambda truth: {truth.title(rule): [truth.of("accepted", rule=rule)] for rule in truth.rules},
    "index": index, "classes": classes, "files": files, "statements": statements,
    "holding": statements,
}  # fmt: skip
# On the desk: what a column holds, of what the links of its row lead to.
COLUMNS: dict[str, Figure] = {
    "Open": item("open"), "Past their day": item("late"), "Reported done": item("reported"), "Mended": item("mended"),
    "Rows": lambda truth, scope: truth.of("open", **scope) + truth.of("reported", **scope), "Done": item("reported"),
    "Waiting": item("open"), "Not done": lambda truth, scope: 0,  # nobody has answered yet
    "In the registry": lambda truth, scope: truth.read_of(scope["dataset"], "rows_registered"),
    "Rejected": lambda truth, scope: truth.read_of(scope["dataset"], "rows_rejected"),
    "Findings": lambda truth, scope: next(row["findings"] for row in truth.notice["statements"] if row["id"] == scope["statement"]),
}  # fmt: skip
# What an address of one thing names.
ONE = {"rule": "rule", "system": "system", "finding": "fingerprint", "statement": "statement"}
# Which cells of a row make its label, where it is not the first alone.
LABELS = {"gravest": (0, 2), "files": (1,), "acceptances": (1,)}
NO_NUMBERS = {"origins"}


def in_print(html: str) -> list[str]:
    """The numbers of a report's page that its PDF has as well, in their order."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.select("style, details:not(.fold), footer, nav, title, a.skip, .count"):
        tag.decompose()
    return re.findall(NUMBER, soup.get_text(" "))


def printed(text: str) -> list[str]:
    """The numbers in the text of a PDF, without its table of contents and those of pages and of items of a list."""
    lines = (
        line
        for line in text.splitlines()
        if not re.fullmatch(r"\d+ / \d+", line.strip()) and not re.search(r"\.( ?\.){9}", line)
    )
    return re.findall(NUMBER, "\n".join(re.sub(r"^\d\. ", "", line) for line in lines))


def known(truth: Truth) -> set[str]:
    """Texts with numbers in them that are no figures, or were compared where they come from: what rules, schedule and notice
    say, names of files, amendments of the notice, the columns of records by quarter."""
    texts = {rule[name] for rule in truth.rules.values() for name in ("title", "why", "todo", "mandate")}
    texts |= {truth.speech.said(said) for task in TASKS.values() for said in (task.title, task.todo)}
    texts |= {row["file"] for row in truth.files} | {"GDPR art. 17, 19"}
    texts |= {
        truth.speech.said(each) for row in truth.rows("select title, mandate from registry.schedule") for each in row
    }
    for row in truth.notice["statements"]:
        texts |= {row["text"], row.get("remark") or "", *row.get("unseen", ())}
    texts |= {row["text"][truth.code] for row in truth.amendments if row["records"] == truth.amended(row)}
    return {each for each in texts if re.search(r"[^\W\d]", each)} | {by_quarter(truth)}


def by_quarter(truth: Truth) -> str:
    """What the picture of last days says to those who do not see it."""
    _, n = truth.speech.gettext, truth.speech.number
    columns = ", ".join(
        f"{_('Q')}{first.month // 3 + 1}/{first.year} {n(truth.records('active', after=first - dt.timedelta(1), until=last))}"
        for first, last in quarters(truth)
    )
    said = _("Columns of records by the quarter of their last day: %(due)s past due; %(list)s.")
    return said % {"due": n(truth.records("due")), "list": columns}
