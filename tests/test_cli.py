"""The command line: exit codes and sentences, and how little is loaded to say them."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

import themes
import tui
from tests.engine.ssh_lab import fake_ssh
from tui import cli, launch, locations
from tui.cleanup_errand import KeptFiles
from tui.config import Preferences, PreferencesFile
from tui.engine.errors import EngineError
from tui.engine.port import Engine


def orlop(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_version_and_help() -> None:
    version = orlop("--version")
    assert (version.returncode, version.stdout) == (0, f"orlop {tui.__version__}\n")
    shown = orlop("--help")
    assert shown.returncode == 0
    for flag in ("--demo", "--host URL", "--context NAME", "--read-only", "--theme NAME", "--version", *themes.NAMES):
        assert flag in shown.stdout
    assert "--demo-if-no-engine" not in shown.stdout


@pytest.mark.parametrize("argument", ["--help", "--version", "--nonsense"])
def test_next_to_nothing_is_loaded_to_answer_that(argument: str) -> None:
    heavy = ["textual", "rich", "docker", "asyncio", "http.client", "tui.launch", "tui.engine"]
    program = (
        "import sys, tui.cli\n"
        f"try: tui.cli.main([{argument!r}])\n"
        "except SystemExit: pass\n"
        f"sys.exit(str([name for name in {heavy!r} if name in sys.modules]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--theme", "pink"], ", ".join(f"'{name}'" for name in themes.NAMES)),
        (["--host", "tcp://a:1", "--context", "b"], "not allowed with"),
        (["--host", "tcp://a:1", "--demo"], "not allowed with"),
        (["--read"], "unrecognized arguments"),
        (["images"], "invalid choice: 'images'"),
        (["layers"], "the following arguments are required: IMAGE|FILE"),
        (["layers", "x", "--low"], "unrecognized arguments"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_right(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_without_a_terminal_nothing_is_drawn() -> None:
    done = orlop("--demo")
    assert done.returncode == 2
    assert done.stderr.startswith("orlop: stdin is not a terminal")
    assert done.stdout == ""


class AppInItsPlace:
    """Stands where the app would be, and asks the engine one thing."""

    started: ClassVar[list[AppInItsPlace]] = []

    def __init__(
        self,
        *,
        engine: Engine,
        preferences: Preferences,
        theme: str | None,
        notices: tuple[str, ...],
        preferences_file: PreferencesFile,
        layer_cache_folder: Path | None,
        files_of: str,
        kept_files: KeptFiles | None,
    ) -> None:
        self.engine, self.preferences, self.theme, self.notices = engine, preferences, theme, notices
        self.layer_cache_folder, self.files_of = layer_cache_folder, files_of
        self.preferences_file, self.kept_files = preferences_file, kept_files
        self.failure: EngineError | None = None
        self.return_code: int | None = None
        self.started.append(self)

    def run(self) -> None:
        """Ask the engine what it is, as the app does first."""

        async def ask() -> None:
            try:
                await self.engine.host()
            except EngineError as error:
                self.failure = error
            finally:
                await self.engine.close()

        asyncio.run(ask())

    def exit(self, return_code: int = 0) -> None:
        """What a signal asks for."""
        self.return_code = return_code


@pytest.fixture
def apps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[AppInItsPlace]:
    """The apps that were started. Everything on disk is this test's own, and the terminal is good enough."""
    module: Any = ModuleType("tui.app")
    module.OrlopApp = AppInItsPlace
    monkeypatch.setitem(sys.modules, "tui.app", module)
    monkeypatch.setattr(AppInItsPlace, "started", [])
    monkeypatch.setattr(launch, "terminal_complaint", str)
    monkeypatch.setattr(locations, "DEFAULT_SOCKET", tmp_path / "docker.sock")
    monkeypatch.setattr(locations, "candidate_sockets", lambda *_: ())
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("ORLOP_CONFIG_DIR", str(tmp_path / "config"))
    return AppInItsPlace.started


