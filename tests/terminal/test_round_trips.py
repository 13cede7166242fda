"""The terminal's own word on how far it is bounds what is on its way, and one that says nothing is not waited for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.round_trips import RoundTrips


def send(trips: RoundTrips, count_bytes: int) -> None:
    trips.sent(count_bytes)
    if trips.should_ask():
        trips.asked()


def test_little_output_asks_nothing() -> None:
    trips = RoundTrips()
    trips.sent(100)
    assert not trips.should_ask()
    assert not trips.answered()


def test_a_terminal_that_never_answers_is_asked_once_and_never_waited_for() -> None:
    trips = RoundTrips()
    for _ in range(100):
        send(trips, 1000)
        assert not trips.behind
    assert trips.open_questions == 1


def test_frames_wait_while_much_is_on_its_way() -> None:
    trips = RoundTrips()
    send(trips, 1000)
    assert trips.answered()
    for _ in range(3):
        send(trips, 1000)
    assert trips.behind
    assert trips.answered()
    assert trips.behind
    assert trips.answered()
    assert not trips.behind


def test_an_answer_that_fails_to_come_is_given_up() -> None:
    trips = RoundTrips()
    send(trips, 1000)
    trips.answered()
    send(trips, 100_000)
    assert trips.behind
    trips.give_up()
    assert not trips.behind
    assert trips.open_questions == 0
    send(trips, 1000)
    assert not trips.behind


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_all_is_seen_once_all_is_answered(sizes: list[int]) -> None:
    trips = RoundTrips()
    for size in sizes:
        send(trips, size)
        if trips.behind:
            while trips.answered():
                pass
        assert not trips.behind
