// The official JavaScript client against the echo server; the last line it prints is JSON with what it saw.
//
// usage: NODE_PATH=/usr/share/nodejs node javascript_echo_client.cjs SOCKET_IO_MIN_JS URL TRANSPORTS ECHOES
// TRANSPORTS: polling, websocket, or both with a comma, which is the upgrade
// needs: Debian's node-ws, since the bundle is made for browsers and takes its WebSocket from the global object
"use strict";
const assert = require("node:assert");
const path = require("node:path");

globalThis.WebSocket = require("ws");
require("./xml_http_request.cjs");
const { Manager } = require(path.resolve(process.argv[2]));
const url = process.argv[3];
const transports = process.argv[4].split(",");
const echoes = Number(process.argv[5]);
const names = ["/", "/a", "/b"];
const seen = { transport: "", namespaces: 0, echoed: 0, acknowledged: 0, answered: 0, slow: 0, disconnects: [] };

/** Arguments with binary in several places; the number tells them apart. */
function values(number) {
  return [number, Buffer.from([1, 2, number]), { deep: [Buffer.from("größe"), null], text: "🙂" }];
}

function same(actual, number) {
  const plain = (value) => {
    if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
    if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
    return value;
  };
  assert.deepStrictEqual(plain(actual), plain(values(number)));
}

function next(socket, name) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name} came within 10 s`)), 10000);
    socket.once(name, (...args) => { clearTimeout(timer); resolve(args); });
  });
}

/** Echoes without a pause: they cross an upgrade, and must come back whole and in order. */
async function echo(socket) {
  let expected = 0;
  socket.on("echo", (...args) => {
    same(args, expected);
    expected += 1;
    seen.echoed += 1;
  });
  const answers = [];
  for (let number = 0; number < echoes; number += 1) {
    answers.push(new Promise((resolve, reject) => {
      socket.timeout(10000).emit("echo", ...values(number), (error, ...args) => {
        if (error) return reject(error);
        same(args, number);
        seen.acknowledged += 1;
        resolve();
      });
    }));
  }
  await Promise.all(answers);
  assert.strictEqual(expected, echoes);
}

async function ask(socket) {
  socket.once("question", (text, answer) => answer(Buffer.from(text), { of: text }));
  const answered = next(socket, "answered");
  socket.emit("ask", "how?");
  const [bytes, object] = await answered;
  assert.strictEqual(Buffer.from(bytes).toString(), "how?");
  assert.deepStrictEqual(object, { of: "how?" });
  seen.answered += 1;
}

async function main() {
  const manager = new Manager(url, { transports, reconnection: false, timeout: 10000 });
  const upgraded = new Promise((resolve) => {
    if (transports.length < 2) return resolve();
    manager.once("open", () => manager.engine.once("upgrade", resolve));
  });
  const sockets = names.map((name) => manager.socket(name));
  await Promise.all(sockets.map((socket) => next(socket, "connect")));
  assert.strictEqual(new Set(sockets.map((socket) => socket.id)).size, names.length);
  seen.namespaces = sockets.length;
  await Promise.all(sockets.map(echo));
  await upgraded;
  await Promise.all(sockets.map(ask));
  const slow = next(sockets[1], "slow");
  sockets[1].emit("slow", { ms: 10 });
  assert.deepStrictEqual(await slow, [{ ms: 10 }]);
  seen.slow += 1;
  seen.transport = manager.engine.transport.name;
  const ends = sockets.map((socket) => next(socket, "disconnect"));
  sockets[2].emit("bye");
  seen.disconnects = (await Promise.all(ends)).map(([reason]) => reason);
  console.log(JSON.stringify(seen));
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
