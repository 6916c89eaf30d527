"""Fills in a proxy's configuration and becomes the proxy: nginx or HAProxy, on a free port of loopback.

usage: python proxy.py PROGRAM CONFIGURATION FOLDER SERVER1 SERVER2 PATIENCE

In the configuration {folder}, {port}, {server1}, {server2} (ports on 127.0.0.1) and {patience} (seconds until a server's
answer is overdue) are replaced. Where the program finds fault with it, what it says is printed and this ends. Otherwise
the first line is `listening PORT`, once the port takes connections.
"""
import os, socket, subprocess, sys, time

program, configuration, folder, server1, server2, patience = sys.argv[1:]
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
text = open(configuration).read()
values = {"folder": folder, "port": port, "server1": server1, "server2": server2, "patience": patience}
for name, value in values.items():
    text = text.replace("{" + name + "}", str(value))
file = os.path.join(folder, os.path.basename(configuration))
with open(file, "w") as out:
    out.write(text)

if os.path.basename(program) == "nginx":
    command, check = [program, "-p", folder, "-c", file], ["-t", "-q"]
else:
    command, check = [program, "-db", "-f", file], ["-c", "-q"]
checked = subprocess.run(command + check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
if checked.returncode != 0:
    sys.exit(f"{command}: {checked.stdout.decode()}")

# The child says when the proxy listens; this process becomes the proxy, so that signals reach it.
if os.fork() == 0:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            print("listening", port, flush=True)
            break
        except ConnectionRefusedError:
            time.sleep(0.01)
    os._exit(0)
os.execv(program, command)
