"""Files of every format with marks in all places where a patient's value stands.

Marks are found again in whatever form: names and numbers begin with ZQX, all days of birth are in
July 1913, social security and telephone numbers have 913713 in them.
"""

import csv
import io
import json
import re
import zipfile

MARK = re.compile(
    rb"zqx|913[-. ]?713|1913[-/. ]?0?7[-/. ]?1\d|0?7[-/. ]1\d[-/. ]1913"
    rb"|1\d[-/. ]?jul\w*[-/. ,]*1913|july? 1\d,? 1913",
    re.IGNORECASE,
)
CELLS = ("ZQXLAST, ZQXFIRST", "1913-07-13", "19130713", "ZQXMEMBER1", "913713001", "7/13/1913")


def found(written: bytes | str) -> list[str]:
    """The marks in what was written, with what stands around them."""
    text = written.encode(errors="replace") if isinstance(written, str) else written
    return [
        text[max(m.start() - 60, 0) : m.end() + 20].decode(errors="replace")
        for m in MARK.finditer(text)
    ]


def _person(kind: str, n: int, *, has_id: bool = True) -> str:
    number = f"****MI*ZQXMEM{n}" if has_id else ""
    return f"NM1*{kind}*1*ZQXLAST{n}*ZQXFIRST{n}*ZQXMID{number}"


def _home(n: int) -> list[str]:
    return [f"N3*{n} ZQXSTREET*APT ZQX{n}", "N4*ZQXTOWN*NE*913713001", f"DMG*D8*1913071{n}*F"]


def _envelope(kind: str, guide: str, group: str, body: list[str], control: int) -> bytes:
    who = f"ZZ*{'SENDER':15}*ZZ*{'RECEIVER':15}"
    isa = f"ISA*00*{'':10}*00*{'':10}*{who}*260214*1200*^*00501*{control:09}*0*P*:"
    gs = f"GS*{group}*SENDER*RECEIVER*20260214*1200*{control}*X*{guide}"
    st = f"ST*{kind}*0001*{guide}"
    ends = [f"SE*{len(body) + 2}*0001", f"GE*1*{control}", f"IEA*1*{control:09}"]
    return "".join(f"{segment}~\n" for segment in [isa, gs, st, *body, *ends]).encode()


def _claim837(form: str, control: int) -> bytes:
    guide, facility, line = {
        "p": ("005010X222A1", "11:B:1", "SV1*HC:99213:25*100*UN*1***1"),
        "i": ("005010X223A2", "13:A:1", "SV2*0450*HC:99283*100*UN*1"),
        "d": ("005010X224A2", "11:B:1", "SV3*AD:D0120*100****1"),
    }[form]
    body = [
        "BHT*0019*00*B1*20260110*1200*CH", "NM1*41*2*SENDER*****46*SENDER",
        "PER*IC*DESK*TE*4025550100", "NM1*40*2*RECEIVER*****46*RECEIVER", "HL*1**20*1",
        "NM1*85*2*SOME CLINIC*****XX*1234567893", "N3*5 ELM ST", "N4*OMAHA*NE*681010001",
        "REF*EI*123456789",
    ]  # fmt: skip
    for n in range(1, 5):
        own = [_person("IL", n), *_home(n), f"REF*SY*91371300{n}", f"REF*1W*ZQXCARD{n}",
               f"PER*IC*ZQXCALLER*TE*402913713{n}"]  # fmt: skip
        if n % 2:
            body += [f"HL*{2 * n}*1*22*0", f"SBR*P*18*ZQXGROUP{n}******CI", *own]
            body += ["NM1*PR*2*ACME HEALTH*****PI*ACME1", f"REF*Y4*ZQXCASE{n}"]
        else:
            body += [f"HL*{2 * n}*1*22*1", "SBR*P********CI", *own]
            body += ["NM1*PR*2*ACME HEALTH*****PI*ACME1", f"HL*{2 * n + 1}*{2 * n}*23*0"]
            body += ["PAT*19", _person("QC", n + 4, has_id=False), *_home(n + 4)]
        body += [
            f"CLM*ZQXPCN{form}{n}*100***{facility}*Y*A*Y*Y", "DTP*431*D8*20260101",
            f"DTP*454*D8*1913071{n}", f"PWK*OZ*BM***AC*ZQXCTRL{n}", f"REF*EA*ZQXCHART{n}",
            f"REF*F8*ZQXICN{n}", f"K3*ZQXFREE {n}", f"NTE*ADD*ZQXNOTE {n} BORN 7/1{n}/1913",
            "HI*ABK:E119", "SBR*S*01*ZQXGROUP*ZQXPLAN*****MB", "AMT*D*10", _person("IL", n),
            "N3*1 ZQXSTREET", "N4*ZQXTOWN*NE*913713001", f"REF*SY*91371300{n}",
            "NM1*PR*2*OTHER PLAN*****PI*OTHER1", f"REF*F8*ZQXOTHER{n}", "LX*1", line,
            "DTP*472*D8*20260103", f"REF*6R*ZQXLINE{n}", f"NTE*ADD*ZQXNOTE{n}",
        ]  # fmt: skip
    return _envelope("837", guide, "HC", body, control)


