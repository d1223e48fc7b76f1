"""calls.py - writes calls.c: the functions, callbacks, constants and structs of the
library, each by its shape."""

import re

import functions
import naming  # of ../../describe

# What Lua or the rest of the module does in another way.
LANGUAGE = {
    "xmpp_conn_clone": "an object of Lua holds it",
    "xmpp_stanza_clone": "an object of Lua holds it",
    "xmpp_stanza_release": "an object of Lua holds it",
    "xmpp_stanza_new_from_string": "parse()",
    "xmpp_conn_get_context": "there is one for each state of Lua",
    "xmpp_stanza_get_context": "there is one for each state of Lua",
    "xmpp_tlscert_get_ctx": "there is one for each state of Lua",
    "xmpp_tlscert_get_conn": "an object of Lua knows it",
    "xmpp_room_get_conn": "an object of Lua knows it",
    "xmpp_initialize": "each library is prepared on first use",
    "xmpp_shutdown": "nothing has to be undone",
    "xmpp_run": "run()", "xmpp_stop": "stop()",
    "xmpp_ctx_set_timeout": "run() knows how long it waits",
    "xmpp_ctx_set_interrupt_handler": "run() returns to Lua after each wait",
    "xmpp_ctx_post": "a state of Lua has one thread",
    "xmpp_ctx_set_verbosity": "libstrophe's; set_log() has levels",
    "xmpp_result_cancel": "request:cancel()", "xmpp_request_cancel": "request:cancel()",
    "xmpp_slot_send_request": "request_send()",
    "xmpp_conn_set_refused_handler": "send_tracked() reports it",
    "xmpp_jid_hash": "a text can be the key of a table",
    "xmpp_jid_copy": "an address is a text", "xmpp_jid_from_string": "jid_parse()",
    "xmpp_conn_open_stream": "open_stream_default() has all that a server wants",
    "xmpp_get_default_logger": "set_log()",
    "xmpp_payload_init": "a table begins with nothing",
    "xmpp_payload_check": "the binding begins each struct",
    "xmpp_payload_copy": "a table is copied by a loop",
    "xmpp_payload_equal": "payload_to_text() of both",
    "xmpp_payload_from_text": "payload_parse()",
    "xmpp_payload_read_each": "a loop over children()",
    "xmpp_uri_get_param": "params is a table",
}

HEAD = '''/* calls.c - made from the headers and tables of libxmpp {version}; do not edit. */

#include <stddef.h>

#include "binding.h"

{includes}
'''


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def constant_text(short):
    """TEXT_SINGLE is "text-single"."""
    return short.lower().replace("_", "-")


