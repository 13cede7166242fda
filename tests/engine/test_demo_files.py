"""The demo's stacked file system: whiteouts, links, mounts, and what a write costs."""

from __future__ import annotations

import pytest

from tui.engine.demo.files import WHITEOUT, ContainerTree, File, Mounted, blob, folder, link, stack, text, total_bytes

LOWER = stack(
    [
        {"/etc/motd": text("hello\n"), "/bin": link("usr/bin"), "/usr/bin/sh": blob(100), "/var/log/old": blob(5)},
        {"/var/log": WHITEOUT, "/srv/app/main": blob(1000), "/loop": link("/loop")},
    ]
)


def tree(upper: dict[str, File] | None = None, *mounts: Mounted) -> ContainerTree:
    return ContainerTree(LOWER, {} if upper is None else upper, mounts, lambda: 42.0)


def test_stack_hides_what_a_later_layer_removed() -> None:
    assert "/var" in LOWER
    assert "/var/log/old" not in LOWER
    assert "/var/log" not in LOWER
    opaque = stack([LOWER, {"/srv": File("dir", opaque=True), "/srv/new": blob(1)}])
    assert "/srv/app/main" not in opaque
    assert "/srv/new" in opaque


def test_stack_takes_odd_paths() -> None:
    assert {"/a", "/a/b", "/c"} <= stack([{"//a///b": blob(1), "c": blob(1)}]).keys()


def test_links_are_followed() -> None:
    assert tree().lookup("/bin/sh").size_bytes == 100
    assert tree().resolve("/bin/../etc/./motd") == "/usr/etc/motd"
    assert tree().lookup("/bin", follow=False).kind == "link"
    assert list(tree().children("/bin")) == ["sh"]
    with pytest.raises(OSError, match="symbolic links"):
        tree().lookup("/loop")


def test_append_copies_the_whole_file_up() -> None:
    upper: dict[str, File] = {}
    tree(upper).write("/etc/motd", b"more\n", append=True)
    assert upper["/etc/motd"].content == b"hello\nmore\n"
    assert total_bytes(upper.values()) == 11
    tree(upper).write("/srv/app/main", b"!", append=True)
    assert upper["/srv/app/main"].size_bytes == 1001


def test_remove_and_make_again() -> None:
    upper: dict[str, File] = {}
    tree(upper).remove("/srv/app")
    assert not tree(upper).exists("/srv/app/main")
    tree(upper).make_dir("/srv/app")
    assert tree(upper).children("/srv/app") == {}
    tree(upper).remove("/srv/app")
    assert tree(upper).children("/srv") == {}
    tree(upper).write("/new", b"x")
    tree(upper).remove("/new")
    assert "/new" not in upper, "what the image never had needs no whiteout"


def test_writes_below_a_mount_go_into_it() -> None:
    upper: dict[str, File] = {}
    volume: dict[str, File] = {"/kept": text("kept")}
    seen = tree(upper, Mounted("/srv/app", volume))
    assert list(seen.children("/srv/app")) == ["kept"], "a mount hides what is under it"
    seen.write("/srv/app/new", b"12345")
    assert volume["/new"].size_bytes == 5
    seen.remove("/srv/app/kept")
    assert set(volume) == {"/new"}
    assert upper == {}
    with pytest.raises(OSError, match="busy"):
        seen.remove("/srv")


def test_read_only_mount_refuses() -> None:
    seen = tree({}, Mounted("/data", {"/a": text("a")}, read_only=True))
    with pytest.raises(OSError, match="Read-only"):
        seen.write("/data/b", b"")
    with pytest.raises(OSError, match="Read-only"):
        seen.remove("/data/a")


@pytest.mark.parametrize(
    ("path", "error"),
    [("/no/such", FileNotFoundError), ("/etc/motd/x", NotADirectoryError), ("/etc", IsADirectoryError)],
)
def test_writing_where_one_cannot(path: str, error: type[OSError]) -> None:
    with pytest.raises(error):
        tree().write(path, b"")


def test_looking_where_nothing_is() -> None:
    with pytest.raises(FileNotFoundError):
        tree().lookup("/etc/none")
    with pytest.raises(NotADirectoryError):
        tree().lookup("/etc/motd/")
    with pytest.raises(NotADirectoryError):
        tree().children("/etc/motd")
    with pytest.raises(FileExistsError):
        tree({"/x": folder()}).make_dir("/x")


def test_touch_stamps_or_makes() -> None:
    upper: dict[str, File] = {}
    tree(upper).touch("/etc/motd")
    tree(upper).touch("/etc/empty")
    assert (upper["/etc/motd"].content, upper["/etc/motd"].modified) == (b"hello\n", 42.0)
    assert upper["/etc/empty"].size_bytes == 0
