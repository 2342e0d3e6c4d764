import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { INP_RULES } from '../../../../src/audit/rules/inp/index.ts';
import { COMMENTS, checkRule, ISSUES, mend, WORKFLOW, workflowText } from '../../../support/rule-check.ts';

const check = (id: string, text: string) => checkRule(INP_RULES, id, { [WORKFLOW]: text });
const KEY = `ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}`;
const TITLE = `\${{ github.event.issue.title }}`;
const ALL = [
  'INP001',
  'INP002',
  'INP003',
  'INP004',
  'INP005',
  'INP006',
  'INP007',
  'INP008',
  'INP009',
  'INP012',
  'INP013',
];

/** Ids of the rules that report anything at all, of those about reaching text. */
function reported(text: string): readonly string[] {
  return ALL.filter((id) => check(id, text).length > 0);
}

function command(line: string, ...environment: readonly string[]): string {
  return `      - run: |\n          ${line}\n        env:\n${[KEY, ...environment].map((each) => `          ${each}`).join('\n')}`;
}

describe('text of an event that reaches the prompt', () => {
  it('is placed at the expression, inside a block scalar of the action', () => {
    const steps = `      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: |\n            Label this\n              and then ${TITLE} please\n          anthropic_api_key: x`;
    const found = check('INP001', workflowText(ISSUES, steps));
    assert.deepEqual(
      found.map(({ at }) => at),
      ['14:24'],
    );
    assert.match(found[0]?.message ?? '', /github\.event\.issue\.title is put into the prompt/);
  });

  it('is one finding where one expression has two texts', () => {
    const steps = `      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: Do \${{ github.event.issue.title || github.event.issue.body }}`;
    assert.equal(check('INP001', workflowText(ISSUES, steps)).length, 1);
  });

  it('becomes INP002 in a command, at the expression, and the fix moves it to the environment', () => {
    const text = workflowText(ISSUES, command(`claude -p "Label ${TITLE}"`));
    const found = check('INP002', text);
    assert.deepEqual(
      found.map(({ at, severity }) => [at, severity]),
      [['11:28', 'critical']],
    );
    const mended = mend(text, found);
    assert.match(mended, /claude -p "Label \$\{ISSUE_TITLE\}"/);
    assert.deepEqual(check('INP002', mended), []);
    assert.equal(check('INP003', mended).length, 1);
  });

  it('stays critical when a sandbox stands around the agent only', () => {
    const text = workflowText(ISSUES, command(`sallyport run -- claude -p "Label ${TITLE}"`));
    assert.equal(check('INP002', text)[0]?.severity, 'critical');
    assert.deepEqual(check('INP001', text), []);
  });

  it('is INP009 in a sub-shell, and INP002 says nothing there', () => {
    const text = workflowText(ISSUES, command(`claude -p "Label $(echo ${TITLE})"`));
    assert.deepEqual(
      reported(text).filter((id) => id === 'INP002' || id === 'INP009'),
      ['INP009'],
    );
    const second = workflowText(ISSUES, command(`claude -p "Label $(eval "echo $T")"`, `T: ${TITLE}`));
    assert.equal(check('INP009', second).length, 1);
    assert.deepEqual(
      check('INP009', workflowText(ISSUES, command('claude -p "Label $(echo "$T")"', `T: ${TITLE}`))),
      [],
    );
  });

  for (const [name, steps] of [
    ['a variable of the step', command('claude -p "Label $T"', `T: ${TITLE}`)],
    ['a variable that copies another', command('X=$T\n          claude -p "Label $X"', `T: ${TITLE}`)],
    [
      'a variable that an earlier step hands on',
      `      - run: echo "T=$TITLE" >> "$GITHUB_ENV"\n        env: { TITLE: "${TITLE}" }\n${command('claude -p "Label $T"')}`,
    ],
  ] as const) {
    it(`is found through ${name}`, () => {
      assert.ok(
        reported(workflowText(ISSUES, steps)).includes('INP003'),
        reported(workflowText(ISSUES, steps)).join(' '),
      );
    });
  }

  for (const [name, steps] of [
    [
      'a file and $(cat)',
      `      - run: echo "$B" > body.md\n        env: { B: "${TITLE}" }\n${command('claude -p "Label $(cat body.md)"')}`,
    ],
    [
      'standard input',
      `      - run: echo "$B" > body.md\n        env: { B: "${TITLE}" }\n${command('claude -p < body.md')}`,
    ],
    [
      'a prompt file of the action',
      `      - run: echo "$B" > /tmp/p.txt\n        env: { B: "${TITLE}" }\n      - uses: anthropics/claude-code-base-action@beta\n        with:\n          prompt_file: /tmp/p.txt`,
    ],
    [
      'fromJSON of an output',
      `      - id: m\n        run: echo "v=$V" >> "$GITHUB_OUTPUT"\n        env: { V: "${TITLE}" }\n      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: Do \${{ fromJSON(steps.m.outputs.v).title }}`,
    ],
  ] as const) {
    it(`is found through ${name}`, () => {
      assert.ok(
        reported(workflowText(ISSUES, steps)).includes('INP004'),
        reported(workflowText(ISSUES, steps)).join(' '),
      );
    });
  }

  it('is told once where a step fetched it and hands it over, and is INP005 where the agent fetches it', () => {
    const fetched = `      - id: get\n        run: echo "text=$(gh issue view 1 --json body)" >> "$GITHUB_OUTPUT"\n`;
    const ids = (steps: string) => reported(workflowText(ISSUES, steps));
    const output = `\${{ steps.get.outputs.text }}`;
    assert.deepEqual(ids(`${fetched}${command('claude -p "Label $T"', `T: ${output}`)}`), ['INP003']);
    assert.deepEqual(ids(`      - run: gh issue view 1 > body.md\n${command('claude -p "Label $(cat body.md)"')}`), [
      'INP004',
    ]);
    const ownStep = command('gh issue view 1 > /tmp/b.md\n          claude -p "Label $(cat /tmp/b.md)"');
    assert.deepEqual(ids(ownStep), ['INP004']);
    assert.deepEqual(ids(command('claude -p "Label it" --allowedTools "Bash(gh issue view *)"')), ['INP005']);
  });

  it('is found through an input of a composite action of this repository', () => {
    const action = `name: label\ninputs: { text: { required: true } }\nruns:\n  using: composite\n  steps:\n    - run: claude -p "Label $T"\n      shell: bash\n      env: { T: "\${{ inputs.text }}" }\n`;
    const files = {
      [WORKFLOW]: workflowText(
        ISSUES,
        `      - uses: ./.github/actions/label\n        with:\n          text: ${TITLE}`,
      ),
      '.github/actions/label/action.yml': action,
    };
    const found = checkRule(INP_RULES, 'INP003', files);
    assert.deepEqual(
      found.map(({ at, place }) => [place.file, at]),
      [[WORKFLOW, '12:17']],
    );
  });

  for (const value of [
    'github.event.issue.number',
    'github.sha',
    'github.actor',
    'steps.a.outcome',
    "github.event_name == 'issues' && 'a' || 'b'",
  ]) {
    it(`says nothing about ${value}`, () => {
      assert.deepEqual(reported(workflowText(ISSUES, command('claude -p "Do $V"', `V: \${{ ${value} }}`))), []);
    });
  }

  it('weighs less where only members write it, and little inside a sandbox', () => {
    const steps = command('claude -p "Review $T"', `T: \${{ github.event.pull_request.title }}`);
    assert.equal(check('INP003', workflowText('  pull_request:', steps))[0]?.severity, 'medium');
    const contained = command('sallyport run -- claude -p "Review $T"', `T: ${TITLE}`);
    assert.equal(check('INP003', workflowText(ISSUES, contained))[0]?.severity, 'low');
  });

  it('counts a comment of a checked author as written by a member', () => {
    const steps = command('claude -p "Do $T"', `T: \${{ github.event.comment.body }}`);
    const gate = `    if: github.event.comment.author_association == 'MEMBER'\n`;
    assert.equal(check('INP003', workflowText(COMMENTS, steps, gate))[0]?.severity, 'medium');
    assert.equal(check('INP003', workflowText(COMMENTS, steps))[0]?.severity, 'high');
  });

  it('counts the branch of a run of this repository as written by a member', () => {
    const steps = command('claude -p "Do $T"', `T: \${{ github.event.workflow_run.head_branch }}`);
    const on = '  workflow_run:\n    workflows: [test]\n    types: [completed]';
    const gate = '    if: github.event.workflow_run.head_repository.full_name == github.repository\n';
    assert.equal(check('INP003', workflowText(on, steps, gate))[0]?.severity, 'medium');
    assert.equal(check('INP003', workflowText(on, steps))[0]?.severity, 'high');
  });
});

