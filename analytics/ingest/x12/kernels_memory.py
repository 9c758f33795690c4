"""Words of a text at any address, and bits for its bytes: what the compiled loops are made of.

Arrays check each index and know no number that begins at any byte; here a caller answers for its
addresses itself.  A text has `spans.PAD` zeros behind it, so that words may be read beyond its end.
"""

from collections.abc import Callable
from typing import Any, cast

import numba
from llvmlite import ir
from numba.extending import intrinsic

_numba: Any = numba
_ir: Any = ir
_WORD = _numba.types.uint64
_I64 = _ir.IntType(64)
_LANES = 64  # bytes compared at once


def _loads(bits: int, align: int) -> Any:
    """Reads an unsigned number of so many bits."""

    def load(_context: Any, _address: Any) -> Any:
        def generated(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            kind = _ir.IntType(bits)
            found = builder.load(builder.inttoptr(arguments[0], kind.as_pointer()))
            found.align = align
            return builder.zext(found, _I64) if bits < _I64.width else found

        return _WORD(_WORD), generated

    return cast("Any", intrinsic)(load)


def _stores(bits: int, align: int) -> Any:
    """Writes the low bits of a number."""

    def store(_context: Any, _address: Any, _word: Any) -> Any:
        def generated(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            kind = _ir.IntType(bits)
            word = builder.trunc(arguments[1], kind) if bits < _I64.width else arguments[1]
            stored = builder.store(word, builder.inttoptr(arguments[0], kind.as_pointer()))
            stored.align = align
            return context.get_dummy_value()

        return _numba.types.void(_WORD, _WORD), generated

    return cast("Any", intrinsic)(store)


def _compares(predicate: str) -> Any:
    """Compares 64 bytes with one: a bit for each of which it is true."""

    def compare(_context: Any, _address: Any, _byte: Any) -> Any:
        def generated(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            many = _ir.VectorType(_ir.IntType(8), _LANES)
            bytes_ = builder.load(builder.inttoptr(arguments[0], many.as_pointer()))
            bytes_.align = 1
            one = builder.trunc(arguments[1], _ir.IntType(8))
            empty = _ir.Constant(many, _ir.Undefined)
            first = builder.insert_element(empty, one, _ir.Constant(_ir.IntType(32), 0))
            zeros = _ir.Constant(_ir.VectorType(_ir.IntType(32), _LANES), [0] * _LANES)
            alike = builder.shuffle_vector(first, empty, zeros)
            return builder.bitcast(builder.icmp_unsigned(predicate, bytes_, alike), _I64)

        return _WORD(_WORD, _WORD), generated

    return cast("Any", intrinsic)(compare)


def _lowest(_context: Any, _word: Any) -> Any:
    def generated(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], _ir.Constant(_ir.IntType(1), 0))

    return _WORD(_WORD), generated


def _counted(_context: Any, _word: Any) -> Any:
    def generated(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return _WORD(_WORD), generated


_Load = Callable[[Any], Any]
_Store = Callable[[Any, Any], None]

byte: _Load = _loads(8, 1)
word4: _Load = _loads(32, 1)
word8: _Load = _loads(64, 1)
place4: _Load = _loads(32, 4)  # of an array of 32-bit numbers, none below 0
put4: _Store = _stores(32, 4)
put8: _Store = _stores(64, 8)
equal: Callable[[Any, Any], Any] = _compares("==")
at_most: Callable[[Any, Any], Any] = _compares("<=")
lowest: _Load = cast("Any", intrinsic)(_lowest)  # the number of the lowest bit that is set
count_bits: _Load = cast("Any", intrinsic)(_counted)
