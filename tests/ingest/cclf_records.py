"""CCLF records written field by field, and a folder of them loaded."""

from analytics.ingest.feeds.cclf_layout import LAYOUTS

LENGTHS = {"1": 437, "2": 199, "3": 114, "4": 112, "5": 388, "6": 247, "7": 195, "8": 549, "9": 55,
           "A": 324, "B": 128}  # fmt: skip
MONEY = ("_AMT", "_QTY")
HEADER = {
    "PRVDR_OSCAR_NUM": "450001", "BENE_MBI_ID": "1EG4TE5MK73", "CLM_TYPE_CD": "60",
    "CLM_FROM_DT": "2025-01-03", "CLM_THRU_DT": "2025-01-07", "CLM_BILL_FAC_TYPE_CD": "1",
    "CLM_BILL_CLSFCTN_CD": "1", "PRNCPL_DGNS_CD": "I5033", "CLM_PMT_AMT": "1000.00",
    "CLM_ADJSMT_TYPE_CD": "0", "CLM_EFCTV_DT": "2025-02-01", "CLM_IDR_LD_DT": "2025-02-03",
    "CLM_BILL_FREQ_CD": "1", "DGNS_PRCDR_ICD_IND": "0", "DGNS_DRG_CD": "0291",
    "CLM_MDCR_INSTNL_TOT_CHRG_AMT": "5000.00", "CLM_BLG_PRVDR_OSCAR_NUM": "450001",
    "FAC_PRVDR_NPI_NUM": "1234567893",
}  # fmt: skip
CARRIER = {
    "CLM_LINE_NUM": "1", "BENE_MBI_ID": "1EG4TE5MK73", "CLM_TYPE_CD": "71",
    "CLM_FROM_DT": "2025-01-03", "CLM_THRU_DT": "2025-01-03", "CLM_POS_CD": "11",
    "CLM_LINE_FROM_DT": "2025-01-03", "CLM_LINE_THRU_DT": "2025-01-03",
    "CLM_LINE_HCPCS_CD": "99213", "CLM_LINE_CVRD_PD_AMT": "80.00",
    "CLM_LINE_ALOWD_CHRG_AMT": "100.00", "CLM_ADJSMT_TYPE_CD": "0",
    "CLM_EFCTV_DT": "2025-01-20", "CLM_IDR_LD_DT": "2025-01-25", "CLM_CNTL_NUM": "ICN1",
    "CLM_LINE_SRVC_UNIT_QTY": "1.0000", "DGNS_PRCDR_ICD_IND": "0", "CLM_DGNS_1_CD": "E119",
}  # fmt: skip
DRUG = {
    "BENE_MBI_ID": "1EG4TE5MK73", "CLM_LINE_NDC_CD": "00002143380", "CLM_TYPE_CD": "01",
    "CLM_LINE_FROM_DT": "2025-01-05", "PRVDR_SRVC_ID_QLFYR_CD": "01",
    "CLM_SRVC_PRVDR_GNRC_ID_NUM": "1999999992", "CLM_DSPNSNG_STUS_CD": "C",
    "CLM_LINE_SRVC_UNIT_QTY": "30.0000", "CLM_LINE_DAYS_SUPLY_QTY": "30",
    "CLM_LINE_BENE_PMT_AMT": "12.50", "CLM_ADJSMT_TYPE_CD": "0", "CLM_EFCTV_DT": "1000-01-01",
    "CLM_IDR_LD_DT": "2025-02-01", "CLM_LINE_RX_SRVC_RFRNC_NUM": "77", "CLM_LINE_RX_FILL_NUM": "0",
}  # fmt: skip


def record(file, **fields):
    """One record: numbers and amounts to the right, text to the left, blanks elsewhere."""
    line = [" "] * LENGTHS[file]
    for name, value in fields.items():
        start, end = LAYOUTS[file][name]
        width = end - start + 1
        text = value.rjust(width) if name.endswith(MONEY) else value.ljust(width)
        if name in ("CUR_CLM_UNIQ_ID", "CLM_LINE_NUM"):
            text = value.zfill(width)
        assert len(text) == width, name
        line[start - 1 : end] = text
    return "".join(line)


def header(number, **fields):
    """A part A claim (CCLF1)."""
    return record("1", **(HEADER | {"CUR_CLM_UNIQ_ID": str(number)} | fields))


def carrier(number, **fields):
    """A part B line (CCLF5)."""
    return record("5", **(CARRIER | {"CUR_CLM_UNIQ_ID": str(number)} | fields))


def drug(number, **fields):
    """A part D record (CCLF7)."""
    return record("7", **(DRUG | {"CUR_CLM_UNIQ_ID": str(number)} | fields))


def write(folder, name, *records):
    """A file of these records."""
    path = folder / name
    path.write_text("\n".join(records) + "\n")
    return path
