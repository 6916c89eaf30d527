"""python-socketio's client against the practice server; the last line it prints is JSON with what it saw.

usage: python python_client.py URL QUESTIONS
needs: pip install python-socketio aiohttp
"""
import asyncio, json, sys, uuid
import aiohttp
import socketio

url, questions = sys.argv[1], int(sys.argv[2])
session = str(uuid.uuid4())
seen = {"connects": 0, "connectErrors": [], "acks": [], "chunks": 0, "dones": 0, "plans": 0, "completed": 0,
        "whole": 0, "answers": [], "restored": [], "kicked": 0, "requests": 0}
origin = {"Origin": "https://shop.example"}


async def joined(client, inbox):
    """Joins the session and waits for what the server says to that."""
    seen["acks"].append(await client.call("join_session", {"sessionId": session}, timeout=5))
    name, event = await asyncio.wait_for(inbox.get(), 5)
    assert (name, event["sessionId"]) == ("session_joined", session), (name, event)
    seen["restored"].append(event["restored"])


async def connected():
    """A client whose events go, in order, to a queue."""
    client, inbox = socketio.AsyncClient(reconnection=False), asyncio.Queue()
    for name in ["session_joined", "message_chunk", "message_done", "message", "ui_block", "action_plan",
                 "confirmation_required", "task_complete", "error"]:
        client.on(name, lambda event, name=name: inbox.put_nowait((name, event)))
    client.on("disconnect", lambda reason: inbox.put_nowait(("disconnect", reason)))
    await client.connect(url, transports=["websocket"], headers=origin)
    assert client.transport() == "websocket"
    seen["connects"] += 1
    return client, inbox


async def ask(client, inbox, http):
    """One question: the streamed answer, then the task to its end."""
    body = {"sessionId": session, "message": "What does it cost?", "context": {"url": "https://shop.example/"}}
    async with http.post(url + "/api/chat", json=body) as response:
        seen["answers"].append(response.status)
        seen["requests"] += 1
    text, index = "", 0
    while True:
        name, event = await asyncio.wait_for(inbox.get(), 5)
        if name == "message_chunk":
            assert event["chunkIndex"] == index, event
            seen["chunks"] += 1
            index += 1
            text += event["delta"]
        elif name == "message_done":
            seen["dones"] += 1
            seen["whole"] += event["text"] == text
        elif name == "confirmation_required":
            await client.emit("confirmation_response", {"sessionId": session, "confirmed": True})
        elif name == "action_plan":
            seen["plans"] += 1
            if event.get("isSequence"):
                results = [{"success": True, "elementId": step["elementId"]} for step in event["actions"]]
                await client.emit("sequence_complete",
                                  {"sessionId": session, "result": {"success": True, "results": results}})
            else:
                action = event["actions"][0]
                await client.emit("action_complete", {
                    "sessionId": session, "actionId": action["id"],
                    "result": {"success": True, "elementId": action["elementId"], "description": "done"}})
            await client.emit("continue_task", {"sessionId": session, "context": {"url": "https://shop.example/"}})
        elif name == "task_complete":
            seen["completed"] += 1
            return
        else:
            assert name in ("message", "ui_block"), (name, event)


async def main():
    client, inbox = await connected()
    await joined(client, inbox)
    for value in ["a", {"deep": [1, 2.5, None, True, "größe 🙂"]}, []]:
        seen["acks"].append(await client.call("echo", value, timeout=5))
    async with aiohttp.ClientSession() as http:
        for _ in range(questions):
            await ask(client, inbox, http)
    other = socketio.AsyncClient(reconnection=False)
    other.on("connect_error", lambda data: seen["connectErrors"].append(data["message"]), namespace="/nowhere")
    try:
        await other.connect(url, transports=["websocket"], headers=origin, namespaces=["/nowhere"], wait_timeout=5)
    except socketio.exceptions.ConnectionError:
        pass
    await other.disconnect()
    newer, news = await connected()
    await joined(newer, news)
    name, reason = await asyncio.wait_for(inbox.get(), 5)
    seen["kicked"] += (name, reason) == ("disconnect", client.reason.SERVER_DISCONNECT)
    await newer.disconnect()

asyncio.run(main())
print(json.dumps(seen), flush=True)
