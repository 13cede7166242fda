"""``orlop layers``: what it reads, what it says to people, and its exit codes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.contents.made_archives import for_machines, several
from tests.engine.layered_images import docker_archive, file, gone
from tests.layers_report.running import Orlop, parsed
from tests.terminal.pty_terminal import Terminal
from tui import cli, exit_codes
from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import ConnectionLostError
from tui.headless import engine_access


def test_an_image_of_the_demo_in_words(orlop: Orlop) -> None:
    code, out, err = orlop("--demo", "shop/web:2.3.1")
    assert (code, err) == (0, "")
    assert out.startswith("Image       shop/web:2.3.1\n")
    for words in (
        "demo: (the demo world)",
        "in 9 layers",
        "Efficiency",
        "    5       81 B          -  COPY docker-entry",
    ):
        assert words in out
    assert "Rules" not in out


def test_the_engine_is_chosen_before_the_command_or_behind_it(orlop: Orlop, capsys: pytest.CaptureFixture[str]) -> None:
    assert orlop("--demo", "hello-world")[0] == 0
    assert cli.main(["--demo", "layers", "hello-world"]) == 0
    assert capsys.readouterr().out.startswith("Image       hello-world\n")
    assert cli.main(["--demo-if-no-engine", "layers", "hello-world"]) == 0
    with pytest.raises(SystemExit) as caught:
        cli.main(["--host", "tcp://a:1", "layers", "--demo", "hello-world"])
    assert caught.value.code == exit_codes.USAGE
    assert "--demo: not allowed with argument --host" in capsys.readouterr().err


def test_no_engine_and_no_image_are_3_and_a_sentence(orlop: Orlop, tmp_path: Path) -> None:
    code, out, err = orlop("nginx")
    assert (code, out) == (exit_codes.NOT_READ, "")
    assert f"{tmp_path}/nobody.sock" in err
    code, out, err = orlop("--demo", "no/such:image\x1b[31m")
    assert (code, out) == (exit_codes.NOT_READ, "")
    assert err.startswith("orlop: There is no image no/such:image␛[31m on this engine.")
    assert orlop("--host", "ftp://x", "nginx")[0] == exit_codes.USAGE


def test_an_engine_that_goes_away_in_the_middle(orlop: Orlop, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DemoEngine()
    engine.fail_next("layer_files", ConnectionLostError("The engine hung up.", "Try again."))
    monkeypatch.setattr(engine_access, "_demo", lambda **_flags: engine)
    assert orlop("--demo", "hello-world") == (exit_codes.NOT_READ, "", "orlop: The engine hung up. Try again.\n")


def test_the_engine_is_let_go_of(orlop: Orlop, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DemoEngine()
    closed: list[bool] = []
    close = engine.close

    async def note() -> None:
        closed.append(True)
        await close()

    monkeypatch.setattr(engine, "close", note)
    monkeypatch.setattr(engine_access, "_demo", lambda **_flags: engine)
    assert orlop("--demo", "nothing:here")[0] == exit_codes.NOT_READ
    assert closed == [True]


def test_nothing_of_the_demo_is_kept(orlop: Orlop, tmp_path: Path) -> None:
    assert orlop("--demo", "hello-world")[0] == 0
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "name", ["./nginx", "/nowhere/nginx", "~/nginx", "image.tar", "x/image.tar.gz", "IMAGE.TGZ", ".."]
)
def test_what_can_only_be_a_file_is_not_looked_for_on_an_engine(orlop: Orlop, name: str) -> None:
    code, _, err = orlop("--demo", name)
    assert code == exit_codes.NOT_READ
    assert "There is no file" in err or "is a folder" in err


@pytest.mark.parametrize("name", ["nginx", "library/nginx", "nginx.tar:1", "sha256:abcd"])
def test_what_can_be_an_image_is_one(orlop: Orlop, name: str) -> None:
    Path("nginx").mkdir()  # A folder is no archive, so there is no doubt.
    assert f"There is no image {name} on this engine." in orlop("--demo", name)[2] or name == "nginx"


def test_what_can_be_neither_and_what_has_a_folder_s_name_is_told(orlop: Orlop) -> None:
    for name, words in (("", "An empty name"), ("-", "/dev/stdin")):
        code, out, err = orlop(name)
        assert (code, out) == (exit_codes.USAGE, ""), name
        assert words in err
    Path("web").mkdir()
    assert "web is a folder here, and is read as an image of the engine" in orlop("--demo", "web")[2]


def test_an_image_that_is_not_there_has_nothing_to_refresh(orlop: Orlop) -> None:
    err = orlop("--demo", "nosuch:1")[2]
    assert "There is no image nosuch:1 on this engine." in err
    assert "refresh" not in err
    assert "docker image ls" in err


def test_a_file_in_the_way_of_an_image_is_told(orlop: Orlop, wasteful: str) -> None:
    Path(wasteful).rename("nginx")
    code, out, err = orlop("nginx")
    assert code == 0
    assert out.startswith("Archive     nginx\n")
    assert err == "orlop: nginx is read as the file of that name here; for the image write nginx:latest.\n"
    assert orlop("--demo", "nginx:1.27-alpine")[1].startswith("Image       nginx:1.27-alpine\n")
    assert orlop("./nginx")[2] == ""


def test_which_image_is_asked_of_archives_alone(orlop: Orlop) -> None:
    code, _, err = orlop("--demo", "hello-world", "--image", "x")
    assert code == exit_codes.USAGE
    assert "--image names an image in an archive" in err


def test_an_archive_in_words(orlop: Orlop, wasteful: str) -> None:
    code, out, err = orlop(wasteful)
    assert (code, err) == (0, "")
    for words in (
        "Archive     wasteful.tar\nimage in it shop/wasteful:1\n",
        "Stored        11.0 MB  in 3 layers, 7 entries for 6 paths\n",
        "Visible        7.0 MB",
        "Wasted         4.0 MB",
        "Efficiency      63.6%",
        "User waste     100.0%",
        "    2     3.0 MB     3.0 MB  layer 1\n",
        "     2.0 MB  /cache/a  (layer 2 added it, layer 3 deleted it)\n",
        "     1.0 MB  /etc/changed  (layer 1 added it, layer 3 replaced it)\n",
        "  Layer 3 deletes 3.0 MB that layer 2 added in /cache: do both in one instruction.\n",
    ):
        assert words in out, out


def test_long_commands_are_cut_for_a_terminal_alone(orlop: Orlop, tmp_path: Path) -> None:
    whole = orlop("--demo", "shop/web:2.3.1")[1]
    assert max(map(len, whole.splitlines())) > 300
    command = [sys.executable, "-m", "tui", "layers", "--demo", "shop/web:2.3.1"]
    with Terminal(command, rows=50, columns=90, env={"ORLOP_CACHE_DIR": str(tmp_path)}) as terminal:
        terminal.wait_for("--mount=type=cache,target=/root/.npm npm ci")
        assert terminal.wait() == 0
        assert all(len(line) <= 90 for line in terminal.lines())
        assert any(line.rstrip().endswith("…") for line in terminal.lines())


def test_nothing_lies_hidden_in_a_clean_image(orlop: Orlop) -> None:
    Path("clean.tar").write_bytes(docker_archive("clean:1", [[file("a", b"1")], [file("b", b"2")]]))
    out = orlop("clean.tar")[1]
    assert "Nothing in it is stored and hidden again" in out
    assert "What wastes most" not in out


def test_an_image_of_nothing(orlop: Orlop) -> None:
    Path("nothing.tar").write_bytes(docker_archive("nothing:1", [[]]))
    code, out, _ = orlop("nothing.tar", "--ci")
    assert code == 0
    assert "100.0%" in out


def test_hostile_names_are_shown_and_do_nothing(orlop: Orlop) -> None:
    names = ["\x1b[31mred", "two\nlines", "\u202egnp.exe", "caf\udce9", "bell\x07", "\x7f"]
    layers = [[file(name, bytes(50)) for name in names], [gone(name) for name in names]]
    Path("\x1b]0;owned.tar").write_bytes(docker_archive("evil\x1b[2J:1", layers))
    code, out, err = orlop("./\x1b]0;owned.tar")
    assert (code, err) == (0, "")
    assert not [character for character in out + err if not character.isprintable() and character != "\n"]
    for shown in ("/␛[31mred", "/two␊lines", "/<202E>gnp.exe", "/caf�", "/bell␇", "␛]0;owned.tar"):
        assert shown in out
    assert "␛" in orlop("./\x1b[31mno.tar")[2]


def test_a_broken_archive_is_3_and_a_sentence(orlop: Orlop, wasteful: str) -> None:
    Path("text.tar").write_text("This is no archive. " * 100)
    whole = Path(wasteful).read_bytes()
    Path("cut.tar").write_bytes(whole[: len(whole) // 2])
    Path("empty.tar").write_bytes(b"")
    for name in ("text.tar", "cut.tar", "empty.tar"):
        code, out, err = orlop(name)
        assert (code, out) == (exit_codes.NOT_READ, ""), name
        assert name in err
        assert len(err.splitlines()) == 1


def test_one_of_several_images_has_to_be_named(orlop: Orlop) -> None:
    several(Path("several.tar"))
    code, out, err = orlop("several.tar")
    assert (code, out) == (exit_codes.USAGE, "")
    assert "Say which one is meant: shop/web:1" in err
    assert "image in it shop/web:1\n" in orlop("several.tar", "--image", "shop/web:1")[1]


def test_the_platform_taken_is_named(orlop: Orlop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    for_machines(Path("both.tar"))
    assert "Platform    linux/amd64; also in it: linux/arm64/v8\n" in orlop("both.tar")[1]
    assert "Platform    linux/arm64/v8; also in it: linux/amd64\n" in orlop("both.tar", "--image", "linux/arm64")[1]
    image = parsed(orlop("both.tar", "--json", "--image", "bb:oci@linux/arm64")[1])["image"]
    assert (image["platform"], image["otherPlatforms"]) == ("linux/arm64/v8", ["linux/amd64"])
    code, _, err = orlop("both.tar", "--image", "linux/riscv64")
    assert code == exit_codes.USAGE
    assert err.endswith("It holds bb:oci@linux/amd64, bb:oci@linux/arm64/v8.\n")
    assert "Platform    linux/amd64\n" in orlop("--demo", "shop/web:2.3.1")[1]
