"""What is read of FHIR resources: the shape of STU3, of R4 (CARIN Blue Button) and of bundles.

Numbers are text, so that no amount becomes a float; other elements are passed over.
"""

import polars as pl

_TEXT = pl.String()


def _of(*names: str, **others: pl.DataType) -> pl.Struct:
    return pl.Struct({**dict.fromkeys(names, _TEXT), **others})


CODING = _of("system", "code")
CONCEPT = _of(coding=pl.List(CODING))
_CONCEPTS = pl.List(CONCEPT)
_IDENTIFIER = _of("system", "value")
_MONEY = _of("value")
_PERIOD = _of("start", "end")
_EXTENSION = _of("url", "valueDate", valueCoding=CODING, valueMoney=_MONEY, valueQuantity=_MONEY)
_EXTENSIONS = pl.List(_EXTENSION)
_REFERENCE = _of("reference", "display", identifier=_IDENTIFIER)
ADJUDICATION = _of(category=CONCEPT, amount=_MONEY)
_ITEM = _of(
    "sequence",
    "servicedDate",
    revenue=CONCEPT,
    productOrService=CONCEPT,
    service=CONCEPT,
    modifier=_CONCEPTS,
    quantity=_of("value", extension=_EXTENSIONS),
    servicedPeriod=_PERIOD,
    locationCodeableConcept=CONCEPT,
    adjudication=pl.List(ADJUDICATION),
    careTeamSequence=pl.List(_TEXT),
    careTeamLinkId=pl.List(_TEXT),
    detail=pl.List(_of(productOrService=CONCEPT)),
)
_INFORMATION = pl.List(
    _of("timingDate", category=CONCEPT, code=CONCEPT, timingPeriod=_PERIOD, valueQuantity=_MONEY)
)
_CLAIM: dict[str, pl.DataType] = {
    "use": _TEXT,
    "patient": _REFERENCE,
    "billablePeriod": _PERIOD,
    "insurer": _REFERENCE,
    "total": pl.List(ADJUDICATION),
    "totalCost": _MONEY,
    "payment": _of("date", amount=_MONEY),
    "benefitBalance": pl.List(_of(financial=pl.List(_of(type=CONCEPT, usedMoney=_MONEY)))),
    "provider": _REFERENCE,
    "organization": _REFERENCE,
    "facility": _of("reference", identifier=_IDENTIFIER, extension=_EXTENSIONS),
    "careTeam": pl.List(_of("sequence", provider=_REFERENCE, role=CONCEPT, qualification=CONCEPT)),
    "supportingInfo": _INFORMATION,
    "information": _INFORMATION,
    "diagnosis": pl.List(
        _of(
            diagnosisCodeableConcept=CONCEPT,
            type=_CONCEPTS,
            packageCode=CONCEPT,
            onAdmission=CONCEPT,
            extension=_EXTENSIONS,
        )
    ),
    "procedure": pl.List(_of("date", procedureCodeableConcept=CONCEPT)),
    "hospitalization": _PERIOD,
    "contained": pl.List(_of("id", identifier=pl.List(_IDENTIFIER))),
    "item": pl.List(_ITEM),
}
_PATIENT: dict[str, pl.DataType] = {
    "name": pl.List(_of("family", given=pl.List(_TEXT))),
    "gender": _TEXT,
    "birthDate": _TEXT,
    "deceasedDateTime": _TEXT,
    "address": pl.List(_of("state", "postalCode")),
}
_COVERAGE: dict[str, pl.DataType] = {
    "beneficiary": _REFERENCE,
    "period": _PERIOD,
    "grouping": _of("subGroup", "subPlan"),
    "class": pl.List(_of("value", type=CONCEPT)),
    "payor": pl.List(_REFERENCE),
}
RESOURCE = pl.Struct(
    {
        "resourceType": _TEXT,
        "id": _TEXT,
        "status": _TEXT,
        "identifier": pl.List(_IDENTIFIER),
        "type": CONCEPT,
        "extension": _EXTENSIONS,
        **_CLAIM,
        **_PATIENT,
        **_COVERAGE,
    }
)
BUNDLE = pl.Struct({"entry": pl.List(pl.Struct({"resource": RESOURCE}))})
