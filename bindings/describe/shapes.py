"""shapes.py - the shape of each function: what a binding does with each parameter and
with the result. A function that has no shape here can be called from no language but C.

The roles of parameters:

    conn, ctx          what a caller has without being given it
    self:T             the object of type T that the function is about
    text               const char *; NULL: none
    jid                const xmpp_jid_t *
    number, real       of any size; an enum is `enum:T`
    struct:T           const T *, described by a payload table
    stanza             xmpp_stanza_t *, borrowed; `stanza taken` is given away
    handle:T           T *, an opaque object, borrowed; `handle:T taken` is given away,
                       `handle:T taken if 0` only if the result is 0
    module, payload    the address of a table
    value              const void *, described by the payload before it
    octets, size       const char *, const unsigned char * or const void *, and its length
                       behind it
    texts, count       const char *const *, and their number behind it
    callback:T         a function; `userdata` follows it somewhere, perhaps `destroy`
    out:ROLE           a pointer to what the function sets
    buffer, room       char *, and its size behind it

How long a callback may be called (`lifetime` of the function):

    once       exactly once, or cancelled: its userdata can be freed then
    notified   until `destroy` is called with the userdata
    set        until another one is set on the same object, or the object is released
    kept       until the connection is released, whether it is removed before or not
    within     only during the call
"""

import re

NUMBERS = {"int", "long", "unsigned", "unsigned int", "unsigned long", "unsigned short",
           "size_t", "xmpp_time_t", "xmpp_slot_t", "xmpp_jid_part_t", "int64_t",
           "uint32_t"}
ONCE = {"xmpp_result_handler", "xmpp_reply_handler", "xmpp_sent_handler",
        "xmpp_post_handler", "xmpp_timeout_handler", "xmpp_global_timeout_handler"}
# By their contracts; there is one for each name or node that is added.
KEPT = {"xmpp_command_add", "xmpp_disco_add_node"}
USERDATA = {"userdata", "to", "ctx", "module_data"}


