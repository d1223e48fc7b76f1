"""test_client.py - login, sending, receiving, and what goes wrong."""

import asyncio
import pathlib
import re
import socket

import pytest

import libxmpp
from libxmpp import Client, JID, Message

LONG_PAUSE = {"reconnect_min": 3600000, "reconnect_max": 3600000}


async def test_login(romeo):
    async with romeo() as c:
        assert c.is_connected and c.jid == "romeo@localhost/test"
        assert c.core.get_bound_jid() == c.jid
    assert not c.is_connected and c.failure is None


async def test_messages(romeo, juliet):
    async with romeo() as r, juliet() as j:
        inbox = j.messages()
        await r.send(j.jid, "Wherefore ♥ \U0001f339")
        message = await anext(inbox)
        assert (message.from_, message.type) == (r.jid, "chat")
        assert message.body == "Wherefore ♥ \U0001f339"
        assert message.stanza.name == "message"
        await r.send(Message(to=JID(j.jid), type="headline", subject="s", body="b",
                             thread="t"))
        message = await anext(inbox)
        assert (message.type, message.subject, message.thread) == ("headline", "s", "t")
        tree = r.stanza("message", to=j.jid)
        tree.add("body", None, "by hand")
        await r.send(tree)
        assert (await anext(inbox)).body == "by hand"


async def test_echo_by_iteration(romeo, juliet):
    async with romeo() as r, juliet() as j:
        async def echo():
            async for message in j.messages():
                await j.send(message.from_, message.body.upper())
        task = asyncio.create_task(echo())
        await asyncio.sleep(0)
        inbox = r.messages()
        await r.send(j.jid, "hello")
        assert (await anext(inbox)).body == "HELLO"
        await j.close()
        await task  # a stream ends with its connection


async def test_confirmed(romeo):
    async with romeo() as c:
        assert await c.send("juliet@localhost/nobody", "hi", confirm=True) is True


async def test_iq(romeo):
    async with romeo() as c:
        iq = c.stanza("iq", type="get", to="localhost")
        iq.add("ping", "urn:xmpp:ping")
        answer = await c.request(iq)
        assert answer.get("type") == "result"
        iq = c.stanza("iq", type="get", to="localhost")
        iq.add("no", "urn:example:no")
        with pytest.raises(libxmpp.StanzaError) as caught:
            await c.request(iq, timeout=10)
        assert caught.value.condition == "service-unavailable"
        assert caught.value.stanza.get("type") == "error"
        assert caught.value.advice == (
            "check the address; the other side may be offline, "
            "or accept contacts only")


async def test_wrong_password(server):
    client = Client("romeo@localhost", "wrong", **server)
    with pytest.raises(libxmpp.ConnectionFailed) as caught:
        await client.connect()
    await client.close()
    error = caught.value
    assert (error.layer, error.name, error.retry) == ("sasl", "XMPP_EAUTH", False)
    assert error.condition == "not-authorized" and "password" in error.advice


async def test_stranger_to_the_authority(server):
    with pytest.raises(libxmpp.ConnectionFailed) as caught:
        async with Client("romeo@localhost", "secret", **{**server, "cafile": "/dev/null"}):
            pass
    assert caught.value.layer == "tls" and caught.value.advice
    with pytest.raises(ConnectionError):  # it is one of Python's, too
        async with Client("romeo@localhost", "secret", host="127.0.0.1", port=1):
            pass


async def test_password_by_a_function(server):
    asked = []

    def password():
        asked.append(1)
        return "secret"
    async with Client("romeo@localhost/ask", password, **server) as c:
        assert c.is_connected and asked


async def test_password_by_a_coroutine(server):
    """It may take its time, and give up; an exception gives up as well."""
    async def later():
        await asyncio.sleep(0.1)
        return "secret"

    async def never():
        return None

    async def wrong():
        return 7

    async def fails():
        raise KeyError("no such password")
    async with Client("romeo@localhost/later", later, **server) as c:
        assert c.is_connected
    caught = []
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: caught.append(context["exception"]))
    for function, problem in ((never, []), (fails, [KeyError]), (wrong, [TypeError]),
                              (lambda: "", [ValueError]), (lambda: None, []),
                              (lambda: 7, [AttributeError]), (lambda: 1 / 0,
                                                              [ZeroDivisionError])):
        caught.clear()
        client = Client("romeo@localhost", function, **server)
        with pytest.raises(libxmpp.ConnectionFailed) as error:
            await asyncio.wait_for(client.connect(), 20)
        assert error.value.name == "XMPP_ECRED", function
        await asyncio.sleep(0)
        assert [type(one) for one in caught] == problem
        assert not client._tasks


