"""names.py - how what is declared in C is called in Python."""

import keyword
import re

# Attributes of the classes that these would hide.
TAKEN = {"None", "True", "False"}


def class_name(struct):
    """xmpp_roster_item_t is RosterItem."""
    return "".join(word.capitalize() for word in
                   struct.removeprefix("xmpp_").removesuffix("_t").split("_"))


def member(name):
    return f"{name}_" if keyword.iskeyword(name) or name in TAKEN else name


def module_of(header):
    return header.removeprefix("xep/").removesuffix(".h")


def method(function, namespace):
    """xmpp_roster_set() in roster.h is set() of roster; xmpp_ping() in ping.h is what
    is called as ping() itself."""
    name = function.removeprefix("xmpp_")
    if name == namespace:
        return "__call__"
    for prefix in (namespace, namespace.split("_")[0], "conn", "ctx"):
        if name.startswith(prefix + "_"):
            name = name.removeprefix(prefix + "_")
            break
    return member(name)


def enum_members(enum):
    """The names of its constants without what they share: XMPP_ROSTER_BOTH is BOTH."""
    names = [one["name"] for one in enum["constants"]]
    prefix = "XMPP_"
    if len(names) > 1:
        common = re.match(r"(XMPP_(?:[A-Z0-9]+_)*)", shared(names))
        prefix = common[1] if common else prefix
    for one in enum["constants"]:
        short = one["name"].removeprefix(prefix)
        yield (f"_{short}" if short[0].isdigit() else member(short)), one


def shared(names):
    first, last = min(names), max(names)
    size = next((i for i, (a, b) in enumerate(zip(first, last)) if a != b),
                min(len(first), len(last)))
    return first[:size]


def docstring(text, indent):
    """A contract as a docstring."""
    text = text.replace("\\", "\\\\").replace('"""', "'''").strip()
    if not text:
        return ""
    lines = text.split("\n")
    body = "\n".join([lines[0]] + [f"{indent}{line}".rstrip() for line in lines[1:]])
    if body.endswith('"'):
        body += " "
    return f'{indent}"""{body}"""\n'
