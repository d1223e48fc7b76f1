#!/usr/bin/env python3
"""describe.py - one description of the whole API, from which bindings are made.

usage: describe.py --include DIR [--have FILE] [--cc CC] [--cflags FLAGS] [--libs LIBS]
                   [--output FILE]

It reads the public headers below DIR and, by a small program that is compiled against
them, the tables of the library. FILE of --have is the xmpp/have.h that names the modules
which were built; DIR has it where the library is installed. The output is JSON; bindings/
README describes it."""

import argparse
import dataclasses
import fnmatch
import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True
import conditions  # noqa: E402, of this folder, as are the next
import headers as reading  # noqa: E402
import shapes as shaping  # noqa: E402
import tables  # noqa: E402

KINDS = {"modules", "strophe", "hand"}
EXCEPTIONS = pathlib.Path(__file__).parent.parent / "exceptions"


def modules_of(path):
    """Those that the library was built with."""
    return set(re.findall(r"#define XMPP_HAVE_(\w+)", path.read_text()))


class Exceptions:
    """What bindings do not call, or not by its shape, and why: each line is a function
    or a header, perhaps with *, a word, and a reason, which may go on in the next."""

    def __init__(self, path=EXCEPTIONS):
        self.rows = []
        for line in re.sub(r"\n[ \t]+", " ", path.read_text()).splitlines():
            if line and not line.startswith("#"):
                pattern, kind, reason = line.split(None, 2)
                self.rows.append((pattern, kind, reason))

    def find(self, function):
        for pattern, kind, reason in self.rows:
            if pattern.endswith(".h"):
                if pattern == function.header:
                    return pattern, kind, reason
            elif fnmatch.fnmatchcase(function.name, pattern):
                return pattern, kind, reason
        if function.is_for_modules:
            return "", "modules", "it follows `for modules` in its header"
        return None


def result_of(function, payloads):
    """What the value of its result is, by the contract: the name of a payload, "" for
    none, None if the contract does not name it."""
    words = " ".join(function.contract.split())
    match = re.search(r"\b[Vv]alue (?:of the result )?is an? (xmpp_\w+)_t\b", words)
    if match and match[1] in payloads:
        return match[1]
    if re.search(r"\b[Nn]o value\b", words):
        return ""
    return None


def enum_of(member, enums):
    """A member says in its comment which enum it is."""
    match = re.search(r"\b(xmpp_\w+_t)\b", member.comment)
    return match[1] if match and match[1] in enums else None


class Description:
    def __init__(self, include, have, compiler, cflags, libs):
        self.headers = reading.Headers(include, modules_of(have) if have else None)
        self.tables = tables.read(self.headers, compiler, cflags, libs)
        self.payloads = {one["variable"] for one in self.tables["payloads"]}
        self.shapes = shaping.Shapes(self.headers)
        self.exceptions = Exceptions()

    def module_in(self, header):
        """The module that a header declares, if it is one."""
        names = [one.name.removeprefix("xmpp_mod_") for one in self.headers.tables
                 if one.header == header and one.kind == "xmpp_module_t"]
        return names[0] if len(names) == 1 else None

    def function(self, one):
        roles = self.shapes.parameters(one)
        exception = self.exceptions.find(one)
        out = {"name": one.name, "header": one.header, "contract": one.contract,
               "module": self.module_in(one.header),
               "parameters": [{"name": p.name, "type": p.type, "role": role}
                              for p, role in zip(one.parameters, roles)],
               "returns": {"type": one.returns, "role": self.shapes.returns(one)},
               "lifetime": self.shapes.lifetime(one, roles),
               "is_variadic": one.is_variadic,
               "complaints": list(self.shapes.complaints(one, roles)),
               "exception": exception and {"pattern": exception[0],
                                           "kind": exception[1],
                                           "reason": exception[2]}}
        if any(role == "callback:xmpp_result_handler" for role in roles):
            out["result"] = result_of(one, self.payloads)
        return out

    def callback(self, one):
        names = [p.name for p in one.parameters]
        return {"name": one.name, "returns": one.returns, "header": one.header,
                "contract": one.contract,
                "parameters": [dataclasses.asdict(p) for p in one.parameters],
                "userdata": next((i for i, name in enumerate(names)
                                  if name in shaping.USERDATA and
                                  one.parameters[i].type == "void *"), None)}

    def struct(self, one):
        enums = self.shapes.enums
        return {"name": one.name, "tag": one.tag, "header": one.header,
                "contract": one.contract, "is_for_modules": one.is_for_modules,
                "payload": one.name[:-2] if one.name[:-2] in self.payloads else None,
                "members": None if one.members is None else [
                    {**dataclasses.asdict(m), "enum": enum_of(m, enums)}
                    for m in one.members]}

    def enum(self, one):
        values = self.tables["numbers"]
        return {"name": one.name, "header": one.header, "contract": one.contract,
                "constants": [{"name": c.name, "value": values[c.name],
                               "comment": c.comment} for c in one.constants]}

    def event(self, one, header):
        """What its value is, if no table describes it, stands behind its name."""
        values = self.tables["numbers"]
        comments = [c.comment for enum in self.headers.enums if enum.header == header
                    for c in enum.constants if values[c.name] == one["number"] and
                    c.name.endswith("_" + one["name"].replace("-", "_").upper())]
        match = None if one["payload"] else \
            re.search(r"\bvalue is (?:an?|the) (xmpp_\w+_t)\b",
                      " ".join(" ".join(comments).split()))
        return {**one, "value": match and match[1]}

    def module(self, one):
        declared = {t.name: t for t in self.headers.tables}[one["variable"]]
        one["events"] = [self.event(row, declared.header) for row in one["events"]]
        return {**one, "header": declared.header, "contract": declared.contract}

    def everything(self):
        of = self.headers
        values = self.tables["numbers"]
        return {
            "version": "{XMPP_VERSION_MAJOR}.{XMPP_VERSION_MINOR}."
                       "{XMPP_VERSION_MICRO}".format(**values),
            "headers": of.purposes,
            "functions": [self.function(one) for one in of.functions],
            "callbacks": [self.callback(one) for one in of.callbacks],
            "structs": [self.struct(one) for one in of.structs],
            "enums": [self.enum(one) for one in of.enums],
            "aliases": of.aliases,
            "numbers": {name: values[name] for name, _ in of.numbers},
            "texts": of.texts,
            "errors": self.tables["errors"],
            "conditions": conditions.ADVICE,
            "layers": self.tables["layers"],
            "options": self.tables["options"],
            "modules": [self.module(one) for one in self.tables["modules"]],
            "payloads": self.tables["payloads"],
        }


def describe(include, have=None, compiler="cc", cflags="", libs="-lxmpp"):
    """The description as a dict."""
    include = pathlib.Path(include)
    if have is None and (include / "xmpp" / "have.h").exists():
        have = include / "xmpp" / "have.h"
    cflags = f"-I{include} {cflags}"
    return Description(include, have and pathlib.Path(have), compiler, cflags,
                       libs).everything()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--include", required=True)
    parser.add_argument("--have")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cflags", default="")
    parser.add_argument("--libs", default="-lxmpp")
    parser.add_argument("--output", default="-")
    given = parser.parse_args()
    text = json.dumps(describe(given.include, given.have, given.cc, given.cflags,
                               given.libs), indent=1)
    if given.output == "-":
        print(text)
    else:
        pathlib.Path(given.output).write_text(text + "\n")


if __name__ == "__main__":
    main()
