#!/usr/bin/env python3
"""headers.py - what the headers of extensions declare, for those who call it
without knowing it: functions with the kinds of their arguments, modules,
payloads, numbers with a name."""

import pathlib
import re


# What follows it in a header is for other modules only: it may break a room.
FOR_MODULES = "/* ---- for modules about rooms -"

# What a caller has without being given it.
HERE = {"xmpp_conn_t *": "call->conn",
        "xmpp_ctx_t *": "call->ctx"}


# What is found by an address, held, and released: xmpp_room_find() and so on.
HANDLES = {"xmpp_room_t *"}


class Function:
    """A function of an extension; `kinds` as in tests/xep/call.h, or None if it
    takes something else."""

    def __init__(self, name, returns, arguments, payloads, enums):
        self.name = name
        self.takes_result = False
        self.structs = []  # of each argument: its payload, or None
        self.types = []
        self.kinds = self.read_arguments(arguments, payloads, enums)
        self.returns, self.returned = self.read_return(returns, payloads, enums)

    def read_arguments(self, arguments, payloads, enums):
        self.passed = []  # in C, {} is the next of `kinds`
        if arguments[-2:] == ["xmpp_result_handler ", "void *"]:
            self.takes_result = True
            arguments = arguments[:-2]
        kinds = ""
        for argument in arguments:
            if argument.removeprefix("const ") in HERE:
                self.passed.append(HERE[argument.removeprefix("const ")])
                continue
            kind, payload = kind_of(argument, payloads, enums)
            if not kind or kind == "v" and not kinds.endswith("p"):
                return None
            kinds += kind
            self.structs.append(payload)
            self.types.append(argument)
            self.passed.append("{}")
        if "x" in kinds and "h" not in kinds and \
                HERE["xmpp_conn_t *"] not in self.passed:
            return None  # it is borrowed, to be changed or read
        return kinds

    def read_return(self, returns, payloads, enums):
        if returns.strip() == "void":
            return "-", None
        if returns.strip() == "int":
            return "c", None
        kind, payload = kind_of(returns, payloads, enums)
        return (kind if kind in ("t", "n", "s", "h", "j") else None), payload

    def can_be_called(self):
        return self.kinds is not None and self.returns is not None


NUMBERS = {"unsigned", "int", "long", "size_t", "xmpp_time_t",
           "xmpp_jid_part_t"}


def kind_of(type_name, payloads, enums):
    """The kind of a type, and the payload of a struct."""
    simple = {"const char *": "t", "const xmpp_jid_t *": "j",
              "xmpp_stanza_t *": "x", "const xmpp_payload_t *": "p",
              "const void *": "v"}
    if type_name in simple:
        return simple[type_name], None
    if type_name.removeprefix("const ") in HANDLES:
        return "h", None
    struct = re.fullmatch(r"const (xmpp_\w+)_t \*", type_name)
    if struct and struct[1] in payloads:
        return "s", struct[1]
    if set(type_name.split()) <= NUMBERS | enums:
        return "n", None
    return None, None


def type_of(declaration):
    """A parameter without its name: `const char *`, `int `."""
    text = " ".join(declaration.split())
    text = re.sub(r"\s*\*\s*", " *", text)
    name = re.fullmatch(r"(.*?[ *])(\w+)", text)
    if not name or name[2] in ("int", "long", "unsigned", "void"):
        return text + ("" if text.endswith("*") else " ")
    return name[1]


class Headers:
    def __init__(self, paths):
        text = "".join(pathlib.Path(path).read_text().split(FOR_MODULES)[0]
                       for path in paths)
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
        self.modules = re.findall(r"const xmpp_module_t (\w+);", text)
        self.payloads = re.findall(r"const xmpp_payload_t (\w+);", text)
        enums = set(re.findall(r"\btypedef enum\b[^;]*?\}\s*(\w+);", text,
                               flags=re.S))
        self.numbers = []
        for body in re.findall(r"\benum\b[^{;]*\{(.*?)\}", text, flags=re.S):
            self.numbers += re.findall(r"\b(XMPP_\w+)\b\s*(?:=|,|$)", body)
        self.functions = [
            Function(name, type_of(returns + " name"),
                     [type_of(one) for one in arguments.split(",")],
                     set(self.payloads), enums)
            for returns, name, arguments in re.findall(
                r"XMPP_API\s+([\w\s*]+?\b|[\w\s*]+\*)\s*(xmpp_\w+)\s*"
                r"\(([^()]*)\)[^;{]*;", text)]
