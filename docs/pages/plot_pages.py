"""The gallery: each figure with its picture, what it found, its code and what it takes."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import matplotlib as mpl

import analytics as rc
from analytics import plots
from pages import gallery, source
from pages import markdown as md

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DOTS = 144  # an inch
FIGURES = [name for name in plots.__all__ if name != "alt_text"]
_INTRO = (
    "Each figure is drawn from the shipped sample by the code beside it; `import analytics as rc`, "
    '`import datetime as dt`, `import polars as pl` and `db = rc.Database("revcycle.duckdb")` '
    "come first. Its title says what it found; `rc.plots.alt_text(ax)` says it all in words, as "
    "the pictures here do to those who cannot see them. Groups of 1 to 10 are not shown, nor what "
    "would tell them."
)


def pages(db: rc.Database, *, drawn: bool = True) -> Iterator[tuple[str, str | bytes]]:
    """Path and content of the page and its pictures; without the latter unless `drawn`."""
    mpl.use("agg")
    sections: list[str] = []
    for name in FIGURES:
        ax = gallery.FIGURES[name](db) if drawn else None
        sections.append(_section(name, _figure(name, ax) if ax else ""))
        if ax:
            yield f"figures/{name}.png", _png(ax)
            _close(ax)
    text = md.function(
        f"analytics.plots.alt_text{source.signature(plots.alt_text)}",
        source.docstring(plots.alt_text),
    )
    yield (
        "figures/index.md",
        md.page("# Gallery of figures", _INTRO, *sections, "## alt_text", text),
    )


def _section(name: str, picture: str) -> str:
    figure: Callable[..., object] = getattr(plots, name)
    example = gallery.FIGURES[name]
    return md.page(
        md.anchor(f"figure.{name}"),
        f"## {name}",
        source.first_line(example),
        picture,
        md.fenced("python", source.body(example)),
        md.function(f"analytics.plots.{name}{source.signature(figure)}", source.docstring(figure)),
    )


def _figure(name: str, ax: "Axes") -> str:
    """The picture, its words for those who cannot see it, and what it found below it."""
    found = " ".join(ax.figure.get_suptitle().split())  # pyright: ignore[reportAttributeAccessIssue]
    words = " ".join(plots.alt_text(ax).split())
    return f"````{{figure}} {name}.png\n:alt: {words}\n:width: 480px\n\n{found}\n````"


def _png(ax: "Axes") -> bytes:
    """The same bytes each time: no day, no version."""
    out = BytesIO()
    figure = ax.get_figure(root=True)
    if figure is None:
        raise TypeError("axes without a figure")
    figure.savefig(out, format="png", dpi=_DOTS, metadata={"Software": None})
    return out.getvalue()


def _close(ax: "Axes") -> None:
    from matplotlib import pyplot as plt

    plt.close(ax.get_figure(root=True))
