"""The agreements layer: instruments between parties, with status, parties and subject.

What belongs here: the record of each instrument: title, status, date, place, parties, subject, event.
What does not: which phrases are instruments and which name the same one (``instrument_records``), the events at which
they are made (``events``), joining across articles (``resolution``).
"""

from __future__ import annotations

from spacy.tokens import Token

from extraction.actors import Actors
from extraction.agreement_parties import PartyReader
from extraction.agreement_status import Reading
from extraction.coreference import Coreference
from extraction.dates import date_of, finest
from extraction.document import Document
from extraction.facts import Agreement, AgreementMention, Event, Party, When, Where
from extraction.instrument_records import MADE, Finder, Record
from extraction.instrument_titles import is_year, vocabulary
from extraction.instruments import Phrase, find_phrases
from extraction.party_references import Ref
from extraction.places import place_of

_OLD = 300  # days after which an instrument is no longer news: it stands


def find_agreements(
    document: Document, actors: Actors, coreference: Coreference, events: list[Event]
) -> list[Agreement]:
    """Find the instruments of a document, in order of first mention."""
    finder = Finder(document, actors, coreference)
    for phrase in find_phrases(document.doc):
        finder.take(phrase)
    builder = _Builder(document, actors, finder.reader, events)
    return [builder.build(f"a{n}", record) for n, record in enumerate(finder.settled(), 1)]


class _Builder:
    """Turns instruments into records."""

    def __init__(self, document: Document, actors: Actors, reader: PartyReader, events: list[Event]) -> None:
        self.document = document
        self.actors = actors
        self.reader = reader
        self.events = [(m.sentence_start, m.sentence_end, m.start, m.end, e) for e in events for m in e.mentions]
        self.events.sort(key=lambda row: row[:3])

    def build(self, key: str, record: Record) -> Agreement:
        """The frozen record of an instrument; its first mention is the fullest."""
        doc = self.document.doc
        reading = _decisive(record)
        when = self._when(record, reading)
        status = self._status(reading, when)
        refs = self._parties(record)
        forms: dict[str, AgreementMention] = {}  # each written form once, where it comes first
        named = any(p.proper and p.word for p, _, _ in record.mentions)
        for phrase, span, r in record.mentions:
            if named and not phrase.proper and phrase.end > phrase.tail:
                span = (phrase.head.i, phrase.tail)  # an instrument with a name goes by it, not by its description
            told = r.strong and not (r.denied or r.ahead or r.hoped)
            # "the accord" in passing says nothing of its own: it has the status that the article tells
            mention = self._mention(span, r.status if told else status)
            forms.setdefault(mention.title.casefold(), mention)
        fullest = max(forms.values(), key=lambda m: m.end - m.start)
        mentions = [m for m in forms.values() if m is not fullest]
        where = Where()
        if status in MADE and reading.governor is not None:
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

    def _parties(self, record: Record) -> list[Ref]:
        refs = list(record.parties.refs)
        phrase = record.phrase
        internal = record.code == "ceasefire" and refs
        other = any(t.lower_ == "with" for t in phrase.doc[phrase.tail : phrase.end])
        wanted = next((n for t in phrase.modifiers if (n := vocabulary()["sizes"].get(t.lower_))), 2)
        if wanted > 2 and len(refs) < wanted:
            refs = self.reader.salient(phrase.head, wanted, refs)
        elif len(refs) < 2 and not phrase.proper and not internal and (not refs or not other or record.parties.tied):
            refs = self.reader.counterpart(phrase, refs)
        return refs

    def _states(self, refs: list[Ref]) -> list[Party]:
        rows = []
        for ref in refs:
            state = self.actors.of_country(ref.country) if ref.country else None
            participant = state.key if state is not None else ref.participant
            rows.append(Party("party", participant, ref.country))
        return rows

    def _signatories(self, record: Record) -> list[Party]:
        return [Party("signatory", a.key, a.country) for a in record.parties.signatories]

    def _when(self, record: Record, reading: Reading) -> When:
        head, title = record.phrase.head, self.document.doc[record.span[0] : record.span[1]]
        year = next((t for t in title if is_year(t)), None)
        if year is not None or any(t.ent_type_ == "DATE" for t in record.phrase.modifiers):
            return date_of(self.document, year if year is not None and len(record.phrase.modifiers) > 1 else head)
        governor = reading.governor
        if governor is None or not reading.strong:
            return When()
        if reading.status in MADE and not reading.ahead:
            told = [
                r.governor for _, _, r in record.mentions if r.status == reading.status and r.strong and not r.ahead
            ]
            return finest(date_of(self.document, g) for g in (governor, *told) if g is not None)
        if reading.status == "in-force" and any(c.dep_ == "prep" or c.lower_ == "effect" for c in governor.children):
            when = date_of(self.document, governor)  # "entered into force on Friday"
            began = governor.lemma_ in ("enter", "take", "come") and when.basis != "published"
            return when if began else When()
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
        if reading.status not in MADE and reading.status != "proposed":
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


def _decisive(record: Record) -> Reading:
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
        while start < end - 1 and (doc[start].pos_ == "DET" or doc[start].tag_ == "PRP$"):
            start += 1
        return doc[start:end].text or None
    w = vocabulary()
    dull = {*w["colourless"], *w["mediating"], *w["sizes"], "unilateral"}
    entities = ("GPE", "NORP", "DATE", "CARDINAL")
    topic = [t for t in phrase.modifiers if t.lower_ not in dull and t.ent_type_ not in entities]
    if not topic or phrase.proper or phrase.plural:
        return None
    return doc[topic[0].i : phrase.head.i].text.strip(" -–") or None
