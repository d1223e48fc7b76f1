#!/usr/bin/python3
"""trio.py - Debian's profanity in a room with two clients of one account, which
are behind proxies that cut (trio_client.c); what each of the three was told is
compared with what was sent. TAP on standard output.

usage: trio.py SERVER TRIO FOLDER PORT CA-FILE CERTPATH HOST ROOM MESSAGES
               PEER-MESSAGES [SEED]

The accounts are romeo, who is twice there, and juliet, the peer, with profanity
on a line that holds. All of them speak in the room, and romeo's clients and
juliet with each other. profanity's side is what it writes into its logs of
conversations, and what it has on its screen in the end.
"""

import contextlib
import glob
import os
import random
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import profanity  # noqa: E402, of this folder
import terminal  # noqa: E402
from terminal import ok  # noqa: E402

PATIENCE = 530    # seconds, only to end a test that hangs
AHEAD = 4         # lines that are typed and do not stand in a log yet
WINDOWS = {"chat": b"\0332", "room": b"\0333"}  # Alt and the number
SHARE = 5  # one in so many is not for the room
FATES = {"1", "2"}  # sent and stored
# It takes one stanza after each wait for a key, which is up to a second long if
# it may be. And it would give up a connection if a ping is not answered for 20
# seconds, and write down what comes again then.
SETTINGS = """[connection]
autoping=0
[logging]
chlog=true
grlog=true
[ui]
inpblock=5
inpblock.dynamic=false
"""
# Now and then such a server handles, at a resumption, what it still has of the
# old connection when it has answered already that it does not have it. So it
# gets that again, as it must, and both copies are in its archives.
DOUBLES = {"ejabberd"}
# It may also deliver one message after the next one, or lose it while a session
# is resumed: then it is found in the archive, late.
OVERTAKES = {"ejabberd"}
OURS, PEER = ("one", "two"), "peer"


class Peer:
    """profanity, and what it has logged."""

    def __init__(self, folder, port, certpath, host, room):
        os.makedirs(f"{folder}/config/profanity")
        with open(f"{folder}/config/profanity/profrc", "w",
                  encoding="utf-8") as file:
            file.write(SETTINGS)
        self.terminal = profanity.Profanity(folder, "")
        self.folder, self.host, self.room = folder, host, room
        self.said = {"room": 0, "chat": 0}
        p = self.terminal
        p.sees("Profanity. Type /help", "profanity starts")
        p.does(f"/tls certpath set {certpath}", "Certificate path set to")
        p.does(f"/connect juliet@{host}/desk server 127.0.0.1 port {port}",
               "password")
        p.does("secret", "logged in successfully", "it logs in")
        p.does(f"/msg romeo@{host} peer 0", "me: peer 0", "speaks to romeo")
        p.does(f"/join {room} nick {PEER}", "-> You have joined",
               "enters the room")
        p.does("peer 0", f"{PEER}: peer 0", "and speaks there")
        self.window = "room"

    def told(self):
        """PLACE, SENDER and NUMBER of each message, as its logs have them; in
        each place in order."""
        for path in glob.glob(f"{self.folder}/data/profanity/chatlogs/*/*/**",
                              recursive=True):
            with (open(path, encoding="utf-8") if path.endswith(".log")
                  else contextlib.nullcontext(())) as file:
                for line in file:
                    match = re.search(r": (one|two|peer) (\d+)$", line)
                    if match:
                        yield ("room" if "/rooms/" in path else "chat",
                               match[1], int(match[2]))

    def order_of_room(self):
        """SENDER and NUMBER as they came: its conversation has what it says
        itself before the room has it."""
        with open(self.terminal.log, errors="replace") as file:
            for line in file:
                match = re.search(
                    r"RECV: <message (?=.*type=.groupchat).*<body>"
                    r"(one|two|peer) (\d+)</body>", line)
                if match:
                    yield "room", match[1], int(match[2])

    def doubled(self):
        """PLACE, SENDER and NUMBER of what has come twice, each time with
        another id of the server for the same id of its sender."""
        seen, found = {}, set()
        with open(self.terminal.log, errors="replace") as file:
            for line in file:
                match = re.search(
                    r"RECV: <message (?=.*<stanza-id id=.([^'\"]+))"
                    r"(?=.*<origin-id id=.([^'\"]+)).*type=.(group)?chat"
                    r".*<body>(one|two|peer) (\d+)</body>", line)
                if not match:
                    continue
                what = ("room" if match[3] else "chat", match[4], int(match[5]))
                if seen.setdefault((what, match[2]), match[1]) != match[1]:
                    found.add(what)
        return found

    def is_ahead(self):
        logged = sum(sender == PEER for _, sender, _ in self.told())
        return sum(self.said.values()) + 2 - logged > AHEAD

    def go_to(self, where):
        if self.window != where:
            self.terminal.keys(WINDOWS[where])
            self.window = where

    def say(self, where):
        self.go_to(where)
        self.said[where] += 1
        self.terminal.type(f"{PEER} {self.said[where]}")

    def shows_end(self, told):
        """Of both conversations."""
        for where in WINDOWS:
            last = [what for what in told if what[0] == where][-1]
            self.go_to(where)
            self.terminal.sees(": %s %d" % last[1:], f"{PEER}: the screen has "
                               f"the last of the {where}")