describe('text that the agent fetches', () => {
  it('is logs of a run, in the prompt or by order', () => {
    const on = '  workflow_run:\n    workflows: [test]\n    types: [completed]';
    const found = check(
      'INP006',
      workflowText(
        on,
        command('claude -p "Repair what gh run view 7 --log-failed shows" --allowedTools "Bash(gh run view *)"'),
      ),
    );
    assert.deepEqual(
      found.map(({ severity }) => severity),
      ['high'],
    );
  });

  it('is the payload of a dispatch', () => {
    const text = workflowText(
      '  repository_dispatch:',
      command('claude -p "Do $T"', `T: \${{ github.event.client_payload.text }}`),
    );
    assert.deepEqual(
      reported(text).filter((id) => id !== 'INP005'),
      ['INP007'],
    );
  });

  it('is one finding for each agent, whatever the number of rules', () => {
    const text = workflowText(
      ISSUES,
      command('claude -p "Triage" --allowedTools "Bash(gh issue view *),Bash(gh issue list *),Bash(gh pr diff *)"'),
    );
    assert.equal(check('INP005', text).length, 1);
  });
});

describe('platforms with rules of their own', () => {
  it('leaves the texts of GitLab to GL003', () => {
    const job =
      'review:\n  script:\n    - claude -p "Review $CI_MERGE_REQUEST_TITLE"\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n';
    for (const id of ['INP001', 'INP002', 'INP003', 'INP004'])
      assert.deepEqual(checkRule(INP_RULES, id, { '.gitlab-ci.yml': job }), [], id);
  });
});

