"""Layers full of odd and nasty files: names that try to style, break or leave the screen, links that lead astray."""

from __future__ import annotations

from collections.abc import Sequence

from tui.engine.demo.files import WHITEOUT, File, blob, folder, hard_link, link, text

_PLAIN_NAMES = (
    "/odd/.wh.looks-like-a-whiteout.txt", "/odd/-rf", "/odd/--", "/odd/~", "/odd/*", "/odd/[a-z]?",
    "/odd/$(reboot)", "/odd/`id`", "/odd/a;b", "/odd/a|b", "/odd/a&b", "/odd/a\\b", "/odd/'quoted'",
    '/odd/"double"', "/odd/con", "/odd/nul.txt", "/odd/C:", "/odd/ leading", "/odd/trailing ", "/odd/.",
    "/odd/...", "/odd/.hidden", "/odd/\ufb01ne", "/odd/\u00e9", "/odd/e\u0301",
)  # fmt: skip
_CLIMBING = ("/../../climbed", "/odd/../../../etc/passwd", "//double//slash", "/./dot/./dot", "/odd/down/../up")
_NOT_UTF8 = ("/odd/\udcff\udcfe.bin", "/odd/latin-\udce9", "/odd/\udce2\udc82/cut")
_TIMES = {"before": -86_400.0 * 365 * 2_000, "first": -1.0, "zero": 0.0, "last": 253_402_300_800.0, "beyond": 1e14}


def lower(odd_texts: Sequence[str]) -> dict[str, File]:
    """Files with every one of ``odd_texts`` in their names, and whatever else has broken somebody's program."""
    files: dict[str, File] = {path: text("odd\n") for path in (*_PLAIN_NAMES, *_CLIMBING, *_NOT_UTF8)}
    files |= {f"/names/{odd}": text("odd name\n") for odd in odd_texts if odd}
    files |= {f"/links/{number}": link(odd) for number, odd in enumerate(odd_texts)}
    files |= {
        "/links/up": link("../../../../../../etc/shadow"),
        "/links/root": link("/"),
        "/links/self": link("/links/self"),
        "/links/there": link("back"),
        "/links/back": link("there"),
        "/links/not-utf8": link("\udcff/\udcfe"),
        "/links/long": link("../" * 1_300 + "end"),
        "/links/hard": hard_link("/links/no-such-file"),
        "/links/ring-1": hard_link("/links/ring-2"),
        "/links/ring-2": hard_link("/links/ring-1"),
        "/modes/everything": blob(1, mode=0o7777),
        "/modes/nothing": blob(1, mode=0),
        "/modes/sticky": folder(mode=0o7777),
        "/owners/far": blob(1, owner=str(2**31)),
        "/owners/farther": blob(1, owner=str(2**62)),
        f"/long/{'n' * 255}": blob(1),
        f"/deep{'/d' * 300}/bottom": blob(1),
        "/same": blob(1),
        "/same/below-a-file": blob(1),
    }
    return files | {f"/times/{name}": blob(1)._replace(modified=moment) for name, moment in _TIMES.items()}


def upper(odd_texts: Sequence[str]) -> dict[str, File]:
    """Hides half of :func:`lower`, and what never was there."""
    files: dict[str, File] = {f"/names/{odd}": WHITEOUT for odd in odd_texts[::2] if odd}
    return files | {
        "/odd": folder(mode=0)._replace(opaque=True),
        "/odd/new": text("after the folder was made anew\n"),
        "/links": text("a file where a folder was\n"),
        "/never/was": WHITEOUT,
        "/same": folder(),
        "/same/again": blob(1),
        "/\udcff": WHITEOUT,
    }
