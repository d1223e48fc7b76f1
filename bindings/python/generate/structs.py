"""structs.py - writes the module of structs: a dataclass for each, and the functions
that read it from C and write it to C, which are what the tables describe, unrolled."""

import re

import names

ATTR, TEXT, CHILD, CHILD_ATTR, FLAG, CHOICE, ELEMENT, ELEMENTS, CHILDREN, \
    SELF = range(1, 11)
IS_TEXT, IS_NUMBER, IS_REAL, IS_BOOL, IS_JID, IS_TIME, IS_BYTES, IS_ENUM = range(1, 9)

# One value: its annotation, its default, how it is read from and written to `{0}`.
SCALARS = {
    IS_TEXT: ("str | None", "None", "string(v).decode() if (v := {0}) else None",
              "put_text({0}, k)"),
    IS_NUMBER: ("int | None", "None", "number({0})", "put_number({0})"),
    IS_REAL: ("float | None", "None", "real({0})", "put_real({0})"),
    IS_BOOL: ("bool", "False", "bool({0})", "int({0})"),
    IS_JID: ("JID | None", "None", "jid({0})", "put_jid({0}, k)"),
    IS_TIME: ("datetime | None", "None", "time({0})", "put_time({0})"),
    IS_BYTES: ("bytes | None", "None", "octets({0})", "put_octets({0}, k)"),
}
# Items of a list are never absent.
ITEMS = {IS_TEXT: ("str", "const char *"), IS_NUMBER: ("int", "long"),
         IS_REAL: ("float", "double"), IS_BOOL: ("bool", "int"),
         IS_JID: ("JID", "xmpp_jid_t"), IS_TIME: ("datetime", "xmpp_time_t"),
         IS_BYTES: ("bytes", "xmpp_bytes_t"), IS_ENUM: ("str", "int")}
NUMBER_TYPES = {"int", "long", "unsigned", "unsigned long", "size_t", "unsigned short"}

HEAD = '''"""structs.py - made from the headers and tables of libxmpp {version}; do not edit."""

from __future__ import annotations

import dataclasses
import enum
from datetime import datetime
from typing import Any, ClassVar, Literal

from ._libxmpp import ffi, lib
from .convert import (NULL, Struct, enum_in, jid, known, number, octets, put_jid, put_number,
                      put_octets, put_real, put_text, put_time, real, refuse, string, time)
from .jid import JID
from .stanza import Stanza, borrow

'''


class Field:
    """One attribute: how it is declared, read and written."""

    def __init__(self, name, annotation, default, read, write=None):
        self.name, self.annotation, self.default = names.member(name), annotation, default
        self.read, self.write = read, write


