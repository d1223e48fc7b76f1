"""cdef.py - the declarations of the library as cffi reads them.

In API mode the C compiler sees the real headers: a declaration that differs from them is
an error of the build, and `...` is filled in by it."""

import re

# Programs see their members, but do not make them.
OPAQUE = {"xmpp_room_t", "xmpp_row_t", "xmpp_list_t"}
# Called by hand, although they are for modules: what is borrowed is held by them.
HELD = {"xmpp_room_hold"}


def is_wanted(function):
    exception = function["exception"]
    if function["is_variadic"]:
        return False
    return not exception or exception["kind"] == "hand" or function["name"] in HELD


def declare(kind, name):
    """`int (*)(void)` has its name inside."""
    if "(*)" in kind:
        return kind.replace("(*)", f"(*{name})", 1)
    array = re.fullmatch(r"(.*?)(\[\w*\])", kind)
    if array:
        return f"{array[1]} {name}[...]"
    return f"{kind} {name}"


def parameters(items):
    return ", ".join(declare(re.sub(r"\[\w*\]$", " *", one["type"]), one["name"])
                     for one in items) or "void"


class Cdef:
    def __init__(self, api):
        self.api = api
        self.lines = []

    def text(self):
        self.names()
        self.enums()
        for one in self.api["structs"]:
            if not one["tag"]:  # no name stands for it before it is declared
                self.struct(one)
        for one in self.api["callbacks"]:
            if self.is_known(one):
                self.lines.append(f"typedef {one['returns']} (*{one['name']})"
                                  f"({parameters(one['parameters'])});")
        for one in self.api["structs"]:
            if one["tag"]:
                self.struct(one)
        for one in self.api["functions"]:
            if is_wanted(one):
                self.lines.append(f"{one['returns']['type']} {one['name']}"
                                  f"({parameters(one['parameters'])});")
        # For cffi what is const has a value, but no address.
        for one in self.api["payloads"]:
            if not one["variable"].startswith("unnamed_"):
                self.lines.append(f"extern xmpp_payload_t {one['variable']};")
        for one in self.api["modules"]:
            self.lines.append(f"extern xmpp_module_t {one['variable']};")
        self.callbacks()
        return "\n".join(self.lines) + "\n"

    def names(self):
        for name, kind in self.api["aliases"].items():
            self.lines.append(f"typedef {kind} {name};")
        for one in self.api["structs"]:
            if one["name"] and one["tag"]:
                line = f"typedef struct {one['tag']} {one['name']};"
                if line not in self.lines:
                    self.lines.append(line)

    def enums(self):
        for one in self.api["enums"]:
            if one["name"]:
                constants = ", ".join(c["name"] for c in one["constants"])
                self.lines.append(f"typedef enum {{ {constants}, ... }} {one['name']};")
            else:
                self.numbers(c["name"] for c in one["constants"])
        self.numbers(self.api["numbers"])

    def numbers(self, constants):
        self.lines += [f"#define {name} ..." for name in constants]

    def is_known(self, callback):
        """Those that modules give to each other may name what is not declared."""
        return callback["userdata"] is not None

    def struct(self, one):
        if one["members"] is None or one["name"] in OPAQUE or not one["name"] or \
                one["is_for_modules"]:
            return
        body = "".join(f" {declare(m['type'], m['name'])};" for m in one["members"])
        if one["tag"]:
            self.lines.append(f"struct {one['tag']} {{{body} ...; }};")
        else:
            self.lines.append(f"typedef struct {{{body} ...; }} {one['name']};")

    def callbacks(self):
        """For each type of callback one function of Python, which finds by the
        userdata what to call."""
        self.lines.append('extern "Python" {')
        for one in self.api["callbacks"]:
            if self.is_known(one):
                self.lines.append(f"{one['returns']} py_{one['name']}"
                                  f"({parameters(one['parameters'])});")
        for store in ("int py_store_put(void *userdata, const char *account, "
                      "const char *kind, const char *key, const char *text, size_t n);",
                      "int py_store_each(void *userdata, const char *account, "
                      "const char *kind, xmpp_store_deliver deliver, void *to);",
                      "int py_store_begin(void *userdata);",
                      "int py_store_commit(void *userdata);",
                      "void py_log(void *userdata, xmpp_log_level_t level, "
                      "const char *area, const char *msg);"):
            self.lines.append(store)
        self.lines.append("}")


def source(api):
    """The C that cffi puts in front: the headers."""
    return "".join(f"#include <xmpp/{name}>\n" for name in api["headers"])
