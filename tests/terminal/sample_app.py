"""A small Textual application to run in a pseudo-terminal: a tree, a list, tabs, an input, a modal, a suspension.

    python -m tests.terminal.sample_app

Keys: ``t`` tree, ``l`` list, ``i`` input (focus); ``m`` modal; ``n``/``p`` tabs; ``s`` suspend until Enter;
``w`` wide characters; ``c`` copy; ``r`` redraw; ``ctrl+z`` stop; ``z`` SIGTSTP, given to another thread than the one
that sleeps in the event loop, as the kernel may; ``ctrl+q`` quit.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.driver import Driver
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Header, Input, Label, OptionList, Static, TabbedContent, TabPane, Tree

from tui.terminal import forget, frugal, step_aside


class Question(ModalScreen[None]):
    """A modal over a dimmed screen."""

    CSS = "Question { align: center middle; } Vertical { width: 50; height: 9; border: round $primary; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("Remove this volume?")
            yield Button("Cancel")
            yield Button("Remove", variant="error")


class SampleApp(App[None]):
    """See the module."""

    CSS = """
    #left { width: 45%; }
    Tree { height: 60%; border: round $secondary; }
    OptionList { height: 40%; border: round $secondary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "go_to('tree')", "Tree"),
        Binding("l", "go_to('list')", "List"),
        Binding("i", "go_to('input')", "Input"),
        Binding("m", "ask", "Modal"),
        Binding("n", "tab('two')", "Next tab"),
        Binding("p", "tab('one')", "Previous tab"),
        Binding("s", "leave", "Suspend"),
        Binding("w", "widen", "Wide"),
        Binding("c", "copy", "Copy"),
        Binding("r", "redraw", "Redraw"),
        Binding("ctrl+z", "step_aside", "Stop"),
        Binding("z", "signal_elsewhere", "Signal"),
    ]

    def get_driver_class(self) -> type[Driver]:
        """The platform's driver, made frugal."""
        return frugal(super().get_driver_class())

    def compose(self) -> ComposeResult:
        yield Header()
        with Horizontal():
            with Vertical(id="left"):
                tree: Tree[None] = Tree("images", id="tree")
                tree.root.expand()
                for number in range(60):
                    node = tree.root.add(f"repository/{number:03}:latest", expand=number % 3 == 0)
                    node.add_leaf(f"layer sha256:{number:012x}  {number * 7 % 100} MB")
                yield tree
                yield OptionList(*(f"volume {number:03}  {number * 37 % 1000} kB" for number in range(300)), id="list")
            with TabbedContent():
                with TabPane("Overview", id="one"):
                    yield Static("\n".join(f"fact {n}: value {n * 13 % 97}" for n in range(18)), id="facts")
                    field = Input(id="input", placeholder="filter")
                    field.cursor_blink = False
                    yield field
                with TabPane("Layers", id="two"):
                    yield Static(
                        "\n".join(f"layer {n:02}  {'█' * (n % 9)}  RUN apt-get install {n}" for n in range(25))
                    )
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(Tree).focus()
        # Textual comes back from SIGCONT to an empty screen: it announces the return, but repaints nothing.
        self.app_resume_signal.subscribe(self, lambda _app: self.refresh(layout=True))

    def action_go_to(self, widget_id: str) -> None:
        self.query_one(f"#{widget_id}").focus()

    def action_ask(self) -> None:
        self.push_screen(Question())

    def action_tab(self, tab: str) -> None:
        self.query_one(TabbedContent).active = tab

    def action_leave(self) -> None:
        with self.suspend():
            sys.stdout.write("outside: press enter\n")
            sys.stdout.flush()
            sys.stdin.readline()

    def action_widen(self) -> None:
        self.query_one("#facts", Static).update(
            "漢字かな 한글 wide\nmarks e\u0301 o\u0308\n🐳 whale ☁\ufe0f cloud\n→ ● ✓ └──"
        )

    def action_copy(self) -> None:
        self.copy_to_clipboard("copied")

    def action_step_aside(self) -> None:
        step_aside(self._driver)

    def action_signal_elsewhere(self) -> None:
        def signal_this_thread() -> None:
            time.sleep(0.3)  # until the loop sleeps
            signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)

        threading.Thread(target=signal_this_thread, daemon=True).start()

    def action_redraw(self) -> None:
        forget(self._driver)
        self.refresh()


if __name__ == "__main__":
    SampleApp().run()
