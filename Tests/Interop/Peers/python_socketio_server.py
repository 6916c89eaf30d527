"""A real Socket.IO server (python-socketio) with known behaviour, for interop tests on loopback.

usage: python python_socketio_server.py PORT [aiohttp|uvicorn-websockets|uvicorn-wsproto] [PING_INTERVAL] [PING_TIMEOUT]
needs: pip install python-socketio aiohttp uvicorn websockets wsproto

Port 0 takes any free one. The first line, `listening PORT`, is said once the port takes connections.

Events:
  echo -> ack with the same arguments
  join_session {sessionId} -> session_joined, ack {ok: true}
  chat {chunks?, streamId?, gapMs?} -> message_chunk* + message_done {streamId, text, chunks}
  broadcast {room, text} -> room_message to everyone in the room
  bin -> event bin_back with the same bytes, ack with them
  ask {…} -> the server's event `question` with the same data, which asks for an acknowledgement, and then `answered` with
      what it was acknowledged with; of binary arguments the lengths
  transport -> ack with the name of the client's transport
  kick -> server-side disconnect
  drop_transport -> the transport is closed under the client
Namespaces: /custom echoes the auth payload as event `auth`; /a and /b send `here` and acknowledge, both with their own
name, when they are asked `where`; /refuse answers CONNECT_ERROR `not authorized`.

The last line on SIGTERM is JSON with what the server itself counted: {"connects": …, "disconnects": …, "events": {…},
"chunks": …}.
"""
import asyncio, json, signal, socket, sys, time
import socketio

port = int(sys.argv[1])
kind = sys.argv[2] if len(sys.argv) > 2 else "aiohttp"
interval = float(sys.argv[3]) if len(sys.argv) > 3 else 25
timeout = float(sys.argv[4]) if len(sys.argv) > 4 else 20
sio = socketio.AsyncServer(async_mode="aiohttp" if kind == "aiohttp" else "asgi", cors_allowed_origins="*",
                           ping_interval=interval, ping_timeout=timeout, namespaces=["/", "/custom", "/refuse", "/a", "/b"])
seen = {"connects": 0, "disconnects": 0, "events": {}, "chunks": 0}

def count(name):
    seen["events"][name] = seen["events"].get(name, 0) + 1

@sio.event
async def connect(sid, environ, auth):
    seen["connects"] += 1

@sio.event
async def disconnect(sid, *reason):
    seen["disconnects"] += 1

@sio.event
async def echo(sid, *data):
    count("echo")
    return data[0] if len(data) == 1 else data

@sio.event
async def join_session(sid, data):
    count("join_session")
    await sio.enter_room(sid, "session:" + str(data.get("sessionId")))
    await sio.emit("session_joined", {"sessionId": data.get("sessionId"), "sid": sid}, to=sid)
    return {"ok": True}

@sio.event
async def chat(sid, data=None):
    count("chat")
    data = data or {}
    stream = data.get("streamId") or f"{sid}:{time.time()}"
    chunks = data.get("chunks", 20)
    for i in range(chunks):
        await sio.emit("message_chunk", {"delta": f"tok{i} ", "streamId": stream, "chunkIndex": i}, to=sid)
        seen["chunks"] += 1
        await asyncio.sleep(data.get("gapMs", 0) / 1000)
    text = "".join(f"tok{i} " for i in range(chunks))
    await sio.emit("message_done", {"streamId": stream, "text": text, "chunks": chunks}, to=sid)

@sio.event
async def join(sid, room):
    count("join")
    await sio.enter_room(sid, room)
    return {"ok": True}

@sio.event
async def broadcast(sid, data):
    count("broadcast")
    await sio.emit("room_message", data, room=data["room"])

@sio.on("bin")
async def binary(sid, *data):
    count("bin")
    await sio.emit("bin_back", data, to=sid)
    return data[0] if len(data) == 1 else data

@sio.event
async def ask(sid, data=None):
    count("ask")
    async def question():
        answer = await sio.call("question", data, to=sid, timeout=5)
        parts = answer if isinstance(answer, (list, tuple)) else [answer]
        await sio.emit("answered", [len(part) if isinstance(part, bytes) else part for part in parts], to=sid)
    sio.start_background_task(question)

@sio.event
async def transport(sid, *_):
    count("transport")
    return sio.transport(sid)

def named(namespace):
    @sio.on("where", namespace=namespace)
    async def where(sid, *data):
        count(namespace + ",where")
        await sio.emit("here", {"namespace": namespace}, to=sid, namespace=namespace)
        return namespace

named("/a")
named("/b")

@sio.event
async def kick(sid, *_):
    count("kick")
    await sio.disconnect(sid)

@sio.event
async def drop_transport(sid, *_):
    count("drop_transport")
    await sio.eio.disconnect(sio.manager.eio_sid_from_sid(sid, "/"))

@sio.on("connect", namespace="/custom")
async def custom(sid, environ, auth):
    await sio.emit("auth", auth or {}, to=sid, namespace="/custom")

@sio.on("connect", namespace="/refuse")
async def refuse(sid, environ, auth):
    raise socketio.exceptions.ConnectionRefusedError("not authorized")

def report(*_):
    print(json.dumps(seen), flush=True)
    sys.exit(0)

signal.signal(signal.SIGTERM, report)
listener = socket.create_server(("127.0.0.1", port), backlog=1024)
print("listening", listener.getsockname()[1], flush=True)
if kind == "aiohttp":
    from aiohttp import web
    app = web.Application()
    sio.attach(app)
    web.run_app(app, sock=listener, handle_signals=False, print=None)
else:
    import uvicorn
    server = uvicorn.Server(uvicorn.Config(socketio.ASGIApp(sio), ws=kind.split("-")[1], log_level="warning"))
    server.install_signal_handlers = lambda: None
    server.capture_signals = __import__("contextlib").nullcontext
    server.run(sockets=[listener])
