"""html_site.py - the site as a folder of HTML that opens from disk."""

import html
import re
import shutil

import facts
import guide
import headers
import links
import prose

STYLE = headers.TOP / "doc/site/style.css"
MENU = [("index.html", "Guide"), ("headers.html", "Headers"),
        ("functions.html", "Functions"), ("xeps.html", "Specifications"),
        ("errors.html", "Errors"), ("options.html", "Options")]


class Site:
    def __init__(self, folder):
        self.folder = folder
        self.headers = headers.read_all()
        self.specs = facts.specifications()
        tables = {row[1]: "errors.html" for row in facts.errors()}
        tables.update({row[0]: "options.html" for row in facts.options()})
        self.links = links.Links(self.headers, {key[4:] for key in self.specs
                                                if key.startswith("XEP-")}, tables)
        self.version = headers.version()

    def page(self, name, title, body):
        menu = "\n".join(
            f'<a href="{target}"{" class=here" if target == name else ""}>{label}</a>'
            for target, label in MENU)
        text = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)} - libxmpp</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<nav><strong>libxmpp</strong>
{menu}
</nav>
<main>
{body}
</main>
<footer>libxmpp {self.version}</footer>
</body>
</html>
"""
        (self.folder / name).write_text(text)

    def prose(self, text, beside):
        """A contract or a text of ours as HTML."""
        out = []
        for block in prose.blocks(text):
            if block.kind == "text":
                out.append(f"<p>{self.links.text(block.text, beside)}</p>")
            elif block.kind == "code":
                out.append(f"<pre>{self.links.code(block.text, beside)}</pre>")
            elif all(term == "-" for term, _ in block.rows):
                items = "".join(f"<li>{self.links.text(text, beside)}</li>\n"
                                for _, text in block.rows)
                out.append(f"<ul>\n{items}</ul>")
            else:
                items = "".join(f"<dt>{self.links.text(term, beside)}</dt>"
                                f"<dd>{self.links.text(text, beside)}</dd>\n"
                                for term, text in block.rows)
                out.append(f"<dl>\n{items}</dl>")
        return "\n".join(out)

    # ---- the reference --------------------------------------------------

    def entry(self, one, beside):
        out = ""
        if one.code:
            names = [name.text for name in one.names
                     if self.links.names[name.text] == self.links.header(beside)]
            out += f"<pre>{self.links.code(headers.shown(one.code), beside, names)}</pre>"
        if one.contract:
            out += f"<div>{self.prose(one.contract, beside)}</div>"
        return f"<section>{out}</section>"

    def reference(self, header):
        out = [f"<h1><code>{header.name}</code></h1>",
               f"<p class=lead>{self.links.text(header.purpose, header.name)}</p>"]
        titles = [one.title for one in header.sections if one.title]
        if len(titles) > 2:
            out.append("<p class=toc>" + " ".join(
                f'<a href="#{slug(title)}">{html.escape(title)}</a>' for title in titles)
                + "</p>")
        out.append(self.prose(header.about, header.name))
        for section in header.sections:
            if section.title:
                title = html.escape(section.title)
                out.append(f'<h2 id="{slug(section.title)}">'
                           f"{title[:1].upper()}{title[1:]}</h2>")
            out += [self.entry(one, header.name) for one in section.entries]
        self.page(links.page_of(header), header.name, "\n".join(out))

    # ---- the indexes ----------------------------------------------------

    def table(self, heads, rows, ids=None):
        """Cells are HTML; each becomes a line of its own on a narrow screen."""
        out = "<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>\n"
        for i, row in enumerate(rows):
            mark = f' id="{ids[i]}"' if ids else ""
            out += f"<tr{mark}>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n"
        return f"<table>\n{out}</table>"

    def index_headers(self):
        def rows(some):
            return [(f'<a href="{links.page_of(one)}"><code>{one.name}</code></a>',
                     self.links.text(one.purpose, one.name)) for one in some]
        core = [one for one in self.headers if "/xep/" not in one.name]
        others = [one for one in self.headers if "/xep/" in one.name]
        self.page("headers.html", "Headers", "\n".join([
            "<h1>Headers</h1>", "<h2>The core</h2>",
            "<p><code>#include &lt;xmpp/xmpp.h&gt;</code> includes all of them.</p>",
            self.table(("Header", "What it is about"), rows(core)),
            "<h2>Extensions</h2><p>Each is included by its own name.</p>",
            self.table(("Header", "What it is about"), rows(others))]))

    def index_functions(self):
        """Every name that can be called, by its letter after the prefix."""
        groups = {}
        for one in self.headers:
            for name in one.names():
                if name.kind in ("function", "callback"):
                    word = name.text.removeprefix("xmpp_")
                    groups.setdefault(word[0], set()).add((name.text, links.page_of(one)))
        letters = sorted(groups)
        out = ["<h1>Functions</h1>", "<p class=toc>" + " ".join(
            f'<a href="#{letter}">{letter}</a>' for letter in letters) + "</p>"]
        for letter in letters:
            items = "\n".join(f'<li><a href="{page}#{name}">{name}</a></li>'
                              for name, page in sorted(groups[letter]))
            out.append(f'<h2 id="{letter}">{letter}</h2>\n<ul class=names>{items}</ul>')
        self.page("functions.html", "Functions", "\n".join(out))

    def mentions(self, word, most=1000):
        """The headers that speak of something; of more than `most`, how many."""
        pattern = re.compile(rf"\b{word}\b")
        pages = [f'<a href="{links.page_of(one)}">{one.name.removeprefix("xmpp/")}</a>'
                 for one in self.headers if one.name not in ("xmpp/ns.h", "xmpp/error.h")
                 and pattern.search(one.text())]
        return " ".join(pages) if len(pages) <= most else f"{len(pages)} headers"

    def index_specs(self):
        rows, ids = [], []
        for key in sorted(self.specs):
            title, part, status = self.specs[key]
            number = key[4:]
            where = (links.XEP if key[0] == "X" else links.RFC).format(number)
            rows.append((f'<a href="{where}">{key}</a>', html.escape(title),
                         html.escape(part), html.escape(status), self.mentions(key)))
            ids.append(key.replace(" ", "-"))
        self.page("xeps.html", "Specifications", "\n".join([
            "<h1>Specifications</h1>",
            "<p>What the library speaks: the document, its title, the part of the library, how "
            "far, and the headers that mention it. The links in the first column "
            "leave this folder.</p>",
            self.table(("Document", "Title", "Part", "How far", "Headers"), rows, ids)]))

    def index_errors(self):
        rows, ids = [], []
        for code, name, text, advice, retry in facts.errors():
            rows.append((f"<code>{name}</code><br>{code}", html.escape(text),
                         html.escape(advice[:1].upper() + advice[1:]) or "-", retry,
                         self.mentions(name, 12) or "-"))
            ids.append(name)
        page = guide.Page(self, guide.FOLDER / "errors.md")
        for layer in facts.layers():
            if f"<td>{layer}</td>" not in page.body():
                raise SystemExit(f"errors.md: nothing about the layer {layer}")
        self.page(page.name, page.title, "\n".join([
            page.body(), "<h2>The codes</h2>",
            self.table(("Code", "What it means", "What to do", "Again?", "Headers"), rows, ids)]))

    def index_options(self):
        rows = [(f'<b id="{name}">{name}</b>', self.links.text(text), low, default, high)
                for name, default, low, high, text in facts.options()]
        self.page("options.html", "Options", "\n".join([
            "<h1>Options</h1>",
            self.prose("`xmpp_conn_set_option(conn, XMPP_OPT_..., value)` sets one. "
                       "Sizes are in bytes, times in milliseconds; a switch is 0 or 1. "
                       "option.h has the rest of the contract.", ""),
            self.table(("Option", "What it is", "Least", "Default", "Most"), rows)]))


def slug(title):
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(folder)
    for header in site.headers:
        site.reference(header)
    site.index_headers()
    site.index_functions()
    site.index_specs()
    site.index_errors()
    site.index_options()
    guide.write(site)
    shutil.copy(STYLE, folder / "style.css")
