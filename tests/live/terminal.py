"""terminal.py - a program in a pseudo-terminal, what stands on its screen, and a
wire that can be cut; and TAP."""

import fcntl
import os
import pty
import select
import signal
import socket
import struct
import termios
import threading
import time

import pyte

PATIENCE = 30  # seconds; less only where nothing is to be seen

count = failed = 0


def ok(good, name, notes=()):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {name}")
    for line in () if good else notes:
        print(f"#  {line}", flush=True)
    return good


def done_testing():
    """The exit code."""
    print(f"1..{count}")
    return 1 if failed else 0


class Wire:
    """Between a program and a server, so that it can be cut."""

    def __init__(self, port):
        self.port = port
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.listening.getsockname()[1]
        self.pairs = []
        self.refuses = False
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            inner = self.listening.accept()[0]
            if self.refuses:
                inner.close()
                continue
            outer = socket.create_connection(("127.0.0.1", self.port))
            self.pairs.append((inner, outer))
            for a, b in (inner, outer), (outer, inner):
                threading.Thread(target=self.copy, args=(a, b),
                                 daemon=True).start()

    @staticmethod
    def copy(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        """As if the network were gone, for both sides."""
        for pair in self.pairs:
            for s in pair:
                try:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 struct.pack("ii", 1, 0))
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.pairs = []


class Terminal:
    """A program of which the environment is `env`, beside the usual."""

    def __init__(self, arguments, env, rows, columns, kind="linux"):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        env = {"TERM": kind, "LANG": "C.UTF-8", "PATH": os.environ["PATH"],
               **env}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(arguments[0], arguments, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """What it writes meanwhile; False when it has ended."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.stream.feed(data)
        return bool(data)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def line_with(self, text):
        return next((line for line in self.text().split("\n")
                     if text in line), "")

    def keys(self, octets):
        os.write(self.fd, octets)

    def type(self, line):
        self.keys(line.encode() + b"\r")

    def waits(self, holds):
        """Until it holds; False if that takes too long."""
        end = time.monotonic() + PATIENCE
        while not holds() and time.monotonic() < end:
            if not self.read(0.1):
                break
        return holds()

    def sees(self, text, name=None):
        """Wait until it stands on the screen."""
        good = self.waits(lambda: text in self.text())
        return ok(good, name or f"it shows: {text}",
                  [line for line in self.text().split("\n") if line])

    def does(self, line, text, name=None):
        self.type(line)
        return self.sees(text, name)

    def ended(self):
        """Its exit code."""
        end = time.monotonic() + PATIENCE
        while self.read(0.1) and time.monotonic() < end:
            pass
        pid = 0
        while not pid and time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            time.sleep(0.05)
        if not pid:
            self.kill()
            return "it had to be killed"
        return os.waitstatus_to_exitcode(status)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