def _remit() -> bytes:
    body = [
        "BPR*I*320*C*ACH*CCP*01*999999992*DA*123456*1512345678**01*999988880*DA*98765*20260215",
        "TRN*1*CHECK1*1512345678", "DTM*405*20260214", "N1*PR*ACME HEALTH", "N3*1 MAIN ST",
        "N4*OMAHA*NE*68101", "REF*2U*ACME1", "N1*PE*SOME CLINIC*XX*1234567893",
        "REF*TJ*123456789", "LX*1",
    ]  # fmt: skip
    for n in range(1, 5):
        body += [
            f"CLP*ZQXPCNp{n}*1*100*80*10*12*ZQXICN{n}*11*1", _person("QC", n),
            _person("IL", n + 4), f"NM1*74*1*ZQXRIGHT{n}*ZQXFIRST***C*ZQXNEW{n}",
            f"NM1*GB*1*ZQXOTHER*ZQXFIRST****MI*ZQXOTH{n}", f"REF*1L*ZQXGROUP{n}",
            f"REF*EA*ZQXCHART{n}", f"REF*SY*91371300{n}", f"DTM*050*2026011{n}",
            f"PER*CX*ZQXCALLER*TE*402913713{n}", "SVC*HC:99213:25*100*80", "DTM*472*20260103",
            "CAS*CO*45*10", "CAS*PR*1*10", f"REF*6R*ZQXLINE{n}", "LQ*HE*N130",
        ]  # fmt: skip
    body += ["PLB*1234567893*20261231*WO:ZQXICN1*10", "PLB*1234567893*20261231*CS:ZQXICN2*-10"]
    return _envelope("835", "005010X221A1", "HP", body, 31)


def _replies() -> dict[str, bytes]:
    body = [
        "BHT*0085*08*ACK1*20260212*1200*TH", "HL*1**20*1", "NM1*PR*2*ACME HEALTH*****46*ACME1",
        "TRN*1*RUN1", "DTP*050*D8*20260110", "DTP*009*D8*20260111", "HL*2*1*21*1",
        "NM1*41*2*SOME CLINIC*****46*CLINIC1", "TRN*2*B1", "STC*A1:19:PR*20260111*WQ*200",
        "HL*3*2*19*1", "NM1*85*2*SOME CLINIC*****XX*1234567893", "TRN*1*0",
    ]  # fmt: skip
    for n in (1, 2):
        body += [
            f"HL*{n + 3}*3*PT", _person("QC", n), f"TRN*2*ZQXPCNp{n}",
            f"STC*A3:21:IL*20260111*U*100********ZQXSAID {n}", f"REF*1K*ZQXICN{n}",
            f"REF*EJ*ZQXPCNp{n}", "DTP*472*D8*20260103",
        ]  # fmt: skip
    sent = [
        "AK1*HC*1*005010X222A1", "AK2*837*0001*005010X222A1", "IK3*NM1*21*2010*8",
        "CTX*SITUATIONAL TRIGGER*NM1*21", "CTX*CLM01:ZQXPCNp1", "IK4*9*67*1*ZQXMEM1",
        "IK4*3*1035*6*ZQXLAST1", "IK3*DMG*24*2010*8", "CTX*CLM01:ZQXPCNp2",
        "IK4*2*1251*8*19130713", "IK5*R*5", "AK9*R*1*1*0",
    ]  # fmt: skip
    return {
        "d_277.edi": _envelope("277", "005010X214", "HN", body, 41),
        "e_999.edi": _envelope("999", "005010X231A1", "FA", sent, 42),
    }


