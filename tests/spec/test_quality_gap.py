"""Open gaps of quality measures: who is in, what closes them, what excludes."""

import datetime as dt
from pathlib import Path

import pytest
from care_world import cover, member, span
from quality_world import HEAD, POPULATIONS, care, gap, specification, world

from analytics.errors import BadQueryError, MissingReferenceError
from analytics.metrics import quality_gaps
from analytics.metrics.quality import (
    quality_closure_rate,
    quality_gap_rate,
    quality_uncoded_rate,
)
from analytics.published import load_published

AS_OF = dt.date(2025, 12, 31)
VISIT = care(90, "2025-06-15", "99213")
DIABETIC = care(90, "2025-06-15", "99213", dx="E119")
TENSE = care(90, "2025-03-15", "99213", dx="I10")


def one(given, measure, *cares, born="1965-05-05", sex="F", as_of=AS_OF, **tables):
    """The row of the only member, seen in June unless told otherwise."""
    return gap(
        given(as_of=as_of, **world(*cares, people=[member(1, born, sex)], **tables)), measure
    )


def many(given, cases, as_of=AS_OF):
    """The rows of as many members: each case is a measure, a birth date and what was done.

    What was done: day, code and more of `care`.  One database for all, as one each takes long.
    """
    cares = [
        care(n * 100 + k, day, code, patient=n, **more)
        for n, (_, _, told) in enumerate(cases, start=1)
        for k, (day, code, more) in enumerate(told)
    ]
    people = [member(n, born) for n, (_, born, _) in enumerate(cases, start=1)]
    db = given(as_of=as_of, **world(*cares, people=people))
    return [gap(db, measure, n) for n, (measure, _, _) in enumerate(cases, start=1)]


USUAL = "1965-05-05"
SEEN = ("2025-06-15", "99213", {})
SEEN_DIABETIC = ("2025-06-15", "99213", {"dx": "E119"})
SEEN_TENSE = ("2025-03-15", "99213", {"dx": "I10"})


