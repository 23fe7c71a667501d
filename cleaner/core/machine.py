"""Machine instructions that numba has no name for.

The loads take an address (int64) and an index and check neither: addresses instead of arrays keep
reference counting out of loops. ``load_byte`` and ``load_word`` (uint32) count in elements,
``load_chunk`` gives the eight bytes from a byte index on as a little-endian uint64;
``store_byte`` and ``store_chunk`` write to a byte index.
"""

# mypy: disable-error-code="import-untyped,untyped-decorator"

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _loader(bits: int, result: Any) -> Any:
    @intrinsic
    def load(typing_context: Any, address: Any, index: Any) -> Any:
        if not isinstance(address, types.Integer):
            return None

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = ir.IntType(bits)
            size = ir.Constant(ir.IntType(64), 1 if bits == 64 else bits // 8)
            place = builder.add(arguments[0], builder.mul(arguments[1], size))
            return builder.load(builder.inttoptr(place, kind.as_pointer()), align=1)

        return result(types.int64, types.int64), generate

    return load


def _storer(bits: int, kind: Any) -> Any:
    @intrinsic
    def store(typing_context: Any, address: Any, index: Any, value: Any) -> Any:
        if not isinstance(address, types.Integer):
            return None

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            place = builder.add(arguments[0], arguments[1])
            pointer = builder.inttoptr(place, ir.IntType(bits).as_pointer())
            builder.store(arguments[2], pointer, align=1)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, kind), generate

    return store


load_byte = _loader(8, types.uint8)
load_word = _loader(32, types.uint32)
load_chunk = _loader(64, types.uint64)
store_byte = _storer(8, types.uint8)
store_chunk = _storer(64, types.uint64)


@intrinsic
def trailing_zeros(typing_context: Any, value: Any) -> Any:
    """Return the number of zero bits below the lowest set bit of a uint64; 64 for 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@intrinsic
def count_ones(typing_context: Any, value: Any) -> Any:
    """Return the number of set bits of a uint64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate
