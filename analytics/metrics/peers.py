"""How providers code beside their peers: the others of their specialty."""

from collections.abc import Sequence

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.metrics._metric import Where, listed
from analytics.metrics._modifiers import codes_of
from analytics.metrics.coded import em_level_mix, modifier_rate
from analytics.query import Engine

_TOLD = ("24", "25", "57", "59", "XE", "XP", "XS", "XU", "22", "26", "50", "51", "52", "76", "77")
# Lines at a level, and off it, for the normal curve to hold: Cochran (1954), Biometrics 10:417.
_ENOUGH = 5
_FUNNEL = (
    "peer_share", "expected", "ratio", "z", "dispersion", "low_95", "high_95", "low_998",
    "high_998", "signal",
)  # fmt: skip


def em_level_index(
    engine: Engine,
    *,
    by: str | Sequence[str] = "rendering_provider",
    peers: str | Sequence[str] = "specialty",
    where: Where | None = None,
    overdispersion: bool = True,
) -> pl.DataFrame:
    """Share of each E/M level, over that of the other providers of the specialty: the index.

    One row per provider, specialty, family and level that the specialty bills: by, peers,
    ``em_family, em_level``; ``n`` (lines of the family), ``value, low, high`` (the share at the
    level), ``hits`` (lines at it); ``peer_share``, the share at the level of all others in the same
    specialty; ``expected`` hits, had it been the provider's; ``ratio`` (hits over expected), the
    index; ``z`` and the limits ``low_95, high_95, low_998, high_998`` of the ratio, by what chance
    does to both and, with `overdispersion`, by how far providers differ anyhow at the level
    (``dispersion``); ``signal``: high or low beyond the 99.8% limits, null within them or where the
    share of all, its own included, would put fewer than 5 of its lines at the level or off it.
    Null where there are no peers.
    Lines counted as in em_level_mix.  Raises `UnknownNameError` for unknown dimensions.
    Source: Spiegelhalter (2005), Statistics in Medicine 24:1185.
    """
    keys = _keys(by, peers)
    mix = em_level_mix(engine, keys, where=_without_level(where))
    cells = _filled(mix, keys, listed(peers))
    wilson = stats.wilson("hits", "n")
    beside = _beside_peers(
        cells.with_columns(*wilson), [*listed(peers), "em_family", "em_level"],
        ["em_family", "em_level"], overdispersion=overdispersion,
    ).select(
        *keys, "em_family", "em_level", "n", "value", "low", "high", "hits", *_FUNNEL
    )  # fmt: skip
    if "em_level" not in (where or {}):
        return beside
    asked = em_level_mix(engine, where=where).select("em_family", "em_level")
    return beside.join(asked, on=asked.columns, how="semi", maintain_order="left")


def modifier_index(
    engine: Engine,
    *,
    by: str | Sequence[str] = "rendering_provider",
    peers: str | Sequence[str] = "specialty",
    modifiers: str | int | Sequence[str | int] = _TOLD,
    where: Where | None = None,
    overdispersion: bool = True,
) -> pl.DataFrame:
    """Share of lines with each modifier, over that of the other providers of the specialty.

    One row per provider, specialty and modifier: by, peers, ``modifier``; ``n, value, low, high,
    hits`` as of modifier_rate; then as in em_level_index.  Modifiers that no line has are left out.
    Raises `BadQueryError` for what is no modifier, `UnknownNameError` for unknown dimensions.
    """
    keys = _keys(by, peers)
    rates = [(code, modifier_rate.of(code)) for code in codes_of(modifiers)]
    cells = pl.concat(
        [
            rate(engine, keys, where=where).with_columns(modifier=pl.lit(code, pl.String))
            for code, rate in rates
        ]
    )
    cells = cells.filter(pl.col("hits").sum().over("modifier") > 0)
    return _beside_peers(
        cells, [*listed(peers), "modifier"], ["modifier"], overdispersion=overdispersion
    ).select(*keys, "modifier", "n", "value", "low", "high", "hits", *_FUNNEL)


def _without_level(where: Where | None) -> Where:
    """A filter of levels says which to give: what is compared is the family."""
    return {column: wanted for column, wanted in (where or {}).items() if column != "em_level"}


def _keys(by: str | Sequence[str], peers: str | Sequence[str]) -> list[str]:
    if not listed(by):
        raise BadQueryError("name at least one dimension whose values are compared")
    if common := set(listed(by)) & set(listed(peers)):
        raise BadQueryError(f"{min(common)!r} is compared: it cannot make peers too")
    return [*listed(by), *listed(peers)]


def _filled(mix: pl.DataFrame, keys: list[str], peers: list[str]) -> pl.DataFrame:
    """The mix with a row, of no hits, for every level of the family that peers bill."""
    families = mix.select(*keys, "em_family", n="whole").unique(maintain_order=True)
    levels = mix.select(*peers, "em_family", "em_level").unique(maintain_order=True)
    cells = families.join(
        levels, on=[*peers, "em_family"], nulls_equal=True, maintain_order="left_right"
    )
    hits = mix.select(*keys, "em_family", "em_level", hits="n")
    return cells.join(
        hits, on=[*keys, "em_family", "em_level"], how="left", nulls_equal=True,
        maintain_order="left",
    ).with_columns(pl.col("hits").fill_null(0))  # fmt: skip


def _beside_peers(
    cells: pl.DataFrame, within: list[str], alike: list[str], *, overdispersion: bool
) -> pl.DataFrame:
    """Cells with ``hits, n`` and how they stand to the others `within` the same keys.

    The spread beyond chance is that of all cells `alike`.
    """
    hits, n = pl.col("hits"), pl.col("n")
    all_hits, all_n = hits.sum().over(within), n.sum().over(within)
    others = pl.when(all_n > n).then(all_n - n)
    pooled = all_hits / all_n
    # What is expected of the provider is itself uncertain, by how many lines the others have.
    chance = n * pooled * (1 - pooled) * all_n / others
    told = cells.with_columns(
        peer_share=(all_hits - hits) / others,
        variance=chance,
        fewest=n * pl.min_horizontal(pooled, 1 - pooled),
    )
    told = told.with_columns(expected=n * pl.col("peer_share"))
    told = told.with_columns(ratio=hits / pl.when(pl.col("expected") > 0).then(pl.col("expected")))
    parts = [
        stats.funnel(part, "hits", "expected", "variance", overdispersion=overdispersion)
        for part in told.partition_by(alike, maintain_order=True)
    ]
    found = pl.concat(parts) if parts else told.with_columns(
        *(pl.lit(None, pl.Float64).alias(c) for c in _FUNNEL[3:-1])
    )  # fmt: skip
    return _signalled(found).sort(*alike, "z", descending=[*[False] * len(alike), True],
                              nulls_last=True, maintain_order=True)  # fmt: skip


def _signalled(frame: pl.DataFrame) -> pl.DataFrame:
    enough = pl.col("fewest") >= _ENOUGH
    high, low = pl.col("z") > stats.Z998, pl.col("z") < -stats.Z998
    return frame.with_columns(
        signal=pl.when(enough & high)
        .then(pl.lit("high"))
        .when(enough & low)
        .then(pl.lit("low"))
        .otherwise(pl.lit(None, pl.String))
    )
