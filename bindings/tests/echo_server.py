"""echo_server.py - a server of components (XEP-0114) that sends back each message, as fast
as it can, for the tests of Python and of Lua. As a program it prints its port."""

import asyncio


async def serve(reader, writer):
    await reader.readuntil(b">")
    await reader.readuntil(b">")
    writer.write(b"<stream:stream xmlns='jabber:component:accept' id='1' from='c.test' "
                 b"xmlns:stream='http://etherx.jabber.org/streams'>")
    await reader.readuntil(b"</handshake>")
    writer.write(b"<handshake/>")
    rest = b""
    while data := await reader.read(65536):
        whole, end, rest = (rest + data).rpartition(b">")  # a tag may come in two parts
        writer.write((whole + end).replace(b'to="', b'from="'))
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
