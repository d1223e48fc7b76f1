"""guide.py - the pages of doc/guide: a small part of Markdown.

A page has a title (# ...), headings (## ...), paragraphs, lists (- ...), tables
(| ... |), code between fences, and links [text](page.html). Lines of their own are

    @code tutorial/bot.c            the whole file
    @code tutorial/bot.c on_event   one of its functions or tables, with its comment
    @figure login.svg What it shows
    @exits                          the exit codes of the programs
"""

import html
import re
import shutil

import headers
import program

FOLDER = headers.TOP / "doc/guide"
# Texts of doc/ that are for users, too.
PAPERS = ("USING", "MODULES", "PORTING", "LIMITS", "CHANGES")
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```\n", re.M | re.S)
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


COMMENT = r"(?:/\*(?:(?!\*/).)*\*/\n)?"
FUNCTION = COMMENT + r"(?:static )?[^\n;{{}}=]*\b{}\([^;{{}}]*\)\n\{{\n.*?^\}}\n"
TABLE = COMMENT + r"(?:static )?const [^\n;{{}}=]*\b{}(?:\[\])? = \{{\n.*?^\}};\n"


def part_of(name, what=""):
    """A file of the guide, or one function or table of it."""
    text = (FOLDER / name).read_text()
    if not what:
        return text
    for pattern in FUNCTION, TABLE:
        match = re.search("^" + pattern.format(what), text, re.M | re.S)
        if match:
            return match[0]
    raise SystemExit(f"{name} has no {what}")


class Page:
    def __init__(self, site, path):
        self.site = site
        self.text = path.read_text()
        self.name = path.stem + ".html"
        self.title = re.match(r"# (.*)\n", self.text)[1]

    def words(self, text):
        """Text with links of its own, and those of its names."""
        out, at = [], 0
        for match in LINK.finditer(text):
            out.append(self.site.links.text(text[at:match.start()]))
            shown = self.site.links.text(match[1])
            shown = re.sub(r"</?a\b[^>]*>", "", shown)
            out.append(f'<a href="{match[2]}">{shown}</a>')
            at = match.end()
        return "".join(out) + self.site.links.text(text[at:])

    def code(self, text, kind):
        shown = self.site.links.code(text) if kind[:1] == ["c"] else \
            html.escape(text, quote=False)
        return f"<pre>{shown.rstrip()}</pre>"

    def directive(self, line):
        words = line.split()
        if words[0] == "@code":
            return self.code(part_of(*words[1:]), ["c"])
        if words[0] == "@exits":
            return self.site.table(("Code", "What it means"), program.exit_codes())
        return f'<img src="{words[1]}" alt="{html.escape(" ".join(words[2:]))}">'

    def table(self, lines):
        rows = [[self.words(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                for line in lines if not re.fullmatch(r"[|\- ]+", line)]
        return self.site.table(rows[0], rows[1:])

    def block(self, text):
        lines = text.split("\n")
        heading = re.match(r"(#+) (.*)", text)
        if heading:
            depth, title = len(heading[1]), heading[2]
            slug = re.sub(r"\W+", "-", title.lower()).strip("-")
            mark = f' id="{slug}"' if depth > 1 else ""
            return f"<h{depth}{mark}>{self.words(title)}</h{depth}>"
        if text.startswith("@"):
            return "\n".join(self.directive(line) for line in lines)
        if text.startswith("|"):
            return self.table(lines)
        if re.match(r"- |\d+\. ", text):
            kind = "ul" if text.startswith("- ") else "ol"
            items = re.split(r"^(?:- |\d+\. )", text, flags=re.M)[1:]
            return f"<{kind}>" + "".join(
                f"<li>{self.words(' '.join(item.split()))}</li>\n" for item in items
                ) + f"</{kind}>"
        return f"<p>{self.words(' '.join(lines))}</p>"

    def body(self):
        out, at = [], 0
        for match in FENCE.finditer(self.text):
            out += self.blocks(self.text[at:match.start()])
            out.append(self.code(match[2], match[1].split()))
            at = match.end()
        return "\n".join(out + self.blocks(self.text[at:]))

    def blocks(self, text):
        return [self.block(one) for one in re.split(r"\n{2,}", text.strip()) if one]


def paper(site, name):
    """A text of doc/, with its headings underlined, as a page."""
    text = (headers.TOP / "doc" / name).read_text()
    parts = re.split(r"^(\S.*)\n([=-])[=-]+\n", text, flags=re.M)[1:]
    title = parts[0]
    out = [f"<h1>{html.escape(title)}</h1>"]
    for shown, _, body in zip(parts[::3], parts[1::3], parts[2::3]):
        if shown != title:
            slug = re.sub(r"\W+", "-", shown.lower()).strip("-")
            out.append(f'<h2 id="{slug}">{site.links.text(shown)}</h2>')
        out.append(site.prose(body, "doc"))
    text = "\n".join(out)
    for shown in parts[3::3]:  # the contents lead to the headings
        slug = re.sub(r"\W+", "-", shown.lower()).strip("-")
        text = text.replace(f"<dt>{shown}</dt>", f'<dt><a href="#{slug}">{shown}</a></dt>')
    site.page(f"{name.lower()}.html", title, text)


def write(site):
    for name in PAPERS:
        paper(site, name)
    for path in sorted(set(FOLDER.glob("*.md")) - {FOLDER / "errors.md"}):
        page = Page(site, path)
        site.page(page.name, page.title, page.body())
    for path in sorted(FOLDER.glob("*.svg")):
        shutil.copy(path, site.folder / path.name)
