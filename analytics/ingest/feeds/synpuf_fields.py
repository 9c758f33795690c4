"""Which field of a DE-SynPUF file of CMS becomes which column."""

from analytics.ingest.feeds.typed import Field

MOST = {"facility": 45, "carrier": 13, "diagnosis": 10, "procedure": 6}
# Of a carrier's line: our column and the name of the field before its number.
LINES = {
    "procedure_code": "HCPCS_CD",
    "rendering_npi": "PRF_PHYSN_NPI",
    "diagnosis_code": "LINE_ICD9_DGNS_CD",
    "nonpayment_code": "LINE_PRCSG_IND_CD",
    "paid_amount": "LINE_NCH_PMT_AMT",
    "deductible_amount": "LINE_BENE_PTB_DDCTBL_AMT",
    "other_payer_paid_amount": "LINE_BENE_PRMRY_PYR_PD_AMT",
    "coinsurance_amount": "LINE_COINSRNC_AMT",
    "allowed_amount": "LINE_ALOWD_CHRG_AMT",
}
PARTS = {"PART_A": "a_months", "PART_B": "b_months", "PART_C": "c_months", "PART_D": "d_months"}

_MEMBER = Field("member_id", "DESYNPUF_ID", "code", needed=True)
_CODES = [
    *(
        Field(f"diagnosis_{n}", f"ICD9_DGNS_CD_{n}", "diagnosis")
        for n in range(1, MOST["diagnosis"] + 1)
    ),
    Field("principal_diagnosis_code", "ICD9_DGNS_CD_1", "diagnosis"),
    Field("admitting", ("ADMTNG_ICD9_DGNS_CD",), "diagnosis"),
    *(
        Field(f"procedure_{n}", f"ICD9_PRCDR_CD_{n}", "diagnosis")
        for n in range(1, MOST["procedure"] + 1)
    ),
]
_CLAIM = [
    Field("claim_number", "CLM_ID", needed=True),
    _MEMBER,
    Field("service_from_date", "CLM_FROM_DT", "date", strict=True, needed=True),
    Field("service_to_date", "CLM_THRU_DT", "date", strict=True),
    *_CODES,
]
FACILITY = [
    *_CLAIM,
    Field("provider_number", "PRVDR_NUM", "code"),
    Field("paid_amount", "CLM_PMT_AMT", "amount", strict=True, needed=True),
    Field("other_payer_paid_amount", "NCH_PRMRY_PYR_CLM_PD_AMT", "amount"),
    Field("attending_npi", "AT_PHYSN_NPI"),
    Field("admission_date", "CLM_ADMSN_DT", "date"),
    Field("discharge_date", "NCH_BENE_DSCHRG_DT", "date"),
    Field("drg_code", "CLM_DRG_CD", "drg"),
    Field("per_diem", "CLM_PASS_THRU_PER_DIEM_AMT", "amount"),
    Field("days", "CLM_UTLZTN_DAY_CNT", "integer"),
    Field("deductible_amount", ("NCH_BENE_IP_DDCTBL_AMT", "NCH_BENE_PTB_DDCTBL_AMT"), "amount"),
    Field(
        "coinsurance_amount",
        ("NCH_BENE_PTA_COINSRNC_LBLTY_AM", "NCH_BENE_PTB_COINSRNC_AMT"),
        "amount",
    ),
    *(Field(f"hcpcs_{n}", f"HCPCS_CD_{n}", "code") for n in range(1, MOST["facility"] + 1)),
]
CARRIER = [
    *_CLAIM,
    Field("billing_tin", "TAX_NUM_1"),
    *(
        Field(
            f"{name}_{n}",
            f"{source}_{n}",
            "amount" if name.endswith("_amount") else "code",
            strict=name in ("paid_amount", "allowed_amount"),
        )
        for name, source in LINES.items()
        for n in range(1, MOST["carrier"] + 1)
    ),
]
DRUG = [
    Field("claim_number", "PDE_ID", needed=True),
    _MEMBER,
    Field("service_from_date", "SRVC_DT", "date", strict=True, needed=True),
    Field("ndc_code", "PROD_SRVC_ID"),
    Field("units", "QTY_DSPNSD_NUM", "units"),
    Field("days_supply", "DAYS_SUPLY_NUM", "integer"),
    Field("patient_paid_amount", "PTNT_PAY_AMT", "amount", strict=True),
    Field("billed_amount", "TOT_RX_CST_AMT", "amount", strict=True),
]
BENEFICIARY = [
    _MEMBER,
    Field("birth_date", "BENE_BIRTH_DT", "date"),
    Field("death_date", "BENE_DEATH_DT", "date"),
    Field("sex_code", "BENE_SEX_IDENT_CD"),
    Field("year", "YEAR", "integer"),
    Field("a_months", "BENE_HI_CVRAGE_TOT_MONS", "integer"),
    Field("b_months", "BENE_SMI_CVRAGE_TOT_MONS", "integer"),
    Field("c_months", "BENE_HMO_CVRAGE_TOT_MONS", "integer"),
    Field("d_months", "PLAN_CVRG_MOS_NUM", "integer"),
]
