/** `sallyport approve` as a person and a pipeline start it, with real git and real `ssh-keygen`. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type ApprovalGround, openApprovalGround } from './support/approval-ground.ts';

const REASON = ['--reason', 'the guard moved to the router', '--yes'];

interface Shown {
  readonly counted: readonly { readonly approver: string; readonly reason: string }[];
  readonly refused: readonly { readonly code: string }[];
  readonly rejections: readonly { readonly approver: string }[];
  readonly breakGlass: boolean;
  readonly missingOwners: readonly { readonly owners: readonly string[] }[];
  readonly faults: readonly string[];
}

function shown(ground: ApprovalGround, ...words: readonly string[]): Shown {
  const { code, stdout, stderr } = ground.approve('--show', '--format', 'json', ...words);
  assert.equal(code, 0, stderr);
  const report: Shown = JSON.parse(stdout);
  return report;
}

function key(ground: ApprovalGround, name: string): readonly string[] {
  return ['--key', join(ground.keys, name)];
}

function bundleOf(ground: ApprovalGround): string {
  const ref = 'refs/sallyport/attestations';
  const [path = ''] = ground.git('ls-tree', '-r', '--name-only', ref).split('\n');
  return ground.git('show', `${ref}:${path}`);
}

describe('sallyport approve', () => {
  it('shows the change, signs it, keeps it beside the repository, and it counts', () => {
    using ground = openApprovalGround();
    const head = ground.git('rev-parse', 'topic');
    const { code, stdout, stderr } = ground.approve(...key(ground, 'alice'), ...REASON);
    assert.equal(code, 0, stderr);
    for (const part of ['alice approves this change', head, 'refs/heads/main', 'src/pages.py', '@acme/security'])
      assert.ok(stdout.includes(part), part);
    const report = shown(ground);
    assert.deepEqual(
      report.counted.map(({ approver, reason }) => [approver, reason]),
      [['alice', 'the guard moved to the router']],
    );
    assert.deepEqual(report.missingOwners, []);
  });

  it('signs what `ssh-keygen -Y verify` believes, for this purpose and no other', () => {
    using ground = openApprovalGround();
    assert.equal(ground.approve(...key(ground, 'alice'), ...REASON).code, 0);
    const bundle: { readonly payload: string; readonly signature: { readonly armored: string } } = JSON.parse(
      bundleOf(ground),
    );
    const at = (name: string): string => join(ground.keys, name);
    writeFileSync(at('signature'), bundle.signature.armored);
    writeFileSync(at('allowed'), `alice ${readFileSync(at('alice.pub'), 'utf8')}`);
    const verify = (namespace: string): number | null =>
      spawnSync(
        'ssh-keygen',
        ['-Y', 'verify', '-n', namespace, '-I', 'alice', '-f', at('allowed'), '-s', at('signature')],
        { input: Buffer.from(bundle.payload, 'base64') },
      ).status;
    assert.equal(verify('approval@sallyport'), 0);
    assert.notEqual(verify('git'), 0);
  });

  it('is void after one more commit, and on another target', () => {
    using ground = openApprovalGround();
    assert.equal(ground.approve(...key(ground, 'alice'), ...REASON).code, 0);
    ground.git('checkout', '-q', 'topic');
    ground.repository.commit({ 'src/more.py': 'x = 1\n' });
    const report = shown(ground);
    assert.deepEqual([report.counted, report.refused.map(({ code }) => code)], [[], ['other-change']]);
    assert.equal(report.missingOwners.length, 1);
    assert.deepEqual(shown(ground, '--target-ref', 'refs/heads/release').counted, []);
  });

  it('does not count for whoever asked or pushed, also under another account', () => {
    using ground = openApprovalGround();
    assert.equal(ground.approve(...key(ground, 'alice'), ...REASON).code, 0);
    assert.deepEqual(shown(ground, '--requested-by', 'Alice-Acme').counted, []);
    assert.deepEqual(shown(ground, '--last-pusher', '@alice').counted, []);
    assert.equal(shown(ground, '--requested-by', 'somebody').counted.length, 1);
  });

  it('lets nobody approve whom the change itself makes an approver', () => {
    using ground = openApprovalGround();
    ground.git('checkout', '-q', 'topic');
    const stranger = join(ground.keys, 'mallory');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
    const row = `version: 1\nsigners:\n  - id: mallory\n    roles: [approver]\n    keys: [{ kind: ssh, publicKey: "${readFileSync(
      `${stranger}.pub`,
      'utf8',
    ).trim()}" }]\n`;
    ground.repository.commit({ '.sallyport/trust.yaml': row });
    const { code, stderr } = ground.approve('--key', stranger, ...REASON);
    assert.equal(code, 2);
    assert.match(stderr, /SP2601/);
  });

  it('asks for a reason and a confirmation, and signs nothing without', () => {
    using ground = openApprovalGround();
    const silent = ground.approve(...key(ground, 'alice'), '--reason', 'x');
    assert.deepEqual([silent.code, /SP2603/.test(silent.stderr)], [1, true]);
    const glass = ground.approve(...key(ground, 'alice'), '--break-glass', '--yes');
    assert.deepEqual([glass.code, /SP2604/.test(glass.stderr)], [2, true]);
    assert.deepEqual(shown(ground).counted, []);
  });

  it('takes an approval back with --dismiss, and the rejection stands', () => {
    using ground = openApprovalGround();
    assert.equal(ground.approve(...key(ground, 'alice'), ...REASON).code, 0);
    assert.match(ground.approve(...key(ground, 'bob'), '--dismiss', '--yes').stdout, /REJECTED {2}bob/);
    const report = shown(ground);
    assert.deepEqual([report.counted.length, report.rejections.map(({ approver }) => approver)], [1, ['bob']]);
  });

  it('breaks the glass only when two people do, and says so loudly', () => {
    using ground = openApprovalGround();
    const glass = ['--break-glass', ...REASON];
    assert.equal(ground.approve(...key(ground, 'alice'), ...glass).code, 0);
    const alone = shown(ground);
    assert.deepEqual([alone.breakGlass, alone.counted.length], [false, 0]);
    assert.match(ground.approve(...key(ground, 'bob'), ...glass).stdout, /THE GLASS WAS BROKEN/);
    const both = shown(ground);
    assert.deepEqual([both.breakGlass, both.counted.length], [true, 2]);
    assert.equal(ground.approve(...key(ground, 'alice'), ...glass, '--expires', '2d').code, 2);
  });

  it('writes a file with --output and leaves the repository alone', () => {
    using ground = openApprovalGround();
    const file = join(ground.keys, 'approval.json');
    assert.equal(ground.approve(...key(ground, 'alice'), ...REASON, '--output', file).code, 0);
    assert.deepEqual(shown(ground).counted, []);
    assert.equal(shown(ground, '--approvals', ground.keys).counted.length, 1);
  });

  it('uses a key of the agent, and a PKCS#8 key without ssh-keygen', () => {
    using ground = openApprovalGround();
    const socket = join(ground.keys, 'agent');
    const agent = spawnSync('ssh-agent', ['-a', socket], { encoding: 'utf8' }).stdout;
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)?.[1]);
    try {
      execFileSync('ssh-add', ['-q', join(ground.keys, 'alice')], { env: { SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
      execFileSync('rm', [join(ground.keys, 'alice')]);
      const result = ground.approveWith({ SSH_AUTH_SOCK: socket }, ...key(ground, 'alice.pub'), ...REASON);
      assert.equal(result.code, 0, result.stderr);
    } finally {
      process.kill(pid);
    }
    const { privateKey } = generateKeyPairSync('ed25519');
    const file = join(ground.keys, 'pkcs8.pem');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    assert.match(ground.approve('--key', file, ...REASON).stderr, /SP2601/);
    assert.match(ground.approve('--key', join(ground.keys, 'none'), ...REASON).stderr, /SP2602/);
  });

  it('shows text of the change as text: a hostile name moves no cursor', () => {
    using ground = openApprovalGround();
    ground.git('checkout', '-q', 'topic');
    ground.repository.commit({ 'src/\u001b[2J\u202efile.py': 'x = 1\n' });
    const { stdout } = ground.approve(...key(ground, 'alice'), '--preview');
    assert.ok(stdout.includes('<U+001B>') && stdout.includes('<U+202E>'));
    assert.ok(!stdout.includes('\u001b') && !stdout.includes('\u202e'));
  });

  it('shows what somebody would sign without his key', () => {
    using ground = openApprovalGround();
    const { code, stdout } = ground.approve('--preview', '--as', 'bob');
    assert.equal(code, 0);
    assert.equal(stdout, ground.approve(...key(ground, 'bob'), '--preview').stdout);
    assert.match(ground.approve('--preview').stderr, /^SP1001 say with --as who would sign — One of alice, bob\.\n$/);
    assert.match(ground.approve('--preview', '--as', 'carol').stderr, /^SP2601 carol is no approver/);
    assert.match(ground.approve('--as', 'bob').stderr, /^SP1001 name a key/);
  });

  it('warns before the signature when it will not count', () => {
    using ground = openApprovalGround();
    const preview = (...words: readonly string[]): string =>
      ground.approve(...key(ground, 'alice'), '--preview', ...words).stdout;
    assert.match(preview('--last-pusher', 'alice-acme'), /Attention\n {2}this will not count: whoever pushed last/);
    assert.doesNotMatch(preview('--last-pusher', 'somebody'), /Attention/);
  });

  it('lifts what the gate asks for, and only for what was shown', () => {
    using ground = openApprovalGround();
    ground.git('checkout', '-q', 'topic');
    ground.repository.commit({ '.github/workflows/build.yml': 'on: push\njobs: {}\n' });
    const gate = (): { readonly code: number | null; readonly stdout: string } =>
      ground.repository.sallyport('gate', 'topic', '--base', 'main');
    const before = gate();
    assert.deepEqual([before.code, /needs approval/.test(before.stdout)], [1, true], before.stdout);
    // Findings of a scanner that the gate was not given: what was shown is not what the gate sees.
    const scan = join(ground.keys, 'scan.sarif');
    writeFileSync(scan, SCAN);
    assert.equal(ground.approve(...key(ground, 'alice'), ...REASON, '--findings', scan).code, 0);
    const other = gate();
    assert.deepEqual([other.code, /what was shown is not what the gate sees/.test(other.stdout)], [1, true]);
    assert.equal(ground.approve(...key(ground, 'alice'), ...REASON).code, 0);
    const after = gate();
    assert.equal(after.code, 0, after.stdout);
  });

  it('answers with JSON also when it fails', () => {
    using ground = openApprovalGround();
    const { code, stdout } = ground.approve('--show', '--format', 'json', '--base', 'nowhere');
    const answer: { readonly error: { readonly code: string } } = JSON.parse(stdout);
    assert.deepEqual([code, answer.error.code], [2, 'SP1308']);
  });
});

const SCAN = JSON.stringify({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'scanner', version: '1', rules: [{ id: 'X1' }] } },
      results: [
        {
          ruleId: 'X1',
          level: 'error',
          message: { text: 'something' },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: '.github/workflows/build.yml' },
                region: { startLine: 1, endLine: 1 },
              },
            },
          ],
        },
      ],
    },
  ],
});

describe('sallyport approve --enrol --key', () => {
  const KEY = /publicKey: "ssh-ed25519 [\w+/=]+"/;

  it('prints a whole trust store where there is none, one that counts as it is', () => {
    using ground = openApprovalGround();
    ground.git('checkout', '-q', 'main');
    ground.git('rm', '-q', '.sallyport/trust.yaml');
    const { code, stdout, stderr } = ground.approve('--enrol', '--as', 'alice', ...key(ground, 'alice.pub'));
    assert.equal(code, 0, stderr);
    assert.match(stdout, KEY);
    ground.git('checkout', '-q', 'main');
    ground.repository.commit({ '.sallyport/trust.yaml': stdout });
    ground.git('checkout', '-q', '-B', 'topic');
    ground.repository.commit({ 'src/pages.py': 'def show(request):\n    return page(request)\n' });
    assert.equal(ground.approve(...key(ground, 'alice'), ...REASON).code, 0);
  });

  it('prints the row alone where there is a trust store, and writes nothing', () => {
    using ground = openApprovalGround();
    const { stdout } = ground.approve('--enrol', '--as', 'carol', ...key(ground, 'bob'));
    assert.match(stdout, /^ {6}- \{ kind: ssh, publicKey: "ssh-ed25519 [\w+/=]+" \}\n$/);
    assert.equal(ground.git('status', '--porcelain'), '');
  });

  it('takes no name that would write another row', () => {
    using ground = openApprovalGround();
    const { code, stdout } = ground.approve('--enrol', '--as', 'x\n  - id: mallory', ...key(ground, 'bob'));
    assert.deepEqual([code, stdout], [2, '']);
  });
});
