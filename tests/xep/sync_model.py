#!/usr/bin/env python3
"""sync_model.py - a model of src/xep/sync_line.c and of a server, with faults:
the oracle of the engine.

usage: sync_model.py SCHEDULES [FIRST]

Plays that many random schedules, checks what it promises for each, and prints
what happened to the client and what the client did, for tests/xep/sync_line:

    seed N          a schedule begins
    begin, resume, crash, doubt
    live ID OWN DELAYED, page COMPLETE ID:OWN ..., missing
    send OWN, acknowledged OWN
    > request last|after ID, > deliver ID, > gap AFTER BEFORE, > send OWN,
    > stored OWN    what the client orders

Promises: every message of the archive is delivered once, in the archive's
order, or lies in a gap that was reported; every message of ours is in the
archive exactly once. In every third schedule messages expire: then only once
and in order."""

import random
import sys

OURS = "this"


class Server:
    def __init__(self, chance, expires):
        self.chance = chance
        self.expires = expires
        self.archive = []
        self.count = 0
        self.session = None  # of the client: unacknowledged, requests

    def put(self, who, own):
        self.count += 1
        message = {"id": f"s{self.chance.randrange(10 ** 9)}-{self.count}",
                   "n": self.count, "who": who, "own": own}
        self.archive.append(message)
        if self.session and who != OURS:
            self.session["queue"].append(message)
        if self.expires and len(self.archive) > 40 and \
                self.chance.random() < .05:
            del self.archive[:self.chance.randrange(1, 20)]

    def query(self, kind, after):
        if kind == "last":
            return self.archive[-Client.PAGE:], False
        ids = [message["id"] for message in self.archive]
        if after is not None and after not in ids:
            return None, False  # item-not-found
        rest = self.archive if after is None \
            else self.archive[ids.index(after) + 1:]
        return rest[:Client.PAGE], len(rest) <= Client.PAGE

    def execute(self):
        """A request, some time after it was sent."""
        if self.session and self.session["asked"]:
            number, kind, after = self.session["asked"].pop(0)
            page, is_complete = self.query(kind, after)
            self.session["queue"].append(
                {"page": page, "complete": is_complete, "number": number})


