"""Fixtures: the command in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.layered_images import docker_archive
from tests.layers_report.running import WASTEFUL, Orlop
from tui import cli


@pytest.fixture
def orlop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Orlop:
    """The command, in an empty folder and with a cache of its own; no engine is chosen but by flags."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("ORLOP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    for name in ("DOCKER_CONTEXT", "CI"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main(["layers", *arguments])
        except SystemExit as wrong_usage:
            code = int(wrong_usage.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def wasteful(orlop: Orlop) -> str:
    """The name of an archive with waste in it, in the current folder."""
    Path("wasteful.tar").write_bytes(docker_archive("shop/wasteful:1", WASTEFUL))
    return "wasteful.tar"
