"""Lists of codes that measures name: CMS's of readmissions, AHRQ's PQI and CCS, NYU's of visits."""

import datetime as dt
import re

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.published.release import Release, found
from analytics.ingest.published.text import cells, headed, refuse, typed

_NAMED = r"\A\W*{}\"?,\"?description\b"
READMISSIONS = "|".join(
    _NAMED.format(column)
    for column in ("ccs_diagnosis_category", "ccs_procedure_category", "icd_10_cm", "icd_10_pcs")
)
PREVENTION = r"\A\W*sas_format\"?,\"?label\"?,\"?code\b"
VISITS = r"\A\W*icd10\"?,\"?edcnnpa\"?,\"?edcnpa\b"
PROCEDURES = r"\A\W*cpt_hcpcs_code\b"
CCS = r"\A\W*ICD-10-(CM|PCS) CODE'?,'?CCS CATEGORY"

_LISTS = (
    "acute_diagnosis_ccs",
    "acute_diagnosis_icd_10_cm",
    "always_planned_ccs_diagnosis_category",
    "always_planned_ccs_procedure_category",
    "exclusion_ccs_diagnosis_category",
    "potentially_planned_ccs_procedure_category",
    "potentially_planned_icd_10_pcs",
    "surgery_gynecology_cohort",
)
_SHARES = {
    "non_emergent_share": "noner",
    "primary_care_share": "epct",
    "preventable_share": "edcnpa",
    "not_preventable_share": "edcnnpa",
    "injury_share": "injury",
    "mental_health_share": "psych",
    "alcohol_share": "alcohol",
    "drug_share": "drug",
}
_ICD_10 = dt.date(2015, 10, 1)  # these lists name no days: they are for all of ICD-10
_CODE = r"^([0-9]{1,3}|[A-Z][0-9A-Z]{2,6}|[0-9A-Z]{5}|[0-9A-Z]{7})$"


def readmissions(content: bytes, file_name: str) -> Release:
    """A list of CMS's Hospital-Wide Readmission measure, known by the name of its file."""
    pattern = rf"({'|'.join(_LISTS)})"
    told = found(pattern, file_name, f"which list it is ({', '.join(_LISTS)})")
    first = re.match(r"\W*(\w+)", content[:200].decode("latin-1"))
    raw = headed(content, file_name, first[1] if first else "")
    column = raw.columns[0]
    groups = [c for c in ("exclusion_category", "ccs_code_and_description") if c in raw.columns]
    group = pl.col(groups[0]) if groups else pl.lit(None, pl.String)
    if groups == ["ccs_code_and_description"]:  # "CCS 49: Other ..."
        group = group.str.extract(r"CCS (\d+)")
    return _codes(raw, f"hwr_{told[1].lower()}", pl.col(column), group, "HWR", file_name)


def categories(content: bytes, file_name: str) -> Release:
    """Which category of the Clinical Classifications Software an ICD-10 code is of (AHRQ)."""
    raw = cells(content, file_name).select(pl.all().str.strip_chars("' "))
    is_code = pl.col(raw.columns[0]).str.contains(r"^[0-9A-Z]{3,7}$").fill_null(value=False)
    kind = "ccs_procedure" if b"ICD-10-PCS CODE" in content[:200] else "ccs_diagnosis"
    code, group = (pl.col(name) for name in raw.columns[:2])
    return _codes(raw.filter(is_code), kind, code, group.str.strip_chars("' "), "CCS", file_name)


def procedures(content: bytes, file_name: str) -> Release:
    """Procedures on whose claims diagnoses count for risk scores, of a payment year (CMS)."""
    year = int(found(r"(20\d\d)", file_name, "which payment year it is for")[1])
    raw = headed(content, file_name, "cpt_hcpcs_code")
    release = _codes(
        raw, "risk_eligible_procedure", pl.col("cpt_hcpcs_code"), pl.lit(None, pl.String),
        f"PY{year}", file_name,
    )  # fmt: skip
    starts, ends = dt.date(year - 1, 1, 1), dt.date(year - 1, 12, 31)
    return Release(release.kind, release.name, starts, ends, release.rows)


def prevention(content: bytes, file_name: str) -> Release:
    """The value sets of AHRQ's Prevention Quality Indicators."""
    raw = headed(content, file_name, "sas_format")
    told = re.search(r"v?(20\d\d)", file_name.rsplit("/", 1)[-1])
    release = f"PQI {told[1]}" if told else "PQI"
    name = pl.concat_str(pl.lit("pqi_"), pl.col("sas_format"))
    return _codes(raw, name, pl.col("code"), pl.lit(None, pl.String), release, file_name)


def visits(content: bytes, file_name: str) -> Release:
    """The chances of each kind of emergency visit, by diagnosis."""
    raw = headed(content, file_name, "icd10")
    if missing := sorted(set(_SHARES.values()) - set(raw.columns)):
        raise UnreadableFileError(f"{file_name} has no column {missing[0]}")
    shares = {name: pl.col(said).cast(pl.Float64, strict=False) for name, said in _SHARES.items()}
    rows = typed(raw, {"code": pl.col("icd10"), **shares}, "ed_probability", file_name)
    total = pl.sum_horizontal(pl.col(*_SHARES).cast(pl.Float64))
    wrong = ~pl.col("code").str.contains(r"^[A-Z][0-9A-Z]{2,6}$") | (total > 1 + 1e-6)
    refuse(rows, wrong, "no diagnosis, or chances above one", file_name)
    return Release("ed_probability", "2017", _ICD_10, None, rows)


def _codes(
    raw: pl.DataFrame, name: str | pl.Expr, code: pl.Expr, group: pl.Expr, release: str, file: str
) -> Release:
    columns = {
        "list_name": pl.lit(name) if isinstance(name, str) else name,
        "code": code.str.replace_all(".", "", literal=True),
        "group_name": group,
    }
    rows = typed(raw, columns, "measure_code", file)
    refuse(rows, ~pl.col("code").str.contains(_CODE), "no code", file)
    return Release("measure_code", release, _ICD_10, None, rows)
