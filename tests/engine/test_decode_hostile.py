"""Whatever an engine answers: a record or an EngineError, never anything else, and never slowly."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.test_decode import ENGINES, Recording
from tests.examples import examples
from tui.engine import decode, decode_detail
from tui.engine.errors import EngineError
from tui.model.host import Endpoint

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("0001-01-01T00:00:00Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)

DECODERS: dict[str, Callable[[Any], object]] = {
    "images": decode.images,
    "containers": decode.containers,
    "volumes": decode.volumes,
    "df": decode.disk_usage,
    "info": lambda raw: decode.host(raw, {}, "1.41", Endpoint("")),
    "version": lambda raw: decode.host({}, raw, "1.41", Endpoint("")),
    "image": lambda raw: decode_detail.image_detail(raw, []),
    "history": lambda raw: decode_detail.image_detail({"RootFS": {"Layers": ["sha256:1", "sha256:2"]}}, raw),
    "container": decode_detail.container_detail,
    "volume": decode_detail.volume_detail,
    "events": lambda raw: [decode.event(json.dumps(row).encode()) for row in raw],
}


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value inside ``value``."""
    found = [path]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        found += places(item, (*path, key))
    return found


def replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_any_value_anywhere_in_a_real_answer(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DECODERS)))
    answer = getattr(Recording(data.draw(st.sampled_from(ENGINES))), name)
    path = data.draw(st.sampled_from(places(answer)[1:]))
    broken = replaced(answer, path, data.draw(json_values))
    with suppress(EngineError):
        repr(DECODERS[name](broken))


@settings(max_examples=examples(200), deadline=None)
@given(st.sampled_from(sorted(set(DECODERS) - {"events"})), json_values)
def test_any_value_as_the_whole_answer(name: str, answer: Any) -> None:
    with suppress(EngineError):
        repr(DECODERS[name](answer))


@pytest.mark.parametrize("name", sorted(set(DECODERS) - {"events"}))
def test_null_everywhere_is_tolerated(name: str) -> None:
    answer = getattr(Recording("docker-28.5"), name)
    for path in places(answer)[1:]:
        DECODERS[name](replaced(answer, path, None))


@given(st.binary(max_size=50))
def test_an_event_that_is_no_event_is_passed_over(line: bytes) -> None:
    decode.event(line)


def test_nothing_is_made_up_from_nonsense() -> None:
    container = decode.containers([{"Id": "a", "Created": True, "SizeRw": -1, "Names": {}, "State": 7, "Labels": [1]}])[
        0
    ]
    assert (container.created, container.size_rw_bytes, container.names, container.state) == (None, None, (), "")
    assert container.labels == {}
    assert decode.images([{"Id": "a", "Created": 10**400, "Size": "big"}])[0].size_bytes is None


def test_a_list_of_something_else_is_an_error_and_not_an_empty_list() -> None:
    answers: list[Any] = [{}, "text", [1], [[]], 0, False]
    for answer in answers:
        with pytest.raises(EngineError):
            decode.images(answer)


def test_two_thousand_containers_decode_in_no_time() -> None:
    row = Recording("docker-28.5").containers[0]
    rows = [{**row, "Id": f"{number:064x}", "Labels": dict(row["Labels"])} for number in range(2000)]
    times = []
    for _ in range(5):
        begun = time.process_time()
        assert len(decode.containers(rows)) == 2000
        times.append(time.process_time() - begun)
    # Some 20 ms here; the bound is for slow machines, and catches what would be quadratic.
    assert min(times) < 0.2
