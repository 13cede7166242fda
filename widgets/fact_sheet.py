"""Facts about one thing: labels on the left, values wrapped on the right, in headed sections."""

from __future__ import annotations

from rich.text import Text

from widgets.cell import Cell, Fact, Line, Role, Section
from widgets.line_view import LineView
from widgets.role_styles import role_styles, styled

NO_BREAK = "\u00a0"
"""A space at which no line is broken: what it stands between stays together."""
_HELD = "\ufdd0"  # one of Unicode's noncharacters: no text has it
_WIDEST_LABEL = 18


class FactSheet(LineView):
    """Shows sections of facts; nothing is cut, long values wrap."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.sections: tuple[Section, ...] = ()
        self.exact = False
        """True while exact figures stand in place of the readable ones."""
        self._subject = ""

    def show(self, subject: str, sections: tuple[Section, ...]) -> None:
        """Show the facts of ``subject`` (an opaque key): another subject starts at the top."""
        if sections == self.sections and subject == self._subject:
            return
        top = subject != self._subject
        self._subject, self.sections = subject, sections
        self.renew(top=top)

    def set_exact(self, exact: bool) -> None:
        """Show exact figures, or readable ones."""
        if exact != self.exact:
            self.exact = exact
            self.renew()

    def lay_out(self, width: int) -> list[Text]:
        """Every section's title and facts, wrapped to ``width``."""
        labels = [fact.label for section in self.sections for fact in section.facts]
        label_width = min(_WIDEST_LABEL, max((len(label) for label in labels), default=0)) + 2
        if width < 2 * label_width:
            label_width = max(4, width // 3)
        lines: list[Text] = []
        for number, section in enumerate(self.sections):
            if number:
                lines.append(Text(""))
            if section.title:
                lines += self._wrapped((Cell(section.title, Role.STRONG),), width)
            for fact in section.facts:
                lines += self._fact(fact, width, label_width)
        return lines

    def _wrapped(self, line: Line, width: int) -> list[Text]:
        if not line:
            return [Text("")]
        text = styled(line, role_styles(self.app))
        held = NO_BREAK in text.plain
        if held:
            # Rich breaks lines at these too, as at every space: meanwhile they stand as something that is none.
            text.plain = text.plain.replace(NO_BREAK, _HELD)
        wrapped = list(text.wrap(self.app.console, max(1, width), overflow="fold"))
        if held:
            for row in wrapped:
                row.plain = row.plain.replace(_HELD, NO_BREAK)
        return wrapped

    def _fact(self, fact: Fact, width: int, label_width: int) -> list[Text]:
        value = (Cell(fact.exact, Role.NUMBER),) if self.exact and fact.exact else fact.value
        if not fact.label:
            return self._wrapped(value, width)
        label = styled((Cell(fact.label, Role.MUTED),), role_styles(self.app))
        label.truncate(label_width - 1, overflow="ellipsis", pad=True)
        label.append(" ")
        blank = Text(" " * label_width)
        return [
            (label if number == 0 else blank) + line
            for number, line in enumerate(self._wrapped(value, width - label_width))
        ]
