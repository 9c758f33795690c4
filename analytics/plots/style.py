"""How every figure looks: ink, palette, canvas, title, caption, axes in the metric's unit."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from analytics import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK, MUTED, GRID, PAPER = "#1f2933", "#5b6876", "#dbe1e7", "#fefefe"
# Okabe & Ito (2008): told apart by people with any of the common colour blindnesses.  Line style
# and marker change with the colour, so a grey print tells them apart too.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
# Light to dark, so that order (young to old) survives a grey print.
STEPS = ("#c6dbef", "#9ecae1", "#6baed6", "#2878b5", "#08519c", "#08306b")
DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (2, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P")
WIDTH = 4.8  # inches: with these text sizes it reads on a phone and beside a table
ROW_NAME, LONG_NAME = 20, 22  # letters: of a row's name on one line, of a name in a legend
SMALL_TEXT, TEXT, TITLE_TEXT = 8.8, 9.5, 11  # points
_BELOW = 34  # points from the axes to what stands below their ticks and label


def canvas(ax: Axes | None, height: float) -> tuple[Axes, bool]:
    """The axes to draw on, and whether the figure is ours to size and lay out.

    Of none given, the current axes where nothing is drawn on them, else those of a new figure.
    """
    if ax is not None:
        dress(ax)
        return ax, False
    from matplotlib import pyplot as plt  # here: importing the library must not import matplotlib

    ax = plt.gca()
    if ax.has_data() or ax.child_axes or ax.get_label():  # `finish` gives the label
        ax = plt.figure().gca()
    figure = ax.get_figure(root=True)
    ours = figure is not None and len(figure.axes) == 1 and not ax.has_data()
    if figure is not None and ours:
        figure.set_size_inches(WIDTH, height)
        figure.set_layout_engine("constrained")
    dress(ax)
    return ax, ours


def dress(ax: Axes) -> None:
    """Quiet axes: no box, a light grid behind the data."""
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(MUTED)
    ax.tick_params(colors=MUTED, labelcolor=INK, labelsize=TEXT, length=3)
    ax.grid(visible=True, color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)


def finish(ax: Axes, ours: bool, title: str, label: str, caption: str | None, alt: str) -> Axes:
    """Title, caption and alternative text; `label` names the measured axis in the alt text."""
    figure = ax.get_figure(root=True)
    room = (WIDTH if ours or figure is None else figure.get_size_inches()[0]) * 72
    title = _fill(title, room / TITLE_TEXT, 0.62)
    caption = _fill(caption or "", room / SMALL_TEXT, 0.53)
    if ours and figure is not None:
        _frame(figure, title, caption)
    else:
        ax.set_title(title, loc="left", fontsize=TITLE_TEXT, fontweight="bold", color=INK)
        if caption:
            _note_below(ax, caption)
    _literal(figure or ax)
    # An axes' label shows nowhere: it carries the words for those who cannot see the figure.
    ax.set_label(" ".join(f"{title}. {label}. {alt} {caption}".split()))
    return ax


def _fill(text: str, ems: float, em: float) -> str:
    """`text` in lines of `ems`, a small letter taking `em`; capitals, as payers have, take more."""
    capitals = sum(letter.isupper() for letter in text) / max(len(text), 1)
    return textwrap.fill(text, int(ems / (em + 0.2 * capitals)))


def _frame(figure: Figure, title: str, caption: str) -> None:
    figure.suptitle(title, x=0.01, ha="left", fontsize=TITLE_TEXT, fontweight="bold", color=INK)
    if caption:
        figure.supxlabel(caption, x=0.01, ha="left", fontsize=SMALL_TEXT, color=MUTED)


def _literal(artist: Artist) -> None:
    """Two dollar signs in a text are dollars, not a formula between them."""
    from matplotlib.text import Text

    for text in artist.findobj(Text):
        text.set_parse_math(False)


def _note_below(ax: Axes, caption: str) -> None:
    ax.annotate(
        caption,
        xy=(0, 0),
        xycoords="axes fraction",
        xytext=(0, -36),
        textcoords="offset points",
        va="top",
        fontsize=SMALL_TEXT,
        color=MUTED,
    )


def in_unit(axis: Axis, unit: str) -> None:
    """Tick labels in the metric's unit: percent, dollars, plain."""
    if unit == "share":
        axis.set_major_formatter(lambda x, _: f"{x * 100:.4g}{formats.GAP}%")
    elif formats.is_dollars(unit):
        axis.set_major_formatter(lambda x, _: formats.short_dollars(x))
    else:
        axis.set_major_formatter(lambda x, _: f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.4g}")


def axis_label(metric: formats.Described) -> str:
    """What the measured axis shows, with its unit where the ticks do not carry it."""
    in_ticks = metric.unit == "share" or formats.is_dollars(metric.unit)
    is_named = in_ticks or metric.unit in metric.title.lower()
    return metric.title if is_named else f"{metric.title} ({metric.unit})"