class TestWhoIsIn:
    def test_ages_are_those_on_the_day_of_the_encounter(self, given):
        cases = [
            ("112", "1984-06-15", "2025-06-14", "no_visit"),  # 40
            ("112", "1984-06-15", "2025-06-15", None),  # 41
            ("112", "1950-06-15", "2025-06-14", None),  # 74
            ("112", "1950-06-15", "2025-06-15", "no_visit"),  # 75
            ("112", "1984-02-29", "2025-02-28", "no_visit"),
            ("112", "1984-02-29", "2025-03-01", None),
            ("113", "1980-06-15", "2025-06-14", "no_visit"),
            ("113", "1980-06-15", "2025-06-15", None),
            ("113", "1949-06-16", "2025-06-15", None),
            ("113", "1949-06-15", "2025-06-15", "no_visit"),
            ("134", "2013-06-15", "2025-06-14", "no_visit"),
            ("134", "2013-06-15", "2025-06-15", None),
            ("226", "2013-06-15", "2025-06-15", None),
            ("134", "1920-06-15", "2025-06-15", None),
        ]
        rows = many(given, [(m, born, [(day, "99213", {})]) for m, born, day, _ in cases])
        for case, row in zip(cases, rows, strict=True):
            assert row["not_eligible_reason"] == case[-1], case
            assert row["is_eligible"] == (case[-1] is None) == row["is_open"]

    def test_of_the_wrong_age_all_year_there_is_no_row(self, given):
        days = {"1984-12-31": True, "1985-01-01": False, "1950-01-02": True, "1950-01-01": False}
        rows = many(given, [("112", born, [SEEN]) for born in days])
        assert [row is not None for row in rows] == list(days.values())

    def test_sex_is_that_of_the_measure(self, given):
        assert one(given, "112", VISIT, sex="M") is None
        assert one(given, "113", VISIT, sex="M")["is_eligible"]
        row = one(given, "112", VISIT, sex="U")
        assert (row["not_eligible_reason"], row["is_open"]) == ("no_sex", False)

    def test_without_a_birth_date_nobody_is_in(self, given):
        assert one(given, "113", VISIT, born="")["not_eligible_reason"] == "no_birth_date"

    def test_an_encounter_is_one_of_the_list_and_of_the_year(self, given):
        for day, code in (("2025-06-15", "80053"), ("2024-12-31", "99213")):
            row = one(given, "113", care(1, day, code))
            assert row["not_eligible_reason"] == "no_visit"
        row = one(given, "113", care(1, "2025-01-01", "99213"), care(2, "2025-12-31", "99213",
                                                                     npi="N2"))  # fmt: skip
        assert (row["visit_date"], row["provider_npi"]) == (dt.date(2025, 12, 31), "N2")

    @pytest.mark.parametrize(
        ("first", "reason"), [("2025-02-28", None), ("2025-03-01", "not_covered")]
    )
    def test_one_month_may_be_uncovered(self, given, first, reason):
        row = one(given, "113", VISIT, spans=[span(1, first)])
        assert row["not_eligible_reason"] == reason

    def test_cover_without_claims_of_visits_is_none(self, given):
        """Part D alone; part C, whose claims Medicare has not but its own plan has."""
        parts = {
            ("PART_B",): None, ("PART_D",): "not_covered", ("PART_B", "PART_C"): "not_covered",
        }  # fmt: skip
        for named, reason in parts.items():
            spans = [span(1, "2025-01-01", part=part, record=n) for n, part in enumerate(named, 1)]
            assert one(given, "113", VISIT, spans=spans)["not_eligible_reason"] == reason
        plan = [span(1, "2025-01-01", part="PART_C", line="medicare_advantage")]
        assert one(given, "113", VISIT, spans=plan)["is_eligible"]

    @pytest.mark.parametrize("plan", ["Acme", "Zeta"])
    def test_a_plan_tells_of_its_months_whatever_its_name(self, given, plan):
        """Its member month goes under the payer first by name, Medicare or the plan."""
        spans = [
            span(1, "2025-01-01", part="PART_C", record=1),
            span(1, "2025-01-01", payer=plan, line="medicare_advantage", record=2),
        ]
        assert one(given, "113", VISIT, spans=spans)["is_eligible"]

    def test_a_running_year_counts_so_far(self, given):
        early = care(1, "2025-03-05", "99213")
        for first, reason in (("2025-02-01", None), ("2025-03-01", "not_covered")):
            row = one(given, "113", early, spans=[span(1, first)], as_of=dt.date(2025, 3, 10))
            assert row["not_eligible_reason"] == reason
            assert not row["is_run_out"]

    def test_who_died_in_the_year_is_out_and_later_is_in(self, given):
        for died, reason in (("2025-12-31", "died"), ("2026-01-01", None)):
            people = [member(1, "1965-05-05", died=died)]
            db = given(as_of=dt.date(2026, 2, 1), **world(VISIT, people=people))
            assert gap(db, "113")["not_eligible_reason"] == reason

    def test_hypertension_is_coded_at_a_visit_before_july(self, given):
        days = {
            "2023-12-31": False, "2024-01-01": True, "2025-06-30": True, "2025-07-01": False,
        }  # fmt: skip
        later = ("2025-09-09", "99213", {})
        rows = many(given, [("236", USUAL, [(d, "99213", {"dx": "I10"}), later]) for d in days])
        assert [row is not None for row in rows] == list(days.values())
        assert all(row["is_eligible"] for row in rows if row)

    def test_a_diagnosis_elsewhere_is_none(self, given):
        lab = care(1, "2025-03-03", "80053", dx="I10"), care(2, "2025-03-03", "80053", dx="E119")
        assert one(given, "236", *lab, VISIT) is None
        assert one(given, "001", *lab, VISIT) is None
        assert one(given, "001", DIABETIC)["is_open"]

    def test_diabetes_is_coded_at_the_visit_of_the_right_age(self, given):
        at_17 = care(1, "2025-06-14", "99213", dx="E119"), care(2, "2025-06-15", "99213")
        row = one(given, "001", *at_17, born="2007-06-15")
        assert row["not_eligible_reason"] == "no_visit"

    def test_codes_of_another_file_than_their_claim_count(self, given):
        more = (
            "payer_claim_id | feed_code | claim_number | diagnosis_code | position"
            "\n| tuva | N90 | E119 | 2"
        )
        assert one(given, "001", VISIT, payer_claim_diagnosis=more)["is_open"]


