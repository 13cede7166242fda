"""A plan as a document: it comes back equal, and nothing that was tampered with comes back at all."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model.cleanup_worlds import DIGEST, CleanupWorld, worlds
from tests.model.worlds import container, holdings, host, image, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.cleanup_plan import CleanupPlan, Standing
from tui.model.cleanup_planning import plan_cleanup
from tui.model.host import DiskUsage, Endpoint
from tui.model.mark import Kind, Mark, marks_of_image
from tui.model.plan_document import FORMAT, VERSION, BadPlanError, made_of, plan_of, to_document
from tui.model.protection import Protection
from tui.model.volume import Volume

MADE = 1_700_000_000.5


def a_plan() -> CleanupPlan:
    """One step of each kind that goes, one blocked, one protected, one that only takes a tag away."""
    pointed = host()._replace(endpoint=Endpoint("ssh://box", source="--host"))
    inventory = world(
        [
            image("a", "web:1", "r/web:2", digests=(f"web@{DIGEST}", f"else/where@{DIGEST}")),
            image("b", "b:1"),
            image("c", "c:1", "c:2"),
        ],
        [container("1", "a", "running", size=3), container("2", "b", mounts=[volume_mount("used")])],
        [Volume("db", size_bytes=9, created=12.25), Volume("used"), Volume("keep")],
        engine=pointed,
        disk=DiskUsage(None, {}, {}, (BuildCacheRecord("u" * 25, "regular", "RUN x", 5, shared=True),)),
    )
    marks = [
        *(mark for one in inventory.images for mark in marks_of_image(inventory, one.id) if mark.tag != "c:2"),
        *(Mark(Kind.VOLUME, volume.name) for volume in inventory.volumes),
        Mark(Kind.CONTAINER, "1" * 64),
        Mark(Kind.CACHE_RECORD, "u" * 25),
    ]
    known = holdings({"a": {"x": 5}, "b": {"x": 5}, "c": {"z": None}})
    return plan_cleanup(inventory, known, marks, Protection.of(["keep"]))


PLAN = a_plan()
DOCUMENT: dict[str, Any] = json.loads(json.dumps(to_document(PLAN, MADE)))
CONTAINER, WEB, BLOCKED, UNTAG, DB, USED, KEEP, CACHE = range(8)


def test_the_plan_has_everything_in_it_and_comes_back_equal() -> None:
    assert [(step.kind, step.standing) for step in PLAN.steps] == [
        (Kind.CONTAINER, Standing.READY),
        (Kind.IMAGE, Standing.READY),
        (Kind.IMAGE, Standing.BLOCKED),
        (Kind.IMAGE, Standing.READY),
        (Kind.VOLUME, Standing.READY),
        (Kind.VOLUME, Standing.BLOCKED),
        (Kind.VOLUME, Standing.PROTECTED),
        (Kind.CACHE_RECORD, Standing.READY),
    ]
    assert PLAN.steps[WEB].untags == ("r/web:2", f"else/where@{DIGEST}")
    assert plan_of(DOCUMENT) == PLAN
    assert made_of(DOCUMENT) == MADE
    assert (DOCUMENT["format"], DOCUMENT["version"]) == (FORMAT, VERSION)


@settings(max_examples=examples(150), deadline=None)
@given(worlds(), st.sampled_from([(), ("db", "a-one"), ("label=x",)]))
def test_any_plan_comes_back_equal(case: CleanupWorld, rules: tuple[str, ...]) -> None:
    plan = plan_cleanup(case.inventory, case.holdings, case.marks, Protection.of(rules))
    assert plan_of(json.loads(json.dumps(to_document(plan, MADE)))) == plan


def refused(document: object) -> str:
    with pytest.raises(BadPlanError) as caught:
        plan_of(document)
    sentence = str(caught.value)
    assert sentence.startswith("The plan can't be used: ")
    assert sentence.endswith(".")
    assert sentence.isprintable()
    return sentence


@pytest.mark.parametrize(
    "document",
    [None, 3, "plan", [], {}, {"format": FORMAT}, {**DOCUMENT, "version": 2}, {**DOCUMENT, "version": True}]
    + [{**DOCUMENT, "version": 1.5}, {**DOCUMENT, "format": "other"}, {**DOCUMENT, "extra": 1}]
    + [{**DOCUMENT, "made": made} for made in (None, -1, True, "now", float("nan"), float("inf"))],
)
def test_what_is_no_plan_of_ours(document: object) -> None:
    refused(document)
    with pytest.raises(BadPlanError):
        made_of(document)


def edited(number: int, edit: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    edit(document["plan"]["steps"][number])
    return document


def setting(**values: object) -> Callable[[dict[str, Any]], object]:
    return lambda step: step.update(values)


def reviewing(**values: object) -> Callable[[dict[str, Any]], object]:
    return lambda step: step["reviewed"].update(values)


OTHER_MARK = {"kind": "volume", "id": "other", "tag": ""}
WEB_MARKS = DOCUMENT["plan"]["steps"][WEB]["marks"]


@pytest.mark.parametrize(
    ("number", "edit", "reason"),
    [
        (DB, setting(force=True), "force"),
        (WEB, setting(force=True), "force"),
        (CONTAINER, setting(force=False), "kill"),
        (CONTAINER, reviewing(alive=False), "running"),
        (CONTAINER, reviewing(state="exited"), "exited"),
        (CONTAINER, setting(id="web"), "ID"),
        (CONTAINER, setting(id="1" * 12), "ID"),
        (CONTAINER, setting(kind="image"), "something else"),
        (CONTAINER, setting(kind="network"), "network"),
        (CONTAINER, setting(named_volume=True), "volume"),
        (CONTAINER, setting(device="/srv"), "volume"),
        (CONTAINER, setting(removes_object=False), "nothing"),
        (CONTAINER, setting(marks=[]), "mark"),
        (CONTAINER, setting(commands=[["docker", "rm", "--force", "2" * 64]]), "commands"),
        (CONTAINER, setting(commands=[["sh", "rm", "--force", "1" * 64]]), "commands"),
        (CONTAINER, setting(commands=[]), "commands"),
        (CONTAINER, setting(protected_by="rule"), "rule"),
        (CONTAINER, setting(standing="blocked"), "blocked"),
        (CONTAINER, setting(standing="perhaps"), "perhaps"),
        (CONTAINER, setting(helped_by=[OTHER_MARK]), "way"),
        (WEB, setting(untags=["r/web:2"]), "force"),
        (WEB, setting(untags=["web:1", "r/web:2", f"else/where@{DIGEST}"]), "force"),
        (WEB, setting(untags=["r/web:2", "r/web:2", f"else/where@{DIGEST}"]), "twice"),
        (WEB, setting(untags=["r/web:2", "other:1"]), "did not have"),
        (WEB, setting(untags=["--force"]), "did not have"),
        (WEB, setting(marks=WEB_MARKS[:1]), "not every tag"),
        (WEB, reviewing(tags=["web:1", "r/web:2", "mine:3"]), "not every tag"),
        (WEB, reviewing(tags=["../../containers/x:1"]), "no tag"),
        (WEB, reviewing(tags=["sha256:" + "b" * 64]), "no tag"),
        (WEB, reviewing(tags=["web"]), "no tag"),
        (WEB, reviewing(digests=["web@latest"]), "no digest"),
        (WEB, reviewing(size_bytes=4), "size_bytes"),
        (UNTAG, setting(untags=["c:1", "c:2"]), "other tags"),
        (UNTAG, reviewing(tags=["c:1"]), "last tag"),
        (UNTAG, setting(removes_object=True), "not every tag"),
        (DB, setting(id="../containers/x"), "ID"),
        (DB, setting(id=""), "ID"),
        (DB, setting(id="a\x1b[2J"), "ID"),
        (DB, setting(id="other"), "something else"),
        (DB, setting(marks=[OTHER_MARK]), "something else"),
        (DB, setting(untags=["x:1"]), "tags"),
        (DB, setting(freed={"bytes": -1, "certainty": "exact", "doubts": []}), "can't be"),
        (DB, setting(freed={"bytes": 1 << 70, "certainty": "exact", "doubts": []}), "can't be"),
        (DB, setting(freed={"bytes": None, "certainty": "exact", "doubts": []}), "unknown"),
        (DB, setting(freed={"bytes": 1, "certainty": "exact", "doubts": ["build cache"]}), "doubt"),
        (DB, setting(freed={"bytes": 1.5, "certainty": "exact", "doubts": []}), "whole number"),
        (DB, reviewing(created=float("nan")), "can't be"),
        (DB, reviewing(created="yesterday"), "number"),
        (USED, setting(standing="ready"), "way"),
        (USED, setting(obstacles=[]), "nothing"),
        (USED, setting(freed={"bytes": 1, "certainty": "exact", "doubts": []}), "frees"),
        (USED, setting(commands=[["docker", "volume", "rm", "used"]]), "shows commands"),
        (KEEP, setting(standing="ready"), "rule"),
        (KEEP, setting(protected_by=""), "rule"),
        (CACHE, setting(id=".*"), "ID"),
        (DB, lambda step: step.pop("force"), "'force'"),
        (DB, setting(forced=True), "'forced'"),
        (DB, setting(marks={}), "list"),
        (DB, setting(reviewed=[]), "object"),
        (DB, setting(name="x" * (1 << 21)), "longer"),
    ],
)  # fmt: skip
def test_what_was_tampered_with(number: int, edit: Callable[[dict[str, Any]], object], reason: str) -> None:
    assert reason in refused(edited(number, edit))


def test_steps_out_of_turn_and_steps_twice() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["plan"]["steps"].reverse()
    assert "turn" in refused(document)
    document = copy.deepcopy(DOCUMENT)
    document["plan"]["steps"].insert(DB, document["plan"]["steps"][DB])
    assert "once more" in refused(document)


def test_a_step_left_out_by_hand_is_a_smaller_plan() -> None:
    document = copy.deepcopy(DOCUMENT)
    del document["plan"]["steps"][DB]
    assert plan_of(document) == replace(PLAN, steps=PLAN.steps[:DB] + PLAN.steps[DB + 1 :])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=examples(200))
@given(JSON)
def test_anything_else_that_json_can_say_is_refused(document: object) -> None:
    refused(document)
    refused({**DOCUMENT, "plan": document})


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
    return [path, *(deeper for key in keys for deeper in _paths(value[key], (*path, key)))]


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


PATHS = [path for path in _paths(DOCUMENT["plan"]) if path]
SAFE_TO_CHANGE = frozenset({
    *("name", "freed", "doubts", "certainty", "engine_id", "obstacles", "helped_by"),
    *("created", "size_bytes", "driver", "named_volume", "device", "protected_by"),
})  # fmt: skip
"""Words and figures for people; and what only makes the check before a step stricter."""


@settings(max_examples=examples(600), deadline=None)
@given(st.sampled_from(PATHS), JSON, st.data())
def test_one_change_anywhere_is_refused_or_does_no_harm(
    path: tuple[Any, ...], new: object, data: st.DataObject
) -> None:
    document = copy.deepcopy(DOCUMENT)
    holder = _at(document["plan"], path[:-1])
    known = [_at(document["plan"], other) for other in PATHS]
    value = new if data.draw(st.booleans()) else copy.deepcopy(data.draw(st.sampled_from(known)))
    assume(value != holder[path[-1]] or type(value) is not type(holder[path[-1]]))
    holder[path[-1]] = value
    try:
        read = plan_of(document)
    except BadPlanError:
        return
    if SAFE_TO_CHANGE.isdisjoint(path):
        assert _deeds(read) <= _deeds(PLAN)


def _deeds(plan: CleanupPlan) -> set[tuple[Kind, str, tuple[str, ...], bool, bool]]:
    """What carrying it out would do."""
    return {(step.kind, step.id, step.untags, step.removes_object, step.force) for step in plan.ready}


@settings(max_examples=examples(100), deadline=None)
@given(st.text())
def test_errors_never_act_on_a_terminal(text: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["plan"]["steps"][DB]["id"] = f"\x1b[2J\n{text}"
    refused(document)
    document["plan"]["steps"][DB] = {f"\x1b{text}": text}
    refused(document)


def test_notes_stand_beside_the_plan_and_change_nothing_of_it() -> None:
    plan = CleanupPlan(engine_id="e")
    noted = to_document(plan, 5.0, {"logs_bytes": 7, "anything": ["else"]})
    assert noted["notes"] == {"logs_bytes": 7, "anything": ["else"]}
    assert plan_of(noted) == plan_of(to_document(plan, 5.0)) == plan
    with pytest.raises(BadPlanError, match="'notes' is no object"):
        plan_of({**noted, "notes": "delete everything"})
