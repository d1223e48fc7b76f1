"""guide.py - the pages of doc/guide: a small part of Markdown.

A page has a title (# ...), headings (## ...), paragraphs, lists (- ...), tables
(| ... |), code between fences, and links [text](page.html). Lines of their own are

    @code tutorial/bot.c            the whole file
    @code tutorial/bot.c on_event   one of its functions, with the comment before it
    @figure login.svg What it shows
"""

import html
import re
import shutil

import headers

FOLDER = headers.TOP / "doc/guide"
FENCE = re.compile(r"^```(.*)\n(.*?)^```\n", re.M | re.S)
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def part_of(name, function=""):
    """A file of the guide, or one function of it."""
    text = (FOLDER / name).read_text()
    if not function:
        return text
    match = re.search(rf"^(?:/\*(?:(?!\*/).)*\*/\n)?(?:static )?[^\n;{{}}]*\b{function}\("
                      r"[^;{}]*\)\n\{\n.*?^\}\n", text, re.M | re.S)
    if not match:
        raise SystemExit(f"{name} has no function {function}")
    return match[0]


def snippets(text):
    """What stands between fences: the words behind the first one, and the code."""
    return FENCE.findall(text)


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


def write(site):
    for path in sorted(FOLDER.glob("*.md")):
        page = Page(site, path)
        site.page(page.name, page.title, page.body())
    for path in sorted(FOLDER.glob("*.svg")):
        shutil.copy(path, site.folder / path.name)
