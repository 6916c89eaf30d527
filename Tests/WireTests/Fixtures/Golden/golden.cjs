// Writes node.json: what the official JavaScript implementation makes of packets.json.
//
//     npm install engine.io-parser@5.2.3 socket.io-parser@4.2.6
//     node golden.cjs > node.json
"use strict";
const { readFileSync } = require("node:fs");
const engine = require("engine.io-parser");
const socket = require("socket.io-parser");

const packets = JSON.parse(readFileSync(`${__dirname}/packets.json`, "utf8"));

const enginePacket = ({ type, data, binary }) => ({
    type,
    data: binary === undefined ? data : Buffer.from(binary, "hex"),
});

function encode(packet, supportsBinary) {
    let encoded;
    engine.encodePacket(enginePacket(packet), supportsBinary, (result) => (encoded = result));
    return typeof encoded === "string" ? { text: encoded } : { binary: encoded.toString("hex") };
}

function encodePayload(places) {
    let encoded;
    engine.encodePayload(places.map((place) => enginePacket(packets.engine[place])), (result) => (encoded = result));
    return encoded;
}

function revive(value) {
    if (value === null || typeof value !== "object") return value;
    if (typeof value.$binary === "string") return Buffer.from(value.$binary, "hex");
    if (Array.isArray(value)) return value.map(revive);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
}

function encodeSocket({ type, namespace = "/", id, event, arguments: list = [], data }) {
    const parts = event === undefined ? list : [event, ...list];
    const packet = { type: socket.PacketType[type], nsp: namespace, id, data };
    if (type === "EVENT" || type === "ACK") packet.data = revive(parts);
    const [text, ...attachments] = new socket.Encoder().encode(packet);
    return { text, attachments: attachments.map((bytes) => bytes.toString("hex")) };
}

const version = (name) => {
    const path = require.resolve(name).split(`/node_modules/${name}/`)[0];
    return JSON.parse(readFileSync(`${path}/node_modules/${name}/package.json`, "utf8")).version;
};

const result = {
    madeBy: `engine.io-parser ${version("engine.io-parser")}, socket.io-parser ${version("socket.io-parser")}`,
    engine: packets.engine.map((packet) => ({ webSocket: encode(packet, true), polling: encode(packet, false).text })),
    payloads: packets.payloads.map(encodePayload),
    socket: packets.socket.map(encodeSocket),
};
process.stdout.write(JSON.stringify(result, null, 4) + "\n");
