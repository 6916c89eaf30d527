"""Pages that hold a conversation with the practice server and then report what they said and heard, in order.

The page is served by this module, so that it is of another origin than the server, and reports to it. Used by
browser_har.py, and by scripts/make-har-fixtures.py with other tools.
"""

import http.server
import json
import threading

# What every page has: `said` and `heard` go into the log, `next` waits for an event.
COMMON = """
const log = [];
const said = (name) => log.push(["out", name]);
const heard = (name) => log.push(["in", name]);
const report = (error) => fetch("/result", { method: "POST", body: JSON.stringify({ log, error: error || "" }) });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const uuid = () => ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) =>
  (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
function inbox() {
  const events = [], waiting = [];
  return {
    put(event) { heard(event[0]); const one = waiting.shift(); if (one) one(event); else events.push(event); },
    next() {
      if (events.length) return Promise.resolve(events.shift());
      return new Promise((done, fail) => {
        const timer = setTimeout(() => fail(new Error("nothing came within 10 s")), 10000);
        waiting.push((event) => { clearTimeout(timer); done(event); });
      });
    },
    async until(name) { for (;;) { const event = await this.next(); if (event[0] === name) return event; } },
  };
}
async function socketIO(path) {
  const socket = io(SERVER, Object.assign({ transports: TRANSPORTS, reconnection: false, timeout: 15000 }, path));
  const box = inbox();
  socket.onAny((...event) => box.put(event));
  socket.onAnyOutgoing((name) => said(name));
  await new Promise((done, fail) => { socket.once("connect", done); socket.once("connect_error", fail); });
  const isUpgraded = () => socket.io.engine.transport.name === "websocket";
  if (TRANSPORTS.length > 1 && UPGRADES && !isUpgraded()) await new Promise((done) => socket.io.engine.once("upgrade", done));
  return [socket, box];
}
"""

