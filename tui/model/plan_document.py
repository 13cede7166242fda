"""A plan as a JSON document, and back. What was reviewed is what runs, also when it runs from a file tomorrow.

Nothing in such a file is believed: everything has to be there, of the right type, and make sense together, and a
field that nobody knows is an error, not a detail. The format is written down in ``docs/cleanup.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tui.model.cleanup_plan import CleanupPlan
from tui.model.plan_check import check_plan
from tui.model.record_document import BadFieldError, read_record, shown, write_value

FORMAT = "orlop cleanup plan"
"""What the document says it is."""
VERSION = 1
"""Raised whenever a reader of the older version could misread the newer one."""

_KEYS = frozenset({"format", "version", "made", "plan"})
_NOTES = "notes"
"""A field that may be there besides, for people and scripts to read: an object that no reader here looks into."""


class BadPlanError(ValueError):
    """A document that is no plan to be carried out. The message is one plain sentence."""


def to_document(plan: CleanupPlan, made: float, notes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``plan`` as JSON takes it: mappings, lists, text, numbers.

    Args:
        plan: what was reviewed.
        made: when, in seconds since the epoch.
        notes: what stands beside it, to be read only.
    """
    document = {"format": FORMAT, "version": VERSION, "made": made, "plan": write_value(plan)}
    return document if notes is None else {**document, _NOTES: dict(notes)}


def plan_of(document: object) -> CleanupPlan:
    """The plan that ``document`` holds, equal to the one it was made of.

    Raises:
        BadPlanError: it is no plan, or not one that can be carried out safely.
    """
    body = _checked(document)["plan"]
    try:
        plan = read_record(CleanupPlan, body, "plan")
        check_plan(plan)
    except BadFieldError as error:
        raise BadPlanError(f"The plan can't be used: {error}.") from None
    return plan


def made_of(document: object) -> float:
    """When the plan in ``document`` was made, in seconds since the epoch. Raises BadPlanError as :func:`plan_of`."""
    return float(_checked(document)["made"])


def _checked(document: object) -> Mapping[str, Any]:
    """The document, when it is one of ours."""
    if not isinstance(document, Mapping):
        raise BadPlanError("The plan can't be used: it is not a JSON object.")
    if document.get("format") != FORMAT:
        raise BadPlanError(f"The plan can't be used: its format is not '{FORMAT}'.")
    version = document.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise BadPlanError(f"The plan can't be used: it is of version {shown(version)}, and only {VERSION} is known.")
    if missing := sorted(_KEYS - document.keys()):
        raise BadPlanError(f"The plan can't be used: '{missing[0]}' is missing.")
    if unknown := sorted(map(shown, document.keys() - _KEYS - {_NOTES})):
        raise BadPlanError(f"The plan can't be used: nobody knows what {unknown[0]} is.")
    if not isinstance(document.get(_NOTES, {}), Mapping):
        raise BadPlanError(f"The plan can't be used: '{_NOTES}' is no object.")
    made = document["made"]
    if isinstance(made, bool) or not isinstance(made, int | float) or not math.isfinite(made) or made < 0:
        raise BadPlanError("The plan can't be used: 'made' is no time.")
    return document
