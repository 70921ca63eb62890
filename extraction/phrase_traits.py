"""What a phrase tells by its own words: the subject it names, its short forms, whether it tells one from others.

What belongs here: questions about one phrase that decide whether it counts and what it may be joined with.
What does not: comparing phrases and counting them as instruments (``instrument_records``).
"""

from __future__ import annotations

from spacy.tokens import Token

from extraction.agreement_status import Reading
from extraction.instrument_titles import vocabulary
from extraction.instruments import Phrase
from extraction.party_references import countries_in


def told_by_participle(phrase: Phrase, reading: Reading) -> bool:
    """Whether its own participle says that it was made: "the ceasefire signed in May"."""
    return reading.governor is not None and reading.governor.head.i == phrase.head.i and reading.governor.dep_ == "acl"


def introduces(group: Phrase) -> bool:
    """Whether a colon after the group announces the whole of it."""
    after = [t.lower_ for t in group.doc[group.end : group.head.sent.end]]
    return ":" in after and not set(after) & set(vocabulary()["open_lists"])


def ends_item(token: Token) -> bool:
    """Whether an item of a list may begin after the token."""
    return "\n" in token.text or token.text in (";", ":")


def title(phrase: Phrase) -> str:
    """The title in small letters, for comparing."""
    return phrase.doc[phrase.start : phrase.end].text.casefold()


def words(phrase: Phrase) -> frozenset[str]:
    """What tells the instrument from others: the words of its name and subject, without colourless ones and states."""
    w = vocabulary()
    dull = {*w["colourless"], *w["joints"], *w["quantities"], *w["counts"]}
    tokens = [
        t for t in phrase.doc[phrase.start : phrase.end] if t.pos_ in ("NOUN", "PROPN", "ADJ", "VERB", "NUM", "X")
    ]
    found = {t.lower_ for t in tokens if t.lower_ not in dull and not countries_in(t)}
    kept = phrase.proper or phrase.word == ""
    return frozenset(found if kept else found - {phrase.head.lower_, phrase.word, "understanding"})


def aliases(phrase: Phrase) -> set[str]:
    """The acronyms in brackets in and right after the title, and a well-known treaty's other name, in small letters."""
    doc, found = phrase.doc, set()
    for i in range(phrase.start, min(phrase.end + 1, len(doc) - 2)):
        if doc[i].text == "(" and doc[i + 2].text == ")" and sum(c.isupper() for c in doc[i + 1].text) > 1:
            found.add(doc[i + 1].text.casefold())
    short = vocabulary()["short"]
    own = title(phrase)
    found |= {s.casefold() for pair in short.items() if own in map(str.casefold, pair) for s in pair} - {own}
    return found


def telling(phrase: Phrase) -> bool:
    """Whether a modifier says which instrument is meant."""
    dull = vocabulary()["colourless"]
    return any(t.lower_ not in dull and t.text not in "-–/" for t in phrase.modifiers) or bool(phrase.quantity)


def formal(phrase: Phrase) -> bool:
    """Whether a capitalised name is that of a treaty though no party is told."""
    if phrase.word in ("deal", "contract", "statement", "arrangement", "settlement", "roadmap", "bailout", "compact"):
        return False
    return phrase.code != "ceasefire"


def capital(phrase: Phrase) -> bool:
    """Whether a capitalised word says which one: "the Council of Europe convention"."""
    return any(t.text[:1].isupper() and t.i > phrase.head.sent.start for t in phrase.modifiers)


def joint(phrase: Phrase) -> bool:
    """Whether a word before the head tells of two sides or more."""
    return any(t.lower_ in ("joint", "trilateral", "bilateral", "peace", "common") for t in phrase.modifiers) or (
        phrase.doc[max(0, phrase.tail - 2) : phrase.tail].text.lower().startswith("joint")
    )


def without(phrase: Phrase) -> bool:
    """Whether the phrase is spoken of as lacking ("without a deal")."""
    return phrase.head.dep_ == "pobj" and phrase.head.head.lower_ in ("without", "despite")


def count(phrase: Phrase) -> int | None:
    """How many instruments a counted group holds; None when it is uncounted or left open ("including")."""
    words = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
    number = words.get(phrase.quantity) or (int(phrase.quantity) if phrase.quantity.isdecimal() else None)
    after = {t.lower_ for t in phrase.doc[phrase.end : phrase.end + 4]}
    return None if number is None or after & set(vocabulary()["open_lists"]) else number
