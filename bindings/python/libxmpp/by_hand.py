"""by_hand.py - functions of the library whose shape no table describes: they take or
return a struct by value, fill an array, or are the business of this language's objects."""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, TypeVar

from . import structs
from ._libxmpp import ffi, lib
from .convert import NULL, Struct, encoded, jid, string, taken_text, text
from .errors import BadArgument
from .jid import JID, parse
from .handles import described, table
from .stanza import Stanza, borrow
from .wait import raise_for, read_value, register

Kind = TypeVar("Kind", bound=Struct)


def decoded(value: Any) -> str | None:
    return string(value).decode() if value else None


@dataclasses.dataclass(slots=True)
class Uri:
    """A link to an address (RFC 5122): xmpp:juliet@example.org?message;body=Hi is
    Uri(jid=..., type="message", params=[("body", "Hi")])."""

    jid: JID | None = None
    account: JID | None = None
    type: str | None = None
    params: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    fragment: str | None = None

    def get(self, key: str) -> str | None:
        """The first parameter with this key."""
        return next((value for name, value in self.params if name == key), None)


class ByHand:
    """Part of Client."""

    _x: Any
    _conn: Any

    # ---- structs ----

    def read(self, element: Stanza, kind: type[Kind]) -> Kind | None:
        """The struct of an element; None if it is not such an element."""
        place = ffi.new("const void **")
        code = lib.xmpp_payload_read(element._p, table(kind), place)
        if code == lib.XMPP_EARG:
            return None
        raise_for(self, code)
        return self._value(kind, place[0])

    def find(self, parent: Stanza, kind: type[Kind]) -> Kind | None:
        """The first child that is such an element."""
        return self._value(kind, lib.xmpp_payload_find(parent._p, table(kind)))

    def _value(self, kind: type[Kind], value: Any) -> Kind | None:
        result: Kind | None = read_value(table(kind), value, self._x)
        return result

    def to_xml(self, value: Struct) -> str:
        payload, write = described(type(value))
        keep: list[Any] = []
        xml = taken_text(self._x.ctx, lib.xmpp_payload_to_text(
            self._x.ctx, payload, write(value, keep), NULL))
        if xml is None:
            raise ValueError(f"{value!r} cannot be written")
        return xml

    def from_xml(self, kind: type[Kind], xml: str) -> Kind:
        """Raises BadArgument if the text is not such an element."""
        place, octets = ffi.new("void **"), encoded(xml)
        code = lib.xmpp_payload_parse(self._x.ctx, table(kind), octets, len(octets),
                                      place)
        if code == lib.XMPP_EARG:
            raise BadArgument(code, f"the text is not the XML of {kind.__name__}")
        raise_for(self, code)
        try:
            value = self._value(kind, place[0])
            assert value is not None
            return value
        finally:
            lib.xmpp_free(self._x.ctx, place[0])

    # ---- links ----

    def _complain(self, code: int, error: Any) -> None:
        if code == lib.XMPP_EARG:
            words = ffi.new("char[]", 400)
            lib.xmpp_text_error_format(error, words, 400)
            raise BadArgument(code, string(words).decode())
        raise_for(self, code)

    def parse_uri(self, uri: str, is_strict: bool = False) -> Uri:
        """Of a link; not strictly, as others may have made it."""
        place, error = ffi.new("xmpp_uri_t **"), ffi.new("xmpp_text_error_t *")
        octets = encoded(uri)
        self._complain(lib.xmpp_uri_parse(
            self._x.ctx, octets, len(octets),
            lib.XMPP_JID_STRICT if is_strict else lib.XMPP_JID_LENIENT, place, error),
            error)
        found = place[0]
        try:
            return Uri(jid(found.jid[0]) if found.jid else None,
                       jid(found.account[0]) if found.account else None,
                       decoded(found.type),
                       [(string(found.params[i].key).decode(),
                         string(found.params[i].value).decode())
                        for i in range(found.param_count)], decoded(found.fragment))
        finally:
            lib.xmpp_free(self._x.ctx, found)

    def format_uri(self, uri: Uri, for_people: bool = False) -> str:
        keep: list[Any] = []

        def kept(value: str | None) -> Any:
            if value is None:
                return NULL
            keep.append(ffi.new("char[]", encoded(value)))
            return keep[-1]
        params = ffi.new("xmpp_uri_param_t[]", [
            {"key": kept(key), "value": kept(value)} for key, value in uri.params])
        block = ffi.new("xmpp_uri_t *", {
            "jid": parse(uri.jid, keep) if uri.jid is not None else NULL,
            "account": parse(uri.account, keep) if uri.account is not None else NULL,
            "type": kept(uri.type), "params": params, "param_count": len(uri.params),
            "fragment": kept(uri.fragment)})
        place, error = ffi.new("char **"), ffi.new("xmpp_text_error_t *")
        self._complain(lib.xmpp_uri_format(
            self._x.ctx, block, lib.XMPP_URI_UNICODE if for_people else
            lib.XMPP_URI_ASCII, place, error), error)
        return taken_text(self._x.ctx, place[0]) or ""

    # ---- names that the program looks up ----

    def answer_srv(self, lookup: int, records: list[tuple[int, int, int, str]]) -> None:
        """Records are (priority, weight, port, target)."""
        targets = [ffi.new("char[]", encoded(one[3])) for one in records]
        block = ffi.new("xmpp_srv_t[]", [
            {"priority": one[0], "weight": one[1], "port": one[2], "target": target}
            for one, target in zip(records, targets)])
        raise_for(self, lib.xmpp_ctx_answer_srv(self._x.ctx, lookup, block,
                                                len(records)))

    def answer_addresses(self, lookup: int, addresses: list[str]) -> None:
        texts = [ffi.new("char[]", encoded(one)) for one in addresses]
        raise_for(self, lib.xmpp_ctx_answer_addresses(
            self._x.ctx, lookup, ffi.new("const char *[]", texts), len(texts)))

    # ---- forms ----

    def check_form(self, form: Any, answer: Any) -> tuple[str, str] | None:
        """What is wrong with an answer: the field and the reason."""
        keep: list[Any] = []
        fault = lib.xmpp_form_check(structs.write_xmpp_form(form, keep),
                                    structs.write_xmpp_form(answer, keep))
        return (decoded(fault.var) or "", string(fault.reason).decode()) \
            if fault.reason else None

    def check_value(self, validate: Any, value: str) -> str | None:
        """What is wrong with the value of a field; `validate` is its FormValidate."""
        keep: list[Any] = []
        block = NULL if validate is None else structs.WRITERS[type(validate)](validate,
                                                                              keep)
        return decoded(lib.xmpp_form_validate(block, text(value)))

    def form_parts(self, form: Any) -> list[Any]:
        """The pieces of its layout, in the order in which to show them. `form` was
        read from a stanza."""
        keep: list[Any] = []
        block = structs.write_xmpp_form(form, keep)
        block.element = NULL if form.element is None else form.element._p
        parts, one = [], lib.xmpp_form_first_part(block)
        while one.type:
            parts.append(structs.read_xmpp_form_part_t(one, self._x))
            one = lib.xmpp_form_next_part(block, one)
        return parts

    def form_jid(self, form: Any, var: str) -> JID | None:
        """The address in a field."""
        keep: list[Any] = []
        found = lib.xmpp_form_get_jid(self._conn, structs.write_xmpp_form(form, keep),
                                      text(var))
        try:
            return jid(found[0]) if found else None
        finally:
            lib.xmpp_free(self._x.ctx, found)

    # ---- commands that we offer ----

    def serve_command(self, node: str, name: str, function: Callable[[Any], int | None],
                      access: int = 0) -> Command:
        """Let others run a command (XEP-0050). The function is called for each stage
        with a Stage, and returns what its put_form(), refuse() or done() returned.
        `access`: the XMPP_SENDER_ bits of those who may; 0: our own account."""
        return Command(self, node, name, function, access)


