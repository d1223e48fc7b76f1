#!/usr/bin/python3
"""moderator.py - counterpart.py with rooms: enters them, is invited, is kicked;
and what an account keeps about rooms.

usage: moderator.py JID PASSWORD PORT CA-FILE
"""

import asyncio
import pathlib
import sys
from xml.etree import ElementTree

from slixmpp.exceptions import PresenceError

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import counterpart  # noqa: E402

BOOKMARKS = "urn:xmpp:bookmarks:1"
MDS = "urn:xmpp:mds:displayed:0"
SID = "urn:xmpp:sid:0"


class Moderator(counterpart.Counterpart):
    def __init__(self, jid, password, ca):
        super().__init__(jid, password, ca)
        for plugin in ("xep_0045", "xep_0048", "xep_0049", "xep_0249"):
            self.register_plugin(plugin)
        self.notes = []  # what happened in rooms
        self["xep_0163"].add_interest(BOOKMARKS)
        self["xep_0163"].add_interest(MDS)
        self.add_event_handler("groupchat_direct_invite", self.on_direct)
        self.add_event_handler("groupchat_invite", self.on_mediated)
        self.add_event_handler("groupchat_decline", self.on_decline)
        self.add_event_handler("groupchat_presence", self.on_occupant)

    # ---- events ------------------------------------------------------

    def on_direct(self, message):
        invite = message["groupchat_invite"]
        self.notes.append("direct %s %s" % (invite["jid"], invite["reason"]))

    def on_mediated(self, message):
        invite = message["muc"]["invite"]
        self.notes.append("mediated %s %s" % (message["from"],
                                              invite["reason"]))

    def on_decline(self, message):
        self.notes.append("declined %s %s" % (
            message["muc"]["decline"]["from"],
            message["muc"]["decline"]["reason"]))

    def on_occupant(self, presence):
        if 110 not in presence["muc"]["status_codes"]:
            return
        self.notes.append("self %s %s %s" % (
            presence["type"], sorted(presence["muc"]["status_codes"]),
            presence["muc"]["item"]["reason"]))

    def on_publish(self, message):
        items = message["pubsub_event"]["items"]
        item = items["item"]
        text = ElementTree.tostring(item.xml, encoding="unicode")
        self.events.append("%s %s %s" % (items["node"], item["id"], text))

    def do_notes(self, who):
        return " | ".join(self.notes)

    # ---- rooms -------------------------------------------------------

    async def do_enter(self, who, room, nick):
        try:
            await self["xep_0045"].join_muc_wait(room, nick, timeout=5)
        except PresenceError as error:
            return "error " + error.condition
        except asyncio.TimeoutError:
            return "timeout"
        return "ok"

    def do_speak(self, who, room, *words):
        self.send_message(mto=room, mtype="groupchat", mbody=" ".join(words))
        return "ok"

    def do_voice(self, who, room):
        self["xep_0045"].request_voice(room, "participant")
        return "ok"

    def do_decline(self, who, room, *words):
        self["xep_0045"].decline(room, who.bare, " ".join(words))
        return "ok"

    def do_direct(self, who, room, *words):
        self["xep_0249"].send_invitation(who, room, reason=" ".join(words))
        return "ok"

    async def do_found(self, who, room, nick):
        """A room of its own, open to all."""
        await self["xep_0045"].join_muc_wait(room, nick, timeout=20)
        await self["xep_0045"].set_room_config(
            room, self["xep_0004"].make_form("submit"))
        return "ok"

    def do_mediated(self, who, room, *words):
        self["xep_0045"].invite(room, who.bare, " ".join(words))
        return "ok"

    # ---- what an account keeps ---------------------------------------

    async def do_bookmark(self, who, room, name):
        """As another client of that account does it (XEP-0402)."""
        conference = ElementTree.Element("{%s}conference" % BOOKMARKS,
                                         name=name)
        await self["xep_0060"].publish(self.boundjid.bare, BOOKMARKS, id=room,
                                       payload=conference)
        return "ok"

    async def do_old_bookmarks(self, who):
        """As they were kept before (XEP-0048 in XEP-0049)."""
        answer = await self["xep_0048"].get_bookmarks(method="xep_0049")
        return " ".join(sorted(
            "%s" % one["jid"] for one in
            answer["private"]["bookmarks"]["conferences"]))

    async def do_old_bookmark(self, who, room, name):
        storage = self["xep_0048"].stanza.Bookmarks()
        storage.add_conference(room, "me", name=name)
        await self["xep_0048"].set_bookmarks(storage, method="xep_0049")
        return "ok"

    async def do_display(self, who, chat, message):
        displayed = ElementTree.Element("{%s}displayed" % MDS)
        ElementTree.SubElement(displayed, "{%s}stanza-id" % SID, id=message,
                               by=self.boundjid.bare)
        await self["xep_0060"].publish(self.boundjid.bare, MDS, id=chat,
                                       payload=displayed)
        return "ok"


if __name__ == "__main__":
    counterpart.main(Moderator)
