#!/usr/bin/env python3
"""mutate.py - do the tests notice when the code is wrong?

One small fault at a time is put into a file of src/: a condition negated, a
statement dropped, a comparison off by one, a constant swapped. Only that file is
compiled, and only the tests that reach it are linked and run. A mutant that they
all pass has survived: either a test is missing, or it is the same program in
other words. The latter are named in tests/house/equivalents, with the reason.

    tests/house/mutate.py DIR src/sasl/scram.c src/stream/sm.c
    tests/house/mutate.py DIR --sample 40 --seed 7 -j 2 'src/net/tls_*.c'
    tests/house/mutate.py DIR --show 1f2e3d4c src/sasl/scram.c

DIR is a build directory in which everything is built ("make all check-programs");
one without sanitizers is quicker. Nothing in it or in the sources is changed.
Results are kept in DIR/mutants, so that a run that was cut goes on where it was
(and a survivor is tried again: a test may have come). Ends with 1 if any mutant
survived that is not named.
"""

import argparse
import concurrent.futures
import glob
import hashlib
import json
import os
import pathlib
import random
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
EQUIVALENTS = TOP / "tests/house/equivalents"

# Which tests reach a file, the quickest first; the first row that fits counts.
REACH = [
    (r"src/sasl/(ht|fast_token)\.c",
     "sasl/ht sasl/choice talk/talks conn/fast"),
    (r"src/sasl/digest\.c", "sasl/mechanisms talk/talks"),
    (r"src/sasl/(plain|bearer)\.c",
     "sasl/mechanisms sasl/plain talk/talks conn/login"),
    (r"src/sasl/upgrade\.c", "sasl/scram talk/talks conn/login"),
    (r"src/sasl/",
     "sasl/scram sasl/choice sasl/mechanisms sasl/plain sasl/ht talk/talks "
     "conn/refusals conn/login conn/secure"),
    (r"src/net/dane", "net/dane net/tls_dane net/tls conn/tls"),
    (r"src/net/cert_(facts|oid)\.c", "net/cert_facts net/cert conn/secure"),
    (r"src/net/cert_path\.c", "net/cert_path net/tls conn/tls"),
    (r"src/net/cert\.c", "net/cert net/tls_pins net/dane net/tls conn/tls"),
    (r"src/net/tls_judge\.c",
     "net/tls_dane net/tls net/cert_path net/tls_pins net/tls_revoked "
     "net/tls_alerts net/tls_ticket net/dane conn/secure conn/tls"),
    (r"src/net/tls",
     "net/tls net/tls_binding net/tls_pins net/tls_revoked net/tls_alerts "
     "net/tls_ticket net/poll net/tls_own conn/secure conn/tls conn/tlscert"),
    (r"src/net/zlib\.c", "net/zlib conn/compress_bomb talk/talks"),
    (r"src/net/(socks|connect|http)\.c", "net/socks net/connect conn/proxied"),
    (r"src/net/websocket",
     "net/websocket net/websocket_in conn/websocket fuzz/stages"),
    (r"src/conn/way", "address/url conn/proxied conn/websocket net/socks"),
    (r"src/stream/messages", "stream/messages conn/websocket"),
    (r"src/net/(poll|sock|pipe|memory|recipe|opening)\.c",
     "net/poll net/recipe net/tls conn/loop conn/loop_calls conn/life"),
    (r"src/net/(dns|srv|resolve|lookup|address|dial)",
     "net/srv net/dial net/dial_end net/dns_answer net/dns net/resolve net/lookup "
     "conn/life conn/losses conn/login_fails"),
    (r"src/xep/command_(offer|run|serve)\.c",
     "xep/command_access xep/command_serve"),
    (r"src/xep/command\.c", "xep/command"),
    (r"src/xep/form_match\.c", "xep/form_match"),
    (r"src/xep/form_validate\.c", "xep/form_validate"),
    (r"src/xep/form_check\.c", "xep/form_check"),
    (r"src/xep/form_layout\.c", "xep/form_layout"),
    (r"src/xep/form\.c", "xep/form"),
    (r"src/xep/rsm\.c", "xep/rsm"),
    (r"src/xep/forward\.c", "xep/forward"),
    (r"src/xep/receipt\.c", "xep/receipt"),
    (r"src/xep/followup\.c", "xep/followup"),
    (r"src/xep/reply\.c", "xep/reply"),
    (r"src/xep/markup\.c", "xep/markup"),
    (r"src/xep/styling\.c", "xep/styling"),
    (r"src/xep/message\.c", "xep/message"),
    (r"src/xep/(chat\w*|conversation\w*)\.c", "xep/chat xep/talks"),
    (r"src/xep/color\.c", "xep/color"),
    (r"src/xep/mam\w*\.c", "xep/mam xep/mam_search xep/talks"),
    (r"src/xep/blocking\.c", "xep/talks"),
    (r"src/xep/(carbons|pubsub\w*|pep)\.c",
     "xep/carbons xep/pubsub xep/pubsub_user xep/talks"),
    (r"src/(dispatch/(actions|requests)|conn/(ending|result|pending|flow|iq))\.c",
     "dispatch/requests conn/actions conn/flow conn/pending conn/result "
     "conn/requests "
     "conn/answer conn/slot_ends conn/slots dispatch/routes_many"),
    (r"src/payload/", "payload/copies payload/long payload/places payload/sizes "
     "payload/values"),
    (r"src/conn/model\.c", "conn/model conn/model_part xep/contacts"),
    (r"src/xep/(roster|presence|availability|subscription)\.c",
     "xep/contacts xep/talks"),
    (r"src/dispatch/(set|members|hits|pass|sender|watch)\.c|"
     r"src/conn/(module|inbound|report|watch|outgoing|bind2)\.c",
     "dispatch/rows_many conn/modules conn/modules_unwrap conn/modules_life "
     "conn/modules_events conn/modules_out conn/modules_deeds conn/report "
     "conn/modules_no_memory conn/slot_ends conn/bind2 conn/steady"),
    (r"src/dispatch/",
     "dispatch/addressee dispatch/guard dispatch/questions "
     "dispatch/routes_many "
     "dispatch/slot conn/slots conn/slot_ends "
     "conn/requests conn/answer conn/loop_calls conn/ids conn/ids_kept "
     "conn/guard conn/skipped conn/handlers conn/release conn/reentry "
     "compat/lines"),
    (r"src/stream/(sm|sm_saved|outbox\w*|suspect)\.c",
     "stream/sm stream/outbox stream/outbox_model stream/sm_saved "
     "stream/outbox_left conn/queue talk/talks conn/sessions conn/losses "
     "conn/closing"),
    (r"src/stream/",
     "stream/negotiate talk/talks talk/states stream/sm conn/login_fails conn/keepalive "
     "conn/closing conn/raw conn/login conn/pipeline conn/fast conn/sessions "
     "conn/losses"),
    (r"src/stanza/skip\.c", "stanza/skip stanza/reader_skip talk/talks"),
    (r"src/stanza/",
     "stanza/reader stanza/reader_limits stanza/stanza stanza/chars "
     "stanza/reader_skip stream/secrets talk/talks conn/stanza_address "
     "conn/memory"),
    (r"src/conn/pump\.c",
     "conn/life conn/backlog conn/narrow_socket conn/closing conn/login "
     "conn/loop conn/raw conn/secure conn/losses conn/release conn/reentry"),
    (r"src/conn/",
     "conn/life conn/arguments conn/login conn/loop conn/requests "
     "conn/sessions conn/losses conn/narrow_socket conn/login_fails "
     "conn/secure conn/fast conn/pipeline conn/stanza_address conn/release "
     "conn/reentry conn/closing conn/keepalive"),
    (r"src/address/(uri|iri|pct)",
     "address/uri address/uri_format address/uri_random"),
    (r"src/address/",
     "address/jid address/jid_value address/idna address/label "
     "address/precis address/saslprep address/unicode address/jid_random "
     "address/uri conn/stanza_address"),
    (r"src/compat/", "compat/codes compat/helpers compat/lines"),
    (r"src/base/",
     "base/arena base/buf base/code base/crypt base/date base/env base/error "
     "base/hash base/list base/map base/quote base/str base/timer "
     "talk/talks"),
]

