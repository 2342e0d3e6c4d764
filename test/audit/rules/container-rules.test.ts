import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { isCredentialName } from '../../../src/audit/rules/credential-name.ts';
import {
  SOUND_COMPOSE,
  SOUND_DEVCONTAINER,
  SOUND_DOCKERFILE,
  SOUND_POD,
} from '../../../src/audit/rules/ct/examples.ts';
import { CT_RULES } from '../../../src/audit/rules/ct/index.ts';
import { mountDanger } from '../../../src/audit/rules/mount-danger.ts';
import { readFacts } from '../../../src/facts/index.ts';
import { applyEdits, type FindingDraft } from '../../../src/findings/index.ts';
import { loadReaders, type Readers } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

let readers: Readers;
before(async () => {
  readers = await loadReaders();
});

function report(files: Record<string, string>, rule?: string): readonly FindingDraft[] {
  const facts = readFacts(memoryTree(files), readers);
  return CT_RULES.filter(({ id }) => rule === undefined || id === rule).flatMap((one) => [
    ...one.check(facts, { today: '2026-11-21' }),
  ]);
}

function ids(files: Record<string, string>): readonly string[] {
  return report(files).map(({ rule, severity }) => `${rule} ${severity}`);
}

describe('rules about containers', () => {
  it('are twelve, and silent on sound files of every kind', () => {
    assert.deepEqual(CT_RULES.map(({ id }) => id).sort(), [
      'CT001',
      'CT002',
      'CT003',
      'CT004',
      'CT005',
      'CT006',
      'CT007',
      'CT008',
      'CT009',
      'CT010',
      'CT011',
      'CT012',
    ]);
    const sound = {
      Dockerfile: SOUND_DOCKERFILE,
      'compose.yaml': SOUND_COMPOSE,
      'k8s/a.yaml': SOUND_POD,
      '.devcontainer/devcontainer.json': SOUND_DEVCONTAINER,
    };
    assert.deepEqual(ids(sound), []);
  });

  it('call the same weakness hygiene in a container without an agent', () => {
    const text = 'FROM debian:12\nCMD ["nginx"]\n';
    assert.deepEqual([...new Set(report({ Dockerfile: text }).map(({ severity }) => severity))], ['low']);
  });

  it('know an agent by what is installed in the stage below', () => {
    const text = `${SOUND_DOCKERFILE.replace('FROM', 'FROM').replace(/\nRUN/, ' AS tools\nRUN').replace('USER node\n', '')}FROM tools\nRUN date\n`;
    const findings = report({ Dockerfile: text }, 'CT003');
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      ['medium'],
    );
  });

  it('know a service by the Dockerfile that builds it', () => {
    const compose = 'services:\n  a:\n    build: ./agent\n    privileged: true\n';
    assert.deepEqual(
      report({ 'agent/Dockerfile': SOUND_DOCKERFILE, 'compose.yaml': compose }, 'CT004').map(
        ({ severity }) => severity,
      ),
      ['high'],
    );
  });

  it('show a literal key by four characters and its length, wherever it is', () => {
    const key = ['ghp_', 'Zq7mT2vK9xLr4Wc8Nf1Hb6Jd3Ps5Gy0aEuQi'].join('');
    const text = `FROM debian:12\nENV CODE="${key}"\n`;
    const [finding] = report({ Dockerfile: text }, 'CT002');
    assert.equal(finding?.severity, 'critical');
    assert.match(finding?.message ?? '', /GitHub token in ENV CODE: ghp_… \(40 characters\)/);
    assert.ok(!JSON.stringify(finding).includes(key.slice(0, 12)));
    assert.equal(text.slice(finding?.place.span.start, finding?.place.span.end), `"${key}"`);
  });

  it('remove a mount with its line, and its key when it was the only one', () => {
    const line = '      - /var/run/docker.sock:/var/run/docker.sock # builds\n';
    const two = SOUND_COMPOSE.replace('      - ./:/work\n', `      - ./:/work\n${line}`);
    assert.equal(mend({ 'compose.yaml': two }, 'CT005', 'compose.yaml'), SOUND_COMPOSE);
    const one = SOUND_COMPOSE.replace('      - ./:/work\n', '      - /var/run/docker.sock:/x\n');
    assert.equal(
      mend({ 'compose.yaml': one }, 'CT005', 'compose.yaml'),
      SOUND_COMPOSE.replace('    volumes:\n      - ./:/work\n', ''),
    );
  });

  it('switch the service account token off in block and flow style', () => {
    const block = SOUND_POD.replace('      automountServiceAccountToken: false\n', '');
    assert.equal(mend({ 'a.yaml': block }, 'CT006', 'a.yaml'), SOUND_POD);
    const flow =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, command: [claude, -p, x] }] }\n';
    assert.match(
      mend({ 'a.yaml': flow }, 'CT006', 'a.yaml'),
      /spec: \{ automountServiceAccountToken: false, containers/,
    );
  });

  it('put the containment in front of an entrypoint, in exec form and in shell form', () => {
    const exec = 'FROM a\nENTRYPOINT ["claude", "-p", "--dangerously-skip-permissions"]\n';
    assert.match(mend({ Dockerfile: exec }, 'CT010', 'Dockerfile'), /\["sallyport", "run", "--", "claude", "-p"/);
    const shell = 'FROM a\nCMD claude -p x --dangerously-skip-permissions\n';
    assert.match(mend({ Dockerfile: shell }, 'CT010', 'Dockerfile'), /CMD sallyport run -- claude -p x/);
  });

  it('tell what a mounted path gives away', () => {
    const kinds = ['/var/run/docker.sock', '~/.aws', '/root/.claude', '$HOME', '/', '/etc', './src', '/srv/data'].map(
      (path) => mountDanger(path)?.kind,
    );
    assert.deepEqual(kinds, [
      'engine',
      'credentials',
      'credentials',
      'home',
      'machine',
      'machine',
      undefined,
      undefined,
    ]);
  });

  it('tell the name of a credential from its neighbours', () => {
    for (const name of ['ANTHROPIC_API_KEY', 'GH_TOKEN', 'db_password', 'AWS_SECRET_ACCESS_KEY', 'CLIENT_SECRET'])
      assert.ok(isCredentialName(name), name);
    for (const name of ['MAX_TOKENS', 'PUBLIC_KEY', 'TOKEN_URL', 'KEYBOARD', 'SECRET_NAME', 'PATH', 'MONKEY'])
      assert.ok(!isCredentialName(name), name);
  });
});

function mend(files: Record<string, string>, rule: string, path: string): string {
  const [fix] = report(files, rule)[0]?.fixes ?? [];
  assert.ok(fix, `${rule} offers no fix`);
  const outcome = applyEdits(files[path] ?? '', fix.edits);
  assert.ok('text' in outcome, JSON.stringify(outcome));
  return outcome.text;
}
