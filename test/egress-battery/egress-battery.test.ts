/**
 * The adversarial egress battery, made by the agent from inside a real run: what is allowed works, nothing else leaves,
 * nothing arrives where it must not, and what the broker refused is on record with its reason. The same attempts are
 * also made without a wall, where they must get through: an attempt that cannot succeed proves nothing.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { readRecords } from '../../src/ledger/index.ts';
import { type JsonObject, removeTree } from '../../src/system/index.ts';
import { CONTROLS, REACHED_WITHOUT_WALL, STOPPED } from './expectations.ts';
import { type FakeInternet, startFakeInternet } from './fake-internet.ts';
import { startNaiveProxy } from './naive-proxy.ts';

const PROGRAM = resolve(import.meta.dirname, '../../src/cli.ts');
const PYTHON = '/usr/bin/python3';
const LONGEST_MILLISECONDS = 60_000;
const self = process.getuid?.() ?? 0;
const NOBODY = 65_534;
/** Under root the battery is also made by a run of a normal user, where this host lets one start a run at all. */
const USERS = self === 0 && canStart(NOBODY) ? [0, NOBODY] : [self];

interface Outcome {
  readonly id: string;
  /** `not-run` says that the attempt could not be made, which is never a pass. */
  readonly outcome: 'reached' | 'stopped' | 'not-run';
  readonly detail: string;
}

interface Battery {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly served: readonly string[];
  readonly trapped: readonly string[];
}

interface Traffic {
  /** As the expectations spell them. */
  readonly refusals: ReadonlySet<string>;
  readonly allowed: number;
}

for (const uid of USERS) {
  describe(`the egress battery, run by ${uid === 0 ? 'root' : `user ${uid}`}`, () => {
    let battery: Battery & Traffic;
    before(async () => {
      battery = await makeInside(uid);
    });

    for (const id of CONTROLS) {
      test(`${id} is allowed and works`, () => {
        const { outcome, detail } = outcomeOf(battery, id);
        assert.equal(outcome, 'reached', detail);
      });
    }

    for (const [id, refusals] of Object.entries(STOPPED)) {
      test(`${id} is stopped${refusals.length > 0 ? ` and on record: ${refusals.join(', ')}` : ''}`, () => {
        const { outcome, detail } = outcomeOf(battery, id);
        assert.equal(outcome, 'stopped', detail);
        for (const refusal of refusals) assert.ok(battery.refusals.has(refusal), [...battery.refusals].join('\n'));
      });
    }

    test('no case is made that nobody expects', () => {
      const expected = [...CONTROLS, ...Object.keys(STOPPED)].sort();
      assert.deepEqual([...battery.outcomes.keys()].sort(), expected);
    });

    test('nothing arrived where nothing may arrive', () => assert.deepEqual(battery.trapped, []));

    test('what arrived at the allowed hosts is on record, request for request', () => {
      assert.equal(battery.served.length, battery.allowed, battery.served.join('\n'));
    });
  });
}

describe('the same attempts without a wall', () => {
  let battery: Battery;
  before(async () => {
    battery = await withInternet((directory, internet) => makeOutside(directory, internet));
  });

  for (const id of REACHED_WITHOUT_WALL) {
    test(`${id} gets through`, () => {
      const { outcome, detail } = outcomeOf(battery, id);
      assert.equal(outcome, 'reached', detail);
    });
  }

  test('every trap notices', () => {
    const traps = ['metadata', 'tcp', 'udp', 'unix abstract', 'unix path'];
    assert.deepEqual([...new Set(battery.trapped)].filter((what) => traps.includes(what)).sort(), traps);
  });
});

function canStart(uid: number): boolean {
  const options = { uid, gid: uid, cwd: '/', env: { PATH: '/usr/bin:/bin' }, timeout: LONGEST_MILLISECONDS };
  return spawnSync(process.execPath, [PROGRAM, 'doctor'], options).status === 0;
}

function outcomeOf({ outcomes }: Battery, id: string): Outcome {
  return outcomes.get(id) ?? { id, outcome: 'not-run', detail: 'the battery did not get to it' };
}

async function withInternet<Result>(use: (directory: string, internet: FakeInternet) => Promise<Result>) {
  const directory = mkdtempSync(join(tmpdir(), 'egress-battery-'));
  try {
    chmodSync(directory, 0o755);
    await using internet = await startFakeInternet(directory);
    return await use(directory, internet);
  } finally {
    await removeTree(directory);
  }
}

