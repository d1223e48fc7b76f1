"""tables.py - the modules of libxmpp in Python, by their headers and tables
alone: nothing in here knows what a roster is."""

import ctypes as C
import math

import headers

ATTR, TEXT, CHILD, CHILD_ATTR, FLAG, CHOICE, ELEMENT, ELEMENTS, CHILDREN, \
    SELF = range(1, 11)
IS_TEXT, IS_NUMBER, IS_REAL, IS_BOOL, IS_JID, IS_TIME, IS_BYTES, \
    IS_ENUM = range(1, 9)
NO_NUMBER, NO_TIME = -2 ** (C.sizeof(C.c_long) * 8 - 1), -2 ** 63
ROW_END, ROW_EVENT = 0, 16


class Field(C.Structure):
    _fields_ = [("member", C.c_char_p), ("at", C.c_ubyte), ("kind", C.c_ubyte),
                ("must", C.c_ubyte), ("name_size", C.c_ubyte),
                ("sub_size", C.c_ubyte), ("ns_size", C.c_ushort),
                ("name", C.c_char_p), ("sub", C.c_char_p), ("ns", C.c_char_p),
                ("more", C.c_void_p), ("offset", C.c_size_t),
                ("count", C.c_size_t)]


class Payload(C.Structure):
    _fields_ = [("name", C.c_char_p), ("ns", C.c_char_p),
                ("size", C.c_size_t), ("field_size", C.c_size_t),
                ("fields", C.c_void_p), ("field_count", C.c_size_t),
                ("name_size", C.c_size_t), ("ns_size", C.c_size_t)]

    def rows(self):
        for i in range(self.field_count):
            yield Field.from_address(self.fields + i * self.field_size)


class Jid(C.Structure):
    _fields_ = [("text", C.c_void_p), ("local", C.c_ushort),
                ("domain", C.c_ushort), ("resource", C.c_ushort),
                ("unprepared", C.c_ushort)]


class Bytes(C.Structure):
    _fields_ = [("data", C.c_void_p), ("size", C.c_size_t)]


class Result(C.Structure):
    _fields_ = [("status", C.c_int), ("value", C.c_void_p),
                ("payload", C.POINTER(Payload)), ("stanza", C.c_void_p),
                ("condition", C.c_char_p), ("type", C.c_char_p),
                ("text", C.c_char_p), ("specific", C.c_char_p)]


class Event(C.Structure):
    _fields_ = [("module", C.c_void_p), ("what", C.c_int),
                ("name", C.c_char_p), ("payload", C.POINTER(Payload)),
                ("value", C.c_void_p), ("before", C.c_void_p),
                ("stanza", C.c_void_p)]


# ---- values -------------------------------------------------------------

TYPES = {IS_TEXT: C.c_char_p, IS_NUMBER: C.c_long, IS_REAL: C.c_double,
         IS_BOOL: C.c_int, IS_JID: Jid, IS_TIME: C.c_int64, IS_BYTES: Bytes,
         IS_ENUM: C.c_int}


def names_of(field):
    """The names of an enum, which counts from 1."""
    names, i = [None], 0
    while True:
        name = C.c_char_p.from_address(field.more + i * C.sizeof(C.c_char_p))
        if name.value is None:
            return names
        names.append(name.value.decode())
        i += 1


def scalar(field, address):
    value = TYPES[field.kind].from_address(address)
    if field.kind == IS_JID:
        size = value.local + bool(value.local) + value.domain + \
            bool(value.resource) + value.resource
        return C.string_at(value.text, size).decode() if value.domain else None
    if field.kind == IS_BYTES:
        return C.string_at(value.data, value.size) if value.data else None
    if field.kind == IS_ENUM:
        return names_of(field)[value.value]
    if field.kind == IS_BOOL:
        return bool(value.value)
    if field.kind == IS_TEXT:
        return value.value.decode() if value.value is not None else None
    if value.value in (NO_NUMBER, NO_TIME) or math.isnan(value.value):
        return None
    return value.value


def decode(payload, address):
    """A struct as a dict of what is there."""
    out = {}
    for field in payload.rows():
        here = address + field.offset
        value = None
        if field.at in (ELEMENTS, CHILDREN):
            count = C.c_size_t.from_address(address + field.count).value
            first = C.c_void_p.from_address(here).value
            places = [first + i * C.sizeof(C.c_void_p) for i in range(count)]
            value = [element(field, place) if field.at == ELEMENTS
                     else listed(field, place) for place in places]
        elif field.at == ELEMENT:
            value = element(field, here)
        elif field.at in (FLAG,):
            value = bool(C.c_int.from_address(here).value)
        elif field.at == CHOICE:
            value = names_of(field)[C.c_int.from_address(here).value]
        elif field.at != SELF:
            value = scalar(field, here)
        if value not in (None, False, []):
            out[field.member.decode()] = value
    return out


