#!/usr/bin/env python3
"""make_names_table.py - print names_table.h: where each well-known name hashes to.

    src/stanza/make_names_table.py > TABLE && mv TABLE src/stanza/names_table.h

Run it after changing NAME_MAP in names.h; tests/house/check.py fails where it
was forgotten. The factors of the table as it stands are kept while no two names
collide under them, so that a new name usually adds one line and moves none.
"""

import pathlib
import random
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
FACTORS = ("LENGTH", "FIRST", "LAST", "MIDDLE", "LATE")
TRIES = 200_000  # seconds; then a larger table

HEAD = '''/* names_table.h - where each well-known name hashes to, without collision.
 *
 * Printed by make_names_table.py from NAME_MAP, never edited: the script finds
 * factors under which no two names meet. tests/stanza shows that each name is
 * found. */

#ifndef STANZA_NAMES_TABLE_H
#define STANZA_NAMES_TABLE_H

#include "stanza/names.h"

'''


def names():
    """The rows of NAME_MAP: (id, bytes)."""
    spaces = dict(re.findall(r'#define (XMPP_NS_\w+) "([^"]*)"',
                             (HERE / "../../include/xmpp/ns.h").read_text()))
    rows = re.findall(r'X\((NS?_\w+), (?:"([^"]*)"|(\w+))\)',
                      (HERE / "names.h").read_text())
    return [(name, (text or spaces[macro]).encode())
            for name, text, macro in rows]


def slot_of(s, factors, slots):
    """The same sum as slot_of() in names.c."""
    n = len(s)
    return sum(f * v for f, v in zip(factors, (
        n, s[0], s[-1], s[n // 2], s[n - 3 if n > 3 else 0]))) % slots


def place(rows, factors, slots):
    """{slot: id}, or None where two names meet."""
    table = {}
    for name, text in rows:
        slot = slot_of(text, factors, slots)
        if slot in table:
            return None
        table[slot] = name
    return table


def search(rows):
    rng = random.Random(1)  # the same names always get the same table
    slots = 512
    while True:
        for _ in range(TRIES):
            factors = [rng.randrange(1, slots) for _ in FACTORS]
            table = place(rows, factors, slots)
            if table:
                return table, factors, slots
        slots *= 2


def present(text):
    """The factors of the table as it stands, and its size; or None."""
    found = re.findall(r"#define NAME_(?:SLOTS|BY_\w+) (\d+)u?\n", text)
    numbers = [int(n) for n in found]
    return (numbers[1:], numbers[0]) if len(numbers) == 6 else None


def render(text):
    """The header, where it was `text` before."""
    rows = names()
    now = present(text)
    table = place(rows, *now) if now else None
    if table:
        factors, slots = now
    else:
        table, factors, slots = search(rows)
    out = HEAD + f"#define NAME_SLOTS {slots}\n"
    for name, factor in zip(FACTORS, factors):
        out += f"#define NAME_BY_{name} {factor}u\n"
    out += "\n/* clang-format off */\n"
    out += "static const unsigned char name_slots[NAME_SLOTS] = {\n"
    for slot in sorted(table):
        out += f"    [{slot}] = {table[slot]},\n"
    return out + "};\n/* clang-format on */\n\n#endif\n"


def main():
    path = HERE / "names_table.h"
    sys.stdout.write(render(path.read_text() if path.exists() else ""))


if __name__ == "__main__":
    main()
