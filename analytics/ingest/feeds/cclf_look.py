"""Which file of CCLF a file is: by its first record, its column names, or its own name."""

import re

_SAID = r"\d{4}-\d\d-\d\d"
_DAY = r"(?:\d{4}-\d\d-\d\d|[ ~]{10})"
_CLAIM, _LINE = r"^[\d ]{13}.{22}[\d ]{2}", r"^[\d ]{13}[\d ]{10}.{22}[\d ]{2}"
# How the first record of each file looks, tried in this order.
_LOOKS = {
    "0": r"^File Number",
    "1": rf"^[\d ]{{13}}.{{6}}.{{22}}[\d ]{{2}}{_DAY}{_DAY}.{{18}}[ \d.-]{{17}}",
    "5": rf"{_LINE}{_SAID}{_SAID}.{{10}}{_DAY}{_DAY}",
    "6": rf"{_LINE}{_SAID}{_SAID}.{{3}}{_DAY}{_DAY}",
    "2": rf"{_LINE}{_SAID}{_SAID}.{{4}}{_DAY}",
    "3": rf"{_CLAIM}.{{9}}{_SAID}.{{17}}{_DAY}{_DAY}",
    "4": rf"{_CLAIM}[A-Z1]\d\d[A-Z\d]\d.{{22}}{_DAY}{_DAY}",
    "7": rf"^[\d ]{{13}}.{{22}}[\d ]{{11}}[\d ]{{2}}{_SAID}",
    "A": rf"{_CLAIM}{_DAY}[ ~\w]{{5}}.{{10}}[ \d.-]{{19}}",
    "B": rf"{_LINE}[ ~\w]{{5}}.{{10}}[ \d.-]{{15}}",
    "9": rf"^[HM][A-Z\d ]{{22}}{_DAY}{_DAY}",
    "8": rf"^[A-Z\d]{{9}}[A-Z\d ]{{2}}.{{11}}[\d ]{{5}}[\d ]{{5}}{_DAY}[012]",
}
_NAMED = re.compile(r"(?:^|[._/])ZC([0-9AB])", re.IGNORECASE)
_HEADS = {
    "1": {"CUR_CLM_UNIQ_ID", "CLM_MDCR_INSTNL_TOT_CHRG_AMT"},
    "2": {"CUR_CLM_UNIQ_ID", "CLM_LINE_PROD_REV_CTR_CD"},
    "3": {"CUR_CLM_UNIQ_ID", "CLM_PRCDR_CD"},
    "4": {"CUR_CLM_UNIQ_ID", "CLM_DGNS_CD"},
    "5": {"CUR_CLM_UNIQ_ID", "RNDRG_PRVDR_NPI_NUM"},
    "6": {"CUR_CLM_UNIQ_ID", "PAYTO_PRVDR_NPI_NUM"},
    "7": {"CUR_CLM_UNIQ_ID", "CLM_LINE_NDC_CD"},
    "8": {"BENE_MBI_ID", "BENE_DOB"},
    "9": {"CRNT_NUM", "PRVS_NUM"},
    "E": {"CURRENT_BENE_MBI_ID", "ENROLLMENT_START_DATE"},
}


def by_look(line: str) -> str | None:
    """The file (0 to 9, A, B) whose records look like this line; None where it looks like none."""
    return next((file for file, look in _LOOKS.items() if re.match(look, line)), None)


def by_name(name: str) -> str | None:
    """The file that CMS's way of naming says: P.A0001.ACO.ZC1Y24.D240101.T1000000 is file 1."""
    found = _NAMED.search(name)
    return found[1].upper() if found else None


def by_head(names: list[str]) -> str | None:
    """The file that these column names are of."""
    return next((file for file, head in _HEADS.items() if head <= set(names)), None)
