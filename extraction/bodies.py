"""Organizations in runs of capitals, with the small words that belong to them.

What belongs here: where an organization's name begins and ends ("Peru's Ministry of Defence", "the Daily Star
newspaper", "Kenyan police"), and the country in it.
What does not: everything else that a run can name (``naming``), joining acronyms and short forms (``actors``).
"""

from __future__ import annotations

import re

from extraction.runs import Name, Runs
from extraction.tokens import POSSESSIVE, is_role

_MEDIUM_AFTER = re.compile(
    r"(?:news )?(?:newspaper|daily|weekly|magazine|news|television|tv|radio|channel|broadcaster|website|agency)\b"
    r"|state (?:tv|media)"
)


_WITH_COUNTRY = frozenset({"state", "demonym", "region", "organization"})


class Bodies(Runs):
    """Finds the organizations in runs."""

    def _entity_body(self, start: int, end: int) -> int | None:
        """Add an organization that the model sees beyond the run ("Securities and Exchange Commission"); its end."""
        tokens = self.tokens
        entity = tokens.entity[start] if tokens.ent[start] == "ORG" else None
        if entity is None or entity[1] <= end or tokens.low[end] not in ("and", "of", "for", "&"):
            return None
        stop = entity[1]
        if tokens.low[stop - 1] not in self.words.org_heads or stop - start > 10:
            return None
        if any(is_role(tokens, k) or k in self.person_starts for k in range(start, stop)):
            return None
        if tokens.low[end] == "and" and any(k in self.listed for k in (start, end + 1)):
            return None
        self._add(Name(self._with_possessor(start), stop, "organization", self._country_inside(start, stop)))
        return stop

    def _organization(self, start: int, end: int) -> int | None:
        """Add the organization that a run begins with; its end, or None when the run names none."""
        tokens, w = self.tokens, self.words
        last = end - 1
        while last > start and tokens.low[last] in w.suffixes:
            last -= 1
        head = next(
            (k for k in range(start, end) if tokens.low[k] in w.org_heads and self._may_head(k, start, end)), None
        )
        if head is None:
            return None
        # An office inside the run ends the organization: "Foreign Ministry Spokesman Wang".
        office = next((k for k in range(start, end) if is_role(tokens, k) and k > start), None)
        ends = tokens.low[last] in w.org_heads or self._of_follows(head, end)
        if not ends and (office is None or office <= head) and tokens.ent[head] != "ORG":
            return None
        if office is not None and office > head and tokens.low[last] not in w.org_heads:
            if office < end - 1:
                return None
            end = office
        if is_role(tokens, last) and tokens.low[last] not in w.org_heads:
            return None
        if head < end - 2 and self._in_office(start):
            end = head + 1  # "chairman of the X Commission Jane Doe"
        stop = self._complement(end)
        value = self._country_inside(start, stop)
        begin = start
        self._add(Name(self._with_possessor(begin), stop, "organization", value or self._possessor(begin)))
        return stop

    def _may_head(self, k: int, start: int, end: int) -> bool:
        """An organization's head stands last, or before "of" or "for", and not alone at the run's beginning."""
        inside = self.covering.get(k)
        if inside is not None and inside.end < end and inside.kind in ("bloc", "state", "organization"):
            return False
        if (k, k + 1) == (start, end) and not self._of_follows(k, end) and self._possessor(start) is None:
            return False
        person = self.tokens.entity[k] if self.tokens.ent[k] == "PERSON" else None
        return person is None or not (person[1] - person[0] > 1 and person[1] == end and person[0] >= start)

    def _of_follows(self, k: int, end: int) -> bool:
        t = self.tokens
        i = k + 1
        return (
            i == end
            and i + 1 < len(t)
            and t.low[i] in ("of", "for", "on")
            and (t.capital[i + 1] or t.low[i + 1] == "the")
            and t.sent[i + 1] == t.sent[k]
        )

    def _complement(self, end: int) -> int:
        """Where an organization's name ends that goes on with "of", "for", "on" or "and"."""
        tokens, n = self.tokens, len(self.tokens)
        while end < n - 1 and tokens.sent[end] == tokens.sent[end - 1]:
            i = end
            if tokens.low[i] not in ("of", "for", "on", "and", "in"):
                break
            conjunction = tokens.low[i] in ("and", "in")
            i += 1
            if tokens.low[i] == "the" and i + 1 < n:
                i += 1
            stop = self._run(i) if tokens.capital[i] else None
            if stop is None:
                break
            office = next(
                (k for k in range(i, stop) if is_role(tokens, k) and tokens.low[k] not in self.words.portfolio), None
            )
            if office is not None:
                break
            if conjunction and (i in self.listed or i in self.person_starts or not self._portfolio(i, stop)):
                break
            if i in self.person_starts:
                break
            after = next((k for k in range(i, stop) if not self._portfolio(k, k + 1)), stop)
            if i < after <= stop - 2 and not any(tokens.low[k] in self.words.org_heads for k in range(after, stop)):
                return after  # "Office of Space Affairs Jane Doe"
            end = stop
        return end

    def _country_inside(self, start: int, end: int) -> str | None:
        """The country in an organization's name, that after "of" first; None when it names two."""
        found = []
        for k in range(start, end):
            name = self.covering.get(k)
            if name is not None and name.value and name.start == k and name.kind in _WITH_COUNTRY:
                before = self.tokens.low[max(start, k - 2) : k]
                if before[-1:] == ["of"] or before == ["of", "the"]:
                    return name.value
                found.append(name.value)
        return found[0] if len(set(found)) == 1 else None

    def _country_before(self, start: int) -> str | None:
        """The country that stands with the noun before a name: "Kenyan airline X", "Chile's state news agency X"."""
        tokens, k = self.tokens, start - 1
        while k > start - 4 and k > 0 and not tokens.capital[k] and tokens.pos[k] in ("NOUN", "ADJ"):
            k -= 1
        if k == start - 1:
            return None
        if k > 0 and tokens.text[k] in POSSESSIVE:
            k -= 1
        place = self.covering.get(k)
        return place.value if place is not None and place.kind in ("state", "demonym") else None

    def _possessor(self, start: int) -> str | None:
        """The country whose possessive stands before ``start`` ("Russia's Defense Ministry")."""
        if start >= 2 and self.tokens.text[start - 1] in POSSESSIVE:
            owner = self.covering.get(start - 2)
            if owner is not None and owner.kind == "state":
                return owner.value
        return None

    def _with_possessor(self, start: int) -> int:
        if self._possessor(start) is None:
            return start
        owner = self.covering[start - 2]
        if self.names and self.names[-1].start == owner.start:
            self.names.pop()
        return owner.start

    def _plain_head(self, i: int) -> int:
        """Tokens of an organization's head in small letters at ``i`` ("armed forces"), 0 when there is none."""
        for length in (2, 1):
            text = " ".join(self.tokens.low[i : i + length])
            if text in self.words.plain_heads:
                return length
        return 0

    def _local_body(self, end: int) -> int:
        """Tokens of a body's head in small letters after a place's name ("Lancashire police"), 0 when there is none."""
        tokens = self.tokens
        if end < len(tokens) and tokens.low[end] in self.words.local and not self._office_follows(end):
            return 1
        return 0

    def _medium(self, start: int, end: int) -> bool:
        """Whether the noun beside a name says that it is a body: "the Clarion newspaper", "news agency Clarion"."""
        tokens = self.tokens
        after = " ".join(tokens.low[end : end + 2])
        if end < len(tokens) and not tokens.capital[end] and _MEDIUM_AFTER.match(after):
            return True
        before = tokens.low[start - 1] if start else ""
        return before in self.words.medium_before and not tokens.capital[start - 1] and not self._is_person(start, end)

    def _titled_medium(self, start: int, end: int) -> bool:
        """Whether "The" with a capital inside a sentence makes a newspaper of a name ("told The Islander")."""
        tokens, i = self.tokens, start - 1
        if i < 1 or tokens.text[i] != "The" or tokens.first[i] or tokens.headline[i] or end - start > 3:
            return False
        return tokens.text[i - 1][0].isalpha() and not any(
            k in self.covering and self.covering[k].kind in ("state", "capital", "bloc") for k in range(start, end)
        )
