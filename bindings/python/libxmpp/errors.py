"""errors.py - what can go wrong, as exceptions: each has the code of the library, and what
a person can do about it."""

from __future__ import annotations

import re
from typing import Any

from ._libxmpp import ffi, lib
from .conditions import ADVICE

# What the library says about its functions, about those of this package.
UNUSED = r'make the client with use=["\1"], or call use("\1")'
BY_NAME = (r": the module is not in use on this connection: call xmpp_conn_use\(\) with it "
           r"first")
PHRASES: list[tuple[str, Any]] = [
    # This one has only what rooms have in common; that one brings all of it.
    ("^room" + BY_NAME,
     'room: the module is not in use: make the client with use=["room_message"]'),
    (r"(\w+)" + BY_NAME, r"\1: the module is not in use: " + UNUSED),
    (r'the module "(\w+)" is not in use: call xmpp_conn_use\(\)',
     r'the module "\1" is not in use: ' + UNUSED),
    (r"call xmpp_conn_set_jid\(\)", "give the client its jid"),
    (r"call xmpp_conn_set_pass\(\)", "give the client its password"),
    (r"before xmpp_conn_set_jid\(\)", "before the client has a jid"),
    (r"the address of xmpp_conn_set_jid\(\)", "the jid of the client"),
    (r"xmpp_conn_set_(\w+)\(\)", r"the setting \1=..."),
    (r"XMPP_OPT_(\w+)", lambda found: f'options["{found[1].lower()}"]'),
    (r"XMPP_(CONN_FLAG_\w+)", r"\1"),
    (r"^xmpp_(?:stanza|message)_\w+\(\): ", ""),
    (r"xmpp_conn_(\w+)\(\)", r"core.\1()"),
    (r"\bNULL\b", "None")]

# How it stands about a connection: what is wrong, what to do, and whether the same may
# succeed later. "" is the sentence of the library.
OUTLOOKS = {
    "closed": ("the client is closed", "make a new client", False),
    "ahead": ("", "connect first", False),
    "first": ("", "wait for ready(): the connection is being made", True),
    "again": ("", "wait for ready(): the connection is being made again", True),
    "over": ("", "connect again", False)}


def words(value: Any) -> str:
    """A sentence may be cut within a character, or have a path or a text of the system
    that is not UTF-8: what cannot be shown must not hide the failure."""
    return ffi.string(value).decode(errors="replace") if value else ""


def in_python(sentence: str) -> str:
    """With the names that things have in Python."""
    for pattern, made in PHRASES:
        sentence = re.sub(pattern, made, sentence)
    return sentence


class XmppError(Exception):
    """`code` and `name` (xmpp/error.h); `layer` in which a connection failed, such as
    "tls"; `condition` and `text`, which the other side sent; `advice`, what to do;
    `retry`, whether the same may succeed later."""

    def __init__(self, code: int, message: str = "", *, layer: str = "",
                 condition: str = "", text: str = "", retry: bool | None = None,
                 advice: str = "") -> None:
        super().__init__(in_python(message) or words(lib.xmpp_strerror(code)))
        self.code, self.layer, self.condition = code, layer, condition
        self.text, self._advice = text, advice
        self.retry = code in RETRIED if retry is None else retry

    @property
    def name(self) -> str:
        return words(lib.xmpp_strerror_name(self.code))

    @property
    def advice(self) -> str:
        return self._advice or words(lib.xmpp_strerror_advice(self.code))

    def advise(self, advice: str) -> None:
        """Who raises it may know better what to do."""
        self._advice = advice


class ConnectionFailed(XmppError, ConnectionError):
    """The connection could not be made, or was lost."""


class NotConnected(XmppError, ConnectionError):
    """There is no session, or it ended before the answer came."""


class NoAnswer(XmppError, TimeoutError):
    """No answer in time."""


class StanzaError(XmppError):
    """The other side answered with an error: `condition`, `type`, `text`, and
    `specific`, the condition of the application. `stanza` is the answer."""

    def __init__(self, code: int, message: str, *, condition: str = "", type: str = "",
                 text: str = "", specific: str = "", stanza: Any = None) -> None:
        super().__init__(code, message, condition=condition, text=text,
                         retry=type == "wait", advice=ADVICE.get(condition, ""))
        self.type, self.specific, self.stanza = type, specific, stanza


class BadArgument(XmppError, ValueError):
    """An argument is not valid."""


class NotAllowed(XmppError, RuntimeError):
    """The call is not allowed here."""


class OutOfMemory(XmppError, MemoryError):
    pass


KINDS: dict[int, type[XmppError]] = {
    lib.XMPP_EARG: BadArgument, lib.XMPP_EINVOP: NotAllowed,
    lib.XMPP_EMEM: OutOfMemory, lib.XMPP_ENOTCONN: NotConnected,
    lib.XMPP_ETIMEOUT: NoAnswer}
RETRIED = {lib.XMPP_ETIMEOUT, lib.XMPP_EFULL}


def not_connected(context: Any, message: str = "") -> NotConnected:
    """With what to do now: the client knows whether its connection comes back."""
    client = context.client() if context.client is not None else None
    sentence, advice, retry = OUTLOOKS[client._outlook() if client else "closed"]
    return NotConnected(lib.XMPP_ENOTCONN, message or sentence, advice=advice,
                        retry=retry)


def error_of(code: int, context: Any, explained: bool = True) -> XmppError:
    """For a code that a function returned: the library has left a sentence, unless
    the failure came later."""
    if code == lib.XMPP_ENOTCONN:
        return not_connected(context)
    message = words(lib.xmpp_ctx_get_last_error(context.ctx)) if explained and code in (
        lib.XMPP_EARG, lib.XMPP_EINVOP) else ""
    return KINDS.get(code, XmppError)(code, message)


def failure_of(failure: Any) -> ConnectionFailed:
    """Of a connection (xmpp_failure_t)."""
    return ConnectionFailed(failure.code, words(failure.message),
                            layer=words(lib.xmpp_layer_name(failure.layer)),
                            condition=words(failure.condition),
                            text=words(failure.text), retry=bool(failure.retry))


def result_error(result: Any, borrow: Any, context: Any) -> XmppError:
    """Of an action that ended badly (xmpp_result_t)."""
    room = ffi.new("char[]", 400)
    lib.xmpp_result_format(result, room, 400)
    sentence = words(room)
    if result.status == lib.XMPP_ENOTCONN:
        return not_connected(context, sentence)
    if result.status != lib.XMPP_ESTANZA:
        return KINDS.get(result.status, XmppError)(
            result.status, sentence, condition=words(result.condition))
    return StanzaError(result.status, sentence, condition=words(result.condition),
                       type=words(result.type), text=words(result.text),
                       specific=words(result.specific),
                       stanza=borrow(context, result.stanza))
