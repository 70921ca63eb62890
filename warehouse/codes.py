"""Code lists: every closed vocabulary of the tables, each code with its meaning and each list with its source.

What belongs here: codes that a column may hold (PLOVER types and modes, instruments, statuses, severities …).
What does not: the words by which a text is recognised as one of them (``extraction``), and open vocabularies such as
rule names, source ids or place names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed vocabulary: ``meanings`` maps each code to one line of explanation; ``source`` says who defines it."""

    name: str
    source: str
    meanings: Mapping[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in their documented order."""
        return tuple(self.meanings)


def _list(name: str, source: str, /, **meanings: str) -> CodeList:
    """Build a code list; an underscore in a keyword stands for the hyphen of the code."""
    return CodeList(name, source, MappingProxyType({code.replace("_", "-"): text for code, text in meanings.items()}))


@dataclass(frozen=True, slots=True)
class PloverType:
    """An event type: its quad class, its conflict–cooperation score, and the scores of its modes."""

    quad_class: int
    score: float
    modes: Mapping[str, float]
    meaning: str


PLOVER_SOURCE = "PLOVER codebook, 2021 draft, Open Event Data Alliance"
OURS = "Chancery"

PLOVER: Mapping[str, PloverType] = MappingProxyType(
    {
        "AGREE": PloverType(1, 2.5, {}, "agrees, promises or offers to act together later"),
        "CONSULT": PloverType(
            1,
            2.5,
            {"visit": 4.0, "third-party": 1.0, "multilateral": 4.0, "phone": 1.5},
            "meets, visits, calls, talks",
        ),
        "SUPPORT": PloverType(1, 5.0, {}, "signs, ratifies, recognises, endorses"),
        "CONCEDE": PloverType(1, 4.5, {}, "gives way: lifts a measure, accepts a demand"),
        "COOPERATE": PloverType(2, 9.5, {}, "acts together in fact: exchanges, exercises, hand-overs"),
        "AID": PloverType(2, 10.0, {}, "gives material help"),
        "RETREAT": PloverType(
            2,
            6.5,
            {
                "withdraw": 8.0,
                "release": 6.5,
                "disarm": 10.0,
                "ceasefire": 7.5,
                "access": 6.5,
                "resign": 4.5,
            },
            "withdraws, releases, disarms, steps down",
        ),
        "REQUEST": PloverType(
            3, 0.0, {"assist": 0.5, "change": -1.0, "yield": -1.0, "meet": 0.0}, "asks, urges, demands, summons"
        ),
        "ACCUSE": PloverType(
            3, -3.0, {"disapprove": -2.0, "investigate": -3.5, "allege": -3.5}, "criticises, blames, investigates"
        ),
        "REJECT": PloverType(
            3, -2.0, {"assist": -1.5, "change": -2.0, "yield": -2.0, "meet": -2.0}, "refuses or turns down"
        ),
        "THREATEN": PloverType(
            3,
            -3.5,
            {
                "restrict": -3.0,
                "arrest": -3.5,
                "relations": -3.5,
                "expel": -3.5,
                "territory": -4.0,
                "violence": -3.5,
            },
            "warns of a hostile act",
        ),
        "PROTEST": PloverType(
            4,
            -5.0,
            {"demo": -5.0, "riot": -7.0, "strike": -5.0, "hunger": -4.5, "boycott": -4.5, "obstruct": -4.5},
            "demonstrates, strikes, riots",
        ),
        "SANCTION": PloverType(
            4,
            -6.0,
            {"convict": -6.0, "expel": -5.5, "withdraw": -6.0, "discontinue": -6.0},
            "reduces relations: expels, recalls, embargoes, suspends",
        ),
        "MOBILIZE": PloverType(
            4,
            -5.5,
            {"troops": -6.5, "weapons": -6.5, "police": -5.5, "militia": -6.0},
            "moves or readies forces",
        ),
        "COERCE": PloverType(
            4,
            -7.0,
            {
                "seize": -7.0,
                "restrict": -7.0,
                "censor": -6.5,
                "curfew": -6.5,
                "martial-law": -7.5,
                "arrest": -7.0,
                "deport": -7.0,
                "withhold": -7.0,
                "misinformation": -6.5,
                "cyber": -7.0,
            },
            "arrests, bans, seizes, blockades",
        ),
        "ASSAULT": PloverType(
            4,
            -9.0,
            {
                "abduct": -8.5,
                "beat": -7.5,
                "torture": -8.5,
                "sexual": -8.5,
                "targeted": -9.5,
                "destroy": -8.5,
                "primitive": -8.0,
                "firearms": -9.0,
                "explosives": -9.0,
                "suicide-attack": -9.5,
                "aerial": -9.5,
                "drone": -9.5,
                "heavy-weapons": -9.5,
                "crowd-control": -7.5,
                "unconventional": -10.0,
            },
            "attacks people or property",
        ),
    }
)

EVENT_TYPE = CodeList("event_type", PLOVER_SOURCE, MappingProxyType({k: t.meaning for k, t in PLOVER.items()}))


def _modes() -> Mapping[str, str]:
    """Every mode once, with the types that it may qualify."""
    types: dict[str, list[str]] = {}
    for name, plover in PLOVER.items():
        for mode in plover.modes:
            types.setdefault(mode, []).append(name)
    return MappingProxyType({mode: "of " + ", ".join(types[mode]) for mode in sorted(types)})


MODE = CodeList("mode", PLOVER_SOURCE, _modes())
QUAD_CLASS = CodeList(
    "quad_class",
    PLOVER_SOURCE,
    MappingProxyType(
        {"1": "verbal cooperation", "2": "material cooperation", "3": "verbal conflict", "4": "material conflict"}
    ),
)
EVENT_STATUS = _list(
    "event_status",
    OURS,
    held="it has happened or is happening",
    planned="it is announced for later",
    cancelled="it was announced and will not happen",
)
PRECISION = _list(
    "date_precision",
    OURS,
    day="the exact day is known",
    month="the month is known; the date is its first day",
    year="the year is known; the date is its first day",
    unknown="no date is known",
)
BASIS = _list(
    "date_basis",
    OURS,
    stated="the article writes the date",
    resolved='worked out from a relative expression ("on Monday") and the day of publication',
    published="assumed to be the day of publication; the article does not say",
    unknown="no date is known",
)
KIND = _list(
    "participant_kind",
    OURS,
    person="a human being",
    organization="a ministry, army, company, group, newspaper …",
    state="a country, also when named by its capital or government",
    bloc="a union or club of states (EU, ASEAN, G7, UN …)",
)
SIDE = _list(
    "side",
    PLOVER_SOURCE,
    actor="who acts",
    recipient="who is acted upon",
    both="reciprocal: each party is actor and recipient (meetings, signings)",
)
QUOTE_KIND = _list(
    "quote_kind",
    OURS,
    direct="all of it stands between quotation marks",
    mixed="partly between quotation marks",
    indirect="reported without quotation marks, under a cue of saying",
)
INSTRUMENT = _list(
    "instrument",
    OURS,
    treaty="a treaty or pact between states",
    agreement="an agreement, accord or deal not named more exactly",
    mou="a memorandum of understanding",
    protocol="a protocol, also one that amends an older instrument",
    contract="a contract, mostly commercial or for arms",
    convention="a convention, mostly multilateral",
    declaration="a declaration",
    joint_statement="a joint statement or communiqué",
    letter_of_intent="a letter of intent",
    action_plan="an action plan or roadmap",
    ceasefire="a ceasefire, truce or armistice",
    other="an instrument of none of these names",
)
AGREEMENT_STATUS = _list(
    "agreement_status",
    OURS,
    signed="signatures have been put to it",
    agreed="reached or adopted, no signature reported",
    ratified="approved by the body that binds the state",
    proposed="offered, drafted or announced for signature",
    under_negotiation="being negotiated",
    in_force="valid now",
    amended="changed by a later instrument",
    extended="prolonged",
    suspended="not applied for the time being",
    terminated="ended, left or expired",
)
PARTY_ROLE = _list(
    "party_role",
    OURS,
    party="bound by the instrument",
    signatory="a person said to have put a signature to it",
)
ENTITY = _list(
    "entity",
    OURS,
    participant="a row of participants",
    event="a row of events",
    agreement="a row of agreements",
)
SEVERITY = _list(
    "severity",
    OURS,
    critical="a failure blocks publication",
    warning="a failure is shown and does not block",
    info="a measurement; nobody need act on it",
)
FETCH_STATUS = _list(
    "fetch_status",
    OURS,
    article="became an article",
    unchanged="the same bytes as before; nothing to do",
    rejected="fetched, but no article could be made of it; the reason says why",
    failed="could not be fetched; the reason says why",
    warning="taken in spite of a defect; the reason says which",
    document="a feed, list or file that holds articles and is none itself",
)

CODE_LISTS: tuple[CodeList, ...] = (
    EVENT_TYPE,
    MODE,
    QUAD_CLASS,
    EVENT_STATUS,
    PRECISION,
    BASIS,
    KIND,
    SIDE,
    QUOTE_KIND,
    INSTRUMENT,
    AGREEMENT_STATUS,
    PARTY_ROLE,
    ENTITY,
    SEVERITY,
    FETCH_STATUS,
)