class Calls:
    def __init__(self, api):
        self.api = api
        self.structs = {one["name"]: one for one in api["structs"] if one["name"]}
        self.enums = {one["name"]: one for one in api["enums"] if one["name"]}
        self.callbacks = {one["name"]: one for one in api["callbacks"]}
        self.payloads = {one["variable"]: one for one in api["payloads"]}
        self.used_enums, self.used_kinds = {}, {}
        self.used_structs, self.used_callbacks = {}, {}
        self.made = set()
        self.methods = []
        self.bodies = []

    def is_made(self, function):
        return not function["exception"] and function["name"] not in LANGUAGE

    def text(self):
        ends = {f"xmpp_{end}" for end in ("room_release", "tlscert_free", "free_sm_state",
                                          "command_session_release")}
        for one in self.api["functions"]:
            if self.is_made(one) and one["name"] not in ends:
                self.function(one)
            elif one["name"] in ends:
                self.made.add(one["name"])
        includes = "".join(f"#include <xmpp/{name}>\n" for name in self.api["headers"]
                           if name.startswith("xep/"))
        callbacks = [self.callback_text(name) for name in list(self.used_callbacks)]
        structs = [self.struct_text(name) for name in list(self.used_structs)]
        extras = self.extras()
        return "".join([
            HEAD.format(version=self.api["version"], includes=includes),
            *[self.enum_text(one) for one in self.used_enums],
            *[self.kind_text(one) for one in self.used_kinds], *structs, extras,
            CANCEL, *callbacks, *self.bodies, self.tables()])

    # ---- functions ----

    def function(self, one):
        role = one["parameters"][0]["role"] if one["parameters"] else ""
        is_method = role.startswith("self:") and "taken" not in role and (
            role != "self:xmpp_stanza_t" or "/" not in one["header"])
        if is_method:
            space = self.kind_name(role)
            name = self.method_name(one["name"], space)
        else:
            space = naming.space(one, self.api["headers"])
            name = naming.method(one["name"], space)
        made = functions.Function(self, one, is_method)
        self.bodies.append(made.text(name))
        self.made.add(one["name"])
        self.methods.append((space if not is_method else f":{space}", name,
                             f"call_{one['name']}", made.first, int(bool(made.awaits))))

    @staticmethod
    def method_name(name, kind):
        name = name.removeprefix("xmpp_")
        for prefix in (kind, kind.split("_")[0]):
            if name.startswith(prefix + "_"):
                return name.removeprefix(prefix + "_")
        return name

    # ---- what they use ----

    def enum(self, name):
        self.used_enums[name] = True
        return f"enum_{name}"

    @staticmethod
    def kind_name(role):
        kind = "xmpp_stanza_t" if role.startswith("stanza") else \
            role.split(":")[1].split(" ")[0]
        return kind.removeprefix("xmpp_").removesuffix("_t")

    def kind(self, role):
        """A pointer to the kind of an object."""
        name = self.kind_name(role)
        if name != "stanza":
            self.used_kinds[name] = True
        return f"&kind_{name}"

    def callback(self, name):
        self.used_callbacks[name] = True

    def push_struct(self, name, r):
        if name[:-2] in self.payloads:
            return f"push_struct(L, x, &{name[:-2]}, {r});"
        self.used_structs[name] = True
        return f"push_plain(L, x, {r}, members_{name});"

    # ---- constants, objects, structs ----

    def enum_text(self, name):
        rows = "".join(f"    {{{quoted(constant_text(short))}, {one['name']}}},\n"
                       for short, one in naming.constants(self.enums[name]))
        return f"static const struct constant enum_{name}[] = {{\n{rows}    {{NULL, 0}}}};\n\n"

    def kind_text(self, name):
        """Its functions have other types in C."""
        known = {one["name"] for one in self.api["functions"]}
        end = next((one for one in (f"xmpp_{name}_release", f"xmpp_{name}_free",
                                    f"xmpp_free_{name}") if one in known), None)
        hold = f"xmpp_{name}_hold" if f"xmpp_{name}_hold" in known else None
        text = ""
        for word, function in (("release", end), ("hold", hold)):
            if function:
                text += (f"static void {word}_{name}(void *p)\n{{\n    {function}(p);\n}}\n\n")
                self.made.add(function)
        release = f"release_{name}" if end else "NULL"
        return text + (f"static const struct kind kind_{name} = {{\"libxmpp.{name}\", "
                       f"{release}, {f'hold_{name}' if hold else 'NULL'}}};\n\n")

    def member_row(self, struct, member, behind):
        kind, name, enum = member["type"], member["name"], member["enum"]
        more = "NULL"
        if kind == "const char *" and behind == "length":
            row = "MEMBER_OCTETS"
        elif enum or kind in self.enums:
            row, more = "MEMBER_ENUM", self.enum(enum or kind)
        else:
            row = {"const char *": "MEMBER_TEXT", "int": "MEMBER_INT", "long": "MEMBER_LONG",
                   "unsigned": "MEMBER_UNSIGNED", "unsigned long": "MEMBER_ULONG",
                   "size_t": "MEMBER_ULONG", "xmpp_stanza_t *": "MEMBER_STANZA",
                   "const xmpp_jid_t *": "MEMBER_JID"}.get(kind)
        if row is None or name == "size":
            return ""
        return f"    {{{quoted(name)}, {row}, offsetof({struct}, {name}), {more}}},\n"

    def members_text(self, struct, left_out):
        members = self.structs[struct]["members"]
        names = [one["name"] for one in members]
        rows = ""
        for i, one in enumerate(members):
            if one["name"] not in left_out and not (
                    one["name"] == "length" and names[i - 1] == "text"):
                rows += self.member_row(struct, one, (names + [""])[i + 1])
        return (f"static const struct member members_{struct}[] = {{\n{rows}"
                f"    {{NULL, MEMBER_INT, 0, NULL}}}};\n\n")

    def struct_text(self, name):
        return self.members_text(name, set())

    def extras(self):
        """Members of structs for which their table has no row."""
        texts, self.with_more = "", {}
        for variable, table in self.payloads.items():
            struct = self.structs.get(variable + "_t")
            if not struct or not struct["members"]:
                continue
            order = [one["name"] for one in struct["members"]]
            rows = {one["member"]: one for one in table["fields"]}
            counts = {order[order.index(name) + 1] for name, row in rows.items()
                      if row["at"] in (8, 9)}  # lists have their number behind them
            if set(order) - set(rows) - counts - {"size"}:
                texts += self.members_text(variable + "_t", set(rows) | counts)
                self.with_more[variable] = f"members_{variable}_t"
        return texts

    # ---- callbacks ----

    def pushes(self, callback):
        """For each parameter that Lua gets: its type, its name, what pushes it."""
        items, skip = [], False
        parameters = callback["parameters"]
        for i, one in enumerate(parameters):
            kind, name = one["type"], one["name"]
            if skip or i == callback["userdata"] or kind in ("xmpp_conn_t *", "xmpp_ctx_t *"):
                skip = False
                continue
            behind = parameters[i + 1]["type"] if i + 1 < len(parameters) else ""
            if kind == "const char *" and behind == "size_t":
                continue  # the stanza itself, of which the program knows
            push = self.push_parameter(kind, f"a->{name}")
            if push:
                items.append((kind, name, push))
        return items

    def push_parameter(self, kind, value):
        if kind == "xmpp_stanza_t *":
            return f"object_push(L, x, &kind_stanza, {value});"
        if kind == "const xmpp_jid_t *":
            return f"push_jid(L, {value});"
        if kind == "const char *":
            return f"lua_pushstring(L, {value});"
        if kind in ("int", "unsigned"):
            return f"lua_pushinteger(L, {value});"
        if kind in self.enums:
            return f"push_enum(L, (long){value}, {self.enum(kind)});"
        if kind == "xmpp_command_run_t *":
            return f"object_push(L, x, {self.kind('handle:xmpp_command_run_t')}, {value});"
        struct = kind.removeprefix("const ").removesuffix(" *")
        if struct in self.structs and self.structs[struct]["members"] and \
                kind.startswith("const "):
            return self.push_struct(struct, value)
        return None

    def callback_text(self, name):
        callback = self.callbacks[name]
        if name in SPECIAL:
            return SPECIAL[name]
        items = self.pushes(callback)
        given = ", ".join(f"{one['type']}{'' if one['type'].endswith('*') else ' '}"
                          f"{one['name']}" for one in callback["parameters"])
        userdata = callback["parameters"][callback["userdata"]]["name"]
        is_secret = callback["parameters"][0]["type"] == "char *"
        default = 0 if callback["returns"] == "void" else naming.default_of(name)
        failed = "XMPP_EINT" if name in naming.ANSWERING else str(default)
        buffer, room = ("NULL", "0") if not is_secret else \
            [one["name"] for one in callback["parameters"][:2]]
        if is_secret:
            items = []
        members = "".join(f"    {kind}{'' if kind.endswith('*') else ' '}{one};\n"
                          for kind, one, _ in items)
        pushes = "".join(f"    {push}\n" for _, _, push in items)
        values = ", ".join(one for _, one, _ in items)
        unused = "".join(f"    (void){one['name']};\n" for one in callback["parameters"]
                         if one["name"] not in [i for _, i, _ in items] + [userdata] and
                         not (is_secret and one["name"] in (buffer, room)))
        made = (f"struct args_{name} {{\n{members}}};\n\n" if items else "") + \
            (f"static int push_{name}(lua_State *L, struct context *x, const void *args)\n{{\n"
             + (f"    const struct args_{name} *a = args;\n\n" if items else "")
             + f"    (void)x;\n{'' if items else '    (void)L;' + chr(10) + '    (void)args;' + chr(10)}"
             + f"{pushes}    return {len(items)};\n}}\n\n")
        local = f"    struct args_{name} a = {{{values}}};\n" if items else ""
        end = "callback_call(&turn);" if callback["returns"] == "void" else \
            "return callback_call(&turn);"
        return made + (
            f"static {callback['returns']} on_{name}({given})\n{{\n{local}"
            f"    struct turn turn = {{{userdata}, push_{name}, {'&a' if items else 'NULL'}, "
            f"{default}, {failed}, {buffer}, {room}}};\n\n{unused}    {end}\n}}\n\n")

    # ---- tables ----

    def tables(self):
        rows = "".join(f"    {{{quoted(space)}, {quoted(name)}, {function}, {first}, "
                       f"{awaited}}},\n"
                       for space, name, function, first, awaited in self.methods)
        modules = "".join(f"    {{{quoted(one['variable'].removeprefix('xmpp_mod_'))}, "
                          f"&{one['variable']}}},\n" for one in self.api["modules"])
        payloads = [(one, f"    {{{quoted(one.removeprefix('xmpp_'))}, &{one}, "
                          f"{self.with_more.get(one, 'NULL')}}},\n")
                    for one in self.payloads if not one.startswith("unnamed_")]
        numbers = {name: name for name in self.api["numbers"]
                   if name not in ("XMPP_NO_NUMBER", "XMPP_NO_TIME")}
        for enum in self.api["enums"]:
            numbers.update({one["name"]: one["name"] for one in enum["constants"]})
        values = "".join(f"    {{{quoted(name.removeprefix('XMPP_'))}, (long){name}}},\n"
                         for name in numbers)
        advices = "".join(f"    {{{quoted(name)}, {quoted(advice)}}},\n"
                          for name, advice in self.api["conditions"].items())
        kinds = "".join(f"    &kind_{one},\n" for one in self.used_kinds)
        return (f"const struct method generated_methods[] = {{\n{rows}"
                f"    {{NULL, NULL, NULL, FIRST_NOTHING, 0}}}};\n\n"
                f"const struct kind *const generated_kinds[] = {{\n{kinds}    NULL}};\n\n"
                f"const struct named_module generated_modules[] = {{\n{modules}"
                f"    {{NULL, NULL}}}};\n\n"
                f"const struct named_payload named_payloads[] = {{\n"
                f"{''.join(row for _, row in payloads)}    {{NULL, NULL, NULL}}}};\n\n"
                f"const struct named_payload payloads_with_more[] = {{\n"
                f"{''.join(row for one, row in payloads if one in self.with_more)}"
                f"    {{NULL, NULL, NULL}}}};\n\n"
                f"const struct named_number generated_numbers[] = {{\n{values}"
                f"    {{NULL, 0}}}};\n\n"
                f"const struct named_text generated_advices[] = {{\n{advices}"
                f"    {{NULL, NULL}}}};\n")


