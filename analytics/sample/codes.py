"""The few adjustment and remark codes the sample uses, with what each one means for a metric.

The generator keeps its own little table on purpose: the truth file must not lean on the tables of
the library it is there to check.  A test holds the two in agreement.
"""

from typing import NamedTuple


class Carc(NamedTuple):
    """What a claim adjustment reason code does: its category, kind and whether it denies."""

    category: str
    kind: str  # contractual, patient_share, prior_payer, denial, pend, other
    counts: str  # yes, partial, separate, repeat, no
    preventable: str = "na"  # yes, no, depends, na
    hardness: str = "na"  # soft, hard, na
    remark_decides: bool = False


class Reason(NamedTuple):
    """A denial as a payer words it: group code, reason code, remark codes."""

    group: str
    carc: str
    remarks: tuple[str, ...] = ()


UNKNOWN_CARC = "ZZ9"  # in no list; a reader must keep it, as category `unmapped`

CARCS: dict[str, Carc] = {
    "1": Carc("patient_responsibility", "patient_share", "no"),
    "2": Carc("patient_responsibility", "patient_share", "no"),
    "3": Carc("patient_responsibility", "patient_share", "no"),
    "4": Carc("coding", "denial", "yes", "yes", "soft"),
    "11": Carc("coding", "denial", "yes", "yes", "soft"),
    "16": Carc("billing_data", "denial", "yes", "yes", "soft", remark_decides=True),
    "18": Carc("duplicate", "denial", "separate", "yes", "soft"),
    "22": Carc("cob", "denial", "yes", "yes", "soft"),
    "23": Carc("prior_payer", "prior_payer", "no"),
    "27": Carc("registration_eligibility", "denial", "yes", "yes", "hard"),
    "29": Carc("timely_filing", "denial", "yes", "yes", "hard"),
    "45": Carc("contractual", "contractual", "no"),
    "50": Carc("medical_necessity", "denial", "yes", "depends", "hard"),
    "59": Carc("bundling_ncci", "other", "partial", "no", "na"),
    "62": Carc("prior_auth", "denial", "yes", "yes", "hard"),  # retired
    "96": Carc("non_covered", "denial", "yes", "depends", "hard", remark_decides=True),
    "97": Carc("bundling_ncci", "denial", "yes", "yes", "soft"),
    "101": Carc("other", "other", "no"),
    "133": Carc("pending", "pend", "no"),
    "151": Carc("medical_necessity", "denial", "yes", "depends", "hard"),
    "193": Carc("appeal_admin", "denial", "repeat", "na", "hard"),
    "197": Carc("prior_auth", "denial", "yes", "yes", "hard"),
    "204": Carc("non_covered", "denial", "yes", "depends", "hard"),
    "252": Carc("documentation", "denial", "yes", "depends", "soft", remark_decides=True),
    "253": Carc("contractual", "other", "no"),
    "B18": Carc("coding", "denial", "yes", "yes", "soft"),  # retired
    "B11": Carc("wrong_payer", "other", "no"),
    UNKNOWN_CARC: Carc("unmapped", "other", "no"),
}

RARCS: dict[str, str] = {
    "M15": "bundling_ncci",
    "M51": "coding",
    "M76": "coding",
    "M127": "documentation",
    "MA01": "appeal",
    "MA18": "cob",
    "MA130": "billing_data",
    "N30": "registration_eligibility",
    "N115": "medical_necessity",
    "N130": "non_covered",
    "N290": "billing_data",
    "N382": "registration_eligibility",
    "N519": "coding",
    "N706": "documentation",
}

MISSING_DATA = Reason("CO", "16", ("MA130", "N382"))
WRONG_IDENTIFIER = Reason("CO", "16", ("N382",))
WRONG_PROVIDER = Reason("CO", "16", ("N290", "MA130"))
WRONG_DIAGNOSIS = Reason("CO", "16", ("M76",))
BARE_16 = Reason("CO", "16")
NO_AUTHORIZATION = Reason("CO", "197")
OLD_AUTHORIZATION = Reason("CO", "62")  # retired codes still come
OLD_CODE = Reason("CO", "B18")
NOT_NECESSARY = Reason("CO", "50", ("N115",))
BUNDLED = Reason("CO", "97", ("M15",))
TOO_LATE = Reason("CO", "29")
COVERAGE_ENDED = Reason("PR", "27", ("N30",))
OTHER_PAYER_FIRST = Reason("CO", "22")
NOT_IN_PLAN = Reason("PR", "204", ("N130",))
NOT_COVERED = Reason("CO", "96", ("N115",))
NOT_COVERED_PATIENT = Reason("PR", "96", ("N130",))
RECORDS_WANTED = Reason("CO", "252", ("N706",))
NOTES_WANTED = Reason("CO", "252", ("M127",))
WRONG_MODIFIER = Reason("CO", "4", ("N519",))
DIAGNOSIS_MISMATCH = Reason("CO", "11", ("M76",))
REDUCED_TO_NOTHING = Reason("CO", "59")
DUPLICATE = Reason("OA", "18")
UPHELD = Reason("CO", "193")
PENDED = Reason("OA", "133")
