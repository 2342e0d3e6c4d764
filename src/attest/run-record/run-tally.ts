import { REGISTRY_KINDS } from '../../policy/index.ts';
import { type JsonObject, type JsonValue, objectOf, textOf } from '../../system/index.ts';

/** What the records of a run tell, whether or not they tell all: what is not there is empty. */
export interface RunFacts {
  readonly agent: { readonly name: string; readonly version: string | null };
  readonly provider: string | null;
  /** Names that requests asked for, as the broker saw them. */
  readonly models: readonly string[];
  /** Tools that the model called, and how often the policy let it. By name. */
  readonly tools: readonly ToolUse[];
  /** Commitment to the command that was asked for, the prompt in it: salted, so that short ones cannot be guessed. */
  readonly promptDigest: string | null;
  /** Texts of others that may have reached the model: what started the run, what was fetched. */
  readonly untrusted: readonly UntrustedInput[];
  readonly baseCommit: string | undefined;
  readonly policyDigest: string;
  readonly decisions: {
    readonly allow: number;
    readonly deny: number;
    readonly ask: number;
    readonly modified: number;
  };
  /** Pieces of text that were taken out on their way, such as secrets. */
  readonly redactions: number;
  readonly pipeline: { readonly [fact: string]: string };
  readonly patchSha256: string;
  /** The git tree that the run made. */
  readonly resultTree: string;
  /** Paths that were kept out of the patch; `undefined`: the records count more than they name. */
  readonly withheld: readonly string[] | undefined;
  /** RFC 3339, of the first and the last record. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Hosts that were reached, files that were changed. */
  readonly hosts: readonly string[];
  readonly files: readonly string[];
}

export interface ToolUse {
  readonly name: string;
  readonly allowed: number;
  readonly denied: number;
}

export interface UntrustedInput {
  readonly kind: 'issue' | 'comment' | 'pr' | 'web' | 'dependency';
  /** `null`: the ledger does not tell which one it was. */
  readonly uri: string | null;
}

/** Events of CI systems whose text anybody may have written. */
const TRIGGERS: ReadonlyMap<string, UntrustedInput['kind']> = new Map([
  ['issues', 'issue'],
  ['issue_comment', 'comment'],
  ['discussion_comment', 'comment'],
  ['pull_request_review_comment', 'comment'],
  ['pull_request', 'pr'],
  ['pull_request_target', 'pr'],
  ['merge_request_event', 'pr'],
  ['PullRequest', 'pr'],
]);

const MOST_NAMES = 1000;

/** The records that tell of a run as a whole. A second one of a kind is none: the first is what the run was held to. */
const PARTS = ['run.start', 'sandbox.proof', 'sandbox.teardown', 'run.final'] as const;
export type RunPart = (typeof PARTS)[number];

/** Reads the records of one run, in their order and in one pass. What it says is as good as the log is. */
export class RunTally {
  readonly #parts = new Map<string, JsonObject>();
  readonly #withheld: string[] = [];
  readonly #decisions = { allow: 0, deny: 0, ask: 0, modified: 0 };
  readonly #models = new Set<string>();
  readonly #hosts = new Set<string>();
  readonly #files = new Set<string>();
  readonly #tools = new Map<string, ToolUse>();
  readonly #inputs = new Map<string, UntrustedInput>();
  #redactions = 0;
  #startedAt = '';
  #endedAt = '';

