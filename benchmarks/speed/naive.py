"""The least that pure Python can do with a file: split every segment and element, keep nothing."""

import time
from pathlib import Path


def split(text: str) -> None:
    for segment in text.split("~"):
        segment.split("*")


def alone(path: str) -> dict[str, float]:
    """The split by itself: its own seconds leave out reading the file."""
    text = Path(path).read_text()
    start, cpu = time.perf_counter(), time.process_time()
    split(text)
    return {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}


def with_reading(path: str) -> None:
    split(Path(path).read_text())


STEPS = {"split": alone, "read and split": with_reading}
