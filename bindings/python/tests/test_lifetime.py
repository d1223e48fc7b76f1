"""test_lifetime.py - callbacks, cancellation, collection, forks, signals: nothing is lost,
swallowed or freed too early."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import warnings

import pytest

import echo_server  # conftest.py knows where it is
import libxmpp
import soak
from libxmpp.context import contexts, registered

# LIBXMPP_TEST_MESSAGES=1000000 proves more, and takes minutes.
MESSAGES = int(os.environ.get("LIBXMPP_TEST_MESSAGES", "100000"))


async def test_cancelled(romeo, juliet):
    async with romeo() as r, juliet() as j:
        never = asyncio.Event()
        j.answer("urn:example:slow", None, lambda iq: never.wait())
        before = len(r._x.kept)
        iq = r.stanza("iq", type="get", to=j.jid)
        iq.add("x", "urn:example:slow")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(r.request(iq.copy()), 0.2)
        task = asyncio.create_task(r.core.request(iq.copy(), None))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(r._x.kept) == before
        with pytest.raises(libxmpp.NoAnswer):
            await r.request(iq, timeout=0.2)
        assert r.is_connected


async def test_requests_end_with_the_client(romeo, juliet):
    async with juliet() as j:
        never = asyncio.Event()
        j.answer("urn:example:slow", None, lambda iq: never.wait())
        async with romeo() as r:
            iq = r.stanza("iq", type="get", to=j.jid)
            iq.add("x", "urn:example:slow")
            task = asyncio.create_task(r.request(iq))
            await asyncio.sleep(0.1)
        with pytest.raises(libxmpp.NotConnected):
            await task


async def test_cancelled_login(server):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            # Nobody listens to what is accepted by a socket that nobody reads.
            import socket
            with socket.create_server(("127.0.0.1", 0)) as silent:
                async with libxmpp.Client("romeo@localhost", "x", **{
                        **server, "port": silent.getsockname()[1]}):
                    pass


def test_exceptions_are_reported(romeo, juliet):
    """Not swallowed, and not into C: the loop's exception handler gets them."""
    caught = []

    async def main():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: caught.append(
            context["exception"]))
        async with romeo(use=["roster"]) as r, juliet() as j:
            def fails(stanza):
                raise RuntimeError("in a handler")

            async def fails_later(stanza):
                raise RuntimeError("in a coroutine")
            r.on(fails, name="message")
            r.on(fails_later, name="message")
            r.watch("roster", lambda event: 1 / 0)
            r.answer("urn:example:e", None, fails)
            inbox = r.messages()
            await j.send(r.jid, "hi")
            assert (await anext(inbox)).body == "hi"
            iq = j.stanza("iq", type="get", to=r.jid)
            iq.add("x", "urn:example:e")
            with pytest.raises(libxmpp.StanzaError) as error:
                await j.request(iq)
            assert error.value.condition == "internal-server-error"
            await r.roster.set(libxmpp.RosterItem(jid="x@localhost"))
            await r.roster.remove("x@localhost")
            while not any(isinstance(one, ZeroDivisionError) for one in caught):
                await asyncio.sleep(0.01)
    asyncio.run(main())
    texts = [str(one) for one in caught]
    assert "in a coroutine" in texts and texts.count("in a handler") == 2


def test_results_of_callbacks(romeo):
    """Whatever a function returns, C gets what it can use."""
    from libxmpp.context import Registration, ffi, lib
    caught, calls = [], []

    async def later():
        calls.append("later")

    async def main():
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: caught.append(context["exception"]))
        c = romeo()
        c._x.loop = asyncio.get_running_loop()
        for result in (True, "text", later()):
            userdata = Registration(c._x, lambda *raw: result).userdata
            lib.py_xmpp_water_handler(ffi.NULL, 1, userdata)
        await asyncio.sleep(0)
        assert calls == ["later"] and not caught
        userdata = Registration(c._x, lambda *raw: "text").userdata
        assert lib.py_xmpp_cert_handler(ffi.NULL, ffi.NULL, userdata) == 0
        assert [type(one) for one in caught] == [ValueError]
        c._x.loop = None
        c.abort()
    asyncio.run(main())


async def test_anything_in_a_callback(romeo, juliet):
    """A handler removes itself, closes its client, and so on."""
    async with juliet() as j:
        r = romeo()
        await r.connect()
        calls = []

        def once(stanza):
            calls.append(stanza)
            watch.remove()
        watch = r.on(once, name="message")
        inbox = r.messages()
        for i in range(3):
            await j.send(r.jid, str(i))
        for i in range(3):
            await anext(inbox)
        assert len(calls) == 1
        r.on(lambda stanza: r.abort(), name="message")
        await j.send(r.jid, "end")
        with pytest.raises(StopAsyncIteration):
            while True:
                await anext(inbox)
        assert calls[0].child_text("body") == "0"  # a stanza outlives its client
        await r.close()


