#!/usr/bin/env python3
"""mutate.py - do the tests notice when the code is wrong?

One small fault at a time is put into a file of src/: a condition negated, a
statement dropped, a comparison off by one, a constant swapped. The tests that reach
it are run. A mutant that they all pass has survived: either a test is missing, or
it is the same program in other words. The latter are named in
tests/house/equivalents, with the reason.

    tests/house/mutate.py DIR src/sasl/scram.c src/stream/sm.c
    tests/house/mutate.py DIR --sample 40 --seed 7 -j 2 'src/net/tls_*.c'
    tests/house/mutate.py DIR --show 1f2e3d4c src/sasl/scram.c

DIR is a build directory in which everything is built ("make all check-programs");
one without sanitizers is quicker. Nothing in it or in the sources is changed.
Results are kept in DIR/mutants, so that a run that was cut goes on where it was
(and a survivor is tried again: a test may have come). Ends with 1 if any mutant
survived that is not named.

All mutants of a file are compiled and linked at once (mutants.py), and a number in
the environment picks one. Of the tests, those run first that noticed most per
second, and only those that come to the place. --slow does without all this: one
mutant is compiled, linked and run at a time; the results are the same.
"""

import argparse
import concurrent.futures
import glob
import json
import os
import pathlib
import random
import re
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time

import mutants

EQUIVALENTS = mutants.TOP / "tests/house/equivalents"

