"""The extracts beside the claims: cover, providers, and the two maps."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from analytics.sample.payers import PAYERS
from analytics.sample.people import BILLERS, RENDERERS, Biller, Member

FACILITIES = {BILLERS[0].npi: "Willowbend Clinic", BILLERS[1].npi: "Stonebridge Clinic"}


def write(folder: Path, members: Sequence[Member], first_day: date) -> list[str]:
    """Writes the four extracts; returns their names."""
    tables = {
        "eligibility.csv": _eligibility(members),
        "roster.csv": _roster(first_day),
        "payer_map.csv": _payer_map(),
        "provider_map.csv": _provider_map(),
    }
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
    return list(tables)


Row = Sequence[object]


def _eligibility(members: Iterable[Member]) -> Iterable[Row]:
    yield (
        "member_id", "birth_date", "sex_code", "payer_name", "line_of_business",
        "start_date", "end_date",
    )  # fmt: skip
    for member in members:
        for start, stop in member.spans:
            yield (
                member.member_id, member.birth_date, member.sex, member.payer.canonical,
                member.payer.line_of_business, start, stop or "",
            )  # fmt: skip


def _roster(first_day: date) -> Iterable[Row]:
    yield (
        "npi", "provider_name", "specialty", "provider_group", "facility", "start_date", "end_date"
    )  # fmt: skip
    for one in RENDERERS:
        name = f"{one.last_name}, {one.first_name}"
        facility = FACILITIES[one.biller.npi]
        yield (one.npi, name, one.specialty.name, _group(one.biller), facility, first_day, "")


def _payer_map() -> Iterable[Row]:
    """One row for each way a payer is named: by name, and for one payer by code and name."""
    yield (
        "payer_code", "payer_name", "canonical_payer", "line_of_business", "state_code",
        "filing_limit_days", "appeal_limit_days",
    )  # fmt: skip
    for payer in PAYERS:
        rest = (
            payer.canonical, payer.line_of_business, payer.state,
            payer.filing_limit, payer.appeal_limit,
        )  # fmt: skip
        code = payer.code if payer.slug == "QUINCEFIELD" else ""
        yield (code, payer.name, *rest)
        if payer.remit_name != payer.name:
            yield ("", payer.remit_name, *rest)


def _provider_map() -> Iterable[Row]:
    yield ("npi", "provider_name", "specialty", "provider_group", "facility")
    for biller in BILLERS:
        name = _group(biller)
        kind = "Hospital" if biller is BILLERS[2] else "Group practice"
        yield (biller.npi, name, kind, name, name)
    for one in RENDERERS[:8]:  # the others are known by the roster alone
        name = f"{one.last_name.title()}, {one.first_name.title()}"
        facility = FACILITIES[one.biller.npi]
        yield (one.npi, name, one.specialty.name, _group(one.biller), facility)


def _group(biller: Biller) -> str:
    return biller.name.removesuffix(" SAMPLE").title()
