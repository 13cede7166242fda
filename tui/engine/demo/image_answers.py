"""Images and volumes as the raw answers of a real engine's API (version 1.47).

Only what is shown as raw text comes from here; the records are made from the world itself.
"""

from __future__ import annotations

from typing import Any

from tui.engine.demo.clock import NEVER, rfc3339
from tui.engine.demo.digest import hex_id
from tui.engine.demo.objects import DemoImage, DemoVolume, ImageConfig

ROOT_DIR = "/var/lib/docker"


def image_inspect(image: DemoImage) -> dict[str, Any]:
    """``GET /images/ID/json``."""
    return {
        "Id": image.id,
        "RepoTags": sorted(image.tags),
        "RepoDigests": list(image.digests),
        "Parent": image.parent_id,
        "Comment": image.comment,
        "Created": rfc3339(image.created),
        "DockerVersion": "27.5.1" if image.parent_id else "",
        "Author": image.author,
        "Config": image_config(image.config),
        "Architecture": image.architecture,
        "Variant": image.variant,
        "Os": "linux",
        "Size": image.size_bytes,
        "GraphDriver": {"Data": _image_dirs(image), "Name": "overlay2"},
        "RootFS": {"Type": "layers", "Layers": list(image.diff_ids)},
        "Metadata": {"LastTagTime": rfc3339(image.created) if image.tags else NEVER},
    }


def image_history(image: DemoImage) -> tuple[dict[str, Any], ...]:
    """``GET /images/ID/history``: newest first; only the newest entry of a pulled image knows its ID."""
    last = len(image.steps) - 1
    return tuple(
        {
            "Comment": step.comment,
            "Created": int(step.created),
            "CreatedBy": step.created_by,
            "Id": image.id if index == last else "<missing>",
            "Size": step.layer.size_bytes if step.layer else 0,
            "Tags": sorted(image.tags) or None if index == last else None,
        }
        for index, step in reversed(list(enumerate(image.steps)))
    )


def volume_inspect(volume: DemoVolume) -> dict[str, Any]:
    """``GET /volumes/NAME``."""
    return {
        "CreatedAt": rfc3339(volume.created)[:19] + "Z",
        "Driver": volume.driver,
        "Labels": dict(volume.labels) or None,
        "Mountpoint": volume.mountpoint,
        "Name": volume.name,
        "Options": dict(volume.options) or None,
        "Scope": "local",
    }


def image_config(config: ImageConfig) -> dict[str, Any]:
    """The ``Config`` part of an image inspect."""
    answer: dict[str, Any] = {
        "Hostname": "",
        "Domainname": "",
        "User": config.user,
        "AttachStdin": False,
        "AttachStdout": False,
        "AttachStderr": False,
        "ExposedPorts": {port: {} for port in config.exposed_ports} or None,
        "Tty": False,
        "OpenStdin": False,
        "StdinOnce": False,
        "Env": list(config.environment) or None,
        "Cmd": list(config.command) or None,
        "Image": "",
        "Volumes": {path: {} for path in config.volumes} or None,
        "WorkingDir": config.working_dir,
        "Entrypoint": list(config.entrypoint) or None,
        "OnBuild": None,
        "Labels": dict(config.labels) or None,
    }
    if config.health_check:
        answer["Healthcheck"] = {"Test": list(config.health_check), "Interval": 10_000_000_000, "Retries": 5}
    if config.stop_signal:
        answer["StopSignal"] = config.stop_signal
    return answer


def layer_dir(chain_id: str) -> str:
    """Where overlay2 keeps the layer with this chain ID."""
    return f"{ROOT_DIR}/overlay2/{hex_id('cache id', chain_id)}"


def _image_dirs(image: DemoImage) -> dict[str, str]:
    if not image.chain_ids:
        return {}
    top, below = layer_dir(image.chain_ids[-1]), [f"{layer_dir(chain)}/diff" for chain in image.chain_ids[-2::-1]]
    lower = {"LowerDir": ":".join(below)} if below else {}
    return lower | {"MergedDir": f"{top}/merged", "UpperDir": f"{top}/diff", "WorkDir": f"{top}/work"}
