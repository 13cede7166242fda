"""The strata of images and containers, for every kind of storage; the answers are those of real engines."""

from __future__ import annotations

from typing import Any

import pytest

from tui.engine.decode_detail import container_detail, image_detail
from tui.model.container import Container, all_mounts
from tui.model.host import Endpoint, Host
from tui.model.image import ImageDetail
from tui.model.layer import chain_ids
from tui.present.storage import StorageText, container_storage, image_storage
from tui.present.storage_words import CHAIN_UNKNOWN, MERGED_NOW, NOT_MERGED, TOGETHER
from widgets.cell import Line
from widgets.strata_sheet import Stratum

DIFF_IDS = tuple(f"sha256:{digit * 64}" for digit in "abc")
ROOT = "/var/lib/docker/overlay2"
UPPER = f"{ROOT}/a701"
LAYERS = {
    "LowerDir": f"{ROOT}/8954/diff:{ROOT}/be54/diff",
    "MergedDir": f"{ROOT}/7c85/merged",
    "UpperDir": f"{ROOT}/7c85/diff",
    "WorkDir": f"{ROOT}/7c85/work",
}
STACK = {
    "LowerDir": f"{UPPER}-init/diff:{ROOT}/7c85/diff:{ROOT}/8954/diff:{ROOT}/be54/diff",
    "MergedDir": f"{UPPER}/merged",
    "UpperDir": f"{UPPER}/diff",
    "WorkDir": f"{UPPER}/work",
}
CONTAINER_ID = "32ab05a0a66b" + "0" * 52


def read(line: Line) -> str:
    return "".join(cell.text for cell in line)


def image(driver: str, data: dict[str, str] | None) -> ImageDetail:
    history = [
        {"CreatedBy": "/bin/sh -c echo b > /etc/a", "Size": 2, "Created": 3},
        {"CreatedBy": "/bin/sh -c echo a > /etc/a", "Size": 3, "Created": 2},
        {"CreatedBy": "", "Size": 2_000_000, "Comment": "Imported from -", "Created": 1},
    ]
    raw = {"Id": f"sha256:{'f' * 64}", "RootFS": {"Layers": list(DIFF_IDS)}}
    return image_detail(raw | {"GraphDriver": {"Name": driver, "Data": data}}, history)


def host(driver: str, store: str = "classic", root: str = "/var/lib/docker") -> Host:
    return Host(
        Endpoint("unix:///x"), "id", "name", "Docker", "28.5.2", "1.51", driver, store, root,
        "Debian", "linux", "x86_64", "6.1", 4, 1, rootless=False,
    )  # fmt: skip


def stack_of(
    driver: str,
    data: dict[str, str] | None,
    *,
    state: str = "running",
    known: bool = True,
    problem: str = "",
    **more: Any,
) -> StorageText:
    raw = {
        "Id": CONTAINER_ID,
        "State": {"Status": state},
        "Driver": driver,
        "GraphDriver": {"Name": driver, "Data": data},
    }
    container = Container(CONTAINER_ID, ("box",), state=state, size_rw_bytes=12_400, size_root_fs_bytes=2_012_405)
    store = "containerd" if driver == "overlayfs" else "classic"
    detail = container_detail(raw | more)
    return container_storage(container, detail, image(driver, None) if known else None, host(driver, store), problem)


def rows(stratum: Stratum) -> list[str]:
    return [f"{fact.label} {read(fact.value)}".strip() for fact in stratum.facts]


def titles(text: StorageText) -> list[str]:
    return [f"{read(stratum.title)} | {read(stratum.figure)}" for stratum in text.strata]


def words(text: StorageText) -> str:
    return "\n".join(read(fact.value) for section in text.sections for fact in section.facts)


def test_a_container_on_overlay2() -> None:
    text = stack_of("overlay2", STACK)
    assert titles(text) == [
        "merged view | ",
        "upper  writable, its own | 12.4 kB",
        "init | ",
        "layer 3  RUN echo b > /etc/a | 2 B",
        "layer 2  RUN echo a > /etc/a | 3 B",
        "layer 1  (no command recorded) | 2.0 MB",
    ]
    merged, upper, init, top, *_ = text.strata
    assert f"Dir {UPPER}/merged" in rows(merged)
    assert MERGED_NOW in rows(merged)
    assert f"Dir {UPPER}/diff" in rows(upper)
    assert f"Work dir {UPPER}/work" in rows(upper)
    assert f"Dir {UPPER}-init/diff" in rows(init)
    assert rows(top)[:2] == ["Diff ID cccccccccccc", f"Dir {ROOT}/7c85/diff"]
    assert top.facts[0].exact == DIFF_IDS[2]
    assert [rows(stratum)[1] for stratum in text.strata[3:]] == [
        f"Dir {ROOT}/{name}/diff" for name in ("7c85", "8954", "be54")
    ]
    assert upper.exact == "12,400 B"
    assert rows(merged)[-1] == f"Strata 2.0 MB  {TOGETHER}", "the sum is no figure of what is seen"
    assert merged.facts[-1].exact == "2,012,405 B"


def test_the_merged_view_of_a_stopped_container_is_not_mounted() -> None:
    assert NOT_MERGED in rows(stack_of("overlay2", STACK, state="exited").strata[0])


def test_while_its_image_is_being_read_the_folders_are_there() -> None:
    text = stack_of("overlay2", STACK, known=False)
    assert titles(text)[3:] == ["lower 3 | ", "lower 2 | ", "lower 1 | "]
    assert "Reading what made the image's layers…" in words(text)


def test_a_container_whose_image_is_gone() -> None:
    text = stack_of("overlay2", STACK, known=False, problem="This image is no longer there.")
    assert "This image is no longer there. So it is not known" in words(text)
    assert f"Dir {ROOT}/be54/diff" in rows(text.strata[-1])


