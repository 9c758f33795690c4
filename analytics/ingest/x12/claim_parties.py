"""Who an 837 names: patients, payers and providers."""

import numpy as np
import polars as pl

from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.x12 import claim_other_payers
from analytics.ingest.x12.claim_providers import ROLES
from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.later import days
from analytics.ingest.x12.lazy import now
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Column, Positions, Span
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

_PROVIDERS = ("85", *ROLES)


def people(tree: Tree, at: Positions, others: Table) -> Table:
    """One row per person named on claims `at` or as insured by the other payers of `others`.

    A dependent carries the subscriber's number.
    """
    found = tree.found
    patients, insured = tree.patients[at], tree.insured[at]
    above = insured[insured != patients]  # most patients are insured themselves
    elsewhere = claim_other_payers.insured(tree, others.rows)
    every, numbers = (
        np.concatenate((first, above, elsewhere))[::-1] for first in (patients, insured)
    )
    rows, numbered = _distinct(found, every), np.full(len(found) + 1, -1)
    numbered[every] = numbers  # the first of several, which comes last here
    numbered = numbered[rows]
    table = Table("patient", found, rows)
    table.text(numbered, upper=True, member_id=9)
    table.text(upper=True, last_name=3, first_name=4)
    birth, home = tree.below(rows, "DMG"), tree.below(rows, "N4")
    table.day(optional=True, birth_date=days(found, birth, 2))
    table.text(birth, upper=True, sex_code=3)
    table.text(home, postal_code=3)
    table.text(home, upper=True, state_code=2)
    return table


def payers(tree: Tree, at: Positions) -> Table:
    """One row per payer named on claims `at`."""
    table = Table("payer", tree.found, _distinct(tree.found, tree.payers[at]))
    table.text(payer_code=9)
    table.text(upper=True, payer_name=3)
    return table


def _distinct(found: Segments, rows: Positions) -> Positions:
    """Each of these segments once, in order, without -1."""
    named = np.zeros(len(found) + 1, np.bool_)
    named[rows] = True
    return np.flatnonzero(named[:-1])


def npis(tree: Tree) -> tuple[Positions, Column]:
    """All NM1 segments of providers, and the NPI of each."""
    rows = tree.names.rows[tree.names.having(*_PROVIDERS)]
    return rows, tree.npi(rows)


def providers(tree: Tree, rows: Positions, npi: Column) -> pl.DataFrame:
    """One row per file and NPI named (see `npis`), with its first name and taxonomy."""
    found, texts = tree.found, now(npi)
    own = found.span(tree.below(rows, "PRV"), 3)
    taxonomy = own.otherwise(_billing_taxonomy(tree, rows))
    files = found.record_no[rows] // RECORDS_PER_FILE
    of_one = found.fast and len(files) and files[0] == files[-1]
    if of_one and (firsts := found.fast.first_of_each(texts, taxonomy.length)):
        first, said = firsts
        known = pl.Series(values=texts)[first]
        code = Span(taxonomy.start[said], np.where(said >= 0, taxonomy.length[said], 0))
        return _named(tree, rows[first], known, found.strings(code))
    frame = pl.DataFrame(
        {
            "file": pl.Series(values=files),
            "npi": texts,
            "row": pl.Series(values=rows),
            "taxonomy_code": found.strings(taxonomy),
        }
    )
    each = (
        frame.filter(pl.col("npi").is_not_null())
        .group_by("file", "npi", maintain_order=True)
        .agg(pl.col("row").first(), pl.col("taxonomy_code").drop_nulls().first())
    )
    return _named(tree, np.array(each["row"].to_numpy()), each["npi"], each["taxonomy_code"])


def _named(tree: Tree, rows: Positions, npi: pl.Series, taxonomy: pl.Series) -> pl.DataFrame:
    """These providers with the names that segments `rows` give."""
    found = tree.found
    named = pl.concat_str("last", "given", separator=", ", ignore_nulls=True)
    names = {
        "last": found.strings(found.span(rows, 3), upper=True),
        "given": found.strings(found.span(rows, 4), upper=True),
    }
    return pl.DataFrame(
        {
            "record_no": found.records(rows),
            "npi": npi,
            "provider_name": pl.DataFrame(names).select(named.alias("name"))["name"],
            "taxonomy_code": taxonomy,
        }
    )


def _billing_taxonomy(tree: Tree, rows: Positions) -> Span:
    """PRV*BI stands before the NM1 of the billing provider, in its HL loop."""
    found, loops = tree.found, tree.loops
    prv = found.of("PRV")
    of_billing = np.full(len(tree.levels["billing"]) + 1, -1, np.int64)
    owner = loops.innermost("billing", prv)
    of_billing[owner[owner >= 0]] = prv[owner >= 0]
    is_billing = found.qualifier(rows) == packed("85")
    at = np.where(is_billing, loops.innermost("billing", rows), -1)
    return found.span(of_billing[at], 3)