SESSIONS = {
    # A chat that streams, and a task of plans.
    "leflux": """
      const [socket, box] = await socketIO();
      const session = uuid();
      await socket.timeout(5000).emitWithAck("join_session", { sessionId: session });
      await box.until("session_joined");
      for (const message of ["/long What does it cost?", "/confirm And in blue?"]) {
        await pause(40);
        let rounds = 0;
        const answer = await fetch(SERVER + "/api/chat", {
          method: "POST", headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ sessionId: session, message, context: { url: "https://shop.example/" } }),
        });
        await answer.json();
        for (;;) {
          const [name, event] = await box.next();
          if (name === "confirmation_required") {
            socket.emit("confirmation_response", { sessionId: session, confirmed: true });
          } else if (name === "action_plan") {
            // As the real client, it has enough after some of them.
            if (++rounds > 5) break;
            await pause(15);
            if (event.isSequence) {
              const results = event.actions.map((step) => ({ success: true, elementId: step.elementId }));
              socket.emit("sequence_complete", { sessionId: session, result: { success: true, results } });
            } else {
              const [action] = event.actions;
              socket.emit("action_complete", { sessionId: session, actionId: action.id,
                result: { success: true, elementId: action.elementId, description: "done" } });
            }
            socket.emit("continue_task", { sessionId: session, context: { url: "https://shop.example/" } });
          } else if (name === "task_complete") break;
        }
      }
      await pause(60);
      socket.disconnect();
    """,
    # Binary and acknowledgements, both ways.
    "echo": """
      const [socket, box] = await socketIO();
      socket.on("question", (text, answer) => { if (answer) answer(new TextEncoder().encode(text), { of: text }); });
      for (let number = 0; number < 3; number += 1) {
        const bytes = new Uint8Array([0, 1, 255, number]);
        await socket.timeout(10000).emitWithAck("echo", number, bytes, { deep: [bytes.slice(0, 2), null], text: "größe 🙂" });
        await box.until("echo");
        await pause(20);
      }
      await socket.timeout(10000).emitWithAck("echo", "only text");
      await box.until("echo");
      socket.emit("ask", "how?");
      await box.until("answered");
      socket.emit("slow", { ms: 30 });
      await box.until("slow");
      await pause(30);
      socket.disconnect();
    """,
    # Socket.IO again, where the server answers each request with a redirect to another.
    "moved": """
      const [socket, box] = await socketIO();
      for (const word of ["one", "two"]) {
        socket.emit("echo", word);
        await box.until("echo");
        await pause(25);
      }
      socket.disconnect();
    """,
    # A plain WebSocket behind a handshake that is redirected, which browsers do not follow.
    "praxis": """
      const address = SERVER.replace(/^http/, "ws");
      await new Promise((done) => { new WebSocket(address.replace(PRACTICE, MOVED) + "/ws/events").onerror = done; });
      const socket = new WebSocket(address + "/ws/events");
      const box = inbox();
      socket.onmessage = (message) => { const event = JSON.parse(message.data); box.put([event.type, event]); };
      await new Promise((done, fail) => { socket.onopen = done; socket.onerror = () => fail(new Error("no socket")); });
      const send = (type, payload) => {
        const id = uuid();
        said(type);
        socket.send(JSON.stringify({ type, payload, id, timestamp: new Date().toISOString() }));
        return id;
      };
      await box.until("chatMessage");
      await pause(30);
      send("SUBSCRIBE_EVENTS", { event_types: ["dslProgress", "dslResult", "workflowStart", "workflowProgress",
        "workflowComplete", "chatMessage"] });
      await box.until("chatMessage");
      await pause(80);
      send("DSL_COMMAND", { command: "Analyze the sales report and create a summary" });
      await box.until("dslResult");
      await pause(50);
      send("EXECUTE_WORKFLOW", { workflowId: "wf-" + uuid(),
        nodes: [{ id: "read", type: "tool", tool: "file_analyzer" }, { id: "sum", type: "agent" }],
        edges: [{ from: "read", to: "sum" }] });
      await box.until("workflowComplete");
      await pause(50);
      socket.close(1000);
      await new Promise((done) => { socket.onclose = done; });
    """,
    # Texts and binary on a plain WebSocket.
    "plain": """
      const socket = new WebSocket(SERVER.replace(/^http/, "ws") + "/ws");
      socket.binaryType = "arraybuffer";
      const box = inbox();
      socket.onmessage = (message) => box.put([typeof message.data === "string" ? "text" : "binary"]);
      await new Promise((done, fail) => { socket.onopen = done; socket.onerror = () => fail(new Error("no socket")); });
      for (const word of ["hello", "größe 🙂", '{"x":1}']) {
        said("text");
        socket.send(word);
        await box.next();
        await pause(20);
      }
      said("binary");
      socket.send(new Uint8Array([0, 1, 2, 254, 255]));
      await box.next();
      await pause(20);
      socket.close(1000);
      await new Promise((done) => { socket.onclose = done; });
    """,
}


class Pages:
    """The page of one session, what answers requests with redirects, and what the page reports.

    server: the practice server. Requests for /socket.io/ and /ws here are redirected to it.
    """

    def __init__(self, client, session, server, transports):
        self.result = None
        self.came = threading.Event()
        pages = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.startswith(("/socket.io/", "/ws")):
                    self.redirect()
                elif self.path == "/client.js":
                    with open(client, "rb") as file:
                        self.answer(file.read(), "text/javascript")
                else:
                    self.answer(pages.html().encode() if self.path == "/" else b"", "text/html")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if self.path.startswith("/socket.io/"):
                    self.redirect()
                    return
                pages.result = json.loads(body)
                self.answer(b"", "text/plain")
                pages.came.set()

            def redirect(self):
                self.send_response(307)
                self.send_header("Location", server + self.path)
                self.send_header("Content-Length", "0")
                self.send_header("Connection", "close")
                self.end_headers()

            def answer(self, body, kind):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.listener.server_port}"
        self.session, self.server, self.transports = session, server, transports
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def html(self):
        moved = self.session == "moved"
        values = {
            "SERVER": self.url if moved else self.server,
            "PRACTICE": self.server.split("://")[1],
            "MOVED": self.url.split("://")[1],
            "TRANSPORTS": self.transports.split(","),
            # A WebSocket does not follow the redirect, and the session stays with polling.
            "UPGRADES": not moved,
        }
        constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
        return (
            '<!doctype html><meta charset="utf-8"><title>session</title><script src="/client.js"></script><script>\n'
            f"{constants}{COMMON}(async () => {{{SESSIONS[self.session]}}})()"
            ".then(() => report(), (error) => report(String(error)));</script>"
        )
