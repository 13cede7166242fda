"""A visit to a container's shell: the app steps aside and the terminal is the container's."""

from __future__ import annotations

import os

from textual.app import App, SuspendNotSupported

from tui.engine.errors import EngineError, UnsupportedError
from tui.engine.port import Engine, ExecRequest
from tui.engine.shell import ShellEnd, ShellReason, run_shell, session_banner
from tui.model.container import Container


async def visit_shell(app: App[None], engine: Engine, container: Container, request: ExecRequest | None) -> str | None:
    """Run ``request`` (or the first shell the container has) on the user's terminal.

    Returns:
        How it ended, in words; ``None`` when a shell was wanted and the container has none.

    Raises:
        EngineError: the container stopped meanwhile, or the engine refused.
    """
    if request is None:
        shell = await engine.find_shell(container.id)
        if shell is None:
            return None
        request = ExecRequest(container.id, (shell,))
    terminal = os.environ.get("TERM", "xterm")
    request = request._replace(environment=(*request.environment, ("TERM", terminal)))
    channel = await engine.exec(request, rows=app.size.height, columns=app.size.width)
    banner = session_banner(container.name, container.id, engine.endpoint.label)
    end: ShellEnd | EngineError
    try:
        with app.suspend():
            # Blocks the event loop on purpose: nothing may draw or read while the terminal is lent, and
            # only the main thread is told of its resizes. Events that come meanwhile wait in their thread.
            # No error may leave this block: Textual would not take the terminal back.
            try:
                end = run_shell(channel, banner=banner)
            except EngineError as error:
                end = error
    except SuspendNotSupported as error:
        channel.close()
        raise UnsupportedError(
            "This terminal can't be lent to a shell.", "Run orlop in a terminal of its own."
        ) from error
    if isinstance(end, EngineError):
        raise end
    if end.reason is ShellReason.TERMINAL_GONE:
        app.exit()
    return end.message
