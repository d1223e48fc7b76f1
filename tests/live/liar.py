#!/usr/bin/env python3
"""liar.py - an XMPP server that fails on purpose.

usage: liar.py FOLDER    with good.crt, good.key, expired.crt, ... in it

Listens on a port of loopback for every fault, prints "NAME PORT" for each and
then an empty line. What a client says before TLS is kept in FOLDER/clear.

A fault is named ACTION-at-STAGE, or is one of the special ones below.
Everything else goes well, for the account juliet@liar.test, password "secret".
"""
import base64
import hashlib
import hmac
import os
import re
import socket
import ssl
import struct
import sys
import threading
import time

STAGES = ["accept", "header", "features", "proceed", "handshake",
          "header2", "sasl", "challenge", "success", "header3", "binding",
          "bound", "roster"]
ACTIONS = ["close", "reset", "mute", "garbage"]
SPECIAL = ["none", "no-tls", "refuse-tls", "inject", "wrong-proof",
           "no-proof", "early-success", "foreign", "other-id", "iterations",
           "cert-expired", "cert-future", "cert-self", "cert-name",
           "doctype", "deep", "endless", "error", "plain-only", "end"]

HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams' id='l1' "
          "from='liar.test' version='1.0'>")
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
TLS = "urn:ietf:params:xml:ns:xmpp-tls"


class Gone(Exception):
    """The conversation is over."""


