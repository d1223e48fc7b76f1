#!/usr/bin/env python3
"""drive.py - a program against every lie of liar.py; TAP on stdout.

usage: drive.py ROWS PORTS CODES PROGRAM [ARGUMENT...]

A row is FAULT, CODE, SECONDS and PATTERN, with tabs between. PORT and SECONDS in
the arguments are replaced. The program has to exit by itself, with that code or,
if CODES is one number, with that, and to print a line with the pattern. What a
sanitizer found shows in the code of any program.
"""
import concurrent.futures
import re
import subprocess
import sys

TOGETHER = 12
PATIENCE = 60  # only to end one that hangs


def run(row, ports, codes, command):
    """A step that is late because the machine is busy is not the server's
    silence: what fails with little patience is tried again with much."""
    fault, code, seconds, pattern = row
    result = once(row, ports, codes, command)
    if result[0] or int(seconds) >= 10:
        return result
    return once((fault, code, "15", pattern), ports, codes, command)


def once(row, ports, codes, command):
    fault, code, seconds, pattern = row
    command = [a.replace("PORT", ports[fault]).replace("SECONDS", seconds)
               for a in command]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, timeout=PATIENCE,
                              stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired as late:
        return False, "hangs", late.stdout or b""
    want = int(code if codes == "-" else codes)
    good = (done.returncode == want and
            re.search(pattern.encode(), done.stdout, re.M) is not None)
    return good, f"exit {done.returncode}", done.stdout


def main():
    rows, ports, codes, *command = sys.argv[1:]
    with open(rows) as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    with open(ports) as f:
        ports = dict(line.split() for line in f if line.strip())
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
        results = pool.map(lambda r: run(r, ports, codes, command), rows)
        for number, (row, (good, how, text)) in enumerate(zip(rows, results)):
            failed += not good
            print(f"{'' if good else 'not '}ok {number + 1} - {row[0]} ({how})",
                  flush=True)
            if not good:
                for line in text.decode(errors="replace").splitlines()[-9:]:
                    print("#  " + line)
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
