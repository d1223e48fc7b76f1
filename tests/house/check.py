#!/usr/bin/env python3
"""check.py - the rules of the house that a program can check."""

import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # no folder of it in the sources
import bindings  # noqa: E402, of this folder, as are the next
import modules  # noqa: E402
import mutate  # noqa: E402
import rooms  # noqa: E402
import specs  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parents[2]

# Each room, and the rooms it may look into.
ROOMS = {
    "base": set(),
    "address": {"base"},
    "sasl": {"base", "address"},
    "stanza": {"base"},
    "net": {"base"},
    "stream": {"base", "address", "sasl", "stanza"},
    "payload": {"base", "address", "stanza"},
    "dispatch": {"base", "address", "stanza", "payload"},
    "conn": {"base", "address", "sasl", "stanza", "stream", "payload",
             "dispatch", "net"},
    "compat": {"base", "stanza", "conn"},
    "xep": set(),  # the public headers are enough
}

# A foreign library has one door.
DOORS = {
    "ares.h": {"net/dns.c", "net/dns_answer.c", "net/dns_answer.h"},
    "idn2.h": {"address/label.c"},
    "libxml/": {"stanza/parser.h", "stanza/parser.c"},
    "unbound.h": {"net/dane.c"},
    "gnutls/": {"base/crypt.c", "net/cert.c", "net/cert.h", "net/cert_facts.c",
                "net/cert_path.c", "net/cert_path.h",
                "net/dane_judge.c", "net/dane_judge.h",
                "net/tls.c", "net/tls_binding.c", "net/tls_bytes.c",
                "net/tls_inside.h",
                "net/tls_judge.c", "net/tls_own.c", "net/tls_own.h",
                "net/tls_trust.c",
                "net/tls_trust.h"},
    "uni": {"address/text.c", "address/unicode.c", "address/unicode32.c"},
    "zlib.h": {"net/zlib.c"},
    "sys/epoll.h": {"net/descriptors_epoll.c"},
    "sys/timerfd.h": {"net/descriptors_epoll.c"},
    "sys/eventfd.h": {"net/descriptors_epoll.c"},
}

# Memory comes from the application's allocator, by the first of these rooms. A
# thread of the second frees what may outlive the application's.
MALLOC = {"base/env.c", "net/lookup.c"}

LINES_MOST = 450
FUNCTION_MOST = 60

README_BOT_LINES = 35

# README is read from the first line to the last; what is longer moves to doc/.
# The table of specifications does not count, because it grows with them.
README_LINES = 120
SUBJECT_COLUMNS = 72

PAPERS = ("COPYING", "CONTRIBUTING", "SECURITY", "doc/CHANGES", "doc/DECISIONS",
          "doc/DESIGN", "doc/HACKING", "doc/LIMITS", "doc/MODULES", "doc/PORTING",
          "doc/REACH", "doc/SPECS", "doc/USING", "libxmpp.doap")

# What a document writes in the place of a name.
NOT_FILES = {"xmpp/have.h", "xmpp/xep/NAME.h"}  # configure makes the first
NOT_NAMES = {"xmpp_noun_verb", "noun_verb", "fuzz_reader", "fuzz_talk",
             "is_friend", "friend_jid", "on_version", "on_certificate",
             "room_nick", "show_dialogue", "lamp_main", "lamp_state",
             "on_other_lamp", "add_reader"}
NOT_PATHS = re.compile(r"\b(NAME|HEADER)\b")

faults = []


def fault(path, text):
    faults.append(f"{path.relative_to(TOP)}: {text}")


def check_first_line(path, text):
    if not text.startswith(f"/* {path.name} - "):
        fault(path, "the first line does not say the file's purpose")


def check_length(path, text):
    lines = text.split("\n")
    if len(lines) > LINES_MOST:
        fault(path, f"{len(lines)} lines")
    start = None
    for i, line in enumerate(lines):
        if line == "{":
            start = i
        if line == "}" and start is not None:
            if i - start - 1 > FUNCTION_MOST:
                fault(path, f"line {start}: a function of {i - start - 1} lines")
            start = None


def check_includes(path, text):
    room = path.parent.name
    name = f"{room}/{path.name}"
    for which in re.findall(r'#include "([^"]+)"', text):
        if not (TOP / "src" / which).is_file():
            fault(path, f"{which} is not a file of src/")
    for which in re.findall(r'#include ["<]([^">]+)[">]', text):
        other = which.split("/")[0]
        if other in ROOMS and other != room and other not in ROOMS[room]:
            fault(path, f"looks into {which}")
        for door, who in DOORS.items():
            if (which.startswith(door) and name not in who
                    and which != "unistd.h"):
                fault(path, f"{which} has another door")


