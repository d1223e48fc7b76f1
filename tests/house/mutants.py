"""mutants.py - small faults in a file of C: where they are, and all in one.

mutants_of() finds them. Schemata writes them into one source: of each function one
copy for every fault in it, and a switch that calls the copy whose number is
`mutant_number`. So a file is compiled once and a test is linked once, whatever the
number of faults. The function itself stays as it was, but notes in
`mutant_reached` which of its statements were executed: a test that never comes to
a statement cannot notice what is wrong in it.
"""

import hashlib
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]

KEYWORDS = ("return", "break", "continue", "goto", "case", "default", "else",
            "static", "const", "struct", "enum", "union", "typedef", "unsigned",
            "int", "char", "bool", "size_t", "long", "if", "while", "for", "do",
            "switch")
TYPE = re.compile(r"^(?:[a-z]\w*_t|xmpp_\w+|uint\d+_t|va_list|FILE) \**\w+( =|;|,|\[)")

SWAPS = [
    (r"&&", "||"), (r"\|\|", "&&"), (r"==", "!="), (r"!=", "=="),
    (r"(?<![<\-=])<=(?!=)", "<"), (r"(?<![>\-=])>=(?!=)", ">"),
    (r"(?<=[\w)\]] )<(?= [\w(*-])", "<="), (r"(?<=[\w)\]] )>(?= [\w(*-])", ">="),
    (r"(?<=[\w)\]] )\+(?= [\w(])", "-"), (r"(?<=[\w)\]] )-(?= [\w(])", "+"),
    (r"(?<=[ (])!(?=[\w(])", ""),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
]
NUMBER = re.compile(r"(?<![\w.\"'\\])(0x[0-9a-fA-F]+|\d+)(?![\w.\"'])")


class Mutant:
    """A change of one place: text[at:to] becomes `new`."""

    def __init__(self, path, text, at, to, new, how):
        self.path, self.at, self.to, self.new, self.how = path, at, to, new, how
        self.line = text.count("\n", 0, at) + 1
        begin = text.rfind("\n", 0, at) + 1
        end = text.find("\n", to)
        self.function = function_of(text, at)
        self.before = " ".join(text[begin:end].split())
        self.after = " ".join((text[begin:at] + new + text[to:end]).split())
        self.key = f"{path} {self.function}: {self.before} -> {self.after}"

    def name(self, nth):
        """Stays the same when lines move: what it says, and which of several."""
        self.id = hashlib.sha256(f"{self.key}#{nth}".encode()).hexdigest()[:8]


FUNCTION = re.compile(r"^[a-z][^;{}()=\n]*?\b(\w+)\([^;{}]*\)\s*\n\{", re.M)


def function_of(text, at):
    found = FUNCTION.findall(text[:at])
    return found[-1] if found else "-"


def blanked(text):
    """The same length, without what comments, strings and directives say."""
    def blank(m):
        return re.sub(r"[^\n]", " ", m.group())
    text = re.sub(r"/\*.*?\*/", blank, text, flags=re.S)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', lambda m: '"' + " " *
                  (len(m.group()) - 2) + '"', text)
    text = re.sub(r"'(?:\\.|[^'\\\n])+'", lambda m: "'" + " " *
                  (len(m.group()) - 2) + "'", text)
    return re.sub(r"^#(?:[^\n]*\\\n)*[^\n]*", blank, text, flags=re.M)


def closing(text, at):
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i
    return None


def bodies(code):
    """Where functions are."""
    for m in re.finditer(r"^\{\n(.*?)^\}", code, re.M | re.S):
        yield m.start(1), m.end(1)


def statements(code, begin, end):
    """Simple statements, each on lines of its own."""
    at = begin
    while at < end:
        stop = code.find(";", at, end)
        if stop < 0:
            return
        start = max(begin - 1, *(code.rfind(c, begin, stop) for c in "{};")) + 1
        piece = code[start:stop]
        m = re.match(r"(?:\s*(?:else\s+)?(?:if|while|for|switch)\s*)(?=\()", piece)
        while m:  # behind its head
            close = closing(piece, m.end())
            if close is None:
                break
            start += close + 1
            piece = code[start:stop]
            m = re.match(r"(?:\s*(?:if|while|for|switch)\s*)(?=\()", piece)
        piece = re.sub(r"^\s*else\b", lambda e: " " * len(e.group()), piece)
        piece = re.sub(r"^\s*(?:case [^:]*|default):",
                       lambda e: " " * len(e.group()), piece)
        word = re.match(r"\s*(\w+)?", piece)
        text = piece.strip()
        if (text and piece.count("(") == piece.count(")") and
                word.group(1) not in KEYWORDS and not TYPE.match(text) and
                (("(" in text) or ("=" in text) or "++" in text or "--" in text)):
            first = start + len(piece) - len(piece.lstrip())
            yield first, stop
        at = stop + 1


