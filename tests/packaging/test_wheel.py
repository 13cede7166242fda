"""The wheel: what is in it, and that it starts where only the wheel is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui
from tests.terminal.pty_terminal import Terminal

ROOT = Path(__file__).parents[2]
ROOMS = ("tui", "widgets", "themes")


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What a command that has to succeed prints."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, env=_clean(), check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the sources as they are, with the build tools that are installed."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands' folder of an environment with the wheel in it, and its dependencies from ours."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    # A path in a .pth file is searched, but .pth files found there are not: our editable orlop stays out.
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def test_it_holds_the_three_rooms_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    information = f"orlop-{tui.__version__}.dist-info"
    assert {name.partition("/")[0] for name in names} == {*ROOMS, information}
    assert not [name for name in names if "__pycache__" in name or "test" in Path(name).name]
    assert f"{information}/licenses/LICENSE" in names
    for path in _sources():
        assert path in names
    metadata = zipfile.ZipFile(wheel).read(f"{information}/METADATA").decode()
    assert "Requires-Python: >=3.11" in metadata
    for name in ("textual", "docker", "humanize", "aiofiles", "platformdirs", "pyyaml"):
        assert f"Requires-Dist: {name}<" in metadata or f"Requires-Dist: {name}>" in metadata
    assert "orlop = tui.cli:main" in zipfile.ZipFile(wheel).read(f"{information}/entry_points.txt").decode()


def _sources() -> Iterator[str]:
    """Every file of the three rooms, data files included."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix()


def test_the_command_and_the_module_answer(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import tui, widgets, themes; print(tui.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)
    assert run(installed / "orlop", "--version", cwd=tmp_path) == f"orlop {tui.__version__}\n"
    assert "--demo" in run(installed / "python", "-m", "tui", "--help", cwd=tmp_path)


@pytest.mark.e2e
def test_it_starts_on_the_demo(installed: Path, tmp_path: Path) -> None:
    command = [str(installed / "orlop"), "--demo"]
    with Terminal(command, env={"ORLOP_CONFIG_DIR": str(tmp_path), "PYTHONPATH": None}, cwd=tmp_path) as terminal:
        terminal.wait_for("Images", 20)
        terminal.wait_for("Volumes")
        terminal.press("q")
        assert terminal.wait() == 0
