"""``orlop plan``: what would go, in which order, and what that frees. It deletes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence

from tui import exit_codes
from tui.config import PreferencesFile
from tui.engine.errors import BadEndpointError, EngineError
from tui.headless.choosing import NothingAskedError, asks_for_something, chosen_marks, settings_of
from tui.headless.engine_access import open_engine
from tui.headless.offering import could_go, notes_document
from tui.headless.output import complain, plain, say, write
from tui.headless.world import World, read_world
from tui.model.candidates import CandidateSettings
from tui.model.cleanup_plan import CleanupPlan, Standing
from tui.model.cleanup_planning import plan_cleanup
from tui.model.cleanup_suggestions import Suggestion, suggestions
from tui.model.docker_commands import shell_words
from tui.model.engine_disk import DiskSight, removed_containers
from tui.model.plan_document import to_document
from tui.model.protection import Protection
from tui.present import figures
from tui.present.cleanup_disk import room_words
from tui.present.cleanup_plan import StepSpot, amount, grave_words, plan_row, sum_lines
from tui.signals import OrderlyExit
from widgets.literal import literal


def run(arguments: Namespace) -> int:
    """Make the plan that ``arguments`` ask for and print it."""
    try:
        settings = settings_of(arguments)
        if not asks_for_something(arguments):
            raise NothingAskedError("Say what to plan, such as --dangling or --unused: see `orlop plan --help`.")
        protection = _protection()
        world, plan = _plan(arguments, settings, protection)
    except NothingAskedError as error:
        return complain(str(error), exit_codes.USAGE)
    except EngineError as error:
        wrong_usage = isinstance(error, BadEndpointError) and arguments.host is not None
        return complain(str(error), exit_codes.USAGE if wrong_usage else exit_codes.NOT_READ)
    offered = suggestions(plan, world.inventory, world.holdings, protection)
    if arguments.json:
        notes = notes_document(plan, offered, world.disk)
        return write((json.dumps(to_document(plan, time.time(), notes), indent=2), "\n"), exit_codes.OK)
    return write((f"{line}\n" for line in text(plan, offered, world)), exit_codes.OK)


def _protection() -> Protection:
    """The user's rules. What is wrong with the file of preferences is said: a rule may be lost with it."""
    loaded = PreferencesFile().load()
    for problem in loaded.problems:
        say(problem)
    return Protection.of(loaded.preferences.protect)


def _plan(arguments: Namespace, settings: CandidateSettings, protection: Protection) -> tuple[World, CleanupPlan]:
    async def read() -> World:
        try:
            return await read_world(engine)
        finally:
            await engine.close()

    with OrderlyExit(), contextlib.ExitStack() as stack:
        engine = open_engine(arguments, stack)
        world = asyncio.run(read())
    marks = chosen_marks(world, arguments, settings, protection, time.time())
    return world, plan_cleanup(world.inventory, world.holdings, marks, protection)


def text(plan: CleanupPlan, offered: Sequence[Suggestion], world: World) -> Iterator[str]:
    """The plan for people, with the docker commands that would do the same."""
    if not plan.steps:
        yield "Nothing to remove."
        return
    numbers = {step.key: number for number, step in enumerate(plan.ready, 1)}
    for standing in Standing:
        steps = [step for step in plan.steps if step.standing is standing]
        if not steps:
            continue
        yield {
            Standing.READY: "Would be removed, in this order:",
            Standing.BLOCKED: "Can't go:",
            Standing.PROTECTED: "Kept by your rules:",
        }[standing]
        for step in steps:
            row = plan_row(StepSpot(step, numbers.get(step.key, 0)), frozenset(), exact=False)
            freed = amount(step.freed) if standing is Standing.READY else ""
            yield f"  {freed:>12}  {step.kind.value:12} {plain(row.left)}".rstrip()
        yield ""
    grave = grave_words(plan, frozenset())
    sight = DiskSight(world.disk)
    for words in map(plain, sum_lines(plan, frozenset(), sight)):
        if words != grave:  # it names keys of a screen
            yield words
    yield from _grave(plan)
    if plan.freed.bytes is not None:
        yield f"Bytes: {figures.exact_bytes(plan.freed.bytes)}"
    if world.disk.reason and removed_containers(plan) and world.disk.logs is None:
        yield literal(f"Logs: {world.disk.reason}")
    if world.disk.room is not None:
        yield f"Free on the disk now: {room_words(world.disk.room)}"
    yield from could_go(offered, world)
    commands = [command for step in plan.ready for command in step.commands]
    if commands:
        yield ""
        yield "The same with the engine's own command:"
        for command in commands:
            yield f"  {literal(shell_words(command))}"


def _grave(plan: CleanupPlan) -> Iterator[str]:
    if plan.kills:
        yield f"Kills {figures.count(len(plan.kills), 'running container')}."
    named = sum(step.named_volume for step in plan.emptied)
    if named:
        number = figures.count(named, "named volume")
        yield f"Deletes {number} with all files; `orlop clean --back-up-volumes` backs up first."