# ---- mutants ----------------------------------------------------------------

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


def function_of(text, at):
    found = re.findall(r"^[a-z][^;{}()=\n]*?\b(\w+)\([^;{}]*\)\s*\n\{", text[:at],
                       re.M)
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
        start = max(code.rfind(c, begin, stop) for c in "{};") + 1
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
    return out


# ---- building and running ------------------------------------------------------

class Bench:
    """What is needed to compile one file and link programs with it."""

    def __init__(self, build, state):
        self.build, self.state = build, state
        self.links, self.times = {}, {}
        self.env = dict(os.environ, TALK_STEP="997", LC_ALL="C")

    def make_says(self, source, target):
        out = subprocess.run(["make", "-n", "V=1", "-W", str(source), target],
                             cwd=self.build, capture_output=True, text=True,
                             check=True).stdout
        return out.replace("\\\n", " ").split("\n")

    def compile_words(self, path):
        srcdir = next(line.split(" = ")[1].strip() for line in
                      (self.build / "Makefile").read_text().split("\n")
                      if line.startswith("srcdir = "))
        source = f"{srcdir}/{path}"
        for line in self.make_says(source, path[:-2] + ".lo"):
            if "--mode=compile" in line:
                line = line.split("--mode=compile", 1)[1].split("&&")[0]
                words = shlex.split(re.sub(r"`[^`]*`\S*", "", line))
                keep, skip = [], 0
                for word in words:
                    if skip:
                        skip -= 1
                    elif word in ("-MT", "-MF", "-o"):
                        skip = 1
                    elif word not in ("-MD", "-MP", "-c", "-g", "ccache",
                                      "-Werror") and not word.endswith(".c"):
                        keep.append(word)
                return keep + ["-g0", "-w"]
        raise SystemExit(f"{path}: make does not say how it is compiled")

    def link_words(self, test):
        if test not in self.links:
            target = f"tests/{test}"
            for line in self.make_says("libinside.la", target):
                if "--mode=link" in line and f" -o {target} " in line:
                    self.links[test] = shlex.split(line)
            if test not in self.links:
                raise SystemExit(f"{test}: make does not say how it is linked")
        return self.links[test]

    def compile(self, words, text, folder, name):
        source, out = folder / f"{name}.c", folder / f"{name}.o"
        source.write_text(text)
        rc = subprocess.run(words + ["-c", "-o", str(out), str(source)],
                            cwd=self.build, capture_output=True, check=False)
        return out if rc.returncode == 0 else None

    def link(self, test, object_, folder):
        words, out = list(self.link_words(test)), folder / test.replace("/", "-")
        words[words.index("-o") + 1] = str(out)
        words.insert(words.index("libinside.la"), str(object_))
        rc = subprocess.run(words, cwd=self.build, capture_output=True,
                            check=False)
        return out if rc.returncode == 0 else None

    def run(self, program, patience):
        """None if it passes, else how it failed."""
        with subprocess.Popen([str(program)], cwd=self.build, env=self.env,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL,
                              start_new_session=True) as child:
            try:
                code = child.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                return "too slow"
        return f"code {code}" if code else None

    def prepare(self, test):
        """Does it pass without a mutant, and how long does that take?"""
        if test not in self.times:
            self.link_words(test)
            begin = time.monotonic()
            wrong = self.run(self.build / "tests" / test, 600)
            self.times[test] = time.monotonic() - begin
            if wrong:
                raise SystemExit(f"{test} fails without any mutant: {wrong}")


