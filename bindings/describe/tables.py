"""tables.py - what only the compiled library knows: payload tables, rows of modules,
values of numbers. A small program (tables.c) prints them; this compiles and runs it."""

import json
import os
import pathlib
import shlex
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent


def list_macro(name, items):
    return f"#define {name}(X) \\\n" + "".join(f"    X({one}) \\\n" for one in items) + "\n"


def described(headers):
    """The header that tables.c includes."""
    numbers = [name for name, _ in headers.numbers]
    numbers += [one.name for enum in headers.enums for one in enum.constants]
    text = "".join(f"#include <xmpp/{name}>\n" for name in headers.purposes)
    text += "#include <stdint.h>\n" + list_macro("NUMBERS", numbers)
    for macro, kind in (("MODULES", "xmpp_module_t"), ("PAYLOADS", "xmpp_payload_t")):
        text += list_macro(macro, [one.name for one in headers.tables
                                   if one.kind == kind])
    return text


def read(headers, compiler, cflags, libs):
    """`compiler` may be several words, such as "ccache gcc"."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "described.h").write_text(described(headers))
        program = pathlib.Path(folder) / "tables"
        command = [*shlex.split(compiler), f"-I{folder}", *shlex.split(cflags),
                   str(HERE / "tables.c"), "-o", str(program), *shlex.split(libs)]
        subprocess.run(command, check=True)
        # The sanitizers are not for this program: it leaks nothing that matters.
        environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
        output = subprocess.run([str(program)], check=True, stdout=subprocess.PIPE,
                                env=environment).stdout
    return json.loads(output)
