"""What goes to the terminal: only the cells that changed, in few bytes.

Textual repaints whole widget regions. `frugal` gives the platform's driver a memory of what the terminal
shows, so that a frame costs what differs from it. See `tui.terminal.screen_diff` for how.
"""

from __future__ import annotations

import os
import sys

from textual.driver import Driver

PLAIN_OUTPUT_VARIABLE = "ORLOP_PLAIN_OUTPUT"
"""Set to anything but the empty string or ``0``, this environment variable turns the frugal driver off."""


def frugal(driver_class: type[Driver]) -> type[Driver]:
    """The frugal variant of a driver, or the driver itself where there is none or it is not wanted.

    Textual's driver for Linux and macOS has one. Windows, the headless driver of tests, the inline and the
    web driver are returned as they are. Meant for `App.get_driver_class`, which honours ``TEXTUAL_DRIVER``.
    """
    if sys.platform == "win32" or os.environ.get(PLAIN_OUTPUT_VARIABLE, "0") not in ("", "0"):
        return driver_class
    # Imported here because the module needs termios, which Windows does not have.
    from textual.drivers.linux_driver import LinuxDriver  # noqa: PLC0415

    from tui.terminal.frugal_driver import FrugalDriver  # noqa: PLC0415

    return FrugalDriver if driver_class is LinuxDriver else driver_class


def release(driver: Driver | None) -> None:
    """Let go of the terminal's input after the application has ended in whatever way."""
    release_input = getattr(driver, "release", None)
    if release_input is not None:
        release_input()


def forget(driver: Driver | None) -> None:
    """Have *driver* write the next frame in full, whatever it believes is on the screen (for a redraw key)."""
    if sys.platform == "win32":
        return
    from tui.terminal.frugal_driver import FrugalDriver  # noqa: PLC0415

    if isinstance(driver, FrugalDriver):
        driver.forget()


def step_aside(driver: Driver | None) -> None:
    """Give the terminal to the shell that *driver*'s application was started from, until it is continued (``fg``).

    Where there is no such shell, and with other drivers, nothing comes of it.
    """
    if sys.platform == "win32":
        return
    from tui.terminal.frugal_driver import FrugalDriver  # noqa: PLC0415 - needs termios, as above

    if isinstance(driver, FrugalDriver):
        driver.step_aside()
