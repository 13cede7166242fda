"""Whether a plan that was read makes sense: each step could have come from our own planning, and does what it says.

The engine is not asked here. It stands between a file that anybody may have edited and calls that delete things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui.model.cleanup_plan import NOT_REVIEWED, CleanupPlan, Reviewed, Standing, Step
from tui.model.container import RUNNING_STATES
from tui.model.docker_commands import Command, is_program, removal_commands
from tui.model.estimate import NOTHING, Certainty, Estimate
from tui.model.image import Image, Reference
from tui.model.mark import Kind
from tui.model.record_document import BadFieldError, shown
from tui.model.removal_plan import goes_by_one_name

_RUNS_IN = {Kind.CONTAINER: 0, Kind.IMAGE: 1, Kind.VOLUME: 2, Kind.CACHE_RECORD: 3}

_HOST_PART = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = rf"(?:{_HOST_PART}(?:\.{_HOST_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_PATH_PART = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
_NAME = rf"(?:{_HOST}/)?{_PATH_PART}(?:/{_PATH_PART})*"
_TAG = re.compile(rf"{_NAME}:[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}")
_DIGEST = re.compile(rf"{_NAME}@[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{{32,}}")
"""Source: https://github.com/distribution/reference (``regexp.go``)."""
_ALGORITHMS = ("sha256:", "sha384:", "sha512:")
"""What looks like this is an ID to the engine, whatever it was meant to be."""
_LONGEST_NAME = 1024

_IDS = {
    Kind.CONTAINER: re.compile(r"[0-9a-f]{64}"),
    Kind.IMAGE: re.compile(r"(?:sha256:)?[0-9a-f]{64}"),
    Kind.CACHE_RECORD: re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,255}"),
}
_REVIEWED = {
    Kind.CONTAINER: {"state", "alive"},
    Kind.IMAGE: {"tags", "digests"},
    Kind.VOLUME: {"created", "size_bytes", "driver"},
    Kind.CACHE_RECORD: {"size_bytes"},
}
"""What is reviewed of each kind."""


def check_plan(plan: CleanupPlan) -> None:
    """Raise :class:`BadFieldError` unless ``plan`` is one that can be carried out as it stands."""
    seen: set[tuple[Kind, str]] = set()
    last = 0
    _check_estimate(plan.freed, "plan.freed")
    for number, step in enumerate(plan.steps):
        where = f"plan.steps[{number}]"
        _require(_RUNS_IN[step.kind] >= last, where, f"is a {step.kind} after its turn")
        _require(step.key not in seen, where, f"removes the same {step.kind} once more")
        last = _RUNS_IN[step.kind]
        seen.add(step.key)
        _check_identity(step, where)
        _check_reviewed(step.kind, step.reviewed, where)
        _check_effect(step, where)
        _check_standing(step, where)
        _check_estimate(step.freed, f"{where}.freed")


def _require(holds: bool, where: str, otherwise: str) -> None:
    if not holds:
        raise BadFieldError(f"{where} {otherwise}")


def _check_identity(step: Step, where: str) -> None:
    pattern = _IDS.get(step.kind)
    sound = pattern.fullmatch(step.id) is not None if pattern else _is_volume_name(step.id)
    _require(sound, where, f"has {shown(step.id)} for the ID of a {step.kind}")
    _require(bool(step.marks), where, "comes from no mark")
    _require(len(set(step.marks)) == len(step.marks), where, "has a mark twice")
    for mark in step.marks:
        _require((mark.kind, mark.id) == step.key, where, "has a mark of something else")
        _require(not mark.tag or step.kind is Kind.IMAGE, where, "has a tag, and is no image")


def _is_volume_name(name: str) -> bool:
    """A name that stays one part of an address, whichever driver made it up."""
    if not name or len(name) > _LONGEST_NAME or not name.isprintable() or name.startswith("/"):
        return False
    return not {"", ".", ".."}.intersection(name.split("/"))


