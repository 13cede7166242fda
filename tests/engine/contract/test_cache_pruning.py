"""One record of the build cache goes, and never another."""

from __future__ import annotations

import pytest

from tests.engine.contract.conftest import watching
from tests.engine.lab import Lab
from tui.engine.errors import BadRequestError, ConflictError, NotFoundError
from tui.engine.port import Engine
from tui.model.build_cache import BuildCacheRecord


async def records(engine: Engine) -> dict[str, BuildCacheRecord]:
    return {record.id: record for record in (await engine.disk_usage()).build_cache}


async def test_records_name_their_parents(lab: Lab, engine: Engine) -> None:
    lowest, middle, top = await lab.create_cache_chain(3)
    found = await records(engine)
    assert found[middle].parents == (lowest,)
    assert found[top].parents == (middle,)
    assert not found[top].in_use


async def test_exactly_the_named_record_goes(lab: Lab, engine: Engine) -> None:
    *_, top = await lab.create_cache_chain(3)
    before = await records(engine)
    freed = await engine.prune_cache_record(top)
    assert freed == before[top].size_bytes
    after = await records(engine)
    assert before.keys() - after.keys() == {top}


async def test_a_record_that_others_build_on_stays(lab: Lab, engine: Engine) -> None:
    lowest, middle, top = await lab.create_cache_chain(3)
    before = await records(engine)
    for record_id, child in ((lowest, middle), (middle, top)):
        with pytest.raises(ConflictError) as caught:
            await engine.prune_cache_record(record_id)
        assert record_id in caught.value.message
        assert child in caught.value.next_step
    assert (await records(engine)).keys() == before.keys()


async def test_a_whole_chain_goes_from_its_top_down(lab: Lab, engine: Engine) -> None:
    chain = await lab.create_cache_chain(3)
    before = await records(engine)
    for record_id in reversed(chain):
        await engine.prune_cache_record(record_id)
    assert before.keys() - (await records(engine)).keys() == set(chain)


async def test_a_record_that_is_gone(lab: Lab, engine: Engine) -> None:
    top = (await lab.create_cache_chain(1))[0]
    await engine.prune_cache_record(top)
    before = await records(engine)
    for record_id in (top, "z" * 25):
        with pytest.raises(NotFoundError) as caught:
            await engine.prune_cache_record(record_id)
        assert record_id in caught.value.message
    assert (await records(engine)).keys() == before.keys()


async def test_nothing_but_a_whole_id_is_sent(lab: Lab, engine: Engine) -> None:
    """The engine's filter is a regular expression: a part of an ID, or ``.``, would remove many records."""
    top = (await lab.create_cache_chain(1))[0]
    before = await records(engine)
    for record_id in ("", ".", ".*", top[:12], f"{top[:24]}.", f"{top}\n", f"{top}|.", f"^{top}$", "a" * 26):
        with pytest.raises(BadRequestError):
            await engine.prune_cache_record(record_id)
    assert (await records(engine)).keys() == before.keys()


async def test_pruning_is_told(lab: Lab, engine: Engine) -> None:
    top = (await lab.create_cache_chain(1))[0]
    async with watching(engine) as watch:
        freed = await engine.prune_cache_record(top)
        event = await watch.until("builder", "prune")
    assert event.attributes["reclaimed"] == str(freed)
