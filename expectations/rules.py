"""Every rule of every step, in the order in which it is checked and shown.

What belongs here: the register of rules.
What does not: the rules of single steps (``rules_articles``, ``rules_mentions``, ``rules_resolution``,
``rules_snapshot``), families of rules (``families``), their evaluation (``validate``).

Imported by whoever declares asset checks: nothing heavy is imported here.
"""

from __future__ import annotations

from expectations import rules_articles, rules_mentions, rules_resolution, rules_snapshot, structure
from expectations.promises import Rule

RULES: tuple[Rule, ...] = (
    *rules_articles.RULES,
    *rules_mentions.RULES,
    *rules_resolution.RULES,
    *rules_snapshot.RULES,
)

STEPS: tuple[str, ...] = tuple(structure.STEPS)
"""The steps in the order of a run."""


def rules_of(step: str) -> tuple[Rule, ...]:
    """The rules of a step, in order; an unknown step raises KeyError."""
    if step not in structure.STEPS:
        raise KeyError(step)
    return tuple(rule for rule in RULES if rule.step == step)


def _check_names() -> None:
    names = [(rule.step, rule.name) for rule in RULES]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"rules with one name: {sorted(twice)}")


_check_names()
