#!/usr/bin/env python3
"""forger.py - a name server between: passes questions on, but forges SRV for who
does not ask for signatures, and may keep the signed answer back.

usage: forger.py PORT UPSTREAM-PORT TARGET TARGET-PORT HOLD-SECONDS
"""

import socket
import struct
import sys
import threading
import time

port, upstream, target, target_port, hold = sys.argv[1:]
SRV = 33


def question_end(packet):
    at = 12
    while packet[at]:
        at += packet[at] + 1
    return at + 5


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.split(".")) + b"\0"


def forged(packet):
    end = question_end(packet)
    data = struct.pack("!HHH", 0, 0, int(target_port)) + wire(target)
    return (packet[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + packet[12:end] +
            b"\xc0\x0c" + struct.pack("!HHIH", SRV, 1, 5, len(data)) + data)


def answer(packet, sender):
    kind = struct.unpack("!H", packet[question_end(packet) - 4:][:2])[0]
    wants_signatures = packet[11] > 0
    if kind == SRV and not wants_signatures:
        server.sendto(forged(packet), sender)
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ask:
        ask.settimeout(5)
        ask.sendto(packet, ("127.0.0.1", int(upstream)))
        got = ask.recv(65536)
    if kind == SRV:
        time.sleep(float(hold))
    server.sendto(got, sender)


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(port)))
ready = socket.socket() # for wait_port
ready.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
ready.bind(("127.0.0.1", int(port)))
ready.listen()
while True:
    question, who = server.recvfrom(65536)
    threading.Thread(target=answer, args=(question, who), daemon=True).start()
