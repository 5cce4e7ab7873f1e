"""Arrays for PostgreSQL, packed at once: psycopg's own way takes a Python step for each element.

A statement takes them by `unnest(%(records)b::bytea[], …)`; the connection has to `know` them.
"""

import struct
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import Buffer
from psycopg.adapt import Dumper


class _Array(bytes):
    """A PostgreSQL array as it goes over the wire."""

    __slots__ = ()


class _ByteaArray(_Array):
    __slots__ = ()


class _TextArray(_Array):
    __slots__ = ()


class _BigintArray(_Array):
    __slots__ = ()


def _packed(kind: int, items: Sequence[bytes]) -> bytes:
    if not items:
        return struct.pack("!iII", 0, 0, kind)
    size = struct.Struct("!I").pack
    parts = [part for item in items for part in (size(len(item)), item)]
    return struct.pack("!iIIii", 1, 0, kind, len(items), 1) + b"".join(parts)


class _ArrayDumper(Dumper):
    format = pq.Format.BINARY

    def dump(self, obj: _Array) -> Buffer:
        """As it is."""
        return obj


class _ByteaDumper(_ArrayDumper):
    oid = psycopg.adapters.types["bytea"].array_oid


class _TextDumper(_ArrayDumper):
    oid = psycopg.adapters.types["text"].array_oid


class _BigintDumper(_ArrayDumper):
    oid = psycopg.adapters.types["int8"].array_oid


def of_bytes(items: Sequence[bytes]) -> _ByteaArray:
    """`bytea[]`."""
    return _ByteaArray(_packed(psycopg.adapters.types["bytea"].oid, items))


def of_texts(items: Sequence[str]) -> _TextArray:
    """`text[]`."""
    return _TextArray(_packed(psycopg.adapters.types["text"].oid, [item.encode() for item in items]))


def of_numbers(items: Sequence[int]) -> _BigintArray:
    """`bigint[]`."""
    pack = struct.Struct("!q").pack
    return _BigintArray(_packed(psycopg.adapters.types["int8"].oid, [pack(item) for item in items]))


def know(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> None:
    """Teach a connection how these go over the wire."""
    connection.adapters.register_dumper(_ByteaArray, _ByteaDumper)
    connection.adapters.register_dumper(_TextArray, _TextDumper)
    connection.adapters.register_dumper(_BigintArray, _BigintDumper)
