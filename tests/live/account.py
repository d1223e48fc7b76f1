#!/usr/bin/python3
"""account.py - counterpart.py with what surrounds an account: vCards, photos,
avatars.

usage: account.py JID PASSWORD PORT CA-FILE
"""

import hashlib
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import counterpart  # noqa: E402

PLUGINS = ("xep_0054", "xep_0084", "xep_0153")


class Account(counterpart.Counterpart):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        for plugin in PLUGINS:
            self.register_plugin(plugin)
        self.photos = {}   # hashes by bare address
        self.avatars = []  # ids, as they came
        self.add_event_handler("vcard_avatar_update", self.on_photo)
        self.add_event_handler("avatar_metadata_publish", self.on_avatar)

    def on_photo(self, presence):
        self.photos[presence["from"].bare] = \
            presence["vcard_temp_update"]["photo"]

    def on_avatar(self, message):
        items = message["pubsub_event"]["items"]
        for info in items["item"]["avatar_metadata"]["items"]:
            self.avatars.append("%s %s %s" % (info["id"], info["bytes"],
                                              info["type"]))

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
