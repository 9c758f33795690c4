"""Which name of an amount, code or day in a FHIR resource means which column.

CMS names amounts by its variables (STU3 and R4 by URLs that end in them, IDR by new names); a
category of CARIN Blue Button beside one is passed over, as CMS puts rates under `submitted`.
Others say such categories alone.
"""

from collections.abc import Mapping, Sequence

from analytics.ingest.feeds.typed import Field

# Column -> addends, each the names that mean it, the best first.
Names = Mapping[str, Sequence[Sequence[str]]]
LINE_AMOUNTS: Names = {
    "billed_amount": [
        ("line_sbmtd_chrg_amt", "rev_cntr_tot_chrg_amt", "clm_line_sbmt_chrg_amt",
         "tot_rx_cst_amt", "submitted"),
    ],
    "allowed_amount": [("line_alowd_chrg_amt", "clm_line_alowd_chrg_amt", "eligible")],
    "paid_amount": [
        ("line_nch_pmt_amt", "rev_cntr_pmt_amt_amt", "clm_line_cvrd_pd_amt", "cvrd_d_plan_pd_amt",
         "benefit"),
        ("ncvrd_plan_pd_amt",),
    ],
    "deductible_amount": [
        ("line_bene_ptb_ddctbl_amt", "rev_cntr_cash_ddctbl_amt", "clm_line_mdcr_ddctbl_amt",
         "deductible"),
    ],
    "coinsurance_amount": [
        ("line_coinsrnc_amt", "rev_cntr_coinsrnc_wge_adjstd_c", "clm_line_mdcr_coinsrnc_amt",
         "coinsurance"),
    ],
    "copayment_amount": [("copay",)],
    "patient_paid_amount": [("ptnt_pay_amt", "clm_line_bene_pmt_amt", "paidbypatient")],
    "other_payer_paid_amount": [
        ("line_bene_prmry_pyr_pd_amt", "rev_cntr_1st_msp_pd_amt", "clm_line_instnl_msp1_pd_amt",
         "othr_troop_amt", "priorpayerpaid"),
        ("rev_cntr_2nd_msp_pd_amt", "clm_line_instnl_msp2_pd_amt", "lics_amt", "clm_line_lis_amt"),
        ("plro_amt", "clm_line_plro_amt"),
    ],
}  # fmt: skip
CLAIM_AMOUNTS: Names = {
    "billed_amount": [
        ("nch_carr_clm_sbmtd_chrg_amt", "clm_tot_chrg_amt", "clm_sbmt_chrg_amt", "tot_rx_cst_amt",
         "submitted"),
    ],
    "allowed_amount": [("nch_carr_clm_alowd_amt", "clm_alowd_chrg_amt", "eligible")],
    "paid_amount": [("payment", "benefit")],
    "deductible_amount": [
        ("carr_clm_cash_ddctbl_apld_amt", "nch_bene_ip_ddctbl_amt", "nch_bene_ptb_ddctbl_amt",
         "clm_mdcr_ddctbl_amt", "deductible"),
    ],
    "coinsurance_amount": [
        ("nch_bene_pta_coinsrnc_lblty_amt", "nch_bene_pta_coinsrnc_lblty_am",
         "nch_bene_ptb_coinsrnc_amt", "clm_mdcr_coinsrnc_amt", "coinsurance"),
    ],
    "copayment_amount": [("copay",)],
    "patient_paid_amount": [("clm_bene_pmt_amt", "paidbypatient")],
    "other_payer_paid_amount": [
        ("prpayamt", "carr_clm_prmry_pyr_pd_amt", "nch_prmry_pyr_clm_pd_amt",
         "clm_othr_tp_pd_amt", "priorpayerpaid"),
    ],
}  # fmt: skip
# What a claim says of itself beside its lines: column -> names, and which element of it.
INFORMATION: Mapping[str, tuple[str, Sequence[str]]] = {
    "processed_date": ("day", ("nch_wkly_proc_dt", "clm_nch_wkly_proc_dt")),
    "admission_type_code": ("code", ("clm_ip_admsn_type_cd", "admtype")),
    "admission_source_code": ("code", ("clm_src_ip_admsn_cd", "pointoforigin")),
    "discharge_status_code": ("code", ("ptnt_dschrg_stus_cd", "discharge-status")),
    "frequency": ("code", ("clm_freq_cd",)),
    "classification": ("code", ("clm_srvc_clsfctn_type_cd",)),
    "drg_code": ("code", ("clm_drg_cd", "drg")),
    "bill": ("code", ("typeofbill",)),
    "admission_date": ("start", ("admissionperiod",)),
    "discharge_date": ("end", ("admissionperiod",)),
    "days_supply": ("value", ("dayssupply",)),
    "deletion": ("code", ("adjstmt_dltn_cd",)),
}
CLAIM_TYPES = {
    **dict.fromkeys(("10", "20", "30", "40", "50", "60", "61"), "institutional"),
    **dict.fromkeys(("71", "72", "81", "82"), "professional"),
}
KINDS = {
    "institutional": "institutional", "professional": "professional", "pharmacy": "pharmacy",
    "oral": "dental", "vision": "vision", "pde": "pharmacy",
}  # fmt: skip
DIAGNOSIS_KINDS = {
    "principal": "principal", "admitting": "admitting", "externalcauseofinjury": "external",
    "external-first": "external", "external": "external", "first-external": "external",
}  # fmt: skip
ATTENDING = ("attending",)
RENDERING = ("rendering", "performing")
REFERRING = ("referring", "prescribing")


