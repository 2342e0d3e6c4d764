/** What `make check-full` is made of. */

/** Test files run with these numbers instead of their short ones. */
export interface TestPart {
  readonly kind: 'tests';
  readonly name: string;
  readonly what: string;
  /** Files or folders under test/. A file belongs to the first part that names it. */
  readonly paths: readonly string[];
  /** Inputs for each property. */
  readonly inputs?: number;
  /** How often a process is killed. */
  readonly trials?: number;
  /** Measured on two idle cores. */
  readonly minutes: number;
}

/** A comparison with programs or suites of others, which are no dependencies of the project. */
export interface OutsidePart {
  readonly kind: 'outside';
  readonly name: string;
  readonly what: string;
  readonly script: string;
  /** What the arguments name; undefined when the script finds out for itself and ends with 3 when it is not there. */
  readonly needs: string | undefined;
}

export type Part = TestPart | OutsidePart;

const MILLION = 1_000_000;

/** Readers of bytes that an attacker writes: a million inputs for each property. */
const READERS: readonly TestPart[] = [
  reader('client-hello', 'TLS ClientHello and the authority of a request', 30, [
    'test/broker/egress/client-hello.test.ts',
    'test/broker/egress/authority.test.ts',
  ]),
  reader('http', 'HTTP request heads at the proxy', 60, ['test/broker/egress/http-head.test.ts']),
  reader('sse', 'server-sent events and strict JSON', 20, [
    'test/broker/model/sse.test.ts',
    'test/broker/model/strict-json.test.ts',
    'test/broker/model/clean-strings.test.ts',
  ]),
  reader('message-stream', 'the firewall on a stream of messages', 20, ['test/broker/model/message-stream.test.ts']),
  reader('policy', 'the policy file', 30, [
    'test/policy/mutated-policies.test.ts',
    'test/policy/reader.test.ts',
    'test/syntax/yaml.test.ts',
  ]),
  reader('ledger', 'records, notes and trust policies of the ledger', 20, [
    'test/ledger/canonical.test.ts',
    'test/ledger/note.test.ts',
    'test/ledger/trust.test.ts',
  ]),
  reader('ledger-log', 'whole logs with changed bytes, by both verifiers', 40, [
    'test/ledger/mutation.test.ts',
    'test/ledger/tampering.test.ts',
    'test/ledger/ledger.test.ts',
  ]),
  reader('patch', 'patches', 20, ['test/workspace/patch-paths.test.ts', 'test/review/patch']),
  reader('sandbox', 'system calls and names that the sandbox sees', 15, ['test/sandbox']),
  reader('text', 'secrets, hidden text and what a log may show', 60, ['test/text']),
];

function reader(name: string, what: string, minutes: number, paths: readonly string[]): TestPart {
  return { kind: 'tests', name, what, minutes, paths, inputs: MILLION };
}

/** Properties of whole rooms: an input is a program, a repository or a signed statement, and costs accordingly. */
const ROOMS: readonly TestPart[] = [
  room('syntax', 'readers of pipelines, scripts and settings', 100_000, 60, ['test/syntax']),
  room('agents', 'configuration and invocation of agents', 20_000, 20, ['test/agents']),
  room('pipelines', 'models of pipelines', 10_000, 30, ['test/pipelines']),
  room('findings', 'findings, suppressions and fixes', 10_000, 30, ['test/findings', 'test/inventory']),
  room('evidence', 'statements, approvals and forges', 10_000, 30, ['test/attest', 'test/forges', 'test/gate']),
  room('code', 'the taint engine and what a change does to controls', 3000, 40, ['test/taint', 'test/controls']),
  room('repositories', 'audits and reviews of whole repositories', 1000, 40, ['test/audit', 'test/review']),
  room('decisions', 'the decision function and the layers of a policy', 10_000, 30, ['test/policy']),
  room('workspace', 'staging and reading back a workspace', 200_000, 20, ['test/workspace']),
];

function room(name: string, what: string, inputs: number, minutes: number, paths: readonly string[]): TestPart {
  return { kind: 'tests', name, what, inputs, minutes, paths };
}

const FAULTS: TestPart = {
  kind: 'tests',
  name: 'faults',
  what: 'kill -9 at any point of a run, full disks, hanging upstreams',
  paths: ['test/faults'],
  trials: 200,
  minutes: 20,
};

const OUTSIDE: readonly OutsidePart[] = [
  outside('cosign', 'cosign takes our bundles and we take its', 'cosign-accepts'),
  outside('gh', "GitHub's client takes our bundles", 'gh-accepts'),
  outside('benchmark-java', 'OWASP Benchmark for Java', 'benchmark-java', 'DIRECTORY of the checkout'),
  outside('benchmark-python', 'OWASP Benchmark for Python', 'benchmark-python', 'DIRECTORY of the checkout'),
  outside('codeql-python', "CodeQL's tests for Python", 'codeql-python', 'DIRECTORY of the checkout'),
  outside('javascript-suites', 'programs whose lines others judged', 'javascript-suites', '--nodegoat DIRECTORY, …'),
  outside('juice-shop-fixes', 'right and wrong fixes', 'juice-shop-fixes', '--juice-shop DIRECTORY'),
  outside('secbench', 'npm packages with a known hole', 'secbench', '--packages DIRECTORY CHECKOUT'),
  outside('semgrep-suite', "tests of Semgrep's rules", 'semgrep-suite', 'DIRECTORY of the checkout'),
  outside('score-peers', 'fixtures of other scanners', 'score-peers', '--SUITE DIRECTORY, …'),
  outside('ingest-scans', 'real output of Semgrep and Bandit', 'ingest-scans', '--bin DIRECTORY'),
  outside('fix-schemas', "fixes against the platforms' own schemas", 'fix-schemas', '--PLATFORM SCHEMA, …'),
];

function outside(name: string, what: string, script: string, needs?: string): OutsidePart {
  return { kind: 'outside', name, what, script: `test/outside/${script}.ts`, needs };
}

/** In the order in which they run: what an attacker reaches first comes first. */
export const PARTS: readonly Part[] = [...READERS, FAULTS, ...ROOMS, ...OUTSIDE];
