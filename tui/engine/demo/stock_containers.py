"""The stock containers: the shop's and the monitoring's Compose projects, and what stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.engine.demo.digest import digest, hex_id
from tui.engine.demo.files import WHITEOUT, File, blob, folder, text, total_bytes
from tui.engine.demo.objects import DemoContainer
from tui.engine.demo.stock_trunks import Ago
from tui.engine.demo.stock_volumes import NOTES, PROXY_CONFIG, REDIS_SCRATCH
from tui.engine.demo.world import World
from tui.model.container import Mount, Port

HOUR = 1 / 24
"""In days."""


@dataclass(frozen=True)
class _Placed:
    """One stock container, as data. Times are in days ago."""

    name: str
    image: str
    """A tag, or the key of a stock image that has none."""
    created: float
    state: str = "running"
    started: float | None = None
    finished: float | None = None
    command: tuple[str, ...] = ()
    mounts: Sequence[Mount] = ()
    ports: tuple[Port, ...] = ()
    networks: tuple[str, ...] = ("bridge",)
    labels: Mapping[str, str] = field(default_factory=dict)
    environment: tuple[str, ...] = ()
    upper: Mapping[str, File] = field(default_factory=dict)
    shown: Mapping[str, Mapping[str, File]] = field(default_factory=dict)
    """Files of bind mounts, by destination."""
    image_name: str = ""
    """What the image was called at creation, when that is not ``image``."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further attributes of the container."""


def _volume(name: str, destination: str, *, read_only: bool = False) -> Mount:
    return Mount("volume", name, f"/var/lib/docker/volumes/{name}/_data", destination, read_only, "local")


def _compose(project: str, service: str, depends_on: str = "") -> dict[str, str]:
    folder = f"/home/ada/{project}"
    return {
        "com.docker.compose.config-hash": hex_id("compose", project, service),
        "com.docker.compose.container-number": "1",
        "com.docker.compose.depends_on": depends_on,
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.project": project,
        "com.docker.compose.project.config_files": f"{folder}/compose.yaml",
        "com.docker.compose.project.working_dir": folder,
        "com.docker.compose.service": service,
        "com.docker.compose.version": "2.32.4",
    }


def _published(private: int, public: int, *addresses: str) -> tuple[Port, ...]:
    return tuple(Port(private, "tcp", public, address) for address in addresses)


def _filled(size_bytes: int, path: str, files: Mapping[str, File]) -> dict[str, File]:
    """``files``, and one more at ``path`` with what is missing to ``size_bytes``."""
    return {**files, path: blob(size_bytes - total_bytes(files.values()))}


def _team_app_changes(size_bytes: int) -> dict[str, File]:
    """Someone changed the program in place, and tried to save space where a container can't: in its image."""
    return _filled(
        size_bytes,
        "/var/log/team-app.log",
        {
            "/app/__pycache__/app.cpython-312.pyc": blob(1_418),
            "/app/app.py": text('VERSION = "1.4"\nprint("team app", VERSION, "with a patch")\n'),
            "/app/README.md": WHITEOUT,
            "/usr/local/lib/python3.12/site-packages/pandas/tests": WHITEOUT,
        },
    )


def _toolbox_changes(size_bytes: int) -> dict[str, File]:
    """What `apk add curl` leaves, and someone who did not like to be greeted."""
    return _filled(
        size_bytes,
        "/usr/bin/curl",
        {
            "/root/.ash_history": text("apk add curl\ncurl -s http://team-app:9000/\n"),
            "/etc/apk/world": text(
                "alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\ncurl\nlibc-utils\n"
            ),
            "/etc/motd": WHITEOUT,
            "/lib/apk/db/installed": blob(14_206),
            "/usr/bin/wcurl": text('#!/bin/sh\nexec curl -fLO "$@"\n', mode=0o755),
        },
    )


