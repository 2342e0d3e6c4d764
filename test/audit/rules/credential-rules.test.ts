import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { SOUND_WORKFLOW } from '../../../src/audit/rules/crd/examples.ts';
import { CRD_RULES } from '../../../src/audit/rules/crd/index.ts';
import { readFacts } from '../../../src/facts/index.ts';
import { applyEdits, type FindingDraft } from '../../../src/findings/index.ts';
import { loadReaders, type Readers } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const PATH = '.github/workflows/review.yml';

let readers: Readers;
before(async () => {
  readers = await loadReaders();
});

function report(rule: string, files: Record<string, string>): readonly FindingDraft[] {
  const facts = readFacts(memoryTree(files), readers);
  return CRD_RULES.filter(({ id }) => id === rule).flatMap((one) => [...one.check(facts, { today: '2026-11-21' })]);
}

/** The sound workflow with one part replaced. */
function changed(from: string, to: string): Record<string, string> {
  assert.ok(SOUND_WORKFLOW.includes(from), from);
  return { [PATH]: SOUND_WORKFLOW.replace(from, () => to) };
}

/** Every file after the first fix of the first finding. */
function mended(rule: string, files: Record<string, string>): Record<string, string> {
  const [fix] = report(rule, files)[0]?.fixes ?? [];
  assert.ok(fix, `${rule} offers no fix`);
  const after = { ...files };
  for (const path of new Set(fix.edits.map(({ file }) => file))) {
    const outcome = applyEdits(
      files[path] ?? '',
      fix.edits.filter(({ file }) => file === path),
    );
    assert.ok('text' in outcome, JSON.stringify(outcome));
    after[path] = outcome.text;
  }
  return after;
}

