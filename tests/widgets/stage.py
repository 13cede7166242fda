"""A bare app to put one widget on."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widget import Widget

from themes.palettes import THEMES


class Stage(App[None]):
    """Shows one widget."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "orlop-dark"

    def compose(self) -> ComposeResult:
        """The widget alone."""
        yield self.widget

    @property
    def text(self) -> str:
        """What stands on the screen."""
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)
