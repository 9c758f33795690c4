"""What was coded: levels and modifiers, and providers beside their peers."""

import random

import polars as pl
import pytest

from analytics.database import Database
from analytics.errors import BadQueryError
from analytics.metrics import em_level_index, modifier_index
from analytics.metrics.coded import em_level_mix, modifier_rate

PROVIDERS = """
    npi | provider_name | specialty
    1   | One           | Heart
    2   | Two           | Heart
    3   | Three         | Skin
    4   | Four          |
    """
CLAIM_HEAD = (
    "claim_id | patient_control_number | claim_type | payer_sequence_code | billing_npi"
    " | rendering_npi | submission_date | service_from_date | service_to_date | frequency_code"
    " | billed_amount\n"
)
LINE_HEAD = (
    "claim_line_id | claim_id | line_no | procedure_code | modifier_key | rendering_npi"
    " | billed_amount\n"
)


@pytest.fixture
def world(given):
    """A database of claims of one line drawn as (npi, procedure, modifiers), and more if named."""

    def build(*rows, kind="professional", seq="P", freq="1"):
        claims, lines = [], []
        for number, (npi, code, modifiers) in enumerate(rows, start=1):
            claims.append(
                f"{number} | C{number} | {kind} | {seq} | 3 | {npi} | 2026-02-01 | 2026-01-05"
                f" | 2026-01-05 | {freq} | 10"
            )
            lines.append(f"{number} | {number} | 1 | {code} | {modifiers} | {npi} | 10")
        return given(
            provider_map=PROVIDERS,
            claim=CLAIM_HEAD + "\n".join(claims),
            claim_line=LINE_HEAD + "\n".join(lines),
        )

    return build


def mix(db, by=()):
    found = em_level_mix(db, by)
    return {row[:-5]: (row[-5], row[-1]) for row in found.rows()}


def test_a_level_is_a_share_of_its_family(world):
    db = world((1, "99213", ""), (1, "99214", ""), (2, "99214", "25"), (2, "99203", ""),
               (1, "99291", ""), (1, "70010", ""))  # fmt: skip
    assert mix(db) == {
        ("office_established", 3): (1, 3), ("office_established", 4): (2, 3),
        ("office_new", 3): (1, 1),
    }  # fmt: skip
    assert mix(db, "rendering_provider")["Two", "office_established", 4] == (1, 1)
    assert mix(db, "em_family") == mix(db)
    assert em_level_mix.excluded(db).rows()[0][:2] == ("not of an E/M family with levels", 2)


def test_a_filter_of_levels_leaves_the_family_whole(world):
    db = world((1, "99213", ""), (1, "99214", ""), (2, "99213", ""), (2, "99203", ""))
    asked = {"em_level": [4, 5]}
    assert em_level_mix(db, where=asked).select("em_level", "n", "whole").rows() == [(4, 1, 3)]
    everyone = em_level_index(db, overdispersion=False)
    found = em_level_index(db, where=asked, overdispersion=False)
    assert found.equals(everyone.filter(em_level=4))
    assert found.select("rendering_provider", "hits", "n").rows() == [("One", 1, 2), ("Two", 0, 1)]


@pytest.mark.parametrize("other", [{"kind": "institutional"}, {"seq": "S"}, {"freq": "8"}])
def test_levels_of_facilities_second_payers_and_voids_do_not_count(world, other):
    assert em_level_mix(world((1, "99213", ""), **other)).is_empty()


def test_the_provider_of_the_line_counts(given):
    db = given(
        provider_map=PROVIDERS,
        claim=CLAIM_HEAD
        + "1 | C1 | professional | P | 3 | 1 | 2026-02-01 | 2026-01-05 | 2026-01-05 | 1 | 10",
        claim_line=LINE_HEAD
        + "1 | 1 | 1 | 99213 | | 1 | 5\n2 | 1 | 2 | 99213 | | 4 | 5\n3 | 1 | 3 | 99213 | | 9 | 5"
        + "\n4 | 1 | 4 | 99213 | | | 5",
    )
    rows = db.sql("SELECT rendering_provider, specialty FROM billed_line ORDER BY line_no").rows()
    assert rows == [("One", "Heart"), ("Four", "Skin"), ("9", "Skin"), ("One", "Heart")]


def test_a_map_of_levels_is_the_users_own(world):
    db = world((1, "99213", ""))
    db.connection.execute("UPDATE code_map SET file_name = 'mine.csv' WHERE map_name = 'em_code'")
    db.connection.execute("UPDATE em_code SET level = 9 WHERE procedure_code = '99213'")
    db.build()
    assert mix(db) == {("office_established", 9): (1, 1)}


def test_modifiers_count_where_they_can_go(world):
    db = world((1, "99213", "25"), (1, "99213", "25,57"), (1, "99214", "95"), (1, "70010", "59"),
               (1, "70010", "XE"), (1, "70010", ""), (1, "70010", "259"))  # fmt: skip
    told = {m: modifier_rate.of(m)(db).select("hits", "n").row(0)
            for m in ("25", "57", "59", "XE", "95")}  # fmt: skip
    assert told == {"25": (2, 3), "57": (1, 3), "59": (1, 4), "XE": (1, 4), "95": (1, 7)}
    assert modifier_rate.of(["59", "xe"])(db)["hits"].item() == 2
    assert modifier_rate.of([25, 59])(db).select("hits", "n").row(0) == (3, 7)
    assert modifier_rate.rows(db)["is_hit"].to_list() == [True, True, False]


