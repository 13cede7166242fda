"""Changes that are under way at the engine, and those it has refused: at most one for each object."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from tui.engine.errors import EngineError
from tui.model.doing import Doing


class Errands:
    """Carries changes out, one by one or side by side.

    Args:
        run: starts a job in the background.
        on_doings: told what is under way and what was refused, by the objects' keys, whenever that changes.
        on_refusal: told the engine's words when it refuses.
        on_end: called when a change has been carried out or refused: what is shown may be old.
    """

    def __init__(
        self,
        run: Callable[[Coroutine[Any, Any, None]], object],
        on_doings: Callable[[Mapping[str, Doing]], None],
        on_refusal: Callable[[str], None],
        on_end: Callable[[], None],
    ) -> None:
        self._run = run
        self._on_doings = on_doings
        self._on_refusal = on_refusal
        self._on_end = on_end
        self._doings: dict[str, Doing] = {}

    def begin(self, key: str, word: str, job: Coroutine[None, None, object]) -> None:
        """Carry ``job`` out on the object with this key; ``word`` says what is done to it: ``starting``."""
        self._set(key, Doing(word))
        self._run(self._carry_out(key, word, job))

    async def _carry_out(self, key: str, word: str, job: Coroutine[None, None, object]) -> None:
        try:
            await job
        except EngineError as error:
            self._set(key, Doing(word, str(error)))
            self._on_refusal(str(error))
        else:
            self._set(key, None)
        self._on_end()

    def _set(self, key: str, doing: Doing | None) -> None:
        self._doings.pop(key, None)
        if doing is not None:
            self._doings[key] = doing
        self._on_doings(dict(self._doings))

    def forget_refusals(self) -> None:
        """They have been seen."""
        if any(doing.refusal for doing in self._doings.values()):
            self._doings = {key: doing for key, doing in self._doings.items() if not doing.refusal}
            self._on_doings(dict(self._doings))
