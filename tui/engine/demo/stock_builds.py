"""The stock images that were built on this host: the shop, a team's app, and the old builds they left behind."""

from __future__ import annotations

from tui.engine.demo.files import blob, folder, text
from tui.engine.demo.objects import BUILDKIT, DemoImage, DemoLayer, ImageConfig, Step, make_image
from tui.engine.demo.stock_commands import SHOP_NPM, SHOP_PIP, TEAM_TOOLS, classic_run, run
from tui.engine.demo.stock_search import search_image
from tui.engine.demo.stock_trunks import NODE_ENV, PYTHON_ENV, Ago, debian, layer, meta, node, nop, python, small

REGISTRY = "localhost:5000"


def built_images(ago: Ago) -> list[DemoImage]:
    """All of them."""
    return [
        _web(ago, "2.3.1", 2.0, ["shop/web:2.3.1", "shop/web:latest", f"{REGISTRY}/shop/web:2.3.1"]),
        _web(ago, "2.3.0", 9.0, ["shop/web:2.3.0"]),
        _web(ago, "2.3.0 first try", 9.1, []),
        _shop_python(ago, "api", "2.3.1", 2.0, ["shop/api:2.3.1", "shop/api:latest"]),
        _shop_python(ago, "api", "2.2.7", 24.0, []),
        _shop_python(ago, "worker", "2.3.1", 2.0, ["shop/worker:2.3.1"]),
        _team_app(ago, "1.4", 5.0),
        _team_app(ago, "1.3", 19.0),
        search_image(ago),
        *_classic(ago),
    ]


def pip_layer() -> DemoLayer:
    """The shop's Python dependencies: in the api's and the worker's images, and in the build cache."""
    return layer(
        "shop requirements",
        87_402_116,
        files={
            "/usr/local/bin/uvicorn": text(
                "#!/usr/local/bin/python3.12\nfrom uvicorn.main import main\nmain()\n", mode=0o755
            ),
            "/usr/local/lib/python3.12/site-packages/fastapi/applications.py": blob(176_315),
            "/usr/local/lib/python3.12/site-packages/sqlalchemy/orm/session.py": blob(196_312),
            "/usr/local/lib/python3.12/site-packages/pydantic_core/_pydantic_core.so": blob(4_591_160),
        },
        tree="shop requirements",
    )


def npm_layer(version: str) -> DemoLayer:
    """The web front's dependencies; version 2.3.0 was tried twice and has them once."""
    key = "2.3.1" if version == "2.3.1" else "2.3.0"
    size = 214_870_311 if key == "2.3.1" else 213_905_540
    return layer(
        f"shop npm {key}",
        size,
        files={
            "/app/node_modules/next/package.json": text('{"name": "next", "version": "15.1.6"}\n'),
            "/app/node_modules/react/package.json": text('{"name": "react", "version": "19.0.0"}\n'),
        },
        tree="shop front",
    )


def _labels(title: str, version: str) -> dict[str, str]:
    return {
        "org.opencontainers.image.title": title,
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.source": "https://git.example.com/shop/shop",
    }


def _web(ago: Ago, version: str, days: float, tags: list[str]) -> DemoImage:
    manifest = text(f'{{"name": "shop-web", "version": "{version[:5]}"}}\n')
    dependencies = npm_layer(version)
    build = layer(
        f"shop web build {version}",
        38_114_902 + len(version) * 1024,
        files={
            "/app/.next/BUILD_ID": text(f"{version}\n"),
            "/app/server.js": text("require('next/dist/cli/next-start')\n"),
        },
        tree="shop front build",
    )
    steps = [
        *node(ago),
        Step(ago(60), "WORKDIR /app", small("web workdir", {"/app": folder()}), BUILDKIT),
        Step(
            ago(days),
            "COPY package.json package-lock.json ./ # buildkit",
            small(
                f"web package {version[:5]}", {"/app/package.json": manifest, "/app/package-lock.json": blob(412_204)}
            ),
            BUILDKIT,
        ),
        Step(
            ago(days),
            run(SHOP_NPM),
            dependencies,
            BUILDKIT,
        ),
        Step(ago(days), "COPY --from=build /src/.next ./.next # buildkit", build, BUILDKIT),
        meta(ago(days), "ENV NODE_ENV=production"),
        meta(ago(days), "USER node"),
        meta(ago(days), "EXPOSE map[3000/tcp:{}]"),
        meta(
            ago(days),
            'HEALTHCHECK &{["CMD-SHELL" "wget -qO- localhost:3000/healthz || exit 1"] "10s" "3s" "0s" "0s" \'\x05\'}',
        ),
        meta(ago(days), 'CMD ["node" "server.js"]'),
    ]
    config = ImageConfig(
        ("docker-entrypoint.sh",),
        ("node", "server.js"),
        (*NODE_ENV, "NODE_ENV=production", "PORT=3000"),
        "node",
        "/app",
        ("3000/tcp",),
        labels=_labels("shop web", version[:5]),
        health_check=("CMD-SHELL", "wget -qO- localhost:3000/healthz || exit 1"),
    )
    return make_image(f"shop/web {version}", steps, config, tags=tags)


