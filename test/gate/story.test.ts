/** The whole story with the real programs: run, gate, approvals, attestation, merge, verification, and a bypass. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { PROGRAM } from '../commands/support/repository.ts';

const GUARDED = `export function canDelete(user, doc) {
  if (doc.owner !== user.id && !user.roles.includes("admin")) return false;
  return verifySession(user.session);
}
`;
const OPEN = `export function canDelete(user, doc) {
  return verifySession(user.session);
}
`;
const HUMANS = ['carol', 'dan'] as const;
const MACHINES = ['runner', 'reviewer', 'gate'] as const;

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly said: string;
}

/** A protected branch with a trust store, its people and its machines. */
class Stage implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'gate-story-'));
  readonly app = join(this.#root, 'app');
  readonly out = join(this.#root, 'out');

  constructor() {
    mkdirSync(this.app);
    for (const name of HUMANS)
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', this.file(name)]);
    for (const name of MACHINES) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      writeFileSync(this.file(`${name}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
      writeFileSync(this.file(`${name}.pub`), publicKey.export({ type: 'spki', format: 'pem' }));
    }
    this.git('init', '-q', '-b', 'main');
    this.git('remote', 'add', 'origin', 'https://forge.example.test/acme/app.git');
    this.commit({ '.sallyport/trust.yaml': this.#trust(), 'src/auth.js': GUARDED });
  }

  file(name: string): string {
    return join(this.#root, name);
  }

  #trust(): string {
    const keyOf = (kind: string, name: string) => ({
      kind,
      publicKey: readFileSync(this.file(`${name}.pub`), 'utf8').trim(),
    });
    return JSON.stringify({
      version: 1,
      signers: [
        ...HUMANS.map((id) => ({ id, roles: ['approver'], emails: [`${id}@example.test`], keys: [keyOf('ssh', id)] })),
        ...MACHINES.map((id) => ({ id, roles: [id], keys: [keyOf('p256', id)] })),
      ],
    });
  }

  git(...words: readonly string[]): string {
    return execFileSync('git', ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.test', ...words], {
      cwd: this.app,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: this.#root, GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  }

  commit(files: { readonly [path: string]: string }): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.app, path)), { recursive: true });
      writeFileSync(join(this.app, path), text);
    }
    this.git('add', '-A');
    this.git('commit', '-q', '-m', 'a commit');
  }

  sallyport(...words: readonly string[]): Outcome {
    const { status, stdout, stderr } = spawnSync(PROGRAM, words, {
      cwd: this.app,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: this.#root },
    });
    return { code: status, stdout, said: `${words.join(' ')}\n${stdout}${stderr}` };
  }

  /** The gate on the agent's branch. */
  judge(): { readonly verdict: string; readonly label: string; readonly approvals: { readonly missing: number } } {
    const { stdout, said } = this.sallyport('gate', 'agent', '--base', 'main', '--run', this.out, '--format', 'json');
    assert.notEqual(stdout, '', said);
    writeFileSync(this.file('gate.json'), stdout);
    return JSON.parse(stdout);
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function ends(code: number, outcome: Outcome): void {
  assert.equal(outcome.code, code, outcome.said);
}

test('an agent’s change is contained, judged, approved by two people, attested, merged and verified; a bypass is noticed', () => {
  using stage = new Stage();
  writeFileSync(stage.file('open.js'), OPEN);
  const script = `cat > src/auth.js <<'END'\n${OPEN}END\n`;
  ends(0, stage.sallyport('run', '--out', stage.out, '--', '/bin/sh', '-c', script));
  stage.git('checkout', '-q', '-b', 'agent');
  stage.git('apply', '--index', join(stage.out, 'changes.patch'));
  stage.git('commit', '-q', '-m', 'simplify');

  const first = stage.judge();
  assert.deepEqual([first.verdict, first.label, first.approvals.missing], ['needs-approval', 'ai-assisted', 2]);
  const approve = (name: string): Outcome =>
    stage.sallyport(
      'approve',
      'agent',
      '--base',
      'main',
      '--key',
      stage.file(name),
      '--reason',
      'the session says it',
      '--yes',
    );
  ends(0, approve('carol'));
  const second = stage.judge();
  assert.deepEqual([second.verdict, second.approvals.missing], ['needs-approval', 1]);
  ends(0, approve('dan'));
  assert.equal(stage.judge().verdict, 'pass');

  writeFileSync(stage.file('review.json'), stage.sallyport('review', '--base', 'main', '--format', 'json').stdout);
  const attest = (name: string, option: string, file: string): Outcome =>
    stage.sallyport('attest', option, file, '--key', stage.file(`${name}.pem`));
  ends(0, attest('runner', '--run', stage.out));
  ends(0, attest('reviewer', '--review', stage.file('review.json')));
  ends(0, attest('gate', '--gate', stage.file('gate.json')));

  stage.git('checkout', '-q', 'main');
  stage.git('merge', '-q', '--ff-only', 'agent');
  ends(0, stage.sallyport('verify', 'HEAD~1..HEAD'));

  stage.commit({ 'src/back-door.js': 'export const open = true;\n' });
  ends(1, stage.sallyport('verify', 'HEAD~1..HEAD'));
});
