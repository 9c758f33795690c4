"""Which field of a CCLF record becomes which column."""

from collections.abc import Iterable

from analytics.ingest.feeds.typed import Field

MODIFIERS = [f"modifier_{n}" for n in range(1, 6)]
_NUMBER = Field("claim_number", "CUR_CLM_UNIQ_ID", needed=True)
_MEMBER = Field("member_id", ("BENE_MBI_ID", "BENE_HIC_NUM"), "code", needed=True)
_TYPE = Field("claim_type_code", "CLM_TYPE_CD")
_ICD = Field("icd", "DGNS_PRCDR_ICD_IND")
_VERSION = [
    Field("adjustment_code", "CLM_ADJSMT_TYPE_CD"),
    Field("processed_date", "CLM_EFCTV_DT", "date"),
]
_SPAN = [
    Field("service_from_date", "CLM_FROM_DT", "date", strict=True, needed=True),
    Field("service_to_date", "CLM_THRU_DT", "date", strict=True),
]
_HCPCS = [Field(m, f"HCPCS_{n}_MDFR_CD") for n, m in enumerate(MODIFIERS, 1)]

HEADER = [
    _NUMBER,
    _MEMBER,
    _TYPE,
    *_VERSION,
    *_SPAN,
    Field("provider_number", ("CLM_BLG_PRVDR_OSCAR_NUM", "PRVDR_OSCAR_NUM"), "code"),
    Field("facility", "CLM_BILL_FAC_TYPE_CD", "code"),
    Field("classification", "CLM_BILL_CLSFCTN_CD", "code"),
    Field("frequency", "CLM_BILL_FREQ_CD", "code"),
    Field("principal_diagnosis_code", "PRNCPL_DGNS_CD", "diagnosis"),
    Field("nonpayment_code", "CLM_MDCR_NPMT_RSN_CD", "code"),
    Field("paid_amount", "CLM_PMT_AMT", "amount", strict=True, needed=True),
    Field("billed_amount", "CLM_MDCR_INSTNL_TOT_CHRG_AMT", "amount", strict=True),
    Field("discharge_status_code", "BENE_PTNT_STUS_CD"),
    Field("drg_code", "DGNS_DRG_CD", "drg"),
    Field("facility_npi", "FAC_PRVDR_NPI_NUM"),
    Field("billing_npi", ("CLM_BLG_PRVDR_NPI_NUM", "FAC_PRVDR_NPI_NUM")),
    Field("attending_npi", ("CLM_ATNDG_PRVDR_NPI_NUM", "ATNDG_PRVDR_NPI_NUM")),
    Field("admission_type_code", "CLM_ADMSN_TYPE_CD"),
    Field("admission_source_code", "CLM_ADMSN_SRC_CD"),
]
REVENUE = [
    _NUMBER,
    Field("line_no", "CLM_LINE_NUM", "integer", strict=True, needed=True),
    Field("service_from_date", ("CLM_LINE_FROM_DT", "CLM_FROM_DT"), "date"),
    Field("service_to_date", ("CLM_LINE_THRU_DT", "CLM_THRU_DT"), "date"),
    Field("revenue_code", "CLM_LINE_PROD_REV_CTR_CD"),
    Field("procedure_code", "CLM_LINE_HCPCS_CD", "code"),
    Field("units", "CLM_LINE_SRVC_UNIT_QTY", "units"),
    Field("paid_amount", "CLM_LINE_CVRD_PD_AMT", "amount", strict=True),
    *_HCPCS,
]
PROCEDURES = [
    _NUMBER,
    Field("position", "CLM_VAL_SQNC_NUM", "integer"),
    Field("procedure_code", "CLM_PRCDR_CD", "diagnosis", needed=True),
    Field("procedure_date", "CLM_PRCDR_PRFRM_DT", "date"),
    _ICD,
]
DIAGNOSES = [
    _NUMBER,
    Field("product", "CLM_PROD_TYPE_CD", "code"),
    Field("position", "CLM_VAL_SQNC_NUM", "integer"),
    Field("diagnosis_code", "CLM_DGNS_CD", "diagnosis", needed=True),
    Field("present_on_admission_code", "CLM_POA_IND", "code"),
    _ICD,
]
_PART_B = [
    _NUMBER,
    _MEMBER,
    _TYPE,
    *_VERSION,
    *_SPAN,
    Field("claim_key", "CLM_CNTL_NUM"),
    Field("line_no", "CLM_LINE_NUM", "integer", strict=True, needed=True),
    Field("nonpayment_code", "CLM_CARR_PMT_DNL_CD", "code"),
    Field("line:nonpayment_code", "CLM_PRCSG_IND_CD", "code"),
    Field("line:service_from_date", "CLM_LINE_FROM_DT", "date"),
    Field("line:service_to_date", "CLM_LINE_THRU_DT", "date"),
    Field("procedure_code", "CLM_LINE_HCPCS_CD", "code"),
    Field("place_of_service_code", "CLM_POS_CD"),
    Field("line:paid_amount", "CLM_LINE_CVRD_PD_AMT", "amount", strict=True, needed=True),
    Field("line:allowed_amount", "CLM_LINE_ALOWD_CHRG_AMT", "amount", strict=True),
    Field("units", "CLM_LINE_SRVC_UNIT_QTY", "units"),
    *_HCPCS,
    _ICD,
    *(Field(f"diagnosis_{n}", f"CLM_DGNS_{n}_CD", "diagnosis") for n in range(1, 13)),
]
CARRIER = {
    "5": [
        *_PART_B,
        Field("diagnosis_code", "CLM_LINE_DGNS_CD", "diagnosis"),
        Field("specialty_code", "CLM_PRVDR_SPCLTY_CD"),
        Field("billing_tin", "CLM_RNDRG_PRVDR_TAX_NUM"),
        Field("rendering_npi", ("CLM_RNDRG_PRVDR_NPI_NUM", "RNDRG_PRVDR_NPI_NUM")),
        Field("referring_npi", "CLM_RFRG_PRVDR_NPI_NUM"),
    ],
    "6": [
        *_PART_B,
        Field("billing_npi", ("CLM_BLG_PRVDR_NPI_NUM", "PAYTO_PRVDR_NPI_NUM")),
        Field("referring_npi", ("CLM_RFRG_PRVDR_NPI_NUM", "ORDRG_PRVDR_NPI_NUM")),
    ],
}
DRUGS = [
    _NUMBER,
    _MEMBER,
    _TYPE,
    *_VERSION,
    Field("service_from_date", "CLM_LINE_FROM_DT", "date", strict=True, needed=True),
    Field("ndc_code", "CLM_LINE_NDC_CD"),
    Field("filled", "CLM_LINE_FROM_DT"),
    Field("qualifier", "PRVDR_SRVC_ID_QLFYR_CD"),
    Field("pharmacy", "CLM_SRVC_PRVDR_GNRC_ID_NUM"),
    Field("billing_npi", "CLM_SRVC_PRVDR_GNRC_ID_NUM"),
    Field("status", "CLM_DSPNSNG_STUS_CD"),
    Field("prescription", "CLM_LINE_RX_SRVC_RFRNC_NUM"),
    Field("fill", "CLM_LINE_RX_FILL_NUM"),
    Field("units", "CLM_LINE_SRVC_UNIT_QTY", "units"),
    Field("days_supply", "CLM_LINE_DAYS_SUPLY_QTY", "integer"),
    Field("referring_npi", "CLM_PRSBNG_PRVDR_GNRC_ID_NUM"),
    Field("patient_paid_amount", "CLM_LINE_BENE_PMT_AMT", "amount", strict=True),
]
MEMBERS = [
    _MEMBER,
    Field("last_name", "BENE_LAST_NAME", "code"),
    Field("first_name", "BENE_1ST_NAME", "code"),
    Field("birth_date", "BENE_DOB", "date"),
    Field("sex_code", "BENE_SEX_CD"),
    Field("postal_code", ("GEO_ZIP5_CD", "BENE_ZIP_CD")),
    Field("state_code", "GEO_USPS_STATE_CD", "code"),
    Field("death_date", "BENE_DEATH_DT", "date"),
    Field("part_a_start", "BENE_PART_A_ENRLMT_BGN_DT", "date"),
    Field("part_b_start", "BENE_PART_B_ENRLMT_BGN_DT", "date"),
    Field("medicare_status_code", "BENE_MDCR_STUS_CD"),
    Field("dual_status_code", "BENE_DUAL_STUS_CD", "code"),
    Field("entitlement_code", "BENE_ORGNL_ENTLMT_RSN_CD"),
]
ENROLMENT = [
    Field("member_id", "CURRENT_BENE_MBI_ID", "code", needed=True),
    Field("start_date", "ENROLLMENT_START_DATE", "date", strict=True, needed=True),
    Field("end_date", "ENROLLMENT_END_DATE", "date", strict=True),
]
NUMBERS = [
    Field("member_id", "CRNT_NUM", "code", needed=True),
    Field("previous_member_id", "PRVS_NUM", "code", needed=True),
    Field("start_date", "PRVS_ID_EFCTV_DT", "date"),
    Field("end_date", "PRVS_ID_OBSLT_DT", "date"),
]
AMOUNT_IDS = [_NUMBER, Field("line_no", "CLM_LINE_NUM", "integer")]
CONTROL = [
    Field("file_label", "FILE NUMBER", "code", needed=True),
    Field("file_description", "FILE DESCRIPTION"),
    Field("declared_count", "TOTAL RECORDS COUNT", "integer", strict=True, needed=True),
    Field("declared_length", "RECORD LENGTH", "integer"),
]


def amounts(names: Iterable[str]) -> list[Field]:
    """The amounts of CCLFA and B, under CMS's own names."""
    return [Field(name, name, "amount", strict=True) for name in names]
