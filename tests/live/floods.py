#!/usr/bin/env python3
"""floods.py - a server that sends without end; what that costs a client.

usage: floods.py FOLDER NAME PROGRAM [ARGUMENT...]    with good.crt, good.key in it
       floods.py FOLDER list

Runs the program against each flood; PORT in its arguments is replaced. TAP on
stdout: the client either goes on or ends with a reason, as is written beside
each flood, and its memory grew by no more than MEMORY above what it needed
when it was logged in, or by HELD where it cannot be told to stop. CPU is bounded only as generously as a loaded machine
demands. NAME is put before each result.
"""
import os
import re
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import liar

MEMORY = 16 << 20
HELD = 128 << 20  # see PRESSURE_HELD_MOST, and a buffer is as large again at most
PATIENCE = 60   # seconds, for anything
CPU = 30        # seconds; each takes less than one on an idle machine
STUCK = 1.5     # a client that takes nothing for so long has stopped to read
MIB = 1 << 20
SM = "urn:xmpp:sm:3"


class Flood(liar.Talk):
    """One conversation; the fault is the name of a flood."""

    def __init__(self, sock, flood, folder):
        super().__init__(sock, "none", folder)
        self.flood = flood
        self.where = flood.where

    def tls(self):
        if self.where == "features":
            self.say("<stream:features>")
            self.rush()
        super().tls()

    def scram(self):
        if self.where == "challenge":
            self.await_(rb"</auth>")
            self.rush()
        super().scram()

    def sasl_features(self, *names):
        if self.where == "mechanisms":
            self.say(f"<stream:features><mechanisms xmlns='{liar.SASL}'>")
            self.rush()
        super().sasl_features(*names)

    def features(self, inside):
        if "xmpp-bind" in inside and self.where == "sm":
            inside += f"<sm xmlns='{SM}'/>"
        super().features(inside)

    def roster(self):
        """Logged in: now."""
        if self.where == "sm":
            self.await_(rb"<enable[^>]*>")
            self.say(f"<enabled xmlns='{SM}'/>")
        self.await_(rb"<presence")
        self.stanzas = 1
        self.rush()
        if self.flood.goes_on:
            self.probe()

    def rush(self):
        self.sock.setblocking(False)
        for piece in self.flood.pieces():
            if not self.push(piece):
                break
        if not self.flood.goes_on:
            self.wait_for_end()

    def push(self, piece):
        """False if the client stopped to read."""
        deadline = time.monotonic() + PATIENCE
        since = time.monotonic()
        while piece:
            if self.flood.reads:
                self.drain()
            try:
                piece = piece[self.sock.send(piece):]
                since = time.monotonic()
                continue
            except (BlockingIOError, ssl.SSLWantWriteError,
                    ssl.SSLWantReadError):
                pass
            if not self.flood.reads and time.monotonic() - since > STUCK:
                self.rest = piece
                return False
            if time.monotonic() > deadline:
                raise liar.Gone
            select.select([self.sock] if self.flood.reads else [],
                          [self.sock], [], 0.2)
        return True

    rest = tail = b""
    stanzas = 0

    def drain(self):
        try:
            while True:
                more = self.sock.recv(65536)
                if not more:
                    raise liar.Gone
                self.count(more)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass

    def count(self, more):
        """The stanzas that it said, for an acknowledgement."""
        more = self.tail + more
        self.stanzas += len(re.findall(rb"<(?:message|presence|iq)[ >]", more))
        self.tail = more[more.rfind(b"<"):] if b"<" in more[-12:] else b""

    def wait_for_end(self):
        self.sock.settimeout(PATIENCE)
        while self.sock.recv(65536):
            pass
        raise liar.Gone

    def settle(self):
        """Acknowledge all, when it has said all."""
        while select.select([self.sock], [], [], STUCK)[0]:
            self.drain()
        self.push(f"<a xmlns='{SM}' h='{self.stanzas}'/>".encode())

    def probe(self):
        """It still hears, and answers."""
        self.flood.reads = True
        self.push(self.rest)
        if self.where == "sm":
            self.settle()
        self.push(b"<message from='you@liar.test/r' type='chat'>"
                  b"<body>the probe</body></message>")
        self.sock.settimeout(PATIENCE)
        tail = b""
        while b"the probe" not in tail:
            more = self.sock.recv(65536)
            if not more:
                raise liar.Gone
            tail = tail[-20:] + more
        self.flood.answered = True
        self.say("</stream:stream>")
        self.wait_for_end()


# ---- floods -----------------------------------------------------------------

def times(n, *pieces):
    def make():
        for _ in range(n):
            yield from pieces
    return make