CLOSES = [
    ("112", "77067", "2023-10-01", "2023-09-30"),
    ("112", "G9899", "2025-01-01", "2024-12-31"),
    ("113", "45378", "2016-01-01", "2015-12-31"),
    ("113", "G0104", "2021-01-01", "2020-12-31"),
    ("113", "74263", "2021-01-01", "2020-12-31"),
    ("113", "81528", "2023-01-01", "2022-12-31"),
    ("113", "82274", "2025-01-01", "2024-12-31"),
    ("113", "3017F", "2025-01-01", "2024-12-31"),
    ("134", "G8510", "2025-01-01", "2024-12-31"),
    ("226", "1036F", "2025-01-01", "2024-12-31"),
    ("226", "99406", "2025-01-01", "2024-12-31"),
]


class TestWhatCloses:
    def test_from_the_first_day_that_counts(self, given):
        first = many(given, [(m, USUAL, [SEEN, (day, code, {})]) for m, code, day, _ in CLOSES])
        before = many(given, [(m, USUAL, [SEEN, (day, code, {})]) for m, code, _, day in CLOSES])
        for n, (_, code, day, _) in enumerate(CLOSES):
            row = first[n]
            assert (row["gap_state"], str(row["closed_date"])) == ("closed", day), code
            assert (row["claim_source"], row["claim_id"]) == ("payer_feed", n * 100 + 101)
            assert row["closing_code"] == code
            row = before[n]
            told = (row["gap_state"], row["closed_date"], row["is_open"])
            assert told == ("not_seen", None, True), code

    def test_to_the_last_day_of_the_year(self, given):
        for day, is_closed in (("2025-12-31", True), ("2026-01-01", False)):
            cases = [(m, USUAL, [SEEN, (day, code, {})]) for m, code, _, _ in CLOSES]
            for row in many(given, cases, as_of=dt.date(2026, 1, 31)):
                assert (row["is_closed"], row["is_open"]) == (is_closed, not is_closed)

    def test_the_first_day_closes_and_the_last_is_told(self, given):
        days = [care(n, f"2025-0{n}-01", "45378") for n in (4, 2, 8)]
        row = one(given, "113", VISIT, *days)
        assert (row["closed_date"], row["claim_id"]) == (dt.date(2025, 2, 1), 2)
        assert row["last_done_date"] == dt.date(2025, 8, 1)

    def test_a_modifier_can_say_that_it_was_not_done(self, given):
        cases = [
            ("113", "3017F", "8P", "not_seen"), ("113", "3017F", "25,8P", "not_seen"),
            ("113", "3017F", "25", "closed"), ("112", "77067", "1P", "not_seen"),
        ]  # fmt: skip
        told = [(m, USUAL, [SEEN, ("2025-02-02", c, {"mod": mod})]) for m, c, mod, _ in cases]
        rows = many(given, told)
        assert [row["gap_state"] for row in rows] == [state for *_, state in cases]
        assert [row["last_done_date"] is None for row in rows] == [True, True, False, True]

    def test_the_last_a1c_decides(self, given):
        cases = [
            ([("03", "3044F")], "closed"),
            ([("03", "3052F"), ("05", "3046F")], "falls_short"),
            ([("03", "3046F"), ("05", "3051F")], "closed"),
            ([("03", "3046F"), ("03", "3044F")], "closed"),
            ([("03", "M1371")], "closed"),
            ([("03", "M1371"), ("05", "M1211")], "falls_short"),
            ([("03", "M1371"), ("05", "M1212")], "closed"),  # not noted is no result
            ([("03", "M1212")], "not_seen"),
            ([("03", "83036")], "no_result"),
            ([("03", "83036"), ("02", "3046F")], "falls_short"),
        ]
        made = [
            ("001", USUAL, [SEEN_DIABETIC, *[(f"2025-{m}-10", code, {}) for m, code in told]])
            for told, _ in cases
        ]
        for case, row in zip(cases, many(given, made), strict=True):
            assert (row["gap_state"], row["is_open"]) == (case[1], case[1] != "closed"), case

    def test_the_last_blood_pressure_decides(self, given):
        cases = [
            ([("03", "G8752"), ("03", "G8754")], "closed"),
            ([("03", "G8752"), ("04", "G8754")], "not_seen"),  # not of one day
            ([("03", "3074F"), ("03", "3079F")], "closed"),
            ([("03", "G8752"), ("03", "3078F")], "closed"),
            ([("03", "3074F"), ("03", "3080F")], "falls_short"),
            ([("03", "3074F"), ("03", "3078F"), ("03", "3077F")], "closed"),  # the lowest of a day
            ([("03", "3074F"), ("03", "3078F"), ("05", "3077F")], "falls_short"),
            ([("03", "3077F"), ("05", "3074F"), ("05", "3078F")], "closed"),
            ([("03", "3074F"), ("03", "3078F"), ("05", "G8756")], "closed"),
            ([("03", "3074F"), ("03", "3078F"), ("05", "3075F")], "closed"),  # half a reading
            ([("03", "99473")], "no_result"),
        ]
        made = [
            ("236", USUAL, [SEEN_TENSE, *[(f"2025-{m}-10", code, {}) for m, code in told]])
            for told, _ in cases
        ]
        for case, row in zip(cases, many(given, made), strict=True):
            assert (row["gap_state"], row["is_open"]) == (case[1], case[1] != "closed"), case

    def test_depression_is_screened_for_with_a_plan(self, given):
        cases = [
            ("G8431", "closed"),
            ("G8511", "falls_short"),
            ("G8432", "not_seen"),
            ("G0444", "no_result"),
            ("96127", "no_result"),
        ]
        made = [("134", USUAL, [SEEN, *[("2025-02-02", told, {})]]) for told, _ in cases]
        for case, row in zip(cases, many(given, made), strict=True):
            assert (row["gap_state"], row["is_open"]) == (case[1], case[1] != "closed"), case

    def test_users_of_tobacco_are_to_be_helped(self, given):
        cases = [
            ([("2025-02-02", "G9902", "Z0000")], "falls_short"),
            ([("2025-02-02", "99213", "F17210")], "falls_short"),
            ([("2025-02-02", "G9902", "Z0000"), ("2024-07-01", "99407", "Z0000")], "closed"),
            ([("2025-02-02", "G9902", "Z0000"), ("2024-06-30", "99407", "Z0000")], "falls_short"),
            ([("2024-12-31", "G9902", "Z0000"), ("2024-07-01", "99407", "Z0000")], "not_seen"),
            ([("2025-02-02", "99213", "Z720"), ("2024-07-01", "4000F", "Z0000")], "closed"),
            ([("2025-02-02", "1000F", "Z0000")], "no_result"),
            ([("2025-02-02", "G0029", "Z0000")], "not_seen"),
        ]
        made = [
            ("226", USUAL, [SEEN, *[(day, code, {"dx": dx}) for day, code, dx in told]])
            for told, _ in cases
        ]
        for case, row in zip(cases, many(given, made), strict=True):
            assert (row["gap_state"], row["is_open"]) == (case[1], case[1] != "closed"), case
            if row["is_closed"]:
                assert str(row["closed_date"]) == case[0][0][0], "the day by which all was told"

    def test_what_is_done_after_the_as_of_date_is_not_known(self, given):
        """A line of April, on a claim that began in March."""
        claim, line = care(2, "2025-03-30", "45378")
        late = (claim, line.replace("2025-03-30", "2025-04-01"))
        for cares, is_open in (([late], True), ([(claim, line)], False)):
            row = one(given, "113", care(1, "2025-02-02", "99213"), *cares,
                      as_of=dt.date(2025, 3, 31))  # fmt: skip
            assert row["is_open"] == is_open


