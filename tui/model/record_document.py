"""Records as plain data for JSON, and back with everything checked: by the types that the records declare.

For frozen dataclasses and named tuples of text, numbers, choices, tuples, mappings and further such records. A
reader believes nothing: a missing field, one too many, a wrong type or a senseless number is an error that says where.
"""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")

LARGEST = 2**63 - 1
"""No number of bytes on any disk is larger; it is the largest that the engine itself can count to."""
LONGEST = 1 << 20
"""Characters that a text may have. A label may be long, but not longer than a whole request."""


class BadFieldError(ValueError):
    """Something does not fit; the message says what and where, without a full stop."""


def write_value(value: object) -> Any:
    """``value`` as JSON takes it. Raises ``TypeError`` for what no record of ours holds."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    names = _field_names(type(value))
    if names:
        return {name: write_value(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {key: write_value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [write_value(item) for item in value]
    raise TypeError(f"A {type(value).__name__} has no place in a document.")


def read_record(record: type[Record], value: object, where: str) -> Record:
    """The ``record`` that ``value`` describes.

    Args:
        record: a dataclass or named tuple.
        value: what JSON gave.
        where: what ``value`` is called in an error.

    Raises:
        BadFieldError: it does not fit.
    """
    if not isinstance(value, Mapping):
        raise BadFieldError(f"{where} is not an object")
    readers = _readers(record)
    for name in readers:
        if name not in value:
            raise BadFieldError(f"{where} has no '{name}'")
    if len(value) > len(readers):
        unknown = next(name for name in value if name not in readers)
        raise BadFieldError(f"{where} has a field that nobody knows, {shown(unknown)}")
    return record(**{name: read(value[name], f"{where}.{name}") for name, read in readers.items()})


def shown(value: object) -> str:
    """``value`` in an error: short, and without anything that could act on a terminal."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


_Reader = Callable[[object, str], Any]


def _field_names(record: type) -> tuple[str, ...]:
    if dataclasses.is_dataclass(record):
        return tuple(field.name for field in dataclasses.fields(record))
    return tuple(getattr(record, "_fields", ()))


_KNOWN: dict[type, Mapping[str, _Reader]] = {}
"""Record -> what reads its fields, worked out once."""


def _readers(record: type) -> Mapping[str, _Reader]:
    known = _KNOWN.get(record)
    if known is None:
        hints = get_type_hints(record)
        known = _KNOWN[record] = {name: _reader(hints[name]) for name in _field_names(record)}
    return known


def _reader(hint: Any) -> _Reader:
    """What reads a value of the type ``hint``."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional(_reader(next(one for one in arguments if one is not types.NoneType)))
    if origin is tuple:
        return _several(_reader(arguments[0]))
    if origin is Mapping:
        return _mapping(_reader(arguments[1]))
    if hint in _PLAIN:
        return _PLAIN[hint]
    if issubclass(hint, StrEnum):
        return _choice(hint)
    return lambda value, where: read_record(hint, value, where)


def _optional(read: _Reader) -> _Reader:
    return lambda value, where: None if value is None else read(value, where)


def _several(read: _Reader) -> _Reader:
    def read_all(value: object, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise BadFieldError(f"{where} is not a list")
        return tuple(read(item, f"{where}[{number}]") for number, item in enumerate(value))

    return read_all


def _mapping(read: _Reader) -> _Reader:
    def read_all(value: object, where: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise BadFieldError(f"{where} is not an object")
        return {_read_text(key, where): read(item, f"{where}[{shown(key)}]") for key, item in value.items()}

    return read_all


def _choice(choices: type[StrEnum]) -> _Reader:
    known = {str(choice): choice for choice in choices}

    def read(value: object, where: str) -> StrEnum:
        if not isinstance(value, str) or value not in known:
            raise BadFieldError(f"{where} is {shown(value)}, which is none of {', '.join(known)}")
        return known[value]

    return read


def _read_text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise BadFieldError(f"{where} is not a text")
    if len(value) > LONGEST:
        raise BadFieldError(f"{where} is longer than any name or label")
    return str(value)


def _read_switch(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise BadFieldError(f"{where} is neither true nor false")
    return value


def _read_whole(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadFieldError(f"{where} is not a whole number")
    if not 0 <= value <= LARGEST:
        raise BadFieldError(f"{where} is a number that can't be")
    return value


def _read_number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadFieldError(f"{where} is not a number")
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise BadFieldError(f"{where} is a number that can't be")
    return float(value)


_PLAIN: Mapping[Any, _Reader] = {str: _read_text, bool: _read_switch, int: _read_whole, float: _read_number}
