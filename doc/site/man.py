"""man.py - manual pages, of headers and of programs, in the macros of man(7)."""

import re
import textwrap

import headers
import prose

WIDTH = 78


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def words(text):
    """A paragraph. A name of ours is bold, and so is what stands in backquotes."""
    lines = textwrap.wrap(text, WIDTH - 8, break_long_words=False, break_on_hyphens=False)
    text = escaped("\n".join(lines).replace("`", "\0"))
    text = re.sub(r"\0([^\0]+)\0", r"\\fB\1\\fR", text)
    return re.sub(r"(?<![\w/])((?:xmpp|XMPP)_\w+)", r"\\fB\1\\fR", text)


def code(text, font="R"):
    lines = escaped(text).split("\n")
    if font == "B":
        lines = [f"\\fB{line}\\fR" if line else "" for line in lines]
    return "\n".join([".nf", *lines, ".fi"])


def body(text):
    out = []
    for block in prose.blocks(text):
        if block.kind == "text":
            out += [".PP", words(block.text)]
        elif block.kind == "code":
            out += [".PP", ".RS 4", code(block.text), ".RE"]
        else:
            for term, meaning in block.rows:
                out += [".IP \\(bu 2" if term == "-" else
                        f".TP\n\\fB{escaped(term)}\\fR", words(meaning) or "\\&"]
    return out


def page(name, section, brief, version, date, parts):
    """`parts` are pairs of a heading and lines."""
    out = [f'.TH "{name.upper()}" {section} "{date}" "libxmpp {version}"', ".SH NAME",
           f"{escaped(name)} \\- {escaped(brief)}"]
    for heading, lines in parts:
        if lines:
            out += [f'.SH "{escaped(heading.upper())}"', *lines]
    text = "\n".join(out) + "\n"
    # a paragraph right behind a heading is the heading's own
    text = re.sub(r"^(\.S[HS] .*\n)(?:\.PP\n)+", r"\1", text, flags=re.M)
    return re.sub(r"\.PP\n(?=\.(?:TP|IP|SH|SS|PP)\b)", "", text)


def page_name(header):
    """xmpp/conn.h is xmpp_conn(3)."""
    return header.name[:-2].replace("/", "_")


def see_also(header, known_headers):
    known = {one.name: one for one in known_headers}
    others = set(header.includes)
    for word in re.findall(r"[\w/]+\.h\b", header.text()):
        for name in (word, f"xmpp/{word}", f"xmpp/xep/{word}"):
            if name in known:
                others.add(name)
                break
    pages = ["libxmpp"] + [page_name(known[one]) for one in sorted(others - {header.name})
                           if one in known]
    return ["\n".join(f".BR {name} (3){',' if name != pages[-1] else ''}"
                      for name in pages)]


def entry(one):
    out = [".PP"]
    if one.code:
        out.append(code(headers.shown(one.code), "B"))
    if one.contract and one.code:
        out += [".RS 4", *body(one.contract), ".RE"]
    elif one.contract:
        out += body(one.contract)
    return out


def sentence(text):
    return text[:1].upper() + text[1:] + ("" if text[-1] in ".?" else ".")


def of_header(header, all_headers, version, date):
    parts = [("Synopsis", [f".B #include <{header.name}>", ".PP",
                           ".B cc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs libxmpp)"]),
             ("Description", body(header.about) if header.about else
              [words(sentence(header.purpose))])]
    for section in header.sections:
        lines = [line for one in section.entries for line in entry(one)]
        parts.append((section.title or "Declarations", lines))
    parts.append(("See also", see_also(header, all_headers)))
    return page(page_name(header), 3, header.purpose.rstrip("."), version, date, parts)


def of_library(all_headers, version, date):
    """libxmpp(3): the conventions of xmpp.h, and the list of the others."""
    top = next(one for one in all_headers if one.name == "xmpp/xmpp.h")
    core = [one for one in all_headers if one is not top and "/xep/" not in one.name]
    others = [one for one in all_headers if "/xep/" in one.name]

    def listed(some):
        return [line for one in some for line in
                (".TP", f".BR {page_name(one)} (3)", words(one.purpose) or "\\&")]
    return page("libxmpp", 3, "an embeddable XMPP client library", version, date, [
        ("Synopsis", [".B #include <xmpp/xmpp.h>", ".PP",
                      ".B cc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs libxmpp)"]),
        ("Description", [words(
            "A program links libxmpp and speaks XMPP: a bot, a client, a device, a "
            "component. The library finds the server, connects, secures the stream, logs "
            "in, and hands over the stanzas as they arrive. It never blocks and needs no "
            "thread. Each header has a page of its own."), *body(top.about)]),
        ("The core", listed(core)),
        ("Extensions", listed(others)),
        ("See also", [".BR xmpp\\-send (1),\n.BR xmpp\\-echo (1),\n.BR xmpp\\-disco (1)"]),
    ])


def aliases(all_headers):
    """man xmpp_conn_new shows the page of its header. A page of a header goes before
    a function of the same name, which it describes."""
    pages = {page_name(one) for one in all_headers}
    return {name.text: page_name(one) for one in all_headers for name in one.names()
            if name.kind in ("function", "callback", "type", "table")
            and name.text not in pages}
