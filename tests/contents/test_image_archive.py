"""Image archives of every kind, from a stream and from a file: the same images, the same layers."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contents.made_images import (
    DIFF_IDS,
    EXPECTED,
    LAYERS,
    TARS,
    Members,
    archive,
    both,
    chunked,
    classic,
    manifest,
    plain,
    problem,
)
from tests.engine.layered_images import config_of, digest, docker_archive, oci_archive
from tui.contents.archive_image import described_layers
from tui.contents.errors import StoppedError
from tui.contents.image_archive import read_file, read_stream
from tui.model.storage import Reading


class TestKinds:
    def test_classic(self, tmp_path: Path) -> None:
        found = both(archive(classic()), tmp_path)
        (image,) = found.images
        assert image.tags == ("shop/web:1",)
        assert image.id == digest(config_of(TARS))
        assert image.diff_ids == DIFF_IDS
        assert image.members == {DIFF_IDS[0]: "a/layer.tar", DIFF_IDS[1]: "c/layer.tar"}
        assert (image.architecture, image.os) == ("amd64", "linux")
        assert found.layers == EXPECTED
        assert list(found.layers[DIFF_IDS[1]].paths) == ["opt/shallow", "opt/shallow/leaf"]

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.permutations(classic()))
    def test_in_any_order(self, tmp_path: Path, members: Members) -> None:
        assert both(archive(members), tmp_path).layers == EXPECTED

    @pytest.mark.parametrize("compress", [plain, gzip.compress, zstd.compress])
    def test_oci(self, tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
        found = both(oci_archive("docker.io/shop/web:1", LAYERS, compress, ""), tmp_path)
        assert found.layers == EXPECTED
        assert found.images[0].tags == ("docker.io/shop/web:1",)
        assert found.images[0].diff_ids == DIFF_IDS

    @pytest.mark.parametrize("compress", [gzip.compress, zstd.compress])
    def test_compressed_as_a_whole(self, tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
        assert both(compress(archive(classic())), tmp_path).layers == EXPECTED

    def test_several_images(self, tmp_path: Path) -> None:
        one, two = config_of(TARS), config_of(TARS[:1])
        entries = [
            {"Config": "one.json", "RepoTags": ["web:1", "web:latest"], "Layers": ["a/layer.tar", "c/layer.tar"]},
            {"Config": "two.json", "RepoTags": None, "Layers": ["a/layer.tar"]},
        ]
        members: Members = [("one.json", one), ("two.json", two), ("a/layer.tar", TARS[0]), ("c/layer.tar", TARS[1]),
                            ("manifest.json", json.dumps(entries).encode())]  # fmt: skip
        found = both(archive(members), tmp_path)
        assert [image.tags for image in found.images] == [("web:1", "web:latest"), ()]
        assert [len(image.diff_ids) for image in found.images] == [2, 1]

    def test_a_pipe(self) -> None:
        read_end, write_end = os.pipe()
        os.set_blocking(write_end, True)
        data = archive(classic())
        child = os.fork()
        if child == 0:
            os.close(read_end)
            with os.fdopen(write_end, "wb") as pipe:
                pipe.write(data)
            os._exit(0)
        os.close(write_end)
        try:
            assert read_file(f"/dev/fd/{read_end}").layers == EXPECTED
        finally:
            os.close(read_end)
            os.waitpid(child, 0)

    def test_layers_without_an_entry(self, tmp_path: Path) -> None:
        empty = bytes(1024)
        members: Members = [("config.json", config_of([empty, *TARS])), ("e.tar", empty), *classic()[1:-2],
                            ("manifest.json", manifest(["e.tar", "a/layer.tar", "b/layer.tar"]))]  # fmt: skip
        assert len(both(archive(members), tmp_path).layers[digest(empty)]) == 0

    def test_no_layers(self, tmp_path: Path) -> None:
        found = both(archive([("config.json", config_of([])), ("manifest.json", manifest([]))]), tmp_path)
        assert (found.images[0].diff_ids, found.layers) == ((), {})


class TestWanted:
    def test_only_those(self, tmp_path: Path) -> None:
        found = both(archive(classic()), tmp_path, wanted={DIFF_IDS[1], "sha256:" + "0" * 64})
        assert found.layers == {DIFF_IDS[1]: EXPECTED[DIFF_IDS[1]]}
        assert found.images[0].diff_ids == DIFF_IDS

    def test_blobs_that_are_named_by_another_diff_id_are_passed_over(self) -> None:
        data = bytearray(oci_archive("web:1", LAYERS, plain, ""))
        at = data.index(TARS[0][:512])
        data[at + 3000 : at + 3500] = b"\xff" * 500
        found = read_stream(chunked(bytes(data)), {DIFF_IDS[1]})
        assert found.layers == {DIFF_IDS[1]: EXPECTED[DIFF_IDS[1]]}


def layout(index: object, blobs: Sequence[bytes], name: str = "index.json") -> bytes:
    members = [(f"blobs/{digest(blob).replace(':', '/')}", blob) for blob in blobs]
    return archive([*members, (name, json.dumps(index).encode()), ("oci-layout", b"{}")])


def descriptor(blob: bytes, **more: object) -> Mapping[str, object]:
    return {"digest": digest(blob), "size": len(blob), **more}


def oci_image(tars: Sequence[bytes], **config: object) -> tuple[bytes, list[bytes]]:
    """A manifest, and all blobs with it."""
    document = json.loads(config_of(tars))
    document.update(config)
    configuration = json.dumps(document).encode()
    body = json.dumps({"config": descriptor(configuration), "layers": [descriptor(tar) for tar in tars]}).encode()
    return body, [body, configuration, *tars]


class TestLayouts:
    def test_this_machines_platform_comes_first(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("platform.machine", lambda: "aarch64")
        amd, amd_blobs = oci_image(TARS, architecture="amd64")
        arm, arm_blobs = oci_image(TARS[:1], architecture="arm64")
        note, note_blobs = oci_image([], architecture="unknown", os="unknown")
        inner = json.dumps(
            {
                "manifests": [
                    descriptor(amd, platform={"architecture": "amd64"}),
                    descriptor(arm),
                    descriptor(note, annotations={"vnd.docker.reference.type": "attestation-manifest"}),
                ]
            }
        ).encode()
        outer = {"manifests": [descriptor(inner, annotations={"io.containerd.image.name": "docker.io/web:1"})]}
        found = both(layout(outer, [inner, *amd_blobs, *arm_blobs, *note_blobs]), tmp_path)
        assert [(image.architecture, image.tags) for image in found.images] == [
            ("arm64", ("docker.io/web:1",)),
            ("amd64", ("docker.io/web:1",)),
        ]

    def test_platforms_that_are_not_in_it_are_left_out(self, tmp_path: Path) -> None:
        here, blobs = oci_image(TARS)
        absent, _ = oci_image(TARS[:1], architecture="arm64")
        without_layers, others = oci_image(TARS[1:], architecture="riscv64")
        index = {"manifests": [descriptor(blob) for blob in (here, absent, without_layers)]}
        data = layout(index, [*(blob for blob in blobs if blob != TARS[1]), *others[:2], TARS[1]])
        assert {image.architecture for image in both(data, tmp_path).images} == {"amd64", "riscv64"}
        assert [image.architecture for image in both(layout(index, [*blobs, others[0]]), tmp_path).images] == ["amd64"]
        assert "their layers are not in it" in problem(layout(index, [here]), tmp_path)

    def test_two_tags_of_one_image(self, tmp_path: Path) -> None:
        body, blobs = oci_image(TARS)
        names = ("web:1", "web:latest")
        index = {"manifests": [descriptor(body, annotations={"io.containerd.image.name": name}) for name in names]}
        assert [image.tags for image in both(layout(index, blobs), tmp_path).images] == [names]

    def test_what_is_no_image(self, tmp_path: Path) -> None:
        chart = json.dumps({"config": descriptor(b"{}"), "layers": [descriptor(TARS[0])]}).encode()
        data = layout({"manifests": [descriptor(chart)]}, [chart, b"{}", TARS[0]])
        assert "holds no image" in problem(data, tmp_path)

    def test_an_index_that_leads_in_circles(self, tmp_path: Path) -> None:
        index = {"manifests": [{"digest": "sha256:" + "a" * 64}]}
        members: Members = [
            ("blobs/sha256/" + "a" * 64, json.dumps(index).encode()),
            ("index.json", json.dumps(index).encode()),
        ]
        assert "holds no image" in problem(archive(members), tmp_path)

    @pytest.mark.parametrize(
        "index",
        [
            [],
            {},
            {"manifests": 5},
            {"manifests": ["x"]},
            {"manifests": [{}]},
            {"manifests": [{"digest": "sha256:../.."}]},
        ],
    )
    def test_an_index_that_is_none(self, tmp_path: Path, index: object) -> None:
        assert "index.json that is not what it should be" in problem(layout(index, []), tmp_path)


class TestHistory:
    def test_is_aligned_by_its_own_marks(self, tmp_path: Path) -> None:
        history = [
            {"created_by": "ADD rootfs", "created": "2020-09-13T12:26:40Z"},
            {"created_by": "ENV A=1", "empty_layer": True, "created": "0001-01-01T00:00:00Z"},
            {"created_by": "RUN touch /x", "comment": "buildkit.dockerfile.v0", "created": "nonsense"},
            {"created_by": "CMD", "empty_layer": True},
        ]
        config = json.dumps({**json.loads(config_of(TARS)), "history": history}).encode()
        found = both(archive(classic(config)), tmp_path)
        (image,) = found.images
        assert image.made_by == (0, 2)
        layers = described_layers(image, [found.layers[diff_id] for diff_id in image.diff_ids])
        assert [(layer.created_by, layer.created, layer.comment) for layer in layers] == [
            ("ADD rootfs", 1_600_000_000.0, ""),
            ("RUN touch /x", None, "buildkit.dockerfile.v0"),
        ]
        assert [layer.size_bytes for layer in layers] == [found.layers[diff_id].stored_bytes for diff_id in DIFF_IDS]

    @pytest.mark.parametrize("history", [None, [], [{"created_by": "one"}], [5, "x", None], "text"])
    def test_one_that_does_not_fit_tells_nothing(self, tmp_path: Path, history: object) -> None:
        config = json.dumps({**json.loads(config_of(TARS)), "history": history}).encode()
        assert both(archive(classic(config)), tmp_path).images[0].made_by == (None, None)


class TestProgress:
    def test_is_told_and_ends_with_all(self, tmp_path: Path) -> None:
        data = docker_archive("web:1", LAYERS)
        path = tmp_path / "image.tar"
        path.write_bytes(data)
        told: list[Reading] = []
        read_file(path, None, told.append)
        entries = sum(len(layer) + len(layer.whiteouts) for layer in EXPECTED.values())
        assert (told[-1].done_bytes, told[-1].total_bytes, told[-1].entries) == (len(data), len(data), entries)
        told.clear()
        read_stream(chunked(data), None, told.append, total_bytes=123)
        assert told[-1].total_bytes == 123
        assert told[-1].entries == entries
        assert [reading.done_bytes for reading in told] == sorted(reading.done_bytes for reading in told)

    def test_stops(self, tmp_path: Path) -> None:
        path = tmp_path / "image.tar"
        path.write_bytes(docker_archive("web:1", LAYERS))
        taken = []

        def endless() -> object:
            while True:
                taken.append(1)
                yield path.read_bytes()[:4096] if len(taken) == 1 else bytes(1)

        with pytest.raises(StoppedError):
            read_stream(endless(), stop=lambda: len(taken) > 20)  # type: ignore[arg-type]
        assert len(taken) <= 22
        with pytest.raises(StoppedError):
            read_file(path, stop=lambda: True)