def _shop_python(ago: Ago, part: str, version: str, days: float, tags: list[str]) -> DemoImage:
    code = {
        f"/srv/shop/{part}/__init__.py": text(f'"""The shop\'s {part}."""\n\n__version__ = "{version}"\n'),
        f"/srv/shop/{part}/main.py": text(
            "import logging\n\nlog = logging.getLogger(__name__)\n\n\ndef main() -> None:\n    log.info('ready')\n"
        ),
        f"/srv/shop/{part}/settings.toml": text(
            '[database]\nurl = "postgresql://shop@db/shop"\n\n[cache]\nurl = "redis://cache:6379/0"\n'
        ),
    }
    command = (
        ("uvicorn", "shop.api.main:app", "--host", "0.0.0.0", "--port", "8000")
        if part == "api"
        else ("python", "-m", "shop.worker")
    )
    shown = " ".join(f'"{word}"' for word in command)
    steps = [
        *python(ago),
        Step(ago(60), "WORKDIR /srv", small("shop workdir", {"/srv": folder()}), BUILDKIT),
        Step(
            ago(26),
            "COPY requirements.txt ./ # buildkit",
            small(
                "shop requirements.txt",
                {
                    "/srv/requirements.txt": text(
                        "fastapi==0.115.6\nsqlalchemy==2.0.36\nuvicorn==0.34.0\nredis==5.2.1\n"
                    )
                },
            ),
            BUILDKIT,
        ),
        Step(
            ago(26),
            run(SHOP_PIP),
            pip_layer(),
            BUILDKIT,
        ),
        Step(
            ago(days),
            f"COPY shop/{part} ./shop/{part} # buildkit",
            layer(f"shop {part} {version}", 2_304_118 + len(part) * 4096, f"/srv/shop/{part}/locale.mo", code),
            BUILDKIT,
        ),
        meta(ago(days), f"ENV PYTHONUNBUFFERED=1 SHOP_PART={part}"),
        meta(ago(days), f"CMD [{shown}]"),
    ]
    config = ImageConfig(
        (),
        command,
        (*PYTHON_ENV, "PYTHONUNBUFFERED=1", f"SHOP_PART={part}"),
        working_dir="/srv",
        exposed_ports=("8000/tcp",) if part == "api" else (),
        labels=_labels(f"shop {part}", version),
        health_check=("CMD", "python", "-m", "shop.api.health") if part == "api" else (),
    )
    return make_image(f"shop/{part} {version}", steps, config, tags=tags)


def _team_app(ago: Ago, version: str, days: float) -> DemoImage:
    """Both versions share everything but the code itself."""
    dependencies = layer("team requirements", 143_220_864, tree="team requirements")
    code = layer(
        f"team app {version}",
        11_402_118 if version == "1.4" else 11_120_344,
        "/app/model.bin",
        {
            "/app/app.py": text(f'VERSION = "{version}"\nprint("team app", VERSION)\n'),
            "/app/README.md": text("# The team's app\n\nAsk it on port 9000.\n"),
        },
    )
    steps = [
        *python(ago),
        Step(ago(50), run("pip install numpy==2.2.1 pandas==2.2.3"), dependencies, BUILDKIT),
        Step(ago(days), "COPY . /app # buildkit", code, BUILDKIT),
        meta(ago(days), "VOLUME [/app/state]"),
        meta(ago(days), 'ENTRYPOINT ["python" "/app/app.py"]'),
    ]
    config = ImageConfig(
        ("python", "/app/app.py"),
        ("--serve",),
        PYTHON_ENV,
        "",
        "/app",
        ("9000/tcp",),
        ("/app/state",),
        {"team": "data"},
    )
    return make_image(f"team/app {version}", steps, config, tags=[f"{REGISTRY}/team/app:{version}"])


def _classic(ago: Ago) -> list[DemoImage]:
    """Three images of the classic builder: a base, one built straight on it, and the unnamed one between."""
    tools = layer(
        "team tools",
        52_180_224,
        files={"/etc/team-release": text("team base 2025.01\n")},
        tree="debian source control",
    )
    base_steps = [
        *debian(ago),
        Step(ago(28), classic_run(TEAM_TOOLS), tools),
    ]
    environment = ("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",)
    base_config = ImageConfig((), ("bash",), environment, labels={"team": "data"})
    base = make_image(
        "team/base", base_steps, base_config, tags=["team/base:2025.01"], author="The data team <data@example.com>"
    )
    report = small(
        "reports script",
        {
            "/opt/reports/run.sh": text("#!/bin/sh\necho 'report written'\n", mode=0o755),
            "/opt/reports/template.html": blob(184_220),
        },
    )
    copy = Step(ago(12), "/bin/sh -c #(nop) COPY dir:5f1d0e9c3b7a42 in /opt/reports ", report)
    between = make_image("team/reports step", [*base_steps, copy], base_config, parent_id=base.id)
    final_config = ImageConfig((), ("/opt/reports/run.sh",), environment, "", "/opt/reports", labels={"team": "data"})
    final_steps = [*base_steps, copy, nop(ago(12), 'CMD ["/opt/reports/run.sh"]')]
    return [
        base,
        between,
        make_image("team/reports", final_steps, final_config, tags=["team/reports:nightly"], parent_id=between.id),
    ]
