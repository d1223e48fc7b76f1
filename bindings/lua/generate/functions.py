"""functions.py - writes one function of Lua, in C: it checks and converts its arguments,
which may raise an error, calls the library, which may not, and pushes the result."""

import re

import naming  # of ../../describe

# What is awaited: the function that cancels it.
AWAITED = {"xmpp_result_handler": "cancel_result", "xmpp_reply_handler": "cancel_reply",
           "xmpp_sent_handler": "NULL"}
# Those of a few words more that answer yes or no.
PREDICATES = (*naming.PREDICATES, "allows", "equal", "covers", "matches", "match")
# Their negative results are no failures.
SIGNED = {"xmpp_jid_compare", "xmpp_ctx_get_fd", "xmpp_ctx_get_poll_timeout",
          "xmpp_strerror", "xmpp_conn_get_limit"}


class Function:
    def __init__(self, all_, one, is_method):
        self.all, self.one = all_, one
        self.lines = []    # conversions, which may raise
        self.late = []     # what nothing that raises may follow
        self.passed = []   # to C
        self.after = []    # once the call was successful
        self.outputs = []  # statements that push one value each
        self.objects = []  # statements that look for objects once more
        self.text_error = None
        self.has_keep = False
        self.awaits = None
        self.handler = None
        parameters = list(one["parameters"])
        self.walks = naming.is_walk(one, parameters)
        if self.walks:
            parameters.pop()
        self.first = self.first_of(parameters, is_method)
        role = one["returns"]["role"]
        if self.is_owned_object() and not self.walks:
            of = "_of" if role.startswith("handle") else ""
            self.prepare(all_.kind(role.removesuffix(" owned")), of)
        elif role == "text owned":
            self.prepare("&kind_memory")
        self.index = 0 if self.first == "FIRST_NOTHING" else 1
        if any(p["role"].removeprefix("callback:") in AWAITED for p in parameters) and \
                one["lifetime"] == "once":
            self.index += 1  # the callback comes first, as what follows is optional
        self.read(parameters, is_method)

    @staticmethod
    def first_of(parameters, is_method):
        role = parameters[0]["role"] if parameters else ""
        return "FIRST_CONN" if role == "conn" else "FIRST_SELF" if is_method else \
            "FIRST_NOTHING"

    def next(self):
        self.index += 1
        return self.index

    # ---- arguments ----

    def read(self, parameters, is_method):
        skip = 0
        for i, one in enumerate(parameters):
            role, name = one["role"], f"a_{one['name']}"
            if skip:
                skip -= 1
            elif role == "conn":
                self.convert("xmpp_conn_t *", name, "object_argument(L, 1, &kind_conn, 0)")
            elif role == "ctx":
                self.passed.append("x->ctx")
            elif i == 0 and is_method:
                self.convert(one["type"], name,
                             f"object_argument(L, 1, {self.all.kind(role)}, 0)")
            elif role == "payload" and parameters[i + 1:] and \
                    parameters[i + 1]["role"] == "value":
                self.convert(one["type"], name, f"payload_argument(L, {self.next()})")
                self.keep(parameters[i + 1]["type"], f"a_{parameters[i + 1]['name']}",
                          f"struct_argument(&k, {self.next()}, {name})")
                skip = 1
            elif role.startswith("callback:"):
                self.callback(role[9:], name)
            elif role == "userdata":
                self.passed.append(self.handler)
            elif role == "destroy":
                self.passed.append("callback_free")
            elif role.startswith("out:"):
                self.output(one, role[4:], name)
            elif role in ("octets", "texts"):
                self.pair(one, role, name)
                skip = 1
            else:
                self.argument(one, role, name)

    def convert(self, kind, name, expression):
        space = "" if kind.endswith("*") else " "
        self.lines.append(f"{kind}{space}{name} = {expression};")
        self.passed.append(name)
        if expression.startswith("object_argument("):
            self.objects.append(f"{name} = {expression};")

    def keep(self, kind, name, expression):
        self.has_keep = True
        self.convert(kind, name, expression)

    def pair(self, one, role, name):
        """With its length behind it."""
        self.lines.append(f"size_t {name}_size;")
        if role == "texts":
            self.keep(one["type"], name, f"texts_argument(&k, {self.next()}, &{name}_size)")
        else:
            cast = "(const char *)" if one["type"] == "const char *" else ""
            self.convert(one["type"], name,
                         f"{cast}octets_argument(L, {self.next()}, &{name}_size)")
        self.passed.append(f"{name}_size")

    def argument(self, one, role, name):
        kind, i = one["type"], self.next()
        if kind == "xmpp_jid_part_t":
            role = "enum:xmpp_jid_part_t"
        said = re.search(rf"`{one['name']}` is an? (xmpp_\w+_t)\b",
                         " ".join(self.one["contract"].split()))
        if kind == "int" and said and said[1] in self.all.enums:
            role = f"enum:{said[1]}"  # texts may stand for it, too
        simple = {"text": f"text_argument(L, {i})",
                  "real": f"luaL_checknumber(L, {i})",
                  "number": f"({kind})number_argument(L, {i})",
                  "module": f"module_argument(L, {i})",
                  "payload": f"payload_argument(L, {i})"}
        if kind == "xmpp_time_t":
            self.convert(kind, name, f"time_argument(L, {i})")
        elif role in simple:
            self.convert(kind, name, simple[role])
        elif role == "jid":
            self.keep(kind, name, f"jid_argument(&k, {i})")
        elif role.startswith("struct:"):
            self.keep(kind, name, f"struct_argument(&k, {i}, &{role[7:-2]})")
        elif role.startswith("enum:"):
            self.convert(kind, name,
                         f"({kind})enum_argument(L, {i}, {self.all.enum(role[5:])})")
        elif role.split(":")[0].split(" ")[0] in ("stanza", "handle", "self"):
            self.convert(kind, name, f"object_argument(L, {i}, {self.all.kind(role)}, 1)")
            if role == "stanza taken":
                self.passed[-1] = f"xmpp_stanza_clone({name})"
            elif role.endswith("taken if 0"):
                self.after.append(f"object_taken(L, {i});")
        else:
            raise KeyError(f"{self.one['name']}: {role}")

    def output(self, one, role, name):
        kind = one["type"].removesuffix("*").rstrip()
        start = {"jid": " = {0}", "text_error": " = {\"\", \"\", -1}",
                 "number": " = 0"}.get(role, " = NULL")
        space = "" if kind.endswith("*") else " "
        self.lines.append(f"{kind}{space}{name}{start};")
        self.passed.append(f"&{name}")
        if role == "text_error":
            self.text_error = name
        elif role == "octets owned":
            self.prepare("&kind_memory")
            self.outputs.append(f"object_push_octets(L, owned, {name}, a_ret_len);")
        elif role == "number" and not (name in ("a_ret_len", "a_buflen", "a_ret_size")):
            self.outputs.append(f"lua_pushinteger(L, (lua_Integer){name});")
        elif role == "text owned":
            self.prepare("&kind_memory")
            self.outputs.append(f"object_push_text(L, owned, {name});")
        elif role == "text":
            self.outputs.append(f"lua_pushstring(L, {name});")
        elif role == "jid":
            self.outputs.append(f"push_jid(L, &{name});")

    def prepare(self, kind, of=""):
        """The object of what the library makes for us."""
        self.late.insert(0, f"owned = object_prepare{of}(L, x, {kind});")
        self.lines.append("struct object *owned;")

    def callback(self, kind, name):
        lifetime, self.handler = self.one["lifetime"], name
        self.all.callback(kind)
        if kind in AWAITED and lifetime == "once":
            self.awaits = AWAITED[kind]
            made = f"callback_new(L, x, {2 if self.first != 'FIRST_NOTHING' else 1}, 1)"
        elif lifetime in ("set", "kept"):
            i = self.next()
            more = "NULL"  # there is one for each node that is added, for each module
            if lifetime == "kept" or self.one["parameters"][1]["role"] == "module":
                more = "lua_tostring(L, 2)"
            made = f"callback_set(L, x, {i}, \"{self.one['name']}\", {more})"
        else:
            made = f"callback_new(L, x, {self.next()}, {int(lifetime == 'once')})"
        self.late.append(f"{name} = {made};")
        self.lines.append(f"struct registration *{name};")
        self.passed.append(f"{name} ? on_{kind} : NULL")

    # ---- the result ----

    def is_predicate(self, name):
        return name.split("_")[0] in PREDICATES or "_is_" in name or \
            name.split("_")[-1] in ("equal", "has", "match", "covers")

    def push(self, r="r"):
        """What pushes the value that was returned."""
        kind, role = self.one["returns"]["type"], self.one["returns"]["role"]
        if kind == "xmpp_time_t":
            return f"push_time(L, {r});"
        if role == "number" or role == "code":
            return f"lua_pushinteger(L, (lua_Integer){r});"
        if role == "real":
            return f"lua_pushnumber(L, {r});"
        if role == "text":
            return f"lua_pushstring(L, {r});"
        if role == "text owned":
            return f"object_push_text(L, owned, {r});"
        if role == "stanza":
            return f"object_push(L, x, &kind_stanza, (void *){r});"
        if role == "jid":
            return f"push_jid(L, {r});"
        if role == "module":
            return f"lua_pushstring(L, {r} ? {r}->name : NULL);"
        name = role.partition(":")[2].split(" ")[0]
        if role.startswith("enum:"):
            return f"push_enum(L, (long){r}, {self.all.enum(name)});"
        if role.startswith("struct:"):
            return self.all.push_struct(name, r)
        if role.startswith("handle:"):
            return f"object_push_of(L, x, {self.all.kind('handle:' + name)}, (void *){r});"
        raise KeyError(f"{self.one['name']} returns {role}")

    def is_owned_object(self):
        role = self.one["returns"]["role"]
        return role.endswith(" owned") and role.startswith(("stanza", "handle"))

    def nothing(self):
        """What is returned if nothing was made."""
        role = self.one["returns"]["role"]
        if role.startswith("stanza"):
            return "return failure_of(L, x, XMPP_EMEM);"
        if self.one["name"].endswith("_new"):
            return "return failure_of(L, x, XMPP_EINVOP);"
        return "return 0; /* nil */"

    def ends(self, name):
        """The statements behind the call."""
        role = self.one["returns"]["role"]
        if self.awaits:
            return [f"if (r != 0) {{\n        callback_end(L, {self.handler});",
                    "    if (r > 0) {\n            lua_pushinteger(L, r);\n"
                    "            return 1;\n        }",
                    "    return failure_of(L, x, r);\n    }",
                    f"request_push(L, {self.handler}, {self.awaits});", "return 1;"]
        if role == "nothing":
            return self.pushed(self.outputs or ["lua_pushboolean(L, 1);"])
        if role != "code" or self.one["name"] in SIGNED:
            if self.is_owned_object():
                return [f"if (!r)\n            {self.nothing()}",
                        "object_fill(owned, r);", "return 1;"]
            return self.pushed([self.push(), *self.outputs])
        if self.is_predicate(name):
            return self.pushed(["lua_pushboolean(L, r > 0);"])
        return [f"if (r < 0)\n        {self.failure()}", *self.after,
                *self.pushed(self.outputs or [self.push()])]

    @staticmethod
    def pushed(statements):
        return [*statements, f"return {len(statements)};"]

    def failure(self):
        end = f"callback_end(L, {self.handler}), " if self.handler and \
            self.one["lifetime"] == "once" else ""
        if self.text_error:
            return f"return {end}failure_of_text(L, x, r, &{self.text_error});"
        return f"return {end}failure_of(L, x, r);"

    def call(self):
        name, kind = self.one["name"], self.one["returns"]["type"]
        passed = ", ".join(self.passed)
        if self.walks:
            end = f"{passed}, r" if passed else "r"
            again = "".join(f"        {one}\n" for one in self.objects)
            return [f"lua_newtable(L);\n    for (;;) {{\n{again}",
                    f"    CALL(x, L, r = {name}({end}));",
                    "    if (!r)\n            break;", f"    {self.push()}",
                    "    lua_rawseti(L, -2, ++i);\n    }", "return 1;"]
        if kind == "void":
            return [f"CALL(x, L, {name}({passed}));"]
        return [f"CALL(x, L, r = {name}({passed}));"]

    def text(self, name):
        """`name` is that of the method."""
        kind = self.one["returns"]["type"]
        declared = ["struct context *x = CONTEXT(L);"]
        if self.has_keep:
            declared.append("struct keep k;")
        if kind != "void":
            space = "" if kind.endswith("*") else " "
            declared.append(f"{kind}{space}r{' = NULL' if self.walks else ''};")
        if self.walks:
            declared.append("int i = 0;")
        body = [*declared, "", "(void)x;", f"lua_settop(L, {self.index});"]
        if self.has_keep:
            body.append("keep_begin(&k, L);")
        body += ["{"] + [f"    {one}" for one in self.lines] + [""]
        if self.has_keep:
            body.append("    if (k.fault[0])\n"
                        "            return failure_with(L, XMPP_EARG, k.fault);")
        body += [f"    {one}" for one in self.late]
        if self.walks:
            body += self.call()
        else:
            # A function of Lua that ran meanwhile (__index, __gc) may have released them.
            if self.has_keep or self.late:
                body += self.objects
            body += self.call() + self.ends(name)
        body.append("}")
        text = "".join(f"    {line}\n" if line else "\n" for line in body)
        return f"static int call_{self.one['name']}(lua_State *L)\n{{\n{text}}}\n\n"