describe('texts on Azure', () => {
  const pipeline = (script: string) =>
    `trigger: none\npr:\n  branches: { include: ['*'] }\nsteps:\n${script}      ANTHROPIC_API_KEY: $(KEY)\n`;
  const ids = (text: string) =>
    ALL.filter((id) => id !== 'INP008' && checkRule(INP_RULES, id, { 'azure-pipelines.yml': text }).length > 0);

  it('are left to AZ002 where they stand in the agent’s command', () => {
    const direct = pipeline('  - script: claude -p "Review $(Build.SourceVersionMessage)"\n    env:\n');
    assert.deepEqual(ids(direct), []);
  });

  it('are reported where they come through a file, which that rule does not see', () => {
    const written = '  - script: echo "$BUILD_SOURCEVERSIONMESSAGE" > message.txt\n';
    const agent = '  - script: claude -p "Review $(cat message.txt)"\n    env:\n';
    assert.deepEqual(ids(pipeline(written + agent)), ['INP004']);
  });
});

describe('one agent and another', () => {
  const first = `      - id: one\n        env:\n          ${KEY}\n          B: ${TITLE}\n        run: |\n          R=$(claude -p "Sum up $B" --tools Read)\n          echo "r=$R" >> "$GITHUB_OUTPUT"\n`;

  it('is reported where the answer of the first prompts the second, at the expression', () => {
    const text = workflowText(
      ISSUES,
      `${first}${command('claude -p "Do $R" --allowedTools Bash', `R: \${{ steps.one.outputs.r }}`)}`,
    );
    assert.deepEqual(
      check('INP012', text).map(({ at, severity }) => [at, severity]),
      [['21:14', 'high']],
    );
  });

  it('is silent on a session id and on two agents in two jobs', () => {
    const text = workflowText(
      ISSUES,
      `${first}${command('claude -p "Go on" --resume "$R" --bare', `R: \${{ steps.one.outputs.session_id }}`)}`,
    );
    assert.deepEqual(
      check('INP012', text).filter(({ message }) => message.includes('answers')),
      [],
    );
  });

  it('is reported where both work in one checkout, and not after a new one', () => {
    const edit = command('claude -p "Fix $B" --allowedTools "Edit,Bash"', `B: ${TITLE}`);
    const again = command('claude -p "Check it"');
    assert.equal(
      check('INP012', workflowText(ISSUES, `      - uses: actions/checkout@v4\n${edit}\n${again}`)).length,
      1,
    );
    assert.deepEqual(check('INP012', workflowText(ISSUES, `${edit}\n      - uses: actions/checkout@v4\n${again}`)), []);
  });
});

