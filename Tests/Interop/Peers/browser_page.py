"""Opens a page in a headless browser that talks Socket.IO; the last line it prints is JSON with what the page saw.

usage: browser_page.py CHROMIUM SOCKET_IO_MIN_JS URL TRANSPORTS ECHOES
The page comes from a server of this script's own, so that it is of another origin than URL.
"""

import pathlib
import sys

from browser_visit import visit

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

resources = {"/": (PAGE.encode(), "text/html"), "/client.js": (pathlib.Path(client).read_bytes(), "text/javascript")}
print(visit(chromium, resources))
