"""jid.py - addresses (RFC 7622), as texts in normal form."""

from __future__ import annotations

from typing import Any

from ._libxmpp import ffi, lib


class JIDError(ValueError):
    """A text is not a valid address. `part` and `reason` say why."""

    def __init__(self, text: str, part: str, reason: str, sentence: str) -> None:
        super().__init__(f"{text!r} is not a valid address: {sentence}")
        self.text, self.part, self.reason = text, part, reason


def parse(text: str, keep: list[Any]) -> Any:
    """An xmpp_jid_t *, whose text is kept in the list. An address that the library gave
    us may have parts that no rule allows; others are checked strictly."""
    if not isinstance(text, str):
        raise TypeError(f"an address is a text, not {text!r}")
    octets = text.encode()
    given = ffi.new("char[]", octets)
    buffer = ffi.new("char[]", lib_buffer_size)
    jid, error = ffi.new("xmpp_jid_t *"), ffi.new("xmpp_text_error_t *")
    mode = lib.XMPP_JID_LENIENT if isinstance(text, JID) else lib.XMPP_JID_STRICT
    if lib.xmpp_jid_parse(given, len(octets), mode, buffer, jid, error) < 0:
        words = ffi.new("char[]", 400)
        lib.xmpp_text_error_format(error, words, 400)
        raise JIDError(text, ffi.string(error.part).decode(),
                       ffi.string(error.reason).decode(), ffi.string(words).decode())
    keep += given, buffer, jid
    return jid


lib_buffer_size = 3072  # XMPP_JID_BUFFER_SIZE, which will not grow


class JID(str):
    """An address: JID("Juliet@A.example/Balcony") == "juliet@a.example/Balcony". It is a
    text in normal form, so two addresses are the same entity if they are equal. Raises
    JIDError."""

    __slots__ = ()

    def __new__(cls, text: str) -> JID:
        keep: list[Any] = []
        jid = parse(text, keep)
        size = jid.domain_size
        size += jid.local_size + 1 if jid.local_size else 0
        size += jid.resource_size + 1 if jid.resource_size else 0
        return str.__new__(cls, ffi.buffer(jid.text, size)[:].decode())

    @classmethod
    def made(cls, text: str) -> JID:
        """Of a text that is in normal form already."""
        return str.__new__(cls, text)

    @property
    def bare(self) -> JID:
        return JID.made(self.partition("/")[0])

    @property
    def resource(self) -> str | None:
        return self.partition("/")[2] or None

    @property
    def domain(self) -> str:
        return self.partition("/")[0].rpartition("@")[2]

    @property
    def local(self) -> str | None:
        return self.partition("/")[0].rpartition("@")[0] or None

    def with_resource(self, resource: str | None) -> JID:
        """The same bare address with another resource, such as a nickname in a room."""
        return JID(f"{self.bare}/{resource}") if resource is not None else self.bare

    def __repr__(self) -> str:
        return f"JID({str.__repr__(self)})"