def mutants_of(path):
    text = (TOP / path).read_text()
    code = blanked(text)
    out = []

    def add(at, to, new, how):
        out.append(Mutant(path, text, at, to, new, how))

    for begin, end in bodies(code):
        for m in re.finditer(r"\b(if|while) \(", code[begin:end]):
            open_ = begin + m.end() - 1
            close = closing(code, open_)
            if close:
                add(open_, close + 1, "(!" + text[open_:close + 1] + ")", "negate")
        for m in re.finditer(r"\breturn ([^;]+);", code[begin:end]):
            at, to = begin + m.start(1), begin + m.end(1)
            if re.search(r"[&|=<>!]", code[at:to]):
                add(at, to, f"!({text[at:to]})", "negate result")
        for at, to in statements(code, begin, end):
            add(at, to, "", "drop")
        for pattern, new in SWAPS:
            for m in re.finditer(pattern, code[begin:end]):
                add(begin + m.start(), begin + m.end(), new, "swap")
        for m in re.finditer(NUMBER, code[begin:end]):
            old = m.group(1)
            new = str(int(old, 0) + 1) if old not in ("1",) else "0"
            add(begin + m.start(1), begin + m.end(1), new, "constant")
    for m in re.finditer(r"^#define (\w+)[ \t]+(\d+)\b(?!\.)", text, re.M):
        add(m.start(2), m.end(2), str(int(m.group(2)) + 1), "constant")
        add(m.start(2), m.end(2), str(int(m.group(2)) * 1000 + 1), "constant")
    out.sort(key=lambda m: (m.at, m.to, m.new))
    seen = {}
    for m in out:
        nth = seen[m.key] = seen.get(m.key, 0) + 1
        m.name(nth)
    return without_log(code, out)


# ---- what is about words only --------------------------------------------------

# A line of the log is not what a program does: a fault in what one says, or its
# loss, is not counted. This goes for the calls of these, and for the functions
# that bear such a name.
LOG_CALL = re.compile(r"\b(?:(?:xmpp_conn|env|tls|pass|store)_v?log|xmpp_v?log|"
                      r"log_\w+|limits_log_skipped)\s*(?=\()")


def log_places(code):
    """Where lines of the log are made."""
    out = []
    for m in LOG_CALL.finditer(code):
        close = closing(code, m.end())
        if close is None:
            continue
        tail = re.match(r"\s*\{", code[close + 1:])
        if tail:  # the function itself
            end = code.find("\n}", close)
            out.append((m.start(), end))
        else:
            out.append((m.start(), close + 1))
    return out


def without_log(code, mutants):
    places = log_places(code)
    return [m for m in mutants
            if not any(a <= m.at and m.to <= b for a, b in places)]


# ---- all of them in one --------------------------------------------------------

