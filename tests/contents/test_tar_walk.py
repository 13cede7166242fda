"""The walk over a tar tells what the standard library tells, and never more than that something is broken."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contents.made_tars import (
    END,
    FORMATS,
    entries,
    entry,
    from_file,
    header,
    layer,
    made,
    outcome,
    pax,
    problem,
    record,
    streamed,
    tars,
    told_by_tarfile,
    with_checksum,
)
from tests.examples import examples
from tui.contents.byte_source import ChunkSource
from tui.contents.errors import StoppedError
from tui.contents.plain_headers import PlainHeaders
from tui.contents.tar_walk import TarWalk, read_layer
from tui.contents.watch import Watch
from tui.model.layer_files import Entry, Kind, LayerFiles


class TestAgainstTheStandardLibrary:
    @settings(max_examples=examples(400), deadline=None)
    @given(tars(), st.sampled_from([1, 100, 512, 700, 5000, 1 << 20]))
    def test_any_archive(self, data: bytes, chunk_bytes: int) -> None:
        assert outcome(data, chunk_bytes) == told_by_tarfile(data)

    @settings(max_examples=examples(60), deadline=None)
    @given(st.lists(entries(), min_size=1, max_size=6), st.sampled_from(FORMATS))
    def test_bodies(self, items: list[tarfile.TarInfo], format_: int) -> None:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=format_, errors="surrogateescape") as archive:
            for number, item in enumerate(items):
                item.name, item.mtime, item.uid, item.gid = f"file{number}", 0, 0, 0
                item.linkname = ""
                archive.addfile(item, io.BytesIO(bytes([number]) * item.size))
        source = streamed(buffer.getvalue(), 300)
        bodies = [b"".join(member.body(source)) for member in TarWalk(source).members()]
        assert bodies == [bytes([number]) * item.size for number, item in enumerate(items)]

    def test_many_files_over_many_windows(self) -> None:
        items = [entry(f"d{n % 7}/{n}", size=(n * 37) % 3000, mtime=n, uid=n % 3, mode=n % 0o1000) for n in range(3000)]
        data = made(*items)
        assert layer(data) == told_by_tarfile(data)


@settings(max_examples=examples(300), deadline=None)
@given(tars(), st.data())
def test_quick_and_careful_reading_agree(data: bytes, choice: st.DataObject) -> None:
    """Whatever byte of a header is changed, its checksum put right again."""
    blocks = [at for at in range(0, len(data), 512) if data[at + 257 : at + 262] == b"ustar"]
    changed = bytearray(data)
    for at in choice.draw(st.lists(st.sampled_from(blocks), max_size=3)) if blocks else []:
        place = at + choice.draw(
            st.one_of(st.integers(0, 511), st.sampled_from([100, 124, 135, 136, 156, 257, 263, 345]))
        )
        changed[place] = choice.draw(st.one_of(st.integers(0, 255), st.sampled_from(b"\0 0179-_+xgLKS\x80\xff")))
        changed[at : at + 512] = with_checksum(bytes(changed[at : at + 512]))
    data = bytes(changed)
    quick = outcome(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PlainHeaders, "fill", lambda _self, _source, padding, _builder: (0, padding))
        assert outcome(data) == quick


class TestBroken:
    SMALL = made(
        entry("etc", tarfile.DIRTYPE), entry("etc/motd", size=700), entry("n" * 150, size=10),
        entry("etc/link", tarfile.SYMTYPE, link="motd"), entry("etc/hard", tarfile.LNKTYPE, link="etc/motd"),
    )  # fmt: skip

    def test_cut_at_every_byte(self) -> None:
        with tarfile.open(fileobj=io.BytesIO(self.SMALL)) as archive:
            members = archive.getmembers()
        ends = [member.offset_data + member.size if member.isreg() else member.offset_data for member in members]
        fine = {0}
        for end in ends:
            fine.update(range(end, -(-end // 512) * 512 + 1))
        last = -(-ends[-1] // 512) * 512
        for cut in range(last + 1100):
            found = outcome(self.SMALL[:cut], 300)
            whole = cut in fine or cut >= last + 512
            assert isinstance(found, LayerFiles) == whole, (cut, found)
            assert whole or "is cut short" in str(found)

    @settings(max_examples=examples(500), deadline=None)
    @given(st.integers(0, len(SMALL) * 8 - 1))
    def test_a_flipped_bit(self, bit: int) -> None:
        data = bytearray(self.SMALL)
        data[bit // 8] ^= 1 << bit % 8
        outcome(bytes(data))

    @settings(max_examples=examples(200), deadline=None)
    @given(st.binary(max_size=3000))
    def test_random_bytes(self, data: bytes) -> None:
        outcome(data)

    @settings(max_examples=examples(200), deadline=None)
    @given(st.binary(max_size=1200), st.sampled_from(b"xgLKSX"))
    def test_random_extensions(self, body: bytes, flag: int) -> None:
        outcome(pax(body, bytes([flag])) + header() + END)

    def test_random_blocks_behind_a_good_one(self) -> None:
        assert "checksum" in problem(self.SMALL[:512] + b"nonsense" * 64 + END)

    def test_zeros_in_the_middle(self) -> None:
        assert "zeros" in problem(self.SMALL[:512] + bytes(512) + self.SMALL[512:])

    @pytest.mark.parametrize("flag", [b"x", b"g", b"L", b"K"])
    def test_a_header_of_gigabytes(self, flag: bytes) -> None:
        assert "far too long" in problem(header(flag=flag, size=b"77777777777\0") + END)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"size": b"\xff" * 12}, "below zero"),
            ({"size": b"\x80" + b"\xff" * 11}, "too large"),
            ({"size": b"\x80\0\0\0" + b"\x7f" + b"\xff" * 7}, "cut short"),
            ({"size": b"-0000000001\0"}, "none"),
            ({"size": b"00000000009\0"}, "none"),
            ({"size": b"00000000_10\0"}, "none"),
            ({"size": b"77777777777\0"}, "cut short"),
            ({"uid": b"garbage\0"}, "none"),
            ({"mtime": b"\x80" + b"\xff" * 11}, "too large"),
            ({"flag": b"S", "sparse": b"\0" * 97 + b"\xff" * 12}, "below zero"),
        ],
    )
    def test_numbers_that_make_no_sense(self, fields: dict[str, bytes], words: str) -> None:
        assert words in problem(header(**fields) + END)

    @pytest.mark.parametrize(
        "records",
        [
            b"no record at all",
            b"9999999 path=x\n",
            b"0 path=x\n",
            record(b"path", b"x") + bytes(20),
            record(b"path", b"x") + b"no number",
            record(b"path", b"x") + b"1 ",
            record(b"path", b"x") + b"x\n",
            b"-5 path=x\n",
            b"11 path=x",
            b"10 path=xyz",
            record(b"path", b"a\0b"),
            record(b"size", b"-1"),
            record(b"size", b"9" * 30),
            record(b"uid", b"root"),
            record(b"mtime", b"1e9"),
            record(b"path", b"d/" * 3000),
            record(b"GNU.sparse.map", b"1,2,3") + record(b"GNU.sparse.size", b"9"),
            record(b"GNU.sparse.map", b"0,1") + record(b"GNU.sparse.size", b"-9"),
            record(b"GNU.sparse.map", b"0,1"),
        ],
    )
    def test_pax_records_that_make_no_sense(self, records: bytes) -> None:
        assert problem(pax(records) + header() + END).startswith("The layer ")

    def test_what_is_announced_has_to_come(self) -> None:
        assert "cut short" in problem(pax(record(b"path", b"x")))
        assert "cut short" in problem(pax(record(b"path", b"x")) + END)

    def test_an_endless_sparse_map(self) -> None:
        first = bytearray(header(flag=b"S"))
        first[482] = 1
        extension = bytes(504) + b"\1" + bytes(7)
        assert "far too long" in problem(with_checksum(bytes(first)) + extension * 2100)


class TestWhatTheStandardLibraryTellsOtherwise:
    """Where Docker's own reader and the standard library differ, it is as Docker has it."""

    def test_old_gnu_headers_with_times_in_place_of_a_prefix(self) -> None:
        data = header(prefix=b"14000000000\0" * 2) + END
        assert layer(data).paths == ("file",)

    def test_gnu_headers_that_old_versions_of_docker_wrote(self) -> None:
        assert layer(header(prefix=b"usr/share/long") + END).paths == ("usr/share/long/file",)

    def test_before_ustar(self) -> None:
        data = header(magic=bytes(8), flag=b"\0", name=b"folder/") + header(magic=bytes(8), flag=b"\0") + END
        assert [(found.path, found.kind) for found in layer(data)] == [("file", Kind.FILE), ("folder", Kind.FOLDER)]

    def test_signed_checksums(self) -> None:
        block = bytearray(header(name=b"caf\xc3\xa9\0"))
        blank = bytes(block[:148]) + b" " * 8 + bytes(block[156:])
        block[148:156] = b"%06o\0 " % (sum(blank) - 256 * sum(byte >= 128 for byte in blank))
        assert layer(bytes(block) + END).paths == ("café",)

    def test_folders_and_links_have_no_body_whatever_their_size(self) -> None:
        data = header(flag=b"5", name=b"dir\0", size=b"00000001000\0") + header() + END
        assert layer(data).paths == ("dir", "file")

    def test_a_volume_label_is_no_entry(self) -> None:
        assert layer(header(flag=b"V", name=b"label\0") + header() + END).paths == ("file",)

    def test_unknown_flags_are_files(self) -> None:
        assert layer(header(flag=b"Z", size=b"00000000003\0") + bytes(512) + END).entry(0).size_bytes == 3

    def test_what_is_empty_in_a_pax_header_says_nothing(self) -> None:
        assert layer(pax(record(b"path", b"") + record(b"uid", b"")) + header() + END).paths == ("file",)

    def test_zeros_at_the_end_may_be_missing(self) -> None:
        assert (
            len(layer(header() + header(name=b"last"))) == len(layer(header() + header(name=b"last") + bytes(512))) == 2
        )

    def test_what_follows_the_end_is_no_part(self) -> None:
        assert layer(header() + END + header(name=b"more")).paths == ("file",)


