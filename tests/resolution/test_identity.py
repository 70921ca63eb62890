import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolution.identity import Forward, Identity, assign, leading, short_hash

DAY_1 = dt.datetime(2026, 3, 2)
DAY_2 = dt.datetime(2026, 3, 3)


def test_a_new_cluster_gets_the_hash_of_its_first_key():
    result = assign("event", [["a", "b"]], [], DAY_1)
    assert result.ids == (short_hash("event", "a"),)
    assert [(i.key, i.id, i.registered_at) for i in result.identities] == [
        ("a", result.ids[0], DAY_1),
        ("b", result.ids[0], DAY_1),
    ]
    assert result.forwards == ()


def test_the_same_clusters_again_change_nothing():
    first = assign("event", [["a", "b"], ["c"]], [], DAY_1)
    again = assign("event", [["a", "b"], ["c"]], first.identities, DAY_2)
    assert again.ids == first.ids
    assert set(again.identities) == set(first.identities)
    assert again.forwards == ()


def test_a_new_key_in_front_does_not_change_the_id():
    first = assign("event", [["b"]], [], DAY_1)
    later = assign("event", [["a", "b"]], first.identities, DAY_2)
    assert later.ids == first.ids


def test_a_merge_keeps_the_older_id_and_forwards_the_younger():
    old = assign("event", [["z"]], [], DAY_1)
    both = assign("event", [["z"], ["a"]], old.identities, DAY_2)
    merged = assign("event", [["a", "z"]], both.identities, DAY_2)
    assert merged.ids == old.ids
    assert [(f.old_id, f.new_id) for f in merged.forwards] == [(both.ids[1], old.ids[0])]


def test_a_split_leaves_the_id_with_the_oldest_key():
    whole = assign("event", [["a"]], [], DAY_1)
    grown = assign("event", [["a", "b"]], whole.identities, DAY_2)
    split = assign("event", [["b"], ["a"]], grown.identities, DAY_2)
    assert split.ids[1] == whole.ids[0]
    assert split.ids[0] == short_hash("event", "b")


def test_a_split_off_part_never_takes_an_id_in_use():
    # "a" founded the id; when "a" and "b" part and "b" keeps it by age, "a" must not fall back on its own hash
    known = [
        Identity("event", "b", short_hash("event", "a"), DAY_1),
        Identity("event", "a", short_hash("event", "a"), DAY_2),
    ]
    split = assign("event", [["a"], ["b"]], known, DAY_2)
    assert split.ids[1] == short_hash("event", "a")
    assert split.ids[0] not in {split.ids[1], ""}


def test_other_entities_are_left_alone():
    first = assign("event", [["a"]], [], DAY_1)
    other = assign("agreement", [["a"]], first.identities, DAY_1)
    assert other.ids != first.ids
    assert all(i.entity == "agreement" for i in other.identities)


@pytest.mark.parametrize("clusters", [[["a"], ["a"]], [[]]])
def test_impossible_clusters_are_refused(clusters):
    with pytest.raises(ValueError, match=r"two clusters|no keys"):
        assign("event", clusters, [], DAY_1)


def follow(clusters, *nights):
    """Ids of the clusters of each night, with the registry and the forwards that the nights before left."""
    known, retired, out = (), [], []
    for number, night in enumerate((clusters, *nights)):
        result = assign("event", night, known, DAY_1 + dt.timedelta(days=number), retired)
        known = result.identities
        retired += result.forwards
        out.append(result.ids)
    return out, retired


def test_a_key_that_was_away_when_its_id_was_merged_comes_back_without_it():
    ids, retired = follow([["c"], ["a", "b"]], [["c", "b"]], [["c", "b"], ["a"]], [["c", "b"], ["a"]])
    assert [(f.old_id, f.new_id) for f in retired] == [(ids[0][1], ids[0][0])]
    assert ids[1] == (ids[0][0],)
    assert ids[2][0] == ids[0][0]
    assert ids[2][1] not in ids[0], "what was forwarded is never given again"
    assert ids[3] == ids[2]


def test_a_forward_is_told_while_it_leads_to_a_row():
    forwards = [Forward("event", old, new, DAY_1) for old, new in (("a", "b"), ("b", "c"), ("x", "gone"), ("l", "c"))]
    rows = {"event": {"c", "l"}, "participant": set(), "agreement": set()}
    assert [(f.old_id, f.new_id) for f in leading(forwards, rows)] == [("a", "c"), ("b", "c")]
    assert leading(forwards, {**rows, "event": {"gone"}}) == [forwards[2]]


def test_forwards_in_a_circle_are_no_forwards():
    circle = [Forward("event", "a", "b", DAY_1), Forward("event", "b", "a", DAY_1)]
    assert leading(circle, {"event": {"c"}}) == []
    assert assign("event", [["k"]], [Identity("event", "k", "a", DAY_1)], DAY_2, circle).ids == ("a",)


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=6, unique=True), min_size=1, max_size=6), st.randoms())
def test_whatever_comes_and_goes_no_forward_leads_from_a_row(nights, random):
    """Keys appear and vanish, clusters merge and split as they like."""
    known, retired = (), []
    for keys in nights:
        clusters = []
        for key in keys:
            if clusters and random.random() < 0.5:
                random.choice(clusters).append(key)
            else:
                clusters.append([key])
        result = assign("event", clusters, known, DAY_1, retired)
        known = result.identities
        retired += result.forwards
        assert len(set(result.ids)) == len(clusters)
        assert not set(result.ids) & {f.old_id for f in retired}
        assert len({f.old_id for f in retired}) == len(retired)
