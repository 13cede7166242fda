"""Node 20: the runtime's layers, and the modules and pages of the shop's web front."""

from __future__ import annotations

from tui.engine.demo.files import File, blob, link, text
from tui.engine.demo.trees.spread import besides, each_in, numbered, within

_NPM = (
    "abbrev agent-base ansi-regex aproba archy binary-extensions cacache chalk ci-info cidr-regex cli-columns "
    "color-convert cross-spawn cssesc debug diff emoji-regex env-paths fastest-levenshtein fs-minipass glob "
    "graceful-fs hosted-git-info iconv-lite ignore-walk imurmurhash ini init-package-json ip-address is-cidr isexe "
    "jackspeak json-parse-even-better-errors just-diff libnpmaccess libnpmdiff libnpmexec libnpmfund libnpmpack "
    "libnpmpublish lru-cache make-fetch-happen minimatch minipass minizlib mkdirp ms mute-stream negotiator node-gyp "
    "nopt npm-bundled npm-packlist npmlog pacote parse-conflict-json path-scurry proc-log promzard qrcode-terminal "
    "read retry safer-buffer semver sigstore signal-exit socks spdx-correct ssri string-width strip-ansi "
    "supports-color tar text-table tiny-relative-date treeverse tuf-js unique-slug util-deprecate "
    "validate-npm-package-name walk-up-path which wrap-ansi write-file-atomic yallist"
)
_FRONT = (
    "@next/env @swc/helpers busboy caniuse-lite client-only clsx color csstype date-fns detect-libc geist graceful-fs "
    "is-arrayish lodash nanoid next postcss react react-dom react-hook-form scheduler semver sharp simple-swizzle "
    "source-map-js styled-jsx swr tailwind-merge tslib use-sync-external-store zod zustand"
)
_PARTS = "LICENSE README.md index.js package.json"


def runtime(size_bytes: int) -> dict[str, File]:
    """npm with its modules, headers and pages of manuals."""
    npm = "/usr/local/lib/node_modules/npm"
    return besides(
        size_bytes,
        {
            "/usr/local/bin/nodejs": link("/usr/local/bin/node"),
            "/usr/local/bin/npx": link("../lib/node_modules/npm/bin/npx-cli.js"),
            "/usr/local/bin/corepack": link("../lib/node_modules/corepack/dist/corepack.js"),
            "/usr/local/lib/node_modules/npm/bin/npx-cli.js": text(
                "#!/usr/bin/env node\nrequire('../lib/cli.js')(process)\n"
            ),
            "/usr/local/README.md": blob(39_957),
            "/usr/local/LICENSE": blob(141_221),
            "/usr/local/CHANGELOG.md": blob(58_712),
        },
        (60, each_in(within(f"{npm}/node_modules", _NPM), _PARTS)),
        (30, numbered("/usr/local/include/node/openssl/archs/linux-x86_64", "asm", 60, ".h")),
        (12, numbered(f"{npm}/man/man1", "npm-", 50, ".1")),
        (20, within("/usr/local/include/node", "v8 v8-isolate v8-value uv node node_api node_buffer zlib", ".h")),
        (40, ["/usr/local/lib/node_modules/corepack/dist/lib/corepack.cjs"]),
    )


def yarn(size_bytes: int) -> dict[str, File]:
    """Yarn, whose code is one long file."""
    home = "/opt/yarn-v1.22.22"
    listed = {f"{home}/bin/yarn": text('#!/bin/sh\nexec node "$(dirname "$0")/yarn.js" "$@"\n', mode=0o755)}
    return besides(
        size_bytes,
        listed,
        (95, [f"{home}/lib/cli.js"]),
        (5, within(home, "LICENSE README.md package.json bin/yarn.js")),
    )


def front_modules(size_bytes: int) -> dict[str, File]:
    """The web front's modules. lodash and graceful-fs are there twice: two modules bring their own."""
    modules = "/app/node_modules"
    twice = {f"{modules}/lodash/lodash.js": blob(544_098), f"{modules}/graceful-fs/polyfills.js": blob(10_141)}
    twice |= {path.replace(modules, f"{modules}/styled-jsx/node_modules"): entry for path, entry in twice.items()}
    named = {f"{modules}/next/package.json", f"{modules}/react/package.json"}
    parts = each_in(within(modules, _FRONT), f"{_PARTS} dist/index.cjs dist/index.d.ts dist/index.mjs")
    return besides(
        size_bytes,
        {
            **twice,
            f"{modules}/.bin/next": link("../next/dist/bin/next"),
            f"{modules}/.package-lock.json": blob(188_342),
        },
        (20, [path for path in parts if path not in named]),
        (
            120,
            within(
                f"{modules}/@next",
                "swc-linux-x64-gnu/next-swc.linux-x64-gnu swc-linux-x64-musl/next-swc.linux-x64-musl",
                ".node",
            ),
        ),
        (18, within(f"{modules}/@img", "sharp-libvips-linux-x64/lib/libvips-cpp sharp-linux-x64/lib/sharp", ".so.42")),
        (
            52,
            numbered(f"{modules}/next/dist/server", "chunk", 120, ".js")
            + numbered(f"{modules}/next/dist/compiled", "part", 80, ".js"),
        ),
        (6, numbered(f"{modules}/date-fns/locale", "locale", 70, ".js")),
    )


def front_build(size_bytes: int) -> dict[str, File]:
    """What `next build` leaves."""
    build = "/app/.next"
    return besides(
        size_bytes,
        {f"{build}/package.json": text('{"type": "commonjs"}\n')},
        (30, [f"{build}/server/chunks/main.js"]),
        (30, numbered(f"{build}/server/chunks", "", 60, ".js")),
        (24, numbered(f"{build}/static/chunks", "page-", 50, ".js")),
        (10, numbered(f"{build}/static/media", "font-", 12, ".woff2")),
        (4, within(build, "build-manifest routes-manifest prerender-manifest required-server-files", ".json")),
    )
