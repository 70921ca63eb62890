"""Which instrument phrases count, and which of them name the same instrument.

What belongs here: the instruments of one article as groups of phrases.
What does not: finding the phrases (``instruments``), reading status and parties (``agreement_status``,
``agreement_parties``), the records that leave the room (``agreements``).

A phrase counts when it tells one instrument from others (a name, a subject, its parties) or when somebody is said to
make it, and when a state, a bloc or an armed body is party.  What is merely wished for, denied, or spoken of in general
("trade deals", "any agreement") is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extraction import phrase_traits as traits
from extraction.actors import Actors
from extraction.agreement_parties import Parties, PartyReader
from extraction.agreement_status import SIGNING, Reading, read_status
from extraction.coreference import Coreference
from extraction.document import Document
from extraction.instrument_titles import is_year, vocabulary
from extraction.instruments import Phrase, titles
from extraction.party_references import Ref

MADE = frozenset({"signed", "agreed", "ratified", "extended", "amended", "suspended", "terminated"})
_BULLET = re.compile(r"^[\s\W\d]*(?:\(?[a-z\d]{1,3}[.)]\s*)?|[\s\W]+$")
_NAMED = r"(?:(?:also|better|formally)\s+)?(?:known as|called|dubbed|named)"
_CALLED = re.compile(rf"""[,(“"—–-]*\s*{_NAMED}\s+(?:the\s+)?[“"]?""")
_MARKER = 6  # tokens of a bullet or number before an item
_LIST = 400  # tokens from a group to the last bullet of its list
_NEAR = 3  # instruments back that a name may be given to
_SOON = 150  # tokens from a description to the name
_RECENT = 40  # instruments of one article that a later "the deal" may mean


@dataclass(slots=True)
class Record:
    """An instrument under construction: its phrases with what each says."""

    phrase: Phrase
    span: tuple[int, int]
    reading: Reading
    parties: Parties
    words: frozenset[str]
    code: str
    title: str
    mentions: list[tuple[Phrase, tuple[int, int], Reading]] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    items: list[Record] = field(default_factory=list)  # of a group: the instruments that it lists


class Finder:
    """Sorts phrases into instruments."""

    def __init__(self, document: Document, actors: Actors, coreference: Coreference) -> None:
        self.actors = actors
        self.reader = PartyReader(document, actors, coreference)
        self.records: list[Record] = []
        self.groups: list[Record] = []

    def take(self, phrase: Phrase) -> None:
        """Add a phrase: to the instrument that it names again, as a new one, or not at all."""
        reading = read_status(phrase)
        words = traits.words(phrase)
        parties = self.reader.read(phrase, reading.governor, reading.status)
        group = self._listing(phrase)
        if group is not None and not (reading.strong and reading.status in MADE):
            reading = group.reading
            parties.add(group.parties.refs if len(parties.refs) < 2 else [])
            parties.explicit = len(parties.refs) > 1
        known = self._known(phrase, words, parties, reading)
        if known is not None:
            self._join(known, phrase, reading, parties)
            return
        if group is None and not self._counts(phrase, reading, parties):
            return
        if phrase.plural and not parties.explicit:
            parties.refs = self.reader.counterpart(phrase, parties.refs)  # for those it lists
        for span in titles(phrase):
            record = Record(phrase, span, reading, parties, words, phrase.code, traits.title(phrase))
            record.mentions.append((phrase, span, reading))
            record.aliases = traits.aliases(phrase)
            self.records.append(record)
            if group is not None:
                group.items.append(record)

    def settled(self) -> list[Record]:
        """The instruments, without the groups that the text lists in full."""
        kept = []
        for n, record in enumerate(self.records):
            listed = self._listed(record, self.records[n + 1 :]) if record.phrase.plural else []
            for other in listed:
                if other.code == "agreement" and record.code != "other":
                    other.code = record.code
            if not listed:
                kept.append(record)
        return kept

    def _listed(self, group: Record, later: list[Record]) -> list[Record]:
        """The instruments that exhaust a group.

        They are as many as it counts, or follow its colon, or are all of its parties' under a definite plural.
        """
        single = [r for r in later if not r.phrase.plural]
        count = traits.count(group.phrase)
        if count is not None:
            near = [r for r in single[:count] if r.phrase.start - group.phrase.end < _LIST]
            return near if len(near) == count else []
        if len(group.items) > 1 and traits.introduces(group.phrase):
            return group.items
        if group.phrase.determiner != "the" or group.phrase.quantity or len(group.parties.refs) < 2:
            return []
        same = [r for r in single if set(r.parties.refs) == set(group.parties.refs)]
        return same if len(same) > 1 else []

    # the same instrument again ----------------------------------------------------------------------------------------

    def _known(self, phrase: Phrase, words: frozenset[str], parties: Parties, reading: Reading) -> Record | None:
        recent = self.records[-_RECENT:][::-1]
        title, aliases = traits.title(phrase), traits.aliases(phrase)
        for record in recent:
            if title in record.aliases or record.title in aliases or self._called(record, phrase):
                return record
            if title == record.title and (phrase.proper or phrase.plural):
                return record
        if phrase.proper and phrase.definite and (described := self._described(phrase, words, parties, reading)):
            return described
        if phrase.proper and len(words) > 1:
            return next((r for r in recent if r.phrase.proper and (words <= r.words or r.words <= words)), None)
        if phrase.plural:
            return self._group(phrase, recent)
        back = phrase.definite or (not phrase.determiner and phrase.word in ("mou", "moc", "moa"))
        refs, explicit = set(parties.refs), {*parties.tied, *self._named(phrase)}
        fitting = [r for r in recent if not r.phrase.plural and self._fits(phrase, words, refs, explicit, r, back)]
        if not fitting:
            return None
        return max(fitting, key=lambda r: (len(words & r.words), -len(refs ^ set(r.parties.refs))))

    def _described(self, phrase: Phrase, words: frozenset[str], parties: Parties, reading: Reading) -> Record | None:
        """What a name that comes as known has described just before: "signed a treaty on water … The X Treaty".

        The description is of something new, made, and of the same kind.  Besides, the two share a word of their
        subject, or the name is a subject with the same head word or of the same act.
        """
        if parties.tied or any(is_year(t) for t in phrase.modifiers):
            return None
        for record in self.records[-_NEAR:][::-1]:
            old = record.phrase
            new = old.determiner in ("a", "an") and not old.proper and not old.plural
            made = record.reading.status in MADE and record.reading.strong
            if not (new and made and phrase.start - old.end < _SOON):
                continue
            generic = vocabulary()["generic"]
            same = phrase.word == old.word
            if not (same or phrase.code == record.code or phrase.word in generic or old.word in generic):
                continue
            shared = {w.rstrip("s") for w in words} & {w.rstrip("s") for w in record.words}
            subject = phrase.head.dep_ in ("nsubj", "nsubjpass")
            if shared or (subject and (same or reading.status == record.reading.status)):
                return record
        return None

    @staticmethod
    def _called(record: Record, phrase: Phrase) -> bool:
        """Whether a name is given to what was just described: "the nuclear deal, known as the …"."""
        last = record.mentions[-1][0]
        between = phrase.doc[last.end : phrase.start]
        return 0 < len(between) < 8 and _CALLED.fullmatch(between.text.strip() + " ") is not None

    def _listing(self, phrase: Phrase) -> Record | None:
        """The group of instruments that a phrase is one of: "among the pacts is …", "including …", a bullet."""
        group = next((r for r in self.records[-_RECENT:][::-1] if r.phrase.plural), None)
        if group is None or phrase.plural or phrase.definite:
            return None
        doc, sentence = phrase.doc, phrase.head.sent
        last = group.mentions[-1][0]
        if last.start >= sentence.start:
            between = doc[last.end : phrase.start]
            if any(t.lower_ in vocabulary()["open_lists"] or t.text in ":;—–" for t in between):
                return group
            above = {a.lemma_ for a in phrase.head.ancestors}
            return group if above & {"include", "be", "comprise", "feature", "cover", "number"} else None
        line = phrase.start
        while line > last.end and phrase.start - line < _MARKER and not traits.ends_item(doc[line - 1]):
            line -= 1
        opening = _BULLET.sub("", doc[line : phrase.start].text).lower()
        return (
            group if line > last.end and phrase.start - last.end < _LIST and opening in ("", "an", "the", "a") else None
        )

    def _group(self, phrase: Phrase, recent: list[Record]) -> Record | None:
        """ "The pacts", "these accords": the group spoken of before."""
        if not phrase.definite or phrase.end > phrase.tail:
            return None
        return next((r for r in recent if r.phrase.plural), None)

    def _fits(
        self,
        phrase: Phrase,
        words: frozenset[str],
        mine: set[Ref],
        explicit: set[Ref],
        record: Record,
        back: bool,
    ) -> bool:
        generic = vocabulary()["generic"]
        same = phrase.word == record.phrase.word or phrase.code == record.code
        if not (same or phrase.word in generic or record.phrase.word in generic):
            return False
        if record.phrase.proper and phrase.word not in record.words and phrase.word not in generic and not same:
            return False
        if not any(w.isdigit() for w in record.words):
            words = frozenset(w for w in words if not (w.isdigit() and len(w) == 4))
        theirs = set(record.parties.refs)
        if explicit and theirs and not (explicit <= theirs or (not record.parties.explicit and explicit & theirs)):
            return False
        if back:
            return not words or bool(words & record.words) or (not record.words and phrase.end == phrase.tail)
        if words and words == record.words and mine and theirs <= mine:
            return phrase.head.sent != record.phrase.head.sent  # told again, from the headline say
        return same and bool(explicit) and mine <= theirs | explicit and words <= record.words and bool(mine & theirs)

    def _named(self, phrase: Phrase) -> list[Ref]:
        """The parties inside the phrase itself."""
        return self.reader.within(phrase.doc[phrase.start : phrase.end])

    def _join(self, record: Record, phrase: Phrase, reading: Reading, parties: Parties) -> None:
        bare = phrase.head.i, phrase.tail  # "the interim agreement" of a named one tells no more than "agreement"
        for span in titles(phrase) if traits.words(phrase) else [bare]:
            record.mentions.append((phrase, span, reading))
        if phrase.proper or record.phrase.word == "":
            record.words |= traits.words(phrase)
            record.aliases |= traits.aliases(phrase)
        vague = ("agreement", "other")
        if record.code in vague and phrase.code not in vague and not phrase.plural:
            record.code = phrase.code  # what a text later calls "the MoU" is one
        signing = reading.governor is not None and reading.status in ("signed", "ratified")
        if not record.parties.explicit or (signing and parties.signatories):
            record.parties.add(parties.refs)
            record.parties.explicit = len(record.parties.refs) > 1
        for actor in parties.signatories:
            if actor not in record.parties.signatories:
                record.parties.signatories.append(actor)

    # whether a phrase counts ------------------------------------------------------------------------------------------

    def _counts(self, phrase: Phrase, reading: Reading, parties: Parties) -> bool:
        if phrase.denied or traits.without(phrase) or (reading.denied and not phrase.definite):
            return False
        w = vocabulary()
        names = {t.lower_ for t in phrase.modifiers}
        political = bool(names & set(w["political_modifiers"]))
        if names & set(w["other_modifiers"]) and not political:
            return False
        states = [r for r in parties.refs if self.reader.is_political(r)]
        if self.reader.unnamed_other(phrase):
            return False
        bare = phrase.end == phrase.tail and not traits.telling(phrase)
        if phrase.code == "ceasefire":
            if reading.hoped or (bare and not reading.strong):
                return False
            if bare and states and reading.status in ("in-force", *MADE) and phrase.modifiers:
                return True
        if phrase.word in w["only_made"]:
            signed = reading.strong and reading.status in ("signed", "agreed", "proposed") and not reading.hoped
            named = phrase.proper or (bool(phrase.quantity) and reading.status == "signed")
            verb = reading.governor is not None and reading.governor.lemma_ in (*SIGNING, "conclude")
            return signed and named and verb and (bool(states) or self._has_states())
        if phrase.word in w["strict"] and not self._strictly(phrase, reading, parties, states):
            return False
        if phrase.plural and not phrase.quantity and not self._several(phrase, reading, parties):
            return False
        if phrase.proper:
            if phrase.head.tag_ in ("NNS", "NNPS") and not phrase.determiner and not reading.strong:
                return False  # "Nuclear Cooperation MOUs are …": a kind, not one of them
            if phrase.word in ("contract", "deal", "settlement"):
                return bool(states) and reading.strong and reading.status in MADE
            return bool(states) or traits.formal(phrase)
        made = reading.strong and reading.status in MADE and reading.governor is not None
        if bare:
            enough = len(states) > 1 or (phrase.plural and self._two_states(phrase))
            if not enough and traits.told_by_participle(phrase, reading) and phrase.word not in w["weak"]:
                enough = len(self.reader.counterpart(phrase, parties.refs)) > 1 or phrase.code == "ceasefire"
            return made and enough and (phrase.plural or bool(phrase.determiner))
        if reading.hoped and not (political or states):
            return False
        if phrase.determiner in ("a", "an", "") and not reading.strong and not (parties.tied or parties.explicit):
            return False  # "a global accord could not be …", "support for a trade deal"
        if phrase.word in w["mass"] and not phrase.determiner and not phrase.plural and not made:
            return False
        if phrase.word in w["weak"]:
            near = states or (self.reader.within(phrase.head.sent) if political else [])
            return bool(near) and (len(states) > 1 or political or made or reading.strong)
        known = political or phrase.quantity or any(is_year(t) for t in phrase.modifiers)
        placed = phrase.definite and any(t.ent_type_ in ("GPE", "LOC", "FAC") for t in phrase.modifiers)
        if states or (bool(known or placed) and self._has_states()):
            return True
        told = reading.strong and not reading.hoped and not parties.refs and not parties.strangers
        return told and self._two_states(phrase)

    def _two_states(self, phrase: Phrase) -> bool:
        return sum(r.country is not None for r in self.reader.within(phrase.head.sent)) > 1

    def _strictly(self, phrase: Phrase, reading: Reading, parties: Parties, states: list[Ref]) -> bool:
        if phrase.word == "statement":
            issued = reading.governor is not None and reading.governor.lemma_ in ("release", "issue", "publish", "sign")
            return not phrase.plural and len(states) > 1 and (traits.joint(phrase) or (issued and not parties.tied))
        if parties.explicit and reading.strong and reading.status in MADE and traits.telling(phrase):
            return True
        if phrase.proper or traits.joint(phrase):
            return True
        if any(r.country for r in parties.tied) or (
            phrase.definite and any(r.country for r in states) and traits.capital(phrase)
        ):
            return phrase.word not in ("plan", "map", "program", "programme", "statement")
        complement = phrase.end > phrase.tail
        return complement and reading.strong and reading.status in MADE and len(states) > 1

    def _several(self, phrase: Phrase, reading: Reading, parties: Parties) -> bool:
        """Whether a bare plural tells of particular instruments: they are made, or dated, or known."""
        if any(is_year(t) for t in phrase.modifiers):
            return True
        if phrase.definite and any(t.ent_type_ in ("GPE", "LOC", "FAC") for t in phrase.modifiers):
            return True  # "the Minsk agreements"
        verbal = reading.governor is not None and (reading.governor.pos_ == "VERB" or reading.status == "signed")
        made = reading.strong and verbal
        if phrase.definite and len(parties.tied) > 1:
            return True  # "the memoranda between X and Y"
        if phrase.definite and made and traits.introduces(phrase):
            return True  # "the following agreements were signed: …"
        if phrase.definite:
            return made and reading.status in ("signed", "agreed", "ratified") and phrase.end > phrase.tail
        concluded = reading.status in ("signed", "agreed", "ratified")
        return made and (concluded or (reading.status == "proposed" and traits.telling(phrase)))

    def _has_states(self) -> bool:
        return sum(a.kind in ("state", "bloc") for a in self.actors.all) > 1
