#!/usr/bin/python3
"""archive.py - counterpart.py with an archive, and with a list of whom it blocks.

usage: archive.py JID PASSWORD PORT CA-FILE
"""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import counterpart  # noqa: E402

counterpart.PLUGINS += ("xep_0191", "xep_0313")


class Archive(counterpart.Counterpart):
    async def do_archive(self, who):
        """How many numbered messages there are, with the first and the last."""
        texts = []
        async for result in self["xep_0313"].iterate(
                with_jid=who.bare, rsm={"max": 250}):
            body = result["mam_result"]["forwarded"]["stanza"]["body"]
            if body.startswith("m "):
                texts.append(body)
        return "%d %s %s" % (len(texts), texts[0], texts[-1])

    def do_latest(self, who):
        return self.received[-1]

    async def do_block(self, who, jid):
        await self["xep_0191"].block(jid)
        return "ok"

    async def do_blocked(self, who):
        answer = await self["xep_0191"].get_blocked()
        return " ".join(sorted("%s" % jid
                               for jid in answer["blocklist"]["items"]))


if __name__ == "__main__":
    counterpart.main(Archive)
