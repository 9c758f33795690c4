"""Which published file some bytes are, and what is in them."""

import codecs
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from analytics.errors import UnreadableFileError
from analytics.ingest import archives
from analytics.ingest.published import (
    drg,
    hcpcs,
    icd10,
    mce,
    measures,
    medicare,
    ncci,
    nucc,
    quality,
)
from analytics.ingest.published.release import Release

Reader = Callable[[bytes, str], Release]

_HEAD = 16384  # bytes; notices and titles come first
_READERS: tuple[tuple[str, str, Reader], ...] = (
    ("mce_diagnosis", mce.DIAGNOSES, mce.diagnoses),
    ("mce_procedure", mce.PROCEDURES, mce.procedures),
    ("mce_discharge_status", mce.STATUSES, mce.statuses),
    ("mce_age_range", mce.AGES, mce.ages),
    ("icd10cm_code", icd10.DIAGNOSES, icd10.diagnoses),
    ("icd10pcs_code", icd10.PROCEDURES, icd10.procedures),
    ("icd10_addendum", icd10.DIAGNOSIS_CHANGES, icd10.diagnosis_changes),
    ("icd10_addendum", icd10.PROCEDURE_CHANGES, icd10.procedure_changes),
    ("icd10cm_note", icd10.NOTES, icd10.notes),
    ("ncci_ptp", ncci.PAIRS, ncci.pairs),
    ("ncci_mue", ncci.UNITS, ncci.units),
    ("ncci_add_on", ncci.ADD_ONS, ncci.add_ons),
    ("hcpcs_code", hcpcs.TABLE, hcpcs.table),
    ("hcpcs_code", hcpcs.RECORDS, hcpcs.records),
    ("medicare_fee", medicare.FEES, medicare.fees),
    ("medicare_locality", medicare.LOCALITIES, medicare.localities),
    ("medicare_locality", medicare.LOCALITY_LINES, medicare.locality_lines),
    ("ms_drg", drg.GROUPS, drg.groups),
    ("mcc_diagnosis", drg.MAJOR, drg.major),
    ("cc_diagnosis", drg.MINOR, drg.minor),
    ("nucc_taxonomy", nucc.TAXONOMY, nucc.taxonomy),
    ("measure_code", measures.READMISSIONS, measures.readmissions),
    ("measure_code", measures.PROCEDURES, measures.procedures),
    ("measure_code", measures.CCS, measures.categories),
    ("measure_code", measures.PREVENTION, measures.prevention),
    ("ed_probability", measures.VISITS, measures.visits),
    ("quality_specification", quality.SINGLE_SOURCE, quality.specification),
    ("quality_specification", quality.ALL_MEASURES, quality.specification),
)
KNOWN = (
    "Medicare Code Editor tables, ICD-10 order files, addenda and notes, NCCI pairs, MUE and "
    "add-on codes (a workbook's sheet saved as CSV), HCPCS Level II, NUCC taxonomy, PPRRVU and "
    "GPCI as CSV, Tables 5, 6I and 6J of the inpatient rule as text, lists of the Hospital-Wide "
    "Readmission measure, CCS, PQI value sets and emergency-visit chances as CSV, quality "
    "measures on claims (qpp-single-source) as JSON"
)


def read(content: bytes, file_name: str, kinds: Collection[str] | None = None) -> Release | None:
    """The file's release; None for what is no published file, or none of those kinds.

    Raises `UnreadableFileError` for one that is not what it looks like: cut short, a row without
    its code, a name that does not say for when it is.
    """
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):  # "Unicode text" of a workbook
        content = content.decode("utf-16", errors="replace").encode()
    head = content[:_HEAD].decode("latin-1").removeprefix("\xef\xbb\xbf").replace("\r", "")
    for kind, mark, reader in _READERS:
        if re.search(mark, head):
            return reader(content, file_name) if kinds is None or kind in kinds else None
    return None


def read_file(path: Path) -> Iterator[tuple[str, bytes, Release]]:
    """Name, content and release of each published file in a file or zip archive.

    What else is in an archive (layouts, the same as a spreadsheet) is left out.

    Raises:
        UnreadableFileError: There is no such file, it holds none, or one that is broken.
    """
    count = 0
    for found in releases_in(path):
        count += 1
        yield found
    if not count:
        raise UnreadableFileError(f"{path.name} is no published file known: {KNOWN}")


def releases_in(
    path: Path, kinds: Collection[str] | None = None
) -> Iterator[tuple[str, bytes, Release]]:
    """Those of the kinds, none where there is none.  Raises `UnreadableFileError` likewise."""
    if path.is_dir():
        raise UnreadableFileError(f"{path} is a folder: name the files in it")
    if not path.is_file():
        raise UnreadableFileError(f"no such file: {path}")
    for name, content in _contents(path):
        if release := read(content, name, kinds):
            yield name, content, release


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix.lower() == ".xlsx":
        raise UnreadableFileError(
            f"{path.name} is a workbook: save its sheet as CSV, under the same name"
        )
    if not archives.is_archive(path):
        yield path.name, path.read_bytes()
        return
    try:
        for name, places in archives.members(path):
            with archives.opened(path, places) as stream:
                content = stream.read()
            yield f"{path.name}/{name}", content
    except UnreadableFileError as error:
        raise UnreadableFileError(f"{path.name}: {error}") from None
