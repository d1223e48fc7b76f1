"""handles.py - objects of the library that are about more than one call: a room, a
certificate, a command that we run."""

from __future__ import annotations

import itertools
import weakref
from typing import Any, TypeVar

from ._libxmpp import ffi, lib
from .convert import NULL, Struct
from .errors import error_of

Kind = TypeVar("Kind", bound="Handle")
keys = itertools.count(1)


class Handle:
    """It holds its object until it is collected, or its client is closed."""

    __slots__ = ("_c", "_p", "_key", "__weakref__")
    _c: Any
    _p: Any
    _key: int
    _release: Any = None
    _hold: Any = None

    @classmethod
    def of(cls: type[Kind], client: Any, pointer: Any, is_owned: bool,
           is_new: bool) -> Any:
        if not pointer:
            if is_new:
                raise error_of(lib.XMPP_EINVOP, client._x)
            return None
        self = cls.__new__(cls)
        self._c, self._p, self._key = client, pointer, 0
        release, context = cls._release, client._x
        if not is_owned and cls._hold is not None:
            cls._hold(pointer)
        if release is not None and (is_owned or cls._hold is not None):
            self._key = next(keys)
            context.handles[self._key] = weakref.ref(self), lambda: release(pointer)
        return self

    def __del__(self) -> None:
        if getattr(self, "_key", 0):
            reference = self._c._x.handles.pop(self._key, None)
            if reference is not None:
                self._c._x.release(reference[1])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and bool(self._p == other._p)

    def __hash__(self) -> int:
        return hash(int(ffi.cast("uintptr_t", self._p)))


def found(handle: Handle | None, is_taken: bool = False) -> Any:
    """The pointer, for C; what is taken is not ours any more, and C accepts NULL in its
    place."""
    if handle is None:
        return NULL
    pointer = handle._p
    if is_taken:
        handle._c._x.handles.pop(handle._key, None)
        handle._key, handle._p = 0, NULL
    return pointer


def module(name: str) -> Any:
    try:
        return ffi.addressof(lib, f"xmpp_mod_{name}")
    except AttributeError:
        raise ValueError(f"there is no module {name!r} in this library") from None


def table(kind: type[Struct] | None) -> Any:
    return NULL if kind is None else described(kind)[0]


def described(kind: type[Struct]) -> tuple[Any, Any]:
    """The table of a struct, and the function that writes its values."""
    from . import structs
    try:
        return structs.TABLES[kind]
    except (KeyError, TypeError):
        raise TypeError(f"a struct of libxmpp was expected, not {kind!r}") from None
