"""rooms.py - who calls whom in src/, and which static functions have namesakes.

A room is a .c with its .h. A .c or an inner header without a header of its own
belongs to the room whose name it begins with: reader_build.c to reader. One room
depends on another if it calls one of its functions or uses a table of it; what
only a struct or a constant of a header is needed for does not count."""

import collections
import re

FUNCTION = re.compile(r"^((?:static |inline )*)[a-z][\w *]*?\b(\w+)\([^;{}]*\)"
                      r"\s*\n\{\n", re.M)
TABLE = re.compile(r"^(?:const )?struct \w+ (\w+)(?:\[\w*\])? = ", re.M)


def bare(text):
    """Without comments and strings."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


def room_of(path, names):
    """`names` are those of the files in the same folder."""
    stem = path.stem
    if f"{stem}.h" in names and not stem.endswith("_inside"):
        return stem
    while "_" in stem:
        stem = stem.rpartition("_")[0]
        if f"{stem}.h" in names or f"{stem}.c" in names:
            return stem
    return path.stem


def code_of(path):
    """What runs: of a header only the bodies of its functions."""
    text = bare(path.read_text())
    if path.suffix == ".c":
        return text
    return "".join(text[m.start():text.find("\n}", m.end())]
                   for m in FUNCTION.finditer(text))


def calls(folder):
    """Each room of a folder, and the set of those that it depends on."""
    paths = sorted(folder.glob("*.[ch]"))
    names = {path.name for path in paths}
    home, code = {}, collections.defaultdict(str)
    for path in paths:
        room, text = room_of(path, names), code_of(path)
        code[room] += text
        if path.suffix == ".c":
            home.update((m[2], room) for m in FUNCTION.finditer(text)
                        if "static" not in m[1])
            home.update((m[1], room) for m in TABLE.finditer(text))
    return {room: {home[word] for word in re.findall(r"\b\w+\b", text)
                   if word in home} - {room} for room, text in code.items()}


def headers(folder):
    """Each header of a folder, and those that it includes."""
    return {path.name: set(re.findall(rf'#include "{folder.name}/([^"]+)"',
                                      path.read_text()))
            for path in sorted(folder.glob("*.h"))}


def reach(graph, start):
    seen, todo = set(), list(graph.get(start, ()))
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo.extend(graph.get(one, ()))
    return seen


def circular(graph):
    """Those that lead back to themselves."""
    return {one for one in graph if one in reach(graph, one)}


def path_back(graph, start):
    """One of the shortest ways from `start` back to it."""
    ways, todo = {start: None}, [start]
    for one in todo:
        for other in sorted(graph.get(one, ())):
            if other == start:
                way = [start]
                while one != start:
                    way.append(one)
                    one = ways[one]
                return [start] + way[:0:-1] + [start]
            if other not in ways:
                ways[other] = one
                todo.append(other)
    return []


def namesakes(top):
    """The static functions, as (file, name), whose name another file of src/
    has, too."""
    places = collections.defaultdict(set)
    statics = set()
    for path in sorted((top / "src").rglob("*.c")):
        for m in FUNCTION.finditer(bare(path.read_text())):
            places[m[2]].add(path)
            if "static" in m[1]:
                statics.add((path, m[2]))
    return [(path, name) for path, name in sorted(statics)
            if len(places[name]) > 1]
