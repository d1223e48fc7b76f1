"""test_modules.py - the extensions, by the functions that are made for them."""

import asyncio
import inspect
from datetime import datetime, timezone

import pytest

import libxmpp
from libxmpp import calls


async def test_roster(romeo):
    async with romeo(use=["roster"]) as c:
        events = c.events("roster")
        await c.roster.set(libxmpp.RosterItem(jid="nurse@localhost", name="♥",
                                              groups=["a", "b"]))
        async for event in events:
            if event.name == "added":
                break
        assert event.value.jid == "nurse@localhost" and event.value.subscription == "none"
        assert sorted(c.roster.get("nurse@localhost").groups) == ["a", "b"]
        assert [one.jid for one in c.roster.all()] == ["nurse@localhost"]
        await c.roster.remove("nurse@localhost")
        async for event in events:
            if event.name == "removed":
                break
        assert c.roster.get("nurse@localhost") is None and c.roster.count() == 0


async def test_events_of_failures(server):
    """What no table describes, because it is how something ended, is an exception."""
    client = libxmpp.Client("romeo@plain.localhost", "secret", use=["blocking"], **server)
    events = client.events("blocking")
    async with client:  # its server has no such list
        event = await anext(events)
        assert (event.name, type(event.value)) == ("failed", libxmpp.StanzaError)
        assert event.value.condition == "service-unavailable" and event.value.advice


async def test_big_roster(romeo):
    """As a program sees it that begins with a full list."""
    store, count = libxmpp.MemoryStore(), 300
    async with romeo(use=["roster"]) as c:
        await asyncio.gather(*(c.roster.set(libxmpp.RosterItem(
            jid=f"contact{i}@localhost", name=f"Contact {i}", groups=["many"]))
            for i in range(count)))
    async with romeo(use=["roster"], store=store) as c:
        while not c.roster.is_loaded():
            await asyncio.sleep(0.01)
        assert len(c.roster.all()) == c.roster.count() == count
        assert len([row for row in store.rows if row[1] == "roster"]) >= count
        await asyncio.gather(*(c.roster.remove(one.jid) for one in c.roster.all()))


async def test_discovery(romeo, juliet):
    async with romeo(use=["disco", "time"]) as r, juliet() as j:
        info = await j.disco.get_info("localhost")
        assert any(one.category == "server" for one in info.identities)
        info = await j.disco.get_info(r.jid)
        assert "urn:xmpp:time" in info.features
        with pytest.raises(libxmpp.StanzaError) as caught:
            await j.disco.get_info("localhost", "no such node")
        assert caught.value.condition == "item-not-found"
        items = await j.disco.get_items("localhost")
        assert any(one.jid == "rooms.localhost" for one in items.items)


async def test_rooms(romeo, juliet):
    use = ["room_message", "room_stay"]
    async with romeo(use=use) as r, juliet(use=use) as j:
        events = j.events("room", "room_message")
        ours, hers = r.room.new("verona@rooms.localhost"), None
        joined = await ours.join(libxmpp.MucJoin(nick="romeo"))
        assert joined.room == "verona@rooms.localhost" and joined.nick == "romeo"
        if joined.is_new:
            await r.muc.unlock("verona@rooms.localhost")
        hers = j.room.new("verona@rooms.localhost")
        await hers.join(libxmpp.MucJoin(nick="juliet"))
        assert {one.nick for one in hers.all()} == {"romeo", "juliet"}
        assert hers.get_self().nick == "juliet" and hers == j.room.find(hers.get_jid())
        message = r.stanza("message")
        message.add("body", None, "Good morrow")
        await ours.send(message)
        async for event in events:
            if event.module == "room_message" and "Good morrow" in str(event.stanza):
                break
        await ours.leave("adieu")
        async for event in events:
            if event.name == "occupant-left":
                assert event.value.occupant.nick == "romeo"
                break
        with pytest.raises(libxmpp.XmppError):
            await ours.leave("again")
    assert hers.get_nick() is None  # its client is closed
    with pytest.raises(libxmpp.NotConnected):
        await hers.leave("late")


async def test_nodes(romeo):
    async with romeo() as c:
        identity = libxmpp.DiscoIdentity(category="client", type="bot", name="Python")
        await c.pep.publish("urn:example:node", "current", identity)
        item = await c.pubsub.get_item(None, "urn:example:node", "current")
        assert "Python" in str(item.stanza)


async def test_profile(romeo):
    async with romeo() as c:
        await c.vcard.set(libxmpp.Vcard(full_name="Romeo Montague"))
        card = await c.vcard.get(None)
        assert card.full_name == "Romeo Montague"


async def test_time(romeo, juliet):
    async with romeo(use=["time"]) as r, juliet() as j:
        answer = await j.time.entity_time_get(r.jid)
        assert abs(answer.utc - datetime.now(timezone.utc)).total_seconds() < 600


