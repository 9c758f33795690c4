"""Drawn files with something of everything, and what a reading says in a comparable form."""

from collections.abc import Iterable
from io import BytesIO

import polars as pl
from wire import PAYMENT, PROVIDER, RECEIVED, SUBSCRIBER, interchange, set_

from analytics.ingest.extract import RECORDS_PER_FILE, Extract
from analytics.ingest.x12.read import Reader

REMITS = """
LX*1
CLP*R1*1*300*180*20*12*ICN1*11*1*470
CAS*OA*23*10**94*-10*1
NM1*QC*1*DOE*JANE
NM1*IL*1*DOE*JOHN****MI*m100
NM1*82*1*WHO*ANN****XX*1234567893
MOA***MA01*N4
REF*F8*OLD1
DTM*232*20260101
DTM*233*20260102
DTM*050*20260110
AMT*AU*200
AMT*I*1.50
SVC*HC:99213:25:GT*200*120*0510*2**3
DTM*472*20260101
CAS*CO*45*60**253*-5
CAS*PR*1*20**2*5*1
REF*6R*L1
REF*HPI*1234567893
AMT*B6*140
LQ*HE*N130
SVC*NU:0450*100*60
DTM*150*20260101
DTM*151*20260102
CAS*CO*45*40
CLP*R2*22*-50*-50**MB*ICN2
CLP*R3*4*75.5*0**12*ICN3
CAS*CO*29*75.5
SVC*HC:1*75.5*0*****
LX*2
TS3*1234567893*11*20261231*1*100********7
TS2*50*****2
CLP*R4*1*100*20**12*ICN4*11*1**470*1.9512*.5
NM1*QC*1*ROE*RIK
NM1*74*1*ROW*RIK***C*M201
NM1*GB*1*POE*PAM****MI*M300
NM1*TT*2*NEXT PLAN*****PI*NEXT1
NM1*PR*2*FIRST PLAN*****PI*FIRST1
MIA*3*4**5.5*MA02**********6
MOA*.8*7*MA03
REF*1L*GRP1
REF*CE*GOLD
REF*CE*SILVER
REF*EA*CHART1
REF*SY*123456789
DTM*036*20261231
AMT*D8*7
AMT*I*.5
AMT*I*.25
QTY*CA*3
SVC*HC:99214*100*20***HC:99215:25
CAS*PI*96*80
REF*0K*POLICY1
REF*6R*L2
REF*6R*L3
AMT*KH*5
QTY*ZL*2
PLB*1234567893*20261231*WO:ICN9*12.5*L6*-2.5
"""
PAID = PAYMENT.replace("BPR*I*150", "BPR*I*140")
BILLED = """
CLM*C1*300***11:B:1*Y*A*Y*Y
DTP*431*D8*20260101
AMT*F5*15
REF*F8*ICN0
REF*G1*AUTH1
NTE*ADD*SOMETHING
HI*ABK:E11.9*ABF:I10
NM1*82*1*WHO*ANN****XX*1234567893
PRV*PE*PXC*207R00000X
SBR*S*01*******MB
CAS*CO*45*10
AMT*D*50
NM1*IL*1*DOE*JANE****MI*X9
NM1*PR*2*MEDICARE*****PI*MCARE
REF*F8*NOTMINE
LX*1
SV1*HC:99213:25*200*UN*1***1:2
DTP*472*D8*20260103
REF*6R*L1
SVD*MCARE*50*HC:99213**1
CAS*CO*45*150
DTP*573*D8*20260120
LX*2
SV1*HC:J1100*100*UN*2.5***2
DTP*472*RD8*20260103-20260104
LIN**N4*00011122233
CLM*C2*80***21:B:7*Y*A*Y*Y
HI*ABK:R05
LX*1
SV1*HC:99231*80*UN*1***1
DTP*472*D8*20260105
HL*3*2*23*0
PAT*19
NM1*QC*1*DOE*KID
DMG*D8*20150101*M
CLM*C3*60***11:B:1*Y*A*Y*Y
HI*ABK:J00
LX*1
SV1*HC:99212*60*UN*1***1
DTP*472*D8*20260106
HL*4*1*22*0
SBR*S*18***12****MB
NM1*IL*1*ROE*RICK****MI*M200
NM1*PR*2*MEDICARE*****PI*MCARE
CLM*C4*40***11:B:1*Y*A*Y*Y
LX*1
SV1*HC:99211*40*UN*1***1
DTP*472*D8*20260107
HL*5**20*1
NM1*85*2*OTHER CLINIC*****XX*1999999984
N4*RENO*NV*89501
HL*6*5*22*0
SBR*P*18*******CI
NM1*IL*1*POE*PAM****MI*M300
NM1*PR*2*ACME HEALTH*****PI*ACME1
CLM*C5*20***11:B:1*Y*A*Y*Y
DTP*472*D8*20260108
SV1*HC:81002*20*UN*1***1
CLM*C6*30***11:B:1*Y*A*Y*Y**AA:::NE*02********11
DTP*439*D8*20260101
DTP*431*D8*20260102
PWK*OZ*BM***AC*CTRL1
CN1*09*90.5**CODE1
AMT*F5*1
AMT*F5*2
AMT*F3*3
REF*9F*REF1
REF*D9*CLEAR1
REF*F8*ICN8
REF*F8*ICN9
K3*SOMETHING
HI*ABK:I10
HI*BG:09*BE:80:::5:2
HCP*10*80*20
NM1*DN*1*WHO*ANN****XX*1234567893
REF*G2*X1
SBR*S*01*GRP9**12****MB
CAS*PR*1*5*1
AMT*D*5
AMT*EAF*4
AMT*A8*3
AMT*AU*6
OI***Y***Y
MOA*.5*7*MA04
NM1*IL*1*ROE*RICK****MI*X9
NM1*PR*2*MEDICARE*****PI*MCARE
DTP*573*D8*20260120
REF*F8*ICN7
REF*G1*AUTH7
LX*1
SV1*HC:J1100*20*UN*1***1**Y**Y*Y***0
PWK*CT*AB
DTP*472*D8*20260108
DTP*471*D8*20260109
DTP*091*TM*0900
QTY*PT*2
MEA*TR*R1*113.4
REF*6R*L1
REF*G1*AUTH3
AMT*T*1.5
PS1*P1*30
LIN**N4*00011122233
CTP***1.25*2.5*ML
REF*XZ*RX1
NM1*DK*1*WHO*ANN****XX*1234567893
SVD*MCARE*5*HC:J1100*0636*1*2
CAS*CO*45*15
DTP*573*D8*20260120
AMT*EAF*1
LX*2
SV3*AD:D2750*10*22*10:20*R*1*****1
TOO*JP*3*M:O
TOO*JP*14
DN2*5*M
"""
STAYS = """
CLM*I1*1000***11:A:1*Y*A*Y*Y
DTP*434*RD8*20260101-20260105
DTP*435*DT*202601011200
DTP*096*TM*1415
CL1*1*7*01
HI*ABK:I21:::::::Y
HI*DR:280
HI*BBR:02703DZ:D8:20260102*BBQ:4A023N7:D8:20260103
HI*BI:70:RD8:20260101-20260105*BH:11:D8:20260101
NM1*71*1*DOC*DAN****XX*1234567893
NM1*72*1*OPE*RAT****XX*1234567893
NM1*77*2*SITE*****XX*1234567893
LX*1
SV2*0120**600*DA*4*150*12.5
LX*2
SV2*0450*HC:99284*400*UN*1
DTP*472*D8*20260101
"""
TAKEN = """
HL*4*3*PT
NM1*QC*1*DOE*JANE****MI*M100
TRN*2*C1
STC*A2:20:PR*20260111*WQ*300
REF*1K*ICN1
REF*D9*CH1
DTP*472*D8*20260103
HL*5*3*PT
NM1*QC*1*ROE*RICK****MI*M200
TRN*2*C2
STC*A7:562:85*20260111*U*80******A8:496:PR
STC*A3:21*20260111*U*80
SVC*HC:99231*80****1
STC*A7:454**U
REF*FJ*L1
TRN*2*C3
STC*A1:19*20260111*WQ*60
HL*6*2*19*0
NM1*85*2*OTHER CLINIC*****XX*1999999984
TRN*1*0
STC*A8:496:85**U*20
HL*7*1*21*1
NM1*41*2*OTHER SENDER*****46*X1
TRN*2*B2
STC*A3:24:41*20260111*U*40
"""
REPLY = """
AK1*HC*2*005010X222A1
AK2*837*0001
IK5*A
AK2*837*0002*005010X223A2
IK3*CLM*22*2300*8
CTX*CLM01:C7
IK4*5:3*1331*7*BAD
IK3*REF*57**I6
IK5*R*5
AK2*837*0003
IK5*E
AK9*P*3*3*2
"""
BHT = "BHT*0019*00*B1*20260110*1200*CH"