def talk(peer, process, totals, peer_totals):
    """Until our clients have an end, and profanity has logged all."""
    last = {(where, who, totals[where]) for where in WINDOWS for who in OURS}
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        peer.terminal.read(0.05)
        left = [where for where in WINDOWS
                if peer.said[where] < peer_totals[where]]
        if left and not peer.is_ahead():
            peer.say(random.choices(left, [1, SHARE][-len(left):])[0])
        if process.poll() is not None and last <= set(peer.told()):
            break


def read_events(path):
    """What one of our clients has written down: messages, and other events."""
    told, others = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            what, *words = line.split()
            if what in WINDOWS:
                told.append((what, words[0], int(words[1])))
            else:
                others.append((what, words))
    return told, others


def once(told, doubled):
    """Without the second copies of what the server has made two of."""
    seen = set()
    for what in told:
        if what not in seen or what not in doubled:
            yield what
        seen.add(what)


def judge_one(who, told, where, sender, total, is_ordered):
    """Each number once, in order."""
    got = [number for place, name, number in told
           if (place, name) == (where, sender)]
    want = list(range(0 if sender == PEER else 1, total + 1))
    firsts = list(dict.fromkeys(got))
    late = [b for a, b in zip(firsts, firsts[1:]) if b < a]
    if not is_ordered:
        print(f"# {who}: {len(late)} of {sender} in the {where} out of order")
        got.sort()
    faults = {"missing": sorted(set(want) - set(got)),
              "twice": sorted({n for n in got if got.count(n) > 1}),
              "late": late}
    ok(got == want, f"{who}: {len(got)} of {sender} in the {where}, each once"
       + ", in order" * is_ordered,
       [f"{word}: {which[:40]}" for word, which in faults.items()])


def judge_events(who, others, totals):
    """None of our own was lost, and nothing is said to be unknown."""
    gaps = [words for what, words in others if what == "gap"]
    ok(not gaps, f"{who}: no gap", [str(gaps)])
    fates = [words for what, words in others if what == "fate"]
    bad = [words for words in fates if words[1] not in FATES]
    ok(not bad, f"{who}: the server has all of its own", bad[:20])
    ok(len(fates) == sum(totals.values()), f"{who}: each has one fate",
       [str(len(fates))])
    cuts = sum(int(words[0]) for what, words in others if what == "cuts")
    ok(cuts > 0, f"{who}: it was cut")


def judge(server, peer, folder, totals, peer_totals):
    doubled = peer.doubled() if server in DOUBLES else set()
    print(f"# {len(doubled)} that {server} has twice")
    told = {PEER: list(once(peer.told(), doubled))}
    for who in OURS:
        got, others = read_events(f"{folder}/{who}")
        told[who] = list(once(got, doubled))
        judge_events(who, others, totals)
    for who in told:
        for sender in (*OURS, PEER):
            of_all = peer_totals if sender == PEER else totals
            for where in WINDOWS if who != sender or who == PEER else ():
                judge_one(who, told[who], where, sender, of_all[where],
                          server not in OVERTAKES or who == PEER)
    order = list(once(peer.order_of_room(), doubled))
    for who in OURS if server not in OVERTAKES else ():
        ok([what for what in told[who] if what[0] == "room"] ==
           [what for what in order if what[1] != who],
           f"{who}: in the order of the room")
    peer.shows_end(told[PEER])


def totals_of(count):
    return {"room": count, "chat": count // SHARE}


def main():
    server, trio, folder, port, ca, certpath, host, room, *rest = sys.argv[1:]
    totals, peer_totals = totals_of(int(rest[0])), totals_of(int(rest[1]))
    seed = int(rest[2]) if len(rest) > 2 else int(time.time())
    print(f"# seed {seed}", flush=True)
    random.seed(seed)
    peer = Peer(folder, port, certpath, host, room)
    with subprocess.Popen(
            [trio, port, ca, f"romeo@{host}", "secret", room, f"juliet@{host}",
             *rest[:2], folder, str(seed)], stdout=subprocess.PIPE,
            text=True) as process:
        process.stdout.readline()  # both are in the room
        talk(peer, process, totals, peer_totals)
        print(process.stdout.read(), end="")
        ok(process.wait() == 0, "our clients come to an end")
    judge(server, peer, folder, totals, peer_totals)
    peer.terminal.kill()
    return terminal.done_testing()


sys.exit(main())
