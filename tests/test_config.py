"""Preferences: read, changed and kept, whatever somebody wrote into the file."""

from __future__ import annotations

import asyncio
import os
import stat
import tomllib
from pathlib import Path

import pytest

from tui import locations
from tui.config import Preferences, PreferencesError, PreferencesFile, updated
from tui.model.selection import Sort

CHANGED = Preferences(theme="orlop-light", read_only=True, sort_images=Sort.SIZE, sort_volumes=Sort.AGE)


@pytest.fixture
def file(tmp_path: Path) -> PreferencesFile:
    return PreferencesFile(tmp_path / "config" / "config.toml")


def write(file: PreferencesFile, text: str) -> None:
    file.path.parent.mkdir(parents=True, exist_ok=True)
    file.path.write_text(text, encoding="utf-8")


def test_without_a_file_there_are_defaults_and_nothing_is_written(file: PreferencesFile) -> None:
    loaded = file.load()
    assert loaded.preferences == Preferences()
    assert loaded.problems == ()
    assert not file.path.parent.exists()


async def test_what_is_saved_is_loaded_again(file: PreferencesFile) -> None:
    await file.save(CHANGED)
    loaded = file.load()
    assert loaded.preferences == CHANGED
    assert isinstance(loaded.preferences.sort_images, Sort)
    assert loaded.problems == ()
    assert os.listdir(file.path.parent) == ["config.toml"]
    # What is as it always was is not in the file.
    assert "sort_containers" not in file.path.read_text()


async def test_going_back_to_a_default_is_saved_too(file: PreferencesFile) -> None:
    await file.save(CHANGED)
    await file.save(Preferences())
    assert file.load().preferences == Preferences()


async def test_saving_defaults_makes_no_file(file: PreferencesFile) -> None:
    await file.save(Preferences())
    assert not file.path.exists()


async def test_comments_order_and_unknown_settings_stay(file: PreferencesFile) -> None:
    write(
        file,
        "# mine\n"
        'theme="orlop-dark"   # easy on the eyes\n'
        "future = [1,\n  2]\n"
        '"read_only" = false\n'
        "\n"
        "[keys]  # of a later version\n"
        'theme = "not the theme"\n',
    )
    await file.save(CHANGED)
    assert file.path.read_text() == (
        "# mine\n"
        'theme="orlop-light"   # easy on the eyes\n'
        "future = [1,\n  2]\n"
        '"read_only" = true\n'
        "\n"
        'sort_images = "size"\n'
        'sort_volumes = "age"\n'
        "[keys]  # of a later version\n"
        'theme = "not the theme"\n'
    )
    assert file.load().preferences == CHANGED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "theme = 'orlop-light'",
        'theme = "orlop-light"\r\n# Windows\r\n',
        'note = """\ntheme = "x"\n"""\n',
        "# only words",
        'sort_images="size"#tight\n',
    ],
)
def test_editing_line_by_line_says_what_was_meant(text: str) -> None:
    result = updated(text, CHANGED)
    assert result is not None
    before, after = tomllib.loads(text), tomllib.loads(result)
    assert after["theme"] == "orlop-light"
    assert after["sort_images"] == "size"
    assert after["read_only"] is True
    assert after.get("note") == before.get("note")
    assert result.count("#") == text.count("#")
    assert ("\r\n" in result) == ("\r\n" in text)
    assert updated(result, CHANGED) == result


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('theme = "orlop-dark\n', "line 1"),
        ("[theme\n", "line 1"),
        ("theme = \ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), "line 1"),
    ],
)
async def test_a_broken_file_is_told_of_and_kept(file: PreferencesFile, text: str, what: str) -> None:
    write(file, text)
    loaded = file.load()
    assert loaded.preferences == Preferences()
    (problem,) = loaded.problems
    assert str(file.path) in problem
    assert what in problem
    assert problem.endswith("The defaults are used.")
    await file.save(CHANGED)
    assert file.load().preferences == CHANGED
    assert file.path.with_name("config.toml.broken").read_text() == text

    write(file, "= again")
    await file.save(CHANGED)
    assert file.path.with_name("config.toml.broken").read_text() == text
    assert file.path.with_name("config.toml.broken.2").read_text() == "= again"


async def test_settings_over_several_lines_are_kept_aside(file: PreferencesFile) -> None:
    text = 'theme = """\norlop-dark"""\nfuture = 1\n'
    write(file, text)
    await file.save(CHANGED)
    assert file.load().preferences == CHANGED
    assert file.path.with_name("config.toml.broken").read_text() == text


async def test_bytes_that_are_no_text(file: PreferencesFile) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(b'theme = "\xff"\n')
    assert "not UTF-8" in file.load().problems[0]
    await file.save(CHANGED)
    assert file.path.with_name("config.toml.broken").read_bytes() == b'theme = "\xff"\n'


def test_values_that_make_no_sense_fall_back_one_by_one(file: PreferencesFile) -> None:
    write(file, 'theme = "pink"\nread_only = 1\nsort_images = "size"\nsort_volumes = []\n')
    loaded = file.load()
    assert loaded.preferences == Preferences(sort_images=Sort.SIZE)
    theme, read_only, sort_volumes = loaded.problems
    assert "theme in" in theme
    assert "'pink'" in theme
    assert '"orlop-mono"' in theme
    assert "may be true, false" in read_only
    assert '"name" is used' in sort_volumes


