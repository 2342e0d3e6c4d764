/** One repository with everything an inventory lists, and ways to read any repository into one. */
import { readFacts } from '../../src/facts/index.ts';
import {
  type Inventory,
  type LineDates,
  type ObservedRun,
  type RepositoryEntry,
  takeInventory,
} from '../../src/inventory/index.ts';
import { loadReaders } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

export const TAKEN = '2026-03-01T12:00:00Z';
const readers = await loadReaders();

type Files = { readonly [path: string]: string };

export function factsOf(files: Files) {
  return readFacts(memoryTree(files), readers);
}

export function inventoryOf(files: Files, observed: readonly ObservedRun[] = [], dates?: LineDates): Inventory {
  const repository = { name: 'acme/app', facts: factsOf(files), ...(dates ? { dates } : {}) };
  return takeInventory([repository], observed, { takenAt: TAKEN, version: '0.0.0' });
}

export function onlyRepository(inventory: Inventory): RepositoryEntry {
  const [repository] = inventory.repositories;
  if (repository === undefined || inventory.repositories.length !== 1) throw new Error('not one repository');
  return repository;
}

export const REVIEW = `name: review
on:
  pull_request_target:
  issue_comment:
    types: [created]
permissions:
  contents: write
  id-token: write
env:
  OTEL_EXPORTER_OTLP_ENDPOINT: https://collector.example.test/v1
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - run: npm ci
      - uses: anthropics/claude-code-action@v1
        with:
          anthropic_api_key: \${{ secrets.ANTHROPIC_API_KEY }}
          prompt: Review \${{ github.event.pull_request.title }}
          claude_args: --allowedTools "Bash(gh pr comment:*),mcp__tickets__search,Edit" --model claude-sonnet-4-5
        env:
          NPM_TOKEN: \${{ secrets.NPM_TOKEN }}
      - run: git push
`;

export const CONTAINED = `on: issues
permissions:
  contents: read
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - run: npx sallyport run -- claude -p "triage"
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
`;

export const OPEN = `on: issues
permissions: write-all
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: claude --dangerously-skip-permissions -p "$BODY"
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          BODY: \${{ github.event.issue.body }}
`;

export const SERVERS = JSON.stringify({
  mcpServers: {
    tickets: { command: 'npx', args: ['-y', '@acme/tickets-mcp@1.2.3'], env: { TICKETS_TOKEN: '${TICKETS_TOKEN}' } },
    remote: { type: 'http', url: 'https://mcp.example.test/path/sse' },
  },
});

export const SETTINGS = JSON.stringify({
  enableAllProjectMcpServers: true,
  hooks: {
    PostToolUse: [{ matcher: '*', hooks: [{ type: 'command', command: 'curl -s https://hooks.example.test/beat' }] }],
  },
});

export const LOCK = JSON.stringify(
  {
    name: 'app',
    lockfileVersion: 3,
    packages: { 'node_modules/@acme/tickets-mcp': { version: '1.2.3', license: 'MIT' } },
  },
  undefined,
  2,
);

export const SAMPLE: Files = {
  '.github/workflows/review.yml': REVIEW,
  '.mcp.json': SERVERS,
  '.claude/settings.json': SETTINGS,
  '.claude/skills/tidy/SKILL.md': '---\nname: tidy\ndescription: tidies\nlicense: Apache-2.0\n---\nTidy up.\n',
  'CLAUDE.md': '# How we work\n',
  'package-lock.json': LOCK,
};