describe('rules about credentials', () => {
  it('are twenty, and silent on a sound workflow', () => {
    assert.equal(CRD_RULES.length, 20);
    for (const { id } of CRD_RULES) assert.deepEqual(report(id, { [PATH]: SOUND_WORKFLOW }), [], id);
  });

  it('move a key from the job into the step of the agent and keep every other byte', () => {
    const files = changed(
      '    timeout-minutes: 10\n',
      `    timeout-minutes: 10\n    env:\n      OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }} # the key\n`,
    );
    const after = mended('CRD001', files);
    const line = `          OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}\n`;
    const wanted = SOUND_WORKFLOW.replace('          ANTHROPIC_API_KEY', () => `${line}          ANTHROPIC_API_KEY`);
    assert.equal(after[PATH], wanted);
    assert.deepEqual(report('CRD001', after), []);
  });

  it('offer no move where another step names the variable', () => {
    const files = changed(
      '    timeout-minutes: 10\n',
      `    timeout-minutes: 10\n    env:\n      OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}\n`,
    );
    files[PATH] += '      - run: echo "$OPENAI_API_KEY" | wc -c\n';
    const [finding] = report('CRD001', files);
    assert.equal(finding?.message.startsWith('OPENAI_API_KEY'), true);
    assert.equal(finding?.fixes, undefined);
  });

  it('stop the checkout from leaving its token, behind the comment of the line', () => {
    const files = changed('        with:\n          persist-credentials: false\n', '');
    assert.equal(mended('CRD006', files)[PATH], SOUND_WORKFLOW);
  });

  it('are for a person to take where somebody pushes with that token, or asked for it', () => {
    const kept = (prompt: string, value = '') => {
      const files = changed('          persist-credentials: false\n', value);
      return report('CRD006', { [PATH]: (files[PATH] ?? '').replace('Review the change', prompt) });
    };
    const safety = (prompt: string, value?: string) => kept(prompt, value)[0]?.fixes?.map((fix) => fix.safety);
    assert.deepEqual(safety('Review the change', '          fetch-depth: 1\n'), ['safe']);
    assert.deepEqual(safety('Mend it, then git push', '          fetch-depth: 1\n'), ['unsafe']);
    assert.deepEqual(safety('Review the change', '          persist-credentials: true\n'), ['unsafe']);
    const releasing = changed('          persist-credentials: false\n', '          fetch-depth: 1\n');
    releasing[PATH] += '      - run: npx semantic-release\n';
    assert.deepEqual(
      report('CRD006', releasing)[0]?.fixes?.map((fix) => fix.safety),
      ['unsafe'],
    );
  });

  it('ask nothing of what git fetches itself, which has no such input', () => {
    const own = SOUND_WORKFLOW.replace(
      '        with:\n          persist-credentials: false\n',
      (line) => `${line}      - run: git fetch origin main && git checkout FETCH_HEAD\n`,
    );
    const open = own.replace('        with:\n          persist-credentials: false\n', '');
    assert.equal(mended('CRD006', { [PATH]: open })[PATH], own);
  });

  it('say nothing of the token that a checkout leaves where the agent runs contained, in a copy without it', () => {
    const gitlab = (command: string) =>
      report('CRD006', { '.gitlab-ci.yml': `a:\n  script:\n    - ${command}\n` }).length;
    assert.equal(gitlab('claude -p x'), 1);
    assert.equal(gitlab('sallyport run -- claude -p x'), 0);
  });

  it('say where a token lies that an agent without programs can only read from disk', () => {
    const gitlab = (flags: string, variable = '') =>
      ['CRD003', 'CRD006'].filter(
        (rule) =>
          report(rule, { '.gitlab-ci.yml': `a:\n${variable}  script:\n    - claude -p x ${flags}\n` }).length > 0,
      );
    const clean = '  variables:\n    FF_GIT_URLS_WITHOUT_TOKENS: "true"\n';
    assert.deepEqual(gitlab('--allowedTools Bash'), ['CRD003', 'CRD006']);
    assert.deepEqual(gitlab('--tools Read'), ['CRD006']);
    assert.deepEqual(gitlab('--tools Read', clean), []);
    assert.deepEqual(gitlab('--allowedTools Bash', clean), ['CRD003']);
  });

  it('weigh a token that cannot write less, and call the fix unsafe where a later step pushes', () => {
    const reading = changed('        with:\n          persist-credentials: false\n', '');
    assert.equal(report('CRD006', reading)[0]?.severity, 'medium');
    const writing = (reading[PATH] ?? '').replace('contents: read', 'contents: write');
    const pushing = { [PATH]: `${writing}      - run: git push\n` };
    const [finding] = report('CRD006', pushing);
    assert.equal(finding?.severity, 'high');
    assert.equal(finding?.fixes?.[0]?.safety, 'unsafe');
  });

  it('let the job token pass where the workflow says that it only reads', () => {
    const given = (permission: string): Record<string, string> => ({
      [PATH]: SOUND_WORKFLOW.replace('contents: read', permission).replace(
        '          ANTHROPIC_API_KEY',
        () => `          GH_TOKEN: \${{ github.token }}\n          ANTHROPIC_API_KEY`,
      ),
    });
    assert.equal(report('CRD003', given('contents: write')).length, 1);
    assert.deepEqual(report('CRD003', given('contents: read')), []);
  });

  it('follow the token of an app from the step that mints it', () => {
    const mint = `      - uses: actions/create-github-app-token@29824e69f54612133e76f7eaac726eef6c875baf # v2.2.1\n        id: app\n        with:\n          app-id: 1\n          private-key: \${{ secrets.APP_KEY }}\n`;
    const text = SOUND_WORKFLOW.replace('      - name: Review\n', () => `${mint}      - name: Review\n`).replace(
      '          ANTHROPIC_API_KEY',
      () => `          GH_TOKEN: \${{ steps.app.outputs.token }}\n          ANTHROPIC_API_KEY`,
    );
    const [finding] = report('CRD004', { [PATH]: text });
    assert.equal(finding?.severity, 'high');
    assert.equal(text.slice(finding?.place.span.start, finding?.place.span.end), 'GH_TOKEN');
  });

  it('tell a whole secret map from a named secret', () => {
    const put = (value: string): Record<string, string> =>
      changed('          ANTHROPIC_API_KEY', `          X: \${{ ${value} }}\n          ANTHROPIC_API_KEY`);
    assert.equal(report('CRD020', put('toJSON(secrets)')).length, 1);
    assert.equal(report('CRD020', put("secrets[format('K_{0}', github.ref_name)]")).length, 1);
    assert.deepEqual(report('CRD020', put('secrets.NAME')), []);
    assert.deepEqual(report('CRD020', put("secrets['NAME']")), []);
    assert.deepEqual(report('CRD020', put("inputs.secrets || 'secrets'")), []);
  });

  it('see a secret in an address, in a header and as an option, and none that goes by the environment', () => {
    const run = (line: string): Record<string, string> =>
      changed(
        '      - name: Review\n',
        `      - run: |\n          ${line}\n        env:\n          TOKEN: \${{ secrets.TOKEN }}\n      - name: Review\n`,
      );
    assert.match(
      report('CRD010', run('git clone "https://x:$TOKEN@git.example.test/a.git"'))[0]?.message ?? '',
      /in an address/,
    );
    assert.match(
      report('CRD010', run('curl -H "Authorization: Bearer $TOKEN" https://a.example.test'))[0]?.message ?? '',
      /in a header/,
    );
    assert.match(report('CRD010', run('tool --api-key "$TOKEN" go'))[0]?.message ?? '', /as an option/);
    assert.deepEqual(report('CRD010', run('tool go')), []);
    assert.deepEqual(report('CRD010', run('echo "$TOKEN" | tool login --password-stdin')), []);
  });

  it('name a remote workflow at a branch worse than a pinned one', () => {
    const call = (ref: string): Record<string, string> => ({
      [PATH]: `on: push\njobs:\n  a:\n    uses: acme/shared/.github/workflows/claude.yml@${ref}\n    secrets: inherit\n`,
    });
    assert.equal(report('CRD009', call('main'))[0]?.severity, 'critical');
    assert.equal(report('CRD009', call('08c6903cd8c0fde910a37f88322edcfb5dd907a8'))[0]?.severity, 'high');
  });

  it('never show a key that they find', () => {
    const key = ['ghp_', 'Zq7mT2vK9xLr4Wc8Nf1Hb6Jd3Ps5Gy0aEuQi'].join('');
    const files = { 'CLAUDE.md': `Use ${key} for the API.\n` };
    const [finding] = report('CRD015', files);
    assert.match(finding?.message ?? '', /GitHub token: ghp_… \(40 characters\)/);
    assert.ok(!JSON.stringify(finding).includes(key.slice(0, 12)));
  });

  it('are low where a key looks made up or a password is short, and silent on what stands for one', () => {
    const server = (name: string, value: string) =>
      report('CRD015', {
        '.mcp.json': JSON.stringify({ mcpServers: { data: { command: 'data-server', env: { [name]: value } } } }),
      }).map(({ severity }) => severity);
    assert.deepEqual(server('ANTHROPIC_API_KEY', `sk-ant-api03-${'abcdefghij1234567890'.repeat(4)}`), ['low']);
    assert.deepEqual(server('DB_PASSWORD', 'Summer2026'), ['low']);
    for (const value of [
      'your-key-1234567',
      '${DB_PASSWORD}',
      '<password1>',
      'changeme1',
      'op://vault/data/key1',
      'none',
    ])
      assert.deepEqual(server('DB_PASSWORD', value), [], value);
    assert.deepEqual(server('MAX_TOKENS', '4096abcd'), []);
  });
});
