"""kw-x12-parser: its full data frame of an 837P, a claim a row."""

from kw_x12_parser import full_parse_x837p


def frame(path: str) -> dict[str, int]:
    found = full_parse_x837p(path)
    return {"claims": len(found), "lines": int(found["SV1_LINE_COUNT"].sum())}


STEPS = {"837P": frame}
