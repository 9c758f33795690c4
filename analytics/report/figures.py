"""SVG from matplotlib, made fit to stand inside a page: own ids, page's ink and font, alt text."""

import re
from html import escape

from analytics.plots import style

# Ink follows the page from light to dark; series colours have a lighter twin on dark paper.
INKS = {
    style.INK: "--ink",
    style.MUTED: "--muted",
    style.GRID: "--grid",
    style.PAPER: "--paper",
    **{colour: f"--series-{i}" for i, colour in enumerate(style.PALETTE)},
    **{colour: f"--step-{i}" for i, colour in enumerate(style.STEPS)},
}


def inline(svg: str, alt: str, number: int) -> str:
    """The figure as markup; `number` keeps its ids apart from those of other figures."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = _own_ids(svg, f"f{number}-")
    for colour, name in INKS.items():
        svg = svg.replace(colour, f"var({name}, {colour})")
    svg = re.sub(r"font: ([^;\"]*?px) [^;\"]*", r"font: \1 var(--font)", svg)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: var(--font)", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    head = f'<svg role="img" aria-label="{escape(alt)}"{_width(svg)}'
    return f'<figure class="plot">{re.sub(r"<svg", head, svg, count=1)}</figure>'


def picture(png: str) -> str:
    """A PNG, in base64, as markup; for what has no SVG."""
    source = "".join(png.split())
    image = f'<img alt="Figure" src="data:image/png;base64,{source}">'
    return f'<figure class="plot">{image}</figure>'


def _width(svg: str) -> str:
    """A limit a little above the natural size, so that text is not blown up on a wide screen."""
    found = re.search(r'\bwidth="([\d.]+)pt"', svg)
    return f' style="max-width:{float(found[1]) * 4 / 3 * 1.2:.0f}px"' if found else ""


def _own_ids(svg: str, prefix: str) -> str:
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = svg.replace("url(#", f"url(#{prefix}")
    return re.sub(r'(xlink:)?href="#', f'href="#{prefix}', svg)
