"""Participants of many articles to one row per real actor.

What belongs here: when two articles' actors are one, which name, role and country the row shows.
What does not: joining names inside one article (``extraction.actors``).

The keys are simple enough to be explained to an analyst: a state is its ISO code; a bloc is its name; an organization
is its name and country; a person is the last word of the name, compatible given names, and the country.  An actor
without a country joins its namesake only when there is just one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import pandas as pd
import yaml

from resolution.names import Groups, fold, fullness, same_person


@dataclass(frozen=True, slots=True)
class Use:
    """An article's record of an actor."""

    article_id: str
    name: str
    kind: str
    country: str | None


@dataclass(slots=True)
class _Node:
    """What all uses of one key share."""

    kind: str
    folded: str
    country: str | None


@lru_cache(maxsize=1)
def _generic_words() -> frozenset[str]:
    text = (files("resolution") / "generic_names.yml").read_text("utf-8")
    return frozenset(yaml.safe_load(text)["words"].split())


def cluster(uses: Sequence[Use]) -> tuple[list[list[str]], list[str]]:
    """Which participants of the articles are one.

    ``uses``: in the order in which their articles appeared.
    Returns the clusters as lists of keys (oldest first) and, for every use, its key.
    """
    nodes: dict[str, _Node] = {}
    use_keys: list[str] = []
    for use in uses:
        folded = fold(use.name) or use.name
        if use.kind == "organization" and use.country is None and set(folded.split()) <= _generic_words():
            key = f"organization|{folded}||{use.article_id}"
        elif use.kind == "state" and use.country:
            key = f"state|{use.country}"
        elif use.kind == "bloc":
            key = f"bloc|{folded}"
        else:
            key = f"{use.kind}|{folded}|{use.country or ''}"
        nodes.setdefault(key, _Node(use.kind, folded, use.country))
        use_keys.append(key)
    groups = Groups()
    for key in nodes:
        groups.add(key)
    _join_namesakes(nodes, groups)
    _join_persons(nodes, groups)
    return list(groups.members().values()), use_keys


def _join_namesakes(nodes: dict[str, _Node], groups: Groups) -> None:
    """An actor of unknown country is its only namesake of known country."""
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, node in nodes.items():
        if node.kind in ("person", "organization") and key.count("|") == 2:
            by_name[node.kind, node.folded].append(key)
    for keys in by_name.values():
        known = [k for k in keys if nodes[k].country]
        if len(known) == 1:
            for key in keys:
                groups.join(known[0], key)


def _join_persons(nodes: dict[str, _Node], groups: Groups) -> None:
    """Full names first, then names with initials, then single names: a vague name may have one namesake only."""
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, node in nodes.items():
        if node.kind == "person" and node.country:
            blocks[node.folded.split()[-1], node.country].append(key)
    for keys in blocks.values():
        full = [k for k in keys if fullness(nodes[k].folded) == 2]
        for n, a in enumerate(full):
            for b in full[:n]:
                if same_person(nodes[a].folded, nodes[b].folded):
                    groups.join(b, a)
                    break
        for level in (1, 0):
            for key in (k for k in keys if fullness(nodes[k].folded) == level):
                fits = (k for k in full if level == 0 or same_person(nodes[key].folded, nodes[k].folded))
                heads = {groups.head(k) for k in fits}
                if len(heads) == 1:
                    groups.join(heads.pop(), key)


def describe(participants: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """One row per ``participant_id`` with name, kind, role, country, aliases, first and last day seen.

    ``participants``: fact rows with ``participant_id`` and ``seen`` (the article's time), oldest first;
    ``mentions``: fact mentions with ``participant_id``.
    """
    written = {pid: Counter(texts) for pid, texts in mentions.groupby("participant_id", sort=False)["text"]}
    rows = []
    for pid, uses in participants.groupby("participant_id", sort=True):
        names = Counter(uses["name"])
        roles = uses["role"].dropna()
        countries = Counter(uses["country"].dropna())
        rows.append(
            {
                "participant_id": pid,
                "name": max(names, key=lambda n: (fullness(n) if uses["kind"].iloc[0] == "person" else 0, names[n], n)),
                "kind": Counter(uses["kind"]).most_common(1)[0][0],
                "role": roles.iloc[-1] if len(roles) else None,
                "country": countries.most_common(1)[0][0] if countries else None,
                "aliases": sorted(set(names) | set(written.get(pid, ()))),
                "first_seen": uses["seen"].min().date(),
                "last_seen": uses["seen"].max().date(),
            }
        )
    columns = ["participant_id", "name", "kind", "role", "country", "aliases", "first_seen", "last_seen"]
    return pd.DataFrame(rows, columns=columns)
