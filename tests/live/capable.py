#!/usr/bin/python3
"""capable.py - a client that nobody of this library wrote: aioxmpp, which knows
XEP-0390, as slixmpp does not.

usage: capable.py JID PASSWORD PORT

It says "ready" on standard output once it is available. Who sends it presence
gets its presence, and then a message "verified" with the nodes of all hashes
that it has found to fit their answers, or what went wrong.
"""

import asyncio
import logging
import sys
import warnings

warnings.simplefilter("ignore")
import aioxmpp  # noqa: E402
import aioxmpp.connector  # noqa: E402
import aioxmpp.disco  # noqa: E402
import aioxmpp.entitycaps  # noqa: E402

PATIENCE = 20  # seconds


def verified(caps):
    return sorted(key.node for key in caps.cache._memory_overlay)


async def report(client, caps, disco, who):
    try:
        await disco.query_info(who, timeout=PATIENCE)
        words = "verified %s" % " ".join(verified(caps))
    except Exception as error:  # what a test has to show
        logging.exception("capabilities of %s", who)
        words = "failed %r" % error
    message = aioxmpp.Message(to=who, type_=aioxmpp.MessageType.CHAT)
    message.body[None] = words
    await client.send(message)


async def main():
    jid, password, port = sys.argv[1:]
    jid = aioxmpp.JID.fromstr(jid)
    client = aioxmpp.PresenceManagedClient(
        jid, aioxmpp.make_security_layer(password, no_verify=True),
        override_peer=[("127.0.0.1", int(port),
                        aioxmpp.connector.STARTTLSConnector())])
    caps = client.summon(aioxmpp.entitycaps.EntityCapsService)
    disco = client.summon(aioxmpp.disco.DiscoClient)
    presence = client.summon(aioxmpp.PresenceClient)
    tasks = []

    def on_available(who, stanza):
        if who.bare() == jid.bare():
            return
        answer = aioxmpp.Presence(to=who)
        client.summon(aioxmpp.entitycaps.EntityCapsService)
        tasks.append(asyncio.ensure_future(client.send(answer)))
        tasks.append(asyncio.ensure_future(report(client, caps, disco, who)))

    presence.on_available.connect(on_available)
    async with client.connected():
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.new_event_loop().run_until_complete(main())
