"""Controls that must work, and the cases of the battery for agent firewalls (A1 to A12, TAMPER), without its holes."""
import fcntl
import socket
import ssl
import struct
import urllib.request

from wire import (
    P, answer, answers_in, ask_directly, ask_inside_tunnel, ask_proxy, by_send, case, datagram, dns_query,
    SECONDS, first_reached, get, open_tunnel, read_all, tcp, tls,
)


# ---- controls: what must work ----------------------------------------------------------------------------------

@case("L1")
def https_to_the_allowed_host():
    return ask_inside_tunnel(P["allowed"], get(P["allowed"]), P["allowed_name"])


@case("L2")
def http_to_the_allowed_host():
    return ask_proxy(f"http://{P['plain']}/", P["plain"])


@case("L3")
def https_to_a_sub_domain():
    return ask_inside_tunnel(P["subdomain"], get(P["subdomain"]), P["subdomain_name"])


@case("L4")
def a_client_that_knows_no_proxy_reaches_the_allowed_name():
    connection = tls(tcp(P["allowed_name"], P["tls_port"]), P["allowed_name"])
    connection.sendall(get(P["allowed"]))
    return answer(read_all(connection))


@case("L5")
def a_client_that_knows_no_proxy_reaches_the_allowed_name_over_http():
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(f"http://{P['plain']}/", timeout=SECONDS).read(40).decode()


@case("L6")
def a_client_that_knows_no_proxy_reaches_the_allowed_name_over_https():
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), trust)
    return opener.open(f"https://{P['allowed']}/", timeout=SECONDS).read(40).decode()


# ---- the cases of the battery for agent firewalls --------------------------------------------------------------

@case("A1")
def connect_to_a_denied_name():
    return first_reached(*(
        lambda authority=authority: ask_inside_tunnel(authority, get(P["denied"]), P["denied_name"])
        for authority in (P["denied"], P["denied"].upper(), f"{P['denied_name']}.:{P['tls_port']}",
                          f"{P['allowed_name']}@{P['denied']}", f"x.{P['allowed']}")
    ))


@case("A2")
def direct_https_to_a_denied_name():
    return first_reached(
        lambda: str(tcp(P["denied_name"], P["tls_port"])), lambda: str(tcp("example.com", 443)))


@case("A3")
def direct_https_to_the_address_of_the_allowed_host():
    connection = tls(tcp(P["address"], P["tls_port"]), P["allowed_name"])
    connection.sendall(get(P["allowed"], "/direct"))
    return answer(read_all(connection))


@case("A4")
def direct_https_to_a_raw_address():
    return first_reached(*(lambda ip=ip: str(tcp(ip, 443)) for ip in ("192.0.2.1", "198.51.100.7", "1.1.1.1")))


@case("A5")
def connect_to_another_port():
    return first_reached(*(
        lambda port=port: str(open_tunnel(f"{P['allowed_name']}:{port}")) for port in (22, 80, 443, P["trap_port"])
    ))


@case("A6")
def dns_at_a_resolver_of_my_choice():
    return first_reached(*(
        lambda host=host, port=port: datagram(host, port, by_send)
        for host, port in ((P["address"], P["udp_port"]), ("192.0.2.53", 53), ("8.8.8.8", 53))
    ))


@case("A6-own-resolver")
def the_resolver_inside_forwards_nothing():
    packets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    packets.settimeout(SECONDS)
    packets.sendto(dns_query("c2VjcmV0.tunnel.example"), ("127.0.0.1", 53))
    return answers_in(packets.recv(512))


@case("A7")
def cloud_metadata():
    return first_reached(
        lambda: ask_directly("169.254.169.254", 80, get("169.254.169.254", "/latest/meta-data/")),
        lambda: ask_proxy("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        lambda: ask_proxy("http://metadata.google.internal/", "metadata.google.internal"),
        lambda: ask_directly(P["address"], P["metadata_port"]),
        lambda: ask_proxy(f"http://{P['address']}:{P['metadata_port']}/", P["address"]),
    )


@case("A7-token")
def metadata_with_a_session_token():
    wants = "X-aws-ec2-metadata-token-ttl-seconds: 60\r\nContent-Length: 0\r\n"
    return first_reached(
        lambda: ask_directly("169.254.169.254", 80, get("169.254.169.254", "/latest/api/token", "PUT", wants)),
        lambda: ask_proxy("http://169.254.169.254/latest/api/token", "169.254.169.254", "PUT", wants),
        lambda: ask_directly(P["address"], P["metadata_port"], get(P["address"], "/latest/api/token", "PUT", wants)),
        lambda: ask_proxy(f"http://{P['address']}:{P['metadata_port']}/latest/api/token", P["address"], "PUT", wants),
    )


@case("A8")
def private_ranges_and_ports_of_the_host():
    hosts = ("10.0.0.1", "172.17.0.1", "192.168.0.1", "100.64.0.1")
    ports = (22, 2375, 3306, 5432, 6379, 8080)
    return first_reached(
        lambda: ask_directly(P["address"], P["trap_port"]),
        *(lambda host=host, port=port: str(tcp(host, port)) for host in hosts for port in ports),
    )


@case("A9")
def raw_ssh_to_the_allowed_name():
    def inside_the_tunnel():
        connection = open_tunnel(P["tunnel"])
        connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
        return answer(read_all(connection))

    return first_reached(lambda: str(tcp(P["allowed_name"], 22)), inside_the_tunnel)


@case("A10")
def quic():
    return first_reached(*(
        lambda host=host, port=port: datagram(host, port, by_send)
        for host, port in ((P["address"], P["udp_port"]), ("192.0.2.1", 443), ("1.1.1.1", 443))
    ))


@case("A11")
def icmp():
    echo = struct.pack(">BBHHH", 8, 0, 0xF7FF, 0, 0)

    def ping(kind):
        packets = socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP)
        packets.sendto(echo, ("192.0.2.1", 0))
        return "a packet left"

    return first_reached(lambda: ping(socket.SOCK_RAW), lambda: ping(socket.SOCK_DGRAM))


@case("A12")
def ipv6():
    return first_reached(
        lambda: str(tcp("2001:db8::1", 443, socket.AF_INET6)),
        lambda: str(tcp("2606:4700:4700::1111", 443, socket.AF_INET6)),
        lambda: str(tcp("::ffff:192.0.2.1", 443, socket.AF_INET6)),
        lambda: datagram("2001:db8::53", 53, by_send, socket.AF_INET6),
        lambda: str(tcp(f"::ffff:{P['address']}", P["trap_port"], socket.AF_INET6)),
    )


@case("TAMPER")
def change_the_network():
    def add_route():
        address = struct.pack("=HH4s8x", socket.AF_INET, 0, bytes(4))
        route = struct.pack("@L", 0) + address * 3 + struct.pack("@H", 1) + bytes(120 - 58)
        fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x890B, route)
        return "a route was added"

    def set_address():
        request = struct.pack("=16sHH4s8x", b"lo", socket.AF_INET, 0, bytes([10, 0, 0, 9]))
        fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8916, request)
        return "an address was set"

    def bind_device():
        packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        return f"a packet socket {packets.fileno()}"

    return first_reached(add_route, set_address, bind_device)
