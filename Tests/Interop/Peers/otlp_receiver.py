"""A collector of OpenTelemetry's metrics that understands them by the official message definitions, and adds them up.

usage: python otlp_receiver.py PORT [WORD …]

Words: `header=NAME:VALUE` answers 401 where a request has no such header; `busy=N` answers 503 to the first N requests;
`partial` takes everything and says that it rejected three points.

A request counts where the body is an ExportMetricsServiceRequest in JSON without a field that the definitions do not know.
The first line is `listening PORT`. On SIGTERM the last line is JSON: {"requests": N, "problems": […], "resource": {…},
"decreases": N, "sums": {"METRIC": {"group/metric": N}}, "histograms": {…: {"count": N, "sum": X, "min": X, "max": X,
"buckets": N}}, "gauges": {…}}, each the last that came; a sum or a count that was less than before is a decrease.
"""
import json, signal, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE

words = sys.argv[2:]
header = next((w[7:].split(":", 1) for w in words if w.startswith("header=")), None)
busy = next((int(w[5:]) for w in words if w.startswith("busy=")), 0)
seen = {"requests": 0, "refused": 0, "problems": [], "resource": {}, "decreases": 0, "sums": {}, "histograms": {},
        "gauges": {}}


def key(point):
    return "/".join(a.value.string_value for a in point.attributes)


def check(holds, problem):
    if not holds:
        seen["problems"].append(problem)


def add(metric):
    data = getattr(metric, metric.WhichOneof("data"))
    kind = metric.WhichOneof("data")
    if kind in ("sum", "histogram"):
        check(data.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE, metric.name + ": not cumulative")
    if kind == "sum":
        check(data.is_monotonic, metric.name + ": not monotonic")
    for point in data.data_points:
        check(point.time_unix_nano > 10**18, metric.name + ": no time")
        if kind != "gauge":
            check(0 < point.start_time_unix_nano <= point.time_unix_nano, metric.name + ": no start")
        if kind == "histogram":
            check(len(point.bucket_counts) == len(point.explicit_bounds) + 1, metric.name + ": buckets")
            check(list(point.explicit_bounds) == sorted(set(point.explicit_bounds)), metric.name + ": bounds")
            check(sum(point.bucket_counts) == point.count, metric.name + ": count")
            check(point.min * point.count <= point.sum * 1.001 + 1e-6 and point.sum <= point.max * point.count * 1.001 + 1e-6,
                  metric.name + ": sum")
            value = {"count": point.count, "sum": point.sum, "min": point.min, "max": point.max}
            store, number = seen["histograms"], point.count
        else:
            check(point.WhichOneof("value") is not None, metric.name + ": no value")
            value = point.as_int if point.WhichOneof("value") == "as_int" else point.as_double
            store, number = (seen["sums"], value) if kind == "sum" else (seen["gauges"], None)
        before = store.setdefault(metric.name, {}).get(key(point))
        if number is not None and before is not None:
            seen["decreases"] += number < (before["count"] if kind == "histogram" else before)
        store[metric.name][key(point)] = value


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global busy
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if busy > 0:
            busy -= 1
            seen["refused"] += 1
            return self.answer(503, {"code": 14, "message": "busy"}, [("Retry-After", "0")])
        if header and self.headers.get(header[0]) != header[1]:
            seen["refused"] += 1
            return self.answer(401, {"code": 16, "message": "no key"})
        try:
            check(self.path == "/v1/metrics", "path " + self.path)
            check(self.headers["Content-Type"] == "application/json", "content type")
            request = json_format.Parse(body, ExportMetricsServiceRequest(), ignore_unknown_fields=False)
            seen["requests"] += 1
            for resource in request.resource_metrics:
                seen["resource"] = {a.key: a.value.string_value for a in resource.resource.attributes}
                for scope in resource.scope_metrics:
                    for metric in scope.metrics:
                        add(metric)
        except Exception as error:
            seen["problems"].append(repr(error)[:500])
            return self.answer(400, {"code": 3, "message": "bad"})
        partial = {"rejectedDataPoints": "3", "errorMessage": "too much"} if "partial" in words else {}
        self.answer(200, {"partialSuccess": partial})

    def answer(self, status, value, headers=()):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def report(*_):
    print(json.dumps(seen), flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, report)
server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
server.daemon_threads = True
print("listening", server.server_address[1], flush=True)
server.serve_forever()