class TestWhatExcludes:
    def test_by_codes(self, given):
        cases = [
            ("112", [("2025-02-02", "G9709", {})], "hospice"),
            ("112", [("2025-02-02", "Q5003", {})], "hospice"),
            ("112", [("2024-12-31", "Q5003", {})], None),
            ("112", [("2025-02-02", "", {"bill": "811"})], "hospice"),
            ("112", [("2025-02-02", "", {"bill": "111"})], None),
            ("112", [("2025-02-02", "99215", {"dx": "Z515"})], "palliative_care"),
            ("112", [("2025-02-02", "G2098", {})], "frailty"),
            ("112", [("2015-02-02", "99215", {"dx": "Z9013"})], "bilateral_mastectomy"),
            ("112", [("2015-02-02", "19303", {"mod": "50"})], "bilateral_mastectomy"),
            ("112", [("2015-02-02", "19303", {})], None),
            ("112", [("2015-02-02", "19303", {"mod": "LT"})], None),
            ("112", [("2015-02-02", "19303", {"mod": "LT"}), ("2019-02-02", "19303",
                     {"mod": "RT"})], "mastectomy_of_each"),
            ("112", [("2015-02-02", "19303", {"mod": "LT"}), ("2019-02-02", "99215",
                     {"dx": "Z9012"})], None),  # the same side twice
            ("112", [("2015-02-02", "19303", {"mod": "LT"}), ("2019-02-02", "99215",
                     {"dx": "Z9011"})], "mastectomy_of_each"),
            ("113", [("2015-02-02", "44150", {})], "total_colectomy"),
            ("113", [("2015-02-02", "99215", {"dx": "C187"})], "colorectal_cancer"),
            ("113", [("2015-02-02", "99215", {"dx": "C210"})], None),
            ("113", [("2015-02-02", "G9711", {})], "colectomy_or_cancer"),
            ("236", [("2015-02-02", "99215", {"dx": "N186"})], "end_stage_renal"),
            ("236", [("2025-02-02", "90960", {})], "end_stage_renal"),
            ("236", [("2025-02-02", "99215", {"dx": "O0901"})], "pregnancy"),
            ("236", [("2024-12-31", "99215", {"dx": "O0901"})], None),
            ("236", [("2025-02-02", "G9231", {})], "renal_or_pregnancy"),
            ("134", [("2015-02-02", "99215", {"dx": "F3110"})], "diagnosis"),
            ("134", [("2015-02-02", "G9717", {})], "bipolar_disorder"),
            ("134", [("2025-02-02", "G9709", {})], None),  # depression knows no hospice
            ("226", [("2025-02-02", "M1159", {})], "hospice"),
        ]  # fmt: skip
        rows = many(given, [(m, USUAL, [SEEN_TENSE, *cares]) for m, cares, _ in cases])
        for (measure, cares, reason), row in zip(cases, rows, strict=True):
            assert row["exclusion_reason"] == reason, (measure, cares)
            assert row["is_excluded"] == (reason is not None) == (not row["is_open"])
            if len(cares) == 1 and reason:
                assert str(row["exclusion_date"]) == cares[0][0]

    def test_by_hospital_procedures(self, given):
        cases = [
            ("112", "0HTV0ZZ", "bilateral_mastectomy"), ("112", "0HTU0ZZ", None),
            ("113", "0DTE4ZZ", "total_colectomy"), ("113", "0DTN4ZZ", None),
        ]  # fmt: skip
        people = [member(n, USUAL) for n in range(1, 5)]
        visits = [care(n, "2025-06-15", "99213", patient=n) for n in range(1, 5)]
        done = [f"{n} | 1 | {code}" for n, (_, code, _) in enumerate(cases, start=1)]
        codes = "\n".join(["payer_claim_id | position | procedure_code", *done])
        db = given(as_of=AS_OF, **world(*visits, people=people, payer_claim_procedure=codes))
        for n, (measure, _, reason) in enumerate(cases, start=1):
            assert gap(db, measure, n)["exclusion_reason"] == reason

    def test_by_a_long_stay_of_old_members(self, given):
        cases = [
            ("1959-12-31", "2025-05-02", "32", "long_term_stay"),  # 66 at the end of the year
            ("1960-01-01", "2025-05-02", "32", None),
            ("1959-12-31", "2025-05-01", "32", None),  # 90 days, both ends counted
            ("1959-12-31", "2025-05-02", "31", None),
        ]
        stays = [
            (
                "113",
                born,
                [SEEN, *((day, "99309", {"place": place}) for day in ("2025-02-01", last))],
            )
            for born, last, place, _ in cases
        ]
        reasons = [row["exclusion_reason"] for row in many(given, stays)]
        assert reasons == [reason for *_, reason in cases]

    def test_a_long_stay_is_of_one_year(self, given):
        stay = [care(n, day, "99309", place="32") for n, day in ((1, "2024-11-01"), (2,
                "2025-03-01"))]  # fmt: skip
        assert one(given, "113", VISIT, *stay, born="1955-01-01")["exclusion_reason"] is None

    def test_an_exception_counts_where_nothing_closes(self, given):
        refused = care(1, "2025-02-02", "G8433")
        row = one(given, "134", VISIT, refused)
        assert (row["exclusion_reason"], row["exclusion_date"]) == (
            "exception",
            dt.date(2025, 2, 2),
        )
        row = one(given, "134", VISIT, refused, care(2, "2025-08-02", "G8510"))
        assert (row["is_excluded"], row["is_closed"]) == (False, True)

    def test_a_published_code_without_a_name_of_ours_is_reported(self, given):
        more = f"{specification()}\n2025 | 113 | 00 | exclusion | 30 | G0000 | | |"
        row = one(given, "113", VISIT, care(1, "2025-02-02", "G0000"), quality_specification=more)
        assert row["exclusion_reason"] == "reported"

    def test_who_is_excluded_may_be_closed_and_counts_nowhere(self, given):
        db = given(as_of=AS_OF, **world(VISIT, care(1, "2025-02-02", "45378"),
                                        care(2, "2025-02-02", "Q5003")))  # fmt: skip
        row = gap(db, "113")
        assert (row["is_closed"], row["is_excluded"], row["is_open"]) == (True, True, False)
        assert quality_gap_rate(db, where={"measure_number": "113", "year": AS_OF.replace(
            month=1, day=1)})["n"].item() == 0  # fmt: skip


