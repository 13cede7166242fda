"""What is chosen of the candidates, and what stays chosen as the sets change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.model.candidate_choice import Choice
from tui.model.candidates import CandidateSet, Rule
from tui.model.mark import Kind, Mark
from tui.model.marked_sum import NOTHING_MARKED


def marks(letters: str) -> frozenset[Mark]:
    return frozenset(Mark(Kind.IMAGE, letter) for letter in letters)


def found(rule: Rule, letters: str) -> CandidateSet:
    return CandidateSet(rule, marks(letters), NOTHING_MARKED)


DANGLING, UNUSED, OLD = found(Rule.DANGLING, "a"), found(Rule.UNUSED, "abc"), found(Rule.OLD, "ab")
NAMED = found(Rule.NAMED_VOLUMES, "v")
SETS = (DANGLING, UNUSED, OLD, NAMED)


def test_set_is_chosen_whole_and_let_go_whole() -> None:
    chosen = Choice().toggled_set(OLD)
    assert chosen == Choice(marks("ab"), frozenset({Rule.OLD}))
    assert chosen.toggled_set(OLD) == Choice()
    assert chosen.toggled_set(UNUSED).marks == marks("abc")


def test_part_of_a_set_can_be_let_go() -> None:
    chosen = Choice().toggled_set(UNUSED).toggled_marks(marks("b")).following(SETS)
    assert chosen == Choice(marks("ac"), frozenset())


def test_set_in_another_one_is_let_go_with_its_objects() -> None:
    chosen = Choice().toggled_set(UNUSED).toggled_set(DANGLING).following(SETS)
    assert chosen == Choice(marks("bc"), frozenset())


def test_all_leaves_named_volumes_out() -> None:
    assert Choice().with_all(SETS).marks == marks("abc")
    assert Choice(marks("v")).with_all(SETS).marks == marks("abcv")


def test_what_no_rule_finds_any_longer_is_let_go_and_what_is_new_is_not_chosen() -> None:
    chosen = Choice().toggled_set(UNUSED)
    assert chosen.following((found(Rule.UNUSED, "bcd"),)) == Choice(marks("bc"), frozenset())
    assert chosen.following((found(Rule.UNUSED, "bc"),)) == Choice(marks("bc"), frozenset({Rule.UNUSED}))


def test_another_number_chooses_the_new_set_in_place_of_the_old() -> None:
    after = (DANGLING, UNUSED, found(Rule.OLD, "bc"), NAMED)
    assert Choice().toggled_set(OLD).renumbered(OLD, after).marks == marks("bc")
    both = Choice().toggled_set(DANGLING).toggled_set(OLD)
    assert both.renumbered(OLD, after).marks == marks("abc")
    assert Choice(marks("a")).renumbered(OLD, after).marks == marks("a")


def test_number_that_finds_nothing_lets_everything_of_the_rule_go() -> None:
    after = (DANGLING, UNUSED, found(Rule.OLD, ""), NAMED)
    nothing = Choice().toggled_set(OLD).renumbered(OLD, after)
    assert not nothing.marks
    assert nothing.renumbered(after[2], SETS).marks == OLD.marks  # and back again


LETTERS = st.text("abcdef", max_size=6)


@given(LETTERS, LETTERS, LETTERS, LETTERS)
def test_nothing_is_ever_chosen_that_no_rule_finds(chosen: str, old: str, new: str, other: str) -> None:
    before, after = found(Rule.OLD, old), (found(Rule.OLD, new), found(Rule.UNUSED, other))
    choice = Choice(marks(chosen)).toggled_set(before)
    for replayed in (choice.following(after), choice.renumbered(before, after)):
        assert replayed.marks <= marks(new) | marks(other)
        assert all(one.marks <= replayed.marks for one in after if one.rule in replayed.rules)
