"""The team's search image, built the way one should not: what each of its layers adds, hides and copies."""

from __future__ import annotations

from tui.engine.demo.files import WHITEOUT, File, blob, folder, hard_link, link, program, text
from tui.engine.demo.trees.debian import apt_records
from tui.engine.demo.trees.spread import besides, grow, numbered, within

HOME = "/opt/search"
INSTALLED_BYTES = 61_341_696
"""What the program, its models and its tables take together, in each of the two layers that hold them."""
_GCC = "/usr/lib/gcc"
_CMAKE = "/usr/share/cmake-3.25"
_LISTS = "/var/lib/apt/lists"
_LISTED = {
    "deb.debian.org_debian_dists_bookworm_InRelease": 151_108,
    "deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages.lz4": 18_404_172,
    "deb.debian.org_debian-security_dists_bookworm-security_main_binary-amd64_Packages.lz4": 501_664,
    "lock": 0,
}
_TOOLS = "ar as c++ cc cmake cpack ctest cpp g++ gcc gcov ld ld.gold make nm objcopy objdump ranlib readelf strip"
_STATUS = 168_204


def tools(size_bytes: int) -> dict[str, File]:
    """Compilers, CMake and the lists of packages: all of it is deleted two layers later."""
    gcc = f"{_GCC}/x86_64-linux-gnu/12"
    listed = apt_records(_STATUS) | {
        **{f"{_LISTS}/{name}": blob(size) for name, size in _LISTED.items()},
        "/usr/bin/x86_64-linux-gnu-gcc-12": program(1_044_040),
        "/usr/bin/gcc-12": hard_link("/usr/bin/x86_64-linux-gnu-gcc-12", mode=0o755),
    }
    return besides(
        size_bytes,
        listed,
        (150, within(gcc, "cc1 cc1plus lto1 libasan.a libtsan.a libubsan.a libstdc++.a libgcc.a collect2 lto-wrapper")),
        (40, within("/usr/bin", _TOOLS)),
        (
            30,
            numbered(f"{_CMAKE}/Modules", "Find", 120, ".cmake")
            + numbered(f"{_CMAKE}/Help/command", "help", 60, ".rst"),
        ),
        (20, numbered("/usr/include/c++/12/bits", "stl_", 120, ".h")),
        (16, numbered("/usr/include/linux", "uapi_", 120, ".h")),
    )


def sources(size_bytes: int) -> dict[str, File]:
    """The whole working folder, its history included: no .dockerignore was there."""
    listed: dict[str, File] = {
        "/src/.git/HEAD": text("ref: refs/heads/main\n"),
        "/src/.git/config": text(
            '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://git.example.com/team/search\n'
        ),
        "/src/CMakeLists.txt": text(
            "cmake_minimum_required(VERSION 3.25)\nproject(search CXX)\nadd_executable(searchd main.cc)\n"
        ),
        "/src/README.md": text("# search\n\nFinds things. `make install` puts it into /opt/search.\n"),
        "/src/.env": text("SEARCH_TOKEN=not-a-real-one\n", mode=0o600),
    }
    return besides(
        size_bytes,
        listed,
        (70, numbered("/src/.git/objects/pack", "pack-", 3, ".pack")),
        (10, numbered("/src/search", "module", 60, ".cc") + numbered("/src/search", "module", 60, ".h")),
        (30, numbered("/src/tests/fixtures", "corpus", 20, ".json")),
    )


def build(size_bytes: int) -> dict[str, File]:
    """The program and its models, and the whiteouts of everything that was needed to build it."""
    listed = {
        "/src": WHITEOUT,
        _GCC: WHITEOUT,
        _CMAKE: WHITEOUT,
        "/usr/include": WHITEOUT,
        **dict.fromkeys([f"{_LISTS}/{name}" for name in (*_LISTED, "partial")], WHITEOUT),
        **dict.fromkeys(within("/usr/bin", f"{_TOOLS} gcc-12 x86_64-linux-gnu-gcc-12"), WHITEOUT),
        **apt_records(93_004),
        "/etc/search/search.yaml": text("listen: 127.0.0.1:7700\nmodel: small\nlog: debug\n"),
        "/etc/search/conf.d/10-stopwords.conf": text("the a an of in on\n"),
        "/etc/search/conf.d/20-synonyms.conf": text("fast = quick\nlayer = stratum\n"),
        "/etc/search/conf.d/90-debug.conf": text("trace = all\n"),
        "/var/cache/search": folder(mode=0o1777),
    }
    warm = size_bytes - INSTALLED_BYTES - sum(entry.size_bytes for entry in listed.values())
    return listed | _installed(INSTALLED_BYTES, "root") | {"/var/cache/search/warm.bin": blob(warm)}


def owner(size_bytes: int) -> dict[str, File]:
    """`chown -R`: the same files once more, for the sake of a number in their inodes."""
    return _installed(size_bytes, "search")


def _installed(size_bytes: int, owner: str) -> dict[str, File]:
    """The program, its models and its tables."""
    listed = {
        f"{HOME}/bin/searchctl": File("file", 1_204_336, mode=0o755, owner=owner),
        f"{HOME}/bin/search": link("searchctl")._replace(owner=owner),
        f"{HOME}/README.md": text("Everything in here belongs to search.\n", owner=owner),
    }
    missing = size_bytes - sum(entry.size_bytes for entry in listed.values())
    return listed | grow(
        missing,
        (12, [f"{HOME}/bin/searchd"]),
        (40, within(f"{HOME}/models", "embeddings-small embeddings-large tokenizer", ".bin")),
        (16, numbered(f"{HOME}/tables", "table-", 24, ".db")),
        owner=owner,
    )