OWN = {
    "payer": "payer_id | payer_code | payer_name\n1 | P | Medicare",
    "claim": "claim_id | file_id | record_no | claim_type | patient_control_number | patient_id"
    " | payer_id | payer_sequence_code | claim_filing_code | frequency_code | billing_npi"
    " | rendering_npi | place_of_service_code | service_from_date | service_to_date"
    " | submission_date | billed_amount | original_payer_claim_number"
    "\n11 | 1 | 1 | professional | A | 1 | 1 | P | MB | 1 | B | R | 11 | 2025-03-03 | 2025-03-03"
    " | 2025-03-05 | 100 |",
    "claim_line": "claim_id | line_no | file_id | record_no | procedure_code | modifier_key"
    " | service_from_date | billed_amount"
    "\n11 | 1 | 1 | 2 | 99213 | | 2025-03-03 | 100\n11 | 2 | 1 | 3 | 3044F | | 2025-03-03 | 0",
    "claim_diagnosis": "claim_id | position | diagnosis_code | kind | code_system"
    "\n11 | 1 | E119 | principal | icd10",
}


class TestOwnClaims:
    def test_they_count_before_any_answer(self, given):
        db = given(as_of=AS_OF, **world(**{**OWN, "payer_claim": "", "payer_claim_line": ""}))
        row = gap(db, "001")
        assert row["is_eligible"]
        assert (row["is_closed"], row["claim_source"]) == (True, "own_claim")
        assert (row["claim_id"], row["provider_npi"]) == (11, "R")

    def test_they_count_beside_a_feed_that_dropped_a_code(self, given):
        row = gap(given(as_of=AS_OF, **world(DIABETIC, **OWN)), "001")
        assert (row["claim_source"], row["closing_code"]) == ("own_claim", "3044F")

    @pytest.mark.parametrize(("frequency", "state"), [("8", None), ("7", "no_result")])
    def test_voided_they_do_not_and_replaced_the_last_does(self, given, frequency, state):
        again = (
            f"\n12 | 2 | 1 | professional | A | 1 | 1 | P | MB | {frequency} | B | R | 11"
            " | 2025-03-03 | 2025-03-03 | 2025-04-05 | 100 |"
        )
        more = "\n12 | 1 | 2 | 2 | 99213 | | 2025-03-03 | 100\n12 | 2 | 2 | 3 | 83036 | | | 10"
        tables = {
            **OWN, "claim": OWN["claim"] + again, "claim_line": OWN["claim_line"] + more,
            "claim_diagnosis": OWN["claim_diagnosis"] + "\n12 | 1 | E119 | principal | icd10",
        }  # fmt: skip
        row = gap(given(as_of=AS_OF, **world(**tables)), "001")
        assert (row and row["gap_state"]) == state


