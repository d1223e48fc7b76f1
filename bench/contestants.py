"""contestants.py - builds the programs of the benchmark, and runs one."""
import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
TIMEOUT = 600  # seconds; only to end what hangs
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def shell_words(*command):
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout.split()


def packaged(*names):
    """The flags of packages, or None where one is not installed."""
    try:
        return shell_words("pkg-config", "--cflags", "--libs", *names)
    except (OSError, subprocess.CalledProcessError):
        return None


class Contestant:
    """A program, and where it looks for its library."""

    def __init__(self, name, program, libraries="", modes=()):
        self.name, self.program = name, program
        self.environment = {**os.environ, "LD_LIBRARY_PATH": libraries,
                            "QT_LOGGING_RULES": "*=false"}
        self.modes = dict(modes)  # how this one calls a mode

    def run(self, mode, port, count, ca_file=None, wrapper=(), **environment):
        """What it prints, as numbers, and what the wrapper says."""
        command = [*wrapper, self.program, self.modes.get(mode, mode),
                   str(port), str(count), *([ca_file] if ca_file else [])]
        done = subprocess.run(command, timeout=TIMEOUT, capture_output=True,
                              text=True, check=False,
                              env={**self.environment, **environment})
        if done.returncode:
            raise RuntimeError(f"{self.name}, {mode}: it ended with "
                               f"{done.returncode}: {done.stderr[-500:]}")
        return [float(x) for x in done.stdout.split()], done.stderr


class Server:
    """The other end, for as long as the block lasts."""

    def __init__(self, workshop, kind, count, record=None, files=None):
        self.command = [workshop.server, kind, str(count)]
        self.ca_file = None
        if files:
            self.ca_file, certificate, key = files
            self.command += [certificate, key, "16384"]
        elif record is not None:
            self.ca_file = workshop.certificate
            self.command += [workshop.certificate, workshop.key, str(record)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, text=True,
                                        stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *unused):
        self.process.kill()
        self.process.wait()


class Workshop:
    """Builds everything in a folder. Who is not installed does not take part."""

    def __init__(self, build_dir, folder, only_ours=False):
        self.build_dir = pathlib.Path(build_dir).resolve()
        self.folder = folder
        self.libs = str(self.build_dir / ".libs")
        self.meter = self.compile("meter.o", ["-c", "meter.c"])
        self.server = self.compile(
            "server", ["server.c", "line.c", "scram.c", "stanzas.c",
                       "-lgnutls", "-lpthread"])
        self.make_certificate()
        self.all = {}
        self.add_ours()
        if only_ours:
            return
        self.add_libstrophe()
        self.add_peers()
        self.add_limits()

    def compile(self, out, arguments, compiler="cc"):
        out = f"{self.folder}/{out}"
        subprocess.run([compiler, "-O2", "-o", out, *(
            str(HERE / x) if re.fullmatch(r"\w+\.cc?", x) else x
            for x in arguments)], check=True)
        return out

    def ours(self, out, sources, more=()):
        return self.compile(out, [
            *sources, self.meter, *more, f"-I{HERE}", f"-I{TOP}/include",
            f"-I{self.build_dir}/include", f"-I{TOP}/tests",
            f"-L{self.libs}", "-lxmpp"])

    def add(self, name, program, libraries="", modes=()):
        self.all[name] = Contestant(name, program, libraries, modes)

    def add_ours(self):
        self.add("libxmpp", self.ours("ours", ["client.c"]), self.libs)
        self.add("libxmpp, take", self.ours("take", ["client.c"],
                                            ["-DBENCH_TAKE"]), self.libs)

    def add_libstrophe(self):
        """The very same file runs on both, where we have its ABI."""
        theirs = self.compile("theirs", ["client.c", self.meter,
                                         "-l:libstrophe.so.0"])
        self.add("libstrophe", theirs)
        if os.path.exists(f"{self.libs}/libstrophe.so.0"):
            self.add("libxmpp", theirs, self.libs)

    def add_peers(self):
        for name, source, compiler, flags in (
                ("gloox", "gloox.cc", "c++", packaged("gloox")),
                ("loudmouth", "loudmouth.c", "cc", packaged("loudmouth-1.0")),
                ("QXmpp", "qxmpp.cc", "c++", packaged(
                    "qxmpp", "Qt5Core", "Qt5Network", "Qt5Xml"))):
            if flags is not None:
                more = ["-fPIC", "-std=c++17"] if compiler == "c++" else []
                self.add(name, self.compile(
                    name, [*more, source, self.meter, *flags], compiler))

    def add_limits(self):
        limit = self.compile("limit", [
            "limit.c", "flat.c", "line.c", self.meter, "-lgnutls",
            "-lpthread", *packaged("libxml-2.0")])
        for name, receive in ("read", "drop"), ("flat", "flat"):
            self.add(name, limit, modes={"receive": receive})
        for name in "each", "batch":
            self.add(name, limit, modes={"send": name})
        self.add("bare", limit)

    def for_login(self):
        """We, libstrophe, and what bare TLS and the iterations cost."""
        ours = theirs = None
        if "libstrophe" in self.all:
            theirs = self.compile("login_theirs", [
                "login.c", self.meter, "-l:libstrophe.so.0"])
        if theirs and os.path.exists(f"{self.libs}/libstrophe.so.0"):
            ours = theirs
        else:
            ours = self.ours("login_ours", ["login.c"])
        whose = [Contestant("libxmpp", ours, self.libs)]
        if theirs:
            whose.append(Contestant("libstrophe", theirs))
        return [*whose, self.all["bare"]]

    def make_certificate(self):
        self.certificate = f"{self.folder}/certificate.pem"
        self.key = f"{self.folder}/key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
             "/CN=example.org", "-addext", "subjectAltName=DNS:example.org",
             "-keyout", self.key, "-out", self.certificate],
            check=True, capture_output=True)

    def make_authority(self):
        """A file of the system's authorities and one more, and a certificate
        of that one with its key: what most logins meet."""
        bundle, chain, key, ca, ca_key = (
            f"{self.folder}/{name}" for name in (
                "bundle.pem", "chain.pem", "leaf_key.pem", "ca.pem", "ca_key"))
        make = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey"]
        subprocess.run([*make, "rsa:2048", "-subj", "/CN=Bench", "-keyout",
                        ca_key, "-out", ca], check=True, capture_output=True)
        subprocess.run(
            [*make, "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-CA",
             ca, "-CAkey", ca_key, "-subj", "/CN=example.org", "-addext",
             "subjectAltName=DNS:example.org", "-addext",
             "basicConstraints=CA:FALSE", "-keyout", key, "-out", chain],
            check=True, capture_output=True)
        with open(bundle, "w") as out:
            for path in AUTHORITIES, ca:
                if os.path.exists(path):
                    out.write(pathlib.Path(path).read_text())
        return bundle, chain, key

    def named(self, names):
        return [self.all[name] for name in names if name in self.all]
