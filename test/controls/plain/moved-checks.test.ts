import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ExampleFile } from '../../../src/controls/index.ts';
import { compare, loadTools, type Tools } from '../trees.ts';

const CHECK = '    raise Forbidden unless user.admin?\n';
const ruby = (body: string, more = ''): string =>
  `class Items\n  def remove(user, id)\n${body}    store.remove(id)\n  end\n${more}end\n`;

describe('a check that stands elsewhere', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  const lost = (old: readonly ExampleFile[], now: readonly ExampleFile[]): readonly string[] =>
    compare(tools, old, now)
      .changes.filter(({ control, severity }) => /^refusal-|^protecting-/.test(control) && severity === 'high')
      .map(({ control, after: place }) => `${control} ${place?.file ?? ''}`);
  const one = (text: string): readonly ExampleFile[] => [{ file: 'app/items.rb', text }];

  it('is kept where the function that has it now is called', () => {
    const more = '\n  def demand_admin(user)\n    raise Forbidden unless user.admin?\n  end\n';
    assert.deepEqual(lost(one(ruby(CHECK)), one(ruby('    demand_admin(user)\n', more))), []);
  });

  it('is lost where nobody calls the function that has it now', () => {
    const more = '\n  def other(user)\n    raise Forbidden unless user.admin?\n  end\n';
    assert.deepEqual(lost(one(ruby(CHECK)), one(ruby('', more))), ['refusal-removed app/items.rb']);
  });

  it('goes with its whole function', () => {
    assert.deepEqual(lost(one(ruby(CHECK)), one('class Items\nend\n')), []);
  });

  it('goes with its file, and comes along when the file moves', () => {
    assert.deepEqual(lost(one(ruby(CHECK)), []), []);
    assert.deepEqual(lost(one(ruby(CHECK)), [{ file: 'app/old/items.rb', text: ruby(CHECK) }]), []);
  });

  it('is lost in a file that moves', () => {
    assert.notDeepEqual(lost(one(ruby(CHECK)), [{ file: 'app/old/items.rb', text: ruby('') }]), []);
  });

  it('counts neither in tests nor in remarks', () => {
    const test = (text: string) => [{ file: 'spec/items_spec.rb', text }];
    assert.deepEqual(lost(test(ruby(CHECK)), test(ruby(''))), []);
    assert.deepEqual(lost(one(ruby(`#${CHECK}`)), one(ruby(''))), []);
    assert.notDeepEqual(lost(one(ruby(CHECK)), one(ruby(`#${CHECK}`))), []);
  });
});
