"""errors.py - what can go wrong, as exceptions: each has the code of the library, and what
a person can do about it."""

from __future__ import annotations

from typing import Any

from ._libxmpp import ffi, lib


def words(value: Any) -> str:
    """A sentence may be cut within a character, or have a path or a text of the system
    that is not UTF-8: what cannot be shown must not hide the failure."""
    return ffi.string(value).decode(errors="replace") if value else ""


class XmppError(Exception):
    """`code` and `name` (xmpp/error.h); `layer` in which a connection failed, such as
    "tls"; `condition` and `text`, which the other side sent; `advice`; `retry`, whether
    the same may succeed later."""

    def __init__(self, code: int, message: str = "", *, layer: str = "",
                 condition: str = "", text: str = "", retry: bool = False) -> None:
        super().__init__(message or words(lib.xmpp_strerror(code)))
        self.code, self.layer, self.condition = code, layer, condition
        self.text, self.retry = text, retry

    @property
    def name(self) -> str:
        return words(lib.xmpp_strerror_name(self.code))

    @property
    def advice(self) -> str:
        return words(lib.xmpp_strerror_advice(self.code))


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
        super().__init__(code, message, condition=condition, text=text)
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


def error_of(code: int, ctx: Any, explained: bool = True) -> XmppError:
    """For a code that a function returned: the library has left a sentence, unless
    the failure came later."""
    message = words(lib.xmpp_ctx_get_last_error(ctx)) if explained and code in (
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
    if result.status != lib.XMPP_ESTANZA:
        return KINDS.get(result.status, XmppError)(
            result.status, sentence, condition=words(result.condition))
    return StanzaError(result.status, sentence, condition=words(result.condition),
                       type=words(result.type), text=words(result.text),
                       specific=words(result.specific),
                       stanza=borrow(context, result.stanza))
