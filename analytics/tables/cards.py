"""Headline numbers as cards: one metric a card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import polars as pl

from analytics import formats
from analytics.tables import sheets
from analytics.tables.columns import Values
from analytics.tables.markup import Html

LARGE = 10_000  # dollars from which a card shows no cents


def cards(items: Iterable[tuple[formats.Described, pl.DataFrame]]) -> Html:
    """One card per metric and its one-row frame: the value, large, its interval and n."""
    made = [_Card.of(metric, frame) for metric, frame in items]
    html = f'<ul class="cards">{"".join(card.html for card in made)}</ul>'
    return Html(html, _cards_sheet(made))


def _cards_sheet(made: Sequence["_Card"]) -> sheets.Sheet:
    units = [card.metric.unit for card in made]  # each row has its own
    columns = [Values("Metric", [card.metric.title for card in made])]
    columns += [
        Values(head, [card.row.get(name) for card in made], units)
        for head, name in (("Value", "value"), ("95% low", "low"), ("95% high", "high"))
    ]
    columns.append(Values("n", [card.row.get("n") for card in made], "n"))
    settled = [formats.settled(card.row) for card in made]
    columns.append(Values("Settled", settled, "share"))
    columns.append(Values("Better", [card.metric.better for card in made]))
    columns.append(Values("Definition", [card.metric.definition for card in made]))
    return sheets.sheet(sheets.CARDS, "Headline numbers", columns)


@dataclass(frozen=True, slots=True)
class _Card:
    """A metric and its one row; of few, only how many they are."""

    metric: formats.Described
    row: Mapping[str, Any]
    is_hidden: bool = False

    @classmethod
    def of(cls, metric: formats.Described, frame: pl.DataFrame) -> "_Card":
        metric = formats.as_asked(frame, metric)
        frame = formats.guarded(frame)
        row = frame.row(0, named=True) if frame.height else {}
        if frame.height and formats.is_small(frame)[0]:
            few = f"1{formats.DASH}{formats.SMALL}"  # else a part of it is
            told = few if row["n"] <= formats.SMALL else formats.HIDDEN
            return cls(metric, {"n": told}, is_hidden=True)
        return cls(metric, row)

    @property
    def value(self) -> str:
        """The value as it stands on the card."""
        amount, unit = self.row.get("value"), self.metric.unit
        if self.is_hidden:
            return "not shown"
        is_large = formats.is_dollars(unit) and abs(amount or 0) >= LARGE
        return formats.whole(amount, unit) if is_large else formats.value(amount, unit)

    @property
    def below(self) -> str:
        """The interval and n."""
        low, high, n = (self.row.get(name) for name in ("low", "high", "n"))
        known = low is not None or high is not None
        ends = formats.interval(low, high, self.metric.unit) if known else ""
        count = "" if n is None else f"n {n}" if self.is_hidden else f"n {n:,}"
        return " · ".join(part for part in (ends, count) if part)

    @property
    def young(self) -> str:
        """How much is settled, of what is not."""
        share = formats.settled(self.row)
        return "" if share is None else formats.not_settled(share)

    @property
    def html(self) -> str:
        """The card."""
        young = f'<span class="range young">{escape(self.young)}</span>' if self.young else ""
        return (
            f'<li title="{escape(self.metric.definition)}">'
            f'<span class="name">{escape(self.metric.title)}</span>'
            f'<span class="value">{escape(self.value)}</span>'
            f'<span class="range">{escape(self.below)}</span>{young}</li>'
        )
