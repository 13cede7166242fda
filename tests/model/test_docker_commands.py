"""The docker commands, word by word, and as text that no name can break out of."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.model.worlds import host
from tui.model.cleanup_plan import Step
from tui.model.docker_commands import (
    cache_filter,
    is_program,
    program_for,
    pull_commands,
    removal_commands,
    shell_words,
    volume_create_command,
)
from tui.model.host import Endpoint
from tui.model.mark import Kind, Mark
from tui.model.volume import Volume

A = "sha256:" + "a" * 64


def step(kind: Kind, identity: str, *untags: str, force: bool = False, goes: bool = True) -> Step:
    return Step(kind, identity, "", (Mark(kind, identity),), untags=untags, force=force, removes_object=goes)


def test_a_command_for_each_kind_of_step() -> None:
    assert removal_commands(step(Kind.CONTAINER, "1" * 64)) == (("docker", "rm", "1" * 64),)
    assert removal_commands(step(Kind.CONTAINER, "1" * 64, force=True)) == (("docker", "rm", "--force", "1" * 64),)
    assert removal_commands(step(Kind.IMAGE, A, "a:2", "b:1")) == (
        ("docker", "rmi", "a:2", "b:1"),
        ("docker", "rmi", A),
    )
    assert removal_commands(step(Kind.IMAGE, A, "a:2", goes=False)) == (("docker", "rmi", "a:2"),)
    assert removal_commands(step(Kind.VOLUME, "db"), ("podman",)) == (("podman", "volume", "rm", "db"),)
    assert removal_commands(step(Kind.CACHE_RECORD, "abc")) == (
        ("docker", "builder", "prune", "--all", "--force", "--filter", "id=^abc$"),
    )


def test_a_name_is_never_an_option() -> None:
    assert removal_commands(step(Kind.VOLUME, "--all"))[0][-2:] == ("--", "--all")


@given(st.text(min_size=1), st.text())
def test_the_filter_of_a_cache_record_fits_that_one_only(record: str, other: str) -> None:
    pattern = cache_filter(record).removeprefix("id=")
    assert re.search(pattern.removesuffix("$") + r"\Z", record)
    assert other == record or not re.search(pattern.removesuffix("$") + r"\Z", other)


def test_which_program() -> None:
    def at(url: str, context: str = "", source: str = "") -> tuple[str, ...]:
        return program_for(host()._replace(endpoint=Endpoint(url, context, source)))

    assert program_for(None) == at("unix:///run/docker.sock", source="DOCKER_HOST") == ("docker",)
    assert at("ssh://box", source="--host") == ("docker", "--host", "ssh://box")
    assert at("ssh://box", "work", "--context 'work'") == ("docker", "--context", "work")
    assert at("ssh://box", "work", "docker's current context 'work'") == ("docker",)
    assert program_for(host(product="Podman")) == ("podman",)
    assert is_program(("docker", "--context", "work"))
    assert not any(map(is_program, ((), ("sh",), ("docker", "-H", "x"), ("docker", "--host", ""), ("docker", "rm"))))


def test_the_way_back_of_an_image_is_its_digest() -> None:
    ours, theirs = "web@sha256:1", "host:5000/web@sha256:2"
    assert pull_commands(("web:1", "mine:2", "host:5000/web:3"), (ours, "web@sha256:9", theirs)) == (
        ("docker", "pull", ours),
        ("docker", "pull", theirs),
        ("docker", "tag", ours, "web:1"),
        ("docker", "tag", ours, "mine:2"),
        ("docker", "tag", theirs, "host:5000/web:3"),
    )
    assert pull_commands(("web:1",), ()) == ()
    assert pull_commands((), (ours,)) == (("docker", "pull", ours),)


def test_a_volume_is_made_again_with_all_it_had() -> None:
    volume = Volume("nfs", "other", labels={"keep": "yes please"}, options={"o": "addr=box,rw"})
    assert volume_create_command(volume) == (
        *("docker", "volume", "create", "--driver", "other", "--label", "keep=yes please"),
        *("--opt", "o=addr=box,rw", "nfs"),
    )
    assert volume_create_command(Volume("db")) == ("docker", "volume", "create", "db")


VISIBLE = st.text().filter(str.isprintable)


@given(st.lists(VISIBLE, min_size=1))
def test_what_can_be_seen_comes_back_from_shlex(words: list[str]) -> None:
    assert shlex.split(shell_words(words)) == words


@given(st.lists(st.text(), min_size=1))
def test_nothing_that_acts_on_a_terminal_is_in_the_text(words: list[str]) -> None:
    assert shell_words(words).isprintable()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1),
        min_size=5,
        max_size=30,
    )
)
@example([["x; touch /tmp/never", "$(id)", "`id`", "a'b\\", "\x1b[201~\n\x03rm -rf ~\n", "é\n1\x7f7", "!!", ""]])
def test_bash_reads_the_very_same_words(commands: list[list[str]]) -> None:
    script = "\n".join(f"printf '%s\\0' {shell_words(words)}; printf '\\0\\0'" for words in commands)
    told = subprocess.run(
        ["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}, timeout=60
    )
    expected = "".join("".join(f"{word}\0" for word in words) + "\0\0" for words in commands)
    assert told.stdout == expected.encode()
    assert told.stderr == b""


@pytest.mark.parametrize("word", ["\0", "a\0b"])
def test_what_no_argument_can_hold_is_not_cut_short(word: str) -> None:
    assert "\N{REPLACEMENT CHARACTER}" in shell_words([word])
