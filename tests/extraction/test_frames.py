"""Trigger frames: the lexicon is typed, and a mistake in it is an error."""

import pytest

from extraction import frames, plover
from extraction.acts import acts_of
from extraction.document import Document, parse, parse_many
from extraction.gazetteer import lexicon
from extraction.triggers import Triggers


def test_every_type_has_frames_and_every_frame_an_example() -> None:
    assert {f.type for f in frames.all_frames()} == set(plover.TYPES)


@pytest.mark.parametrize(
    "row",
    [
        {"type": "CONSULT", "verbs": ["meet"]},
        {"type": "TALKING", "verbs": ["meet"], "example": "They met."},
        {"type": "CONSULT", "mode": "telepathy", "verbs": ["meet"], "example": "They met."},
        {"type": "CONSULT", "verbs": ["meet"], "example": "They met.", "colour": "red"},
        {"type": "CONSULT", "example": "They met."},
        {"type": "CONSULT", "verbs": ["meet"], "object": ["NOSUCHCLASS"], "example": "They met."},
    ],
)
def test_a_frame_that_is_not_understood_is_an_error(row: dict[str, object]) -> None:
    with pytest.raises(frames.FrameError):
        frames.read([row], "here")


def test_particles_and_classes_are_read() -> None:
    (frame,) = frames.read([{"type": "RETREAT", "verbs": ["pull out"], "object": ["FORCES"], "example": "x"}], "here")
    assert frame.words == (("pull", "out"),)
    assert "troop" in frame.object


def kinds(text: str) -> list[tuple[str, str]]:
    return [(t.token.text, t.frame.type) for t in Triggers(parse(text).doc).all]


def test_the_object_decides_what_a_verb_means() -> None:
    assert kinds("The army withdrew its troops.") == [("withdrew", "RETREAT")]
    assert kinds("The state withdrew from the treaty.") == [("withdrew", "SANCTION")]
    assert kinds("The mission withdrew its peacekeepers.") == [("withdrew", "SANCTION")]


def test_an_object_that_the_frame_counts_in_is_no_second_trigger() -> None:
    assert kinds("The ministers signed an agreement.") == [("signed", "SUPPORT")]
    assert kinds("The bloc suspended the talks with Peru.") == [("suspended", "SANCTION")]


def test_verbs_of_requirements_do_not_meet() -> None:
    assert kinds("The plan met the needs of the island.") == []


def test_every_example_shows_its_own_type() -> None:
    rows = [row for name in frames.FILES for row in lexicon(name)["frames"]]
    docs = parse_many(str(row["example"]) for row in rows)
    missed = [
        (row["type"], row["example"])
        for row, doc in zip(rows, docs, strict=True)
        if row["type"] not in {a.type for a in acts_of(Document(doc))}
    ]
    assert missed == []
