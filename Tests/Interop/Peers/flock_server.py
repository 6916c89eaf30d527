"""A real Flock server (flock-core) with its WebSocket component and its control routes, for interop tests on loopback.

usage: python flock_server.py PORT

Port 0 takes any free one. The first line, `listening PORT`, is said once the port takes connections. An agent `echo`
consumes each Note {text, fail}, streams three tokens through Flock's own WebSocketSink, and publishes a Reply; with
`fail` it fails instead. The last line on SIGTERM is JSON with what went through Flock's WebSocketManager:
{"connects", "most", "broadcasts": {event: …}, "deliveries": {event: …}, "dropped"}; `deliveries` are broadcasts times the
clients in the pool, `dropped` clients that were removed because a send failed or took too long.
"""
import asyncio, json, os, signal, socket, sys

os.environ["FLOCK_AUTO_TRACE"] = "false"
os.environ["FLOCK_DISABLE_TELEMETRY_AUTOSETUP"] = "true"

from pydantic import BaseModel

from flock import Flock
from flock.api.collector import DashboardEventCollector
from flock.api.websocket import WebSocketManager
from flock.components import EngineComponent
from flock.components.server import WebSocketServerComponent
from flock.components.server.control.control_routes_component import ControlRoutesComponent
from flock.components.server.models.events import StreamingOutputEvent
from flock.engines.streaming.sinks import WebSocketSink
from flock.registry import flock_type
from flock.utils.runtime import EvalResult


@flock_type(name="Note")
class Note(BaseModel):
    text: str
    fail: bool = False


@flock_type(name="Reply")
class Reply(BaseModel):
    text: str


class CountingManager(WebSocketManager):
    """Flock's manager, which counts what goes through it and does nothing else of its own."""

    counted = {"connects": 0, "most": 0, "broadcasts": {}, "deliveries": {}, "dropped": 0}

    async def add_client(self, websocket):
        await super().add_client(websocket)
        self.counted["connects"] += 1
        self.counted["most"] = max(self.counted["most"], len(self.clients))

    async def broadcast(self, event):
        name, clients = type(event).__name__, len(self.clients)
        for key, count in (("broadcasts", 1), ("deliveries", clients)):
            self.counted[key][name] = self.counted[key].get(name, 0) + count
        before = set(self.clients)
        await super().broadcast(event)
        gone = before - self.clients
        self.counted["dropped"] += len([client for client in gone if client.client_state.name == "CONNECTED"])


class Echo(EngineComponent):
    async def evaluate(self, agent, ctx, inputs, output_group):
        note = inputs.artifacts[0].payload
        def event(output_type, content, sequence, is_final):
            return StreamingOutputEvent(
                correlation_id=str(ctx.correlation_id), agent_name=agent.name, run_id=ctx.task_id,
                output_type=output_type, content=content, sequence=sequence, is_final=is_final)
        if note["fail"]:
            raise ValueError("the content asked for it")
        sink = WebSocketSink(ws_broadcast=manager.broadcast, event_factory=event)
        tokens = ["re", ": ", note["text"]]
        for token in tokens:
            await sink.on_token(token, None)
            await asyncio.sleep(0.005)
        await sink.on_final(None, len(tokens))
        await sink.flush()
        return EvalResult.from_object(Reply(text="".join(tokens)), agent=agent)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def end():
    print(json.dumps(manager.counted), flush=True)
    os._exit(0)


async def main():
    port = int(sys.argv[1]) or free_port()
    flock = Flock("openai/none")
    flock.agent("echo").consumes(Note).publishes(Reply).with_engines(Echo())
    collector = DashboardEventCollector(store=flock.store)
    collector.set_websocket_manager(manager=manager)
    flock._dashboard_collector, flock._websocket_manager = collector, manager
    flock._event_emitter.set_websocket_manager(manager)
    for agent in flock.agents:
        if hasattr(agent, "_add_utilities"):
            agent._add_utilities([collector])
        else:
            agent.utilities.insert(0, collector)
    task = await flock.serve(host="127.0.0.1", port=port, blocking=False, use_default_components=False,
                             additional_server_components=[WebSocketServerComponent(), ControlRoutesComponent()])
    while not task.done():
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        break
    # After uvicorn has set its own.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    print("listening", port, flush=True)
    await task


# The one instance that Flock's components share, whoever makes it first.
manager = CountingManager()
WebSocketManager._instance = manager
asyncio.run(main())
