"""The marked line: what matters most is there in however few columns."""

from __future__ import annotations

import pytest

from tui.model.estimate import Certainty, Doubt, Estimate
from tui.model.mark import Kind
from tui.model.marked_sum import MarkedSum
from tui.present.marked_line import marked_line

SEVEN = {Kind.IMAGE: 3, Kind.CONTAINER: 2, Kind.VOLUME: 2}
EXACT = MarkedSum(SEVEN, Estimate(1_243_112_448))
UP_TO = MarkedSum(
    SEVEN, Estimate(1_243_112_448, Certainty.UP_TO, (Doubt.BUILD_CACHE, Doubt.HOLDERS_UNREAD)), 1, {Kind.IMAGE: 2}
)


def text(total: MarkedSum, width: int = 200, *, reading: bool = False) -> str:
    line = "".join(cell.text for cell in marked_line(total, width, reading=reading))
    assert len(line) <= width
    return line.strip()


def test_exact_figure_fits_eighty_columns_whole() -> None:
    wanted = "7 marked: 3 images, 2 containers, 2 volumes · frees 1.24 GB (1,243,112,448 B)"
    assert text(EXACT) == wanted
    assert text(EXACT, 80) == wanted


def test_figure_that_is_not_exact_says_how_and_why() -> None:
    assert text(UP_TO) == (
        "7 marked: 3 images, 2 containers, 2 volumes · frees up to 1.24 GB (1,243,112,448 B): "
        "the build cache may keep some; other images not read yet · of these 2 can't go and 1 frees nothing: w says why"
    )
    assert text(UP_TO, 80) == "7 marked: 3 images, 2 containers, 2 volumes · frees up to 1.24 GB: build cache"


@pytest.mark.parametrize("width", range(32, 200))
@pytest.mark.parametrize("total", [EXACT, UP_TO])
def test_number_and_amount_are_there_at_every_width(total: MarkedSum, width: int) -> None:
    line = text(total, width)
    assert line.startswith("7 marked")
    assert "1.24 GB" in line
    assert ("up to" in line) is (total is UP_TO)


def test_nothing_freed_and_nobody_knows() -> None:
    assert text(MarkedSum({Kind.IMAGE: 1}, Estimate(0), 1)) == (
        "1 marked: 1 image · frees nothing · of these 1 frees nothing: w says why"
    )
    unknown = Estimate(None, Certainty.UNKNOWN, (Doubt.VOLUME_SIZE,))
    assert text(MarkedSum({Kind.VOLUME: 1}, unknown)) == (
        "1 marked: 1 volume · frees an unknown amount: a volume's size is not known"
    )
    doubtful = Estimate(0, Certainty.UP_TO, (Doubt.OTHER_ENGINE,))
    assert "frees little or nothing: this engine's sizes" in text(MarkedSum({Kind.IMAGE: 1}, doubtful))


def test_while_layers_are_read_that_is_the_reason() -> None:
    assert text(UP_TO, reading=True).startswith(
        "7 marked: 3 images, 2 containers, 2 volumes · frees up to 1.24 GB (1,243,112,448 B): reading layers… ·"
    )


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_words(doubt: Doubt) -> None:
    line = text(MarkedSum({Kind.IMAGE: 1}, Estimate(5000, Certainty.ABOUT, (doubt,))))
    assert line.startswith("1 marked: 1 image · frees about 5.00 kB (5,000 B): ")


def test_records_of_the_build_cache_are_counted_too() -> None:
    total = MarkedSum({Kind.CACHE_RECORD: 2}, Estimate(2_000_000), shared_records=1)
    assert text(total) == (
        "2 marked: 2 cache records · frees 2.00 MB (2,000,000 B) · of these 1 frees nothing: w says why"
    )
