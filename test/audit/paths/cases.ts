import { type Files, workflow } from './support.ts';

/**
 * Synthetic re-creations of what was seen in the field, with neutral names. Each is a function of its controls: without
 * any it is the vulnerable twin, with all of them the fixed one.
 */
export interface Case {
  readonly name: string;
  /** Paths that are reported with no control at all. */
  readonly vulnerable: readonly string[];
  /** What comes back when only this control is taken from the fixed twin. */
  readonly without: Readonly<Record<string, readonly string[]>>;
  readonly files: (has: (control: string) => boolean) => Files;
}

const CHECKOUT = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683';
const HARDEN = `      - uses: step-security/harden-runner@0634a2670c59f64b4a01f0f96f84700a4088b9f0
        with:
          egress-policy: block
          allowed-endpoints: api.anthropic.com:443
`;
const TESTS = workflow(
  'tests',
  'on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n',
);

/** A variable that holds a secret, as a line of `env:`. */
function secret(variable: string, name = variable): string {
  return `          ${variable}: \${{ secrets.${name} }}\n`;
}

function checkout(lines = ''): string {
  return `      - uses: ${CHECKOUT}\n        with:\n          persist-credentials: false\n${lines}`;
}

const K1: Case = {
  name: 'K1, any comment calls the agent workflow of another organisation with every secret',
  vulnerable: ['PATH03'],
  without: { 'only the secrets that it needs': ['PATH03'] },
  files: (has) =>
    workflow(
      'assistant',
      `on:
  issue_comment:
    types: [created]
jobs:
  assistant:
    uses: example/agents/.github/workflows/claude.yml@main
    secrets:${has('only the secrets that it needs') ? `\n      model-key: \${{ secrets.ANTHROPIC_API_KEY }}` : ' inherit'}
`,
    ),
};

const K2: Case = {
  name: 'K2, an issue becomes the prompt file of an agent without prompts, and its work is pushed',
  vulnerable: ['PATH01', 'PATH02'],
  without: { 'tools that only edit': ['PATH01'], 'a patch in place of a push': ['PATH02'] },
  files: (has) =>
    workflow(
      'fix',
      `on:
  issues:
    types: [opened]
permissions:
  contents: write
jobs:
  fix:
    runs-on: ubuntu-latest
    steps:
${checkout()}      - run: |
          printf '%s\\n' "Do this:" "$BODY" > prompt.txt
          claude --print ${has('tools that only edit') ? '--permission-mode acceptEdits --tools Read,Edit' : '--dangerously-skip-permissions --allowedTools Read,Edit'} < prompt.txt
        env:
${secret('ANTHROPIC_API_KEY')}          BODY: \${{ github.event.issue.body }}
      - run: |
          ${has('a patch in place of a push') ? 'git diff > change.patch' : 'git commit -am fix && git push'}
`,
    ),
};

const K4: Case = {
  name: 'K4, the end of the tests starts an agent with secrets on the commit of a fork',
  vulnerable: ['PATH18', 'PATH24'],
  without: { 'an agent inside a sandbox': ['PATH18'], 'packages without their scripts': ['PATH24'] },
  files: (has) => ({
    ...TESTS,
    ...workflow(
      'repair',
      `on:
  workflow_run:
    workflows: [tests]
    types: [completed]
permissions:
  contents: read
jobs:
  repair:
    runs-on: ubuntu-latest
    env:
      OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}
    steps:
${checkout(`          ref: \${{ github.event.workflow_run.head_sha }}\n`)}      - run: npm ci${has('packages without their scripts') ? ' --ignore-scripts' : ''}
      - run: ${has('an agent inside a sandbox') ? 'sallyport run -- ' : ''}codex exec --dangerously-bypass-approvals-and-sandbox "Find out why the tests fail"
`,
    ),
  }),
};

const K5: Case = {
  name: 'K5, an agent reads the log of attacker code, and the next step pushes with a token of its own',
  vulnerable: ['PATH06', 'PATH18'],
  without: { 'named hosts only': ['PATH18'], 'a job of its own for the push': ['PATH06'] },
  files: (has) => ({
    ...TESTS,
    ...workflow(
      'repair',
      `on:
  workflow_run:
    workflows: [tests]
    types: [completed]
permissions:
  contents: read
jobs:
  repair:
    runs-on: ubuntu-latest
    steps:
${has('named hosts only') ? HARDEN : ''}${checkout()}      - run: |
          gh run view "$RUN" --log-failed > log.txt
          claude -p "$(cat log.txt)" --dangerously-skip-permissions --verbose --output-format stream-json
        env:
${secret('ANTHROPIC_API_KEY')}          RUN: \${{ github.event.workflow_run.id }}
${has('a job of its own for the push') ? `  push:\n    needs: repair\n    runs-on: ubuntu-latest\n    steps:\n${checkout()}` : ''}      - run: |
          git commit -am repair
          git push "https://x-access-token:$PUSH_TOKEN@github.com/acme/app" HEAD:repair
        env:
${secret('PUSH_TOKEN', 'PUSH_PAT')}`,
    ),
  }),
};

