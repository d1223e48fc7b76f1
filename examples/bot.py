"""bot.py - a bot in Python that answers each message.

    python3 bot.py JID      the password is in the environment: LIBXMPP_PASSWORD"""

import asyncio
import os
import sys

from libxmpp import Client


async def main(jid):
    async with Client(jid, os.environ["LIBXMPP_PASSWORD"], reconnect=True) as c:
        async for message in c.messages():
            if message.body and message.type != "error":
                await c.send(message.from_, f"You said: {message.body}")

asyncio.run(main(sys.argv[1]))
