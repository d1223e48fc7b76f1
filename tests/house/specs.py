#!/usr/bin/env python3
"""specs.py - the specifications that the library speaks: README, doc/USING, DOAP.

usage: tests/house/specs.py [--write]

From doc/SPECS (the core, and what has no rows) and the XMPP_SPEC rows of src/xep come the tables in
README and doc/USING, and libxmpp.doap. Printed, or with --write put where they belong.
"""
import pathlib
import re
import sys
import textwrap
from xml.sax.saxutils import escape

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True  # no folder of it in the sources
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import modules  # noqa: E402

STATES = ("complete", "partial", "planned", "deprecated")

# Of the sets of modules in configure.ac, in the order of README.
SETS = {"core": "extensions: core", "presence": "presence", "im": "messages",
        "history": "history", "rooms": "rooms", "nodes": "nodes",
        "social": "social", "iot": "devices", "files": "files",
        "calls": "calls"}

# The columns of README, and how wide they are.
WIDTHS = (24, 30, 40)
BEGIN = '"Complete" is all that the document asks of a client.'
END = "`bench/run BUILD_DIR`"
USING_BEGIN = "More of README's table:\n\n"
USING_END = "Where the tables are too short:"

DOAP = """<?xml version='1.0' encoding='UTF-8'?>
<!-- Made by tests/house/specs.py. -->
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'
         xmlns='http://usefulinc.com/ns/doap#'
         xmlns:xmpp='https://linkmauve.fr/ns/xmpp-doap#'>
  <Project>
    <name>libxmpp</name>
    <shortdesc xml:lang='en'>An embeddable XMPP client library in C</shortdesc>
    <description xml:lang='en'>Clients, bots, devices and components in C; a superset of libstrophe</description>
    <programming-language>C</programming-language>
    <os>Linux</os>
    <license rdf:resource='https://spdx.org/licenses/MIT'/>
"""


class Row:
    """Some specifications under one title."""

    def __init__(self, title, specs, status, note, tests):
        self.is_further = title.startswith("+ ")
        self.title, self.specs, self.status = title.removeprefix("+ "), specs, status
        self.note, self.tests = note, tests


def core_rows(top):
    table = modules.table(top)
    return [row for row in listed(top) if row.title not in table]


def listed(top):
    """The rows of doc/SPECS."""
    for line in (top / "doc/SPECS").read_text().splitlines():
        if line.startswith("    ") and line.count("|") == 4:
            title, specs, status, note, tests = (
                part.strip() for part in line.split("|"))
            if title == "title":
                continue
            found = [(s.rsplit(" ", 1)[0], s.rsplit(" ", 1)[1])
                     if s.startswith("XEP") else (s, None)
                     for s in specs.split(", ")]
            yield Row(title, found, status, note, tests.split())


def talks(top, name, spec):
    """The tests of a module that cover a specification: those that are named
    after the module, if it has only one; else those that mention it."""
    found = [p for p in sorted(top.glob("tests/xep/*.talk"))
             if re.fullmatch(rf"{name}(-\w+)*", p.stem)]
    if len(module_specs(top, name)) > 1:
        found = [p for p in found if spec in p.read_text()]
    return [str(p.relative_to(top)) for p in found]


def module_specs(top, name):
    """[(spec, version, status)]"""
    return re.findall(r'XMPP_SPEC\("([^"]+)",\s*"([^"]+)",\s*"([^"]+)"\)',
                      (top / f"src/xep/{name}.c").read_text())


def module_rows(top):
    """(set, row) of all extensions."""
    table = modules.table(top)
    for row in listed(top):
        if row.title in table:
            yield table[row.title][0], row
    for name, (which, _) in table.items():
        for spec, version, status in module_specs(top, name):
            yield which, Row(name, [(spec, version)], status, "",
                             talks(top, name, spec))


def short(names):
    """RFC 7590 9525, XEP-0388 0386: the kind once."""
    kinds = {}
    for name in names:
        kind, number = re.match(r"(RFC |XEP-)(\d+)", name).groups()
        kinds.setdefault(kind, []).append(number)
    return ", ".join(kind + runs(numbers) for kind, numbers in kinds.items())


def runs(numbers):
    """Three numbers or more without a gap become the first and the last."""
    out, run = [], []
    for number in [*numbers, None]:
        if run and number and int(number) == int(run[-1]) + 1:
            run.append(number)
            continue
        out += [f"{run[0]}-{run[-1]}"] if len(run) > 2 else run
        run = [number]
    return " ".join(out)


