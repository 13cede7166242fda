"""Waste in words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tui.model.file_stack import StackedFiles
from tui.model.layer import Layer
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles
from tui.model.waste import Loss, Offender, waste_of
from tui.present.waste_words import (
    NO_WASTE,
    advice,
    advice_facts,
    efficiency_text,
    loss_sentence,
    offender_row,
    offender_words,
    percent_text,
    waste_sections,
)
from widgets.cell import Cell, Line, Role

MB = 1_000_000


def read(line: Line) -> str:
    return "".join(cell.text for cell in line)


def layers(*commands: str) -> tuple[Layer, ...]:
    return tuple(Layer(at, f"sha256:{at}", f"sha256:{at}", 1, None, text) for at, text in enumerate(commands))


def files(hidden: tuple[str, ...] = (), /, **sizes: int) -> LayerFiles:
    return layer_of(sizes, hidden)


def layer_of(sizes: Mapping[str, int], hidden: tuple[str, ...] = ()) -> LayerFiles:
    builder = LayerBuilder()
    for name, size in sizes.items():
        builder.add(name, Kind.FILE, size, 0o644, 0, 0, 0)
    for path in hidden:
        builder.hide(path)
    return builder.build()


RUN, COPY, BASE = "/bin/sh -c make all", "COPY . /app # buildkit", "/bin/sh -c #(nop) ADD file:abc in / "


@pytest.mark.parametrize(
    ("commands", "loss", "sentence"),
    [
        (
            (BASE, RUN, COPY, RUN),
            Loss(1, 3, True, 374 * MB, 12, ""),
            "RUN in layer 4 deletes 374.0 MB that layer 2 added: do both in one RUN.",
        ),
        (
            (BASE, COPY, RUN),
            Loss(1, 2, True, MB, 3, "app/build"),
            "RUN in layer 3 deletes 1.0 MB that layer 2 added in /app/build: lend it to the RUN that needs it with "
            "--mount=type=bind, or leave it to an earlier build stage.",
        ),
        (
            (BASE, RUN),
            Loss(0, 1, True, MB, 3, ""),
            "RUN in layer 2 deletes 1.0 MB that layer 1 added: a later layer can't take bytes out of a base image; "
            "one that lacks them would be smaller.",
        ),
        (
            (BASE, COPY, RUN),
            Loss(1, 2, False, 12 * MB, 3, ""),
            "RUN in layer 3 replaces 12.0 MB that layer 2 added: chmod, chown and every other change store whole "
            "files again, so set owner and mode with COPY --chown --chmod.",
        ),
        (
            (BASE, RUN, RUN),
            Loss(1, 2, False, 12 * MB, 3, ""),
            "RUN in layer 3 replaces 12.0 MB that layer 2 added: chmod, chown and every other change store whole "
            "files again, so do both in one RUN.",
        ),
        (
            (BASE, COPY, COPY),
            Loss(1, 2, False, 12 * MB, 3, ""),
            "COPY in layer 3 replaces 12.0 MB that layer 2 added: leave them out where they are added first.",
        ),
        (
            (BASE, RUN),
            Loss(0, 1, False, 12 * MB, 3, ""),
            "RUN in layer 2 replaces 12.0 MB that layer 1 added: a newer base image may have them already.",
        ),
        (
            (BASE, RUN),
            Loss(0, 1, False, 12 * MB, 3, "usr/share/doc", stored_again_bytes=11 * MB),
            "RUN in layer 2 replaces 12.0 MB that layer 1 added in /usr/share/doc: chmod, chown and every other change "
            "store whole files again, so change only those that need it.",
        ),
        (
            (BASE, RUN),
            Loss(0, 1, False, 12 * MB, 3, "", stored_again_bytes=6 * MB),
            "RUN in layer 2 replaces 12.0 MB that layer 1 added: a newer base image may have them already.",
        ),
        (
            ("", "", ""),
            Loss(1, 2, True, 12 * MB, 3, ""),
            "Layer 3 deletes 12.0 MB that layer 2 added: do both in one instruction.",
        ),
        (
            (),
            Loss(4, 8, True, 5, 1, "a\x1b[2J"),
            "Layer 9 deletes 5 B that layer 5 added in /a␛[2J: do both in one instruction.",
        ),
    ],
)
def test_what_would_shrink_it(commands: tuple[str, ...], loss: Loss, sentence: str) -> None:
    assert loss_sentence(loss, layers(*commands)) == sentence


def test_advice_of_a_counted_image() -> None:
    waste = waste_of(StackedFiles.of([files(base=MB), files(big=374 * MB), files(("big",), kept=MB)]))
    assert advice(waste, layers(BASE, RUN, RUN)) == (
        "RUN in layer 3 deletes 374.0 MB that layer 2 added: do both in one RUN.",
    )


def test_what_is_hardly_worth_it_gets_no_advice() -> None:
    waste = waste_of(StackedFiles.of([files(base=1000 * MB, small=MB), files(("small",))]))
    assert waste.wasted_bytes == MB
    assert advice(waste, layers(BASE, RUN)) == ()


@pytest.mark.parametrize(("share", "text"), [(1.0, "100.0%"), (0.99999, "99.9%"), (0.976, "97.6%"), (0.0, "0.0%")])
def test_only_the_whole_reads_a_hundred_percent(share: float, text: str) -> None:
    assert percent_text(share) == text


@pytest.mark.parametrize(
    ("offender", "words"),
    [
        (Offender("a", MB, 1, (1,), (3,), True), "layer 2 added it, layer 4 deleted it"),
        (Offender("a", MB, 2, (1,), (3,), False), "layer 2 added it, layer 4 replaced it"),
        (
            Offender("a", MB, 3, (1, 2, 4), (2, 4, 5), False),
            "stored in vain 3 times: by layers 2, 3 and 5; hidden by layers 3, 5 and 6",
        ),
    ],
)
def test_offenders(offender: Offender, words: str) -> None:
    assert offender_words(offender) == words
    row = offender_row(offender)
    assert read(row.left) == f"{'−' if offender.deleted else '~'}\u00a0/a  {words}"
    assert read(row.right).strip() == "1.0 MB"


def test_advice_begins_in_bold_with_who_it_is_about() -> None:
    waste = waste_of(StackedFiles.of([files(base=MB), files(big=374 * MB), files(("big",), kept=MB)]))
    (fact,) = advice_facts(waste, layers(BASE, RUN, RUN))
    assert fact.value[0] == Cell("RUN in layer 3", Role.STRONG)
    assert (read(fact.value),) == advice(waste, layers(BASE, RUN, RUN))


def test_the_overview_has_totals_advice_and_offenders() -> None:
    waste = waste_of(StackedFiles.of([files(base=MB), files(big=3 * MB), files(("big",))]))
    sections = waste_sections(waste, layers(BASE, RUN, RUN))
    assert [section.title for section in sections] == [
        "What lies in its layers", "What would make it smaller", "What wastes most",
    ]  # fmt: skip
    totals = {fact.label: (read(fact.value), fact.exact) for fact in sections[0].facts}
    assert totals["Stored"] == ("4.0 MB  in all its layers", "4,000,000 B")
    assert totals["Visible"][1] == "1,000,000 B"
    assert totals["Wasted"][1] == "3,000,000 B"
    assert totals["Efficiency"][0] == "25.0%  visible / stored" == f"{efficiency_text(waste)}  visible / stored"
    assert [read(fact.value) for fact in sections[2].facts] == ["−\u00a0/big  layer 2 added it, layer 3 deleted it"]


def test_more_offenders_than_there_is_room_for_are_counted() -> None:
    names = {f"f{number}": MB for number in range(9)}
    waste = waste_of(StackedFiles.of([layer_of(names), files(tuple(names))]))
    last = waste_sections(waste, layers(RUN, RUN), offenders=5)[-1].facts
    assert len(last) == 6
    assert read(last[-1].value) == "and 4 paths more; f shows them all"


def test_an_image_without_waste_is_told_so() -> None:
    (section,) = waste_sections(waste_of(StackedFiles.of([files(a=1)])), layers(RUN))
    assert read(section.facts[-1].value) == NO_WASTE
