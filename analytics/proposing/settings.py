"""How the file as a whole is read: order of days, decimal mark, what tells rows apart, periods."""

from dataclasses import dataclass, field

import polars as pl

from analytics.maps.language import Target
from analytics.proposing import kinds
from analytics.proposing.entry import Entry, quoted
from analytics.proposing.levels import Shape
from analytics.proposing.matching import concepts

_KEYS: tuple[tuple[str, ...], ...] = (
    ("line_control_number",),
    ("control_number",),
    ("line_number",),
    ("payer_claim_number",),
    ("trace",),
    ("group_and_carc", "carc"),
    ("payment_date", "submission_date"),
    ("procedure",),
    ("service_from",),
)
_MOST_KEYS, _MONTHS = 4, 12
_PERIODS: tuple[Target, ...] = (
    ("remit", "payment_date"), ("claim", "submission_date"), ("charge", "charge_date"),
    ("write_off", "write_off_date"), ("patient_payment", "payment_date"),
)  # fmt: skip


@dataclass(slots=True)
class Settings:
    """Lines for [[file]] as TOML, with what is said of each."""

    lines: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    findings: list[str] = field(default_factory=list[str])

    def add(self, line: str, said: str = "", *, finding: bool = False) -> None:
        """A line, or a remark that begins with #."""
        self.lines.append((line, said))
        if finding:
            self.findings.append(said)


def settings(entries: list[Entry], shape: Shape) -> Settings:
    """What the cells say of days, decimals, keys and periods; days may be said by column."""
    found = Settings()
    _days(found, [e for e in entries if _is_of(e, "date")])
    _decimals(found, [e.reading.column.cells for e in entries if e.reading and _is_of(e, "money")])
    _key(found, entries, shape)
    _period(found, entries)
    return found


def _is_of(entry: Entry, kind: str) -> bool:
    return entry.reading is not None and concepts()[entry.reading.concept].kind == kind


def _days(found: Settings, entries: list[Entry]) -> None:
    """The order of days written with / or -, if any cell can be read in one order only."""
    orders = [_orders(entry) for entry in entries]
    day_first, month_first = (sum(o[at] for o in orders) for at in (0, 1))
    if any(o[0] and o[1] for o in orders):
        said = "CHECK: of one column some days are month first only, others day first only"
        found.add("", said, finding=True)
    elif day_first and month_first:
        for entry, order in zip(entries, orders, strict=True):
            if order[0] and not entry.value.startswith("{"):
                entry.value = f'{{ column = {entry.value}, date = "DMY" }}'
        found.add("", "days are month first, but in the columns that say otherwise")
    elif day_first:
        found.add('date = "DMY"', f"{day_first:,} days can only be day first, none month first")
    elif month_first:
        found.add("", f"days are month first: {month_first:,} cannot be read otherwise")
    elif any(o[2] for o in orders):
        said = "TIE: every day reads as month first and as day first; month first is taken"
        found.add('# date = "DMY"', said, finding=True)
    _serials(found, entries)


def _orders(entry: Entry) -> tuple[int, int, int]:
    """Cells that can only be day first, only month first, and either."""
    cells = entry.reading.column.cells.drop_nulls() if entry.reading else pl.Series(dtype=pl.String)
    parts = (
        cells.to_frame("cell")
        .select(
            first=pl.col("cell").str.extract(kinds.SLASHED, 1).cast(pl.Int32),
            second=pl.col("cell").str.extract(kinds.SLASHED, 2).cast(pl.Int32),
        )
        .drop_nulls()
    )
    day, month = int((parts["first"] > _MONTHS).sum()), int((parts["second"] > _MONTHS).sum())
    return day, month, len(parts) - day - month


def _serials(found: Settings, entries: list[Entry]) -> None:
    """Days as numbers, as a spreadsheet counts them."""
    cells = [e.reading.column.cells.drop_nulls().alias("cell") for e in entries if e.reading]
    said = pl.concat(cells) if cells else pl.Series(dtype=pl.String)
    if len(said) and bool(said.str.contains(kinds.SERIAL).all()):
        found.add('date = "excel"', "days are numbers as Excel counts them")


def _decimals(found: Settings, columns: list[pl.Series]) -> None:
    """Whether amounts have a comma before their cents."""
    if not columns:
        return
    said = pl.concat([c.drop_nulls().alias("cell") for c in columns])
    comma = int(said.str.contains(kinds.COMMA).sum())
    point = int(said.str.contains(r"\.\d{1,2}\)?-?$").sum())
    if comma > point:
        found.add('decimal = ","', f"{comma:,} amounts have a comma before their cents")
    if comma and point:
        found.add("", "CHECK: amounts have cents after a comma and after a point", finding=True)


def _key(found: Settings, entries: list[Entry], shape: Shape) -> None:
    """The fewest columns that tell the rows apart that were read."""
    by_concept = {
        e.reading.concept: e.reading.column
        for e in entries
        if e.reading and not e.reading.column.is_group
    }
    chosen: list[str] = []
    cells: list[pl.Series] = []
    for names in _KEYS:
        name = next((n for n in names if n in by_concept), None)
        if name is None or len(chosen) >= _MOST_KEYS:
            continue
        chosen.append(name)
        cells.append(by_concept[name].cells.alias(name).fill_null(""))
        if len(cells[0]) and not pl.DataFrame(cells).is_duplicated().any():
            names_ = ", ".join(quoted(by_concept[c].name) for c in chosen)
            is_own = _tells(chosen, shape)
            rows = f"tells apart the {len(cells[0]):,} rows looked at"
            line = f"row_key = [{names_}]"
            if is_own:
                found.add(line, f"{rows}; a row loaded before is kept out")
            else:
                found.add(f"# {line}", f"{rows}; say so only if it always does")
            return


def _tells(chosen: list[str], shape: Shape) -> bool:
    """Whether the columns are numbers made to tell rows apart: of lines, or of claims."""
    numbers = {"line_control_number", "line_number"}
    if shape.grain == "claim":
        return chosen == ["control_number"] and not shape.has_payments
    return shape.grain == "line" and bool(numbers & set(chosen)) and not shape.has_payments


def _period(found: Settings, entries: list[Entry]) -> None:
    """A period, as a choice: for files that come anew for whole months."""
    for entry in entries:
        if entry.target in _PERIODS and entry.reading:
            name = quoted(entry.reading.column.name)
            found.add('# mode = "replace_period"', "for files that come anew for whole months")
            found.add(f"# period = {name}")
            return