def element(field, place):
    address = C.c_void_p.from_address(place).value
    payload = Payload.from_address(field.more)
    return decode(payload, address) if address else None


def listed(field, place):
    """Lists hold pointers; of texts these are the texts."""
    if field.kind == IS_TEXT:
        return scalar(field, place)
    return scalar(field, C.c_void_p.from_address(place).value)


class Encoder:
    """Makes structs of dicts; what they point to lives as long as this."""

    def __init__(self, library):
        self.library, self.kept = library, []

    def keep(self, value):
        self.kept.append(value)
        return value

    def encode(self, payload, values):
        block = self.keep(C.create_string_buffer(payload.size))
        self.library.xmpp_payload_init(C.byref(payload), block,
                                       C.c_size_t(payload.size))
        for field in payload.rows():
            value = values.get(field.member.decode())
            if value is not None:
                self.set(field, C.addressof(block), value)
        return block

    def set(self, field, struct, value):
        here = struct + field.offset
        if field.at in (ELEMENTS, CHILDREN):
            items = [self.item(field, one) for one in value]
            array = self.keep((C.c_void_p * len(items))(*items))
            C.c_void_p.from_address(here).value = C.addressof(array)
            C.c_size_t.from_address(struct + field.count).value = len(items)
        elif field.at == ELEMENT:
            C.c_void_p.from_address(here).value = self.item(field, value)
        elif field.at == CHOICE:
            C.c_int.from_address(here).value = names_of(field).index(value)
        else:
            self.set_scalar(field, here, value)

    def item(self, field, value):
        if field.at in (ELEMENT, ELEMENTS):
            payload = Payload.from_address(field.more)
            return C.addressof(self.encode(payload, value))
        if field.kind == IS_TEXT:
            text = self.keep(C.create_string_buffer(value.encode()))
            return C.addressof(text)
        cell = self.keep(TYPES[field.kind]())
        self.set_scalar(field, C.addressof(cell), value)
        return C.addressof(cell)

    def set_scalar(self, field, here, value):
        cell = TYPES[field.kind].from_address(here)
        if field.kind == IS_JID:
            C.memmove(here, C.byref(self.jid(value)), C.sizeof(Jid))
        elif field.kind == IS_BYTES:
            data = self.keep(C.create_string_buffer(value, len(value)))
            cell.data, cell.size = C.addressof(data), len(value)
        elif field.kind == IS_ENUM:
            cell.value = names_of(field).index(value)
        elif field.kind == IS_TEXT:
            text = self.keep(C.create_string_buffer(value.encode()))
            C.c_void_p.from_address(here).value = C.addressof(text)
        else:
            cell.value = value

    def jid(self, text):
        octets = text.encode()  # the value may point into either block
        given = self.keep(C.create_string_buffer(octets))
        buffer, jid = self.keep(C.create_string_buffer(3072)), Jid()
        code = self.library.xmpp_jid_parse(
            given, C.c_size_t(len(octets)), 0, buffer, C.byref(jid), None)
        if code:
            raise ValueError(f"{text} is not an address")
        return jid


# ---- calls --------------------------------------------------------------

RESULT = C.CFUNCTYPE(None, C.c_void_p, C.POINTER(Result), C.c_void_p)
EVENT = C.CFUNCTYPE(None, C.c_void_p, C.POINTER(Event), C.c_void_p)
CONN = C.CFUNCTYPE(None, C.c_void_p, C.c_int, C.c_int, C.c_void_p, C.c_void_p)


class XmppError(Exception):
    pass


class Library:
    def __init__(self, path, header_paths):
        self.so = C.CDLL(path)
        self.headers = headers.Headers(header_paths)
        self.functions = {one.name: one for one in self.headers.functions
                          if one.can_be_called()}
        for name in ("xmpp_ctx_new", "xmpp_conn_new", "xmpp_stanza_new_from_string"):
            getattr(self.so, name).restype = C.c_void_p
        self.so.xmpp_strerror_name.restype = C.c_char_p

    def error(self, code):
        return XmppError(self.so.xmpp_strerror_name(code).decode())

    def payload(self, name):
        return Payload.in_dll(self.so, name)

    def module(self, name):
        return C.byref(C.c_byte.in_dll(self.so, f"xmpp_mod_{name}"))


