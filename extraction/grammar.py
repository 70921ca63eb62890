"""Grammar look-ups on the dependency tree: subjects, objects, complements, the words of a phrase.

What belongs here: questions about syntax that every reader of acts asks, each local to its token.
What does not: meanings of words (``frames``), and what is asserted or merely wished (``status``).
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from extraction.frames import word_class

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
CLAUSES = frozenset({"xcomp", "ccomp"})
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})
_NAME_DEPENDENTS = frozenset({"compound", "amod", "nmod", "nummod", "quantmod"})
_LINKS = frozenset({"of", "including", "like", "in"})


def is_verb(token: Token) -> bool:
    """Whether a token acts as a verb."""
    return token.pos_ == "VERB" or (token.pos_ == "AUX" and token.dep_ not in {"aux", "auxpass"})


def is_passive(verb: Token) -> bool:
    """Whether a verb stands in the passive, a bare participle after its noun included."""
    if any(c.dep_ in {"nsubjpass", "auxpass", "csubjpass"} for c in verb.children):
        return True
    if verb.dep_ == "acl" and verb.tag_ == "VBN":
        return True
    return (
        verb.dep_ == "conj"
        and verb.tag_ == "VBN"
        and verb.head.tag_ == "VBN"
        and not _own(verb)
        and is_passive(verb.head)
    )


def _own(verb: Token) -> bool:
    return any(c.dep_ in SUBJECTS or c.dep_ == "aux" for c in verb.children)


def auxiliaries(verb: Token) -> set[str]:
    """The auxiliaries of a verb, lower case; a conjunct without its own takes those of the first verb."""
    found = {c.lower_ for c in verb.children if c.dep_ in {"aux", "auxpass"}}
    if not found and verb.dep_ == "conj" and is_verb(verb.head) and not _own(verb) and verb.tag_ == verb.head.tag_:
        return auxiliaries(verb.head)
    return found


def conjuncts(head: Token) -> Iterator[Token]:
    """A noun and those coordinated with it, in order."""
    yield head
    for child in head.children:
        if child.dep_ == "conj" and child.pos_ in {"NOUN", "PROPN", "PRON", "NUM", "ADJ", "X"}:
            yield from conjuncts(child)


def subject_heads(verb: Token, depth: int = 0) -> list[Token]:
    """The heads of the noun phrases that do the act; [] when none is written or the act is passive without agent."""
    if is_passive(verb):
        agents = [p for a in verb.children if a.dep_ == "agent" for p in a.children if p.dep_ == "pobj"]
        return [t for head in agents for t in conjuncts(head)]
    return _surface_subjects(verb, depth) or _before(verb)


def _before(verb: Token) -> list[Token]:
    """The name right before a finite verb that the parser left without a subject."""
    if not (verb.tag_ in {"VBD", "VBZ", "VBP"} or any(c.tag_ == "MD" for c in verb.children)):
        return []
    first = min(
        [verb, *(c for c in verb.children if c.dep_ in {"aux", "neg", "advmod"} and c.i < verb.i)], key=lambda t: t.i
    )
    if first.i == verb.sent.start:
        return []
    token = first.nbor(-1)
    if token.pos_ != "PROPN" or token.head is verb:
        return []
    found = [token]
    while token.dep_ == "conj" and token.head.ent_type_ == token.ent_type_:
        token = token.head
        found.insert(0, token)
    return found


def _surface_subjects(verb: Token, depth: int) -> list[Token]:
    own = [c for c in verb.children if c.dep_ in SUBJECTS]
    # the parser hangs a subject on the auxiliary now and then
    own = own or [g for c in verb.children if c.dep_ in {"aux", "auxpass"} for g in c.children if g.dep_ in SUBJECTS]
    if own:
        heads = [_antecedent(verb, c) for c in own]
        return [t for head in heads for t in conjuncts(head)]
    if depth > 6:
        return []
    head = verb.head
    if verb.dep_ in {"acl", "relcl"} and verb.tag_ == "VBG":
        return list(conjuncts(head))
    if verb.dep_ == "relcl":
        return []
    if verb.dep_ == "xcomp" and is_verb(head):
        controlled = [c for c in head.children if c.dep_ in {"dobj", "iobj", "dative"}]
        if controlled and head.lemma_ not in {"promise", "threaten", "vow", "use", "have"}:
            return [t for c in controlled for t in conjuncts(c)]
        return _controller(head, depth)
    if verb.dep_ in {"conj", "advcl", "dep"} and is_verb(head):
        if _finite(verb) and head.tag_ == "VB" and head.dep_ in {"xcomp", "ccomp", "advcl"} and is_verb(head.head):
            # "urged them to wait and met the envoy": not the waiting ones met
            return _controller(head.head, depth)
        return _controller(head, depth)
    if verb.dep_ == "pcomp" and head.dep_ == "prep" and is_verb(head.head):
        return _controller(head.head, depth)
    if verb.dep_ in {"xcomp", "conj", "acl"} and head.pos_ in {"ADJ", "NOUN"}:
        up = head.head
        if is_verb(up) or up.pos_ == "AUX":
            return _controller(up, depth)
    return []


def _finite(verb: Token) -> bool:
    return verb.tag_ in {"VBD", "VBZ", "VBP"}


def _controller(verb: Token, depth: int) -> list[Token]:
    if is_passive(verb):
        return passive_subjects(verb)
    return _surface_subjects(verb, depth + 1)


def _antecedent(verb: Token, subject: Token) -> Token:
    """The noun that a relative pronoun stands for."""
    return verb.head if subject.lower_ in RELATIVES and verb.dep_ == "relcl" else subject


def passive_subjects(verb: Token) -> list[Token]:
    """What a passive verb is done to."""
    own = [_antecedent(verb, c) for c in verb.children if c.dep_ in PASSIVE_SUBJECTS]
    if not own and verb.dep_ == "acl":
        own = [verb.head]
    if not own and verb.dep_ == "relcl":
        own = [verb.head]
    if not own and verb.dep_ in {"conj", "xcomp", "advcl"} and is_verb(verb.head):
        return passive_subjects(verb.head) if is_passive(verb.head) else _surface_subjects(verb.head, 1)
    return [t for head in own for t in conjuncts(head)]


def object_heads(verb: Token) -> list[Token]:
    """The heads of what the act is done to (the subject of a passive); a conjunct may share the next verb's object."""
    if is_passive(verb):
        return passive_subjects(verb)
    own = [_antecedent(verb, c) for c in verb.children if c.dep_ in {"dobj", "iobj"}]
    # "called the premier Ana Silva": the parser takes the name for what somebody is called
    own = own or [c for c in verb.children if c.dep_ == "oprd" and c.ent_type_ == "PERSON"]
    if not own and verb.dep_ == "relcl" and any(c.dep_ in SUBJECTS for c in verb.children):
        subjects = [c for c in verb.children if c.dep_ in SUBJECTS]
        if all(c.lower_ not in RELATIVES for c in subjects):
            own = [verb.head]
    if not own:
        for child in verb.children:
            if child.dep_ == "conj" and is_verb(child) and not any(c.dep_ in SUBJECTS for c in child.children):
                own = [c for c in child.children if c.dep_ == "dobj"]
    if not own:
        # what the parser takes for a clause: "called the vote a sham", "urged the king to go"
        own = [
            s
            for c in verb.children
            if c.dep_ == "ccomp" and (not is_verb(c) or any(a.lower_ == "to" and a.dep_ == "aux" for a in c.children))
            for s in c.children
            if s.dep_ == "nsubj"
        ]
    return [t for head in own for t in conjuncts(head)]