const MERGE = `  merge:
    needs: repair
    runs-on: ubuntu-latest
    steps:
      - run: gh pr merge "$NUMBER" --auto --squash
        env:
          NUMBER: \${{ github.event.workflow_run.pull_requests[0].number }}
`;

const K6: Case = {
  name: "K6, CI logs reach one model, whose answer is another's order, and the result merges itself",
  vulnerable: ['PATH09', 'PATH13'],
  without: { 'a second agent that only reads': ['PATH09'], 'a person who merges': ['PATH13'] },
  files: (has) => ({
    ...TESTS,
    ...workflow(
      'repair',
      `on:
  workflow_run:
    workflows: [tests]
    types: [completed]
jobs:
  diagnose:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    outputs:
      diagnosis: \${{ steps.diagnose.outputs.structured_output }}
    steps:
${checkout()}      - id: diagnose
        uses: anthropics/claude-code-base-action@0123456789abcdef0123456789abcdef01234567 # v1
        with:
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
          prompt: "Sum up the log of run \${{ github.event.workflow_run.id }}: gh run view --log-failed"
          claude_args: --tools "Read"
  repair:
    needs: diagnose
    runs-on: ubuntu-latest
    permissions:
      contents: write
    steps:
${checkout()}      - run: claude -p "Do this, $DIAGNOSIS" ${has('a second agent that only reads') ? '--tools Read' : '--dangerously-skip-permissions'}
        env:
${secret('ANTHROPIC_API_KEY')}          DIAGNOSIS: \${{ needs.diagnose.outputs.diagnosis }}
${has('a person who merges') ? '' : MERGE}`,
    ),
  }),
};

const K11: Case = {
  name: 'K11, comments of a tracker reach an agent without prompts that holds a deploy key',
  vulnerable: ['PATH03'],
  without: { 'tools that only read': ['PATH03'] },
  files: (has) =>
    workflow(
      'tickets',
      `on:
  schedule:
    - cron: '0 * * * *'
permissions:
  contents: read
jobs:
  work:
    runs-on: ubuntu-latest
    steps:
${checkout()}      - run: claude -p "$(linear issue view APP-1)" ${has('tools that only read') ? '--tools Read' : '--dangerously-skip-permissions'}
        env:
${secret('ANTHROPIC_API_KEY')}${secret('DEPLOY_KEY')}`,
    ),
};

export const CASES: readonly Case[] = [K1, K2, K4, K5, K6, K11];

/** Split authorisation, patch and publication: the agent never holds the token that writes. */
export const K17: Files = workflow(
  'agent',
  `on:
  issue_comment:
    types: [created]
permissions: {}
jobs:
  authorise:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    outputs:
      allowed: \${{ steps.check.outputs.allowed }}
    steps:
      - id: check
        run: |
          permission=$(gh api "repos/$REPOSITORY/collaborators/$ACTOR/permission" --jq .permission)
          if [ "$permission" = admin ] || [ "$permission" = write ]; then echo "allowed=true" >> "$GITHUB_OUTPUT"; fi
        env:
          GH_TOKEN: \${{ github.token }}
          REPOSITORY: \${{ github.repository }}
          ACTOR: \${{ github.actor }}
  patch:
    needs: authorise
    if: needs.authorise.outputs.allowed == 'true'
    runs-on: ubuntu-latest
    timeout-minutes: 20
    permissions:
      contents: read
    steps:
${HARDEN}${checkout()}      - run: |
          claude -p "Do what request.txt asks" --permission-mode acceptEdits --tools Read,Edit
          git diff > change.patch
        env:
${secret('ANTHROPIC_API_KEY')}      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02
        with:
          name: patch
          path: change.patch
  publish:
    needs: patch
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
${checkout()}      - uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093
        with:
          name: patch
      - run: |
          git switch -c agent/change
          git apply change.patch
          git -c core.hooksPath=/dev/null commit -am change
          git push "https://x-access-token:$TOKEN@github.com/acme/app" HEAD:agent/change
          gh pr create --fill
        env:
${secret('TOKEN', 'PUBLISH_PAT')}`,
);
