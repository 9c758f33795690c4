"""A report as the body of an e-mail: key numbers and what changed, as short HTML and plain text.

It names no patient and shows what the report's cards show.  Whatever sends mail can take the files.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from analytics import formats
from analytics.report.found import Found
from analytics.tables import sheets

_HEAD = ("Period", "As of", "Records rejected", "Files against facts")  # said of the whole
_CELL = "padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-top:1px solid #ddd"
_BODY = "font-family:sans-serif;font-size:14px;color:#1f2933"


def mail(
    told: Mapping[str, Any],
    tables: Sequence[Found],
    earlier: Mapping[str, Any] | None,
    cells: str = "",
) -> dict[str, bytes]:
    """The body as HTML and as text, by the ending of the file.

    `told` is what the manifest says, `earlier` what that of the report compared with says.
    """
    rows = [
        (one["metric"], _shown(one), changed(one, _same(one, earlier)))
        for one in told["key_numbers"]
    ]
    # A line of its own, fit for a subject: one that is cut would begin a header of its own.
    title, lines = (
        " ".join(f"{told['title']} ({told['report']})".split()),
        [*_facts(tables), _compared(earlier), *([cells] if cells else [])],
    )
    return {
        ".mail.html": _html(title, rows, lines).encode(),
        ".mail.txt": _text(title, rows, lines).encode(),
    }


def changed(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """What became of a number since the earlier report, in words; nothing where one is unknown."""
    value, was = _number(now["value"]), _number(before["value"]) if before else None
    if value is None or was is None:
        return ""
    unit, moved = str(now["unit"]), value - was
    if formats.value(value, unit) == formats.value(was, unit):
        return f"as before ({formats.value(was, unit)})"
    if now.get("settled") is not None:  # a young number is no change
        return f"{formats.value(was, unit)} before; not compared, as this still moves"
    way = "up" if moved > 0 else "down"
    is_good = (now["better"] == "higher") == (moved > 0)
    size = f"{abs(moved) * 100:.1f} points" if unit == "share" else formats.value(abs(moved), unit)
    parts = [f"{way} {size} from {formats.value(was, unit)}", "better" if is_good else "worse"]
    low, high = _number(now["low"]), _number(now["high"])
    if low is not None and high is not None:
        inside = "within" if low <= was <= high else "outside"
        parts.append(f"the earlier value is {inside} the interval now")
    return ", ".join(parts)


def _shown(one: Mapping[str, Any]) -> str:
    """The value, its interval and n, as the card has them."""
    value, low, high = (_number(one[name]) for name in ("value", "low", "high"))
    if isinstance(one["n"], str):  # a small count
        return f"not shown (n {one['n']})"
    text = formats.whole(value, one["unit"])
    ends = formats.interval(low, high, one["unit"]) if low is not None or high is not None else ""
    count = f"n {one['n']:,}" if one["n"] is not None else ""
    young = formats.not_settled(one["settled"]) if one.get("settled") is not None else ""
    below = ", ".join(part for part in (ends, count, young) if part)
    return f"{text} ({below})" if below else text


def _number(value: Any) -> float | None:
    """A number of a manifest, where amounts are text."""
    return None if value is None else float(Decimal(value) if isinstance(value, str) else value)


def _same(one: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The number of that name and unit in the earlier report."""
    for other in (earlier or {}).get("key_numbers", ()):
        if (other["metric"], other["unit"]) == (one["metric"], one["unit"]):
            return other
    return None


def _facts(tables: Sequence[Found]) -> list[str]:
    """What the head of the report says of the whole."""
    said = dict[str, str]()
    for table in (t for t in tables if t.is_head and t.kind == sheets.FACTS):
        names, values = (column["cells"] for column in table.sheet["columns"])
        said |= {
            name: f"{v:,}" if isinstance(v, int) else str(v)
            for name, v in zip(names, values, strict=True)
        }
    return [f"{name}: {said[name]}" for name in _HEAD if name in said]


def _compared(earlier: Mapping[str, Any] | None) -> str:
    if earlier is None:
        return "No earlier report to compare with."
    return f"Compared with {earlier['report']}, as of {earlier['as_of']}."


def _text(title: str, rows: Sequence[tuple[str, str, str]], lines: Sequence[str]) -> str:
    numbers = [
        f"{name}: {value}" + (f"\n  {change}" if change else "") for name, value, change in rows
    ]
    return "\n".join([title, "", *numbers, "", *lines, ""])


def _html(title: str, rows: Sequence[tuple[str, str, str]], lines: Sequence[str]) -> str:
    body = "".join(
        f'<tr><th scope="row" style="{_CELL};font-weight:normal">{escape(name)}</th>'
        + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in told)
        + "</tr>\n"
        for name, *told in rows
    )
    below = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f'</head>\n<body style="{_BODY}">\n<main>\n<h1 style="font-size:18px">'
        f"{escape(title)}</h1>\n"
        f'<table style="border-collapse:collapse">\n{body}</table>\n{below}</main>\n'
        "</body></html>\n"
    )
