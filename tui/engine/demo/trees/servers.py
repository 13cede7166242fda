"""PostgreSQL, Go and what else stands on Debian."""

from __future__ import annotations

from tui.engine.demo.files import File, blob, hard_link, link, program
from tui.engine.demo.trees.debian import apt_records
from tui.engine.demo.trees.spread import besides, each_in, numbered, within

_PG_TOOLS = (
    "clusterdb createdb createuser dropdb dropuser initdb pg_amcheck pg_archivecleanup pg_basebackup pg_checksums "
    "pg_config pg_controldata pg_ctl pg_dumpall pg_isready pg_receivewal pg_recvlogical pg_resetwal pg_restore "
    "pg_rewind pg_upgrade pg_verifybackup pg_waldump pgbench reindexdb vacuumdb"
)
_EXTENSIONS = (
    "adminpack amcheck bloom btree_gin btree_gist citext cube dblink dict_int earthdistance file_fdw fuzzystrmatch "
    "hstore intarray isn lo ltree pageinspect pg_buffercache pg_prewarm pg_stat_statements pg_trgm pgcrypto plpgsql "
    "postgres_fdw seg sslinfo tablefunc tsm_system_rows unaccent uuid-ossp xml2"
)
_GIT = (
    "add am apply archive bisect blame branch bundle checkout clone commit diff fetch fsck gc grep init log merge mv "
    "notes prune"
)

_GO = (
    "archive/tar archive/zip bufio bytes compress/flate compress/gzip container/heap context crypto/aes crypto/sha256 "
    "crypto/tls database/sql encoding/json encoding/xml errors expvar flag fmt go/ast go/parser go/types hash/crc32 "
    "html/template image/png io io/fs log log/slog maps math math/big mime net net/http net/url os os/exec path "
    "path/filepath reflect regexp runtime runtime/pprof slices sort strconv strings sync sync/atomic syscall testing "
    "text/template time unicode unsafe"
)
_TOOLS = "addr2line asm buildid cgo cover doc fix link nm objdump pack pprof test2json trace vet"


def postgres(size_bytes: int) -> dict[str, File]:
    """The server with its extensions and the compiler for its queries, installed with apt-get."""
    home = "/usr/lib/postgresql/16"
    share = "/usr/share/postgresql/16"
    return besides(
        size_bytes,
        {
            **apt_records(139_460),
            "/usr/share/postgresql-common/server": blob(4_100),
            "/usr/bin/pg_lsclusters": link("../share/postgresql-common/pg_wrapper"),
        },
        (110, within("/usr/lib/x86_64-linux-gnu", "libLLVM-16.so.1 libicudata.so.72 libicui18n.so.72 libz3.so.4")),
        (36, [f"{home}/lib/llvmjit.so"]),
        (20, within(f"{home}/bin", _PG_TOOLS)),
        (16, within(f"{home}/lib", _EXTENSIONS, ".so")),
        (
            6,
            within(f"{share}/extension", _EXTENSIONS, ".control")
            + within(f"{share}/extension", _EXTENSIONS, "--1.0.sql"),
        ),
        (30, numbered(f"{home}/lib/bitcode/postgres", "object", 80, ".bc")),
        (
            4,
            within(
                f"{share}/timezonesets", "Africa America Antarctica Asia Atlantic Australia Default Europe Etc", ".txt"
            ),
        ),
    )


def postgres_locale(size_bytes: int) -> dict[str, File]:
    """The locales, of which one is kept compiled."""
    names = "de_DE en_GB en_US es_ES fr_FR it_IT ja_JP ko_KR nl_NL pl_PL pt_BR ru_RU sv_SE tr_TR uk_UA zh_CN"
    return besides(
        size_bytes,
        apt_records(93_208),
        (40, ["/usr/lib/locale/locale-archive"]),
        (45, within("/usr/share/i18n/locales", names)),
        (15, within("/usr/share/i18n/charmaps", "ISO-8859-1 ISO-8859-15 KOI8-R UTF-8 WINDOWS-1252", ".gz")),
    )


def source_control(size_bytes: int) -> dict[str, File]:
    """git, curl and the like. git's commands are other names of one program."""
    core = "/usr/lib/git-core"
    listed = {"/usr/bin/git": program(3_710_432), f"{core}/git": hard_link("/usr/bin/git", mode=0o755)}
    listed |= {f"{core}/git-{name}": hard_link("/usr/bin/git", mode=0o755) for name in _GIT.split()}
    return besides(
        size_bytes,
        {**listed, **apt_records(112_904)},
        (
            40,
            within(
                "/usr/lib/x86_64-linux-gnu",
                "libcurl.so.4.8.0 libperl.so.5.36.0 libssh2.so.1.0.1 libldap-2.5.so.0 libkrb5.so.3 libnghttp2.so.14",
            ),
        ),
        (20, within("/usr/bin", "curl jq wget bzr hg svn ssh ssh-keygen")),
        (24, numbered("/usr/share/perl/5.36.0/unicore/To", "table", 60, ".pl")),
        (
            10,
            within(
                "/usr/share/git-core/templates/hooks",
                "applypatch-msg commit-msg post-update pre-commit pre-push update",
                ".sample",
            ),
        ),
        (10, numbered("/usr/share/ca-certificates/mozilla", "root-", 80, ".crt")),
    )


def compilers(size_bytes: int) -> dict[str, File]:
    """gcc and g++, with headers and libraries to link against."""
    gcc = "/usr/lib/gcc/x86_64-linux-gnu/12"
    links = {f"/usr/bin/{name}": link(f"{name}-12") for name in ("cpp", "g++", "gcc", "gcc-ar", "gcc-nm", "gcov")}
    return besides(
        size_bytes,
        {
            **links,
            **apt_records(131_022),
            "/usr/bin/cc": link("/etc/alternatives/cc"),
            "/etc/alternatives/cc": link("/usr/bin/gcc"),
        },
        (90, within(gcc, "cc1 cc1plus collect2 lto-wrapper lto1")),
        (40, within(gcc, "libasan libgcc libgomp libstdc++ libtsan libubsan", ".a")),
        (
            24,
            within(
                "/usr/bin", "as ar ld ld.gold nm objcopy objdump ranlib readelf strip make cpp-12 gcc-12 g++-12 gcov-12"
            ),
        ),
        (14, numbered("/usr/include/c++/12/bits", "stl_", 120, ".h")),
        (10, numbered("/usr/include/linux", "uapi_", 160, ".h")),
        (6, within("/usr/lib/x86_64-linux-gnu", "libc libm libdl libpthread librt libutil", ".a")),
    )


def go(size_bytes: int) -> dict[str, File]:
    """The toolchain and the standard library's source."""
    root = "/usr/local/go"
    return besides(
        size_bytes,
        {f"{root}/LICENSE": blob(1_453), f"{root}/go.env": blob(505), f"{root}/bin/gofmt": program(2_810_368)},
        (50, [f"{root}/pkg/tool/linux_amd64/compile"]),
        (90, within(f"{root}/pkg/tool/linux_amd64", _TOOLS)),
        (60, each_in(within(f"{root}/src", _GO), "doc.go export_test.go impl.go types.go")),
        (40, numbered(f"{root}/test/fixedbugs", "issue", 150, ".go")),
        (10, numbered(f"{root}/src/cmd/compile/internal/ssa/testdata", "case", 50, ".go")),
    )
