"""What the entries of a tar become: names, those that come twice, and hard links."""

from __future__ import annotations

import tarfile

import pytest

from tests.contents.made_tars import (
    END,
    entry,
    header,
    layer,
    made,
)
from tui.model.layer_files import Kind


class TestNames:
    @pytest.mark.parametrize(
        ("name", "path"),
        [
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("./a/./b//c/", "a/b/c"),
            ("a/../../b", "b"),
            ("a/b/..", "a"),
            (".//../x", "x"),
            ("...", "..."),
            ("a/..b", "a/..b"),
            ("./" + "d/" * 200 + "x", "d/" * 200 + "x"),
        ],
    )
    def test_never_lead_out(self, name: str, path: str) -> None:
        for format_ in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            assert layer(made(entry(name), format_=format_)).paths == (path,)

    @pytest.mark.parametrize("name", [".", "./", "/", "..", "a/..", ".//."])
    def test_of_the_root_are_left_out(self, name: str) -> None:
        assert layer(made(entry(name, tarfile.DIRTYPE))).paths == ()

    def test_not_utf8(self) -> None:
        assert layer(header(name=b"caf\xe9\0") + END).paths == ("caf\udce9",)

    def test_whiteouts(self) -> None:
        found = layer(made(entry("a/.wh.gone"), entry(".wh.top"), entry("b/.wh..wh..opq"), entry(".wh..wh..opq"),
                           entry(".wh..wh.plnk", tarfile.DIRTYPE), entry(".wh..wh.aufs"), entry("c.wh.d")))  # fmt: skip
        assert (found.paths, found.whiteouts, found.opaques) == (("c.wh.d",), ("a/gone", "top"), ("", "b"))


class TestTwice:
    def test_the_last_one_counts(self) -> None:
        assert layer(made(entry("a", size=5), entry("a", size=9))).entry(0).size_bytes == 9

    def test_a_file_in_place_of_a_folder_takes_what_was_in_it(self) -> None:
        items = (entry("d", tarfile.DIRTYPE), entry("d/x"), entry("d.x"), entry("d"), entry("e"))
        assert layer(made(*items)).paths == ("d", "d.x", "e")
        again = (*items, entry("d", tarfile.DIRTYPE), entry("d/y"))
        assert layer(made(*again)).paths == ("d", "d.x", "d/y", "e")

    def test_the_other_name_keeps_the_file_that_it_was_linked_to(self) -> None:
        found = layer(made(entry("a", size=5), entry("b", tarfile.LNKTYPE, link="a"), entry("a", size=9)))
        assert [(one.path, one.kind, one.size_bytes) for one in found] == [("a", Kind.FILE, 9), ("b", Kind.FILE, 5)]

    def test_thousands_of_times(self) -> None:
        """As fast as once: an archive made to keep us busy does not."""
        items = [entry("d", tarfile.DIRTYPE), *(entry(f"d/{n}") for n in range(3000))]
        for _ in range(3000):
            items += [entry("d"), entry("d", tarfile.DIRTYPE)]
        assert layer(made(*items)).paths == ("d",)


class TestHardLinks:
    @pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1)])
    def test_the_first_name_is_the_file(self, order: tuple[int, ...]) -> None:
        items = (entry("m", size=7), entry("z", tarfile.LNKTYPE, link="./m"), entry("a", tarfile.LNKTYPE, link="/m"))
        found = layer(made(*(items[number] for number in order)))
        assert [(one.path, one.kind, one.size_bytes, one.link) for one in found] == [
            ("a", Kind.FILE, 7, ""), ("m", Kind.HARD_LINK, 0, "a"), ("z", Kind.HARD_LINK, 0, "a"),
        ]  # fmt: skip
        assert found.stored_bytes == 7

    def test_chains_circles_and_nowhere(self) -> None:
        link = tarfile.LNKTYPE
        pairs = [("c", "b"), ("b", "a"), ("x", "y"), ("y", "x"), ("s", "s"), ("n", "gone")]
        links = [entry(name, link, link=target) for name, target in pairs]
        rest = [entry("a", size=3), entry("d", tarfile.DIRTYPE), entry("e", link, link="d")]
        found = layer(made(*links, *rest))
        kinds = {one.path: (one.kind, one.link) for one in found}
        assert kinds["b"] == kinds["c"] == (Kind.HARD_LINK, "a")
        assert kinds["x"] == (Kind.HARD_LINK, "y")
        assert kinds["s"] == (Kind.HARD_LINK, "s")
        assert kinds["n"] == (Kind.HARD_LINK, "gone")
        assert kinds["e"] == (Kind.HARD_LINK, "d")

    def test_to_a_link_and_a_device(self) -> None:
        null = entry("null", tarfile.CHRTYPE, devmajor=1, devminor=3)
        links = [entry("a", tarfile.LNKTYPE, link="s"), entry("nil", tarfile.LNKTYPE, link="null")]
        found = layer(made(entry("s", tarfile.SYMTYPE, link="over/there"), null, *links))
        assert [(one.kind, one.link, one.device) for one in found] == [
            (Kind.SYMLINK, "over/there", (0, 0)), (Kind.CHARACTER_DEVICE, "", (1, 3)),
            (Kind.HARD_LINK, "nil", (0, 0)), (Kind.HARD_LINK, "a", (0, 0)),
        ]  # fmt: skip