def try_mutant(bench, work, mutant, patience=10):
    """`patience`: a test may take so many times as long as without a mutant, and
    so many seconds more."""
    words, tests, text, plain = work
    with tempfile.TemporaryDirectory(dir=bench.state) as name:
        folder = pathlib.Path(name)
        base = pathlib.Path(mutant.path).stem
        object_ = bench.compile(
            words, text[:mutant.at] + mutant.new + text[mutant.to:], folder, base)
        if not object_:
            return "invalid"
        if object_.read_bytes() == plain:
            return "same code"
        for test in tests:
            program = bench.link(test, object_, folder)
            if not program:
                return "invalid"
            wrong = bench.run(program, patience * (1 + bench.times[test]))
            program.unlink()
            if wrong:
                return f"killed by {test}: {wrong}"
    return "SURVIVED"


def tests_of(bench, path):
    for pattern, names in REACH:
        if re.match(pattern, path):
            tests = names.split()
            break
    else:
        raise SystemExit(f"{path}: no row of REACH")
    for test in tests:
        bench.prepare(test)
    return tests


def equivalents():
    rows = {}
    if EQUIVALENTS.exists():
        for line in EQUIVALENTS.read_text().split("\n"):
            m = re.match(r"([0-9a-f]{8}) ", line)
            if m:
                rows[m.group(1)] = line
    return rows


