"""A notebook that has run, as one HTML page: prose, figures and tables; no code of the notebook.

The one script is ours (`report.js`): it sorts and filters tables.  The page allows no other.
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from importlib import resources
from typing import Any

import jinja2
import mistune

from analytics import __version__
from analytics.report.figures import inline, picture
from analytics.tables.columns import WORDS

_NARROW = 5  # columns of a table that fits beside another


@dataclass(slots=True)
class Section:
    """A heading and what stands under it, until the next heading of its level."""

    title: str
    anchor: str
    parts: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # kind, markup


@dataclass(slots=True)
class Page:
    """What the template fills in."""

    title: str
    cells: str = ""  # what is said of small ones
    head: list[str] = field(default_factory=list[str])
    sections: list[Section] = field(default_factory=list[Section])
    figures: int = 0


def page(book: Any, title: str, cells: str = "") -> str:
    """The whole page; `cells` is what it says of small ones.

    It tells no time of day: the same notebook gives the same bytes.
    """
    result = Page(title, cells, sections=[Section("", "start")])
    for cell in book.cells:
        tags = cell.metadata.get("tags", ())
        if cell.cell_type == "markdown":
            _prose(result, cell.source)
        elif cell.cell_type == "code" and "injected" not in tags:
            parts = [part for output in cell.outputs if (part := _shown(result, output))]
            if "title-block" in tags:
                result.head += [markup for _, markup in parts]
            else:
                result.sections[-1].parts += parts
    return filled(result)


def title_of(book: Any) -> str | None:
    """The notebook's first-level heading."""
    for cell in book.cells:
        found = re.search(r"(?m)^# (.+)$", cell.source) if cell.cell_type == "markdown" else None
        if found:
            return found[1].strip()
    return None


def _prose(result: Page, source: str) -> None:
    """Markdown, cut at second-level headings; raw HTML in it is shown, not obeyed."""
    for piece in re.split(r"(?m)^(?=##? )", source):
        first, _, rest = piece.partition("\n")
        if first.startswith("## "):
            result.sections.append(_section(first[3:].strip(), len(result.sections)))
        text = rest if first.startswith(("# ", "## ")) else piece
        if text.strip():
            result.sections[-1].parts.append(("prose", _markdown(text)))


def _section(title: str, number: int) -> Section:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return Section(title, f"{slug}-{number}")


def _markdown(text: str) -> str:
    return str(mistune.create_markdown(escape=True, plugins=["table"])(text))


def _shown(result: Page, output: Any) -> tuple[str, str] | None:
    """Kind and markup of one output; none for warnings: they are for the notebook's author."""
    if output.output_type == "stream":
        is_text = output.name == "stdout" and output.text.strip()
        return ("text", f"<pre>{escape(output.text)}</pre>") if is_text else None
    data = output.get("data", {})
    if "image/svg+xml" in data:
        result.figures += 1
        alt = output.metadata.get("image/svg+xml", {}).get("alt") or "Figure"
        return "figure", inline(data["image/svg+xml"], alt, result.figures)
    if "image/png" in data:
        return "figure", picture(data["image/png"])
    if "text/html" in data:
        return _markup(data["text/html"])
    if "text/markdown" in data:
        return "prose", _markdown(data["text/markdown"])
    return None


def _markup(html: str) -> tuple[str, str]:
    """Our own tables and cards as they are; anything else in a box that scrolls."""
    if not html.startswith(('<div class="table', "<ul class=", "<dl class=")):
        return (
            "wide",
            f'<div class="scroll" role="region" tabindex="0" aria-label="Table">{html}</div>',
        )
    is_narrow = html.count('scope="col"') <= _NARROW and f'class="{WORDS}"' not in html
    return ("table" if html.startswith("<div") and is_narrow else "wide"), html


def filled(result: Page) -> str:
    """The page as HTML, with our style and script in it."""
    folder = resources.files("analytics.report") / "templates"
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    script = (folder / "report.js").read_text(encoding="utf-8")
    return template.render(
        page=result,
        js=script,
        js_hash=f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}",
        css=(folder / "report.css").read_text(encoding="utf-8"),
        version=__version__,
    )