class Structs:
    def __init__(self, api):
        self.api = api
        self.by_name = {one["name"]: one for one in api["structs"] if one["name"]}
        self.tables = {one["variable"]: one for one in api["payloads"]}
        self.struct_of = {}  # of a table
        self.names = {}      # lists of names, by their Python variable
        self.enums = {one["name"]: one for one in api["enums"] if one["name"]}
        for table in api["payloads"]:
            if table["variable"] + "_t" in self.by_name:
                self.struct_of[table["variable"]] = table["variable"] + "_t"
        self.follow()
        self.guess()

    def follow(self):
        """A table without a name is of the type of the member that it describes."""
        todo = list(self.struct_of)
        while todo:
            variable = todo.pop()
            members = self.members(self.struct_of[variable])
            for field in self.tables[variable]["fields"]:
                inner = field.get("payload")
                if inner and inner not in self.struct_of:
                    kind = members[field["member"]]["type"]
                    self.struct_of[inner] = re.search(r"(xmpp_\w+_t)\b|struct _(xmpp_\w+_t)",
                                                      kind)
                    match = self.struct_of[inner]
                    self.struct_of[inner] = match[1] or match[2]
                    todo.append(inner)

    def guess(self):
        """Several tables may share a struct of their header: the one that has exactly
        their members."""
        of_table = {one["variable"]: one for one in self.api["payloads"]}
        for variable, table in of_table.items():
            if variable in self.struct_of:
                continue
            fields = {one["member"] for one in table["fields"]}
            for struct in self.api["structs"]:
                if struct["members"] and struct["name"] and fields == \
                        {m["name"] for m in struct["members"]} - {"size"}:
                    self.struct_of[variable] = struct["name"]
                    break

    def members(self, struct):
        return {one["name"]: one for one in self.by_name[struct]["members"]}

    # ---- fields ----

    def enum_list(self, values):
        """The variable that holds these names."""
        key = tuple(values)
        return self.names.setdefault(key, f"NAMES_{len(self.names)}")

    @staticmethod
    def place(name):
        return f"p.{name}" if names.member(name) == name else f"getattr(p, {name!r})"

    def field(self, table, field, members, order):
        name = field["member"]
        place = self.place(name)
        if field["at"] == SELF:
            return Field(name, "Stanza | None", "None", f"borrow(x, {place})")
        if field["at"] in (ELEMENTS, CHILDREN):
            return self.list_field(field, members, order)
        if field["at"] == ELEMENT:
            inner = field["payload"]
            kind = names.class_name(self.struct_of[inner])
            return Field(name, f"{kind} | None", "None",
                         f"read_{inner}(v, x) if (v := {place}) else None",
                         f"NULL if {{0}} is None else write_{inner}({{0}}, k)")
        if field["at"] == FLAG:
            return Field(name, "bool", "False", f"bool({place})", "int({0})")
        if field["at"] == CHOICE or field["is"] == IS_ENUM:
            values = self.enum_list(field["names"])
            literal = "Literal[" + ", ".join(repr(one) for one in field["names"]) + "]"
            return Field(name, f"{literal} | None", "None", f"{values}.get({place})",
                         f"enum_in({values}_, {{0}}, {name!r})")
        annotation, default, read, write = SCALARS[field["is"]]
        return Field(name, annotation, default, read.format(place), write)

    def list_field(self, field, members, order):
        name, count = field["member"], order[order.index(field["member"]) + 1]
        if members[count]["type"] != "size_t":
            raise ValueError(f"{name} has no length behind it")
        each = f"for i in range(n)] if (n := p.{count}) else []"
        item = f"p.{name}[i]"
        if field["at"] == ELEMENTS:
            inner = field["payload"]
            struct = self.struct_of[inner]
            return Field(name, f"list[{names.class_name(struct)}]", "list",
                         f"[read_{inner}({item}, x) {each}",
                         ("many", f"{struct} *[]", f"write_{inner}(one, k)", count))
        if field["is"] == IS_ENUM:
            values = self.enum_list(field["names"])
            return Field(name, "list[str]", "list", f"[{values}.get({item}) {each}",
                         ("many", "int[]", f"enum_in({values}_, one, {name!r})", count))
        annotation, kind = ITEMS[field["is"]]
        _, _, read, write = SCALARS[field["is"]]
        one = f"int({item})" if field["is"] == IS_NUMBER else read.format(item)
        if field["is"] in (IS_REAL, IS_JID, IS_TIME, IS_BYTES):
            one = f"known({one})"
        elif field["is"] == IS_TEXT:
            one = f"string({item}).decode()"
        return Field(name, f"list[{annotation}]", "list", f"[{one} {each}",
                     ("many", f"{kind}[]", write.format("one"), count))

    def plain_field(self, member, order, members):
        """A member without a table: what its type says."""
        kind, name = member["type"], member["name"]
        place = self.place(name)
        behind = order[order.index(name) + 1:][:1]
        if kind == "const char *" and behind == ["length"]:
            return Field(name, "str", '""',
                         f"ffi.buffer({place}, p.length)[:].decode()")
        if kind in ("const char *", "char *"):
            return Field(name, *SCALARS[IS_TEXT][:2], SCALARS[IS_TEXT][2].format(place),
                         SCALARS[IS_TEXT][3])
        if kind in NUMBER_TYPES:
            return Field(name, "int", "0", f"int({place})", "{0}")
        if kind in self.enums:
            enum = names.class_name(kind)
            return Field(name, f"{enum} | int", "0", f"as_enum({enum}, int({place}))",
                         "int({0})")
        if kind == "xmpp_stanza_t *":
            return Field(name, "Stanza | None", "None", f"borrow(x, {place})")
        if kind == "const xmpp_jid_t *":
            return Field(name, "JID | None", "None",
                         f"jid({place}[0]) if {place} else None")
        if kind == "xmpp_jid_t":
            return Field(name, *SCALARS[IS_JID][:2], SCALARS[IS_JID][2].format(place),
                         SCALARS[IS_JID][3])
        return None

    def fields(self, variable, struct):
        """Of a table, or (None) of a struct without one."""
        members = self.members(struct)
        order = [one["name"] for one in self.by_name[struct]["members"]]
        table = self.tables.get(variable)
        rows = {one["member"]: one for one in table["fields"]} if table else {}
        counts = {order[order.index(name) + 1] for name, row in rows.items()
                  if row["at"] in (ELEMENTS, CHILDREN)}
        for name, member in members.items():
            if name in rows:
                yield self.field(table, rows[name], members, order)
            elif name not in counts and name not in ("size", "length"):
                field = self.plain_field(member, order, members)
                if field:
                    yield field

    # ---- text ----

    def plain_structs(self):
        """Structs without a table that functions return, and callbacks get."""
        wanted = {one["returns"]["role"].removeprefix("struct:")
                  for one in self.api["functions"] if not one["exception"]
                  and (one["returns"]["role"] or "").startswith("struct:")}
        wanted |= {"xmpp_lookup_t", "xmpp_cert_question_t", "xmpp_srv_t",
                   "xmpp_form_fault_t", "xmpp_form_part_t", "xmpp_inbound_t"}
        described = set(self.struct_of.values())
        return sorted(one for one in wanted if one in self.by_name and
                      one not in described and self.by_name[one]["members"])

    def text(self):
        parts = [HEAD.format(version=self.api["version"])]
        for one in self.api["enums"]:
            if one["name"]:
                parts.append(self.enum_class(one))
        parts.append(self.codes())
        numbers = {name.removeprefix("XMPP_"): value
                   for name, value in self.api["numbers"].items()}
        parts += [f"{name} = {value}\n" for name, value in numbers.items()]
        parts.append("\ndef as_enum(kind: type[enum.IntEnum], value: int) -> int:\n"
                     "    return kind(value) if value in kind._value2member_map_ "
                     "else value\n\n")
        bodies, seen = [], set()
        for variable, struct in self.struct_of.items():
            fields = list(self.fields(variable, struct))
            if struct not in seen:
                seen.add(struct)
                bodies.append(self.class_text(struct, fields))
            bodies.append(self.functions(variable, struct, fields))
        for struct in self.plain_structs():
            fields = list(self.fields(None, struct))
            bodies.append(self.class_text(struct, fields))
            bodies.append(self.functions(struct, struct, fields))
        for values, variable in self.names.items():
            pairs = ", ".join(f"{i + 1}: {one!r}" for i, one in enumerate(values))
            parts.append(f"{variable}: dict[int, Any] = {{{pairs}}}\n"
                         f"{variable}_ = {{b: a for a, b in {variable}.items()}}\n")
        parts += bodies
        parts.append(self.registry())
        public = sorted({names.class_name(one) for one in [
            *self.struct_of.values(), *self.plain_structs(), *self.enums]} |
            set(numbers) | {"Code"})
        parts.append("\n__all__ = [" + ",\n           ".join(map(repr, public)) + "]\n")
        return "".join(parts)

    def enum_class(self, one):
        lines = [f"class {names.class_name(one['name'])}(enum.IntEnum):\n"]
        lines.append(names.docstring(one["contract"], "    "))
        for short, constant in names.enum_members(one):
            lines.append(f"    {short} = {constant['value']}\n")
        return "".join(lines) + "\n\n"

    def codes(self):
        lines = ["class Code(enum.IntEnum):\n", '    """Of XmppError."""\n']
        for one in self.api["errors"]:
            lines.append(f"    {one['name'].removeprefix('XMPP_')} = {one['code']}"
                         f"  # {one['text']}\n")
        return "".join(lines) + "\n\n"

    def class_text(self, struct, fields):
        lines = ["\n@dataclasses.dataclass(slots=True)\n",
                 f"class {names.class_name(struct)}(Struct):\n",
                 names.docstring(self.by_name[struct]["contract"] or struct, "    ")]
        for one in fields:
            default = "dataclasses.field(default_factory=list)" \
                if one.default == "list" else one.default
            lines.append(f"    {one.name}: {one.annotation} = {default}\n")
        if not fields:
            lines.append("    pass\n")
        return "".join(lines) + "\n"

    def functions(self, variable, struct, fields):
        kind = names.class_name(struct)
        lines = [f"\ndef read_{variable}(p: Any, x: Any) -> {kind}:\n",
                 f"    return {kind}("]
        lines.append(",\n        ".join(one.read for one in fields))
        lines.append(")\n\n")
        lines.append(f"\ndef write_{variable}(o: {kind}, k: list[Any]) -> Any:\n"
                     f"    if not isinstance(o, {kind}):\n"
                     f"        refuse(o, {kind})\n"
                     f"    p = ffi.new('{struct} *')\n"
                     f"    k.append(p)\n")
        if any(one["name"] == "size" for one in self.by_name[struct]["members"]):
            lines.append(f"    p.size = ffi.sizeof('{struct}')\n")
        for one in fields:
            lines.append(self.assignment(one))
        lines.append("    return p\n")
        return "".join(lines)

    @staticmethod
    def assignment(one):
        if one.write is None:
            return ""
        name = one.name.rstrip("_")
        if isinstance(one.write, tuple):
            _, kind, item, count = one.write
            return (f"    if o.{one.name}:\n"
                    f"        a = ffi.new('{kind}', [{item} for one in o.{one.name}])\n"
                    f"        k.append(a)\n"
                    f"        p.{name} = a\n"
                    f"        p.{count} = len(a)\n")
        value = one.write.format(f"o.{one.name}")
        if name != one.name:
            return f"    setattr(p, {name!r}, {value})\n"
        return f"    p.{name} = {value}\n"

    def registry(self):
        """By the address of a table: how its values are read; by class: how they are
        written."""
        lines = ["\nREADERS: dict[int, Any] = {}\n",
                 "TABLES: dict[type[Struct], tuple[Any, Any]] = {}\n",
                 "WRITERS: dict[type[Struct], Any] = {}\n"]
        for variable, struct in self.struct_of.items():
            lines.append(f"WRITERS[{names.class_name(struct)}] = write_{variable}\n")
            if not variable.startswith("unnamed_"):
                lines.append(
                    f"READERS[int(ffi.cast('uintptr_t', ffi.addressof(lib, "
                    f"'{variable}')))] = (ffi.typeof('{struct} *'), "
                    f"read_{variable})\n")
                if variable + "_t" == struct:
                    lines.append(f"TABLES[{names.class_name(struct)}] = (ffi.addressof("
                                 f"lib, '{variable}'), write_{variable})\n")
        return "".join(lines)
