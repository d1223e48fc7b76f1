"""methods.py - writes the module of calls: a class for each extension, whose methods are
its functions, and a class for each kind of object that functions are about."""

import re

import names
import naming  # of ../../describe
import structs as structs_

# What is made of each role: annotation, expression of the argument, whether None is
# allowed.
ROLES = {"text": ("str | None", "text({0})", True),
         "jid": ("str | None", "address({0}, k)", True),
         "real": ("float", "{0}", False),
         "number": ("int", "{0}", False),
         "stanza": ("Stanza | None", "pointer({0})", True),
         "stanza taken": ("Stanza | Struct | None", "given({0}, c)", True),
         "module": ("str", "module({0})", False),
         "payload": ("type[Struct] | None", "table({0})", True),
         "octets": ("bytes", "{0}", False)}
# What C calls is written by hand; these are awaited.
AWAITED = {"xmpp_result_handler": "wait", "xmpp_reply_handler": "wait_reply",
           "xmpp_sent_handler": "wait_sent"}
# asyncio has these itself, and client.py the others.
LANGUAGE = {
    "xmpp_digest": "hashlib", "xmpp_digest_hex": "hashlib", "xmpp_random": "secrets",
    "xmpp_unbase64": "base64", "xmpp_get_default_logger": "logging",
    "xmpp_jid_join": "JID", "xmpp_jid_set_resource": "JID.with_resource()",
    "xmpp_jid_copy": "JID", "xmpp_jid_from_string": "JID",
    "xmpp_payload_init": "a dataclass begins with nothing",
    "xmpp_payload_check": "the binding begins each struct",
    "xmpp_payload_copy": "copy.copy()", "xmpp_payload_equal": "==",
    "xmpp_payload_print": "repr()", "xmpp_payload_from_text": "from_xml()",
    "xmpp_payload_read_each": "a loop over a Stanza",
    "xmpp_time_parse": "datetime", "xmpp_time_print": "datetime",
    "xmpp_uri_get_param": "Uri.get()",
    "xmpp_conn_open_stream": "a raw connection negotiates in C",
    "xmpp_run": "the loop is asyncio's", "xmpp_run_once": "the loop is asyncio's",
    "xmpp_stop": "the loop is asyncio's", "xmpp_ctx_set_timeout": "the loop is asyncio's",
    "xmpp_ctx_process": "context.py calls it", "xmpp_ctx_get_fd": "context.py calls it",
    "xmpp_ctx_get_events": "the descriptor is watched for reading",
    "xmpp_ctx_get_poll_timeout": "the descriptor knows it",
    "xmpp_ctx_wakeup": "loop.call_soon_threadsafe()",
    "xmpp_ctx_post": "loop.call_soon_threadsafe()",
    "xmpp_ctx_set_interrupt_handler": "asyncio handles signals",
    "xmpp_slot_add_timed_handler": "loop.call_later()",
    "xmpp_slot_add_global_timed_handler": "loop.call_later()",
    "xmpp_slot_add_timeout": "loop.call_later()",
    "xmpp_slot_add_global_timeout": "loop.call_later()",
    "xmpp_initialize": "each library is prepared on first use",
    "xmpp_shutdown": "nothing has to be undone",
    "xmpp_conn_clone": "an object of Python holds it",
    "xmpp_conn_set_refused_handler": "send(confirm=True) raises it",
    "xmpp_slot_send_request": "request()", "xmpp_slot_remove": "Watch.remove()",
    "xmpp_slot_add_handler": "on()", "xmpp_slot_add_id_handler": "request()",
    "xmpp_slot_add_iq_handler": "answer()", "xmpp_slot_add_watch": "watch()",
    "xmpp_connect_client": "connect()", "xmpp_connect_component": "connect()",
    "xmpp_connect_raw": "a raw connection negotiates in C",
    "xmpp_conn_tls_start": "a raw connection negotiates in C",
    "xmpp_conn_open_stream_default": "a raw connection negotiates in C",
    "xmpp_result_cancel": "a task is cancelled", "xmpp_request_cancel": "likewise",
    "xmpp_conn_get_context": "an object of Python knows it",
    "xmpp_stanza_get_context": "an object of Python knows it",
    "xmpp_tlscert_get_ctx": "an object of Python knows it",
    "xmpp_tlscert_get_conn": "an object of Python knows it",
    "xmpp_room_get_conn": "an object of Python knows it",
    "xmpp_conn_use": "use()", "xmpp_conn_next_module": "Client.modules",
    "xmpp_stanza_clone": "an object of Python holds it",
    "xmpp_stanza_release": "an object of Python holds it",
}

