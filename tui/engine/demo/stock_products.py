"""The stock images that came from a registry: databases, servers, a compiler."""

from __future__ import annotations

from tui.engine.demo.digest import digest
from tui.engine.demo.files import File, blob, folder, link, program, text
from tui.engine.demo.objects import BUILDKIT, DemoImage, ImageConfig, Step, make_image
from tui.engine.demo.stock_commands import (
    GO_COMPILERS,
    GO_DOWNLOADS,
    GO_PATH,
    NGINX_INSTALL,
    POSTGRES_FOLDERS,
    POSTGRES_INSTALL,
    POSTGRES_LOCALE,
    POSTGRES_USER,
    REDIS_INSTALL,
    REDIS_USER,
    classic_run,
    run,
)
from tui.engine.demo.stock_trunks import (
    NODE_ENV,
    PYTHON_ENV,
    Ago,
    alpine,
    debian,
    layer,
    meta,
    node,
    nop,
    python,
    small,
    users,
)

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def product_images(ago: Ago) -> list[DemoImage]:
    """All of them."""
    python_config = ImageConfig(command=("python3",), environment=PYTHON_ENV)
    node_config = ImageConfig(("docker-entrypoint.sh",), ("node",), NODE_ENV)
    debian_config = ImageConfig(command=("bash",), environment=(PATH,))
    return [
        _pulled("debian", [*debian(ago)], debian_config, "bookworm-slim", "12-slim"),
        _pulled("alpine", alpine(ago), ImageConfig(command=("/bin/sh",), environment=(PATH,)), "3.21", "latest"),
        _pulled("python", python(ago), python_config, "3.12-slim"),
        _pulled("node", node(ago), node_config, "20-bookworm-slim"),
        _postgres(ago),
        _redis(ago),
        _nginx(ago),
        _golang(ago),
        _agent(ago),
        _hello(ago),
    ]


def _pulled(repository: str, steps: list[Step], config: ImageConfig, *tags: str) -> DemoImage:
    names = [f"{repository}:{tag}" for tag in tags]
    return make_image(names[0], steps, config, tags=names, digests=[f"{repository}@{digest('manifest', names[0])}"])


def _postgres(ago: Ago) -> DemoImage:
    """PostgreSQL 16, written down the way the classic builder does."""
    server = layer(
        "postgres 16",
        291_602_437,
        files={
            "/usr/lib/postgresql/16/bin/postgres": program(9_631_208),
            "/usr/lib/postgresql/16/bin/psql": program(719_344),
            "/usr/lib/postgresql/16/bin/pg_dump": program(437_512),
            "/usr/share/postgresql/16/postgresql.conf.sample": text(
                "#listen_addresses = 'localhost'\n#max_connections = 100\n"
            ),
        },
        tree="postgres",
    )
    accounts = users("postgres:x:999:999::/var/lib/postgresql:/bin/bash\n", "postgres:x:999:\n")
    home: dict[str, File] = {"/var/lib/postgresql": folder(mode=0o1777, owner="postgres")}
    user = layer("postgres user", 9_221, "/etc/passwd-", home | accounts)
    locale = layer("postgres locale", 25_113_420, tree="postgres locale")
    entry = text(
        '#!/usr/bin/env bash\nset -Eeo pipefail\n# starts the server, after initdb the first time\nexec "$@"\n',
        mode=0o755,
    )
    folders = {
        "/var/lib/postgresql/data": folder(mode=0o777, owner="postgres"),
        "/docker-entrypoint-initdb.d": folder(),
    }
    steps = [
        *debian(ago),
        Step(
            ago(70),
            classic_run(POSTGRES_USER),
            user,
        ),
        Step(
            ago(70),
            classic_run(POSTGRES_LOCALE),
            locale,
        ),
        nop(ago(70), "ENV LANG=en_US.utf8"),
        nop(ago(70), "ENV PG_MAJOR=16"),
        nop(ago(70), "ENV PG_VERSION=16.6-1.pgdg120+1"),
        Step(ago(70), classic_run(POSTGRES_INSTALL), server),
        Step(
            ago(70),
            classic_run(POSTGRES_FOLDERS),
            small("postgres folders", folders),
        ),
        nop(ago(70), "ENV PGDATA=/var/lib/postgresql/data"),
        nop(ago(70), "VOLUME [/var/lib/postgresql/data]"),
        Step(
            ago(70),
            "/bin/sh -c #(nop) COPY multi:7b91c4d2e0a3f5 in /usr/local/bin/ ",
            small("postgres entry", {"/usr/local/bin/docker-entrypoint.sh": entry}),
        ),
        nop(ago(70), 'ENTRYPOINT ["docker-entrypoint.sh"]'),
        nop(ago(70), "STOPSIGNAL SIGINT"),
        nop(ago(70), "EXPOSE 5432"),
        nop(ago(70), 'CMD ["postgres"]'),
    ]
    config = ImageConfig(
        ("docker-entrypoint.sh",),
        ("postgres",),
        (f"{PATH}:/usr/lib/postgresql/16/bin", "LANG=en_US.utf8", "PG_MAJOR=16", "PGDATA=/var/lib/postgresql/data"),
        exposed_ports=("5432/tcp",),
        volumes=("/var/lib/postgresql/data",),
        health_check=("CMD-SHELL", "pg_isready -U shop"),
        stop_signal="SIGINT",
    )
    return _pulled("postgres", steps, config, "16", "16.6")


