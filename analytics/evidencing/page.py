"""The audit pull as one page, in the style of the reports.  Every value is escaped."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import polars as pl

from analytics import __version__, formats
from analytics.tables import facts, table

if TYPE_CHECKING:
    from analytics.evidencing.gathering import Evidence

_SEQUENCE = {"P": "primary", "S": "secondary", "T": "tertiary"}
_MONEY = {
    "Billed": "billed_amount",
    "Paid by the payer": "paid_amount",
    "Adjusted": "adjusted_amount",
    "Written off": "written_off_amount",
    "Patient's share": "patient_share_amount",
    "Taken out by the void": "voided_amount",
    "Open with the payer": "open_amount",
}
_HEADS = {
    "event_date": "Day",
    "what": "What",
    "billed_amount": "Billed",
    "other_amount": "Other money",
    "file_name": "File",
    "record_no": "Record",
    "submission_no": "Submission",
    "line_no": "Line",
    "procedure_code": "Procedure",
    "revenue_code": "Revenue code",
    "service_from_date": "Service",
    "answer_date": "Day",
    "role": "Kind",
    "sent_code": "Code sent",
    "answered_code": "Code answered",
    "charge_amount": "Charge",
    "rarcs": "Remarks",
    "edit_code": "Edit",
    "finding_count": "Times",
    "deadline_date": "Until",
    "days_left": "Days left",
    "amount": "Dollars",
    "code_list": "List",
    "sha256": "SHA-256",
    "loaded_at": "Loaded (UTC)",
    "status": "Second reading",
    "entry_no": "Line",
    "done_at": "When (UTC)",
    "done_by": "By",
    "file_names": "Files",
}
_LIFE = (
    "Charges and payments as the files state them; reasons as group-CARC and dollars, then remark"
    " codes. Other money: interest, appealed, written off, paid by the patient, taken or given by"
    " provider-level adjustments (above 0 lowers the payment)."
)


def page(found: "Evidence") -> str:
    """The whole page.  Raises AnalyticsError, which says what to install, without the extra."""
    from analytics.report.page import Page, Section, filled

    # Titles come into the histories of browsers: no number of the patient's in it.
    result = Page(
        f"Evidence of claim {found.claim_id}", head=[_head(found), *_people(found), _money(found)]
    )
    result.sections = [
        Section(name, f"part-{number}", parts)
        for number, (name, parts) in enumerate(_sections(found).items(), 1)
    ]
    return filled(result)


def _sections(found: "Evidence") -> Mapping[str, list[tuple[str, str]]]:
    return {
        "Life by day": [_wide(found.life, "What happened", _LIFE)],
        "Lines": [
            _wide(found.sent_lines, "Lines as sent"),
            _wide(
                _without_usual(found.answered_lines),
                "Lines as answered",
                "Line 0 is what an answer says of the whole claim.",
            ),
        ],
        "Segments": _segments(found),
        "Edits": _edits(found),
        "Codes": [_wide(found.codes, "What the codes mean", f"Maps: {found.codes_in_use}.")],
        "Open": [_wide(found.open, "What is open, and until when", _open_note(found))],
        "Sources": [
            _wide(_file_table(found), "Files it was read from"),
            _wide(found.trail, "Lines of the audit trail that loaded them"),
            ("prose", _foot(found)),
        ],
    }


def _head(found: "Evidence") -> str:
    claim = found.claim.row(0, named=True)
    days = [str(d) for d in (claim["service_from_date"], claim["service_to_date"]) if d]
    told = {
        "Patient control number": claim["patient_control_number"],
        "Payer": claim["payer_name"],
        "Payer's claim numbers": claim["payer_claim_numbers"],
        "Sent as": _sent_as(claim),
        "Service": " to ".join(dict.fromkeys(days)),
        "First sent": claim["submission_date"],
        "Submissions": claim["submission_count"],
        "Answers": claim["answer_count"],
        "First answer": (claim["first_outcome"] or "none yet").replace("_", " "),
        "Billing NPI": claim["billing_npi"],
        "Rendering NPI": claim["rendering_npi"],
        "As of": found.as_of,
    }
    if claim["is_voided"]:
        told["Voided on"] = claim["void_date"]
    return facts(told, alert=["Voided on"]).html


def _sent_as(claim: Mapping[str, Any]) -> str:
    sequence = _SEQUENCE.get(claim["payer_sequence_code"], claim["payer_sequence_code"])
    return ", ".join(part for part in (claim["claim_type"], sequence) if part)


def _money(found: "Evidence") -> str:
    """The dollars, and in words whether they add up."""
    money = found.money.row(0, named=True)
    told = {head: money[name] for head, name in _MONEY.items() if money[name] or name in _ALWAYS}
    told["Paid by the patient"] = money["patient_paid_amount"]
    told["Denied and open"] = money["open_denied_amount"]
    parts = [name for name in _MONEY.values() if name not in ("billed_amount", "open_amount")]
    less = " ".join(f"− {money[name]:,}" for name in parts if money[name] or name in _ALWAYS)  # noqa: RUF001
    sum_said = f"{money['billed_amount']:,} {less} = {money['open_amount']:,}"
    left = money["difference_amount"]
    verdict = (
        f"It adds up to the cent: {sum_said}."
        if left == 0
        else f"It does NOT add up: {sum_said} leaves {left:,}."
    )
    return f'{facts(told).html}<p class="cells">{escape(verdict)} {_MEANT}</p>'


_ALWAYS = ("billed_amount", "paid_amount", "adjusted_amount", "patient_share_amount", "open_amount")
_MEANT = (
    "Billed is what stands of the submissions; paid, adjusted (contractual, earlier payers, other)"
    " and patient's share are of the answers that stand, none taken back; open is of the ledger,"
    " and what is denied is in it."
)


def _people(found: "Evidence") -> list[str]:
    return [
        facts(
            {
                row["person"].capitalize(): ", ".join(
                    part for part in (row["last_name"], row["first_name"]) if part
                ),
                "Born": row["birth_date"],
                "Sex": row["sex_code"],
                "Member number": row["member_id"],
            }
        ).html
        for row in found.people.iter_rows(named=True)
    ]


def _wide(frame: pl.DataFrame, caption: str, note: str = "") -> tuple[str, str]:
    """A table of the full width; columns without any value are left out."""
    told = frame.with_columns(pl.col(pl.String).replace("", None))
    kept = [name for name in told.columns if told[name].null_count() < len(told)]
    # Else an empty text would read as one that says none.
    shown = told.select(kept or told.columns).with_columns(
        pl.col(pl.String).fill_null(formats.NOTHING)
    )
    heads = {name: _HEADS[name] for name in shown.columns if name in _HEADS}
    units = {name: "count" for name in shown.columns if name.startswith("units")}
    made = table(shown, caption, heads=heads, units=units, note=note, hidden=[False] * len(shown))
    return "wide", made.html


def _segments(found: "Evidence") -> list[tuple[str, str]]:
    parts = [("prose", f"<p>{escape(_read_note(found))}</p>")]
    for (part, file), rows in found.segments.group_by(["part", "file_name"], maintain_order=True):
        lines = "".join(
            f"<li><b>{number}</b>{escape(text)}</li>"
            for number, text in rows.select("record_no", "segment").iter_rows()
        )
        head = f"<h3>{escape(str(part))}, {escape(str(file))}</h3>"
        parts.append(("wide", f'{head}<ol class="raw">{lines}</ol>'))
    return parts


def _read_note(found: "Evidence") -> str:
    lost = found.files.filter(
        (pl.col("format") == "x12") & ~pl.col("status").str.starts_with("there, its hash the same")
    )
    said = [
        "Read again from the files, each with its record number; of header and levels what the"
        " claim stands under."
    ]
    said += [f"{name}: {status}." for name, status in lost.select("file_name", "status").rows()]
    if not found.identity:
        said.append("What names people in them is hidden.")
    return " ".join(said)


def _edits(found: "Evidence") -> list[tuple[str, str]]:
    unchecked = ", ".join(found.unchecked["edit_code"].to_list())
    note = f"Could not be made, for want of their tables or days: {unchecked}." if unchecked else ""
    parts = [_wide(found.edits, "Edits of coding it breaks, as first sent", note)]
    if found.edits.is_empty() and note:
        parts.append(("prose", f"<p>{escape(note)}</p>"))
    return parts


def _without_usual(lines: pl.DataFrame) -> pl.DataFrame:
    """Without the kind where all are answers, and paid units where they are those billed."""
    out = ["role"] if (lines["role"] == "answer").all() else []
    same = lines["units_billed"].eq_missing(lines["units_paid"]).all()
    return lines.drop(*out, *(["units_paid"] if same else []))


def _file_table(found: "Evidence") -> pl.DataFrame:
    loaded = pl.col("loaded_at").dt.strftime("%Y-%m-%d %H:%M")
    parts = [pl.col("sha256").str.slice(at, 16) for at in range(0, 64, 16)]
    # In four parts, which paper has room for.
    digest = pl.concat_str(parts, separator=" ").alias("sha256")
    return found.files.select("file_name", loaded, "status", digest)


def _open_note(found: "Evidence") -> str:
    return f"Days left count from {found.as_of}, below 0 once past."


def _foot(found: "Evidence") -> str:
    names = (
        "It names the patient: keep it as you keep the files."
        if found.identity
        else "Name, birth date and member number are left out; the claim's number can still lead to"
        " the patient: keep it as you keep the files."
    )
    said = (
        f"Claim {found.claim_id} of the facts as of {found.as_of}, made by revcycle {__version__}."
        f" A claim is all submissions under one number to one payer. {names} Definitions: the"
        " ledger and what counts as answer, denial and taken back are those of the facts"
        " movement, answer and claim_outcome."
    )
    return f"<p>{escape(said)}</p>"