CANCEL = '''static void on_xmpp_result_handler(xmpp_conn_t *conn, const xmpp_result_t *result,
                                   void *userdata);
static void on_xmpp_reply_handler(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                                  void *userdata);

static int cancel_result(xmpp_conn_t *conn, void *userdata)
{
    return xmpp_result_cancel(conn, on_xmpp_result_handler, userdata);
}

static int cancel_reply(xmpp_conn_t *conn, void *userdata)
{
    return xmpp_request_cancel(conn, on_xmpp_reply_handler, userdata);
}

'''


def special(name, parameters, push):
    """A callback without a result, whose arguments are pushed by hand: it gets the
    address of its parameters."""
    parameters = ["xmpp_conn_t *conn", *parameters]
    members = "".join(f"    {one};\n" for one in parameters)
    values = ", ".join(re.search(r"\w+$", one)[0] for one in parameters)
    given = "".join(f"{one}, " for one in parameters)
    return (f"struct args_{name} {{\n{members}}};\n\n"
            f"static int push_{name}(lua_State *L, struct context *x, const void *args)\n"
            f"{{\n    const struct args_{name} *a = args;\n\n    (void)x;\n{push}}}\n\n"
            f"static void on_{name}({given}void *userdata)\n{{\n"
            f"    struct args_{name} a = {{{values}}};\n"
            f"    struct turn turn = {{userdata, push_{name}, &a, 0, 0, NULL, 0}};\n\n"
            f"    callback_call(&turn);\n}}\n\n")


