"""The modal before a deletion: what will happen, what stands in the way, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Input

from tui.model.removal import Removal
from tui.present.removal import RemovalText, describe
from tui.screens.dialog import Dialog, Field, Words
from widgets.cell import Line
from widgets.push_button import PushButton
from widgets.tick_box import TickBox


class RemovalDialog(Dialog):
    """Asks whether to carry out a removal. Cancel is preselected; force is a choice of its own.

    Args:
        removal: the plan as it is known now.
        on_confirm: called with the plan, whether to force, and whether anonymous volumes go along.
    """

    DEFAULT_CSS = """
    RemovalDialog TickBox { margin-top: 1; }
    RemovalDialog Input { height: 1; border: none; padding: 0 1; background: $background; }
    RemovalDialog .gap { margin-top: 1; }
    """

    def __init__(self, removal: Removal, on_confirm: Callable[[Removal, bool, bool], None]) -> None:
        super().__init__()
        self.removal = removal
        self.on_confirm = on_confirm
        self.text: RemovalText = describe(removal)
        self._words = Words(self.text.lines)
        self._consequences = Words()
        self._force = TickBox(self.text.force, id="force")
        self._volumes = TickBox(self.text.volumes_choice, id="volumes")
        self._typing = Words((self.text.typing,))
        self._typed_name = Field(id="name", on_enter=self._name_entered)
        self._go = PushButton(self.text.remove, id="go", grave=True)

    def title_line(self) -> Line:
        """The object, by name and short ID."""
        return self.text.title

    def body(self) -> Iterable[Widget]:
        """Effects, obstacles and bytes; then whatever has to be chosen or typed."""
        yield self._words
        if self.text.force:
            yield self._force
            yield self._consequences
        if self.text.volumes_choice:
            yield self._volumes
        if self.text.typing:
            self._typing.add_class("gap")
            yield self._typing
            yield self._typed_name

    def buttons(self) -> Iterable[PushButton]:
        """Cancel, and the deed unless nothing can be done."""
        if self.removal.possible or self.removal.forcible:
            yield PushButton("Cancel", id="cancel")
            yield self._go
        else:
            yield PushButton("Close", id="cancel")

    def on_mount(self) -> None:
        """Nothing is chosen yet."""
        self._weigh()

    def renew(self, removal: Removal) -> None:
        """Show the same removal with more known about it (bytes, most of all)."""
        self.removal = removal
        self.text = describe(removal)
        self._weigh()

    def on_tick_box_changed(self, event: TickBox.Changed) -> None:
        """Another choice, other consequences."""
        event.stop()
        self._weigh()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The name, letter by letter."""
        event.stop()
        self._weigh()

    def _name_entered(self, _field: Field) -> None:
        """Enter after the name goes on to the button; it never deletes by itself."""
        self._weigh()
        if not self._go.disabled:
            self.set_focus(self._go)

    def _weigh(self) -> None:
        """Show what the present choices come to, and allow the deed only if it can be done."""
        text = self.text
        with_volumes = self._volumes.ticked and bool(text.freed_with_volumes)
        freed = text.freed_with_volumes if with_volumes else text.freed
        parts = [list(text.effects), list(text.obstacles), [freed] if freed else []]
        lines: list[Line] = []
        for part in parts:
            if part and lines:
                lines.append(())
            lines += part
        self._words.show(lines)
        self._consequences.show(text.consequences if self._force.ticked else ())
        typed = not self.removal.type_name or self._typed_name.value == self.removal.name
        allowed = self.removal.possible or (self.removal.forcible and self._force.ticked)
        self._go.disabled = not (typed and allowed)

    def chosen(self, button_id: str) -> None:
        """Carry it out."""
        self.leave()
        self.on_confirm(self.removal, self._force.ticked and self.removal.forcible, self._volumes.ticked)
