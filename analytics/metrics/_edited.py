"""Metrics over edits: claims are counted by what was checked, then edits are told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.metrics._kinds import Proportion
from analytics.metrics._metric import Where, where_lines
from analytics.query import Query, Value, conditions

_OF_EDIT = ("edit_code", "result")  # what only a claim and edit together have
_MASKS = ("checked_edits", "broken_edits", "unchecked_edits")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditShare(Proportion):
    """The share of checks that are broken, over the view `edit_result`.

    Its sums are those of the view, from the narrow fact `edit_check` behind it: claims alike are
    added up first, so that the edits of each sum are listed, not those of each claim.
    """

    @property
    def sums(self) -> tuple[str, ...]:
        hits = f"sum(CASE WHEN {self.event} THEN claims ELSE 0 END)"
        return (
            f"CAST(coalesce({hits}, 0) AS BIGINT) AS hits",
            "CAST(coalesce(sum(claims), 0) AS BIGINT) AS n",
        )

    def duplicate_sums(self, include_duplicates: bool) -> tuple[str, ...]:
        del include_duplicates
        return self.sums

    def _grouped(
        self, groups: Sequence[str], sums: Sequence[str], population: Sequence[str], where: Where
    ) -> Query:
        names = [group.split(" AS ")[-1] for group in groups]
        told, params, filters = _told([g for g in groups if g not in _OF_EDIT], where)
        lines = [
            *self.header,
            "SELECT",
            "    " + ",\n    ".join([*names, *sums]),
            *told,
            *where_lines([*population, *filters]),
        ]
        if names:
            ordinals = [str(i) for i in range(1, len(names) + 1)]
            lines += [
                f"GROUP BY {', '.join(ordinals)}",
                "ORDER BY " + ", ".join(f"{i} ASC NULLS LAST" for i in ordinals),
            ]
        return Query("\n".join(lines), params)

    def _excluded_rows(self, where: Where, *, include_duplicates: bool) -> Query | None:
        reasons = self.reasons(include_duplicates=include_duplicates)
        told, params, filters = _told([], where)
        cases = [f"WHEN {test} THEN '{reason}'" for reason, test in reasons.items()]
        any_reason = " OR ".join(f"({test})" for test in reasons.values())
        lines = [
            f"-- What is left out of: {self.title}.",
            f"SELECT CASE {' '.join(cases)} END AS reason, CAST(sum(claims) AS BIGINT) AS n,",
            "    CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount",
            *told,
            *where_lines([f"({any_reason})", *filters]),
            "GROUP BY 1",
            "ORDER BY 1 ASC NULLS LAST",
        ]
        return Query("\n".join(lines), params)


def _told(
    groups: Sequence[str], where: Where
) -> tuple[list[str], Mapping[str, Value | None], list[str]]:
    """The lines after FROM that give each sum of claims its edits; values; filters of edits."""
    inside, params = conditions({k: v for k, v in where.items() if k not in _OF_EDIT})
    outside, more = conditions({k: v for k, v in where.items() if k in _OF_EDIT})
    items = [*groups, *_MASKS]
    ordinals = ", ".join(str(i) for i in range(1, len(items) + 1))
    counted = [
        "SELECT",
        "    " + ",\n    ".join([*items, "count(*) AS claims", "sum(billed_amount) AS amount"]),
        "FROM edit_check",
        *where_lines(inside),
        f"GROUP BY {ordinals}",
    ]
    lines = [
        "FROM (",
        "    SELECT counted.*, edit.edit_code,",
        "        CASE WHEN (broken_edits & edit_bit) <> 0 THEN 'broken'",
        "            WHEN (checked_edits & edit_bit) <> 0 THEN 'sound'",
        "            ELSE 'not_checked' END AS result",
        "    FROM (",
        *(f"        {part}" for line in counted for part in line.split("\n")),
        "    ) AS counted",
        "    JOIN edit ON ((checked_edits | unchecked_edits) & edit_bit) <> 0",
        ") AS told",
    ]
    return lines, {**params, **more}, outside
