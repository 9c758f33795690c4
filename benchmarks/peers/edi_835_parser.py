"""edi-835-parser: objects of claims, services and adjustments.

Its `to_dataframe` takes files of one payment only, so the objects are counted.
"""

import re
from pathlib import Path

from edi_835_parser import parse

# A claim whose CLP02 is none of the statuses it knows, up to the next claim or the end of the set.
UNKNOWN = re.compile(
    r"^CLP\*[^*]*\*(?!(?:1|2|3|4|19|20|21|22)\*).*?(?=^(?:CLP|LX|PLB|SE)\*)", re.M | re.S
)


def objects(path: str) -> dict[str, int]:
    claims = [claim for one in parse(path) for claim in one.claims]
    services = [service for claim in claims for service in claim.services]
    return {
        "claims": len(claims),
        "lines": len(services),
        "adjustments": sum(len(service.adjustments) for service in services),
    }


def known(path: str, target: str) -> str:
    Path(target).write_text(UNKNOWN.sub("", Path(path).read_text()))
    return "claims of a status it does not know"


STEPS = {"835": objects, "prepare 835": known}
