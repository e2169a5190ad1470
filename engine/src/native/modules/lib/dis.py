"""The instructions of code by name."""

import types as _types
from collections import namedtuple as _namedtuple

import _dis

__all__ = ["Instruction", "get_instructions"]

Instruction = _namedtuple("Instruction", "opname argval")


def _code_of(x):
    for name in ("__func__", "__code__", "gi_code", "ag_code", "cr_code"):
        x = getattr(x, name, x)
    if isinstance(x, str):
        x = compile(x, "<disassembly>", "exec")
    if not isinstance(x, _types.CodeType):
        raise TypeError("don't know how to disassemble %s objects" % type(x).__name__)
    return x


def get_instructions(x):
    """The instructions of a function, method, generator, code object or source text, one after the other."""
    for pair in _dis.instructions(_code_of(x)):
        yield Instruction(*pair)
