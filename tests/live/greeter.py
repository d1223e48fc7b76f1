#!/usr/bin/python3
"""greeter.py - slixmpp offers an ad-hoc command of two stages.

usage: greeter.py PORT CA JID

Runs until it is killed, and prints a line when it is there. The password is
"secret". slixmpp comes from Debian (python3-slixmpp).
"""
import asyncio
import sys

import slixmpp


class Greeter(slixmpp.ClientXMPP):
    def __init__(self, port, ca, jid):
        super().__init__(jid, "secret")
        self.ca_certs = ca
        for plugin in ("xep_0030", "xep_0004", "xep_0050"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.begin)
        self.connect(("127.0.0.1", int(port)))

    def begin(self, _):
        self["xep_0050"].add_command(node="greet", name="Greet somebody",
                                     handler=self.first)
        self.send_presence()
        print("ready", flush=True)

    def first(self, iq, session):
        form = self["xep_0004"].make_form(ftype="form", title="Whom?")
        form.add_field(var="name", ftype="text-single", required=True)
        return {**session, "payload": form, "next": self.second,
                "has_next": True}

    def second(self, payload, session):
        name = payload.get_values()["name"]
        form = self["xep_0004"].make_form(ftype="form", title="Like this?")
        form.add_field(var="greeting", ftype="text-single",
                       value=f"Hello, {name}")
        return {**session, "payload": form, "next": self.last,
                "has_next": False}

    def last(self, payload, session):
        return {**session, "payload": None, "next": None}


Greeter(*sys.argv[1:])
asyncio.get_event_loop().run_forever()