def test_a_whole_entry() -> None:
    data = pax(record(b"uid", b"3000000000") + record(b"gid", b"7") + record(b"mtime", b"-1.5")) + header(
        mode=b"0104755\0", size=b"\x80\0\0\0\0\0\0\0\0\0\0\x05"
    ) + bytes(512) + END  # fmt: skip
    assert list(layer(data)) == [Entry("file", Kind.FILE, 5, 0o4755, 3_000_000_000, 7, -2)]


def test_a_pax_size_counts_for_the_body() -> None:
    data = pax(record(b"size", b"600")) + header() + bytes(1024) + header(name=b"next") + END
    assert [found.size_bytes for found in layer(data)] == [600, 0]


def test_global_pax_headers() -> None:
    data = (
        pax(record(b"uid", b"5") + record(b"mtime", b"9"), b"g")
        + header()
        + pax(record(b"uid", b"6"))
        + header(name=b"two\0")
    )
    assert [(found.uid, found.modified) for found in layer(data + END)] == [(5, 9), (6, 9)]


@pytest.mark.parametrize(
    "drive", [lambda data, source: read_layer(source), lambda data, source: from_file(data, _stopping)]
)
def test_stops_at_once(drive: Callable[[bytes, ChunkSource], LayerFiles]) -> None:
    data = made(*(entry(str(number)) for number in range(5000)))
    source = ChunkSource(iter([data]), "The layer", _watch(4))
    with pytest.raises(StoppedError):
        drive(data, source)


def _watch(asked: int) -> Watch:
    left = iter(range(asked))
    return Watch(None, lambda: next(left, None) is None)


def _stopping(source: object) -> LayerFiles:
    source.watch = _watch(4)  # type: ignore[attr-defined]
    return read_layer(source)  # type: ignore[arg-type]
