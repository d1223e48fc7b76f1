#!/usr/bin/env python3
"""site.py - make the manual pages and the site of HTML from the headers, the error
tables, and the pages of doc/guide; and the completion of the programs for shells.

usage: site.py man FOLDER | site.py html FOLDER | site.py completion FOLDER
"""

import os
import pathlib
import sys
import time

sys.dont_write_bytecode = True
import headers  # noqa: E402, of this folder, as are the next
import man  # noqa: E402
import program  # noqa: E402


def day():
    """Of the release where its maker gives one, so that it can be made again."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def write_man(folder):
    known, version, date = headers.read_all(), headers.version(), day()
    pages = {f"{man.page_name(one)}.3": man.of_header(one, known, version, date)
             for one in known}
    pages["libxmpp.3"] = man.of_library(known, version, date)
    for alias, page in man.aliases(known).items():
        pages[f"{alias}.3"] = f".so man3/{page}.3\n"
    for name in program.all_programs():
        pages[f"{name}.1"] = program.page(name, version, date)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("man", "html", "completion"):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "man":
        write_man(folder)
    elif sys.argv[1] == "completion":
        import completion
        completion.write(folder)
    else:
        import html_site
        html_site.write(folder)


main()