class Shapes:
    def __init__(self, headers):
        self.functions = {one.name: one for one in headers.functions}
        self.callbacks = {one.name: one for one in headers.callbacks}
        self.enums = {one.name for one in headers.enums if one.name}
        self.structs = {one.name: one for one in headers.structs if one.name}
        self.handles = {one.name for one in headers.structs
                        if one.members is None and one.name not in
                        ("xmpp_ctx_t", "xmpp_conn_t", "xmpp_stanza_t", "xmpp_module_t")}
        # A program sees their members, but only the library makes them.
        self.handles |= {"xmpp_room_t", "xmpp_command_run_t"}
        self.described = {one.name + "_t" for one in headers.tables
                          if one.kind == "xmpp_payload_t"}

    # ---- one type ----

    def role(self, kind):
        """Of a parameter by its type alone; None where the type does not say."""
        simple = {"xmpp_conn_t *": "conn", "xmpp_ctx_t *": "ctx", "double": "real",
                  "const char *": "text", "xmpp_stanza_t *": "stanza",
                  "const xmpp_jid_t *": "jid", "const xmpp_module_t *": "module",
                  "const xmpp_payload_t *": "payload", "const void *": "value"}
        bare = kind.removeprefix("const ")
        if kind in simple:
            return simple[kind]
        if bare in ("xmpp_conn_t *", "xmpp_ctx_t *", "xmpp_stanza_t *"):
            return simple[bare]
        if kind in NUMBERS:
            return "number"
        if kind in self.enums:
            return f"enum:{kind}"
        if kind in self.callbacks:
            return f"callback:{kind}"
        if bare.endswith(" *"):
            name = bare[:-2]
            if name in self.described:
                return f"struct:{name}"
            if name in self.handles:
                return f"handle:{name}"
        return None

    def out_role(self, kind):
        """Of a pointer to what is set: `long *`, `char **`."""
        if not kind.endswith("*"):
            return None
        target = kind[:-1].rstrip()
        targets = {"char *": "text owned", "const char *": "text", "xmpp_jid_t": "jid",
                   "unsigned char *": "octets owned", "void *": "value owned",
                   "const void *": "value", "xmpp_text_error_t": "text_error",
                   "double": "real"}
        if target in targets:
            return f"out:{targets[target]}"
        if target in NUMBERS:
            return "out:number"
        if target in self.enums:
            return f"out:enum:{target}"
        if target in self.structs and self.structs[target].members:
            return f"out:struct:{target}"
        return None

    # ---- a function ----

    def parameters(self, function):
        """The role of each parameter; None for one that has none."""
        roles, given = [], function.parameters
        for i, one in enumerate(given):
            before = given[i - 1].type if i else ""
            role = self.pair(one, before, roles[-1] if roles else None) or \
                self.special(one) or self.role(one.type) or self.out_role(one.type)
            if role and role.startswith("out:") and not one.name.startswith("ret") \
                    and one.name not in ("buf", "buflen"):
                role = None  # it is changed, not set
            roles.append(role)
        self.take_sizes(given, roles)
        self.add_self(given, roles)
        self.add_ownership(function, roles)
        return roles

    @staticmethod
    def special(one):
        if one.type == "void *" and one.name in USERDATA:
            return "userdata"
        if one.type == "xmpp_free_handler":
            return "destroy"
        if one.type == "const char *const *":
            return "texts"
        if one.type in ("const unsigned char *",):
            return "octets"
        return None

    @staticmethod
    def pair(one, before, role_before):
        if one.type != "size_t":
            return None
        if role_before == "texts":
            return "count"
        if role_before in ("octets", "text", "value") and \
                re.fullmatch(r"n|size|len|length|.*_(size|len|length)", one.name):
            return "size"
        if before == "char *" and one.name == "size":
            return "room"
        return None

    @staticmethod
    def take_sizes(given, roles):
        """What goes before a size is more than its type says."""
        for i, role in enumerate(roles):
            if role == "size":
                roles[i - 1] = "octets"
            elif role == "room":
                roles[i - 1] = "buffer"

    @staticmethod
    def add_self(given, roles):
        """The first parameter is what a method is of."""
        for i, role in enumerate(roles[:2]):
            if role in ("conn", "ctx"):
                continue
            if role and (role.startswith("handle:") or role == "stanza") and i == 0:
                kind = "xmpp_stanza_t" if role == "stanza" else role.split(":")[1]
                roles[i] = f"self:{kind}"
            return

    def add_ownership(self, function, roles):
        """A pointer that is given away, by the words of the contract."""
        places = [i for i, role in enumerate(roles)
                  if role and (role in ("stanza", "self:xmpp_stanza_t") or
                               role.startswith(("handle:", "self:xmpp_sm_state_t")))]
        named = set(re.findall(r"`(\w+)`(?:, which)? is taken", function.contract))
        for i in places:
            name = function.parameters[i].name
            if re.search(r"\b0, and the \w+ is taken", function.contract):
                roles[i] += " taken if 0"
            elif name in named or not named and roles[i] == "stanza" and \
                    self.takes(function, set()):
                roles[i] += " taken"

    def takes(self, function, seen):
        """Does the contract say so, or that of a function which it is like?"""
        seen.add(function.name)
        if re.search(r"\b(?:is|are)\s+taken\b", function.contract):
            return True
        likes = re.findall(r"\b(?:[Ll]ike|as)\s+(xmpp_\w+)\(\)(?:,|\.|$|\s+does)",
                           function.contract)
        return any(self.takes(self.functions[one], seen) for one in likes
                   if one in self.functions and one not in seen)

    def returns(self, function):
        """The role of the result, with `owned` where it is the caller's."""
        kind = function.returns
        if kind == "void":
            return "nothing"
        if kind == "int":
            return "code"
        if kind == "char *":
            return "text owned"
        role = self.role(kind)
        if role in ("number", "real", "text", "conn", "ctx", "module", "payload"):
            return role
        if role and role.split(":")[0] in ("enum", "jid", "struct", "handle", "stanza"):
            is_owned = re.search(r"\b[Oo]wned\b", function.contract)
            if not kind.startswith("const ") and is_owned:
                role += " owned"
            return role
        if kind.startswith("const ") and kind[6:-2] in self.structs and \
                self.structs[kind[6:-2]].members:
            return f"struct:{kind[6:-2]}"
        return None

    def lifetime(self, function, roles):
        """How long its callback may be called; None without one."""
        callbacks = [role.split(":")[1] for role in roles
                     if role and role.startswith("callback:")]
        if not callbacks:
            return None
        if "destroy" in roles:
            return "notified"
        if all(one in ONCE for one in callbacks):
            return "once"
        name = function.name
        if "_set_" in name or name.startswith("xmpp_connect_") or name.endswith("_serve"):
            return "set"
        if name in KEPT:
            return "kept"
        if name.endswith("_each"):
            return "within"
        return "unknown"

    def complaints(self, function, roles):
        """Why no binding can have this function."""
        if function.is_variadic:
            yield "its arguments are variable"
        for one, role in zip(function.parameters, roles):
            if role is None:
                yield f"no binding knows what to pass as `{one.type}` {one.name}"
        if self.returns(function) is None:
            yield f"no binding knows what to make of its result, `{function.returns}`"
        if any(role and role.startswith("callback:") for role in roles):
            if "userdata" not in roles:
                yield "its callback has no userdata"
            elif self.lifetime(function, roles) == "unknown":
                yield "nothing tells when the userdata of its callback can be freed"
