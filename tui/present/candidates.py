"""The candidates as rows: what each rule finds, what is ticked of it, and what all that is ticked comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from tui.model.candidate_choice import Choice
from tui.model.candidates import CandidateSet, Rule
from tui.model.estimate import Certainty, Estimate
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, going
from tui.model.marked_sum import MarkedSum
from tui.model.reclaim import device_of
from tui.model.selection import natural
from tui.model.storage import ContainerLog
from tui.present.cleanup_plan import freed_words, names_of
from tui.present.figures import UNKNOWN, age, count, exact_bytes, short_id, size
from tui.present.marks import Sign, sign_of
from tui.present.removal import DOUBTS
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node


class RuleSpot(NamedTuple):
    """A rule, with what it finds."""

    found: CandidateSet
    unknown: str = ""
    """Why nobody knows yet what it finds; empty when that is known."""


class ObjectSpot(NamedTuple):
    """One object that a rule finds, or some tags of it."""

    rule: Rule
    name: str
    marks: tuple[Mark, ...]
    size_bytes: int | None
    """All of it: what is shared with others, too."""
    moment: float | None
    """When it was made; of a record of the build cache, when it was used last."""
    device: str = ""
    """The folder or share that a volume only points to."""


class LogSpot(NamedTuple):
    """The log of one container."""

    log: ContainerLog
    name: str


class HeadingSpot(NamedTuple):
    """A row that only says something."""

    words: str


NAMED_HEADING = HeadingSpot("Named volumes: named to keep what is in them, so * leaves them out.")

_FIRST = tuple(rule for rule in Rule if rule not in {Rule.NAMED_VOLUMES, Rule.LOGS})


# -- the tree -------------------------------------------------------------------------------------


def candidate_nodes(sets: Iterable[CandidateSet], inventory: Inventory) -> tuple[Node, ...]:
    """A row for each rule, what it finds below it; named volumes stand apart."""
    by_rule = {one.rule: one for one in sets}
    rows = [_rule_node(by_rule[rule], inventory) for rule in (*_FIRST, Rule.LOGS) if rule in by_rule]
    if Rule.NAMED_VOLUMES in by_rule:
        rows.append(Node("gap", HeadingSpot(""), selectable=False))
        rows.append(Node("heading named", NAMED_HEADING, selectable=False))
        rows.append(_rule_node(by_rule[Rule.NAMED_VOLUMES], inventory))
    return tuple(rows)


def _rule_node(found: CandidateSet, inventory: Inventory) -> Node:
    spot = RuleSpot(found, _unknown(found, inventory))
    key = f"rule {found.rule}"
    if found.rule is Rule.LOGS and found.logs:
        logs = found.logs
        return Node(key, spot, grow=lambda: tuple(_log_node(log, inventory) for log in logs))
    if found.marks:
        return Node(key, spot, grow=lambda: tuple(_object_nodes(found, inventory)))
    return Node(key, spot)


def _unknown(found: CandidateSet, inventory: Inventory) -> str:
    if not inventory.listed.issuperset({"images", "containers", "volumes"}):
        return "still being listed"
    if found.rule is Rule.CACHE and inventory.usage is None:
        return "still being read"
    if found.rule is Rule.LOGS and found.logs is None:
        return "not measured (m, then u)"
    return ""


def _log_node(log: ContainerLog, inventory: Inventory) -> Node:
    container = inventory.containers_by_id.get(log.container_id)
    name = (container.name if container is not None else "") or short_id(log.container_id)
    return Node(f"log {log.container_id}", LogSpot(log, name))


def _object_nodes(found: CandidateSet, inventory: Inventory) -> Iterable[Node]:
    """The objects, the largest first."""
    by_object: defaultdict[tuple[Kind, str], list[Mark]] = defaultdict(list)
    for mark in found.marks:
        by_object[mark.kind, mark.id].append(mark)
    spots = [_object_spot(found.rule, tuple(sorted(marks)), inventory) for marks in by_object.values()]
    spots.sort(key=lambda spot: (-(spot.size_bytes or 0), natural(spot.name), spot.marks))
    for spot in spots:
        yield Node(f"{found.rule} {spot.marks[0].kind} {spot.marks[0].id}", spot)


def _object_spot(rule: Rule, marks: tuple[Mark, ...], inventory: Inventory) -> ObjectSpot:
    name = ", ".join(names_of(marks, inventory))
    identity = marks[0].id
    match marks[0].kind:
        case Kind.IMAGE:
            image = inventory.images_by_id[identity]
            return ObjectSpot(rule, name, marks, image.size_bytes, image.created)
        case Kind.CONTAINER:
            container = inventory.containers_by_id[identity]
            return ObjectSpot(rule, name, marks, container.size_rw_bytes, container.created)
        case Kind.VOLUME:
            volume = inventory.volumes_by_name[identity]
            return ObjectSpot(rule, name, marks, volume.size_bytes, volume.created, device_of(volume))
        case Kind.CACHE_RECORD:
            record = inventory.cache_records_by_id[identity]
            return ObjectSpot(rule, name, marks, record.size_bytes, record.last_used or record.created)


# -- rows -----------------------------------------------------------------------------------------


def rule_words(found: CandidateSet) -> tuple[str, str, str]:
    """A rule in words: what stands before its number, the number, and what comes after it."""
    number = found.number or 0
    days = f"{number:,} {'day' if number == 1 else 'days'}"
    match found.rule:
        case Rule.DANGLING:
            return "Images without a tag that no container uses", "", ""
        case Rule.UNUSED:
            return "Images that no container uses", "", ""
        case Rule.OLD:
            return "Unused images made over ", days, " ago"
        case Rule.KEEP_NEWEST:
            return "Unused images' tags, but each repository's newest ", f"{number:,}", ""
        case Rule.STOPPED:
            return ("Stopped containers made over ", days, " ago") if number else ("Stopped containers", "", "")
        case Rule.NEVER_STARTED:
            return "Containers created and never started", "", ""
        case Rule.ANONYMOUS_VOLUMES:
            return "Anonymous volumes that no container mounts", "", ""
        case Rule.NAMED_VOLUMES:
            return "Named volumes that no container mounts", "", ""
        case Rule.CACHE:
            if not number:
                return "Build cache that is not in use", "", ""
            return "Build cache not used for over ", days, ""
        case Rule.LOGS:
            return "Containers' logs of ", f"{number // 1_000_000:,} MB", " or more"
        case Rule.LEFTOVERS:
            return "What orlop itself has left behind", "", ""


def freed_amount(freed: Estimate, *, exact: bool = False) -> str:
    """What comes back, with how far to trust it: ``1.2 GB``, ``up to 1.2 GB``; ``…`` when nobody knows."""
    if freed.bytes is None or freed.certainty is Certainty.UNKNOWN:
        return UNKNOWN
    certainty = "" if freed.certainty is Certainty.EXACT else f"{freed.certainty} "
    return certainty + (exact_bytes(freed.bytes) if exact else size(freed.bytes))


def candidate_row(data: object, choice: Choice, *, exact: bool) -> RowText:
    """A row of the candidates, with its tick."""
    match data:
        case HeadingSpot():
            return RowText((Cell(data.words, Role.WARNING),), gutter=(Cell("  "),))
        case RuleSpot():
            return _rule_row(data, choice, exact=exact)
        case ObjectSpot():
            chosen = sign_of(data.marks, choice.marks)
            held = Cell("elsewhere", Role.MUTED) if data.device else _bytes(data.size_bytes, exact=exact)
            right: Line = (Cell(f"{age(data.moment)}  ", Role.MUTED), held)
            return RowText((Cell(data.name),), right, gutter=_tick(chosen))
        case LogSpot():
            return RowText((Cell(data.name, Role.LINK),), (_bytes(data.log.size_bytes, exact=exact),), gutter=_BLANK)
        case _:
            return RowText(())


_BLANK: Line = (Cell("    "),)


def _tick(sign: Sign) -> Line:
    mark = sign.value if sign is not Sign.NONE else Cell(" ")
    return (Cell("[", Role.MUTED), mark, Cell("] ", Role.MUTED))


def _bytes(count_: int | None, *, exact: bool) -> Cell:
    return Cell(exact_bytes(count_) if exact else size(count_), Role.NUMBER)


def _rule_row(spot: RuleSpot, choice: Choice, *, exact: bool) -> RowText:
    found = spot.found
    before, number, after = rule_words(found)
    total = found.sum.total if found.logs is None else len(found.logs)
    figure = f"{total:>4,}  " if not spot.unknown else f"{UNKNOWN:>4}  "
    left: Line = (
        Cell(figure, Role.STRONG if total else Role.MUTED),
        Cell(before),
        Cell(number, Role.ACCENT),
        Cell(after),
    )
    right: Line = (Cell(spot.unknown, Role.MUTED),) if spot.unknown else _right(found, exact=exact)
    if found.protected:
        right = (Cell(f"{found.protected:,} protected  ", Role.MUTED), *right)
    if found.rule is Rule.LOGS:
        return RowText(left, right, gutter=_BLANK)
    gutter = _tick(sign_of(found.marks, choice.marks)) if found.marks else _BLANK
    return RowText(left, right, dim=not found.marks and not spot.unknown, gutter=gutter)


def _right(found: CandidateSet, *, exact: bool) -> Line:
    if found.logs is not None:
        return (_bytes(sum(log.size_bytes for log in found.logs), exact=exact),) if found.logs else ()
    if not found.marks:
        return ()
    freed = found.sum.freed
    return (Cell(freed_amount(freed, exact=exact), Role.GOOD if freed.bytes else Role.NUMBER),)


# -- what it comes to -----------------------------------------------------------------------------


def counted(total: MarkedSum) -> str:
    """``3 images, 2 containers``: how much of each kind; empty for nothing."""
    return ", ".join(count(number, str(kind)) for kind, number in total.counts.items() if number)


def chosen_lines(
    total: MarkedSum, choice: Choice, inventory: Inventory, *, marked: int = 0, reading: bool = False
) -> tuple[Line, ...]:
    """What is ticked and what that frees, each object counted once.

    Args:
        total: what the choice comes to.
        choice: what is ticked.
        inventory: the world.
        marked: how many marks there are already, on the main screen.
        reading: true while layers are being read, after which the figures may be others.
    """
    lines: list[Line] = []
    if total.total:
        freed = Cell(f" · frees {freed_words(total.freed)}", Role.GOOD if total.freed.bytes else Role.NORMAL)
        idle = Cell(f" · {total.kept_total:,} can't go" if total.kept_total else "", Role.WARNING)
        lines.append((Cell(f"{counted(total)} ticked", Role.MARKED), freed, idle))
    else:
        lines.append((Cell("Nothing is ticked. Ticks only mark: nothing is deleted from here.", Role.MUTED),))
    if reading:
        lines.append((Cell("Layers are still being read: the figures may change.", Role.WARNING),))
    elif total.freed.doubts:
        lines.append((Cell(f"Not certain: {'; '.join(DOUBTS[doubt] for doubt in total.freed.doubts)}.", Role.WARNING),))
    named = named_volumes(choice.marks, inventory)
    if named:
        among = f"{count(named, 'named volume')} among them"
        lines.append((Cell(f"{among}: every file there goes for good. The plan can back up first (b).", Role.WARNING),))
    if marked:
        stay = "1 mark made before stays, and is" if marked == 1 else f"{marked:,} marks made before stay, and are"
        lines.append((Cell(f"{stay} in the plan as well.", Role.MUTED),))
    return tuple(lines)


def named_volumes(marks: Iterable[Mark], inventory: Inventory) -> int:
    """How many of ``marks`` are volumes that somebody named, and that hold their files themselves."""
    known = inventory.volumes_by_name
    volumes = (known[name] for name in going(marks, inventory).volumes if name in known)
    return sum(not volume.anonymous and not device_of(volume) for volume in volumes)
