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
    """The same numbers by hand: seconds, and how many times those of ours."""
    results = size["by_hand"]
    programs, steps = (list(dict.fromkeys(name.split()[at] for name in results)) for at in (0, 1))
    head = [f"from {_millions(size)}", *steps, "the numbers", "x revcycle", "with building",
            "x revcycle", "peak MB"]  # fmt: skip
    took = {name: [_seconds(results, name, one) for one in steps] for name in programs}
    asked, whole = sum(took["revcycle"][1:]), sum(took["revcycle"])
    rows = [
        [
            name,
            *(number(one) if one else "-" for one in seconds),
            number(sum(seconds[1:])),
            number(sum(seconds[1:]) / asked),
            number(sum(seconds)),
            number(sum(seconds) / whole),
            number(max(results.get(f"{name} {one}", {}).get("peak_mb", 0) for one in steps)),
        ]
        for name, seconds in took.items()
    ]
    return markdown(head, rows)


def _seconds(results: dict[str, Any], name: str, step: str) -> float:
    """What a step took; 0 where there is nothing to do, and no number where it failed."""
    one = results.get(f"{name} {step}")
    return 0.0 if one is None else one.get("seconds", float("nan"))
