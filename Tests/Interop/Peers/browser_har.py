"""Has a headless Chromium open a page that talks to a server, and writes a HAR file of it as the developer tools do.

usage: browser_har.py CHROMIUM SOCKET_IO_MIN_JS SESSION URL TRANSPORTS FILE.har
The last line it prints is JSON with what the page said and heard. It listens to the browser's debugging protocol, as the
developer tools do, and shapes the entries as their export does: front_end/models/har/Log.ts and Writer.ts of
ChromeDevTools/devtools-frontend. Bodies of scripts and pages are left out, to keep the file small.
"""

import asyncio
import base64
import datetime
import json
import os
import subprocess
import sys
import tempfile

from websockets.asyncio.client import connect

from browser_sessions import Pages

chromium, client, session, server, transports, output = sys.argv[1:7]


def headers(tree):
    """The headers of an event as a HAR has them: one of several values has a line each."""
    return [{"name": name, "value": line} for name, value in tree.items() for line in value.split("\n")]


def query(url):
    parts = url.split("#")[0].split("?", 1)
    pairs = parts[1].split("&") if len(parts) > 1 else []
    return [dict(zip(("name", "value"), (pair.split("=", 1) + [""])[:2])) for pair in pairs]


def iso(seconds):
    time = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


class Request:
    """One request, which becomes one entry; a redirect is one of its own."""

    def __init__(self, url, kind, issued, wall):
        self.url, self.kind, self.issued, self.wall = url, kind, issued, wall
        self.method, self.headers, self.response_headers = "GET", {}, {}
        self.status, self.text, self.mime, self.protocol = 0, "", "", "http/1.1"
        self.response_time = self.end = None
        self.initiator, self.priority, self.connection, self.address = {"type": "other"}, "High", None, ""
        self.post = self.body = None
        self.is_base64 = False
        self.size = self.transfer = 0
        self.frames = []
        self.error = None

    def time(self, monotonic):
        """Seconds since 1970 of a moment of the browser's clock."""
        return self.wall + monotonic - self.issued

    def entry(self):
        header = {name.lower(): value for name, value in self.headers.items()}
        is_socket = self.kind == "websocket"
        wait = max(((self.response_time or self.end or self.issued) - self.issued) * 1000, 0)
        receive = max(((self.end or -1) - (self.response_time or self.issued)) * 1000, 0)
        request = {
            "method": self.method, "url": self.url.split("#")[0], "httpVersion": self.protocol,
            "headers": headers(self.headers), "queryString": query(self.url), "cookies": [],
            "headersSize": -1, "bodySize": len((self.post or "").encode()),
        }
        if self.post is not None:
            request["postData"] = {"mimeType": header.get("content-type", ""), "text": self.post}
        content = {"size": self.size, "mimeType": self.mime or "x-unknown"}
        if self.body is not None:
            content["text"] = self.body
            if self.is_base64:
                content["encoding"] = "base64"
        location = {name.lower(): value for name, value in self.response_headers.items()}.get("location", "")
        entry = {
            "_connectionId": self.connection, "_initiator": self.initiator, "_priority": self.priority,
            "_resourceType": self.kind, "cache": {}, "connection": self.connection, "pageref": "page_1",
            "request": request,
            "response": {
                "status": self.status, "statusText": self.text, "httpVersion": self.protocol,
                "headers": headers(self.response_headers), "cookies": [], "content": content,
                "redirectURL": location, "headersSize": -1, "bodySize": self.size,
                "_transferSize": self.transfer, "_error": self.error,
            },
            "serverIPAddress": self.address, "startedDateTime": iso(self.wall), "time": wait + receive,
            "timings": {"blocked": -1, "dns": -1, "ssl": -1, "connect": -1, "send": 0, "wait": wait,
                        "receive": receive, "_blocked_queueing": -1},
        }
        if self.connection is None:
            del entry["_connectionId"], entry["connection"]
        if is_socket:
            entry["_webSocketMessages"] = self.frames
        return entry


