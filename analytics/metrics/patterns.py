"""What payers deny more than the rest of its kind: patterns of codes, found and explained."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from analytics import formats, stats
from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics import _pattern_sql as sql
from analytics.metrics._metric import Where
from analytics.metrics._pattern_cover import in_order, left_over
from analytics.metrics._pattern_lines import ITEMS, denied_lines, months
from analytics.metrics._pattern_tests import (
    beyond_parents,
    confirmed,
    evidence,
    shrunken,
    tail,
    tested,
)
from analytics.metrics._pattern_words import sentence
from analytics.metrics.denials import line_denial_rate
from analytics.progress import shown
from analytics.query import Engine, Value

_CONSIDERED = 500  # best patterns of which it is looked up what others explain
_KEPT = (
    "rank", *ITEMS, "n", "denied", "value", "expected", "ratio", "ebgm", "eb05",
    "p_value", "q_value", "parent_ratio", "parent_p_value", "denied_amount", "excess",
    "excess_amount",
    "holdout_n", "holdout_denied", "holdout_expected", "holdout_p_value", "holdout_confirmed",
    "left_denied", "left_expected", "is_explained", "sentence",
)  # fmt: skip


def coding_patterns(
    engine: Engine,
    *,
    where: Where | None = None,
    support: int = 20,
    false_discoveries: float = 0.05,
    explained: bool = False,
    limit: int | None = 100,
) -> pl.DataFrame:
    """Patterns of codes that are denied more than the lines they are among, most dollars first.

    One row per pattern, at most `limit` (None for all): ``rank``; the items, null where a pattern
    has none: ``payer_name, procedure_code, modifier_key, other_procedure_code`` (another procedure
    on the claim), ``diagnosis_category, diagnosis_chapter, place_of_service_code,
    rendering_provider, denial_carc``; ``n`` lines of first answers with a charge, ``denied`` of
    them (for that reason, where the pattern has one), ``value`` (share), ``expected`` (lines, had
    each the share of its stratum), ``ratio`` (denied over expected); ``ebgm, eb05``, the ratio
    shrunken and its lower 5%; ``p_value, q_value``; ``parent_ratio``, the largest ratio of a
    pattern of all its items but one, with ``parent_p_value``; ``denied_amount``; ``excess`` (lines
    denied beyond expectation by eb05) and ``excess_amount`` (dollars), by which it is ranked;
    ``holdout_n, holdout_denied, holdout_expected, holdout_p_value, holdout_confirmed`` of the last
    month, which is in none of the columns before; ``left_denied, left_expected, is_explained``;
    ``sentence``.

    Patterns are of one or two items, a procedure with its modifiers counting as one beside another
    procedure, a reason or what is known of the claim; each over all payers and within one.  Strata
    are payer x kind of claim x kind of service x month; a stratum's share is that of all its lines,
    the pattern's own among them, so ratios err to 1.  ``p_value`` is no less than the exact tail
    given what was denied of each stratum; as lines of a claim are denied together, counts are
    divided by how many of the pattern's denials come together, also for ``ebgm``.  ``q_value`` is
    over all patterns of `support` lines, as each could have been denied `support` times.
    ``parent_p_value`` is the largest tail had the pattern the ratio of a parent.

    ``is_explained``: without what is of patterns before it fewer than `support` denials are left
    (``left_denied``), or no more than chance beyond ``left_expected``.  Before it are those with
    more evidence, and of its own more special ones those beyond it in ratio.  Such rows are left
    out unless `explained`; of more than 500 patterns the 500 of most dollars are looked at.
    ``holdout_confirmed``: whether more was denied in the last month than expected, p < 0.05; null
    where as much again as before would not show in that month.
    Raises `UnknownNameError` for unknown dimensions, `BadQueryError` for options out of range.
    Sources: DuMouchel (1999), The American Statistician 53:177; DuMouchel & Pregibon (2001), KDD
    (several items, binned counts); Hoeffding (1956), Annals of Mathematical Statistics 27:713 (the
    tail); Rao & Scott (1992), Biometrics 48:577 (clusters); Benjamini & Hochberg (1995), JRSS B
    57:289.
    """
    numbers = (support, false_discoveries, limit or 0)
    if not all(isinstance(n, int | float) for n in numbers):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise BadQueryError("`support`, `false_discoveries` and `limit` are numbers")
    if not support >= 1 or not 0 < false_discoveries <= 1 or (limit is not None and limit < 0):
        raise BadQueryError(
            "give `support` of at least 1, `false_discoveries` within 0 and 1, no limit below 0"
        )
    wanted = where or {}
    line_denial_rate.checked((), wanted)
    count, last = engine.fetch(months(wanted)).row(0)
    held = last if count > 1 else None
    found = _found(engine, wanted, held, support)
    named = tested(found.filter("is_named"), int(found["patterns"].sum()))
    kept = named.filter((pl.col("q_value") < false_discoveries) | (false_discoveries >= 1))
    ranked = _ranked(shrunken(kept, found)).head(_CONSIDERED)
    told = _explained(engine, ranked, named, wanted, held, support, false_discoveries)
    told = confirmed(told if explained else told.filter(~pl.col("is_explained")))
    told = told.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    told = told.with_columns(
        pl.col("left_denied").cast(pl.Int64), sentence=sentence(max(count - 1, 1))
    )
    return told.select(_KEPT).head(told.height if limit is None else limit)


def pattern_lines(
    engine: Engine, pattern: Mapping[str, object], *, limit: int | None = 100
) -> pl.DataFrame:
    """The denied lines of a pattern, with file and record, the dearest first.

    `pattern` is a row of `coding_patterns` or any of its items by name.  One row per line, at most
    `limit`: ``file_name, record_no, remit_claim_id, line_no, claim_id``, the items of the line,
    ``answer_date, charge_amount, denied_amount``.  Raises `BadQueryError` where it names no
    item, and for a `limit` below 0, `UnknownNameError` for a name that is none of a pattern.
    """
    for name in pattern:
        if name not in (*ITEMS, *_KEPT):
            raise UnknownNameError("item", name, ITEMS)
    items = {name: str(pattern[name]) if pattern.get(name) is not None else None for name in ITEMS}
    if limit is not None and limit < 0:
        raise BadQueryError("give no limit below 0")
    if not any(items.values()):
        raise BadQueryError("name at least one item of the pattern, such as procedure_code")
    return engine.fetch(denied_lines(items, limit))


def _found(engine: Engine, where: Where, held: Value | None, support: int) -> pl.DataFrame:
    """All patterns denied `support` times, and bins of the others."""
    parts: list[pl.DataFrame] = []
    for family in _followed(sql.FAMILIES):
        frame = engine.fetch(sql.patterns(family, where, held, support))
        parts.append(
            frame.with_columns(
                *(pl.lit(None, pl.String).alias(i) for i in ITEMS if i not in frame.columns),
                is_named=pl.any_horizontal(pl.col(i).is_not_null() for i in family),
            )
        )
    return pl.concat(parts, how="diagonal_relaxed").select(
        pl.col(*ITEMS).cast(pl.String),
        pl.col(*sql.SUMS).cast(pl.Float64),
        pl.col("denied_amount").cast(pl.Decimal(18, 2)),
        pl.col("patterns").cast(pl.Int64),
        "is_named",
    )


def _followed(families: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Each family in turn, a bar telling which is looked at."""
    with shown("looking for patterns", None) as tell:
        for at, family in enumerate(families):
            tell(at, len(families), ", ".join(map(formats.words, family)))
            yield family


