import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export type RefusalCode = keyof typeof STATUS;

/** Every reason for which the egress gate refuses, with the HTTP status that goes with it. */
const STATUS = {
  'bad-authority': 400,
  'bad-target': 400,
  'malformed-request': 400,
  'host-not-allowed': 403,
  'policy-denied': 403,
  'method-or-path-not-allowed': 403,
  'host-mismatch': 421,
  'upgrade-refused': 403,
  'secret-in-request': 403,
  'foreign-credential': 403,
  'reserved-address': 403,
  'unresolvable-host': 502,
  'not-tls': 403,
  'sni-missing': 403,
  'sni-mismatch': 403,
  'ech-refused': 403,
  'hello-timeout': 408,
  'request-timeout': 408,
  'request-too-large': 413,
  'request-encoding': 415,
  'bytes-out-budget': 403,
  'bytes-in-budget': 403,
  'too-many-connections': 503,
  'inspection-unavailable': 500,
  'upstream-unreachable': 502,
  'upstream-timeout': 504,
  'upstream-protocol-switch': 502,
  'compressed-response': 502,
  'not-recorded': 503,
  'internal-error': 500,
} as const;

/** Why something was not let through: a code for programs, a sentence for the agent and the person alike. */
export class Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  /** The policy rule that decided, when one did. */
  readonly rule: string;

  constructor(code: RefusalCode, message: string, rule = `egress/${code}`) {
    this.code = code;
    this.message = message;
    this.rule = rule;
  }

  get status(): number {
    return STATUS[this.code];
  }
}

/** A fault of ours is a refusal too: what was not judged does not pass. */
export function refuseOnFault(error: unknown): Refusal {
  return new Refusal(
    'internal-error',
    `the request could not be judged (${error instanceof Error ? error.name : 'fault'})`,
  );
}

/** Answer a request. The connection is closed: what follows on it is not trusted to be a request boundary. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = bodyOf(refusal);
  response.writeHead(refusal.status, refusal.code, {
    'x-sallyport-reason': refusal.code,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

/** The same on a bare connection, as the answer to CONNECT or to something that was no TLS. */
export function writeRefusal(socket: Duplex, refusal: Refusal): void {
  const body = bodyOf(refusal);
  const head = [
    `HTTP/1.1 ${refusal.status} ${refusal.code}`,
    `x-sallyport-reason: ${refusal.code}`,
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  closeWith(socket, `${head.join('\r\n')}\r\n\r\n${body}`);
}

/** A TLS client is told with a fatal alert, access_denied (RFC 8446 §6.2): it cannot read anything else. */
export function writeTlsAlert(socket: Duplex): void {
  closeWith(socket, Buffer.from([21, 3, 3, 0, 2, 2, 49]));
}

function closeWith(socket: Duplex, last: string | Buffer): void {
  socket.end(last, () => socket.destroy());
  socket.resume();
}

function bodyOf({ message }: Refusal): string {
  return `Sallyport: ${message}\n`;
}
