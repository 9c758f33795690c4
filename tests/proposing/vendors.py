"""Headers in the style of billing systems, written by us: the column, what is in it, what it is.

A line is `name | cells | target`; no target: nothing of ours.  Rows are invented.
"""

import csv
import datetime as dt
import io
from random import Random

from analytics.sample.people import npi

VENDORS = {
    "epic_transactions": """
        CLAIM_INVOICE_NUM   | control | claim.patient_control_number
        TX_ID               | lineid  | claim_line.line_control_number
        SERVICE_DATE        | date    | claim_line.service_from_date
        FIRST_CLAIM_DATE    | date2   | claim.submission_date
        BILLING_PROV_NPI    | bnpi     | claim.billing_npi
        SERV_PROVIDER_NPI   | npi     | claim_line.rendering_npi
        PAYOR_NAME          | payer   | payer.payer_name
        SUBSCR_NUM          | member  | patient.member_id
        PAT_LAST_NAME       | name    | patient.last_name
        PAT_FIRST_NAME      | name    | patient.first_name
        BIRTH_DATE          | birth   | patient.birth_date
        SEX                 | sexword | patient.sex_code
        PRIMARY_DX_CODE     | icd     | claim_diagnosis.diagnosis_code
        CPT_CODE            | cpt     | claim_line.procedure_code
        MODIFIER_ONE        | mod     | claim_line.modifiers
        MODIFIER_TWO        | empty   | claim_line.modifiers
        PROCEDURE_QUANTITY  | units   | claim_line.units
        CHARGE_AMOUNT       | money   | claim_line.billed_amount
        POS_CODE            | pos     | claim_line.place_of_service_code
        OUTSTANDING_AMT     | money   |
        PROC_NAME           | text    |
        FIN_CLASS           | text    |
    """,
    "epic_accounts": """
        HSP_ACCOUNT_ID      | claim   | claim.patient_control_number
        PAT_MRN_ID          | claim   |
        BILL_TYPE           | tob     | claim.bill_type_code
        CLAIM_FILED_DATE    | date2   | claim.submission_date
        ADM_DATE_TIME       | stamp   | claim.admission_date
        DISCH_DATE_TIME     | stamp   |
        PRIMARY_PAYOR_NAME  | payer   | payer.payer_name
        SUBSCRIBER_ID       | member  | patient.member_id
        FINAL_DRG           | drg     | claim.drg_code
        TOT_CHGS            | money   | claim.billed_amount
        PATIENT_STATUS      | two     | claim.discharge_status_code
        BILLING_NPI         | npi     | claim.billing_npi
        PRINCIPAL_DX        | icd     | claim_diagnosis.diagnosis_code
        STMT_FROM_DATE      | date    | claim.service_from_date
        STMT_TO_DATE        | date    | claim.service_to_date
        TOT_ACCT_BAL        | money   |
    """,
    "cerner_claims": """
        Claim Number         | claim  | claim.patient_control_number
        Encounter FIN        | claim  |
        Claim Type           | type   | claim.claim_type
        Health Plan          | payer  | payer.payer_name
        Bill Submitted Date  | date2  | claim.submission_date
        Admit Date           | date   | claim.admission_date
        From Date of Service | date   | claim.service_from_date
        To Date of Service   | date   | claim.service_to_date
        Total Claim Charges  | money  | claim.billed_amount
        Type Of Bill         | tob    | claim.bill_type_code
        Principal Diagnosis  | icd    | claim_diagnosis.diagnosis_code
        Secondary Diagnosis 1 | icd   | claim_diagnosis.diagnosis_code
        Secondary Diagnosis 2 | icd   | claim_diagnosis.diagnosis_code
        MS-DRG               | drg    | claim.drg_code
        Billing Provider NPI | npi    | claim.billing_npi
        Person Name          | name   |
        Financial Class      | text   |
    """,
    "athena_charges": """
        claimid                       | control | claim.patient_control_number
        chargeid                      | lineid  | claim_line.line_control_number
        patientid                     | claim   |
        fromdate                      | date    | claim_line.service_from_date
        todate                        | date    | claim_line.service_to_date
        procedurecode                 | cpt     | claim_line.procedure_code
        modifiers                     | mod     | claim_line.modifiers
        numunits                      | units   | claim_line.units
        chargeamount                  | money   | claim_line.billed_amount
        placeofservicecode            | pos     | claim_line.place_of_service_code
        primary insurance package name | payer  | payer.payer_name
        primary policy idnumber       | member  | patient.member_id
        rndrng prvdr npi              | npi     | claim_line.rendering_npi
        icd10claimdiagcode01          | icd     | claim_diagnosis.diagnosis_code
        icd10claimdiagcode02          | icd     | claim_diagnosis.diagnosis_code
        firstbilldate                 | date2   | claim.submission_date
        patient dob                   | birth   | patient.birth_date
    """,
    "ecw_claims": """
        Claim No                        | control | claim.patient_control_number
        Claim Date                      | date2   | claim.submission_date
        Patient Acct No                 | claim   |
        Patient Last Name               | name    | patient.last_name
        Patient First Name              | name    | patient.first_name
        Patient DOB                     | birth   | patient.birth_date
        Patient Gender                  | sexword | patient.sex_code
        Service Date                    | date    | claim_line.service_from_date
        Primary Insurance Name          | payer   | payer.payer_name
        Primary Insurance Subscriber No | member  | patient.member_id
        Rendering Provider NPI          | npi     | claim_line.rendering_npi
        Facility POS                    | pos     | claim_line.place_of_service_code
        CPT Code                        | cpt     | claim_line.procedure_code
        Modifier 1                      | mod     | claim_line.modifiers
        Modifier 2                      | empty   | claim_line.modifiers
        ICD Code 1                      | icd     | claim_diagnosis.diagnosis_code
        ICD Code 2                      | icd     | claim_diagnosis.diagnosis_code
        ICD Code 3                      | empty   | claim_diagnosis.diagnosis_code
        Units                           | units   | claim_line.units
        Billed Charge                   | money   | claim_line.billed_amount
        Claim Balance                   | money   |
    """,
    "waystar_remits": """
        Payer Name                  | payer   | payer.payer_name
        Check Number                | check   | remit.trace_number
        Check Date                  | date2   | remit.payment_date
        Check Amount                | ckmoney   | remit.payment_amount
        Patient Control Number      | control | remit_claim.patient_control_number
        Payer Claim Control Number  | icn     | remit_claim.payer_claim_number
        Claim Status Code           | status  | remit_claim.status_code
        Claim Charge Amount         | cmoney   | remit_claim.charge_amount
        Claim Payment Amount        | cmoney   | remit_claim.paid_amount
        Service Date                | date    | remit_line.service_from_date
        Procedure Code              | cpt     | remit_line.procedure_code
        Modifier 1                  | mod     | remit_line.modifiers
        Modifier 2                  | empty   | remit_line.modifiers
        Line Charge Amount          | money   | remit_line.charge_amount
        Line Payment Amount         | money   | remit_line.paid_amount
        Allowed Amount              | money   | remit_line.allowed_amount
        CAS Group 1                 | group   | adjustment.group_code
        CAS Reason 1                | carc    | adjustment.carc_code
        CAS Amount 1                | money   | adjustment.amount
        CAS Group 2                 | group   | adjustment.group_code
        CAS Reason 2                | carc    | adjustment.carc_code
        CAS Amount 2                | money   | adjustment.amount
        Remark Code 1               | rarc    | remark.rarc_code
        Remark Code 2               | rarc    | remark.rarc_code
        Rendering NPI               | npi     | remit_line.rendering_npi
    """,
    "availity_remits": """
        Payer                  | payer  | payer.payer_name
        Check/EFT Number       | check  | remit.trace_number
        Check/EFT Date         | date2  | remit.payment_date
        Patient Name           | name   |
        Member ID              | member | patient.member_id
        Claim Number           | icn    | remit_claim.payer_claim_number
        Patient Account Number | claim  | remit_claim.patient_control_number
        Service Start Date     | date   | remit_claim.service_from_date
        Service End Date       | date   | remit_claim.service_to_date
        Billed Amount          | money  | remit_claim.charge_amount
        Paid Amount            | money  | remit_claim.paid_amount
        Patient Responsibility | money  | remit_claim.patient_responsibility_amount
        Claim Status           | statusword | remit_claim.status_code
        Payee NPI              | npi    | remit.payee_npi
    """,
    "denial_worklist": """
        Account #                 | control | remit_claim.patient_control_number
        Payer                     | payer   | payer.payer_name
        Denial Date               | date2   | remit.payment_date
        Denial Code               | cagc    | adjustment.group_and_carc_code
        Remark Code               | rarc    | remark.rarc_code
        Denied Amt                | money   | adjustment.amount
        CPT                       | cpt     | remit_line.procedure_code
        DOS                       | date    | remit_line.service_from_date
        Billed Amt                | money   | remit_line.charge_amount
        Denial Category           | text    |
        Denial Reason Description | text    |
        Assigned To               | name    |
        Status                    | text    |
        Appeal Deadline           | date2   |
    """,
    "remit_835_fields": """
        CLP01_PatientControlNumber      | control | remit_claim.patient_control_number
        CLP02_ClaimStatusCode           | status  | remit_claim.status_code
        CLP03_TotalClaimChargeAmount    | cmoney   | remit_claim.charge_amount
        CLP04_ClaimPaymentAmount        | cmoney   | remit_claim.paid_amount
        CLP05_PatientResponsibilityAmount | cmoney | remit_claim.patient_responsibility_amount
        CLP07_PayerClaimControlNumber   | icn     | remit_claim.payer_claim_number
        SVC01_ProcedureCode             | cpt     | remit_line.procedure_code
        SVC02_LineItemChargeAmount      | money   | remit_line.charge_amount
        SVC03_LineItemPaymentAmount     | money   | remit_line.paid_amount
        DTM472_ServiceDate              | iso     | remit_line.service_from_date
        CAS01_GroupCode                 | group   | adjustment.group_code
        CAS02_ReasonCode                | carc    | adjustment.carc_code
        CAS03_AdjustmentAmount          | money   | adjustment.amount
        TRN02_CheckNumber               | check   | remit.trace_number
        BPR16_PaymentDate               | iso     | remit.payment_date
        PayerName                       | payer   | payer.payer_name
    """,
    "nextgen_charges": """
        Enc Nbr        | control | claim.patient_control_number
        Svc Date       | date    | claim_line.service_from_date
        Bill Date      | date2   | claim.submission_date
        Payer          | payer   | payer.payer_name
        Policy Nbr     | member  | patient.member_id
        Rend Prov NPI  | npi     | claim_line.rendering_npi
        Bill Prov NPI  | bnpi     | claim.billing_npi
        CPT4           | cpt     | claim_line.procedure_code
        Mod1           | mod     | claim_line.modifiers
        Mod2           | empty   | claim_line.modifiers
        Diag 1         | icd     | claim_diagnosis.diagnosis_code
        Diag 2         | icd     | claim_diagnosis.diagnosis_code
        Qty            | units   | claim_line.units
        Chg Amt        | money   | claim_line.billed_amount
        Pay Dt         | date2   | remit.payment_date
        Pay Amt        | money   | remit_line.paid_amount
        Adj1 Cd        | cagc    | adjustment.group_and_carc_code
        Adj1 Amt       | money   | adjustment.amount
        Adj2 Cd        | cagc    | adjustment.group_and_carc_code
        Adj2 Amt       | money   | adjustment.amount
        User           | name    |
    """,
    "kareo_charges": """
        Claim ID                | control | claim.patient_control_number
        Patient ID              | claim   |
        Patient Full Name       | name    |
        Procedure Code          | cpt     | claim_line.procedure_code
        Procedure Modifier 1    | mod     | claim_line.modifiers
        Procedure Modifier 2    | empty   | claim_line.modifiers
        Encounter Diagnosis ID 1 | icd    | claim_diagnosis.diagnosis_code
        Encounter Diagnosis ID 2 | icd    | claim_diagnosis.diagnosis_code
        Service Start Date      | date    | claim_line.service_from_date
        Service End Date        | date    | claim_line.service_to_date
        Place of Service        | pos     | claim_line.place_of_service_code
        Units                   | units   | claim_line.units
        Total Charges           | money   | claim_line.billed_amount
        First Billed Date       | date2   | claim.submission_date
        Primary Insurance Company Name | payer | payer.payer_name
        Primary Insurance Policy Number | member | patient.member_id
        Rendering Provider NPI  | npi     | claim_line.rendering_npi
        Practice Name           | name    | billing_provider.provider_name
        Claim Status            | text    |
    """,
    "meditech_accounts": """
        ACCT NUM     | claim  | claim.patient_control_number
        PT NAME      | name   |
        ADM DT       | date   | claim.admission_date
        DSCH DT      | date   |
        SVC FROM DT  | date   | claim.service_from_date
        SVC THRU DT  | date   | claim.service_to_date
        INS 1        | payer  | payer.payer_name
        INS 2        | payer  |
        INS1 POLICY  | member | patient.member_id
        FIN CLASS    | text   |
        TOT CHG      | money  | claim.billed_amount
        BILL DT      | date2  | claim.submission_date
        TOB          | tob    | claim.bill_type_code
        DRG          | drg    | claim.drg_code
        PRIN DX      | icd    | claim_diagnosis.diagnosis_code
        BILL NPI     | npi    | claim.billing_npi
    """,
    "mainframe_lines": """
        PATCTLNO   | control | claim.patient_control_number
        LNNO       | lineno  | claim_line.line_no
        CLMTYP     | type    | claim.claim_type
        SVCFRDT    | compact | claim_line.service_from_date
        SVCTODT    | compact | claim_line.service_to_date
        BILLDT     | compact | claim.submission_date
        BILLPRVNPI | bnpi     | claim.billing_npi
        RENDPRVNPI | npi     | claim_line.rendering_npi
        PYRNM      | payer   | payer.payer_name
        MBRID      | member  | patient.member_id
        PRINDX     | icd     | claim_diagnosis.diagnosis_code
        PROCCD     | cpt     | claim_line.procedure_code
        MOD1       | mod     | claim_line.modifiers
        MOD2       | empty   | claim_line.modifiers
        UNITS      | units   | claim_line.units
        CHGAMT     | money   | claim_line.billed_amount
        PDAMT      | money   | remit_line.paid_amount
        PDDT       | compact | remit.payment_date
        ALWDAMT    | money   | remit_line.allowed_amount
        CASGRP1    | group   | adjustment.group_code
        CASRSN1    | carc    | adjustment.carc_code
        CASAMT1    | money   | adjustment.amount
    """,
    "clearinghouse_answers": """
        Claim ID          | claim  | acknowledgement.patient_control_number
        Payer             | payer  |
        Acknowledged Date | date2  | acknowledgement.acknowledged_date
        Clearinghouse Status | action | acknowledgement.action
        Claim Amount      | money  | acknowledgement.charge_amount
        Message           | text   |
    """,
    "write_offs": """
        Acct No          | claim  | write_off.patient_control_number
        Write-Off Date   | date2  | write_off.write_off_date
        Write-Off Amount | money  | write_off.amount
        Write-Off Reason | text   | write_off.reason
        Posted By        | name   |
    """,
    "members": """
        Member ID      | member  | patient.member_id
        Last Name      | name    | patient.last_name
        First Name     | name    | patient.first_name
        DOB            | birth   | patient.birth_date
        Gender         | sexword | patient.sex_code
        Zip            | zip     | patient.postal_code
        Plan Name      | payer   | eligibility.payer_name
        LOB            | text    | eligibility.line_of_business
        Effective Date | date    | eligibility.start_date
        Term Date      | date2   | eligibility.end_date
        PCP Name       | name    |
    """,
    "appeals": """
        Claim #         | claim  | appeal.patient_control_number
        Appeal Date     | date2  | appeal.appeal_date
        Appeal Level    | lineno | appeal.appeal_level
        Amount Appealed | money  | appeal.amount
        Outcome         | decision   | appeal.decision_code
        Outcome Date    | date2  | appeal.decision_date
        Owner           | name   |
    """,
}  # fmt: skip
# Written when the lists of words were done and not looked at while they were made.
HELD_OUT = {
    "centricity_charges": """
        Ticket Number        | control | claim.patient_control_number
        Date of Service      | date    | claim_line.service_from_date
        Batch Date           | date2   |
        Claim Filed Date     | date2   | claim.submission_date
        Doctor NPI           | npi     | claim_line.rendering_npi
        Company NPI          | bnpi     | claim.billing_npi
        Insurance Carrier    | payer   | payer.payer_name
        Insured ID           | member  | patient.member_id
        Patient Last         | name    | patient.last_name
        Patient First        | name    | patient.first_name
        Patient Birthdate    | birth   | patient.birth_date
        Procedure            | cpt     | claim_line.procedure_code
        Mod 1                | mod     | claim_line.modifiers
        Mod 2                | empty   | claim_line.modifiers
        Diag 1               | icd     | claim_diagnosis.diagnosis_code
        Diag 2               | icd     | claim_diagnosis.diagnosis_code
        Place of Service     | pos     | claim_line.place_of_service_code
        Units                | units   | claim_line.units
        Fee                  | money   | claim_line.billed_amount
        Ins Allowed          | money   |
        Ins Balance          | money   |
        Pat Balance          | money   |
    """,
    "ub_boxes": """
        FL3a Pat Control No   | control | claim.patient_control_number
        FL4 TOB               | tob     | claim.bill_type_code
        FL6 From              | date    | claim.service_from_date
        FL6 Through           | date    | claim.service_to_date
        FL12 Admission Date   | date2    | claim.admission_date
        FL17 Status           | two     | claim.discharge_status_code
        FL42 Rev Cd           | rev     | claim_line.revenue_code
        FL44 HCPCS            | cpt     | claim_line.procedure_code
        FL46 Serv Units       | units   | claim_line.units
        FL47 Total Charges    | money   | claim_line.billed_amount
        FL50 Payer Name       | payer   | payer.payer_name
        FL56 NPI              | bnpi     | claim.billing_npi
        FL60 Insured ID       | member  | patient.member_id
        FL67 Principal DX     | icd     | claim_diagnosis.diagnosis_code
        Bill Drop Date        | date2   | claim.submission_date
    """,
    "quadax_remits": """
        PAYER               | payer   | payer.payer_name
        PAYMENT NUM         | check   | remit.trace_number
        PAYMENT DATE        | date2   | remit.payment_date
        ACCOUNT             | control | remit_claim.patient_control_number
        ICN                 | icn     | remit_claim.payer_claim_number
        PATIENT             | name    |
        HCPCS               | cpt     | remit_line.procedure_code
        MODS                | mod     | remit_line.modifiers
        SERV DATE           | date    | remit_line.service_from_date
        SUBMITTED           | money   | remit_line.charge_amount
        ALLOWED             | money   | remit_line.allowed_amount
        DEDUCT              | money   |
        COINS               | money   |
        PROV PD             | money   | remit_line.paid_amount
        GRP-RC-AMT          | text    |
        GROUP               | group   | adjustment.group_code
        REASON              | carc    | adjustment.carc_code
        ADJ AMT             | money   | adjustment.amount
        REMARKS             | rarc    | remark.rarc_code
    """,
    "experian_denials": """
        Patient Acct        | control | remit_claim.patient_control_number
        Payor               | payer   | payer.payer_name
        Remit Date          | date2   | remit.payment_date
        CARC                | carc    | adjustment.carc_code
        Group Code          | group   | adjustment.group_code
        RARC 1              | rarc    | remark.rarc_code
        RARC 2              | rarc    | remark.rarc_code
        Denied Charges      | money   | adjustment.amount
        HCPCS/CPT           | cpt     | remit_line.procedure_code
        Service Dt          | date    | remit_line.service_from_date
        Line Charges        | money   | remit_line.charge_amount
        Work Queue          | text    |
        Days Since Denial   | units   |
        Root Cause          | text    |
    """,
    "advanced_ledger": """
        ChargeDetailID       | lineid  | claim_line.line_control_number
        VisitNumber          | control | claim.patient_control_number
        DateOfService        | date    | claim_line.service_from_date
        DateBilled           | date2   | claim.submission_date
        CarrierName          | payer   | payer.payer_name
        CarrierCode          | two     | payer.payer_code
        SubscriberIDNumber   | member  | patient.member_id
        PatientLastName      | name    | patient.last_name
        PatientFirstName     | name    | patient.first_name
        PatientBirthDate     | birth   | patient.birth_date
        ProcedureCode        | cpt     | claim_line.procedure_code
        ProcedureDescription | text    |
        ModifierCode1        | mod     | claim_line.modifiers
        ModifierCode2        | empty   | claim_line.modifiers
        DiagnosisCode1       | icd     | claim_diagnosis.diagnosis_code
        DiagnosisCode2       | icd     | claim_diagnosis.diagnosis_code
        POS                  | pos     | claim_line.place_of_service_code
        Units                | units   | claim_line.units
        ChargeFee            | money   | claim_line.billed_amount
        RenderingNPI         | npi     | claim_line.rendering_npi
        GroupNPI             | bnpi    | claim.billing_npi
        WriteOffTotal        | money   |
    """,
    "payer_recon": """
        Payer Claim Control Nbr | icn     | remit_claim.payer_claim_number
        Provider Patient Acct   | control | remit_claim.patient_control_number
        Check/EFT Trace         | check   | remit.trace_number
        Paid Date               | date2   | remit.payment_date
        Plan                    | payer   | payer.payer_name
        Line Nbr                | lineno  | remit_line.line_no
        Begin DOS               | date    | remit_line.service_from_date
        End DOS                 | date    | remit_line.service_to_date
        Proc                    | cpt     | remit_line.procedure_code
        Mod                     | mod     | remit_line.modifiers
        Billed                  | money   | remit_line.charge_amount
        Allowed                 | money   | remit_line.allowed_amount
        Copay                   | money   |
        Coinsurance             | money   |
        Deductible              | money   |
        Plan Paid               | money   | remit_line.paid_amount
        Grp Cd 1                | group   | adjustment.group_code
        Rsn Cd 1                | carc    | adjustment.carc_code
        Adj Amt 1               | money   | adjustment.amount
        Grp Cd 2                | group   | adjustment.group_code
        Rsn Cd 2                | carc    | adjustment.carc_code
        Adj Amt 2               | money   | adjustment.amount
        Remark 1                | rarc    | remark.rarc_code
    """,
    "hospital_denials": """
        HAR                 | control | remit_claim.patient_control_number
        Financial Class     | text    |
        Payor Name          | payer   | payer.payer_name
        First Denial Date   | date2   | remit.payment_date
        ANSI Code           | cagc    | adjustment.group_and_carc_code
        Denial Remark Cd    | rarc    | remark.rarc_code
        Denied Charge Amt   | money   | adjustment.amount
        Svc Date            | date    | remit_line.service_from_date
        HCPCS Cd            | cpt     | remit_line.procedure_code
        Rev Cd              | rev     | remit_line.revenue_code
        Invoice ICN         | icn     | remit_claim.payer_claim_number
        Denial Status       | text    |
        Owning Team         | name    |
    """,
    "modmed_claims": """
        Bill ID              | claim  | claim.patient_control_number
        Bill Type            | text   |
        Visit Date           | date   | claim.service_from_date
        Submitted On         | date2  | claim.submission_date
        Rendering Prov. NPI# | npi    | claim.rendering_npi
        Billing Entity NPI   | npi    | claim.billing_npi
        Primary Payer        | payer  | payer.payer_name
        Subscriber Member #  | member | patient.member_id
        Pt. DOB              | birth  | patient.birth_date
        ICD-10 #1            | icd    | claim_diagnosis.diagnosis_code
        ICD-10 #2            | icd    | claim_diagnosis.diagnosis_code
        Total Chgs           | money  | claim.billed_amount
        Ins. Payments        | money  | remit_claim.paid_amount
        Last Ins. Payment Date | date2 | remit.payment_date
        Pt. Payments         | money  |
        Adjustments          | money  |
        Current Balance      | money  |
    """,
}  # fmt: skip
ROWS = 60


