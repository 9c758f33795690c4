"""Which field of a research identifiable file (RIF) of CMS becomes which column."""

from analytics.ingest.feeds.typed import Field

MONTHS = (
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC",
)  # fmt: skip
MODIFIERS = [f"modifier_{n}" for n in range(1, 5)]
MOST_CODES = {"institutional": 25, "carrier": 12, "external": 12, "procedure": 25}
_MEMBER = Field("member_id", "BENE_ID", "code", needed=True)
_VERSION = [
    Field("change", "DML_IND", "code"),
    Field("final", "FINAL_ACTION", "code"),
]
_HCPCS = [
    Field("procedure_code", "HCPCS_CD", "code"),
    Field("modifier_1", "HCPCS_1ST_MDFR_CD"),
    Field("modifier_2", "HCPCS_2ND_MDFR_CD"),
    Field("modifier_3", "HCPCS_3RD_MDFR_CD"),
    Field("modifier_4", "HCPCS_4TH_MDFR_CD"),
]
_CLAIM = [
    Field("claim_number", "CLM_ID", needed=True),
    _MEMBER,
    *_VERSION,
    Field("claim_type_code", "NCH_CLM_TYPE_CD"),
    Field("service_from_date", "CLM_FROM_DT", "date", strict=True, needed=True),
    Field("service_to_date", "CLM_THRU_DT", "date", strict=True),
    Field("processed_date", "NCH_WKLY_PROC_DT", "date"),
    Field("paid_amount", "CLM_PMT_AMT", "amount", strict=True, needed=True),
    Field("principal_diagnosis_code", "PRNCPAL_DGNS_CD", "diagnosis"),
    Field("principal_icd", "PRNCPAL_DGNS_VRSN_CD"),
    *_HCPCS,
]


def _codes(count: int) -> list[Field]:
    """Diagnoses side by side, with their code systems and whether present on admission."""
    return [
        field
        for n in range(1, count + 1)
        for field in (
            Field(f"diagnosis_{n}", f"ICD_DGNS_CD{n}", "diagnosis"),
            Field(f"icd_{n}", f"ICD_DGNS_VRSN_CD{n}"),
            Field(f"poa_{n}", f"CLM_POA_IND_SW{n}", "code"),
        )
    ]


def _external(count: int) -> list[Field]:
    return [
        field
        for n in range(1, count + 1)
        for field in (
            Field(f"external_{n}", f"ICD_DGNS_E_CD{n}", "diagnosis"),
            Field(f"external_icd_{n}", f"ICD_DGNS_E_VRSN_CD{n}"),
            Field(f"external_poa_{n}", f"CLM_E_POA_IND_SW{n}", "code"),
        )
    ]


def _procedures(count: int) -> list[Field]:
    return [
        field
        for n in range(1, count + 1)
        for field in (
            Field(f"procedure_{n}", f"ICD_PRCDR_CD{n}", "diagnosis"),
            Field(f"procedure_icd_{n}", f"ICD_PRCDR_VRSN_CD{n}"),
            Field(f"procedure_date_{n}", f"PRCDR_DT{n}", "date"),
        )
    ]


