"""What somebody has chosen of the candidates: a value, replayed on every new version of the sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui.model.candidates import CandidateSet, Rule
from tui.model.mark import NO_MARKS, Mark, toggled


class Choice(NamedTuple):
    """Chosen marks, and the rules that were chosen whole.

    A choice is of objects: what a rule finds later is not in it, before somebody has seen it and chosen it, too.
    """

    marks: frozenset[Mark] = NO_MARKS
    rules: frozenset[Rule] = frozenset()
    """The rules whose sets were chosen as they are; they are chosen again when their number changes."""

    def toggled_set(self, chosen: CandidateSet) -> Choice:
        """With everything in a set, or with nothing of it when all of it was chosen. :meth:`following` comes after."""
        after = toggled(self.marks, chosen.marks)
        whole = bool(chosen.marks) and after >= chosen.marks
        return Choice(after, self.rules | {chosen.rule} if whole else self.rules - {chosen.rule})

    def toggled_marks(self, chosen: Iterable[Mark]) -> Choice:
        """With a part of a set, or without it when it was chosen. :meth:`following` comes after."""
        return Choice(toggled(self.marks, chosen), self.rules)

    def with_all(self, sets: Iterable[CandidateSet]) -> Choice:
        """With every set that may be chosen along with others."""
        wanted = [one for one in sets if one.chosen_with_all]
        return Choice(self.marks.union(*(one.marks for one in wanted)), self.rules.union(one.rule for one in wanted))

    def following(self, sets: Iterable[CandidateSet]) -> Choice:
        """Without what no rule finds any longer (it is in use now, gone, or protected), or is not whole any longer."""
        every = tuple(sets)
        marks = self.marks.intersection(frozenset[Mark]().union(*(one.marks for one in every)))
        return Choice(marks, self.rules.intersection(one.rule for one in every if one.marks <= marks))

    def renumbered(self, before: CandidateSet, sets: Iterable[CandidateSet]) -> Choice:
        """After the number of a rule has changed: where its set was chosen whole, the new one is, in its place."""
        every = tuple(sets)
        if before.rule not in self.rules:
            return self.following(every)
        new = next(one for one in every if one.rule is before.rule)
        others = [one.marks for one in every if one.rule in self.rules and one.rule is not before.rule]
        kept = (self.marks - before.marks) | frozenset[Mark]().union(*others) & self.marks
        return Choice(kept | new.marks, self.rules).following(every)
