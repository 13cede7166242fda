"""Waste in words: the same sentences in an image's Overview, in Files and in the ``orlop layers`` report.

Stored is every byte of every file in every layer; visible is what is left of it in the finished filesystem;
wasted is the rest, and efficiency is visible / stored. Layers are counted from 1, as in the Layers tab.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tui.model.layer import Layer
from tui.model.waste import Loss, Offender, Waste
from tui.present import figures
from tui.present.layer import instruction_and_rest, readable_command
from widgets.cell import Cell, Fact, Line, Role, RowText, Section
from widgets.literal import literal

NO_WASTE = "Nothing in it is stored and hidden again: every byte of every layer can be seen."
WORTH_SAYING = 0.01
"""A loss below this share of the stored bytes gets no advice: following it would cost more than it saves."""
_STORED_AGAIN = "chmod, chown and every other change store whole files again"


def percent_text(share: float) -> str:
    """A share as a percentage with one decimal: rounded down, so that only the whole reads ``100.0%``."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:.1f}%"


def efficiency_text(waste: Waste) -> str:
    """``97.6%``: how much of what is stored can be seen."""
    return percent_text(waste.efficiency)


def layer_words(index: int, layers: Sequence[Layer]) -> str:
    """``RUN in layer 4``, or ``layer 4`` where no instruction is known; ``index`` counts from 0."""
    instruction = _instruction(index, layers)
    return f"{instruction} in layer {index + 1}" if instruction else f"layer {index + 1}"


def loss_sentence(loss: Loss, layers: Sequence[Layer]) -> str:
    """What one layer hides of another's, and what would keep it from being stored. Safe to print."""
    who = layer_words(loss.hidden_by, layers)
    verb = "deletes" if loss.deleted else "replaces"
    where = f" in /{literal(loss.folder)}" if loss.folder else ""
    what = f"{figures.size(loss.wasted_bytes)} that layer {loss.added_by + 1} added{where}"
    return f"{who[0].upper()}{who[1:]} {verb} {what}: {_advice(loss, layers)}."


def advice(waste: Waste, layers: Sequence[Layer], *, limit: int = 5) -> tuple[str, ...]:
    """What would shrink the image, the greatest gain first; empty when there is nothing worth doing."""
    return tuple(loss_sentence(loss, layers) for loss in _worth_saying(waste)[:limit])


def advice_facts(waste: Waste, layers: Sequence[Layer], *, limit: int = 5) -> tuple[Fact, ...]:
    """The same as a list: each begins in bold, so that one sees where the one before has ended."""
    facts: list[Fact] = []
    for loss in _worth_saying(waste)[:limit]:
        sentence, who = loss_sentence(loss, layers), len(layer_words(loss.hidden_by, layers))
        facts.append(Fact("", (Cell(sentence[:who], Role.STRONG), Cell(sentence[who:]))))
    return tuple(facts)


def _worth_saying(waste: Waste) -> tuple[Loss, ...]:
    least = waste.stored_bytes * WORTH_SAYING
    return tuple(loss for loss in waste.losses if loss.wasted_bytes > 0 and loss.wasted_bytes >= least)


def offender_words(offender: Offender) -> str:
    """``layer 2 added it, layer 4 deleted it``; of many copies, how many there are and who hid them last."""
    verb = "deleted" if offender.deleted else "replaced"
    pairs = list(zip(offender.added_by, offender.hidden_by, strict=True))
    if len(pairs) == 1:
        added, hidden = pairs[0]
        return f"layer {added + 1} added it, layer {hidden + 1} {verb} it"
    added_by = _numbers(offender.added_by)
    hidden_by = _numbers(offender.hidden_by)
    return f"stored in vain {len(pairs)} times: by {added_by}; hidden by {hidden_by}"


def offender_row(offender: Offender) -> RowText:
    """One file that takes room and can't be seen: sign, path, which layers, how many bytes."""
    # The sign is not parted from the path by the end of a line.
    sign = Cell("−\u00a0", Role.BAD) if offender.deleted else Cell("~\u00a0", Role.WARNING)
    return RowText(
        (sign, Cell(f"/{offender.path}"), Cell(f"  {offender_words(offender)}", Role.MUTED)),
        (Cell(f"{figures.size(offender.wasted_bytes):>9}", Role.NUMBER),),
    )


