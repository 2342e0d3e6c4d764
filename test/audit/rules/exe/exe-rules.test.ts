import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agent, checkout, findings, HEAD, marks, mended, PULL_REQUEST_TARGET, pipeline, WORKFLOW } from '../audited.ts';

const READER = agent('claude -p "Review" --tools Read');
const WRITER = agent('claude -p "Fix it" --dangerously-skip-permissions');
const one = (text: string) => ({ [WORKFLOW]: text });

describe('EXE001: which tree lies under a privileged agent', () => {
  it('is critical where anybody opens the pull request, at the checkout', () => {
    const text = pipeline(`${checkout(HEAD)}${READER}`, PULL_REQUEST_TARGET);
    assert.deepEqual(marks(one(text), 'EXE001'), [
      'critical actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683',
    ]);
  });

  it('is silent where the privileged event checks out the base and another event the change', () => {
    const on = '  issue_comment:\n    types: [created]\n  pull_request:\n    types: [opened]';
    assert.deepEqual(marks(one(pipeline(`${checkout()}${READER}`, on)), 'EXE001'), []);
  });

  it('is mended by taking the ref out', () => {
    const text = pipeline(`${checkout(HEAD)}${READER}`, PULL_REQUEST_TARGET);
    assert.equal(mended(one(text), 'EXE001'), text.replace(`          ref: ${HEAD}\n`, ''));
  });
});

describe('EXE002 and EXE007: what is installed before the agent', () => {
  it('the tree of a change is EXE002 only', () => {
    const text = pipeline(`${checkout(HEAD)}      - run: npm install\n${READER}`, PULL_REQUEST_TARGET);
    assert.deepEqual(marks(one(text), 'EXE002'), ['high npm install']);
    assert.deepEqual(marks(one(text), 'EXE007'), []);
  });

  it('a build before the checkout of the change is none of it', () => {
    const text = pipeline(`      - run: npm ci\n${checkout(HEAD)}${READER}`, PULL_REQUEST_TARGET);
    assert.deepEqual(marks(one(text), 'EXE002'), []);
  });

  it('the base without a lock file is medium and gets the lock file where there is one', () => {
    const text = pipeline(`${checkout()}      - run: npm install\n${READER}`);
    const files = { ...one(text), 'package-lock.json': '{}' };
    assert.deepEqual(marks(files, 'EXE007'), ['medium npm install']);
    assert.equal(mended(files, 'EXE007'), text.replace('npm install', 'npm ci --ignore-scripts'));
  });
});

describe('EXE003 and EXE005: configuration that the change brings', () => {
  const settings = JSON.stringify({ hooks: { SessionStart: [{ hooks: [{ type: 'command', command: './x.sh' }] }] } });
  const servers = JSON.stringify({ mcpServers: { notes: { command: 'node', args: ['n.js'] } } });
  const files = (flags: string, ref?: string) => ({
    [WORKFLOW]: pipeline(`${checkout(ref)}${agent(`claude -p "Review" --tools Read${flags}`)}`, PULL_REQUEST_TARGET),
    '.claude/settings.json': settings,
    '.mcp.json': servers,
  });

  it('both are critical on the head of a pull request of anybody', () => {
    assert.deepEqual(marks(files('', HEAD), 'EXE003'), ['critical claude']);
    assert.deepEqual(marks(files('', HEAD), 'EXE005'), ['critical claude']);
  });

  it('hooks of the base are silent, servers of the base are said quietly', () => {
    assert.deepEqual(marks(files(''), 'EXE003'), []);
    assert.deepEqual(marks(files(''), 'EXE005'), ['low claude']);
  });

  it('the fix silences the rule', () => {
    const before = files('', HEAD);
    const after = mended(before, 'EXE003');
    assert.ok(after?.includes('claude --setting-sources user -p'));
    assert.deepEqual(marks({ ...before, [WORKFLOW]: after ?? '' }, 'EXE003'), []);
  });
});

