"""What the numbers were measured on and with."""

import datetime as dt
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from speed.run import ROOT

PACKAGES = ("duckdb", "polars", "pyarrow", "numpy", "numba")


def facts() -> dict[str, str]:
    """Machine, versions and the commit measured."""
    return {
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "commit": _commit(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not there"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _commit() -> str:
    said = [
        subprocess.run(
            ["git", "-C", str(ROOT), *what], capture_output=True, text=True, check=False
        ).stdout.strip()
        for what in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "analytics"))
    ]
    return f"{said[0]} with changes" if said[1] else said[0]
