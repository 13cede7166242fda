"""Raw inspect and history answers -> the detail records. The counterpart of :mod:`tui.engine.decode`."""

from __future__ import annotations

from collections.abc import Mapping

from tui.engine.decode import mounts, volume
from tui.engine.raw import (
    Row,
    date_text,
    fields,
    keys,
    labels,
    part,
    rows,
    seconds,
    size,
    text,
    texts,
    whole_id,
    whole_number,
)
from tui.model.container import ContainerDetail
from tui.model.image import ImageDetail
from tui.model.layer import HistoryEntry, align_layers, doubtful_entries
from tui.model.volume import VolumeDetail


def doubtful_steps(inspected: object, history: object) -> dict[int, str]:
    """Steps whose layer can't be told from the answers: index in the history -> ID of the intermediate image.

    Only the classic builder leaves such, for steps that added no bytes, and it keeps an intermediate image
    of each; an image that was pulled says ``<missing>`` instead of an ID.
    """
    entries = _history(rows(history, "the image's history"))
    doubtful = doubtful_entries(entries, diff_ids(inspected))
    newest_first = rows(history, "the image's history")
    ids = {index: text(newest_first[-1 - index].get("Id")) for index in doubtful}
    return {index: image_id for index, image_id in ids.items() if image_id.startswith("sha256:")}


def diff_ids(inspected: object) -> tuple[str, ...]:
    """The diff IDs in ``GET /images/{id}/json``, lowest first."""
    return texts(part(fields(inspected, "the image").get("RootFS")).get("Layers"))


def _history(raw_history: list[Row]) -> tuple[HistoryEntry, ...]:
    return tuple(_history_entry(row) for row in reversed(raw_history))


def image_detail(inspected: object, history: object, depths: Mapping[int, int] | None = None) -> ImageDetail:
    """``GET /images/{id}/json`` and ``GET /images/{id}/history``.

    ``depths`` is what has been found out about :func:`doubtful_steps`: index -> number of layers after it.
    """
    raw = fields(inspected, "the image")
    raw_history = rows(history, "the image's history")
    config = part(raw.get("Config"))
    entries = _history(raw_history)
    return ImageDetail(
        id=whole_id(raw.get("Id")),
        tags=tuple(tag for tag in texts(raw.get("RepoTags")) if tag != "<none>:<none>"),
        digests=texts(raw.get("RepoDigests")),
        parent_id=whole_id(raw.get("Parent")),
        created=date_text(raw.get("Created")),
        architecture=text(raw.get("Architecture")),
        os=text(raw.get("Os")),
        variant=text(raw.get("Variant")),
        author=text(raw.get("Author")),
        comment=text(raw.get("Comment")),
        size_bytes=size(raw.get("Size")),
        entrypoint=texts(config.get("Entrypoint")),
        command=texts(config.get("Cmd")),
        environment=texts(config.get("Env")),
        user=text(config.get("User")),
        working_dir=text(config.get("WorkingDir")),
        exposed_ports=keys(config.get("ExposedPorts")),
        volumes=keys(config.get("Volumes")),
        labels=labels(config.get("Labels")),
        diff_ids=diff_ids(raw),
        history=entries,
        layers=align_layers(entries, diff_ids(raw), depths),
        raw=raw,
        raw_history=tuple(raw_history),
    )


def _history_entry(row: Row) -> HistoryEntry:
    return HistoryEntry(
        created=seconds(row.get("Created")),
        created_by=text(row.get("CreatedBy")),
        size_bytes=size(row.get("Size")) or 0,
        comment=text(row.get("Comment")),
        tags=texts(row.get("Tags")),
    )


def container_detail(inspected: object) -> ContainerDetail:
    """``GET /containers/{id}/json``."""
    raw = fields(inspected, "the container")
    config, state, host_config = part(raw.get("Config")), part(raw.get("State")), part(raw.get("HostConfig"))
    policy = part(host_config.get("RestartPolicy"))
    graph_driver = part(raw.get("GraphDriver"))
    networks = part(part(raw.get("NetworkSettings")).get("Networks"))
    status = text(state.get("Status")).lower()
    finished = date_text(state.get("FinishedAt"))
    return ContainerDetail(
        id=text(raw.get("Id")),
        name=text(raw.get("Name")).removeprefix("/"),
        image=text(config.get("Image")),
        image_id=whole_id(raw.get("Image")),
        created=date_text(raw.get("Created")),
        state=status,
        started=date_text(state.get("StartedAt")),
        finished=finished,
        # The engine says 0 for what has not ended yet.
        exit_code=whole_number(state.get("ExitCode")) if status in {"exited", "dead"} or finished else None,
        error=text(state.get("Error")),
        oom_killed=state.get("OOMKilled") is True,
        health=_health(part(state.get("Health") or state.get("Healthcheck"))),
        restart_count=size(raw.get("RestartCount")) or 0,
        restart_policy=text(policy.get("Name")),
        entrypoint=texts(config.get("Entrypoint")),
        command=texts(config.get("Cmd")),
        environment=texts(config.get("Env")),
        user=text(config.get("User")),
        working_dir=text(config.get("WorkingDir")),
        hostname=text(config.get("Hostname")),
        tty=config.get("Tty") is True,
        labels=labels(config.get("Labels")),
        mounts=mounts(raw.get("Mounts")),
        networks={name: text(part(network).get("IPAddress")) for name, network in networks.items()},
        log_driver=text(part(host_config.get("LogConfig")).get("Type")),
        log_path=text(raw.get("LogPath")),
        storage_driver=text(graph_driver.get("Name")) or text(raw.get("Driver")),
        storage=labels(graph_driver.get("Data")),
        raw=raw,
    )


def _health(health: Row) -> str:
    status = text(health.get("Status"))
    return "" if status == "none" else status


def volume_detail(inspected: object) -> VolumeDetail:
    """``GET /volumes/{name}``."""
    raw = fields(inspected, "the volume")
    return VolumeDetail(volume=volume(raw), status=part(raw.get("Status")), raw=raw)