async def test_answers(romeo, juliet):
    """Requests of others, to functions of the program."""
    async with romeo() as r, juliet() as j:
        async def later(iq):
            await asyncio.sleep(0)
            return r.parse("<hello xmlns='urn:example:a' to='you'/>")

        def refused(iq):
            raise libxmpp.XmppError(libxmpp.Code.EARG)
        r.answer("urn:example:a", "hello", later)
        r.answer("urn:example:b", "hello", refused)
        watch = r.answer("urn:example:c", None, lambda iq: None, type="set")
        problems = []  # what cannot be an answer is not an empty one
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: problems.append(type(context["exception"])))
        r.answer("urn:example:d", None, lambda iq: "a text")

        async def ask(kind, ns):
            iq = j.stanza("iq", type=kind, to=r.jid)
            iq.add("hello", ns)
            return await j.request(iq)
        assert (await ask("get", "urn:example:a")).find("hello")["to"] == "you"
        with pytest.raises(libxmpp.StanzaError) as caught:
            await ask("get", "urn:example:b")
        assert caught.value.condition == "bad-request"
        with pytest.raises(libxmpp.StanzaError) as caught:
            await ask("get", "urn:example:d")
        assert caught.value.condition == "internal-server-error"
        assert problems == [TypeError]
        assert (await ask("set", "urn:example:c"))["type"] == "result"
        watch.remove()
        with pytest.raises(libxmpp.StanzaError) as caught:
            await ask("set", "urn:example:c")
        assert caught.value.condition == "service-unavailable"


async def test_commands(romeo, juliet):
    async with romeo(use=["command_serve", "disco"]) as r, juliet() as j:
        def stage(run):
            if run.stage == 0:
                form = r.form.new(libxmpp.FormType.FORM, "Heating")
                r.form.add_field(form, libxmpp.FormFieldType.TEXT_SINGLE, "degrees", "?")
                return run.put_form(form)
            assert run.form.type == "submit"
            heard.append(*r.form.get(run.form, "degrees").values)
            run.add_note("done")
            return run.done()
        heard = []
        command = r.serve_command("heat", "Heating", stage, libxmpp.SENDER_ANYONE)
        assert [one.node for one in (await j.command.get_list(r.jid)).items] == ["heat"]
        session = j.command.session_new(r.jid, "heat")
        shown = await session.send(libxmpp.CommandAction.EXECUTE)
        answer = j.form.answer(shown.form)
        j.form.set(answer, "degrees", "20")
        done = await session.send(libxmpp.CommandAction.COMPLETE, answer)
        assert done.status == "completed" and heard == ["20"]
        assert done.notes[0].text == "done"
        command.remove()
        assert (await j.command.get_list(r.jid)).items == []


async def test_access(romeo, juliet):
    async with romeo(use=["time"]) as r, juliet() as j:
        asked = []
        r.core.set_access("time", lambda jid, element: asked.append(jid) or False)
        with pytest.raises(libxmpp.StanzaError):
            await j.time.entity_time_get(r.jid)
        assert asked == [j.jid]
        r.core.set_access("time", None)
        await j.time.entity_time_get(r.jid)


def functions():
    """Every method that is made, with its class."""
    for name, kind in vars(calls).items():
        if inspect.isclass(kind) and name.endswith("Calls") and name != "Calls":
            for method, function in vars(kind).items():
                if inspect.isfunction(function) and method != "__init__":
                    yield name, method, function


def sample(name, parameter):
    """Something that its annotation allows."""
    kind = str(parameter.annotation)
    if "str" in kind and "list" not in kind and "type[" not in kind:
        return "localhost" if name in ("to", "jid", "room", "service", "address") else \
            "text"
    if kind == "int":
        return 1
    if kind == "float":
        return 1.0
    if kind == "bytes":
        return b"octets"
    if kind == "list[str]":
        return ["a", "b"]
    if kind == "Struct":
        return libxmpp.Software(name="n", version="1")
    if kind == "type[Struct]":
        return libxmpp.Software
    return None


# They end the connection, or wait for what will not come.
NOT_CALLED = {"disconnect", "drop", "finish", "cancel", "suspend", "check",
              "network_changed", "wake"}


async def test_every_method(romeo):
    """Each is called with something that fits: it returns, or raises an exception that
    says why. Nothing hangs, nothing breaks."""
    called, answered, silent = 0, 0, []
    async with romeo("every", options={"request_timeout": 2000}) as c:
        for space, method, function in functions():
            if method in NOT_CALLED:
                continue
            attribute = next(name for name, one in vars(calls.Calls).items()
                             if getattr(one, "func", None) is not None and
                             one.func.__annotations__["return"] == space)
            target = getattr(getattr(c, attribute), method)
            given = [sample(name, one) for name, one in
                     inspect.signature(function).parameters.items() if name != "self"]
            called += 1
            with pytest.raises(libxmpp.BadArgument) as caught:
                c.set_option("max_depth", -called)
            last = str(caught.value)
            try:
                value = target(*given)
                if inspect.isawaitable(value):
                    value = await asyncio.wait_for(value, 20)
                    kind = function.__annotations__["return"]
                    assert value is not None or "None" in kind or kind == "Any", method
                answered += 1
            except (libxmpp.XmppError, ValueError, TypeError, KeyError,
                    TimeoutError) as error:
                assert str(error)
                if str(error) == last:  # what an earlier call left
                    silent.append(f"{space}.{method}")
            assert c.is_connected, f"{space}.{method} ended the connection"
    assert not silent, " ".join(silent)
    assert called > 400 and answered > 150, (called, answered)