def remits(count: int = 2) -> list[str]:
    """An interchange of 835 sets."""
    return interchange(*(set_("835", PAID + REMITS, f"{i:04}") for i in range(count)))


def claims() -> list[str]:
    """An interchange of one 837P."""
    return interchange(set_("837P", f"{BHT}\n{PROVIDER}{SUBSCRIBER}{BILLED}"), control=2)


def stays() -> list[str]:
    """An interchange of one 837I."""
    return interchange(set_("837I", f"{BHT}\n{PROVIDER}{SUBSCRIBER}{STAYS}"), control=3)


def taken() -> list[str]:
    """An interchange of one 277CA."""
    return interchange(set_("277CA", RECEIVED + TAKEN), control=4)


def replies() -> list[str]:
    """An interchange of two 999, behind what says of another that it was rejected."""
    head, *rest = interchange(*(set_("999", REPLY, f"{i:04}") for i in range(2)), control=5)
    return [head, "TA1*000000002*260110*0930*R*006", *rest]


def everything() -> list[str]:
    """835, 271, 837P, 277CA, 999 and 837I behind one another."""
    other = interchange(set_("271", "HL*1**20*1\nTRN*2*1", guide="005010X279A1"), control=6)
    return [*remits(), *other, *claims(), *taken(), *replies(), *stays()]


