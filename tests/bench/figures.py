"""What is measured, what it should come to, and what other programs come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    ``reference`` is what the goal is a multiple of, where it is one; the figure is then judged by its ratio to it.
    """

    name: str
    world: str
    value: float
    unit: str
    goal: float | None = None
    reference: float | None = None
    peers: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The value against its reference."""
        return self.value / self.reference if self.reference else None

    @property
    def verdict(self) -> str:
        """``ok`` or ``OVER``; empty without a goal."""
        if self.goal is None:
            return ""
        judged = self.value if self.ratio is None else self.ratio
        return "ok" if judged <= self.goal else "OVER"


_DIGITS = {"ms": 0, "s": 2, "B": 0, "MB": 1, "": 1}


def amount(value: float, unit: str) -> str:
    """A value with its unit."""
    return f"{value:,.{_DIGITS[unit]}f} {unit}".rstrip()


def table(figures: Iterable[Figure]) -> str:
    """All figures, one to a line."""
    head = ("figure", "world", "value", "reference", "ratio", "goal", "", "to beat")
    lines = [head]
    for figure in figures:
        ratio, goal = figure.ratio, figure.goal
        lines.append(
            (
                figure.name + (f" ({figure.note})" if figure.note else ""),
                figure.world,
                amount(figure.value, figure.unit),
                "" if figure.reference is None else amount(figure.reference, figure.unit),
                "" if ratio is None else f"{ratio:.2f}",
                "" if goal is None else f"<= {goal:.2f}" if ratio is not None else f"<= {amount(goal, figure.unit)}",
                figure.verdict,
                figure.peers,
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    right = {2, 3, 4, 5}
    rows = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    rows.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(rows)
