"""Members, what was done for them, and a small specification of quality measures."""

from care_world import cover, member, members, span

POPULATIONS = """
    performance_year | measure_number | option_group | option_no | min_age | max_age | sex_code
    2025             | 001            | 00           | 1         | 18      | 75      |
    2025             | 112            | 00           | 1         | 41      | 74      | F
    2025             | 113            | 00           | 1         | 45      | 75      |
    2025             | 134            | 00           | 1         | 12      |         |
    2025             | 226            | 02           | 3         | 12      |         |
    2025             | 236            | 00           | 1         | 18      | 85      |
    """
GROUPS = {"001": "00", "112": "00", "113": "00", "134": "00", "226": "02", "236": "00"}
_OPTIONS = {  # measure: role and codes of each option
    "001": [("exclusion", "G9687"), ("met", "M1211"), ("met", "M1212"), ("not_met", "M1371")],
    "112": [("exclusion", "G2098"), ("met", "G9899"), ("not_met", "G9900")],
    "113": [("exclusion", "G2100"), ("met", "3017F"), ("not_met", "3017F:8P")],
    "134": [
        ("exception", "G8433"), ("exclusion", "G9717"), ("met", "G8431"), ("met", "G8510"),
        ("not_met", "G8432"), ("not_met", "G8511"),
    ],
    "226": [("exclusion", "M1159"), ("met", "1036F"), ("met", "G0030"), ("not_met", "G0029")],
    "236": [
        ("exclusion", "G2115"), ("met", "G8752 G8754"), ("not_met", "G8753 G8754"),
        ("not_met", "G8756"),
    ],
}  # fmt: skip
_DIAGNOSES = [("001", "diagnosis", "E119"), ("236", "diagnosis", "I10"),
              ("134", "diagnosis_exclusion", "F3110")]  # fmt: skip
HEAD = (
    "performance_year | measure_number | option_group | role | option_no | code | modifiers"
    " | excluded_places | excluded_modifiers"
)


def specification(year=2025):
    """The table quality_specification, with the office visit as the only encounter."""
    rows = [
        f"{year} | {m} | {g} | encounter | {3 if m == '226' else 1} | 99213 | | |"
        for m, g in GROUPS.items()
    ]
    rows += [f"{year} | {m} | 00 | {role} | 1 | {code} | | |" for m, role, code in _DIAGNOSES]
    for m, options in _OPTIONS.items():
        for number, (role, codes) in enumerate(options, start=10):
            for code in codes.split():
                name, _, modifier = code.partition(":")
                rows.append(
                    f"{year} | {m} | {GROUPS[m]} | {role} | {number} | {name} | {modifier} | |"
                )
    return "\n".join([HEAD, *rows])


def care(number, day, code, *, mod="", place="11", dx="Z0000", patient=1, bill="", npi="N1"):
    """A claim of one line that a payer's feed tells of: its rows of claim and line."""
    kind = "institutional" if bill else "professional"
    claim = (
        number, 7, number, "tuva", f"N{number}", f"N{number}", kind, patient, "Medicare",
        "medicare", bill, day, day, dx, npi,
    )  # fmt: skip
    line = (number, number, "tuva", 7, number, 1, code, mod, place, npi, day, day)
    return " | ".join(map(str, claim)), " | ".join(map(str, line))


CLAIM_HEAD = (
    "payer_claim_id | file_id | record_no | feed_code | claim_number | claim_key | claim_type"
    " | patient_id | payer_name | line_of_business | bill_type_code | service_from_date"
    " | service_to_date | principal_diagnosis_code | rendering_npi"
)
LINE_HEAD = (
    "payer_claim_line_id | payer_claim_id | feed_code | file_id | record_no | line_no"
    " | procedure_code | modifier_key | place_of_service_code | rendering_npi | service_from_date"
    " | service_to_date"
)


def feed(*cares):
    """The tables payer_claim and payer_claim_line."""
    return {
        "payer_claim": "\n".join([CLAIM_HEAD, *(claim for claim, _ in cares)]),
        "payer_claim_line": "\n".join([LINE_HEAD, *(line for _, line in cares)]),
    }


def world(*cares, people=None, spans=None, **tables):
    """The tables of members covered from 2014 on, what was done for them, and the specification."""
    people = people or [member(1, "1965-05-05")]
    spans = spans or [span(n, "2014-01-01") for n in range(1, len(people) + 1)]
    made = {
        "patient": members(*people), "eligibility": cover(*spans),
        "quality_population": POPULATIONS, "quality_specification": specification(), **feed(*cares),
    }  # fmt: skip
    return {name: text for name, text in (made | tables).items() if text}


def gap(db, measure, person=1, year=2025):
    """The row of a member, measure and year; None where there is none."""
    rows = db.sql(
        "SELECT * FROM quality_gap "
        "WHERE person_id = $person AND measure_number = $measure AND year(year) = $year",
        person=person, measure=measure, year=year,
    ).to_dicts()  # fmt: skip
    assert len(rows) <= 1
    return rows[0] if rows else None