def gathered(parts: Iterable[Extract], reader: Reader) -> dict[str, list[str]]:
    """All rows by table, their findings and sets, in an order that chunks do not change."""
    parts = list(parts)
    verdict = reader.verdict()
    found: dict[str, list[pl.DataFrame]] = {"transaction_set": [verdict.sets]}
    for part in parts:
        for name, frame in part.tables.items():
            found.setdefault(name, []).append(frame)
    found["rejected"] = [*(p.rejected for p in parts), verdict.rejected]
    return {name: _rows(name, pl.concat(frames, how="diagonal")) for name, frames in found.items()}


def _rows(name: str, frame: pl.DataFrame) -> list[str]:
    """The rows as text; those who are named in each chunk are taken once, as the writer does."""
    if name == "provider":
        file = (pl.col("record_no") // RECORDS_PER_FILE).alias("file")
        frame = frame.sort("record_no", maintain_order=True)
        known, rest = "^taxonomy_code$", pl.exclude("npi", "taxonomy_code")
        frame = frame.group_by(file, "npi").agg(rest.first(), pl.col(known).drop_nulls().first())
        frame = frame.drop("file")
    if name in ("patient", "payer"):
        frame = frame.unique("record_no")
    return sorted(
        repr(sorted((k, v) for k, v in row.items() if v is not None)) for row in frame.to_dicts()
    )


def reading(texts: Iterable[bytes], chunk_size: int = 8 << 20) -> dict[str, list[str]]:
    """What reading these files together, in chunks of this size, says."""
    reader = Reader(chunk_size=chunk_size)
    files = [(i, lambda text=text: BytesIO(text)) for i, text in enumerate(texts)]
    return gathered(list(reader.extracts(files)), reader)
