"""The yardstick: the least that Textual can put on a screen. Run as a program, like the command it is compared with."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Label

GREETING = "hello"
"""What it shows."""


class MinimalApp(App[None]):
    """One label."""

    def compose(self) -> ComposeResult:
        """The label."""
        yield Label(GREETING)


if __name__ == "__main__":
    MinimalApp().run()