class Log:
    """What the Network domain says, request by request."""

    def __init__(self, call):
        self.call = call
        self.all = []
        self.open = {}
        self.extra = {}
        self.fetching = []

    def add(self, event, url, kind, monotonic, wall):
        request = Request(url, kind, monotonic, wall)
        self.all.append(request)
        self.open[event["requestId"]] = request
        return request

    def take(self, method, event):
        handler = getattr(self, method.removeprefix("Network.")[0].lower() + method.removeprefix("Network.")[1:], None)
        if handler:
            handler(event)

    def request(self, event):
        return self.open.get(event["requestId"])

    def requestWillBeSent(self, event):
        before = self.request(event)
        if before and "redirectResponse" in event:
            self.response(before, event["redirectResponse"], event["timestamp"])
            before.end = event["timestamp"]
        kind = event.get("type", "Other").lower()
        request = self.add(event, event["request"]["url"], kind, event["timestamp"], event["wallTime"])
        request.method = event["request"]["method"]
        request.headers = dict(event["request"]["headers"])
        request.priority = event["request"].get("initialPriority", "High")
        request.initiator = {"type": event["initiator"]["type"]}
        if event["request"].get("hasPostData"):
            request.post = event["request"].get("postData")
        for extra in self.extra.pop(event["requestId"], [])[:1]:
            request.headers = extra

    def requestWillBeSentExtraInfo(self, event):
        request = self.request(event)
        if request and request.response_time is None:
            request.headers = event["headers"]
        else:
            self.extra.setdefault(event["requestId"], []).append(event["headers"])

    def response(self, request, response, monotonic):
        request.status, request.text = response["status"], response["statusText"]
        request.mime = response.get("mimeType", "")
        request.response_headers = response["headers"]
        request.protocol = response.get("protocol", "http/1.1")
        request.response_time = monotonic
        connection = response.get("connectionId")
        request.connection = str(int(connection)) if connection else None
        request.address = response.get("remoteIPAddress", "")

    def responseReceived(self, event):
        request = self.request(event)
        if request:
            self.response(request, event["response"], event["timestamp"])
            request.kind = event["type"].lower()

    def dataReceived(self, event):
        request = self.request(event)
        if request:
            request.size += event["dataLength"]

    def loadingFinished(self, event):
        request = self.request(event)
        if request:
            request.end = event["timestamp"]
            request.transfer = int(event["encodedDataLength"])
            if request.kind in ("xhr", "fetch"):
                self.fetching.append(asyncio.ensure_future(self.fetch(request, event["requestId"])))

    async def fetch(self, request, number):
        answer = await self.call("Network.getResponseBody", {"requestId": number})
        if "result" in answer:
            request.body = answer["result"]["body"]
            request.is_base64 = answer["result"]["base64Encoded"]

    def loadingFailed(self, event):
        request = self.request(event)
        if request:
            request.end = event["timestamp"]
            request.error = event["errorText"]

    def webSocketCreated(self, event):
        request = Request(event["url"], "websocket", 0, 0)
        self.open[event["requestId"]] = request
        self.all.append(request)
        request.initiator = {"type": event.get("initiator", {}).get("type", "script")}

    def webSocketWillSendHandshakeRequest(self, event):
        request = self.request(event)
        request.issued, request.wall = event["timestamp"], event["wallTime"]
        request.headers = event["request"]["headers"]

    def webSocketHandshakeResponseReceived(self, event):
        request = self.request(event)
        response = event["response"]
        request.status, request.text = response["status"], response["statusText"]
        request.response_headers = response["headers"]
        if "requestHeaders" in response:
            request.headers = response["requestHeaders"]
        request.response_time = event["timestamp"]

    def frame(self, event, kind):
        request, frame = self.request(event), event["response"]
        request.frames.append({
            "type": kind, "time": request.time(event["timestamp"]),
            "opcode": int(frame["opcode"]), "data": frame["payloadData"],
        })

    def webSocketFrameSent(self, event):
        self.frame(event, "send")

    def webSocketFrameReceived(self, event):
        self.frame(event, "receive")

    def webSocketFrameError(self, event):
        request = self.request(event)
        request.error = event["errorMessage"]
        request.frames.append({
            "type": "error", "time": request.time(event["timestamp"]), "opcode": -1, "data": event["errorMessage"],
        })

    def webSocketClosed(self, event):
        self.request(event).end = event["timestamp"]


async def record(port, page):
    async with connect(page, max_size=None) as socket:
        waiting = {}

        async def call(method, parameters):
            number = len(waiting) + 1
            waiting[number] = asyncio.get_running_loop().create_future()
            await socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
            return await waiting[number]

        log = Log(call)

        async def listen():
            async for text in socket:
                message = json.loads(text)
                if "id" in message:
                    waiting[message["id"]].set_result(message)
                else:
                    log.take(message["method"], message["params"])

        listening = asyncio.ensure_future(listen())
        await call("Network.enable", {"maxTotalBufferSize": 100_000_000})
        await call("Page.enable", {})
        await call("Page.navigate", {"url": pages.url + "/"})
        if not await asyncio.to_thread(pages.came.wait, 45):
            sys.exit("the page reported nothing within 45 s")
        # What came last is still told.
        await asyncio.sleep(0.5)
        await asyncio.gather(*log.fetching)
        listening.cancel()
        return log


def lines(har):
    """The file's text, an entry to a line."""
    entries = [json.dumps(one, ensure_ascii=False) for one in har["log"]["entries"]]
    rest = {name: value for name, value in har["log"].items() if name != "entries"}
    head = json.dumps(rest, ensure_ascii=False)[:-1]
    return '{"log": ' + head + ', "entries": [\n' + ",\n".join(entries) + "\n]}}\n"


def har(log):
    # Not what the page says to this script.
    requests = [one for one in log.all if one.wall and not one.url.endswith(("/result", "/favicon.ico"))]
    return {"log": {
        "version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"},
        "pages": [{"startedDateTime": iso(requests[0].wall), "id": "page_1", "title": pages.url + "/",
                   "pageTimings": {"onContentLoad": -1, "onLoad": -1}}],
        "entries": [one.entry() for one in requests],
    }}


def target(profile):
    """The debugging address of the browser's one page."""
    import http.client
    import time

    file = os.path.join(profile, "DevToolsActivePort")
    for _ in range(300):
        if os.path.exists(file) and open(file).read().count("\n") >= 1:
            port = int(open(file).read().split("\n")[0])
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/json/list")
            for one in json.loads(connection.getresponse().read()):
                if one["type"] == "page":
                    return port, one["webSocketDebuggerUrl"]
        time.sleep(0.1)
    sys.exit("the browser did not start within 30 s")


pages = Pages(client, session, server, transports)
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = subprocess.Popen(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
         "--disable-background-networking", "--remote-debugging-port=0", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        log = asyncio.run(record(*target(profile)))
    finally:
        browser.kill()
        browser.wait()
if pages.result["error"]:
    sys.exit(f"the page failed: {pages.result['error']}")
with open(output, "w") as file:
    file.write(lines(har(log)))
print(json.dumps(pages.result))
