"""Connections, datagrams, and what came of them: the words in which the cases are written."""
import ctypes
import errno
import json
import os
import socket
import ssl
import struct
import sys
import urllib.parse

with open(sys.argv[1], encoding="utf8") as file:
    P = json.load(file)

SECONDS = 3
CASES = []


def case(name):
    def register(attempt):
        CASES.append((name, attempt))
        return attempt

    return register


class Stopped(Exception):
    """The attempt was made and did not get through."""


class NotRun(Exception):
    """The attempt could not be made."""


def first_reached(*attempts):
    """All attempts are made; returns of the first that got through, else raises with what stopped each."""
    reasons, reached = [], None
    for attempt in attempts:
        try:
            reached = attempt() or reached
        except (Stopped, OSError) as stop:
            reasons.append(why(stop))
    if reached:
        return reached
    raise Stopped(", ".join(reasons))


def why(stop):
    # TLS and resolver errors count in numbers of their own.
    if isinstance(stop, OSError) and type(stop).__module__ == "builtins" and stop.errno in errno.errorcode:
        return errno.errorcode[stop.errno]
    return f"{type(stop).__name__} {stop}".replace("Stopped ", "")


def stay_on_this_machine(host):
    """Without a sandbox around it the battery must not bother the world."""
    if P.get("loopback_only") and not host.startswith("127."):
        raise Stopped("not tried")


def tcp(host, port, family=socket.AF_INET):
    stay_on_this_machine(host)
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(SECONDS)
    connection.connect((host, port))
    return connection


def through_proxy():
    proxy = urllib.parse.urlsplit(os.environ["HTTPS_PROXY"])
    return tcp(proxy.hostname, proxy.port)


def read_all(connection):
    data = b""
    try:
        while len(data) < 65536:
            piece = connection.recv(65536)
            if not piece:
                break
            data += piece
    except OSError as end:
        if not data:
            raise Stopped(why(end)) from end
    return data


def answer(data):
    """The body of a 2xx answer, else what stopped it."""
    head, _, body = data.partition(b"\r\n\r\n")
    status = head.split(b"\r\n")[0].decode("latin1")
    if " 2" in status[:12] and b"reached" in body:
        return body.decode("latin1")[:60]
    raise Stopped(status or "closed without an answer")


def open_tunnel(authority):
    connection = through_proxy()
    connection.sendall(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode("latin1"))
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(4096)
        if not piece:
            raise Stopped(head.split(b"\r\n")[0].decode("latin1") or "closed")
        head += piece
    if not head.startswith(b"HTTP/1.1 200"):
        raise Stopped(head.split(b"\r\n")[0].decode("latin1"))
    return connection


def tls(connection, name, verify=True):
    context = ssl.create_default_context()
    context.load_verify_locations(P["authority"])
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection, server_hostname=name)


def get(host, path="/", method="GET", headers="", body=""):
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n{body}".encode("latin1")


def ask_inside_tunnel(authority, request, name=None, verify=True):
    connection = tls(open_tunnel(authority), name, verify)
    connection.sendall(request)
    return answer(read_all(connection))


def ask_proxy(url, host, method="GET", headers=""):
    connection = through_proxy()
    connection.sendall(get(host, url, method, headers))
    return answer(read_all(connection))


def ask_directly(host, port, request=None):
    connection = tcp(host, port)
    connection.sendall(request or get(f"{host}:{port}", "/direct"))
    return answer(read_all(connection))


def datagram(host, port, send, family=socket.AF_INET):
    """Sent without an error to an address outside is reached; to a local one, an answer must come."""
    stay_on_this_machine(host)
    packets = socket.socket(family, socket.SOCK_DGRAM)
    packets.settimeout(1)
    packets.connect((host, port))
    send(packets)
    if not host.startswith("127."):
        return "a packet left"
    return packets.recv(512).decode("latin1")


def by_send(packets):
    packets.send(dns_query("secret-in-a-label.example"))


def by_sendmsg(packets):
    packets.sendmsg([dns_query("secret-in-a-label.example")])


def by_sendmmsg(packets):
    payload = ctypes.create_string_buffer(dns_query("secret-in-a-label.example"))
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(payload), len(payload) - 1)
    # struct mmsghdr on 64 bits: name, namelen, iov, iovlen, control, controllen, flags, len.
    header = struct.pack("@PI4xPLPLi4xI4x", 0, 0, ctypes.addressof(vector), 1, 0, 0, 0, 0)
    message = ctypes.create_string_buffer(header)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.sendmmsg(packets.fileno(), message, 1, 0) != 1:
        raise OSError(ctypes.get_errno(), "sendmmsg")


def dns_query(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def answers_in(reply):
    """How many answers a DNS message carries; none is a refusal."""
    if len(reply) < 12:
        raise Stopped("no answer")
    flags, _, count = struct.unpack(">HHH", reply[2:8])
    if count == 0:
        raise Stopped(f"resolver says code {flags & 15}")
    return f"{count} answers"
