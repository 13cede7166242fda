"""Filter and sort: what fits a query, and an order that never wavers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.worlds import container, image, image_id
from tui.model.container import Container
from tui.model.image import Image
from tui.model.selection import (
    IN_USE,
    UNUSED,
    Selection,
    Sort,
    Traits,
    container_traits,
    image_traits,
    matches,
    natural,
    sort_key,
    volume_traits,
)
from tui.model.volume import Volume


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("", True),
        ("   ", True),
        ("web", True),
        ("WEB", True),
        ("ngi we", True),
        ("we nothing", False),
        ("3f2a", True),
        ("3F2A", True),
        ("sha256:3f", True),
        ("2a9c", False),
        ("tier=front", True),
        ("tier", True),
        ("straße", True),
        ("STRASSE", True),
        ("[bold]", False),
        (".*", False),
    ],
)
def test_every_term_must_fit_somewhere(query: str, fits: bool) -> None:
    assert matches(query, "Web-1", "nginx:1.27", "tier=front", "Straße", ids=["sha256:3f2a9c"]) is fits


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=4))
def test_more_terms_never_fit_more(query: str, words: list[str]) -> None:
    assert matches(query, *words) or not matches(f"{query} {query}x", *words)
    for term in query.split():
        assert matches(term, *words) or not matches(query, *words)


def test_names_go_by_number_where_they_have_one() -> None:
    names = ["v10", "v2", "V1", "v02", "a", "", "10", "9", "v2-rc10", "v2-rc9", "v2.1"]
    ordered = sorted(names, key=lambda name: (natural(name), name))
    assert ordered == ["", "9", "10", "a", "V1", "v02", "v2", "v2-rc9", "v2-rc10", "v2.1", "v10"]
    assert natural("1" * 10_000) > natural("9" * 9_999)


@given(st.lists(st.integers(0, 10**30)))
def test_numbers_go_by_value(numbers: list[int]) -> None:
    assert sorted(map(str, numbers), key=natural) == list(map(str, sorted(numbers)))


def traits(key: str, **fields: object) -> Traits:
    return Traits(key=key, name=key)._replace(**fields)  # type: ignore[arg-type]


def order(sort: Sort, *rows: Traits) -> list[str]:
    return [row.key for row in Selection(sort=sort).apply(rows, lambda row: row)]


def test_largest_first_unknown_last() -> None:
    rows = [
        traits("a", size_bytes=None),
        traits("b", size_bytes=0),
        traits("c", size_bytes=9),
        traits("d", size_bytes=9),
    ]
    assert order(Sort.SIZE, *rows) == ["c", "d", "b", "a"]


def test_newest_first_undated_last() -> None:
    rows = [traits("a", created=1.0), traits("b", created=None), traits("c", created=2.0)]
    assert order(Sort.AGE, *rows) == ["c", "a", "b"]


def test_the_liveliest_first_and_strange_states_last() -> None:
    states = ["exited", "running", "paused", "strange", "created", IN_USE, UNUSED]
    rows = [traits(f"{n}", state=state) for n, state in enumerate(states)]
    assert order(Sort.STATE, *rows[:5]) == ["1", "2", "4", "0", "3"]
    assert order(Sort.STATE, rows[6], rows[5]) == ["5", "6"]


def test_equal_names_go_by_identity() -> None:
    rows = [traits("b", name=""), traits("a", name=""), traits("c", name="A"), traits("d", name="a")]
    assert order(Sort.NAME, *rows) == ["a", "b", "c", "d"]


some_traits = st.builds(
    Traits,
    key=st.text("abc0", min_size=1, max_size=3),
    name=st.text("aB10-", max_size=4),
    size_bytes=st.none() | st.integers(0, 3),
    created=st.none() | st.floats(0, 3),
    state=st.sampled_from(["running", "exited", "odd", "", IN_USE]),
)


@given(st.lists(some_traits, unique_by=lambda row: row.key), st.sampled_from(list(Sort)), st.randoms())
def test_the_order_does_not_depend_on_how_rows_came_in(rows: list[Traits], sort: Sort, random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert order(sort, *rows) == order(sort, *shuffled)
    keys = [sort_key(row, sort) for row in rows]
    assert len(set(keys)) == len(keys)


def test_the_cycle_of_sorts() -> None:
    assert Sort.NAME.following() is Sort.SIZE
    assert Sort.STATE.following() is Sort.NAME
    two = (Sort.NAME, Sort.AGE)
    assert Sort.NAME.following(two) is Sort.AGE
    assert Sort.AGE.following(two) is Sort.NAME
    assert Sort.SIZE.following(two) is Sort.NAME


def test_a_selection_is_a_value() -> None:
    selection = Selection().asking("web").sorted_by(Sort.SIZE)
    assert selection == Selection("web", Sort.SIZE)
    assert selection != Selection("web")


def test_images_are_found_by_all_they_are_called() -> None:
    one = Image(image_id("a"), ("web:1", "front:2"), digests=("web@sha256:77",), labels={"team": "blue"}, created=5.0)
    row = image_traits(one, in_use=True)
    for query in ("web", "front:2", "team=blue", "blue", "aaaa", "sha256:aaaa", "web@sha256:77", "in-use"):
        assert Selection(query).shows(row), query
    assert not Selection("unused").shows(row)
    dangling = image_traits(image("b"))
    assert Selection("dangling").shows(dangling)
    assert Selection("<none> unused").shows(dangling)
    assert not Selection("dangling").shows(row)


def test_containers_are_found_by_all_they_are_called() -> None:
    one = Container("f" * 64, ("web-1", "alias"), image="nginx:1", image_id=image_id("a"), state="paused")
    row = container_traits(one._replace(labels={"tier": "front"}))
    for query in ("web-1", "alias", "nginx", "tier=front", "ffff", "paused web"):
        assert Selection(query).shows(row), query
    assert not Selection("running").shows(row)
    assert container_traits(container("1", "a", size=4)).size_bytes == 4
    assert container_traits(Container("e" * 64)).name == ""


def test_volumes_are_found_by_all_they_are_called() -> None:
    row = volume_traits(Volume("f" * 64, labels={"keep": "yes"}), in_use=False)
    for query in ("ffff", "keep=yes", "anonymous", "unused", "local"):
        assert Selection(query).shows(row), query
    assert not Selection("anonymous").shows(volume_traits(Volume("db"), in_use=True))


def test_states_are_found_by_how_they_begin_and_not_by_letters_within() -> None:
    traits = Traits("key", "web", states=("running",), words=("web",))
    assert Selection("run").shows(traits)
    assert not Selection("nn").shows(traits)
