/** C2SP tlog-policy: whose logs are known, whose witnesses count, and how many of them are enough. */
import { SallyportError } from '../errors/index.ts';
import { ED25519, ED25519_COSIGNATURE, NoteError, parseVerifierKey, type VerifierKey } from './note.ts';

const MAX_ENTRIES = 1024;

export interface Witness {
  /** Its name in the policy, which is not the name of its key. */
  readonly name: string;
  readonly key: VerifierKey;
}

interface Group {
  readonly threshold: number;
  readonly members: readonly string[];
}

/** A trust policy, read. */
export interface TrustPolicy {
  /** Known logs; empty when the log is known from elsewhere. */
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly Witness[];
  /** Whether the policy asks for cosignatures at all (`quorum none` does not). */
  readonly wantsQuorum: boolean;
  /** Whether these witnesses, by name, make the quorum. With `quorum none` always true. */
  hasQuorum(cosigned: ReadonlySet<string>): boolean;
}

/**
 * Read a trust policy.
 *
 * @param file how to name it in errors.
 * @throws SallyportError SP1505 with file and line.
 */
export function parseTrustPolicy(text: string, file = 'trust policy'): TrustPolicy {
  const reader = new PolicyReader(file);
  for (const [index, line] of text.split('\n').entries()) reader.read(line, index + 1);
  return reader.finish();
}

class PolicyReader {
  readonly #file: string;
  readonly #logs: VerifierKey[] = [];
  readonly #witnesses: Witness[] = [];
  /** Witnesses and groups share one namespace; a witness is a group of itself. */
  readonly #names = new Map<string, Group | 'witness'>();
  /** A name may be a member once, so that a witness counts in one way only. */
  readonly #members = new Set<string>();
  #quorum: string | undefined;
  #line = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(line: string, number: number): void {
    this.#line = number;
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) throw this.#error('holds control characters');
    const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (keyword === undefined || keyword.startsWith('#')) return;
    if (this.#names.size + this.#logs.length > MAX_ENTRIES) throw this.#error('the policy is too long');
    if (keyword === 'log') this.#readLog(items);
    else if (keyword === 'witness') this.#readWitness(items);
    else if (keyword === 'group') this.#readGroup(items);
    else if (keyword === 'quorum') this.#readQuorum(items);
    else throw this.#error('a line begins with `log`, `witness`, `group` or `quorum`');
  }

  finish(): TrustPolicy {
    const quorum = this.#quorum;
    if (quorum === undefined) throw this.#error('there is no `quorum` line');
    const names = this.#names;
    const holds = (name: string, cosigned: ReadonlySet<string>): boolean => {
      const entry = names.get(name);
      if (entry === undefined || entry === 'witness') return cosigned.has(name);
      return entry.members.filter((member) => holds(member, cosigned)).length >= entry.threshold;
    };
    return {
      logs: this.#logs,
      witnesses: this.#witnesses,
      wantsQuorum: quorum !== 'none',
      hasQuorum: (cosigned) => quorum === 'none' || holds(quorum, cosigned),
    };
  }

  #readLog([key, , ...rest]: readonly string[]): void {
    if (key === undefined || rest.length > 0) throw this.#error('write `log <vkey> [<url>]`');
    const parsed = this.#parseKey(key);
    if (parsed.type === ED25519_COSIGNATURE) throw this.#error('this is the key of a witness, not of a log');
    if (this.#logs.some((log) => log.material === parsed.material)) throw this.#error('this log is listed already');
    this.#logs.push(parsed);
  }

  #readWitness([name, key, , ...rest]: readonly string[]): void {
    if (name === undefined || key === undefined || rest.length > 0)
      throw this.#error('write `witness <name> <vkey> [<url>]`');
    const parsed = this.#parseKey(key);
    if (parsed.type === ED25519) throw this.#error('this is the key of a log, not of a witness');
    if (this.#witnesses.some((witness) => witness.key.material === parsed.material))
      throw this.#error('this witness is listed already');
    this.#define(name, 'witness');
    this.#witnesses.push({ name, key: parsed });
  }

  #readGroup([name, count, ...members]: readonly string[]): void {
    if (name === undefined || count === undefined || members.length === 0)
      throw this.#error('write `group <name> <k|any|all> <member>…`');
    const threshold = count === 'any' ? 1 : count === 'all' ? members.length : Number(count);
    if (!/^(any|all|[1-9][0-9]{0,8})$/.test(count) || threshold > members.length)
      throw this.#error(`of ${members.length} members not ${count} can be asked for`);
    for (const member of members) {
      if (!this.#names.has(member)) throw this.#error(`'${member}' is not defined on a line before`);
      if (this.#members.has(member)) throw this.#error(`'${member}' is already a member of a group`);
      this.#members.add(member);
    }
    this.#define(name, { threshold, members });
  }

  #readQuorum([name, ...rest]: readonly string[]): void {
    if (name === undefined || rest.length > 0) throw this.#error('write `quorum <name>` or `quorum none`');
    if (this.#quorum !== undefined) throw this.#error('there is a second `quorum` line');
    if (name !== 'none' && !this.#names.has(name)) throw this.#error(`'${name}' is not defined on a line before`);
    this.#quorum = name;
  }

  #define(name: string, entry: Group | 'witness'): void {
    if (name === 'none') throw this.#error('`none` cannot be defined');
    if (this.#names.has(name)) throw this.#error(`'${name}' is defined twice`);
    this.#names.set(name, entry);
  }

  #parseKey(text: string): VerifierKey {
    try {
      return parseVerifierKey(text);
    } catch (error) {
      if (error instanceof NoteError) throw this.#error(error.message);
      throw error;
    }
  }

  #error(message: string): SallyportError {
    return new SallyportError('SP1505', message, { at: { file: this.#file, line: this.#line, column: 1 } });
  }
}