# What is borrowed of these is held from then on.
HOLDS = {"xmpp_room_t": "xmpp_room_hold"}

HEAD = '''"""calls.py - made from the headers and tables of libxmpp {version}; do not edit."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, Callable

from . import structs
from ._libxmpp import ffi, lib
from .convert import NULL, Struct
from .handles import Handle
from .jid import JID
from .stanza import Stanza
from .structs import *  # noqa: F403
{helpers}
'''


# Functions of the package that methods call, by their modules. Arguments may have the
# same names, so they are imported with an underscore in front.
HELPERS = {"convert": ("address", "constant", "encoded", "jid", "put_secret", "put_time",
                       "real", "string", "taken_octets", "taken_text", "text", "time"),
           "handles": ("described", "found", "module", "table"),
           "stanza": ("borrow", "given", "own", "pointer"),
           "wait": ("raise_for", "wait", "wait_reply", "wait_sent")}
CALL = re.compile(r"(?<![\w.'])(" + "|".join(
    name for helpers in HELPERS.values() for name in helpers) + r")\(")
# They look into such a list, and cannot say that there is none.
LOOKS = {"count", "get", "is_loaded"}
OURS = {"c", "k", "r", "ffi", "lib", "structs"}


def imports():
    return "".join(f"from .{module} import {', '.join(f'{one} as _{one}' for one in all_)}"
                   f"\n" for module, all_ in HELPERS.items())


