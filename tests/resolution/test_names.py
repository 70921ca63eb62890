import pytest

from resolution.names import content_words, fold, fullness, same_person


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Ólafur  Ragnar", "olafur ragnar"), ("S. Jaishankar", "s jaishankar"), ("N'Djamena", "n djamena"), ("", "")],
)
def test_fold(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("sergei orlov", "sergey orlov", True),
        ("s orlov", "sergei orlov", True),
        ("anna maria lund", "anna lund", True),
        ("anna lund", "karin lund", False),
        ("anna lund", "anna berg", False),
        ("lund", "anna lund", False),
        ("ivan orlov", "igor orlov", False),
        ("mary anne lund", "anne lund", True),
    ],
)
def test_same_person(a, b, same):
    assert same_person(a, b) is same
    assert same_person(b, a) is same


@pytest.mark.parametrize(("name", "level"), [("Orlov", 0), ("S. Orlov", 1), ("Sergei Orlov", 2)])
def test_fullness(name, level):
    assert fullness(name) == level


def test_content_words_leave_out_function_words():
    assert content_words("Agreement on the use of the Rivers in 2026") == {"agreement", "use", "river", "2026"}
    assert content_words("status press gas") == {"status", "press", "gas"}