# No amount allowed stands in institutional files, and none is made up here.
INSTITUTIONAL = [
    *_CLAIM,
    Field("provider_number", "PRVDR_NUM", "code"),
    Field("facility", "CLM_FAC_TYPE_CD", "code"),
    Field("classification", "CLM_SRVC_CLSFCTN_TYPE_CD", "code"),
    Field("frequency", "CLM_FREQ_CD", "code"),
    Field("nonpayment_code", "CLM_MDCR_NON_PMT_RSN_CD", "code"),
    Field("discharge_status_code", "PTNT_DSCHRG_STUS_CD"),
    Field("admission_date", "CLM_ADMSN_DT", "date"),
    Field("discharge_date", "NCH_BENE_DSCHRG_DT", "date"),
    Field("admission_type_code", "CLM_IP_ADMSN_TYPE_CD"),
    Field("admission_source_code", "CLM_SRC_IP_ADMSN_CD"),
    Field("drg_code", "CLM_DRG_CD", "drg"),
    Field("billing_npi", "ORG_NPI_NUM"),
    Field("facility_npi", "ORG_NPI_NUM"),
    Field("attending_npi", "AT_PHYSN_NPI"),
    Field("line:rendering_npi", "RNDRNG_PHYSN_NPI"),
    Field("billed_amount", "CLM_TOT_CHRG_AMT", "amount", strict=True),
    Field("deductible_amount", ("NCH_BENE_IP_DDCTBL_AMT", "NCH_BENE_PTB_DDCTBL_AMT"), "amount"),
    Field(
        "coinsurance_amount",
        ("NCH_BENE_PTA_COINSRNC_LBLTY_AM", "NCH_BENE_PTB_COINSRNC_AMT"),
        "amount",
    ),
    Field("other_payer_paid_amount", "NCH_PRMRY_PYR_CLM_PD_AMT", "amount"),
    Field("per_diem", "CLM_PASS_THRU_PER_DIEM_AMT", "amount"),
    Field("days", "CLM_UTLZTN_DAY_CNT", "integer"),
    Field("line_no", "CLM_LINE_NUM", "integer", strict=True, needed=True),
    Field("revenue_code", "REV_CNTR"),
    Field("line:service_from_date", ("REV_CNTR_DT", "CLM_FROM_DT"), "date"),
    Field("line:service_to_date", ("REV_CNTR_DT", "CLM_THRU_DT"), "date"),
    Field("units", "REV_CNTR_UNIT_CNT", "units"),
    Field("ndc_code", "REV_CNTR_IDE_NDC_UPC_NUM"),
    Field("line:billed_amount", "REV_CNTR_TOT_CHRG_AMT", "amount", strict=True),
    Field("line:paid_amount", "REV_CNTR_PMT_AMT_AMT", "amount", strict=True),
    Field("line:deductible_amount", "REV_CNTR_CASH_DDCTBL_AMT", "amount"),
    Field("line:coinsurance_amount", "REV_CNTR_COINSRNC_WGE_ADJSTD_C", "amount"),
    Field("first_payer", "REV_CNTR_1ST_MSP_PD_AMT", "amount"),
    Field("second_payer", "REV_CNTR_2ND_MSP_PD_AMT", "amount"),
    Field("admitting", "ADMTG_DGNS_CD", "diagnosis"),
    Field("admitting_icd", "ADMTG_DGNS_VRSN_CD"),
    *_codes(MOST_CODES["institutional"]),
    *_external(MOST_CODES["external"]),
    *_procedures(MOST_CODES["procedure"]),
]
CARRIER = [
    *_CLAIM,
    Field("nonpayment_code", "CARR_CLM_PMT_DNL_CD", "code"),
    Field("billing_npi", ("CARR_CLM_BLG_NPI_NUM", "ORG_NPI_NUM", "PRVDR_NPI")),
    Field("billing_tin", "TAX_NUM"),
    Field("referring_npi", "RFR_PHYSN_NPI"),
    Field("billed_amount", "NCH_CARR_CLM_SBMTD_CHRG_AMT", "amount", strict=True),
    Field("allowed_amount", "NCH_CARR_CLM_ALOWD_AMT", "amount", strict=True),
    Field("deductible_amount", "CARR_CLM_CASH_DDCTBL_APLD_AMT", "amount"),
    Field("other_payer_paid_amount", "CARR_CLM_PRMRY_PYR_PD_AMT", "amount"),
    Field("line_no", "LINE_NUM", "integer", strict=True, needed=True),
    Field("line:rendering_npi", ("PRF_PHYSN_NPI", "PRVDR_NPI")),
    Field("specialty_code", "PRVDR_SPCLTY"),
    Field("place_of_service_code", "LINE_PLACE_OF_SRVC_CD"),
    Field("line:service_from_date", "LINE_1ST_EXPNS_DT", "date"),
    Field("line:service_to_date", "LINE_LAST_EXPNS_DT", "date"),
    Field("units", "LINE_SRVC_CNT", "units"),
    Field("ndc_code", "LINE_NDC_CD"),
    Field("diagnosis_code", "LINE_ICD_DGNS_CD", "diagnosis"),
    Field("line:nonpayment_code", "LINE_PRCSG_IND_CD", "code"),
    Field("line:billed_amount", "LINE_SBMTD_CHRG_AMT", "amount", strict=True),
    Field("line:allowed_amount", "LINE_ALOWD_CHRG_AMT", "amount", strict=True),
    Field("line:paid_amount", "LINE_NCH_PMT_AMT", "amount", strict=True, needed=True),
    Field("line:deductible_amount", "LINE_BENE_PTB_DDCTBL_AMT", "amount"),
    Field("line:coinsurance_amount", "LINE_COINSRNC_AMT", "amount"),
    Field("line:other_payer_paid_amount", "LINE_BENE_PRMRY_PYR_PD_AMT", "amount"),
    *_codes(MOST_CODES["carrier"]),
]
DRUGS = [
    Field("claim_number", "PDE_ID", needed=True),
    _MEMBER,
    *_VERSION,
    Field("deletion", "ADJSTMT_DLTN_CD", "code"),
    Field("service_from_date", "SRVC_DT", "date", strict=True, needed=True),
    Field("paid_date", "PD_DT", "date"),
    Field("billing_npi", "SRVC_PRVDR_ID"),
    Field("referring_npi", "PRSCRBR_ID"),
    Field("ndc_code", "PROD_SRVC_ID"),
    Field("units", "QTY_DSPNSD_NUM", "units"),
    Field("days_supply", "DAYS_SUPLY_NUM", "integer"),
    Field("billed_amount", "TOT_RX_CST_AMT", "amount", strict=True),
    Field("covered", "CVRD_D_PLAN_PD_AMT", "amount", strict=True, needed=True),
    Field("not_covered", "NCVRD_PLAN_PD_AMT", "amount", strict=True),
    Field("patient_paid_amount", "PTNT_PAY_AMT", "amount", strict=True),
    Field("other_troop", "OTHR_TROOP_AMT", "amount"),
    Field("low_income", "LICS_AMT", "amount"),
    Field("liability", "PLRO_AMT", "amount"),
]
PERSON = [
    _MEMBER,
    Field("previous_member_id", "MBI_NUM", "code"),
    Field("last_name", "BENE_SRNM_NAME", "code"),
    Field("first_name", "BENE_GVN_NAME", "code"),
    Field("birth_date", "BENE_BIRTH_DT", "date"),
    Field("sex_code", "BENE_SEX_IDENT_CD"),
]
MEMBERS = [
    *PERSON,
    Field("death_date", "DEATH_DT", "date"),
    Field("postal_code", ("BENE_ZIP_CD", "STATE_CNTY_ZIP_CD")),
    Field("medicare_status_code", "BENE_MDCR_STATUS_CD"),
    Field("entitlement_code", "BENE_ENTLMT_RSN_ORIG"),
    Field("year", "RFRNC_YR", "integer"),
    *(
        Field(f"{part}_{bound}", f"{name}_CVRG_{day}_DT", "date")
        for part, name in (("part_a", "PTA"), ("part_b", "PTB"), ("part_d", "PTD"))
        for bound, day in (("start", "STRT"), ("end", "END"))
    ),
    *(Field(f"buyin_{n}", f"MDCR_ENTLMT_BUYIN_{n}_IND", "code") for n in range(1, 13)),
    *(Field(f"hmo_{n}", f"HMO_{n}_IND", "code") for n in range(1, 13)),
    *(Field(f"drug_{n}", f"PTD_CNTRCT_{m}_ID", "code") for n, m in enumerate(MONTHS, 1)),
    *(Field(f"dual_{n}", f"META_DUAL_ELGBL_STUS_{m}_CD", "code") for n, m in enumerate(MONTHS, 1)),
]
