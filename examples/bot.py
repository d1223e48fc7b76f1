"""bot.py - a bot in Python that answers each message.

    python3 bot.py JID [SETTING=VALUE ...]      such as host=127.0.0.1"""

import asyncio
import getpass
import os
import sys
from typing import Any

from libxmpp import Client


async def main(jid: str, *settings: str) -> None:
    password = os.environ.get("LIBXMPP_PASSWORD") or getpass.getpass()
    more: dict[str, Any] = dict(one.split("=", 1) for one in settings)
    async with Client(jid, password, reconnect=True, **more) as c:
        print(f"ready as {c.jid}", flush=True)
        async for message in c.messages():
            if message.body and message.from_ and message.type != "error":
                await c.send(message.from_, f"You said: {message.body}")

try:
    asyncio.run(main(*sys.argv[1:]))
except KeyboardInterrupt:
    print("bye")
