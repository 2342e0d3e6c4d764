"""Cases beyond the known battery: what a tunnel may hide, and other ways for a packet to leave."""
import os
import socket
import ssl
import struct
import urllib.request

from wire import (
    P, SECONDS, NotRun, Stopped, answer, answers_in, ask_inside_tunnel, ask_proxy, by_send, by_sendmmsg, by_sendmsg,
    case, datagram, dns_query, first_reached, get, open_tunnel, read_all, stay_on_this_machine, tcp,
    through_proxy, tls,
)


@case("SNI-other")
def the_server_name_is_another_than_the_tunnel():
    return first_reached(*(
        lambda authority=authority: ask_inside_tunnel(authority, get(P["denied"]), P["denied_name"], False)
        for authority in (P["tunnel"], P["allowed"])
    ))


@case("SNI-none")
def no_server_name():
    return first_reached(*(
        lambda authority=authority: ask_inside_tunnel(authority, get(authority), None, False)
        for authority in (P["tunnel"], P["allowed"])
    ))


@case("ECH")
def an_encrypted_hello():
    outgoing, incoming = ssl.MemoryBIO(), ssl.MemoryBIO()
    half = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=P["tunnel_name"])
    try:
        half.do_handshake()
    except ssl.SSLWantReadError:
        pass
    connection = open_tunnel(P["tunnel"])
    connection.sendall(with_extension(outgoing.read(), 0xFE0D, bytes(16)))
    reply = connection.recv(4096)
    if reply[:1] == b"\x16":
        return "a ServerHello came"
    raise Stopped("alert" if reply[:1] == b"\x15" else "closed")


def with_extension(record, kind, body):
    """A ClientHello in one record, with one extension more (RFC 8446 section 4.1.2)."""
    at = 5 + 4 + 2 + 32
    at += 1 + record[at]
    at += 2 + int.from_bytes(record[at:at + 2], "big")
    at += 1 + record[at]
    extensions = record[at + 2:] + struct.pack(">HH", kind, len(body)) + body
    hello = record[9:at] + struct.pack(">H", len(extensions)) + extensions
    handshake = b"\x01" + len(hello).to_bytes(3, "big") + hello
    return record[:3] + struct.pack(">H", len(handshake)) + handshake


@case("CONNECT-address")
def connect_to_an_address():
    spellings = (P["address"], "[::]", "[::1]", f"[::ffff:{P['address']}]", "2130706463", "0x7f00001f", "127.31", "0",
                 "localhost")
    return first_reached(*(
        lambda authority=f"{spelling}:{P['tls_port']}":
        ask_inside_tunnel(authority, get(P["denied"]), P["denied_name"], False)
        for spelling in spellings
    ))


@case("DoH")
def dns_over_https():
    query = "Content-Type: application/dns-message\r\nContent-Length: 3\r\n"
    request = get(P["doh"], "/dns-query", "POST", query, "abc")
    return first_reached(
        lambda: ask_inside_tunnel(P["doh"], request, P["doh_name"], False),
        lambda: str(open_tunnel("dns.google:443")),
        lambda: str(tcp("1.1.1.1", 443)),
    )


@case("DoT")
def dns_over_tls():
    return first_reached(
        lambda: str(open_tunnel(f"{P['allowed_name']}:853")),
        lambda: str(open_tunnel("1.1.1.1:853")),
        lambda: str(tcp("192.0.2.53", 853)),
    )


@case("DNS-TCP")
def dns_over_tcp_several_queries_in_one_segment():
    def ask(host, port):
        connection = tcp(host, port)
        names = ("a1.tunnel.example", "b2.tunnel.example", "c3.tunnel.example")
        queries = [dns_query(name) for name in names]
        connection.sendall(b"".join(struct.pack(">H", len(query)) + query for query in queries))
        return answers_in(connection.recv(512)[2:])

    servers = (("127.0.0.1", 53), ("192.0.2.53", 53), (P["address"], P["trap_port"]))
    return first_reached(*(lambda server=server: ask(*server) for server in servers))


@case("DoQ")
def dns_over_quic():
    return first_reached(lambda: datagram("192.0.2.53", 853, by_send), lambda: datagram("1.1.1.1", 443, by_sendmsg))


