/** The same repository gives the same report to the byte; what is unrelated changes no fingerprint. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { auditTree, NO_AUDIT_POLICY, reportAudit } from '../../src/audit/index.ts';
import { renderReport } from '../../src/findings/index.ts';
import type { SourceTree } from '../../src/syntax/index.ts';
import { PROGRAM } from '../commands/support/repository.ts';
import { memoryTree } from '../support/memory-tree.ts';
import { action, type Files, readers, script, TODAY, workflow } from './whole-program.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 25);
const AGENT = '.github/workflows/agent.yml';
const JOBS = ['alpha', 'beta', 'gamma'].map(
  (name) =>
    `  ${name}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: claude -p "$BODY" --allowedTools "Bash,Read"\n        env:\n          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}\n          BODY: \${{ github.event.issue.body }}\n`,
);
const HEAD = 'on:\n  issues:\n    types: [opened]\npermissions:\n  contents: write\njobs:\n';

const FILES: Files = {
  ...workflow(script('claude -p "$(gh issue view 1)" --dangerously-skip-permissions')),
  '.github/workflows/many.yml': HEAD + JOBS.join(''),
  '.github/workflows/review.yml':
    workflow(action('anthropics/claude-code-action', ['anthropic_api_key: ${{ secrets.K }}', 'prompt: Review']), {
      on: 'pull_request_target:',
      ref: '${{ github.event.pull_request.head.sha }}',
    })[AGENT] ?? '',
  '.gitlab-ci.yml': 'review:\n  script:\n    - codex exec --yolo "$CI_MERGE_REQUEST_TITLE"\n',
  '.claude/settings.json': '{ "permissions": { "allow": ["Bash(npm run *)"] }, "enableAllProjectMcpServers": true }\n',
  '.mcp.json': '{ "mcpServers": { "one": { "command": "npx", "args": ["-y", "one"] } } }\n',
  'CLAUDE.md': 'Run the tests before every commit.\n',
  'package.json': '{ "scripts": { "test": "node --test" } }\n',
};

function render(tree: SourceTree, format: 'json' | 'sarif'): string {
  const audit = auditTree(tree, readers, { today: TODAY });
  const policy = NO_AUDIT_POLICY;
  const report = reportAudit(audit, {
    profile: 'all',
    version: '0',
    today: TODAY,
    base: undefined,
    policy,
    baseline: [],
  });
  return renderReport(report, format, { colour: false, width: 100, suppressed: 'show' });
}

function fingerprints(files: Files, of: (file: string) => boolean = () => true): readonly string[] {
  return auditTree(memoryTree(files), readers, { today: TODAY })
    .findings.filter(({ place }) => of(place.file))
    .map(({ rule, fingerprint }) => `${rule} ${fingerprint}`)
    .sort();
}

describe('a report', () => {
  for (const format of ['json', 'sarif'] as const) {
    it(`as ${format} is the same to the byte each time, in whatever order the entries of the tree come`, () => {
      const tree = memoryTree(FILES);
      const first = render(tree, format);
      assert.equal(render(memoryTree(FILES), format), first);
      fc.assert(
        fc.property(fc.shuffledSubarray([...tree.entries], { minLength: tree.entries.length }), (entries) => {
          assert.equal(render({ ...tree, entries }, format), first);
        }),
        { numRuns: Math.min(RUNS, 10) },
      );
    });
  }

  it('of a directory is the same at another place and when its files were made in another order', () => {
    const base = mkdtempSync(join(tmpdir(), 'sallyport-same-'));
    try {
      const write = (root: string, paths: readonly string[]) => {
        for (const path of paths) {
          mkdirSync(dirname(join(root, path)), { recursive: true });
          writeFileSync(join(root, path), FILES[path] ?? '');
        }
      };
      const [one, other, copy] = [join(base, 'one'), join(base, 'deep/er/other'), join(base, 'copy')];
      write(one, Object.keys(FILES));
      write(other, Object.keys(FILES).toReversed());
      cpSync(one, copy, { recursive: true });
      const auditAt = (cwd: string) => {
        const { stdout } = spawnSync(PROGRAM, ['audit', '--format', 'json', '--profile', 'all'], {
          cwd,
          encoding: 'utf8',
          env: { PATH: '/usr/bin:/bin', HOME: base },
        });
        return stdout.replace(/"(?:startedAt|endedAt)": "[^"]*"/g, '""');
      };
      const first = auditAt(one);
      assert.ok(first.includes('PATH01'));
      assert.equal(auditAt(other), first);
      assert.equal(auditAt(copy), first);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  });
});

describe('a fingerprint', () => {
  const text = FILES['.github/workflows/many.yml'] ?? '';
  const before = fingerprints(FILES, (file) => file === '.github/workflows/many.yml');

  it('stays when comments and blank lines come between', () => {
    const lines = text.split('\n');
    fc.assert(
      fc.property(
        fc.array(fc.nat(lines.length - 1), { maxLength: 6 }),
        fc.constantFrom('# a note', '', '      # further in'),
        (places, put) => {
          const edited = lines.flatMap((line, at) => (places.includes(at) ? [put, line] : [line])).join('\n');
          const after = fingerprints(
            { ...FILES, '.github/workflows/many.yml': edited },
            (file) => file === '.github/workflows/many.yml',
          );
          assert.deepEqual(after, before);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('stays when other jobs change places', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(JOBS, { minLength: JOBS.length }), (jobs) => {
        const files = { ...FILES, '.github/workflows/many.yml': HEAD + jobs.join('') };
        assert.deepEqual(
          fingerprints(files, (file) => file === '.github/workflows/many.yml'),
          before,
        );
      }),
      { numRuns: Math.min(RUNS, 12) },
    );
  });

  it('stays when files are added, and when a job is', () => {
    const more = {
      ...FILES,
      'README.md': '# Hello\n',
      'src/index.ts': 'export {};\n',
      '.github/workflows/a.yml':
        'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n',
    };
    assert.deepEqual(
      fingerprints(more, (file) => file === '.github/workflows/many.yml'),
      before,
    );
    const job = '  zeta:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n';
    const after = fingerprints({ ...FILES, '.github/workflows/many.yml': text + job });
    for (const one of before) assert.ok(after.includes(one), one);
  });
});
