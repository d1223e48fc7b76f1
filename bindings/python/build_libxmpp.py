"""build_libxmpp.py - makes the package against libxmpp as pkg-config finds it.

A library that is not installed is found by the environment: LIBXMPP_INCLUDE is the folder
of xmpp/xmpp.h, LIBXMPP_BUILD the folder in which the library was built. The package finds
the library there later; but if LD_LIBRARY_PATH leads to it now, it is about to be
installed, and no path of it is kept."""

import os
import pathlib
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "generate"))
import generate  # noqa: E402
import describe  # noqa: E402, from ../describe


def package_config(*options):
    return subprocess.run(["pkg-config", *options, "libxmpp"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def linked(folder, libs):
    """The options of the linker, so that the package finds the library."""
    is_kept = folder not in os.environ.get("LD_LIBRARY_PATH", "").split(":")
    return f"{libs} -Wl,-rpath,{folder}" if is_kept else libs


def places():
    """The headers, have.h, and the options of compiler and linker."""
    build, include = os.environ.get("LIBXMPP_BUILD"), os.environ.get("LIBXMPP_INCLUDE")
    if build:
        build = os.path.abspath(build)
        libs = os.path.join(build, ".libs")
        include = os.path.abspath(include or HERE.parents[1] / "include")
        return (include, os.path.join(build, "include", "xmpp", "have.h"),
                f"-I{include} -I{build}/include", linked(libs, f"-L{libs} -lxmpp"))
    include = package_config("--variable=includedir")
    libdir = package_config("--variable=libdir")
    libs = package_config("--libs")
    if libdir.startswith("/usr/local") or not libdir.startswith("/usr"):
        libs = linked(libdir, libs)  # where the linker of the system does not look
    return include, None, package_config("--cflags"), libs


def builder():
    """cffi calls it before anything is built."""
    include, have, cflags, libs = places()
    api = describe.describe(include, have, os.environ.get("CC", "cc"), cflags, libs)
    generate.write(api, HERE / "libxmpp")
    return generate.ffi(api, shlex.split(cflags), shlex.split(libs))