@pytest.fixture
def answering(tmp_path: Path) -> Iterator[Path]:
    """A socket at which something answers that is no engine."""
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(tmp_path / "other.sock"))
        listener.listen()

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    with client, suppress(OSError):
                        client.recv(4096)
                        client.sendall(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield tmp_path / "other.sock"
        listener.shutdown(socket.SHUT_RDWR)


def test_no_engine_is_1_and_one_sentence_with_a_way_on(
    apps: list[AppInItsPlace], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([]) == 1
    assert apps == []
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert f"unix://{tmp_path}/docker.sock (the default socket)" in line
    assert "`orlop --demo`" in line


def test_a_stale_socket_is_known_before_anything_is_drawn(
    apps: list[AppInItsPlace], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(tmp_path / "docker.sock"))
    assert cli.main([]) == 1
    assert apps == []
    assert "Nobody listens" in capsys.readouterr().err


def test_a_context_that_does_not_exist_opens_nothing_else(
    apps: list[AppInItsPlace], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--context", "gone\x1b[31m"]) == 1
    assert apps == []
    said = capsys.readouterr().err
    assert "There is no docker context 'gone␛[31m' (from --context)." in said
    assert "\x1b" not in said


def test_an_address_that_makes_no_sense_is_wrong_usage_only_when_typed(
    apps: list[AppInItsPlace], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["--host", "ftp://x"]) == 2
    monkeypatch.setenv("DOCKER_HOST", "ftp://x")
    assert cli.main([]) == 1
    assert apps == []


def test_what_answers_and_is_no_engine(
    apps: list[AppInItsPlace], answering: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--host", f"unix://{answering}"]) == 1
    assert len(apps) == 1
    said = capsys.readouterr().err
    assert "is not a Docker engine" in said
    assert str(answering) in said


def test_a_port_where_nobody_listens(apps: list[AppInItsPlace], capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    assert cli.main(["--host", f"tcp://127.0.0.1:{port}"]) == 1
    assert f"tcp://127.0.0.1:{port} (--host)" in capsys.readouterr().err


def test_ssh_that_fails_is_quoted(
    apps: list[AppInItsPlace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ssh").write_text("#!/bin/sh\necho 'ops@far: Permission denied (publickey).' >&2\nexit 255\n")
    (tmp_path / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.main(["--host", "ssh://ops@far"]) == 1
    assert apps == []
    assert "ops@far failed: ops@far: Permission denied (publickey)." in capsys.readouterr().err


def test_the_tunnel_is_gone_with_the_app(
    apps: list[AppInItsPlace],
    answering: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with fake_ssh() as ssh:
        for name in ("PATH", "FAKE_SSH_LOG", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, ssh.environ[name])
        assert cli.main(["--host", f"ssh://works{answering}"]) == 1
        assert len(apps) == 1
        assert len(ssh.calls()) == 1
        assert ssh.alive() == []
        assert list(ssh.runtime.iterdir()) == []
    said = capsys.readouterr().err
    assert said.startswith(f"orlop: connecting to ssh://works{answering} …")
    # The app talked to what is at the far end, and the sentence names what the user asked for.
    assert f"What answers at ssh://works{answering} (--host) is not a Docker engine" in said


def test_the_demo_and_its_flags(apps: list[AppInItsPlace]) -> None:
    assert cli.main(["--demo", "--read-only", "--theme", "orlop-mono"]) == 0
    (app,) = apps
    assert app.engine.endpoint.url == "demo:"
    assert app.engine.read_only
    assert app.theme == "orlop-mono"
    assert app.notices == ()
    assert app.kept_files is None  # what is removed there never was: nothing of it is kept


def test_make_run_falls_back_to_the_demo_and_says_why(
    apps: list[AppInItsPlace], answering: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--demo-if-no-engine"]) == 0
    (app,) = apps
    assert app.engine.endpoint.url == "demo:"
    assert "There is no socket" in app.notices[0]
    assert "made-up world" in app.notices[0]
    assert "There is no socket" in capsys.readouterr().err
    # It is the same when the app has found out.
    assert cli.main(["--demo-if-no-engine", "--host", f"unix://{answering}"]) == 0
    assert [app.engine.endpoint.url for app in apps] == ["demo:", f"unix://{answering}", "demo:"]


def test_preferences_reach_the_app_and_so_do_their_problems(apps: list[AppInItsPlace], tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('theme = "orlop-light"\nread_only = true\nsort_images = 3\n')
    assert cli.main(["--demo"]) == 0
    (app,) = apps
    assert app.preferences == Preferences(theme="orlop-light", read_only=True)
    assert app.engine.read_only
    assert app.theme is None
    assert "sort_images" in app.notices[0]
    assert app.preferences_file.path == tmp_path / "config" / "config.toml"


def test_an_app_that_fails_later_gives_its_code(apps: list[AppInItsPlace], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppInItsPlace, "run", lambda self: self.exit(return_code=143))
    assert cli.main(["--demo"]) == 143


def test_ctrl_c_before_the_app_is_no_traceback(apps: list[AppInItsPlace], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(launch, "resolve", interrupted)
    assert cli.main([]) == 130


def test_the_engine_of_the_current_context(
    apps: list[AppInItsPlace], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / "config.json").write_text(json.dumps({"currentContext": "far"}))
    meta = locations.docker_context_meta_file("far", dict(os.environ), tmp_path)
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": "far", "Endpoints": {"docker": {"Host": f"unix://{tmp_path}/far.sock"}}}))
    assert cli.main([]) == 1
    assert f"unix://{tmp_path}/far.sock (docker's current context 'far')" in capsys.readouterr().err