class Methods:
    def __init__(self, api):
        self.api = api
        self.structs = structs_.Structs(api)
        self.enums = {one["name"] for one in api["enums"]}
        self.callbacks = {one["name"]: one for one in api["callbacks"]}
        self.kept = {one["name"] for one in api["functions"] if one["lifetime"] == "kept"}
        # Modules that keep a list of what the server has: empty if they are not in use.
        self.lists = {one["module"] for one in api["functions"]
                      if one["name"] == f"xmpp_{one['module']}_next" and
                      one["parameters"][0]["role"] == "conn"}
        self.made = set()     # functions that have a method
        self.classes = {}     # of namespaces and handles: their methods
        self.contracts = {}

    def is_made(self, function):
        return not function["exception"] and function["name"] not in LANGUAGE

    def text(self):
        handles, spaces = {}, {}
        for one in self.api["functions"]:
            if not self.is_made(one):
                continue
            roles = [p["role"] for p in one["parameters"]]
            if roles and roles[0].startswith("self:") and roles[0] != "self:xmpp_stanza_t" \
                    and "taken" not in roles[0]:
                handles.setdefault(roles[0][5:], []).append(one)
            else:
                spaces.setdefault(naming.space(one, self.api["headers"]), []).append(one)
        parts = [HEAD.format(version=self.api["version"], helpers=imports())]
        for kind, functions in sorted(handles.items()):
            parts.append(self.handle(kind, functions))
        for space, functions in sorted(spaces.items()):
            parts.append(self.namespace(space, functions))
        parts.append(self.client(sorted(spaces)))
        return "".join(parts)

    # ---- classes ----

    def handle(self, kind, functions):
        prefix = kind.removeprefix("xmpp_").removesuffix("_t")
        ends = [one["name"] for one in functions
                if one["name"] in (f"xmpp_{prefix}_release", f"xmpp_{prefix}_free",
                                   f"xmpp_free_{prefix}")]
        lines = [f"\nclass {names.class_name(kind)}(Handle):\n",
                 names.docstring(self.structs.by_name[kind]["contract"] or kind, "    "),
                 "    __slots__ = ()\n",
                 f"    _release = lib.{ends[0]}\n" if ends else "    _release = None\n",
                 f"    _hold = lib.{HOLDS[kind]}\n" if kind in HOLDS else ""]
        self.made |= set(ends)
        for one in functions:
            if one["name"] not in ends:
                lines.append(self.method(one, prefix, is_handle=True))
        return "".join(lines)

    def namespace(self, space, functions):
        lines = [f"\nclass {self.space_class(space)}:\n",
                 names.docstring(self.purpose(space), "    "),
                 '    __slots__ = ("_c",)\n\n',
                 "    def __init__(self, client: Any) -> None:\n",
                 "        self._c = client\n"]
        seen = set()
        for one in functions:
            name = names.method(one["name"], space)
            if name in seen:
                raise ValueError(f"{space}.{name} is there twice")
            seen.add(name)
            lines.append(self.method(one, space))
        return "".join(lines)

    def purpose(self, space):
        if space == "core":
            return "Connections, stanzas, TLS: functions of the library itself."
        return self.api["headers"][f"xep/{space}.h"]

    @staticmethod
    def space_class(space):
        return "".join(word.capitalize() for word in space.split("_")) + "Calls"

    def client(self, spaces):
        lines = ["\nclass Calls:\n", '    """What a client has of each extension."""\n']
        for space in spaces:
            kind = self.space_class(space)
            lines.append(f"\n    @cached_property\n"
                         f"    def {names.member(space)}(self) -> {kind}:\n"
                         f"        return {kind}(self)\n")
        return "".join(lines)

    # ---- one method ----

    def method(self, one, space, is_handle=False):
        try:
            text = Method(self, one, space, is_handle).text()
        except KeyError as error:
            raise ValueError(f"{one['name']}: {error}") from None
        self.made.add(one["name"])
        return text


