"""The agreements layer: instruments between parties, with status, parties and subject.

What belongs here: which instrument phrases count, which of them name the same instrument, and the record of each.
What does not: finding the phrases (``instruments``), reading status and parties (``agreement_status``,
``agreement_parties``), the events at which they are made (``events``), joining across articles (``resolution``).

A phrase counts when it tells one instrument from others (a name, a subject, its parties) or when somebody is said to
make it, and when a state, a bloc or an armed body is party.  What is merely wished for, denied, or spoken of in general
("trade deals", "any agreement") is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from spacy.tokens import Token

from extraction.actors import Actors
from extraction.agreement_parties import Parties, PartyReader, Ref, countries_in
from extraction.agreement_status import Reading, read_status
from extraction.coreference import Coreference
from extraction.dates import date_of
from extraction.document import Document
from extraction.facts import Agreement, AgreementMention, Event, Party, When, Where
from extraction.instruments import Phrase, find_phrases, titles, vocabulary
from extraction.places import place_of

_MADE = frozenset({"signed", "agreed", "ratified", "extended", "amended", "suspended", "terminated"})
_OLD = 300  # days after which an instrument is no longer news: it stands
_BULLET = re.compile(r"^[\s\W\d]*(?:\(?[a-z\d]{1,3}[.)]\s*)?|[\s\W]+$")
_NAMED = r"(?:(?:also|better|formally)\s+)?(?:known as|called|dubbed|named)"
_CALLED = re.compile(rf"""[,(“"—–-]*\s*{_NAMED}\s+(?:the\s+)?[“"]?""")
_MARKER = 6  # tokens of a bullet or number before an item
_LIST = 400  # tokens from a group to the last bullet of its list
_RECENT = 40  # instruments of one article that a later "the deal" may mean


@dataclass(slots=True)
class _Record:
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


def find_agreements(
    document: Document, actors: Actors, coreference: Coreference, events: list[Event]
) -> list[Agreement]:
    """Find the instruments of a document, in order of first mention."""
    finder = _Finder(document, actors, coreference)
    for phrase in find_phrases(document.doc):
        finder.take(phrase)
    builder = _Builder(document, actors, finder.reader, events)
    return [builder.build(f"a{n}", record) for n, record in enumerate(finder.settled(), 1)]


class _Finder:
    """Sorts phrases into instruments."""

    def __init__(self, document: Document, actors: Actors, coreference: Coreference) -> None:
        self.actors = actors
        self.reader = PartyReader(document, actors, coreference)
        self.records: list[_Record] = []
        self.groups: list[_Record] = []

    def take(self, phrase: Phrase) -> None:
        """Add a phrase: to the instrument that it names again, as a new one, or not at all."""
        reading = read_status(phrase)
        words = _words(phrase)
        parties = self.reader.read(phrase, reading.governor, reading.status)
        group = self._listing(phrase)
        if group is not None and not (reading.strong and reading.status in _MADE):
            reading = group.reading
            parties.add(group.parties.refs if len(parties.refs) < 2 else [])
            parties.explicit = len(parties.refs) > 1
        known = self._known(phrase, words, parties)
        if known is not None:
            self._join(known, phrase, reading, parties)
            return
        if not self._counts(phrase, reading, parties):
            return
        for span in titles(phrase):
            record = _Record(phrase, span, reading, parties, words, phrase.code, _title(phrase))
            record.mentions.append((phrase, span, reading))
            record.aliases = _aliases(phrase)
            self.records.append(record)

    def settled(self) -> list[_Record]:
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

    def _listed(self, group: _Record, later: list[_Record]) -> list[_Record]:
        """The instruments that exhaust a group: as many as it counts, or all of its parties under a definite plural."""
        single = [r for r in later if not r.phrase.plural]
        count = _count(group.phrase)
        if count is not None:
            near = [r for r in single[:count] if r.phrase.start - group.phrase.end < _LIST]
            return near if len(near) == count else []
        if group.phrase.determiner != "the" or group.phrase.quantity or len(group.parties.refs) < 2:
            return []
        same = [r for r in single if set(r.parties.refs) == set(group.parties.refs)]
        return same if len(same) > 1 else []

    # the same instrument again ----------------------------------------------------------------------------------------

    def _known(self, phrase: Phrase, words: frozenset[str], parties: Parties) -> _Record | None:
        recent = self.records[-_RECENT:][::-1]
        title, aliases = _title(phrase), _aliases(phrase)
        for record in recent:
            if title in record.aliases or record.title in aliases or self._called(record, phrase):
                return record
            if title == record.title and (phrase.proper or phrase.plural):
                return record
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

    @staticmethod
    def _called(record: _Record, phrase: Phrase) -> bool:
        """Whether a name is given to what was just described: "the nuclear deal, known as the …"."""
        last = record.mentions[-1][0]
        between = phrase.doc[last.end : phrase.start]
        return 0 < len(between) < 8 and _CALLED.fullmatch(between.text.strip() + " ") is not None

    def _listing(self, phrase: Phrase) -> _Record | None:
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
        while line > last.end and phrase.start - line < _MARKER and "\n" not in doc[line - 1].text:
            line -= 1
        opening = _BULLET.sub("", doc[line : phrase.start].text).lower()
        return (
            group if line > last.end and phrase.start - last.end < _LIST and opening in ("", "an", "the", "a") else None
        )

    def _group(self, phrase: Phrase, recent: list[_Record]) -> _Record | None:
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
        record: _Record,
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
        return same and bool(explicit) and mine <= theirs | explicit and words <= record.words and bool(mine & theirs)

    def _named(self, phrase: Phrase) -> list[Ref]:
        """The parties inside the phrase itself."""
        return self.reader.within(phrase.doc[phrase.start : phrase.end])

    def _join(self, record: _Record, phrase: Phrase, reading: Reading, parties: Parties) -> None:
        for span in titles(phrase):
            record.mentions.append((phrase, span, reading))
        if phrase.proper or record.phrase.word == "":
            record.words |= _words(phrase)
            record.aliases |= _aliases(phrase)
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
        if phrase.denied or _without(phrase) or (reading.denied and not phrase.definite):
            return False
        w = vocabulary()
        names = {t.lower_ for t in phrase.modifiers}
        political = bool(names & set(w["political_modifiers"]))
        if names & set(w["other_modifiers"]) and not political:
            return False
        states = [r for r in parties.refs if self._is_political(r)]
        if self.reader.unnamed_other(phrase):
            return False
        bare = phrase.end == phrase.tail and not _telling(phrase)
        if phrase.code == "ceasefire" and (reading.hoped or (bare and not reading.strong)):
            return False
        if phrase.word in w["strict"] and not self._strictly(phrase, reading, parties, states):
            return False
        if phrase.plural and not phrase.quantity and not self._several(phrase, reading):
            return False
        if phrase.proper:
            if phrase.head.tag_ in ("NNS", "NNPS") and not phrase.determiner and not reading.strong:
                return False  # "Nuclear Cooperation MOUs are …": a kind, not one of them
            if phrase.word in ("contract", "deal", "settlement"):
                return bool(states) and reading.strong and reading.status in _MADE
            return bool(states) or _formal(phrase)
        made = reading.strong and reading.status in _MADE and reading.governor is not None
        if bare:
            return made and not phrase.plural and len(states) > 1 and bool(phrase.determiner)
        if reading.hoped and not (political or states):
            return False
        if phrase.determiner in ("a", "an", "") and not reading.strong and not (parties.tied or parties.explicit):
            return False  # "a global accord could not be …", "support for a trade deal"
        if phrase.word in w["mass"] and not phrase.determiner and not phrase.plural and not made:
            return False
        if phrase.word in w["weak"]:
            near = states or (self.reader.within(phrase.head.sent) if political else [])
            return bool(near) and (len(states) > 1 or political or made or reading.strong)
        known = political or phrase.quantity or any(_is_year(t) for t in phrase.modifiers)
        return bool(states) or (bool(known) and self._has_states())

    def _strictly(self, phrase: Phrase, reading: Reading, parties: Parties, states: list[Ref]) -> bool:
        if phrase.word == "statement":
            issued = reading.governor is not None and reading.governor.lemma_ in ("release", "issue", "publish", "sign")
            return not phrase.plural and len(states) > 1 and (_joint(phrase) or (issued and not parties.tied))
        if parties.explicit and reading.strong and reading.status in _MADE and _telling(phrase):
            return True
        if phrase.proper or _joint(phrase):
            return True
        complement = phrase.end > phrase.tail
        return complement and reading.strong and reading.status in _MADE and len(states) > 1

    def _several(self, phrase: Phrase, reading: Reading) -> bool:
        """Whether a bare plural tells of particular instruments: they are made, or dated, or known."""
        if any(_is_year(t) for t in phrase.modifiers):
            return True
        made = reading.strong and reading.governor is not None and reading.governor.pos_ == "VERB"
        if phrase.definite:
            return made and reading.status in ("signed", "agreed", "ratified") and phrase.end > phrase.tail
        concluded = reading.status in ("signed", "agreed", "ratified")
        return made and (concluded or (reading.status == "proposed" and _telling(phrase)))

    def _is_political(self, ref: Ref) -> bool:
        if ref.country is not None:
            return True
        actor = self.actors.by_key.get(ref.participant or "")
        return actor is not None and (actor.kind == "bloc" or PartyReader.is_belligerent(actor))

    def _has_states(self) -> bool:
        return sum(a.kind in ("state", "bloc") for a in self.actors.all) > 1


def _title(phrase: Phrase) -> str:
    return phrase.doc[phrase.start : phrase.end].text.casefold()


def _words(phrase: Phrase) -> frozenset[str]:
    """What tells the instrument from others: the words of its name and subject, without colourless ones and states."""
    w = vocabulary()
    dull = {*w["colourless"], *w["joints"], *w["quantities"], *w["counts"]}
    tokens = [
        t for t in phrase.doc[phrase.start : phrase.end] if t.pos_ in ("NOUN", "PROPN", "ADJ", "VERB", "NUM", "X")
    ]
    found = {t.lower_ for t in tokens if t.lower_ not in dull and not countries_in(t)}
    kept = phrase.proper or phrase.word == ""
    return frozenset(found if kept else found - {phrase.head.lower_, phrase.word, "understanding"})


def _aliases(phrase: Phrase) -> set[str]:
    """The acronyms in brackets in and right after the title."""
    doc, found = phrase.doc, set()
    for i in range(phrase.start, min(phrase.end + 1, len(doc) - 2)):
        if doc[i].text == "(" and doc[i + 2].text == ")" and sum(c.isupper() for c in doc[i + 1].text) > 1:
            found.add(doc[i + 1].text.casefold())
    short = vocabulary()["short"]
    title = _title(phrase)
    found |= {s.casefold() for pair in short.items() if title in map(str.casefold, pair) for s in pair} - {title}
    return found


def _telling(phrase: Phrase) -> bool:
    """Whether a modifier says which instrument is meant."""
    dull = vocabulary()["colourless"]
    return any(t.lower_ not in dull and t.text not in "-–/" for t in phrase.modifiers) or bool(phrase.quantity)


def _formal(phrase: Phrase) -> bool:
    """Whether a capitalised name is that of a treaty though no party is told."""
    if phrase.word in ("deal", "contract", "statement", "arrangement", "settlement", "roadmap", "bailout", "compact"):
        return False
    return phrase.code != "ceasefire"


def _joint(phrase: Phrase) -> bool:
    return any(t.lower_ in ("joint", "trilateral", "bilateral", "peace", "common") for t in phrase.modifiers) or (
        phrase.doc[max(0, phrase.tail - 2) : phrase.tail].text.lower().startswith("joint")
    )


def _without(phrase: Phrase) -> bool:
    return phrase.head.dep_ == "pobj" and phrase.head.head.lower_ in ("without", "despite")


def _is_year(token: Token) -> bool:
    return token.is_digit and len(token) == 4


def _count(phrase: Phrase) -> int | None:
    """How many instruments a counted group holds; None when it is uncounted or left open ("including")."""
    words = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
    number = words.get(phrase.quantity) or (int(phrase.quantity) if phrase.quantity.isdecimal() else None)
    after = {t.lower_ for t in phrase.doc[phrase.end : phrase.end + 4]}
    return None if number is None or after & set(vocabulary()["open_lists"]) else number


class _Builder:
    """Turns instruments into records."""

    def __init__(self, document: Document, actors: Actors, reader: PartyReader, events: list[Event]) -> None:
        self.document = document
        self.actors = actors
        self.reader = reader
        self.events = [(m.sentence_start, m.sentence_end, m.start, m.end, e) for e in events for m in e.mentions]
        self.events.sort(key=lambda row: row[:3])

    def build(self, key: str, record: _Record) -> Agreement:
        """The frozen record of an instrument; its first mention is the fullest."""
        doc = self.document.doc
        reading = _decisive(record)
        when = self._when(record, reading)
        status = self._status(reading, when)
        refs = self._parties(record)
        forms: dict[str, AgreementMention] = {}  # each written form once, where it comes first
        for _, span, r in record.mentions:
            mention = self._mention(span, r.status)
            forms.setdefault(mention.title.casefold(), mention)
        fullest = max(forms.values(), key=lambda m: m.end - m.start)
        mentions = [m for m in forms.values() if m is not fullest]
        where = Where()
        if status in _MADE and reading.governor is not None:
            where = place_of(self.document, reading.governor)
        countries = tuple(sorted({r.country for r in refs if r.country}))
        return Agreement(
            key,
            fullest.title,
            record.code,
            status,
            _subject(record.phrase),
            when,
            where,
            countries,
            (*self._states(refs), *self._signatories(record)),
            (AgreementMention(fullest.title, fullest.start, fullest.end, status), *mentions),
            self._event(doc[record.span[0]], reading) if status != "in-force" else None,
        )

    def _mention(self, span: tuple[int, int], status: str) -> AgreementMention:
        text = self.document.doc[span[0] : span[1]]
        return AgreementMention(text.text, text.start_char, text.end_char, status)

    def _parties(self, record: _Record) -> list[Ref]:
        refs = list(record.parties.refs)
        phrase = record.phrase
        internal = record.code == "ceasefire" and refs
        other = any(t.lower_ == "with" for t in phrase.doc[phrase.tail : phrase.end])
        if len(refs) < 2 and not phrase.proper and not internal and (not refs or not other or record.parties.tied):
            refs = self.reader.counterpart(phrase, refs)
        return refs

    def _states(self, refs: list[Ref]) -> list[Party]:
        rows = []
        for ref in refs:
            state = self.actors.of_country(ref.country) if ref.country else None
            participant = state.key if state is not None else ref.participant
            rows.append(Party("party", participant, ref.country))
        return rows

    def _signatories(self, record: _Record) -> list[Party]:
        return [Party("signatory", a.key, a.country) for a in record.parties.signatories]

    def _when(self, record: _Record, reading: Reading) -> When:
        head, title = record.phrase.head, self.document.doc[record.span[0] : record.span[1]]
        year = next((t for t in title if _is_year(t)), None)
        if year is not None or any(t.ent_type_ == "DATE" for t in record.phrase.modifiers):
            return date_of(self.document, year if year is not None and len(record.phrase.modifiers) > 1 else head)
        governor = reading.governor
        if governor is None or not reading.strong:
            return When()
        if reading.status in _MADE and not reading.ahead:
            return date_of(self.document, governor)
        if reading.status == "proposed" and not reading.hoped:
            when = date_of(self.document, governor)
            return When() if when.basis == "published" else when
        return When()

    def _status(self, reading: Reading, when: When) -> str:
        published = self.document.published
        if reading.status in ("signed", "agreed", "ratified") and when.date is not None and published is not None:
            old = (published - when.date).days > _OLD and when.basis != "published"
            if old:
                return "in-force"
        return reading.status

    def _event(self, token: Token, reading: Reading) -> str | None:
        """The event at which it was made: one triggered by its verb, else an act of agreeing in its sentence."""
        if reading.status not in _MADE and reading.status != "proposed":
            return None
        at = reading.governor.idx if reading.governor is not None else -1
        inside = [row for row in self.events if row[0] <= token.idx < row[1]]
        for _, _, start, end, event in inside:
            if start <= at < end:
                return event.key
        for wanted in (("SUPPORT", "AGREE"), ("COOPERATE", "CONSULT")):
            for *_, event in inside:
                if event.type in wanted:
                    return event.key
        return None


def _decisive(record: _Record) -> Reading:
    """The reading that tells what became of the instrument: the first strong one, or a later signature."""
    readings = [r for _, _, r in record.mentions if not r.denied] or [record.reading]
    strong = [r for r in readings if r.strong]
    if not strong:
        return readings[0]
    first = strong[0]
    if first.status in ("agreed", "proposed", "under-negotiation"):
        further = [r for r in strong if r.status in ("signed", "ratified")]
        if further:
            return further[0]
    if first.status == "in-force" and not readings[0].strong:
        return first
    return first


def _subject(phrase: Phrase) -> str | None:
    """What it is about, as written: after "in the field of", "on", "for", "to"; else the topic before the head."""
    doc = phrase.doc
    start = None
    for i in range(phrase.tail, phrase.end):
        if doc[i].lower_ == "of" and doc[i - 1].lower_ in vocabulary()["fields"]:
            start = i + 1
    if start is None:
        joints = (
            "on",
            "concerning",
            "regarding",
            "about",
            "for",
            "to",
            "establishing",
            "governing",
            "banning",
            "involving",
        )
        start = next((i + 1 for i in range(phrase.tail, phrase.end) if doc[i].lower_ in joints), None)
    if start is not None:
        stops = (i for i in range(start, phrase.end) if doc[i].lower_ in ("with", "between") and i > start)
        end = next(stops, phrase.end)
        while start < end - 1 and doc[start].pos_ == "DET":
            start += 1
        return doc[start:end].text or None
    topic = [
        t
        for t in phrase.modifiers
        if t.lower_ not in vocabulary()["colourless"] and t.ent_type_ not in ("GPE", "NORP", "DATE", "CARDINAL")
    ]
    if not topic or phrase.proper or phrase.quantity:
        return None
    return doc[topic[0].i : phrase.head.i].text.strip(" -–") or None