def check_circles():
    """Inside a folder no room calls one that calls it, and no header includes
    one that includes it."""
    for folder in sorted((TOP / "src").iterdir()):
        for graph in rooms.calls(folder), rooms.headers(folder):
            for name in sorted(rooms.circular(graph)):
                fault(folder / name, "a circle: " +
                      " -> ".join(rooms.path_back(graph, name)))


def check_reach():
    """The tests that mutants are given to exist."""
    for _, names in mutate.REACH:
        for name in names.split():
            if not (TOP / f"tests/{name}.c").is_file():
                fault(TOP / "tests/house/mutate.py", f"there is no {name}")


def check_namesakes():
    """The name of a static function stands in one file of src/ only, so that
    grep finds it and a trace shows it."""
    for path, name in rooms.namesakes(TOP):
        fault(path, f"{name}() is in other files, too: add a noun")


def check_globals(path, text):
    for line in re.findall(r"^(?:static )?(?:struct \w+|int|char|\w+_t) \w+"
                           r"(?:\[[^\]]*\])?(?: =.*)?;$", text, re.M):
        fault(path, f"a variable that outlives calls: {line}")


def check_memory(path, text):
    if f"{path.parent.name}/{path.name}" in MALLOC:
        return
    for name in re.findall(r"\b(malloc|calloc|realloc|strdup|strndup|v?asprintf)"
                           r"\(", text):
        fault(path, f"{name}() does not ask the application's allocator")


def check_namespaces(path, text):
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for ns in re.findall(r"(?:urn:(?:xmpp|ietf)|jabber|http://(?:jabber|etherx)"
                         r"\.\w+)[:/.][^\s'\"\\]+", code):
        fault(path, f"{ns}: namespaces stand in xmpp/ns.h")


def check_modules():
    """Extensions keep their rules, and what README and libxmpp.doap say of
    specifications is what they and doc/SPECS say."""
    for path, text in [*modules.faults(TOP), *specs.faults(TOP)]:
        fault(path, text)


def check_bindings():
    """Every public function has a shape that a binding can have."""
    for text in bindings.complaints(TOP):
        faults.append(text)


def check_strangers(path, text):
    if re.search(r"(?<![\w.])/(?:root|home|work)/", text):
        fault(path, "a path of somebody's machine")


def check_readme():
    """The bot in README is the one that is built, and as short as promised."""
    path = TOP / "examples" / "bot20.c"
    bot = path.read_text().split("\n", 1)[1]
    if bot.count("\n") > README_BOT_LINES:
        fault(path, f"more than {README_BOT_LINES} lines")
    shown = "".join(f"    {line}" if line.strip() else line
                    for line in bot.splitlines(True))
    if shown not in (TOP / "README").read_text():
        fault(path, "README shows another bot")


def check_version():
    """The header, configure.ac and README speak of one version."""
    text = (TOP / "include" / "xmpp" / "version.h").read_text()
    version = ".".join(re.findall(r"VERSION_(?:MAJOR|MINOR|MICRO) (\d+)", text))
    for name, words in (("README", f"Version {version};"),
                        ("configure.ac", f"AC_INIT([libxmpp], [{version}])")):
        if words not in (TOP / name).read_text():
            fault(TOP / name, f"speaks of another version than {version}")


def check_papers():
    """The documents exist, README names them, and it is short."""
    readme = TOP / "README"
    text = readme.read_text()
    table = specs.readme_table(TOP)
    if text.count("\n") - table.count("\n") > README_LINES:
        fault(readme, f"more than {README_LINES} lines and its table")
    for name in PAPERS:
        if not (TOP / name).is_file():
            fault(TOP / name, "is missing")
        elif name not in text:
            fault(readme, f"does not name {name}")


def documents():
    return [TOP / "README", TOP / "CONTRIBUTING", TOP / "SECURITY",
            *sorted(p for p in (TOP / "doc").iterdir() if p.is_file())]


def words_of(folders, suffixes):
    text = "".join(p.read_text() for folder in folders
                   for p in sorted((TOP / folder).rglob("*"))
                   if p.suffix in suffixes)
    return set(re.findall(r"\w+", text))


def path_exists(name):
    """A path of the tree, a talk, a test program, or a room such as net/dial."""
    name = name.replace("fuzz/fuzz_", "fuzz/")
    if name.endswith(".talk") and not name.startswith("tests/"):
        name = f"tests/talk/{name}"
    if name.partition("/")[0] in ROOMS:
        name = f"src/{name}"
    return any(True for end in ("", ".c", ".h") for _ in TOP.glob(name + end))


def check_headers(path, text):
    """The headers that a public header speaks of exist."""
    for name in sorted(set(re.findall(r"[\w/]+\.h\b", re.sub(
            "#include <std.*>|#include <limits.h>", "", text)))):
        if not any((TOP / folder / name).is_file() for folder in
                   ("include", "include/xmpp", "include/xmpp/xep")) \
                and name not in NOT_FILES:
            fault(path, f"there is no {name}")


