#!/usr/bin/python3
"""chat.py - drives examples/xmpp-chat through a pseudo-terminal; TAP.

usage: chat.py PROGRAM WORK_FOLDER PORT CA_FILE HOST ROOMS

The program is romeo's. On the other side is juliet, by slixmpp; ROOMS is the
address of a service for rooms.
"""
import asyncio
import sys
import threading
import time

sys.dont_write_bytecode = True
import slixmpp  # noqa: E402

import terminal  # noqa: E402, of this folder
from terminal import PATIENCE, Terminal, Wire, ok  # noqa: E402

ROWS, COLUMNS, LIST_WIDTH = 30, 110, 22


class Juliet(slixmpp.ClientXMPP):
    """In a thread of its own; what is called is carried out there."""

    def __init__(self, host, port, ca):
        super().__init__(f"juliet@{host}/peer", "secret", sasl_mech="PLAIN")
        self.ca_certs = ca
        self.ssl_context.load_verify_locations(ca)
        for plugin in "0030", "0045", "0085", "0184", "0199", "0333":
            self.register_plugin(f"xep_{plugin}")
        self.received = []
        self.is_ready = threading.Event()
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("message", self.on_message)
        self.port = port

    async def on_start(self, _):
        await self.get_roster()
        self.send_presence(pstatus="on the balcony")
        self.is_ready.set()

    def on_message(self, message):
        if message["body"]:
            self.received.append((message["type"], message["body"]))

    def begin(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self.is_ready.wait(PATIENCE)

    def serve(self):
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.connect(("127.0.0.1", self.port))
        self.loop.run_forever()

    def do(self, function, *arguments, **named):
        self.loop.call_soon_threadsafe(lambda: function(*arguments, **named))

    def say(self, to, body, kind="chat"):
        self.do(self.send_message, mto=to, mbody=body, mtype=kind)

    def state(self, to, state):
        def send():
            message = self.make_message(mto=to, mtype="chat")
            message["chat_state"] = state
            message.send()
        self.do(send)

    def heard(self, body):
        end = time.monotonic() + PATIENCE
        while not self.count(body) and time.monotonic() < end:
            time.sleep(0.1)
        return ok(self.count(body) == 1, f"juliet hears once: {body}",
                  [str(one) for one in self.received[-5:]])

    def count(self, body):
        return sum(one[1] == body for one in self.received)


class Chat(Terminal):
    def __init__(self, program, folder, port, ca, host, name="screen"):
        self.arguments = [program, "--server", f"127.0.0.1:{port}",
                          "--ca-file", ca, f"romeo@{host}/{name}",
                          f"{folder}/{name}.db"]
        super().__init__(self.arguments,
                         {"HOME": folder, "LIBXMPP_PASSWORD": "secret",
                          "CURL_CA_BUNDLE": ca}, ROWS, COLUMNS,
                         "xterm-256color")

    def status(self):
        return self.text().split("\n")[-2] if self.text() else ""

    def is_online(self, name="it is online"):
        return ok(self.waits(lambda: "online" in self.status()), name,
                  self.text().split("\n"))

    def unread(self, name):
        """What stands behind a conversation in the list; None: it is not there."""
        for line in self.screen.display:
            words = line[:LIST_WIDTH - 1].split()
            if name in words[1:2]:
                return "".join(words[2:])
        return None

    def times_shown(self, text):
        return self.text().count(text)

    def color_of(self, text):
        for y, line in enumerate(self.screen.display):
            x = line.find(text, 24)
            if x >= 0:
                return self.screen.buffer[y][x].fg
        return None


def conversation(chat, juliet, host):
    chat.does(f"/msg juliet@{host}", f"juliet@{host}", "a conversation begins")
    juliet.say(f"romeo@{host}", "art thou not Romeo?")
    chat.sees("juliet: art thou not Romeo?", "a message is shown")
    chat.type("neither, fair saint")
    juliet.heard("neither, fair saint")
    ok(chat.waits(lambda: "\u2713\u2713" in chat.line_with("neither, fair")),
       "what is said is signed as received", [chat.line_with("neither")])
    juliet.state(f"romeo@{host}/screen", "composing")
    chat.sees("writing: juliet", "that she writes is shown")
    colors = chat.color_of("juliet:"), chat.color_of("romeo:")
    ok(None not in colors and "default" not in colors and
       colors[0] != colors[1], f"each has a color: {colors}")
    chat.type("//me is no command")
    juliet.heard("/me is no command")
    juliet.say(f"romeo@{host}", "red \u202e and \x85 back")
    chat.sees("red \ufffd and \ufffd back",
              "what would command the terminal is shown as such")
    chat.type("/correct neither, fair maid")
    chat.sees("neither, fair maid (edited)", "a correction replaces its line")
    juliet.heard("neither, fair maid")


def room(chat, juliet, host, rooms):
    balcony = f"balcony@{rooms}"
    chat.type(f"/join {balcony} romeo")
    chat.sees("you are romeo here", "a room is joined")
    juliet.do(juliet["xep_0045"].join_muc, balcony, "juliet")
    time.sleep(1)
    juliet.say(balcony, "who is here?", "groupchat")
    chat.sees("juliet: who is here?", "what is said there is shown")
    chat.type("it is I")
    juliet.heard("it is I")
    ok(chat.waits(lambda: chat.times_shown("romeo: it is I") == 1),
       "what one says there is shown once", chat.text().split("\n"))
    chat.does("/topic love", "love", "the subject changes")
    chat.does("/who", "here are: ", "who is there is listed")
    chat.keys(b"\x1bOB")  # down
    chat.sees(f"\u2502juliet@{host}", "back to the first conversation")
    juliet.say(balcony, "romeo, where art thou?", "groupchat")
    ok(chat.waits(lambda: any("balcony" in line and "!1" in line[:22]
                              for line in chat.text().split("\n"))),
       "the room has one unread message that names us",
       chat.text().split("\n"))
    chat.keys(b"\t")
    chat.sees("romeo, where art thou?", "Tab goes there")
    chat.keys(b"\x1bOB")


def bad_line(chat, juliet, wire, host):
    """What is said while there is no connection arrives later, once."""
    for i in range(3):
        wire.cut()
        chat.type(f"over a bad line {i}")
        juliet.say(f"romeo@{host}", f"can you hear me {i}?")
        juliet.heard(f"over a bad line {i}")
        chat.sees(f"can you hear me {i}?")
    wire.refuses = True
    wire.cut()
    ok(chat.waits(lambda: "no connection" in chat.status()),
       "it says that there is no connection", [chat.status()])
    chat.type("said to nobody")
    chat.sees("said to nobody", "what is typed meanwhile is shown")
    juliet.say(f"romeo@{host}", "said to the server")
    wire.refuses = False
    chat.is_online("it comes back by itself")
    juliet.heard("said to nobody")
    chat.sees("said to the server", "what was missed is shown")


def killed(chat, make, juliet, host):
    """Nothing is lost or doubled when the program dies."""
    chat.kill()
    juliet.say(f"romeo@{host}", "while you were away")
    chat = make()
    chat.is_online("after a kill it starts again")
    chat.does(f"/msg juliet@{host}", "art thou not Romeo?",
              "what was said before is there")
    chat.sees("while you were away", "and what was said meanwhile")
    for text in "while you were away", "said to nobody", "bad line 2":
        ok(chat.times_shown(text) == 1, f"once: {text}",
           chat.text().split("\n"))
    chat.does("/search FAIR MAID", "neither, fair maid", "old lines are found")
    return chat


def read_one(chat, juliet, address, kind, name, text):
    """It is unread, and then it is read."""
    juliet.say(address, text, kind)
    ok(chat.waits(lambda: chat.unread(name) == "1"), f"unread: {text}",
       chat.text().split("\n"))
    chat.keys(b"\t")
    chat.sees(text, f"read: {text}")


def two_screens(chat, make, juliet, host, rooms):
    """What was read on one of them is not unread on the other."""
    aside = f"/msg nurse@{host}"
    places = ((f"romeo@{host}", "chat", "juliet"),
              (f"balcony@{rooms}", "groupchat", "balcony"))
    desk = make("desk")
    desk.is_online("a second one of the same account is online")
    for place in places:
        name = place[2]
        for one in chat, desk:
            one.does(aside, f"\u2502nurse@{host}", "another conversation")
        juliet.say(*place[:1], "both have it", place[1])
        for one in chat, desk:
            ok(one.waits(lambda: one.unread(name) not in (None, "")),
               f"unread on both: {name}", one.text().split("\n"))
        chat.keys(b"\t")
        ok(desk.waits(lambda: desk.unread(name) == ""),
           "read on one, and not unread on the other",
           desk.text().split("\n"))
        chat.type(aside)
    desk.kill()
    for place in places:
        read_one(chat, juliet, *place, "read by one")
        chat.does(aside, f"\u2502nurse@{host}", "another conversation")
        juliet.say(place[0], "read by none", place[1])
    desk = make("desk")
    desk.is_online("the other one was away")
    ok(desk.waits(lambda: desk.unread("balcony") == "1"),
       "only what neither has read is unread", desk.text().split("\n"))
    desk.sees("read by none", "it shows the other conversation")
    ok(chat.waits(lambda: chat.unread("juliet") == ""),
       "so that is not unread on the first any more", chat.text().split("\n"))
    desk.type("/quit")
    ok(desk.ended() == 0, "the other one quits")
    chat.keys(b"\t")
    chat.sees("read by none", "only the room was unread")


def upload(chat, juliet, folder):
    with open(f"{folder}/note.txt", "w") as f:
        f.write("a rose by any other name\n")
    chat.type(f"/upload {folder}/none")
    chat.sees("there is no file", "a file that is missing is reported")
    chat.type(f"/upload {folder}/note.txt")
    chat.sees("uploading: 45 %", "it shows how far an upload is")
    chat.sees("note.txt", "an upload becomes a message")
    end = time.monotonic() + PATIENCE
    while not any("note.txt" in one[1] for one in juliet.received) and \
            time.monotonic() < end:
        time.sleep(0.1)
    ok(any(one[1].startswith("https://") for one in juliet.received),
       "juliet gets the link", [str(one) for one in juliet.received[-3:]])


def main():
    program, folder, port, ca, host, rooms = sys.argv[1:7]
    wire = Wire(int(port))
    juliet = Juliet(host, int(port), ca)
    if not ok(juliet.begin(), "slixmpp is ready"):
        return terminal.done_testing()

    def make(name="screen"):
        return Chat(program, folder, wire.own_port, ca, host, name)

    chat = make()
    chat.is_online()
    conversation(chat, juliet, host)
    room(chat, juliet, host, rooms)
    two_screens(chat, make, juliet, host, rooms)
    chat.type(f"/msg juliet@{host}")
    upload(chat, juliet, folder)
    bad_line(chat, juliet, wire, host)
    chat = killed(chat, make, juliet, host)
    chat.type("/quit")
    code = chat.ended()
    ok(code == 0, "it quits", [str(code)])
    return terminal.done_testing()


sys.exit(main())
