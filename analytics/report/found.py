"""The tables of a notebook that has run, with their numbers: what `analytics.tables` left in it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from analytics.tables import sheets


@dataclass(frozen=True, slots=True)
class Found:
    """One table and the heading it stands under; of the title block, what is said of the whole."""

    section: str
    sheet: sheets.Sheet
    is_head: bool = False

    @property
    def kind(self) -> str:
        """`TABLE`, `CARDS`, `FACTS` or `DEFINITIONS` of `analytics.tables.sheets`."""
        return str(self.sheet["kind"])

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.sheet["columns"][0]["cells"]) if self.sheet["columns"] else 0


def found(book: Any) -> list[Found]:
    """The tables in the order of the notebook.  Frames and prints of one's own have no numbers."""
    section, tables = "", list[Found]()
    for cell in book.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"(?m)^## (.+)$", cell.source)
            section = headings[-1].strip() if headings else section
        elif cell.cell_type == "code":
            is_head = "title-block" in cell.metadata.get("tags", ())
            data = [output.get("data", {}) for output in cell.outputs]
            made = [json.loads(json.dumps(of[sheets.MIME])) for of in data if sheets.MIME in of]
            tables += [Found(section, sheet, is_head) for sheet in made]
    return tables


def numbers(tables: Sequence[Found]) -> str:
    """The hash of all that the tables say, whatever the format they are written in."""
    said = [[table.section, table.sheet] for table in tables]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
