"""The Textual App: owns the engine and its keeper, and grants what the screen wishes for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.worker import WorkType

import themes
from tui import messages
from tui.cleaning_app import CleaningApp
from tui.cleanup_errand import KeptFiles
from tui.config import Preferences, PreferencesError, PreferencesFile
from tui.engine.errors import EngineError, NotFoundError
from tui.engine.port import Engine, ExecRequest
from tui.errands import Errands
from tui.keeper import Keeper, Link, LinkState
from tui.keeper.dirt import Part
from tui.keyed_app import collect_garbage_again
from tui.model.doing import Doing
from tui.model.inventory import Inventory
from tui.present.details import Detail, Subject
from tui.screens.keyed_screen import KeyedScreen
from tui.screens.main_screen import MainScreen
from widgets.cell import Role

if TYPE_CHECKING:
    # For annotations only, and down the stairs: it comes when its tab is first opened.
    from tui.keeper.changes import ChangesReader

_PROGRESS = {
    "start": "starting",
    "stop": "stopping",
    "restart": "restarting",
    "pause": "pausing",
    "unpause": "unpausing",
    "kill": "killing",
}


class OrlopApp(CleaningApp):
    """orlop.

    Args:
        engine: what to explore; the app closes it when it ends.
        preferences: what the user likes.
        theme: a theme for this run only.
        notices: sentences to show at the start.
        preferences_file: where changed preferences go; the user's own file by default.
        layer_cache_folder: where it is kept what lies in layers; nowhere by default.
        files_of: an image, as the engine knows it, whose files are shown first.
        kept_files: where the journal and backups stay; in a folder that goes with the app when ``None``.
    """

    def __init__(
        self,
        engine: Engine,
        preferences: Preferences | None = None,
        theme: str | None = None,
        notices: Sequence[str] = (),
        preferences_file: PreferencesFile | None = None,
        *,
        layer_cache_folder: Path | None = None,
        files_of: str = "",
        kept_files: KeptFiles | None = None,
    ) -> None:
        self.preferences = preferences or Preferences()
        keeper = Keeper(engine, self._take_inventory, self._take_link)
        super().__init__(engine, keeper, layer_cache_folder, theme or self.preferences.theme, kept_files)
        self.notices = tuple(notices)
        self.preferences_file = preferences_file
        self.failure: EngineError | None = None
        """Why the engine, or the image to begin with, could not be had at the start; the app has then ended."""
        self._changes: ChangesReader | None = None
        """Reads what a container changed, once somebody has looked at that."""
        self._files_of = files_of
        self._errands = Errands(
            self._run_errand, self._take_doings, lambda words: self.say(words, Role.BAD), self._errand_done
        )

    def get_default_screen(self) -> Screen[Any]:
        """The one screen."""
        wanted = self.preferences
        sorts = {
            "images": wanted.sort_images,
            "containers": wanted.sort_containers,
            "volumes": wanted.sort_volumes,
            "cache": wanted.sort_cache,
        }
        self.main = MainScreen(
            self.engine.endpoint,
            self.keeper.details,
            sorts,
            self.contents,
            read_only=self.engine.read_only,
            protect=wanted.protect,
        )
        return self.main

    def on_mount(self) -> None:
        """Start watching the engine."""
        self.run_worker(self._keep_watch(), name="keeper", exit_on_error=False)
        # After fg, Textual takes the alternate screen back and leaves it as the terminal gives it: blank.
        self.app_resume_signal.subscribe(self, lambda _app: self.on_redraw_requested())
        if self.notices:
            self.say(" ".join(self.notices), Role.WARNING)
        if self._files_of:
            self.run_worker(self._show_first_files(self._files_of), exit_on_error=False)

    async def _show_first_files(self, name: str) -> None:
        try:
            image = await self.engine.image_detail(name)
        except EngineError as error:
            # Who asked for one image is not shown others: mistyped names are put right where they were typed.
            self.failure = error
            self.exit()
        else:
            self.main.begin_at(image.id, name if name in image.tags else f"{name}:latest")
            self.on_files_requested(messages.FilesRequested("image", image.id, title=name))

    async def on_unmount(self) -> None:
        """Let the engine go."""
        if self._changes is not None:
            self._changes.leave()
        await self.cleanup.close()
        await self.engine.close()

    def key_pressed(self) -> None:
        """Somebody is looking: the keeper makes sure that what they see is true."""
        self.keeper.note_activity()
        if self._changes is not None:
            self._changes.note_activity()
        self.main.listen_again()
        if isinstance(self.screen, KeyedScreen):
            self.screen.listen_again()

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
            self.main.call_after_refresh(collect_garbage_again)

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
        try:
            await self.keeper.details.read_holdings(self.keeper.inventory)
        except EngineError as error:
            self.say(str(error), Role.WARNING)
        self.main.neighbours_known()

    def on_contents_requested(self, event: messages.ContentsRequested) -> None:
        """Say what is known of an image's files, if anything is."""
        # Not a coroutine yet: one that is replaced before it began would be complained of.
        recall: WorkType[None] = partial(self._recall, event.image_id)
        self.run_worker(recall, group="contents", exclusive=True, exit_on_error=False)

    async def _recall(self, image_id: str) -> None:
        try:
            known = await self.contents.recall(image_id)
        except EngineError:
            return  # the pane that wants it shows what the engine said of the image itself
        if known:
            self.main.contents_known()

    def on_changes_followed(self, event: messages.ChangesFollowed) -> None:
        """Read a container's changes for as long as they are looked at."""
        if self._changes is None:
            from tui.keeper.changes import ChangesReader  # noqa: PLC0415 - not needed before that tab is opened

            self._changes = ChangesReader(self.engine, self.main.details.views.changes_view)
        if event.container_id:
            self._changes.follow(event.container_id, running=event.running)
        else:
            self._changes.leave()

    def on_paths_requested(self, event: messages.PathsRequested) -> None:
        """Ask what is at some paths of a container."""
        if self._changes is not None:
            self._changes.look_at(event.container_id, event.paths)

    def on_refresh_requested(self) -> None:
        """Read everything again."""
        self.keeper.refresh()
        if self._changes is not None:
            self._changes.refresh()
        self.say("Reading everything again…")

    # -- changing ---------------------------------------------------------------------------------

    def on_action_requested(self, event: messages.ActionRequested) -> None:
        """Start, stop, restart, pause, unpause or kill."""
        job: Coroutine[None, None, object] = getattr(self.engine, event.verb)(event.container_id)
        self._errands.begin(f"container {event.container_id}", _PROGRESS[event.verb], job)

    def on_rename_requested(self, event: messages.RenameRequested) -> None:
        """Give a container another name."""
        job = self.engine.rename(event.container_id, event.name)
        self._errands.begin(f"container {event.container_id}", "renaming", job)

    def on_removal_requested(self, event: messages.RemovalRequested) -> None:
        """Remove what was reviewed, and nothing else."""
        from tui.removing import carry_out  # noqa: PLC0415 - not needed before something is removed

        job = carry_out(
            self.engine,
            event.removal,
            force=event.force,
            anonymous_volumes=event.anonymous_volumes,
            journal=self.cleanup.journal,
        )
        self._errands.begin(event.key, "removing", job)

    def on_refusals_seen(self) -> None:
        """Take the refusals off the screen."""
        self._errands.forget_refusals()

    def _run_errand(self, errand: Coroutine[Any, Any, None]) -> None:
        self.run_worker(errand, group="changes", exit_on_error=False)

    def _take_doings(self, doings: Mapping[str, Doing]) -> None:
        self.main.doings = doings

    def _errand_done(self) -> None:
        # Events tell most of it; podman's come late, and this costs one listing.
        self.keeper.mark(Part.LISTS | Part.USAGE)

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
            self.say(str(error), Role.BAD)
            return
        if outcome is None:
            self.main.questions.say_no_shell(container)
        else:
            self.say(outcome)

    # -- preferences ------------------------------------------------------------------------------

    def on_theme_requested(self) -> None:
        """Turn to the next theme and remember it."""
        at = themes.NAMES.index(self.theme) if self.theme in themes.NAMES else -1
        self.theme = themes.NAMES[(at + 1) % len(themes.NAMES)]
        self.say(f"Theme {self.theme}")
        self._prefer(self.preferences._replace(theme=self.theme))

    def on_selection_remembered(self, event: messages.SelectionRemembered) -> None:
        """Remember a pane's order."""
        kind = event.kind
        self._prefer(
            self.preferences._replace(
                sort_images=event.sort if kind == "images" else self.preferences.sort_images,
                sort_containers=event.sort if kind == "containers" else self.preferences.sort_containers,
                sort_volumes=event.sort if kind == "volumes" else self.preferences.sort_volumes,
                sort_cache=event.sort if kind == "cache" else self.preferences.sort_cache,
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
            self.say(str(error), Role.WARNING)

    def on_redraw_requested(self) -> None:
        """Forget what the terminal shows and draw everything."""
        self.forget_screen()
