"""Python 3.12: the interpreter's layers, and what pip puts on top of them."""

from __future__ import annotations

from tui.engine.demo.files import File, blob, link, program, text
from tui.engine.demo.trees.debian import apt_records
from tui.engine.demo.trees.spread import besides, each_in, numbered, within

SITE = "/usr/local/lib/python3.12/site-packages"
_LIBRARY = "/usr/local/lib/python3.12"
_MODULES = (
    "__future__ _aix_support _collections_abc _compat_pickle _compression _markupbase _osx_support _py_abc "
    "_pydatetime _pydecimal _pyio _pylong _sitebuiltins _strptime _threading_local _weakrefset abc aifc antigravity "
    "argparse ast base64 bdb bisect bz2 cProfile calendar cgi cgitb chunk cmd code codecs codeop colorsys compileall "
    "configparser contextlib contextvars copy copyreg crypt csv dataclasses datetime decimal difflib dis doctest enum "
    "filecmp fileinput fnmatch fractions ftplib functools genericpath getopt getpass gettext glob graphlib gzip "
    "hashlib heapq hmac imaplib imghdr inspect io ipaddress keyword linecache locale lzma mailbox mailcap mimetypes "
    "modulefinder netrc nntplib ntpath nturl2path numbers opcode operator optparse os pathlib pdb pickle pickletools "
    "pipes pkgutil platform plistlib poplib posixpath pprint profile pstats pty py_compile pyclbr pydoc queue quopri "
    "random reprlib rlcompleter runpy sched secrets selectors shelve shlex shutil signal site smtplib sndhdr socket "
    "socketserver ssl stat statistics string stringprep struct subprocess sunau symtable sysconfig tabnanny tarfile "
    "telnetlib tempfile textwrap this threading timeit token tokenize trace traceback tracemalloc tty turtle types "
    "typing uu uuid warnings wave weakref webbrowser xdrlib zipapp zipimport"
)
_PACKAGES = {
    "asyncio": "__init__ __main__ base_futures base_subprocess base_tasks constants coroutines events exceptions "
    "futures locks log mixins proactor_events protocols queues runners selector_events sslproto staggered "
    "streams subprocess taskgroups tasks threads timeouts transports trsock unix_events",
    "collections": "__init__ abc",
    "concurrent/futures": "__init__ _base process thread",
    "ctypes": "__init__ _aix _endian util wintypes",
    "curses": "__init__ ascii has_key panel textpad",
    "email": "__init__ _encoded_words _header_value_parser _parseaddr base64mime charset contentmanager encoders "
    "errors feedparser generator header headerregistry iterators message parser policy quoprimime utils",
    "encodings": "__init__ aliases ascii base64_codec big5 cp1250 cp1251 cp1252 cp437 cp850 euc_jp euc_kr gb18030 gbk "
    "idna iso8859_1 iso8859_15 koi8_r latin_1 mbcs punycode shift_jis utf_16 utf_32 utf_7 utf_8 utf_8_sig",
    "html": "__init__ entities parser",
    "http": "__init__ client cookiejar cookies server",
    "importlib": "__init__ _abc _bootstrap _bootstrap_external abc machinery readers resources simple util",
    "json": "__init__ encoder scanner tool",
    "logging": "__init__ config handlers",
    "multiprocessing": "__init__ connection context dummy forkserver heap managers pool popen_fork process queues "
    "reduction resource_tracker shared_memory sharedctypes spawn synchronize util",
    "re": "__init__ _casefix _compiler _constants _parser",
    "sqlite3": "__init__ __main__ dbapi2 dump",
    "tomllib": "__init__ _parser _re _types",
    "unittest": "__init__ async_case case loader main mock result runner signals suite",
    "urllib": "__init__ error parse request response robotparser",
    "venv": "__init__ __main__",
    "wsgiref": "__init__ handlers headers simple_server types util validate",
    "xml/dom": "__init__ domreg expatbuilder minidom",
    "xml/etree": "ElementInclude ElementPath ElementTree cElementTree",
    "zipfile": "__init__ __main__",
    "zoneinfo": "__init__ _common",
}
_EXTENSIONS = (
    "_asyncio _bisect _blake2 _bz2 _codecs_cn _codecs_hk _codecs_jp _codecs_kr _contextvars _csv _ctypes _curses "
    "_datetime _dbm _decimal _elementtree _hashlib _heapq _json _lsprof _lzma _md5 _multiprocessing _opcode _pickle "
    "_posixshmem _queue _random _sha1 _sha2 _sha3 _socket _sqlite3 _ssl _statistics _struct _uuid _zoneinfo array "
    "audioop binascii cmath fcntl grp math mmap pyexpat readline resource select spwd syslog termios unicodedata zlib"
)
_PIP = (
    "cachecontrol certifi distlib distro idna msgpack packaging pkg_resources platformdirs pygments requests "
    "resolvelib rich urllib3"
)


