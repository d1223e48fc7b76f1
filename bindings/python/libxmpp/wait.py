"""wait.py - actions that take time, as coroutines. Each ends exactly once: with a value,
with an exception, or because its task was cancelled."""

from __future__ import annotations

import asyncio
from typing import Any, Callable

from . import structs
from ._libxmpp import ffi, lib
from .context import Registration
from .convert import Struct
from .errors import (StanzaError, XmppError, error_of, not_connected, result_error,
                     words)
from .stanza import Stanza, borrow

cast = ffi.cast


def raise_for(c: Any, code: int) -> None:
    if code < 0 and not c._conn:  # nobody has left a sentence about that
        raise not_connected(c._x)
    if code < 0:
        raise error_of(code, c._x)


def read_value(payload: Any, value: Any, context: Any) -> Any:
    """A value that a table describes; None where there is none, or where the table is
    not one of the library's."""
    if not value or not payload:
        return None
    reader = structs.READERS.get(int(cast("uintptr_t", payload)))
    return reader[1](cast(reader[0], value), context) if reader else None


def set_result(future: asyncio.Future[Any], value: Any) -> None:
    if not future.done():
        future.set_result(value)


def set_error(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


def register(c: Any, function: Callable[..., Any],
             call: Callable[[Any], int]) -> Registration:
    """A registration that a function of C accepts, which `call` calls with its userdata.
    Nothing is left of one that is refused, by C or because an argument is wrong."""
    registration = Registration(c._x, function)
    try:
        raise_for(c, call(registration.userdata))
    except BaseException:
        registration.drop()
        raise
    return registration


def register_slot(c: Any, function: Callable[..., Any],
                  call: Callable[[Any, Any, Any], int]) -> Registration:
    """The same for one that C numbers, so that it can be removed."""
    slot = ffi.new("xmpp_slot_t *")
    registration = register(c, function, lambda userdata: call(
        userdata, lib.py_xmpp_free_handler, slot))
    registration.slot = slot[0]
    return registration


async def ended(c: Any, finish: Callable[..., Any], cancel: Any, handler: Any,
                call: Callable[[Any], int]) -> Any:
    """Call a function of C with a registration of ours, and wait for its end."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def come(*raw: Any) -> None:
        try:
            finish(future, *raw)
        except BaseException as error:  # nobody waits for ever
            set_error(future, error)
    registration = Registration(c._x, come)
    try:
        code = call(registration.userdata)
        raise_for(c, code)
        return None if code else await future
    finally:
        registration.drop()
        if future.cancelled() and cancel is not None:
            cancel(c._conn, handler, registration.userdata)


async def wait(c: Any, function: Any, *arguments: Any) -> Any:
    """For functions with an xmpp_result_handler."""
    context, handler = c._x, lib.py_xmpp_result_handler

    def finish(future: asyncio.Future[Any], conn: Any, result: Any) -> None:
        if result.status:
            set_error(future, result_error(result, borrow, context))
            return
        value = read_value(result.payload, result.value, context)
        if value is not None and result.stanza:
            value._stanza = borrow(context, result.stanza)
        set_result(future, value)

    return await ended(c, finish, lib.xmpp_result_cancel, handler,
                       lambda userdata: function(*arguments, handler, userdata))


async def wait_reply(c: Any, function: Any, *arguments: Any) -> Stanza:
    """For functions with an xmpp_reply_handler: the answer as a tree."""
    context, handler = c._x, lib.py_xmpp_reply_handler

    def finish(future: asyncio.Future[Any], conn: Any, status: int, reply: Any) -> None:
        if status == 0:
            set_result(future, borrow(context, reply))
        else:
            set_error(future, reply_error(context, status, reply))

    result: Stanza = await ended(
        c, finish, lib.xmpp_request_cancel, handler,
        lambda userdata: function(*arguments, handler, userdata))
    return result


def reply_error(context: Any, status: int, reply: Any) -> XmppError:
    if status != lib.XMPP_ESTANZA:
        return error_of(status, context, explained=False)
    kind, text = ffi.new("const char **"), ffi.new("const char **")
    condition = words(lib.xmpp_stanza_get_error(reply, kind, text))
    return StanzaError(status, f"the request was answered with an error: {condition}",
                       condition=condition, type=words(kind[0]), text=words(text[0]),
                       stanza=borrow(context, reply))


async def wait_sent(c: Any, function: Any, *arguments: Any) -> bool:
    """For functions with an xmpp_sent_handler: True if the server has acknowledged it,
    False if it acknowledges nothing."""
    context, handler = c._x, lib.py_xmpp_sent_handler

    def finish(future: asyncio.Future[Any], conn: Any, status: int, text: Any,
               length: int) -> None:
        if status < 0:
            set_error(future, error_of(status, context, explained=False))
        else:
            set_result(future, status == 0)

    result: bool = await ended(c, finish, None, handler,
                               lambda userdata: function(*arguments, handler, userdata))
    return result


