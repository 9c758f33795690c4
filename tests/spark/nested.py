"""Reports made side by side: a folder's database, and what the cells of a notebook put out."""

from pathlib import Path
from typing import Any

from analytics.database import Database

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def duck_of(folder: Path, place: Path) -> Path:
    """A database file of a folder's tables, with facts, by the folder's name: heads tell it."""
    path = place / folder.name
    with Database.from_parquet(folder, path) as db:
        db.build(progress=False)
    return path


def outputs(book: Any) -> list[Any]:
    """What each cell put out, tables as numbers and figures as SVG; without numbers of runs."""
    told = [[dict(output) for output in cell.get("outputs", ())] for cell in book.cells]
    for output in (output for cell in told for output in cell):
        output.pop("execution_count", None)
    return [cell for cell in told if cell]
