"""naming.py - how what is declared in C is found in an object-oriented language: the
namespace of a function, its name as a method, the constants of an enum.

A binding adds to that what is peculiar to its language, such as its keywords."""

import re

# The first words of methods that answer yes or no.
PREDICATES = ("is", "has", "may", "can")

# What C gets where the function of the program returns nothing, or is gone: handlers stay;
# a password that nobody gives is given up. All else is 0: not mine, no.
STAYS = {"xmpp_handler", "xmpp_timed_handler", "xmpp_global_timed_handler"}
GIVES_UP = {"xmpp_login_password_handler", "xmpp_password_callback"}
# Those whose result answers a request: an error in them is an internal-server-error.
ANSWERING = {"xmpp_iq_handler", "xmpp_disco_answer_handler", "xmpp_rpc_handler",
             "xmpp_command_handler"}


def default_of(callback):
    """Of a callback with a result."""
    return 1 if callback in STAYS else -1 if callback in GIVES_UP else 0


def space(function, headers):
    """Where a function is found: xmpp_muc_kick() of muc_admin.h in `muc`, because there
    is a muc.h; `core` are those of the library itself."""
    if "/" not in function["header"]:
        return "core"
    words = function["name"].removeprefix("xmpp_").split("_")
    for n in [*range(len(words) - 1, 0, -1), len(words)]:
        if f"xep/{'_'.join(words[:n])}.h" in headers:
            return "_".join(words[:n])
    return function["header"].removeprefix("xep/").removesuffix(".h")


def method(function, namespace):
    """xmpp_roster_set() in roster.h is set() of roster. "" for xmpp_ping() in ping.h,
    which is the namespace itself."""
    name = function.removeprefix("xmpp_")
    if name == namespace:
        return ""
    for prefix in (namespace, namespace.split("_")[0], "conn", "ctx"):
        if name.startswith(prefix + "_"):
            return name.removeprefix(prefix + "_")
    return name


def is_walk(function, parameters):
    """T *next(..., T *previous): a list is made of it."""
    returns = function["returns"]["role"] or ""
    last = parameters[-1]["role"] if parameters else None
    return "next" in function["name"] and last is not None and \
        returns.split(":")[0] in ("struct", "handle", "stanza") and \
        returns.split(" ")[0] == last.replace("self:xmpp_stanza_t", "stanza") and \
        len(parameters) > 1


def constants(enum):
    """The names of its constants without what they share, in capitals: XMPP_ROSTER_BOTH
    is BOTH."""
    names = [one["name"] for one in enum["constants"]]
    prefix = "XMPP_"
    if len(names) > 1:
        common = re.match(r"(XMPP_(?:[A-Z0-9]+_)*)", shared(names))
        prefix = common[1] if common else prefix
    for one in enum["constants"]:
        yield one["name"].removeprefix(prefix), one


def shared(names):
    """The letters with which all of them begin."""
    first, last = min(names), max(names)
    size = next((i for i, (a, b) in enumerate(zip(first, last)) if a != b),
                min(len(first), len(last)))
    return first[:size]
