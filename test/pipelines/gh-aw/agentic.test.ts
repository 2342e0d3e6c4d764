import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Pipeline } from '../../../src/pipelines/index.ts';
import { readPipelines } from '../../../src/pipelines/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const readers = await loadReaders();

const SOURCE = `---
on:
  slash_command: { name: plan, events: [issue_comment] }
  schedule: daily
  reaction: eyes
permissions: { contents: read }
engine: { id: claude }
network: { allowed: [defaults] }
---

# Plan

Plan \${{ github.event.issue.number }}.
`;

function read(files: Readonly<Record<string, string>>): readonly Pipeline[] {
  return readPipelines(memoryTree(files), readers);
}

function lock(hash: string, uses: string, run = 'echo'): string {
  return `# gh-aw-metadata: {"schema_version":"v4","body_hash":"${hash}"}
# gh-aw-manifest: {"version":1,"secrets":["A"],"actions":[{"repo":"acme/a","sha":"${'a'.repeat(40)}"}]}
on: issue_comment
jobs:
  agent:
    runs-on: ubuntu-24.04
    steps:
      - uses: ${uses}
        env:
          A: \${{ secrets.A }}
          B: \${{ needs.secrets.outputs.b }}
      - run: |
          ${run}
`;
}

const PINNED = `acme/a@${'a'.repeat(40)}`;

describe('a source of an agentic workflow', () => {
  const [pipeline] = read({ '.github/workflows/plan.md': SOURCE });

  it('starts on the events of its command, and not on settings', () => {
    assert.deepEqual(
      pipeline?.triggers.map(({ event, who }) => [event, who]),
      [
        ['issue_comment', 'anyone'],
        ['schedule', 'schedule'],
      ],
    );
  });

  it('lets only people with write access start it, unless it opens itself', () => {
    assert.deepEqual(
      pipeline?.jobs[0]?.condition?.gates.map(({ kind, strength }) => `${kind} ${strength}`),
      ['built-in 4'],
    );
    const [open] = read({ '.github/workflows/plan.md': SOURCE.replace('engine:', 'roles: all\nengine:') });
    assert.equal(open?.jobs[0]?.condition, undefined);
  });

  it('has its prompt with exact places', () => {
    const prompt = pipeline?.jobs[0]?.steps[0]?.inputs.find(({ name }) => name === 'prompt')?.value;
    const [interpolation] = prompt?.interpolations ?? [];
    const { start, end } = interpolation?.place.span ?? { start: 0, end: 0 };
    assert.equal(SOURCE.slice(start, end), `\${{ github.event.issue.number }}`);
    assert.equal(interpolation?.values[0]?.kind, 'number');
  });

  it('has its front matter as facts', () => {
    assert.ok(pipeline?.special.entries.some(({ key, value }) => key === 'engine.id' && value === 'claude'));
  });

  it('is no Markdown file of another kind', () => {
    assert.deepEqual(read({ '.github/workflows/README.md': '# Read me\n', 'docs/plan.md': SOURCE }), []);
  });
});

describe('a compiled agentic workflow', () => {
  const state = (files: Readonly<Record<string, string>>) =>
    read(files)
      .find(({ role }) => role === 'agentic-lock')
      ?.special.entries.find(({ key }) => key === 'source-state')?.value;
  const prompt = SOURCE.slice(SOURCE.indexOf('# Plan')).trim();
  const hash = createHash('sha256').update(prompt).digest('hex');

  it('matches the source whose hash it records', () => {
    const path = '.github/workflows/plan.lock.yml';
    assert.equal(state({ '.github/workflows/plan.md': SOURCE, [path]: lock(hash, PINNED) }), 'matches');
    assert.equal(state({ '.github/workflows/plan.md': `${SOURCE}More.\n`, [path]: lock(hash, PINNED) }), 'outdated');
    assert.equal(state({ [path]: lock(hash, PINNED) }), 'missing');
  });

  it('shows what its compiler did not list', () => {
    const unlisted = (uses: string) =>
      read({ '.github/workflows/plan.lock.yml': lock(hash, uses) })
        .flatMap(({ special }) => special.entries)
        .flatMap(({ key, value }) => (key === 'unlisted' ? [value] : []));
    assert.deepEqual(unlisted(PINNED), []);
    assert.deepEqual(unlisted(`acme/b@${'b'.repeat(40)}`), [`acme/b@${'b'.repeat(40)}`]);
  });

  it('shows its firewall with the hosts it lets through', () => {
    const run = "sudo -E awf --allow-domains 'a.example.test,*.b.example.test' -- agent";
    const text = lock(hash, PINNED, run);
    const [pipeline] = read({ '.github/workflows/plan.lock.yml': text });
    const [effect] = pipeline?.jobs[0]?.steps[1]?.effects ?? [];
    assert.ok(effect?.kind === 'egress-control');
    assert.deepEqual([effect.mode, effect.hosts], ['block', ['a.example.test', '*.b.example.test']]);
    assert.equal(text.slice(effect.place.span.start, effect.place.span.end), 'awf');
  });

  it('a word that only looks like the firewall is none', () => {
    const [pipeline] = read({ '.github/workflows/plan.lock.yml': lock(hash, PINNED, 'echo awf --allow-domains x') });
    assert.ok(!pipeline?.jobs[0]?.steps[1]?.effects.some(({ kind }) => kind === 'egress-control'));
  });

  it('a broken record says nothing and breaks nothing', () => {
    const broken = lock(hash, PINNED).replace('{"schema_version"', '{"schema');
    assert.equal(state({ '.github/workflows/plan.md': SOURCE, '.github/workflows/plan.lock.yml': broken }), 'unknown');
  });
});
