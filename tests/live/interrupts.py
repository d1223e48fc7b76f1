"""interrupts.py - an interrupt ends the loop of a library that Python has called
by ctypes, although Python's handlers only run in between.

usage: interrupts.py LIBRARY"""

import ctypes
import signal
import sys
import threading
import time

FOR_EVER = 1000000  # milliseconds

lib = ctypes.CDLL(sys.argv[1])
lib.xmpp_ctx_new.restype = ctypes.c_void_p
ctx = ctypes.c_void_p(lib.xmpp_ctx_new(None, None))
nothing = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: None)
count = 0


def ok(good, name):
    global count
    count += 1
    print(f"{'' if good else 'not '}ok {count} - {name}")


class Interrupts(threading.Thread):
    """Until somebody has seen one: the first may come before the wait."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen = 0
        self.start()

    def run(self):
        while not self.seen:
            time.sleep(0.1)
            if not self.seen:
                signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


def ended_by(function, name):
    interrupts = Interrupts()

    def on_interrupt(*_):
        interrupts.seen += 1
        function(ctx)

    signal.signal(signal.SIGINT, on_interrupt)
    lib.xmpp_run(ctx)
    interrupts.join()
    ok(interrupts.seen, f"a handler that calls {name}() ends xmpp_run()")


def raised():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupts = Interrupts()
    try:
        while True:
            lib.xmpp_run_once(ctx, ctypes.c_ulong(FOR_EVER))
    except KeyboardInterrupt:
        interrupts.seen = 1
    interrupts.join()
    ok(True, "a KeyboardInterrupt is raised between two turns")


lib.xmpp_ctx_set_timeout(ctx, ctypes.c_ulong(FOR_EVER))
lib.xmpp_ctx_set_interrupt_handler(ctx, nothing, None)
ended_by(lib.xmpp_stop, "xmpp_stop")
ended_by(lib.xmpp_ctx_finish, "xmpp_ctx_finish")
lib.xmpp_ctx_set_interrupt_handler(ctx, None, None)
raised()
lib.xmpp_ctx_free(ctx)
print(f"1..{count}")