def specified(name):
    """(name, cells, target) of each column; target is empty for nothing of ours."""
    lines = [line.split("|") for line in (VENDORS | HELD_OUT)[name].strip().splitlines()]
    return [tuple(cell.strip() for cell in line) for line in lines]


def expected(name):
    """(source column, target) pairs."""
    return {(column, target) for column, _, target in specified(name) if target}


def text(name, rows=ROWS):
    """The file as CSV, by dice of its own."""
    columns = specified(name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column for column, _, _ in columns])
    rng = Random(name)  # noqa: S311
    has_lines = any(kind == "control" for _, kind, _ in columns)
    number = line = 0
    for row in range(rows):
        line = line + 1 if has_lines and line and rng.random() < 0.5 else 1
        number += line == 1
        writer.writerow([_cell(kind, rng, number, line, row) for _, kind, _ in columns])
    return out.getvalue()


_NAMES = ("Velvetoad", "Umberstitch", "Mosswhistle", "Tinkerbolt", "Rowankin")


def _cell(kind, rng, number, line, row):
    day = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(250))
    of_claim = Random(number)  # noqa: S311
    late = dt.date(2026, 2, 1) + dt.timedelta(days=of_claim.randrange(250))
    money, sum_ = rng.randrange(1000, 90000), of_claim.randrange(1000, 90000)
    cells = {
        "control": lambda: f"RC{number:06d}",
        "claim": lambda: f"{40000 + row * 7}",
        "lineid": lambda: f"{9000000 + row}",
        "lineno": lambda: str(line),
        "date": lambda: f"{day.month}/{day.day}/{day.year}",
        "date2": lambda: f"{late.month}/{late.day}/{late.year}",
        "iso": late.isoformat,
        "compact": lambda: f"{late:%Y%m%d}",
        "stamp": lambda: f"{day.isoformat()} 09:30:00",
        "birth": lambda: f"{late.month}/{late.day}/{1930 + of_claim.randrange(80)}",
        "npi": lambda: npi(rng.randrange(1, 40)),
        "bnpi": lambda: npi(number % 40),
        "payer": lambda: of_claim.choice(("Heronbank Health", "MEDICARE PART B", "Larkspur")),
        "member": lambda: f"SMP{of_claim.randrange(10**7):07d}Q",
        "name": lambda: of_claim.choice(_NAMES),
        "sexword": lambda: of_claim.choice(("Male", "Female")),
        "icd": lambda: of_claim.choice(("N39.0", "E11.65", "I10", "Z00.00", "M17.11")),
        "cpt": lambda: rng.choice(("99213", "85025", "G0439", "J3301", "73562")),
        "mod": lambda: rng.choice(("25", "RT", "", "")),
        "empty": lambda: "",
        "units": lambda: str(rng.randrange(1, 4)),
        "money": lambda: f"{money // 100}.{money % 100:02d}",
        "cmoney": lambda: f"{sum_ // 100}.{sum_ % 100:02d}",
        "ckmoney": lambda: f"{1000 + number // 9}.00",
        "decision": lambda: rng.choice(("WON", "LOST")),
        "pos": lambda: rng.choice(("11", "22", "10")),
        "type": lambda: of_claim.choice(("P", "I")),
        "tob": lambda: of_claim.choice(("111", "131", "0137")),
        "rev": lambda: rng.choice(("0250", "0360", "120")),
        "drg": lambda: of_claim.choice(("291", "470", "065")),
        "two": lambda: rng.choice(("01", "03", "06")),
        "check": lambda: f"EFT{number // 9:06d}",
        "icn": lambda: f"{2026000000000 + number}",
        "status": lambda: of_claim.choice(("1", "4", "22")),
        "statusword": lambda: of_claim.choice(("Paid", "Denied")),
        "group": lambda: rng.choice(("CO", "PR", "OA")),
        "carc": lambda: rng.choice(("45", "16", "97", "253", "B7")),
        "cagc": lambda: rng.choice(("CO-45", "CO-16", "PR-3", "OA-23")),
        "rarc": lambda: rng.choice(("N519", "MA130", "M15", "")),
        "text": lambda: rng.choice(("Sent back", "Waiting", "No authorization on file")),
        "action": lambda: rng.choice(("Accepted", "Rejected")),
        "zip": lambda: f"{90001 + rng.randrange(90)}",
    }
    return cells[kind]()
