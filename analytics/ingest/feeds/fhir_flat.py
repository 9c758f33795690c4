"""Claims of FHIR (ExplanationOfBenefit) as flat rows of text: claims, lines and their codes."""

import polars as pl

from analytics.ingest.feeds import fhir_fields as fields
from analytics.ingest.feeds.fhir_amounts import amount_columns, categories, said_amounts
from analytics.ingest.feeds.fhir_code import CMS, LAST, code, code_system, exploded, extension, tail
from analytics.ingest.feeds.fhir_people import claim_kind, line_teams, nch_type, parties


def claims(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per claim."""
    named = amount_columns(said_amounts(frame), fields.CLAIM_AMOUNTS, ["record_no"])
    told = _information(frame)
    made = frame.select(
        "record_no",
        "id",
        member=pl.col("patient").struct.field("reference").str.extract(LAST),
        claim_type=claim_kind(),
        claim_type_code=nch_type(),
        payer_name=pl.when(_is_medicare())
        .then(pl.lit("Medicare"))
        .otherwise(pl.col("insurer").struct.field("display")),
        line_of_business=pl.when(_is_medicare()).then(pl.lit("medicare")),
        adjustment_code=pl.when(pl.col("status").is_in(["cancelled", "entered-in-error"]))
        .then(pl.lit("1"))
        .otherwise(pl.lit("0")),
        service_from=pl.coalesce(_bound("billablePeriod", "start"), _served("start")),
        service_to=pl.coalesce(_bound("billablePeriod", "end"), _served("end")),
        paid_date=pl.col("payment").struct.field("date"),
        stay_from=_bound("hospitalization", "start"),
        stay_to=_bound("hospitalization", "end"),
        facility_type=extension(pl.col("facility").struct.field("extension"), "clm_fac_type_cd"),
        class_type=code(pl.col("type"), "clm_srvc_clsfctn_type_cd$"),
        package=_packages(),
    )
    joined = made.join(named, on="record_no", how="left").join(told, on="record_no", how="left")
    joined = joined.join(parties(frame), on="record_no", how="left")
    codes = diagnoses(frame).filter(kind="principal").unique("record_no", keep="first")
    joined = joined.join(
        codes.select("record_no", principal_diagnosis_code="diagnosis_code"),
        on="record_no",
        how="left",
    )
    split = pl.concat_str(
        "facility_type", pl.coalesce("class_type", "classification"), "frequency",
        ignore_nulls=True,
    )  # fmt: skip
    bill = pl.col("bill").str.replace(r"^0", "")
    return joined.with_columns(
        bill_type_code=pl.coalesce(bill, pl.when(split.str.len_chars() > 0).then(split)),
        admission_date=pl.coalesce("admission_date", "stay_from"),
        discharge_date=pl.coalesce("discharge_date", "stay_to"),
        drg_code=pl.coalesce("drg_code", "package"),
        adjustment_code=pl.when(pl.col("deletion").str.to_uppercase() == "D")
        .then(pl.lit("1"))
        .otherwise("adjustment_code"),
    )


def lines(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per item of a claim."""
    items = exploded(frame, "item", "id")
    item = pl.col("each").struct
    product = pl.coalesce(
        code(item.field("productOrService"), "ndc"), code(item.field("service"), "ndc")
    )
    detail = item.field("detail").list.first().struct.field("productOrService")
    procedure = r"^$|(?i)hcpcs|cpt|cdt|ada\.org|codesystem/service"
    modifier = pl.element().struct.field("coding").list.first().struct.field("code")
    rows = items.select(
        "record_no",
        "id",
        item_no=pl.col("ordinal"),
        line_no=pl.coalesce(item.field("sequence"), pl.col("ordinal").cast(pl.String)),
        procedure_code=pl.coalesce(
            code(item.field("productOrService"), procedure), code(item.field("service"), procedure)
        ),
        modifiers=item.field("modifier").list.eval(modifier).list.drop_nulls(),
        revenue_code=code(item.field("revenue")),
        ndc_code=pl.coalesce(product, code(detail, "ndc")),
        units=item.field("quantity").struct.field("value"),
        days_supply=item.field("quantity")
        .struct.field("extension")
        .list.eval(
            pl.when(tail(pl.element().struct.field("url")) == "days_suply_num").then(
                pl.element().struct.field("valueQuantity").struct.field("value")
            )
        )
        .list.drop_nulls()
        .list.first(),
        place_of_service_code=code(item.field("locationCodeableConcept"), "(?i)place|line_place"),
        service_from=pl.coalesce(
            item.field("servicedDate"), item.field("servicedPeriod").struct.field("start")
        ),
        service_to=pl.coalesce(
            item.field("servicedDate"), item.field("servicedPeriod").struct.field("end")
        ),
        adjudication=item.field("adjudication"),
        team=pl.coalesce(item.field("careTeamSequence"), item.field("careTeamLinkId")),
    )
    said = exploded(rows, "adjudication", "item_no").with_columns(item=pl.col("item_no"))
    named = categories(said, "category", ["record_no", "item_no"])
    amounts = amount_columns(named, fields.LINE_AMOUNTS, ["record_no", "item_no"])
    by = ["record_no", "item_no"]
    return (
        rows.join(amounts, on=by, how="left").join(line_teams(frame, rows), on=by, how="left")
    ).with_columns(modifier_key=pl.col("modifiers").list.sort().list.join(","))


def diagnoses(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per diagnosis and kind that it is of."""
    each = exploded(frame, "diagnosis", "id")
    held = pl.col("each").struct
    kinds = (
        held.field("type")
        .list.eval(pl.element().struct.field("coding").list.first().struct.field("code"))
        .list.eval(pl.element().replace_strict(fields.DIAGNOSIS_KINDS, default=None))
        .list.drop_nulls()
        .list.unique(maintain_order=True)
    )
    concept = held.field("diagnosisCodeableConcept")
    present = held.field("extension").list.eval(
        pl.when(tail(pl.element().struct.field("url")).str.contains("poa")).then(
            pl.element().struct.field("valueCoding").struct.field("code")
        )
    )
    rows = each.select(
        "record_no",
        "id",
        "ordinal",
        diagnosis_code=code(concept).str.to_uppercase().str.replace_all(".", "", literal=True),
        code_system=code_system(concept),
        kind=pl.when(kinds.list.len() > 0).then(kinds).otherwise(pl.lit(["other"])),
        present_on_admission_code=pl.coalesce(
            code(held.field("onAdmission")), present.list.drop_nulls().list.first()
        ),
    )
    said = rows.filter(pl.col("diagnosis_code").is_not_null()).explode("kind")
    place = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("record_no", "kind")
    return said.with_columns(position=place)


def procedures(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per ICD procedure."""
    held = pl.col("each").struct
    concept = held.field("procedureCodeableConcept")
    rows = exploded(frame, "procedure", "id").select(
        "record_no",
        "id",
        procedure_code=code(concept).str.to_uppercase().str.replace_all(".", "", literal=True),
        code_system=code_system(concept),
        procedure_date=held.field("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
    )
    place = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("record_no")
    return rows.filter(pl.col("procedure_code").is_not_null()).with_columns(position=place)


def _is_medicare() -> pl.Expr:
    return code(pl.col("type"), CMS).is_not_null()


def _bound(period: str, bound: str) -> pl.Expr:
    return pl.col(period).struct.field(bound)


def _served(bound: str) -> pl.Expr:
    """The first or last day of the lines."""
    held = pl.element().struct
    days = pl.col("item").list.eval(
        pl.coalesce(held.field("servicedDate"), held.field("servicedPeriod").struct.field(bound))
    )
    return days.list.min() if bound == "start" else days.list.max()


def _packages() -> pl.Expr:
    """The DRG, which BFD puts beside a diagnosis."""
    drg = code(pl.element().struct.field("packageCode"))
    return pl.col("diagnosis").list.eval(drg).list.drop_nulls().list.first()


def _information(frame: pl.DataFrame) -> pl.DataFrame:
    """What a claim says beside its lines, a column each."""
    both = frame.select("record_no", held=pl.coalesce("supportingInfo", "information"))
    held = pl.col("each").struct
    rows = (
        exploded(both, "held")
        .select(
            "record_no",
            name=held.field("category")
            .struct.field("coding")
            .list.eval(tail(pl.element().struct.field("code"))),
            code=code(held.field("code")),
            day=held.field("timingDate"),
            start=held.field("timingPeriod").struct.field("start"),
            end=held.field("timingPeriod").struct.field("end"),
            value=held.field("valueQuantity").struct.field("value"),
        )
        .explode("name")
    )
    extended = exploded(frame, "extension").select(
        "record_no",
        name=tail(held.field("url")),
        code=held.field("valueCoding").struct.field("code"),
    )
    every = pl.concat([rows, extended], how="diagonal")
    return every.group_by("record_no", maintain_order=True).agg(
        pl.col(element).filter(pl.col("name").is_in(list(names))).drop_nulls().first().alias(column)
        for column, (element, names) in fields.INFORMATION.items()
    )
