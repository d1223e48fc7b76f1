"""web.py - a web server on port 443 whose host-meta is good or hostile.

usage: web.py ADDRESS CERT KEY MODE-FILE URL
MODE-FILE has the word for what the next requests get; URL is the WebSocket.
"""
import socket
import ssl
import sys
import threading

address, cert, key, mode_file, url = sys.argv[1:]
REL = "urn:xmpp:alt-connections:websocket"
LINK = '{"rel":"%s","href":"%s"}' % (REL, url)
JSON = '{"links":[%s]}' % LINK
XRD = (
    '<?xml version="1.0"?><!-- c --><XRD '
    'xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
    f'<Link rel="{REL}" href="{url}"/></XRD>'
)
OK = "HTTP/1.1 200 OK\r\n"


def counted(text, kind="text/plain"):
    return f"{OK}Content-Type: {kind}\r\nContent-Length: {len(text)}\r\n\r\n{text}"


def chunked(text):
    chunks = "".join(f"{len(p):x};x=y\r\n{p}\r\n" for p in (text[:9], text[9:]))
    return f"{OK}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\nA: b\r\n\r\n"


def moved(where):
    return f"HTTP/1.1 302 Found\r\nLocation: {where}\r\n\r\n"


def missing(_):
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"


ANSWERS = {
    "json": lambda path: counted(JSON) if path.endswith(".json") else missing(path),
    "xrd": lambda path: missing(path) if path.endswith(".json") else counted(XRD),
    "html": lambda path: counted(JSON, "text/html"),
    "chunked": lambda path: chunked(JSON),
    "open": lambda path: f"{OK}\r\n{JSON}",
    "moved": lambda path: (
        counted(JSON) if path == "/x" else moved("https://localhost/x")
    ),
    "many": lambda path: counted(
        '{"links":[%s]}' % ",".join([LINK] * 20)
    ),
    "missing": missing,
    "huge": lambda path: f"{OK}\r\n{'[' * 10_000_000}",
    "deep": lambda path: counted("<a>" * 20000),
    "garbage": lambda path: f"{OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n{JSON}",
    "loop": lambda path: moved("https://localhost" + path),
    "clear": lambda path: moved("http://localhost/x"),
    "plain": lambda path: counted(JSON.replace("wss:", "ws:")),
    "entities": lambda path: counted(
        '<!DOCTYPE XRD [<!ENTITY a "aaaaaaaaaa">]>' + XRD
    ),
    "silent": lambda path: None,
}


def answer(mode, path):
    if mode.startswith("cut"):
        return counted(JSON)[: int(mode[3:])]
    return ANSWERS[mode](path)


def serve(sock, context):
    try:
        with context.wrap_socket(sock, server_side=True) as tls:
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += tls.recv(4096) or b"\r\n\r\n"
            path = asked.split()[1].decode()
            with open(mode_file, encoding="ascii") as file:
                text = answer(file.read().strip(), path)
            if text is None:
                tls.recv(1)
            else:
                tls.sendall(text.encode())
                tls.unwrap()
    except (OSError, IndexError):
        pass


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    listener = socket.create_server((address, 443), reuse_port=False)
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve, args=(sock, context), daemon=True).start()


main()
