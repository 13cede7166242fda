"""Debian 12, slim: what its one layer holds, and what every apt-get in a later layer writes again."""

from __future__ import annotations

from tui.engine.demo.files import File, blob, folder, hard_link, link, program, text
from tui.engine.demo.trees.spread import besides, numbered, within

_BASHRC = """\
# ~/.bashrc: executed by bash(1) for non-login shells.

# Note: PS1 and umask are already set in /etc/profile. You should not
# need this unless you want different defaults for root.
# PS1='${debian_chroot:+($debian_chroot)}\\h:\\w\\$ '
# umask 022

# You may uncomment the following lines if you want `ls' to be colorized:
# export LS_OPTIONS='--color=auto'
# eval "$(dircolors)"
# alias ls='ls $LS_OPTIONS'
"""
_NSSWITCH = """\
# /etc/nsswitch.conf
#
# Example configuration of GNU Name Service Switch functionality.

passwd:         files
group:          files
shadow:         files
gshadow:        files

hosts:          files dns
networks:       files

protocols:      db files
services:       db files
"""
_PROFILE = """\
# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))
# and Bourne compatible shells (bash(1), ksh(1), ash(1), ...).

if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH
"""
_LOGIN = """\
# /etc/login.defs - Configuration control definitions for the login package.
MAIL_DIR        /var/mail
LOG_OK_LOGINS           no
UMASK           022
PASS_MAX_DAYS   99999
UID_MIN                  1000
UID_MAX                 60000
ENCRYPT_METHOD YESCRYPT
"""
_SETUID = {"chfn": 62_672, "chsh": 52_880, "gpasswd": 88_496, "mount": 59_704, "newgrp": 48_896, "passwd": 68_248,
           "su": 72_000, "umount": 35_128}  # fmt: skip
