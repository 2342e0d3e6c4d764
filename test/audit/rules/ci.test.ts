import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CI_RULES } from '../../../src/audit/rules/ci/index.ts';
import { readFacts } from '../../../src/facts/index.ts';
import type { FindingDraft } from '../../../src/findings/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();

function check(files: Readonly<Record<string, string>>, rule: string): readonly FindingDraft[] {
  const found = CI_RULES.find(({ id }) => id === rule);
  return found === undefined ? [] : [...found.check(readFacts(memoryTree(files), readers), { today: '2026-11-21' })];
}

function workflow(on: string, steps: string, job = ''): string {
  return `on: ${on}\npermissions: {}\njobs:\n  work:\n    runs-on: ubuntu-24.04\n${job}    steps:\n${steps.replaceAll(/^(?=.)/gm, '      ')}\n`;
}

function checkOne(rule: string, text: string): readonly FindingDraft[] {
  return check({ '.github/workflows/work.yml': text }, rule);
}

/** The text after the finding's first fix. */
function mend(text: string, [finding]: readonly FindingDraft[]): string {
  const edits = finding?.fixes?.[0]?.edits.toSorted((a, b) => b.span.start - a.span.start) ?? [];
  return edits.reduce((rest, { span, text: put }) => rest.slice(0, span.start) + put + rest.slice(span.end), text);
}

const TITLE = `- run: echo "\${{ github.event.issue.title }}"`;

describe('CI001 template injection', () => {
  for (const [name, on, job, severity] of [
    ['critical where anybody starts it', 'issues', '', 'critical'],
    ['high where somebody must act', 'issues', "    if: github.event.label.name == 'ready'\n", 'high'],
    [
      'high behind a check of the author',
      'issues',
      "    if: github.event.issue.author_association == 'OWNER'\n",
      'high',
    ],
    ['low where only members start it', 'push', '', 'low'],
  ] as const) {
    it(`is ${name}`, () => {
      assert.deepEqual(
        checkOne('CI001', workflow(on, TITLE, job)).map((finding) => finding.severity),
        [severity],
      );
    });
  }

  for (const expression of [
    'github.triggering_actor',
    'github.event.pull_request.head.sha',
    "github.event_name == 'push' && 'a' || 'b'",
    'steps.build.outcome',
    'github.run_number',
  ]) {
    it(`is silent on ${expression}`, () => {
      assert.deepEqual(checkOne('CI001', workflow('pull_request_target', `- run: echo \${{ ${expression} }}`)), []);
    });
  }

  it('sees a value of the matrix that an expression makes, alone or in a row', () => {
    const found = (matrix: string, name = 'x') =>
      checkOne(
        'CI001',
        workflow('issues', `- run: echo \${{ matrix.${name} }}`, `    strategy: { matrix: { ${matrix} } }\n`),
      ).map(({ severity }) => severity);
    const title = '"${{ github.event.issue.title }}"';
    assert.deepEqual(found(`x: [a, ${title}]`), ['critical']);
    assert.deepEqual(found(`include: [{ x: a }, { x: ${title} }]`), ['critical']);
    assert.deepEqual(found(`x: ["\${{ github.event.issue.number }}"]`), []);
    assert.deepEqual(found(`x: [a, b], y: [${title}]`), []);
  });

  it('is silent on a static matrix and on a variable that holds a constant', () => {
    const job = '    strategy: { matrix: { os: [a, b] } }\n    env: { NAME: fixed }\n';
    assert.deepEqual(checkOne('CI001', workflow('issues', `- run: echo \${{ matrix.os }} \${{ env.NAME }}`, job)), []);
  });

  it('sees through a variable, a step output and the names of changed files', () => {
    for (const steps of [
      `- run: echo \${{ env.TITLE }}\n  env:\n    TITLE: \${{ github.event.issue.title }}`,
      `- id: a\n  run: echo "t=\${{ github.event.issue.title }}" >> $GITHUB_OUTPUT\n- run: echo \${{ steps.a.outputs.t }}`,
      `- id: a\n  uses: tj-actions/changed-files@v46\n- run: echo \${{ steps.a.outputs.all_changed_files }}`,
      `- uses: actions/github-script@v8\n  with:\n    script: console.log('\${{ github.event.issue.title }}')`,
    ]) {
      const worst = checkOne('CI001', workflow('issues', steps)).map(({ severity }) => severity);
      assert.ok(worst.includes('critical'), steps);
    }
  });

  it('its place is the expression, to the character', () => {
    const text = workflow('issues', `${TITLE}\n`);
    const [finding] = checkOne('CI001', text);
    assert.equal(text.slice(finding?.place.span.start, finding?.place.span.end), `\${{ github.event.issue.title }}`);
  });

  it('its fix passes the value as a variable and leaves every other byte', () => {
    const text = workflow(
      'issues',
      `- run: |\n    echo "a \${{ github.event.issue.title }}"\n    echo \${{ github.event.issue.title }}\n  shell: bash`,
    );
    const mended = mend(text, checkOne('CI001', text));
    assert.equal(
      mended,
      workflow(
        'issues',
        `- env:\n    ISSUE_TITLE: \${{ github.event.issue.title }}\n  run: |\n    echo "a \${ISSUE_TITLE}"\n    echo "\${ISSUE_TITLE}"\n  shell: bash`,
      ),
    );
    assert.deepEqual(checkOne('CI001', mended), []);
  });

  it('its fix joins the variables that are there', () => {
    const text = workflow('issues', `- run: echo "\${{ github.event.issue.title }}"\n  env:\n    A: b`);
    const mended = mend(text, checkOne('CI001', text));
    assert.deepEqual(checkOne('CI001', mended), []);
    assert.match(mended, /\n {10}ISSUE_TITLE: \$\{\{ github\.event\.issue\.title \}\}\n {10}A: b/);
  });

  it('has no fix inside single quotes, where a variable would be text', () => {
    const [finding] = checkOne('CI001', workflow('issues', `- run: echo '\${{ github.event.issue.title }}'`));
    assert.equal(finding?.fixes, undefined);
  });
});

