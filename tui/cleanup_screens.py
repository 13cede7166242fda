"""The screens of a cleanup: what could go, what will go, what has gone, and what takes up the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from tui.engine.port import Engine
from tui.model.storage import StorageReport
from tui.screens.keyed_screen import KeyedScreen
from tui.screens.main_screen import MainScreen
from widgets.cell import Cell, Role

if TYPE_CHECKING:
    # For annotations only: whoever opens the history has it already.
    from tui.cleaning.backup import BackupFolder
    from tui.cleaning.journal import Journal


class CleanupScreens:
    """Lays screens over the main one. Each reads what it shows from there, and posts what it wishes for.

    Args:
        app: whose screens they are.
        main: its first screen, which knows the inventory, the marks and the cleanup under way.
        engine: who is asked for what the main screen does not know.
    """

    def __init__(self, app: App[None], main: MainScreen, engine: Engine) -> None:
        self._app = app
        self._main = main
        self._engine = engine

    @property
    def _on_main(self) -> bool:
        # Keys may come twice, and from a dialog that is just closing.
        return self._app.screen is self._main

    def show_plan(self, journal: Journal) -> None:
        """Show the plan; over the main screen, or in place of a screen that is laid over it."""
        from tui.screens.plan_screen import PlanScreen  # noqa: PLC0415 - most starts never show it

        path = str(journal.path or "")
        if self._on_main:
            self._app.push_screen(PlanScreen(self._main, path))
        elif isinstance(self._app.screen, KeyedScreen) and not isinstance(self._app.screen, PlanScreen):
            self._app.switch_screen(PlanScreen(self._main, path))

    @staticmethod
    def shows_plan(screen: Screen[Any]) -> bool:
        """True when the screen is the plan's, which says itself how a cleanup has ended."""
        from tui.screens.plan_screen import PlanScreen  # noqa: PLC0415 - as above

        return isinstance(screen, PlanScreen)

    def show_candidates(self, storage: StorageReport | None = None) -> None:
        """Show what could be marked; ``storage`` is what was measured of the engine's logs, if anything was."""
        from tui.screens.candidates_screen import CandidatesScreen  # noqa: PLC0415 - as above

        if self._on_main:
            self._app.push_screen(CandidatesScreen(self._main, storage))

    def show_history(self, journal: Journal, backups: BackupFolder) -> None:
        """Show what was removed before, and the ways back."""
        from tui.screens.history_screen import HistoryScreen  # noqa: PLC0415 - as above

        if self._on_main:
            self._app.push_screen(HistoryScreen(self._main, self._engine, journal, backups))

    def show_usage(self, report: StorageReport | None) -> None:
        """Show what takes up the disk, with the logs if ``report`` has measured them."""
        from tui.screens.usage_screen import UsageScreen  # noqa: PLC0415 - as above

        if self._on_main:
            self._app.push_screen(UsageScreen(self._main, report))

    def ask_to_leave(self, on_leave: Callable[[], None]) -> None:
        """Ask whether to quit in the middle of a cleanup; ``on_leave`` is called when that is wished for."""
        from tui.screens.question_dialogs import ChoiceDialog  # noqa: PLC0415 - as above

        if isinstance(self._app.screen, ChoiceDialog):
            return  # asked already
        lines = (
            (Cell("The step under way is finished, and orlop quits then. What has not been begun is not removed,"),),
            (Cell("and the journal (J) tells which that was."),),
        )
        title = (Cell("A cleanup is under way", Role.STRONG),)
        self._app.push_screen(ChoiceDialog(title, lines, (("Finish this step and quit", on_leave),)))