def _check_reviewed(kind: Kind, reviewed: Reviewed, where: str) -> None:
    for name, value, usual in zip(Reviewed._fields, reviewed, NOT_REVIEWED, strict=True):
        _require(name in _REVIEWED[kind] or value == usual, where, f"has {name} reviewed, which no {kind} has")
    for tag in reviewed.tags:
        _require(_is_tag(tag), where, f"names {shown(tag)}, which is no tag")
    for digest in reviewed.digests:
        _require(_is_digest(digest), where, f"names {shown(digest)}, which is no digest")
    alive = reviewed.state in RUNNING_STATES
    _require(reviewed.alive == alive, where, f"is {shown(reviewed.state)} and is said to {'rest' if alive else 'run'}")


def _is_tag(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and _TAG.fullmatch(text) is not None and not text.startswith(_ALGORITHMS)


def _is_digest(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and _DIGEST.fullmatch(text) is not None


def _check_effect(step: Step, where: str) -> None:
    """That it does to the thing what its kind allows, and takes nothing but what was marked."""
    _require(not step.force or step.kind is Kind.CONTAINER, where, f"uses force on a {step.kind}")
    _require(not step.named_volume or step.kind is Kind.VOLUME, where, "is called a volume, and is none")
    _require(not step.device or step.kind is Kind.VOLUME, where, "points to a folder, and is no volume")
    _require(not step.device or step.freed.bytes == 0, where, "frees bytes of files that stay")
    if step.kind is Kind.IMAGE:
        _check_image(step, where)
        return
    _require(not step.untags, where, "takes tags away, and is no image")
    _require(step.removes_object, where, "removes nothing")


def _check_image(step: Step, where: str) -> None:
    tags, digests = set(step.reviewed.tags), set(step.reviewed.digests)
    marked = {mark.tag for mark in step.marks}
    untags = set(step.untags)
    _require(len(untags) == len(step.untags), where, "takes a tag away twice")
    _require(untags <= tags | digests, where, "takes away a tag that the image did not have")
    if not step.removes_object:
        _require(bool(untags) and untags == marked, where, "takes away other tags than were marked")
        _require(bool(tags - untags), where, "takes the last tag away, and says that the image stays")
        return
    _require(marked == (tags or {""}), where, "removes an image of which not every tag was marked")
    left = tags - untags
    left_repositories = _repositories(left)
    emptied = _repositories(untags & tags) - left_repositories
    # With the last tag of a repository the engine takes its digests away.
    kept = tuple(digest for digest in digests - untags if digest.partition("@")[0] not in emptied)
    by_one = goes_by_one_name(Image(step.id, tuple(left), kept)) and (bool(left) or not tags)
    _require(by_one, where, "leaves names on the image that only force would remove")


def _repositories(tags: Iterable[str]) -> set[str]:
    return {Reference.parse(tag).repository for tag in tags}


def _check_standing(step: Step, where: str) -> None:
    blocked = any(obstacle.certain for obstacle in step.obstacles)
    is_protected = step.standing is Standing.PROTECTED
    _require(bool(step.protected_by) == is_protected, where, f"is {step.standing}, which does not fit its rule")
    if step.standing is Standing.READY:
        _require(not blocked and not step.helped_by, where, "is ready, and something stands in its way")
        _require(step.force == step.reviewed.alive, where, "would not kill what runs, or kill what does not")
        _require(step.commands == removal_commands(step, _program_of(step)), where, "shows commands of something else")
        return
    _require(is_protected or blocked, where, "is blocked by nothing")
    _require(not step.commands, where, f"is {step.standing} and shows commands")
    _require(step.freed == NOTHING, where, f"is {step.standing} and frees something")


def _program_of(step: Step) -> Command:
    """The words with which its commands begin, as far as they are a program of ours."""
    first = step.commands[0] if step.commands else ()
    for words in (first[:3], first[:1]):
        if is_program(words):
            return words
    return ()


def _check_estimate(estimate: Estimate, where: str) -> None:
    unknown = estimate.certainty is Certainty.UNKNOWN
    _require((estimate.bytes is None) == unknown, where, "is unknown and a number at once")
    exact = estimate.certainty is Certainty.EXACT
    _require(exact != bool(estimate.doubts), where, "is exact and in doubt at once, or neither")
