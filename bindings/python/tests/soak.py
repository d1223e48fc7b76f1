"""soak.py - many messages: how many there are in a second, and what memory they leave.

usage: soak.py COUNT

Each is sent, comes back, and is read. With PORT and CAFILE in the environment they go from
one client to another through that server; else a component sends them, and a process of
its own sends them back."""

import asyncio
import os
import pathlib
import subprocess
import sys
import time

import libxmpp

IN_ONE_GO = 100  # as much is on its way as a program would have
SERVER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "echo_server.py"


def resident():
    """Octets of memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def converse(sender, receiver, to, count):
    """Returns the seconds that it took, and the memory after a tenth and at the end."""
    inbox, marks = receiver.messages(limit=count), []

    async def fill():
        for i in range(count):
            await sender.send(to, f"Good morrow, number {i}")
            if i % IN_ONE_GO == IN_ONE_GO - 1:
                await asyncio.sleep(0)
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        group.create_task(fill())
        for i in range(count):
            message = await anext(inbox)
            if message.body != f"Good morrow, number {i}":
                raise ValueError(f"number {i} is {message.body!r}")
            if i in (count // 10 - 1, count - 1):
                marks.append(resident())
    return time.monotonic() - began, *marks


async def through_a_server(count, port, ca):
    def client(name):
        return libxmpp.Client(f"{name}@localhost/soak{os.getpid()}", "secret", host="127.0.0.1",
                              port=port, cafile=ca)
    async with client("romeo") as sender, client("juliet") as receiver:
        return await converse(sender, receiver, receiver.jid, count)


async def there_and_back(count):
    with subprocess.Popen([sys.executable, SERVER], text=True,
                          stdout=subprocess.PIPE) as server:
        try:
            port = int(server.stdout.readline())
            async with libxmpp.Client("c.test", "secret", component=True,
                                      host="127.0.0.1", port=port) as c:
                return await converse(c, c, "a@c.test/b", count)
        finally:
            server.kill()


def main(count):
    count, port = int(count), os.environ.get("PORT")
    seconds, first, last = asyncio.run(
        through_a_server(count, port, os.environ["CAFILE"]) if port else
        there_and_back(count))
    print(f"{count} messages sent and received, {count / seconds:.0f} a second; "
          f"{first >> 10} KB after a tenth, {last >> 10} KB at the end")
    # What waits to be read is not the same at both times; of a million messages, even
    # the smallest object for each would be more.
    return last - first > 16 << 20


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
