"""``orlop clean``: carries out a saved plan, under the same checks as the explorer, and prints the receipt."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tui import exit_codes
from tui.cleaning.cleanup import Cleanup
from tui.cleaning.disk_look import look_at_disks
from tui.cleaning.figures import usage_of
from tui.cleaning.records import Records
from tui.config import PreferencesFile
from tui.engine.errors import BadEndpointError, EngineError
from tui.engine.port import Engine
from tui.headless.engine_access import open_engine
from tui.headless.output import complain, plain, say, write
from tui.headless.usage import disk_document
from tui.headless.world import ALL
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_progress import CleanupProgress, RunState, StepState
from tui.model.inventory import Inventory
from tui.model.mark import Kind
from tui.model.plan_document import BadPlanError, plan_of
from tui.model.protection import Protection
from tui.present.cleanup_disk import backup_warnings, room_change
from tui.present.cleanup_plan import step_name
from tui.present.cleanup_progress import difference, outcome_line
from widgets.literal import literal

FORMAT = "orlop cleanup receipt"
VERSION = 1
_LARGEST_PLAN = 64 * 1024 * 1024
"""Bytes. A plan of ten thousand steps takes some ten megabytes."""
_ERASE_LINE = "\r\x1b[K"


class RefusedError(ValueError):
    """The plan is not carried out; the text is one plain sentence."""


def run(arguments: Namespace) -> int:
    """Carry out the plan in the file that ``arguments`` name."""
    try:
        plan = _read_plan(arguments.plan)
        loaded = PreferencesFile().load()
        for problem in loaded.problems:
            say(problem)
        if arguments.read_only or loaded.preferences.read_only:
            raise RefusedError("orlop is told to change nothing (read only): nothing was removed.")
        if not arguments.yes:
            raise RefusedError(
                f"Nothing was removed. Look at {arguments.plan}, then say --yes to remove what it lists as ready."
            )
        progress, interrupted = _carry_out(arguments, plan, Protection.of(loaded.preferences.protect))
    except (BadPlanError, RefusedError) as error:
        return complain(str(error), exit_codes.USAGE)
    except EngineError as error:
        wrong_usage = isinstance(error, BadEndpointError) and arguments.host is not None
        return complain(str(error), exit_codes.USAGE if wrong_usage else exit_codes.NOT_READ)
    code = exit_codes.OK if _went_well(progress) else exit_codes.NOT_ALL
    if interrupted:
        code = exit_codes.INTERRUPTED
    if arguments.json:
        return write((json.dumps(document(progress), indent=2), "\n"), code)
    return write((f"{line}\n" for line in text(progress)), code)


def _read_plan(name: str) -> CleanupPlan:
    """The plan in a file, or on stdin for ``-``. Raises BadPlanError."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(_LARGEST_PLAN + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(_LARGEST_PLAN + 1)
    except OSError as error:
        raise BadPlanError(f"The plan {name} can't be read: {error.strerror}.") from error
    if len(raw) > _LARGEST_PLAN:
        raise BadPlanError(f"The plan {name} is larger than any plan: is it another file?")
    try:
        return plan_of(json.loads(raw))
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadPlanError):
            raise
        raise BadPlanError(f"The plan {name} is not JSON; `orlop plan --json` writes one.") from error


def _carry_out(arguments: Namespace, plan: CleanupPlan, protection: Protection) -> tuple[CleanupProgress, bool]:
    with contextlib.ExitStack() as stack:
        engine = open_engine(arguments, stack, read_only=False)
        records = Records.of(engine.endpoint)
        stack.callback(records.close)
        return asyncio.run(_run(engine, plan, records, protection, arguments))


async def _run(
    engine: Engine, plan: CleanupPlan, records: Records, protection: Protection, arguments: Namespace
) -> tuple[CleanupProgress, bool]:
    """The run, and whether somebody interrupted it."""
    try:
        host = await engine.host()
        volumes = {step.id for step in plan.ready if step.kind is Kind.VOLUME}
        if host.id != plan.engine_id:
            raise RefusedError(
                f"The plan was made for another engine ({plan.engine_id or 'unknown'}), not for {host.name} "
                f"({host.id}): nothing was removed. Name the engine with --host or --context."
            )
        await _respect(protection, engine, plan)
        back_up = frozenset(volumes) if arguments.back_up_volumes else frozenset[str]()
        if back_up:
            folder = None if engine.endpoint.made_up else records.backups.path
            sight = await look_at_disks(engine, folder)
            for sentence in backup_warnings(plan, back_up, sight):
                say(sentence)
        with _Telling() as tell:
            cleanup = Cleanup(
                engine,
                plan,
                records.journal,
                records.backups,
                back_up=back_up,
                on_progress=tell,
                usage=await usage_of(engine),
                planned_by=f"orlop clean {arguments.plan}",
            )
            interrupted = _stops_on_signals(cleanup)
            await cleanup.run()
        return cleanup.progress, bool(interrupted)
    finally:
        await engine.close()


