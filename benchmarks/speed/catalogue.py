"""The results of benchmarks/metrics.py as Markdown tables."""

from typing import Any

from speed.table import markdown, number

MILLION = 1_000_000


def page(found: dict[str, Any]) -> str:
    """What goes between the markers of the page."""
    said = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    first, last = found["sizes"][0], found["sizes"][-1]
    parts = [
        f"`{found['command']}`",
        f"Measured on: {said}. {found['threads']} threads, memory limit {found['memory']}. "
        f"Best of {found['rounds']} rounds.",
        _growth(found["sizes"]),
        _facts(first, last),
        _metrics(first, last),
    ]
    if first["by_hand"]:
        parts.append(_by_hand(first))
    return "\n\n".join(parts)


def _millions(size: dict[str, Any]) -> str:
    return f"{number(size['claims'] / MILLION)} M claims"


def _growth(sizes: list[dict[str, Any]]) -> str:
    """The build at each size, and how it grows."""
    head = ["facts built of", "lines", "payments", "s", "s per M", "processor s per M",
            "cores used", "peak MB", "file MB", "slowest metric, s"]  # fmt: skip
    rows: list[list[str]] = []
    for size in sizes:
        build, millions = size["build"], size["claims"] / MILLION
        seconds, cpu = build["seconds"], build["cpu_seconds"]
        rows.append([
            _millions(size), f"{size['rows']['claim_line']:,}", f"{size['rows']['remit_claim']:,}",
            number(seconds), number(seconds / millions), number(cpu / millions),
            f"{cpu / seconds:.1f}", number(build["peak_mb"]), number(size["bytes"] / 1e6),
            number(max(one["seconds"] for one in size["metrics"].values())),
        ])  # fmt: skip
    return markdown(head, rows)


def _facts(first: dict[str, Any], last: dict[str, Any]) -> str:
    """Each fact at the smallest and the largest size."""
    head = ["fact", "rows", f"s, {_millions(first)}", f"s, {_millions(last)}"]
    before, after = first["build"]["found"], last["build"]["found"]
    rows = [
        [name, f"{one['rows']:,}", number(before[name]["seconds"]), number(one["seconds"])]
        for name, one in after.items()
    ]
    return markdown(head, rows)


def _metrics(first: dict[str, Any], last: dict[str, Any]) -> str:
    """Each metric by two dimensions at the smallest and the largest size."""
    head = ["metric", "by", f"s, {_millions(first)}", f"s, {_millions(last)}"]
    rows = [
        [name, ", ".join(one["by"]), number(first["metrics"][name]["seconds"]),
         number(one["seconds"])]
        for name, one in last["metrics"].items()
    ]  # fmt: skip
    return markdown(head, rows)


def _by_hand(size: dict[str, Any]) -> str:
    """The same numbers by hand: seconds, and how many times those of a metric on built facts."""
    results, built = size["by_hand"], size["build"]["seconds"]
    programs = list(dict.fromkeys(name.split()[0] for name in results))
    numbers = list(dict.fromkeys(name.split()[1] for name in results))
    head = [f"from {_millions(size)}", *numbers, "all three", "x revcycle, facts built",
            "x revcycle, building counted", "peak MB"]  # fmt: skip
    sums = {
        name: sum(results[f"{name} {one}"].get("seconds", float("nan")) for one in numbers)
        for name in programs
    }
    rows = [
        [
            name,
            *(number(results[f"{name} {one}"].get("seconds", float("nan"))) for one in numbers),
            number(sums[name]),
            number(sums[name] / sums["revcycle"]),
            number(sums[name] / (sums["revcycle"] + built)),
            number(max(results[f"{name} {one}"].get("peak_mb", 0) for one in numbers)),
        ]
        for name in programs
    ]
    return markdown(head, rows)
