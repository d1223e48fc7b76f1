"""stanza.py - XML as a tree: a stanza, or an element in it."""

from __future__ import annotations

import functools
from threading import get_ident
from typing import Any, Iterator

from ._libxmpp import ffi, lib
from .convert import NULL, Struct, string, taken_text, text
from .errors import error_of

release = lib.xmpp_stanza_release


def check(code: int, context: Any) -> None:
    if code < 0:
        raise error_of(code, context)


class Stanza:
    """An element. It holds the whole tree that it is in. Client.stanza() makes one;
    add() makes a child."""

    __slots__ = ("_p", "_x", "__weakref__")
    _p: Any
    _x: Any

    def __del__(self) -> None:
        context = self._x
        if context.thread == get_ident() and not context.lines:
            if not context.is_forgotten:
                release(self._p)
        else:
            context.later.append(functools.partial(release, self._p))

    # ---- reading ----

    @property
    def name(self) -> str | None:
        """None for text."""
        name = lib.xmpp_stanza_get_name(self._p)
        return string(name).decode() if name else None

    @property
    def ns(self) -> str | None:
        return self.get("xmlns")

    @property
    def text(self) -> str | None:
        """The texts directly in it, joined."""
        value = lib.xmpp_stanza_get_text_view(self._p)
        return string(value).decode() if value else None

    @property
    def attributes(self) -> dict[str, str]:
        count = 2 * lib.xmpp_stanza_get_attribute_count(self._p)
        place = ffi.new("const char *[]", count or 1)
        count = lib.xmpp_stanza_get_attributes(self._p, place, count)
        texts = [string(place[i]).decode() for i in range(count)]
        return dict(zip(texts[::2], texts[1::2]))

    def get(self, attribute: str, default: str | None = None) -> str | None:
        value = lib.xmpp_stanza_get_attribute(self._p, text(attribute))
        return string(value).decode() if value else default

    def __getitem__(self, attribute: str) -> str:
        value = self.get(attribute)
        if value is None:
            raise KeyError(attribute)
        return value

    def __contains__(self, attribute: str) -> bool:
        return self.get(attribute) is not None

    def __iter__(self) -> Iterator[Stanza]:
        """The elements in it."""
        child = lib.xmpp_stanza_get_children(self._p)
        while child:
            if lib.xmpp_stanza_is_tag(child):
                one = borrow(self._x, child)
                assert one is not None
                yield one
            child = lib.xmpp_stanza_get_next(child)

    def find(self, name: str | None = None, ns: str | None = None) -> Stanza | None:
        """The first element in it with this name and namespace; None: any."""
        return borrow(self._x, lib.xmpp_stanza_next_tag(self._p, NULL, text(name),
                                                        text(ns)))

    def findall(self, name: str | None = None, ns: str | None = None) -> list[Stanza]:
        return [one for one in self if (name is None or one.name == name) and
                (ns is None or one.ns == ns)]

    def child_text(self, name: str, ns: str | None = None) -> str | None:
        """Of the first child with this name; `ns` None: the namespace of this one."""
        value = lib.xmpp_stanza_get_child_text(self._p, text(name), text(ns))
        return string(value).decode() if value else None

    @property
    def parent(self) -> Stanza | None:
        return borrow(self._x, lib.xmpp_stanza_get_parent(self._p))

    # ---- changing ----

    def __setitem__(self, attribute: str, value: str) -> None:
        check(lib.xmpp_stanza_set_attribute(self._p, text(attribute), text(value)),
              self._x)

    def __delitem__(self, attribute: str) -> None:
        if lib.xmpp_stanza_del_attribute(self._p, text(attribute)) < 0:
            raise KeyError(attribute)

    def add(self, name: str, ns: str | None = None, content: str | None = None,
            **attributes: str) -> Stanza:
        """A new child, with a text in it if there is one. An attribute whose name is a
        word of Python has an underscore behind it: from_."""
        if isinstance(name, Stanza):
            raise TypeError("add() makes a new child from its name: use append() for a "
                            "Stanza")
        child = borrow(self._x, lib.xmpp_stanza_add_tag(self._p, text(name), text(ns)))
        if child is None:
            check(lib.xmpp_stanza_get_status(self._p) or lib.XMPP_EMEM, self._x)
            raise AssertionError
        child.fill(content, attributes)
        return child

    def append(self, child: Stanza) -> None:
        """Put another tree into this one."""
        check(lib.xmpp_stanza_add_child(self._p, child._p), self._x)

    def fill(self, content: str | None, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if value is not None:
                self[name.rstrip("_")] = value
        if content is not None:
            check(lib.xmpp_stanza_add_text(self._p, text(content)), self._x)

    def copy(self) -> Stanza:
        return own(self._x, lib.xmpp_stanza_copy(self._p))

    def remove(self) -> None:
        """Take it out of its parent."""
        check(lib.xmpp_stanza_remove(self._p), self._x)

    def __str__(self) -> str:
        place, size = ffi.new("char **"), ffi.new("size_t *")
        check(lib.xmpp_stanza_to_text(self._p, place, size), self._x)
        return taken_text(self._x.ctx, place[0]) or ""

    def __repr__(self) -> str:
        return f"<Stanza {self}>"


def own(context: Any, pointer: Any) -> Stanza:
    """Of a tree that is ours."""
    if not pointer:
        raise error_of(lib.XMPP_EMEM, context)
    stanza = Stanza.__new__(Stanza)
    stanza._p, stanza._x = pointer, context
    return stanza


def borrow(context: Any, pointer: Any) -> Stanza | None:
    """Of one that is borrowed: it is held from now on."""
    if not pointer:
        return None
    stanza = Stanza.__new__(Stanza)
    stanza._p, stanza._x = lib.xmpp_stanza_clone(pointer), context
    return stanza


def given(stanza: Any, client: Any = None) -> Any:
    """For a function that takes it: a hold of its own. A client makes one of a struct."""
    if client is not None and isinstance(stanza, Struct):
        stanza = client._tree(stanza, None, None)
    return NULL if stanza is None else lib.xmpp_stanza_clone(pointer(stanza))


def pointer(stanza: Any, is_needed: bool = False) -> Any:
    """For one that borrows it."""
    if stanza is None and not is_needed:
        return NULL
    if isinstance(stanza, str):
        raise TypeError(f"a Stanza was expected, not {stanza!r}: a text to send is "
                        "Message(body=...)")
    if not isinstance(stanza, Stanza):
        raise TypeError(f"a Stanza was expected, not {stanza!r}")
    return stanza._p