@pytest.mark.parametrize("wrong", ["", "2", "25%", [], "%%", "25' OR", None, 2.5])
def test_what_is_no_modifier_is_refused(wrong):
    with pytest.raises(BadQueryError, match="two letters or digits"):
        modifier_rate.of(wrong)
    with pytest.raises(BadQueryError, match="two letters or digits"):
        modifier_index(Database(), modifiers=wrong)


def test_the_index_is_over_the_share_of_the_others_in_the_specialty(world):
    db = world(
        *[(1, "99214", "")] * 30, *[(1, "99213", "")] * 10, *[(2, "99214", "")] * 10,
        *[(2, "99213", "")] * 30, *[(3, "99213", "")] * 20,
    )  # fmt: skip
    found = em_level_index(db, overdispersion=False).filter(em_level=4)
    assert found.select("rendering_provider", "hits", "n", "peer_share", "expected").rows() == [
        ("One", 30, 40, 0.25, 10.0), ("Two", 10, 40, 0.75, 30.0),
    ]  # fmt: skip
    assert found["ratio"].to_list() == [3.0, pytest.approx(1 / 3)]
    assert found["signal"].to_list() == ["high", "low"]
    # Two shares of 40 lines each, compared as the textbook has it.
    error = (0.5 * 0.5 * (1 / 40 + 1 / 40)) ** 0.5
    assert found["z"][0] == pytest.approx((0.75 - 0.25) / error)
    alone = em_level_index(db).filter(rendering_provider="Three")
    assert alone.select("value", "peer_share", "signal").rows() == [(1.0, None, None)]


def test_a_level_that_a_provider_never_bills_is_there_too(world):
    db = world(*[(1, "99214", "")] * 40, *[(2, "99213", "")] * 40)
    found = em_level_index(db, overdispersion=False)
    assert found.filter(em_level=4).select("rendering_provider", "hits", "signal").rows() == [
        ("One", 40, "high"), ("Two", 0, "low"),
    ]  # fmt: skip


def test_few_lines_raise_no_alarm(world):
    db = world(*[(1, "99214", "")] * 8, *[(2, "99213", "")] * 8)
    assert em_level_index(db, overdispersion=False)["signal"].to_list() == [None] * 4


def test_modifiers_beside_peers(world):
    db = world(*[(1, "99214", "25")] * 30, *[(1, "99214", "")] * 10, *[(2, "99214", "25")] * 10,
               *[(2, "99214", "")] * 30)  # fmt: skip
    found = modifier_index(db, overdispersion=False)
    assert found.select("modifier", "rendering_provider", "hits", "ratio").rows() == [
        ("25", "One", 30, 3.0), ("25", "Two", 10, pytest.approx(1 / 3)),
    ]  # fmt: skip
    with pytest.raises(BadQueryError, match="compared"):
        modifier_index(db, by="specialty")


@pytest.mark.parametrize("seed", range(3))
def test_against_a_naive_count_and_few_false_alarms(world, seed):
    """Random coding: every number is counted again, and chance alone raises hardly an alarm."""
    draw = random.Random(seed)  # noqa: S311
    rows = [
        (draw.randint(1, 4), draw.choice(["99212", "99213", "99214", "99283", "70010"]),
         draw.choice(["", "", "25", "59", "25,59", "LT"]))
        for _ in range(400)
    ]  # fmt: skip
    db = world(*rows)
    names = {1: ("One", "Heart"), 2: ("Two", "Heart"), 3: ("Three", "Skin"), 4: ("Four", "Skin")}
    levels = {"99212": ("office_established", 2), "99213": ("office_established", 3),
              "99214": ("office_established", 4), "99283": ("emergency", 3)}  # fmt: skip
    for row in em_level_index(db).to_dicts():
        family, level = row["em_family"], row["em_level"]
        alike = [(names[n], levels[c]) for n, c, _ in rows if c in levels]
        alike = [(who, lv) for who, (f, lv) in alike if f == family and who[1] == row["specialty"]]
        own = [lv for who, lv in alike if who[0] == row["rendering_provider"]]
        others = [lv for who, lv in alike if who[0] != row["rendering_provider"]]
        assert (row["hits"], row["n"]) == (own.count(level), len(own))
        assert row["peer_share"] == pytest.approx(others.count(level) / len(others))
        assert row["signal"] is None
    for code, on_em in (("25", True), ("59", False)):
        within = [m for _, c, m in rows if (c in levels) is on_em]
        found = modifier_rate.of(code)(db).select("hits", "n").row(0)
        assert found == (sum(code in m.split(",") for m in within), len(within))


def test_nothing_is_compared_where_nothing_was_coded(empty):
    assert em_level_index(empty).is_empty()
    assert modifier_index(empty).is_empty()
    assert em_level_index(empty).schema["signal"] == pl.String