class Connection:
    """Every function of a module is a method: conn.disco_get_info("localhost",
    None). What takes a result waits for it."""

    def __init__(self, library, **settings):
        self.library, self.so = library, library.so
        self.ctx = C.c_void_p(self.so.xmpp_ctx_new(None, None))
        self.conn = C.c_void_p(self.so.xmpp_conn_new(self.ctx))
        for name, value in settings.items():
            getattr(self.so, f"xmpp_conn_set_{name.rstrip('_')}")(self.conn,
                                                      value.encode())
        self.is_up, self.is_down, self.results, self.kept = False, False, {}, []
        self.on_conn, self.on_result = CONN(self.changed), RESULT(self.ended)

    def changed(self, conn, event, error, stream_error, userdata):
        self.is_up, self.is_down = event == 0, event != 0

    def ended(self, conn, result, userdata):
        result = result.contents
        value = decode(result.payload.contents, result.value) \
            if result.value and result.payload else None
        condition = (result.condition or b"").decode()
        self.results[userdata] = (result.status, condition, value)

    def until(self, done):
        while not done():
            if self.is_down:
                raise XmppError("the connection is lost")
            self.so.xmpp_run_once(self.ctx, C.c_ulong(1000))

    def use(self, name):
        if self.so.xmpp_conn_use(self.conn, self.library.module(name)) < 0:
            raise XmppError(f"{name} cannot be used")

    def watch(self, name, function):
        def told(conn, event, userdata):
            event = event.contents
            function(event.name.decode(), *[
                decode(event.payload.contents, value)
                if value and event.payload else None
                for value in (event.value, event.before)])
        self.kept.append(EVENT(told))
        code = self.so.xmpp_conn_watch(self.conn, self.library.module(name),
                                       self.kept[-1], None)
        if code < 0:
            raise self.library.error(code)

    def connect(self, host, port):
        code = self.so.xmpp_connect_client(self.conn, host.encode(),
                                           C.c_ushort(port), self.on_conn,
                                           None)
        if code:
            raise self.library.error(code)
        self.until(lambda: self.is_up)

    def close(self):
        self.so.xmpp_disconnect(self.conn)
        while not self.is_down:
            self.so.xmpp_run_once(self.ctx, C.c_ulong(1000))
        self.so.xmpp_conn_release(self.conn)
        self.so.xmpp_ctx_free(self.ctx)

    def argument(self, kind, payload, value):
        """As ctypes passes it, and what has to live until then. A payload is
        given by its name."""
        if value is None:
            return None, None
        if kind == "n":
            return C.c_long(value), None
        if kind == "t":
            return value.encode(), None
        if kind == "p":
            return C.byref(self.library.payload(value)), None
        if kind == "x":
            return C.c_void_p(self.so.xmpp_stanza_new_from_string(
                self.ctx, value.encode())), None
        if kind == "h":
            self.so.xmpp_room_find.restype = C.c_void_p
            jid = Encoder(self.so).jid(value)
            return C.c_void_p(self.so.xmpp_room_find(self.conn,
                                                     C.byref(jid))), None
        if kind == "j":
            encoder = Encoder(self.so)
            return C.byref(encoder.jid(value)), encoder
        encoder = Encoder(self.so)
        return encoder.encode(self.library.payload(payload), value), encoder

    def arguments(self, function, values):
        """`v` is described by the payload before it."""
        before = None
        for kind, payload, value in zip(function.kinds, function.structs,
                                        values, strict=True):
            yield self.argument(kind, before if kind == "v" else payload,
                                value)
            before = value

    def __getattr__(self, name):
        function = self.library.functions.get(f"xmpp_{name}")
        if not function:
            raise AttributeError(name)
        return lambda *values: self.call(function, values)

    def call(self, function, values):
        symbol = getattr(self.so, function.name)
        symbol.restype = {"t": C.c_char_p, "s": C.c_void_p, "n": C.c_long,
                          "c": C.c_int, "h": C.c_void_p, "j": C.POINTER(Jid),
                          "-": None}[function.returns]
        given = list(self.arguments(function, values))
        rest = [one for one, _ in given]
        here = {headers.HERE["xmpp_conn_t *"]: self.conn,
                headers.HERE["xmpp_ctx_t *"]: self.ctx}
        passed = [rest.pop(0) if one == "{}" else here[one]
                  for one in function.passed]
        if function.takes_result:
            return self.wait(function, symbol, passed)
        value = symbol(*passed)
        if function.returns == "c" and value < 0:
            raise self.library.error(value)
        if function.returns == "s":
            return decode(self.library.payload(function.returned),
                          value) if value else None
        return value.decode() if function.returns == "t" and value else value

    def wait(self, function, symbol, passed):
        key = len(self.results) + 1
        code = symbol(*passed, self.on_result, C.c_void_p(key))
        if code < 0:
            raise self.library.error(code)
        self.until(lambda: key in self.results)
        status, condition, value = self.results[key]
        if status:
            raise XmppError(condition or str(self.library.error(status)))
        return value
