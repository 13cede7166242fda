"""The README says what the program does, because it is checked against it."""

from __future__ import annotations

import re
from pathlib import Path

from tui.cli import build_parser
from tui.commands.catalogue import COMMANDS
from tui.commands.key_tables import keys_document, keys_summary

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_keys_are_the_commands_own() -> None:
    assert keys_summary() in README, "paste the output of `python -m tui.commands summary` into the README"
    document = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert keys_document() == document, "write the output of `python -m tui.commands keys` to docs/keys.md"


def test_every_command_has_words_of_its_own() -> None:
    assert len({command.help for command in COMMANDS}) == len(COMMANDS)
    assert all(command.help.endswith(".") and command.title for command in COMMANDS)


def test_pictures_exist() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", README)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture


def test_flags_are_those_of_the_command() -> None:
    for action in build_parser()._actions:
        for flag in action.option_strings:
            if flag.startswith("--") and action.help != "==SUPPRESS==":
                assert f"`{flag}" in README, flag


def test_ci_runs_the_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = re.findall(r"^make \w+.*$", script, re.MULTILINE)
    assert commands
    for command in commands:
        assert command.split("#")[0].strip() in README