async def test_bad_arguments(romeo, server):
    for text in ("a@b@c", "", "@b", "a/", "a\0b"):
        with pytest.raises(ValueError):
            JID(text)
    with pytest.raises(TypeError):
        Client("romeo@localhost", "secret", no_such_setting="x")
    with pytest.raises(ValueError):
        Client("romeo@localhost", "secret", options={"no_such": 1})
    with pytest.raises(ValueError):
        Client("romeo@localhost", "secret", use=["no_such"])
    with pytest.raises(libxmpp.BadArgument):
        Client("romeo@localhost", "secret", options={"max_depth": -5})
    async with romeo() as c:
        with pytest.raises(ValueError):
            await c.send("juliet@localhost", "a\0b")
        with pytest.raises(libxmpp.BadArgument) as caught:
            await c.send("not an@address", "hi")
        assert "to" in str(caught.value)
        with pytest.raises(libxmpp.BadArgument):
            await c.send("juliet@localhost", "\x01")
        with pytest.raises(UnicodeEncodeError):
            await c.send("juliet@localhost", "\udc00")
        with pytest.raises(TypeError):
            await c.send("juliet@localhost", 7)
        with pytest.raises(ValueError) as caught:
            await c.send(Message(to="juliet@localhost", type="nonsense", body="x"))
        assert "groupchat" in str(caught.value)
        with pytest.raises(libxmpp.NotAllowed):
            c.roster.load()  # the module is not in use
        assert c.is_connected


async def test_after_the_end(romeo):
    c = romeo()
    async with c:
        inbox = c.messages()
        room = None
        tree = c.stanza("message", to="x@example.org")
        with pytest.raises(libxmpp.NotAllowed) as caught:
            c.events("mds")
        assert '"mds" is not in use' in str(caught.value)
    for call in (lambda: c.events("roster"), lambda: c.disco.add_feature("urn:x"),
                 lambda: c.on(print)):
        with pytest.raises(libxmpp.NotConnected) as caught:
            call()
        assert str(caught.value) == "the client is closed"
    with pytest.raises(StopAsyncIteration):
        await anext(inbox)
    with pytest.raises(libxmpp.XmppError):
        await c.send("juliet@localhost", "late")
    with pytest.raises(libxmpp.XmppError):
        await c.ping()
    with pytest.raises(libxmpp.NotConnected):
        await c.connect()
    assert c.jid is None and c.modules == [] and room is None
    assert tree.get("to") == "x@example.org"  # trees outlive their client
    await c.close()
    c.abort()


async def test_the_server_ends_it(romeo):
    """Another client takes the resource."""
    async with romeo("same") as first:
        inbox = first.messages()
        async with romeo("same"):
            with pytest.raises(libxmpp.ConnectionFailed) as caught:
                await anext(inbox)
            assert caught.value.condition == "conflict"
            with pytest.raises(libxmpp.ConnectionFailed):
                await first.closed()
            assert first.failure is not None


async def test_reconnect(romeo, juliet):
    async with romeo("again", reconnect=True,
                     options={"reconnect_min": 1}) as r, juliet() as j:
        inbox = r.messages()
        r.core.drop()
        while r.is_connected:
            await asyncio.sleep(0)  # each turn of the loop: it is back very soon
        await r.ready()
        await j.send(r.jid, "still there?")
        assert (await anext(inbox)).body == "still there?"
        await r.ready()  # at once


async def test_waiting_for_the_next_session(romeo, juliet):
    """In a pause: who waits may be cancelled, and nothing else ends by that."""
    async with romeo("pause", reconnect=True, options=LONG_PAUSE) as r, juliet() as j:
        inbox, over = r.messages(), asyncio.create_task(r.closed())
        ready = asyncio.create_task(r.ready())
        await ready
        r.core.drop()
        while r.is_connected:
            await asyncio.sleep(0)
        with pytest.raises(libxmpp.NotConnected) as caught:
            await r.ping()
        assert caught.value.retry
        assert caught.value.advice == \
            "wait for ready(): the connection is being made again"
        ready = asyncio.create_task(r.ready())
        for wait in (r.ready, r.connect):
            task = asyncio.create_task(wait())
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await ready
        assert r.is_connected and not over.done() and not r._logins
        await r.ping()
        await j.send("romeo@localhost", "are you available?")
        assert (await anext(inbox)).body == "are you available?"
    await over
    assert [message async for message in inbox] == []


