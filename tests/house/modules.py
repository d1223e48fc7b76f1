"""modules.py - the rules for extensions, and what their table says of them."""

import re

PING_LINES_MOST = 40

# What a function of an extension may take, so that bindings can be generated: a
# connection, a text, a jid, a struct, a number, a stanza; and in the end, if it
# takes time or calls back, a function with its userdata.
SHAPES = (
    r"xmpp_conn_t \*conn",
    r"const char \*\w+",
    r"const xmpp_\w+_t \*\w+",
    r"(?:unsigned )?(?:int|long) \w+",
    r"xmpp_\w+_t \w+",
    r"xmpp_stanza_t \*\w+",
    r"const void \*value",  # which the payload before it describes
    r"xmpp_\w+_session_t \*session",  # a handle, which is released
    r"(?:const )?xmpp_room_t \*room",  # likewise
    r"xmpp_\w+_run_t \*run",  # what a handler is called for
)
CALLBACK = [r"xmpp_\w+_handler \w+", r"void \*userdata"]


def table(top):
    """The rows of configure.ac: {name: (set, [needs])}."""
    text = (top / "configure.ac").read_text()
    return {name: (which, needs.split()) for name, which, needs in re.findall(
        r"^XEP_MODULE\(\[(\w+)\], *\[(\w+)\](?:, *\[([^]]*)\])?\)$", text,
        re.M)}


# What follows it in a header is for other modules only, so no binding has it.
FOR_MODULES = "/* ---- for modules"


def declarations(path, end=None):
    """The functions of a header: what they return, their names, parameters."""
    text = path.read_text().split(end)[0]
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for ret, name, parameters in re.findall(
            r"^XMPP_API\s+([^;(]*?)\b(xmpp_\w+)\s*\(([^;]*)\)[^;()]*;", text,
            re.M):
        yield ret, name, [" ".join(p.split()) for p in parameters.split(",")]


def exported(top):
    """The functions of all extensions."""
    return [name for path in sorted(top.glob("include/xmpp/xep/*.h"))
            for _, name, _ in declarations(path)]


def shape_fits(parameters):
    if len(parameters) > 1 and all(
            re.fullmatch(p, q) for p, q in zip(CALLBACK, parameters[-2:])):
        parameters = parameters[:-2]
    return all(any(re.fullmatch(shape, p) for shape in SHAPES)
               for p in parameters)


def included(path):
    return {name for name in re.findall(
        r"#include <xmpp/xep/(\w+)\.h>", path.read_text())}


def shows(top, name):
    """Does doc/MODULES show this file as it is?"""
    lines = (top / name).read_text().splitlines(True)
    return "".join(f"    {line}" if line.strip() else line
                   for line in lines) in (top / "doc/MODULES").read_text()


def faults(top):
    rows = table(top)
    if len(rows) != len(re.findall(r"^XEP_MODULE\(\[", (
            top / "configure.ac").read_text(), re.M)):
        yield top / "configure.ac", "a row of XEP_MODULE is twice or is odd"
    for name in "include/xmpp/xep/ping.h", "src/xep/ping.c":
        if not shows(top, name):
            yield top / "doc/MODULES", f"shows another {name}"
    sources = {p.stem: p for p in top.glob("src/xep/*.c")}
    headers = {p.stem: p for p in top.glob("include/xmpp/xep/*.h")}
    for name in sorted(sources.keys() | headers.keys() | rows.keys()):
        missing = [what for what, where in (
            ("src/xep/NAME.c", sources), ("include/xmpp/xep/NAME.h", headers),
            ("a row in configure.ac", rows)) if name not in where]
        if missing:
            yield top / "configure.ac", f"extension {name} has no {missing[0]}"
            continue
        text = sources[name].read_text()
        if re.search(r'#include "', text):
            yield sources[name], "an extension includes public headers only"
        needs = included(sources[name]) | included(headers[name])
        if needs - {name} != set(rows[name][1]):
            yield (top / "configure.ac", f"{name} needs what it includes of "
                   f"xmpp/xep/: {' '.join(sorted(needs - {name})) or 'nothing'}")
        if name == "ping" and text.count("\n") > PING_LINES_MOST:
            yield sources[name], f"more than {PING_LINES_MOST} lines"
        for _, function, parameters in declarations(headers[name], FOR_MODULES):
            if not shape_fits(parameters):
                yield headers[name], f"{function}() takes what no binding knows"
