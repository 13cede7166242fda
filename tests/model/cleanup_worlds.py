"""Made-up worlds with everything that keeps something else, and marks on any of it, for hypothesis."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from tests.model.worlds import host, volume_mount
from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, marks_of_image
from tui.model.volume import Volume

LETTERS = "abcdef"
CHAINS = [f"chain-{n}" for n in range(9)]
VOLUMES = ("db", "uploads", "f" * 64, "e" * 64)
RECORDS = tuple(letter * 25 for letter in "uvwx")
DIGEST = "sha256:" + "1" * 64
STATES = ("running", "exited", "created", "paused", "removing")


class CleanupWorld(NamedTuple):
    """A world and what is marked in it."""

    inventory: Inventory
    holdings: Holdings
    marks: frozenset[Mark]


def id_of(letter: str) -> str:
    return "sha256:" + letter * 64


@st.composite
def images(draw: st.DrawFn, letter: str, bases: str) -> Image:
    """An image with up to three tags and digests, perhaps built on one of ``bases``."""
    repositories = st.sampled_from((f"{letter}-one", f"host:5000/{letter}/two"))
    tags = draw(st.lists(st.tuples(repositories, st.sampled_from("12")), unique=True, max_size=3))
    places = draw(st.lists(st.sampled_from((f"{letter}-one", f"host:5000/{letter}/two", "else/where")), unique=True))
    older = [other for other in bases if other < letter]
    parent = draw(st.sampled_from(["", *older])) if older else ""
    return Image(
        id_of(letter),
        tuple(f"{repository}:{tag}" for repository, tag in tags),
        digests=tuple(f"{place}@{DIGEST}" for place in places),
        parent_id=id_of(parent) if parent else "",
        size_bytes=draw(st.none() | st.integers(0, 5000)),
    )


@st.composite
def worlds(draw: st.DrawFn, *, all_known: bool = False) -> CleanupWorld:
    """A world and marks. ``all_known``: nothing is unread, of unknown size, or shared with the build cache."""
    store = "classic" if all_known else draw(st.sampled_from(("classic", "containerd")))
    unlisted = frozenset(draw(st.sets(st.sampled_from(LETTERS), max_size=2)))
    listed = [draw(images(letter, LETTERS)) for letter in LETTERS if letter not in unlisted]
    parents = {
        id_of(letter): draw(st.sampled_from(["", *(id_of(other) for other in LETTERS if other < letter)]))
        for letter in sorted(unlisted)
    }
    sizes = {chain: draw(st.integers(0, 1000)) for chain in CHAINS}
    read: dict[str, tuple[tuple[str, int | None], ...]] = {}
    below = {image.id: image.parent_id for image in listed} | parents
    for letter in LETTERS:
        # What the classic builder made of an image has that one's layers at the bottom.
        start = [chain for chain, _size in read.get(below[id_of(letter)], ())]
        own = draw(st.lists(st.sampled_from(CHAINS), unique=True, max_size=5))
        read[id_of(letter)] = tuple((chain, sizes[chain]) for chain in dict.fromkeys((*start, *own)))
    if not all_known:
        for letter in LETTERS:
            if not draw(st.integers(0, 9)):
                del read[id_of(letter)]
                if draw(st.booleans()):
                    parents.pop(id_of(letter), None)
    under = [id_of(letter) for letter in LETTERS]
    known = st.integers(0, 90)
    sized = known if all_known else st.none() | known
    containers = [
        Container(
            str(number) * 64,
            (f"c-{number}",),
            image_id=draw(st.sampled_from(under)),
            state=draw(st.sampled_from(STATES)),
            mounts=tuple(map(volume_mount, draw(st.lists(st.sampled_from(VOLUMES), unique=True, max_size=2)))),
            size_rw_bytes=draw(sized),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    volumes = [Volume(name, size_bytes=draw(sized), created=draw(st.none() | st.just(12.5))) for name in VOLUMES]
    records = [
        BuildCacheRecord(
            record,
            "regular",
            "RUN make",
            draw(known),
            in_use=draw(st.booleans()),
            shared=not all_known and draw(st.booleans()),
            parents=tuple(draw(st.lists(st.sampled_from(RECORDS[:number]), unique=True))) if number else (),
        )
        for number, record in enumerate(RECORDS)
    ]
    inventory = Inventory(
        host=host(store),
        images=tuple(draw(st.permutations(listed))),
        containers=tuple(containers),
        volumes=tuple(volumes),
        listed=frozenset({"images", "containers", "volumes"}),
        usage=DiskUsage(None, {}, {}, tuple(draw(st.permutations(records)))),
    )
    return CleanupWorld(inventory, Holdings(read, parents), draw(marks_in(inventory)))


@st.composite
def marks_in(draw: st.DrawFn, inventory: Inventory) -> frozenset[Mark]:
    """Any marks, often nearly all."""
    every = all_marks(inventory)
    few = st.frozensets(st.sampled_from(every)) if every else st.just(frozenset())
    return draw(few | few.map(lambda left_out: frozenset(every) - left_out))


def all_marks(inventory: Inventory) -> list[Mark]:
    """Everything that can be marked."""
    return [
        *(mark for image in inventory.images for mark in marks_of_image(inventory, image.id)),
        *(Mark(Kind.CONTAINER, container.id) for container in inventory.containers),
        *(Mark(Kind.VOLUME, volume.name) for volume in inventory.volumes),
        *(Mark(Kind.CACHE_RECORD, record) for record in inventory.cache_records_by_id),
    ]