async def test_waiting_that_is_in_vain(romeo):
    """It ends with the client, and for a client without a connection."""
    c = romeo("vain", reconnect=True, options=LONG_PAUSE)
    with pytest.raises(libxmpp.NotConnected) as caught:
        await c.ready()
    assert caught.value.advice == "connect first"
    await c.connect()
    c.core.drop()
    while c.is_connected:
        await asyncio.sleep(0)
    waiting = [asyncio.create_task(c.ready()) for _ in range(2)]
    await asyncio.sleep(0)
    await c.close()
    for task in (*waiting, asyncio.create_task(c.ready()), asyncio.create_task(c.ping())):
        with pytest.raises(libxmpp.NotConnected) as caught:
            await task
        assert (caught.value.advice, caught.value.retry) == ("make a new client", False)


async def test_cancelled_first_login(server):
    """It closes the client."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        c = Client("romeo@localhost", "x", **{**server, "port": silent.getsockname()[1]})
        task = asyncio.create_task(c.connect())
        await asyncio.sleep(0)
        with pytest.raises(libxmpp.NotConnected) as caught:
            await c.ping()
        assert caught.value.advice == "wait for ready(): the connection is being made"
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    with pytest.raises(libxmpp.NotConnected) as caught:
        await c.connect()
    assert caught.value.advice == "make a new client"


async def test_without_reconnect(romeo):
    """What to do after a loss is to connect, and then it goes on."""
    async with romeo("lost") as c:
        c.core.drop()
        await c.closed()
        for call in (c.ready, c.ping):
            with pytest.raises(libxmpp.NotConnected) as caught:
                await call()
            assert caught.value.advice == "connect again" and not caught.value.retry
        await c.connect()
        await c.ready()
        await c.ping()


async def test_words_of_this_language(romeo):
    """What is refused is explained by names that there are in Python."""
    async with romeo() as c:
        def refused(call):
            with pytest.raises((libxmpp.XmppError, TypeError)) as caught:
                call()
            return str(caught.value)
        for space in (c.roster, c.blocking, c.bookmarks, c.availability, c.mds):
            assert "the module is not in use: make the client with use=[" in refused(
                space.all)
        assert refused(c.roster.count) == refused(c.roster.all) == (
            'roster: the module is not in use: make the client with use=["roster"], or '
            'call use("roster")')
        assert 'make the client with use=["roster"]' in refused(c.roster.load)
        assert 'make the client with use=["mds"]' in refused(lambda: c.events("mds"))
        iq = c.stanza("iq", type="get")
        assert "use append()" in refused(lambda: iq.add(iq.copy()))
        assert 'use=["room_message"]' in refused(lambda: c.room.new("verona@localhost"))
        c.use("roster", "room_message")
        assert c.roster.all() == []
        room = c.room.new("verona@rooms.localhost")
        with pytest.raises(TypeError) as caught:
            await room.send("hello")
        assert "Message(body=...)" in str(caught.value)


def test_names_of_c_are_translated():
    from libxmpp.errors import in_python
    for sentence, made in (
            ("no JID was set: call xmpp_conn_set_jid()",
             "no JID was set: give the client its jid"),
            ("a component needs its secret: call xmpp_conn_set_pass()",
             "a component needs its secret: give the client its password"),
            ("too many attempts in a row (XMPP_OPT_RECONNECT_TRIES)",
             'too many attempts in a row (options["reconnect_tries"])'),
            ("file by xmpp_conn_set_dane_anchor()",
             "file by the setting dane_anchor=..."),
            ("XMPP_CONN_FLAG_MANDATORY_TLS is set", "CONN_FLAG_MANDATORY_TLS is set"),
            ("xmpp_stanza_set_text(): the text is NULL, or not UTF-8",
             "the text is None, or not UTF-8"),
            ("suspended: no attempt until xmpp_conn_wake()",
             "suspended: no attempt until core.wake()")):
        assert in_python(sentence) == made


def test_advice_of_conditions():
    """It has the words of the page about errors."""
    from libxmpp.conditions import ADVICE
    page = pathlib.Path(__file__).resolve().parents[3] / "doc" / "guide" / "errors.md"
    part = page.read_text().partition("## What others answer")[2]
    rows = dict(re.findall(r"^\| ([a-z-]+) \| .* \| (.*)\. \|$", part, re.M))
    assert {name: words[0].lower() + words[1:] for name, words in rows.items()} == ADVICE
    assert len(ADVICE) == 22  # of RFC 6120
    error = libxmpp.StanzaError(libxmpp.Code.ESTANZA, "", condition="conflict",
                                type="wait")
    assert error.advice == "choose another name" and error.retry
    error = libxmpp.StanzaError(libxmpp.Code.ESTANZA, "", condition="none-of-these")
    assert error.advice == "read the error in the answer" and not error.retry


async def test_session(romeo):
    """The state of a session is given away, and comes back."""
    async with romeo("state") as c:
        saved = c.core.save_sm_state()
        assert isinstance(saved, bytes) and saved
        c.core.drop()
        await c.closed()
        state = c.core.get_sm_state()
        assert c.core.get_sm_state() is None
        other = romeo("other")
        with pytest.raises(libxmpp.NotAllowed):
            other.core.set_sm_state(state)  # of another context: it is still ours
        with pytest.raises(libxmpp.NotAllowed):
            other.core.restore_sm_state(b"nonsense")
        other.abort()
        assert c.core.set_sm_state(state) == 0
        again = c.core.get_sm_state()
        with pytest.raises(libxmpp.NotAllowed):
            c.core.set_sm_state(state)  # it was given away
        assert c.core.set_sm_state(again) == 0
        await c.connect()
        assert c.core.is_resumed()


async def test_flow(romeo, juliet):
    """A sender that is faster than the network waits; nothing is lost, and the order
    stays."""
    async with romeo(options={"max_outbox": 65536}) as r, juliet() as j:
        inbox, count, text = j.messages(), 2000, "x" * 200

        async def fill():
            for i in range(count):
                await r.send(j.jid, f"{i} {text}")
        task = asyncio.create_task(fill())
        for i in range(count):
            assert (await anext(inbox)).body == f"{i} {text}"
        await task


async def test_limit_of_a_stream(romeo, juliet):
    async with romeo() as r, juliet() as j:
        inbox, other = j.messages(limit=3), j.messages()
        for i in range(5):
            await r.send(j.jid, str(i))
        assert [(await anext(other)).body for _ in range(5)] == list("01234")
        assert [(await anext(inbox)).body for _ in range(3)] == list("012")
        with pytest.raises(libxmpp.XmppError) as caught:
            await anext(inbox)
        assert caught.value.name == "XMPP_EFULL"


async def test_big_stanza(romeo, juliet):
    async with romeo() as r, juliet() as j:
        inbox, text = j.messages(), "é" * 60000
        await r.send(j.jid, text)
        assert (await anext(inbox)).body == text


def test_addresses():
    jid = JID("Juliet@A.Example/Balcony")
    assert jid == "juliet@a.example/Balcony" and isinstance(jid, str)
    assert (jid.local, jid.domain, jid.resource) == ("juliet", "a.example", "Balcony")
    assert jid.bare == "juliet@a.example" and JID("a.example").local is None
    assert jid.with_resource("x/y@z").resource == "x/y@z"
    assert JID("JULIET@a.example") in {jid.bare}
    with pytest.raises(libxmpp.JIDError) as caught:
        JID("a b@example.org")
    assert caught.value.part == "localpart" and caught.value.reason


def test_words_that_are_not_utf8():
    from libxmpp.errors import ffi, words
    assert words(ffi.new("char[]", b"caf\xc3")) == "caf\ufffd"


def test_trees(romeo):
    c = romeo()
    tree = c.parse("<a xmlns='urn:x' k='v'>t<b>1</b><c/><b xmlns='urn:y'>2</b></a>")
    assert [one.name for one in tree] == ["b", "c", "b"]
    assert tree.attributes == {"xmlns": "urn:x", "k": "v"} and tree["k"] == "v"
    assert tree.find("b").text == "1" and tree.find("b", "urn:y").text == "2"
    assert len(tree.findall("b")) == 2 and "no" not in tree and tree.find("z") is None
    child = tree.find("c")
    del tree
    assert child.parent.name == "a"  # a child holds the whole tree
    child.remove()
    with pytest.raises(KeyError):
        child["no"]
    with pytest.raises(ValueError):
        c.parse("<a><b></a>")
    with pytest.raises(libxmpp.BadArgument):
        c.stanza("a").add("b", None, "\x01")
    c.abort()


def test_structs(romeo):
    c = romeo()
    item = libxmpp.RosterItem(jid=JID("a@example.org"), name="A", subscription="both",
                              groups=["g", "h"])
    xml = c.to_xml(item)
    assert c.from_xml(libxmpp.RosterItem, xml) == item
    tree = c.parse(xml)
    assert c.read(tree, libxmpp.RosterItem) == item
    assert c.read(tree, libxmpp.Message) is None
    with pytest.raises(libxmpp.BadArgument):
        c.from_xml(libxmpp.RosterItem, "<x/>")
    uri = c.parse_uri("xmpp:juliet@example.org?message;body=Hi%20there")
    assert (uri.jid, uri.type, uri.get("body")) == ("juliet@example.org", "message",
                                                    "Hi there")
    assert c.format_uri(uri) == "xmpp:juliet@example.org?message;body=Hi%20there"
    with pytest.raises(libxmpp.BadArgument):
        c.parse_uri("http://example.org")
    c.abort()