_PROGRAMS = (
    "apt-cache apt-cdrom apt-config apt-get apt-key apt-mark arch awk b2sum base32 base64 basename basenc captoinfo "
    "chattr chcon chgrp choom chrt cksum clear cmp comm csplit cut debconf deb-systemd-helper diff diff3 dircolors "
    "dirname dmesg dpkg-deb dpkg-divert dpkg-query dpkg-split dpkg-statoverride dpkg-trigger du expand expr factor "
    "faillog fallocate false fincore findmnt flock fmt fold getconf getent getopt gpgv groups gzip head hostid "
    "hostname iconv id infocmp install ionice ipcmk ipcrm ipcs join last ldd link linux64 ln locale localedef logger "
    "login logname lsattr lsblk lscpu lsipc lslocks lsmem lsns mawk mcookie md5sum mesg mkfifo mknod mktemp more "
    "mountpoint namei nice nl nohup nproc nsenter numfmt od partx paste pathchk pinky pr printenv printf prlimit ptx "
    "pwd readlink realpath renice reset rev rmdir run-parts runcon script sdiff seq setarch setpriv setsid setterm "
    "sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sort split stat stdbuf stty sum sync tabs tac tail "
    "taskset tee test tic timeout toe tput tr true truncate tset tsort tty uclampset uname unexpand uniq unlink "
    "unshare update-alternatives users vdir wall wc wdctl whereis who whoami xargs yes zdump"
)
_SBIN = (
    "agetty badblocks blkdiscard blkid blockdev chgpasswd chpasswd chroot cppw ctrlaltdel debugfs dumpe2fs e2fsck "
    "e2image e2undo findfs fsck fsfreeze fstrim groupadd groupdel groupmod grpck grpconv hwclock iconvconfig "
    "invoke-rc.d killall5 ldconfig logsave losetup mke2fs mkswap newusers nologin pivot_root pwck pwconv resize2fs "
    "runuser service start-stop-daemon sulogin swapoff swapon switch_root tune2fs tzconfig update-passwd update-rc.d "
    "useradd userdel usermod vipw wipefs zic zramctl"
)
_LIBRARIES = {
    "libcrypto.so.3": 4_734_232, "libgnutls.so.30.34.3": 2_205_432, "libapt-pkg.so.6.0.0": 2_067_760,
    "libdb-5.3.so": 1_770_768, "libunistring.so.2.2.0": 1_989_440, "libgcrypt.so.20.4.1": 1_332_480,
    "libp11-kit.so.0.3.0": 1_261_376, "libmvec.so.1": 1_019_408, "libm.so.6": 911_904, "libsystemd.so.0.35.0": 844_736,
    "libzstd.so.1.5.4": 761_128, "libssl.so.3": 688_160, "libpcre2-8.so.0.11.2": 629_384, "libext2fs.so.2.4": 438_608,
    "libmount.so.1.1.0": 404_096, "libblkid.so.1.1.0": 355_328, "ld-linux-x86-64.so.2": 215_000,
    "libtinfo.so.6.4": 204_088, "liblzma.so.5.4.1": 190_456, "libselinux.so.1": 174_312, "libaudit.so.1.0.0": 128_952,
    "libgcc_s.so.1": 125_312, "libnsl.so.1": 93_248, "libtasn1.so.6.6.3": 83_968, "libpam.so.0.85.1": 67_584,
    "libresolv.so.2": 60_328, "libcap.so.2.66": 47_536, "libacl.so.1.1.2301": 35_160, "libattr.so.1.1.2501": 22_672,
    "libdl.so.2": 14_480, "libpthread.so.0": 14_480, "librt.so.1": 14_640, "libutil.so.1": 14_480,
}  # fmt: skip
_PACKAGES = (
    "adduser apt base-files base-passwd bash bsdutils coreutils dash debconf debian-archive-keyring debianutils "
    "diffutils dpkg e2fsprogs findutils gcc-12-base gpgv grep gzip hostname init-system-helpers libacl1 libapt-pkg6.0 "
    "libattr1 libaudit-common libaudit1 libblkid1 libbz2-1.0 libc-bin libc6 libcap2 libcrypt1 libdb5.3 "
    "libdebconfclient0 libext2fs2 libffi8 libgcc-s1 libgcrypt20 libgmp10 libgnutls30 libgpg-error0 libhogweed6 "
    "libidn2-0 liblz4-1 liblzma5 libmd0 libmount1 libnettle8 libp11-kit0 libpam-modules libpam-runtime libpam0g "
    "libpcre2-8-0 libseccomp2 libselinux1 libsemanage2 libsepol2 libsmartcols1 libss2 libstdc++6 libsystemd0 "
    "libtasn1-6 libtinfo6 libudev1 libunistring2 libuuid1 libxxhash0 libzstd1 login logsave mawk mount ncurses-base "
    "ncurses-bin passwd perl-base sed sysvinit-utils tar tzdata usr-is-merged util-linux util-linux-extra zlib1g"
)
_ZONES = {
    "Africa": "Cairo Casablanca Johannesburg Lagos Nairobi Tunis",
    "America": "Anchorage Bogota Caracas Chicago Denver Halifax Lima Los_Angeles Mexico_City New_York Santiago "
    "Sao_Paulo Toronto",
    "Asia": "Bangkok Dhaka Dubai Ho_Chi_Minh Hong_Kong Jakarta Jerusalem Karachi Kolkata Manila Seoul Shanghai "
    "Singapore Tokyo",
    "Australia": "Adelaide Brisbane Darwin Hobart Melbourne Perth Sydney",
    "Europe": "Amsterdam Athens Berlin Brussels Dublin Helsinki Istanbul Kyiv Lisbon London Madrid Moscow Oslo Paris "
    "Prague Rome Stockholm Vienna Warsaw Zurich",
    "Pacific": "Auckland Fiji Guam Honolulu Tahiti",
}
_PERL = (
    "AutoLoader Carp Config Cwd DynaLoader Errno Exporter Fcntl FileHandle IO POSIX SelectSaver Socket Symbol "
    "XSLoader attributes base bytes constant feature fields integer lib locale overload overloading parent re strict "
    "utf8 vars warnings"
)