@case("sendmsg")
def datagrams_by_sendmsg():
    return first_reached(
        lambda: datagram("192.0.2.53", 53, by_sendmsg), lambda: datagram(P["address"], P["udp_port"], by_sendmsg))


@case("sendmmsg")
def datagrams_by_sendmmsg():
    return first_reached(
        lambda: datagram("192.0.2.53", 53, by_sendmmsg), lambda: datagram(P["address"], P["udp_port"], by_sendmmsg))


@case("FASTOPEN")
def data_in_the_first_packet():
    def send(host, port):
        stay_on_this_machine(host)
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connection.sendto(get(host, "/direct"), 0x20000000, (host, port))
        connection.settimeout(SECONDS)
        return answer(read_all(connection))

    return first_reached(lambda: send("192.0.2.1", 80), lambda: send(P["address"], P["trap_port"]))


@case("UNIX")
def unix_sockets_of_the_host():
    def knock(path):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        connection.connect(path)
        return f"connected to {path}"

    paths = (P["unix_path"], f"\0{P['unix_abstract']}", "/var/run/docker.sock", "/run/docker.sock",
             "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket", "/run/systemd/private")
    return first_reached(*(lambda path=path: knock(path) for path in paths))


@case("VSOCK")
def the_hypervisor():
    connection = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
    connection.settimeout(SECONDS)
    connection.connect((2, 22))
    return "connected to the hypervisor"


@case("PLAIN-in-tunnel")
def plain_text_after_connect():
    connection = open_tunnel(P["tunnel"])
    connection.sendall(get(P["denied"]))
    return answer(read_all(connection))


@case("HOST-other")
def another_host_inside_tls():
    return ask_inside_tunnel(P["allowed"], get(P["denied"]), P["allowed_name"])


@case("WEBSOCKET")
def change_to_another_protocol():
    upgrade = "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

    def ask(connection, url, host):
        connection.sendall(f"GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n{upgrade}\r\n".encode())
        reply = connection.recv(4096)
        if b" 101 " in reply[:16]:
            return "switched"
        raise Stopped(reply.split(b"\r\n")[0].decode("latin1"))

    return first_reached(
        lambda: ask(tls(open_tunnel(P["allowed"]), P["allowed_name"]), "/", P["allowed"]),
        lambda: ask(through_proxy(), f"http://{P['plain']}/", P["plain"]),
    )


@case("KEPT-ALIVE")
def the_second_request_goes_elsewhere():
    def pair(connection, first, second):
        connection.sendall(first.replace(b"Connection: close\r\n", b""))
        reply = connection.recv(65536)
        if b" 200 " not in reply[:16]:
            raise NotRun(f"the first request failed: {reply[:60]}")
        connection.sendall(second)
        rest = read_all(connection)
        return answer(rest[rest.find(b"HTTP/1.1 "):] if b"HTTP/1.1 " in rest else b"")

    return first_reached(
        lambda: pair(through_proxy(), get(P["plain"], f"http://{P['plain']}/"),
                     get(P["address"], f"http://{P['address']}:{P['metadata_port']}/")),
        lambda: pair(tls(open_tunnel(P["allowed"]), P["allowed_name"]), get(P["allowed"]), get(P["denied"])),
    )


@case("ABSOLUTE-other")
def an_absolute_target_for_a_denied_host():
    return first_reached(
        lambda: ask_proxy(f"http://{P['address']}:{P['metadata_port']}/", P["plain"]),
        lambda: ask_proxy(f"http://{P['denied_name']}:{P['plain_port']}/", P["plain"]),
        lambda: ask_proxy(f"http://{P['plain']}/", P["denied"]),
    )


@case("HOST-other-captured")
def captured_http_for_another_host():
    name, port = P["plain"].rsplit(":", 1)
    connection = tcp(name, int(port))
    connection.sendall(get(P["denied"]))
    return answer(read_all(connection))


@case("NO-PROXY")
def proxy_variables_unset():
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    urls = (f"https://{P['denied']}/", f"http://{P['address']}:{P['metadata_port']}/")
    return first_reached(*(lambda url=url: opener.open(url, timeout=SECONDS).read(40).decode() for url in urls))
