// The official JavaScript client against the practice server; the last line it prints is JSON with what it saw.
//
// usage: NODE_PATH=/usr/share/nodejs node javascript_client.cjs SOCKET_IO_MIN_JS URL QUESTIONS
// needs: Debian's node-ws, since the bundle is made for browsers and takes its WebSocket from the global object
"use strict";
const assert = require("node:assert");
const { randomUUID } = require("node:crypto");
const path = require("node:path");

globalThis.WebSocket = require("ws");
const io = require(path.resolve(process.argv[2]));
const url = process.argv[3];
const questions = Number(process.argv[4]);
const session = randomUUID();
const seen = {
  connects: 0, connectErrors: [], acks: [], chunks: 0, dones: 0, plans: 0, completed: 0,
  whole: 0, answers: [], restored: [], kicked: 0, requests: 0,
};
const options = { transports: ["websocket"], forceNew: true, reconnection: false };

/** What a socket receives, in order, for whoever asks for the next. */
class Inbox {
  #events = [];
  #waiting = [];
  constructor(socket) {
    socket.onAny((name, event) => this.#put([name, event]));
    socket.on("disconnect", (reason) => this.#put(["disconnect", reason]));
  }
  #put(event) {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(event); else this.#events.push(event);
  }
  next() {
    if (this.#events.length > 0) return Promise.resolve(this.#events.shift());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("nothing came within 5 s")), 5000);
      this.#waiting.push((event) => { clearTimeout(timer); resolve(event); });
    });
  }
}

async function connected() {
  const socket = io(url, options);
  const inbox = new Inbox(socket);
  await new Promise((resolve, reject) => {
    socket.on("connect", resolve);
    socket.on("connect_error", reject);
  });
  assert.strictEqual(socket.io.engine.transport.name, "websocket");
  seen.connects += 1;
  return [socket, inbox];
}

async function join(socket, inbox) {
  seen.acks.push(await socket.timeout(5000).emitWithAck("join_session", { sessionId: session }));
  const [name, event] = await inbox.next();
  assert.deepStrictEqual([name, event.sessionId], ["session_joined", session]);
  seen.restored.push(event.restored);
}

/** One question: the streamed answer, then the task to its end. */
async function ask(socket, inbox) {
  const body = { sessionId: session, message: "What does it cost?", context: { url: "https://shop.example/" } };
  const response = await fetch(url + "/api/chat", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  await response.json();
  seen.answers.push(response.status);
  seen.requests += 1;
  let text = "";
  let index = 0;
  for (;;) {
    const [name, event] = await inbox.next();
    switch (name) {
      case "message_chunk":
        assert.strictEqual(event.chunkIndex, index);
        seen.chunks += 1;
        index += 1;
        text += event.delta;
        break;
      case "message_done":
        seen.dones += 1;
        seen.whole += event.text === text ? 1 : 0;
        break;
      case "confirmation_required":
        socket.emit("confirmation_response", { sessionId: session, confirmed: true });
        break;
      case "action_plan": {
        seen.plans += 1;
        if (event.isSequence) {
          const results = event.actions.map((step) => ({ success: true, elementId: step.elementId }));
          socket.emit("sequence_complete", { sessionId: session, result: { success: true, results } });
        } else {
          const [action] = event.actions;
          socket.emit("action_complete", {
            sessionId: session, actionId: action.id,
            result: { success: true, elementId: action.elementId, description: "done" },
          });
        }
        socket.emit("continue_task", { sessionId: session, context: { url: "https://shop.example/" } });
        break;
      }
      case "task_complete":
        seen.completed += 1;
        return;
      default:
        assert.ok(["message", "ui_block"].includes(name), name);
    }
  }
}

async function main() {
  const [socket, inbox] = await connected();
  await join(socket, inbox);
  for (const value of ["a", { deep: [1, 2.5, null, true, "größe 🙂"] }, []]) {
    seen.acks.push(await socket.timeout(5000).emitWithAck("echo", value));
  }
  for (let i = 0; i < questions; i += 1) await ask(socket, inbox);
  const nowhere = io(url + "/nowhere", options);
  seen.connectErrors.push(await new Promise((resolve) => nowhere.on("connect_error", (error) => resolve(error.message))));
  nowhere.io.engine.close();
  const [newer, news] = await connected();
  await join(newer, news);
  const [name, reason] = await inbox.next();
  seen.kicked += name === "disconnect" && reason === "io server disconnect" ? 1 : 0;
  newer.disconnect();
  console.log(JSON.stringify(seen));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
