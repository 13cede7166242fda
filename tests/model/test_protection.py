"""The user's own rules: what they keep, and what they do not."""

from __future__ import annotations

import pytest

from tests.model.worlds import container, image, image_id, world
from tui.model.image import Image
from tui.model.mark import Kind, Mark
from tui.model.protection import NO_PROTECTION, BadRuleError, Protection
from tui.model.volume import Volume

A, B, C = (image_id(letter) for letter in "abc")
WORLD = world(
    [
        image("a", "postgres:16", "localhost:5000/team/db:1"),
        Image(B, ("web:1",), labels={"stage": "production", "keep": ""}),
        image("c", digests=("ghcr.io/org/tool@sha256:" + "0" * 64,)),
    ],
    [container("1", "a", name="db")._replace(labels={"keep": "yes"}), container("2", "a", name="worker[1]")],
    [Volume("pgdata"), Volume("scratch", labels={"stage": "test"})],
)
POSTGRES, TEAM, WEB, TOOL = (
    Mark(Kind.IMAGE, A, "postgres:16"),
    Mark(Kind.IMAGE, A, "localhost:5000/team/db:1"),
    Mark(Kind.IMAGE, B, "web:1"),
    Mark(Kind.IMAGE, C),
)
DB, WORKER = Mark(Kind.CONTAINER, "1" * 64), Mark(Kind.CONTAINER, "2" * 64)
PGDATA, SCRATCH = Mark(Kind.VOLUME, "pgdata"), Mark(Kind.VOLUME, "scratch")
EVERYTHING = (POSTGRES, TEAM, WEB, TOOL, DB, WORKER, PGDATA, SCRATCH)


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("postgres:*", {POSTGRES}),
        ("postgres", {POSTGRES}),
        ("postgres:1", set()),
        ("POSTGRES:*", set()),
        ("localhost:5000/*", {TEAM}),
        ("*/db", {TEAM}),
        ("ghcr.io/*", {TOOL}),
        ("d?", {DB}),
        ("worker[[]1]", {WORKER}),
        ("pg*", {PGDATA}),
        ("*", set(EVERYTHING)),
        ("volume:*", {PGDATA, SCRATCH}),
        ("container:*", {DB, WORKER}),
        ("image:web:*", {WEB}),
        (" image: web:1 ", {WEB}),
        ("label=keep", {WEB, DB}),
        ("container:label=keep", {DB}),
        ("label=keep=yes", {DB}),
        ("label=keep=", {WEB}),
        ("label=stage=prod*", {WEB}),
        ("label=stage", {WEB, SCRATCH}),
        ("volume:label=st*=*", {SCRATCH}),
        ("label=missing", set()),
    ],
)
def test_a_rule_keeps(rule: str, kept: set[Mark]) -> None:
    protection = Protection.of([rule])
    assert {mark for mark in EVERYTHING if protection.rule_for(WORLD, mark)} == kept
    assert {protection.rule_for(WORLD, mark) for mark in kept} <= {rule}
    assert protection.texts == (rule,)


def test_the_first_rule_that_keeps_is_told() -> None:
    protection = Protection.of(["volume:x", "pg*", "*"])
    assert protection.rule_for(WORLD, PGDATA) == "pg*"
    assert protection.rule_for(WORLD, SCRATCH) == "*"


def test_a_volume_that_is_not_listed_is_kept_by_its_name() -> None:
    assert Protection.of(["pg*"]).rule_for(world(), PGDATA) == "pg*"
    assert Protection.of(["*"]).rule_for(world(), DB) == ""


def test_cache_records_are_never_kept_and_without_rules_nothing_is() -> None:
    assert Protection.of(["*", "label=*"]).rule_for(WORLD, Mark(Kind.CACHE_RECORD, "c")) == ""
    assert not any(NO_PROTECTION.rule_for(WORLD, mark) for mark in EVERYTHING)


@pytest.mark.parametrize("rule", ["", "  ", "image:", "volume: ", "label=", "label==x", "container:label="])
def test_a_rule_that_says_nothing_is_refused_and_named(rule: str) -> None:
    with pytest.raises(BadRuleError) as error:
        Protection.of([rule])
    assert repr(rule) in str(error.value)
    assert str(error.value).endswith(".")


def test_bad_rules_do_not_take_the_good_ones_along() -> None:
    protection, problems = Protection.as_far_as_understood(["label=", "pg*", ""])
    assert protection == Protection.of(["pg*"])
    assert [repr(bad) in problem for bad, problem in zip(["label=", ""], problems, strict=True)] == [True, True]
