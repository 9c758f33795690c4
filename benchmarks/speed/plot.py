"""One figure of growth: seconds and peak memory by size of file, with the fitted lines."""

from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

TITLES = {"seconds": "seconds, best run", "peak_mb": "peak memory, MB"}


def draw(lines: list[dict[str, Any]], path: str) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    colors = {name: f"C{n}" for n, name in enumerate(dict.fromkeys(one["job"] for one in lines))}
    for axis, (measure, title) in zip(axes, TITLES.items(), strict=True):
        for one in lines:
            if one["measure"] != measure:
                continue
            x, y = zip(*one["points"], strict=True)
            label = one["job"]
            if "slope" in one:
                ends = [0, max(x)]
                axis.plot(
                    ends,
                    [one["start"] + one["slope"] * e / 100 for e in ends],
                    color=colors[label],
                    linewidth=1,
                )
                slope = one["slope"]
                label += f": {slope:+,.0f}" if abs(slope) >= 10 else f": {slope:+.2f}"
                label += " per 100 MB"
            axis.plot(x, y, "o", color=colors[one["job"]], label=label)
        axis.set(title=title, xlabel="size of the file, MB", xlim=(0, None), ylim=(0, None))
        axis.legend(frameon=False, fontsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


STEPS = {"draw": draw}