class TestSpecifications:
    def test_a_year_goes_by_its_own_else_the_last_before_else_the_first_after(self, given):
        pictures = [POPULATIONS.replace("2025 ", f"{year} ") for year in (2022, 2024)]
        body = pictures[1].strip().split("\n", 1)[1]
        codes = [specification(year).split("\n", 1)[1] for year in (2022, 2024)]
        db = given(
            as_of=AS_OF,
            **world(VISIT, quality_population=pictures[0].rstrip() + "\n" + body,
                    quality_specification="\n".join([HEAD, *codes])),
        )  # fmt: skip
        rows = db.sql("SELECT DISTINCT year(year), specification_year FROM quality_gap ORDER BY 1")
        assert dict(rows.rows()) == {
            **dict.fromkeys(range(2015, 2024), 2022), 2024: 2024, 2025: 2024,
        }  # fmt: skip

    def test_without_one_nothing_is_checked_and_the_file_is_named(self, given):
        db = given(as_of=AS_OF, **world(VISIT, quality_population="", quality_specification="",
                                        spans=[span(1, "2025-01-01")]))  # fmt: skip
        assert quality_gap_rate(db).row(0)[:2] == (0, None)
        ((reason, count, _),) = quality_gap_rate.excluded(db).rows()
        assert ("qpp-single-source-2025.json" in reason, count) == (True, 1)
        with pytest.raises(MissingReferenceError, match="reference load qpp-single-source"):
            quality_gaps(db)

    def test_a_measure_it_lacks_is_not_checked(self, given):
        fewer = "\n".join(line for line in specification().split("\n") if " 113 " not in line)
        row = one(given, "113", VISIT, quality_specification=fewer)
        assert (row["is_checked"], row["is_open"]) == (False, False)

    def test_a_population_that_asks_for_more_than_is_looked_for_is_not_checked(self, given):
        more = f"{specification()}\n2025 | 113 | 00 | additional_encounter | 1 | 99214 | | |"
        assert not one(given, "113", VISIT, quality_specification=more)["is_checked"]
        assert one(given, "112", VISIT, quality_specification=more)["is_checked"]

    def test_a_measure_of_the_users_own_choice(self, given):
        """Osteoporosis, say; its encounters are not by video, its populations two."""
        more = (
            f"{specification()}\n2025 | 039 | 00 | encounter | 1 | 99213 | | 02,10 | GT,93"
            "\n2025 | 039 | 00 | encounter | 2 | 99214 | | |"
            "\n2025 | 039 | 00 | met | 9 | G8399 | | |"
        )
        ages = f"{POPULATIONS.rstrip()}\n2025 | 039 | 00 | 1 | 65 | 85 | F" \
            "\n2025 | 039 | 00 | 2 | 50 | 64 | F"  # fmt: skip
        chosen = (
            "measure_number | option_group | measure | is_inverse | result_rule | uncovered_months"
            "\n039 | 00 | osteoporosis_screening | false | any | 0"
        )
        tables = {"quality_specification": more, "quality_population": ages,
                  "quality_measure": chosen}  # fmt: skip
        cases = [
            ("1955-05-05", "99213", "11", "", None), ("1955-05-05", "99213", "10", "", "no_visit"),
            ("1955-05-05", "99213", "11", "25,93", "no_visit"),
            ("1955-05-05", "99214", "11", "", "no_visit"), ("1970-05-05", "99214", "10", "", None),
        ]  # fmt: skip
        for born, code, place, mod, reason in cases:
            visit = care(1, "2025-03-03", code, place=place, mod=mod)
            row = one(given, "039", visit, born=born, **tables)
            assert (row["measure"], row["not_eligible_reason"]) == (
                "osteoporosis_screening",
                reason,
            )


