"""Rules as dive has them: names, values and comparisons; measured with our waste."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contents.made_layers import plain_layer
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import LayerFiles
from tui.model.layer_rules import (
    DEFAULTS,
    BadLimitError,
    Limit,
    Rule,
    Status,
    judge,
    parse_bytes,
    parse_limit,
    user_wasted,
    with_defaults,
)
from tui.model.waste import Waste, waste_of

EFFICIENCY, BYTES, USER = Rule.LOWEST_EFFICIENCY, Rule.HIGHEST_WASTED_BYTES, Rule.HIGHEST_USER_WASTED_PERCENT


def waste(*layers: LayerFiles) -> Waste:
    return waste_of(StackedFiles.of(layers))


def status(rule: Rule, limit: str, wasted: Waste) -> Status:
    (verdict,) = judge(wasted, {rule: parse_limit(rule, limit)})
    return verdict.status


def test_the_names_are_those_of_a_dive_ci() -> None:
    assert [rule.value for rule in Rule] == ["lowestEfficiency", "highestWastedBytes", "highestUserWastedPercent"]
    assert DEFAULTS == {EFFICIENCY: "0.9", BYTES: "disabled", USER: "0.1"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0), ("123", 123), ("20MB", 20_000_000), ("20 MB", 20_000_000), ("20mb", 20_000_000), ("20M", 20_000_000),
        ("1.5GiB", 1_610_612_736), ("1.5 gib", 1_610_612_736), ("1Ki", 1024), ("1kB", 1000), ("1,000", 1000),
        ("1,000.5 KB", 1_000_500), (".5k", 500), ("5.", 5), ("1.9", 1), ("3b", 3), ("2TB", 2 * 10**12),
        ("1PiB", 2**50), ("15EiB", 15 * 2**60),
    ],
)  # fmt: skip
def test_sizes_as_dive_reads_them(text: str, count: int) -> None:
    assert parse_bytes(text) == count


@pytest.mark.parametrize(
    "text",
    ["", "MB", "-1", "+1", "20XB", "20 MB B", "1e3", "1.2.3", ".", ",", "20MBs", "٣", "16EiB", "999999EB", "20\nMB x"],
)
def test_what_is_no_size(text: str) -> None:
    assert parse_bytes(text) is None


@given(st.text(max_size=20), st.sampled_from(Rule))
def test_any_text_is_a_limit_or_a_sentence(text: str, rule: Rule) -> None:
    said = ""
    value: float | None = None
    try:
        value = parse_limit(rule, text).value
    except BadLimitError as error:
        said = str(error)
    assert rule.value in said if said else value is None or 0 <= value < 2**64


@pytest.mark.parametrize("text", ["disabled", "Disabled", " off ", "false", "FALSE", ""])
def test_a_rule_can_be_disabled_in_dives_words(text: str) -> None:
    for rule in Rule:
        assert parse_limit(rule, text, "x") == Limit(rule, None, "x")
        assert status(rule, text, waste(plain_layer("a"), plain_layer("a"))) is Status.SKIP


@pytest.mark.parametrize("text", ["0.95", ".95", "95e-2", "+0.95", " 0.95 "])
def test_ratios(text: str) -> None:
    assert parse_limit(EFFICIENCY, text).value == 0.95
    assert parse_limit(USER, text).value == 0.95


@pytest.mark.parametrize("text", ["95%", "1.01", "-0.1", "nan", "inf", "0x1p-1", "1_0", "ten", "on", "0,5"])
def test_what_is_no_ratio(text: str) -> None:
    for rule in (EFFICIENCY, USER):
        with pytest.raises(BadLimitError, match="a ratio from 0 to 1, or disabled"):
            parse_limit(rule, text)


def test_the_limit_itself_still_passes() -> None:
    # 30 of 40 bytes are visible, 10 of the 30 above the lowest layer are wasted.
    wasted = waste(plain_layer("a", size_bytes=10), plain_layer("a", "b", "c", size_bytes=10))
    assert (wasted.efficiency, wasted.wasted_bytes) == (0.75, 10)
    assert status(EFFICIENCY, "0.75", wasted) is Status.PASS
    assert status(EFFICIENCY, "0.7501", wasted) is Status.FAIL
    assert status(BYTES, "10", wasted) is Status.PASS
    assert status(BYTES, "9", wasted) is Status.FAIL
    assert status(USER, "0.3334", wasted) is Status.PASS
    assert status(USER, "0.3333", wasted) is Status.FAIL


def test_a_deleted_folder_fails_here_where_dive_sees_nothing() -> None:
    wasted = waste(
        plain_layer("kept", size_bytes=1), plain_layer("cache/a", size_bytes=999), plain_layer(hides=("cache",))
    )
    assert wasted.wasted_bytes == 999
    assert status(EFFICIENCY, "0.9", wasted) is Status.FAIL


def test_a_single_layer_wastes_nothing() -> None:
    wasted = waste(plain_layer("a", "b"))
    assert {verdict.status for verdict in judge(wasted, with_defaults({}, ""))} == {Status.PASS, Status.SKIP}


def test_layers_that_only_hide_waste_more_than_they_store() -> None:
    wasted = waste(plain_layer("a", "b"), plain_layer(hides=("a",)))
    assert user_wasted(wasted) == math.inf
    assert status(USER, "1", wasted) is Status.FAIL


def test_an_empty_image_passes() -> None:
    assert all(verdict.status is not Status.FAIL for verdict in judge(waste(), with_defaults({}, "")))


def test_defaults_stand_in_for_what_is_not_said() -> None:
    said = {BYTES: parse_limit(BYTES, "20MB", "here")}
    assert with_defaults(said, "there") == {
        EFFICIENCY: Limit(EFFICIENCY, 0.9, "there"),
        BYTES: Limit(BYTES, 20_000_000, "here"),
        USER: Limit(USER, 0.1, "there"),
    }


def test_only_what_was_asked_for_is_judged() -> None:
    assert judge(waste(plain_layer("a")), {}) == ()
