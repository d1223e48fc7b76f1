#!/usr/bin/env python3
"""bindings.py - extensions from Python by their tables (tables.py), against a
server.

usage: bindings.py LIBRARY INCLUDE_FOLDER PORT AUTHORITIES"""

import pathlib
import sys

sys.dont_write_bytecode = True
import tables  # noqa: E402, of this folder

count = 0


def ok(good, name):
    global count
    count += 1
    print(f"{'' if good else 'not '}ok {count} - {name}")
    return good


def modules_of(library):
    """Those that the headers declare and this library has."""
    for name in library.headers.modules:
        try:
            library.module(name.removeprefix("xmpp_mod_"))
        except ValueError:
            continue
        yield name.removeprefix("xmpp_mod_")


def outcome(function, *arguments):
    """What comes of a call: its value, or the error."""
    try:
        return function(*arguments)
    except tables.XmppError as error:
        return error


def call_all(library, conn):
    """Each function that takes time and nothing but texts and addresses, which
    is to say most of what one can ask a server."""
    for name, function in sorted(library.functions.items()):
        if not function.takes_result or not hasattr(library.so, name) or \
                not set(function.kinds) <= set("tj"):
            continue
        arguments = ["localhost" if i == 0 else None
                     for i in range(len(function.kinds))]
        value = outcome(getattr(conn, name.removeprefix("xmpp_")), *arguments)
        good = value is None or isinstance(value, (dict, tables.XmppError))
        ok(good, f"{name}: {str(value)[:300]}".replace("#", "\\#"))


def has(library, *names):
    return all(f"xmpp_{name}" in library.functions and
               hasattr(library.so, f"xmpp_{name}") for name in names)


def disco(library, conn):
    if not has(library, "disco_get_info"):
        return
    info = conn.disco_get_info("localhost", None)
    ok(any("server" in str(one) for one in info.get("identities", [])),
       f"the server's identities: {info.get('identities')}")
    error = outcome(conn.disco_get_info, "localhost", "no such node")
    ok(str(error) == "item-not-found", f"what there is not: {error}")


def roster(library, conn, events):
    if not has(library, "roster_set", "roster_get", "roster_remove"):
        return
    item = {"jid": "juliet@localhost", "name": "Juliet \u2665",
            "groups": ["Friends", "Verona"]}
    conn.roster_set(item)
    conn.until(lambda: any(one[0] == "roster.added" for one in events))
    told = next(one[1] for one in events if one[0] == "roster.added")
    told["groups"] = sorted(told.get("groups", []))
    ok({key: told.get(key) for key in item} == item, f"an event: {told}")
    got = conn.roster_get("juliet@localhost")
    ok(got and got.get("name") == item["name"], f"what is in it: {got}")
    conn.roster_remove("juliet@localhost")
    conn.until(lambda: any(one[0] == "roster.removed" for one in events))
    ok(conn.roster_get("juliet@localhost") is None, "it is removed")


def nodes(library, conn):
    if not has(library, "pep_publish", "pubsub_get_item"):
        return
    value = {"category": "client", "type": "bot", "name": "Python"}
    conn.pep_publish("urn:example:node", "current", "xmpp_disco_identity",
                     value, None)
    item = conn.pubsub_get_item(None, "urn:example:node", "current")
    ok("current" in str(item), f"what was published: {item}")


def main(path, include, port, authorities):
    library = tables.Library(
        path, sorted(pathlib.Path(include, "xmpp", "xep").glob("*.h")))
    modules = list(modules_of(library))
    ok(modules, f"modules: {', '.join(modules)}")
    conn = tables.Connection(library, jid="romeo@localhost/python",
                             pass_="secret", cafile=authorities)
    events = []
    for name in modules:
        conn.use(name)
        conn.watch(name, lambda what, value, before, name=name:
                   events.append((f"{name}.{what}", value, before)))
    conn.connect("127.0.0.1", int(port))
    ok(True, f"{len(modules)} modules are used and watched")
    call_all(library, conn)
    disco(library, conn)
    roster(library, conn, events)
    nodes(library, conn)
    conn.close()
    ok(True, "and it ends")


main(*sys.argv[1:])
