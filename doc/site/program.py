"""program.py - the manual page of an example program: its options are those of its
source, the rest stands in doc/man."""

import re

import headers
import man

SOURCES = headers.TOP / "examples"
PAGES = headers.TOP / "doc/man"


def strings(text):
    """Adjacent string literals of C as one text."""
    joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
    return joined.encode().decode("unicode_escape")


def member(source, name):
    match = re.search(rf"\.{name} =\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)", source)
    return strings(match[1]) if match else ""


def kind_of(source):
    match = re.search(r"\.kind =\s*([A-Z_ |\n]+)", source)
    return set(re.findall(r"\w+", match[1])) if match else set()


def rows_of(kind):
    """Those that a program of this kind has: a letter or "", the name, the shape of
    the value or "", the meaning, and the sort of value (examples/cli_rows.c)."""
    text = (SOURCES / "cli_rows.c").read_text()
    found = []
    for row in re.findall(r"^    \{(\".*?)\},$", text, re.M | re.S):
        match = re.match(r'"([\w-]+)",\s*(0|\'(\w)\'),\s*(\w+),\s*(?:AT\(\w+\)|0),\s*'
                         r'\d+,\s*\d+,\s*([A-Z_| 0]+),\s*[A-Z_| 0]+,\s*"([^"]*)",\s*'
                         r'(.*)', row, re.S)
        who = set(match[5].split(" | "))
        if who == {"0"} or who & kind:
            found.append((match[3] or "", match[1], match[6], strings(match[7]), match[4]))
    return found


def options_of(kind):
    return [row[:4] for row in rows_of(kind)]


def switches_of(kind):
    """The names of those that --no- undoes."""
    return [row[1] for row in rows_of(kind) if row[4] == "SWITCH"]


def exit_codes():
    """(code, meaning) of each, by examples/cli.h."""
    text = (SOURCES / "cli.h").read_text().replace("\\\n", "\n")
    return re.findall(r'X\(EXIT_\w+, (\d+), "([^"]*)"\)', text)


def all_programs():
    return sorted(path.stem for path in SOURCES.glob("xmpp-*.c"))


def installed_programs():
    text = (headers.TOP / "Makefile.am").read_text()
    lists = re.findall(r"^tools \+?=((?:.*\\\n)*.*)$", text, re.M)
    return sorted(re.findall(r"examples/([\w-]+)", " ".join(lists)))


def others_of(name):
    """The programs that its page names: nobody looks for one that is not installed."""
    installed = installed_programs()
    known = installed if name in installed else all_programs()
    return [one for one in known if one != name]


def hand_written(name, kind=()):
    """The brief line, and parts by their headings. What stands between @if KIND and
    @end is for programs of that kind."""
    text = (PAGES / name).read_text()
    text = re.sub(r"^@if (\w+)\n(.*?)^@end\n",
                  lambda match: match[2] if match[1] in kind else "", text,
                  flags=re.M | re.S)
    brief, _, rest = text.partition("\n")
    parts = re.split(r"^# (.*)\n", rest, flags=re.M)[1:]
    return brief, list(zip(parts[::2], parts[1::2]))


def option_lines(options):
    out = []
    for letter, name, shape, meaning in options:
        start = f"\\fB\\-{letter}\\fR, " if letter else ""
        value = f" \\fI{man.escaped(shape)}\\fR" if shape else ""
        out += [".TP", f"{start}\\fB\\-\\-{man.escaped(name)}\\fR{value}",
                man.words(meaning[:1].upper() + meaning[1:] + ".")]
    return out


def page(name, version, date):
    source = (SOURCES / f"{name}.c").read_text()
    kind = kind_of(source)
    brief, parts = hand_written(name)
    first = "JID" if "CLI_COMPONENT" not in kind and "CLI_LOGS_IN" in kind else "DOMAIN"
    if kind or "cli_start" in source:
        usage = f"[options] {first} {member(source, 'arguments')}".strip()
        options = option_lines(options_of(kind))
    else:
        usage, options = dict(parts)["Usage"].strip(), []
    words = re.sub(r"([A-Z]+|options)", r"\\fI\1\\fR", man.escaped(usage))
    made = [("Synopsis", [f".B {man.escaped(name)}", words])]
    for heading, text in parts:
        if heading != "Usage":
            made.append((heading, man.body(text)))
        if heading == "Description" and options:
            made.append(("Options", options))
    if options:
        made += [(heading, man.body(text)) for heading, text in hand_written("common", kind)[1]
                 if ("password" not in heading.lower() or "CLI_LOGS_IN" in kind)
                 and heading not in dict(parts)]
    made.append(("See also", [*(f".BR {man.escaped(one)} (1)," for one in others_of(name)),
                              ".BR libxmpp (3)"]))
    return man.page(name, 1, brief, version, date, made)
