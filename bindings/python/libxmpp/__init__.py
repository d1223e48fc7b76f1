"""libxmpp - XMPP for asyncio, by the C library of the same name.

    async with Client("bot@example.org", password) as c:
        async for message in c.messages():
            if message.body and message.type != "error":
                await c.send(message.from_, message.body)

Each extension is an attribute of the client, with its functions as methods:
`await c.disco.get_info("example.org")`. The structs are in libxmpp.structs.
libxmpp.sync.Client is the same for scripts without asyncio."""

# "as" makes them public for type checkers.
from .by_hand import Command as Command, Stage as Stage, Uri as Uri
from .client import (Client as Client, Event as Event, Stream as Stream, Watch as Watch)
from .errors import (BadArgument as BadArgument, ConnectionFailed as ConnectionFailed,
                     NoAnswer as NoAnswer, NotAllowed as NotAllowed,
                     NotConnected as NotConnected, OutOfMemory as OutOfMemory,
                     StanzaError as StanzaError, XmppError as XmppError)
from .jid import JID as JID, JIDError as JIDError
from .stanza import Stanza as Stanza
from .store import MemoryStore as MemoryStore, Store as Store
from .structs import *  # noqa: F401,F403

__version__ = "0.1.0"