async def test_a_byte_order_mark_is_no_mistake(file: PreferencesFile) -> None:
    write(file, '\ufefftheme = "orlop-mono"\n')
    assert file.load().preferences == Preferences(theme="orlop-mono")
    await file.save(CHANGED)
    assert file.load().preferences == CHANGED
    assert os.listdir(file.path.parent) == ["config.toml"]


def test_a_folder_in_its_place_is_no_crash(file: PreferencesFile) -> None:
    file.path.mkdir(parents=True)
    (problem,) = file.load().problems
    assert "can't be read: Is a directory" in problem


async def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(PreferencesError, match=r"can't be saved in .*/taken/config\.toml"):
        await PreferencesFile(tmp_path / "taken" / "config.toml").save(CHANGED)


async def test_the_link_the_mode_and_the_last_of_many_stay(file: PreferencesFile, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "orlop.toml"
    real.parent.mkdir()
    real.write_text("# kept elsewhere\n")
    real.chmod(0o640)
    file.path.parent.mkdir()
    file.path.symlink_to(real)
    wishes = [CHANGED._replace(sort_containers=sort) for sort in [*Sort, *Sort]]
    await asyncio.gather(*(file.save(wish) for wish in wishes))
    assert file.path.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert real.read_text().startswith("# kept elsewhere\n")
    assert file.load().preferences == wishes[-1]


def test_where_it_lies(tmp_path: Path) -> None:
    assert locations.preferences_file({"ORLOP_CONFIG_DIR": str(tmp_path)}) == tmp_path / "config.toml"
    assert locations.preferences_file({}).parts[-2:] == ("orlop", "config.toml")


def test_a_socket_has_a_place_with_a_short_enough_name(tmp_path: Path) -> None:
    assert locations.socket_folder({"XDG_RUNTIME_DIR": "/" + "x" * 100}) != Path("/" + "x" * 100)
    assert locations.socket_folder({"XDG_RUNTIME_DIR": str(tmp_path / "gone")}).is_dir()


RULES = ("postgres:*", 'a "quoted" \\ one', "label=keep")


async def test_rules_are_saved_and_loaded(file: PreferencesFile) -> None:
    await file.save(Preferences(protect=RULES))
    assert tomllib.loads(file.path.read_text()) == {"protect": list(RULES)}
    assert file.load() == (Preferences(protect=RULES), ())
    await file.save(Preferences())
    assert file.load().preferences == Preferences()


@pytest.mark.parametrize(
    "text",
    [
        "protect = ['postgres:*', \"label=keep\",] # mine\n",
        "protect = [ # of the ledger\n  'postgres:*',  # the main one\n\n  'label=keep',\n]\n",
        '# [not a table]\nprotect = ["postgres:*", "label=keep"]\n[table]\nprotect = 1\n',
    ],
)
async def test_rules_stay_as_they_are_written_when_something_else_changes(file: PreferencesFile, text: str) -> None:
    write(file, text)
    loaded = file.load()
    assert loaded.preferences == Preferences(protect=("postgres:*", "label=keep"))
    assert loaded.problems == ()
    await file.save(loaded.preferences._replace(theme="orlop-light"))
    assert file.path.read_text().replace('theme = "orlop-light"\n', "") == text
    assert file.load().preferences == Preferences(theme="orlop-light", protect=("postgres:*", "label=keep"))


def test_a_rule_more_changes_only_its_line() -> None:
    text = "protect = ['a' , \"b#c]\"]   # mine\ntheme = 'orlop-light'\n"
    result = updated(text, Preferences(theme="orlop-light", protect=("a", "b#c]", "d")))
    assert result == 'protect = ["a", "b#c]", "d"]   # mine\ntheme = \'orlop-light\'\n'
    assert updated("protect = [\n'a']\n", Preferences(protect=("b",))) is None, "several lines are kept aside"


async def test_rules_that_make_no_sense_are_named_protect_nothing_and_stay(file: PreferencesFile) -> None:
    text = 'protect = ["pg*", "label=", 7, "volume:db"]\n'
    write(file, text)
    preferences, (number, label) = file.load()
    assert preferences.protect == ("pg*", "volume:db")
    assert "7 is none" in number
    assert "'label='" in label
    assert all(f"See protect in {file.path}: this rule protects nothing." in one for one in (number, label))
    await file.save(preferences._replace(read_only=True))
    assert file.path.read_text() == text + "read_only = true\n"


def test_one_text_alone_protects_and_anything_else_is_told_of(file: PreferencesFile) -> None:
    write(file, 'protect = "postgres"\n')
    assert file.load() == (Preferences(protect=("postgres",)), ())
    write(file, "protect = true\n")
    preferences, (problem,) = file.load()
    assert preferences == Preferences()
    assert "must be a list of texts" in problem
    assert problem.endswith("It protects nothing.")
    write(file, 'protect = ["a"\n')
    assert file.load().problems[0].endswith("The defaults are used. Its rules protect nothing.")
