"""client.py - a connection, for asyncio.

    async with Client("bot@example.org", password) as c:
        async for message in c.messages():
            if message.body and message.type != "error":
                await c.send(message.from_, message.body)
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import dataclasses
import inspect
import warnings
import weakref
from typing import (Any, AsyncIterator, Awaitable, Callable, Generic, Iterable, Iterator,
                    TypeVar, Union)

from . import structs
from ._libxmpp import ffi, lib
from .by_hand import ByHand
from .calls import Calls
from .callbacks import RESULT_EVENTS
from .context import Context, Registration, remove_later
from .convert import LATER, NULL, Struct, string, text
from .errors import (ConnectionFailed, NotAllowed, OutOfMemory, XmppError, error_of,
                     failure_of, not_connected, result_error)
from .handles import described, module
from .store import Store, store_struct
from .stanza import Stanza, borrow, given, own
from .wait import (raise_for, read_value, register_slot, set_error, set_result,
                   wait_reply, wait_sent)

T = TypeVar("T")
Password = Union[str, None, Callable[[], Union[str, None, Awaitable[Union[str, None]]]]]


@dataclasses.dataclass(slots=True)
class Event:
    """What a module reports: `name` as its header has it, in small letters; `value`,
    what it is now, or the XmppError of what failed; `before`, what it was; `stanza` that
    was being delivered."""

    module: str
    name: str
    value: Any = None
    before: Any = None
    stanza: Stanza | None = None


class Watch:
    """A function that is called until it is removed."""

    def __init__(self, registration: Registration) -> None:
        self._registration = registration

    @property
    def number(self) -> int:
        return self._registration.number

    def remove(self) -> None:
        self._registration.remove()


class Stream(Generic[T]):
    """What arrives, for `async for`. It begins as it is made, and ends with the
    connection: by an exception, unless we closed it. What is not read waits, up to
    `limit`; then the stream ends with XMPP_EFULL after what it has."""

    def __init__(self, limit: int) -> None:
        self._items: collections.deque[T] = collections.deque()
        self._limit = limit
        self._waiter: asyncio.Future[None] | None = None
        self._is_over = False
        self._error: BaseException | None = None

    def _push(self, item: T) -> None:
        if self._is_over:
            return
        if len(self._items) >= self._limit:
            self._end(XmppError(lib.XMPP_EFULL,
                                f"more than {self._limit} wait to be read"))
            return
        self._items.append(item)
        self._wake()

    def _end(self, error: BaseException | None) -> None:
        if not self._is_over:
            self._is_over, self._error = True, error
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None:
            set_result(self._waiter, None)
            self._waiter = None

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        while not self._items:
            if self._is_over:
                if self._error is not None:
                    raise self._error
                raise StopAsyncIteration
            if self._waiter is None:
                self._waiter = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._waiter)
        return self._items.popleft()


class Client(Calls, ByHand):
    """A connection to an account, or (`component`) of a component.

    `host` and `port` are where to connect, Client(jid, password, host="127.0.0.1",
    port=5222); without them the server is found by DNS.
    `use` are the modules to use. `options` are those of xmpp/option.h, by their names in
    small letters without the prefix: {"request_timeout": 5000}. Every other keyword is a
    setting: cafile="ca.pem" calls xmpp_conn_set_cafile(), flags=CONN_FLAG_DISABLE_TLS
    xmpp_conn_set_flags(). With `reconnect` it connects
    again whenever it is lost. `presence` is sent after each login (False: none)."""

    def __init__(self, jid: str, password: Password = None,
                 *, host: str | None = None, port: int | str = 0, component: bool = False,
                 use: Iterable[str] = (), options: dict[str, int] | None = None,
                 reconnect: bool = False, presence: bool = True,
                 store: Store | None = None, **settings: Any) -> None:
        self._x = Context()
        self._x.client = weakref.ref(self)
        self._conn = lib.xmpp_conn_new(self._x.ctx)
        if not self._conn:
            raise OutOfMemory(lib.XMPP_EMEM)
        self._host, self._port, self._is_component = host, int(port), component
        self._presence = presence and not component
        self._streams: weakref.WeakSet[Stream[Any]] = weakref.WeakSet()
        self._messages: list[weakref.ref[Stream[Any]]] = []
        self._set: dict[Any, Registration] = {}
        self._writers: list[asyncio.Future[None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._logins: list[asyncio.Future[None]] = []  # of those who wait for a session
        self._is_fresh = False    # connect() has not led to a session yet
        self._is_due = False      # our presence, by whoever waits for the session
        self._is_closing = False
        self._in_use: set[str] = set()
        self._over: asyncio.Future[None] | None = None
        self._failure: ConnectionFailed | None = None
        self._registration: Registration | None = None
        self._message_watch: Watch | None = None
        try:
            self._configure(jid, password, dict(
                options or {}, **({"reconnect": 1} if reconnect else {})), settings)
            if store is not None:
                self._store = store_struct(self._x, store)
                raise_for(self, lib.xmpp_conn_set_store(self._conn, self._store))
            self.use(*use)
        except BaseException:
            self.abort()
            raise

    def _configure(self, jid: str, password: Password,
                   options: dict[str, int], settings: dict[str, Any]) -> None:
        lib.xmpp_conn_set_jid(self._conn, text(jid))
        if callable(password):
            self.core.set_login_password_handler(self._password_of(password))
        else:
            lib.xmpp_conn_set_pass(self._conn, text(password))
        for name, number in options.items():
            self.set_option(name, number)
        for name, value in settings.items():
            setter = getattr(lib, f"xmpp_conn_set_{name}", None)
            if setter is None:
                raise TypeError(f"there is no setting {name!r}")
            code = setter(self._conn, value if isinstance(value, int) else text(value))
            raise_for(self, code or 0)

    def _password_of(self, function: Callable[[], Any]) -> Callable[[], Any]:
        """A coroutine gives the password when it has it."""
        reference = weakref.ref(self)

        def call() -> Any:
            result, client = function(), reference()
            if not inspect.isawaitable(result):
                return result
            if client is not None:
                client._run(client._answer_password(result))
            return LATER
        return call

    async def _answer_password(self, result: Awaitable[Any]) -> None:
        secret = NULL  # gives up
        try:
            secret = text(await result or None)
        finally:
            if self._conn:
                lib.xmpp_conn_answer_login_password(self._conn, secret)

    # ---- settings ----

    def set_option(self, name: str, value: int) -> None:
        option = getattr(lib, f"XMPP_OPT_{name.upper()}", None)
        if option is None:
            raise ValueError(f"there is no option {name!r}")
        raise_for(self, lib.xmpp_conn_set_option(self._conn, option, int(value)))

    def use(self, *names: str) -> None:
        """Use modules, such as "roster"; those that they need come with them."""
        for name in names:
            raise_for(self, lib.xmpp_conn_use(self._conn, module(name)))

    @property
    def modules(self) -> list[str]:
        """Those that are in use."""
        found, one = [], NULL
        while one := lib.xmpp_conn_next_module(self._conn, one):
            found.append(string(one.name).decode())
        return found

    def _need(self, name: str) -> None:
        """Without its module a list would be empty for ever: that is an error."""
        if not self._conn:
            raise not_connected(self._x)
        if name not in self._in_use:
            self._in_use.update(self.modules)
        if name not in self._in_use:
            raise NotAllowed(lib.XMPP_EINVOP, f'{name}: the module is not in use: make the '
                             f'client with use=["{name}"], or call use("{name}")')

    # ---- life ----

    @property
    def jid(self) -> str | None:
        """The address that the server gave us; before the login, the account."""
        value = lib.xmpp_conn_get_bound_jid(self._conn) or \
            lib.xmpp_conn_get_jid(self._conn)
        return string(value).decode() if value else None

    @property
    def is_connected(self) -> bool:
        return bool(lib.xmpp_conn_is_connected(self._conn))

    @property
    def failure(self) -> ConnectionFailed | None:
        """Why the last connection ended, if it failed."""
        return self._failure

    async def connect(self) -> None:
        """Log in, and send presence. Raises ConnectionFailed; or NotConnected if the
        client is closed. A task that is cancelled in its first connect() closes the
        client. Later it may be called again, when the connection is over, or to make the
        next attempt at once, in a pause between two: then a task that is cancelled ends
        its own wait only, and ready() waits for the same connection."""
        if not self._conn:
            raise not_connected(self._x)
        loop = asyncio.get_running_loop()
        self._x.attach(loop)
        reference = weakref.WeakMethod(self._changed)
        if self._registration is None:
            self._registration = Registration(
                self._x, lambda *raw: (reference() or ignore)(*raw))
            self._x.turns.append(self._turn_of(weakref.ref(self)))
        start = lib.xmpp_connect_component if self._is_component else \
            lib.xmpp_connect_client
        code = start(self._conn, text(self._host), self._port, lib.py_xmpp_conn_handler,
                     self._registration.userdata)
        if code:  # a connection that is in use goes on
            failure = lib.xmpp_conn_get_failure(self._conn)
            error = failure_of(failure) if failure else error_of(code, self._x)
            if self._over is not None and not self._over.done():
                error.advise("wait for ready(): connect() was called before")
            raise error
        is_first = self._over is None
        self._failure, self._is_fresh = None, True
        if self._over is None or self._over.done():  # else it goes on, in another attempt
            self._over = loop.create_future()
        try:
            await self._login()
        except asyncio.CancelledError:
            if is_first:
                self.abort()
            raise

    async def ready(self) -> None:
        """Wait until there is a session: at once if there is one; after a loss, until
        `reconnect` has made the next one. Raises NotConnected if the client is closed, or
        connect() was not called; ConnectionFailed if no further attempt is made. A task
        that is cancelled ends its own wait only."""
        if not self._conn or self._over is None:
            raise not_connected(self._x)
        if self._over.done():
            raise self._failure or not_connected(self._x)
        if not self.is_connected:
            await self._login()

    async def _login(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._logins.append(waiter)
        try:
            await waiter
        finally:
            if waiter in self._logins:
                self._logins.remove(waiter)
            self._announce()

    def _announce(self) -> None:
        """Send the presence that is due. Who waits for the session does it, and not the
        event: what comes then is for the streams that are made without another wait."""
        if self._is_due and self.is_connected:
            self._is_due = False
            self.available()

    def _outlook(self) -> str:
        """The row of errors.OUTLOOKS."""
        if not self._conn or self._is_closing:
            return "closed"
        if self._over is None:
            return "ahead"
        if self._over.done():
            return "over"
        if self._is_fresh:
            return "first"
        return "again" if lib.xmpp_conn_get_option(
            self._conn, lib.XMPP_OPT_RECONNECT) else "over"

    def available(self) -> None:
        """Send presence, so that messages come; with the module availability, its
        functions send one that says more."""
        raise_for(self, lib.xmpp_send_take(self._conn,
                                           lib.xmpp_presence_new(self._x.ctx)))

    def _changed(self, conn: Any, event: int, error: int, stream_error: Any) -> None:
        if event == lib.XMPP_CONN_CONNECT:
            self._connected()
        elif event == lib.XMPP_CONN_DISCONNECT:
            failure = lib.xmpp_conn_get_failure(conn)
            self._failure = failure_of(failure) if failure else None
            if not lib.xmpp_conn_is_reconnecting(conn):
                self._ended(self._failure)

    def _connected(self) -> None:
        self._is_due = self._presence and (
            self._is_due or self._is_fresh or not lib.xmpp_conn_is_resumed(self._conn))
        self._is_fresh = False
        waiters, self._logins = self._logins, []
        for one in waiters:
            set_result(one, None)
        if all(one.cancelled() for one in waiters):
            self._announce()

    def _ended(self, failure: ConnectionFailed | None) -> None:
        if self._over is not None:
            set_result(self._over, None)
        waiters, self._logins = self._logins, []
        for one in waiters:
            set_error(one, failure or not_connected(self._x, "the connection was closed"))
        for stream in [*self._streams, *(one() for one in tuple(self._messages))]:
            if stream is not None:
                stream._end(failure)
        self._turn(True)

    async def closed(self) -> None:
        """Wait until the connection is over; raises the failure, if it failed."""
        if self._over is not None:
            await asyncio.shield(self._over)
        if self._failure is not None:
            raise self._failure

    async def close(self) -> None:
        """End the stream properly, and free everything. What is queued is sent."""
        self._is_closing = True
        try:
            if self._conn and self._over is not None and not self._over.done():
                lib.xmpp_disconnect(self._conn)
                await asyncio.shield(self._over)
        finally:
            self.abort()

    def abort(self) -> None:
        """End at once: requests that are open end with NotConnected."""
        if not self._conn:
            return
        conn, self._conn = self._conn, NULL
        for task in self._tasks - {running_task()}:
            task.cancel()
        lib.xmpp_conn_release(conn)
        self._ended(None)
        self._x.detach()

    async def __aenter__(self) -> Client:
        try:
            await self.connect()
        except BaseException:
            self.abort()
            raise
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.close()

    def __del__(self) -> None:
        conn = getattr(self, "_conn", NULL)
        if conn and not self._x.is_forgotten:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self)
            self._conn = NULL
            context = self._x
            context.end(lambda: (lib.xmpp_conn_release(conn), context.detach()))

    def __repr__(self) -> str:
        return f"<Client {self.jid if self._conn and self._x.ctx else 'closed'}>"

    # ---- sending ----

    def stanza(self, name: str, ns: str | None = None, content: str | None = None,
               **attributes: str) -> Stanza:
        """A new tree: stanza("iq", type="get", to="example.org"). add() makes what is
        in it."""
        stanza = own(self._x, lib.xmpp_stanza_new_tag(self._x.ctx, text(name), text(ns)))
        stanza.fill(content, attributes)
        return stanza

    def parse(self, xml: str) -> Stanza:
        """An element from its text."""
        pointer = lib.xmpp_stanza_new_from_string(self._x.ctx, text(xml))
        if not pointer:
            raise ValueError("it is not an element that XMPP allows")
        return own(self._x, pointer)

    def _tree(self, what: Any, body: str | None, kind: str | None) -> Stanza:
        if isinstance(what, Stanza):
            return what
        if isinstance(what, Struct):
            if isinstance(what, structs.Message):
                return self.message.build(what)
            table, write = described(type(what))
            keep: list[Any] = []
            return own(self._x, lib.xmpp_payload_new(self._x.ctx, table,
                                                     write(what, keep)))
        tree = own(self._x, lib.xmpp_message_new(self._x.ctx, text(kind),
                                                 text(what), NULL))
        if body is not None:
            raise_for(self, lib.xmpp_message_set_body(tree._p, text(body)))
        return tree

    async def send(self, what: Union[str, Stanza, Struct], body: str | None = None, *,
                   type: str | None = "chat", confirm: bool = False,
                   within: float = 0) -> bool:
        """Send a text to an address, or a Message, or any other stanza. If much is
        queued, this waits for the network. With `confirm` it waits until the server has
        acknowledged it: True; False if it acknowledges nothing. It is not sent later than
        `within` so many seconds, and NoAnswer is raised then; to limit the wait for the
        acknowledgement use asyncio.timeout()."""
        tree = self._tree(what, body, type)
        while self._is_full() and not self._is_over():
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._writers.append(waiter)
            await waiter
        if confirm or within:
            result = wait_sent(self, lib.xmpp_send_within, self._conn, given(tree),
                               int(within * 1000))
            return await result
        raise_for(self, lib.xmpp_send_take(self._conn, given(tree)))
        return False

    def _is_over(self) -> bool:
        """Did the connection end, and does not come back by itself?"""
        return self._over is not None and self._over.done()

    def _is_full(self, mark: int = 2) -> bool:
        """Half of what may be queued is; or a quarter, when it is low again."""
        conn = self._conn
        get = lib.xmpp_conn_get_option
        return bool(lib.xmpp_conn_queue_size(conn) * mark >=
                    get(conn, lib.XMPP_OPT_MAX_OUTBOX) or
                    (lib.xmpp_conn_get_unacked(conn) +
                     lib.xmpp_conn_send_queue_len(conn)) * mark >=
                    get(conn, lib.XMPP_OPT_MAX_UNACKED)) if conn else False

    @staticmethod
    def _turn_of(reference: weakref.ref[Client]) -> Callable[[], None]:
        def turn() -> None:
            client = reference()
            if client is not None and client._writers:
                client._turn(client._is_over())
        return turn

    def _turn(self, is_over: bool) -> None:
        """Let those go on who wait to send."""
        if self._writers and (is_over or not self._is_full(4)):
            writers, self._writers = self._writers, []
            for one in writers:
                set_result(one, None)

    async def request(self, iq: Stanza, timeout: float | None = None) -> Stanza:
        """Send an iq, and wait for its answer. Raises StanzaError."""
        return await wait_reply(self, lib.xmpp_request_send, self._conn, given(iq),
                                int((timeout or 0) * 1000))

    # ---- receiving ----

    def messages(self, limit: int = 10000) -> Stream[Any]:
        """The messages that arrive, each a Message. Those in envelopes (carbons,
        archives, rooms) are events of their modules."""
        if not hasattr(lib, "xmpp_message_read"):
            raise NotImplementedError("this libxmpp was built without xep/message")
        stream: Stream[Any] = Stream(limit)
        self._messages.append(weakref.ref(stream, self._messages.remove))
        if self._message_watch is None:
            reference = weakref.WeakMethod(self._message_came)
            self._message_watch = self._add_handler(
                lambda *raw: (reference() or ignore)(*raw), None, "message", None)
        if not self._conn or self._is_over():
            stream._end(self._failure)
        return stream

    def _message_came(self, conn: Any, stanza: Any) -> None:
        value = lib.xmpp_message_read(stanza) if self._messages else NULL
        if value:
            message = structs.read_xmpp_message(value, self._x)
            message._stanza = borrow(self._x, stanza)
            for one in tuple(self._messages):  # the collector may shorten it
                stream = one()
                if stream is not None:
                    stream._push(message)

    def _add_handler(self, function: Callable[..., Any], ns: str | None,
                     name: str | None, kind: str | None) -> Watch:
        return Watch(register_slot(self, function, lambda *rest: lib.xmpp_slot_add_handler(
            self._conn, lib.py_xmpp_handler, text(ns), text(name), text(kind), *rest)))

    def on(self, function: Callable[[Stanza], Any], *, ns: str | None = None,
           name: str | None = None, type: str | None = None) -> Watch:
        """Call a function for each stanza that fits, as xmpp_handler_add()."""
        def call(conn: Any, pointer: Any) -> int:
            stanza = borrow(self._x, pointer)
            assert stanza is not None
            self._run(function(stanza))
            return 1
        return self._add_handler(call, ns, name, type)

    def answer(self, ns: str, name: str | None,
               function: Callable[[Stanza], Any], type: str = "get") -> Watch:
        """Answer requests of others: the function gets the iq and returns what is in
        the answer (a Stanza, a struct, None), at once or as a coroutine. An XmppError
        that it raises becomes the error of its code; any other is reported to the loop,
        and the requester gets internal-server-error."""
        def call(conn: Any, pointer: Any) -> int:
            iq = borrow(self._x, pointer)
            assert iq is not None
            try:
                result = function(iq)
            except XmppError as error:
                return error.code
            if inspect.isawaitable(result):
                self._run(self._answer_later(iq, result))
            else:
                self._answer(iq, result)
            return 1
        return Watch(register_slot(self, call, lambda *rest: lib.xmpp_slot_add_iq_handler(
            self._conn, text(type), text(ns), text(name), lib.py_xmpp_iq_handler, *rest)))

    def _answer(self, iq: Stanza, content: Any) -> None:
        answer = own(self._x, lib.xmpp_iq_result(self._conn, iq._p))
        if isinstance(content, Stanza):
            answer.append(content)
        elif isinstance(content, Struct):
            table, write = described(type(content))
            keep: list[Any] = []
            lib.xmpp_payload_add(answer._p, table, write(content, keep))
        elif content is not None:
            raise TypeError(f"an answer is a Stanza, a struct or None, not {content!r}")
        raise_for(self, lib.xmpp_send_take(self._conn, given(answer)))

    async def _answer_later(self, iq: Stanza, result: Awaitable[Any]) -> None:
        try:
            self._answer(iq, await result)
        except XmppError as error:
            self._refuse(iq, error.code)
        except Exception:
            self._refuse(iq, lib.XMPP_EINT)
            raise

    def _refuse(self, iq: Stanza, code: int) -> None:
        if self._conn:
            lib.xmpp_send_take(self._conn,
                               lib.xmpp_iq_error(self._conn, iq._p, code, NULL, NULL))

    def _run(self, result: Any) -> None:
        """A coroutine of the application becomes a task; its exception is reported."""
        if not inspect.isawaitable(result):
            return
        task = asyncio.ensure_future(result)
        self._tasks.add(task)

        def done(task: Any) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and task.exception() is not None:
                self._x.failed(task.exception())
        task.add_done_callback(done)

    def watch(self, name: str, function: Callable[[Event], Any]) -> Watch:
        """Call a function for each event of a module; it may be a coroutine."""
        def call(conn: Any, event: Any) -> None:
            self._run(function(self._event(name, event)))
        return Watch(register_slot(self, call, lambda *rest: lib.xmpp_slot_add_watch(
            self._conn, module(name), lib.py_xmpp_event_handler, *rest)))

    def _event(self, name: str, event: Any) -> Event:
        what = string(event.name).decode()
        if (name, what) in RESULT_EVENTS and event.value:
            value: Any = result_error(ffi.cast("xmpp_result_t *", event.value), borrow,
                                      self._x)
        else:
            value = read_value(event.payload, event.value, self._x)
        return Event(name, what, value,
                     read_value(event.payload, event.before, self._x),
                     borrow(self._x, event.stanza))

    def events(self, *names: str, limit: int = 10000) -> Stream[Event]:
        """The events of these modules."""
        stream: Stream[Event] = Stream(limit)
        reference = weakref.ref(stream)

        def push(event: Event) -> None:
            stream = reference()
            if stream is not None:
                stream._push(event)
        self._streams.add(stream)
        for name in names:
            watch = self.watch(name, push)
            weakref.finalize(stream, remove_later, watch.number).atexit = False
        if not self._conn or self._is_over():
            stream._end(self._failure)
        return stream

    @contextlib.contextmanager
    def _keeping(self, key: Any, function: Callable[..., Any] | None,
                 adapter: Callable[..., Any], handler: Any) -> Iterator[tuple[Any, Any]]:
        """Around a call that sets a callback: if C accepts it, it takes the place of the
        last one."""
        if function is None:
            yield NULL, NULL
            self._forget(key)
            return
        registration = Registration(self._x, adapter(function))
        try:
            yield handler, registration.userdata
        except BaseException:
            registration.drop()
            raise
        self._forget(key)
        self._set[key] = registration

    def _forget(self, key: Any) -> None:
        """C does not call it any more."""
        old = self._set.pop(key, None)
        if old is not None:
            old.drop()


def running_task() -> asyncio.Task[Any] | None:
    """A handler may close its own client."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def ignore(*raw: Any) -> None:
    """For a client that is gone."""
