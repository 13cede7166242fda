"""Archives of more than one image."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

from tests.engine.layered_images import docker_archive, file


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