def file_run(bench, path, args, known, results):
    chosen = mutants_of(path)
    total = len(chosen)
    if args.sample and args.sample < total:
        chosen = random.Random(f"{args.seed} {path}").sample(chosen, args.sample)
        chosen.sort(key=lambda m: m.at)
    if args.list:
        for m in chosen:
            print(f"{m.id} {path}:{m.line} {m.function}: {m.how}: {m.after}")
        return 0
    text = (TOP / path).read_text()
    words, tests = bench.compile_words(path), tests_of(bench, path)
    with tempfile.TemporaryDirectory(dir=bench.state) as name:
        plain = bench.compile(words, text, pathlib.Path(name),
                              pathlib.Path(path).stem)
        work = (words, tests, text, plain.read_bytes())
    count, survivors = {}, []

    def one(m):
        was = results.get(m.id)
        if m.id in known:
            return m, "equivalent"
        if was and was != "SURVIVED" and not args.again:
            return m, was
        return m, try_mutant(bench, work, m)

    def all_results():
        """A mutant that was too slow is tried once more, alone: the machine may
        have been busy, with other mutants too."""
        slow = []
        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            for m, result in pool.map(one, chosen):
                fresh = args.again or results.get(m.id) != result
                if fresh and result.endswith(": too slow"):
                    slow.append(m)
                else:
                    yield m, result
        for m in slow:
            yield m, try_mutant(bench, work, m, 20)

    for m, result in all_results():
        if results.get(m.id) != result:
            results[m.id] = result
            with open(bench.state / "results", "a", encoding="utf-8") as f:
                f.write(json.dumps([m.id, result]) + "\n")
        kind = result.split(" by ")[0]
        count[kind] = count.get(kind, 0) + 1
        if result == "SURVIVED":
            survivors.append(m)
            print(f"{m.id} {path}:{m.line} {m.function}: {m.how}\n"
                  f"    {m.before}\n    {m.after}", flush=True)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(count.items()))
    print(f"# {path}: {len(chosen)} of {total} mutants: {told}", flush=True)
    return len(survivors)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("build", type=pathlib.Path)
    p.add_argument("files", nargs="+", help="below the top; patterns are allowed")
    p.add_argument("--sample", type=int, help="so many of each file")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("-j", dest="jobs", type=int, default=1)
    p.add_argument("--list", action="store_true", help="run nothing")
    p.add_argument("--again", action="store_true", help="those killed, too")
    p.add_argument("--show", help="write the mutant of this name to the output")
    args = p.parse_args()
    paths = sorted({str(pathlib.Path(f).relative_to(TOP)) for pattern in args.files
                    for f in glob.glob(str(TOP / pattern))})
    if args.show:
        for path in paths:
            for m in mutants_of(path):
                if m.id == args.show:
                    text = (TOP / path).read_text()
                    sys.stdout.write(text[:m.at] + m.new + text[m.to:])
        return 0
    os.nice(10)
    state = args.build.resolve() / "mutants"
    state.mkdir(exist_ok=True)
    results = {}
    if (state / "results").exists():
        for line in (state / "results").read_text().split("\n"):
            if line:
                results.update([json.loads(line)])
    bench = Bench(args.build.resolve(), state)
    known = equivalents()
    left = sum(file_run(bench, path, args, known, results) for path in paths)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
