#!/usr/bin/env python3
"""generate.py - writes calls.c, the part of the module that is made from the description
of the library: a function of Lua for each function of C, and what C calls.

usage: generate.py OUTPUT [--cc CC] [--include DIR --cflags FLAGS --libs LIBS [--have FILE]]

Without --include the library is the one that pkg-config finds."""

import argparse
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1] / "describe"))
import calls  # noqa: E402, of this folder
import describe  # noqa: E402, from ../../describe


def package_config(*options):
    return subprocess.run(["pkg-config", *options, "libxmpp"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output")
    for name in ("--include", "--have", "--cflags", "--libs"):
        parser.add_argument(name, default="")
    parser.add_argument("--cc", default="cc")
    given = parser.parse_args()
    if not given.include:
        given.include = package_config("--variable=includedir")
        given.cflags, given.libs = package_config("--cflags"), package_config("--libs")
        libdir = package_config("--variable=libdir")
        given.libs += f" -Wl,-rpath,{libdir}"  # for the program that prints the tables
    api = describe.describe(given.include, given.have or None, given.cc, given.cflags,
                            given.libs)
    pathlib.Path(given.output).write_text(calls.Calls(api).text())


if __name__ == "__main__":
    main()