def counted(n, pattern, before=b"", many=100):
    def make():
        yield before
        for i in range(0, n, many):
            yield b"".join(pattern.replace(b"%", b"%d" % k)
                           for k in range(i, i + many))
    return make


def one_by_one(before, piece, n, behind):
    """Each byte in a record of its own."""
    def make():
        yield before
        for _ in range(n):
            yield piece
        yield behind
    return make


class Shape:
    """`end` is what the client says about its end; None: it goes on. `holds`:
    a program that cannot be told that its queue is full has all of it in it."""

    def __init__(self, pieces, end=None, where="up", reads=True, holds=False):
        self.pieces, self.end, self.where = pieces, end, where
        self.holds = holds
        self.reads, self.goes_on, self.answered = reads, end is None, False


LIMIT = "xml: a limit was exceeded"
PING = b"<iq type='get' id='%' from='liar.test'><ping xmlns='urn:xmpp:ping'/></iq>"
ASKED = b"<message from='you@liar.test/r'><body>" + b"x" * 400 + b"</body></message>"
X = b"x" * 10000

FLOODS = {
    # lawful, and no reason to end
    "whitespace": lambda: Shape(times(3200, b" \n" * 5000)),
    "presences": lambda: Shape(counted(200000, b"<presence from='a%@liar.test'/>")),
    "names": lambda: Shape(counted(100000, b"<message><n%/></message>")),
    "namespaces": lambda: Shape(counted(
        1500, b"<message><a xmlns='urn:" + X * 2 + b"%'/></message>", many=1)),
    "pings": lambda: Shape(counted(50000, PING)),
    "pings-unread": lambda: Shape(counted(400000, PING), reads=False),
    "asked-unread": lambda: Shape(counted(100000, ASKED), reads=False),
    "r-without-sm": lambda: Shape(times(2000, b"<r xmlns='urn:xmpp:sm:3'/>" * 100)),
    "r": lambda: Shape(times(2000, b"<r xmlns='urn:xmpp:sm:3'/>" * 100), where="sm"),
    "r-unread": lambda: Shape(
        times(9000, b"<r xmlns='urn:xmpp:sm:3'/>" * 100), where="sm", reads=False),
    "unacked": lambda: Shape(counted(100000, ASKED), where="sm", holds=True),
    "unacked-small": lambda: Shape(counted(
        150000, b"<message from='a@liar.test'><body>x</body></message>"), where="sm",
        holds=True),
    "almost-too-deep": lambda: Shape(times(
        2000, b"<message>" + b"<a>" * 99 + b"</a>" * 99 + b"</message>")),
    "skipped": lambda: Shape(times(
        3000, b"<message from='m@evil'>" + b"<a b='>'>" * 500 + b"</a>" * 500 +
        b"</message><message" + b"".join(b" a%d=''" % i for i in range(600)) +
        b"/>")),
    "tag-bytes": lambda: Shape(one_by_one(
        b"<message a='", b"x", 263000, b"'/>")),
    "gt-bytes": lambda: Shape(one_by_one(
        b"<message a='", b">", 263000, b"'/>")),
    # without an end
    "text": lambda: Shape(times(4000, X), "xml: .*text between stanzas"),
    "body": lambda: Shape(
        lambda: [b"<message><body>", *times(4000, X)()], LIMIT),
    "references": lambda: Shape(
        lambda: [b"<message><body>", *times(8000, b"&lt;" * 1000)()], LIMIT),
    "cdata": lambda: Shape(
        lambda: [b"<message><body><![CDATA[", *times(4000, X)()], LIMIT),
    "children": lambda: Shape(
        lambda: [b"<message>", *times(8000, b"<a/>" * 1000)()], LIMIT),
    "mixed": lambda: Shape(
        lambda: [b"<message>", *times(4000, b"<a/>b" * 1000)()], LIMIT),
    "children-names": lambda: Shape(counted(3000000, b"<n%/>", b"<message>"), LIMIT),
    "children-attributes": lambda: Shape(
        lambda: [b"<message>", *times(4000, b"<a b='' c='' d='' e=''/>" * 300)()],
        LIMIT),
    "children-namespaces": lambda: Shape(
        counted(1000000, b"<a xmlns='u:%'/>", b"<message>"), LIMIT),
    "depth": lambda: Shape(
        lambda: [b"<message>", *times(6000, b"<a>" * 1000)()], LIMIT),
    "depth-other": lambda: Shape(times(10, b"<a>" * 1000), LIMIT),
    "attributes": lambda: Shape(counted(3000000, b" a%=''", b"<message"), LIMIT),
    "declarations": lambda: Shape(
        counted(2000000, b" xmlns:a%='u:%'", b"<message"), LIMIT),
    "attribute": lambda: Shape(
        lambda: [b"<message a='", *times(4000, X)()], LIMIT),
    "name": lambda: Shape(lambda: [b"<", *times(4000, X)()], "xml: "),
    "tag": lambda: Shape(lambda: [b"<message", *times(4000, b" " * 9999)()], LIMIT),
    "end-tag": lambda: Shape(
        lambda: [b"<message></message", *times(4000, b" " * 9999)()], LIMIT),
    "comment": lambda: Shape(
        lambda: [b"<message><!-- ", *times(4000, X)()], "xml: "),
    "instruction": lambda: Shape(
        lambda: [b"<message><?php ", *times(4000, X)()], "xml: "),
    "body-bytes": lambda: Shape(
        times(1500, *(b"%c" % c for c in b"<message/> "))),
    # before anybody is proven
    "features": lambda: Shape(times(4000, b"<x xmlns='u:x'/>" * 100), LIMIT,
                              where="features"),
    "features-text": lambda: Shape(times(4000, X), LIMIT, where="features"),
    "mechanisms": lambda: Shape(
        counted(1000000, b"<mechanism>X-%</mechanism>"), LIMIT, where="mechanisms"),
    "challenges": lambda: Shape(
        times(10000, b"<challenge xmlns='%s'>cj1h</challenge>" % liar.SASL.encode()),
        "sasl: ", where="challenge"),
    "challenge": lambda: Shape(
        lambda: [b"<challenge xmlns='%s'>" % liar.SASL.encode(), *times(4000, X)()],
        LIMIT, where="challenge"),
}


