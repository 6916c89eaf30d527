// The official JavaScript client visits python_socketio_server.py, for a recording; its last line is JSON with what it saw.
//
// usage: NODE_PATH=/usr/share/nodejs node javascript_visit_client.cjs SOCKET_IO_MIN_JS URL TRANSPORTS
// TRANSPORTS: polling, websocket, or both with a comma, which is the upgrade
// needs: Debian's node-ws, since the bundle is made for browsers and takes its WebSocket from the global object
"use strict";
const path = require("node:path");
const { randomUUID } = require("node:crypto");

globalThis.WebSocket = require("ws");
require("./xml_http_request.cjs");
const { Manager } = require(path.resolve(process.argv[2]));
const transports = process.argv[4].split(",");
const seen = { transport: "", chunks: 0, heard: 0 };

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

function next(socket, name) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name} came within 10 s`)), 10000);
    socket.once(name, (...args) => { clearTimeout(timer); seen.heard += 1; resolve(args); });
  });
}

const ask = (socket, name, ...args) => socket.timeout(10000).emitWithAck(name, ...args);

async function main() {
  const manager = new Manager(process.argv[3], { transports, reconnection: false, timeout: 10000 });
  const upgraded = new Promise((resolve) => {
    if (transports.length < 2) return resolve();
    manager.once("open", () => manager.engine.once("upgrade", resolve));
  });
  const main = manager.socket("/");
  const other = manager.socket("/a");
  await Promise.all([main, other].map((socket) => next(socket, "connect")));
  await upgraded;
  const session = randomUUID();
  const joined = next(main, "session_joined");
  await ask(main, "join_session", { sessionId: session });
  const [{ sid }] = await joined;
  await pause(30);
  await ask(main, "echo", { sessionId: session, sid, text: "größe 🙂", list: [1, 2.5, null, true] });
  main.on("message_chunk", () => { seen.chunks += 1; });
  const done = next(main, "message_done");
  main.emit("chat", { chunks: 5, streamId: `${session}-1`, gapMs: 2 });
  await done;
  await pause(20);
  main.once("question", (data, answer) => answer(Buffer.from(data.text), { of: data.text }));
  const answered = next(main, "answered");
  main.emit("ask", { text: "how?" });
  await answered;
  const back = next(main, "bin_back");
  await ask(main, "bin", Buffer.from([0, 255, 16]), { deep: [Buffer.from("größe")] });
  await back;
  const here = next(other, "here");
  await ask(other, "where");
  await here;
  await pause(20);
  seen.transport = manager.engine.transport.name;
  main.disconnect();
  other.disconnect();
  await pause(100);
  console.log(JSON.stringify(seen));
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
