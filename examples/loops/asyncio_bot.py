"""asyncio_bot.py - a bot in the loop of Python's asyncio, by ctypes alone.

    python3 asyncio_bot.py [LIBRARY]

It answers each message. Its settings are the environment variables of bot.h. Ctrl-C
ends it, as in any program of asyncio."""

import asyncio
import ctypes
import os
import sys

PERIOD = 0.2  # seconds between two messages to PEER
POLL = 0.05   # seconds between two looks, without a descriptor
CONNECT = 0   # of xmpp_conn_event_t

lib = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else "libxmpp.so.0")
pointer = ctypes.c_void_p
for name in ("xmpp_ctx_new xmpp_conn_new xmpp_message_new xmpp_presence_new "
             "xmpp_get_default_logger").split():
    getattr(lib, name).restype = pointer
for name in "xmpp_stanza_get_child_text xmpp_stanza_get_from".split():
    getattr(lib, name).restype = ctypes.c_char_p
lib.xmpp_ctx_new.argtypes = [pointer, pointer]
lib.xmpp_get_default_logger.argtypes = [ctypes.c_int]
Handler = ctypes.CFUNCTYPE(ctypes.c_int, pointer, pointer, pointer)
Event = ctypes.CFUNCTYPE(None, pointer, ctypes.c_int, ctypes.c_int, pointer, pointer)


def setting(name):
    value = os.environ.get(name)
    return value.encode() if value is not None else None


def send(ctx, conn, to, text):
    message = pointer(lib.xmpp_message_new(ctx, b"chat", to, None))
    lib.xmpp_message_set_body(message, text)
    lib.xmpp_send_take(conn, message)


async def tick(ctx, conn):
    number = 0
    while True:
        await asyncio.sleep(PERIOD)
        if setting("PEER") and lib.xmpp_conn_is_connected(conn):
            number += 1
            send(ctx, conn, setting("PEER"), b"tick %d" % number)


async def poll(ctx):
    """Instead of a descriptor, where the library was built without epoll."""
    while True:
        lib.xmpp_ctx_process(ctx)
        await asyncio.sleep(POLL)


def serve(loop, ctx):
    """The context in that loop; what ends it is returned."""
    fd = lib.xmpp_ctx_get_fd(ctx)
    if fd < 0:
        return asyncio.create_task(poll(ctx)).cancel
    loop.add_reader(fd, lib.xmpp_ctx_process, ctx)
    return lambda: loop.remove_reader(fd)


async def main(ctx, conn):
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    @Handler
    def on_message(conn, message, userdata):
        message = pointer(message)
        text = lib.xmpp_stanza_get_child_text(message, b"body", None)
        if text is not None:
            send(ctx, pointer(conn), lib.xmpp_stanza_get_from(message), text)
        return 1

    @Event
    def on_event(conn, event, error, stream_error, userdata):
        if event == CONNECT:
            lib.xmpp_send_take(pointer(conn), pointer(lib.xmpp_presence_new(ctx)))
            print("connected", flush=True)
        else:
            over.set()

    lib.xmpp_handler_add(conn, on_message, None, b"message", b"chat", None)
    if lib.xmpp_connect_client(conn, setting("HOST"), int(setting("PORT") or 0),
                               on_event, None) != 0:
        return
    leave = serve(loop, ctx)
    ticking = asyncio.create_task(tick(ctx, conn))
    try:
        await over.wait()
    finally:
        ticking.cancel()
        leave()
        lib.xmpp_conn_release(conn)  # while its handlers are alive


def run():
    ctx = pointer(lib.xmpp_ctx_new(None, lib.xmpp_get_default_logger(2)))
    conn = pointer(lib.xmpp_conn_new(ctx))
    lib.xmpp_conn_set_jid(conn, setting("JID"))
    lib.xmpp_conn_set_pass(conn, setting("LIBXMPP_PASSWORD"))
    lib.xmpp_conn_set_cafile(conn, setting("CAFILE"))
    try:
        asyncio.run(main(ctx, conn))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    lib.xmpp_ctx_free(ctx)


if __name__ == "__main__":
    run()
