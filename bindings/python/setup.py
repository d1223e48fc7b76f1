"""setup.py - the part of pyproject.toml that setuptools has no word for."""

from setuptools import setup

setup(cffi_modules=["build_libxmpp.py:builder"])
