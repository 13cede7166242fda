"""The Textual App: owns the engine and its keeper, and grants what the screen wishes for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual.command import Provider
from textual.screen import Screen

import themes
from tui import messages
from tui.config import Preferences, PreferencesError, PreferencesFile
from tui.engine.errors import EngineError, NotFoundError
from tui.engine.port import Engine, ExecRequest
from tui.keeper import Keeper, Link, LinkState
from tui.keeper.dirt import Part
from tui.keyed_app import KeyedApp
from tui.model.doing import Doing
from tui.model.inventory import Inventory
from tui.present.details import Detail, Subject
from tui.screens.main_screen import MainScreen
from widgets.cell import Role

_PROGRESS = {
    "start": "starting",
    "stop": "stopping",
    "restart": "restarting",
    "pause": "pausing",
    "unpause": "unpausing",
    "kill": "killing",
}


def _palette() -> type[Provider]:
    """The palette's commands, loaded when it is opened."""
    from tui.palette import OrlopCommands  # noqa: PLC0415

    return OrlopCommands


def _collect_garbage_again() -> None:
    """End the pause that the start began (see ``tui.launch``); what has been loaded stays, and is not looked at."""
    gc.freeze()
    gc.enable()


class OrlopApp(KeyedApp):
    """orlop.

    Args:
        engine: what to explore; the app closes it when it ends.
        preferences: what the user likes.
        theme: a theme for this run only.
        notices: sentences to show at the start.
        preferences_file: where changed preferences go; the user's own file by default.
    """

    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {_palette}

    def __init__(
        self,
        engine: Engine,
        preferences: Preferences | None = None,
        theme: str | None = None,
        notices: Sequence[str] = (),
        preferences_file: PreferencesFile | None = None,
    ) -> None:
        self.preferences = preferences or Preferences()
        super().__init__(theme or self.preferences.theme)
        self.engine = engine
        self.notices = tuple(notices)
        self.preferences_file = preferences_file
        self.failure: EngineError | None = None
        """Why the engine could not be had at the start; the app has then ended."""
        self.keeper = Keeper(engine, self._take_inventory, self._take_link)
        self._doings: dict[str, Doing] = {}

    def get_default_screen(self) -> Screen[Any]:
        """The one screen."""
        wanted = self.preferences
        sorts = {
            "images": wanted.sort_images,
            "containers": wanted.sort_containers,
            "volumes": wanted.sort_volumes,
        }
        self.main = MainScreen(self.engine.endpoint, self.keeper.details, sorts, read_only=self.engine.read_only)
        return self.main

    def on_mount(self) -> None:
        """Start watching the engine."""
        self.run_worker(self._keep_watch(), name="keeper", exit_on_error=False)
        # After fg, Textual takes the alternate screen back and leaves it as the terminal gives it: blank.
        self.app_resume_signal.subscribe(self, lambda _app: self.on_redraw_requested())
        if self.notices:
            self.main.say(" ".join(self.notices), Role.WARNING)

    async def on_unmount(self) -> None:
        """Let the engine go."""
        await self.engine.close()

    def key_pressed(self) -> None:
        """Somebody is looking: the keeper makes sure that what they see is true."""
        self.keeper.note_activity()
        self.main.listen_again()

    # -- what the keeper says ---------------------------------------------------------------------

    async def _keep_watch(self) -> None:
        try:
            await self.keeper.run()
        except EngineError as error:
            self.failure = error
            self.exit()

    def _take_inventory(self, inventory: Inventory) -> None:
        self.main.inventory = inventory

    def _take_link(self, link: Link) -> None:
        self.main.link = link
        if link.state is LinkState.LIVE and not gc.isenabled():
            self.main.call_after_refresh(_collect_garbage_again)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from tui.palette import Palette  # noqa: PLC0415 - not needed before it is opened

        if self.screen is self.main:
            self.push_screen(Palette(id="--command-palette"))

    # -- reading ----------------------------------------------------------------------------------

    def on_detail_requested(self, event: messages.DetailRequested) -> None:
        """Ask the engine about one object."""
        self.run_worker(self._read_detail(event.subject), group=f"detail {event.subject.kind}", exit_on_error=False)

    async def _read_detail(self, subject: Subject) -> None:
        reader: dict[str, Callable[[str], Coroutine[None, None, Detail]]] = {
            "image": self.keeper.details.image,
            "container": self.engine.container_detail,
            "volume": self.engine.volume_detail,
        }
        try:
            self.main.give_detail(subject, await reader[subject.kind](subject.id))
        except NotFoundError:
            self.main.give_detail(subject, None, f"This {subject.kind} is no longer there.")
        except EngineError as error:
            self.main.give_detail(subject, None, str(error))

    def on_neighbours_requested(self) -> None:
        """Read the details of all images: who shares what, and what a deletion would free."""
        self.run_worker(self._read_neighbours(), group="neighbours", exclusive=True, exit_on_error=False)

    async def _read_neighbours(self) -> None:
        await self.keeper.details.read_holdings(self.keeper.inventory)
        self.main.neighbours_known()

    def on_refresh_requested(self) -> None:
        """Read everything again."""
        self.keeper.refresh()
        self.main.say("Reading everything again…")

    # -- changing ---------------------------------------------------------------------------------

    def on_action_requested(self, event: messages.ActionRequested) -> None:
        """Start, stop, restart, pause, unpause or kill."""
        job: Coroutine[None, None, object] = getattr(self.engine, event.verb)(event.container_id)
        self._carry_out(f"container {event.container_id}", _PROGRESS[event.verb], job)

    def on_rename_requested(self, event: messages.RenameRequested) -> None:
        """Give a container another name."""
        job = self.engine.rename(event.container_id, event.name)
        self._carry_out(f"container {event.container_id}", "renaming", job)

    def on_removal_requested(self, event: messages.RemovalRequested) -> None:
        """Remove what was reviewed, and nothing else."""
        from tui.removing import carry_out  # noqa: PLC0415 - not needed before something is removed

        job = carry_out(self.engine, event.removal, force=event.force, anonymous_volumes=event.anonymous_volumes)
        self._carry_out(event.key, "removing", job)

    def _carry_out(self, key: str, word: str, job: Coroutine[None, None, object]) -> None:
        self._set_doing(key, Doing(word))
        self.run_worker(self._finish(key, word, job), group="changes", exit_on_error=False)

    async def _finish(self, key: str, word: str, job: Coroutine[None, None, object]) -> None:
        try:
            await job
        except EngineError as error:
            self._set_doing(key, Doing(word, str(error)))
            self.main.say(str(error), Role.BAD)
        else:
            self._set_doing(key, None)
        # Events tell most of it; podman's come late, and this costs one listing.
        self.keeper.mark(Part.LISTS | Part.USAGE)

    def _set_doing(self, key: str, doing: Doing | None) -> None:
        self._doings.pop(key, None)
        if doing is not None:
            self._doings[key] = doing
        self.main.doings = dict(self._doings)

    def on_refusals_seen(self) -> None:
        """Take the refusals off the screen."""
        if any(doing.refusal for doing in self._doings.values()):
            self._doings = {key: doing for key, doing in self._doings.items() if not doing.refusal}
            self.main.doings = dict(self._doings)

    # -- the shell --------------------------------------------------------------------------------

    def on_shell_requested(self, event: messages.ShellRequested) -> None:
        """Hand the terminal over."""
        self.run_worker(self._visit(event.container_id, event.request), group="shell", exit_on_error=False)

    async def _visit(self, container_id: str, request: ExecRequest | None) -> None:
        container = self.keeper.inventory.containers_by_id.get(container_id)
        if container is None:
            return
        from tui.shell_visit import visit_shell  # noqa: PLC0415 - not needed before somebody asks for it

        try:
            outcome = await visit_shell(self, self.engine, container, request)
        except EngineError as error:
            self.main.say(str(error), Role.BAD)
            return
        if outcome is None:
            self.main.questions.say_no_shell(container)
        else:
            self.main.say(outcome)

    # -- preferences ------------------------------------------------------------------------------

    def on_theme_requested(self) -> None:
        """Turn to the next theme and remember it."""
        at = themes.NAMES.index(self.theme) if self.theme in themes.NAMES else -1
        self.theme = themes.NAMES[(at + 1) % len(themes.NAMES)]
        self.main.say(f"Theme {self.theme}")
        self._prefer(replace(self.preferences, theme=self.theme))

    def on_selection_remembered(self, event: messages.SelectionRemembered) -> None:
        """Remember a pane's order."""
        kind = event.kind
        self._prefer(
            replace(
                self.preferences,
                sort_images=event.sort if kind == "images" else self.preferences.sort_images,
                sort_containers=event.sort if kind == "containers" else self.preferences.sort_containers,
                sort_volumes=event.sort if kind == "volumes" else self.preferences.sort_volumes,
            )
        )

    def _prefer(self, preferences: Preferences) -> None:
        if preferences != self.preferences:
            self.preferences = preferences
            self.run_worker(self._save(), group="preferences", exit_on_error=False)

    async def _save(self) -> None:
        if self.preferences_file is None:
            return
        try:
            await self.preferences_file.save(self.preferences)
        except PreferencesError as error:
            self.main.say(str(error), Role.WARNING)

    def on_redraw_requested(self) -> None:
        """Forget what the terminal shows and draw everything."""
        self.forget_screen()