YEAR = {"year": dt.date(2025, 1, 1)}


class TestNumbers:
    @pytest.fixture
    def db(self, given):
        """Four women seen, one of them screened, one in a hospice; a man; one not seen."""
        people = [*(member(n, "1965-05-05") for n in (1, 2, 3, 4)), member(5, "1965-05-05", "M"),
                  member(6, "1965-05-05")]  # fmt: skip
        visits = [care(n, "2025-06-15", "99213", patient=n, dx="E119") for n in range(1, 6)]
        more = [care(11, "2024-06-15", "77066", patient=1),
                care(12, "2025-06-15", "G9709", patient=2),
                care(13, "2025-06-15", "83036", patient=3)]  # fmt: skip
        spans = [span(n, "2025-01-01") for n in range(1, 7)]
        return given(as_of=dt.date(2026, 3, 30), **world(*visits, *more, people=people,
                                                         spans=spans))  # fmt: skip

    def test_rates(self, db):
        breast = {**YEAR, "measure": "breast_screening"}
        assert quality_gap_rate(db, where=breast).select("hits", "n").row(0) == (2, 3)
        assert quality_closure_rate(db, where=breast).select("hits", "n").row(0) == (1, 3)
        a1c = {**YEAR, "measure": "a1c_control"}
        assert quality_uncoded_rate(db, where=a1c).select("hits", "n").row(0) == (1, 5)
        left = dict(quality_gap_rate.excluded(db, where=breast).select("reason", "n").rows())
        assert left == {
            "excluded by the specification": 1, "no encounter that the measure counts": 1,
        }  # fmt: skip

    def test_a_year_is_mature_when_its_claims_have_come(self, db, given):
        (row,) = quality_gap_rate(db, every="year", where=YEAR).to_dicts()
        assert (row["settled_share"], row["is_mature"]) == (0, False)
        later = given(as_of=dt.date(2026, 3, 31), **world(VISIT, spans=[span(1, "2025-01-01")]))
        (row,) = quality_gap_rate(later, every="year", where=YEAR).to_dicts()
        assert (row["settled_share"], row["is_mature"]) == (1, True)

    def test_the_list_has_the_open_gaps_and_most_first(self, db):
        found = quality_gaps(db, 2025)
        rate = quality_gap_rate(db, where=YEAR)
        assert found.height == rate["hits"].item()
        assert found["open_gaps"].is_sorted(descending=True)
        assert found["not_eligible_reason"].null_count() == found.height
        person = found.filter(person_id=3)
        assert person.height == person["open_gaps"][0] == 5
        assert dict(person.select("measure", "gap_state").rows())["a1c_control"] == "no_result"
        assert quality_gaps(db, 2025, limit=2).equals(found.head(2))
        men = quality_gaps(db, 2025, where={"sex_code": "M"})
        assert men["person_id"].unique().to_list() == [5]
        assert quality_gaps(db).is_empty(), "of the running year nothing is known to be open"

    def test_who_was_not_seen_is_listed_when_asked_for(self, db):
        found = quality_gaps(db, 2025, with_unseen=True).filter(person_id=6)
        assert set(found["not_eligible_reason"]) == {"no_visit"}
        assert set(found["measure"]) == {
            "breast_screening", "colorectal_screening", "depression_screening",
            "tobacco_screening",
        }  # fmt: skip

    @pytest.mark.parametrize("wrong", [{"year": "2025"}, {"year": 25}, {"limit": -1}])
    def test_what_cannot_be_asked(self, db, wrong):
        with pytest.raises(BadQueryError):
            quality_gaps(db, **wrong)

    def test_whom_a_member_is_assigned_to(self, given):
        line = "specialty_code | allowed_amount"
        told = VISIT[1]
        db = given(
            as_of=AS_OF,
            **world(VISIT, spans=[span(1, "2025-01-01")],
                    payer_claim_line=f"{world()['payer_claim_line']} | {line}\n{told} | 08 | 90"),
            roster="npi | start_date | end_date\nN1 | |",
        )  # fmt: skip
        assert gap(db, "113")["assigned_to"] == "network"
        by = quality_gap_rate(db, by="assigned_to", where=YEAR)
        assert by["assigned_to"].to_list() == ["network"]


