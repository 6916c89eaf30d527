"""A Socket.IO server (python-socketio on aiohttp) that can be killed at any moment, for interop tests on loopback.

usage: python restartable_socketio_server.py PORT LOG [PING_INTERVAL] [PING_TIMEOUT]
needs: pip install python-socketio aiohttp

Port 0 takes any free one; a port on which such a server was killed a moment ago can be had again at once. The first line
of output, `listening PORT`, is said once the port takes connections.

LOG is appended to, a line of JSON at a time, and every line is with the kernel before the server goes on; so it is whole
even after SIGKILL. `t` is milliseconds since 1970.
  {"t", "event": "listening", "port", "pid"}
  {"t", "event": "connect", "client", "sid"}
  {"t", "event": "disconnect", "client", "sid", "reason", "counts": {event: how often}}
  {"t", "event": NAME, "client", "n"}      the client's n-th event of this name on this connection

`client` is what the CONNECT names in `auth.client`, else the `client` of the query, else the sid.

Events:
  echo -> ack with the same arguments
  join {room} -> ack {ok: true, members}
  say {room, …} -> said, with the same payload, to everyone in the room
  stream {id, chunks, gapMs} -> chunk {id, index}* and done {id, chunks}
  kick -> a disconnect by the server
"""
import asyncio, json, os, socket, sys, time
from urllib.parse import parse_qs

import socketio
from aiohttp import web

port, path = int(sys.argv[1]), sys.argv[2]
interval = float(sys.argv[3]) if len(sys.argv) > 3 else 25
timeout = float(sys.argv[4]) if len(sys.argv) > 4 else 20
sio = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*", ping_interval=interval,
                           ping_timeout=timeout, namespaces=["/"])
log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
clients, counts, members = {}, {}, {}


def note(event, **members):
    os.write(log, (json.dumps({"t": int(time.time() * 1000), "event": event, **members}) + "\n").encode())


def count(sid, event):
    counts[sid][event] = counts[sid].get(event, 0) + 1
    note(event, client=clients[sid], n=counts[sid][event])


@sio.event
async def connect(sid, environ, auth):
    query = parse_qs(environ.get("QUERY_STRING", ""))
    clients[sid] = (auth or {}).get("client") or query.get("client", [sid])[0]
    counts[sid] = {}
    note("connect", client=clients[sid], sid=sid)


@sio.event
async def disconnect(sid, *reason):
    note("disconnect", client=clients.pop(sid, None), sid=sid, reason=reason[0] if reason else None,
         counts=counts.pop(sid, {}))
    for room in members.values():
        room.discard(sid)


@sio.event
async def echo(sid, *data):
    count(sid, "echo")
    return data[0] if len(data) == 1 else data


@sio.event
async def join(sid, data):
    count(sid, "join")
    room = members.setdefault(data["room"], set())
    room.add(sid)
    await sio.enter_room(sid, data["room"])
    return {"ok": True, "members": len(room)}


@sio.event
async def say(sid, data):
    count(sid, "say")
    await sio.emit("said", data, room=data["room"])


@sio.event
async def stream(sid, data):
    count(sid, "stream")

    async def send():
        for index in range(data["chunks"]):
            await sio.emit("chunk", {"id": data["id"], "index": index}, to=sid)
            await asyncio.sleep(data.get("gapMs", 0) / 1000)
        await sio.emit("done", {"id": data["id"], "chunks": data["chunks"]}, to=sid)

    sio.start_background_task(send)


@sio.event
async def kick(sid, *_):
    count(sid, "kick")
    await sio.disconnect(sid)


# `create_server` sets SO_REUSEADDR, so that connections of the killed one do not keep the port.
listener = socket.create_server(("127.0.0.1", port), backlog=4096)
port = listener.getsockname()[1]
note("listening", port=port, pid=os.getpid())
print("listening", port, flush=True)
app = web.Application()
sio.attach(app)
web.run_app(app, sock=listener, print=None)