  add(record: JsonObject): void {
    const kind = textOf(record['kind']);
    if (PARTS.some((part) => part === kind) && !this.#parts.has(kind)) this.#parts.set(kind, record);
    const time = textOf(record['time']);
    if (this.#startedAt === '') this.#startedAt = time;
    this.#endedAt = time;
    const subject = objectOf(record['subject']);
    const verdict = objectOf(record['decision'])['verdict'];
    if (verdict === 'allow' || verdict === 'deny' || verdict === 'ask') this.#decisions[verdict] += 1;
    const removed = listOf(subject['redactions']).length + listOf(objectOf(record['observed'])['redactions']).length;
    this.#redactions += removed;
    if (removed > 0 || listOf(subject['strippedTools']).length > 0) this.#decisions.modified += 1;
    if (kind === 'model.request' && verdict === 'allow') put(this.#models, subject['model']);
    if (kind === 'network.request' && verdict !== 'deny') {
      put(this.#hosts, subject['host']);
      this.#input(sourceOf(subject, textOf(objectOf(record['decision'])['rule'])));
    }
    if (kind === 'tool.call') this.#call(subject, verdict === 'deny');
    if (kind !== 'file.change') return;
    if (subject['status'] === 'withheld') this.#withheld.push(textOf(subject['path']));
    else put(this.#files, subject['path']);
  }

  #call(subject: JsonObject, denied: boolean): void {
    const name = textOf(subject['tool']).slice(0, MOST_CHARACTERS);
    const { allowed, denied: refused } = this.#tools.get(name) ?? { allowed: 0, denied: 0 };
    if (name === '' || (this.#tools.size >= MOST_NAMES && !this.#tools.has(name))) return;
    this.#tools.set(name, { name, allowed: allowed + (denied ? 0 : 1), denied: refused + (denied ? 1 : 0) });
    const url = textOf(objectOf(subject['input'])['url']);
    if (!denied && url !== '') this.#input({ kind: 'web', uri: url.slice(0, MOST_CHARACTERS) });
  }

  #input(input: UntrustedInput): void {
    if (this.#inputs.size < MOST_NAMES) this.#inputs.set(`${input.kind} ${input.uri}`, input);
  }

  /** Undefined where the run did not come so far. */
  part(name: RunPart): JsonObject | undefined {
    return this.#parts.get(name);
  }

  facts(): RunFacts {
    const start = this.part('run.start') ?? {};
    const begun = objectOf(start['subject']);
    const agent = objectOf(begun['agent']);
    const change = objectOf(objectOf(objectOf(this.part('run.final')?.['subject'])['summary'])['change']);
    return {
      agent: { name: textOf(agent['id']), version: textOf(agent['version']) || null },
      provider: textOf(objectOf(begun['model'])['upstream']) || null,
      models: [...this.#models].sort(),
      tools: [...this.#tools.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
      promptDigest: promptOf(start),
      untrusted: [...triggersOf(begun), ...[...this.#inputs].sort(byKey).map(([, input]) => input)],
      baseCommit: textOf(objectOf(begun['base'])['commit']) || undefined,
      policyDigest: textOf(objectOf(begun['policy'])['digest']),
      decisions: this.#decisions,
      redactions: this.#redactions,
      pipeline: textsOf(objectOf(begun['pipeline'])),
      patchSha256: textOf(change['patchSha256']),
      resultTree: textOf(change['tree']),
      withheld: change['withheld'] === this.#withheld.length ? [...this.#withheld] : undefined,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      hosts: [...this.#hosts].sort(),
      files: [...this.#files].sort(),
    };
  }
}

/** A text in a statement is not longer (`schema-parts.ts`). */
const MOST_CHARACTERS = 4096;

/** The commitment that the first record of the run makes to what was asked for (docs/formats/ledger.md). */
function promptOf(start: JsonObject): string | null {
  const hmac = textOf(objectOf(objectOf(start['committed'])['asked'])['hmac']);
  return hmac === '' ? null : `hmac-sha256:${hmac}`;
}

/** A host alone, as a network-path reference (RFC 3986 §4.2): the record of a tunnel knows no scheme and no path. */
function sourceOf({ host, port }: JsonObject, rule: string): UntrustedInput {
  const isRegistry = REGISTRY_KINDS.some((kind) => rule.endsWith(`:${kind}`));
  return { kind: isRegistry ? 'dependency' : 'web', uri: `//${textOf(host)}:${countOf(port)}` };
}

function triggersOf(begun: JsonObject): readonly UntrustedInput[] {
  const kind = TRIGGERS.get(textOf(objectOf(begun['pipeline'])['cicd.trigger']));
  return kind === undefined ? [] : [{ kind, uri: null }];
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** A list; empty for anything else. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** A count; 0 for anything else. */
export function countOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function textsOf(object: JsonObject): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, textOf(value)]));
}

function put(set: Set<string>, value: JsonValue | undefined): void {
  if (typeof value === 'string' && value !== '' && set.size < MOST_NAMES) set.add(value);
}
