"""Candidates in words."""

from __future__ import annotations

import pytest

from tests.model.worlds import container, host, image, volume_mount, world
from tui.model.candidate_choice import Choice
from tui.model.candidates import CandidateSet, CandidateSettings, Rule, candidates
from tui.model.estimate import Certainty, Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.marked_sum import MarkedSum, marked_sum
from tui.model.protection import Protection
from tui.model.storage import ContainerLog
from tui.model.volume import Volume
from tui.present.candidate_facts import candidate_sections
from tui.present.candidates import (
    NAMED_HEADING,
    RuleSpot,
    candidate_nodes,
    candidate_row,
    chosen_lines,
    freed_amount,
    rule_words,
)
from widgets.cell import Line, RowText
from widgets.node import Node

NOW = 1_795_000_000.0
INVENTORY = world(
    [image("a", "app:1"), image("b", "app:2", digests=("app@sha256:1",)), image("c")],
    [container("1", "a", "running", mounts=(volume_mount("used"),)), container("2", "a", "exited", name="job")],
    [
        Volume("data", size_bytes=10),
        Volume("shared", driver="nfs", size_bytes=5),
        Volume("bound", options={"type": "none", "o": "bind", "device": "/srv"}),
        Volume("f" * 64, size_bytes=7),
    ],
)


def found(inventory: Inventory = INVENTORY, **more: object) -> tuple[CandidateSet, ...]:
    return candidates(inventory, Holdings(), now=NOW, **more)  # type: ignore[arg-type]


def words(line: Line) -> str:
    return "".join(cell.text for cell in line)


def row_words(row: RowText) -> str:
    return f"{words(row.gutter)}{words(row.left)} | {words(row.right)}"


def row_of(rule: Rule, choice: Choice = Choice(), sets: tuple[CandidateSet, ...] | None = None) -> str:  # noqa: B008
    nodes = candidate_nodes(sets or found(), INVENTORY)
    return row_words(candidate_row(node_of(nodes, rule).data, choice, exact=False))


def node_of(nodes: tuple[Node, ...], rule: Rule) -> Node:
    return next(node for node in nodes if node.key == f"rule {rule}")


def facts(rule: Rule, inventory: Inventory = INVENTORY, sets: tuple[CandidateSet, ...] | None = None) -> str:
    sets = sets or found(inventory)
    spot = node_of(candidate_nodes(sets, inventory), rule).data
    return said(spot, inventory, sets)


def said(spot: object, inventory: Inventory, sets: tuple[CandidateSet, ...], reason: str = "") -> str:
    sections = candidate_sections(spot, inventory, sets, reason)
    return "\n".join(
        text for one in sections for text in (one.title, *(f"{fact.label} {words(fact.value)}" for fact in one.facts))
    )


def test_every_rule_has_a_row_and_named_volumes_stand_last_below_a_warning() -> None:
    nodes = candidate_nodes(found(), INVENTORY)
    assert {node.key for node in nodes if node.selectable} == {f"rule {rule}" for rule in Rule}
    assert nodes[-2].data == NAMED_HEADING
    assert not nodes[-2].selectable
    assert nodes[-1].key == f"rule {Rule.NAMED_VOLUMES}"


def test_number_stands_in_the_words() -> None:
    sets = {one.rule: one for one in found(settings=CandidateSettings(stopped_days=1, log_bytes=50_000_000))}
    assert "".join(rule_words(sets[Rule.OLD])) == "Unused images made over 30 days ago"
    assert "".join(rule_words(sets[Rule.STOPPED])) == "Stopped containers made over 1 day ago"
    assert "".join(rule_words(sets[Rule.LOGS])) == "Containers' logs of 50 MB or more"
    assert "".join(rule_words(sets[Rule.CACHE])) == "Build cache that is not in use"
    assert len({"".join(rule_words(one)) for one in sets.values()}) == len(Rule)


def test_row_counts_and_its_tick_tells_how_much_is_chosen() -> None:
    unused = next(one for one in found() if one.rule is Rule.UNUSED)
    assert row_of(Rule.UNUSED).startswith("[ ]    2  Images that no container uses")
    assert row_of(Rule.UNUSED, Choice(unused.marks)).startswith("[✓] ")
    assert row_of(Rule.UNUSED, Choice(frozenset(list(unused.marks)[:1]))).startswith("[–] ")
    assert "[" not in row_of(Rule.LEFTOVERS)