def test_unclosed_clients_are_collected(romeo):
    """Also in a cycle with their handlers."""
    async def main():
        for _ in range(3):
            c = romeo(use=["roster"])
            await c.connect()
            c.on(lambda stanza, c=c: c.jid)
            c.watch("roster", lambda event, c=c: c.jid)
            c.cycle = c
        del c
        await asyncio.sleep(0)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            gc.collect()
        assert sum(one.category is ResourceWarning for one in caught) >= 3
        gc.collect()
        assert not list(registered) and not list(contexts)
    asyncio.run(main())


async def test_collected_in_another_thread(romeo):
    async with romeo() as c:
        trees = [c.stanza("message") for _ in range(100)]
        thread = threading.Thread(target=trees.clear)
        thread.start()
        thread.join()
        assert len(c._x.later) == 100
        await c.ping()
        assert not c._x.later


def in_a_thread(function):
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


@pytest.fixture
def releases(monkeypatch):
    """The threads that give something back to the library."""
    seen = []

    class Watched:
        """The library, with a note of who calls it."""

        def __init__(self, lib, ends):
            self._lib, self._ends = lib, ends

        def __getattr__(self, name):
            value = getattr(self._lib, name)
            if name not in self._ends:
                return value

            def call(*arguments):
                seen.append((name, threading.get_ident()))
                return value(*arguments)
            return call
    from libxmpp import client, context
    ends = {"xmpp_conn_release", "xmpp_ctx_free"}
    for module in (client, context):
        monkeypatch.setattr(module, "lib", Watched(module.lib, ends))
    return seen


def test_whole_client_collected_in_another_thread(romeo, releases):
    """The library is called in the thread of the context alone: by its loop; or, if that
    is closed, when a client is made there."""
    here = threading.get_ident()
    both = [("xmpp_conn_release", here), ("xmpp_ctx_free", here)]

    def drop(holder):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            holder.clear()
            gc.collect()

    async def main(holder):
        c = romeo(use=["roster"])
        await c.connect()
        c.on(lambda stanza, c=c: c.jid)
        holder.append(c)
        del c
        return holder
    for is_closed in (False, True):
        releases.clear()

        async def use():
            holder = await main([])
            if is_closed:
                return holder
            in_a_thread(lambda: drop(holder))
            assert not releases
            for _ in range(3):
                await asyncio.sleep(0)
            assert releases == both and not list(contexts)
        if is_closed:
            holder = asyncio.run(use())
            in_a_thread(lambda: drop(holder))
            assert not releases
            romeo().abort()
            assert releases[:2] == both
        else:
            asyncio.run(use())


def test_client_of_a_thread_that_ended(romeo, releases):
    """Nobody else can use it: whoever makes the next client gives it back."""
    holder = []

    async def main():
        c = romeo()
        await c.connect()
        holder.append(c)

    def work():
        asyncio.run(main())
        holder.append(threading.get_ident())
    in_a_thread(work)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        holder.clear()
        gc.collect()
    romeo().abort()
    gc.collect()
    assert [name for name, _ in releases].count("xmpp_ctx_free") == 2


def test_collected_while_a_line_is_logged(romeo, releases):
    """No function of the library may be called by its logger."""
    import logging
    from libxmpp.context import orphans

    class Handler(logging.Handler):
        def emit(self, record):
            if holder:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    holder.clear()
                    gc.collect()
                counts.append((len(releases), len(orphans), len(c._x.later)))
    logger, handler = logging.getLogger("libxmpp"), Handler()
    level, counts = logger.level, []
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    try:
        c, other = romeo(), romeo()
        holder = [other, other.stanza("message"), c.stanza("message")]
        del other
        c.use("roster")
        with pytest.raises(libxmpp.NotAllowed):
            c.events("mds")
        asyncio.run(c.connect())
        c.abort()
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert counts == [(0, 1, 1)]
    romeo().abort()
    assert ("xmpp_conn_release", threading.get_ident()) in releases and not orphans


