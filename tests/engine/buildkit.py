"""BuildKit's cache on a private dockerd: without a network, the docker command or its plugins.

``POST /build?version=2`` with a tar as its body builds with BuildKit also without a session (measured on 20.10, 26 and
28, and on 28 with the containerd store; 26 with that store looks for the context on the network and fails).
"""

from __future__ import annotations

import json
from typing import Any

from docker.api.client import APIClient

from tui.engine import decode
from tui.model.build_cache import BuildCacheRecord


def build_with_buildkit(api: APIClient, context: bytes, *, tag: str = "", target: str = "") -> str:
    """Build ``context``, a tar with a Dockerfile; return the image's ID. Steps have no network."""
    params = {"version": "2", "networkmode": "none"}
    params |= {"t": tag} if tag else {}
    params |= {"target": target} if target else {}
    answer = api.post(
        f"{api.base_url}/v{api.api_version}/build",
        params=params,
        data=context,
        headers={"Content-Type": "application/x-tar"},
        stream=True,
    )
    lines: list[dict[str, Any]] = [json.loads(line) for line in answer.iter_lines() if line]
    errors = [line["error"] for line in lines if "error" in line]
    assert answer.status_code == 200, lines
    assert not errors, errors
    image_id: str = next(line["aux"]["ID"] for line in lines if line.get("id") == "moby.image.id")
    return image_id


def cache_records(api: APIClient) -> dict[str, BuildCacheRecord]:
    """Every record of the build cache, by ID."""
    return {record.id: record for record in decode.disk_usage(api.df()).build_cache}


def prune_cache(api: APIClient) -> None:
    """Take away the whole cache, as far as no build uses it."""
    api.prune_builds(all=True)
