"""The codebook's facts."""

import pytest

from extraction import plover


def test_sixteen_types_in_four_quad_classes() -> None:
    assert len(plover.TYPES) == 16
    assert {plover.quad_class(t) for t in plover.TYPES} == {1, 2, 3, 4}


def test_cooperation_scores_above_conflict() -> None:
    for name in plover.TYPES:
        score = plover.intensity(name)
        assert -10 <= score <= 10
        assert (score > 0) == (plover.quad_class(name) <= 2) or name == "REQUEST"


def test_a_mode_has_its_own_score() -> None:
    assert plover.intensity("CONSULT") == 2.5
    assert plover.intensity("CONSULT", "visit") == 4.0
    assert plover.modes("REJECT") == {"assist", "change", "yield", "meet"}
    assert plover.modes("AID") == frozenset()


def test_unknown_type_or_mode_is_an_error() -> None:
    with pytest.raises(KeyError):
        plover.intensity("OTHER")
    with pytest.raises(KeyError):
        plover.intensity("AID", "phone")
