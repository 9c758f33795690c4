"""hccinfhir: a model for every service line of an 837, as its risk scores need it."""

from itertools import groupby
from pathlib import Path

from hccinfhir.extractor import extract_sld


def lines(path: str) -> dict[str, int]:
    found = extract_sld(Path(path).read_text(), format="837")
    claims = sum(1 for _ in groupby(found, key=lambda line: line.claim_id))
    return {"claims": claims, "lines": len(found)}


STEPS = {"837P": lines}