def prepositions(token: Token, word: str) -> Iterator[Token]:
    """The prepositions ``word`` that hang on a verb, its objects or its particle."""
    for child in token.children:
        if child.lower_ == word and child.dep_ in {"prep", "agent", "prt", "advmod", "dative", "mark", "aux"}:
            yield child
        elif child.dep_ in {"dobj", "prt", "advmod", "prep", "nsubjpass", "acomp", "attr"} and child.lower_ != word:
            yield from (g for g in child.children if g.lower_ == word and g.dep_ in {"prep", "agent"})


def prepositional_heads(token: Token, word: str) -> list[Token]:
    """The heads of the noun phrases after a preposition of the token."""
    found: list[Token] = []
    for preposition in prepositions(token, word):
        for child in preposition.children:
            if child.dep_ == "pobj":
                found += conjuncts(child)
            elif child.dep_ == "pcomp" and child.tag_ == "VB":
                # "with the king to review": the parser takes the noun for the infinitive's subject
                found += [t for s in child.children if s.dep_ == "nsubj" for t in conjuncts(s)]
    return found


def phrase_words(head: Token, depth: int = 0) -> set[str]:
    """The lemmas that name what a noun phrase speaks of: head, modifiers, "of …", apposition."""
    words = {head.lemma_.lower(), head.lower_}
    if head.ent_type_ == "PERSON" or (
        head.pos_ == "PRON" and head.lower_ in {"him", "her", "them", "us", "me", "he", "she"}
    ):
        words.add("PERSON")
    if head.ent_type_ in {"GPE", "NORP", "LOC"}:
        words.add("STATE")
    elif head.pos_ == "PROPN" and head.ent_type_ != "PERSON":
        words.add("NAME")
    for child in head.children:
        if child.dep_ in _NAME_DEPENDENTS:
            if child.dep_ == "amod" and child.lower_ in word_class("LOOSE"):
                continue
            words |= {child.lemma_.lower(), child.lower_}
            if child.ent_type_ in {"GPE", "NORP"}:
                words.add("STATE")
            if child.dep_ in {"nummod", "quantmod"}:
                words.add("number")
                words |= {g.lower_ for g in child.children}
            words |= {g.lemma_.lower() for g in child.children if g.dep_ in _NAME_DEPENDENTS}
        elif depth < 3 and (
            child.dep_ == "appos" or (child.dep_ == "prep" and child.lower_ in _LINKS and is_partitive(head))
        ):
            inner = [child] if child.dep_ == "appos" else [c for c in child.children if c.dep_ in {"pobj", "pcomp"}]
            for i in inner:
                words |= phrase_words(i, depth + 1)
                words |= {w for c in conjuncts(i) if c is not i for w in phrase_words(c, depth + 1)}
    return words