describe('CI005 untrusted checkout', () => {
  const steps = (ref: string, run: string) => `- uses: actions/checkout@v4\n  with:\n    ref: ${ref}\n- run: ${run}`;
  const HEAD = `\${{ github.event.pull_request.head.sha }}`;

  it('is critical for anybody and high behind a label', () => {
    const severity = (job: string) =>
      checkOne('CI005', workflow('pull_request_target', steps(HEAD, 'make'), job)).map((finding) => finding.severity);
    assert.deepEqual(severity(''), ['critical']);
    assert.deepEqual(severity("    if: contains(github.event.pull_request.labels.*.name, 'safe')\n"), ['high']);
    assert.deepEqual(severity('    environment: review\n'), ['high']);
  });
  it('is low where a label approves just the commit that is checked out', () => {
    const severity = (ref: string, job: string, on = 'pull_request_target') =>
      checkOne('CI005', workflow(on, steps(ref, 'make'), job)).map((finding) => finding.severity);
    const label = "    if: github.event.label.name == 'safe'\n";
    assert.deepEqual(severity(HEAD, label), ['low']);
    assert.deepEqual(severity(HEAD, '', '{ pull_request_target: { types: [labeled] } }'), ['low']);
    assert.deepEqual(severity(`\${{ github.event.pull_request.head.ref }}`, label), ['high']);
    assert.deepEqual(severity(HEAD, '', '{ pull_request_target: { types: [labeled, synchronize] } }'), ['critical']);
  });
  it('is silent where only branches of the repository pass', () => {
    const own = '    if: github.event.pull_request.head.repo.full_name == github.repository\n';
    assert.deepEqual(checkOne('CI005', workflow('pull_request_target', steps(HEAD, 'make'), own)), []);
  });
  it('knows tools whose configuration lies in the tree, and programs that the tree at hand lacks', () => {
    for (const run of ['vale docs', 'pre-commit run', 'python tools/generate.py', 'tofu validate', 'uv run check'])
      assert.equal(checkOne('CI005', workflow('pull_request_target', steps(HEAD, run))).length, 1, run);
    for (const run of ['terraform fmt -check', 'git diff --stat', 'python -c "print(1)"', 'jq . package.json'])
      assert.equal(checkOne('CI005', workflow('pull_request_target', steps(HEAD, run))).length, 0, run);
  });
  it('is silent without the rights of the repository, on the base, and where nothing of the tree runs', () => {
    assert.deepEqual(checkOne('CI005', workflow('pull_request', steps(HEAD, 'make'))), []);
    assert.deepEqual(checkOne('CI005', workflow('pull_request_target', steps('main', 'make'))), []);
    assert.deepEqual(checkOne('CI005', workflow('pull_request_target', steps(HEAD, 'git log'))), []);
  });
  it('knows the head behind a number and a shell command', () => {
    assert.equal(
      checkOne('CI005', workflow('pull_request_target', steps(`refs/pull/\${{ github.event.number }}/merge`, 'make')))
        .length,
      1,
    );
    const run = `- run: |\n    gh pr checkout "$PR"\n    npm ci\n  env: { PR: "\${{ github.event.issue.number }}" }`;
    assert.equal(checkOne('CI005', workflow('issue_comment', run)).length, 1);
  });
});