def empty(ax: Axes, ours: bool, metric: formats.Described, caption: str | None) -> Axes:
    """Axes that say there is nothing to show."""
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.text(0.5, 0.5, "No data", transform=ax.transAxes, ha="center", va="center", color=MUTED)
    return finish(ax, ours, f"{metric.title}: no data", metric.title, caption, "No data.")


def beside(ax: Axes, row: float, right: float, text: str, color: str = INK) -> None:
    """Text that ends `right` points to the right of the axes, level with `row`."""
    ax.annotate(
        text,
        xy=(1, row),
        xycoords=ax.get_yaxis_transform(),
        xytext=(right, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=SMALL_TEXT,
        color=color,
        annotation_clip=False,
    )


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """One row per name, the first at the top."""
    ax.set_yticks(range(len(names)), [formats.folded(name, ROW_NAME, lines=3) for name in names])
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")


def row_height(names: Sequence[str]) -> float:
    """Inches for one row: more where a name takes two or three lines."""
    most = max((formats.folded(name, ROW_NAME, lines=3).count("\n") for name in names), default=0)
    return (0.29, 0.36, 0.5)[most]


def key_above(ax: Axes, handles: Sequence[Artist] = ()) -> None:
    """The legend above the axes, where it covers no data, in as many columns as fit.

    Of what the axes hold, or of the `handles`, where the axes hold none that are named.
    """
    names = [str(one.get_label()) for one in handles] or ax.get_legend_handles_labels()[1]
    given: dict[str, Any] = {"handles": list(handles)} if handles else {}
    _key(ax, _columns(names), loc="lower left", bbox_to_anchor=(0, 1), **given)


def key_below(ax: Axes, grow: float = 0) -> None:
    """The legend below the axes and their label; the figure grows by so many inches for it."""
    from matplotlib.transforms import ScaledTranslation

    figure = ax.get_figure(root=True)
    if figure is None:
        return
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + grow)
    down = ax.transAxes + ScaledTranslation(0, -_BELOW / 72, figure.dpi_scale_trans)
    place = {"bbox_to_anchor": (0, 0), "bbox_transform": down}
    _key(ax, min(_columns(ax.get_legend_handles_labels()[1]), 2), loc="upper left", **place)


def key_within(ax: Axes) -> None:
    """The legend in the upper right corner, for figures that leave it empty."""
    look: dict[str, Any] = {"facecolor": PAPER, "edgecolor": "none", "framealpha": 0.85}
    _key(ax, 1, loc="upper right", **(look | {"frameon": True}))


def _columns(names: Sequence[str]) -> int:
    longest = max(map(len, names), default=0)
    return 1 if longest > LONG_NAME else 2 if longest > LONG_NAME / 2 else 3


def _key(ax: Axes, columns: int, **place: Any) -> None:
    ax.legend(
        ncols=columns,
        fontsize=SMALL_TEXT,
        labelcolor=INK,
        handlelength=1.8,
        labelspacing=0.3,
        columnspacing=1.2,
        borderaxespad=0.2,
        **({"frameon": False} | place),
    )


def captioned(caption: str | None, *notes: str) -> str | None:
    """The caller's caption with what the figure itself must add."""
    return " ".join(part for part in (caption or "", *notes) if part) or None


UNSEEN = "amount not shown"  # of a group that is small, or would tell one


def some_named(what: str, names: list[str]) -> str:
    """A note on groups, the first three by name; blank for none."""
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{what}: {', '.join(names[:3])}{more}."


def left_out(count: int, small: int = formats.SMALL) -> str:
    """The note on groups too small to show; blank for none."""
    groups = "group" if count == 1 else "groups"
    few = f"of 1{formats.DASH}{small}, or that would tell"
    return f"{count} {groups} {few}, not shown." if count else ""


def cut(shown: int, of: int) -> str:
    """The note on groups beyond a limit; blank for none."""
    return f"{shown} of {of} groups shown." if shown < of else ""


def mark_hidden(ax: Axes, row: int, text: str) -> None:
    """A sign of one size, and words, where a bar would give a small group away."""
    across = ax.get_yaxis_transform()
    look: dict[str, Any] = {"marker": "s", "mfc": "none", "mec": MUTED, "markersize": 7, "ls": ""}
    ax.plot([0.03], [row], transform=across, **look)
    ax.text(0.07, row, text, transform=across, va="center", color=MUTED, fontsize=SMALL_TEXT)


def alt_text(figure: Any) -> str:
    """The figure, or that of the axes given, in words: title, axes, main values, caption."""
    axes: list[Any] = list(figure.figure.axes)
    own = [ax.get_label() for ax in axes if ax.get_label() and not ax.get_label().startswith("<")]
    titles = [ax.get_title(loc="left") or ax.get_title() for ax in axes]
    return " ".join(own or [title for title in titles if title]) or "Figure without a title"
