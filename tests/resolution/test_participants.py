from resolution.participants import Use, cluster


def groups(*uses):
    """Which of the uses (article, name, kind, country) are one, as sets of positions."""
    clusters, keys = cluster([Use(*u) for u in uses])
    return {frozenset(n for n, key in enumerate(keys) if key in members) for members in clusters}


def test_a_state_is_its_code():
    assert groups(("a", "Norland", "state", "NOR"), ("b", "Norway", "state", "NOR")) == {frozenset({0, 1})}


def test_transliterations_of_one_country_are_one_person():
    assert groups(("a", "Sergei Orlov", "person", "RUS"), ("b", "Sergey Orlov", "person", "RUS")) == {frozenset({0, 1})}


def test_namesakes_of_two_countries_are_two():
    assert len(groups(("a", "Anna Lund", "person", "SWE"), ("b", "Anna Lund", "person", "DNK"))) == 2


def test_an_unknown_country_joins_the_only_namesake():
    assert groups(("a", "Anna Lund", "person", None), ("b", "Anna Lund", "person", "SWE")) == {frozenset({0, 1})}


def test_an_unknown_country_between_two_namesakes_stays_apart():
    found = groups(
        ("a", "Anna Lund", "person", None), ("b", "Anna Lund", "person", "SWE"), ("c", "Anna Lund", "person", "DNK")
    )
    assert len(found) == 3


def test_a_surname_joins_only_a_single_bearer():
    one = groups(("a", "Lund", "person", "SWE"), ("b", "Anna Lund", "person", "SWE"))
    two = groups(
        ("a", "Lund", "person", "SWE"), ("b", "Anna Lund", "person", "SWE"), ("c", "Per Lund", "person", "SWE")
    )
    assert one == {frozenset({0, 1})}
    assert len(two) == 3


def test_organs_of_an_unknown_state_are_not_joined():
    assert (
        len(groups(("a", "Foreign Ministry", "organization", None), ("b", "Foreign Ministry", "organization", None)))
        == 2
    )
    assert (
        len(groups(("a", "Foreign Ministry", "organization", "IND"), ("b", "Foreign Ministry", "organization", "IND")))
        == 1
    )
    assert len(groups(("a", "Red Harbour", "organization", None), ("b", "Red Harbour", "organization", None))) == 1