describe('CI031 changes that an Azure pipeline builds', () => {
  const builds = (step: string) =>
    check({ 'azure-pipelines.yml': `pr: [main]\nsteps:\n  - checkout: self\n  - ${step}\n` }, 'CI031').length;
  it('knows scripts that the tree at hand lacks, in every kind of step', () => {
    assert.equal(builds('bash: ./build.sh'), 1);
    assert.equal(builds('powershell: ./build.ps1'), 1);
    assert.equal(builds('script: python tools/generate.py'), 1);
    assert.equal(builds('script: git log --oneline'), 0);
  });
});

describe('CI004 dangerous triggers', () => {
  it('weighs more where something of the outsider lands on disk', () => {
    const severity = (text: string) =>
      checkOne(
        'CI004',
        workflow('pull_request_target', text).replace('permissions: {}', 'permissions: { contents: write }'),
      ).map((finding) => finding.severity);
    const head = `- uses: actions/checkout@v4\n  with:\n    ref: \${{ github.event.pull_request.head.sha }}`;
    assert.deepEqual(severity(head), ['medium']);
    assert.deepEqual(severity('- run: gh pr edit "$NUMBER" --add-label new'), ['low']);
  });
});

describe('CI009 machines that stay', () => {
  it('counts outsiders only where they get to', () => {
    const severity = (condition: string) =>
      checkOne('CI009', workflow('pull_request', '- run: make', `${condition}    runs-on: self-hosted\n`)).map(
        (finding) => finding.severity,
      );
    assert.deepEqual(severity(''), ['medium']);
    assert.deepEqual(severity('    if: github.event.pull_request.head.repo.full_name == github.repository\n'), ['low']);
  });
});

describe('CI017 known holes', () => {
  const versions = (uses: string) => checkOne('CI017', workflow('push', `- uses: ${uses}`)).length;

  it('counts the version, also in the comment behind a digest', () => {
    assert.equal(versions('actions/download-artifact@v4.1.2'), 1);
    assert.equal(versions(`actions/download-artifact@${'a'.repeat(40)} # v4.1.2`), 1);
    assert.equal(versions('actions/download-artifact@v4.1.7'), 0);
    assert.equal(versions('actions/download-artifact@v3'), 0);
  });
  it('takes a major version for the newest of its line', () => {
    assert.equal(versions('actions/download-artifact@v4'), 0);
    assert.equal(versions('tj-actions/changed-files@v44'), 1);
  });
  it('leaves a use by commit alone where only tags were moved', () => {
    assert.equal(versions(`tj-actions/changed-files@${'a'.repeat(40)} # v44`), 0);
    assert.equal(versions(`tj-actions/changed-files@${'a'.repeat(40)} # v40`), 1);
  });
});

describe('CI018 conditions that are always true', () => {
  it('its fix makes one expression of it', () => {
    const text = workflow('push', '- run: make', `    if: \${{ github.actor == 'a' }} && true\n`);
    const mended = mend(text, checkOne('CI018', text));
    assert.match(mended, /if: github\.actor == 'a' && true/);
    assert.deepEqual(checkOne('CI018', mended), []);
  });
});

describe('CI012 all secrets', () => {
  it('its fix lists those that the called workflow of the repository declares and uses', () => {
    const called = `on:\n  workflow_call:\n    secrets:\n      TOKEN: { required: true }\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n        env:\n          T: \${{ secrets.TOKEN }}\n`;
    const text = 'on: push\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n    secrets: inherit\n';
    const found = check({ '.github/workflows/work.yml': text, '.github/workflows/called.yml': called }, 'CI012');
    assert.equal(mend(text, found), text.replace('secrets: inherit', `secrets:\n      TOKEN: \${{ secrets.TOKEN }}`));
  });
});

describe('compiled agentic workflows', () => {
  it('are judged at their source only', () => {
    const lock = `# gh-aw-metadata: {"schema_version":"v4"}\n${workflow('issues', TITLE)}`;
    for (const { id } of CI_RULES) assert.deepEqual(check({ '.github/workflows/a.lock.yml': lock }, id), []);
  });
});