class Stage:
    """A stage of a command that somebody runs; valid during the call."""

    def __init__(self, client: Any, run: Any) -> None:
        self.stage, self.action = run.stage, run.action
        self.from_ = jid(getattr(run, "from")[0]) if getattr(run, "from") else None
        self.to = jid(run.to[0]) if run.to else None
        self.form = structs.read_xmpp_form(run.form, client._x) if run.form else None
        self.lang = decoded(run.lang)
        self.request = borrow(client._x, run.request)
        self.answer = borrow(client._x, run.answer)
        self._client, self._run = client, run

    def put_form(self, form: Stanza, actions: int = 0) -> int:
        """Show this form."""
        return int(lib.xmpp_command_put_form(
            self._run, lib.xmpp_stanza_clone(form._p), actions))

    def add_note(self, words: str, kind: int = 1) -> None:
        raise_for(self._client, lib.xmpp_command_add_note(self._run, kind, text(words)))

    def refuse(self, condition: str, words: str | None = None) -> int:
        return int(lib.xmpp_command_refuse(self._run, text(condition), text(words)))

    def done(self) -> int:
        """A result may be in `answer`."""
        return int(lib.XMPP_COMMAND_COMPLETED)


class Command:
    """A command that is offered until it is removed."""

    def __init__(self, client: Any, node: str, name: str,
                 function: Callable[[Any], int | None], access: int) -> None:
        def call(conn: Any, pointer: Any) -> int:
            run = Stage(client, pointer)
            try:
                code = function(run)
                return run.done() if code is None else code
            finally:
                run._run = NULL
        self._texts = ffi.new("char[]", encoded(node)), ffi.new("char[]", encoded(name))
        self._block = ffi.new("xmpp_command_t *", {
            "size": ffi.sizeof("xmpp_command_t"), "node": self._texts[0],
            "name": self._texts[1], "access": access})
        self._client = client

        def add(userdata: Any) -> int:
            code: int = lib.xmpp_command_add(client._conn, self._block,
                                             lib.py_xmpp_command_handler, userdata)
            if code > 0:
                raise ValueError(f"there is a command {node!r} already")
            return code
        self._registration = register(client, call, add)
        client._x.borrowed.add(self)  # C keeps the struct

    def remove(self) -> None:
        """Offer it no longer; it may be running."""
        lib.xmpp_command_remove(self._client._conn, self._block)
        self._registration.drop()
        self._client._x.give_back(self)
