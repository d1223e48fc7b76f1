"""context.py - the context of the library in an asyncio loop, and what C calls.

Ownership. A context keeps its registrations: what C may call, each with a number that is
the userdata. C never has a pointer to an object of Python, so a call that comes too late
finds nothing, and does no harm. Registrations are found by a weak reference: a client
that nobody refers to any more is collected with all of them.

Threads. A context belongs to the thread that made it, or that runs its loop. The
collector may run in any thread, and also while the library writes a line of its log, where
nothing may be called: what it drops there is queued, and released by the next turn. What
has no next turn, because its client is gone as well, waits in `orphans`."""

from __future__ import annotations

import asyncio
import atexit
import collections
import contextlib
import itertools
import logging
import os
import sys
import threading
import weakref
from typing import Any, Callable

from ._libxmpp import ffi, lib
from .callbacks import CALLBACKS
from .errors import OutOfMemory

NULL = ffi.NULL
cast = ffi.cast
numbers = itertools.count(1)
registered: weakref.WeakValueDictionary[int, Registration] = weakref.WeakValueDictionary()
contexts: weakref.WeakSet[Context] = weakref.WeakSet()
orphans: collections.deque[tuple[Context, Callable[[], Any]]] = collections.deque()
logger = logging.getLogger("libxmpp")
LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)


class Registration:
    """A function that C may call; its number is the userdata."""

    __slots__ = ("number", "function", "context", "slot", "__weakref__")

    def __init__(self, context: Context, function: Callable[..., Any]) -> None:
        self.number = next(numbers)
        self.function, self.context, self.slot = function, context, 0
        registered[self.number] = self
        context.kept[self.number] = self

    @property
    def userdata(self) -> Any:
        return cast("void *", self.number)

    def drop(self) -> None:
        """C will not call it any more."""
        self.context.kept.pop(self.number, None)

    def remove(self) -> None:
        """End it, if it has not ended."""
        if self.slot:
            lib.xmpp_slot_remove(self.context.ctx, self.slot)
        self.drop()


def find(userdata: Any) -> Registration | None:
    return registered.get(int(cast("uintptr_t", userdata)))


def remove_later(number: int) -> None:
    """End a registration, in the thread of its context, if both are still there."""
    registration = registered.get(number)
    if registration is not None:
        registration.context.release(registration.remove)


def define(name: str, place: int, default: int | None) -> None:
    """What C calls for one type of callback: whoever registered gets all arguments
    but the userdata. An exception goes to the loop, never into C."""
    failed = lib.XMPP_EINT if name in ANSWERING else default

    def call(*arguments: Any) -> int | None:
        registration = find(arguments[place])
        if registration is None:
            return default
        try:
            result = registration.function(*arguments[:place], *arguments[place + 1:])
            if result is None:
                return default
            if default is not None:
                return int(result)
            registration.context.run(result)
        except BaseException as error:
            registration.context.failed(error)
            return failed
        return None

    ffi.def_extern(name=f"py_{name}")(call)


# Those whose result answers a request: an exception is an internal-server-error.
ANSWERING = {"xmpp_iq_handler", "xmpp_disco_answer_handler", "xmpp_rpc_handler",
             "xmpp_command_handler"}
for callback in CALLBACKS:
    if callback[0] != "xmpp_free_handler":
        define(*callback)


@ffi.def_extern(name="py_xmpp_free_handler")
def on_free(userdata: Any) -> None:
    registration = find(userdata)
    if registration:
        registration.drop()


@ffi.def_extern(name="py_log")
def on_log(userdata: Any, level: int, area: Any, message: Any) -> None:
    line = object()
    Context.lines.add(line)
    try:
        logger.getChild(ffi.string(area).decode()).log(
            LEVELS[level], "%s", ffi.string(message).decode(errors="replace"))
    finally:
        Context.lines.discard(line)


LOG = ffi.new("xmpp_log_t *", {"handler": lib.py_log, "userdata": NULL})


