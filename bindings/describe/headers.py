"""headers.py - what the public headers declare: functions, callbacks, structs,
enums, numbers, tables, each with its contract.

A parser of this one style suffices, and keeps what a preprocessor throws away: the
comments, which are the contracts. It refuses a declaration that it cannot read, and
the C compiler checks what it did read, because the binding is compiled against the
headers themselves."""

import dataclasses
import pathlib
import re


class Unreadable(Exception):
    pass


@dataclasses.dataclass
class Parameter:
    type: str  # "const char *", "long"
    name: str


@dataclasses.dataclass
class Function:
    name: str
    returns: str
    parameters: list[Parameter]
    header: str
    contract: str
    is_variadic: bool
    is_deprecated: bool
    is_for_modules: bool


@dataclasses.dataclass
class Callback:
    name: str
    returns: str
    parameters: list[Parameter]
    header: str
    contract: str


@dataclasses.dataclass
class Member:
    type: str
    name: str
    comment: str


@dataclasses.dataclass
class Struct:
    name: str  # the typedef: xmpp_jid_t
    tag: str   # _xmpp_jid_t, or "" where there is none
    header: str
    contract: str
    members: list[Member] | None  # None: opaque
    is_for_modules: bool


@dataclasses.dataclass
class Constant:
    name: str
    comment: str


@dataclasses.dataclass
class Enum:
    name: str  # "" where it has none
    header: str
    contract: str
    constants: list[Constant]


@dataclasses.dataclass
class Table:
    name: str
    kind: str  # xmpp_module_t or xmpp_payload_t
    header: str
    contract: str