def _ranked(kept: pl.DataFrame) -> pl.DataFrame:
    excess = ((pl.col("eb05") - 1) * pl.col("expected")).clip(0)
    amount = excess * pl.col("denied_amount").cast(pl.Float64) / pl.col("denied")
    return kept.with_columns(
        evidence=evidence(),
        excess=excess,
        excess_amount=amount.round(2).cast(pl.Decimal(14, 2)),
        denied_amount=pl.col("denied_amount").cast(pl.Decimal(14, 2)),
        n=pl.col("lines").cast(pl.Int64),
        value=pl.col("denied") / pl.col("lines"),
        ratio=pl.col("denied") / pl.col("expected"),
        denied=pl.col("denied").cast(pl.Int64),
    ).sort("excess_amount", "eb05", *ITEMS, descending=[True, True, *[False] * len(ITEMS)])


def _explained(
    engine: Engine, ranked: pl.DataFrame, found: pl.DataFrame, where: Where, held: Value | None,
    support: int, false_discoveries: float,
) -> pl.DataFrame:  # fmt: skip
    """With ``parent_ratio, parent_p_value``, what is left of each pattern, ``is_explained``."""
    above = beyond_parents(ranked, found)
    most = above.group_by("child").agg(
        parent_ratio=pl.col("ratio").max(), parent_p_value=pl.col("p_value").max()
    )
    rows = ranked.with_row_index("child").join(most, on="child", how="left", maintain_order="left")
    q = stats.benjamini_hochberg(above["p_value"])
    order = in_order(ranked, above.filter(q < false_discoveries))
    told = left_over(engine, rows.drop("child"), order, where, held)
    chance = stats.benjamini_hochberg(
        tail(told, pl.col("left_touched"), pl.col("left_expected"), "left_")
    )
    is_new = (pl.col("left_denied") >= support) & (chance < false_discoveries)
    return told.with_columns(is_explained=~is_new)
