"""callbacks.py - writes the list of the types of callbacks: where the userdata is, and
what C gets if the function of Python returns nothing or is gone."""

import naming  # of ../../describe

HEAD = '''"""callbacks.py - made from the headers of libxmpp {version}; do not edit."""

from __future__ import annotations

# (type, place of the userdata, result without one)
CALLBACKS: list[tuple[str, int, int | None]] = [
'''


def text(api):
    rows = []
    for one in api["callbacks"]:
        if one["userdata"] is None:
            continue
        default = None if one["returns"] == "void" else naming.default_of(one["name"])
        rows.append(f"    ({one['name']!r}, {one['userdata']}, {default}),\n")
    results = [f"    {(module['name'], event['name'])!r},\n" for module in api["modules"]
               for event in module["events"] if event["value"] == "xmpp_result_t"]
    return HEAD.format(version=api["version"]) + "".join(rows) + "]\n" + \
        "# Events whose value is how something ended, which no table describes.\n" + \
        "RESULT_EVENTS = {\n" + "".join(results) + "}\n"
