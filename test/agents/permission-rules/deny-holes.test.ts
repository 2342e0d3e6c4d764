import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { denyHoles } from '../../../src/agents/index.ts';

const place = { file: 'settings.json', span: { start: 0, end: 1 } };
const rules = (...texts: readonly string[]) => texts.map((text) => ({ text, place }));

function holes(deny: readonly string[], allow: readonly string[]): readonly string[] {
  return denyHoles('claude-code', rules(...deny), rules(...allow)).map(({ through }) => through);
}

describe('ways round a deny rule', () => {
  const OPEN: readonly (readonly [string, string])[] = [
    ['Bash(gh api -X*)', 'Bash(gh api *)'],
    ['Bash(gh api *--method*)', 'Bash(gh *)'],
    ['Bash(curl *)', 'Bash(python3 *)'],
    ['Bash(curl *)', 'Bash'],
    ['WebFetch', 'Bash(curl *)'],
    ['Read(.env)', 'Bash(cat *)'],
    ['Bash(git push *)', 'Bash(git *)'],
    ['Bash(rm *)', 'Bash(find *)'],
    ['Bash(npm *)', 'Bash'],
    ['Edit', 'Write'],
    ['Edit(.github/**)', 'Bash(tee *)'],
  ];
  for (const [deny, allow] of OPEN) {
    it(`${deny} is got round through ${allow}`, () => assert.deepEqual(holes([deny], [allow]), [allow]));
  }

  const CLOSED: readonly (readonly [string, string])[] = [
    ['Bash(gh api -X*)', 'Bash(gh pr view *)'],
    ['Bash(curl *)', 'Bash(npm test)'],
    ['Read(.env)', 'Read(src/**)'],
    ['Bash(git push *)', 'Bash(git diff *)'],
    ['Bash(rm *)', 'Bash(ls *)'],
    ['WebFetch', 'Read'],
  ];
  for (const [deny, allow] of CLOSED) {
    it(`${deny} holds beside ${allow}`, () => assert.deepEqual(holes([deny], [allow]), []));
  }

  it('a way that is denied too is closed', () => {
    assert.deepEqual(holes(['Edit', 'Write'], ['Write']), []);
    assert.deepEqual(holes(['Bash(curl *)', 'Bash'], ['Bash']), []);
  });

  it('a dead deny rule is no protection that could have a hole', () => {
    assert.deepEqual(holes(['Bash(curl :*)'], ['Bash']), []);
  });
});
