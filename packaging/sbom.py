#!/usr/bin/env python3
"""sbom.py - the bill of materials of a release, as SPDX 2.3 in JSON.

usage: packaging/sbom.py SOURCE_DIR SECONDS >libxmpp.spdx.json

What the library is linked with is read from configure.ac. SECONDS is the time
of the release since 1970, so that the same release has the same bill.
"""
import datetime
import json
import re
import sys
import uuid

# Where the parts come from, by the names that configure.ac has for them, and
# their licences as SPDX writes them.
PARTS = {
    "libxml-2.0": ("libxml2", "MIT"),
    "gnutls": ("gnutls", "LGPL-2.1-or-later"),
    "libidn2": ("libidn2", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "libcares": ("c-ares", "MIT"),
    "unistring": ("libunistring", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "zlib": ("zlib", "Zlib"),
    "unbound": ("unbound", "BSD-3-Clause"),
    "gnutls-dane": ("gnutls-dane", "LGPL-2.1-or-later"),
}
# Those that a build may do without.
OPTIONAL = {"zlib", "unbound", "gnutls-dane"}
# What only examples are linked with.
EXAMPLES = {"sqlite3", "ncursesw"}


def version_of(configure):
    return re.search(r"AC_INIT\(\[libxmpp\], \[([^]]+)\]", configure).group(1)


def needs_of(configure):
    """The names of the libraries, each with its least version or none."""
    found = {}
    for module in re.findall(r"PKG_CHECK_MODULES\(\[\w+\], \[([^]]+)\]",
                             configure):
        name, _, least = module.partition(" >= ")
        found[name] = least
    for name in re.findall(r"AC_CHECK_LIB\(\[([^]]+)\]", configure):
        found[name] = ""
    return {name: least for name, least in found.items()
            if name not in EXAMPLES}


def package(ident, name, version, licence):
    out = {"SPDXID": ident, "name": name,
           "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
           "licenseConcluded": licence, "licenseDeclared": licence,
           "copyrightText": "NOASSERTION"}
    if version:
        out["versionInfo"] = version
    return out


def bill(configure, seconds):
    version = version_of(configure)
    ours = "SPDXRef-libxmpp"
    packages = [package(ours, "libxmpp", version, "MIT")]
    packages[0]["copyrightText"] = "Copyright (c) 2026 the libxmpp authors"
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", ours)]
    for module, least in sorted(needs_of(configure).items()):
        name, licence = PARTS[module]
        ident = f"SPDXRef-{name}"
        packages.append(package(ident, name, least and f">={least}", licence))
        relations.append((ident, "OPTIONAL_DEPENDENCY_OF", ours)
                         if module in OPTIONAL else
                         (ours, "DEPENDS_ON", ident))
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    name = f"libxmpp-{version}"
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT", "name": name,
        "documentNamespace":
            f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name}@{seconds}')}",
        "creationInfo": {"created": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Tool: packaging/sbom.py"]},
        "packages": packages,
        "relationships": [
            {"spdxElementId": a, "relationshipType": kind,
             "relatedSpdxElement": b} for a, kind, b in relations],
    }


with open(f"{sys.argv[1]}/configure.ac") as file:
    made = bill(file.read(), int(sys.argv[2]))
json.dump(made, sys.stdout, indent=1)
print()