# A function that awaits gets a value, or nil and an error.
SPECIAL = {
    "xmpp_result_handler": special(
        "xmpp_result_handler", ["const xmpp_result_t *result"],
        "    return push_result(L, x, a->conn, a->result);\n"),
    "xmpp_reply_handler": special(
        "xmpp_reply_handler", ["int status", "xmpp_stanza_t *reply"],
        "    return push_reply(L, x, a->conn, a->status, a->reply);\n"),
    "xmpp_sent_handler": special(
        "xmpp_sent_handler", ["int status", "const char *text", "size_t length"],
        "    (void)a->text;\n    (void)a->length;\n"
        "    return push_sent(L, a->conn, a->status);\n"),
    "xmpp_event_handler": special(
        "xmpp_event_handler", ["const xmpp_event_t *event"],
        "    push_event(L, x, a->event);\n    return 1;\n"),
}


def unreachable(api, package):
    """Functions that no part of the module calls, and no table has a reason for. `package`
    is the text of what is written by hand."""
    made = Calls(api)
    made.text()
    for one in api["functions"]:
        if one["exception"] and one["exception"]["kind"] != "hand":
            continue
        if one["name"] not in made.made and one["name"] not in LANGUAGE and \
                f"{one['name']}(" not in package:
            yield one["name"]
    known = {one["name"] for one in api["functions"]}
    for name in LANGUAGE:
        if name not in known:
            yield f"{name} is in LANGUAGE, but there is no such function"
