#!/usr/bin/env python3
"""make_callers.py - prints callers.c, which calls what headers declare by its
name (tests/xep/call.h).

    make_callers.py HEADER...      headers of extensions, include/xmpp/xep/*.h
"""

import pathlib
import sys

sys.dont_write_bytecode = True
import headers  # noqa: E402, of this folder

MEMBER = {"n": "number", "t": "pointer", "j": "pointer", "s": "pointer",
          "p": "pointer", "v": "pointer", "x": "pointer", "h": "pointer"}


def argument(kind, type_name, i):
    text = f"call->args[{i}].{MEMBER[kind]}"
    if kind == "x":  # which was given away
        return f"(xmpp_stanza_t *)(size_t){text}"
    if kind == "h":
        return f"({type_name.removeprefix('const ').strip()})(size_t){text}"
    return f"({type_name.strip()}){text}" if kind == "n" else text


def caller(function):
    given = [argument(kind, function.types[i], i)
             for i, kind in enumerate(function.kinds)]
    passed = [given.pop(0) if one == "{}" else one for one in function.passed]
    if function.takes_result:
        passed += ["call->handler", "call->userdata"]
    target = {"-": "", "c": "call->number = ", "n": "call->number = (long)"}
    print(f"static void run_{function.name}(struct call *call)\n{{")
    print(f"    {target.get(function.returns, 'call->pointer = ')}"
          f"{function.name}(")
    print(",\n".join(f"        {one}" for one in passed) + ");\n}\n")


def row(function):
    structs = ", ".join(f"&{one}" if one else "NULL"
                        for one in function.structs) or "NULL"
    returned = f"&{function.returned}" if function.returned else "NULL"
    print(f'    {{"{function.name[5:]}", "{function.kinds}", '
          f"'{function.returns}', {int(function.takes_result)}, "
          f"{int(headers.HERE['xmpp_conn_t *'] in function.passed)}, "
          f"{{{structs}}}, {returned}, run_{function.name}}},")


def handles(functions):
    """A room is found by its address, and released."""
    has_rooms = any(one.name == "xmpp_room_find" for one in functions)
    find = "xmpp_room_find(conn, jid)" if has_rooms else "NULL"
    release = "xmpp_room_release(handle)" if has_rooms else "(void)handle"
    print("void *call_find_handle(xmpp_conn_t *conn, const xmpp_jid_t *jid)\n"
          f"{{\n    (void)conn;\n    (void)jid;\n    return {find};\n}}\n\n"
          f"void call_release_handle(void *handle)\n{{\n    {release};\n}}\n")


def main(paths):
    known = headers.Headers(paths)
    functions = [one for one in known.functions if one.can_be_called()]
    print("/* callers.c - made by make_callers.py. */\n")
    print('#include "xep/call.h"\n')
    for path in sorted(pathlib.Path(path).name for path in paths):
        print(f"#include <xmpp/xep/{path}>")
    print()
    for function in functions:
        caller(function)
    handles(functions)
    print("const struct call_row call_rows[] = {")
    for function in functions:
        row(function)
    print("    {0}};\n")
    print("const xmpp_module_t *const call_modules[] = {")
    for name in known.modules:
        print(f"    &{name},")
    print("    NULL};\n")
    print("const struct call_payload call_payloads[] = {")
    for name in known.payloads:
        print(f'    {{"{name[5:]}", &{name}}},')
    print("    {0}};\n")
    print("const struct call_number call_numbers[] = {")
    for name in sorted(set(known.numbers)):
        print(f'    {{"{name}", {name}}},')
    print("    {0}};")
    for function in known.functions:
        if not function.can_be_called():
            print(f"/* not called by its name: {function.name} */")


main(sys.argv[1:])
