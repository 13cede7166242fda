"""The rules of a ``.dive-ci``: how much an image may waste, and whether it keeps to that.

Names, values and comparisons are dive's; what is measured is ours (see :mod:`tui.model.waste`), so an image may score
differently: an overwritten file costs less here, because the copy that is kept is no waste, and a deleted folder costs
what was in it, where dive sees nothing.
Source: ``cmd/dive/cli/internal/command/ci/rules.go`` and ``cmd/dive/cli/internal/options/ci_rules.go`` in
https://github.com/wagoodman/dive
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from tui.model.waste import Waste, user_wasted_percent


class Rule(StrEnum):
    """What can be asked of an image; the values are the keys of a ``.dive-ci``."""

    LOWEST_EFFICIENCY = "lowestEfficiency"
    """Visible over stored bytes, from 0 to 1, has to be this or more."""
    HIGHEST_WASTED_BYTES = "highestWastedBytes"
    """The wasted bytes have to be this or less."""
    HIGHEST_USER_WASTED_PERCENT = "highestUserWastedPercent"
    """Wasted bytes over those of all layers but the lowest, from 0 to 1 in spite of the name: this or less."""


class BadLimitError(Exception):
    """A limit that makes no sense; the text is one plain sentence that quotes it."""


class Limit(NamedTuple):
    """A rule with what is asked for."""

    rule: Rule
    value: float | int | None
    """A ratio, or bytes; ``None`` when the rule is disabled."""
    source: str = ""
    """Who asks for it, in words: a file, a flag, dive's default."""


class Status(StrEnum):
    """How an image does on a rule."""

    PASS = "PASS"
    FAIL = "FAIL"
    SKIP = "SKIP"
    """The rule is disabled."""


class Verdict(NamedTuple):
    """How an image does on one rule."""

    limit: Limit
    status: Status
    measured: float | int
    """In the unit of the limit. The user-wasted ratio is ``inf`` where the upper layers store nothing and yet hide
    something."""


DEFAULTS: Mapping[Rule, str] = MappingProxyType({
    Rule.LOWEST_EFFICIENCY: "0.9",
    Rule.HIGHEST_WASTED_BYTES: "disabled",
    Rule.HIGHEST_USER_WASTED_PERCENT: "0.1",
})  # fmt: skip
"""What dive asks for where a ``.dive-ci`` says nothing. Source: ``DefaultCIRules``."""

_DISABLED = frozenset({"", "disabled", "off", "false"})
"""Source: ``isRuleDisabled``."""
_RATIO = re.compile(r"\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_AMOUNT = re.compile(r"(?P<number>[0-9.,]+)(?P<unit>.*)", re.ASCII | re.DOTALL)
_PREFIXES = ("", "k", "m", "g", "t", "p", "e")
_UNITS = {
    **{prefix + end: 1000**power for power, prefix in enumerate(_PREFIXES) for end in ("", "b")},
    **{prefix + end: 1024**power for power, prefix in enumerate(_PREFIXES) if prefix for end in ("i", "ib")},
}
"""Source: ``bytesSizeTable`` in https://github.com/dustin/go-humanize, which reads the sizes for dive."""
_TOO_MANY_BYTES = 2**64


def parse_limit(rule: Rule, text: str, source: str = "") -> Limit:
    """A limit as someone wrote it: a ratio, a size such as ``20MB`` or ``1.5 GiB``, or ``disabled``.

    Raises:
        BadLimitError: it is none of these.
    """
    meant = text.strip()
    if meant.lower() in _DISABLED:
        return Limit(rule, None, source)
    value = parse_bytes(meant) if rule is Rule.HIGHEST_WASTED_BYTES else _ratio(meant)
    if value is None:
        form = "a size such as 20MB, 1.5GiB or 123" if rule is Rule.HIGHEST_WASTED_BYTES else "a ratio from 0 to 1"
        raise BadLimitError(f"{rule.value} is {meant!r}, and has to be {form}, or disabled.")
    return Limit(rule, value, source)


def parse_bytes(text: str) -> int | None:
    """A size as go-humanize reads it: ``kB`` is 1,000 and ``KiB`` 1,024 bytes, in any case; ``None`` for no size."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    unit = _UNITS.get(match["unit"].strip().lower())
    try:
        count = float(match["number"].replace(",", "")) * (unit or 0)
    except ValueError:
        return None
    return int(count) if unit is not None and count < _TOO_MANY_BYTES else None


def _ratio(text: str) -> float | None:
    if not _RATIO.fullmatch(text):
        return None
    ratio = float(text)
    return ratio if 0 <= ratio <= 1 else None


def with_defaults(limits: Mapping[Rule, Limit], source: str) -> dict[Rule, Limit]:
    """``limits``, and dive's defaults for the rules that are not in it."""
    defaults = {rule: parse_limit(rule, text, source) for rule, text in DEFAULTS.items()}
    return {**defaults, **limits}


def user_wasted(waste: Waste) -> float:
    """What ``highestUserWastedPercent`` limits; ``inf`` where the upper layers only hide, as it is for dive."""
    if waste.wasted_bytes and not sum(waste.per_layer_stored[1:]):
        return math.inf
    return user_wasted_percent(waste)


def judge(waste: Waste, limits: Mapping[Rule, Limit]) -> tuple[Verdict, ...]:
    """How an image does on each of ``limits``, in the order of :class:`Rule`."""
    return tuple(_verdict(waste, limits[rule]) for rule in Rule if rule in limits)


def _verdict(waste: Waste, limit: Limit) -> Verdict:
    measured: float | int
    if limit.rule is Rule.LOWEST_EFFICIENCY:
        measured = waste.efficiency
        failed = limit.value is not None and measured < limit.value
    else:
        measured = waste.wasted_bytes if limit.rule is Rule.HIGHEST_WASTED_BYTES else user_wasted(waste)
        failed = limit.value is not None and measured > limit.value
    if limit.value is None:
        return Verdict(limit, Status.SKIP, measured)
    return Verdict(limit, Status.FAIL if failed else Status.PASS, measured)