class Context:
    """One for each client. `ctx` is NULL once it is freed, or in the child after a
    fork: every function of the library accepts that, and does nothing."""

    ctx: Any = NULL
    lines: set[object] = set()  # of the log that are being written, by all contexts

    def __init__(self) -> None:
        drain_orphans()
        self.ctx = lib.xmpp_ctx_new(NULL, LOG)
        if not self.ctx:
            raise OutOfMemory(lib.XMPP_EMEM)
        level = logger.getEffectiveLevel()
        lib.xmpp_ctx_set_log_level(self.ctx, sum(level > one for one in LEVELS[:3]))
        self.thread = threading.get_ident()
        self.kept: dict[int, Registration] = {}
        self.handles: dict[int, tuple[weakref.ref[Any], Callable[[], Any]]] = {}
        self.client: weakref.ref[Any] | None = None
        self.later: collections.deque[Callable[[], Any]] = collections.deque()
        self.turns: list[Callable[[], None]] = []  # called after each turn
        self.loop: asyncio.AbstractEventLoop | None = None
        self.exit: BaseException | None = None
        self.borrowed: set[Any] = set()  # what C keeps a pointer to
        self.returned: list[Any] = []    # what it may still look at in this turn
        self.fd = -1
        self.is_forgotten = False
        contexts.add(self)

    # ---- the loop ----

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        if self.loop is loop:
            return
        if self.loop is not None:
            raise RuntimeError("this client belongs to another event loop")
        self.thread = threading.get_ident()
        self.fd = lib.xmpp_ctx_get_fd(self.ctx)
        if self.fd < 0:
            raise RuntimeError("libxmpp was built without epoll, so asyncio cannot wait "
                               "for it")
        reference = weakref.ref(self)

        def ready() -> None:
            context = reference()
            if context is not None:
                context.process()
        loop.add_reader(self.fd, ready)
        self.loop = loop

    def process(self) -> None:
        self.drain()
        drain_orphans()
        lib.xmpp_ctx_process(self.ctx)
        self.returned.clear()
        for turn in tuple(self.turns):
            turn()
        if self.exit is not None:
            error, self.exit = self.exit, None
            raise error

    def run(self, result: Any) -> None:
        """What a function returned to whom C wants nothing: a coroutine, perhaps."""
        client = self.client() if self.client is not None else None
        if client is not None:
            client._run(result)

    def failed(self, error: BaseException) -> None:
        """A function that C called has raised this."""
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            self.exit = error  # raised as soon as C has returned
        elif self.loop is not None and not self.loop.is_closed():
            self.loop.call_exception_handler(
                {"message": "a callback of libxmpp failed", "exception": error})
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    # ---- what is held ----

    def is_here(self) -> bool:
        """May the library be called?"""
        return self.thread == threading.get_ident() and not self.lines

    def release(self, function: Callable[[], Any]) -> None:
        """Now, or in the thread of this context."""
        if self.is_here():
            function()
        else:
            self.later.append(function)

    def end(self, function: Callable[[], Any]) -> None:
        """The same for what nobody refers to any more, so that no turn may follow."""
        if self.is_here():
            function()
            return
        orphans.append((self, function))
        if self.loop is not None:
            with contextlib.suppress(RuntimeError):  # it is closed
                self.loop.call_soon_threadsafe(drain_orphans)

    def give_back(self, one: Any) -> None:
        """C was told that it is gone; a function that C is calling may be about it."""
        self.borrowed.discard(one)
        self.returned.append(one)

    def detach(self) -> None:
        """The client is closed. The context stays as long as stanzas of it do."""
        if self.loop is not None and not self.loop.is_closed() and not self.is_forgotten:
            self.loop.remove_reader(self.fd)
        self.loop = None
        self.drain()
        for release in self.end_handles():
            release()
        self.kept.clear()

    def end_handles(self) -> list[Callable[[], Any]]:
        """Objects whose client is gone: C accepts NULL in their place."""
        rows = list(self.handles.values())
        self.handles.clear()
        for reference, _ in rows:
            handle = reference()
            if handle is not None:
                handle._p = NULL
        return [release for _, release in rows]

    def drain(self) -> None:
        while self.later:
            self.later.popleft()()

    def __del__(self) -> None:
        if self.ctx:
            self.end(self.free)

    def free(self) -> None:
        ctx, self.ctx = self.ctx, NULL
        if ctx:
            self.detach()
            # As Python ends, stanzas may go after their context: no line about that.
            lib.xmpp_ctx_set_log_level(ctx, lib.XMPP_LEVEL_ERROR)
            lib.xmpp_ctx_free(ctx)

    def forget(self) -> None:
        """In the child after a fork: all of it is the parent's."""
        self.is_forgotten, self.ctx = True, NULL
        self.kept.clear()
        self.later.clear()
        self.end_handles()
        client = self.client() if self.client is not None else None
        if client is not None:
            client._conn = NULL


def drain_orphans(is_end: bool = False) -> None:
    """Those of this thread, and of threads that are gone. At the end of Python all."""
    if not orphans:
        return
    others = {one.ident for one in threading.enumerate()} - {threading.get_ident()}
    for _ in range(len(orphans)):
        try:
            context, function = orphans.popleft()
        except IndexError:  # another thread was faster
            return
        if context.thread in others and not is_end:
            orphans.append((context, function))
        else:
            context.thread = threading.get_ident()
            function()


def after_fork() -> None:
    for context in list(contexts):
        context.forget()
    orphans.clear()  # behind that, since a context may go with them


os.register_at_fork(after_in_child=after_fork)
atexit.register(drain_orphans, True)