def test_spans_that_follow_each_other_are_one_cover(given):
    spans = [span(1, "2025-01-01", "2025-06-30"), span(1, "2025-07-01", payer="Other")]
    db = given(as_of=AS_OF, **world(VISIT, eligibility=cover(*spans)))
    row = gap(db, "113")
    assert (row["is_eligible"], row["payer_name"], row["history_months"]) == (True, "Other", 12)


SHARED = Path(__file__).parents[3] / "shared" / "reference" / "mips"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared folder is not there")
def test_with_the_published_file(given):
    """A woman of 60 seen once, for diabetes and hypertension: one member of all six measures."""
    cares = [
        care(1, "2025-03-03", "99214", dx="E1122"), care(2, "2025-04-03", "99396", dx="I10"),
        care(3, "2023-11-03", "77067"), care(4, "2025-04-03", "G8752"),
        care(5, "2025-04-03", "G8754"), care(6, "2025-04-03", "M1371"),
        care(7, "2025-04-03", "M1212"), care(8, "2025-04-03", "G0030"),
    ]  # fmt: skip
    tables = {"quality_population": "", "quality_specification": "",
              "spans": [span(1, "2025-01-01")]}  # fmt: skip
    db = given(as_of=AS_OF, **world(*cares, **tables))
    load_published(db, [SHARED / "qpp-single-source-2025.json"])
    rows = db.sql("SELECT measure, gap_state FROM quality_gap WHERE is_eligible")
    assert dict(rows.rows()) == {
        "a1c_control": "closed", "blood_pressure_control": "closed", "breast_screening": "closed",
        "colorectal_screening": "not_seen", "depression_screening": "not_seen",
        "tobacco_screening": "closed",
    }  # fmt: skip
