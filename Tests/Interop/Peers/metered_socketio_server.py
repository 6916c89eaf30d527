"""A python-socketio server on aiohttp that counts for itself what it does, with the official client of Prometheus.

usage: python metered_socketio_server.py PORT

  echo {ms} -> ack, after so many milliseconds
/metrics shows the text format, or OpenMetrics to who asks for that; /openmetrics always that; /big 50,000 series; /page a
web page.
  sessions                    gauge: clients that are connected
  connects_total, echoes_total{kind="…"}, heard_bytes_total
  handling_seconds            histogram of the time that an echo took
The last line on SIGTERM is JSON: {"connects": N, "echoes": N, "handling": SUM}.
"""
import asyncio, json, signal, socket, sys, time
import socketio
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

registry = CollectorRegistry()
sessions = Gauge("sessions", "Clients that are connected.", registry=registry)
connects = Counter("connects", "Clients that ever were.", registry=registry)
echoes = Counter("echoes", "Echoes.", ["kind"], registry=registry)
handling = Histogram("handling_seconds", "What an echo took.", registry=registry, buckets=[0.01, 0.1, 1])
seen = {"connects": 0, "echoes": 0, "handling": 0.0}
sio = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")


@sio.event
async def connect(sid, environ, auth):
    sessions.inc()
    connects.inc()
    seen["connects"] += 1


@sio.event
async def disconnect(sid, *reason):
    sessions.dec()


@sio.event
async def echo(sid, data):
    begin = time.perf_counter()
    await asyncio.sleep((data or {}).get("ms", 0) / 1000)
    took = time.perf_counter() - begin
    handling.observe(took)
    echoes.labels(kind='with "quotes"\n').inc()
    seen["echoes"] += 1
    seen["handling"] += took
    return data


async def metrics(request):
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return web.Response(body=encode(registry), headers={"Content-Type": content_type})


async def open_metrics(request):
    return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def big(request):
    lines = (f'many_total{{series="{n}"}} {n}\n' for n in range(50_000))
    return web.Response(text="# TYPE many_total counter\n" + "".join(lines))


async def page(request):
    return web.Response(text="<html>\n<body>Hello</body>\n</html>\n", content_type="text/html")


def report(*_):
    print(json.dumps(seen), flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, report)
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=1024)
print("listening", listener.getsockname()[1], flush=True)
app = web.Application()
app.add_routes([web.get("/metrics", metrics), web.get("/openmetrics", open_metrics), web.get("/big", big),
                web.get("/page", page)])
sio.attach(app)
web.run_app(app, sock=listener, handle_signals=False, print=None)
