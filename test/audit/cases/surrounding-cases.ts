import { CHECKOUT, SHA, workflow } from '../whole-program.ts';
import type { FixedTwin } from './case.ts';

const NIGHTLY = "schedule:\n    - cron: '0 3 * * *'";
const FILE = '.github/workflows/agent.yml';

/** A step with the model key. */
function command(text: string): string {
  return `      - run: ${text}\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}\n`;
}

const K12: FixedTwin = {
  name: 'K12, a Jenkins job whose agent is called read-only and runs without prompts',
  teaches: ['AGT001', 'AGT002'],
  files: {
    Jenkinsfile: `pipeline {
  agent { docker { image 'node:24@sha256:${'0'.repeat(64)}' } }
  options { timeout(time: 10, unit: 'MINUTES') }
  triggers { cron('H 3 * * *') }
  stages {
    stage('Read only') {
      steps {
        withCredentials([string(credentialsId: 'model-key', variable: 'ANTHROPIC_API_KEY')]) {
          sh 'claude -p "Sum up the week" --max-turns 3 --permission-mode dontAsk --allowedTools Read'
        }
      }
    }
  }
  post { always { cleanWs() } }
}
`,
  },
  controls: [
    {
      name: 'a mode that asks',
      file: 'Jenkinsfile',
      text: '--permission-mode dontAsk',
      without: '--permission-mode bypassPermissions',
      brings: ['AGT001', 'AGT002'],
    },
  ],
};

const K13: FixedTwin = {
  name: 'K13, a guard whose matcher names no tool',
  teaches: ['CFG005'],
  files: {
    '.claude/settings.json':
      '{ "hooks": { "PreToolUse": [ { "matcher": "Bash", "hooks": [ { "type": "command", "command": "./guard.sh" } ] } ] } }\n',
    'guard.sh': '#!/bin/sh\nexit 2\n',
  },
  controls: [
    {
      name: 'the name of a tool',
      file: '.claude/settings.json',
      text: '"matcher": "Bash"',
      without: '"matcher": "execute_command"',
      brings: ['CFG005'],
    },
  ],
};

const K19: FixedTwin = {
  name: "K19, names that are not the vendor's",
  teaches: ['SUP005'],
  files: {
    ...workflow(
      `      - run: npm install -g @anthropic-ai/claude-code@2.1.329 --ignore-scripts\n${command('claude -p "Sum up" --max-turns 3 --tools Read')}`,
      { on: NIGHTLY },
    ),
    '.github/workflows/review.yml': `name: review\non: workflow_dispatch\npermissions:\n  contents: read\njobs:\n  review:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n      - uses: ${CHECKOUT}\n        with:\n          persist-credentials: false\n      - uses: anthropics/claude-code-action@${SHA} # v1\n        with:\n          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}\n          prompt: Review\n          claude_args: --max-turns 3 --allowedTools "Read"\n`,
  },
  controls: [
    {
      name: "the vendor's package",
      file: FILE,
      text: '@anthropic-ai/claude-code@2.1.329',
      without: '@anthropic/claude-code@2.1.329',
      brings: ['SUP005'],
    },
    {
      name: "the vendor's action",
      file: '.github/workflows/review.yml',
      text: 'anthropics/claude-code-action',
      without: 'anthropics/claude-pr-action',
      brings: ['SUP005'],
    },
  ],
};

const K18: FixedTwin = {
  name: "K18, a careful team's own agent: a check of rights, a firewall, named tools, no credentials, a patch",
  teaches: ['AGT001', 'CRD006', 'GAT001'],
  files: {
    [FILE]: `name: agent
on:
  issue_comment:
    types: [created]
permissions: {}
concurrency: agent-\${{ github.event.issue.number }}
jobs:
  agent:
    if: contains(fromJSON('["OWNER", "MEMBER", "COLLABORATOR"]'), github.event.comment.author_association)
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: step-security/harden-runner@0634a2670c59f64b4a01f0f96f84700a4088b9f0 # v2.12.0
        with:
          egress-policy: block
          allowed-endpoints: api.anthropic.com:443
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - run: claude -p "Mend what the linter reports" --max-turns 10 --permission-mode acceptEdits --tools Read,Edit --setting-sources user
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
      - run: git diff > change.patch
`,
  },
  controls: [
    {
      name: 'the check of rights',
      file: FILE,
      text: `    if: contains(fromJSON('["OWNER", "MEMBER", "COLLABORATOR"]'), github.event.comment.author_association)\n`,
      without: '',
      brings: ['AGT014', 'GAT001'],
    },
    {
      name: 'a checkout without credentials',
      file: FILE,
      text: 'persist-credentials: false',
      without: 'persist-credentials: true',
      brings: ['CRD006'],
    },
    {
      name: 'named tools',
      file: FILE,
      text: '--permission-mode acceptEdits --tools Read,Edit',
      without: '--dangerously-skip-permissions',
      brings: ['AGT001', 'AGT003', 'EXE012'],
    },
  ],
};

export const SURROUNDING_CASES: readonly FixedTwin[] = [K12, K13, K18, K19];
