"""openx12: dicts of claims with their services."""

from pathlib import Path
from typing import Any

from openx12 import x835, x837p


def counted(claims: list[dict[str, Any]]) -> dict[str, int]:
    lines = [line for claim in claims for line in claim.get("services", [])]
    return {
        "claims": len(claims),
        "lines": len(lines),
        "adjustments": sum(len(one.get("adjustments", [])) for one in (*claims, *lines)),
    }


def remittance(path: str) -> dict[str, int]:
    return counted(x835.parse(Path(path).read_text()).claims)


def claims(path: str) -> dict[str, int]:
    return counted(x837p.parse(Path(path).read_text()).claims)


STEPS = {"835": remittance, "837P": claims}
