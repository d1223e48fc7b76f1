"""inn.py - a server for a crowd: it lets anonymous clients in, by hundreds in a
second, without TLS, and keeps no more of them than their connections.

usage: inn.py PORT        until it is killed"""

import asyncio
import resource
import sys

HEADER = (b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
          b"xmlns:stream='http://etherx.jabber.org/streams' id='i' "
          b"from='example.org' version='1.0'>")
# What a login says last, and what it is answered.
ANSWERS = (
    (b"'1.0'>", b'"1.0">', HEADER + b"<stream:features><mechanisms "
     b"xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS"
     b"</mechanism></mechanisms></stream:features>"),
    (b"/>", b"</auth>", b"<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
    (b"'1.0'>", b'"1.0">', HEADER + b"<stream:features><bind "
     b"xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"),
    (b"</iq>", b"</iq>", b"<iq type='result' id='bind'><bind "
     b"xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>guest@example.org/r</jid>"
     b"</bind></iq>"),
)


class Guest(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.said, self.heard = transport, 0, b""

    def data_received(self, data):
        if self.said == len(ANSWERS):
            if b"</stream:stream>" in data:
                self.transport.write(b"</stream:stream>")
                self.transport.close()
            return
        self.heard += data
        one, other, answer = ANSWERS[self.said]
        if self.heard.rstrip().endswith((one, other)):
            self.heard = b""
            self.said += 1
            self.transport.write(answer)


async def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Guest, "127.0.0.1", int(sys.argv[1]),
                                      backlog=20000, reuse_address=True)
    print("open", flush=True)
    await server.serve_forever()


asyncio.run(main())
