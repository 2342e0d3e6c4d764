import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository, PROGRAM, type Repository } from './repository.ts';

/** A repository with a trust store, two approvers with SSH keys, and a change on a branch. */
export interface ApprovalGround extends Disposable {
  readonly repository: Repository;
  /** Folder of the keys: `alice`, `bob`. */
  readonly keys: string;
  git(...words: readonly string[]): string;
  /** Approves `topic` onto `main`; further words come behind. */
  approve(...words: readonly string[]): Outcome;
  /** The same, with a variable more in the environment. */
  approveWith(environment: { readonly [name: string]: string }, ...words: readonly string[]): Outcome;
  /** Started and not waited for. */
  start(...words: readonly string[]): Started;
  /** Writes the trust store, with more keys for alice, and commits it on `main`; `topic` is made again on it. */
  trust(moreKeys?: string, group?: string): void;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that goes on, with what it has printed so far. */
export interface Started extends AsyncDisposable {
  /** The first address that it prints. */
  address(): Promise<string>;
  end(): Promise<Outcome>;
}

const GUARDED = 'def show(request):\n    require_admin(request)\n    return page(request)\n';
const OPEN = 'def show(request):\n    return page(request)\n';

export function openApprovalGround(): ApprovalGround {
  const repository = openRepository();
  const keys = mkdtempSync(join(tmpdir(), 'approval-keys-'));
  for (const name of ['alice', 'bob'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(keys, name)]);
  const environment = { PATH: '/usr/bin:/bin', HOME: keys };
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Dora', '-c', 'user.email=dora@example.test', ...words], {
      cwd: repository.root,
      encoding: 'utf8',
      env: { ...environment, GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  const words = (more: readonly string[]): readonly string[] => ['approve', 'topic', '--base', 'main', ...more];
  const approveWith: ApprovalGround['approveWith'] = (extra, ...more) => {
    const env = { ...environment, ...extra };
    const result: SpawnSyncReturns<string> = spawnSync(PROGRAM, words(more), {
      cwd: repository.root,
      encoding: 'utf8',
      env,
    });
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
  };
  const ground: ApprovalGround = {
    repository,
    keys,
    git,
    approveWith,
    approve: (...more) => approveWith({}, ...more),
    start: (...more) => start(repository.root, environment, words(more)),
    trust: (moreKeys = '', group = 'acme/security: [alice]') => {
      const line = (name: string): string => readFileSync(join(keys, `${name}.pub`), 'utf8').trim();
      git('checkout', '-q', 'main');
      repository.commit({ '.sallyport/trust.yaml': trustStore(line('alice'), line('bob'), moreKeys, group) });
      git('checkout', '-q', '-B', 'topic');
      repository.commit({ 'src/pages.py': OPEN });
    },
    [Symbol.dispose]() {
      repository[Symbol.dispose]();
      rmSync(keys, { recursive: true, force: true });
    },
  };
  repository.commit({ 'src/pages.py': GUARDED, '.github/CODEOWNERS': '/src/ @acme/security\n' });
  ground.trust();
  chmodSync(join(keys, 'alice'), 0o600);
  return ground;
}

function trustStore(alice: string, bob: string, moreKeys: string, group: string): string {
  return `version: 1
signers:
  - id: alice
    roles: [approver]
    logins: { github: alice-acme }
    keys:
      - { kind: ssh, publicKey: "${alice}" }
${moreKeys}  - id: bob
    roles: [approver]
    keys:
      - { kind: ssh, publicKey: "${bob}" }
groups:
  ${group}
`;
}

function start(root: string, environment: { readonly [name: string]: string }, words: readonly string[]): Started {
  const child = spawn(PROGRAM, words, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const found = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<Outcome>();
  // Whoever waits for one of them hears of it; a test that waits for neither must not fail by it.
  found.promise.catch(() => undefined);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    const address = /http:\/\/localhost:\d+\/[\w-]+/.exec(stderr)?.[0];
    if (address !== undefined) found.resolve(address);
  });
  child.on('close', (code) => {
    found.reject(new Error(`it ended with ${code}: ${stderr}`));
    ended.resolve({ code, stdout, stderr });
  });
  return {
    address: () => found.promise,
    end: () => ended.promise,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended.promise;
    },
  };
}
