"""links.py - where each name, header and specification stands in the site, and text
with links to them."""

import html
import re

WORD = re.compile(r"(?P<name>\b(?:xmpp|XMPP)_\w+)|(?P<header>(?<![\w/])[\w/]+\.h\b)"
                  r"|(?P<xep>\bXEP-\d{4}\b)|(?P<rfc>\bRFC (?P<number>\d{3,5})\b)"
                  r"|\bdoc/(?P<paper>USING|MODULES|PORTING|LIMITS|CHANGES)\b"
                  r"|\bdoc/guide/(?P<guide>[\w-]+)\.md\b"
                  r"|`(?P<code>[^`]+)`")
XEP = "https://xmpp.org/extensions/xep-{}.html"
RFC = "https://www.rfc-editor.org/rfc/rfc{}"


def page_of(header):
    """xmpp/xep/room.h is on ref-xep-room.html."""
    return "ref-" + header.name[:-2].removeprefix("xmpp/").replace("/", "-") + ".html"


class Links:
    """`tables` are names with a page of their own: errors, options."""

    def __init__(self, headers, xeps, tables):
        self.headers = {one.name: one for one in headers}
        self.names = dict(tables)
        self.xeps = xeps
        for one in headers:
            for name in one.names():
                self.names.setdefault(name.text, page_of(one))

    def header(self, word, beside=""):
        """The page of a header by a part of its name; the folder `beside` it first."""
        folder = beside.rpartition("/")[0]
        for name in (word, f"{folder}/{word}", f"xmpp/{word}", f"xmpp/xep/{word}"):
            if name in self.headers:
                return page_of(self.headers[name])
        return None

    def text(self, text, beside="", inner=True):
        """Plain text as HTML; `beside` is the header or page that it stands in."""
        out, at = [], 0
        for match in WORD.finditer(text):
            out.append(html.escape(text[at:match.start()], quote=False))
            out.append(self.word(match, beside, inner))
            at = match.end()
        return "".join(out) + html.escape(text[at:], quote=False)

    def word(self, match, beside, inner):
        shown, target = html.escape(match[0], quote=False), None
        if match["code"]:
            return f"<code>{self.text(match['code'], beside, False)}</code>"
        if match["name"] and match["name"] in self.names:
            target = f"{self.names[match['name']]}#{match['name']}"
        elif match["header"]:
            target = self.header(match["header"], beside)
        elif match["paper"]:
            target = match["paper"].lower() + ".html"
        elif match["guide"]:
            target = match["guide"] + ".html"
        elif match["xep"]:
            number = match["xep"][4:]
            target = f"xeps.html#{match['xep']}" if number in self.xeps else \
                XEP.format(number)
        elif match["rfc"]:
            target = RFC.format(match["number"])
        if not target:
            return shown
        is_code = inner and (match["name"] or match["header"])
        shown = f"<code>{shown}</code>" if is_code else shown
        return f'<a href="{target}">{shown}</a>'

    def code(self, text, beside="", declared=()):
        """C with links; what is declared here gets its anchor."""
        out, at, left = [], 0, set(declared)
        token = re.compile(r"(?P<comment>/\*.*?\*/)|(?P<name>\b\w+\b)", re.S)
        for match in token.finditer(text):
            out.append(html.escape(text[at:match.start()], quote=False))
            at = match.end()
            if match["comment"]:
                inside = self.text(match[0], beside, False)
                out.append(f"<i>{inside}</i>")
            elif match[0] in left:
                left.discard(match[0])
                out.append(f'<b id="{match[0]}">{match[0]}</b>')
            elif match[0] in self.names and match[0] not in declared:
                out.append(f'<a href="{self.names[match[0]]}#{match[0]}">{match[0]}</a>')
            else:
                out.append(match[0])
        return "".join(out) + html.escape(text[at:], quote=False)
