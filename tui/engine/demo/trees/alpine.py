"""Alpine 3.21: what its one layer holds, and the layers of Redis and nginx on it."""

from __future__ import annotations

from tui.engine.demo.files import File, blob, folder, link, program, text
from tui.engine.demo.trees.spread import besides, within

_APPLETS = (
    "arch base64 bbconfig chgrp chmod chown date dd df dmesg dnsdomainname dumpkmap egrep false fatattr fdflush fgrep "
    "fsync getopt gunzip gzip hostname ionice iostat ipcalc kbd_mode kill link linux32 linux64 ln login lzop makemime "
    "mkfifo mknod mktemp more mount mountpoint mpstat netstat nice pidof ping ping6 pipe_progress printenv pwd "
    "reformime rev rmdir run-parts sed setpriv setserial stat stty su sync tar true umount uname usleep watch zcat"
)
_USR_APPLETS = (
    "awk basename bc bunzip2 bzip2 cal clear cmp comm crontab cut dc diff dirname dos2unix du expand expr factor find "
    "flock fold free groups head hexdump id install join killall less logger lsof md5sum nc nl nohup nproc nslookup "
    "od paste pgrep pkill printf readlink realpath seq sha1sum sha256sum sha512sum shuf sort split strings tac tail "
    "tee test timeout top tr traceroute tty uniq unix2dos unlink unshare unxz unzip uptime vlock wc wget which who "
    "whoami xargs xxd xzcat yes"
)
_MODULES = "http_geoip http_image_filter http_perl http_xslt_filter mail stream stream_geoip"


def base(size_bytes: int) -> dict[str, File]:
    """What is missing in the base layer besides the files that its recipe names."""
    listed: dict[str, File] = {path: link("/bin/busybox") for path in within("/bin", _APPLETS)}
    listed |= {path: link("/bin/busybox") for path in within("/usr/bin", _USR_APPLETS)}
    listed |= {
        "/etc/alpine-release-notes": blob(0),
        "/etc/apk/arch": text("x86_64\n"),
        "/etc/apk/world": text("alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nlibc-utils\n"),
        "/etc/crontabs/root": text("*/15\t*\t*\t*\t*\trun-parts /etc/periodic/15min\n", mode=0o600),
        "/etc/fstab": text("/dev/cdrom\t/media/cdrom\tiso9660\tnoauto,ro 0 0\n"),
        "/etc/hostname": text("localhost\n"),
        "/etc/inittab": text(
            "::sysinit:/sbin/openrc sysinit\n::respawn:/sbin/getty 38400 tty1\n::ctrlaltdel:/sbin/reboot\n"
        ),
        "/etc/issue": text("Welcome to Alpine Linux 3.21\nKernel \\r on an \\m (\\l)\n\n"),
        "/etc/motd": text("Welcome to Alpine!\n\nThe Alpine Wiki contains a large amount of how-to guides.\n"),
        "/etc/profile": text(
            'export PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nexport PAGER=less\numask 022\n'
        ),
        "/etc/securetty": text("console\ntty1\ntty2\n"),
        "/etc/shadow": blob(422, mode=0o640)._replace(group="shadow"),
        "/etc/shells": text("/bin/sh\n/bin/ash\n"),
        "/bin/bbsuid": blob(14_224, mode=0o4111),
        "/lib/apk/db/installed": blob(13_842),
        "/lib/apk/db/triggers": blob(90),
        "/lib/apk/db/lock": blob(0, mode=0o600),
        "/sbin/apk": program(74_464),
        "/sbin/ldconfig": program(393),
        "/usr/lib/libapk.so.2.14.0": blob(206_352),
        "/usr/lib/libcrypto.so.3": blob(4_538_408),
        "/usr/lib/libssl.so.3": blob(795_536),
        "/lib/libc.musl-x86_64.so.1": link("ld-musl-x86_64.so.1"),
        "/lib/libcrypto.so.3": link("../usr/lib/libcrypto.so.3"),
        "/lib/libz.so.1": link("../usr/lib/libz.so.1.3.1"),
        "/usr/lib/libz.so.1.3.1": blob(100_184),
        "/var/mail": link("spool/mail"),
        "/var/run": link("../run"),
        "/var/spool/mail": folder(),
        "/var/empty": folder(mode=0o555),
        "/media/cdrom": folder(),
        "/media/floppy": folder(),
        "/media/usb": folder(),
        "/opt": folder(),
        "/usr/local/bin": folder(),
        "/usr/local/lib": folder(),
    }
    return besides(
        size_bytes,
        listed,
        (
            60,
            within(
                "/usr/share/apk/keys/x86_64",
                "alpine-devel-5261cecb alpine-devel-6165ee59 alpine-devel-61666e3f",
                ".rsa.pub",
            ),
        ),
        (900, within("/usr/bin", "getconf getent iconv ldd scanelf ssl_client")),
        (
            120,
            within("/lib/modules-load.d", "aliases blacklist i386 kms")
            + within("/etc/modprobe.d", "aliases blacklist i386 kms", ".conf"),
        ),
        (
            400,
            within("/etc/ssl/certs", "ca-certificates.crt")
            + within("/usr/share/ca-certificates", "mozilla", "/all.crt"),
        ),
    )


def redis(size_bytes: int) -> dict[str, File]:
    """Redis, built in one RUN that takes its tools away again: nothing is wasted."""
    listed = {
        "/usr/local/bin/redis-check-aof": link("redis-server"),
        "/usr/local/bin/redis-check-rdb": link("redis-server"),
        "/usr/local/bin/redis-sentinel": link("redis-server"),
        "/lib/apk/db/installed": blob(15_206),
        "/etc/apk/world": text("alpine-baselayout\nalpine-keys\napk-tools\nbusybox\nlibc-utils\ntzdata\n"),
    }
    return besides(
        size_bytes,
        listed,
        (68, ["/usr/local/bin/redis-server"]),
        (20, ["/usr/local/bin/redis-benchmark"]),
        (12, within("/usr/share/zoneinfo", "Africa/Cairo America/New_York Asia/Tokyo Europe/Berlin Europe/London UTC")),
    )


def nginx(size_bytes: int) -> dict[str, File]:
    """nginx with its modules."""
    listed = {
        "/etc/nginx/fastcgi_params": blob(1_007),
        "/etc/nginx/mime.types": blob(5_349),
        "/etc/nginx/scgi_params": blob(636),
        "/etc/nginx/uwsgi_params": blob(664),
        "/etc/nginx/modules": link("/usr/lib/nginx/modules"),
        "/usr/share/nginx/html/50x.html": blob(497),
        "/var/log/nginx/error.log": link("/dev/stderr"),
        "/var/cache/nginx": folder(owner="nginx"),
        "/lib/apk/db/installed": blob(31_448),
        "/docker-entrypoint.sh": program(1_620),
        "/docker-entrypoint.d/10-listen-on-ipv6-by-default.sh": program(2_125),
        "/docker-entrypoint.d/20-envsubst-on-templates.sh": program(3_020),
        "/docker-entrypoint.d/30-tune-worker-processes.sh": program(4_619),
    }
    return besides(
        size_bytes,
        listed,
        (30, within("/usr/lib/nginx/modules", _MODULES, "_module.so")),
        (40, ["/usr/lib/nginx/modules/ngx_http_js_module.so"]),
        (
            60,
            within(
                "/usr/lib",
                "libavif libaom libdav1d libgd libxml2 libxslt libpcre2 libgeoip libtiff libwebp libjpeg",
                ".so",
            ),
        ),
    )