def test_protected_ones_are_counted_in_the_row() -> None:
    sets = found(protection=Protection.of(["app"]))
    assert "1 protected" in row_of(Rule.UNUSED, sets=sets)
    assert "rules of yours protect them" in facts(Rule.UNUSED, sets=sets)


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Estimate(1_200_000), "1.2 MB"),
        (Estimate(1_200_000, Certainty.UP_TO, (Doubt.BUILD_CACHE,)), "up to 1.2 MB"),
        (Estimate(1_200_000, Certainty.AT_LEAST), "at least 1.2 MB"),
        (Estimate(1_200_000, Certainty.ABOUT), "about 1.2 MB"),
        (Estimate(None, Certainty.UNKNOWN), "…"),
        (Estimate(0), "0 B"),
    ],
)
def test_amounts_say_how_sure_they_are(estimate: Estimate, text: str) -> None:
    assert freed_amount(estimate) == text
    assert freed_amount(Estimate(1_200_000), exact=True) == "1,200,000 B"


def test_objects_are_shown_the_largest_first() -> None:
    node = node_of(candidate_nodes(found(), INVENTORY), Rule.NAMED_VOLUMES)
    rows = [row_words(candidate_row(one.data, Choice(), exact=False)) for one in node.offspring()]
    assert [row.split()[2] for row in rows] == ["data", "shared", "bound"]
    assert "10 B" in rows[0]
    assert "elsewhere" in rows[2]  # it only points to a folder: nothing of the engine's disk


def test_facts_say_what_no_pull_brings_back() -> None:
    sets = found(world([image("a", "app:1"), image("b", "app:2", digests=("app@sha256:1",))]))
    inventory = world([image("a", "app:1"), image("b", "app:2", digests=("app@sha256:1",))])
    assert "1 of them has no registry's digest" in facts(Rule.UNUSED, inventory, sets)
    on_containerd = world([image("a", "app:1")], engine=host(CONTAINERD_STORE))
    assert "no registry's digest" not in facts(Rule.UNUSED, on_containerd)


def test_facts_say_what_is_special_about_volumes() -> None:
    text = facts(Rule.NAMED_VOLUMES)
    assert "1 volume of another driver" in text
    assert "1 volume only pointing to a folder" in text
    assert "docker volume prune -a" in text
    assert "podman volume prune -a" in facts(Rule.NAMED_VOLUMES, world(engine=host(product="podman")))


def test_facts_of_an_object_say_which_rules_find_it() -> None:
    sets = found()
    node = node_of(candidate_nodes(sets, INVENTORY), Rule.DANGLING)
    text = said(node.offspring()[0].data, INVENTORY, sets)
    assert "Images without a tag" in text
    assert "Images that no container uses" in text
    assert image("c").id in text


def test_logs_that_were_not_measured_say_how_to() -> None:
    assert "not measured (m, then u)" in row_of(Rule.LOGS)
    assert "have not been measured" in facts(Rule.LOGS)
    spot = RuleSpot(next(one for one in found() if one.rule is Rule.LOGS), "not measured")
    assert "They could not be measured: it is far away." in said(spot, INVENTORY, found(), "it is far away.")


def test_logs_lead_to_what_can_be_done() -> None:
    sets = found(logs=(ContainerLog("2" * 64, 300_000_000),))
    text = facts(Rule.LOGS, sets=sets)
    assert "--log-opt max-size" in text
    assert "behind the engine's back" in text
    node = node_of(candidate_nodes(sets, INVENTORY), Rule.LOGS)
    assert "{{.LogPath}}' job)" in said(node.offspring()[0].data, INVENTORY, sets)
    assert "[" not in row_of(Rule.LOGS, sets=sets)


def test_every_rule_explains_itself() -> None:
    for rule in Rule:
        assert len(facts(rule)) > 120


def test_sum_counts_once_and_warns_of_named_volumes() -> None:
    sets = found()
    choice = Choice(frozenset[Mark]().union(*(one.marks for one in sets)))
    total = marked_sum(INVENTORY, Holdings(), choice.marks)
    lines = [words(line) for line in chosen_lines(total, choice, INVENTORY, marked=2)]
    assert lines[0].startswith("2 images, 1 container, 4 volumes ticked · frees ")
    assert any("2 named volumes among them" in line for line in lines)
    assert any("2 marks made before stay" in line for line in lines)


def test_sum_says_when_nothing_is_ticked_and_when_it_may_change() -> None:
    assert "Nothing is ticked" in words(chosen_lines(MarkedSum(), Choice(), INVENTORY)[0])
    choice = Choice(frozenset({Mark(Kind.VOLUME, "data")}))
    total = marked_sum(INVENTORY, Holdings(), choice.marks)
    lines = chosen_lines(total, choice, INVENTORY, reading=True)
    assert any("still being read" in words(line) for line in lines)