async def test_refused_registrations_leave_nothing(romeo):
    """Neither what C refuses, nor what cffi cannot pass on."""
    async with romeo() as c:
        for call in (lambda: c.on(print, ns=7), lambda: c.on(print, ns="a\0b"),
                     lambda: c.answer(7, None, print), lambda: c.answer("x", None, print, "a"),
                     lambda: c.watch("mds", print), lambda: c.events("roster", "mds"),
                     lambda: c.core.set_access("mds", print),
                     lambda: c.disco.add_node(7, print),
                     lambda: c.disco.add_node("n", print),
                     lambda: c.core.set_water_marks("x", 1, print),
                     lambda: c.serve_command("a\0b", "n", print)):
            before = set(c._x.kept), set(c._set)
            with pytest.raises((TypeError, ValueError, libxmpp.XmppError)):
                call()
            assert (set(c._x.kept), set(c._set)) == before
        for call in (lambda: c.core.request(7, None), lambda: c.core.request(None, "x"),
                     lambda: c.disco.get_info(7), lambda: c.roster.set("x"),
                     lambda: c.roster.load()):
            before = set(c._x.kept)
            with pytest.raises((TypeError, ValueError, AttributeError,
                                libxmpp.XmppError)):
                value = call()
                if asyncio.iscoroutine(value):
                    await value
            assert set(c._x.kept) == before


async def test_what_is_removed_leaves_nothing(romeo):
    async with romeo(use=["command_serve", "disco"]) as c:
        before = len(c._x.kept)
        for i in range(10):
            command = c.serve_command("heat", "Heating", lambda run: None)
            with pytest.raises(ValueError):
                c.serve_command("heat", "Heating", lambda run: None)
            command.remove()
            c.disco.add_node(f"node {i}", lambda *_: 0)
            c.disco.add_node(f"node {i}", lambda *_: 1)
            c.disco.remove_node(f"node {i}")
            c.watch("command_serve", print).remove()
        await c.ping("localhost")
        assert (len(c._x.kept), len(c._x.borrowed), len(c._x.returned)) == (before, 0, 0)


async def test_command_that_removes_itself(romeo, juliet):
    """And whose client is closed: C has the struct until the handler returns."""
    async with juliet() as j:
        for end in (lambda: command.remove(), lambda: r.abort()):
            r = romeo(use=["command_serve"])
            await r.connect()
            jid = r.jid

            def stage(run):
                end()
                return run.done()
            command = r.serve_command("once", "Once", stage, libxmpp.SENDER_ANYONE)
            session = j.command.session_new(jid, "once")
            with pytest.raises((libxmpp.XmppError, TimeoutError)):
                await asyncio.wait_for(
                    session.send(libxmpp.CommandAction.EXECUTE), 20)
            assert not r._x.returned
            r.abort()


def python(code, **more):
    """A program of its own, with the same server and library."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more}
    start = """
        import asyncio, os, signal, sys
        import libxmpp
        SERVER = dict(host="127.0.0.1", port=int(os.environ["PORT"]),
                      cafile=os.environ["CAFILE"])
        """
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-c",
         textwrap.dedent(start) + textwrap.dedent(code)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_fork():
    child = python("""
        async def main():
            async with libxmpp.Client("romeo@localhost/fork", "secret", **SERVER) as c:
                tree = c.stanza("message")
                pid = os.fork()
                if pid == 0:  # all of it is the parent's
                    try:
                        c.core.get_bound_jid() is None or os._exit(2)
                        c.abort()
                        del tree, c
                        import gc; gc.collect()
                        os._exit(0)
                    finally:
                        os._exit(3)
                assert os.waitpid(pid, 0)[1] == 0
                await c.ping()
                print("well")
        asyncio.run(main())
        """)
    out, err = child.communicate(timeout=60)
    assert (out, child.returncode) == ("well\n", 0), err


def test_fork_with_orphans():
    """What another thread has left is the parent's as well."""
    child = python("""
        from libxmpp import context
        one, freed = context.Context(), []
        context.Context.free = lambda self: freed.append(self.ctx)
        context.orphans.append((one, lambda: None))
        del one
        pid = os.fork()
        if pid == 0:
            os._exit(len(freed))
        assert os.waitpid(pid, 0)[1] == 0
        print("well")
        """)
    out, err = child.communicate(timeout=60)
    assert (out, child.returncode) == ("well\n", 0), err


def test_interrupt():
    """Ctrl-C cancels the task; the stream is ended properly."""
    child = python("""
        async def main():
            async with libxmpp.Client("romeo@localhost/int", "secret", **SERVER) as c:
                print("ready", flush=True)
                async for message in c.messages():
                    pass
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            asyncio.run(main())
        except KeyboardInterrupt:
            print("interrupted")
        """)
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (out, child.returncode) == ("interrupted\n", 0), err


