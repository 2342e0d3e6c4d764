import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditTree } from '../../src/audit/index.ts';
import { loadReaders } from '../../src/syntax/index.ts';
import { memoryTree } from '../support/memory-tree.ts';

const readers = await loadReaders();

const SHARED = `.agent:
  script:
    - git clone https://git.example.test/acme/claude-code-runner /opt/agent
    - cd /opt/agent && npm ci
one:
  extends: .agent
two:
  extends: .agent
`;

function found(text: string) {
  const tree = memoryTree({ '.gitlab-ci.yml': text });
  return auditTree(tree, readers, { today: '2026-11-21' }).findings.filter(({ rule }) => rule === 'EXE020');
}

describe('a line that several jobs share', () => {
  it('is reported once, and says how many jobs it serves', () => {
    const findings = found(SHARED);
    assert.equal(findings.length, 1);
    assert.match(findings[0]?.detail ?? '', /serves 1 more job\./);
  });

  it('is not confused with the same words on another line', () => {
    const apart = SHARED.replace('two:\n  extends: .agent', `two:\n${SHARED.split('\n').slice(1, 4).join('\n')}`);
    assert.equal(found(apart).length, 2);
  });
});
