"""linuxforhealth-x12: pydantic models of whole transaction sets."""

import re
from pathlib import Path
from typing import Any

from linuxforhealth.x12.io import X12ModelReader


def loops(model: Any, name: str) -> list[Any]:
    return getattr(model, name, None) or []


def amounts(model: Any) -> int:
    """The adjustments in the CAS segments of a loop."""
    return sum(
        getattr(segment, f"monetary_amount_{n}") is not None
        for segment in loops(model, "cas_segment")
        for n in range(1, 7)
    )


def remittance(path: str) -> dict[str, int]:
    found = {"claims": 0, "lines": 0, "adjustments": 0}
    with X12ModelReader(path) as reader:
        for model in reader.models():
            claims = [claim for header in model.loop_2000 for claim in header.loop_2100]
            lines = [line for claim in claims for line in loops(claim, "loop_2110")]
            found["claims"] += len(claims)
            found["lines"] += len(lines)
            found["adjustments"] += sum(amounts(one) for one in (*claims, *lines))
    return found


def claims(path: str) -> dict[str, int]:
    found = {"claims": 0, "lines": 0}
    with X12ModelReader(path) as reader:
        for model in reader.models():
            people = [one for top in model.loop_2000a for one in top.loop_2000b]
            people += [one for person in people for one in loops(person, "loop_2000c")]
            for claim in [claim for one in people for claim in loops(one, "loop_2300")]:
                found["claims"] += 1
                found["lines"] += len(claim.loop_2400)
    return found


def accepted(path: str, target: str) -> str:
    """An 835 it accepts: its models stop at the first set they do not."""
    text = re.sub(r"^(?:PER\*|CAS\*\w+\*\w+\*0~)[^\n]*\n", "", Path(path).read_text(), flags=re.M)
    text = re.sub(r"^(CLP(?:\*[^*]*){5}\*)CI", r"\g<1>12", text, flags=re.M)
    text = re.sub(
        r"(ST\*835.*?\nSE\*)\d+", lambda m: f"{m[1]}{m[1].count('~') + 1}", text, flags=re.S
    )
    Path(target).write_text(text)
    return "PER, adjustments of 0; filing code CI changed"


STEPS = {"835": remittance, "837P": claims, "prepare 835": accepted}
