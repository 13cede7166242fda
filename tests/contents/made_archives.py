"""Archives of more than one image."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

from tests.engine.layered_images import config_of, digest, docker_archive, file, layer_tar


def several(path: Path) -> Path:
    """An archive of two images with one layer each, the second without a tag."""
    one, two = (docker_archive(f"shop/{name}:1", [[file(name, b"x")]]) for name in ("web", "api"))
    manifest: list[dict[str, object]] = []
    with tarfile.open(path, "w") as target:
        for prefix, data in (("one", one), ("two", two)):
            with tarfile.open(fileobj=io.BytesIO(data)) as source:
                for member in source.getmembers():
                    content = source.extractfile(member)
                    assert content is not None
                    if member.name == "manifest.json":
                        (entry,) = json.loads(content.read())
                        entry["Config"] = f"{prefix}/{entry['Config']}"
                        entry["Layers"] = [f"{prefix}/{name}" for name in entry["Layers"]]
                        manifest.append(entry)
                    else:
                        member.name = f"{prefix}/{member.name}"
                        target.addfile(member, content)
        manifest[1]["RepoTags"] = None
        text = json.dumps(manifest).encode()
        member = tarfile.TarInfo("manifest.json")
        member.size = len(text)
        target.addfile(member, io.BytesIO(text))
    return path


def for_machines(path: Path, *, spoilt: str = "", tag: str = "bb:oci") -> Path:
    """One image for amd64 and arm64 (v8) in an OCI layout, each with a file named for it.

    ``spoilt`` is the architecture whose configuration names a layer that is not there.
    """
    blobs: dict[str, bytes] = {}

    def descriptor(data: bytes) -> dict[str, object]:
        blobs[digest(data)] = data
        return {"digest": digest(data), "size": len(data)}

    manifests = []
    for architecture, variant in (("amd64", ""), ("arm64", "v8")):
        tars = [layer_tar([file(architecture, architecture.encode())])]
        named = [*tars, *([b"nowhere"] if architecture == spoilt else [])]
        config = {**json.loads(config_of(named)), "architecture": architecture, "variant": variant}
        layers = [descriptor(tar) for tar in tars]
        manifest = {"config": descriptor(json.dumps(config).encode()), "layers": layers}
        manifests.append(descriptor(json.dumps(manifest).encode()))
    index = descriptor(json.dumps({"manifests": manifests}).encode())
    outer = {"manifests": [{**index, "annotations": {"org.opencontainers.image.ref.name": tag}}]}
    with tarfile.open(path, "w") as target:
        bodies = {f"blobs/{name.replace(':', '/')}": data for name, data in blobs.items()}
        for name, data in {**bodies, "index.json": json.dumps(outer).encode()}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))
    return path
