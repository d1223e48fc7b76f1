#!/usr/bin/python3
"""counterpart.py - a client that nobody of this library wrote: slixmpp, which
does what it is told to by chat messages.

usage: counterpart.py JID PASSWORD PORT CA-FILE

A message "do WORD ARGUMENTS" is answered by "done WORD RESULT". It says "ready"
on standard output once it is available. The words are the methods do_*.
"""

import asyncio
import logging
import ssl
import sys
from xml.etree import ElementTree

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath

PLUGINS = ("xep_0004", "xep_0012", "xep_0030", "xep_0045", "xep_0050", "xep_0059",
           "xep_0060", "xep_0066", "xep_0085", "xep_0092", "xep_0115",
           "xep_0163", "xep_0172", "xep_0184", "xep_0199", "xep_0202",
           "xep_0280", "xep_0297", "xep_0308", "xep_0319", "xep_0333",
           "xep_0334", "xep_0359", "xep_0380", "xep_0428", "xep_0444",
           "xep_0461")
NOTE = "urn:example:note"


class Counterpart(slixmpp.ClientXMPP):
    def __init__(self, jid, password, ca):
        # all three servers know it; DIGEST-MD5 fails between two of them
        super().__init__(jid, password, sasl_mech="PLAIN")
        self.ca_certs = ca
        self.ssl_context.load_verify_locations(ca)
        for plugin in PLUGINS:
            self.register_plugin(plugin)
        self["xep_0092"].software_name = "counterpart"
        self["xep_0092"].version = "1.0"
        self.auto_authorize = True
        self.auto_subscribe = False
        self.events = []    # of nodes, as texts
        self.received = []  # bodies of messages that are no orders
        self.talks = []     # what was in messages of a client that is "talk"
        self["xep_0163"].add_interest(NOTE)
        self["xep_0163"].add_interest("urn:example:mine")
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("message", self.on_message)
        self.register_handler(Callback("Talks", StanzaPath("message"),
                                       self.on_any))
        self.add_event_handler("pubsub_publish", self.on_publish)
        self.add_event_handler("pubsub_retract", self.on_retract)
        self.add_event_handler("failed_auth", lambda _: sys.exit("refused"))

    async def on_start(self, _):
        await self.get_roster()
        self["xep_0012"].set_last_activity(self.boundjid, seconds=7)
        self["xep_0050"].add_command(node="greet", name="Greet somebody",
                                     handler=self.greet)
        await self["xep_0115"].update_caps()
        self.send_presence(pstatus="here", ppriority=5)
        print("ready", flush=True)

    # ---- events ------------------------------------------------------

    def on_publish(self, message):
        item = message["pubsub_event"]["items"]["item"]
        payload = item["payload"]
        self.events.append("published %s %s %s" % (
            message["pubsub_event"]["items"]["node"], item["id"],
            "" if payload is None else payload.text))

    def on_retract(self, message):
        items = message["pubsub_event"]["items"]
        self.events.append("retracted %s %s" % (items["node"],
                                                items["retract"]["id"]))

    def on_message(self, message):
        words = message["body"].split(" ")
        if message["type"] == "error" or not words[0]:
            return
        if words[0] != "do":
            self.received.append(message["body"])
            return
        asyncio.ensure_future(self.obey(message["from"], words[1], words[2:]))

    async def obey(self, who, word, arguments):
        try:
            result = getattr(self, "do_" + word)(who, *arguments)
            if asyncio.iscoroutine(result):
                result = await result
        except IqError as error:
            result = "error " + error.condition
        except IqTimeout:
            result = "timeout"
        except Exception as error:  # what a test has to show
            logging.exception("do %s", word)
            result = "exception %r" % error
        self.send_message(mto=who, mtype="chat",
                          mbody="done %s %s" % (word, result))

    async def do_at(self, who, address, word, *arguments):
        """The same about another address."""
        return await getattr(self, "do_" + word)(slixmpp.JID(address),
                                                 *arguments)

    # ---- queries -----------------------------------------------------

    async def do_ping(self, who):
        await self["xep_0199"].send_ping(who, timeout=20)
        return "ok"

    async def do_version(self, who):
        answer = await self["xep_0092"].get_version(who)
        software = answer["software_version"]
        return "%s %s %s" % (software["name"], software["version"],
                             software["os"])

    async def do_time(self, who):
        # the plugin adds a second Z before it parses, and cannot answer either
        answer = await self["xep_0202"].get_entity_time(who)
        return answer.xml.findtext("{urn:xmpp:time}time/{urn:xmpp:time}utc")

    async def do_last(self, who):
        answer = await self["xep_0012"].get_last_activity(who)
        return "%s" % answer["last_activity"]["seconds"]

    async def do_features(self, who, node=""):
        answer = await self["xep_0030"].get_info(jid=who, node=node or None)
        return " ".join(sorted(answer["disco_info"]["features"]))

    async def do_items(self, who, node=""):
        answer = await self["xep_0030"].get_items(jid=who, node=node or None)
        return " ".join(sorted("%s" % (item[1] or item[0])
                               for item in answer["disco_items"]["items"]))

    # ---- people ------------------------------------------------------

    def do_available(self, who, *arguments):
        show, priority, *status = arguments
        self.send_presence(pshow=None if show == "online" else show,
                           ppriority=int(priority), pstatus=" ".join(status))
        return "ok"

    def do_unavailable(self, who):
        self.send_presence(ptype="unavailable")
        return "ok"

    def do_presence(self, who):
        seen = self.client_roster.presence(who.bare)
        return "; ".join("%s %s %s %s" % (
            resource, info["show"] or "online", info["priority"],
            info["status"]) for resource, info in sorted(seen.items()))

    def do_greet(self, who):
        """Our presence, to the one who asked."""
        self.send_presence(pto=who)
        return "ok"

    def do_subscribe(self, who):
        self.send_presence(pto=who.bare, ptype="subscribe")
        return "ok"

    def do_subscription(self, who):
        return self.client_roster[who.bare]["subscription"]

    # ---- conversations -----------------------------------------------

    def on_any(self, message):
        """What slixmpp sees in it."""
        if message["from"].resource != "talk" or message["type"] == "error":
            return
        seen = [message["type"], message["id"], message["body"]]
        for name, part in (("receipt", None), ("displayed", "id"),
                           ("replace", "id"), ("reply", "id"),
                           ("oob", "url"), ("origin_id", "id"),
                           ("eme", "namespace"), ("reactions", "id"),
                           ("forwarded", "stanza"), ("markable", ""),
                           ("store", ""), ("no-store", ""),
                           ("fallback", "")):
            if message.get_plugin(name, check=True) is not None:
                value = message[name] if part is None else (
                    message[name][part] if part else "")
                if value or part is not None:
                    seen.append("%s=%s" % (name, value))
        for reaction in message["reactions"] if "reactions=" in str(
                seen) else ():
            seen.append("reaction=" + reaction["value"])
        if message["chat_state"]:
            seen.append("state=" + message["chat_state"])
        retract = message.xml.find("{urn:xmpp:message-retract:1}retract")
        if retract is not None:
            seen.append("retract=" + retract.get("id"))
        self.talks.append(" ".join(seen))

    def do_talks(self, who):
        return " | ".join(self.talks[-8:])

    def do_talk(self, who, to, ident, word, *arguments):
        """Send a message with something in it: "talk JID ID reply m1 Oh"."""
        message = self.make_message(mto=to, mtype="chat")
        message["id"] = ident
        getattr(self, "talk_" + word)(message, *arguments)
        message.send()
        return "ok"

    def talk_marked(self, message, ident):
        message["displayed"]["id"] = ident

    def talk_state(self, message, state):
        message["chat_state"] = state

    def talk_asking(self, message, *words):
        message["body"] = " ".join(words)
        message["request_receipt"] = True
        message["chat_state"] = "active"
        message.enable("markable")

    def talk_correction(self, message, ident, *words):
        message["body"] = " ".join(words)
        message["replace"]["id"] = ident

    def talk_reactions(self, message, ident, *emoji):
        self["xep_0444"].set_reactions(message, ident, emoji)

    def talk_reply(self, message, ident, *words):
        message["body"] = " ".join(words)
        message["reply"]["id"] = ident
        message["reply"]["to"] = message["to"]

    def talk_retraction(self, message, ident):
        # the plugin speaks version 0
        retract = ElementTree.SubElement(
            message.xml, "{urn:xmpp:message-retract:1}retract")
        retract.set("id", ident)
        message["body"] = "retracted"
        message.enable("fallback")
        message.enable("store")

    def talk_file(self, message, url):
        message["body"] = message["oob"]["url"] = url
        message["origin_id"]["id"] = message["id"]

    def talk_secret(self, message, namespace):
        message["body"] = "cannot be read"
        message["eme"]["namespace"] = namespace

    def talk_forwarded(self, message, *words):
        inner = self.make_message(mto="a@example.org", mfrom="b@example.org",
                                  mbody=" ".join(words))
        message["body"] = "look"
        message["forwarded"]["stanza"] = inner

    # ---- messages ----------------------------------------------------

    def do_say(self, who, to, *words):
        self.send_message(mto=to, mtype="chat", mbody=" ".join(words))
        return "ok"

    def do_heard(self, who):
        return " | ".join(self.received)

    # ---- rooms -------------------------------------------------------

    async def do_enter(self, who, room, nick):
        """What is said there is in room_said, also what it changes."""
        self.room, self.room_said, self.room_seen = room, [], []
        self.add_event_handler("muc::%s::message" % room, self.on_room)
        self.add_event_handler("muc::%s::presence" % room, self.on_occupant)
        self.add_event_handler("groupchat_subject", self.on_subject)
        await self["xep_0045"].join_muc_wait(room, nick, maxchars=0,
                                             timeout=20)
        return "ok"

    def on_room(self, message):
        if message["body"]:
            self.room_said.append(message["body"])

    def on_occupant(self, presence):
        self.room_seen.append("%s %s" % (presence["muc"]["nick"],
                                         presence["type"]))

    def on_subject(self, message):
        self.room_said.append("subject " + message["subject"])

    def do_room_say(self, who, *words):
        self.send_message(mto=self.room, mtype="groupchat",
                          mbody=" ".join(words))
        return "ok"

    def do_room_whisper(self, who, nick, *words):
        self.send_message(mto="%s/%s" % (self.room, nick), mtype="chat",
                          mbody=" ".join(words))
        return "ok"

    def do_room_said(self, who):
        return " | ".join(self.room_said)

    def do_room_seen(self, who):
        return " | ".join(self.room_seen)

    def do_room_occupants(self, who):
        return " ".join(sorted(self["xep_0045"].get_roster(self.room)))

    def do_room_nick(self, who, nick):
        self.send_presence(pto="%s/%s" % (self.room, nick))
        return "ok"

    def do_room_leave(self, who, nick):
        self["xep_0045"].leave_muc(self.room, nick)
        return "ok"

    # ---- commands ----------------------------------------------------

    def greet(self, iq, session):
        form = self["xep_0004"].make_form("form", "Whom?")
        form.add_field(var="whom", ftype="text-single", label="Whom",
                       required=True)
        session["payload"] = form
        session["next"] = self.greeted
        session["has_next"] = False
        return session

    def greeted(self, payload, session):
        session["payload"] = None
        session["next"] = None
        session["notes"] = [("info", "Hello, " +
                             payload["values"]["whom"] + "!")]
        return session

    async def do_commands(self, who):
        answer = await self["xep_0050"].get_commands(who)
        return " ".join(sorted(item[1] for item in
                               answer["disco_items"]["items"]))

    async def do_command(self, who, node, *settings):
        """Run it to the end; its form is answered with NAME=VALUE."""
        answer = await self["xep_0050"].send_command(who, node,
                                                     action="execute")
        command = answer["command"]
        if command["status"] == "executing":
            form = self["xep_0004"].make_form("submit")
            for setting in settings:
                name, value = setting.split("=")
                form.add_field(var=name, value=value)
            answer = await self["xep_0050"].send_command(
                who, node, sessionid=command["sessionid"], action="complete",
                payload=form)
            command = answer["command"]
        return "%s %s" % (command["status"],
                          " ".join(text for _, text in command["notes"]))

    # ---- nodes -------------------------------------------------------

    async def do_publish(self, who, node, item, text, service=None):
        note = ElementTree.Element("{%s}note" % NOTE)
        note.text = text
        await self["xep_0060"].publish(service or self.boundjid.bare, node,
                                       id=item, payload=note)
        return "ok"

    async def do_retract(self, who, node, item, service=None):
        await self["xep_0060"].retract(service or self.boundjid.bare, node,
                                       item, notify=True)
        return "ok"

    async def do_item(self, who, node, item, service=None):
        answer = await self["xep_0060"].get_item(
            service or who.bare, node, item)
        payload = answer["pubsub"]["items"]["item"]["payload"]
        return payload.text

    async def do_subscribe_node(self, who, service, node):
        answer = await self["xep_0060"].subscribe(service, node)
        return answer["pubsub"]["subscription"]["subscription"]

    def do_events(self, who):
        return " | ".join(self.events)


def main(kind=Counterpart):
    jid, password, port, ca = sys.argv[1:]
    logging.basicConfig(level=logging.INFO)
    client = kind(jid, password, ca)
    client.connect(("127.0.0.1", int(port)))
    client.process(forever=False)


if __name__ == "__main__":
    main()
