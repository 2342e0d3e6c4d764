import { SallyportError } from '../../errors/index.ts';
import { askSocket } from '../../system/index.ts';
import { encodeString, readPublicKeyLine, SshFormatError, sshFingerprint, WireReader } from '../ssh/index.ts';
import { verifies } from '../verify/check-signature.ts';
import type { Signer } from './signer.ts';

/** Message numbers (draft-ietf-sshm-ssh-agent, §6.1). */
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
/** Somebody may have to confirm. Milliseconds. */
const TIMEOUT = 60_000;
const MAX_ANSWER = 64 * 1024;
/** Those that every verifier of a statement knows; hardware keys sign other bytes. */
const SIGNING_TYPES: readonly string[] = ['ssh-ed25519', 'ecdsa-sha2-nistp256'];

export interface AgentSignerOptions {
  /** The agent's socket: `SSH_AUTH_SOCK`. */
  readonly socket: string;
  /** The public half, a line as in `id_ed25519.pub`. */
  readonly publicKey: string;
}

/**
 * A signer whose key is with an SSH agent: the private half is in no file here. What the agent answers is checked
 * against the public key before anything is made of it.
 * @throws SallyportError SP2502 for a key that cannot sign statements, SP2503 when the agent does not sign
 */
export function agentSigner({ socket, publicKey }: AgentSignerOptions): Signer {
  const { type, blob, key } = readKey(publicKey);
  if (!SIGNING_TYPES.includes(type)) throw new SallyportError('SP2502', `a key of type ${type} cannot sign statements`);
  return {
    hint: sshFingerprint(blob),
    sign: async (message) => {
      const signature = await askAgent(socket, blob, message);
      if (verifies(message, signature, key)) return signature;
      throw new SallyportError('SP2503', 'what the agent wrote is no signature of the given key');
    },
  };
}

function readKey(line: string): ReturnType<typeof readPublicKeyLine> {
  try {
    return readPublicKeyLine(line);
  } catch (error) {
    if (error instanceof SshFormatError) throw new SallyportError('SP2502', `the public key ${error.message}`);
    throw error;
  }
}

async function askAgent(socket: string, blob: Buffer, message: Buffer): Promise<Buffer> {
  const body = Buffer.concat([Buffer.of(SIGN_REQUEST), encodeString(blob), encodeString(message), Buffer.alloc(4)]);
  const request = encodeString(body);
  const isWhole = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE();
  const question = { request, isWhole, maxBytes: MAX_ANSWER, timeout: TIMEOUT };
  try {
    return readAnswer(await askSocket(socket, question));
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    const reason = cause instanceof Error ? cause.message : 'it does not answer';
    throw new SallyportError('SP2503', `the SSH agent: ${reason}`, { cause });
  }
}

function readAnswer(bytes: Buffer): Buffer {
  const answer = new WireReader(new WireReader(bytes).string());
  if (answer.byte() !== SIGN_RESPONSE)
    throw new SallyportError('SP2503', 'the SSH agent does not sign with this key', {
      advice: 'Add it with ssh-add, or unlock the agent.',
    });
  const signature = new WireReader(answer.string());
  const name = signature.name();
  const value = signature.string();
  return name === 'ecdsa-sha2-nistp256' ? toDer(value) : value;
}

/** `r` and `s` of SSH (RFC 5656 §3.1.2) as the DER sequence that everybody else writes. */
function toDer(value: Buffer): Buffer {
  const reader = new WireReader(value);
  const numbers = [reader.string(), reader.string()].map((bytes) => {
    if (bytes.length > 33) throw new SshFormatError('holds a number that is too large for its curve');
    return Buffer.concat([Buffer.of(0x02, bytes.length), bytes]);
  });
  const body = Buffer.concat(numbers);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}
