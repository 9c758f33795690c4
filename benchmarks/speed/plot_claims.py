"""One log-log figure: processor seconds and memory by number of claims."""

from statistics import linear_regression
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter


def draw(sizes: list[dict[str, Any]], path: str) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    claims = [one["claims"] for one in sizes]
    kinds = [*sizes[0]["cpu_seconds"]]
    drawn = {name: [one["cpu_seconds"][name] for one in sizes] for name in kinds}
    _panel(axes[0], claims, drawn, "processor seconds")
    drawn = {f"{name}, peak": [one["peak_mb"][name] for one in sizes] for name in kinds}
    _panel(axes[1], claims, drawn | {"database file": [one["file_mb"] for one in sizes]}, "MB")
    figure.savefig(path, dpi=120)


def _panel(axis: Any, claims: list[int], drawn: dict[str, list[float]], unit: str) -> None:
    """Points and lines; slope 1 means twice the claims take twice as much."""
    for name, values in drawn.items():
        slope = ""
        if len(claims) > 1:
            slope = f": slope {linear_regression(np.log(claims), np.log(values)).slope:.2f}"
        axis.plot(claims, values, "o-", linewidth=1, label=name + slope)
    axis.set(xscale="log", yscale="log", xlabel="claims", title=unit)
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(LogLocator(subs=(1, 2, 5)))
        one.set_major_formatter(
            FuncFormatter(lambda value, _: f"{value:,g}" if value < 1e6 else f"{value / 1e6:g} M")
        )
        one.set_minor_formatter(NullFormatter())
    axis.legend(frameon=False, fontsize=8, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.14))
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(visible=True, which="major", linewidth=0.4)


STEPS = {"draw": draw}