def is_partitive(head: Token) -> bool:
    """Whether a noun only measures what follows: "a series of", "two of"."""
    return (
        head.lemma_.lower() in word_class("PARTITIVE")
        or head.lower_ in word_class("PARTITIVE")
        or head.pos_ in {"NUM", "SYM"}
    )


def complement(verb: Token) -> tuple[str, Token] | None:
    """The clause that a verb, noun or adjective governs, with its kind: to | that | ing | bare."""
    for child in verb.children:
        if child.dep_ in CLAUSES or (child.dep_ in {"acl", "relcl", "advcl"} and verb.pos_ in {"NOUN", "ADJ", "PROPN"}):
            inner = {c.lower_ for c in child.children if c.dep_ in {"aux", "mark"}}
            if "to" in inner:
                return "to", child
            if child.dep_ == "advcl" or child.dep_ == "relcl":
                continue
            if child.tag_ == "VBG" and not (inner & {"is", "are", "was", "were", "been", "be"}):
                return "ing", child
            if child.tag_ == "VB" and not inner:
                return "bare", child
            if child.dep_ == "ccomp" and (is_verb(child) or child.pos_ == "AUX"):
                return "that", child
        if child.dep_ == "prep":
            for c in child.children:
                if c.dep_ == "pcomp":
                    return "ing", c
    for child in verb.children:
        # "urged the rebels to leave": the infinitive may hang on the object
        if child.dep_ in {"dobj", "advcl"} or (
            child.dep_ == "prep" and child.lower_ in {"on", "upon", "for", "with", "to"}
        ):
            for g in [child] if child.dep_ == "advcl" else child.subtree:
                if (
                    is_verb(g)
                    and g.dep_ in {"acl", "advcl", "xcomp", "ccomp", "relcl"}
                    and any(a.lower_ == "to" and a.dep_ == "aux" for a in g.children)
                ):
                    return "to", g
    return None


def negated(token: Token) -> bool:
    """Whether a token is denied by a word of its own: not, never, no, without."""
    if any(
        c.dep_ == "neg" or (c.dep_ == "det" and c.lower_ in {"no", "neither"}) or c.lower_ == "never"
        for c in token.children
    ):
        return True
    if is_verb(token) and any(c.dep_ == "dobj" and any(d.lower_ == "no" for d in c.children) for c in token.children):
        return True
    if (
        token.dep_ == "conj"
        and is_verb(token)
        and is_verb(token.head)
        and not _own(token)
        and token.tag_ == token.head.tag_
    ):
        return negated(token.head)
    return token.dep_ in {"pcomp", "pobj"} and token.head.lower_ == "without"


def entity(token: Token) -> Span | None:
    """The named entity that a token is part of, read beside the token: asking the document would scan all of them."""
    if not token.ent_type_:
        return None
    doc, start, end = token.doc, token.i, token.i + 1
    while start > 0 and doc[start].ent_iob_ == "I":
        start -= 1
    while end < len(doc) and doc[end].ent_iob_ == "I" and doc[end].ent_type_ == token.ent_type_:
        end += 1
    return Span(doc, start, end, label=token.ent_type_)
