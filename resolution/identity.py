"""Ids for ever: which id a cluster of records gets, what happens when clusters merge or split.

What belongs here: the assignment of ids to clusters of stable keys, and forwarding rows.
What does not: deciding which records form a cluster (``participants``, ``events``, ``agreements``).

A key is a string made of raw fields that do not change when other articles arrive.  The first time a cluster is seen
it gets a hash of its first key; every key remembers its id.  When later articles tie two clusters together, the older
id stays and the younger one is forwarded.  When a cluster falls apart, the part that holds the oldest key keeps the id.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """One row of ``identities``: the id that a key has."""

    entity: str
    key: str
    id: str
    registered_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Forward:
    """One row of ``forwarded_ids``: an id that was merged into another."""

    entity: str
    old_id: str
    new_id: str
    forwarded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """The ids of the clusters, in their order; the registry as it is afterwards; forwards that are new."""

    ids: tuple[str, ...]
    identities: tuple[Identity, ...]
    forwards: tuple[Forward, ...]


def short_hash(*parts: object) -> str:
    """Sixteen hexadecimal digits of SHA-256 over the parts."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


def assign(entity: str, clusters: Sequence[Sequence[str]], known: Iterable[Identity], now: dt.datetime) -> Assignment:
    """Give every cluster of keys its id.

    ``clusters``: keys of each cluster, oldest first; a key stands in one cluster only.  Raises ValueError when a key
    stands in two clusters or a cluster is empty.  ``known``: the registry, of this and other entities.
    """
    registry = {i.key: i for i in known if i.entity == entity}
    owner = _owners(clusters, registry)
    taken = {i.id for i in registry.values()}
    ids: list[str] = []
    forwards: dict[str, Forward] = {}
    for index, keys in enumerate(clusters):
        held = [registry[k] for k in keys if k in registry]
        mine = sorted(
            {h.id: h for h in held if owner[h.id] == index}.values(), key=lambda h: (h.registered_at, keys.index(h.key))
        )
        if mine:
            chosen = mine[0].id
            for other in mine[1:]:
                forwards[other.id] = Forward(entity, other.id, chosen, now)
        else:
            chosen = short_hash(entity, keys[0])
            attempt = 1
            while chosen in taken:
                attempt += 1
                chosen = short_hash(entity, keys[0], attempt)
        taken.add(chosen)
        ids.append(chosen)
        for key in keys:
            old = registry.get(key)
            registry[key] = Identity(entity, key, chosen, old.registered_at if old else now)
    return Assignment(tuple(ids), tuple(registry.values()), tuple(forwards.values()))


def _owners(clusters: Sequence[Sequence[str]], registry: dict[str, Identity]) -> dict[str, int]:
    """For every known id the cluster that keeps it: the one that holds the oldest of its keys."""
    place: dict[str, int] = {}
    for index, keys in enumerate(clusters):
        if not keys:
            raise ValueError(f"cluster {index} has no keys")
        for key in keys:
            if place.setdefault(key, index) != index:
                raise ValueError(f"key {key!r} stands in two clusters")
    oldest: dict[str, Identity] = {}
    for identity in registry.values():
        if identity.key not in place:
            continue
        best = oldest.get(identity.id)
        if best is None or (identity.registered_at, identity.key) < (best.registered_at, best.key):
            oldest[identity.id] = identity
    return {id_: place[identity.key] for id_, identity in oldest.items()}
