"""Replies of the sample: well formed, in step with the claims sent, and counted by the truth."""

import json
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
import sample_wire as wire


@pytest.fixture(scope="module")
def replies(folder):
    return {path: wire.read(path)[0] for path in sorted(folder.glob("[29][79][79]/*.edi"))}


@pytest.fixture(scope="module")
def sets(replies):
    return [one for segments in replies.values() for one in wire.sets(segments)]


@pytest.fixture(scope="module")
def sent(folder):
    """Batch -> control numbers and charges of its claims."""
    found = defaultdict(list)
    for path in folder.glob("837/*.edi"):
        batch = ""
        for segment in wire.read(path)[0]:
            if segment[0] == "BHT":
                batch = segment[3]
            elif segment[0] == "CLM":
                found[batch].append((segment[1], Decimal(segment[2])))
    return found


def test_envelopes_and_sets_count_their_segments(replies, sets):
    for segments in replies.values():
        names = Counter(segment[0] for segment in segments)
        assert len({names[name] for name in ("ISA", "GS", "ST", "SE", "GE", "IEA")}) == 1
    assert all(one[-1] == ["SE", str(len(one)), "0001"] for one in sets)


def test_levels_count_up_and_point_back(sets):
    for one in sets:
        levels = [segment for segment in one if segment[0] == "HL"]
        assert [int(level[1]) for level in levels] == list(range(1, len(levels) + 1))
        kinds = {level[1]: level[3] for level in levels}
        for level in levels:
            above = {"20": None, "21": "20", "19": "21", "PT": "19"}[level[3]]
            assert kinds.get(level[2]) == above


def test_a_277ca_names_each_claim_of_its_batch_or_rejects_them_together(sets, sent):
    seen = set()
    for one in sets:
        if one[0][1] != "277":
            continue
        batch = next(s[2] for s in one if s[:2] == ["TRN", "2"])
        charge = next(Decimal(s[4]) for s in one if s[0] == "STC")
        assert charge == sum(amount for _, amount in sent[batch])
        named = [s[2] for s in one if s[:2] == ["TRN", "2"]][1:]
        rejects = any(s[0] == "STC" and s[1].startswith(("A3:24", "A8:496")) for s in one)
        assert set(named) <= {control for control, _ in sent[batch]}
        assert rejects or len(named) == len(sent[batch])
        seen.add(batch)
    unsaid = set(sent) - seen
    assert 0 < len(unsaid) <= 4, "batches rejected for their syntax, or sent on the last day"


def test_counts_and_charges_add_up(sets):
    for one in sets:
        rejected = accepted = 0
        level = None
        stated = dict.fromkeys(("90", "AA", "QA", "QC"), 0)
        for segment in one:
            if segment[0] == "HL":
                level = segment[3]
            elif segment[0] == "QTY":
                stated[segment[1]] += int(segment[2])
            elif segment[0] == "STC" and level == "PT" and len(segment) > 4:
                rejected += segment[3] == "U"
                accepted += segment[3] == "WQ"
        if any(s[0] == "STC" and s[1].startswith(("A3:24", "A8:496")) for s in one):
            continue  # rejected claims are not named
        assert (stated["90"], stated["AA"]) == (stated["QA"], stated["QC"]) == (accepted, rejected)


def test_the_truth_counts_what_the_files_say(folder, replies):
    truth = json.loads((folder / "truth.json").read_text())
    assert {str(path.relative_to(folder)) for path in replies} == set(
        truth["acknowledgement_files"]
    )
    for path, segments in replies.items():
        rejections = sum(s[0] == "STC" and s[3] == "U" for s in segments)
        rejections += sum(s[:2] == ["IK5", "R"] for s in segments)
        assert truth["acknowledgement_files"][str(path.relative_to(folder))] == {
            "transaction_sets": sum(s[0] == "ST" for s in segments),
            "acknowledgements": sum(s[0] in ("STC", "AK2", "AK9") for s in segments),
            "rejections": rejections,
        }


def test_every_way_to_be_rejected_is_there(sets):
    said = Counter(s[1] for one in sets for s in one if s[0] == "STC")
    for status in ("A2:20:PR", "A7:562:85", "A6:126:QC", "A8:187", "A3:33:IL", "A3:24:41"):
        assert said[status], status
    assert said["A8:496:85"]
    assert said["A7:454"]
    assert any(s[:2] == ["IK5", "R"] for one in sets for s in one)
