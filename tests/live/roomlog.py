#!/usr/bin/python3
"""roomlog.py - two who talk in a room, and xmpp-logger behind a proxy that cuts
its connections, killed again and again: its file must have each message once and
in order.

usage: roomlog.py LOGGER PORT CA-FILE DIRECTORY HOST ROOM MESSAGES KILLS [SEED]

The accounts are romeo, juliet and benvolio at the host, with the password
"secret". TAP on standard output."""

import asyncio
import os
import random
import signal
import sys
import time

import slixmpp

PATIENCE = 90  # seconds, only to end a test that hangs
BYTES = 4000, 12000, 20000, 40000  # that a connection forwards at most
MORE, LAST = "there is more", "that is all"


class Speaker(slixmpp.ClientXMPP):
    def __init__(self, name, host, room, ca):
        super().__init__("%s@%s/speaker" % (name, host), "secret",
                         sasl_mech="PLAIN")
        self.room = room
        self.ca_certs = ca
        self.ssl_context.load_verify_locations(ca)
        self.register_plugin("xep_0045")
        self.is_in = asyncio.Event()
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("muc::%s::got_online" % room,
                               lambda _: self.is_in.set())

    def on_start(self, _):
        self["xep_0045"].join_muc(self.room, self.boundjid.user)

    def say(self, text):
        self.send_message(self.room, text, mtype="groupchat")


class Proxy:
    """Forwards, and cuts each connection after a random number of bytes."""

    def __init__(self, port):
        self.port, self.cuts, self.is_resting = port, 0, True

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def pump(self, source, sink, budget):
        while data := await source.read(4096):
            if not self.is_resting:
                budget[0] -= len(data)
            if budget[0] < 0:
                self.cuts += 1
                return
            sink.write(data)
            await sink.drain()

    async def serve(self, reader, writer):
        near, far = await asyncio.open_connection("127.0.0.1", self.port)
        budget = [random.randrange(random.choice(BYTES))]
        tasks = [asyncio.ensure_future(self.pump(*ends, budget))
                 for ends in ((reader, far), (near, writer))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        writer.transport.abort()
        far.transport.abort()


class Logger:
    def __init__(self, program, port, ca, folder, host, room):
        self.path = os.path.join(folder, "room.log")
        self.printed = os.path.join(folder, "logger.err")
        self.errors = open(self.printed, "ab")
        self.command = [
            program, "--server", "127.0.0.1:%d" % port, "--ca-file", ca,
            "--store", os.path.join(folder, "store"), "--reconnect",
            "benvolio@%s/log" % host, room, self.path]
        self.killed_at = []  # each time, how many lines were in the file
        self.ends = 0        # how often it ended by itself

    async def start(self):
        self.process = await asyncio.create_subprocess_exec(
            *self.command, stdout=self.errors, stderr=self.errors)

    def is_ready(self):
        with open(self.printed, "rb") as file:
            return b"ready" in file.read()

    async def kill(self):
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        if await self.process.wait() == -signal.SIGKILL:
            self.killed_at.append(len(self.lines()))
        else:
            self.ends += 1

    def lines(self):
        try:
            with open(self.path, encoding="utf-8") as file:
                return [line.rstrip("\n").split("\t") for line in file]
        except FileNotFoundError:
            return []


async def wait_for(condition):
    end = asyncio.get_running_loop().time() + PATIENCE
    while not condition() and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.1)
    return condition()


async def talk(speakers, count):
    for number in range(count):
        for speaker in speakers:
            speaker.say("%s %d" % (speaker.boundjid.user, number))
        await asyncio.sleep(random.uniform(0, 0.15))


async def torment(logger, kills):
    for _ in range(kills):
        await asyncio.sleep(random.uniform(1, 3))
        await logger.kill()
        await logger.start()


def leave_out_doubled(logger):
    """The lines without those for which a kill is to blame: it came between a
    line and the note of it in the store, so the same line is the first one that
    is written after it. And how many these are."""
    lines = logger.lines()
    doubled = {place for place in logger.killed_at
               if 0 < place < len(lines) and lines[place] == lines[place - 1]}
    return [line for place, line in enumerate(lines)
            if place not in doubled], len(doubled)


def judge(logger, proxy, names, count):
    lines, twice = leave_out_doubled(logger)
    lines = [line for line in lines if line[-1] not in (MORE, LAST)]
    print("# %d lines, %d twice; %d cuts, %d kills" % (
        len(lines), twice, proxy.cuts, len(logger.killed_at)))
    yield proxy.cuts > 0, "connections were cut"
    yield logger.ends == 0, "it never ended by itself"
    yield all(len(line) == 3 for line in lines), "each line has three fields"
    yield not [line for line in lines if not line[1]], "no gap"
    for name in names:
        said = [line[2] for line in lines if line[1] == name]
        yield (said == ["%s %d" % (name, i) for i in range(count)],
               name + ": each once but for kills, in order")


async def until_cut(proxy, speakers):
    """On a slow machine the kills may have come before each cut."""
    end = time.monotonic() + PATIENCE
    while not proxy.cuts and time.monotonic() < end:
        speakers[0].say(MORE)
        await asyncio.sleep(0.1)


async def play(program, port, ca, folder, host, room, count, kills):
    names = ["romeo", "juliet"]
    speakers = [Speaker(name, host, room, ca) for name in names]
    for speaker in speakers:
        speaker.connect(("127.0.0.1", port))
        await asyncio.wait_for(speaker.is_in.wait(), PATIENCE)
    proxy = Proxy(port)
    logger = Logger(program, await proxy.start(), ca, folder, host, room)
    await logger.start()  # what was before it is in the room is no matter
    ready = await wait_for(logger.is_ready)
    proxy.is_resting = False
    await asyncio.gather(talk(speakers, count), torment(logger, kills))
    await until_cut(proxy, speakers)
    proxy.is_resting = True
    for speaker in speakers:
        speaker.say(LAST)
    ended = await wait_for(lambda: {line[1] for line in logger.lines()
                                    if line[-1] == LAST} == set(names))
    await logger.kill()
    results = [(ready, "it is in the room"), (ended, "the last line is there"),
               *judge(logger, proxy, names, count)]
    for i, (is_fine, what) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if is_fine else "not ok", i, what))
    print("1..%d" % len(results))
    sys.stdout.flush()
    os._exit(not all(is_fine for is_fine, _ in results))


def main():
    program, port, ca, folder, host, room, count, kills, *seed = sys.argv[1:]
    seed = int(seed[0]) if seed else int(time.time())
    print("# seed %d" % seed)
    random.seed(seed)
    asyncio.get_event_loop().run_until_complete(
        play(program, int(port), ca, folder, host, room, int(count),
             int(kills)))


if __name__ == "__main__":
    main()