def test_interrupt_in_a_callback():
    child = python("""
        async def main():
            async with libxmpp.Client("romeo@localhost/int", "secret", **SERVER) as c:
                def exits(stanza):
                    raise SystemExit(7)
                c.on(exits, name="iq")
                await c.ping()
                await asyncio.sleep(60)
        asyncio.run(main())
        """)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 7, err


def test_end_of_python():
    """A program that ends without closing anything."""
    child = python("""
        loop = asyncio.new_event_loop()
        c = libxmpp.Client("romeo@localhost/end", "secret", **SERVER)
        loop.run_until_complete(c.connect())
        tree, inbox = c.stanza("message"), c.messages()
        c.on(lambda stanza: None)
        sys.exit(5)
        """)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 5, err
    assert "Traceback" not in err and "not ignored" not in err, err


def test_sync(server):
    from libxmpp import sync
    with sync.Client("romeo@localhost/sync", "secret", use=["roster"], timeout=20,
                     **server) as c:
        c.send("romeo@localhost/sync", "to myself")
        inbox = c.messages()
        c.send("romeo@localhost/sync", "again")
        assert next(inbox).body in ("to myself", "again")
        assert c.ping() is None
        info = c.disco.get_info("localhost")
        assert info.identities
        with pytest.raises(libxmpp.StanzaError):
            c.disco.get_info("localhost", "no such node")
        c.roster.set(libxmpp.RosterItem(jid="s@localhost"))
        c.roster.remove("s@localhost")
    with pytest.raises(libxmpp.ConnectionFailed):
        with sync.Client("romeo@localhost", "wrong", **server):
            pass


def test_sync_without_an_answer(server):
    """It has the words of the library, whoever measures the time."""
    from libxmpp import sync
    with sync.Client("romeo@localhost/sync", "secret", **server) as c:
        never = asyncio.Event()
        c._timeout = 0.5  # for the login it would be short
        c.answer("urn:example:slow", None, lambda iq: never.wait())
        iq = c.stanza("iq", type="get", to=c.jid)
        iq.add("x", "urn:example:slow")
        with pytest.raises(libxmpp.NoAnswer) as caught:
            c.request(iq)
        assert "no answer in time" in str(caught.value) and caught.value.retry
        assert isinstance(caught.value, TimeoutError)
        c._timeout = None


def test_sync_without_an_end():
    """A server that is silent holds nobody up for longer than the others' calls."""
    from libxmpp import sync

    def connected(server):
        c = sync.Client("c.test", "secret", component=True, host="127.0.0.1",
                        port=int(server.stdout.readline()))
        c.connect()
        server.send_signal(signal.SIGSTOP)
        c._timeout = 0.05
        return c
    for ends in (None, KeyError("mine")):
        with subprocess.Popen([sys.executable, echo_server.__file__], text=True,
                              stdout=subprocess.PIPE) as server:
            try:
                c = connected(server)
                if ends:
                    c.__exit__(KeyError, ends, None)
                else:
                    with pytest.raises(libxmpp.NoAnswer):
                        c.close()
            finally:
                server.kill()


def test_sync_in_a_loop(server):
    """One clear error, and nothing that was never awaited."""
    from libxmpp import sync

    async def main(c):
        for call in (lambda: sync.Client("romeo@localhost", "secret", **server), c.ping,
                     c.close):
            with pytest.raises(RuntimeError) as error:
                call()
            assert "use libxmpp.Client" in str(error.value)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with sync.Client("romeo@localhost/sync", "secret", **server) as c:
            asyncio.run(main(c))
            c.ping()
        gc.collect()
    assert not caught, [str(one.message) for one in caught]


async def test_store(romeo):
    """A store that fails costs nothing else, but is reported."""
    class Broken(libxmpp.MemoryStore):
        def put(self, account, kind, key, text):
            raise OSError("the disk is full")
    reported = []
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: reported.append(context["exception"]))
    async with romeo(use=["roster"], store=Broken()) as c:
        await c.roster.set(libxmpp.RosterItem(jid="x@localhost"))
        await c.roster.remove("x@localhost")
        await c.ping()
    assert reported and all(isinstance(one, OSError) for one in reported)


