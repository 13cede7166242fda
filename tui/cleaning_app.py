"""The part of the app that carries out cleanups, and lays their screens over the main one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui import messages
from tui.cleanup_errand import CleanupErrand, KeptFiles
from tui.engine.port import Engine
from tui.keeper import Keeper
from tui.overlaid_app import OverlaidApp
from widgets.cell import Role

if TYPE_CHECKING:
    # For annotations only, and down the stairs: most starts clean nothing up.
    from tui.cleanup_screens import CleanupScreens
    from tui.model.cleanup_progress import CleanupProgress


class CleaningApp(OverlaidApp):
    """Carries out one plan at a time, in the background, and lets nobody leave in the middle of one by accident.

    Args:
        engine: what to explore.
        keeper: watches the engine.
        layer_cache_folder: where it is kept what lies in layers; nowhere when ``None``.
        theme: name of the theme.
        kept_files: where the journal and backups stay; in a folder that goes with the app when ``None``.
    """

    def __init__(
        self, engine: Engine, keeper: Keeper, layer_cache_folder: Path | None, theme: str, kept_files: KeptFiles | None
    ) -> None:
        super().__init__(engine, keeper, layer_cache_folder, theme)
        self.cleanup = CleanupErrand(engine, self._take_cleanup, self._cleanup_done, kept_files)

    # -- screens ----------------------------------------------------------------------------------

    @property
    def _cleanup_screens(self) -> CleanupScreens:
        from tui.cleanup_screens import CleanupScreens  # noqa: PLC0415 - most starts never show them

        return CleanupScreens(self, self.main, self.engine)

    def on_plan_requested(self) -> None:
        """Lay the plan, or the cleanup under way, over what is shown."""
        if not self.cleanup.under_way:  # it reads them itself, and engine 20.10 walks its disk for one at a time
            self._look_at_sizes()
        self._cleanup_screens.show_plan(self.cleanup.journal)

    def on_disk_sight_requested(self, event: messages.DiskSightRequested) -> None:
        """Look how full the disks are. Not on the event loop: a folder may be on a disk that does not answer."""
        self.run_worker(self._look_at_disks(event.container_ids), name="disks", exit_on_error=False)

    async def _look_at_disks(self, container_ids: tuple[str, ...]) -> None:
        from tui.cleaning.disk_look import look_at_disks  # noqa: PLC0415 - most starts clean nothing up

        seen, known = await look_at_disks(self.engine, self.cleanup.backup_folder, container_ids), self.main.sight
        if known is not None and known.engine.logs and seen.engine.logs is not None:
            # Screens ask for the containers they show: what another one was told stays true.
            seen = seen._replace(engine=seen.engine._replace(logs={**known.engine.logs, **seen.engine.logs}))
        self.main.sight = seen

    def on_candidates_requested(self) -> None:
        """Lay the candidates over the main screen."""
        self._look_at_sizes()
        self._cleanup_screens.show_candidates(self._storage.report if self._storage is not None else None)

    def on_usage_requested(self) -> None:
        """Lay the disk usage over the main screen."""
        self._look_at_sizes()
        self._cleanup_screens.show_usage(self._storage.report if self._storage is not None else None)

    def on_history_requested(self) -> None:
        """Lay what was removed before over the main screen."""
        self._cleanup_screens.show_history(self.cleanup.journal, self.cleanup.backups)

    # -- carrying out -----------------------------------------------------------------------------

    def on_cleanup_requested(self, event: messages.CleanupRequested) -> None:
        """Carry out a reviewed plan, and nothing else."""
        if self.engine.read_only:
            self.say("orlop was started read-only: it removes nothing.", Role.WARNING)
        elif not self.cleanup.begin(event.plan, event.back_up):
            self.say("Another cleanup is under way: D shows it.", Role.WARNING)

    def on_cleanup_steered(self, event: messages.CleanupSteered) -> None:
        """Pause, stop, try again …"""
        self.cleanup.steer(event.verb, event.key)

    def _take_cleanup(self, progress: CleanupProgress | None) -> None:
        before, self.main.cleanup = self.main.cleanup, progress
        if progress is not None and progress.over and not (before is not None and before.over):
            self._say_over(progress)

    def _say_over(self, progress: CleanupProgress) -> None:
        """A cleanup has ended: say so, unless its own screen does."""
        if not self.screen_stack:
            return  # closing: there is nobody to say it to
        if not self._cleanup_screens.shows_plan(self.screen):
            from tui.present.cleanup_progress import over_role, over_sentence  # noqa: PLC0415 - as for its screens

            self.say(f"Cleanup over: {over_sentence(progress)} D shows the receipt.", over_role(progress))

    def _cleanup_done(self) -> None:
        # Now, however short ago sizes were read: what has gone would stay marked, and be counted, until then.
        self.keeper.refresh()

    # -- leaving ----------------------------------------------------------------------------------

    def leave(self) -> None:
        """Quit, and ask first while something is being removed."""
        if self.cleanup.under_way:
            self._cleanup_screens.ask_to_leave(self._leave_after_step)
        else:
            super().leave()

    def _leave_after_step(self) -> None:
        self.say("Finishing the step under way, then quitting…")
        self.run_worker(self._leave_when_done(), name="leaving", exit_on_error=False)

    async def _leave_when_done(self) -> None:
        await self.cleanup.finish()
        self.exit()
