#!/usr/bin/python3
"""roomlog.py - two who talk in a room, and xmpp-logger behind a proxy that cuts
its connections, killed again and again: its file must have each message once and
in order.

usage: roomlog.py LOGGER PORT CA-FILE DIRECTORY MESSAGES KILLS

The accounts are romeo, juliet and benvolio at localhost, with the password
"secret"; the room is street@rooms.localhost. TAP on standard output."""

import asyncio
import os
import random
import signal
import sys

import slixmpp

ROOM = "street@rooms.localhost"
PATIENCE = 30  # seconds, only to end a test that hangs


class Speaker(slixmpp.ClientXMPP):
    def __init__(self, name, ca):
        super().__init__(name + "@localhost/speaker", "secret",
                         sasl_mech="PLAIN")
        self.ca_certs = ca
        self.ssl_context.load_verify_locations(ca)
        self.register_plugin("xep_0045")
        self.is_in = asyncio.Event()
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("muc::%s::got_online" % ROOM,
                               lambda _: self.is_in.set())

    def on_start(self, _):
        self["xep_0045"].join_muc(ROOM, self.boundjid.user)

    def say(self, text):
        self.send_message(ROOM, text, mtype="groupchat")


class Proxy:
    """Forwards, and cuts each connection after a random time."""

    def __init__(self, port):
        self.port, self.cuts, self.is_resting = port, 0, False

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def pump(self, source, sink):
        while data := await source.read(4096):
            sink.write(data)
            await sink.drain()

    async def cut(self):
        await asyncio.sleep(random.uniform(0.2, 1))
        while self.is_resting:
            await asyncio.sleep(0.1)
        self.cuts += 1

    async def serve(self, reader, writer):
        near, far = await asyncio.open_connection("127.0.0.1", self.port)
        tasks = [asyncio.ensure_future(one) for one in (
            self.pump(reader, far), self.pump(near, writer), self.cut())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        writer.transport.abort()
        far.transport.abort()


class Logger:
    def __init__(self, program, port, ca, folder):
        self.path = os.path.join(folder, "room.log")
        self.printed = os.path.join(folder, "logger.err")
        self.errors = open(self.printed, "ab")
        self.command = [
            program, "--server", "127.0.0.1:%d" % port, "--ca-file", ca,
            "--store", os.path.join(folder, "store"), "--reconnect",
            "benvolio@localhost/log", ROOM, self.path]
        self.kills = 0

    async def start(self):
        self.process = await asyncio.create_subprocess_exec(
            *self.command, stdout=self.errors, stderr=self.errors)

    def is_ready(self):
        with open(self.printed, "rb") as file:
            return b"ready" in file.read()

    async def kill(self):
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            self.kills += 1
        await self.process.wait()

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


def judge(logger, names, count):
    """A line may be there twice in a row for each kill, between the line and the
    note of it in the store."""
    lines, twice = [], 0
    for line in logger.lines():
        if lines and line == lines[-1]:
            twice += 1
        else:
            lines.append(line)
    print("# %d lines, %d twice" % (len(lines), twice))
    yield all(len(line) == 3 for line in lines), "each line has three fields"
    yield not [line for line in lines if not line[1]], "no gap"
    yield twice <= logger.kills, "none twice but for kills"
    for name in names:
        said = [line[2] for line in lines if line[1] == name]
        yield (said == ["%s %d" % (name, i) for i in range(count)],
               name + ": each once, in order")


async def play(program, port, ca, folder, count, kills):
    speakers = [Speaker(name, ca) for name in ("romeo", "juliet")]
    for speaker in speakers:
        speaker.connect(("127.0.0.1", port))
        await asyncio.wait_for(speaker.is_in.wait(), PATIENCE)
    proxy = Proxy(port)
    logger = Logger(program, await proxy.start(), ca, folder)
    proxy.is_resting = True  # what was before it is in the room is no matter
    await logger.start()
    ready = await wait_for(logger.is_ready)
    proxy.is_resting = False
    await asyncio.gather(talk(speakers, count), torment(logger, kills))
    proxy.is_resting = True
    for speaker in speakers:
        speaker.say("that is all")
    if logger.process.returncode is not None:
        await logger.start()
    ended = await wait_for(lambda: sum(
        line[-1] == "that is all" for line in logger.lines()) >= 2)
    results = [(ready, "it is in the room"), (ended, "the last line is there")]
    await logger.kill()
    names = ["romeo", "juliet"]
    with open(logger.path, encoding="utf-8") as file:
        text = file.read()
    with open(logger.path, "w", encoding="utf-8") as file:
        file.writelines(line for line in text.splitlines(True)
                        if not line.endswith("that is all\n"))
    results += judge(logger, names, count)
    print("# %d cuts, %d kills" % (proxy.cuts, logger.kills))
    for i, (is_fine, what) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if is_fine else "not ok", i, what))
    print("1..%d" % len(results))
    sys.stdout.flush()
    os._exit(not all(is_fine for is_fine, _ in results))


def main():
    program, port, ca, folder, count, kills = sys.argv[1:]
    asyncio.get_event_loop().run_until_complete(
        play(program, int(port), ca, folder, int(count), int(kills)))


if __name__ == "__main__":
    main()
