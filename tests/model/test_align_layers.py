from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.model.layer import HistoryEntry, align_layers, chain_ids, doubtful_entries

BUILDKIT = "buildkit.dockerfile.v0"


def entry(created_by: str, size_bytes: int = 0, comment: str = "") -> HistoryEntry:
    return HistoryEntry(created=1.0, created_by=created_by, size_bytes=size_bytes, comment=comment)


def digests(count: int) -> list[str]:
    return [f"sha256:{number:064x}" for number in range(count)]


def made(history: list[HistoryEntry], layers: int) -> list[tuple[str, int | None]]:
    return [(layer.created_by, layer.size_bytes) for layer in align_layers(history, digests(layers))]


def test_bytes_make_a_layer_and_classic_metadata_does_not() -> None:
    history = [
        entry("/bin/sh -c #(nop) ADD file:1 in / ", 100),
        entry('/bin/sh -c #(nop)  CMD ["sh"]'),
        entry("/bin/sh -c apt-get update", 50),
        entry("/bin/sh -c #(nop)  EXPOSE 80"),
    ]
    assert made(history, 2) == [("/bin/sh -c #(nop) ADD file:1 in / ", 100), ("/bin/sh -c apt-get update", 50)]


def test_buildkit_makes_a_layer_for_every_file_instruction_even_an_empty_one() -> None:
    history = [
        entry("COPY . / # buildkit", 10, BUILDKIT),
        entry("ENV A=b", 0, BUILDKIT),
        entry("RUN /bin/sh -c true # buildkit", 0, BUILDKIT),
        entry("WORKDIR /", 0, BUILDKIT),
        entry("WORKDIR /srv", 0, BUILDKIT),
        entry('CMD ["sh"]', 0, BUILDKIT),
    ]
    assert [created_by for created_by, _ in made(history, 3)] == [
        "COPY . / # buildkit",
        "RUN /bin/sh -c true # buildkit",
        "WORKDIR /srv",
    ]


def test_a_zero_size_classic_run_is_settled_by_counting() -> None:
    history = [
        entry("/bin/sh -c #(nop) ADD file:1 in / ", 100),
        entry("/bin/sh -c touch /x"),
        entry("/bin/sh -c ls", 5),
    ]
    assert [size for _, size in made(history, 3)] == [100, 0, 5]
    assert [size for _, size in made(history, 2)] == [100, 5]


def test_what_all_readings_agree_on_is_kept_and_the_rest_is_open() -> None:
    history = [entry("base", 100), entry("/bin/sh -c one"), entry("/bin/sh -c two"), entry("top", 5)]
    layers = align_layers(history, digests(3))
    assert (layers[0].created_by, layers[0].size_bytes) == ("base", 100)
    assert (layers[1].created_by, layers[1].size_bytes, layers[1].created) == ("", 0, None)
    assert (layers[2].created_by, layers[2].size_bytes) == ("top", 5)


def test_a_size_that_hangs_on_the_reading_is_unknown() -> None:
    history = [entry("/bin/sh -c one"), entry("middle", 7), entry("/bin/sh -c two")]
    assert made(history, 2) == [("", None), ("", None)]


def test_known_depths_settle_what_counting_leaves_open() -> None:
    history = [entry("/bin/sh -c one"), entry("middle", 7), entry("/bin/sh -c two"), entry("/bin/sh -c three")]
    assert doubtful_entries(history, digests(2)) == (0, 2, 3)
    settled = align_layers(history, digests(2), {0: 0, 2: 1})
    assert [(layer.created_by, layer.size_bytes) for layer in settled] == [("middle", 7), ("/bin/sh -c three", 0)]
    assert doubtful_entries(history, digests(4)) == ()


def test_depths_that_contradict_the_rest_are_passed_over() -> None:
    history = [entry("base", 1), entry("/bin/sh -c one"), entry("/bin/sh -c two")]
    for depths in ({1: 9}, {1: -1}, {0: 2, 1: 0}):
        assert len(align_layers(history, digests(2), depths)) == 2


def test_other_tools_history_is_read_by_size() -> None:
    history = [entry("bazel build //:layer", 10, BUILDKIT), entry("RUN cached", 0, BUILDKIT), entry("crane append", 20)]
    assert made(history, 2) == [("bazel build //:layer", 10), ("crane append", 20)]


def test_history_that_does_not_fit_leaves_layers_without_a_size() -> None:
    layers = align_layers([entry("squashed", 10)], digests(3))
    assert [layer.size_bytes for layer in layers] == [None, None, None]
    assert [layer.chain_id for layer in layers] == list(chain_ids(digests(3)))
    assert align_layers([], digests(1))[0].size_bytes is None
    assert align_layers([entry("nothing", 3)], []) == ()


entries = st.builds(
    entry,
    st.sampled_from(
        ["RUN x", "COPY a", "ENV A=b", "/bin/sh -c x", "/bin/sh -c #(nop) CMD x", "/bin/sh -c #(nop) COPY x"]
    ),
    st.integers(0, 3),
    st.sampled_from(["", BUILDKIT]),
)


@given(st.lists(entries, max_size=8), st.integers(0, 9))
def test_there_is_always_one_layer_per_diff_id_in_order(history: list[HistoryEntry], count: int) -> None:
    layers = align_layers(history, digests(count))
    assert [layer.index for layer in layers] == list(range(count))
    assert [layer.diff_id for layer in layers] == digests(count)
    known = [layer.created_by for layer in layers if layer.created_by]
    remaining = iter(item.created_by for item in history)
    assert all(created_by in remaining for created_by in known)


@given(st.lists(st.tuples(entries, st.booleans()), max_size=8))
def test_the_truth_is_never_contradicted(marked: list[tuple[HistoryEntry, bool]]) -> None:
    """Whatever classic zero-size entries made layers: a layer that names its entry names the right one."""
    history = [item for item, _ in marked]
    truth = [
        item
        for item, doubtful in marked
        if item.size_bytes
        or (item.comment == BUILDKIT and item.created_by.startswith(("RUN", "COPY")))
        or (doubtful and item.comment != BUILDKIT and "#(nop) CMD" not in item.created_by)
    ]
    for layer, right in zip(align_layers(history, digests(len(truth))), truth, strict=True):
        assert not layer.created_by or (layer.created_by, layer.size_bytes) == (right.created_by, right.size_bytes)
        assert layer.size_bytes in {None, right.size_bytes}
