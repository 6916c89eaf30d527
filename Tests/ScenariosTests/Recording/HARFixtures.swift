/// HAR files as the tools that write them shape them, cut down to what matters.
enum HARFixtures {
    /// Chrome's developer tools: a page, a request, and a plain WebSocket with a binary message and one that is cut off.
    static let chrome = """
        {"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":[
        {"_resourceType":"document","startedDateTime":"2026-01-31T09:04:59.000Z","time":5,
         "request":{"method":"GET","url":"https://shop.example/","headers":[]},
         "response":{"status":200,"headers":[],"content":{"size":10,"mimeType":"text/html","text":"<html></html>"}}},
        {"_resourceType":"fetch","startedDateTime":"2026-01-31T09:05:00.500Z","time":12.5,
         "request":{"method":"POST","url":"https://shop.example/api/session","headers":[{"name":"Authorization","value":"Bearer t0ken-value"}],
          "postData":{"mimeType":"application/json","text":"{\\"name\\":\\"ann\\"}"}},
         "response":{"status":201,"headers":[],"content":{"size":30,"mimeType":"application/json","encoding":"base64","text":"eyJzZXNzaW9uSWQiOiJzLTEyMzQ1In0="}}},
        {"_resourceType":"websocket","startedDateTime":"2026-01-31T09:05:00.000Z","time":3000,
         "request":{"method":"GET","url":"wss://shop.example/ws?session=s-12345","headers":[{"name":"Origin","value":"https://shop.example"}]},
         "response":{"status":101,"headers":[],"content":{"size":0}},
         "_webSocketMessages":[
          {"type":"send","time":1769850301.25,"opcode":1,"data":"{\\"type\\":\\"hello\\"}"},
          {"type":"receive","time":1769850301.5,"opcode":1,"data":"{\\"type\\":\\"welcome\\"}"},
          {"type":"receive","time":1769850302,"opcode":2,"data":"AAEC"},
          {"type":"receive","time":1769850302.1,"opcode":2,"data":"AAE"}]},
        {"_resourceType":"websocket","startedDateTime":"2026-01-31T09:04:59.500Z","time":3,
         "request":{"method":"GET","url":"wss://shop.example/old","headers":[]},
         "response":{"status":307,"headers":[{"name":"Location","value":"/ws"}],"content":{"size":0}}}
        ]}}
        """

    /// Engine.IO: polling first, then the upgrade.
    static let polling = """
        {"log":{"entries":[
        {"startedDateTime":"2026-01-31T09:05:00.000Z","time":10,
         "request":{"method":"GET","url":"http://127.0.0.1:3000/socket.io/?EIO=4&transport=polling&t=a","headers":[]},
         "response":{"status":200,"headers":[],"content":{"size":90,"mimeType":"text/plain","text":"0{\\"sid\\":\\"S1\\",\\"upgrades\\":[\\"websocket\\"],\\"pingInterval\\":25000,\\"pingTimeout\\":20000}"}}},
        {"startedDateTime":"2026-01-31T09:05:00.020Z","time":3,
         "request":{"method":"POST","url":"http://127.0.0.1:3000/socket.io/?EIO=4&transport=polling&t=b&sid=S1","headers":[],"postData":{"text":"40\\u001e42[\\"join\\",{\\"room\\":\\"r\\"}]"}},
         "response":{"status":200,"headers":[],"content":{"size":2,"mimeType":"text/html","text":"ok"}}},
        {"startedDateTime":"2026-01-31T09:05:00.021Z","time":4,
         "request":{"method":"GET","url":"http://127.0.0.1:3000/socket.io/?EIO=4&transport=polling&t=c&sid=S1","headers":[]},
         "response":{"status":200,"headers":[],"content":{"size":32,"mimeType":"text/plain","text":"40{\\"sid\\":\\"x\\"}\\u001ebAQI=\\u001e42[\\"joined\\"]"}}},
        {"startedDateTime":"2026-01-31T09:05:00.030Z","time":500,
         "request":{"method":"GET","url":"ws://127.0.0.1:3000/socket.io/?EIO=4&transport=websocket&sid=S1","headers":[]},
         "response":{"status":101,"headers":[],"content":{"size":0}},
         "_resourceType":"websocket","_webSocketMessages":[
          {"type":"send","time":1769850300.04,"opcode":1,"data":"2probe"},{"type":"receive","time":1769850300.05,"opcode":1,"data":"3probe"},
          {"type":"send","time":1769850300.06,"opcode":1,"data":"5"},{"type":"receive","time":1769850300.2,"opcode":1,"data":"42[\\"news\\"]"}]}
        ]}}
        """
}
