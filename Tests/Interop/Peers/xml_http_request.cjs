// What the official JavaScript client takes from a browser for long polling: XMLHttpRequest and FileReader.
//
// Its bundle is made for browsers. Only what it uses is here, over Node's http module and one agent that keeps its
// connections, as a browser does.
"use strict";
const http = require("node:http");

const agent = new http.Agent({ keepAlive: true });

class XMLHttpRequest {
  readyState = 0;
  status = 0;
  responseText = "";
  withCredentials = false;
  timeout = 0;
  onreadystatechange = null;
  #method;
  #url;
  #headers = {};
  #request;
  #response;

  open(method, url) {
    this.#method = method;
    this.#url = url;
    this.readyState = 1;
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  getResponseHeader(name) {
    const value = this.#response?.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : value ?? null;
  }

  send(data) {
    const body = data === undefined || data === null ? null : Buffer.from(data);
    if (body) this.#headers["Content-Length"] = body.length;
    this.#request = http.request(this.#url, { method: this.#method, headers: this.#headers, agent }, (response) => {
      this.#response = response;
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", () => this.#end(0));
      response.on("end", () => {
        this.responseText = Buffer.concat(parts).toString("utf8");
        this.#end(response.statusCode);
      });
    });
    this.#request.on("error", () => this.#end(0));
    this.#request.end(body);
  }

  abort() {
    this.onreadystatechange = null;
    this.#request?.destroy();
  }

  #end(status) {
    if (this.readyState === 4) return;
    this.status = status;
    this.readyState = 4;
    this.onreadystatechange?.();
  }
}

class FileReader {
  result = null;
  onload = null;

  readAsDataURL(blob) {
    blob.arrayBuffer().then((bytes) => {
      this.result = "data:application/octet-stream;base64," + Buffer.from(bytes).toString("base64");
      this.onload?.();
    });
  }
}

globalThis.XMLHttpRequest = XMLHttpRequest;
globalThis.FileReader = FileReader;
