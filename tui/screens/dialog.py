"""What the modals have in common: a framed box, lines of text, and a row of choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from widgets.cell import Line
from widgets.line_view import LineView
from widgets.push_button import PushButton
from widgets.role_styles import role_styles, styled

_HIGHEST = 94
"""Per cent of the screen's height that a dialog may take."""


class Words(LineView, can_focus=False):
    """Lines of text in a modal: wrapped, as high as they need to be."""

    DEFAULT_CSS = "Words { height: auto; overflow-y: hidden; }"

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        super().__init__()
        self.lines = tuple(lines)

    def show(self, lines: Iterable[Line]) -> None:
        """Say something else."""
        self.lines = tuple(lines)
        self.renew()
        self.refresh(layout=True)

    def lay_out(self, width: int) -> list[Text]:
        """Each line wrapped."""
        styles = role_styles(self.app)
        rows: list[Text] = []
        for line in self.lines:
            text = styled(line, styles)
            rows += text.wrap(self.app.console, max(1, width), overflow="fold") if line else [Text("")]
        return rows

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many rows as the text takes at ``width``."""
        return len(self.lay_out(width))


class Field(Input):
    """A line to fill in. It does not blink, and Enter is done at once: the keys after it may be here already.

    Args:
        on_enter: what Enter does.
    """

    def __init__(
        self, value: str = "", *, on_enter: Callable[[Field], None], placeholder: str = "", id: str | None = None
    ) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._when_done = on_enter

    def on_mount(self) -> None:
        """Of a long path the end is what is to be read, and where the cursor is; Input would show its beginning."""
        self.call_after_refresh(self._show_end)

    def _show_end(self) -> None:
        self.scroll_to(x=self.max_scroll_x, animate=False, force=True)

    async def action_submit(self) -> None:
        """Enter."""
        self._when_done(self)


class Dialog(ModalScreen[None]):
    """A framed box in the middle of the screen. Escape closes it; the first button is preselected."""

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > Vertical {
        width: 76; max-width: 94%; height: auto; max-height: 94%;
        background: $panel; border: round $rule-focused; padding: 0 2;
    }
    Dialog #body { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    Dialog #buttons { height: auto; align-horizontal: right; margin-top: 1; }
    Dialog #buttons PushButton { margin-left: 2; }
    Dialog Words { background: $panel; }
    Dialog .title { margin-bottom: 1; max-height: 5; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Cancel", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("left", "app.focus_previous", show=False),
    ]
    AUTO_FOCUS = "#buttons PushButton"

    def __init__(self) -> None:
        super().__init__()
        self._left = False

    def title_line(self) -> Line:
        """What it is about."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """What stands between the title and the buttons."""
        raise NotImplementedError

    def below(self) -> Iterable[Widget]:
        """What stands above the buttons whatever the body is scrolled to."""
        return ()

    def buttons(self) -> Iterable[PushButton]:
        """The choices, the harmless one first."""
        yield PushButton("Close", id="cancel")

    def compose(self) -> ComposeResult:
        """Title, body, buttons."""
        with Vertical():
            title = Words((self.title_line(),))
            title.add_class("title")
            yield title
            with VerticalScroll(id="body", can_focus=False):
                yield from self.body()
            yield from self.below()
            with Horizontal(id="buttons"):
                yield from self.buttons()

    def on_mount(self) -> None:
        """Leave room for what stands around the body."""
        self.call_after_refresh(self._fit_body)

    def on_resize(self) -> None:
        """More room, or less."""
        self.call_after_refresh(self._fit_body)

    def _fit_body(self) -> None:
        """Let the body scroll before it pushes the buttons out of the frame: fractions of a height that is not fixed
        don't keep it from that."""
        if not self.is_attached:
            return
        frame, body = self.query_one(Vertical), self.query_one("#body")
        around = sum(
            widget.outer_size.height + widget.styles.margin.height for widget in frame.children if widget is not body
        )
        room = self.size.height * _HIGHEST // 100 - frame.gutter.height - around
        body.styles.max_height = max(2, room)

    def action_close(self) -> None:
        """Go away without doing anything."""
        self.leave()

    @property
    def left(self) -> bool:
        """True once it is closing or closed."""
        return self._left

    def leave(self) -> bool:
        """Close the dialog. False when it is closing already: a key was pressed twice."""
        if self._left:
            return False
        self._left = True
        self.dismiss(None)
        return True

    def on_push_button_pressed(self, event: PushButton.Pressed) -> None:
        """Cancel closes; anything else is for the subclass."""
        event.stop()
        if self._left:
            return
        if event.button.id == "cancel":
            self.action_close()
        else:
            self.chosen(event.button.id or "")

    def chosen(self, button_id: str) -> None:
        """A button other than Cancel was pressed."""
        raise NotImplementedError
