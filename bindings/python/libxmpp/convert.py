"""convert.py - values between Python and C: one function for each kind of member."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from ._libxmpp import ffi, lib
from .jid import JID, parse

T = TypeVar("T")
NULL = ffi.NULL
string = ffi.string
made = JID.made
buffer = ffi.buffer
unpack = ffi.unpack
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
NO_NUMBER = -2 ** (8 * ffi.sizeof("long") - 1)
NO_TIME = -2 ** 63
NAN = math.nan
ADDRESSES_MOST = 1000
addresses: dict[bytes, JID] = {}


class Struct:
    """What all structs have in common. Members that are absent are None. `stanza` is
    what it was read from, where that is of use: a message, an answer, an event."""

    __slots__ = ("_stanza",)
    _stanza: Any

    @property
    def stanza(self) -> Any:
        return getattr(self, "_stanza", None)


# ---- from C -------------------------------------------------------------

def number(value: int) -> int | None:
    return None if value == NO_NUMBER else value


def real(value: float) -> float | None:
    return value if value == value else None


def time(value: int) -> datetime | None:
    return None if value == NO_TIME else EPOCH + timedelta(microseconds=value)


def octets(value: Any) -> bytes | None:
    return buffer(value.data, value.size)[:] if value.data else None


def jid(value: Any) -> JID | None:
    """Of an xmpp_jid_t, whose parts follow each other with their separators."""
    domain = value.domain_size
    if not domain:
        return None
    local, resource = value.local_size, value.resource_size
    size = domain + (local + 1 if local else 0) + (resource + 1 if resource else 0)
    octets = unpack(value.text, size)
    return addresses.get(octets) or remembered(octets)


def remembered(octets: bytes) -> JID:
    """The same address comes again and again."""
    if len(addresses) == ADDRESSES_MOST:
        addresses.clear()
    address = addresses[octets] = made(octets.decode())
    return address


def known(value: T | None) -> T:
    """An item of a list, where what is absent has no place."""
    assert value is not None
    return value


# ---- to C ---------------------------------------------------------------
#
# What C points to is kept in the list `k` until the call is over.

def encoded(value: str) -> bytes:
    octets = value.encode()
    if b"\0" in octets:
        raise ValueError("a text for XMPP has no NUL in it")
    return octets


def refuse(value: Any, kind: type[Any]) -> None:
    raise TypeError(f"{kind.__name__} was expected, not {value!r}")


def put_text(value: str | None, k: list[Any]) -> Any:
    if value is None:
        return NULL
    text = ffi.new("char[]", encoded(value))
    k.append(text)
    return text


def text(value: str | None) -> Any:
    """An argument: cffi keeps it during the call."""
    if value is None:
        return NULL
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return encoded(value)


def put_number(value: int | None) -> int:
    return NO_NUMBER if value is None else value


def put_real(value: float | None) -> float:
    return NAN if value is None else value


def put_time(value: datetime | None) -> int:
    if value is None:
        return NO_TIME
    return (value - EPOCH) // timedelta(microseconds=1)


def put_octets(value: bytes | None, k: list[Any]) -> Any:
    block = ffi.new("xmpp_bytes_t *")
    if value is not None:
        data = ffi.new("unsigned char[]", bytes(value) or b"\0")
        k.append(data)
        block.data, block.size = data, len(value)
    return block[0]


def put_jid(value: str | None, k: list[Any]) -> Any:
    """The struct, for a member."""
    if value is None:
        return ffi.new("xmpp_jid_t *")[0]
    return parse(value, k)[0]


def address(value: str | None, k: list[Any]) -> Any:
    """A pointer, for an argument."""
    return NULL if value is None else parse(value, k)


def enum_in(values: dict[str, int], value: str | None, member: str) -> int:
    if value is None:
        return 0
    try:
        return values[value]
    except KeyError:
        raise ValueError(f"{member} is one of {', '.join(values)}, "
                         f"not {value!r}") from None


def constant(kind: Any, value: Any) -> int:
    """An argument that is an enum: a member, its name, or a number."""
    if isinstance(value, str):
        try:
            return int(kind[value.upper().replace("-", "_")])
        except KeyError:
            raise ValueError(f"{kind.__name__} is one of "
                             f"{', '.join(one.name.lower() for one in kind)}, "
                             f"not {value!r}") from None
    return int(value)


def taken_text(ctx: Any, value: Any) -> str | None:
    """A text that we own, copied and freed."""
    if not value:
        return None
    try:
        return string(value).decode()
    finally:
        lib.xmpp_free(ctx, value)


def taken_octets(ctx: Any, value: Any, size: int) -> bytes:
    try:
        return buffer(value, size)[:]
    finally:
        lib.xmpp_free(ctx, value)


LATER = object()  # a password that is not known yet


def put_secret(value: Any, place: Any, size: int, least: int = 0) -> int:
    """What a handler for passwords returns: it is written to `place`."""
    if value is None:
        return -1
    if value is LATER:
        return 0
    secret = encoded(value)
    if len(secret) < least:
        raise ValueError("a password has at least one octet; None gives up")
    if len(secret) >= size:
        raise ValueError(f"a password has at most {size - 1} octets")
    buffer(place, size)[:len(secret)] = secret
    return len(secret)
