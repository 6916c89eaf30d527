"""A plain WebSocket server (the package websockets) that can be killed at any moment, for interop tests on loopback.

usage: python restartable_websocket_server.py PORT LOG [PING_INTERVAL] [PING_TIMEOUT]

Port 0 takes any free one; a port on which such a server was killed a moment ago can be had again at once. The first line
of output, `listening PORT`, is said once the port takes connections. Without an interval it sends no pings.

LOG is appended to, a line of JSON at a time, and every line is with the kernel before the server goes on; so it is whole
even after SIGKILL. `t` is milliseconds since 1970.
  {"t", "event": "listening", "port", "pid"}
  {"t", "event": "connect", "client", "connection"}
  {"t", "event": "disconnect", "client", "connection", "code", "how", "received", "sent"}
`client` is that of the query, else the number of the connection. `how` is `close frame` where the client sent one,
`ping timeout` where it let a ping wait, `reset` where the socket failed, and else `end`: the stream ended without a word.

Text is JSON {type, …}:
  echo {…}                 -> echoed with the same members
  feed {bytes, everyMs}    -> tick {number, text} from now on, numbered from 0
  close {code, reason}     -> closes so
"""
import asyncio, itertools, json, os, socket, sys, time
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

port, path = int(sys.argv[1]), sys.argv[2]
interval = float(sys.argv[3]) if len(sys.argv) > 3 else None
timeout = float(sys.argv[4]) if len(sys.argv) > 4 else 20
log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
numbers = itertools.count(1)


def note(event, **members):
    os.write(log, (json.dumps({"t": int(time.time() * 1000), "event": event, **members}) + "\n").encode())


class Connection(ServerConnection):
    """Remembers what the socket failed with, which `websockets` keeps to itself."""

    failure = None

    def connection_lost(self, failure):
        self.failure = failure
        super().connection_lost(failure)


def departure(connection):
    """How the client went, as far as the server can tell."""
    protocol = connection.protocol
    if protocol.close_rcvd is not None:
        return "close frame"
    if protocol.close_sent is not None and protocol.close_sent.code == 1011:
        return "ping timeout"
    return "reset" if isinstance(connection.failure, OSError) else "end"


async def talk(connection):
    number = next(numbers)
    client = parse_qs(urlsplit(connection.request.path).query).get("client", [str(number)])[0]
    received, sent, feed = 0, 0, None
    note("connect", client=client, connection=number)

    async def say(type, **members):
        nonlocal sent
        await connection.send(json.dumps({"type": type, **members}))
        sent += 1

    async def tick(size, pause):
        try:
            for place in itertools.count():
                await say("tick", number=place, text="x" * size)
                await asyncio.sleep(pause)
        except ConnectionClosed:
            pass

    try:
        async for text in connection:
            received += 1
            message = json.loads(text)
            kind = message.pop("type", None)
            if kind == "echo":
                await say("echoed", **message)
            elif kind == "feed" and feed is None:
                feed = asyncio.create_task(tick(message.get("bytes", 0), message.get("everyMs", 20) / 1000))
            elif kind == "close":
                await connection.close(message["code"], message.get("reason", ""))
    except ConnectionClosed:
        pass
    finally:
        if feed is not None:
            feed.cancel()
        note("disconnect", client=client, connection=number, code=connection.close_code, how=departure(connection),
             received=received, sent=sent)


async def main():
    # `create_server` sets SO_REUSEADDR, so that connections of the killed one do not keep the port.
    listener = socket.create_server(("127.0.0.1", port), backlog=4096)
    bound = listener.getsockname()[1]
    async with serve(talk, sock=listener, max_size=None, ping_interval=interval, ping_timeout=timeout,
                     close_timeout=1, create_connection=Connection):
        note("listening", port=bound, pid=os.getpid())
        print("listening", bound, flush=True)
        await asyncio.Future()


asyncio.run(main())
