"""facts.py - the tables of the library that the site shows: errors, options, and
specifications."""

import pathlib
import re
import sys

import headers
from program import strings

SRC = headers.TOP / "src"
OPTION_H = headers.TOP / "include/xmpp/option.h"

# The words of base/retry.c.
AGAIN = {"NEVER": "no", "SERVED": "after a session", "SATED": "after a session, later",
         "KNOWN": "after an earlier login", "LATER": "later", "ALWAYS": "yes"}


def rows_of(text, pattern):
    return re.findall(pattern, text.replace("\\\n", "\n"), re.S)


def errors():
    """Each code: number, name, meaning, advice, and whether to try again."""
    advice_c = (SRC / "base/advice.c").read_text()
    macros = {name: strings(value) for name, value in
              rows_of(advice_c, r'#define (\w+)\s+("[^\n]*?")\n')}
    advice = {}
    for name, value in rows_of(advice_c, r"\{(XMPP_E\w+),\s*([^{}]*?)\}"):
        advice[name] = macros.get(value.strip()) or strings(value)
    retry_c = (SRC / "base/retry.c").read_text()
    retry = dict(rows_of(retry_c, r"\{(XMPP_E\w+), (\w+)\}"))
    error_c = (SRC / "base/error.c").read_text()
    texts = {name: strings(text) for name, text in
             rows_of(error_c, r'\{(XMPP_E\w+), "\w+", ("[^"]*")\}')}
    header = (headers.TOP / "include/xmpp/error.h").read_text()
    found = [(int(code), name, texts[name]) for name, code in
             rows_of(header, r"#define (XMPP_E\w+) (-?\d+)")]
    found += [(int(code), name, strings(text)) for code, name, text in
              rows_of(header, r'X\((-\d+), (XMPP_E\w+),\s*((?:"[^"]*"\s*)+)\)')]
    return [(code, name, text, advice.get(name, ""), AGAIN.get(retry.get(name), "-"))
            for code, name, text in found]


def layers():
    """What the message of a failure begins with."""
    text = (SRC / "base/error.c").read_text()
    names = re.search(r"names\[\] = \{(.*?)\};", text, re.S)[1]
    return re.findall(r'"(\w+)"', names)[1:]  # without "none"


def options():
    """Each option: name, default, least, most, and what it is."""
    return [(name, default, least, most.rstrip("L"), strings(text))
            for name, default, least, most, text in rows_of(
                OPTION_H.read_text(),
                r'X\((XMPP_OPT_\w+), (-?\w+),\s*(-?\w+),\s*(-?\w+),\s*((?:"[^"]*"\s*)+)\)')]


def titles():
    """What the documents call themselves."""
    text = (pathlib.Path(__file__).parent / "titles").read_text()
    return dict(re.findall(r"^    (\S+ ?\d+) \| (.+)$", text, re.M))


def specifications():
    """Each document: its title, the part of the library that speaks it, and how far,
    as README's table has it."""
    folder = str(headers.TOP / "tests/house")
    sys.path.insert(0, folder)
    import specs
    rows = [*specs.core_rows(headers.TOP),
            *(row for _, row in specs.module_rows(headers.TOP))]
    found = {}
    for row in rows:
        far = "; ".join(part for part in (row.status, row.note) if part)
        for document, _ in row.specs:
            parts, before = found.get(document, ("", far))
            found[document] = (f"{parts}, {row.title}".removeprefix(", "), before)
    named = titles()
    without = sorted(set(found) - set(named))
    if without:
        raise SystemExit(f"doc/site/titles: no title of {', '.join(without)}")
    return {document: (named[document], *found[document]) for document in found}
