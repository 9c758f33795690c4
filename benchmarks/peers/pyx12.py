"""pyx12: trees of claims, checked against its maps of the implementation guides."""

import pyx12.error_handler
import pyx12.params
import pyx12.x12context


def trees(path: str, claim: str, line: str) -> dict[str, int]:
    param, errors = pyx12.params.params(), pyx12.error_handler.errh_null()
    found = {"claims": 0, "lines": 0, "adjustments": 0}
    with pyx12.x12context.X12ContextReader(param, errors, path) as reader:
        for tree in reader.iter_segments(claim):
            if tree.id != claim:
                continue
            found["claims"] += 1
            found["lines"] += tree.count(line)
            for node in tree.iterate_segments():
                segment = node["segment"]
                if segment.get_seg_id() == "CAS":
                    found["adjustments"] += (len(segment) + 1) // 3
    return found


def remittance(path: str) -> dict[str, int]:
    return trees(path, "2100", "2110")


def claims(path: str) -> dict[str, int]:
    return trees(path, "2300", "2400")


STEPS = {"835": remittance, "837P": claims}
