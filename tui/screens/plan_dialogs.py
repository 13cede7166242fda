"""What is asked before a plan is carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.model.cleanup_plan import CleanupPlan
from tui.model.engine_disk import DiskSight
from tui.present.cleanup_facts import WORD, go_lines, go_title, typing_line
from tui.screens.dialog import Dialog, Field, Words
from widgets.cell import Line
from widgets.push_button import PushButton


class GoDialog(Dialog):
    """Asks whether to carry a plan out. Cancel is preselected; what is grave takes a typed word.

    Args:
        plan: what was reviewed.
        back_up: names of the volumes that are backed up before they go.
        on_go: called when it is to be carried out.
        sight: what was seen of the disks; ``None`` when nobody has looked.
    """

    DEFAULT_CSS = """
    GoDialog Input { height: 1; border: none; padding: 0 1; background: $background; }
    GoDialog .gap { margin-top: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(letter, f"letter('{letter}')", show=False) for letter in sorted(set(WORD))
    ]

    def __init__(
        self,
        plan: CleanupPlan,
        back_up: frozenset[str],
        on_go: Callable[[GoDialog], None],
        sight: DiskSight | None = None,
    ) -> None:
        super().__init__()
        self.plan = plan
        self.back_up = back_up
        self._on_go = on_go
        self._sight = sight
        self._words = Words()
        self._word = Field(id="word", on_enter=self._word_entered)
        self._go = PushButton("Remove", id="go", grave=True)
        self._go.disabled = plan.asks_for_word

    def title_line(self) -> Line:
        """The question."""
        return go_title(self.plan)

    def body(self) -> Iterable[Widget]:
        """What goes."""
        yield self._words

    def on_mount(self) -> None:
        """Say what is known by now."""
        self.renew(self._sight)

    def renew(self, sight: DiskSight | None) -> None:
        """More is known of the disks. What goes stays the same: that is what was asked about."""
        self._sight = sight
        self._words.show(go_lines(self.plan, self.back_up, sight))

    def below(self) -> Iterable[Widget]:
        """The word, if it takes one: never out of sight, however much goes."""
        if self.plan.asks_for_word:
            typing = Words((typing_line(),))
            typing.add_class("gap")
            yield typing
            yield self._word

    def buttons(self) -> Iterable[PushButton]:
        """Cancel, and the deed."""
        yield PushButton("Cancel", id="cancel")
        yield self._go

    def action_letter(self, letter: str) -> None:
        """Letters of the word go to the word, wherever the keys are."""
        if self.plan.asks_for_word:
            self.set_focus(self._word)
            self._word.insert_text_at_cursor(letter)

    def on_input_changed(self, event: Input.Changed) -> None:
        """The word, letter by letter."""
        event.stop()
        self._go.disabled = not self._word_is_right

    @property
    def _word_is_right(self) -> bool:
        return not self.plan.asks_for_word or self._word.value.strip() == WORD

    def _word_entered(self, _field: Field) -> None:
        """Enter after the word goes on to the button; it never removes anything by itself."""
        self._go.disabled = not self._word_is_right
        if not self._go.disabled:
            self.set_focus(self._go)

    def chosen(self, button_id: str) -> None:
        """Carry it out."""
        if self._word_is_right and self.leave():
            self._on_go(self)