class Method:
    def __init__(self, all_, one, space, is_handle):
        self.all, self.one, self.is_handle = all_, one, is_handle
        self.name = names.method(one["name"], space)
        self.given = []      # (name, annotation, may be None)
        self.passed = []     # expressions for C
        self.before = []     # lines in front of the call
        self.outputs = []    # (annotation, expression)
        self.after = []      # lines behind the call
        self.waits = None
        self.keeping = ""    # the line around the call, if it sets a callback
        self.needs_keep = False
        parameters = list(one["parameters"])
        self.walks = naming.is_walk(one, parameters)
        if self.walks:
            parameters.pop()
        self.read(parameters)

    def read(self, parameters):
        skip = 0
        for i, one in enumerate(parameters):
            if skip:
                skip -= 1
                continue
            role, name = one["role"], names.member(one["name"])
            behind = [p["role"] for p in parameters[i + 1:]]
            if i == 0 and self.is_handle:
                self.passed.append("self._p")
            elif role in ("conn", "ctx"):
                self.passed.append("c._conn" if role == "conn" else "c._x.ctx")
            elif role == "payload" and behind[:1] == ["value"]:
                self.given.append((names.member(parameters[i + 1]["name"]), "Struct", False))
                value = self.given[-1][0]
                self.before.append(f"payload, write = described(type({value}))")
                self.passed += ["payload", f"write({value}, k)"]
                self.needs_keep, skip = True, 1
            elif role == "octets" and behind[:1] == ["size"]:
                self.octets(one, name)
                skip = 1
            elif role == "texts" and behind[:1] == ["count"]:
                self.given.append((name, "list[str]", False))
                self.before.append(f"k += [ffi.new('char[]', encoded(one)) for one in {name}]")
                self.before.append(f"{name}_ = ffi.new('char *[]', k[-len({name}):] or 1)")
                self.passed += [f"{name}_", f"len({name})"]
                self.needs_keep, skip = True, 1
            elif role == "buffer":
                self.before.append("room = ffi.new('char[]', 4096)")
                self.passed += ["room", "4096"]
                self.outputs.append(("str", "string(room).decode()"))
                skip = 1
            elif role.startswith("callback:"):
                skip = self.callback(role[9:], name, parameters[i:]) - 1
            elif role.startswith("out:"):
                self.output(role[4:], name, parameters[i + 1:i + 2])
            else:
                self.argument(role, name)

    def octets(self, one, name):
        if one["type"] == "const char *":
            self.given.append((name, "str | bytes", False))
            self.before.append(f"{name} = {name}.encode() if isinstance({name}, str) "
                               f"else {name}")
            self.passed += [name, f"len({name})"]
        else:
            self.given.append((name, "bytes", False))
            self.passed += [f"ffi.from_buffer('unsigned char[]', {name})", f"len({name})"]

    def argument(self, role, name):
        is_about = role.startswith("self:xmpp_stanza_t")
        role = role.replace("self:xmpp_stanza_t", "stanza")
        if is_about and role == "stanza":
            annotation, passed, may_be_none = "Stanza", "pointer({0}, True)", False
        elif role in ROLES:
            annotation, passed, may_be_none = ROLES[role]
            if role == "number" and self.type_of(name) == "xmpp_time_t":
                annotation, passed, may_be_none = "datetime | None", "put_time({0})", True
            if role == "number" and self.type_of(name) == "xmpp_jid_part_t":
                passed = "constant(JidPart, {0})"
                annotation = "JidPart | str"
            self.needs_keep |= role == "jid"
        elif role.startswith("enum:"):
            kind = names.class_name(role[5:])
            annotation, passed, may_be_none = f"{kind} | str", f"constant({kind}, {{0}})", \
                False
        elif role.startswith("struct:"):
            variable = role[7:-2]
            annotation = f"{names.class_name(role[7:])} | None"
            passed = f"NULL if {{0}} is None else write_{variable}({{0}}, k)"
            passed = passed.replace("write_", "structs.write_")
            may_be_none, self.needs_keep = True, True
        elif role.startswith(("handle:", "self:")):
            kind = names.class_name(role.split(":")[1].split(" ")[0])
            annotation, may_be_none = f"{kind} | None", True
            passed = "found({0}" + (", True)" if role.endswith("taken") else ")")
            if role.endswith("if 0"):
                self.after.append(f"if r == 0:\n            found({name}, True)")
        else:
            raise KeyError(role)
        self.given.append((name, annotation, may_be_none))
        self.passed.append(passed.format(name))

    def type_of(self, name):
        return next(p["type"] for p in self.one["parameters"]
                    if names.member(p["name"]) == name)

    def output(self, role, name, behind):
        kinds = {"number": ("int", "{0}[0]"), "jid": ("JID | None", "jid({0}[0])"),
                 "text": ("str | None", "string({0}[0]).decode() if {0}[0] else None"),
                 "text owned": ("str | None", "taken_text(c._x.ctx, {0}[0])")}
        types = {"number": "size_t *", "jid": "xmpp_jid_t *", "text": "const char **",
                 "text owned": "char **", "octets owned": "unsigned char **",
                 "text_error": "xmpp_text_error_t *"}
        if role not in types:
            raise KeyError(f"out:{role}")
        self.before.append(f"{name} = ffi.new('{self.out_type(name, types[role])}')")
        self.passed.append(name)
        if role == "octets owned":
            size = behind[0]["name"]
            self.outputs.append(("bytes", f"taken_octets(c._x.ctx, {name}[0], {size}[0])"))
        elif role in kinds and not (self.outputs and "taken_octets" in
                                    self.outputs[-1][1]):
            self.outputs.append((kinds[role][0], kinds[role][1].format(name)))

    def out_type(self, name, otherwise):
        kind = self.type_of(name)
        return kind if kind.endswith("*") else otherwise

    def callback(self, kind, name, rest):
        """Returns how many parameters belong to it."""
        count = 1 + sum(p["role"] in ("userdata", "destroy") for p in rest[1:3])
        if kind in AWAITED:
            self.waits = AWAITED[kind]
            return count
        callback = self.all.callbacks[kind]
        self.given.append((name, "Callable[..., Any] | None", True))
        # There is one for each node that is added, and for each module.
        key = f"'{self.one['name']}', "
        if self.one["lifetime"] == "kept" or self.one["parameters"][1]["role"] == "module":
            key += self.given[0][0]
        self.keeping = (f"with c._keeping(({key}), {name}, {self.adapter(callback)}, "
                        f"lib.py_{kind}) as (handler, userdata):")
        self.passed += ["handler", "userdata"]
        return count

    def adapter(self, callback):
        """What C passes, as a function of Python gets it."""
        raw, made = [], []
        if callback["parameters"][0]["type"] == "char *":  # it writes a secret there
            least = ", 1" if "0 to answer later" in callback["contract"] else ""
            return f"lambda f: lambda a, n, *_: put_secret(f(), a, n{least})"
        for i, one in enumerate(callback["parameters"]):
            if i == callback["userdata"]:
                continue
            raw.append(f"a{i}")
            value = self.from_c(one["type"], f"a{i}")
            if value:
                made.append(value)
        return f"lambda f: lambda {', '.join(raw)}: f({', '.join(made)})"

    def from_c(self, kind, name):
        if kind in ("xmpp_conn_t *", "xmpp_ctx_t *"):
            return None
        if kind == "xmpp_stanza_t *":
            return f"borrow(c._x, {name})"
        if kind == "const xmpp_jid_t *":
            return f"jid({name}[0]) if {name} else None"
        if kind == "const char *":
            return f"string({name}).decode() if {name} else None"
        struct = kind.removeprefix("const ").removesuffix(" *")
        if struct in self.all.structs.struct_of.values():
            return f"structs.read_{struct[:-2]}({name}, c._x) if {name} else None"
        if struct in self.all.structs.plain_structs():
            return f"structs.read_{struct}({name}, c._x)"
        return name

    # ---- its text ----

    def result(self):
        """The annotation of the result, and what is made of `r`."""
        role = self.one["returns"]["role"]
        name = self.one["name"]
        if role == "code":
            first = self.name.split("_")[0]
            if first in naming.PREDICATES:
                return "bool", "bool(r)"
            return "int", "r"
        simple = {"nothing": ("None", "None"), "number": ("int", "r"),
                  "real": ("float | None", "real(r)"),
                  "text": ("str | None", "string(r).decode() if r else None"),
                  "text owned": ("str | None", "taken_text(c._x.ctx, r)"),
                  "stanza": ("Stanza | None", "borrow(c._x, r)"),
                  "stanza owned": ("Stanza", "own(c._x, r)"),
                  "jid": ("JID | None", "jid(r[0]) if r else None")}
        if role == "number" and self.one["returns"]["type"] == "xmpp_time_t":
            return "datetime | None", "time(r)"
        if role in simple:
            return simple[role]
        kind, _, rest = role.partition(":")
        if kind == "enum":
            enum = names.class_name(rest)
            return enum, f"{enum}(r)"
        if kind == "struct":
            variable = rest[:-2] if rest in self.all.structs.struct_of.values() else rest
            return (f"{names.class_name(rest)} | None",
                    f"structs.read_{variable}(r, c._x) if r else None")
        if kind == "handle":
            struct, _, owned = rest.partition(" ")
            is_new, struct = name.endswith("_new"), names.class_name(struct)
            return (struct if is_new else f"{struct} | None",
                    f"{struct}.of(c, r, {bool(owned)}, {is_new})")
        raise KeyError(f"{name} returns {role}")

    def parameters(self):
        """With defaults from the last one that must be given on."""
        texts, may_be_left = [], True
        if OURS & {name for name, _, _ in self.given}:
            raise KeyError(f"an argument has a name of ours: {self.given}")
        for i, (name, annotation, may_be_none) in reversed(list(enumerate(self.given))):
            may_be_left = may_be_left and may_be_none and (
                i > 0 or "NULL" in self.one["contract"])
            default = " = None" if may_be_left else ""
            texts.insert(0, f"{name}: {annotation}{default}")
        return ", ".join(["self", *texts])

    def text(self):
        annotation, made = self.result()
        if self.waits:
            annotation = self.awaited()
        elif self.walks:
            annotation = f"list[{annotation.removesuffix(' | None')}]"
            self.name = self.name.replace("next", "all")
        elif self.outputs:
            kinds = [one for one, _ in self.outputs]
            annotation = kinds[0] if len(kinds) == 1 else f"tuple[{', '.join(kinds)}]"
        lines = [f"\n    {'async ' if self.waits else ''}def {self.name}"
                 f"({self.parameters()}) -> {annotation}:\n",
                 names.docstring(self.one["contract"], "        ")]
        body = ["c = self._c"]
        if self.one["module"] in self.all.lists and not self.waits and \
                (self.walks or self.name in LOOKS):
            body.append(f"c._need({self.one['module']!r})")
        if self.needs_keep or self.before:
            body.append("k: list[Any] = []")
        body += self.before + self.call(made)
        lines += ["        " + CALL.sub(r"_\1(", line) + "\n" for line in body]
        return "".join(lines)

    def awaited(self):
        if self.waits == "wait_reply":
            return "Stanza"
        if self.waits == "wait_sent":
            return "bool"
        result = self.one.get("result")
        if result == "":
            return "None"
        if result:
            may_be_none = re.search(r"\bno value\b|\bor none\b|\bNULL\b[^.]*\bvalue\b",
                                    self.one["contract"])
            return names.class_name(result + "_t") + (" | None" if may_be_none else "")
        return "Any"

    def call(self, made):
        passed = ", ".join(self.passed)
        function = f"lib.{self.one['name']}"
        if self.waits:
            end = f", {passed}" if passed else ""
            return [f"return await {self.waits}(c, {function}{end})"]
        if self.walks:
            front = f"{passed}, " if passed else ""
            return ["all_: list[Any] = []", "r = NULL",
                    f"while r := {function}({front}r):",
                    f"    all_.append({made})",
                    "return all_"]
        role = self.one["returns"]["role"]
        lines = [("" if role == "nothing" else "r = ") + f"{function}({passed})"]
        if role == "code" and not self.name.startswith(("is_", "has_")):
            lines.append("raise_for(c, r)")
        added = self.one["name"].replace("_remove_", "_add_")
        if added != self.one["name"] and added in self.all.kept:
            lines.append(f"c._forget(({added!r}, {self.given[0][0]}))")
        if self.keeping:
            lines = [self.keeping, *("    " + one for one in lines)]
        lines += self.after
        if self.outputs:
            lines.append(f"return {', '.join(one for _, one in self.outputs)}")
        elif role != "nothing":
            lines.append(f"return {made}")
        return lines


def unreachable(api, package):
    """Functions that no part of the package calls, and no table has a reason for: a
    binding that lacks one is not complete. `package` is the text of what is written by
    hand."""
    methods = Methods(api)
    methods.text()
    for one in api["functions"]:
        if one["exception"] and one["exception"]["kind"] != "hand":
            continue
        if one["name"] not in methods.made and one["name"] not in LANGUAGE and \
                one["name"] not in HOLDS.values() and \
                f"lib.{one['name']}" not in package:
            yield one["name"]
    names_ = {one["name"] for one in api["functions"]}
    for name in LANGUAGE:
        if name not in names_:
            yield f"{name} is in LANGUAGE, but there is no such function"
