"""libxmpp - XMPP for asyncio, by the C library of the same name.

    async with Client("bot@example.org", password) as c:
        async for message in c.messages():
            if message.body and message.type != "error":
                await c.send(message.from_, message.body)

Each extension is an attribute of the client, with its functions as methods:
`await c.disco.get_info("example.org")`. The structs are in libxmpp.structs.
libxmpp.sync.Client is the same for scripts without asyncio."""

from .by_hand import Command, Stage, Uri
from .client import Client, Event, Stream, Watch
from .errors import (BadArgument, ConnectionFailed, NoAnswer, NotAllowed, NotConnected,
                     OutOfMemory, StanzaError, XmppError)
from .jid import JID, JIDError
from .stanza import Stanza
from .store import MemoryStore, Store
from .structs import *  # noqa: F401,F403

__version__ = "0.1.0"
