/** What must work: without it the rest would prove nothing. */
export const CONTROLS = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6'] as const;

/** What must be stopped, and the refusals (`host:port code`) that must be on record for it; none when no packet left. */
export const STOPPED: { readonly [id: string]: readonly string[] } = {
  A1: [
    'denied.egress.test:TLS host-not-allowed',
    'malformed bad-authority',
    'x.allowed.egress.test:TLS host-not-allowed',
  ],
  A2: [],
  A3: [],
  A4: [],
  A5: ['allowed.egress.test:22 host-not-allowed'],
  A6: [],
  'A6-own-resolver': [],
  A7: ['169.254.169.254:80 host-not-allowed', 'metadata.google.internal:80 host-not-allowed'],
  'A7-token': ['169.254.169.254:80 host-not-allowed'],
  A8: [],
  A9: ['tunnel.egress.test:TLS not-tls'],
  A10: [],
  A11: [],
  A12: [],
  TAMPER: [],
  'SNI-other': ['tunnel.egress.test:TLS sni-mismatch', 'allowed.egress.test:TLS sni-mismatch'],
  'SNI-none': ['tunnel.egress.test:TLS sni-missing', 'allowed.egress.test:TLS sni-missing'],
  ECH: ['tunnel.egress.test:TLS ech-refused'],
  'CONNECT-address': ['127.0.0.31:TLS host-not-allowed'],
  DoH: ['doh.egress.test:TLS host-not-allowed', 'dns.google:443 host-not-allowed'],
  DoT: ['allowed.egress.test:853 host-not-allowed', '1.1.1.1:853 host-not-allowed'],
  'DNS-TCP': [],
  DoQ: [],
  sendmsg: [],
  sendmmsg: [],
  FASTOPEN: [],
  UNIX: [],
  VSOCK: [],
  'PLAIN-in-tunnel': ['tunnel.egress.test:TLS not-tls'],
  'HOST-other': ['allowed.egress.test:TLS host-mismatch'],
  WEBSOCKET: ['allowed.egress.test:TLS upgrade-refused', 'malformed upgrade'],
  'KEPT-ALIVE': ['127.0.0.31:METADATA host-not-allowed', 'allowed.egress.test:TLS host-mismatch'],
  'ABSOLUTE-other': ['denied.egress.test:PLAIN host-not-allowed'],
  'HOST-other-captured': ['plain.egress.test:PLAIN host-mismatch'],
  'NO-PROXY': [],
};

/**
 * What gets through without a sandbox and through a proxy that lets everything pass: the proof that these attempts are
 * real. The others leave loopback, need names of the sandbox's resolver, or would change this machine.
 */
export const REACHED_WITHOUT_WALL = [
  ...['L1', 'L2', 'L3', 'A1', 'A3', 'A5', 'A6', 'A7', 'A7-token', 'A8', 'A10', 'SNI-other', 'SNI-none', 'ECH'],
  ...['CONNECT-address', 'DoH', 'DoT', 'DNS-TCP', 'sendmsg', 'sendmmsg', 'FASTOPEN', 'UNIX', 'HOST-other', 'WEBSOCKET'],
  ...['KEPT-ALIVE', 'ABSOLUTE-other', 'NO-PROXY'],
] as const;
