"""names.py - how what is declared in C is called in Python."""

import keyword

import naming  # of ../../describe

# Attributes of the classes that these would hide.
TAKEN = {"None", "True", "False"}


def class_name(struct):
    """xmpp_roster_item_t is RosterItem."""
    return "".join(word.capitalize() for word in
                   struct.removeprefix("xmpp_").removesuffix("_t").split("_"))


def member(name):
    return f"{name}_" if keyword.iskeyword(name) or name in TAKEN else name


def method(function, namespace):
    """xmpp_ping() in ping.h is what is called as ping() itself."""
    return member(naming.method(function, namespace) or "__call__")


def enum_members(enum):
    """The names of its constants: XMPP_ROSTER_BOTH is BOTH."""
    for short, one in naming.constants(enum):
        yield (f"_{short}" if short[0].isdigit() else member(short)), one


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
