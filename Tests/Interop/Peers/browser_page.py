"""Opens a page in a headless browser that talks Socket.IO; the last line it prints is JSON with what the page saw.

usage: browser_page.py CHROMIUM SOCKET_IO_MIN_JS URL TRANSPORTS ECHOES
The page comes from a server of this script's own, so that it is of another origin than URL.
"""

import http.server
import subprocess
import sys
import tempfile
import threading

chromium, client, url, transports, echoes = sys.argv[1:6]

PAGE = """<!doctype html><meta charset="utf-8"><script src="/client.js"></script><script>
const seen = { transport: "", echoed: 0, acknowledged: 0, cookies: false, error: "" };
const report = () => fetch("/result", { method: "POST", body: JSON.stringify(seen) });
const wanted = %(echoes)s, transports = "%(transports)s".split(",");
const socket = io("%(url)s", { transports, reconnection: false, timeout: 15000 });
let expected = 0;
socket.on("echo", (number, bytes) => {
  const right = number === expected && new Uint8Array(bytes)[2] === number %% 256;
  if (!right) seen.error = "echo " + number + " is not the one that was expected";
  expected += 1; seen.echoed += 1;
});
socket.on("connect_error", (error) => { seen.error = String(error); report(); });
socket.on("connect", async () => {
  try {
    if (transports.length > 1) await new Promise((done) => socket.io.engine.once("upgrade", done));
    for (let number = 0; number < wanted; number += 1) {
      await socket.timeout(10000).emitWithAck("echo", number, new Uint8Array([1, 2, number %% 256]));
      seen.acknowledged += 1;
    }
    seen.transport = socket.io.engine.transport.name;
  } catch (error) { seen.error = String(error); }
  socket.disconnect();
  await report();
});
</script>""" % {"echoes": echoes, "transports": transports, "url": url}

result = None
came = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/client.js":
            with open(client, "rb") as file:
                self.answer(file.read(), "text/javascript")
        else:
            self.answer(PAGE.encode() if self.path == "/" else b"", "text/html")

    def do_POST(self):
        global result
        result = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(b"", "text/plain")
        came.set()

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
# A browser that is killed may still write there for a moment.
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = subprocess.Popen(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
         "--disable-background-networking", f"http://localhost:{server.server_port}/"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        if not came.wait(45):
            sys.exit("the page reported nothing within 45 s")
    finally:
        browser.kill()
        browser.wait()
print(result)