def check_contents():
    """USING begins with the names of its sections, in their order."""
    path = TOP / "doc" / "USING"
    title, *sections = re.findall(r"^(.+)\n[=-]+$", path.read_text(), flags=re.M)
    listed = path.read_text().partition("    ")[2].partition("\n\n\n")[0]
    names = [re.split(r"  +", line.strip())[0] for line in listed.split("\n")]
    if names != sections:
        fault(path, f"{title}: the contents are not {', '.join(sections)}")


def check_documents():
    """The names, files and rooms that documents speak of exist."""
    public = words_of(["include"], {".h"})
    code = words_of(["src", "include", "tests", "examples"],
                    {".c", ".h", ".py"})
    code |= {path.stem for path in (TOP / "src").rglob("*.c")}
    folders = "|".join(["src", "tests", "include", "examples", "bench", *ROOMS])
    for path in documents():
        text = path.read_text()
        if path.name == "CHANGES":  # which lists the old names
            text = re.sub(r"^ .* -> ", "", text, flags=re.M)
        for name in sorted(set(re.findall(r"\b(?:xmpp|XMPP)_\w+", text))):
            known = public if not name.endswith("_") else \
                {word[:len(name)] for word in public}
            if name not in known and name not in NOT_NAMES:
                fault(path, f"{name} does not exist")
        for name in sorted(set(re.findall(
                r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b", text))):
            if name not in code and name not in NOT_NAMES:
                fault(path, f"{name} does not exist")
        for name in sorted(set(re.findall(
                rf"(?<![\w/<.-])(?:{folders})/[\w./*-]*\w\*?", text))):
            if not NOT_PATHS.search(name) and not path_exists(name):
                fault(path, f"there is no {name}")
        for name in sorted(set(re.findall(r"<(xmpp/\w+\.h)>", text))):
            if not (TOP / "include" / name).is_file():
                fault(path, f"there is no {name}")


def check_rooms():
    """The rooms that doc/DESIGN lists exist: a folder, names, and their work."""
    path, folder = TOP / "doc" / "DESIGN", None
    text = path.read_text().partition("\n2  The rooms\n")[2]
    for line in text.partition("\n3  ")[0].split("\n"):
        names = re.match(r"(?:    (\w+)/ *|              )([\w*]+(?:, [\w*]+)*)  ",
                         line)
        if not names:
            continue
        folder = names[1] or folder
        for name in names[2].split(", "):
            if not path_exists(f"{folder}/{name}"):
                fault(path, f"there is no room {folder}/{name}")


def check_subjects():
    """A commit says `area: what changes` since the code was laid out anew."""
    path = TOP / ".git-blame-ignore-revs"
    if not (TOP / ".git").exists():
        return  # a release
    since = re.search(r"^[0-9a-f]{40}$", path.read_text(), re.M)[0]
    log = subprocess.run(["git", "log", "--no-merges", "--format=%s",
                          f"{since}..HEAD"], cwd=TOP, text=True,
                         capture_output=True)
    for subject in log.stdout.splitlines():  # empty in a clone without history
        if (len(subject) > SUBJECT_COLUMNS or
                not re.match(r"[\w/.,+ -]+: \S", subject)):
            fault(TOP / "git log",
                  f"a subject is not `area: what changes`: {subject}")


def check_program_names():
    """A program stands beside its source, where no other file has its name: a
    build inside the tree would write over it, and a tarball would contain the
    program instead."""
    if not (TOP / ".git").exists():
        return  # a release
    log = subprocess.run(["git", "ls-files"], cwd=TOP, text=True,
                         capture_output=True)
    names = set(log.stdout.split("\n"))
    for name in sorted(names):
        stem, _, suffix = name.rpartition(".")
        if (name.startswith(("tests/", "examples/")) and
                suffix in ("c", "cc") and stem in names):
            fault(TOP / name, "another file has the name of its program")


def check_tested():
    """Every public function is called by a test, a talk or an example."""
    text = "".join(p.read_text() for folder in ("tests", "examples")
                   for p in sorted((TOP / folder).rglob("*.c")))
    words = set(re.findall(r"\bxmpp_\w+", text))
    for talk in (TOP / "tests/xep").glob("*.talk"):
        words |= {"xmpp_" + name.replace(".", "_") for name in
                  re.findall(r"^call (\S+)", talk.read_text(), re.M)}
    path = TOP / "libxmpp.map"
    names = re.findall(r"^    (xmpp_\w+);", path.read_text(), re.M)
    for name in names + modules.exported(TOP):
        if name not in words:
            fault(path, f"{name} has no test")


def attack_test_exists(name):
    kind, _, rest = name.partition(":")
    if kind == "flood":
        return f'"{rest}": lambda' in (TOP / "tests/live/floods.py").read_text()
    if kind == "lie":
        text = (TOP / "tests/live/faults").read_text()
        action, _, stage = rest.partition("-at-")
        return (re.search(rf"^lie {re.escape(rest)} ", text, re.M) or
                (stage and f"lie {action}-at-$stage" in text and
                 stage in text))
    if name.endswith(".talk") and not name.startswith("tests/"):
        return any((TOP / "tests/talk").glob(name))
    return (TOP / name).is_file()


def check_attacks():
    """Every attack has tests, and they are there."""
    path = TOP / "tests" / "ATTACKS"
    for line in path.read_text().split("\n"):
        attack, colon, names = line.strip().partition(": ")
        if not line.startswith("    "):
            continue
        if not names.split():
            fault(path, f"{attack}: no test")
        for name in names.split():
            if not attack_test_exists(name):
                fault(path, f"{attack}: there is no {name}")


def check_talks():
    """A talk lies in the folder of its subject, else nobody plays it."""
    for path in (TOP / "tests/talk").rglob("*.talk"):
        if path.parents[1] != TOP / "tests/talk":
            fault(path, "a talk is tests/talk/SUBJECT/NAME.talk")


def check_names_table():
    """The table of well-known names is what its script prints."""
    path = TOP / "src" / "stanza" / "names_table.h"
    script = path.with_name("make_names_table.py")
    printed = subprocess.run([sys.executable, script], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    if printed != path.read_text():
        fault(path, f"{script.name} prints another table: run it")


def options():
    """The options that are limits, with their defaults."""
    text = (TOP / "include/xmpp/option.h").read_text()
    found = dict(re.findall(r"X\((XMPP_OPT_\w+), (\d+),", text))
    return {name: value for name, value in found.items()
            if re.search(r"_(MAX|MIN)_|_(TIMEOUT|TRIES|AFTER)$", name)}


def constants():
    """Those of the source that end something, with their values."""
    found = {}
    for path in [TOP / "include/xmpp/ctx.h", *sorted((TOP / "src").rglob("*.[ch]"))]:
        for name, value in re.findall(r"^#define (\w+_MOST)\b(?:\(\w+\))? (.*?)"
                                      r"(?: */\*.*)?$", path.read_text(), re.M):
            found[f"{path.parent.name}/{path.name} {name}"] = value
    return found


def module_limits():
    """Those of extensions, with their defaults."""
    return {f"xep/{path.name} {name}": value
            for path in sorted((TOP / "src/xep").glob("*.c"))
            for name, value in re.findall(r'XMPP_LIMIT\("(\w+)", (\d+),',
                                          path.read_text())}


def check_limits():
    """Every limit has its place in doc/LIMITS, its value, and its tests."""
    path = TOP / "doc" / "LIMITS"
    limits = {**options(), **constants(), **module_limits()}
    row, tested = None, {}
    for line in path.read_text().split("\n"):
        name = re.match(r"(XMPP_OPT_\w+|\w+/\w+\.[ch] \w+)(:)? (.*)", line)
        kind, colon, tests = line.strip().partition(": ")
        if name:
            row = name[1]
            tested[row] = {"below", "above"} if name[2] else set()
            if row not in limits:
                fault(path, f"there is no {row}")
            elif not name[2] and limits[row] != name[3]:
                fault(path, f"{row} is {limits[row]}")
        elif line.startswith("    ") and colon and kind in ("below", "above"):
            tested[row].add(kind)
            for test in tests.split():
                if not attack_test_exists(test):
                    fault(path, f"{row}: there is no {test}")
    for name in limits:
        if name not in tested:
            fault(path, f"{name} is missing")
        elif len(tested[name]) < 2:
            fault(path, f"{name}: no test on both sides")


def main():
    check_readme()
    check_version()
    check_attacks()
    check_talks()
    check_limits()
    check_program_names()
    check_tested()
    check_papers()
    check_documents()
    check_contents()
    check_rooms()
    check_subjects()
    check_names_table()
    check_circles()
    check_namesakes()
    check_reach()
    check_modules()
    check_bindings()
    for path in sorted((TOP / "src").rglob("*.[ch]")):
        text = path.read_text()
        check_first_line(path, text)
        check_length(path, text)
        check_includes(path, text)
        check_memory(path, text)
        check_namespaces(path, text)
        check_strangers(path, text)
        if path.suffix == ".c":
            check_globals(path, text)
    for folder in ("include", "tests", "examples", "bench", "bindings"):
        for path in sorted((TOP / folder).rglob("*.[ch]")):
            text = path.read_text()
            check_first_line(path, text)
            check_length(path, text)
            check_strangers(path, text)
            if folder == "include":
                check_headers(path, text)
    for line in faults:
        print(line)
    return 1 if faults else 0


sys.exit(main())