async def test_connecting_twice():
    """The second call fails, and the first one's connection does not notice."""
    server = await asyncio.start_server(echo_server.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        c = libxmpp.Client("c.test", "secret", component=True, host="127.0.0.1",
                           port=port)
        first = asyncio.create_task(c.connect())
        await asyncio.sleep(0)
        with pytest.raises(libxmpp.ConnectionFailed) as caught:
            await c.connect()
        assert "in use" in str(caught.value) and "ready()" in caught.value.advice
        await first
        over = asyncio.create_task(c.closed())
        with pytest.raises(libxmpp.ConnectionFailed):
            await c.connect()
        assert c.is_connected and not over.done()
        await c.close()
        await over


def test_loop_that_is_closed(romeo):
    """A client that outlives its loop can be thrown away, and nothing else."""
    loop = asyncio.new_event_loop()
    c = romeo()
    loop.run_until_complete(c.connect())
    loop.close()

    async def again():
        with pytest.raises(RuntimeError):
            await c.connect()
    asyncio.run(again())
    c.abort()
    assert c.jid is None


def test_uvloop(romeo, juliet):
    uvloop = pytest.importorskip("uvloop")

    async def main():
        assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
        async with romeo(use=["time"]) as r, juliet() as j:
            inbox = r.messages()
            await j.send(r.jid, "hi", confirm=True)
            assert (await anext(inbox)).body == "hi"
            async with asyncio.timeout(20), asyncio.TaskGroup() as group:
                for _ in range(20):
                    group.create_task(j.time.entity_time_get(r.jid))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await anext(inbox)
            assert not inbox._items and len(j._x.kept) < 5
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


async def test_one_that_fails_in_a_group(romeo, juliet):
    """The others are cancelled, and take their requests back."""
    async with romeo() as r, juliet() as j:
        never = asyncio.Event()
        j.answer("urn:example:slow", None, lambda iq: never.wait())
        before = len(r._x.kept)

        async def ask(ns):
            iq = r.stanza("iq", type="get", to=j.jid)
            iq.add("x", ns)
            return await r.request(iq)
        with pytest.raises(ExceptionGroup) as caught:
            async with asyncio.TaskGroup() as group:
                for ns in ("slow", "slow", "unknown"):
                    group.create_task(ask(f"urn:example:{ns}"))
        assert [type(one) for one in caught.value.exceptions] == [libxmpp.StanzaError]
        assert len(r._x.kept) == before and r.is_connected


async def test_sending_to_nobody():
    """Who waits because much is queued does not wait any more when it is lost."""
    async def swallow(reader, writer):
        await reader.readuntil(b">")
        await reader.readuntil(b">")
        writer.write(b"<stream:stream xmlns='jabber:component:accept' id='1' "
                     b"from='c.test' xmlns:stream='http://etherx.jabber.org/streams'>")
        await reader.readuntil(b"</handshake>")
        writer.write(b"<handshake/>")
        await asyncio.sleep(0.5)  # and reads nothing
        writer.transport.abort()
    server = await asyncio.start_server(swallow, "127.0.0.1", 0, limit=1024)
    port = server.sockets[0].getsockname()[1]
    async with server:
        c = libxmpp.Client("c.test", "secret", component=True, host="127.0.0.1", port=port,
                           options={"max_outbox": 65536})
        await c.connect()

        async def fill():
            while True:
                await c.send("a@c.test/b", "x" * 10000)
                await asyncio.sleep(0)
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(fill(), 60)
        assert not c._writers
        await c.close()


async def test_nothing_leaks():
    """Many messages: neither objects nor memory grow with their number."""
    server = await asyncio.start_server(echo_server.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, libxmpp.Client("c.test", "secret", component=True,
                                      host="127.0.0.1", port=port) as c:
        inbox, marks = c.messages(limit=MESSAGES), []

        async def fill():
            for i in range(MESSAGES):
                await c.send("a@c.test/b", f"{i}")
                if i % 100 == 99:  # as much is on its way as a program would have
                    await asyncio.sleep(0)
        task = asyncio.create_task(fill())
        for i in range(MESSAGES):
            message = await anext(inbox)
            assert message.body == str(i) and message.stanza["from"] == "a@c.test/b"
            if i % (MESSAGES // 5) == MESSAGES // 10:
                gc.collect()
                marks.append((len(gc.get_objects()), soak.resident()))
        await task
        await c.close()
        objects, octets = zip(*marks)
        assert max(objects[1:]) - objects[1] < 20000, marks
        if "ASAN_OPTIONS" not in os.environ:  # it keeps what is freed for a while
            assert octets[-1] - octets[1] < 16 << 20, marks


async def test_requests_do_not_leak(romeo):
    async with romeo() as c:
        for count in range(3):
            await asyncio.gather(*(c.ping("localhost") for _ in range(300)))
            gc.collect()
            if count == 0:
                before = len(gc.get_objects())
        assert len(gc.get_objects()) - before < 1000
