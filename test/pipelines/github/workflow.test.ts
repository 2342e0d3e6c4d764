import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { at, read, readJob, readOne, readStep } from './one-workflow.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 100);

const WORKFLOW = `name: Agent
on:
  pull_request_target: { types: [labeled] }
  issue_comment:
  schedule: [{ cron: '0 3 * * *' }]
permissions:
  contents: read
env:
  HEAD: \${{ github.event.pull_request.head.sha }}
concurrency: one
jobs:
  one:
    runs-on: [self-hosted, linux]
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          ref: \${{ env.HEAD }}
  two:
    needs: one
    permissions: {}
    uses: ./.github/workflows/called.yml
    secrets: inherit
`;

describe('a workflow', () => {
  const pipeline = readOne(WORKFLOW);
  const [one, two] = pipeline.jobs;

  it('has its events with who can cause them', () => {
    assert.deepEqual(
      pipeline.triggers.map(({ event, who, untrusted, privileged }) => [event, who, untrusted, privileged]),
      [
        ['pull_request_target', 'member', true, true],
        ['issue_comment', 'anyone', true, true],
        ['schedule', 'schedule', false, true],
      ],
    );
    assert.equal(at(WORKFLOW, pipeline.triggers[1]?.place ?? { span: { start: 0, end: 0 } }), 'issue_comment');
  });

  it('gives its permissions to a job that says nothing, and none to one that says `{}`', () => {
    assert.deepEqual(
      one?.permissions?.scopes.map(({ name, access }) => `${name}:${access}`),
      ['contents:read'],
    );
    assert.equal(two?.permissions?.mode, 'none');
  });

  it('knows a head checkout behind an environment variable', () => {
    const [effect] = one?.steps[0]?.effects ?? [];
    assert.equal(effect?.kind === 'checkout' && effect.tree, 'pull-request');
    assert.equal(effect?.kind === 'checkout' && effect.persistsCredentials, true);
  });

  it('has a pinned reference with the comment behind it', () => {
    const uses = one?.steps[0]?.uses;
    assert.equal(uses?.refKind, 'digest');
    assert.equal(uses?.comment, 'v4.2.2');
    assert.equal(uses && at(WORKFLOW, uses.place), 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683');
  });

  it('knows the machine that stays, the job that is called and what it is given', () => {
    assert.equal(one?.runner.kind, 'persistent');
    assert.equal(two?.calls?.reference.name, './.github/workflows/called.yml');
    assert.equal(two?.calls?.secrets.mode, 'inherit');
  });
});

describe('positions in block scalars', () => {
  for (const [style, indent] of [
    ['|', 10],
    ['|-', 14],
    ['>', 12],
  ] as const) {
    it(`are exact in ${style} at ${indent} columns`, () => {
      const margin = ' '.repeat(indent);
      const text = `on: push\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${style}\n${margin}echo a\n${margin}echo \${{ github.head_ref }} b\n`;
      const [interpolation] = readOne(text).jobs[0]?.steps[0]?.run?.text.interpolations ?? [];
      assert.equal(interpolation && at(text, interpolation.place), `\${{ github.head_ref }}`);
    });
  }

  it('are those of the anchor where an alias is used', () => {
    const text =
      'on: push\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    env: &shared { A: one }\n    steps:\n      - run: make\n        env: *shared\n';
    const [entry] = readOne(text).jobs[0]?.steps[0]?.environment ?? [];
    assert.equal(entry?.value.text, 'one');
    assert.equal(entry && at(text, entry.value.place), 'one');
  });
});

describe('runner labels', () => {
  for (const [label, kind] of [
    ['ubuntu-latest', 'hosted'],
    ['ubuntu-24.04-arm', 'hosted'],
    ['self-hosted', 'persistent'],
    ['[self-hosted, linux, x64]', 'persistent'],
    ['blacksmith-4vcpu-ubuntu-2404', 'third-party'],
    ['acme-large', 'unknown'],
    [`\${{ github.event_name == 'push' && 'self-hosted' || 'ubuntu-latest' }}`, 'persistent'],
  ] as const) {
    it(`${label} is ${kind}`, () => {
      const text = `on: push\njobs:\n  work:\n    runs-on: ${label}\n    steps: []\n`;
      assert.equal(readOne(text).jobs[0]?.runner.kind, kind);
    });
  }

  it('a matrix that is written in the file is known', () => {
    const text = `on: push\njobs:\n  work:\n    strategy: { matrix: { os: [ubuntu-24.04, windows-2025] } }\n    runs-on: \${{ matrix.os }}\n    steps:\n      - run: echo \${{ matrix.os }}\n`;
    const [job] = readOne(text).jobs;
    assert.deepEqual(
      job?.runner.labels.map(({ value }) => value),
      ['ubuntu-24.04', 'windows-2025'],
    );
    assert.equal(job?.steps[0]?.run?.text.interpolations[0]?.values[0]?.kind, 'constant');
  });
});

describe('local actions', () => {
  const inner = 'runs:\n  using: composite\n  steps:\n    - run: ./deploy.sh\n      shell: bash\n';
  const outer = 'runs:\n  using: composite\n  steps:\n    - uses: ./actions/inner\n';
  const workflow = 'on: push\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ./actions/outer\n';

  it('are read two levels deep, in place of their use', () => {
    const pipelines = read({
      '.github/workflows/work.yml': workflow,
      'actions/outer/action.yml': outer,
      'actions/inner/action.yaml': inner,
    });
    const step = pipelines.find(({ role }) => role === 'workflow')?.jobs[0]?.steps[0];
    assert.equal(step?.inner[0]?.inner[0]?.run?.text.text, './deploy.sh');
    assert.equal(pipelines.filter(({ role }) => role === 'composite-action').length, 2);
  });

  it('are read as well by the self-repository syntax', () => {
    const own = (text: string): string => text.replace('./actions/', '$/actions/');
    const [pipeline] = read({
      '.github/workflows/work.yml': own(workflow),
      'actions/outer/action.yml': own(outer).replace('$/actions', '$/./actions'),
      'actions/inner/action.yaml': inner,
    });
    const step = pipeline?.jobs[0]?.steps[0];
    assert.equal(step?.uses?.kind, 'local');
    assert.equal(step?.inner[0]?.inner[0]?.run?.text.text, './deploy.sh');
  });

  it('that use themselves are read once', () => {
    const circle = outer.replace('inner', 'outer');
    const [, pipeline] = read({
      '.github/workflows/work.yml': workflow,
      'actions/outer/action.yml': circle,
    }).toReversed();
    const step = pipeline?.jobs[0]?.steps[0];
    assert.deepEqual(step?.inner[0]?.inner, []);
  });

  it('that are not there are a gap', () => {
    const [pipeline] = read({ '.github/workflows/work.yml': workflow });
    assert.deepEqual(
      pipeline?.gaps.map(({ kind }) => kind),
      ['unresolved'],
    );
  });

  it('that unfold to more steps than are read are a gap, not a flood', () => {
    const files: Record<string, string> = { '.github/workflows/work.yml': workflow.replace('outer', 'a0') };
    for (let level = 0; level < 8; level++) {
      const uses = `    - uses: ./actions/a${level + 1}\n`.repeat(10);
      files[`actions/a${level}/action.yml`] = `runs:\n  using: composite\n  steps:\n${uses}`;
    }
    files['actions/a8/action.yml'] = inner;
    const gaps = read(files).flatMap((pipeline) => pipeline.gaps);
    assert.ok(gaps.some(({ kind }) => kind === 'cap'));
  });
});

describe('workflow_run', () => {
  const waiting =
    'on: { workflow_run: { workflows: [Tests], types: [completed] } }\njobs: { work: { runs-on: ubuntu-24.04, steps: [] } }\n';
  const tests = (on: string) => `name: Tests\non: ${on}\njobs: { work: { runs-on: ubuntu-24.04, steps: [] } }\n`;
  const untrusted = (on: string) =>
    read({ '.github/workflows/tests.yml': tests(on), '.github/workflows/waiting.yml': waiting })
      .flatMap(({ triggers }) => triggers)
      .find(({ event }) => event === 'workflow_run')?.untrusted;

  it('brings outside content when the awaited workflow runs on pull requests', () => {
    assert.equal(untrusted('pull_request'), true);
  });
  it('brings none when only members start the awaited workflow', () => assert.equal(untrusted('push'), false));
  it('may bring some when the awaited workflow is not here', () => {
    const [pipeline] = read({ '.github/workflows/waiting.yml': waiting });
    assert.equal(pipeline?.triggers[0]?.untrusted, true);
  });
});

describe('effects of actions', () => {
  const kinds = (step: string, on?: string) => readStep(step, on).effects.map(({ kind }) => kind);

  it('a checkout of a pull request event is the tree of the pull request', () => {
    const [effect] = readStep('- uses: actions/checkout@v4', 'pull_request').effects;
    assert.equal(effect?.kind === 'checkout' && effect.tree, 'pull-request');
  });
  it('a checkout of pull_request_target without a ref is the base', () => {
    const [effect] = readStep('- uses: actions/checkout@v4', 'pull_request_target').effects;
    assert.equal(effect?.kind === 'checkout' && effect.tree, 'base');
  });
  it('persist-credentials: false leaves none', () => {
    const [effect] = readStep('- uses: actions/checkout@v4\n  with: { persist-credentials: false }').effects;
    assert.equal(effect?.kind === 'checkout' && effect.persistsCredentials, false);
  });
  it('setup-go keeps a cache from version 4 on', () => {
    assert.deepEqual(kinds('- uses: actions/setup-go@v5'), ['cache']);
    assert.deepEqual(kinds('- uses: actions/setup-go@v3'), []);
    assert.deepEqual(kinds('- uses: actions/setup-go@v5\n  with: { cache: false }'), []);
  });
  it('harden-runner blocks only where it is told to', () => {
    const [effect] = readStep(
      '- uses: step-security/harden-runner@v2\n  with:\n    egress-policy: block\n    allowed-endpoints: >\n      api.example.test:443\n      b.example.test:443',
    ).effects;
    assert.ok(effect?.kind === 'egress-control');
    assert.deepEqual([effect.mode, effect.hosts], ['block', ['api.example.test:443', 'b.example.test:443']]);
  });
  it('names of changed files are an outsider text', () => {
    assert.ok(kinds('- uses: tj-actions/changed-files@v46').every((kind) => kind === 'fetch-text'));
  });
  it('a github-script says by its calls what it does, each at its place', () => {
    const text =
      '- uses: actions/github-script@v8\n  with:\n    script: |\n      const r = await github.rest.pulls.createReview({ event: "APPROVE" });\n      await github.rest.pulls.merge({ pull_number: 1 });\n      core.setOutput("title", context.payload.issue.title);';
    const step = readStep(text);
    assert.deepEqual(
      step.effects.map(({ kind }) => kind),
      ['approve', 'merge', 'set-environment'],
    );
    assert.equal(step.run?.language, 'javascript');
  });
});

describe('hostile files', () => {
  it('no content makes the reader throw', () => {
    const piece = fc.constantFrom(
      ...[
        'on:',
        'jobs:',
        ' work:',
        '  steps:',
        '   - uses: ./x',
        '   - run: |',
        'permissions:',
        'if: ${{',
        '}}',
        '*a',
        '&a',
        '<<: *a',
        '- - -',
        '[',
        '{',
        '"',
        'runs-on:',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (lines) => {
        read({ '.github/workflows/work.yml': lines.join('\n'), 'x/action.yml': lines.toReversed().join('\n') });
      }),
      { numRuns: RUNS },
    );
  });

  it('a job with more steps than are read is a gap', () => {
    const text = `on: push\njobs:\n  work:\n    runs-on: ubuntu-24.04\n    steps:\n${'      - run: make\n'.repeat(1001)}`;
    const pipeline = readOne(text);
    assert.deepEqual(
      pipeline.gaps.map(({ kind }) => kind),
      ['cap'],
    );
    assert.equal(readJob('- run: make').steps.length, 1);
  });
});

describe('dependency bots', () => {
  it('are read as facts', () => {
    const [pipeline] = read({ '.github/dependabot.yml': 'version: 2\nupdates:\n  - package-ecosystem: npm\n' });
    assert.equal(pipeline?.role, 'dependency-bot');
    assert.ok(
      pipeline?.special.entries.some(({ key, value }) => key === 'updates.0.package-ecosystem' && value === 'npm'),
    );
  });
});
