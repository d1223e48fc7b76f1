"""test_guide.py - the programs in doc/guide/python.md do what their page says."""

import asyncio
import pathlib
import re

import pytest

import libxmpp
from libxmpp import JID

PAGE = pathlib.Path(__file__).resolve().parents[3] / "doc" / "guide" / "python.md"


@pytest.fixture(scope="module")
def guide():
    """All names that the page defines."""
    names = {"__name__": "guide"}
    for code in re.findall(r"^```python\n(.*?)^```\n", PAGE.read_text(), re.M | re.S):
        exec(compile(code, PAGE, "exec"), names)
    return names


async def test_echo(guide, romeo, juliet):
    async with romeo() as bot, juliet() as j:
        task = asyncio.create_task(guide["echo"](bot))
        await asyncio.sleep(0)
        inbox = j.messages()
        await j.send(bot.jid, "hello")
        assert (await anext(inbox)).body == "hello"
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert bot.is_connected


async def test_greet(guide, romeo, juliet):
    address = "greetings@rooms.localhost"
    async with romeo(use=guide["USE"]) as bot, juliet(use=guide["USE"]) as j:
        room = j.room.new(address)
        joined = await room.join(libxmpp.MucJoin(nick="juliet"))
        if joined.is_new:
            await j.muc.unlock(address)
        events = j.events("room_message")
        task = asyncio.create_task(guide["greet"](bot, address))
        while room.get_occupant("bot") is None:
            await asyncio.sleep(0.01)
        await room.send(libxmpp.Message(body="I am here"))
        async for event in events:
            if event.value.body == "Good morning, juliet":
                break
        await room.send(libxmpp.Message(body="!leave"))
        await task
        while room.get_occupant("bot") is not None:
            await asyncio.sleep(0.01)


async def test_greet_opens_a_new_room(guide, romeo, juliet):
    """When it enters first, and again when the server has forgotten the room."""
    address = "forgotten@rooms.localhost"
    async with romeo(use=guide["USE"], reconnect=True, options={"reconnect_min": 1},
                     flags=libxmpp.CONN_FLAG_DISABLE_SM) as bot:
        events = bot.events("room")
        task = asyncio.create_task(guide["greet"](bot, address))
        for attempt in range(2):
            async for event in events:
                if event.name == "joined":
                    break
            assert event.value.is_new and event.value.is_again == bool(attempt)
            await bot.ready()
            async with juliet(use=guide["USE"]) as j:
                while True:
                    try:
                        await j.room.new(address).join(libxmpp.MucJoin(nick="juliet"))
                        break
                    except libxmpp.StanzaError as error:  # it is locked
                        assert error.condition == "item-not-found"
                        await asyncio.sleep(0.01)
            if attempt == 0:
                bot.core.drop()  # and nobody is in it any more
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_report(guide, romeo, juliet):
    async with romeo(reconnect=True, options={"reconnect_min": 1}) as r, juliet() as j:
        inbox = j.messages()
        r.core.drop()
        while r.is_connected:
            await asyncio.sleep(0)
        await guide["report"](r, j.jid, "well")
        assert (await anext(inbox)).body == "well"


async def test_contacts(guide, romeo):
    async with romeo("contacts", use=["roster"]) as c:
        await c.roster.set(libxmpp.RosterItem(jid="nurse@localhost"))
    async with romeo("contacts", use=["roster"]) as c:
        assert [one.jid for one in await guide["contacts"](c)] == ["nurse@localhost"]
        await c.roster.remove("nurse@localhost")


async def test_watch(guide, romeo, juliet):
    online = {}
    client = romeo("watcher", use=["roster", "availability"])
    task = asyncio.create_task(guide["watch"](client, online))
    await asyncio.sleep(0)
    async with client:
        async with juliet("seen") as j:
            await j.send(libxmpp.Presence(to=client.jid, show="away"))
            while JID(j.jid) not in online:
                await asyncio.sleep(0.01)
            assert online[j.jid] == "away"
            await j.send(libxmpp.Presence(to=client.jid, type="unavailable"))
            while online.get(j.jid):
                await asyncio.sleep(0.01)
    await task


async def test_last_messages(guide, server):
    async with libxmpp.Client("romeo@plain.localhost/mam", "secret", use=["mam"],
                              **server) as c:
        for i in range(4):
            await c.send("romeo@plain.localhost", f"note {i}")
        texts = []
        while texts != ["romeo: note 3"] * 2:  # sent to oneself, and received
            texts = await guide["last_messages"](c, "romeo@plain.localhost", 2)


async def test_publish(guide, romeo, capsys):
    async with romeo() as c:
        await guide["publish"](c, {"kitchen": 20.5, "cellar": 11.0})
        for name, degrees in (("kitchen", "20.5"), ("cellar", "11.0")):
            item = await c.pubsub.get_item(None, f"urn:example:{name}", "current")
            reading = item.stanza.find("pubsub").find("items").find("item").find()
            assert (reading.text, reading["unit"]) == (degrees, "celsius")
    assert not capsys.readouterr().out


def test_every_part(guide):
    assert {"echo", "report", "greet", "watch", "contacts", "last_messages", "publish",
            "alarm"} <= set(guide)
