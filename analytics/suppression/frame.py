"""Which rows of a frame of groups show no numbers, and the frame without them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.suppression.crossed import Crossed
from analytics.suppression.lines import Counts, Flags, any_in, is_few, smallest, sums, widened
from analytics.suppression.mode import SMALL

RUNNING = ("cumulative_share", "reach")
FEW, DEEP = "is_few", "is_deep"  # columns that say which rows are of few people, and of what


@dataclass(frozen=True, slots=True)
class Hidden:
    """The rows without numbers, and whether they keep their place: else they are left out."""

    rows: pl.Series
    are_listed: bool = True


def hidden(frame: pl.DataFrame, groups: Sequence[str], small: int = SMALL) -> Hidden:
    """The rows that count 1 to `small`, and as many more as keep these unknown.

    `groups` are the columns left of ``n``; all totals over any of them are taken to be known but
    those that are small, or hidden for their sake.  ``is_few`` says of rows that they are of few
    people whatever they count; with ``is_deep`` the parts of a rate, ``hits`` and the others of
    ``n``, are cells too.  Where groups cross, as payers and months, hidden rows are not listed:
    a group that is not there is one of none or one of few.
    """
    if "n" not in frame.columns or frame.is_empty() or not small:
        return Hidden(pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True))
    counts = [frame["n"].fill_null(0).cast(pl.Int64).to_numpy()]
    if DEEP in frame.columns and "hits" in frame.columns and frame[DEEP].any():
        hits = frame["hits"].fill_null(0).cast(pl.Int64).to_numpy()
        counts += [hits, counts[0] - hits]
    few = _few(counts, small)
    if FEW in frame.columns:
        few |= frame[FEW].fill_null(value=False).to_numpy()
    keys, parents = _keys(frame, groups)
    order = np.lexsort(keys) if keys else np.arange(len(few))  # of equal ones always the same
    found = np.zeros(len(few), dtype=bool)
    found[order] = _hidden(
        [one[order] for one in counts],
        few[order],
        [key[order] for key in keys],
        [parent[order] for parent in parents],
        small,
    )
    is_listed = len(keys) < 2 and _is_open(counts, found)
    return Hidden(pl.Series(found, dtype=pl.Boolean), is_listed)


def suppressed(frame: pl.DataFrame, groups: Sequence[str], small: int = SMALL) -> pl.DataFrame:
    """The frame for others to read: hidden rows without numbers, or left out as `hidden` says."""
    found = hidden(frame, groups, small)
    plain = frame.drop(FEW, DEEP, strict=False)
    if not found.rows.any():
        return plain
    plain = without_running(plain, found.rows)
    if not found.are_listed:
        return plain.filter(~found.rows)
    numbers = [name for name in plain.columns if name not in groups]
    return plain.with_columns(
        pl.when(~found.rows).then(pl.col(name)).alias(name) for name in numbers
    )


def without_running(frame: pl.DataFrame, hide: pl.Series) -> pl.DataFrame:
    """The frame without running totals from the first hidden row on: they would tell it."""
    after = hide.cast(pl.Int64).cum_sum() > 0
    return frame.with_columns(
        pl.when(~after).then(pl.col(name)).alias(name) for name in RUNNING if name in frame.columns
    )


def along(counts: pl.Series, hide: pl.Series, small: int = SMALL) -> pl.Series:
    """`hide` with as many more of these cells as keep them unknown where their sum is known."""
    whole = np.zeros(len(counts), dtype=np.int64)
    numbers = counts.cast(pl.Int64).to_numpy()
    found = widened(numbers, hide.to_numpy().copy(), whole, small, are_listed=True)
    return pl.Series(found, dtype=pl.Boolean)


def _few(counts: Sequence[Counts], small: int) -> Flags:
    return np.logical_or.reduce([is_few(one, small) for one in counts])


def _keys(frame: pl.DataFrame, groups: Sequence[str]) -> tuple[list[Counts], list[Counts]]:
    """The groups that tell rows apart, as numbers, and those that only put them together."""
    known = [name for name in groups if name not in (FEW, DEEP)]
    keys = list(known)
    for name in known:
        rest = [key for key in keys if key != name]
        if rest and not frame.select(rest).is_duplicated().any():
            keys = rest
    if keys and frame.select(keys).is_duplicated().any():  # no frame of groups: rows of a list
        return [], []
    parents = [name for name in known if name not in keys]
    parents = [name for name in parents if frame[name].n_unique() < frame.height]
    return [_numbered(frame[n]) for n in keys], [_numbered(frame[n]) for n in parents]


def _numbered(series: pl.Series) -> Counts:
    named = series.cast(pl.String).fill_null("\0")
    return (named.rank("dense") - 1).cast(pl.Int64).to_numpy()


def _hidden(
    counts: Sequence[Counts],
    few: Flags,
    keys: Sequence[Counts],
    parents: Sequence[Counts],
    small: int,
) -> Flags:
    hide = few.copy()
    while hide.any():
        before = hide
        for one in counts:
            for parent in parents:
                hide = _within(one, hide, parent, counts, small)
            if len(keys) < 2:
                whole = np.zeros(len(hide), dtype=np.int64)
                hide = widened(one, hide, whole, small, are_listed=True)
            else:
                hide = _across(one, hide, keys, counts, small)
        if (hide == before).all():
            break
    return hide


def _within(
    one: Counts, hide: Flags, parent: Counts, counts: Sequence[Counts], small: int
) -> Flags:
    """What the totals of groups of rows ask for, such as categories of reason codes."""
    totals = _totals(counts, parent, small)
    hide = widened(one, hide, np.where(totals[parent], -1, parent), small, are_listed=True)
    bare = totals & ~any_in(hide & (one > 0), parent, len(totals))
    return hide | smallest(one, parent, bare)


def _across(
    one: Counts, hide: Flags, keys: Sequence[Counts], counts: Sequence[Counts], small: int
) -> Flags:
    """What crossing totals ask for: each way against all others together."""
    ways = range(len(keys)) if len(keys) > 2 else range(1)
    for way in ways:
        others = [key for place, key in enumerate(keys) if place != way]
        rest = _together(others)
        rest_hidden = _totals(counts, rest, small, others)
        crossed = Crossed(keys[way], rest, _totals(counts, keys[way], small), rest_hidden, small)
        hide = crossed.closed(one, hide)
    return hide


def _totals(counts: Sequence[Counts], of: Counts, small: int, keys: Sequence[Counts] = ()) -> Flags:
    """Which totals are hidden where they are shown for themselves."""
    groups = int(of.max()) + 1
    added = [sums(one, of, groups) for one in counts]
    if len(keys) < 2:
        return _hidden(added, _few(added, small), [np.arange(groups)], [], small)
    first = np.unique(of, return_index=True)[1]
    return _hidden(added, _few(added, small), [key[first] for key in keys], [], small)


def _together(keys: Sequence[Counts]) -> Counts:
    if len(keys) == 1:
        return keys[0]
    return np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)[1].reshape(-1)


def _is_open(counts: Sequence[Counts], hide: Flags) -> bool:
    """Whether no hidden row is told by knowing that each counts 1 at least."""
    told = [one[hide & (one > 0)] for one in counts]
    return all(len(one) < 2 or one.sum() > len(one) for one in told)
