"""Whether a workbook can be read without harm: what one may hold that no honest file does."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

from analytics.errors import UnreadableFileError
from analytics.ingest.compression import FAULTS, is_bomb

_BOOK = "xl/workbook.xml"
_LINKS = "xl/externalLinks/"
_FROM_1904 = re.compile(rb'<workbookPr [^>]*date1904="(?:1|true)"')
_BLOCK = 4 << 20
_PROLOGUE = 4096  # bytes before the first element of a part
_LOCAL = 30  # bytes of the header of a part, before its name (APPNOTE.TXT 4.3.7)


def check(content: bytes) -> None:
    """Raise `UnreadableFileError` unless it is a workbook of the XML kind that counts from 1900.

    What expands beyond measure, refers to other files or declares entities is refused; formulas and
    macros are not run by anything here.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if any(is_bomb(entry.file_size, entry.compress_size) for entry in entries):
                raise UnreadableFileError("it expands beyond measure: no workbook does")
            if sum(entry.compress_size for entry in entries) > len(content):
                raise UnreadableFileError("its parts overlap, to expand beyond measure")
            names = [entry.filename for entry in entries]
            for entry in entries:
                _check_part(archive, entry, content)
            book = archive.read(_BOOK) if _BOOK in names else b""
    except FAULTS:
        raise UnreadableFileError(
            "it is no .xlsx workbook: is it encrypted, or an old .xls? Save it as .xlsx"
        ) from None
    if _FROM_1904.search(book):
        # A number without a date format would be a day four years early, without a word.
        raise UnreadableFileError(
            "it counts days from 1904: turn off Excel's 1904 date system in it, or save it as CSV"
        )


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
    """A part is as large as it says, refers to no other file, and declares nothing to be expanded.

    Values of another workbook would be those of some day it was open, and no one sees which.
    """
    if entry.filename.startswith(_LINKS):
        raise UnreadableFileError(
            "it refers to other workbooks: in Excel break the links (Data, Edit Links), save, retry"
        )
    if not entry.filename.endswith((".xml", ".rels")):
        return
    with archive.open(entry) as stream:
        if b"<!DOCTYPE" in stream.read(_PROLOGUE):
            raise UnreadableFileError("it declares a document type, as no workbook does")
    if entry.compress_type == zipfile.ZIP_DEFLATED and _expands_further(entry, content):
        raise UnreadableFileError("it expands beyond what it says: no workbook does")


def _expands_further(entry: zipfile.ZipInfo, content: bytes) -> bool:
    """Whether a part is larger than the archive's directory says, which other readers go by."""
    at = entry.header_offset
    at += _LOCAL + sum(struct.unpack("<HH", content[at + _LOCAL - 4 : at + _LOCAL]))
    expanding, rest = zlib.decompressobj(-15), content[at : at + entry.compress_size]
    count = 0
    while rest and count <= entry.file_size and not expanding.eof:
        count += len(expanding.decompress(rest, _BLOCK))
        rest = expanding.unconsumed_tail
    return count > entry.file_size