def certificates(size_bytes: int) -> dict[str, File]:
    """Certificates, time zones and a few libraries."""
    names = (
        "ACCVRAIZ1 AC_RAIZ_FNMT-RCM Actalis Amazon_Root_CA_1 Certum DigiCert_Global_Root_G2 GTS_Root_R1 HARICA "
        "ISRG_Root_X1 SwissSign"
    )
    listed: dict[str, File] = apt_records(94_880)
    listed |= {
        f"/etc/ssl/certs/{name}.pem": link(f"/usr/share/ca-certificates/mozilla/{name}.crt") for name in names.split()
    }
    return besides(
        size_bytes,
        listed,
        (60, within("/usr/share/ca-certificates/mozilla", names, ".crt")),
        (2_400, within("/usr/lib/x86_64-linux-gnu", "libsqlite3 libreadline libncursesw libexpat libuuid", ".so.0")),
        (200, ["/usr/bin/openssl", "/usr/bin/c_rehash", "/usr/sbin/update-ca-certificates"]),
    )


def interpreter(size_bytes: int) -> dict[str, File]:
    """The standard library and pip, without the tests that come with them."""
    modules = within(_LIBRARY, _MODULES, ".py")
    for package, names in _PACKAGES.items():
        modules += within(f"{_LIBRARY}/{package}", names, ".py")
    named = {f"{_LIBRARY}/asyncio/base_events.py", f"{_LIBRARY}/json/decoder.py"}
    pip = each_in(within(f"{SITE}/pip/_vendor", _PIP), "__init__.py LICENSE api.py models.py")
    return besides(
        size_bytes,
        {
            "/usr/local/bin/python3": link("python3.12"),
            "/usr/local/bin/pip": program(238),
            "/usr/local/bin/pip3": program(238),
            "/usr/local/bin/python3.12-config": program(3_121),
            "/usr/local/lib/libpython3.12.so": link("libpython3.12.so.1.0"),
            f"{SITE}/pip/_vendor/certifi/cacert.pem": blob(299_427),
            f"{SITE}/README.txt": text("This directory exists so that 3rd party packages can be installed\nhere.\n"),
            **apt_records(92_110),
        },
        (52, [path for path in modules if path not in named]),
        (70, within(f"{_LIBRARY}/lib-dynload", _EXTENSIONS, ".cpython-312-x86_64-linux-gnu.so")),
        (24, pip),
        (12, numbered("/usr/local/include/python3.12/cpython", "header", 40, ".h")),
        (14, numbered(f"{_LIBRARY}/ensurepip/_bundled", "wheel", 1, ".whl")),
    )


def requirements(size_bytes: int) -> dict[str, File]:
    """The shop's dependencies. Two packages bring the same certificates along, so those are there twice."""
    names = (
        "anyio certifi click fastapi greenlet h11 httptools idna jinja2 markupsafe orjson pydantic pydantic_core "
        "pydantic_settings python_multipart redis sniffio sqlalchemy starlette typing_inspection uvicorn uvloop "
        "watchfiles websockets yaml"
    )
    packages = each_in(
        within(SITE, names), "__init__.py _compat.py _types.py config.py errors.py main.py py.typed utils.py"
    )
    marks = each_in(within(SITE, names, "-dist-info"), "INSTALLER LICENSE METADATA RECORD WHEEL")
    return besides(
        size_bytes,
        {f"{SITE}/certifi/cacert.pem": blob(299_427)},
        (10, packages),
        (3, marks),
        (
            60,
            within(
                SITE,
                "greenlet/_greenlet orjson/orjson uvloop/loop watchfiles/_rust_notify sqlalchemy/cyextension/util",
                ".so",
            ),
        ),
        (5, within("/usr/local/bin", "fastapi httpx watchfiles websockets")),
    )


def team_requirements(size_bytes: int) -> dict[str, File]:
    """numpy and pandas, with their tests: nobody runs those in an image."""
    core = f"{SITE}/numpy/core"
    return besides(
        size_bytes,
        {f"{SITE}/pandas/tests/__init__.py": blob(0), f"{SITE}/numpy/tests/__init__.py": blob(0)},
        (30, [f"{core}/_multiarray_umath.so"]),
        (24, within(f"{SITE}/numpy.libs", "libopenblas64 libgfortran libquadmath", ".so")),
        (
            28,
            within(
                f"{SITE}/pandas/_libs",
                "algos groupby hashtable index interval join lib missing parsers reshape tslib writers",
                ".so",
            ),
        ),
        (
            9,
            within(
                f"{SITE}/pandas/core",
                "accessor algorithms api apply base common construction frame generic indexing series sorting",
                ".py",
            ),
        ),
        (
            22,
            numbered(f"{SITE}/pandas/tests/frame", "test_", 60, ".py")
            + numbered(f"{SITE}/pandas/tests/io/data", "table", 40, ".csv"),
        ),
        (6, numbered(f"{SITE}/numpy/tests", "test_", 30, ".py")),
        (5, within(f"{SITE}/dateutil", "__init__ easter parser relativedelta rrule tz utils", ".py")),
    )