def total_facts(waste: Waste) -> tuple[Fact, ...]:
    """Stored, visible, wasted and the efficiency."""
    wasted_role = Role.WARNING if waste.wasted_bytes else Role.GOOD
    return (
        _bytes_fact("Stored", waste.stored_bytes, Role.NUMBER, "in all its layers"),
        _bytes_fact("Visible", waste.visible_bytes, Role.NUMBER, "in the finished filesystem"),
        _bytes_fact("Wasted", waste.wasted_bytes, wasted_role, "stored, and hidden again by a later layer"),
        Fact("Efficiency", (Cell(efficiency_text(waste), Role.NUMBER), Cell("  visible / stored", Role.MUTED))),
    )


def waste_sections(waste: Waste, layers: Sequence[Layer], *, offenders: int = 5) -> tuple[Section, ...]:
    """The waste of an image for its Overview."""
    title = "What lies in its layers"
    sections = [Section(title, total_facts(waste))]
    if not waste.wasted_bytes:
        sections[0] = Section(title, (*total_facts(waste), Fact("", (Cell(NO_WASTE, Role.MUTED),))))
    sentences = advice_facts(waste, layers)
    if sentences:
        sections.append(Section("What would make it smaller", sentences))
    worst = waste.offenders[:offenders]
    if worst:
        facts = [_offender_fact(offender) for offender in worst]
        left = len(waste.offenders) - len(worst)
        if left:
            facts.append(Fact("", (Cell(f"and {figures.count(left, 'path')} more; f shows them all", Role.MUTED),)))
        sections.append(Section("What wastes most", tuple(facts)))
    return tuple(sections)


def _offender_fact(offender: Offender) -> Fact:
    left, _ = offender_row(offender)[:2]
    return Fact(figures.size(offender.wasted_bytes), left)


def _bytes_fact(label: str, count: int, role: Role, words: str) -> Fact:
    value: Line = (Cell(figures.size(count), role), Cell(f"  {words}", Role.MUTED))
    return Fact(label, value, exact=figures.exact_bytes(count))


def _numbers(indexes: Sequence[int]) -> str:
    """``layer 2``, ``layers 2 and 4``, ``layers 2, 4 and 5``; each once."""
    numbers = [str(index + 1) for index in sorted(set(indexes))]
    if len(numbers) == 1:
        return f"layer {numbers[0]}"
    return f"layers {', '.join(numbers[:-1])} and {numbers[-1]}"


def _instruction(index: int, layers: Sequence[Layer]) -> str:
    if not 0 <= index < len(layers) or not layers[index].created_by.strip():
        return ""
    return instruction_and_rest(readable_command(layers[index].created_by))[0]


def _advice(loss: Loss, layers: Sequence[Layer]) -> str:
    """What to do about a loss: it depends on who stored the bytes, and on who hid them.

    The lowest layer is taken for a base image unless a RUN or COPY made it: base images begin with ``ADD``
    of a root filesystem, or with a command of whatever tool made them.
    """
    added, hidden = _instruction(loss.added_by, layers), _instruction(loss.hidden_by, layers)
    if loss.added_by == 0 and added not in {"RUN", "COPY"}:
        if loss.deleted:
            return "a later layer can't take bytes out of a base image; one that lacks them would be smaller"
        if loss.stored_again_bytes * 2 > loss.wasted_bytes:
            return f"{_STORED_AGAIN}, so change only those that need it"
        return "a newer base image may have them already"
    if loss.deleted:
        return _advice_on_deleted(added, hidden)
    return _advice_on_replaced(added, hidden)


def _advice_on_deleted(added: str, hidden: str) -> str:
    if added == "RUN" and hidden == "RUN":
        return "do both in one RUN"
    if added in {"COPY", "ADD"}:
        return "lend it to the RUN that needs it with --mount=type=bind, or leave it to an earlier build stage"
    return "do both in one instruction"


def _advice_on_replaced(added: str, hidden: str) -> str:
    """A RUN that seems to replace files may have done no more than ``chown``: overlay then copies them whole."""
    if hidden in {"COPY", "ADD"}:
        return "leave them out where they are added first"
    if added in {"COPY", "ADD"}:
        return f"{_STORED_AGAIN}, so set owner and mode with COPY --chown --chmod"
    return f"{_STORED_AGAIN}, so do both in one {'RUN' if added == hidden == 'RUN' else 'instruction'}"
