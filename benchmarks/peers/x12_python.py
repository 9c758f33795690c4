"""x12-python: its interchange of loops, and of an 837P the claim models made of that."""

from collections import Counter
from pathlib import Path
from typing import Any

from x12.core.parser import Parser
from x12.transactions.healthcare.models import Claim837P


def sets(path: str) -> list[Any]:
    interchange = Parser().parse(Path(path).read_text())
    return [one for group in interchange.functional_groups for one in group.transactions]


def remittance(path: str) -> dict[str, int]:
    segments = [segment for one in sets(path) for segment in one.root_loop.segments]
    counts = Counter(segment.segment_id for segment in segments)
    cas = (segment for segment in segments if segment.segment_id == "CAS")
    return {
        "claims": counts["CLP"],
        "lines": counts["SVC"],
        "adjustments": sum((len(segment.elements) + 1) // 3 for segment in cas),
    }


def claims(path: str) -> dict[str, int]:
    found = [Claim837P.from_transaction(one) for one in sets(path)]
    return {"claims": sum(len(one.claims) for one in found)}


STEPS = {"835": remittance, "837P": claims}