def test_more_folders_than_layers_are_not_matched_by_guessing() -> None:
    text = stack_of("overlay2", STACK | {"LowerDir": f"{STACK['LowerDir']}:{ROOT}/more/diff"})
    assert [title.split(" ")[0] for title in titles(text)] == [
        "merged",
        "upper",
        "init",
        *["layer"] * 3,
        *["lower"] * 4,
    ]
    assert all("Dir" not in line for stratum in text.strata[3:6] for line in rows(stratum))


def test_podman_has_no_init_folder() -> None:
    root = "/var/lib/containers/storage/overlay"
    data = {
        "LowerDir": ":".join(f"{root}/{n}/diff" for n in "cba"),
        "UpperDir": f"{root}/u/diff",
        "WorkDir": f"{root}/u/work",
    }
    assert [title.split(" ")[0] for title in titles(stack_of("overlay", data))] == ["merged", "upper", *["layer"] * 3]


def test_the_containerd_store_has_a_chain_of_snapshots() -> None:
    text = stack_of("overlayfs", None)
    chain = chain_ids(DIFF_IDS)
    assert [title.split(" ")[0] for title in titles(text)] == ["upper", "init", "layer", "layer", "layer"]
    keys = [fact.exact for stratum in text.strata for fact in stratum.facts if fact.label == "Snapshot"]
    assert keys == [CONTAINER_ID, f"{CONTAINER_ID}-init", *reversed(chain)]
    assert CHAIN_UNKNOWN in words(text)
    shown = [read(fact.value) for stratum in text.strata for fact in stratum.facts if fact.label == "Snapshot"]
    assert shown[:3] == ["32ab05a0a66b", "32ab05a0a66b-init", chain[2][7:19]]


def test_an_image_on_overlay2() -> None:
    text = image_storage(image("overlay2", LAYERS), host("overlay2"))
    assert [rows(stratum)[1] for stratum in text.strata] == [
        f"Dir {ROOT}/{name}/diff" for name in ("7c85", "8954", "be54")
    ]
    assert text.shafts == 0
    assert "All of it is read only." in words(text)


def test_an_image_on_the_containerd_store() -> None:
    text = image_storage(image("overlayfs", None), host("overlayfs", "containerd"))
    keys = [fact.exact for stratum in text.strata for fact in stratum.facts if fact.label == "Snapshot"]
    assert keys == list(reversed(chain_ids(DIFF_IDS)))


@pytest.mark.parametrize(
    ("driver", "data", "sentence"),
    [
        ("vfs", None, "They lie below /var/lib/docker/vfs/dir; which folder is which layer the engine does not tell."),
        ("btrfs", None, "They lie below /var/lib/docker/btrfs/subvolumes;"),
        ("zfs", {"Dataset": "tank/docker/1", "Mountpoint": "/x"}, "tank/docker/1"),
        ("novel", None, "Where they lie the engine does not tell."),
        ("", None, "The engine does not say how it stores layers."),
    ],
)
def test_other_drivers_tell_what_they_can(driver: str, data: dict[str, str] | None, sentence: str) -> None:
    for text in (stack_of(driver, data), image_storage(image(driver, data), host(driver))):
        assert sentence in words(text)
        assert [title.split(" ")[0] for title in titles(text)][-3:] == ["layer"] * 3


def test_what_is_only_true_of_overlay_is_not_said_of_others() -> None:
    text = stack_of("vfs", None)
    told = " ".join(line for stratum in text.strata for line in rows(stratum))
    assert "copied up" not in told
    assert "stored once" not in told


def test_windows_folders_are_written_as_windows_writes_them() -> None:
    text = image_storage(image("windowsfilter", None), host("windowsfilter", root=r"C:\ProgramData\docker"))
    assert r"C:\ProgramData\docker\windowsfilter" in words(text)


MOUNTS: dict[str, Any] = {
    "Mounts": [
        {
            "Type": "volume",
            "Name": "vol",
            "Source": "/var/lib/docker/volumes/vol/_data",
            "Destination": "/v",
            "RW": True,
        },
        {"Type": "bind", "Source": "/srv", "Destination": "/b", "RW": False},
    ],
    "HostConfig": {"Tmpfs": {"/t": ""}},
}


def test_mounts_pierce_the_stack() -> None:
    text = stack_of("overlay2", STACK, **MOUNTS)
    assert text.shafts == 3
    section = text.sections[-1]
    assert [f"{fact.label.strip()} {read(fact.value)}".strip() for fact in section.facts[1:]] == [
        "1 /b  read only",
        "bind",
        "/srv",
        "2 /t  read and write",
        "tmpfs: in the host's memory, gone when the container stops",
        "3 /v  read and write",
        "volume vol",
        "/var/lib/docker/volumes/vol/_data",
    ]


@pytest.mark.parametrize("tmpfs", [None, [], "x", {"/v": ""}])
def test_odd_answers_about_tmpfs_do_no_harm(tmpfs: object) -> None:
    raw: dict[str, Any] = {"Id": CONTAINER_ID, **MOUNTS, "HostConfig": {"Tmpfs": tmpfs}}
    assert [mount.destination for mount in all_mounts(container_detail(raw))] == ["/b", "/v"]


@pytest.mark.parametrize("driver", [None, [], "x", {"Name": 3, "Data": "x"}, {"Data": {"UpperDir": None}}])
def test_odd_answers_about_the_driver_do_no_harm(driver: object) -> None:
    detail = image("overlay2", None)._replace(raw={"GraphDriver": driver})
    assert len(image_storage(detail, None).strata) == 3