class Client:
    PAGE, MOST, REMEMBERED = 7, 40, 64

    def __init__(self, chance, server, out):
        self.chance, self.server, self.out = chance, server, out
        # What survives the process: written in one transaction each time.
        self.db = {"seen": [], "cursor": None, "log": [], "gaps": [],
                   "pending": [], "begun": False}
        self.crash()

    def happens(self, *words):
        self.out.append(" ".join(words))

    def orders(self, *words):
        self.out.append("> " + " ".join(words))

    def crash(self):
        self.up, self.mode, self.held, self.query = False, "LIVE", [], None
        self.number, self.resumable, self.got = 0, False, 0
        for mine in self.db["pending"]:
            mine["lost"] = True
            mine["after"] = mine["sent_after"]

    # ---- delivering -------------------------------------------------------

    def stored(self, own):
        for mine in list(self.db["pending"]):
            if mine["own"] == own:
                self.db["pending"].remove(mine)
                self.orders("stored", own)

    def deliver(self, message):
        if message["id"] in self.db["seen"]:
            return
        self.db["seen"] = (self.db["seen"] + [message["id"]]
                           )[-self.REMEMBERED:]
        self.db["cursor"] = message["id"]
        if message["who"] == OURS:
            self.stored(message["own"])
        else:
            self.db["log"].append(message)
            self.orders("deliver", message["id"])

    def gap(self, after, before):
        self.db["gaps"].append((after, before))
        self.orders("gap", after or "-", before or "-")

    # ---- catching up ------------------------------------------------------

    def begin(self):
        self.mode, self.held = "CATCHING", []
        self.count, self.passed = 0, True
        cursor = self.db["cursor"]
        lost = [mine for mine in self.db["pending"] if mine["lost"]]
        if not self.db["begun"]:
            self.ask("last", None)
        elif cursor and lost and lost[0]["after"] != cursor:
            self.passed = False  # look back for our own
            self.ask("after", lost[0]["after"])
        else:
            self.ask("after", cursor)

    def ask(self, kind, after):
        """What is held by now is in the archive: this request covers it."""
        self.held, self.query = [], (kind, after)
        self.number = self.chance.randrange(10 ** 9)
        self.server.session["asked"].append((self.number, kind, after))
        self.orders("request", kind, after or "-")

    def look_up(self):
        self.mode, self.count, self.passed = "CATCHING", 0, True
        self.ask("after", self.db["cursor"])

    def take_page(self, page, is_complete):
        kind = self.query[0]
        if page is None:
            self.happens("missing")
            if not self.passed:
                self.look_up()  # only the look back failed
            else:
                self.ask("last", None)
            return
        self.happens("page", str(int(is_complete)), *(
            f"{message['id']}:{message['own'] if message['who'] == OURS else ''}"
            for message in page))
        last = page[-1]["id"] if page else None
        if kind == "last":
            page = self.begin_last(page)
            is_complete = not page
        elif page and self.query[1] is None and self.db["cursor"] is None:
            self.gap(None, page[0]["id"])  # it was empty; some may be gone
        before = self.query[1]
        for message in page:
            if kind == "after":
                self.advance(before, message)
            before = message["id"]
            self.take(message)
        if is_complete and not self.passed:
            self.look_up()
        elif is_complete:
            self.drain()
        elif self.count >= self.MOST and \
                not any(mine["lost"] for mine in self.db["pending"]):
            self.ask("last", None)
        else:
            self.ask("after", last)

    def advance(self, before, message):
        """What else is in doubt comes after this one."""
        for mine in self.db["pending"]:
            if mine["lost"] and mine["after"] == before and \
                    mine["own"] != message["own"]:
                mine["after"] = message["id"]

    def begin_last(self, page):
        known = self.db["cursor"]
        ids = [message["id"] for message in page]
        self.db["begun"] = True
        if known in ids:
            return page[ids.index(known) + 1:]
        if page:
            self.gap(known, ids[0])
        elif known is not None:
            self.gap(known, None)
        return page

    def take(self, message):
        if not self.passed:
            self.stored(message["own"])
            self.passed = message["id"] == self.db["cursor"]
        else:
            self.deliver(message)
            self.count += 1

    def is_doubtful(self, message):
        """An old one, come again?"""
        return message.get("delayed") and message["id"] not in self.db["seen"]

    def drain(self):
        if any(self.is_doubtful(message) for message in self.held):
            self.look_up()
            return
        for message in self.held:
            self.deliver(message)
        self.mode, self.held, self.query = "LIVE", [], None
        for mine in list(self.db["pending"]):
            if mine["lost"]:
                self.send(mine)

    # ---- what arrives, and what is sent -----------------------------------

    def receive(self, arrived):
        if "number" in arrived:
            if self.query and arrived["number"] == self.number:
                self.take_page(arrived["page"], arrived["complete"])
            return
        self.happens("live", arrived["id"],
                     str(int(bool(arrived.get("delayed")))))
        if self.mode == "CATCHING":
            self.held.append(arrived)
        elif self.is_doubtful(arrived):
            self.look_up()
        else:
            self.deliver(arrived)

    def send(self, mine=None):
        if mine is None:
            if not self.up or self.mode != "LIVE":
                return
            mine = {"own": f"o{self.chance.randrange(10 ** 9)}"
                           f"-{self.server.count}"}
            self.db["pending"].append(mine)
            self.happens("send", mine["own"])
        mine.update(lost=False, after=self.db["cursor"], wire="out",
                    sent_after=self.db["cursor"])
        self.orders("send", mine["own"])


