"""``orlop layers --json``: dive's keys and ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.engine.layered_images import Item, docker_archive, file, folder, gone, opaque, symlink
from tests.layers_report.running import Orlop, parsed
from tui import exit_codes

DIVE: Mapping[str, Any] = {
    "layer": [{
        "index": int, "id": str, "digestId": str, "sizeBytes": int, "command": str,
        "fileList": [{
            "path": str, "typeFlag": int, "linkName": str, "size": int, "fileMode": int, "uid": int, "gid": int,
            "isDir": bool,
        }],
    }],
    "image": {
        "sizeBytes": int, "inefficientBytes": int, "efficiencyScore": float,
        "fileReference": [{"count": int, "sizeBytes": int, "file": str}],
    },
}  # fmt: skip
"""The keys and types of dive's export."""


def assert_has(document: Any, shape: Any) -> None:
    """Every key of ``shape`` is there, with its type."""
    if isinstance(shape, Mapping):
        for key, inner in shape.items():
            assert_has(document[key], inner)
    elif isinstance(shape, list):
        assert isinstance(document, list)
        assert document
        for item in document:
            assert_has(item, shape[0])
    else:
        assert type(document) is shape


def test_the_document_has_what_dives_export_has(orlop: Orlop, wasteful: str) -> None:
    code, out, err = orlop(wasteful, "--json")
    assert (code, err) == (0, "")
    document = parsed(out)
    assert_has(document, DIVE)
    assert document["image"]["sizeBytes"] == 11_000_000
    assert document["image"]["inefficientBytes"] == 4_000_000
    assert document["image"]["efficiencyScore"] == 7 / 11
    assert document["image"]["fileReference"] == [
        {"count": 1, "sizeBytes": 2_000_000, "file": "/cache/a"},
        {"count": 1, "sizeBytes": 1_000_000, "file": "/cache/b"},
        {"count": 2, "sizeBytes": 1_000_000, "file": "/etc/changed"},
    ]
    top = document["layer"][2]
    assert (top["index"], top["sizeBytes"], top["command"]) == (2, 1_000_000, "layer 2")
    assert len(top["id"]) == 64
    assert top["digestId"].startswith("sha256:")
    assert [entry["path"] for entry in top["fileList"]] == ["etc/changed", ".wh.cache"]
    whiteout = {"typeFlag": 48, "linkName": "", "size": 0, "fileMode": 0, "uid": 0, "gid": 0, "isDir": False}
    assert top["fileList"][1] == {"path": ".wh.cache", **whiteout}


def test_the_document_has_what_is_ours(orlop: Orlop, wasteful: str) -> None:
    document = parsed(orlop(wasteful, "--json")[1])
    assert document["version"] == 1
    assert document["source"] == {"kind": "archive", "name": "wasteful.tar", "place": "shop/wasteful:1"}
    assert [layer["wastedBytes"] for layer in document["layer"]] == [1_000_000, 3_000_000, 0]
    image = document["image"]
    assert (image["visibleBytes"], image["userSizeBytes"], image["userWastedPercent"]) == (7_000_000, 4_000_000, 1.0)
    assert image["tags"] == ["shop/wasteful:1"]
    assert document["losses"][0] == {
        "addedBy": 1, "hiddenBy": 2, "deleted": True, "wastedBytes": 3_000_000, "files": 2, "folder": "cache",
    }  # fmt: skip
    assert document["offenders"][0] == {
        "path": "cache/a", "wastedBytes": 2_000_000, "copies": 1, "addedBy": [1], "hiddenBy": [2], "deleted": True,
    }  # fmt: skip
    assert document["advice"][0].startswith("Layer 3 deletes 3.0 MB")
    assert document["rules"] == {"pass": True, "results": []}


def test_kinds_and_modes_are_gos(orlop: Orlop) -> None:
    import tarfile

    items = [
        folder("tmp", 0o1777), file("su", b"x", mode=0o4755), file("g", b"x", mode=0o2755), symlink("s", "su"),
        Item("null", None, tarfile.CHRTYPE, 0o666, device=(1, 3)), Item("sda", None, tarfile.BLKTYPE, 0o660),
        Item("pipe", None, tarfile.FIFOTYPE, 0o600), *opaque("var"),
    ]  # fmt: skip
    Path("kinds.tar").write_bytes(docker_archive("kinds:1", [items]))
    (layer,) = parsed(orlop("kinds.tar", "--json")[1])["layer"]
    found = {entry["path"]: (entry["typeFlag"], entry["fileMode"], entry["isDir"]) for entry in layer["fileList"]}
    # Of which the first is what dive's own tests have for such a folder.
    assert found["tmp"] == (53, 2148532735, True)
    assert found["su"] == (48, 0o755 | 1 << 23, False)
    assert found["g"] == (48, 0o755 | 1 << 22, False)
    assert found["s"] == (50, 0o777 | 1 << 27, False)
    assert found["null"] == (51, 0o666 | 1 << 26 | 1 << 21, False)
    assert found["sda"] == (52, 0o660 | 1 << 26, False)
    assert found["pipe"] == (54, 0o600 | 1 << 25, False)
    assert layer["opaqueFolders"] == ["var"]
    assert [entry["device"] for entry in layer["fileList"] if "device" in entry] == [[1, 3], [0, 0]]


def test_names_that_are_not_utf8_can_be_had_byte_by_byte(orlop: Orlop) -> None:
    names = ["caf\udce9", "\udcc3\udca9", "é", "\x7f\x1b", "\U0001f600"]
    layers = [[*(file(name, b"12") for name in names), symlink("l", "\udcff")], [gone(name) for name in names]]
    Path("odd.tar").write_bytes(docker_archive("odd:1", layers))
    document = parsed(orlop("odd.tar", "--json")[1])
    entries = {entry.get("pathBase64", entry["path"]): entry for entry in document["layer"][0]["fileList"]}
    assert set(entries) == {"Y2Fm6Q==", "é", "\x7f\x1b", "\U0001f600", "l"} or "w6k=" in entries
    assert entries["Y2Fm6Q=="]["path"] == "caf�"
    assert entries["l"]["linkName"] == "�"
    assert entries["l"]["linkNameBase64"] == "/w=="
    assert {one["file"] for one in document["image"]["fileReference"]} >= {"/caf�", "/é"}


def test_a_failed_rule_is_told_beside_the_document(orlop: Orlop, wasteful: str) -> None:
    code, out, err = orlop(wasteful, "--json", "--highest-wasted-bytes", "20kB")
    assert code == exit_codes.RULE_FAILED
    rules = parsed(out)["rules"]
    assert rules["pass"] is False
    assert rules["results"] == [{
        "rule": "highestWastedBytes", "status": "FAIL", "limit": 20_000, "measured": 4_000_000,
        "source": "--highest-wasted-bytes",
    }]  # fmt: skip
    assert err == (
        "orlop: FAIL  highestWastedBytes        4,000,000 B, and 20,000 B is the most (--highest-wasted-bytes)\n"
    )


def test_what_is_infinite_is_null(orlop: Orlop) -> None:
    Path("hides.tar").write_bytes(docker_archive("hides:1", [[file("a", b"12")], [gone("a")]]))
    code, out, err = orlop("hides.tar", "--json", "--ci")
    assert code == exit_codes.RULE_FAILED
    document = parsed(out)
    assert document["image"]["userWastedPercent"] is None
    assert document["rules"]["results"][2]["measured"] is None
    assert "the upper layers store nothing and hide something" in err
