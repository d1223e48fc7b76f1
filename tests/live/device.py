#!/usr/bin/python3
"""device.py - slixmpp runs the commands of examples/xmpp-device; TAP.

usage: device.py PORT CA OWNER STRANGER DEVICE

All passwords are "secret". slixmpp comes from Debian (python3-slixmpp).
"""
import asyncio
import ssl
import sys

import slixmpp
from slixmpp.exceptions import IqError

PATIENCE = 30
COMMANDS = "http://jabber.org/protocol/commands"
count = failed = 0


def ok(good, what, got=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {what}", flush=True)
    if not good:
        print(f"# {got}", flush=True)


class Client(slixmpp.ClientXMPP):
    def __init__(self, jid, port, ca):
        super().__init__(jid, "secret")
        self.ca_certs = ca
        self.up = asyncio.Event()
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0050")
        self.add_event_handler("session_start", lambda _: self.up.set())
        self.connect(("127.0.0.1", port))

    async def run_command(self, device, node, action="execute", session=None,
                          fields=None):
        iq = self.make_iq_set(ito=device)
        iq["command"]["node"] = node
        iq["command"]["action"] = action
        if session:
            iq["command"]["sessionid"] = session
        if fields is not None:
            form = self["xep_0004"].make_form(ftype="submit")
            for var, value in fields.items():
                form.add_field(var=var, value=value)
            iq["command"].append(form)
        return (await iq.send(timeout=PATIENCE))["command"]


async def refused(request):
    """The condition, the elements and the text of the error."""
    try:
        await request
    except IqError as error:
        inside = [child.tag for child in error.iq["error"].xml]
        return error.condition, " ".join(inside), error.text
    return None, "", ""


async def owner_runs(client, device):
    items = await client["xep_0050"].get_commands(device, timeout=PATIENCE)
    nodes = sorted(item[1] for item in items["disco_items"]["items"])
    ok(nodes == ["interval", "relay"], "the owner sees both commands", nodes)
    info = await client["xep_0030"].get_info(device, node="relay",
                                             timeout=PATIENCE)
    ok(COMMANDS in info["disco_info"]["features"], "and what they are", info)
    stage = await client.run_command(device, "interval")
    form = stage["form"]
    ok(stage["status"] == "executing" and
       form.get_fields()["seconds"]["value"] == "60", "a form", stage)
    condition, tags, text = await refused(client.run_command(
        device, "interval", "complete", stage["sessionid"], {"seconds": "0"}))
    ok(condition == "bad-request" and "bad-payload" in tags and
       "seconds" in text, "out of range", (condition, tags, text))
    last = await client.run_command(device, "interval", "complete",
                                    stage["sessionid"], {"seconds": "5"})
    ok(last["status"] == "completed", "within it", last)
    condition, tags, _ = await refused(client.run_command(
        device, "interval", "complete", stage["sessionid"], {"seconds": "5"}))
    ok("session-expired" in tags, "twice", (condition, tags))
    stage = await client.run_command(device, "relay")
    last = await client.run_command(device, "relay", "cancel",
                                    stage["sessionid"])
    ok(last["status"] == "canceled", "cancelled", last)


async def owner_follows(client, device):
    """The same as slixmpp itself goes through a command."""
    done = asyncio.get_event_loop().create_future()

    def on_form(iq, session):
        form = client["xep_0004"].make_form(ftype="submit")
        form.add_field(var="on", value="1")
        session["payload"] = form
        session["next"] = lambda iq, session: done.set_result(iq)
        client["xep_0050"].complete_command(session)

    client["xep_0050"].start_command(device, "relay", {
        "next": on_form, "error": lambda iq, session: done.set_result(iq)})
    iq = await asyncio.wait_for(done, PATIENCE)
    ok(iq["command"]["status"] == "completed", "by slixmpp's own sessions", iq)


async def stranger_tries(client, device):
    items = await client["xep_0050"].get_commands(device, timeout=PATIENCE)
    ok(not items["disco_items"]["items"], "a stranger sees no command", items)
    condition, _, _ = await refused(client.run_command(device, "relay"))
    ok(condition == "forbidden", "and may run none", condition)


async def main(port, ca, owner, stranger, device):
    for jid, *works in ((owner, owner_runs, owner_follows),
                        (stranger, stranger_tries)):
        client = Client(jid, int(port), ca)
        await asyncio.wait_for(client.up.wait(), PATIENCE)
        for work in works:
            await work(client, device)
        await client.disconnect()
    print(f"1..{count}")
    return failed != 0


sys.exit(asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:])))
