"""Fills in a proxy's configuration and becomes the proxy: nginx or HAProxy, on a free port of loopback.

usage: python proxy.py PROGRAM CONFIGURATION FOLDER SERVER1 SERVER2 PATIENCE [CERTIFICATE KEY [CLIENT_CA]]

In the configuration {folder}, {port}, {server1}, {server2} (ports on 127.0.0.1), {patience} (seconds until a server's
answer is overdue) and {tls} are replaced. With a certificate it speaks TLS to clients, while the servers behind it know
nothing of that; with an authority for clients it wants a certificate of theirs. Where the program finds fault with it, what it says is printed and this ends. Otherwise
the first line is `listening PORT`, once the port takes connections.
"""
import os, socket, subprocess, sys, time

program, configuration, folder, server1, server2, patience = sys.argv[1:7]
certificate, key, client_ca = (sys.argv[7:] + [None] * 3)[:3]
is_nginx = os.path.basename(program) == "nginx"


def tls():
    """What stands behind the address to listen on."""
    if not certificate:
        return ""
    if is_nginx:
        client = f"; ssl_verify_client on; ssl_client_certificate {client_ca}" if client_ca else ""
        return f" ssl; ssl_certificate {certificate}; ssl_certificate_key {key}{client}"
    both = os.path.join(folder, "server.both")
    with open(both, "w") as out:
        out.write(open(certificate).read() + open(key).read())
    return f" ssl crt {both}" + (f" verify required ca-file {client_ca}" if client_ca else "")


with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
text = open(configuration).read()
values = {"folder": folder, "port": port, "server1": server1, "server2": server2, "patience": patience, "tls": tls()}
for name, value in values.items():
    text = text.replace("{" + name + "}", str(value))
file = os.path.join(folder, os.path.basename(configuration))
with open(file, "w") as out:
    out.write(text)

if is_nginx:
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