COMMENT = re.compile(r"/\*.*?\*/", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*\n?", re.M)
MACROS = re.compile(r"\b(?:XMPP_BEGIN|XMPP_END)\b")
ATTRIBUTES = re.compile(r"\b(?:XMPP_PRINTF|XMPP_DEPRECATED)\s*\([^()]*\)")
CONST_VARIABLE = re.compile(r"\*\s*const(?=\s*\w+$)")  # not what it points to
# What follows in a header is for the library's own modules, not for programs.
FOR_MODULES = re.compile(r"/\* ---- for modules\b.*?-+ \*/")
WHOLE_NUMBER = re.compile(r"#define (XMPP_[A-Z0-9_]+) (.+)")


def words_of(comment):
    """A comment as plain text, its lines joined."""
    lines = [re.sub(r"^\s*\*? ?", "", line) for line in comment[2:-2].split("\n")]
    return "\n".join(line.rstrip() for line in lines).strip()


def plain(text):
    return " ".join(COMMENT.sub(" ", text).split())


def split_declaration(text):
    """`const char *name` as a type and a name; a type alone has no name."""
    text = CONST_VARIABLE.sub("*", plain(text))
    text = re.sub(r"\s*\*\s*", " *", text)
    match = re.fullmatch(r"(.*[ *])(\w+)((?:\[\w*\])?)", text)
    if not match or match[2] in ("int", "long", "void", "char", "unsigned", "short",
                                 "const"):
        return text.strip(), ""
    return match[1].strip() + match[3], match[2]


def split_commas(text):
    """At the commas outside of parentheses."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return parts + [text[start:]]


def read_parameters(text):
    """Parameters, and whether `...` ends them."""
    parameters, is_variadic = [], False
    for part in split_commas(text):
        part = plain(part)
        function = re.fullmatch(r"(.*)\(\*(\w+)\)\s*\((.*)\)", part)
        if part == "...":
            is_variadic = True
        elif function:
            parameters.append(Parameter(f"{function[1].strip()} (*)({function[3]})",
                                        function[2]))
        elif part not in ("void", ""):
            parameters.append(Parameter(*split_declaration(part)))
    return parameters, is_variadic


def read_members(body):
    """The members of a struct, with the comment behind or before each."""
    members, position, before = [], 0, ""
    token = re.compile(r"\s*(?:(/\*.*?\*/)|([^;]*?;))", re.S)
    while match := token.match(body, position):
        position = match.end()
        if match[1]:
            same_line = "\n" not in body[match.start():match.start(1)]
            if same_line and members:
                members[-1].comment = words_of(match[1])
            else:
                before = words_of(match[1])
            continue
        text = match[2][:-1]
        function = re.fullmatch(r"\s*(.*?)\(\*(\w+)\)\s*\((.*)\)\s*", text, re.S)
        if function:
            members.append(Member(f"{plain(function[1])} (*)({plain(function[3])})",
                                  function[2], before))
        else:
            # `const char *body, *subject;` declares two
            first, *others = split_commas(plain(text))
            kind, name = split_declaration(first)
            members.append(Member(kind, name, before))
            base = kind.rstrip(" *")  # `char *a, *b;` has a star for each
            for other in others:
                kind, name = split_declaration(f"{base} {other.strip()}")
                members.append(Member(kind, name, before))
        before = ""
    if body[position:].strip():
        raise Unreadable(body[position:].strip())
    return members


def read_constants(body):
    constants = []
    token = re.compile(r"\s*(?:(/\*.*?\*/)|(\w+)\s*(?:=[^,/]*)?(?:,|(?=\s|/|$)))", re.S)
    position = 0
    while match := token.match(body, position):
        position = match.end()
        if match[1]:
            if constants:
                constants[-1].comment = words_of(match[1])
        else:
            constants.append(Constant(match[2], ""))
    if body[position:].strip():
        raise Unreadable(body[position:].strip())
    return constants


class Header:
    """One file: what it declares is appended to the lists of `into`."""

    def __init__(self, path, name, into):
        self.name, self.into = name, into
        self.text = path.read_text()
        self.is_for_modules = False
        self.contract = ""
        self.macro_rows = {}
        for macro, rows in re.findall(r"#define (XMPP_\w+_MAP)\(X\)((?:[^\n\\]|\\\n|\\.)*)",
                                      self.text):
            self.macro_rows[macro] = rows.replace("\\\n", "\n")
        self.purpose = words_of(COMMENT.search(self.text)[0])
        self.defines()
        self.walk()

    def defines(self):
        for name, value in WHOLE_NUMBER.findall(self.text):
            value = plain(value)
            if re.fullmatch(r"[-(]?[\w() |<]*\d[\w() |<]*|LONG_MIN|INT64_MIN|XMPP_[A-Z_ |()]+",
                            value) and '"' not in value and not name.endswith("_H"):
                self.into.numbers.append((name, self.name))
            elif re.fullmatch(r'"[^"]*"', value):
                self.into.texts[name] = value[1:-1]

    def walk(self):
        """From one declaration to the next; a comment belongs to those that follow
        it without an empty line."""
        text = DIRECTIVE.sub("", self.text)
        text = MACROS.sub("", text)
        position = 0
        space = re.compile(r"\s*")
        while True:
            blank = space.match(text, position)
            if blank[0].count("\n") > 1:
                self.contract = ""
            position = blank.end()
            if position == len(text):
                return
            comment = COMMENT.match(text, position)
            if comment:
                position = comment.end()
                self.remark(comment[0], "\n" in blank[0])
                continue
            end = self.end_of(text, position)
            self.declaration(text[position:end])
            position = end + 1

    def remark(self, comment, is_on_its_own_line):
        if FOR_MODULES.fullmatch(comment):
            self.is_for_modules = True
        if not is_on_its_own_line and self.into.last is not None:
            self.into.last.contract = (self.into.last.contract + "\n" +
                                       words_of(comment)).strip()
        else:
            self.contract = words_of(comment)

    @staticmethod
    def end_of(text, position):
        depth = 0
        for i in range(position, len(text)):
            depth += (text[i] == "{") - (text[i] == "}")
            if text[i] == ";" and depth == 0:
                return i
        raise Unreadable(text[position:].strip()[:200])

    def declaration(self, text):
        for shape, read in self.SHAPES:
            match = shape.fullmatch(text)
            if match:
                read(self, match)
                return
        raise Unreadable(f"{self.name}: {plain(text)[:200]}")

    def function(self, match):
        text = match[0]
        is_deprecated = "XMPP_DEPRECATED" in text
        text = ATTRIBUTES.sub("", text)
        text = plain(text.replace("XMPP_API", "", 1))
        match = re.fullmatch(r"(.*?[ *])(\w+) ?\((.*)\)", text)
        if not match:
            raise Unreadable(f"{self.name}: {text[:200]}")
        parameters, is_variadic = read_parameters(match[3])
        self.add("functions", Function(
            match[2], split_declaration(match[1] + "x")[0], parameters, self.name,
            self.contract, is_variadic, is_deprecated, self.is_for_modules))

    def table(self, match):
        self.add("tables", Table(match[2], match[1], self.name, self.contract))

    def callback(self, match):
        parameters, _ = read_parameters(match[3])
        self.add("callbacks", Callback(match[2], plain(match[1]), parameters, self.name,
                                       self.contract))

    def enum(self, match):
        body = match[1]
        used = re.findall(r"^\s*(XMPP_\w+_MAP)\(\w+\)", body, re.M)
        constants = []
        for macro in used:
            rows = self.macro_rows[macro]
            for row in re.findall(r"\bX\(((?:[^()\"]|\"[^\"]*\"|\([^()]*\))*)\)", rows):
                name = next(one for one in split_commas(row) if "XMPP_" in one)
                constants.append(Constant(plain(name), ""))
            body = body.replace(macro, "", 1)
        body = re.sub(r"^\s*\(\w+\)", "", body)
        constants += read_constants(body)
        constants = [one for one in constants if not one.name.endswith("_")]
        self.add("enums", Enum(match[2] or "", self.name, self.contract, constants))

    def struct(self, match):
        self.add("structs", Struct(match[3], match[1] or "", self.name, self.contract,
                                   read_members(match[2]), self.is_for_modules))

    def opaque(self, match):
        for one in self.into.structs:
            if one.tag == match[1] and not one.name:  # its members came first
                one.name = match[2]
                return
        self.add("structs", Struct(match[2], match[1], self.name, self.contract, None,
                                   self.is_for_modules))

    def forward(self, match):
        """Nothing: its declaration follows."""

    def late_struct(self, match):
        for one in self.into.structs:
            if one.tag == match[1]:
                one.members = read_members(match[2])
                if self.contract and not self.is_for_modules:
                    one.contract = self.contract
                return
        self.add("structs", Struct("", match[1], self.name, self.contract,
                                   read_members(match[2]), self.is_for_modules))

    def alias(self, match):
        kind, name = split_declaration(match[1])
        self.into.aliases[name] = kind

    def add(self, where, what):
        getattr(self.into, where).append(what)
        self.into.last = what

    SHAPES = [(re.compile(pattern, re.S), read) for pattern, read in (
        (r"XMPP_API\s+extern\s+const\s+(xmpp_(?:module|payload)_t)\s+(\w+)", table),
        (r"(?:XMPP_DEPRECATED\([^()]*\)\s*)?XMPP_API\s.*", function),
        (r"typedef\s+enum\s*\w*\s*\{(.*)\}\s*(\w+)", enum),
        (r"enum\s*\w*\s*\{(.*)\}()", enum),
        (r"typedef\s+struct\s*(\w*)\s*\{(.*)\}\s*(\w+)", struct),
        (r"typedef\s+struct\s+(\w+)\s+(\w+)", opaque),
        (r"struct\s+\w+", forward),
        (r"struct\s+(\w+)\s*\{(.*)\}", late_struct),
        (r"typedef\s+([^()]*?)\(\*(\w+)\)\s*\((.*)\)", callback),
        (r"typedef\s+([^(){}]*)", alias))]


class Headers:
    """All of them: what a program may include, but not strophe.h, which repeats
    them for programs of libstrophe."""

    def __init__(self, include, modules=None):
        """`modules`: only those, in capitals."""
        include = pathlib.Path(include)
        self.functions, self.callbacks, self.structs = [], [], []
        self.enums, self.tables, self.numbers = [], [], []
        self.texts, self.aliases, self.purposes = {}, {}, {}
        self.last = None
        paths = sorted((include / "xmpp").glob("*.h"), key=self.order)
        paths += [path for path in sorted((include / "xmpp" / "xep").glob("*.h"))
                  if modules is None or path.stem.upper() in modules]
        for path in paths:
            if path.name == "have.h":
                continue
            name = str(path.relative_to(include / "xmpp"))
            self.last = None
            header = Header(path, name, self)
            self.purposes[name] = header.purpose

    @staticmethod
    def order(path):
        """types.h declares what the others use."""
        return path.name != "types.h", path.name
