#!/usr/bin/python3
"""profanity.py - drives Debian's profanity through a pseudo-terminal; TAP.

usage: profanity.py WORK_FOLDER PORT CERTPATH LIBRARY_PATH

LIBRARY_PATH is where its libstrophe.so.0 comes from, "" for the system's. What
stands on its screen is found out by a terminal emulator, python3-pyte. On the
other side are romeo's contact juliet, who echoes, and a room.
"""
import os
import re
import sys
import time

sys.dont_write_bytecode = True
import terminal  # noqa: E402, of this folder
from terminal import PATIENCE, Wire, ok  # noqa: E402

ROWS, COLUMNS = 50, 160


class Profanity(terminal.Terminal):
    def __init__(self, folder, library):
        self.log = f"{folder}/log"
        env = {"HOME": folder, "XDG_CONFIG_HOME": f"{folder}/config",
               "XDG_DATA_HOME": f"{folder}/data"}
        if library:
            env["LD_LIBRARY_PATH"] = library
        super().__init__(["profanity", "-l", "DEBUG", "-f", self.log], env,
                         ROWS, COLUMNS)

    def logged(self, pattern, name):
        """Wait until a line of its log fits."""
        end = time.monotonic() + PATIENCE
        while True:
            with open(self.log, errors="replace") as f:
                lines = f.readlines()
            found = any(re.search(pattern, line) for line in lines)
            if found or time.monotonic() > end:
                break
            self.read(0.1)
        return ok(found, name, [line.rstrip()[:300] for line in lines[-15:]])

    def clear(self):
        self.type("/clear")
        self.read(0.3)

    def insists(self, line, text, name):
        """The same, said again as long as it is too early for it."""
        end = time.monotonic() + PATIENCE
        while text not in self.text() and time.monotonic() < end:
            self.type(line)
            again = time.monotonic() + 2
            while text not in self.text() and time.monotonic() < again:
                self.read(0.1)
        return self.sees(text, name)

    def library(self):
        with open(f"/proc/{self.pid}/maps") as f:
            return next((line.split()[-1] for line in f
                         if "libstrophe" in line), "")


def dialogue(p, port):
    """A certificate of an unknown authority: no, then yes, for once."""
    connect = f"/connect romeo@localhost server 127.0.0.1 port {port}"
    p.does(connect, "password", "a password is asked for")
    p.does("secret", "TLS certificate verification failed",
           "an unknown authority is asked about")
    p.sees("Use '/tls deny'")
    for line in ("Subject:", "Common name        : localhost",
                 "Common name        : throw-away authority",
                 "Version             : 3", "rsaEncryption",
                 "sha256WithRSAEncryption", "GMT", "Fingerprint         : "):
        p.sees(line)
    p.does("/tls deny", "Login failed", "a no ends it")
    p.clear()
    p.does(connect, "password")
    p.does("secret", "TLS certificate verification failed", "asked again")
    p.does("/tls allow", "logged in successfully", "a yes goes on")
    p.clear()
    p.does("/tls cert", "Fingerprint         : ",
           "the peer's certificate is shown")
    p.does("/disconnect", "logged out successfully", "and logs out")
    p.clear()


def login(p, port, certpath):
    p.does(f"/tls certpath set {certpath}", "Certificate path set to")
    p.does(f"/connect romeo@localhost/orchard server 127.0.0.1 port {port}",
           "password")
    p.does("secret", "romeo@localhost/orchard logged in successfully",
           "under verified TLS it logs in")
    p.logged("conn: DBG: SENT: <auth", "the log shows what is sent")
    p.logged("xmpp: DBG: RECV: <stream:stream ", "and what comes")


def conversations(p):
    p.insists("/roster", "juliet@localhost (Juliet)", "the roster has juliet")
    p.sees("Friends", "in her group")
    p.does("/ping", "Ping response from server", "the server answers a ping")
    p.clear()
    p.does("/msg juliet@localhost a < b & c > d", "me: a < b & c > d",
           "a message is said")
    p.sees("Juliet/echo: a < b & c > d", "and comes back")
    p.does("/xmlconsole", "XML Console", "the console opens")
    p.does('<iq type="get" id="own1" to="localhost"><ping '
           'xmlns="urn:xmpp:ping"/></iq>', "SENT:", "it shows what is sent")
    p.sees("RECV:", "and what comes")
    p.logged("RECV: <iq(?=[^>]*result)[^>]*own1",
             "the answer to the raw stanza among it")


def room(p):
    p.does("/join balcony@conference.localhost nick romeo",
           "-> You have joined", "a room is joined")
    p.does("/room accept", "Room unlocked", "and unlocked")
    p.does("hello room", "romeo: hello room", "what is said there comes back")
    p.type("/close")
    p.logged("RECV: <presence(?=[^>]*unavailable)[^>]*balcony", "and left")


def lost(p, wire):
    """The connection goes, and comes back by stream management."""
    p.type("/win 1")
    p.does("/reconnect 1", "Reconnect interval set to 1")
    p.does("/msg juliet@localhost before", "Juliet/echo: before",
           "a message before the loss")
    wire.cut()
    p.sees("Lost connection", "the loss is told")
    p.sees("Connection re-established", "and its end")
    p.logged("RECV: <resumed", "the session is resumed")
    p.does("still there", "Juliet/echo: still there", "and goes on")


def main():
    folder, port, certpath, library = sys.argv[1:5]
    os.makedirs(f"{folder}/config/profanity", exist_ok=True)
    wire = Wire(int(port))
    p = Profanity(folder, library)
    p.sees("Profanity. Type /help", "profanity starts")
    ok(p.library().startswith(library or "/usr/lib"), "on this library",
       [p.library()])
    dialogue(p, wire.own_port)
    login(p, wire.own_port, certpath)
    conversations(p)
    room(p)
    lost(p, wire)
    p.type("/win 1")
    p.does("/disconnect", "logged out successfully", "it logs out")
    p.type("/quit")
    code = p.ended()
    ok(code == 0, "it quits", [str(code)])
    return terminal.done_testing()


if __name__ == "__main__":
    sys.exit(main())