def addends(names: Names) -> dict[str, list[str]]:
    """The columns of text that each amount is added up of."""
    return {
        column: [f"{column}+{n}" if n else column for n in range(len(parts))]
        for column, parts in names.items()
    }


def _amounts(names: Names) -> list[Field]:
    """Only of what was paid an amount that cannot be read keeps its claim out."""
    return [
        Field(part, part, "amount", strict=column == "paid_amount")
        for column, parts in addends(names).items()
        for part in parts
    ]


CLAIM = [
    Field("claim_number", "id", needed=True),
    Field("member_id", "member", "code", needed=True),
    Field("claim_type", "claim_type"),
    Field("claim_type_code", "claim_type_code"),
    Field("payer_name", "payer_name"),
    Field("line_of_business", "line_of_business"),
    Field("adjustment_code", "adjustment_code"),
    Field("bill_type_code", "bill_type_code", "code"),
    Field("service_from_date", "service_from", "date", strict=True, needed=True),
    Field("service_to_date", "service_to", "date", strict=True),
    Field("paid_date", "paid_date", "date"),
    *(
        Field(name, name, "date")
        for name in ("processed_date", "admission_date", "discharge_date")
    ),
    *(
        Field(name, name)
        for name in ("admission_type_code", "admission_source_code", "discharge_status_code")
    ),
    Field("drg_code", "drg_code", "drg"),
    Field("principal_diagnosis_code", "principal_diagnosis_code", "diagnosis"),
    *(
        Field(name, name)
        for name in (
            "billing_npi", "facility_npi", "rendering_npi", "attending_npi", "referring_npi",
            "provider_number",
        )
    ),
    *_amounts(CLAIM_AMOUNTS),
]  # fmt: skip
LINE = [
    Field("line_no", "line_no", "integer", strict=True, needed=True),
    Field("claim_number", "id"),
    Field("procedure_code", "procedure_code", "code"),
    Field("modifier_key", "modifier_key"),
    Field("revenue_code", "revenue_code"),
    Field("ndc_code", "ndc_code"),
    Field("units", "units", "units"),
    Field("days_supply", "days_supply", "integer"),
    Field("place_of_service_code", "place_of_service_code"),
    Field("service_from_date", "service_from", "date"),
    Field("service_to_date", "service_to", "date"),
    Field("specialty_code", "specialty_code"),
    Field("rendering_npi", "rendering_npi"),
    *_amounts(LINE_AMOUNTS),
]
PATIENT = [
    Field("member_id", "id", "code", needed=True),
    Field("previous_member_id", "mbi", "code"),
    Field("last_name", "last_name", "code"),
    Field("first_name", "first_name", "code"),
    Field("birth_date", "birthDate", "date"),
    Field("death_date", "deceasedDateTime", "date"),
    Field("sex_code", "sex_code"),
    Field("postal_code", "postal_code"),
    Field("state_code", "state", "code"),
]
COVERAGE = [
    Field("member_id", "member", "code", needed=True),
    Field("payer_name", "payer_name"),
    Field("line_of_business", "line_of_business"),
    Field("coverage_code", "coverage_code"),
    Field("start_date", "start", "date", strict=True),
    Field("end_date", "end", "date", strict=True),
    Field("medicare_status_code", "medicare_status_code"),
    Field("entitlement_code", "entitlement_code"),
]
