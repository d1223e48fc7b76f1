"""store.py - what modules keep from one run of the program to the next (xmpp/store.h)."""

from __future__ import annotations

from typing import Any, Iterable, Protocol

from ._libxmpp import ffi, lib
from .context import Context, Registration, find
from .convert import encoded, string


class Store(Protocol):
    """A table with four columns: account, kind, key and text. Two more methods, begin()
    and commit(), may make what is put between them one transaction."""

    def put(self, account: str, kind: str, key: str, text: str | None) -> None:
        """Keep a text; None removes it."""

    def each(self, account: str, kind: str) -> Iterable[tuple[str, str]]:
        """The keys and texts of this account and kind."""


class MemoryStore:
    """A store for tests, and for programs that save it themselves: `rows`."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], str] = {}

    def put(self, account: str, kind: str, key: str, text: str | None) -> None:
        if text is None:
            self.rows.pop((account, kind, key), None)
        else:
            self.rows[account, kind, key] = text

    def each(self, account: str, kind: str) -> Iterable[tuple[str, str]]:
        return [(row[2], text) for row, text in self.rows.items()
                if row[:2] == (account, kind)]


def store_struct(context: Context, store: Store) -> Any:
    """The struct for C; its functions find the store by the userdata."""
    is_whole = hasattr(store, "begin") and hasattr(store, "commit")
    registration = Registration(context, lambda: store)
    return ffi.new("xmpp_store_t *", {
        "size": ffi.sizeof("xmpp_store_t"), "userdata": registration.userdata,
        "put": lib.py_store_put, "each": lib.py_store_each,
        "begin": lib.py_store_begin if is_whole else ffi.NULL,
        "commit": lib.py_store_commit if is_whole else ffi.NULL})


def act(userdata: Any, function: Any) -> int:
    """Do something with the store; its exceptions are reported, and the module goes on
    without."""
    registration = find(userdata)
    if registration is None:
        return lib.XMPP_EINT
    try:
        function(registration.function())
    except BaseException as error:
        registration.context.failed(error)
        return lib.XMPP_EINT
    return 0


@ffi.def_extern(name="py_store_put")
def on_put(userdata: Any, account: Any, kind: Any, key: Any, text: Any, n: int) -> int:
    value = ffi.buffer(text, n)[:].decode() if text else None
    return act(userdata, lambda store: store.put(
        string(account).decode(), string(kind).decode(), string(key).decode(), value))


@ffi.def_extern(name="py_store_each")
def on_each(userdata: Any, account: Any, kind: Any, deliver: Any, to: Any) -> int:
    def walk(store: Any) -> None:
        for key, value in store.each(string(account).decode(), string(kind).decode()):
            octets = value.encode()
            if deliver(to, encoded(key), octets, len(octets)):
                return
    return act(userdata, walk)


@ffi.def_extern(name="py_store_begin")
def on_begin(userdata: Any) -> int:
    return act(userdata, lambda store: store.begin())


@ffi.def_extern(name="py_store_commit")
def on_commit(userdata: Any) -> int:
    return act(userdata, lambda store: store.commit())