describe('EXE006: settings that execute', () => {
  it('points at the value of a helper and of a variable, and lets a heap size pass', () => {
    const text =
      '{ "apiKeyHelper": "./k.sh", "env": { "BASH_ENV": "./b", "NODE_OPTIONS": "--max-old-space-size=4096" } }';
    assert.deepEqual(marks({ '.claude/settings.json': text }, 'EXE006'), ['high "./k.sh"', 'high "./b"']);
  });
});

describe('EXE009 to EXE012: steps behind the agent', () => {
  it('a later step with a secret is high where outsiders steer the agent', () => {
    const on = '  issues:\n    types: [opened]';
    const later = '      - run: ./publish.sh\n        env:\n          TOKEN: ${{ secrets.DEPLOY_PAT }}\n';
    assert.deepEqual(marks(one(pipeline(`${checkout()}${WRITER}${later}`, on)), 'EXE009'), ['high claude']);
    assert.deepEqual(marks(one(pipeline(`${checkout()}${READER}${later}`, on)), 'EXE009'), []);
  });

  it('an answer in a later script is found at the expression', () => {
    const steps = `${checkout()}      - id: ask
        uses: anthropics/claude-code-action@24dcd50c0568f0fc9e9211213a4fd2d9eb15c4e0 # v1.0.200
        with:
          prompt: Name a label
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
      - run: echo "\${{ steps.ask.outputs.structured_output }}"
      - run: echo "\${{ steps.ask.outputs.session_id }}"
      - run: cat "\${{ steps.ask.outputs.execution_file }}"
`;
    const found = marks(one(pipeline(steps, '  issues:\n    types: [opened]')), 'EXE010');
    assert.deepEqual(found, ['high ${{ steps.ask.outputs.structured_output }}']);
    const after = mended(one(pipeline(steps, '  issues:\n    types: [opened]')), 'EXE010') ?? '';
    assert.doesNotMatch(after, /echo "\$\{\{ steps\.ask\.outputs\.structured_output/);
    assert.deepEqual(marks(one(after), 'EXE010'), []);
  });

  it('a push after a reader is silent, after a writer it is reported once', () => {
    const push = '      - run: git push && git push --tags\n';
    assert.deepEqual(marks(one(pipeline(`${checkout()}${READER}${push}`)), 'EXE011'), []);
    assert.deepEqual(marks(one(pipeline(`${checkout()}${WRITER}${push}`)), 'EXE011'), ['medium git push']);
  });

  it('every git command of the job gets the guards', () => {
    const text = pipeline(`${checkout()}${WRITER}      - run: |\n          git add .\n          git commit -m fix`);
    const guarded = 'git -c core.hooksPath=/dev/null -c core.fsmonitor=false';
    const after = mended(one(text), 'EXE012');
    assert.equal(after, text.replace('git add', `${guarded} add`).replace('git commit', `${guarded} commit`));
    assert.deepEqual(marks(one(after ?? ''), 'EXE012'), []);
  });

  it('nothing behind a contained agent is reported', () => {
    const contained = agent('sallyport run -- claude -p "Fix it" --dangerously-skip-permissions');
    const text = pipeline(`${checkout()}${contained}      - run: git commit -am x && git push\n`);
    for (const rule of ['EXE009', 'EXE011', 'EXE012', 'EXE018', 'NET001'])
      assert.deepEqual(marks(one(text), rule), [], rule);
  });
});

describe('EXE013: the cache', () => {
  it('is mended to restore only', () => {
    const cache =
      '      - uses: actions/cache@5a3ec84eff668545956fd18022155c47e93e2684\n        with:\n          path: x\n          key: k\n';
    const text = pipeline(`${checkout()}${cache}${WRITER}`);
    assert.equal(mended(one(text), 'EXE013'), text.replace('actions/cache@', 'actions/cache/restore@'));
  });
});

describe('EXE014: artefacts', () => {
  const upload = '      - uses: actions/upload-artifact@v4\n        with:\n          name: patch\n          path: p\n';
  const job = (command: string) =>
    `  publish:\n    needs: agent\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/download-artifact@v4\n      - run: ${command}\n`;

  it('a job that runs what was uploaded is reported, one that applies a patch is not', () => {
    const text = pipeline(`${checkout()}${WRITER}${upload}`);
    assert.equal(findings(one(`${text}${job('make release')}`), 'EXE014').length, 1);
    assert.equal(findings(one(`${text}${job('git apply p && npm test')}`), 'EXE014').length, 0);
  });
});

describe('EXE016: engines', () => {
  it('a privileged container is critical for outsiders; GitLab services have a rule of their own', () => {
    const job = '    services:\n      engine:\n        image: docker:27-dind\n        options: --privileged\n';
    const text = pipeline(`${checkout()}${WRITER}`, '  issues:\n    types: [opened]', job);
    assert.equal(findings(one(text), 'EXE016')[0]?.severity, 'critical');
    const mounted = (more: string) =>
      `    container:\n      image: node:24\n      volumes:\n${more}        - /var/run/docker.sock:/var/run/docker.sock\n`;
    const two = pipeline(`${checkout()}${WRITER}`, undefined, mounted('        - /cache:/cache\n'));
    assert.equal(mended(one(two), 'EXE016'), two.replace('        - /var/run/docker.sock:/var/run/docker.sock\n', ''));
    assert.equal(mended(one(pipeline(`${checkout()}${WRITER}`, undefined, mounted(''))), 'EXE016'), undefined);
    const gitlab =
      'review:\n  image: node:24\n  services: [docker:27-dind]\n  script:\n    - claude -p x --dangerously-skip-permissions\n';
    assert.equal(findings({ '.gitlab-ci.yml': gitlab }, 'EXE016').length, 0);
    assert.equal(findings({ '.gitlab-ci.yml': gitlab }, 'GL006').length, 1);
  });
});

describe('EXE017: foreign code', () => {
  it('in GitLab, too, and not where a commit is checked out first', () => {
    const job = (more: string) =>
      `review:\n  script:\n    - git clone https://git.example.test/a/b tool${more}\n    - cd tool && npm install\n    - claude -p x\n`;
    assert.equal(findings({ '.gitlab-ci.yml': job('') }, 'EXE017').length, 1);
    const pinned = job(' && git -C tool checkout 0123456789abcdef0123456789abcdef01234567');
    assert.equal(findings({ '.gitlab-ci.yml': pinned }, 'EXE017').length, 0);
  });
});

describe('an exemplar that splits its jobs', () => {
  it('is silent at medium and above in these families', () => {
    const text = `name: split
on:
  issue_comment:
    types: [created]
permissions: {}
jobs:
  patch:
    if: github.event.comment.author_association == 'MEMBER'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
${checkout()}${agent('claude -p "Fix it" --allowedTools Edit --setting-sources user --strict-mcp-config')}      - run: git -c core.hooksPath=/dev/null -c core.fsmonitor=false diff > fix.patch
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          name: patch
          path: fix.patch
  publish:
    needs: patch
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: write
    steps:
${checkout()}      - uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0
      - run: git apply fix.patch && git push
`;
    const families = [...range('EXE', 19), ...range('SUP', 16), ...range('NET', 12)];
    const loud = families.flatMap((rule) =>
      marks(one(text), rule)
        .filter((mark) => !/^(?:low|info) /.test(mark))
        .map((mark) => `${rule} ${mark}`),
    );
    assert.deepEqual(loud, []);
  });
});

function range(family: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${family}${String(index + 1).padStart(3, '0')}`);
}

describe('EXE001 in GitLab', () => {
  it('weighs the change by who starts merge requests, whatever else may start the job', () => {
    const file = (only: string) => ({
      '.gitlab-ci.yml': `a:\n  only: [${only}]\n  script:\n    - claude -p x --allowedTools Bash\n`,
    });
    const severities = (only: string) => findings(file(only), 'EXE001').map(({ severity }) => severity);
    assert.deepEqual(severities('merge_requests'), ['high']);
    assert.deepEqual(severities('merge_requests, branches'), ['high']);
    assert.deepEqual(severities('branches'), []);
  });
});
