"""Topics of whole texts."""

import pytest

from extraction.document import parse
from extraction.relevance import is_political, topic_of


@pytest.mark.parametrize(
    "text",
    [
        "Peru and Chile signed a treaty.",
        "The foreign minister resigned.",
        "Nurses in Zambia went on strike for higher pay.",
        "The United States will boycott the Olympics in the capital.",
    ],
)
def test_a_flash_needs_little_to_be_political(text: str) -> None:
    assert is_political(parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "The striker scored twice as United won the league match.",
        "The singer praised her fans after the concert.",
        "A detective said the burglary was one of many.",
        "",
    ],
)
def test_other_flashes_are_not(text: str) -> None:
    assert not is_political(parse(text))


def test_states_are_counted_by_their_whole_names() -> None:
    assert topic_of(parse("Talks between South Korea and the United States ended.")).states == 2