def _redis(ago: Ago) -> DemoImage:
    server = layer(
        "redis 7.4",
        31_204_778,
        files={"/usr/local/bin/redis-cli": program(6_912_448), "/data": folder(owner="redis")},
        tree="alpine redis",
    )
    accounts = users("redis:x:999:1000:redis:/home/redis:/bin/false\n", "redis:x:1000:redis\n")
    user = layer("redis user", 1_172, "/etc/passwd-", accounts)
    steps = [
        *alpine(ago),
        Step(
            ago(68),
            run(REDIS_USER),
            user,
            BUILDKIT,
        ),
        meta(ago(68), "ENV REDIS_VERSION=7.4.2"),
        Step(
            ago(68),
            run(REDIS_INSTALL),
            server,
            BUILDKIT,
        ),
        meta(ago(68), "VOLUME [/data]"),
        Step(ago(68), "WORKDIR /data", small("redis workdir", {"/data": folder(owner="redis")}), BUILDKIT),
        meta(ago(68), "EXPOSE map[6379/tcp:{}]"),
        meta(ago(68), 'CMD ["redis-server"]'),
    ]
    config = ImageConfig((), ("redis-server",), (PATH, "REDIS_VERSION=7.4.2"), "", "/data", ("6379/tcp",), ("/data",))
    return _pulled("redis", steps, config, "7-alpine")


def _nginx(ago: Ago) -> DemoImage:
    site = "server {\n    listen 80;\n    location / {\n        root /usr/share/nginx/html;\n    }\n}\n"
    server = layer(
        "nginx 1.27",
        40_381_952,
        files={
            "/usr/sbin/nginx": program(1_470_912),
            "/etc/nginx/nginx.conf": text("user nginx;\nworker_processes auto;\nevents { worker_connections 1024; }\n"),
            "/etc/nginx/conf.d/default.conf": text(site),
            "/usr/share/nginx/html/index.html": text("<!doctype html>\n<title>Welcome to nginx!</title>\n"),
            "/var/log/nginx/access.log": link("/dev/stdout"),
        },
        tree="alpine nginx",
    )
    steps = [
        *alpine(ago),
        meta(ago(66), "LABEL maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>"),
        meta(ago(66), "ENV NGINX_VERSION=1.27.3"),
        Step(
            ago(66),
            run(NGINX_INSTALL),
            server,
            BUILDKIT,
        ),
        meta(ago(66), "EXPOSE map[80/tcp:{}]"),
        meta(ago(66), "STOPSIGNAL SIGQUIT"),
        meta(ago(66), 'CMD ["nginx" "-g" "daemon off;"]'),
    ]
    config = ImageConfig(
        (),
        ("nginx", "-g", "daemon off;"),
        (PATH, "NGINX_VERSION=1.27.3"),
        exposed_ports=("80/tcp",),
        stop_signal="SIGQUIT",
        labels={"maintainer": "NGINX Docker Maintainers <docker-maint@nginx.com>"},
    )
    return _pulled("nginx", steps, config, "1.27-alpine")


def _golang(ago: Ago) -> DemoImage:
    """A big image that no container uses."""
    toolchain = layer(
        "go 1.23",
        246_318_592,
        files={"/usr/local/go/bin/go": program(13_010_240), "/usr/local/go/VERSION": text("go1.23.4\n")},
        tree="go",
    )
    steps = [
        *debian(ago),
        Step(
            ago(72),
            run(GO_DOWNLOADS),
            layer("go scm", 92_411_204, tree="debian source control"),
            BUILDKIT,
        ),
        Step(
            ago(72),
            run(GO_COMPILERS),
            layer("go compiler", 264_115_370, tree="debian compilers"),
            BUILDKIT,
        ),
        meta(ago(72), "ENV GOLANG_VERSION=1.23.4"),
        Step(ago(72), "COPY /target/ / # buildkit", toolchain, BUILDKIT),
        Step(
            ago(72),
            run(GO_PATH),
            small("go path", {"/go/src": folder(mode=0o1777), "/go/bin": folder(mode=0o1777)}),
            BUILDKIT,
        ),
        Step(ago(72), "WORKDIR /go", small("go workdir", {"/go": folder()}), BUILDKIT),
    ]
    return _pulled(
        "golang",
        steps,
        ImageConfig((), ("bash",), (f"{PATH}:/usr/local/go/bin", "GOLANG_VERSION=1.23.4", "GOPATH=/go"), "", "/go"),
        "1.23-bookworm",
    )


def _agent(ago: Ago) -> DemoImage:
    """A program on nothing but certificates: no shell, nothing to look around with."""
    base = layer(
        "distroless static",
        1_990_402,
        "/usr/share/zoneinfo/tzdata.zi",
        {
            "/home/nonroot": folder(owner="nonroot"),
            "/etc/ssl/certs/ca-certificates.crt": blob(213_777),
            "/etc/passwd": text("nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n"),
        },
    )
    agent = layer(
        "metrics agent 0.9", 22_416_384, "/agent", {"/etc/agent.yaml": text("interval: 15s\nlisten: :9100\n")}
    )
    steps = [
        Step(ago(400), "bazel build @distroless//static:nonroot_amd64_debian12", base, ""),
        Step(ago(64), "COPY /out/agent /etc/agent.yaml / # buildkit", agent, BUILDKIT),
        meta(ago(64), "USER nonroot"),
        meta(ago(64), 'ENTRYPOINT ["/agent"]'),
    ]
    return _pulled(
        "registry.example.com/tools/metrics-agent",
        steps,
        ImageConfig(("/agent",), ("--config", "/etc/agent.yaml"), (PATH,), "nonroot", "/home/nonroot", ("9100/tcp",)),
        "0.9.3",
    )


def _hello(ago: Ago) -> DemoImage:
    steps = [
        Step(ago(660), "COPY hello / # buildkit", small("hello", {"/hello": program(13_256)}), BUILDKIT),
        meta(ago(660), 'CMD ["/hello"]'),
    ]
    return _pulled("hello-world", steps, ImageConfig((), ("/hello",), (PATH,)), "latest")
