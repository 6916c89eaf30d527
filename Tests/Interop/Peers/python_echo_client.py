"""python-socketio's client against the echo server; the last line it prints is JSON with what it saw.

usage: python python_echo_client.py URL TRANSPORTS ECHOES
TRANSPORTS: polling, websocket, or both with a comma, which is the upgrade
needs: pip install python-socketio aiohttp
"""
import asyncio, json, sys
import socketio

url, transports, echoes = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3])
names = ["/", "/a", "/b"]
seen = {"transport": "", "namespaces": 0, "echoed": 0, "acknowledged": 0, "answered": 0, "slow": 0, "disconnects": []}


def values(number):
    """Arguments with binary in several places; the number tells them apart."""
    return (number, bytes([1, 2, number]), {"deep": ["größe".encode(), None], "text": "🙂"})


class Inbox(socketio.AsyncClientNamespace):
    """What one namespace receives, by event."""

    def __init__(self, name):
        super().__init__(name)
        self.queues = {event: asyncio.Queue() for event in ["echo", "answered", "slow", "disconnect"]}

    async def on_echo(self, *args):
        self.queues["echo"].put_nowait(args)

    async def on_answered(self, *args):
        self.queues["answered"].put_nowait(args)

    async def on_slow(self, *args):
        self.queues["slow"].put_nowait(args)

    async def on_disconnect(self, reason):
        self.queues["disconnect"].put_nowait(reason)

    async def on_question(self, text):
        return text.encode(), {"of": text}

    async def next(self, event):
        return await asyncio.wait_for(self.queues[event].get(), 10)


async def echo(inbox):
    """One after the other: python-engineio takes 16 packets in one payload at most, however many there are."""
    for number in range(echoes):
        answer = await inbox.call("echo", values(number), timeout=10)
        assert tuple(answer) == values(number), answer
        seen["acknowledged"] += 1
        assert await inbox.next("echo") == values(number)
        seen["echoed"] += 1


async def ask(inbox):
    await inbox.emit("ask", "how?")
    assert await inbox.next("answered") == (b"how?", {"of": "how?"})
    seen["answered"] += 1


async def main():
    client = socketio.AsyncClient(reconnection=False)
    inboxes = [Inbox(name) for name in names]
    for inbox in inboxes:
        client.register_namespace(inbox)
    await client.connect(url, transports=transports, namespaces=names, wait_timeout=10)
    assert len({client.get_sid(name) for name in names}) == len(names)
    seen["namespaces"] = len(names)
    seen["transport"] = client.transport()
    for inbox in inboxes:
        await echo(inbox)
    await asyncio.gather(*(ask(inbox) for inbox in inboxes))
    await inboxes[1].emit("slow", {"ms": 10})
    assert await inboxes[1].next("slow") == ({"ms": 10},)
    seen["slow"] += 1
    await inboxes[2].emit("bye")
    seen["disconnects"] = [await inbox.next("disconnect") for inbox in inboxes]
    await client.disconnect()

asyncio.run(main())
print(json.dumps(seen), flush=True)
