#!/usr/bin/python3
"""account.py - counterpart.py with what surrounds an account: vCards, avatars.

usage: account.py JID PASSWORD PORT CA-FILE
"""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import counterpart  # noqa: E402


class Account(counterpart.Counterpart):
    pass


if __name__ == "__main__":
    counterpart.main(Account)
