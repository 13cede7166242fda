"""Small questions: yes or no, a name, a command to run, and things that only have to be said."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable

from textual.widget import Widget

from tui.screens.dialog import Dialog, Field, Words
from widgets.cell import Cell, Line, Role
from widgets.literal import literal
from widgets.push_button import PushButton


class ChoiceDialog(Dialog):
    """Says something and offers choices; Cancel is preselected.

    Args:
        title: one line.
        lines: what is to be said.
        choices: (words on the button, what to do).
    """

    def __init__(
        self, title: Line, lines: Iterable[Line], choices: Iterable[tuple[str, Callable[[], None]]] = ()
    ) -> None:
        super().__init__()
        self._title = title
        self._lines = tuple(lines)
        self._choices = tuple(choices)

    def title_line(self) -> Line:
        """As given."""
        return self._title

    def body(self) -> Iterable[Widget]:
        """As given."""
        yield Words(self._lines)

    def buttons(self) -> Iterable[PushButton]:
        """Cancel, then the choices."""
        yield PushButton("Cancel" if self._choices else "Close", id="cancel")
        for number, (words, _) in enumerate(self._choices):
            yield PushButton(words, id=f"choice-{number}")

    def chosen(self, button_id: str) -> None:
        """Do what the button says."""
        self.leave()
        self._choices[int(button_id.removeprefix("choice-"))][1]()


class _FormDialog(Dialog):
    """Fields to fill in; Enter in the last one is the button."""

    DEFAULT_CSS = """
    _FormDialog Input { height: 1; border: none; padding: 0 1; background: $background; margin-bottom: 1; }
    """
    AUTO_FOCUS = "Field"

    def __init__(self) -> None:
        super().__init__()
        self._problem = Words()

    def field(self, field_id: str, value: str = "", placeholder: str = "") -> Field:
        """A field; Enter goes to the next one, and after the last one does what the button does."""
        return Field(value, placeholder=placeholder, id=field_id, on_enter=self._entered)

    def value(self, field_id: str) -> str:
        """What stands in a field."""
        return self.query_one(f"#{field_id}", Field).value

    def complain(self, sentence: str) -> None:
        """Say what is wrong with the input."""
        self._problem.show(((Cell(sentence, Role.BAD),),))

    def _entered(self, field: Field) -> None:
        fields = list(self.query(Field))
        at = fields.index(field)
        if at + 1 < len(fields):
            self.set_focus(fields[at + 1])
        elif not self._left:
            self.chosen("go")


class RenameDialog(_FormDialog):
    """Asks for a container's new name."""

    def __init__(self, name: str, on_name: Callable[[str], None]) -> None:
        super().__init__()
        # The field can't show control characters harmlessly; a name that has any is replaced anyway.
        self._called = literal(name)
        self._on_name = on_name

    def title_line(self) -> Line:
        """Whose name."""
        return (Cell("Rename container ", Role.STRONG), Cell(self._called, Role.ACCENT))

    def body(self) -> Iterable[Widget]:
        """One field."""
        yield self.field("name", self._called)
        yield self._problem

    def buttons(self) -> Iterable[PushButton]:
        """Cancel or rename."""
        yield PushButton("Cancel", id="cancel")
        yield PushButton("Rename", id="go")

    def chosen(self, button_id: str) -> None:
        """Check the name and pass it on."""
        name = self.value("name").strip()
        if not name:
            self.complain("A name needs at least two characters: letters, digits, _ . or -.")
            return
        self.leave()
        if name != self._called:
            self._on_name(name)


class CommandDialog(_FormDialog):
    """Asks for a command, a user and a working folder."""

    def __init__(self, name: str, on_command: Callable[[tuple[str, ...], str, str], None]) -> None:
        super().__init__()
        self._called = name
        self._on_command = on_command

    def title_line(self) -> Line:
        """In which container."""
        return (Cell("Run a command in ", Role.STRONG), Cell(self._called, Role.ACCENT))

    def body(self) -> Iterable[Widget]:
        """Three fields."""
        yield Words(((Cell("Command", Role.MUTED),),))
        yield self.field("command", placeholder="ps aux")
        yield Words(((Cell("User (empty: the container's own)", Role.MUTED),),))
        yield self.field("user", placeholder="root, 1000:1000 …")
        yield Words(((Cell("Working folder (empty: the container's own)", Role.MUTED),),))
        yield self.field("folder", placeholder="/srv …")
        yield self._problem

    def buttons(self) -> Iterable[PushButton]:
        """Cancel or run."""
        yield PushButton("Cancel", id="cancel")
        yield PushButton("Run", id="go")

    def chosen(self, button_id: str) -> None:
        """Split the command as a shell does and pass it on."""
        try:
            words = tuple(shlex.split(self.value("command")))
        except ValueError as error:
            self.complain(f"The command can't be split into words: {error}. Check its quotes.")
            return
        folder = self.value("folder").strip()
        if not words:
            self.complain("Type a command to run.")
        elif folder and not folder.startswith("/"):
            self.complain("The working folder has to be an absolute path, such as /srv.")
        else:
            self.leave()
            self._on_command(words, self.value("user").strip(), folder)