class Schedule:
    def __init__(self, seed, expires):
        self.out = [f"seed {seed}"]
        self.chance = random.Random(seed)
        self.server = Server(self.chance, expires)
        self.client = Client(self.chance, self.server, self.out)

    def crash(self):
        self.out.append("crash")
        self.client.crash()

    def flush(self):
        """What was sent arrives, unless the wire is cut before."""
        for mine in self.client.db["pending"]:
            if mine.get("wire") == "out":
                mine["wire"] = "there"
                self.server.put(OURS, mine["own"])

    def deliver(self, count):
        queue = self.server.session["queue"]
        while count and self.client.got < len(queue):
            self.client.got += 1
            self.client.receive(queue[self.client.got - 1])
            count -= 1

    def forget_got(self):
        del self.server.session["queue"][:self.client.got]
        self.client.got = 0

    def acknowledge(self):
        self.forget_got()
        for mine in list(self.client.db["pending"]):
            if mine.get("wire") == "there" and not mine["lost"]:
                self.client.db["pending"].remove(mine)
                self.out.append("acknowledged " + mine["own"])

    def resume(self):
        self.client.up = True
        self.forget_got()
        for mine in self.client.db["pending"]:
            if mine.get("wire") == "cut":
                mine["wire"] = "out"  # the outbox repeats it
        if self.client.mode == "CATCHING":
            self.out.append("resume")
            self.client.ask(*self.client.query)

    def begin(self):
        """A new session. Some of what was not acknowledged comes again, as
        offline messages."""
        old = []
        if self.server.session:
            start = self.client.got if self.chance.random() < .5 else 0
            old = self.server.session["queue"][start:]
        self.server.session = {"asked": [], "queue": [
            dict(message, delayed=True) for message in old
            if "id" in message and self.chance.random() < .5]}
        self.client.up, self.client.got = True, 0
        for mine in self.client.db["pending"]:
            mine["lost"] = True  # given back, and out of the outbox
            if mine.get("wire") != "there":
                mine["wire"] = None
        self.out += ["doubt", "begin"]
        self.client.begin()

    def cut(self):
        if self.chance.random() < .5:
            self.flush()
        for mine in self.client.db["pending"]:
            if mine.get("wire") == "out":
                mine["wire"] = "cut"
        self.client.up, self.client.resumable = False, True
        if self.chance.random() < .2:
            self.crash()

    def step_down(self, x):
        if x < .6:
            if self.client.resumable and self.server.session and \
                    self.chance.random() < .5:
                self.resume()
            else:
                self.begin()
        elif x < .65:
            self.crash()
        elif x < .75 and self.server.session and self.chance.random() < .3:
            self.server.session, self.client.resumable = None, False

    def step_up(self, x):
        if x < .6:
            self.deliver(self.chance.randrange(1, 5))
        elif x < .75:
            self.server.execute()
        elif x < .85:
            self.client.send()
            if self.chance.random() < .7:
                self.flush()
        elif x < .9:
            self.flush()
            self.acknowledge()
        else:
            self.cut()

    def play(self):
        for _ in range(400):
            x = self.chance.random()
            if x < .35:
                self.server.put("peer" if self.chance.random() < .8
                                else "other client", "")
            elif self.client.up:
                self.step_up(x)
            else:
                self.step_down(x)
        if not self.client.up:  # everything comes in
            self.server.session = None
            self.begin()
        for _ in range(400):
            self.server.execute()
            self.flush()
            self.deliver(99)
            if not self.client.query:
                self.acknowledge()

    def check(self, expires):
        delivered = [m["n"] for m in self.client.db["log"]]
        assert len(set(delivered)) == len(delivered), "delivered twice"
        assert delivered == sorted(delivered), "out of order"
        if expires:
            return
        place = {m["id"]: m["n"] for m in self.server.archive}
        gaps = [(place[after] if after else 0, place.get(before, 10 ** 9))
                for after, before in self.client.db["gaps"]]
        for m in self.server.archive:
            assert m["who"] == OURS or m["n"] in set(delivered) or \
                any(a < m["n"] < b for a, b in gaps), "missing without a gap"
        ours = [m["own"] for m in self.server.archive if m["who"] == OURS]
        assert len(ours) == len(set(ours)), "sent twice"


def main():
    count = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for seed in range(first, first + count):
        schedule = Schedule(seed, seed % 3 == 2)
        schedule.play()
        try:
            schedule.check(seed % 3 == 2)
        except AssertionError as wrong:
            sys.exit(f"the model itself, seed {seed}: {wrong}")
        print("\n".join(schedule.out))


main()
