"""The playground's server: who is let in, what is answered, and when it ends."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from chainrule.play import server as module
from chainrule.play.player import Player
from chainrule.play.server import Server, serve
from chainrule.play.session import Session
from chainrule.play.settings import Settings


def with_server(talk: Callable[[Server], Awaitable[None]], **options: Any) -> None:
    """Start a server, talk to it, and stop it."""

    async def run() -> None:
        server = Server(lambda: Session(Settings(records=40)), **options)
        try:
            await asyncio.wait_for(talk(server), 20)
        finally:
            await server.stop()

    asyncio.run(run())


async def fetch(server: Server, path: str, **headers: str) -> HTTPResponse:
    request = HTTPRequest(f"http://127.0.0.1:{server.port}{path}", headers=headers)
    return await AsyncHTTPClient(force_instance=True).fetch(request, raise_error=False)


async def connect(server: Server, token: str | None = None, **headers: str) -> WebSocketClientConnection:
    token = server.token if token is None else token
    headers.setdefault("Origin", f"http://127.0.0.1:{server.port}")
    url = f"ws://127.0.0.1:{server.port}/socket?token={token}"
    return await websocket_connect(HTTPRequest(url, headers=headers))


async def heard(connection: WebSocketClientConnection) -> dict[str, Any]:
    block = await asyncio.wait_for(connection.read_message(), 10)
    assert isinstance(block, bytes)
    return json.loads(block[4 : 4 + int.from_bytes(block[:4], "little")])


async def until(connection: WebSocketClientConnection, kind: str) -> dict[str, Any]:
    while (header := await heard(connection))["type"] != kind:
        pass
    return header


async def status_of(refused: Awaitable[Any]) -> int:
    with pytest.raises(HTTPClientError) as error:
        await refused
    return error.value.code


# Who is let in ----------------------------------------------------------------------------------------------------


def test_the_page_needs_its_token_and_a_loopback_name() -> None:
    async def talk(server: Server) -> None:
        assert server.url == f"http://127.0.0.1:{server.port}/?token={server.token}"
        assert len(server.token) >= 32
        good = await fetch(server, f"/?token={server.token}")
        assert good.code == 200
        assert b"playground.js" in good.body
        for path in ("/", "/?token=", "/?token=x", f"/?token={server.token[:-1]}", "/?token=%C3%A9%00"):
            assert (await fetch(server, path)).code == 403, path
        assert (await fetch(server, "/?token=%ff")).code in (400, 403)
        for host in ("evil.example", f"evil.example:{server.port}", f"127.0.0.1:{server.port + 1}", "127.0.0.1"):
            assert (await fetch(server, f"/?token={server.token}", Host=host)).code == 403, host
            assert (await fetch(server, "/playground.js", Host=host)).code == 403, host
        assert (await fetch(server, f"/?token={server.token}", Host=f"localhost:{server.port}")).code == 200

    with_server(talk)


def test_files_are_served_with_strict_headers_and_nothing_else_is() -> None:
    async def talk(server: Server) -> None:
        for path, kind in (("/playground.js", "text/javascript"), ("/playground.css", "text/css")):
            answer = await fetch(server, path)
            assert answer.code == 200
            assert answer.headers["Content-Type"].startswith(kind)
            assert len(answer.body) > 1000
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "http" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for path in ("/../settings.py", "/static/playground.js", "/%2e%2e/server.py", "/favicon.ico", "/index.html"):
            assert (await fetch(server, path)).code == 404, path

    with_server(talk)


def test_a_websocket_needs_token_name_and_origin() -> None:
    async def talk(server: Server) -> None:
        assert await status_of(connect(server, "")) == 403
        assert await status_of(connect(server, server.token.swapcase())) == 403
        assert await status_of(connect(server, Host="evil.example")) == 403
        own = f"127.0.0.1:{server.port}"
        foreign = ("http://evil.example", "null", f"https://{own}", f"http://{own}0", f"http://{own}.evil.example")
        for origin in (*foreign, "http://127.0.0.1"):
            assert await status_of(connect(server, Origin=origin)) == 403, origin
        assert not server.pages
        good = await connect(server, Origin=f"http://localhost:{server.port}")
        good.close()

    with_server(talk)


def test_it_listens_on_loopback_only() -> None:
    async def talk(server: Server) -> None:
        with socket.socket() as probe:
            probe.settimeout(1)
            assert probe.connect_ex(("127.0.0.2", server.port)) != 0  # only 127.0.0.1 is bound, no other address

    with_server(talk)


def test_no_more_pages_than_a_few() -> None:
    async def talk(server: Server) -> None:
        pages = [await connect(server) for _ in range(module.MOST_PAGES)]
        assert await status_of(connect(server)) == 503
        pages[0].close()
        while len(server.pages) == module.MOST_PAGES:
            await asyncio.sleep(0.01)
        (await connect(server)).close()

    with_server(talk)


# What is answered -------------------------------------------------------------------------------------------------


def test_a_page_trains_frame_by_frame_as_it_acknowledges() -> None:
    async def talk(server: Server) -> None:
        page = await connect(server)
        await page.write_message(json.dumps({"type": "hello"}))
        assert [(await heard(page))["type"] for _ in range(4)] == ["catalog", "state", "data", "frame"]
        await page.write_message(json.dumps({"type": "play"}))
        seen = [await until(page, "frame")]
        with pytest.raises(TimeoutError):  # no other frame before the first is acknowledged
            await asyncio.wait_for(until(page, "frame"), 0.7)
        for _ in range(5):
            await page.write_message(json.dumps({"type": "ack", "frame": seen[-1]["number"]}))
            seen.append(await until(page, "frame"))
        assert all(b["epoch"] > a["epoch"] for a, b in pairwise(seen))
        assert seen[-1]["updates_per_second"] >= 1
        await page.write_message(json.dumps({"type": "pause"}))
        while (await until(page, "state"))["playing"]:
            pass
        page.close()

    with_server(talk)


def test_speed_is_kept() -> None:
    async def talk(server: Server) -> None:
        page = await connect(server)
        for message in ({"type": "speed", "value": 10}, {"type": "play"}):
            await page.write_message(json.dumps(message))
        began, epoch = time.perf_counter(), 0
        while time.perf_counter() - began < 1.5:
            frame = await until(page, "frame")
            epoch = frame["epoch"]
            await page.write_message(json.dumps({"type": "ack", "frame": frame["number"]}))
        assert 3 <= epoch <= 17  # 15, on a machine that may be busy
        page.close()

    with_server(talk)


@pytest.mark.parametrize(
    "text", ["", "{", "[1,2]", "null", '"x"', "[" * 100_000, '{"type": 3}', b"\xff\x00".decode("latin1")]
)
def test_what_is_no_message_is_answered_kindly(text: str) -> None:
    async def talk(server: Server) -> None:
        page = await connect(server)
        await page.write_message(text)
        assert len((await heard(page))["message"]) > 20
        await page.write_message(json.dumps({"type": "step"}))
        assert (await until(page, "frame"))["batches"] == 1
        page.close()

    with_server(talk)


def test_a_message_beyond_all_bounds_ends_its_page_and_no_other() -> None:
    async def talk(server: Server) -> None:
        page, other = await connect(server), await connect(server)
        with suppress(WebSocketClosedError):  # the server may hang up while it is still being sent
            await page.write_message("x" * (module.LARGEST_MESSAGE + 1))
        assert await asyncio.wait_for(page.read_message(), 10) is None
        await other.write_message(json.dumps({"type": "step"}))
        assert (await until(other, "frame"))["batches"] == 1
        other.close()

    with_server(talk)


def test_two_pages_have_a_session_each() -> None:
    async def talk(server: Server) -> None:
        one, two = await connect(server), await connect(server)
        await one.write_message(json.dumps({"type": "epoch"}))
        assert (await until(one, "frame"))["epoch"] == 1
        await two.write_message(json.dumps({"type": "pause"}))
        assert (await until(two, "frame"))["epoch"] == 0
        one.close()
        two.close()

    with_server(talk)


def test_training_rests_when_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainrule.play.player.PATIENCE", 0.2)

    async def run() -> None:
        session, sent = Session(Settings(records=40)), []
        player = Player(session, sent.append, ahead=3)
        player.receive({"type": "play"})
        await asyncio.sleep(0.6)
        assert [message.header["type"] for message in sent].count("frame") == 3
        at = session.training.batches
        await asyncio.sleep(0.3)
        assert session.training.batches == at > 0  # no frame was acknowledged
        player.receive({"type": "ack", "frame": session.frames})
        await asyncio.sleep(0.1)
        assert session.training.batches > at
        player.receive({"type": "hide"})
        await asyncio.sleep(0.05)
        at = session.training.batches
        await asyncio.sleep(0.1)
        assert session.training.batches == at
        player.close()

    asyncio.run(run())


# Its end ----------------------------------------------------------------------------------------------------------


def test_it_ends_some_time_after_its_last_page_and_not_while_one_is_loaded_again() -> None:
    async def run() -> None:
        addresses: list[str] = []
        running = asyncio.ensure_future(serve(lambda: Session(Settings(records=40)), 0, addresses.append, linger=0.4))
        while not addresses:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.6)
        assert not running.done()  # it waits for its first page
        base, token = addresses[0].split("/?token=")
        for _ in range(2):  # closed, and loaded again within the time
            page = await websocket_connect(HTTPRequest(f"{base.replace('http', 'ws')}/socket?token={token}"))
            await asyncio.sleep(0.2)
            page.close()
            await asyncio.sleep(0.2)
            assert not running.done()
        await asyncio.wait_for(running, 5)
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(base.rsplit(":", 1)[1]))) != 0

    asyncio.run(run())


def test_the_command_prints_its_address_and_ends_on_ctrl_c() -> None:
    command = [sys.executable, "-m", "chainrule", "play", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("The playground: http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert complaint == "chainrule: stopped\n"


def test_a_port_that_is_taken_and_a_notebook_that_is_not_there_are_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = [sys.executable, "-m", "chainrule", "play", "--no-browser"]
        done = subprocess.run([*run, "--port", str(port)], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith(f"chainrule: port {port} can't be had: ")
        done = subprocess.run([*run, "missing.ipynb"], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert "missing.ipynb can't be read" in done.stderr


def test_without_tornado_the_command_says_what_to_install() -> None:
    code = "import sys; sys.modules['tornado'] = None; sys.argv = ['chainrule', 'play']; import chainrule.__main__"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; chainrule.__main__.app()"],
        capture_output=True, text=True, timeout=60, check=False, env=os.environ,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "chainrule: the playground needs tornado: pip install 'chainrule[play]'\n"