function makeInside(uid: number): Promise<Battery & Traffic> {
  return withInternet(async (directory, internet) => {
    const workspace = provide(directory, internet);
    const policy = join(directory, 'policy.json');
    writeFileSync(policy, JSON.stringify(policyFor(internet.parameters, join(workspace, 'authority.pem'))));
    if (uid !== self) for (const path of [directory, workspace]) chownSync(path, uid, uid);
    const out = join(directory, 'out');
    const stdout = await execute(
      [process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM, 'run', '--policy', policy, '--out', out],
      { cwd: workspace, uid, environment: { HOME: directory, TMPDIR: directory } },
    );
    const { served, trapped } = internet;
    return {
      outcomes: readOutcomes(stdout),
      served,
      trapped,
      ...readTraffic(join(out, 'ledger'), internet.parameters),
    };
  });
}

async function makeOutside(directory: string, internet: FakeInternet): Promise<Battery> {
  await using proxy = await startNaiveProxy(internet.parameters.address);
  const workspace = provide(directory, internet, { loopback_only: true, only: REACHED_WITHOUT_WALL });
  const stdout = await execute([], { cwd: workspace, uid: self, environment: { HTTPS_PROXY: proxy.url } });
  return { outcomes: readOutcomes(stdout), served: internet.served, trapped: internet.trapped };
}

/** The workspace with the battery in it. */
function provide(directory: string, { parameters, authority }: FakeInternet, more: object = {}): string {
  const workspace = join(directory, 'workspace');
  mkdirSync(workspace);
  for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.py'))) {
    cpSync(join(import.meta.dirname, file), join(workspace, file));
  }
  writeFileSync(join(workspace, 'authority.pem'), authority);
  writeFileSync(
    join(workspace, 'parameters.json'),
    JSON.stringify({ ...parameters, ...more, authority: 'authority.pem' }),
  );
  return workspace;
}

interface Surroundings {
  readonly cwd: string;
  readonly uid: number;
  readonly environment: { readonly [name: string]: string };
}

/** Makes the battery, behind `wrapper` when there is one; what it printed. */
async function execute(wrapper: readonly string[], { cwd, uid, environment }: Surroundings): Promise<string> {
  const battery = [PYTHON, '-B', 'battery.py', 'parameters.json'];
  const [program = PYTHON, ...rest] = wrapper.length > 0 ? [...wrapper, '--', ...battery] : battery;
  const child = spawn(program, rest, {
    ...{ cwd, timeout: LONGEST_MILLISECONDS, stdio: ['ignore', 'pipe', 'pipe'] },
    ...(uid === self ? {} : { uid, gid: uid }),
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  return stdout;
}

function policyFor({ address, tls_port: port, plain_port }: FakeInternet['parameters'], ca: string): JsonObject {
  return {
    version: 1,
    network: {
      allow: [
        { host: 'allowed.egress.test', port, protocol: 'https', tls: 'inspect', address, ca },
        { host: 'tunnel.egress.test', port, protocol: 'https', tls: 'tunnel', address },
        { host: '*.sub.egress.test', port, protocol: 'https', tls: 'tunnel', address },
        { host: 'plain.egress.test', port: plain_port, protocol: 'http', address },
      ],
    },
    limits: { minutes: 1 },
  };
}

function readOutcomes(stdout: string): ReadonlyMap<string, Outcome> {
  const outcomes = stdout.matchAll(/^EGRESS (.*)$/gm).map(([, json = '']): Outcome => JSON.parse(json));
  return new Map(outcomes.map((outcome) => [outcome.id, outcome]));
}

function readTraffic(directory: string, { tls_port, plain_port, metadata_port }: FakeInternet['parameters']): Traffic {
  const names = new Map<unknown, string>([
    [tls_port, 'TLS'],
    [plain_port, 'PLAIN'],
    [metadata_port, 'METADATA'],
  ]);
  const refusals = new Set<string>();
  let allowed = 0;
  for (const { record } of readRecords(directory)) {
    if (record?.['kind'] !== 'network.request') continue;
    const { subject, decision, observed } = record as Record<string, JsonObject | undefined>;
    if (decision?.['verdict'] === 'allow') allowed += 1;
    const port = subject?.['port'];
    const destination = subject?.['host'] === undefined ? 'malformed' : `${subject['host']}:${names.get(port) ?? port}`;
    if (decision?.['verdict'] === 'deny') refusals.add(`${destination} ${observed?.['refused'] ?? decision['rule']}`);
  }
  return { refusals, allowed };
}