def base(size_bytes: int) -> dict[str, File]:
    """What is missing in the base layer besides the files that its recipe names."""
    library = "/usr/lib/x86_64-linux-gnu"
    listed = _configuration() | _folders() | _links()
    listed |= {f"/usr/bin/{name}": blob(size, mode=0o4755) for name, size in _SETUID.items()}
    for name, size in {"/usr/bin/chage": 80_376, "/usr/bin/expiry": 31_184, "/usr/sbin/unix_chkpwd": 39_160}.items():
        listed[name] = blob(size, mode=0o2755)._replace(group="shadow")
    listed |= {f"{library}/{name}": blob(size) for name, size in _LIBRARIES.items()}
    zones = [path for region, names in _ZONES.items() for path in within(f"/usr/share/zoneinfo/{region}", names)]
    dpkg = "/var/lib/dpkg/info"
    return besides(
        size_bytes,
        listed,
        (110, within("/usr/bin", _PROGRAMS)),
        (40, within("/usr/sbin", _SBIN)),
        (
            70,
            within(
                f"{library}/gconv",
                "BIG5 CP1250 CP1251 CP1252 EUC-JP EUC-KR GB18030 GBK ISO8859-1 ISO8859-2 ISO8859-15 KOI8-R SJIS "
                "UTF-16 UTF-32 libCNS libGB libJIS libKSC",
                ".so",
            ),
        ),
        (
            60,
            within(f"{library}/perl-base", _PERL, ".pm")
            + numbered(f"{library}/perl-base/unicore/lib", "property", 40, ".pl"),
        ),
        (12, within(dpkg, _PACKAGES, ".list") + within(dpkg, _PACKAGES, ".md5sums")),
        (8, zones),
        (20, within("/usr/share/doc", _PACKAGES, "/copyright")),
        (
            6,
            within(
                "/usr/share/terminfo", "l/linux s/screen t/tmux v/vt100 v/vt220 x/xterm x/xterm-256color d/dumb a/ansi"
            ),
        ),
        (
            90,
            within(
                "/usr/lib/locale/C.utf8",
                "LC_COLLATE LC_CTYPE LC_IDENTIFICATION LC_MEASUREMENT LC_MONETARY LC_NAME LC_NUMERIC LC_PAPER "
                "LC_TELEPHONE LC_TIME",
            ),
        ),
    )


def _configuration() -> dict[str, File]:
    return {
        "/etc/adduser.conf": blob(3_040),
        "/etc/apt/apt.conf.d/01autoremove": blob(399),
        "/etc/apt/apt.conf.d/docker-clean": text(
            '# Debian images keep no packages that were installed already.\nDPkg::Post-Invoke { "rm -f '
            '/var/cache/apt/archives/*.deb || true"; };\n'
        ),
        "/etc/apt/apt.conf.d/docker-no-languages": text('Acquire::Languages "none";\n'),
        "/etc/bash.bashrc": blob(1_994),
        "/etc/cron.daily/apt-compat": text("#!/bin/sh\nset -e\n\nexec /usr/lib/apt/apt.systemd.daily\n", mode=0o755),
        "/etc/cron.daily/dpkg": text('#!/bin/sh\nif [ "$1" = "" ]; then exit 0; fi\n', mode=0o755),
        "/etc/default/useradd": text("SHELL=/bin/sh\n"),
        "/etc/dpkg/dpkg.cfg": text("no-debsig\nlog /var/log/dpkg.log\n"),
        "/etc/fstab": text("# UNCONFIGURED FSTAB FOR BASE SYSTEM\n"),
        "/etc/gshadow": blob(374, mode=0o640)._replace(group="shadow"),
        "/etc/host.conf": text("multi on\n"),
        "/etc/issue": text("Debian GNU/Linux 12 \\n \\l\n\n"),
        "/etc/ld.so.cache": blob(5_209),
        "/etc/ld.so.conf": text("include /etc/ld.so.conf.d/*.conf\n\n"),
        "/etc/ld.so.conf.d/x86_64-linux-gnu.conf": text(
            "# Multiarch support\n/usr/local/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu\n/usr/lib/x86_64-linux-gnu\n"
        ),
        "/etc/login.defs": text(_LOGIN),
        "/etc/nsswitch.conf": text(_NSSWITCH),
        "/etc/pam.d/su": text("auth       sufficient pam_rootok.so\nsession    required   pam_env.so readenv=1\n"),
        "/etc/profile": text(_PROFILE),
        "/etc/shadow": blob(474, mode=0o640)._replace(group="shadow"),
        "/etc/shells": text(
            "# /etc/shells: valid login shells\n/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/dash\n/usr/bin/dash\n"
        ),
        "/etc/skel/.bashrc": blob(3_526),
        "/root/.bashrc": text(_BASHRC),
        "/root/.profile": text('if [ "$BASH" ]; then\n  . ~/.bashrc\nfi\n\nmesg n 2> /dev/null || true\n'),
        "/var/log/apt/history.log": text(
            "Start-Date: 2025-01-13  00:00:00\nCommandline: apt-get install base\nEnd-Date: 2025-01-13\n"
        ),
        "/var/log/dpkg.log": blob(104_233),
        "/var/log/lastlog": blob(0),
        "/var/lib/dpkg/available": blob(0),
        "/var/lib/dpkg/diversions": blob(212),
        "/var/lib/dpkg/lock": blob(0, mode=0o640),
        "/var/cache/debconf/config.dat": blob(15_310),
        "/var/cache/ldconfig/aux-cache": blob(4_720, mode=0o600),
    }


