"""The lower layers that several stock images share: Debian, Alpine, Python and Node, as officially built."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui.engine.demo.digest import digest
from tui.engine.demo.files import File, blob, folder, link, program, text, total_bytes
from tui.engine.demo.objects import BUILDKIT, DemoLayer, Step
from tui.engine.demo.stock_commands import (
    NODE_INSTALL,
    NODE_USER,
    PYTHON_BUILD,
    PYTHON_CERTIFICATES,
    PYTHON_LINKS,
    YARN_INSTALL,
    run,
)
from tui.engine.demo.trees import grown

Ago = Callable[[float], float]
"""Turns a number of days into the moment that many days ago (seconds since the epoch)."""

_APPLETS = ("ash", "cat", "cp", "echo", "env", "grep", "ls", "mkdir", "mv", "ps", "rm", "sh", "sleep", "touch", "vi")
DEBUERREOTYPE = "debuerreotype 0.15"


def layer(
    key: str, size_bytes: int, rest: str = "", files: Mapping[str, File] | None = None, *, tree: str = ""
) -> DemoLayer:
    """A layer of just ``size_bytes``: ``files``, and what is missing in one made-up file at ``rest``, or in a ``tree``.

    A tree (see :mod:`tui.engine.demo.trees`) grows when somebody looks at the layer's files.
    """
    listed = dict(files or {})
    missing = size_bytes - total_bytes(listed.values())
    if missing < 0:
        raise ValueError(f"layer {key}: its files take {-missing} bytes more than the layer")
    if tree:
        return DemoLayer(digest("layer", key), lambda: {**grown(tree, missing), **listed}, size_bytes)
    listed[rest] = program(missing) if "/bin/" in rest else blob(missing)
    return DemoLayer(digest("layer", key), listed, size_bytes)


def small(key: str, files: Mapping[str, File]) -> DemoLayer:
    """A layer of just these files."""
    return DemoLayer(digest("layer", key), dict(files))


def nop(moment: float, instruction: str) -> Step:
    """A metadata instruction as the classic builder writes it down."""
    return Step(moment, f"/bin/sh -c #(nop)  {instruction}")


def meta(moment: float, instruction: str) -> Step:
    """A metadata instruction as BuildKit writes it down."""
    return Step(moment, instruction, None, BUILDKIT)


def _commands(names: str, size_bytes: int = 43_000) -> dict[str, File]:
    return {f"/usr/bin/{name}": program(size_bytes + 800 * index) for index, name in enumerate(names.split())}


def users(more: str = "", more_groups: str = "") -> dict[str, File]:
    """Who there is; whoever adds a user writes these files again."""
    return {
        "/etc/passwd": text(f"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n{more}"),
        "/etc/group": text(f"root:x:0:\nnogroup:x:65534:\n{more_groups}"),
    }


def _root(release: str) -> dict[str, File]:
    return users() | {
        "/etc/os-release": text(release),
        "/dev": folder(),
        "/proc": folder(),
        "/sys": folder(),
        "/home": folder(),
        "/mnt": folder(),
        "/root": folder(mode=0o700),
        "/run": folder(),
        "/srv": folder(),
        "/tmp": folder(mode=0o1777),
        "/var/log": folder(),
        "/var/tmp": folder(mode=0o1777),
    }


def debian(ago: Ago) -> list[Step]:
    """Debian 12 "bookworm", slim: one layer of 74.8 MB."""
    release = (
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n'
        'VERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL="https://www.debian.org/"\n'
    )
    files = _root(release) | {
        "/bin": link("usr/bin"),
        "/lib": link("usr/lib"),
        "/sbin": link("usr/sbin"),
        "/usr/bin/bash": program(1_265_648),
        "/usr/bin/dash": program(125_640),
        "/usr/bin/sh": link("dash"),
        "/usr/bin/perl": program(3_823_952),
        "/usr/sbin/adduser": program(53_880),
        "/usr/lib/x86_64-linux-gnu/libc.so.6": blob(1_922_136),
        "/usr/lib/x86_64-linux-gnu/libstdc++.so.6": blob(2_190_440),
        "/etc/debian_version": text("12.9\n"),
        "/etc/apt/sources.list.d/debian.sources": text(
            "Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm bookworm-updates\nComponents: main\n"
        ),
        "/var/lib/dpkg/status": blob(92_110),
    }
    files |= _commands("apt cat chmod chown cp date dd df dpkg echo env find grep ls mkdir mv rm sed sleep tar touch")
    base = layer("debian bookworm slim", 74_784_652, files=files, tree="debian")
    command = "# debian.sh --arch 'amd64' out/ 'bookworm' '@1736726400'"
    return [Step(ago(80), command, base, DEBUERREOTYPE)]


def alpine(ago: Ago) -> list[Step]:
    """Alpine 3.21: one layer of 7.8 MB, busybox for everything, no bash."""
    release = 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.2\nPRETTY_NAME="Alpine Linux v3.21"\n'
    files = _root(release) | {
        "/bin/busybox": program(808_712),
        "/lib/ld-musl-x86_64.so.1": blob(666_072),
        "/etc/alpine-release": text("3.21.2\n"),
        "/etc/apk/repositories": text("https://dl-cdn.alpinelinux.org/alpine/v3.21/main\n"),
    }
    files |= {f"/bin/{name}": link("/bin/busybox") for name in _APPLETS}
    base = layer("alpine 3.21", 7_830_118, files=files, tree="alpine")
    return [
        Step(ago(75), "ADD alpine-minirootfs-3.21.2-x86_64.tar.gz / # buildkit", base, BUILDKIT),
        meta(ago(75), 'CMD ["/bin/sh"]'),
    ]


def python(ago: Ago) -> list[Step]:
    """Python 3.12 on Debian: four layers of its own, of which two are tiny."""
    certificates = layer(
        "python certificates",
        9_234_880,
        files={"/etc/ssl/certs/ca-certificates.crt": blob(213_777), "/usr/share/zoneinfo/tzdata.zi": blob(107_055)},
        tree="python certificates",
    )
    interpreter = layer(
        "python 3.12.8",
        41_318_220,
        files={
            "/usr/local/bin/python3.12": program(14_480),
            "/usr/local/lib/libpython3.12.so.1.0": blob(22_874_216),
            "/usr/local/lib/python3.12/asyncio/base_events.py": blob(78_450),
            "/usr/local/lib/python3.12/json/decoder.py": blob(12_473),
        },
        tree="python",
    )
    links = {f"/usr/local/bin/{name}": link(f"{name}3.12") for name in ("idle", "pydoc", "python")}
    return [
        *debian(ago),
        meta(ago(78), "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        meta(ago(78), "ENV LANG=C.UTF-8"),
        Step(
            ago(78),
            run(PYTHON_CERTIFICATES),
            certificates,
            BUILDKIT,
        ),
        meta(ago(78), "ENV PYTHON_VERSION=3.12.8"),
        Step(ago(78), run(PYTHON_BUILD), interpreter, BUILDKIT),
        Step(
            ago(78),
            run(PYTHON_LINKS),
            small("python links", links),
            BUILDKIT,
        ),
        meta(ago(78), 'CMD ["python3"]'),
    ]


PYTHON_ENV = (
    "PATH=/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG=C.UTF-8",
    "PYTHON_VERSION=3.12.8",
)


def node(ago: Ago) -> list[Step]:
    """Node 20 on Debian: four layers of its own."""
    runtime = layer(
        "node 20.18",
        119_962_624,
        files={
            "/usr/local/bin/node": program(98_614_832),
            "/usr/local/bin/npm": link("../lib/node_modules/npm/bin/npm-cli.js"),
            "/usr/local/lib/node_modules/npm/bin/npm-cli.js": text(
                "#!/usr/bin/env node\nrequire('../lib/cli.js')(process)\n"
            ),
        },
        tree="node",
    )
    entry = text('#!/bin/sh\nset -e\nif [ "${1#-}" != "${1}" ]; then\n  set -- node "$@"\nfi\nexec "$@"\n', mode=0o755)
    yarn = layer(
        "yarn 1.22",
        5_339_806,
        files={"/usr/local/bin/yarn": link("/opt/yarn-v1.22.22/bin/yarn")},
        tree="node yarn",
    )
    return [
        *debian(ago),
        Step(
            ago(77),
            run(NODE_USER),
            layer(
                "node user",
                8_936,
                "/var/log/lastlog",
                {
                    "/home/node": folder(owner="node"),
                    "/home/node/.bashrc": blob(3_526, owner="node"),
                    "/etc/subuid": blob(18),
                    **users("node:x:1000:1000::/home/node:/bin/bash\n", "node:x:1000:\n"),
                },
            ),
            BUILDKIT,
        ),
        meta(ago(77), "ENV NODE_VERSION=20.18.2"),
        Step(
            ago(77),
            run(NODE_INSTALL),
            runtime,
            BUILDKIT,
        ),
        meta(ago(77), "ENV YARN_VERSION=1.22.22"),
        Step(
            ago(77),
            run(YARN_INSTALL),
            yarn,
            BUILDKIT,
        ),
        Step(
            ago(77),
            "COPY docker-entrypoint.sh /usr/local/bin/ # buildkit",
            small("node entry", {"/usr/local/bin/docker-entrypoint.sh": entry}),
            BUILDKIT,
        ),
        meta(ago(77), 'ENTRYPOINT ["docker-entrypoint.sh"]'),
        meta(ago(77), 'CMD ["node"]'),
    ]


NODE_ENV = (
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "NODE_VERSION=20.18.2",
    "YARN_VERSION=1.22.22",
)
