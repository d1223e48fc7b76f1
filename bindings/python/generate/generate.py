"""generate.py - writes the parts of the package that are made from the description:
structs.py, calls.py, callbacks.py, conditions.py, and what cffi compiles."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "describe"))
import callbacks  # noqa: E402, of this folder, as are the next
import cdef  # noqa: E402
import methods  # noqa: E402
import structs  # noqa: E402


def conditions(api):
    rows = "".join(f"    {name!r}: {advice!r},\n"
                   for name, advice in api["conditions"].items())
    return (f'"""conditions.py - made for libxmpp {api["version"]}; do not edit."""\n\n'
            f"# What to do when a request is answered with an error.\n"
            f"ADVICE = {{\n{rows}}}\n")


def write(api, package):
    """Into the folder of the package. A file that would not change stays."""
    for name, text in (("structs.py", structs.Structs(api).text()),
                       ("calls.py", methods.Methods(api).text()),
                       ("callbacks.py", callbacks.text(api)),
                       ("conditions.py", conditions(api))):
        path = pathlib.Path(package, name)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def ffi(api, cflags, libs):
    """What cffi compiles against the headers."""
    from cffi import FFI

    # It is large and does little, so it is compiled quickly, unless options are given.
    quickly = [] if "CFLAGS" in os.environ else ["-g0", "-O1"]
    builder = FFI()
    builder.cdef(cdef.Cdef(api).text())
    builder.set_source(
        "libxmpp._libxmpp", cdef.source(api),
        # A pointer of another type than in the header is an error of the build.
        extra_compile_args=["-Werror=incompatible-pointer-types",
                            "-Wno-discarded-qualifiers", *quickly, *cflags],
        extra_link_args=libs)
    return builder