def _folders() -> dict[str, File]:
    empty = (
        "/boot /media /opt /etc/opt /usr/games /usr/local/bin /usr/local/lib /usr/local/sbin /usr/src /var/backups "
        "/var/opt"
    )
    folders = {path: folder() for path in empty.split()}
    folders["/var/mail"] = folder(mode=0o2775)._replace(group="mail")
    folders["/var/local"] = folder(mode=0o2775)._replace(group="staff")
    folders["/run/lock"] = folder(mode=0o1777)
    folders["/var/cache/apt/archives/partial"] = folder(mode=0o700, owner="_apt")
    folders["/var/lib/apt/lists/partial"] = folder(mode=0o700, owner="_apt")
    return folders


def _links() -> dict[str, File]:
    library = "/usr/lib/x86_64-linux-gnu"
    links = {
        f"/usr/share/zoneinfo/{old}": link(new)
        for old, new in {
            "GB": "Europe/London",
            "Japan": "Asia/Tokyo",
            "Poland": "Europe/Warsaw",
            "UTC": "Etc/UTC",
        }.items()
    }
    for name in ("libm.so", "libsystemd.so.0", "libmount.so.1", "libblkid.so.1", "libtinfo.so.6", "liblzma.so.5"):
        found = [full for full in _LIBRARIES if full.startswith(name) and full != name]
        links[f"{library}/{name}"] = link(found[0])
    return links | {
        "/lib64": link("usr/lib64"),
        "/usr/lib64/ld-linux-x86-64.so.2": link("../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"),
        "/usr/bin/rbash": link("bash"),
        "/usr/bin/perl5.36.0": hard_link("/usr/bin/perl", mode=0o755),
        "/usr/bin/gunzip": program(2_346),
        "/usr/bin/uncompress": hard_link("/usr/bin/gunzip", mode=0o755),
        "/usr/bin/which": link("/etc/alternatives/which"),
        "/etc/alternatives/which": link("/usr/bin/which.debianutils"),
        "/usr/bin/which.debianutils": program(946),
        "/etc/localtime": link("/usr/share/zoneinfo/Etc/UTC"),
        "/usr/share/zoneinfo/Etc/UTC": blob(114),
        "/etc/mtab": link("/proc/mounts"),
        "/var/run": link("/run"),
        "/var/lock": link("/run/lock"),
    }


def apt_records(status_bytes: int) -> dict[str, File]:
    """What installing packages writes again in every layer: copies of what the base has already.

    Args:
        status_bytes: how long the list of installed packages is by now.
    """
    return {
        "/var/lib/dpkg/status": blob(status_bytes),
        "/var/lib/dpkg/status-old": blob(status_bytes - 913),
        "/var/lib/dpkg/lock": blob(0, mode=0o640),
        "/var/log/dpkg.log": blob(104_233 + status_bytes // 8),
        "/var/log/apt/history.log": text(
            "Start-Date: 2025-01-14\nCommandline: apt-get install\nEnd-Date: 2025-01-14\n"
        ),
        "/var/cache/debconf/config.dat": blob(15_310),
        "/var/cache/ldconfig/aux-cache": blob(4_720 + status_bytes // 90, mode=0o600),
        "/etc/ld.so.cache": blob(5_209 + status_bytes // 80),
    }