# Which tests reach a file, the quickest first; the first row that fits counts.
REACH = [
    (r"src/sasl/(ht|fast_token)\.c",
     "sasl/ht sasl/choice talk/talks conn/fast"),
    (r"src/sasl/digest\.c", "sasl/digest sasl/choice talk/talks"),
    (r"src/sasl/(plain|bearer)\.c",
     "sasl/mechanisms sasl/plain sasl/choice talk/talks conn/login"),
    (r"src/sasl/upgrade\.c", "sasl/upgrade sasl/scram talk/talks conn/login"),
    (r"src/sasl/",
     "sasl/scram sasl/challenges sasl/choice sasl/reasons sasl/mechanisms "
     "sasl/plain sasl/ht sasl/digest talk/talks "
     "conn/refusals conn/login conn/secure"),
    (r"src/net/dane", "net/dane net/dane_lookup net/tls_dane net/tls conn/tls"),
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
    (r"src/net/http_body\.c", "net/fetch conn/host_meta"),
    (r"src/net/fetch\.c", "net/fetch net/fetch_tls conn/discovery"),
    (r"src/conn/(host_meta|discovery)\.c|src/stanza/xrd\.c",
     "conn/host_meta conn/discovery conn/discovery_answers"),
    (r"src/conn/paths\.c", "conn/paths conn/login_fails conn/pipeline"),
    (r"src/conn/redirect\.c",
     "conn/redirect conn/redirect_later conn/websocket conn/targets "
     "conn/login_fails"),
    (r"src/base/json\.c", "base/json"),
    (r"src/net/websocket",
     "net/websocket net/websocket_in conn/websocket fuzz/stages"),
    (r"src/conn/way", "address/url conn/proxied conn/websocket net/socks"),
    (r"src/stream/messages", "stream/messages conn/websocket"),
    (r"src/net/(poll|sock|pipe|memory|recipe|opening)\.c",
     "net/poll net/recipe net/tls conn/loop conn/loop_calls conn/life"),
    (r"src/net/(dial|targets|candidates|misses|race|overrides|inquiry)\.c",
     "net/dial_memory net/dial_end net/dial_next net/dial conn/targets conn/names "
     "conn/life conn/losses conn/login_fails"),
    (r"src/net/(dns|srv|resolve|lookup|address)",
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
     "dispatch/open_questions "
     "dispatch/routes_many "
     "dispatch/slot conn/slots conn/slot_ends "
     "conn/requests conn/answer conn/loop_calls conn/ids conn/ids_kept "
     "conn/guard conn/skipped conn/handlers conn/release conn/reentry "
     "compat/lines"),
    (r"src/stream/outbox_late\.c",
     "stream/outbox_memory stream/outbox_model conn/deadline conn/announced "
     "talk/talks"),
    (r"src/stream/(sm|sm_saved|outbox\w*|suspect)\.c",
     "stream/sm stream/outbox stream/outbox_memory stream/outbox_model "
     "stream/sm_saved "
     "stream/outbox_left conn/queue talk/talks conn/sessions conn/losses "
     "conn/closing"),
    (r"src/stream/(limits|malformed|header)\.c",
     "stream/negotiate talk/talks stream/pieces conn/skipped conn/memory "
     "conn/secure conn/raw conn/losses conn/login_fails conn/handlers"),
    (r"src/stream/negotiat",
     "stream/negotiate talk/talks talk/states conn/modules_out conn/bind2 "
     "conn/announced conn/login_fails conn/pipeline conn/fast conn/closing "
     "conn/losses conn/paths"),
    (r"src/stream/",
     "stream/negotiate stream/ack stream/keepalive talk/talks talk/states "
     "stream/sm conn/login_fails conn/keepalive conn/announced conn/paths "
     "conn/bind2 conn/refusals conn/closing conn/raw conn/login conn/pipeline "
     "conn/fast conn/sessions conn/losses"),
    (r"src/stanza/scan\.c",
     "stanza/scan conn/raw stream/sm_saved conn/queue conn/sessions"),
    (r"src/stanza/lexer\.c", "stanza/lexer stanza/skip stanza/reader_skip"),
    (r"src/stanza/skip\.c", "stanza/skip stanza/reader_skip talk/talks"),
    (r"src/stanza/reader",
     "stanza/reader stanza/reader_limits stanza/reader_skip stanza/reader_edges "
     "stanza/reader_warm stanza/stanza talk/talks conn/memory"),
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

# ---- building and running ------------------------------------------------------

# What is linked with every test: which mutant it is, and what was executed.
PICK = """
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
int mutant_number;
unsigned char mutant_reached[MARKS] __attribute__((aligned(MARKS)));
__attribute__((constructor)) static void mutant_pick(void)
{
    const char *number = getenv("MUTANT"), *path = getenv("MUTANT_REACHED");
    int fd = path ? open(path, O_RDWR) : -1;
    mutant_number = number ? atoi(number) : 0;
    if (fd >= 0 && mmap(mutant_reached, MARKS, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
        abort();
}
"""
MARKS = 16384


class Unit:
    """A test program, or the talks of one subject."""

    def __init__(self, program, word=None):
        self.program, self.word = program, word
        self.name = f"{program} {word}" if word else program
        self.time = self.cpu = 0.0
        self.kills = 0
        self.reached = None

    def worth(self):
        return (self.kills + 0.5) / (self.time + 0.02)


class Bench:
    """What is needed to compile one file and link programs with it."""

    def __init__(self, build, state):
        self.build, self.state = build, state
        self.links, self.units = {}, {}
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

    def link_words(self, program):
        if program not in self.links:
            target = f"tests/{program}"
            for line in self.make_says("libinside.la", target):
                if "--mode=link" in line and f" -o {target} " in line:
                    self.links[program] = shlex.split(line)
            if program not in self.links:
                raise SystemExit(f"{program}: make does not say how it is linked")
        return self.links[program]

    def compile(self, words, text, folder, name, kind="o"):
        source, out = folder / f"{name}.c", folder / f"{name}.{kind}"
        source.write_text(text)
        done = subprocess.run(words + ["-c" if kind == "o" else "-S", "-o", str(out),
                                       str(source)], cwd=self.build, text=True,
                              capture_output=True, check=False)
        return (out if done.returncode == 0 else None), done.stderr

    def link(self, program, objects, folder):
        words = list(self.link_words(program))
        out = folder / program.replace("/", "-")
        words[words.index("-o") + 1] = str(out)
        at = words.index("libinside.la")
        words[at:at] = [str(o) for o in objects]
        rc = subprocess.run(words, cwd=self.build, capture_output=True,
                            check=False)
        return out if rc.returncode == 0 else None

    def run(self, binary, unit, cpu, patience, env=None):
        """How it failed, None if it passed; and the seconds of the processor. It is
        over at its first "not ok"."""
        command = [str(binary)] + ([unit.word] if unit.word else [])
        limits = f'ulimit -t {cpu}; ulimit -v 8000000; exec "$@"'
        deadline = time.monotonic() + patience
        wrong, tail = None, b"\n"
        with subprocess.Popen(["sh", "-c", limits, "sh"] + command, cwd=self.build,
                              env=dict(self.env, **(env or {})),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL,
                              start_new_session=True) as child:
            while not wrong:
                left = deadline - time.monotonic()
                if left <= 0:
                    wrong = "too slow"
                    break
                ready, _, _ = select.select([child.stdout], [], [], min(left, 0.5))
                if not ready:
                    if os.waitid(os.P_PID, child.pid,
                                 os.WEXITED | os.WNOHANG | os.WNOWAIT):
                        break
                    continue
                more = os.read(child.stdout.fileno(), 1 << 16)
                if not more:
                    break
                tail += more
                if b"\nnot ok" in tail:
                    wrong = "not ok"
                tail = tail[-16:]
            if wrong:
                try:
                    os.killpg(child.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        if not wrong and child.returncode:
            wrong = ("too slow" if -child.returncode == signal.SIGXCPU
                     else f"code {child.returncode}")
        return wrong, usage.ru_utime + usage.ru_stime

    def unit_names(self, program):
        if program == "talk/talks":
            folder = mutants.TOP / "tests/talk"
            return [f"{p.name}/" for p in sorted(folder.iterdir())
                    if list(p.glob("*.talk"))]
        return [None]

    def units_of(self, program):
        """Does it pass without a mutant, and how long does that take?"""
        if program not in self.units:
            self.link_words(program)
            self.units[program] = []
            for word in self.unit_names(program):
                unit = Unit(program, word)
                self.units[program].append(unit)
                self.measure(unit, self.build / "tests" / program)
        return self.units[program]

    def measure(self, unit, binary, env=None):
        begin = time.monotonic()
        wrong, unit.cpu = self.run(binary, unit, 600, 600, env)
        if wrong:
            raise SystemExit(f"{unit.name} fails without any mutant: {wrong}")
        unit.time = time.monotonic() - begin

    def try_unit(self, binary, unit, env=None, times=1):
        return self.run(binary, unit, 2 + int(4 * unit.cpu),
                        times * (5 + 8 * unit.time), env)[0]


class File:
    """One file and its mutants, on a bench."""

    def __init__(self, bench, path, chosen, folder):
        self.bench, self.path, self.folder = bench, path, folder
        self.text = (mutants.TOP / path).read_text()
        self.stem = pathlib.Path(path).stem
        self.words = bench.compile_words(path)
        object_, _ = bench.compile(self.words, self.text, folder, self.stem)
        self.plain = object_.read_bytes()
        self.programs = programs_of(path)
        self.units = []
        self.invalid, self.same, self.binaries = set(), set(), {}
        self.last = {}  # of a function: the unit that noticed last
        self.lock = threading.Lock()
        self.schemata = mutants.Schemata(path, chosen)

    # -- all at once

    def prepare(self):
        """False if it cannot be done."""
        bench, s = self.bench, self.schemata
        out = None
        for _ in range(12):
            out, errors = bench.compile(self.words, s.source(self.invalid),
                                        self.folder, f"{self.stem}_all", "s")
            if out:
                break
            places = re.findall(r"^(whole|m\d+):\d+:(?:\d+:)? error", errors, re.M)
            bad = set(places[:(places + ["whole"]).index("whole")])
            self.invalid |= {i for i, n in s.number.items() if f"m{n}" in bad}
            if not bad:  # what notes the places is wrong here, or more than that
                if not s.marked:
                    return False
                s.marked = False
        if not out:
            return False
        self.same = mutants.same_as_plain(out.read_text(), s)
        object_ = self.folder / f"{self.stem}_all.o"
        subprocess.run([self.words[0], "-c", "-o", str(object_), str(out)], check=True)
        if s.marks > MARKS:
            return False
        pick, errors = bench.compile(self.words + [f"-DMARKS={MARKS}"], PICK,
                                     self.folder, "pick")
        if not pick:
            raise SystemExit(errors)
        for program in self.programs:
            binary = bench.link(program, (object_, pick), self.folder)
            if not binary:  # it has functions of its own instead of these
                continue
            self.binaries[program] = binary
            for word in bench.unit_names(program):
                self.units.append(Unit(program, word))
        self.look()
        return bool(self.binaries)

    def look(self):
        """Where each unit comes to."""
        noted = self.folder / "reached"
        for unit in self.units:
            noted.write_bytes(bytes(MARKS))
            self.bench.measure(unit, self.binaries[unit.program],
                               {"MUTANT_REACHED": str(noted)})
            unit.reached = noted.read_bytes()

    def in_order(self, mutant):
        mark = self.schemata.mark_of(mutant)
        with self.lock:
            last = self.last.get(mutant.function)
            units = [u for u in self.units if u.reached[mark]]
            return sorted(units, key=lambda u: (u is not last, -u.worth()))

    def is_reached(self, mutant):
        mark = self.schemata.mark_of(mutant)
        return mark is None or any(u.reached[mark] for u in self.units)

    def quick(self, mutant, times=1):
        if mutant.id in self.invalid:
            return "invalid"
        if mutant.id in self.same:
            return "same code"
        env = {"MUTANT": str(self.schemata.number[mutant.id])}
        for unit in self.in_order(mutant):
            wrong = self.bench.try_unit(self.binaries[unit.program], unit, env, times)
            if wrong:
                with self.lock:
                    unit.kills += 1
                    self.last[mutant.function] = unit
                return f"killed by {unit.name}: {wrong}"
        return self.alone(mutant) or "SURVIVED"

    # -- one by one

    def alone(self, mutant):
        """What only a compilation of its own shows."""
        text = self.text[:mutant.at] + mutant.new + self.text[mutant.to:]
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            object_, _ = self.bench.compile(self.words, text, pathlib.Path(name),
                                            self.stem)
            if not object_:
                return "invalid"
            return "same code" if object_.read_bytes() == self.plain else None

    def likely(self):
        """The programs, those first that noticed most."""
        kills = {p: sum(u.kills for u in self.units if u.program == p)
                 for p in self.programs}
        return sorted(self.programs, key=lambda p: -kills[p])

    def slow(self, mutant, times=1):
        wrong = self.alone(mutant)
        if wrong:
            return wrong
        text = self.text[:mutant.at] + mutant.new + self.text[mutant.to:]
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = pathlib.Path(name)
            object_, _ = self.bench.compile(self.words, text, folder, self.stem)
            for program in self.likely():
                binary = self.bench.link(program, (object_,), folder)
                if not binary:
                    continue
                for unit in self.bench.units_of(program):
                    wrong = self.bench.try_unit(binary, unit, times=times)
                    if wrong:
                        return f"killed by {unit.name}: {wrong}"
                binary.unlink()
        return "SURVIVED"

    def judge(self, mutant, times=1):
        single = not self.binaries or mutant in self.schemata.single
        return self.slow(mutant, times) if single else self.quick(mutant, times)


def programs_of(path):
    for pattern, names in REACH:
        if re.match(pattern, path):
            return names.split()
    raise SystemExit(f"{path}: no row of REACH")


def equivalents():
    rows = {}
    if EQUIVALENTS.exists():
        for line in EQUIVALENTS.read_text().split("\n"):
            m = re.match(r"([0-9a-f]{8}) ", line)
            if m:
                rows[m.group(1)] = line
    return rows


def file_run(bench, path, args, known, results):
    chosen = mutants.mutants_of(path)
    total = len(chosen)
    if args.sample and args.sample < total:
        chosen = random.Random(f"{args.seed} {path}").sample(chosen, args.sample)
        chosen.sort(key=lambda m: m.at)
    if args.list:
        for m in chosen:
            print(f"{m.id} {path}:{m.line} {m.function}: {m.how}: {m.after}")
        return 0
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(dir=bench.state) as name:
        file = File(bench, path, chosen, pathlib.Path(name))
        count, survivors = {}, []
        for m, result in judged(file, chosen, args, known, results):
            if results.get(m.id) != result:
                results[m.id] = result
                with open(bench.state / "results", "a", encoding="utf-8") as f:
                    f.write(json.dumps([m.id, result]) + "\n")
            kind = result.split(" by ")[0]
            count[kind] = count.get(kind, 0) + 1
            if result == "SURVIVED":
                survivors.append(m)
                never = "" if file.is_reached(m) else ", which no test comes to"
                print(f"{m.id} {path}:{m.line} {m.function}: {m.how}{never}\n"
                      f"    {m.before}\n    {m.after}", flush=True)
    told = ", ".join(f"{n} {kind}" for kind, n in sorted(count.items()))
    print(f"# {path}: {len(chosen)} of {total} mutants: {told} "
          f"({time.monotonic() - begin:.0f} s)", flush=True)
    return len(survivors)


def judged(file, chosen, args, known, results):
    """Each with its result. One that waited too long is tried once more, alone: the
    machine may have been busy, with other mutants too."""
    old, fresh, slow = [], [], []
    for m in chosen:
        was = results.get(m.id)
        if m.id in known:
            old.append((m, "equivalent"))
        elif was and was != "SURVIVED" and not args.again:
            old.append((m, was))
        else:
            fresh.append(m)
    yield from old
    if fresh and not args.slow and not file.prepare():
        print(f"# {file.path}: one by one", flush=True)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for m, result in zip(fresh, pool.map(file.judge, fresh)):
            if result.endswith(": too slow"):
                slow.append(m)
            else:
                yield m, result
    for m in slow:
        yield m, file.judge(m, 3)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("build", type=pathlib.Path)
    p.add_argument("files", nargs="+", help="below the top; patterns are allowed")
    p.add_argument("--sample", type=int, help="so many of each file")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("-j", dest="jobs", type=int, default=1)
    p.add_argument("--list", action="store_true", help="run nothing")
    p.add_argument("--again", action="store_true", help="those killed, too")
    p.add_argument("--slow", action="store_true", help="one mutant at a time")
    p.add_argument("--show", help="write the mutant of this name to the output")
    args = p.parse_args()
    paths = sorted({str(pathlib.Path(f).relative_to(mutants.TOP)) for pattern in args.files
                    for f in glob.glob(str(mutants.TOP / pattern))})
    if args.show:
        for path in paths:
            for m in mutants.mutants_of(path):
                if m.id == args.show:
                    text = (mutants.TOP / path).read_text()
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
