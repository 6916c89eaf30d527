"""A plain WebSocket server (the package websockets) with known behaviour, for interop tests on loopback.

usage: python websockets_server.py PORT [CERTIFICATE KEY [CLIENT_CA]]

Port 0 takes any free one. The first line, `listening PORT`, is said once the port takes connections. With a
certificate it speaks TLS; with an authority for clients it wants a certificate of theirs.

/echo      sends every message back as it came, text or binary
/json      {type, payload, id}: PING -> PONG {id}; ask -> answer {echo: payload, to: id}; untyped -> {run_id, output_type};
           beat -> {"type": "ping"} until {"type": "pong"} comes, then beaten {after}; close {code, reason} -> closes so;
           flood {count, bytes} -> that many messages; twice -> answer, answer
/silent    reads, says nothing, answers no heartbeat
/deaf      does not read
/slow      opens after a second
/refuse    HTTP 403 with the body `no entry`
/redirect  HTTP 302 to /echo
/protocol  speaks the subprotocols chat.v1 and chat.v2, of which it likes chat.v1 better, and sends which one was agreed
           on; a client that names others only is let in without one, and refused with HTTP 400 at /strict

The last line on SIGTERM is JSON with what the server itself counted:
{"connects", "open", "most", "messages": {path: …}, "pings", "closes": {code: …}, "peers": {address: …}}.
"""
import asyncio, http, json, signal, socket, ssl, sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, NegotiationError

port = int(sys.argv[1])
seen = {"connects": 0, "open": 0, "most": 0, "messages": {}, "pings": 0, "closes": {}, "peers": {}}


async def refuse(connection, request):
    if request.path.startswith("/slow"):
        await asyncio.sleep(1)
    if request.path.startswith("/refuse"):
        return connection.respond(http.HTTPStatus.FORBIDDEN, "no entry")
    if request.path.startswith("/redirect"):
        response = connection.respond(http.HTTPStatus.FOUND, "")
        response.headers["Location"] = "/echo"
        return response


def agree(connection, offered):
    """What the client offers, and the path, decide: websockets itself refuses a client that offers nothing."""
    for name in ["chat.v1", "chat.v2"]:
        if name in offered:
            return name
    if connection.request.path.startswith("/strict"):
        raise NegotiationError("no subprotocol in common")


async def talk(connection):
    path = connection.request.path.split("?")[0]
    seen["connects"] += 1
    seen["open"] += 1
    seen["most"] = max(seen["most"], seen["open"])
    address = connection.remote_address[0]
    seen["peers"][address] = seen["peers"].get(address, 0) + 1
    try:
        if path == "/protocol":
            await connection.send(str(connection.subprotocol))
        if path == "/deaf":
            await asyncio.sleep(3600)
        async for message in connection:
            seen["messages"][path] = seen["messages"].get(path, 0) + 1
            if path == "/echo":
                await connection.send(message)
            elif path == "/json":
                await answer(connection, json.loads(message))
    except ConnectionClosed:
        pass
    finally:
        seen["open"] -= 1
        code = str(connection.close_code)
        seen["closes"][code] = seen["closes"].get(code, 0) + 1


async def answer(connection, message):
    kind, payload, id = message.get("type"), message.get("payload"), message.get("id")
    async def say(type, payload=None):
        await connection.send(json.dumps({"type": type, "payload": payload}))
    if kind == "PING":
        seen["pings"] += 1
        await say("PONG", {"id": id})
    elif kind == "ask":
        await say("answer", {"echo": payload, "to": id})
    elif kind == "twice":
        await say("answer", 1)
        await say("answer", 2)
    elif kind == "untyped":
        await connection.send(json.dumps({"run_id": 7, "output_type": "text"}))
    elif kind == "beat":
        await connection.send(json.dumps({"type": "ping"}))
    elif kind == "pong":
        await say("beaten", {"after": "pong"})
    elif kind == "flood":
        for number in range(payload["count"]):
            await say("drop", {"number": number, "text": "x" * payload["bytes"]})
    elif kind == "close":
        await connection.close(payload["code"], payload["reason"])


async def main():
    context = None
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        if len(sys.argv) > 4:
            context.load_verify_locations(sys.argv[4])
            context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with serve(talk, sock=listener, ssl=context, process_request=refuse, subprotocols=["chat.v1", "chat.v2"],
                     select_subprotocol=agree, max_size=None, ping_interval=None):
        print("listening", listener.getsockname()[1], flush=True)
        await ended.wait()
        print(json.dumps(seen), flush=True)


asyncio.run(main())
