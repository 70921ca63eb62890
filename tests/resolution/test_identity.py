import datetime as dt

import pytest

from resolution.identity import Identity, assign, short_hash

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
