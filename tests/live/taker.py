#!/usr/bin/env python3
"""taker.py - an XMPP server that takes messages, or does not, on purpose.

usage: taker.py FOLDER    as liar.py

A fault says what happens once the client is logged in. With "bare-" in front
the server has no stream management. On standard output, behind the ports, comes
"NAME WHAT" for each message and presence.
"""
import re
import time

import liar

SM = "urn:xmpp:sm:3"
STREAMS = "urn:ietf:params:xml:ns:xmpp-streams"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
WAYS = [
    "take",          # and say so
    "swallow",       # and say nothing any more
    "deaf",          # take, but never say so; the rest goes on
    "close",         # without a word
    "end",           # the stream, properly
    "error",         # of the stream: it was too much
    "bounce",        # at once
    "bounce-late",   # a moment after it was taken
    "bounce-other",  # an error about something else, from somebody else
    "reply",         # of the recipient, after one of a stranger
    "stranger",      # only that one
    "refuse-ping",   # which is an answer, too
]
PEOPLE = [
    "forged",  # presence and a roster that would forge lines
    "nobody",  # the roster is refused
    "silent",  # it never comes
    "drop",    # the connection is closed when presence comes
    "drop-two",  # two times of three
]
HOSTILE = "a\tb\nc\\d\u202e\u009be\u2028"


class Taker(liar.Talk):
    present = {}  # how often, by fault

    def __init__(self, sock, fault, folder):
        super().__init__(sock, fault, folder)
        self.bare = fault.startswith("bare-")
        self.way = fault.removeprefix("bare-")
        self.handled = 0
        self.late = ""  # what is said once the message was taken

    def features(self, inside):
        if "xmpp-bind" in inside and not self.bare:
            inside += f"<sm xmlns='{SM}'/>"
        super().features(inside)

    def error(self, name, sender):
        return (f"<message type='error' id='{name}' from='{sender}'>"
                "<error type='cancel'><item-not-found "
                f"xmlns='{STANZAS}'/></error></message>")

    def silence(self):
        self.sock.settimeout(60)
        while self.sock.recv(4096):
            pass
        raise liar.Gone

    def on_message(self, name):
        print(self.fault, "message", flush=True)
        if self.way == "swallow":
            self.silence()
        if self.way == "close":
            raise liar.Gone
        if self.way == "end":
            self.say("</stream:stream>")
            self.silence()
        if self.way == "error":
            self.say("<stream:error><policy-violation "
                     f"xmlns='{STREAMS}'/></stream:error></stream:stream>")
            raise liar.Gone
        if self.way == "bounce":
            self.say(self.error(name, "romeo@liar.test"))
        if self.way == "bounce-late":
            self.late = self.error(name, "romeo@liar.test")
        if self.way == "bounce-other":
            self.late = self.error("x", "mallory@liar.test")
        if self.way in ("reply", "stranger"):
            self.say("<message from='mallory@liar.test/r'><body>false"
                     "</body></message>")
        if self.way == "reply":
            self.say("<message from='romeo@liar.test/r'><body>t&#xA;rue"
                     "</body></message>")

    def taken(self):
        if self.late:
            time.sleep(1)
            self.say(self.late)
            self.late = ""

    def on_iq(self, text):
        name = re.search(rb'id="([^"]*)"', text).group(1).decode()
        if b"roster" in text:
            self.on_roster(name)
        elif self.way == "refuse-ping":
            self.say(f"<iq type='error' id='{name}'><error type='cancel'>"
                     f"<service-unavailable xmlns='{STANZAS}'/></error></iq>")
        elif self.way != "deaf":
            self.say(f"<iq type='result' id='{name}'/>")
            self.taken()

    def on_roster(self, name):
        text = HOSTILE.replace("\t", "&#9;").replace("\n", "&#10;")
        if self.way == "nobody":
            self.say(f"<iq type='error' id='{name}'><error type='cancel'>"
                     f"<forbidden xmlns='{STANZAS}'/></error></iq>")
        elif self.way != "silent":
            self.say(f"<iq type='result' id='{name}'>"
                     "<query xmlns='jabber:iq:roster'>"
                     f"<item jid='a@b' subscription='both' name='{text}'>"
                     f"<group>{text}</group></item><item jid='c@d'/>"
                     "</query></iq>")

    def on_presence(self):
        print(self.fault, "presence", flush=True)
        times = self.present[self.fault] = self.present.get(self.fault, 0) + 1
        if self.way == "drop" or (self.way == "drop-two" and times % 3):
            raise liar.Gone
        self.say("<presence from='a@b/c'><show>away</show>"
                 f"<status>{HOSTILE}</status></presence>")

    def roster(self):
        """Everything behind the login."""
        while True:
            text = self.await_(rb"<enable[^>]*>|<r [^>]*>|<iq.*?</iq>|"
                               rb"<message.*?</message>|<presence/>|"
                               rb"</stream:stream>").group(0)
            self.handled += text[1:3] in (b"iq", b"me", b"pr")
            if text.startswith(b"<enable"):
                self.say(f"<enabled xmlns='{SM}' id='s' resume='true'/>")
                self.handled = 0
            elif text.startswith(b"<r "):
                if self.way != "deaf":
                    self.say(f"<a xmlns='{SM}' h='{self.handled}'/>")
                    self.taken()
            elif text.startswith(b"<iq"):
                self.on_iq(text)
            elif text.startswith(b"<presence"):
                self.on_presence()
            elif text.startswith(b"<message"):
                self.on_message(re.search(rb'id="([^"]*)"', text)
                                .group(1).decode())
            else:
                self.say("</stream:stream>")
                raise liar.Gone


if __name__ == "__main__":
    liar.main(Taker, WAYS + PEOPLE + ["bare-" + w for w in WAYS + PEOPLE])