def _csv(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    made = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    made.writeheader()
    made.writerows(rows)
    return out.getvalue().encode()


def _each(text: str, count: int = 4) -> list[dict[str, str]]:
    """Rows drawn as ``column=cell`` divided by bars; # is the number of the row."""
    cells = [part.strip().split("=") for part in text.split("|")]
    return [{name: cell.replace("#", str(n)) for name, cell in cells} for n in range(1, count + 1)]


SIDE = {
    "eligibility": "member_id=ZQXMEM#|last_name=ZQXLAST#|first_name=ZQXFIRST#|birth_date=1913-07-1#"
    "|sex_code=F|postal_code=913713001|payer_name=Acme Health|line_of_business=commercial"
    "|start_date=2025-01-01|end_date=|note=ZQXNOTE#",
    "write_off": "patient_control_number=ZQXPCNp#|write_off_date=2026-03-01|amount=5.00"
    "|reason=ZQXREASON# born 7/1#/1913",
    "appeal": "patient_control_number=ZQXPCNp#|appeal_date=2026-03-0#|appeal_level=1|amount=10.00"
    "|decision_code=LOST|decision_date=2026-04-01|note=ZQXNOTE",
    "patient_payment": "patient_control_number=ZQXPCNp#|payment_date=2026-03-0#|amount=1.00"
    "|paid_by=ZQXLAST#",
}
EXTRACT = (
    "Acct=ZQXPCNx#|Pt Name=ZQXLAST#, ZQXFIRST#|DOB=07/1#/1913|SSN=91371300#|Member=ZQXMEM#"
    "|Sent=01/1#/2026|DOS=01/0#/2026|Charge=$100.00|CPT=99213|Dx=E11.9|Payer=Acme Health"
    "|NPI=1234567893|Note=ZQXNOTE#"
)
MAP = """
[[file]]
name = "claims"
pattern = "extract*"
grain = "line"
[file.columns]
claim.patient_control_number = "Acct"
claim.claim_type = { constant = "professional" }
claim.submission_date = "Sent"
claim.service_from_date = "DOS"
claim.billed_amount = "Charge"
claim.billing_npi = "NPI"
payer.payer_name = "Payer"
patient.member_id = "Member"
patient.last_name = "Pt Name"
patient.birth_date = "DOB"
claim_line.procedure_code = "CPT"
claim_line.billed_amount = "Charge"
claim_diagnosis.diagnosis_code = "Dx"
"""
FEEDS = {
    "patients.csv": "Id=ZQXMEM#|BIRTHDATE=1913-07-1#|DEATHDATE=|SSN=913-71-300#|FIRST=ZQXFIRST#"
    "|LAST=ZQXLAST#|GENDER=F|ZIP=91371|ADDRESS=# ZQXSTREET",
    "claims.csv": "Id=ZQXCLM#|PATIENTID=ZQXMEM#|PRIMARYPATIENTINSURANCEID=pay1|DIAGNOSIS1=44054006"
    "|SERVICEDATE=2025-01-02T00:00:00Z|HEALTHCARECLAIMTYPEID1=1",
    "claims_transactions.csv": "ID=t#|CLAIMID=ZQXCLM#|CHARGEID=1|TYPE=CHARGE|AMOUNT=100.00|METHOD="
    "|FROMDATE=2025-01-02T00:00:00Z|PAYMENTS=|NOTES=ZQXNOTE#",
    "payer_transitions.csv": "PATIENT=ZQXMEM#|MEMBERID=ZQXCARD#|START_YEAR=2025-01-01T00:00:00Z"
    "|END_YEAR=2025-12-31T00:00:00Z|PAYER=pay1|OWNER_NAME=ZQXLAST#",
    "medical_claim.csv": "claim_id=ZQXTUV#|claim_line_number=1|claim_type=professional"
    "|person_id=ZQXMEM#|member_id=ZQXCARD#|payer=Some Plan|claim_start_date=2025-01-03"
    "|claim_end_date=2025-01-03|hcpcs_code=99213|paid_amount=60.00|diagnosis_code_1=E119",
    "eligibility.csv": "person_id=ZQXMEM#|member_id=ZQXCARD#|gender=female|birth_date=1913-07-1#"
    "|enrollment_start_date=2025-01-01|enrollment_end_date=2025-12-31|payer=Some Plan"
    "|payer_type=medicare|first_name=ZQXFIRST#|last_name=ZQXLAST#|zip_code=91371",
    "carrier.csv": "DML_IND=INSERT|BENE_ID=ZQXMEM#|CLM_ID=ZQXRIF#|FINAL_ACTION=F"
    "|NCH_CLM_TYPE_CD=71|CLM_FROM_DT=30-May-2025|CLM_THRU_DT=30-May-2025|CLM_PMT_AMT=80.00"
    "|PRNCPAL_DGNS_CD=I10|LINE_NUM=1|HCPCS_CD=99213|LINE_NCH_PMT_AMT=80.00",
    "beneficiary.csv": "DML_IND=INSERT|BENE_ID=ZQXMEM#|BENE_BIRTH_DT=1#-Jul-1913"
    "|BENE_SEX_IDENT_CD=2|MBI_NUM=ZQXMBI#|RFRNC_YR=2025|BENE_SRNM_NAME=ZQXLAST#",
    "DE1_0_2008_Beneficiary_Summary_File.csv": "DESYNPUF_ID=ZQXMEM#|BENE_BIRTH_DT=1913071#"
    "|BENE_DEATH_DT=|BENE_SEX_IDENT_CD=1|BENE_HI_CVRAGE_TOT_MONS=12|BENE_SMI_CVRAGE_TOT_MONS=12",
}  # fmt: skip
_PIPED = ("carrier.csv", "beneficiary.csv")


def _cclf() -> dict[str, bytes]:
    """Part A claims and members: marks in the places of the layout that name people."""
    from analytics.ingest.feeds.cclf_layout import LAYOUTS

    lengths = {"1": 437, "8": 549}
    said = {
        "1": {"CUR_CLM_UNIQ_ID": "{n}", "BENE_MBI_ID": "ZQXMBI{n}", "CLM_TYPE_CD": "60",
              "CLM_FROM_DT": "2025-01-03", "CLM_THRU_DT": "2025-01-07", "CLM_ADJSMT_TYPE_CD": "0",
              "PRNCPL_DGNS_CD": "I5033", "CLM_EFCTV_DT": "2025-02-01",
              "CLM_IDR_LD_DT": "2025-02-03", "DGNS_PRCDR_ICD_IND": "0", "CLM_PMT_AMT": "1000.00"},
        "8": {"BENE_MBI_ID": "ZQXMBI{n}", "BENE_DOB": "1913-07-1{n}", "BENE_SEX_CD": "1",
              "BENE_1ST_NAME": "ZQXFIRST{n}", "BENE_LAST_NAME": "ZQXLAST{n}"},
    }  # fmt: skip
    files: dict[str, bytes] = {}
    for number, fields in said.items():
        lines = ""
        for n in range(1, 4):
            line = [" "] * lengths[number]
            for name, text in fields.items():
                if name in LAYOUTS[number]:
                    start, end = LAYOUTS[number][name]
                    line[start - 1 : end] = text.format(n=n).ljust(end - start + 1)
            lines += "".join(line) + "\n"
        files[f"P.A0001.ACO.ZC{number}Y25.D250101.T1.txt"] = lines.encode()
    return files


def _fhir() -> bytes:
    def concept(system: str, code: str) -> dict[str, object]:
        return {"coding": [{"system": system, "code": code}]}

    lines: list[str] = []
    for n in range(1, 4):
        person = {
            "resourceType": "Patient", "id": f"ZQXP{n}", "birthDate": f"1913-07-1{n}",
            "name": [{"family": f"ZQXLAST{n}", "given": [f"ZQXFIRST{n}"]}], "gender": "female",
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-mbi", "value": f"ZQXMBI{n}"}],
            "address": [{"line": [f"{n} ZQXSTREET"], "postalCode": "91371"}],
        }  # fmt: skip
        claim = {
            "resourceType": "ExplanationOfBenefit", "id": f"ZQXEOB{n}", "status": "active",
            "use": "claim", "patient": {"reference": f"Patient/ZQXP{n}", "display": "ZQXLAST"},
            "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
            "billablePeriod": {"start": "2025-05-30", "end": "2025-05-30"},
            "item": [{"sequence": 1, "servicedPeriod": {"start": "2025-05-30"},
                      "note": "ZQXNOTE"}], "payment": {"amount": {"value": 80.1}},
        }  # fmt: skip
        lines += [json.dumps(person), json.dumps(claim)]
    return "\n".join(lines).encode()


CONTRACT = """
name = "A contract"
payer_name = "Acme"
sharing_rate = 0.5
[year.2026]
benchmark_amount = 5
"""


def files(batch: int = 1) -> dict[str, bytes]:
    """The files by name: X12, side tables, extracts, feeds, a workbook, an archive.

    Those of another batch are other payments and submissions, of the same people.
    """
    x12 = {f"{place}_837{form}.edi": _claim837(form, 21 + n)
           for n, (place, form) in enumerate(zip("abc", "pid", strict=True))}  # fmt: skip
    x12 |= {"d_835.edi": _remit()} | _replies()
    # What a duplicate is known by, and the number of each claim.
    for known, new in ((b"*B1*", b"*B%d*"), (b"CHECK1", b"CHECK%d"), (b"ZQXPCN", b"ZQXPCN%d")):
        x12 = {name: text.replace(known, new % batch) for name, text in x12.items()}
    made = dict(x12)
    made |= {f"{name}.csv": _csv(_each(text)) for name, text in SIDE.items()}
    made["feed/patients.ndjson"] = _fhir()
    for name, text in FEEDS.items():
        made[f"feed/{name}"] = _csv(_each(text), "|" if name in _PIPED else ",")
    made |= {f"feed/{name}": text for name, text in _cclf().items()}
    made["extract.csv"] = _csv(_each(EXTRACT.replace("PCNx", f"PCNx{batch}")))
    made["extract.tsv"] = _csv(_each(EXTRACT.replace("PCNx", f"PCNt{batch}")), "\t")
    made["contract.toml"] = CONTRACT.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.edi", made["a_837p.edi"])
        archive.writestr("eligibility.csv", made["eligibility.csv"])
    return made | {"packed.zip": out.getvalue(), "extract.xlsx": workbook()}


def workbook() -> bytes:
    """The extract as a sheet."""
    import xlsxwriter

    out, rows = io.BytesIO(), _each(EXTRACT)
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Claims")
        for place, name in enumerate(rows[0]):
            sheet.write_string(0, place, name)
            for row, one in enumerate(rows, 1):
                sheet.write_string(row, place, one[name])
    return out.getvalue()