def lines(columns, widths):
    cells = [textwrap.wrap(text, width - 1, break_on_hyphens=False)
             for text, width in zip(columns, widths)]
    for i in range(max(map(len, cells))):
        yield "    " + "".join(
            (cell[i] if i < len(cell) else "").ljust(width)
            for cell, width in zip(cells, widths)).rstrip() + "\n"


def core_lines(rows):
    for row in rows:
        words = row.note if row.note and row.status != "complete" else \
            "; ".join(filter(None, (row.status, row.note)))
        yield from lines((row.title, short(s for s, _ in row.specs), words), WIDTHS)


def readme_table(top):
    further = [row for row in core_rows(top) if row.is_further]
    out = list(core_lines(row for row in core_rows(top) if not row.is_further))
    out += lines(("and, in doc/USING", "; ".join(row.title for row in further)),
                 (WIDTHS[0], sum(WIDTHS[1:])))
    by_set = {}
    for which, row in module_rows(top):
        by_set.setdefault(which, []).append(row)
    for which, title in SETS.items():
        rows = by_set.get(which)
        if not rows:
            continue
        specs = sorted({spec for row in rows for spec, _ in row.specs})
        partial = sorted({row.title for row in rows if row.status == "partial"})
        names = {row.title for row in rows}
        # what a module is made of goes without saying
        words = ", ".join(sorted(n for n in names if not any(
            n.startswith(f"{other}_") for other in names)))
        if partial:
            words += f" ({', '.join(partial)} in part)"
        out += lines((title, f"{words}: {short(specs)}"),
                     (WIDTHS[0], sum(WIDTHS[1:])))
    return "".join(out)


def readme(top):
    """README with the table as it has to be."""
    text = (top / "README").read_text()
    head, begin, rest = text.partition(BEGIN)
    words, gap, rest = rest.partition("\n\n")
    _, end, tail = rest.partition(END)
    return head + begin + words + gap + readme_table(top) + "\n" + end + tail


def using(top):
    """doc/USING with its own rows."""
    head, begin, rest = (top / "doc/USING").read_text().partition(USING_BEGIN)
    _, end, tail = rest.partition(USING_END)
    table = "".join(core_lines(row for row in core_rows(top) if row.is_further))
    return head + begin + table + "\n" + end + tail


def doap(top):
    out = [DOAP]
    rows = [*core_rows(top), *(row for _, row in module_rows(top))]
    for row in rows:
        for spec, version in row.specs:
            kind, number = re.split(r"[ -]", spec)
            if kind == "RFC":
                out.append("    <implements rdf:resource="
                           f"'https://www.rfc-editor.org/rfc/rfc{number}'/>\n")
                continue
            note = "; ".join(filter(None, (
                row.note, f"tested by {', '.join(row.tests)}")))
            out.append(f"""    <implements>
      <xmpp:SupportedXep>
        <xmpp:xep rdf:resource='https://xmpp.org/extensions/xep-{number}.html'/>
        <xmpp:status>{row.status}</xmpp:status>
        <xmpp:version>{version}</xmpp:version>
        <xmpp:note xml:lang='en'>{escape(note)}</xmpp:note>
      </xmpp:SupportedXep>
    </implements>
""")
    return "".join(out) + "  </Project>\n</rdf:RDF>\n"


def faults(top):
    for path, text in ((top / "README", readme(top)),
                       (top / "doc/USING", using(top)),
                       (top / "libxmpp.doap", doap(top))):
        if not path.is_file() or path.read_text() != text:
            yield path, "another table of specifications: specs.py --write"
    for row in listed(top):
        if row.status not in STATES:
            yield top / "doc/SPECS", f"{row.title}: {row.status} is no status"
        for test in row.tests or ["a test"]:
            if not (top / test).exists():
                yield top / "doc/SPECS", f"{row.title}: there is no {test}"
    for which, row in module_rows(top):
        path = top / f"src/xep/{row.title}.c"
        if which not in SETS:
            yield top / "configure.ac", f"{which} is not a set of specs.py"
        if row.status not in STATES:
            yield path, f"{row.status} is no status of XEP-0453"
        if not row.tests:
            yield path, f"{row.specs[0][0]} has no talk in tests/xep"
    for name in modules.table(top):
        path = top / f"src/xep/{name}.c"
        if "XMPP_MODULE(" in path.read_text() and not module_specs(top, name):
            yield path, "has no XMPP_SPEC"


def main():
    if sys.argv[1:] == ["--write"]:
        (TOP / "README").write_text(readme(TOP))
        (TOP / "doc/USING").write_text(using(TOP))
        (TOP / "libxmpp.doap").write_text(doap(TOP))
    else:
        print(readme_table(TOP) + "\n" + doap(TOP), end="")


if __name__ == "__main__":
    main()
