"""A file of rules: dive's ``.dive-ci``, a YAML document with a mapping ``rules``.

Values are taken as they are written, quoted or not (``0.95``, ``"20MB"``, ``disabled``), as dive takes them. Other
than there, a rule that nobody knows is an error: a misspelt one would otherwise pass for ever.
Source: ``CI.PostLoad`` in ``cmd/dive/cli/internal/options/ci.go`` of https://github.com/wagoodman/dive
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui.model.layer_rules import BadLimitError, Limit, Rule, parse_limit

DEFAULT_NAME = ".dive-ci"
"""The file of the current folder that is used when none is named, as dive does."""

_LARGEST_BYTES = 1_000_000
_NULL = "tag:yaml.org,2002:null"


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


_NAMES = {_plain(rule.value): rule for rule in Rule} | {"lowestefficiencythreshold": Rule.LOWEST_EFFICIENCY}
"""Rules by their names without upper case and hyphens: older versions of dive did not mind the case, and its
``.dive.yaml`` has ``highest-wasted-bytes`` and ``lowest-efficiency-threshold``."""


class RulesFileError(Exception):
    """The rules can't be had; the text is one plain sentence that names the file."""


def read_rules(path: Path) -> dict[Rule, Limit]:
    """The limits a file sets. A rule that it does not name, or sets to nothing, is not in the answer.

    Raises:
        RulesFileError: it can't be read, is no YAML, or has rules or values that make no sense.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise RulesFileError(f"The rules file {path} can't be read: {error.strerror}.") from error
    if len(text) > _LARGEST_BYTES:
        raise RulesFileError(f"{path} is too large for a file of rules.")
    document = _compose(text, path)
    if document is None or document.tag == _NULL:
        return {}
    for key, value in _pairs(document, path, "it"):
        if key == "rules":
            return {} if value.tag == _NULL else _limits(value, path)
        if _plain(key) in _NAMES:
            raise RulesFileError(f"{key} in {path} stands outside of `rules:`; indent it below that line.")
    return {}


def _limits(rules: Any, path: Path) -> dict[Rule, Limit]:
    limits: dict[Rule, Limit] = {}
    for key, value in _pairs(rules, path, "`rules`"):
        rule = _NAMES.get(_plain(key))
        if rule is None:
            known = ", ".join(rule.value for rule in Rule)
            raise RulesFileError(f"{path} has a rule that nobody knows: {key!r}. There are {known}.")
        if rule in limits:
            raise RulesFileError(f"{path} sets {rule.value} twice.")
        if not isinstance(value.value, str):
            raise RulesFileError(f"{rule.value} in {path} has to be a single value.")
        if value.tag == _NULL:
            continue
        try:
            limits[rule] = parse_limit(rule, value.value, str(path))
        except BadLimitError as error:
            raise RulesFileError(f"In {path}, {error}") from error
    return limits


def _compose(text: bytes, path: Path) -> Any:
    """The first document as nodes, which still know how each value was written; ``None`` for an empty one."""
    import yaml  # noqa: PLC0415 - takes 30 ms, and most reports have no rules

    try:
        return next(iter(yaml.compose_all(text, Loader=yaml.SafeLoader)), None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise RulesFileError(f"{path} is not YAML: {where}{error.problem}.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise RulesFileError(f"{path} is not YAML: it holds what no text holds.") from error


def _pairs(node: Any, path: Path, what: str) -> list[tuple[str, Any]]:
    if not isinstance(node.value, list) or not all(isinstance(pair, tuple) for pair in node.value):
        raise RulesFileError(f"{path} is not a file of rules: {what} is no mapping of names to values.")
    return [(str(key.value), value) for key, value in node.value]