_SHOP = (
    _Placed(
        "shop-db-1",
        "postgres:16",
        created=31,
        started=6,
        mounts=(_volume("shop_db-data", "/var/lib/postgresql/data"),),
        ports=(Port(5432),),
        networks=("shop_back",),
        labels=_compose("shop", "db"),
        environment=("POSTGRES_USER=shop", "POSTGRES_DB=shop", "POSTGRES_PASSWORD=not-a-real-one"),
        upper={"/run/postgresql/.s.PGSQL.5432.lock": text("1\n", owner="postgres")},
        more={"health": "healthy", "restart_policy": "unless-stopped", "log_bytes": 4_212_736},
    ),
    _Placed(
        "shop-cache-1",
        "redis:7-alpine",
        created=31,
        started=6,
        command=("redis-server", "--appendonly", "yes"),
        mounts=(_volume("shop_cache-data", "/data"),),
        ports=(Port(6379),),
        networks=("shop_back",),
        labels=_compose("shop", "cache"),
        more={"restart_policy": "unless-stopped", "log_bytes": 88_061},
    ),
    _Placed(
        "shop-migrate-1",
        "shop/api:2.3.1",
        created=2,
        state="exited",
        started=2,
        finished=2 - HOUR / 60,
        command=("python", "-m", "shop.api.migrate"),
        networks=("shop_back",),
        labels=_compose("shop", "migrate", "db:service_healthy:false"),
        upper={"/srv/shop/api/__pycache__/main.cpython-312.pyc": blob(2_816)},
        more={"health": "unhealthy", "log_bytes": 3_412},
    ),
    _Placed(
        "shop-api-1",
        "shop/api:2.3.1",
        created=2,
        started=3 * HOUR,
        mounts=(_volume("shop_uploads", "/srv/uploads"),),
        ports=_published(8000, 8000, "127.0.0.1"),
        networks=("shop_back", "shop_front"),
        labels=_compose("shop", "api", "db:service_healthy:false,migrate:service_completed_successfully:false"),
        environment=("DATABASE_URL=postgresql://shop@db/shop", "LOG_LEVEL=info"),
        upper={"/srv/shop/api/__pycache__/main.cpython-312.pyc": blob(2_816), "/tmp/uvicorn.log": blob(1_204_224)},
        more={"health": "healthy", "restart_policy": "unless-stopped", "log_bytes": 187_904_311},
    ),
    _Placed(
        "shop-worker-1",
        "shop/worker:2.3.1",
        created=2,
        state="restarting",
        started=2 * HOUR / 60,
        finished=HOUR / 100,
        mounts=(_volume("shop_uploads", "/srv/uploads"),),
        networks=("shop_back",),
        labels=_compose("shop", "worker", "cache:service_started:false"),
        environment=("QUEUE=emails,thumbnails",),
        upper={"/tmp/core.1": blob(18_350_080)},
        more={"exit_code": 1, "restart_policy": "always", "restart_count": 214, "log_bytes": 412_316_860},
    ),
    _Placed(
        "shop-web-1",
        "shop/web:2.3.1",
        created=2,
        started=3 * HOUR,
        mounts=(_volume("shop_uploads", "/app/public/uploads", read_only=True),),
        ports=_published(3000, 8080, "0.0.0.0", "::"),
        networks=("shop_front",),
        labels=_compose("shop", "web", "api:service_healthy:false"),
        environment=("API_URL=http://api:8000",),
        upper={"/app/.next/cache/fetch-cache/index": blob(9_437_184, owner="node")},
        more={"health": "healthy", "restart_policy": "unless-stopped", "log_bytes": 36_700_160},
    ),
)

_MONITORING = (
    _Placed(
        "monitoring-agent-1",
        "registry.example.com/tools/metrics-agent:0.9.3",
        created=58,
        started=6,
        ports=(Port(9100),),
        mounts=(Mount("bind", "", "/proc", "/host/proc", True),),
        networks=("monitoring_default",),
        labels=_compose("monitoring", "agent"),
        more={"restart_policy": "unless-stopped", "log_bytes": 9_812_004},
    ),
    _Placed(
        "monitoring-proxy-1",
        "nginx:1.27-alpine",
        created=58,
        state="exited",
        started=6,
        finished=5,
        ports=_published(80, 9080, "0.0.0.0", "::"),
        mounts=(Mount("bind", "", "/home/ada/monitoring/nginx", "/etc/nginx/conf.d", True),),
        networks=("monitoring_default",),
        labels=_compose("monitoring", "proxy", "agent:service_started:false"),
        shown={"/etc/nginx/conf.d": PROXY_CONFIG},
        upper={
            # The log was a link to stderr; the page is that of someone who did `rm -rf html && mkdir html`.
            "/var/log/nginx/error.log": text('nginx: [emerg] host not found in upstream "agent"\n'),
            "/usr/share/nginx/html": folder()._replace(opaque=True),
            "/usr/share/nginx/html/maintenance": text(""),
        },
        more={"exit_code": 1, "log_bytes": 2_204},
    ),
)