async def _respect(protection: Protection, engine: Engine, plan: CleanupPlan) -> None:
    """A rule made since the plan was is a rule all the same. Raises RefusedError."""
    if not protection.rules:
        return
    inventory = Inventory(None, await engine.images(), await engine.containers(), await engine.volumes(), ALL)
    for step in plan.ready:
        for mark in step.marks:
            rule = protection.rule_for(inventory, mark)
            if rule:
                raise RefusedError(
                    f"Your rule {rule} protects the {step.kind} {step_name(step)}, which this plan removes: "
                    "nothing was removed. Make the plan anew."
                )


def _stops_on_signals(cleanup: Cleanup) -> list[int]:
    """Ctrl-C and SIGTERM finish the step under way and begin no other. The list holds them once they have come."""
    come: list[int] = []

    def stop(number: int) -> None:
        come.append(number)
        cleanup.stop(leaving=True)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # no such thing on Windows
            loop.add_signal_handler(number, stop, number)
    return come


class _Telling:
    """How far it has come, as one line on stderr; nothing where stderr is no terminal that can erase a line."""

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._written = False

    def __enter__(self) -> _Telling:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._written:
            self._write("")

    def __call__(self, progress: CleanupProgress) -> None:
        if self._shown:
            over = sum(one.state.over for one in progress.steps)
            now = next(
                (one for one in progress.steps if one.state not in {StepState.WAITING} and not one.state.over), None
            )
            doing = f": {now.state} {now.step.kind} {literal(step_name(now.step))}" if now else ""
            self._write(f"{over:,} of {len(progress.steps):,}{doing}"[:78])
            self._written = True

    @staticmethod
    def _write(words: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # The terminal may be gone: nobody is there to see it.
            sys.stderr.write(f"{_ERASE_LINE}{words}")
            sys.stderr.flush()


def _went_well(progress: CleanupProgress) -> bool:
    all_done = len(progress.in_state(StepState.DONE)) == len(progress.steps)
    return progress.state is RunState.FINISHED and all_done


def text(progress: CleanupProgress) -> Iterator[str]:
    """The receipt for people."""
    for one in progress.steps:
        why = f": {literal(one.sentence)}" if one.sentence else ""
        backup = f" (backup: {literal(one.backup_path)})" if one.backup_path else ""
        if one.step.device:
            why = f"{why} (the files in {literal(one.step.device)} stay)"
        state = "not begun" if one.state is StepState.WAITING else one.state.value
        yield f"{state:10} {one.step.kind.value:12} {literal(step_name(one.step))}{why}{backup}"
    if progress.sentence:
        yield literal(progress.sentence)
    yield plain(outcome_line(progress))
    for sentence in difference(progress):
        yield literal(sentence)
    if room := room_change(progress):
        yield f"Free on the engine's disk: {room}"


def document(progress: CleanupProgress) -> Mapping[str, Any]:
    """The receipt as JSON takes it; sizes are bytes, and ``null`` where nobody knows."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "state": progress.state.value,
        "sentence": progress.sentence,
        "planned_bytes": progress.planned.bytes,
        "planned_certainty": progress.planned.certainty.value,
        "freed_bytes": progress.freed_bytes,
        "freed_logs_bytes": progress.logs_gone.size_bytes if not progress.logs_gone.unmeasured else None,
        "disk_before": disk_document(progress.disk_before),
        "disk_after": disk_document(progress.disk_after),
        "seconds": round(progress.seconds, 3),
        "steps": [
            {
                "kind": one.step.kind.value,
                "id": one.step.id,
                "name": one.step.name,
                "state": one.state.value,
                "sentence": one.sentence,
                "planned_bytes": one.step.freed.bytes,
                "backup_path": one.backup_path or None,
            }
            for one in progress.steps
        ],
    }
