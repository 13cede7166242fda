"""Strata drawn from the top down, with shafts that pierce all of them, and facts below."""

from __future__ import annotations

from typing import NamedTuple

from rich.text import Text

from widgets.cell import Cell, Fact, Line, Role, Section
from widgets.fact_sheet import FactSheet
from widgets.role_styles import role_styles, styled

_SHAFT_WIDTH = 3
_LEAST_BODY = 26
_MOST_SHAFTS = 9
_LABEL_WIDTH = 9


class Stratum(NamedTuple):
    """One stratum: a rule with its name and a figure in it, and what is known of it below."""

    title: Line
    figure: Line = ()
    exact: str = ""
    """In place of ``figure`` when exact figures are wanted; empty when it is exact already."""
    facts: tuple[Fact, ...] = ()
    heavy: bool = False
    """Drawn with a heavy rule: something else begins here."""


class StrataSheet(FactSheet):
    """Shows strata, the shafts through them (numbered from 1), and sections of facts below; long values wrap."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.strata: tuple[Stratum, ...] = ()
        self.shafts = 0

    def show_strata(
        self, subject: str, strata: tuple[Stratum, ...], shafts: int, sections: tuple[Section, ...]
    ) -> None:
        """Show strata, top first, ``shafts`` of them pierced; ``sections`` stand below."""
        if (subject, strata, shafts, sections) == (self._subject, self.strata, self.shafts, self.sections):
            return
        top = subject != self._subject
        self._subject, self.strata, self.shafts, self.sections = subject, strata, shafts, sections
        self.renew(top=top)

    def lay_out(self, width: int) -> list[Text]:
        """The strata, then the facts."""
        lines: list[Text] = []
        if self.strata:
            shafts = max(0, min(self.shafts, _MOST_SHAFTS, (width - _LEAST_BODY) // _SHAFT_WIDTH))
            body = width - shafts * _SHAFT_WIDTH
            for number, stratum in enumerate(self.strata):
                lines += self._stratum(stratum, body, shafts, mouth=number == 0)
            lines.append(self._rule((), (), body, heavy=True) + self._shafts("━┻━", shafts))
        if self.sections:
            lines += [Text(""), *super().lay_out(width)] if lines else super().lay_out(width)
        return lines

    def _stratum(self, stratum: Stratum, body: int, shafts: int, *, mouth: bool) -> list[Text]:
        figure = (Cell(stratum.exact, Role.NUMBER),) if self.exact and stratum.exact else stratum.figure
        fill = "━" if stratum.heavy else "─"
        opening = self._mouths(shafts, fill) if mouth else self._shafts(f"{fill}┃{fill}", shafts)
        lines = [self._rule(stratum.title, figure, body, heavy=stratum.heavy) + opening]
        for fact in stratum.facts:
            for line in self._fact(fact, max(1, body - 3), _LABEL_WIDTH):
                indented = Text("  ") + line
                indented.pad_right(max(0, body - indented.cell_len))
                lines.append(indented + self._shafts(" ┃ ", shafts))
        return lines

    def _rule(self, title: Line, figure: Line, width: int, *, heavy: bool) -> Text:
        """``── title ───── figure ─`` over ``width`` cells; a title that doesn't fit ends in an ellipsis."""
        styles = role_styles(self.app)
        fill = "━" if heavy else "─"
        rule = styles[Role.MUTED]
        right = styled((Cell(" "), *figure, Cell(" ")), styles) if figure else Text("")
        left = styled((Cell(" "), *title), styles) if title else Text("")
        left.truncate(max(0, width - right.cell_len - 4), overflow="ellipsis")
        left.append(" " if title else "")
        gap = max(0, width - left.cell_len - right.cell_len - 2)
        return Text(fill, rule) + left + Text(fill * gap, rule) + right + Text(fill, rule)

    def _shafts(self, drawn: str, count: int) -> Text:
        """``drawn`` (three characters, the shaft in the middle) for every shaft."""
        styles = role_styles(self.app)
        text = Text("")
        for _ in range(count):
            text.append(drawn[0], styles[Role.MUTED])
            text.append(drawn[1], styles[Role.BAR])
            text.append(drawn[2], styles[Role.MUTED])
        return text

    def _mouths(self, count: int, fill: str) -> Text:
        """The numbers of the shafts; where not all fit, the last stands for the rest."""
        styles = role_styles(self.app)
        text = Text("")
        for number in range(1, count + 1):
            mark = "+" if number == count and count < self.shafts else str(number)
            text.append(fill, styles[Role.MUTED])
            text.append(mark, styles[Role.BAR])
            text.append(fill, styles[Role.MUTED])
        return text
