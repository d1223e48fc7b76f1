"""headers.py - a public header as it is read: its purpose, its sections, and in
them entries, each a contract with the declarations that it belongs to.

The declarations stay text: a reader wants them as they stand in the header. What
types they have is the matter of bindings/describe."""

import dataclasses
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]

COMMENT = re.compile(r"/\*.*?\*/", re.S)
SECTION = re.compile(r"/\* ---- (.*?) -+ \*/")
NOISE = re.compile(r"^(?:XMPP_BEGIN|XMPP_END|#(?:ifndef|endif|include|ifdef|else|if)\b.*"
                   r"|#define XMPP_\w+_H)$")
INTERNAL = re.compile(r"_$|^XMPP_(?:API|BEGIN|END|PRINTF|DEPRECATED)$")


@dataclasses.dataclass
class Name:
    text: str
    kind: str  # function, type, callback, constant, macro, table


@dataclasses.dataclass
class Entry:
    contract: str
    code: str
    names: list[Name]


@dataclasses.dataclass
class Section:
    title: str  # "" before the first one
    entries: list[Entry]


@dataclasses.dataclass
class Header:
    name: str  # xmpp/conn.h
    purpose: str  # the first line, without the name of the file
    about: str  # the rest of the first comment
    sections: list[Section]
    includes: list[str]

    def entries(self):
        return [entry for section in self.sections for entry in section.entries]

    def names(self):
        return [name for entry in self.entries() for name in entry.names]

    def text(self):
        return "\n".join([self.purpose, self.about] + [
            f"{entry.contract}\n{entry.code}" for entry in self.entries()])


def words_of(comment):
    """A comment without its stars; how far its lines are indented stays."""
    lines = comment[2:-2].split("\n")
    lines = [lines[0].strip()] + [re.sub(r"^\s*\*? ?", "", line) for line in lines[1:]]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def names_of(code):
    """What a piece of a header declares, in its order."""
    found = []
    bare = COMMENT.sub(lambda match: " " * len(match[0]), code)

    def note(kind, pattern, flags=re.M):
        for match in re.finditer(pattern, bare, flags):
            if not INTERNAL.search(match[1]):
                found.append((match.start(1), Name(match[1], kind)))

    note("macro", r"^#define (\w+)")
    note("constant", r"\bX\((?:-?\d+, )?(XMPP_\w+)")
    note("table", r"^XMPP_API extern const \w+ (\w+)")
    note("callback", r"^typedef [^;{]*?\(\*(\w+)\)\(")
    note("type", r"^typedef [^;{(]*?\b(\w+);")
    note("type", r"^\} (\w+);")
    note("function", r"^XMPP_API (?!extern)[^;(]*?\b(\w+)\s*\(")
    for body in re.finditer(r"^(?:typedef )?enum[^{;]*\{(.*?)\}", bare, re.M | re.S):
        for match in re.finditer(r"(?:^|,)\s*(XMPP_\w+)", body[1], re.M):
            at = body.start(1) + match.start(1)
            if not INTERNAL.search(match[1]) and not match[1].endswith("_MAP"):
                found.append((at, Name(match[1], "constant")))
    unique = {}
    for _, name in sorted(found, key=lambda pair: pair[0]):
        unique.setdefault(name.text, name)
    return list(unique.values())


def shown(code):
    """Declarations as a reader wants them: without the mark of what is exported."""
    lines, is_moved = [], False
    for line in code.split("\n"):
        if line.startswith("XMPP_API "):
            line, is_moved = line[len("XMPP_API "):], True
        elif is_moved and line.startswith(" " * 12):
            line = line[len("XMPP_API "):]
        else:
            is_moved = False
        lines.append(line)
    return "\n".join(lines)


def logical_lines(text):
    """Lines, but a comment and what is continued by backslashes are one."""
    lines, position = [], 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if text.startswith("/*", position):
            end = max(end, text.find("\n", text.index("*/", position)))
        elif text.startswith("#", position):
            while text[end - 1] == "\\":
                end = text.find("\n", end + 1)
        lines.append(text[position:end])
        position = end + 1
    return lines


def read(path, name):
    text = path.read_text()
    first = COMMENT.search(text)
    purpose, _, about = words_of(first[0]).partition("\n\n")
    purpose = " ".join(purpose.split())
    purpose = purpose.partition(" - ")[2]
    if about == "" and "\n" in words_of(first[0]):
        head, _, rest = words_of(first[0]).partition("\n")
        if rest.startswith(" "):
            purpose, about = head.partition(" - ")[2], rest
    header = Header(name, purpose, about, [Section("", [])],
                    re.findall(r"^#include <(xmpp/[\w/]+\.h)>", text, re.M))
    contract, code, depth = "", [], 0

    def finish():
        nonlocal contract, code
        piece = "\n".join(code).strip("\n")
        is_inside = not names_of(piece) and re.search(r"_ENUM_|^#define", piece)
        if (contract or piece) and not is_inside:
            header.sections[-1].entries.append(Entry(contract, piece, names_of(piece)))
        contract, code = "", []

    for line in logical_lines(text[first.end():]):
        section = SECTION.fullmatch(line)
        if section:
            finish()
            header.sections.append(Section(section[1], []))
        elif depth == 0 and NOISE.match(line):
            pass
        elif line == "" and depth == 0:
            finish()
        elif line.startswith("/*") and line.endswith("*/") and depth == 0:
            finish()
            contract = words_of(line)
        else:
            code.append(line)
            bare = COMMENT.sub("", line)
            if not bare.startswith("#"):
                depth += bare.count("{") - bare.count("}")
    finish()
    header.sections = [one for one in header.sections if one.entries]
    return header


def read_all():
    """All headers of the library, the core first."""
    folder = TOP / "include"
    core = [p for p in sorted((folder / "xmpp").glob("*.h")) if p.name != "have.h"]
    return [read(path, str(path.relative_to(folder))) for path in
            [*core, *sorted((folder / "xmpp/xep").glob("*.h")), folder / "strophe.h"]]


def version():
    text = (TOP / "include/xmpp/version.h").read_text()
    return ".".join(re.findall(r"VERSION_(?:MAJOR|MINOR|MICRO) (\d+)", text))
