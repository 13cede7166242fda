"""Globs and parts of paths."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.model.path_matching import glob_pattern, matching_paths

PATHS = ["", "etc", "etc/Passwd", "etc/ssl", "etc/ssl/a.pem", "home/etc/x.pem", "lib/libc.so.6", "odd [1]", "a\nb"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("passwd", ["etc/Passwd"]),
        ("PEM", ["etc/ssl/a.pem", "home/etc/x.pem"]),
        ("/etc/ssl", ["etc/ssl", "etc/ssl/a.pem"]),
        ("/x.pem", ["home/etc/x.pem"]),
        ("*.pem", ["etc/ssl/a.pem", "home/etc/x.pem"]),
        ("/etc/*.pem", []),
        ("/etc/**/*.pem", ["etc/ssl/a.pem"]),
        ("etc/*.pem", ["home/etc/x.pem"]),
        ("etc/**", ["etc/Passwd", "etc/ssl", "etc/ssl/a.pem", "home/etc/x.pem"]),
        ("lib*.so*", ["lib/libc.so.6"]),
        ("?tc", ["etc"]),
        ("[a-f]tc", ["etc"]),
        ("[!a-f]*.pem", ["home/etc/x.pem"]),
        ("odd [[]1]", ["odd [1]"]),
        ("odd [", []),
        ("a?b", ["a\nb"]),
        ("*passwd", []),
        ("**/ssl", ["etc/ssl"]),
        ("etc[.-0]ssl", []),
        ("[f-a]tc", []),
        ("[!f-a]tc", ["etc"]),
        ("[!]", []),
        ("odd []0-9[]1]", ["odd [1]"]),
        ("?ibc[.-]so.6", ["lib/libc.so.6"]),
        ("lib[c-].so.6", ["lib/libc.so.6"]),
    ],
)
def test_queries(query: str, found: list[str]) -> None:
    assert [PATHS[index] for index in matching_paths(PATHS, query)] == found


@given(st.text(alphabet="ab/*?[]!-^\\.&|~(", max_size=12), st.text(alphabet="ab/.-]", max_size=12))
@example("[[-?]", "a")
@example("[!b-a]", "a")
@example("[]-[]", "]")
def test_any_query_is_understood_somehow(query: str, path: str) -> None:
    assert matching_paths([path, ""], query) in ([], [0])


@given(st.text(alphabet="ab.+(\\^", min_size=1, max_size=8))
def test_what_is_no_wildcard_stands_for_itself(name: str) -> None:
    assert glob_pattern(f"{name}*").fullmatch(f"{name}tail")
    assert bool(glob_pattern(f"/{name}?").fullmatch("aa")) == bool(re.fullmatch(re.escape(name) + ".", "aa"))
