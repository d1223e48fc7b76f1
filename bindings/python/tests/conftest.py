"""conftest.py - what the tests share: a server on loopback, which tests/live/python starts,
named by the environment (PORT, CAFILE); coroutines as tests; results as TAP."""

import asyncio
import gc
import inspect
import os
import pathlib
import sys

import pytest

import libxmpp
from libxmpp.context import registered

# what the tests of all languages share
sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "tests"))

PATIENCE = 120  # seconds that a test may take; none is expected to take ten
results = []


def pytest_pyfunc_call(pyfuncitem):
    """A coroutine runs in a loop of its own; what a callback raises fails the test."""
    function = pyfuncitem.obj
    if not inspect.iscoroutinefunction(function):
        return None
    wanted = {name: pyfuncitem.funcargs[name]
              for name in inspect.signature(function).parameters}
    problems = []

    async def run():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: problems.append(context))
        await asyncio.wait_for(function(**wanted), PATIENCE)
    asyncio.run(run())
    assert problems == wanted.get("problems", [])
    return True


def pytest_runtest_logreport(report):
    if report.when == "call" or report.failed or report.skipped:
        results.append((report.passed, report.skipped, report.nodeid.split("/")[-1]))


def pytest_sessionfinish(session):
    if "TAP" not in os.environ:
        return
    with open(os.environ["TAP"], "w") as file:
        for number, (passed, skipped, name) in enumerate(results, 1):
            good = passed or skipped
            file.write(f"{'' if good else 'not '}ok {number} - {name}\n")


@pytest.fixture
def server():
    """Where to connect to, for Client()."""
    return {"host": "127.0.0.1", "port": int(os.environ["PORT"]),
            "cafile": os.environ["CAFILE"]}


@pytest.fixture
def romeo(server):
    return lambda resource="test", **more: libxmpp.Client(
        f"romeo@localhost/{resource}", "secret", **{**server, **more})


@pytest.fixture
def juliet(server):
    return lambda resource="test", **more: libxmpp.Client(
        f"juliet@localhost/{resource}", "secret", **{**server, **more})


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call":
        item.has_passed = report.passed


@pytest.fixture(autouse=True)
def nothing_is_left(request):
    """No test leaves a registration behind, unless its failure holds on to it."""
    before = set(registered)
    yield
    if getattr(request.node, "has_passed", False):
        gc.collect()
        assert not set(registered) - before