class Talk:
    def __init__(self, sock, fault, folder):
        self.sock, self.fault, self.folder = sock, fault, folder
        self.seen = b""
        self.secured = False

    def stage(self, name):
        action, _, at = self.fault.partition("-at-")
        if at != name:
            return
        if action == "garbage":
            self.sock.sendall(b"\x00\x01garbage<<<&&&>>>\n")
        if action in ("mute", "garbage"):
            self.sock.settimeout(20)
            while self.sock.recv(4096):
                pass
        if action == "reset":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 struct.pack("ii", 1, 0))
        raise Gone

    def await_(self, pattern):
        while not (found := re.search(pattern, self.seen, re.S)):
            more = self.sock.recv(65536)
            if not more:
                raise Gone
            if not self.secured:
                with open(f"{self.folder}/clear", "ab") as f:
                    f.write(more)
            self.seen += more
        self.seen = self.seen[found.end():]
        return found

    def say(self, text):
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def features(self, inside):
        self.say(f"<stream:features>{inside}</stream:features>")

    # ---- steps ----------------------------------------------------------

    def tls(self):
        if self.fault == "no-tls":
            self.sasl_features("PLAIN", "SCRAM-SHA-1")
            self.await_(rb"<auth.*</auth>|</stream:stream>")
            raise Gone
        self.features(f"<starttls xmlns='{TLS}'/>")
        self.await_(rb"<starttls[^>]*>")
        self.stage("proceed")
        if self.fault == "refuse-tls":
            self.say(f"<failure xmlns='{TLS}'/></stream:stream>")
            raise Gone
        proceed = f"<proceed xmlns='{TLS}'/>"
        if self.fault == "inject":
            self.say(proceed + f"<success xmlns='{SASL}'/>")
            self.await_(rb"never")
        self.say(proceed)
        self.stage("handshake")
        name = self.fault.removeprefix("cert-")
        if not self.fault.startswith("cert-"):
            name = "good"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.folder}/{name}.crt",
                                f"{self.folder}/{name}.key")
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.secured = True

    def sasl_features(self, *names):
        self.features(f"<mechanisms xmlns='{SASL}'>" + "".join(
            f"<mechanism>{n}</mechanism>" for n in names) + "</mechanisms>")

    def scram(self):
        def b64(data):
            return base64.b64encode(data).decode()

        def mac(key, text):
            return hmac.new(key, text, "sha1").digest()

        first = base64.b64decode(
            self.await_(rb"<auth[^>]*>([^<]*)</auth>").group(1))
        self.stage("challenge")
        if self.fault == "early-success":
            self.say(f"<success xmlns='{SASL}'/>")
            return
        bare = first.split(b",", 2)[2]
        nonce = bare.split(b"r=")[1]
        count = 4000000 if self.fault == "iterations" else 4096
        server = b"r=%sXYZ,s=%s,i=%d" % (nonce, b64(b"salt").encode(), count)
        self.say(f"<challenge xmlns='{SASL}'>{b64(server)}</challenge>")
        final = base64.b64decode(
            self.await_(rb"<response[^>]*>([^<]*)</response>").group(1))
        self.stage("success")
        salted = hashlib.pbkdf2_hmac("sha1", b"secret", b"salt", count)
        signed = b",".join([bare, server, final.split(b",p=")[0]])
        proof = mac(mac(salted, b"Server Key"), signed)
        if self.fault == "wrong-proof":
            proof = bytes(20)
        text = b64(b"v=" + b64(proof).encode())
        if self.fault == "no-proof":
            text = ""
        self.say(f"<success xmlns='{SASL}'>{text}</success>")

    def bind(self):
        self.features("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
        said = self.await_(rb"<iq.*?</iq>").group(0)
        name = re.search(rb'id="([^"]*)"', said).group(1).decode()
        self.stage("bound")
        host = "evil.test" if self.fault == "foreign" else "liar.test"
        if self.fault == "other-id":
            name += "x"
        self.say(f"<iq type='result' id='{name}'><bind "
                 "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                 f"<jid>juliet@{host}/r</jid></bind></iq>")

    def attack(self):
        if self.fault == "doctype":
            self.say("<!DOCTYPE a [<!ENTITY b 'c'>]>")
        if self.fault == "deep":
            self.say("<a>" * 5000)
        if self.fault == "endless":
            for _ in range(4000):
                self.say("<message><body>" if _ == 0 else "x" * 10000)
        if self.fault == "error":
            self.say("<stream:error><system-shutdown "
                     "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                     "</stream:error></stream:stream>")
        if self.fault == "end":
            self.say("</stream:stream>")

    def roster(self):
        """Whatever is said first: a question, or presence by a bot."""
        said = self.await_(rb"<iq.*?</iq>|<presence").group(0)
        name = re.search(rb'id="([^"]*)"', said)
        self.stage("roster")
        self.attack()
        if name:
            self.say(f"<iq type='result' id='{name.group(1).decode()}'><query "
                     "xmlns='jabber:iq:roster'/></iq>")
        self.await_(rb"</stream:stream>")
        self.say("</stream:stream>")

    def run(self):
        self.stage("accept")
        self.await_(rb"<stream:stream[^>]*>")
        self.stage("header")
        self.say(HEADER)
        self.stage("features")
        self.tls()
        self.await_(rb"<stream:stream[^>]*>")
        self.stage("header2")
        self.say(HEADER)
        self.stage("sasl")
        if self.fault == "plain-only":
            self.sasl_features("PLAIN")
            self.await_(rb"</auth>")
            self.say(f"<failure xmlns='{SASL}'><not-authorized/></failure>")
            raise Gone
        self.sasl_features("PLAIN", "SCRAM-SHA-1")
        self.scram()
        self.await_(rb"<stream:stream[^>]*>")
        self.stage("header3")
        self.say(HEADER)
        self.stage("binding")
        self.bind()
        self.roster()


def serve(kind, sock, fault, folder):
    talk = kind(sock, fault, folder)
    sock.settimeout(30)
    try:
        talk.run()
    except (Gone, OSError, ssl.SSLError):
        pass
    finally:
        talk.sock.close()


def listen(kind, fault, folder):
    sock = socket.create_server(("127.0.0.1", 0))
    print(fault, sock.getsockname()[1])

    def accept():
        while True:
            one, _ = sock.accept()
            threading.Thread(target=serve, args=(kind, one, fault, folder),
                             daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def main(kind, faults):
    folder = sys.argv[1]
    for fault in faults:
        listen(kind, fault, folder)
    print(flush=True)
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)


if __name__ == "__main__":
    main(Talk, SPECIAL + [f"{a}-at-{s}" for a in ACTIONS for s in STAGES])