_STANDALONE = (
    _Placed(
        "team-app",
        "localhost:5000/team/app:1.4",
        created=5,
        started=5,
        mounts=(_volume("team-app-state", "/app/state"),),
        ports=_published(9000, 9000, "0.0.0.0", "::"),
        upper=_team_app_changes(6_292_874),
        more={"log_bytes": 1_288_490_188},
    ),
    _Placed(
        "notebook",
        "python:3.12-slim",
        created=8,
        state="paused",
        started=8,
        command=("python3", "-m", "http.server", "--directory", "/work"),
        mounts=(Mount("bind", "", "/home/ada/notes", "/work"), Mount("tmpfs", "", "", "/scratch")),
        shown={"/work": NOTES, "/scratch": {"/draft.txt": text("gone when this container stops\n")}},
        more={"tty": True, "working_dir": "/work", "log_bytes": 48_112},
    ),
    _Placed(
        "import-catalogue",
        "shop/api 2.2.7",
        image_name="shop/api:2.2.7",
        created=23,
        state="exited",
        started=23,
        finished=23 - 2 * HOUR,
        command=("python", "-m", "shop.api.imports", "catalogue.csv"),
        mounts=(_volume("shop_uploads", "/srv/uploads"),),
        upper={"/tmp/catalogue.csv": blob(268_435_456)},
        more={"exit_code": 137, "oom_killed": True, "health": "unhealthy", "log_bytes": 5_591_040},
    ),
    _Placed(
        "nightly-report",
        "team/reports:nightly",
        created=0.4,
        state="exited",
        started=0.4,
        finished=0.4 - HOUR / 90,
        upper={"/opt/reports/out/report.html": blob(1_204_118)},
        more={"log_bytes": 312},
    ),
    _Placed(
        "redis-scratch",
        "redis:7-alpine",
        created=4,
        state="exited",
        started=4,
        finished=3.9,
        mounts=(_volume(REDIS_SCRATCH, "/data"),),
        ports=(Port(6379),),
        more={"log_bytes": 1_906},
    ),
    _Placed(
        "keen_shannon",
        "debian:bookworm-slim",
        created=0.1,
        state="created",
        command=("bash",),
        more={"tty": True},
    ),
    _Placed(
        "toolbox",
        "alpine:3.21",
        created=0.2,
        started=0.2,
        command=("sleep", "infinity"),
        upper=_toolbox_changes(259_707),
        more={"stop_exit_code": 137},
    ),
)


def place_containers(world: World, ago: Ago) -> None:
    """Put all of them into the world. Images and volumes must be there."""
    for network in ("shop_back", "shop_front", "monitoring_default"):
        world.add_network(network)
    for placed in (*_SHOP, *_MONITORING, *_STANDALONE):
        container = _container(world, placed, ago)
        world.containers[container.id] = container


def _container(world: World, placed: _Placed, ago: Ago) -> DemoContainer:
    image = world.images.get(digest("image", placed.image)) or world.image(placed.image)
    identity = hex_id("container", placed.name)
    container = DemoContainer(
        id=identity,
        name=placed.name,
        image=image,
        image_name=placed.image_name or placed.image,
        created=ago(placed.created),
        entrypoint=image.config.entrypoint,
        command=placed.command or image.config.command,
        environment=(*image.config.environment, *placed.environment),
        user=image.config.user,
        working_dir=image.config.working_dir,
        hostname=identity[:12],
        labels={**image.config.labels, **placed.labels},
        mounts=list(placed.mounts),
        ports=placed.ports,
        networks=placed.networks,
        state=placed.state,
        started=None if placed.started is None else ago(placed.started),
        finished=None if placed.finished is None else ago(placed.finished),
        upper=dict(placed.upper),
        scratch={path: dict(files) for path, files in placed.shown.items()},
    )
    for name, value in placed.more.items():
        setattr(container, name, value)
    return container
