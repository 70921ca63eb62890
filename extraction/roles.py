"""What a named person is: the office beside the name, and the country that the office belongs to.

What belongs here: reading the words before and after a person's name ("Polish Foreign Minister X", "X, the prime
minister of Nepal,", "his French counterpart X", "foreign ministers X and Y").
What does not: finding names (``naming``), joining the mentions of one person and their countries (``actors``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extraction import gazetteer
from extraction.runs import Name
from extraction.tokens import DASHES, POSSESSIVE, Tokens, is_role
from extraction.wordlists import singular, words

# Bodies whose name belongs to the office of those who serve in them.
_MINISTRY = re.compile(r"Ministry|Department|Office\b|Embassy|Cabinet|Treasury|Parliament|Senate|House", re.IGNORECASE)
_BODIES = frozenset(
    {
        "council",
        "commission",
        "committee",
        "institute",
        "institution",
        "university",
        "college",
        "bank",
        "agency",
        "company",
    }
    | {
        "corporation",
        "group",
        "association",
        "federation",
        "foundation",
        "organization",
        "organisation",
        "center",
        "centre",
    }
    | {"fund", "union", "society", "league", "club", "airlines", "airways", "hospital", "school", "board", "authority"}
)
_REACH = 24  # tokens that an office with its complement may take
_FORMER = frozenset(
    {"former", "ex", "ex-", "then", "late", "acting", "interim", "current", "new", "outgoing", "incoming", "now"}
)
_SHOWN = frozenset({"former", "ex", "acting", "interim", "outgoing", "incoming", "late"})
_OWNERS = frozenset({"his", "her", "their", "its", "my", "our"})
# Who is sent somewhere: "ambassador in Lima".
_POSTED = frozenset(
    {"ambassador", "envoy", "representative", "consul", "attaché", "attache", "commander", "negotiator"}
)
_ADJUNCT = frozenset({"of", "for", "to", "on", "at", "in"})


@dataclass(slots=True)
class Office:
    """An office as read beside a name.

    ``owner``: token of the person or body whose aide it is; ``start``, ``end``: its tokens; ``listed``: countries of a
    list of adjectives ("Danish, Irish and French counterparts").
    """

    role: str
    start: int
    end: int
    country: str | None = None
    owner: int | None = None
    counterpart: bool = False
    plural: bool = False
    listed: list[str] = field(default_factory=list)


class Reader:
    """Reads offices beside the names of one document."""

    def __init__(self, tokens: Tokens, names: list[Name]) -> None:
        self.tokens = tokens
        self.names = names
        self.words = words()
        self.at: dict[int, Name] = {i: n for n in names for i in range(n.start, n.end)}

    # before the name

    def before(self, name: Name) -> Office | None:
        """The office that stands before a name, else None."""
        t, w = self.tokens, self.words
        j, short = name.start - 1, None
        while j >= 0 and t.sent[j] == t.sent[name.start] and t.low[j] in w.honorifics and t.capital[j]:
            short = w.offices.get(t.low[j], short)
            j -= 1
        comma = j > 0 and t.text[j] in {",", "–", "—"}
        if comma:
            j -= 1
        if j < 0 or t.sent[j] != t.sent[name.start]:
            return Office(short, name.start, name.start) if short else None
        office = self._ending_at(j)
        if office is None or (comma and not self._apposed(name, office)):
            return Office(short, name.start, name.start) if short else None
        return office

    def _apposed(self, name: Name, office: Office) -> bool:
        """Whether a name after "the foreign minister," is that minister and not the next clause's subject."""
        t = self.tokens
        after = name.end
        if after < len(t) and t.text[after] in {",", ".", ";", ")", "–", "—", ":"}:
            return True
        if office.plural and after < len(t) and t.low[after] == "and":
            return True
        root = t.doc[name.start : name.end].root
        return root.dep_ == "appos" and office.start <= root.head.i < office.end

    def _ending_at(self, j: int) -> Office | None:
        t = self.tokens
        if is_role(t, j) and not (j in self.at and self.at[j].kind == "person"):
            return self._left(j, j + 1)
        if t.low[j] in _ADJUNCT or t.low[j] in {"the", "and", "&", "a"}:
            return None
        # "minister of foreign affairs X": back to the preposition whose noun is an office.
        k, limit = j, max(0, j - _REACH)
        while k > limit and t.sent[k] == t.sent[j] and self._complement_token(k):
            if k < j and t.low[k] in _ADJUNCT and is_role(t, k - 1) and self._takes(k - 1, k):
                return self._left(k - 1, j + 1)
            k -= 1
        return None

    def _takes(self, head: int, preposition: int) -> bool:
        """Whether a preposition after an office's head goes on with the office ("envoy to", not "rebels in")."""
        t = self.tokens
        if t.low[preposition] in ("in", "on", "at"):
            return t.low[preposition + 1] == "large" or t.low[head] in _POSTED
        return singular(t.text[head]) == t.text[head]

    def _complement_token(self, k: int) -> bool:
        t = self.tokens
        low = t.low[k]
        if k in self.at and self.at[k].kind == "person":
            return False
        return (
            t.capital[k]
            or low in self.words.portfolio
            or low in _ADJUNCT
            or low in {"and", ",", "the", "&", "-", "large"}
            or t.text[k] in POSSESSIVE
            or t.text[k] in DASHES
            or t.pos[k] in ("NOUN", "ADJ")
        )

    def _left(self, head: int, end: int) -> Office:
        """The office whose head is ``head`` and that ends at ``end``: its modifiers, country and owner to the left."""
        t = self.tokens
        start, country, owner, former, listed = head, None, None, [], []
        k = head - 1
        sentence = t.sent[head]
        while k >= 0 and t.sent[k] == sentence and head - k < 12:
            low, name = t.low[k], self.at.get(k)
            place = self._place(k)
            if place is not None and name is not None and name.kind in ("state", "demonym", "region", "capital"):
                country, k = place, name.start - 1
                listed = self._country_list(name, place)
                break
            if t.text[k] in POSSESSIVE and k > 0:
                holder = self.at.get(k - 1)
                if holder is not None:
                    country, owner = (holder.value if holder.kind in ("state", "capital") else None), k - 1
                k = holder.start - 1 if holder is not None else k - 1
                break
            if name is not None and name.kind in ("person", "bloc", "organization"):
                if name.kind != "person" or t.doc[name.end - 1].dep_ == "compound":
                    owner = k
                    if name.kind == "organization":
                        if _MINISTRY.search(t.span_text(name.start, name.end)):
                            start = name.start
                        country = name.value
                        k = name.start - 1
                        continue
                break
            if low in _FORMER:
                if low in _SHOWN:
                    start = k
                k -= 1
                continue
            if t.capital[k] and low in _BODIES:
                break  # "National Seed Council Executive Secretary"
            if self._modifies(k):
                start = k
                k -= 1
                continue
            break
        while k >= 0 and t.sent[k] == sentence and (t.low[k] in _FORMER or t.text[k] in DASHES):
            if t.low[k] in _SHOWN:
                former.append(t.text[k])
            k -= 1
        counterpart = t.low[head] in ("counterpart", "counterparts")
        role = self._text(start, end)
        if former and not role.lower().startswith(former[-1].lower()):
            role = f"{former[-1]} {role}"
        office = Office(role, start, end, country, owner, counterpart, singular(t.text[head]) != t.text[head], listed)
        if country is None:
            office.country = self._of_country(head + 1, end)
        if office.plural:
            at = role.lower().find(t.low[head])
            if at >= 0:
                office.role = role[:at] + singular(role[at : at + len(t.text[head])]) + role[at + len(t.text[head]) :]
        return office

    def _modifies(self, k: int) -> bool:
        """Whether a token before an office's head belongs to the office."""
        t, w = self.tokens, self.words
        low = t.low[k]
        if k in self.at and self.at[k].kind == "person":
            return False
        if (
            low in w.modifiers
            or low in w.portfolio
            or is_role(t, k)
            or (low == "under" and t.low[k + 1] == "secretary")
        ):
            return True
        if t.text[k] in DASHES and t.glued(k):
            return True
        if low in ("and", "&"):
            return (
                k > 0
                and (t.low[k - 1] in w.portfolio or t.low[k - 1] in w.modifiers)
                and t.low[k + 1] in w.portfolio | w.modifiers
            )
        if k in self.at and self.at[k].kind in ("state", "demonym", "capital", "region", "organization", "bloc"):
            return False
        return t.pos[k] in ("NOUN", "PROPN") and t.ent[k] not in ("DATE", "TIME", "ORG", "GPE")

    def _place(self, k: int) -> str | None:
        name = self.at.get(k)
        if name is None:
            return None
        return name.value if name.kind in ("state", "demonym", "region", "capital") else None

    def _country_list(self, last: Name, country: str) -> list[str]:
        """Countries of "Danish, Irish and French", in order; [] when only one is named."""
        t, found, k = self.tokens, [country], last.start - 1
        while k > 0 and t.low[k] in ("and", ",", "&"):
            while k > 0 and t.low[k] in ("and", ",", "&"):
                k -= 1
            code = self._place(k)
            if code is None:
                break
            found.insert(0, code)
            k = self.at[k].start - 1
        return found if len(found) > 1 else []

    def _of_country(self, start: int, end: int) -> str | None:
        """The country in an office's complement, if it is the one that is governed ("of India", not "to India")."""
        t = self.tokens
        governed = False
        for k in range(start, end):
            if t.low[k] in _ADJUNCT:
                governed = t.low[k] == "of" or (t.low[k] in ("in", "at") and governed)
            elif governed and k in self.at:
                name = self.at[k]
                if name.kind in ("state", "demonym", "region", "capital"):
                    return name.value
                if name.kind == "organization" and name.value:
                    return name.value
                if name.kind in ("unknown", "thing") and t.low[k - 1] == "of":
                    city = gazetteer.country_of_city(t.span_text(name.start, name.end), minimum=200_000)
                    if city:
                        return city
            elif governed and t.capital[k] and t.low[k - 1] == "of":
                city = gazetteer.country_of_city(t.text[k], minimum=200_000)
                if city:
                    return city
        return None

    def _text(self, start: int, end: int) -> str:
        """An office's words without the countries before its preposition and without a bare "of COUNTRY" at its end."""
        t = self.tokens
        while end - start > 2 and end - 1 in self.at and self.at[end - 1].kind == "state":
            name, k = self.at[end - 1], self.at[end - 1].start - 1
            if k > start and t.low[k] == "the":
                k -= 1
            if k <= start or t.low[k] != "of" or name.end != end:
                break
            end = k
        return " ".join(t.span_text(start, self._before_body(start, end)).split())

    def _before_body(self, start: int, end: int) -> int:
        """End of an office less the body at which it is held ("senior fellow at the X Center", "president of ABC")."""
        t = self.tokens
        for k in range(start + 1, end):
            if t.low[k] not in _ADJUNCT:
                continue
            first = k + 1 if k + 1 < end and t.low[k + 1] != "the" else k + 2
            if first >= end:
                return k
            named = self.at.get(first)
            if t.low[k] in ("at", "with") and t.capital[first] and t.low[first] != "large":
                return k
            if t.low[k] == "of" and t.text[first].isupper() and len(t.text[first]) > 2 and first == end - 1:
                return k if named is None or named.kind not in ("state", "bloc") else end
            if (
                named is not None
                and named.kind == "organization"
                and not _MINISTRY.search(t.span_text(named.start, named.end))
            ):
                return k
        return end

    # after the name

    def after(self, name: Name) -> Office | None:
        """The office that stands after a name, set off by a comma, dash or bracket, else None."""
        t, n, k = self.tokens, len(self.tokens), name.end
        sentence = t.sent[name.start]
        while k < n - 1 and t.sent[k] == sentence and t.low[k] in self.words.postnominals:
            k += 1
        if k >= n - 2 or t.text[k] not in {",", "–", "—", "(", "-"}:
            return None
        opened = t.text[k]
        k += 1
        if t.doc[k].like_num and k + 1 < n and t.text[k + 1] == ",":
            k += 2  # an age
        start = k
        article = (
            k < n and t.pos[k] in ("DET", "PRON") and t.low[k] not in ("who", "that", "which", "he", "she", "they")
        )
        if article:
            k += 1
        limit = min(n, k + 10)
        head = None
        while k < limit and t.sent[k] == sentence:
            if is_role(t, k) and not (k in self.at and self.at[k].kind == "person"):
                head = k
            elif (head is not None and not (t.text[k] in DASHES and k + 1 < n and is_role(t, k + 1))) or not (
                self._modifies(k)
                or (k in self.at and self.at[k].kind != "person")
                or t.text[k] in POSSESSIVE
                or t.pos[k] in ("ADJ", "ADV", "PRON")
                or t.low[k] in _FORMER
            ):
                break
            k += 1
        if head is None:
            return None
        head, begin = self._second_office(head), head
        end = self._complement(head + 1)
        following = end
        while following < n and t.low[following] in self.words.honorifics and t.capital[following]:
            following += 1
        if following < n and t.sent[following] == sentence:
            if (
                following in self.at
                and self.at[following].kind in ("person", "unknown")
                and following == self.at[following].start
            ):
                return None  # the next person's office
            if article and t.pos[following] in ("VERB", "AUX") and opened == ",":
                return None  # a clause: "After meeting X, the minister said"
        office = self._left(begin, end)
        if office.start < start:
            return None
        return office

    def _second_office(self, head: int) -> int:
        """The head of an office joined by "and" ("defence minister and deputy premier"), else the same head."""
        t = self.tokens
        k = head + 1
        if k < len(t) and t.low[k] == "and":
            for j in range(k + 1, min(len(t), k + 4)):
                if is_role(t, j):
                    after = self.at.get(j + 1)
                    return head if after is not None and after.kind in ("person", "unknown") else j
                if not self._modifies(j):
                    break
        return head

    def _complement(self, k: int) -> int:
        """End of an office's complement that begins at ``k`` ("of Foreign Affairs", "to Germany")."""
        t, n = self.tokens, len(self.tokens)
        if k >= n or t.low[k] not in _ADJUNCT:
            return k
        end, limit = k, min(n, k + 14)
        sentence = t.sent[k]
        while k < limit and t.sent[k] == sentence:
            low = t.low[k]
            if low in _ADJUNCT or low in {"the", "and", "&"} or t.text[k] in POSSESSIVE:
                k += 1
                continue
            if low == "," and not (k + 2 < n and t.low[k + 1] in self.words.portfolio and t.capital[k + 1]):
                break
            if low != "," and not (
                t.capital[k] or low in self.words.portfolio or t.pos[k] in ("NOUN", "ADJ") or t.text[k] in DASHES
            ):
                break
            if k in self.at and self.at[k].kind == "person":
                break
            k += 1
            if low != "," and t.text[k - 1] not in DASHES:
                end = k
        return end
