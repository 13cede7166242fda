"""What the commands print of names that are out to harm: nothing in it acts on a terminal, and JSON is plain ASCII."""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from pathlib import Path

import pytest

from tests.journeys.test_hostile_cleanup import SHELLS, hostile_cleanup_world
from tui import exit_codes
from tui.cli import main
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.hostile import ODD_TEXTS
from tui.headless import engine_access
from tui.model.cleanup_plan import CleanupPlan
from tui.model.plan_document import to_document

EVERYTHING = (
    "--dangling",
    "--unused",
    "--stopped",
    "--never-started",
    "--anonymous-volumes",
    "--named-volumes",
    "--cache",
)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORLOP_CONFIG_DIR", "ORLOP_STATE_DIR", "ORLOP_CACHE_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> DemoEngine:
    made = DemoEngine(world=hostile_cleanup_world())

    async def stays_open() -> None:
        """The next command will want it."""

    monkeypatch.setattr(made, "close", stays_open)
    monkeypatch.setattr(engine_access, "_demo", lambda **_flags: made)
    return made


def harmless(text: str) -> str:
    """``text``, in which nothing could act on a terminal."""
    bad = {c for c in set(text) if unicodedata.category(c) in {"Cc", "Cs", "Cf"} and c != "\n"}
    assert not bad, sorted(map(ascii, bad))
    return text


@pytest.mark.parametrize("words", [("df",), ("plan", *EVERYTHING)])
def test_text(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--demo"]) == exit_codes.OK
    printed = capsys.readouterr()
    assert len(harmless(printed.out).splitlines()) > 10
    assert not harmless(printed.err)


@pytest.mark.parametrize("words", [("df",), ("plan", *EVERYTHING)])
def test_json(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--demo", "--json"]) == exit_codes.OK
    printed = capsys.readouterr().out
    assert not re.search(r"[^\n -~]", printed)
    assert json.loads(printed)["format"].startswith("orlop")


def test_every_name_is_in_the_plan_word_for_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--demo", "--named-volumes", "--json"]) == exit_codes.OK
    found = {step["id"] for step in json.loads(capsys.readouterr().out)["plan"]["steps"]}
    assert found >= set(SHELLS)


@pytest.mark.parametrize("odd", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
@pytest.mark.parametrize("flag", ["--volume", "--image", "--container", "--older-than", "--host"])
def test_errors(flag: str, odd: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", f"{flag}=no-{odd}"]
    assert main(words if flag == "--host" else [*words, "--demo"]) != exit_codes.OK
    printed = capsys.readouterr()
    assert not printed.out
    assert harmless(printed.err)


@pytest.mark.parametrize("words", [["plan", "--demo", "\x1b[2J\u202e\x9b"], ["\x1b[2J\x07"], ["df", "--\x1b]0;x\x07"]])
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == exit_codes.USAGE
    assert harmless(capsys.readouterr().err)


@pytest.mark.parametrize("odd", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_clean_refuses_in_plain_words(odd: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plan.json"
    for document in (odd, {odd: odd}, to_document(CleanupPlan(engine_id=odd or "other"), 1.0)):
        file.write_text(json.dumps(document))
        assert main(["clean", "--demo", str(file), "--yes"]) == exit_codes.USAGE
        assert harmless(capsys.readouterr().err)
    name = odd.replace("\0", "").encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")  # as in argv
    assert main(["clean", "--demo", f"{tmp_path}/no-{name}", "--yes"]) == exit_codes.USAGE
    assert harmless(capsys.readouterr().err)


@pytest.mark.parametrize("flags", [(), ("--json",), ("--back-up-volumes",)])
def test_receipt(
    flags: tuple[str, ...], engine: DemoEngine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name for name in SHELLS if name.isprintable()]
    chosen = [f"--volume={name}" for name in names]
    assert main(["plan", "--demo", *chosen, "--stopped", "--json"]) == exit_codes.OK
    file = tmp_path / "plan.json"
    file.write_text(capsys.readouterr().out)
    assert main(["clean", "--demo", str(file), "--yes", *flags]) == exit_codes.OK
    printed = capsys.readouterr()
    harmless(printed.out)
    harmless(printed.err)
    if "--json" in flags:
        assert not re.search(r"[^\n -~]", printed.out)
    assert not set(names) & {volume.name for volume in asyncio.run(engine.volumes())}
