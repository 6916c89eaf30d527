"""Writes python.json: what python-engineio and python-socketio make of packets.json.

    pip install python-socketio==5.18.1 python-engineio==4.15.1
    python golden.py > python.json
"""

import json
import pathlib
from importlib import metadata

from engineio import packet as engine
from engineio import payload
from socketio import packet as socket

packets = json.loads((pathlib.Path(__file__).parent / "packets.json").read_text("utf-8"))


def engine_packet(spec):
    data = bytes.fromhex(spec["binary"]) if "binary" in spec else spec.get("data")
    return engine.Packet(engine.packet_names.index(spec["type"].upper()), data)


def encode(spec):
    encoded = engine_packet(spec).encode()
    return {"text": encoded} if isinstance(encoded, str) else {"binary": encoded.hex()}


def encode_payload(places):
    return payload.Payload([engine_packet(packets["engine"][place]) for place in places]).encode()


def revive(value):
    if isinstance(value, list):
        return [revive(element) for element in value]
    if isinstance(value, dict):
        if "$binary" in value:
            return bytes.fromhex(value["$binary"])
        return {name: revive(member) for name, member in value.items()}
    return value


def encode_socket(spec):
    data = spec.get("data")
    if spec["type"] in ("EVENT", "ACK"):
        data = revive(([spec["event"]] if "event" in spec else []) + spec.get("arguments", []))
    packet = socket.Packet(
        socket.packet_names.index(spec["type"]), data=data, namespace=spec.get("namespace"), id=spec.get("id")
    )
    encoded = packet.encode()
    text, *attachments = encoded if isinstance(encoded, list) else [encoded]
    return {"text": text, "attachments": [attachment.hex() for attachment in attachments]}


result = {
    "madeBy": ", ".join(f"{name} {metadata.version(name)}" for name in ("python-engineio", "python-socketio")),
    "engine": [
        {"webSocket": encode(spec), "polling": engine_packet(spec).encode(b64=True)} for spec in packets["engine"]
    ],
    "payloads": [encode_payload(places) for places in packets["payloads"]],
    "socket": [encode_socket(spec) for spec in packets["socket"]],
}
print(json.dumps(result, indent=4, ensure_ascii=False))
