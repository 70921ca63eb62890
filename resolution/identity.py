"""Ids for ever: which id a cluster of records gets, what happens when clusters merge or split.

What belongs here: the assignment of ids to clusters of stable keys, and forwarding rows.
What does not: deciding which records form a cluster (``participants``, ``events``, ``agreements``).

A key is a string made of raw fields that do not change when other articles arrive.  The first time a cluster is seen
it gets a hash of its first key; every key remembers its id.  When later articles tie two clusters together, the older
id stays and the younger one is forwarded, with all its keys, also those that no article has tonight: articles are
corrected and put back.  When a cluster falls apart, the part that holds the oldest key keeps the id.  An id that was
forwarded is never given again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


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


def assign(
    entity: str,
    clusters: Sequence[Sequence[str]],
    known: Iterable[Identity],
    now: dt.datetime,
    retired: Iterable[Forward] = (),
) -> Assignment:
    """Give every cluster of keys its id.

    ``clusters``: keys of each cluster, oldest first; a key stands in one cluster only.  Raises ValueError when a key
    stands in two clusters or a cluster is empty.  ``known``: the registry, ``retired``: all forwards so far, of this
    and other entities.
    """
    gone = {f.old_id: f.new_id for f in retired if f.entity == entity}
    registry = {i.key: replace(i, id=_followed(i.id, gone)) for i in known if i.entity == entity}
    owner = _owners(clusters, registry)
    taken = {i.id for i in registry.values()} | gone.keys()
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
    merged = {old: forward.new_id for old, forward in forwards.items()}
    after = tuple(_moved(i, merged, now) for i in registry.values())
    return Assignment(tuple(ids), after, tuple(forwards.values()))


def _moved(identity: Identity, merged: Mapping[str, str], now: dt.datetime) -> Identity:
    """A key that no article has tonight goes where its id went; what it did not found, it cannot claim by its age."""
    id_ = _followed(identity.id, merged)
    return identity if id_ == identity.id else replace(identity, id=id_, registered_at=now)


def leading(forwards: Iterable[Forward], living: Mapping[str, Collection[str]]) -> list[Forward]:
    """The forwards that lead to a row tonight, each straight to it.

    ``living``: by entity, the ids that are rows.  What an article's correction has taken away may come back, so that a
    forward to it is kept in the register and told only when it leads somewhere.
    """
    forwards = list(forwards)
    steps: dict[str, dict[str, str]] = {}
    for f in forwards:
        steps.setdefault(f.entity, {})[f.old_id] = f.new_id
    out = []
    for f in forwards:
        target = _followed(f.new_id, steps[f.entity])
        if f.old_id not in living[f.entity] and target in living[f.entity]:
            out.append(replace(f, new_id=target))
    return out


def _followed(id_: str, steps: Mapping[str, str]) -> str:
    """Where an id leads in the end; one that leads back to itself is where it began."""
    seen = {id_}
    end = id_
    while (following := steps.get(end)) is not None:
        if following in seen:
            return id_
        seen.add(following)
        end = following
    return end


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
