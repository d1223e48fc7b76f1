#!/usr/bin/python3
"""account.py - counterpart.py with what surrounds an account: vCards, photos,
avatars.

usage: account.py JID PASSWORD PORT CA-FILE
"""

import hashlib
import pathlib
import sys
from xml.etree import ElementTree

from slixmpp.plugins.xep_0009.binding import py2xml, xml2py
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import counterpart  # noqa: E402

PLUGINS = ("xep_0009", "xep_0054", "xep_0080", "xep_0084", "xep_0107", "xep_0108",
           "xep_0118", "xep_0153")


class Account(counterpart.Counterpart):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        for plugin in PLUGINS:
            self.register_plugin(plugin)
        self["xep_0163"].add_interest("urn:xmpp:microblog:0")
        self.photos = {}   # hashes by bare address
        self.avatars = []  # ids, as they came
        self.add_event_handler("vcard_avatar_update", self.on_photo)
        self.add_event_handler("avatar_metadata_publish", self.on_avatar)
        self.known = {}  # the last of each kind, as texts
        for kind in ("location", "mood", "activity", "tune"):
            self.add_event_handler("user_%s_publish" % kind, self.on_published)

    def on_photo(self, presence):
        self.photos[presence["from"].bare] = \
            presence["vcard_temp_update"]["photo"]

    def on_avatar(self, message):
        items = message["pubsub_event"]["items"]
        for info in items["item"]["avatar_metadata"]["items"]:
            self.avatars.append("%s %s %s" % (info["id"], info["bytes"],
                                              info["type"]))

        self.json = []  # as it came
        self.register_handler(Callback("json", MatchXPath(
            "{jabber:client}message/{urn:xmpp:json-msg:0}payload"),
            self.on_json))
        self.add_event_handler("jabber_rpc_method_call", self.on_call)
        # without a handler the plugin answers with an error, and fails to
        self.add_event_handler("jabber_rpc_method_response", lambda _: None)

    # ---- machines ----------------------------------------------------

    def on_json(self, message):
        json = message.xml.find("{urn:xmpp:json-msg:0}payload/"
                                "{urn:xmpp:json:0}json")
        self.json.append(json.text)

    def do_json(self, who):
        return " | ".join(self.json)

    def do_send_json(self, who, datatype, text):
        message = self.make_message(mto=who)
        payload = ElementTree.SubElement(
            message.xml, "{urn:xmpp:json-msg:0}payload", datatype=datatype)
        ElementTree.SubElement(payload, "{urn:xmpp:json:0}json").text = text
        message.send()
        return "ok"

    def on_call(self, iq):
        call = iq["rpc_query"]["method_call"]
        total = sum(xml2py(call["params"]))
        self["xep_0009"].make_iq_method_response(
            iq["id"], iq["from"], py2xml(total)).send()

    async def do_add(self, who, *numbers):
        iq = self["xep_0009"].make_iq_method_call(
            who, "add", py2xml(*(int(n) for n in numbers)))
        answer = await iq.send()
        return "%s" % xml2py(answer["rpc_query"]["method_response"]["params"])

    async def do_post(self, who, title):
        entry = ElementTree.Element("{http://www.w3.org/2005/Atom}entry")
        for name, text in (("title", title), ("id", "tag:1"),
                           ("updated", "2008-05-08T18:31:02Z")):
            ElementTree.SubElement(
                entry, "{http://www.w3.org/2005/Atom}" + name).text = text
        await self["xep_0060"].publish(self.boundjid.bare,
                                       "urn:xmpp:microblog:0", id=title,
                                       payload=entry)
        return "ok"

    # ---- people ------------------------------------------------------

    def on_published(self, message):
        item = message["pubsub_event"]["items"]["item"]
        location, mood = item["geoloc"], item["mood"]
        activity, tune = item["activity"], item["tune"]
        for text in (location["locality"], mood["value"], tune["title"],
                     " ".join(word for word in activity["value"] or ()
                              if word)):
            if text:
                self.known[text] = True

    def do_known(self, who):
        return " | ".join(sorted(self.known))

    async def do_tell(self, who):
        await self["xep_0080"].publish_location(locality="Verona")
        await self["xep_0107"].publish_mood("happy", "What light!")
        await self["xep_0108"].publish_activity("relaxing", "partying")
        await self["xep_0118"].publish_tune(title="Pavane", length=240)
        return "ok"

    async def do_vcard(self, who):
        answer = await self["xep_0054"].get_vcard(who.bare, cached=False)
        vcard = answer["vcard_temp"]
        return "%s %s" % (vcard["FN"], len(vcard["PHOTO"]["BINVAL"] or b""))

    async def do_set_vcard(self, who, name):
        vcard = self["xep_0054"].make_vcard()
        vcard["FN"] = name
        await self["xep_0054"].publish_vcard(vcard)
        return "ok"

    def do_photo(self, who):
        return "%s" % self.photos.get(who.bare)

    async def do_set_photo(self, who, text):
        await self["xep_0153"].set_avatar(avatar=text.encode(),
                                          mtype="image/png")
        return "ok"

    def do_avatars(self, who):
        return " | ".join(self.avatars)

    async def do_avatar(self, who, item):
        answer = await self["xep_0084"].retrieve_avatar(who.bare, item)
        data = answer["pubsub"]["items"]["item"]["avatar_data"]["value"]
        return data.decode()

    async def do_set_avatar(self, who, text):
        data = text.encode()
        await self["xep_0084"].publish_avatar(data)
        await self["xep_0084"].publish_avatar_metadata({
            "id": hashlib.sha1(data).hexdigest(), "type": "image/png",
            "bytes": len(data)})
        return "ok"


if __name__ == "__main__":
    counterpart.main(Account)
