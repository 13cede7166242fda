"""From flags to a running app: find the engine, reach it, show it, and say plainly when that fails.

The order is chosen for speed. What a plain connect can tell is known before Textual or the SDK is
loaded, and the engine connects while Textual is being imported; that is why these imports stand in
functions.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui import exit_codes, locations
from tui.config import LoadedPreferences, PreferencesFile
from tui.engine.endpoints import Target, resolve
from tui.engine.errors import BadEndpointError, EngineError, EngineUnavailableError, NotFoundError
from tui.engine.port import Engine
from tui.engine.probe import Probe
from tui.signals import OrderlyExit
from widgets.literal import literal

if TYPE_CHECKING:
    # For annotations only: it loads Textual, and there is much to do before that.
    from tui.keyed_app import KeyedApp

_DEMO_HINT = "`orlop --demo` shows a made-up world instead."


@dataclass(slots=True)
class Launch:
    """One start of the explorer. The fields are the flags of the same names."""

    host: str | None = None
    context: str | None = None
    demo: bool = False
    demo_if_no_engine: bool = False
    read_only: bool = False
    theme: str | None = None
    files_of: str = ""
    """An image whose files are shown first."""
    _orderly_exit: OrderlyExit = field(default_factory=OrderlyExit)

    def run(self) -> int:
        """Open the explorer on the engine that is meant, until it is left; the exit code."""
        # Loading makes a hundred thousand objects that stay, and no garbage: looking through them for
        # some takes a tenth of the time to the first screen. The app ends the pause once it is shown.
        gc.disable()
        complaint = terminal_complaint()
        if complaint:
            return complain(complaint, exit_codes.USAGE)
        with self._orderly_exit:
            if self.demo:
                return self._show_demo()
            try:
                return self._show_engine()
            except EngineError as error:
                if self.demo_if_no_engine:
                    complain(str(error), exit_codes.OK)
                    return self._show_demo(because=str(error))
                wrong_usage = isinstance(error, BadEndpointError) and self.host is not None
                return complain(f"{error} {_DEMO_HINT}", exit_codes.USAGE if wrong_usage else exit_codes.NO_ENGINE)

    def _show_demo(self, because: str = "") -> int:
        """Show the made-up world; ``because`` says why, when it was not asked for."""
        from tui.engine.demo.engine import DemoEngine

        file = PreferencesFile()
        loaded = file.load()
        notice = f"This is a made-up world. {because}" if because else ""
        return self._show(DemoEngine(read_only=self._reads_only(loaded)), file, loaded, notice=notice)

    def _show_engine(self) -> int:
        """Show a real engine.

        Raises:
            EngineError: it can't be had. Nothing has been drawn, or it has been taken away again.
        """
        target = resolve(self.host, self.context)
        probe = Probe(target.endpoint)
        if probe.failure:
            raise probe.failure
        with contextlib.ExitStack() as stack:
            from tui.engine.docker_engine import DockerEngine

            file = PreferencesFile()
            loaded = file.load()
            engine = DockerEngine(
                target.endpoint,
                read_only=self._reads_only(loaded),
                tls=target.tls,
                connect_to=_tunnelled(target, stack),
                prefetch=True,
            )
            return self._show(engine, file, loaded, probe=probe, layer_cache_folder=locations.layer_cache_folder())

    def _show(
        self,
        engine: Engine,
        file: PreferencesFile,
        loaded: LoadedPreferences,
        *,
        notice: str = "",
        probe: Probe | None = None,
        layer_cache_folder: Path | None = None,
    ) -> int:
        """Run the app, which closes the engine.

        Raises:
            EngineError: the engine never gave its first answer.
        """
        from tui.app import OrlopApp
        from tui.cleanup_errand import KeptFiles

        # That took so long that an attempt to connect to a far host may have failed meanwhile.
        if probe is not None and probe.failure:
            asyncio.run(engine.close())
            raise probe.failure
        notices = (notice, *loaded.problems) if notice else loaded.problems
        app = OrlopApp(
            engine=engine,
            preferences=loaded.preferences,
            theme=self.theme,
            notices=notices,
            preferences_file=file,
            layer_cache_folder=layer_cache_folder,
            files_of=self.files_of,
            # Nothing of a made-up world is worth keeping.
            kept_files=KeptFiles(locations.journal_file(), locations.backup_folder()) if probe is not None else None,
        )
        code = self._run(app)
        if app.failure is None:
            return code
        if self.files_of and not isinstance(app.failure, EngineUnavailableError):
            return complain(self._no_image(app.failure, engine.endpoint.url), exit_codes.NOT_READ)
        raise app.failure

    def _no_image(self, error: EngineError, url: str) -> str:
        """Why there is nothing to begin with."""
        if isinstance(error, NotFoundError):
            return f"There is no image {self.files_of} on this engine ({url}). `orlop` alone shows those it has."
        return str(error)

    def show_archive(self, file: Path, image: str | None) -> int:
        """Open the Files screen alone, on an archive file; the exit code.

        ``image`` says which image is meant, where it holds several.
        """
        gc.disable()
        complaint = terminal_complaint()
        if complaint:
            return complain(complaint, exit_codes.USAGE)
        with self._orderly_exit:
            from tui.contents.archive_choice import ImageChoiceError
            from tui.contents.archive_source import ArchiveSource
            from tui.files_app import FilesApp

            theme = self.theme or PreferencesFile().load().preferences.theme
            app = FilesApp(ArchiveSource(file, image or ""), theme)
            code = self._run(app)
            if app.failure is None:
                return code
            # As `orlop layers` has it: the archive is well, and the flag that says which image is not.
            wrong_usage = isinstance(app.failure, ImageChoiceError)
            return complain(str(app.failure), exit_codes.USAGE if wrong_usage else exit_codes.NOT_READ)

    def _run(self, app: KeyedApp) -> int:
        self._orderly_exit.leave = lambda code: app.exit(return_code=code)
        app.run()
        self._orderly_exit.leave = None
        return app.return_code or exit_codes.OK

    def _reads_only(self, loaded: LoadedPreferences) -> bool:
        return self.read_only or loaded.preferences.read_only


def terminal_complaint() -> str:
    """Why nothing can be drawn here; empty when it can."""
    # Textual reads from stdin and draws on stderr; whoever redirects stdout expects text.
    for name, stream in (("stdin", sys.stdin), ("stdout", sys.stdout), ("stderr", sys.stderr)):
        if stream is None or not stream.isatty():
            return f"{name} is not a terminal: run orlop in one, without a pipe or a redirection."
    if os.environ.get("TERM") == "dumb":
        return "This terminal can't be drawn on (TERM=dumb): use another one, or set TERM to what it really is."
    return ""


def complain(sentence: str, code: int) -> int:
    """Print a sentence, in which foreign words (ssh's, a daemon's) only show what they say; hand back ``code``."""
    with contextlib.suppress(OSError):  # The terminal may be gone.
        print(f"orlop: {literal(sentence)}", file=sys.stderr)
    return code


def _tunnelled(target: Target, stack: contextlib.ExitStack) -> str:
    """Where the engine is reached in place of its ``ssh://`` address; empty for any other address.

    ssh may ask for a pass-phrase meanwhile: the terminal is still its own.
    """
    if urlsplit(target.endpoint.url).scheme != "ssh":
        return ""
    from tui.engine.tunnel import Tunnel

    print(f"orlop: connecting to {literal(target.endpoint.url)} …", file=sys.stderr)
    tunnel = Tunnel.open(target.endpoint, interactive=True)
    stack.callback(tunnel.close)
    return tunnel.url