# ---- the client -------------------------------------------------------------

def peak(pid):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) << 10


class Run:
    def __init__(self, folder, name, command):
        self.flood = FLOODS[name]()
        self.idle = self.most = 0
        self.error = None
        sock = socket.create_server(("127.0.0.1", 0))
        port = str(sock.getsockname()[1])
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [a.replace("PORT", port) for a in command],
            stdout=subprocess.DEVNULL, stderr=self.log)
        sock.settimeout(PATIENCE)
        self.serve(sock, folder)

    def serve(self, sock, folder):
        one, _ = sock.accept()
        sock.close()
        one.settimeout(PATIENCE)
        talk = Flood(one, self.flood, folder)
        rush = talk.rush

        def measured():
            time.sleep(0.05)
            with open(f"/proc/{self.process.pid}/clear_refs", "w") as f:
                f.write("5")
            self.idle = peak(self.process.pid)
            rush()

        talk.rush = measured
        watcher = threading.Thread(target=self.watch)
        watcher.start()
        try:
            talk.run()
        except (liar.Gone, OSError, ssl.SSLError) as e:
            self.error = e
        talk.sock.close()
        watcher.join(PATIENCE)
        if watcher.is_alive():
            self.process.kill()
            watcher.join()
        self.log.seek(0)
        self.said = self.log.read().decode(errors="replace")

    def watch(self):
        """Its peak cannot be asked for when it is gone."""
        while True:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            try:
                self.most = peak(self.process.pid)
            except (OSError, AttributeError):
                pass
            time.sleep(0.01)
        self.code = os.waitstatus_to_exitcode(status)
        self.process.returncode = self.code
        self.cpu = usage.ru_utime + usage.ru_stime

    def wrong(self, sanitized, name):
        grown = self.most - self.idle
        most = HELD if self.flood.holds and name == "bot" else MEMORY
        if self.flood.goes_on and not self.flood.answered:
            return f"it does not go on: {self.error!r}"
        if self.flood.end and not re.search(self.flood.end, self.said):
            return f"no word of {self.flood.end}"
        if self.code < 0 or self.code > 4:
            return f"it ended with {self.code}"
        if not self.idle:
            return "it never came so far"
        if grown > most and not sanitized:
            return f"it took {grown >> 10} KiB"
        if self.cpu > CPU:
            return "it took too long"
        return None


def main():
    folder, name, *command = sys.argv[1:]
    if name == "list":
        print("\n".join(FLOODS))
        return
    only = os.environ.get("FLOODS", "").split() or FLOODS
    program = open(command[0], "rb").read()
    sanitized = b"__asan_init" in program
    for i, flood in enumerate(only):
        run = Run(folder, flood, command)
        wrong = run.wrong(sanitized, name)
        print(f"{'not ' if wrong else ''}ok {i + 1} - {name}: {flood}")
        print(f"# {(run.most - run.idle) >> 10} KiB, {run.cpu:.2f} s")
        if wrong:
            print(f"# {wrong}\n# {run.said[-500:]!r}")
        sys.stdout.flush()
    print(f"1..{len(only)}")


if __name__ == "__main__":
    main()