class Function:
    """text[head:brace] is its head, text[brace:end] its body with the braces."""

    def __init__(self, text, code, begin, end):
        self.brace = code.rindex("{", 0, begin)
        self.end = code.index("}", end) + 1
        at = self.brace
        while at > 0:
            line = code[code.rfind("\n", 0, at - 1) + 1:at]
            if not line.strip() or line.rstrip()[-1] in ";}":
                break
            at = code.rfind("\n", 0, at - 1) + 1
        self.head = at
        # without comments
        self.words = " ".join(code[at:self.brace].split())
        m = re.match(r"[^()]*?(\w+)\(", self.words)
        self.name = m.group(1) if m else None
        self.arguments = self.name and self.argument_names(m.end())
        self.marks = []
        self.mutants = []
        self.text = text

    def argument_names(self, at):
        """None if they cannot be passed on."""
        inside, depth, parts = "", 0, []
        for c in self.words[at:]:
            if c == ")" and depth == 0:
                break
            depth += {"(": 1, ")": -1}.get(c, 0)
            if c == "," and depth == 0:
                parts.append(inside)
                inside = ""
            else:
                inside += c
        parts.append(inside)
        names = []
        for part in parts:
            if part.strip() == "void":
                return []
            m = (re.search(r"\(\*\s*(\w+)\)", part) or
                 re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*$", part))
            if not m or "..." in part:
                return None
            names.append(m.group(1))
        return names

    def returns_nothing(self):
        before = self.words[:self.words.index(self.name + "(")]
        return not re.sub(r"\b(static|inline|void|XMPP_API)\b|\s", "", before)

    def copy(self, number, body):
        head = re.sub(r"\b(static|inline|XMPP_API)\b", "", self.words)
        head = head.replace(self.name + "(", f"{self.name}__m{number}(", 1)
        used = ", used" if number == 0 else ""
        return (f"static __attribute__((noinline, noclone{used})) {head}\n"
                f'#line 1 "m{number}"\n{body}\n')


class Schemata:
    """`single` are the mutants that no copy of a function can have."""

    def __init__(self, path, mutants):
        self.path, self.text = path, (TOP / path).read_text()
        self.code = blanked(self.text)
        self.functions, self.single = [], []
        self.number = {m.id: i + 1 for i, m in enumerate(mutants)}
        self.mark = {}
        self.marked = True
        for begin, end in bodies(self.code):
            function = Function(self.text, self.code, begin, end)
            if function.name and function.arguments is not None:
                self.functions.append(function)
                self.find_marks(function, begin, end)
        for m in mutants:
            home = [f for f in self.functions if f.brace < m.at < f.end]
            if home:
                home[0].mutants.append(m)
            else:
                self.single.append(m)
        self.number_marks()

    def find_marks(self, function, begin, end):
        """(from, to, where it is noted): statements whose start can do so."""
        code = self.code
        for m in re.finditer(r"\b(?:if|while) \(", code[begin:end]):
            close = closing(code, begin + m.end() - 1)
            if close:
                function.marks.append((begin + m.end(), close, begin + m.end()))
        for m in re.finditer(r"\breturn ([^;{]+);", code[begin:end]):
            function.marks.append((begin + m.start(1), begin + m.end(1),
                                   begin + m.start(1)))
        for at, to in statements(code, begin, end):
            function.marks.append((at, to, at))

    def number_marks(self):
        count = 0
        for f in self.functions:
            f.mark, count = count, count + 1
            f.marks = sorted({m[2]: m for m in f.marks}.values(),
                             key=lambda m: m[2])
            f.marks = [mark + (count + i,) for i, mark in enumerate(f.marks)]
            count += len(f.marks)
            for m in f.mutants:
                own = [x for x in f.marks if x[0] <= m.at and m.to <= x[1]]
                own.sort(key=lambda x: x[1] - x[0])
                self.mark[m.id] = (own[0][3] if own else f.mark, f.mark)
        self.marks = count

    def mark_of(self, mutant):
        """None: any test may come there."""
        marks = self.mark.get(mutant.id)
        return marks and marks[0 if self.marked else 1]

    def source(self, invalid=()):
        out = ["extern int mutant_number;\nextern unsigned char mutant_reached[];\n",
               '#line 1 "whole"\n']
        at = 0
        for f in self.functions:
            out += [self.text[at:f.head], f.words, ";\n"]
            chosen = [m for m in f.mutants if m.id not in invalid]
            for m in chosen:
                body = (self.text[f.brace:m.at] + m.new + self.text[m.to:f.end])
                out.append(f.copy(self.number[m.id], body))
            if chosen:
                body = self.text[f.brace:f.end]
                out.append(f.copy(0, body))
            out.append(f'#line 1 "whole"\n{f.words}\n{{\n'
                       f"mutant_reached[{f.mark}] = 1;\n")
            out += self.switch(f, chosen)
            out += self.body(f)
            at = f.end
        out.append(self.text[at:])
        return "".join(out)

    def switch(self, f, chosen):
        if not chosen:
            return
        yield "switch (mutant_number) {\n"
        for m in chosen:
            call = f"{f.name}__m{self.number[m.id]}({', '.join(f.arguments)})"
            yield f"case {self.number[m.id]}: "
            yield (f"{call}; return;\n" if f.returns_nothing()
                   else f"return {call};\n")
        yield "}\n"

    def body(self, f):
        yield "{"
        at = f.brace + 1
        for _, _, where, mark in f.marks if self.marked else ():
            yield self.text[at:where]
            yield f"mutant_reached[{mark}] = 1, "
            at = where
        yield self.text[at:f.end] + "}\n"


def same_as_plain(assembly, schemata):
    """The ids of mutants whose copy is the same code as the function."""
    texts = {}
    for m in re.finditer(r"^(\w+)__m(\d+):\n(.*?)^\t\.size\t\1__m\2,", assembly,
                         re.M | re.S):
        name, number, body = m.group(1), int(m.group(2)), m.group(3)
        labels = {}
        body = re.sub(r"\.L(\w*?)(\d+)\b",
                      lambda x, seen=labels: x.group() if x.group(1) == "C" else
                      f".L{seen.setdefault(x.group(), len(seen))}", body)
        texts[name, number] = body.replace(f"{name}__m{number}", name)
    out = set()
    for f in schemata.functions:
        for m in f.mutants:
            own = texts.get((f.name, schemata.number[m.id]))
            if own is not None and own == texts.get((f.name, 0)):
                out.add(m.id)
    return out
