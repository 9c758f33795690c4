"""The results as Markdown tables."""

from pathlib import Path
from typing import Any

COSTS = ["MB", "s", "MB/s", "claims/s", "cores used", "peak MB"]
NAMES = {
    "split": "naive split, the file read before",
    "read and split": "naive split, reading the file counted",
    "read": "revcycle: typed frames",
    "read on one core": "revcycle: typed frames, on one core",
    "read without fast": "revcycle: typed frames, without the extra fast",
    "read compiling": "revcycle: typed frames, the first time with it",
    "load": "revcycle: into a DuckDB file",
}


def replaced(page: Path, text: str, script: str) -> None:
    """Puts `text` between a script's markers.  Raises ValueError where the page lacks them."""
    first, last = f"<!-- {script} writes below -->", f"<!-- {script} writes above -->"
    before, begin, rest = page.read_text("utf-8").partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        raise ValueError(f"{page} lacks the lines {first} and {last}")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", "utf-8")


def markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float) -> str:
    """Three digits that count, with thousands apart."""
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"


def costs(one: dict[str, Any]) -> list[str]:
    values = (one["bytes"] / 1e6, one["seconds"], one["mb_per_s"], one["claims_per_s"])
    cores = one["cpu_seconds"] / one["seconds"]
    return [*map(number, values), f"{cores:.1f}", number(one["peak_mb"])]


def speeds(results: dict[str, Any], kinds: list[str]) -> str:
    """Each step of ours beside the naive split of the same file."""
    rows: list[list[str]] = []
    for kind in kinds:
        for step, name in NAMES.items():
            if one := results.get(f"{step} {kind}"):
                ratios = [
                    number(one["mb_per_s"] / results[f"{naive} {kind}"]["mb_per_s"])
                    for naive in ("split", "read and split")
                ]
                rows.append([f"{kind}, {name}", *costs(one), *ratios])
    return markdown(["", *COSTS, "x naive split", "x with reading"], rows)


def peers(trials: list[dict[str, Any]], results: dict[str, Any]) -> str:
    """What each peer gets out of its file, and how many times faster we are."""
    head = ["peer", *COSTS, "claims", "lines", "adjustments", "read is", "load is"]
    return markdown(head, [_peer(trial, results) for trial in trials])


def _peer(trial: dict[str, Any], results: dict[str, Any]) -> list[str]:
    name = f"{trial['peer']} {trial['version']}, {trial['step']}".removesuffix(", ")
    one = results.get(f"{trial['peer']} {trial['step']}", {})
    if "seconds" not in one:
        return [name, *["-"] * 9, f"fails: {one.get('error') or trial['problem']}", ""]
    kind, inside, found = trial["step"].split()[0], trial["inside"], one["found"]
    counts = [
        f"{found[what]:,} of {inside[what]:,}" if what in found else "-"
        for what in ("claims", "lines", "adjustments")
    ]
    ratios = [
        number(results[f"{step} {kind}"]["mb_per_s"] / one["mb_per_s"]) + " x"
        for step in ("read", "load")
    ]
    return [name, *costs(one), *counts, *ratios]


def notes(trials: list[dict[str, Any]]) -> str:
    """What a peer could not read, so that its file was made without it."""
    return "\n".join(
        f"* {one['peer']}, {one['step']}, fails: `{one['problem']}`"
        + (f"; measured without {one['left_out']}." if one["left_out"] else ".")
        for one in trials
        if one["problem"] and one["job"]
    )


def csv(results: dict[str, Any], exported: dict[str, Any]) -> str:
    """Loading with facts beside DuckDB's read_csv of the same tables."""
    ours, theirs = results["load and build"], results["read_csv"]
    ratio = number(ours["seconds"] / theirs["seconds"])
    split = " + ".join(number(ours["found"][f"{name}_seconds"]) for name in ("load", "build"))
    name = f"DuckDB: read_csv of the {exported['tables']} tables, {exported['rows']:,} rows"
    rows = [
        [f"revcycle: load and facts ({split} s)", *costs(ours), ratio],
        [name, *costs(theirs), "1"],
    ]
    return markdown(["both files", *COSTS, "x the time"], rows)


def growth(lines: list[dict[str, Any]]) -> str:
    """Seconds and peak memory at each size, and the line through them."""
    sizes = [f"{size:.0f} MB" for size, _ in lines[0]["points"]]
    rows = [
        [
            f"{one['job']}, {'seconds' if one['measure'] == 'seconds' else 'peak MB'}",
            *(number(value) for _, value in one["points"]),
            *([number(one["slope"]), f"{one['off']:.1%}"] if "slope" in one else ["-", "-"]),
        ]
        for one in lines
    ]
    return markdown(["", *sizes, "per 100 MB", "off the line"], rows)


def memory(results: dict[str, Any]) -> str:
    """Reading very large files."""
    return markdown(["", *COSTS], [[name, *costs(one)] for name, one in results.items()])
