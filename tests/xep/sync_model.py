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

import copy
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
    PAGE, MOST, REMEMBERED, OVERLAP = 7, 40, 64, 32

    def __init__(self, chance, server, out):
        self.chance, self.server, self.out = chance, server, out
        # What survives the process: written in one transaction each time.
        self.db = {"seen": [], "live": 0, "cursor": None, "log": [],
                   "gaps": [], "known_gaps": [], "pending": [], "begun": False}
        self.unsaved = {}
        self.crash()

    def happens(self, *words):
        self.out.append(" ".join(words))

    def orders(self, *words):
        self.out.append("> " + " ".join(words))

    def crash(self):
        self.up, self.mode, self.held, self.query = False, "LIVE", [], None
        self.number, self.resumable, self.got = 0, False, 0
        self.stale = False
        self.db.update(self.unsaved)
        self.unsaved = {}
        for mine in self.db["pending"]:
            mine["lost"], mine["looks"] = True, 0
            mine["after"] = mine["sent_after"]

    # ---- delivering -------------------------------------------------------

    def stored(self, own):
        for mine in list(self.db["pending"]):
            if mine["own"] == own:
                self.db["pending"].remove(mine)
                self.orders("stored", own)

    def deliver(self, message, source, before=None):
        if message["id"] in self.db["seen"]:
            return
        self.db["seen"].append(message["id"])
        del self.db["seen"][:-self.REMEMBERED]
        if source != "stream":
            self.move(message, before)
        self.db["live"] = 0 if source == "page" \
            else min(self.db["live"] + 1, len(self.db["seen"]))
        self.unsaved = {}
        if source != "late":
            self.db["cursor"] = message["id"]
            gaps = self.db["known_gaps"]
            if gaps and gaps[-1][1] is None:
                gaps[-1] = gaps[-1][0], message["id"]
        if message["who"] == OURS:
            self.stored(message["own"])
        else:
            self.db["log"].append(message)
            self.orders("deliver", message["id"])

    def move(self, message, before):
        """To its place, so that what is forgotten is not what follows."""
        seen, moved = self.db["seen"], message["id"]
        if moved in seen and before != moved and \
                (before is None or before in seen):
            self.keep("seen")
            seen.remove(moved)
            seen.insert(seen.index(before) + 1 if before else 0, moved)

    def gap(self, before):
        after, gaps = self.start(), self.db["known_gaps"]
        self.db["gaps"].append((after, before))
        if gaps and (gaps[-1][1] is None or gaps[-1][0] == after):
            gaps.pop()
        gaps.append((after, before))
        self.unsaved = {}
        self.orders("gap", after or "-", before or "-")

    # ---- what may be missing ----------------------------------------------

    def start(self):
        """The id behind which something may be missing: what came by the
        stream may have overtaken what is archived before it."""
        seen, gaps = self.db["seen"], self.db["known_gaps"]
        live = min(self.db["live"], self.OVERLAP)
        if gaps and gaps[-1][1] is None:
            return gaps[-1][0]
        if not live:
            return self.db["cursor"]
        if live == len(seen) and not gaps:
            return None
        cursor = self.db["cursor"]
        if cursor and cursor not in seen:
            return cursor
        at = max(len(seen) - live - 1, 0)
        ends = [seen.index(end) for _, end in gaps if end in seen]
        at = min(at, seen.index(cursor)) if cursor else at
        return seen[max(at, (ends or [0])[-1])]

    def later(self):
        """Half way to the cursor, if the archive has lost the start."""
        seen, start, cursor = self.db["seen"], self.from_id, self.db["cursor"]
        if not cursor or not start or start == cursor:
            return None
        if start not in seen or cursor not in seen or \
                seen.index(start) >= seen.index(cursor):
            return cursor
        at, end = seen.index(start), seen.index(cursor)
        return seen[at + (end - at + 1) // 2]

    def has_since(self, start, wanted):
        seen = self.db["seen"]
        return start in seen and wanted in seen and \
            seen.index(wanted) >= seen.index(start)

    def keep(self, *names):
        """Until something is delivered, changes are not in the database."""
        for name in names:
            self.unsaved.setdefault(name, copy.copy(self.db[name]))

    def settle(self, end):
        self.keep("cursor", "live")
        self.db["cursor"] = end or self.db["cursor"]
        seen = self.db["seen"]
        self.db["live"] = len(seen) - seen.index(end) - 1 if end in seen else 0

    # ---- catching up ------------------------------------------------------

    def walk(self, start):
        self.mode, self.from_id = "CATCHING", start
        self.count, self.between, self.passed = 0, 0, True
        self.beyond = self.db["cursor"] in (None, start)

    def begin(self):
        self.held, self.cut = [], False
        start = self.start()
        self.walk(start)
        lost = [mine for mine in self.db["pending"] if mine["lost"]]
        if not self.db["begun"]:
            self.ask("last", None)
        elif lost and start and not self.has_since(start, lost[0]["after"]):
            self.passed = self.beyond = False  # look back for our own
            self.ask("after", lost[0]["after"])
        else:
            self.ask("after", start)

    def ask(self, kind, after):
        """What is held by now is in the archive: this request covers it."""
        self.held, self.stale, self.query = [], False, (kind, after)
        self.number = self.chance.randrange(10 ** 9)
        self.server.session["asked"].append((self.number, kind, after))
        self.orders("request", kind, after or "-")

    def look_up(self, start):
        self.walk(start)
        self.ask("after", start)

    def miss_page(self):
        self.happens("missing")
        later = self.later()
        if self.query[0] != "last" and not self.passed:
            self.cut = True
            self.look_up(self.start())  # only the look back failed
        elif self.query[0] != "last" and later:
            self.look_up(later)
        else:
            self.ask("last", None)

    def take_page(self, page, is_complete):
        if page is None:
            self.miss_page()
            return
        kind, before = self.query
        self.happens("page", str(int(is_complete)), *(
            f"{message['id']}:{message['own'] if message['who'] == OURS else ''}"
            for message in page))
        last = page[-1]["id"] if page else None
        if kind == "last":
            page = self.begin_last(page)
            is_complete = not page
            before = page[0]["id"] if page else None
        elif self.may_lack(page, before):
            self.gap(page[0]["id"])
            self.move(page[0], before)
            self.unsaved = {}
        for message in page:
            self.take(message, before)
            if kind == "after":
                self.advance(before, message)
            before = message["id"]
        if is_complete and not self.passed:
            self.look_up(self.start())
        elif is_complete:
            self.settle(last or self.query[1])
            self.drain()
        elif self.count >= self.MOST and \
                not any(mine["lost"] for mine in self.db["pending"]):
            self.ask("last", None)
        else:
            self.ask("after", last)

    def may_lack(self, page, after):
        """Something may have expired before the first that there is."""
        return page and after is None and self.from_id is None and (
            self.db["cursor"] is None or
            self.db["seen"][0] not in [message["id"] for message in page])

    def advance(self, before, message):
        """What else is in doubt comes after this one; what is missing, too."""
        gaps = self.db["known_gaps"]
        if self.passed and gaps and gaps[-1] == (before, None):
            gaps[-1] = message["id"], None
        for mine in self.db["pending"]:
            if mine["lost"] and mine["after"] == before and \
                    mine["own"] != message["own"]:
                mine["after"] = message["id"]

    def begin_last(self, page):
        start, known = self.start(), self.db["cursor"]
        ids = [message["id"] for message in page]
        self.db["begun"] = True
        if start in ids:
            return page[ids.index(start) + 1:]
        self.beyond = True
        if known in ids:
            return page[ids.index(known) + 1:]
        if page or known is not None:
            self.cut = True
            self.gap(ids[0] if page else None)
        return page

    def take(self, message, before):
        was_passed = self.passed
        self.beyond |= message["id"] == self.db["cursor"]
        if was_passed and not self.beyond:
            self.between += 1
            self.beyond = self.between > self.REMEMBERED
        self.passed |= message["id"] == self.from_id
        if was_passed and message["id"] not in self.db["seen"]:
            self.count += self.beyond
            self.deliver(message, "page" if self.beyond else "late", before)
            return
        self.move(message, before)
        if message["who"] == OURS:
            self.stored(message["own"])

    def is_doubtful(self, message):
        """An old one, come again?"""
        return message.get("delayed") and message["id"] not in self.db["seen"]

    def drain(self):
        if self.stale or \
                any(self.is_doubtful(message) for message in self.held):
            self.look_up(self.start())
            return
        for message in self.held:
            self.deliver(message, "stream")
        self.mode, self.held, self.query = "LIVE", [], None
        for mine in list(self.db["pending"]):
            if mine["lost"] and self.cut:
                self.db["pending"].remove(mine)
            mine["looks"] += mine["lost"]
        if not self.is_waiting():
            for mine in self.db["pending"]:
                if mine["lost"]:
                    self.send(mine)

    def is_waiting(self):
        """Is something to be looked up once more, some seconds later?"""
        return any(mine["lost"] and mine["looks"] < 2
                   for mine in self.db["pending"])

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
            self.look_up(self.start())
        else:
            self.deliver(arrived, "stream")

    def send(self, mine=None):
        if mine is None:
            if not self.up or self.mode != "LIVE" or self.is_waiting():
                return
            mine = {"own": f"o{self.chance.randrange(10 ** 9)}"
                           f"-{self.server.count}"}
            self.db["pending"].append(mine)
            self.happens("send", mine["own"])
        mine.update(lost=False, looks=0, after=self.db["cursor"], wire="out",
                    sent_after=self.db["cursor"])
        self.orders("send", mine["own"])


class Schedule:
    def __init__(self, seed, expires):
        self.out = [f"seed {seed}"]
        self.chance = random.Random(seed)
        # A session may last long, with nearly all said by us.
        self.is_long = self.chance.random() < .1
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
        self.out.append("resume")
        if self.client.mode == "CATCHING":
            self.client.ask(*self.client.query)
        else:
            self.client.begin()

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
            # Given back, and out of the outbox.
            mine["lost"], mine["looks"] = True, 0
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

    def go_on(self):
        if self.client.mode == "LIVE" and self.client.is_waiting():
            self.out.append("later")
            self.client.begin()

    def step_up(self, x):
        if x < .4:
            self.go_on()
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
        elif not self.is_long or self.chance.random() < .03:
            self.cut()

    def play(self):
        for _ in range(1200 if self.is_long else 400):
            x = self.chance.random()
            if x < .35 and self.is_long and self.chance.random() < .9:
                x += .45
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
            self.go_on()
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