describe('the prompt itself', () => {
  const target = '  pull_request_target:\n    types: [opened]';
  const head = `      - uses: actions/checkout@v4\n        with: { ref: "\${{ github.event.pull_request.head.sha }}" }\n`;

  it('is INP013 when it is a file of the pull request, and not when the job writes the file', () => {
    const agent = command('claude -p "$(cat .github/review.md)"');
    assert.equal(check('INP013', workflowText(target, `${head}${agent}`)).length, 1);
    const written = `${head}      - run: echo "Review" > .github/review.md\n${agent}`;
    assert.deepEqual(check('INP013', workflowText(target, written)), []);
  });

  it('is not INP013 at a full commit id', () => {
    const url = `https://raw.example.test/acme/prompts/${'a'.repeat(40)}/review.md`;
    assert.deepEqual(check('INP013', workflowText('  push:', command(`claude -p "$(curl -fsSL ${url})"`))), []);
  });

  it('is INP017 when it begins with outside text, and the fix puts a sentence before it', () => {
    const text = workflowText(
      ISSUES,
      `      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: ${TITLE}`,
    );
    const found = check('INP017', text);
    assert.deepEqual(
      found.map(({ at }) => at),
      ['12:19'],
    );
    assert.deepEqual(check('INP017', mend(text, found)), []);
  });

  it('is INP010 with a secret, a variable that holds one, or the whole environment in it', () => {
    for (const line of [
      `claude -p "Use \${{ secrets.PAT }}"`,
      'claude -p "Use $ANTHROPIC_API_KEY"',
      'claude -p "Use $(printenv)"',
    ])
      assert.equal(check('INP010', workflowText('  push:', command(line))).length, 1, line);
    assert.deepEqual(check('INP010', workflowText('  push:', command('claude -p "Say hello"'))), []);
  });
});

describe('instruction files of the pull request', () => {
  const target = '  pull_request_target:\n    types: [opened]';
  const head = `      - uses: actions/checkout@v4\n        with: { ref: "\${{ github.event.pull_request.head.sha }}" }\n`;

  it('are reported at the checkout for a plain command', () => {
    const [found] = check('INP008', workflowText(target, `${head}${command('codex exec "Review"')}`));
    assert.equal(found?.severity, 'high');
    assert.match(found?.message ?? '', /AGENTS\.md/);
  });

  it('are silent where the action restores them, the sources leave them out, or a step takes them from the base', () => {
    const action = `      - uses: anthropics/claude-code-action@v1\n        with: { prompt: Review }`;
    const restored = `      - run: git checkout origin/main -- CLAUDE.md .claude\n`;
    for (const steps of [
      action,
      command('claude -p "Review" --setting-sources user'),
      `${restored}${command('claude -p "Review"')}`,
    ])
      assert.deepEqual(check('INP008', workflowText(target, `${head}${steps}`)), [], steps);
  });

  it('weigh little where only members open runs with secrets', () => {
    assert.equal(
      check(
        'INP008',
        workflowText('  pull_request:', `      - uses: actions/checkout@v4\n${command('claude -p "Review"')}`),
      )[0]?.severity,
      'low',
    );
  });
});
