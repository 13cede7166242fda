"""Record an engine's answers about a small world made for it: ``python -m tests.engine.recorded.record URL FOLDER``.

URL is the Unix socket of a private engine, which is left with that world in it. Names and
paths of the recording machine are replaced.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from docker.api.client import APIClient
from docker.errors import APIError

from tests.engine.docker_lab import root_filesystem, tar

_LABELS = {"com.docker.compose.project": "shop", "com.docker.compose.service": "web"}


def make_world(api: APIClient) -> dict[str, str]:
    """Two tags of one image with a child, a dangling image, containers in two states, three volumes."""
    # Tagged in a second step: podman does not heed the tag of an import.
    base = json.loads(api.import_image_from_data(root_filesystem(shell=True)).splitlines()[-1])["status"]
    api.tag(base, "localhost:5000/shop/base", "1")
    api.tag(base, "shop/base", "latest")
    api.import_image_from_data(tar({"only": b"file"}))
    dockerfile = (
        b"FROM localhost:5000/shop/base:1\nLABEL who=recorded\nENV GREETING=hello\nWORKDIR /srv\nRUN echo hi >/srv/hi\n"
        b'RUN true\nRUN touch /srv/empty\nCOPY page /srv/page\nEXPOSE 80\nVOLUME /srv/data\nCMD ["sh"]\n'
    )
    context = tar({"Dockerfile": dockerfile, "page": b"<p>hello" * 100})
    list(api.build(fileobj=_file(context), custom_context=True, tag="shop/web:1", decode=True, rm=True, forcerm=True,
                   network_mode="none"))  # fmt: skip
    api.create_volume("shop-data", labels={"who": "recorded"})
    api.create_volume("unused")
    host = api.create_host_config(network_mode="none", binds=["shop-data:/srv/data", "/tmp:/host:ro"])
    command = ["sh", "-c", "trap 'exit 0' TERM; sleep 100000 & wait"]
    web = api.create_container("shop/web:1", command, name="shop-web-1", labels=_LABELS, host_config=host)["Id"]
    api.start(web)
    none = api.create_host_config(network_mode="none")
    done = api.create_container("shop/web:1", ["sh", "-c", "exit 3"], name="done", host_config=none)["Id"]
    api.start(done)
    api.wait(done)
    api.create_container(base, ["sh"], name="fresh", volumes=["/scratch"], host_config=none)
    return {"image": "shop/web:1", "container": web}


def _file(data: bytes) -> Any:
    import io

    return io.BytesIO(data)


def answers(api: APIClient, world: dict[str, str], since: float) -> Iterator[tuple[str, Any]]:
    """Every answer the adapter reads."""

    def get(path: str, prefix: str = f"/v{api.api_version}", **params: str) -> Any:
        return api.get(f"{api.base_url}{prefix}{path}", params=params).json()

    yield "version", get("/version", prefix="")
    yield "info", get("/info")
    yield "images", get("/images/json")
    yield "containers", get("/containers/json", all="1")
    yield "volumes", get("/volumes")
    yield "image", get(f"/images/{world['image']}/json")
    yield "history", get(f"/images/{world['image']}/history")
    yield (
        "depths",
        {
            row["Id"]: len(get(f"/images/{row['Id']}/json")["RootFS"]["Layers"])
            for row in get(f"/images/{world['image']}/history")
            if row["Id"].startswith("sha256:")
        },
    )
    yield "container", get(f"/containers/{world['container']}/json")
    yield "volume", get("/volumes/shop-data")
    yield "df", get("/system/df")
    events = api.events(since=int(since) - 1, until=int(time.time()) + 1, decode=True)
    kinds = {(event["Type"], event["Action"].partition(":")[0]): event for event in events}
    yield "events", list(kinds.values())


def scrubbed(value: Any, replacements: dict[str, str]) -> Any:
    """The same without the machine's own names."""
    if isinstance(value, str):
        for found, instead in replacements.items():
            value = value.replace(found, instead)
        return value
    if isinstance(value, list):
        return [scrubbed(item, replacements) for item in value]
    if isinstance(value, dict):
        return {key: scrubbed(item, replacements) for key, item in value.items()}
    return value


def main(url: str, folder: Path) -> None:
    """Make the world and write the answers down."""
    api = APIClient(url, version="auto")
    since = time.time()
    world = make_world(api)
    info = api.info()
    replacements = {
        info["DockerRootDir"]: "/var/lib/docker",
        info["Name"]: "recorder",
        str(Path(url[7:]).parent): "/run",
    }
    if info.get("KernelVersion"):
        replacements[info["KernelVersion"]] = "6.1.0-recorded"
    folder.mkdir(parents=True, exist_ok=True)
    for name, answer in answers(api, world, since):
        text = json.dumps(scrubbed(answer, replacements), indent=1, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text + "\n")
    with suppress(APIError):
        api.stop(world["container"], timeout=2)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
