"""prose.py - the text of a contract as blocks: paragraphs, code, and lists of a
term with its meaning."""

import dataclasses
import re


@dataclasses.dataclass
class Block:
    kind: str  # text, code or list
    text: str = ""
    rows: list[tuple[str, str]] = dataclasses.field(default_factory=list)


def depth_of(line):
    return len(line) - len(line.lstrip(" "))


def rows_of(lines):
    """`  TERM   meaning`, and what is further in belongs to the row before."""
    least = min(depth_of(line) for line in lines if line)
    rows = []
    for line in lines:
        if not line:
            continue
        term = re.match(r"(- |\d+\. )|(\S+(?: \S+)*?)(?:  +|$)", line[least:])
        if depth_of(line) > least and rows:
            rows[-1][1] += " " + line.strip()
        elif term[1]:
            rows.append([term[1].strip(), line[least + term.end():].strip()])
        else:
            rows.append([term[2], line[least + term.end():].strip()])
    return [(term, meaning.strip()) for term, meaning in rows]


def is_list(lines):
    """Two columns with a gap between, and no C."""
    least = min(depth_of(line) for line in lines if line)
    heads = [line for line in lines if line and depth_of(line) == least]
    return (len(heads) > 1 and depth_of(lines[0]) == least
            and not re.search(r"[;{}]$|^ *[$#/.]", "\n".join(lines), re.M)
            and all(re.match(r"\S+(?: \S+)*  +\S", line[least:]) for line in heads))


def columns(lines):
    """Two columns without an indent, where each row goes on in the second: the rows
    up to the next empty line, or none."""
    chunk = lines[:lines.index("")] if "" in lines else lines
    heads = [line for line in chunk if depth_of(line) == 0]
    places = {depth_of(line) for line in chunk} - {0}
    if len(places) != 1 or len(heads) < 2:
        return []
    place = places.pop()
    return chunk if all(line[place - 1:place] == " " != line[place:place + 1]
                        for line in heads) else []


def rows_at(lines, place):
    rows = []
    for line in lines:
        if depth_of(line):
            rows[-1][1] += " " + line.strip()
        else:
            rows.append([line[:place].strip(), line[place:]])
    return [tuple(row) for row in rows]


def blocks(text):
    """Text that is not indented is a paragraph; code is indented by four and more,
    a list by less, or it has two columns."""
    found, lines = [], text.split("\n")
    while lines:
        if not lines[0]:
            lines.pop(0)
            continue
        table = columns(lines)
        if table:
            place = max(depth_of(line) for line in table)
            found.append(Block("list", rows=rows_at(table, place)))
            lines = lines[len(table):]
            continue
        is_inside = depth_of(lines[0]) > 0
        taken = []
        while lines and (not lines[0] or (depth_of(lines[0]) > 0) == is_inside):
            if not lines[0] and not is_inside:
                break
            taken.append(lines.pop(0))
        while not taken[-1]:
            taken.pop()
        if not is_inside:
            found.append(Block("text", " ".join(taken)))
        elif min(depth_of(line) for line in taken if line) >= 4 and not is_list(taken):
            found.append(Block("code", "\n".join(line[4:] for line in taken)))
        else:
            found.append(Block("list", rows=rows_of(taken)))
    return found
