"""Where an article names somebody: spans of tokens with a first guess at what they name.

What belongs here: what a run of capitals names, from the model's entities repaired by gazetteer and word lists.
What does not: offices and countries of people (``roles``, ``nationality``), which spans name one actor (``actors``).
"""

from __future__ import annotations

from extraction import gazetteer
from extraction.bodies import Bodies
from extraction.runs import Name
from extraction.tokens import POSSESSIVE, Tokens, is_role

# Labels of the model that are no actors.
_THINGS = frozenset({"EVENT", "LAW", "PRODUCT", "WORK_OF_ART", "LANGUAGE", "FAC", "LOC"})


class _Finder(Bodies):
    """One walk over a document: what each run names."""

    def find(self) -> list[Name]:
        """All names, in order, none overlapping."""
        i, n = 0, len(self.tokens)
        while i < n:
            end = self._run(i)
            if end is None:
                i += 1
                continue
            if self.tokens.headline[i]:
                self._headline(i, end)
            else:
                self._parse(i, end)
            i = max(end, self.names[-1].end if self.names else 0)
        return self.names

    def _headline(self, start: int, end: int) -> None:
        """In a line of capitals only the word lists and the model's people are trusted."""
        i = start
        while i < end:
            if i in self.listed:
                self._add(self.listed[i])
                i = self.listed[i].end
            elif i in self.person_starts and self.person_starts[i] <= end:
                stop = self.person_starts[i]
                begin = self._after_titles(i, stop)
                stop = self._before_tail(begin, stop)
                if begin < stop and all(
                    self.tokens.capital[k] or self.tokens.low[k] in self.words.particles for k in range(begin, stop)
                ):
                    self._add(Name(begin, stop, "unknown"))
                i = max(stop, i + 1)
            else:
                i += 1

    def _parse(self, start: int, end: int) -> None:
        tokens, listed = self.tokens, self.listed
        while start < end and tokens.low[start] == "the":
            start += 1
        if start >= end:
            return
        if self._in_office(start):
            start = self._after_portfolio(start, end)
        whole = listed.get(start)
        if whole is not None and whole.end == end and whole.kind == "demonym" and self._titled_medium(start, end):
            self._add(Name(start, end, "organization", whole.value))
            return
        if whole is not None and whole.end == end:
            self._alone(whole)
            return
        stop = self._entity_body(start, end) or self._organization(start, end)
        if stop is not None:
            if stop < end:
                self._parse(stop, end)
            return
        if self._office(start, end):
            return
        if self._titled_medium(start, end):
            self._add(Name(start, end, "organization"))
            return
        if whole is not None:
            self._prefixed(whole, start, end)
            return
        self._plain(start, end)

    def _alone(self, name: Name) -> None:
        """A run that is exactly one listed name."""
        tokens = self.tokens
        i = name.end
        if name.kind in ("state", "demonym", "capital"):
            # "Indian government", "Iran's regime", "the Tanzanian police", "Burma's military"
            head = i + 1 if i < len(tokens) and tokens.text[i] in POSSESSIVE and name.kind != "demonym" else i
            if head < len(tokens) and tokens.sent[head] == tokens.sent[name.start]:
                if tokens.low[head] in self.words.state_heads and not self._office_follows(head):
                    self._add(Name(name.start, head + 1, "state", name.value))
                    return
                length = 0 if tokens.capital[head] else self._plain_head(head)
                if length and not self._office_follows(head + length - 1):
                    self._add(Name(name.start, head + length, "organization", name.value))
                    return
        if name.kind == "organization" and name.value is None:
            name.value = self._possessor(name.start)
        name.attributive = self._attributive(name)
        if name.kind == "state" and name.start >= 2 and tokens.low[name.start - 1] == "of":
            # "the government of Iran"
            k = name.start - 2
            free = not (self.names and self.names[-1].end > k)
            if free and tokens.low[k] in self.words.state_heads:
                self._add(Name(k, name.end, "state", name.value))
                return
        self._add(name)

    def _office(self, start: int, end: int) -> bool:
        """A run that holds an office: what follows its last head is a person ("Prime Minister Jane Doe")."""
        tokens = self.tokens
        heads = [k for k in range(start, end) if is_role(tokens, k) and k not in self.covering]
        if not heads:
            return False
        begin = self._after_titles(heads[-1] + 1, end)
        if begin >= end or tokens.low[begin] in self.words.suffixes:
            if heads[-1] == end - 1 and end - start >= 2 and tokens.ent[heads[-1]] == "PERSON" and len(heads) == 1:
                return False  # a surname such as "King"
            self._places(start, end)
            return True
        whole = tokens.entity[heads[0]] if tokens.ent[heads[0]] == "PERSON" else None
        if whole is not None and whole[0] < heads[0] and tokens.low[whole[0]] not in self.words.modifiers:
            return False  # "Martin Luther King Jr"
        self._places(start, heads[-1])
        self._person(begin, end, sure=True)
        return True

    def _places(self, start: int, end: int) -> None:
        """Keep the state or body that an office belongs to ("NATO Secretary General", "US President")."""
        for k in range(start, end):
            if k in self.listed and self.listed[k].end <= end:
                name = self.listed[k]
                self._add(Name(name.start, name.end, name.kind, name.value, True))

    def _person(self, start: int, end: int, sure: bool) -> None:
        """Add a person's name, less titles; a listed name at its end is another's ("Doe Russia")."""
        for k in range(start + 1, end - 1):
            if self.tokens.low[k] in self.words.honorifics and self.tokens.text[k][-1] == ".":
                start = k  # "Republican Ohio Gov. Jane Doe"
        start = self._after_titles(start, end)
        end = self._before_tail(start, end)
        if start >= end or (end == start + 1 and len(self.tokens.text[start]) < 3 and not sure):
            return
        known = self.listed.get(start)
        if known is not None and known.end >= end and known.kind != "capital" and not self._is_person(start, end):
            self._alone(known)
            return
        if self.tokens.text[end - 1] == "," or not any(self.tokens.capital[k] for k in range(start, end)):
            return
        end = self._suffix(end)
        self._add(Name(start, end, "person" if sure else "unknown", sure=sure))

    def _suffix(self, end: int) -> int:
        """A name's end with "Jr." after it, with or without a comma."""
        t = self.tokens
        for k in (end, end + 1):
            if k < len(t) and t.low[k] in self.words.suffixes and (k == end or t.text[end] == ","):
                return k + 1
        return end

    def _prefixed(self, name: Name, start: int, end: int) -> None:
        """A run that begins with a listed name and goes on."""
        tokens = self.tokens
        rest = name.end
        if self._is_person(start, end) and name.kind in ("state", "capital", "region", "demonym"):
            inside = self._near(start, end)
            if any(a == start and b > rest for a, b in inside):
                self._person(start, end, sure=False)  # "Jordan Smith", "Paris Hilton"
                return
        if tokens.low[end - 1] in self.words.not_actors:
            self._add(Name(start, end, "thing"))
            return
        label = self._label(rest, end)
        if name.kind in ("state", "demonym") and tokens.low[rest] in self.words.state_heads and rest + 1 == end:
            self._add(Name(start, end, "state", name.value))
            return
        if label == "PERSON" or rest in self.person_starts:
            if name.kind in ("organization", "bloc", "state", "capital"):
                name.attributive = True
                self._add(name)
            self._person(rest, end, sure=False)
        elif self._label(start, end) == "ORG" and name.kind != "bloc":
            self._add(Name(start, end, "organization", name.value))
        elif name.kind in ("demonym", "region", "capital"):
            self._plain(rest, end)
        else:
            self._alone(name)
            if rest < end and not tokens.glued(rest):
                self._plain(rest, end)

    def _plain(self, start: int, end: int) -> None:
        """A run without listed beginning, office or organization's head."""
        tokens = self.tokens
        start = self._after_titles(self._after_portfolio(start, end), end)
        end = self._before_tail(start, end)
        if start >= end:
            return
        if self._portfolio(start, end) and not self._is_person(start, end):
            self._add(Name(start, end, "thing"))
            return
        titled = start > 0 and tokens.low[start - 1] in self.words.honorifics and tokens.capital[start - 1]
        inner = [
            k
            for k in range(start + 1, end)
            if k in self.listed and self.listed[k].kind in ("state", "bloc", "organization")
        ]
        if all(gazetteer.country_of_name(x) for x in tokens.span_text(start, end).split("-")):
            self._add(Name(start, end, "thing"))  # "the U.S.-Mexico border"
            return
        if self._medium(start, end):
            self._add(Name(start, end, "organization", self._country_before(start)))
            return
        if self._local_body(end):
            place = gazetteer.country_of_city(tokens.span_text(start, end))
            self._add(Name(start, end + 1, "organization", place))
            return
        label = self._label(start, end)
        if inner and label != "PERSON" and not titled:
            cut = inner[0]
            self._plain(start, cut)
            self._parse(cut, end)
            return
        last = tokens.low[end - 1]
        if (
            last in self.words.not_actors
            and not titled
            and (label != "PERSON" or last not in self.words.thing_surnames)
        ):
            self._add(Name(start, end, "thing"))
            return
        if titled:
            self._person(start, end, sure=True)
        elif label == "ORG" or self._acronym(start, end, label):
            self._add(Name(start, end, "organization", self._country_before(start)))
        elif label in _THINGS or label == "NORP":
            self._add(Name(start, end, "thing"))
        else:
            self._person(start, end, sure=False)


def find_names(tokens: Tokens) -> tuple[list[Name], dict[int, Name]]:
    """All names of a document in order, none overlapping; and what the lists know at each token, also inside names."""
    finder = _Finder(tokens)
    return finder.find(), finder.covering
