"""sync.py - the same client for scripts without asyncio.

    with Client("me@example.org", password) as c:
        c.send("juliet@example.org", "Hi")
        print(c.ping("example.org"))

Each call runs a loop of its own until it is done; in between nothing happens, not even
answers to pings, so this is not for programs that stay connected."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, Iterator

from . import calls, client
from ._libxmpp import lib
from .errors import NoAnswer, XmppError
from .handles import Handle


class Calls:
    """The methods of an extension; those that would be awaited are waited for."""

    def __init__(self, target: Any, run: Callable[[Any], Any]) -> None:
        self._target, self._run = target, run

    def __getattr__(self, name: str) -> Any:
        return wrap(getattr(self._target, name), self._run)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._run(self._target(*arguments, **named))


def wrap(value: Any, run: Callable[[Any], Any]) -> Any:
    if inspect.ismethod(value):
        def call(*arguments: Any, **named: Any) -> Any:
            return wrap(run(value(*arguments, **named)), run)
        call.__doc__ = value.__doc__
        return call
    if isinstance(value, Handle) or type(value).__module__ == calls.__name__:
        return Calls(value, run)
    return value


def refuse_loop() -> None:
    """A loop that runs cannot wait for a call in it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("a loop of asyncio is running: use libxmpp.Client in it, and await "
                       "its calls")


class Client:
    """The arguments and methods are those of libxmpp.Client."""

    def __init__(self, *arguments: Any, timeout: float | None = None,
                 **settings: Any) -> None:
        """`timeout`: the seconds that each call may take, then it raises NoAnswer."""
        refuse_loop()
        self._client = client.Client(*arguments, **settings)
        self._runner, self._timeout = asyncio.Runner(), timeout

    def _run(self, value: Any) -> Any:
        if not inspect.isawaitable(value):
            return value
        try:
            refuse_loop()
        except RuntimeError:
            if inspect.iscoroutine(value):
                value.close()
            raise
        return self._runner.run(self._wait(value))

    async def _wait(self, value: Any) -> Any:
        try:
            return await asyncio.wait_for(value, self._timeout)
        except TimeoutError as error:
            if isinstance(error, XmppError):
                raise
            raise NoAnswer(lib.XMPP_ETIMEOUT,
                           f"no answer in time: {self._timeout} seconds are over") from None

    def __getattr__(self, name: str) -> Any:
        return wrap(getattr(self._client, name), self._run)

    def messages(self, limit: int = 10000) -> Iterator[Any]:
        return self._each(self._client.messages(limit))

    def events(self, *names: str, limit: int = 10000) -> Iterator[client.Event]:
        return self._each(self._client.events(*names, limit=limit))

    def _each(self, stream: client.Stream[Any]) -> Iterator[Any]:
        async def step() -> Any:
            return await anext(stream, None)
        while (item := self._run(step())) is not None:
            yield item

    def __enter__(self) -> Client:
        try:
            self._run(self._client.connect())
        except BaseException as error:
            self.__exit__(type(error), error)
            raise
        return self

    def close(self) -> None:
        """End the stream properly, and free everything. When the time is over it ends at
        once, and what was queued may be lost: that is NoAnswer."""
        refuse_loop()
        try:
            self._runner.run(self._wait(self._client.close()))
        finally:
            self._runner.close()

    def __exit__(self, kind: Any = None, *error: Any) -> None:
        try:
            self.close()
        except NoAnswer:
            if kind is None:  # else that is what ended it
                raise
