import { CHECKOUT, KEY } from '../whole-program.ts';
import type { ControlEdit, FixedTwin } from './case.ts';

const FILE = '.github/workflows/agent.yml';
const WRITER = `contains(fromJSON('["OWNER","MEMBER"]'), github.event.comment.author_association)`;

interface Shape {
  readonly on: string;
  /** Lines of the job, four blanks deep. */
  readonly job?: string;
  /** Jobs in front of the agent's, two blanks deep. */
  readonly jobs?: string;
  readonly ref?: string;
  readonly steps?: string;
  readonly command?: string;
}

/** One agent behind everything that the documentation advises; each case takes one part away. */
function guarded({ on, job = '', jobs = '', ref = '', steps = '', command }: Shape): FixedTwin['files'] {
  const order =
    command ??
    'claude -p "Answer question $NUMBER" --max-turns 5 --tools Read,Grep --strict-mcp-config --setting-sources user';
  return {
    [FILE]: `name: agent
on:
${on}
permissions:
  contents: read
jobs:
${jobs}  agent:
${job}    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
${steps}      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
${ref}      - run: ${order}
        env:
          NUMBER: \${{ github.event.number || github.event.issue.number }}
${KEY}`,
  };
}

const COMMENT = '  issue_comment:\n    types: [created]';
const TARGET = '  pull_request_target:\n    types: [opened]';

const ASK = `  may:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    outputs:
      level: \${{ steps.ask.outputs.level }}
    steps:
      - id: ask
        run: echo "level=$(gh api "repos/$GITHUB_REPOSITORY/collaborators/$GITHUB_ACTOR/permission" -q .permission)" >> "$GITHUB_OUTPUT"
        env:
          GH_TOKEN: \${{ github.token }}
`;

function edit(name: string, text: string, without: string, brings: readonly string[]): ControlEdit {
  return { name, file: FILE, text, without, brings };
}

/** Every spelling of a question about rights; without it anybody starts the agent. */
const GATES: readonly (readonly [
  name: string,
  on: string,
  job: string,
  jobs: string,
  edit: readonly [string, string],
  brings: readonly string[],
])[] = [
  ['the association of the commenter', COMMENT, `    if: ${WRITER}\n`, '', [`    if: ${WRITER}\n`, ''], ['GAT001']],
  [
    'a list of logins',
    COMMENT,
    `    if: contains(fromJSON('["alice","bob"]'), github.actor)\n`,
    '',
    [`fromJSON('["alice","bob"]')`, `'alice,bob'`],
    ['GAT001', 'GAT004'],
  ],
  [
    'a job that asks for the permission of the actor',
    COMMENT,
    `    needs: may\n    if: needs.may.outputs.level == 'admin'\n`,
    ASK,
    [`    if: needs.may.outputs.level == 'admin'\n`, ''],
    ['GAT001'],
  ],
  [
    'a branch of this repository',
    TARGET,
    '    if: github.event.pull_request.head.repo.full_name == github.repository\n',
    '',
    ['    if: github.event.pull_request.head.repo.full_name == github.repository\n', ''],
    ['GAT001', 'GAT007'],
  ],
];

const GATE_TWINS: readonly FixedTwin[] = GATES.map(([name, on, job, jobs, [text, without], brings]) => ({
  name: `an agent behind ${name}`,
  teaches: ['GAT001'],
  files: guarded({ on, job, jobs }),
  controls: [edit(name, text, without, brings)],
}));

const HARDENED = guarded({
  on: COMMENT,
  job: `    if: ${WRITER}\n`,
  steps: `      - uses: step-security/harden-runner@0634a2670c59f64b4a01f0f96f84700a4088b9f0 # v2.12.0
        with:
          egress-policy: block
          allowed-endpoints: api.anthropic.com:443
`,
  command:
    'claude -p "Answer question $NUMBER" --max-turns 5 --allowedTools "Read,Bash(git log *)" --strict-mcp-config --setting-sources user',
});

const EVERYTHING: FixedTwin = {
  name: 'an agent that may run one command, behind a gate and a firewall',
  teaches: ['GAT001'],
  files: HARDENED,
  controls: [
    edit('the gate', `    if: ${WRITER}\n`, '', ['GAT001']),
    edit('the firewall', 'egress-policy: block', 'egress-policy: audit', ['NET002']),
    edit('the named hosts', 'api.anthropic.com:443', '"*.amazonaws.com:443"', ['NET003']),
    edit('the token that reads', 'permissions:\n  contents: read', 'permissions: write-all', ['GAT010']),
    edit('the exact command', 'Bash(git log *)', 'Bash', ['AGT005', 'INP005']),
    edit('a checkout without credentials', '          persist-credentials: false\n', '          fetch-depth: 1\n', [
      'CRD006',
    ]),
  ],
};

const CONTAINED: FixedTwin = {
  name: 'an agent that anybody may start, contained',
  teaches: ['PATH01'],
  files: guarded({
    on: COMMENT,
    command: 'sallyport run -- claude -p "Answer question $NUMBER" --max-turns 5 --dangerously-skip-permissions',
  }),
  controls: [
    edit('the containment', 'sallyport run -- ', '', ['AGT001', 'AGT003', 'GAT001', 'INP005', 'NET001', 'PATH01']),
  ],
};

const PINNED = 'anthropics/claude-code-action@24dcd50c0568f0fc9e9211213a4fd2d9eb15c4e0 # v1.0.200';

const BY_ACTION: FixedTwin = {
  name: 'the action of the vendor, by its commit and with its own check',
  teaches: ['SUP001', 'GAT002'],
  files: guarded({
    on: COMMENT,
    command: `echo start
      - uses: ${PINNED}
        with:
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
          github_token: \${{ github.token }}
          allowed_non_write_users: ''
          prompt: Sort the open questions
          claude_args: --max-turns 5 --tools Read,Grep --strict-mcp-config`,
  }),
  controls: [
    edit('the commit', PINNED, 'anthropics/claude-code-action@main', ['SUP001']),
    edit('the check of the action', "allowed_non_write_users: ''", "allowed_non_write_users: '*'", ['GAT002']),
  ],
};

export const GATE_CASES: readonly FixedTwin[] = [...GATE_TWINS, EVERYTHING, CONTAINED, BY_ACTION];
