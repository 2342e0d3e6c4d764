import { action, CHECKOUT } from '../whole-program.ts';
import type { FixedTwin } from './case.ts';

const FILE = '.github/workflows/agent.yml';
const LOCAL = '.github/actions/agent/action.yml';
const KEY = 'anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}';

function head(steps: string): string {
  return `name: agent
on:
  pull_request_target:
    types: [opened]
permissions:
  contents: read
jobs:
  agent:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
${steps}`;
}

const K8: FixedTwin = {
  name: 'K8, the title of a pull request, taken out of the JSON that an earlier step wrote',
  teaches: ['INP004'],
  files: {
    [FILE]: head(
      `      - id: change
        run: echo "json=$CHANGE" >> "$GITHUB_OUTPUT"
        env:
          CHANGE: \${{ github.event.pull_request.number }}
${action('anthropics/claude-code-action', [KEY, 'prompt: Sort ${{ fromJSON(steps.change.outputs.json) }}', 'claude_args: --max-turns 3 --allowedTools "Read"'])}`,
    ),
  },
  controls: [
    {
      name: 'a number in place of text',
      file: FILE,
      text: '${{ github.event.pull_request.number }}',
      without: '${{ github.event.pull_request.title }}',
      brings: ['INP004'],
    },
  ],
};

const GATE = `    if: contains(fromJSON('["OWNER", "MEMBER", "COLLABORATOR"]'), github.event.issue.author_association)\n`;

const K15: FixedTwin = {
  name: 'K15, an agent in a local action, with a remote server among its tools',
  teaches: ['AGT001', 'GAT001', 'INP003', 'NET003', 'PATH14'],
  files: {
    [FILE]: `name: agent
on:
  issues:
    types: [opened]
permissions:
  contents: read
jobs:
  agent:
${GATE}    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: step-security/harden-runner@0634a2670c59f64b4a01f0f96f84700a4088b9f0 # v2.12.0
        with:
          egress-policy: block
          allowed-endpoints: api.anthropic.com:443
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - uses: ./.github/actions/agent
        with:
          key: \${{ secrets.ANTHROPIC_API_KEY }}
          text: \${{ github.event.issue.number }}
`,
    [LOCAL]: `name: agent
description: Sorts an issue
inputs:
  key:
    description: the key of the model
  text:
    description: what to sort
runs:
  using: composite
  steps:
    - run: |
        claude -p "Sort $TEXT" --max-turns 3 --tools Read --strict-mcp-config --mcp-config '{"mcpServers":{}}'
      shell: bash
      env:
        ANTHROPIC_API_KEY: \${{ inputs.key }}
        TEXT: \${{ inputs.text }}
`,
  },
  controls: [
    { name: 'the check of rights', file: FILE, text: GATE, without: '', brings: ['GAT001'] },
    {
      name: 'a number in place of text',
      file: FILE,
      text: '${{ github.event.issue.number }}',
      without: '${{ github.event.issue.body }}',
      brings: ['INP003'],
    },
    {
      name: 'named tools',
      file: LOCAL,
      text: '--tools Read',
      without: '--dangerously-skip-permissions',
      brings: ['AGT001', 'AGT003'],
    },
    {
      name: 'tools of this repository alone',
      file: LOCAL,
      text: '{"mcpServers":{}}',
      without: '{"mcpServers":{"notes":{"type":"http","url":"https://notes.example.test/mcp"}}}',
      brings: [],
    },
    {
      name: 'a list of hosts that only the model needs',
      file: FILE,
      text: 'allowed-endpoints: api.anthropic.com:443',
      without: 'allowed-endpoints: api.anthropic.com:443 notes.example.test:443 gist.github.com:443',
      brings: ['NET003'],
    },
  ],
};

export const HANDED_OVER_CASES: readonly FixedTwin[] = [K8, K15];
