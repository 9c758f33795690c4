"""Runs one step in a process of its own and writes what it took; standard library only.

    python -P child.py '{"file": ..., "step": ..., "arguments": [...], "cores": [], "without": [],
                         "out": ...}'

`file` is a Python file with a dict STEPS; `cores` are those to keep to, if any; `without` are
modules that cannot be imported; `out` is where the result goes.  Peers run this file in
environments of their own: it must import nothing else.
"""

import gc
import importlib.util
import json
import os
import resource
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any


def peak_mb() -> float:
    """The most memory this process has held, in MB of a million bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def module_at(path: Path) -> ModuleType:
    """The module at `path`, under a name that hides no library."""
    spec = importlib.util.spec_from_file_location(f"step_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(file: str, step: str, arguments: list[Any]) -> dict[str, Any]:
    """What a step gives back and what it took; imports are not part of the time.

    A step that gives back `seconds` and `cpu_seconds` has measured itself.
    """
    steps = module_at(Path(file)).STEPS
    if not step:
        return {"found": list(steps)}
    gc.collect()
    before, cpu, start = peak_mb(), cpu_seconds(), time.perf_counter()
    found = steps[step](*arguments)
    seconds = time.perf_counter() - start
    took = {"seconds": seconds, "cpu_seconds": cpu_seconds() - cpu}
    if isinstance(found, dict):
        took |= {name: found[name] for name in took if name in found}
    return took | {"peak_mb": peak_mb(), "before_mb": before, "found": found}


def main() -> None:
    job = json.loads(sys.argv[1])
    if job["cores"]:
        os.sched_setaffinity(0, job["cores"])
    sys.modules.update(dict.fromkeys(job["without"]))
    try:
        result = measured(job["file"], job["step"], job["arguments"])
    except Exception as error:  # noqa: BLE001  whatever a library raises is its result
        said = " ".join(str(error).replace("|", "/").split())[:160]
        result = {"error": f"{type(error).__name__}: {said}"}
    Path(job["out"]).write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    main()
