/** Which findings a review shows, and that it counts those that it leaves out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { selectShown } from '../../src/review/profile.ts';
import { reviewFiles } from './support/engine.ts';

/** A parameter of a library that becomes markup: whether it is text or markup is between the library and its caller. */
const WIDGET = 'export function widget(options) {\n  document.body.innerHTML = options.title;\n}\n';
/** The same from the address of the page, which anybody writes. */
const PAGE = 'document.body.innerHTML = decodeURIComponent(location.hash);\n';

describe('the profile of a review', () => {
  it('leaves out what says little by its kind, and says how much that is', async () => {
    const library = { threatModel: 'library' } as const;
    const outcome = await reviewFiles({ 'src/w.js': '' }, { 'src/w.js': WIDGET }, library);
    const all = await reviewFiles({ 'src/w.js': '' }, { 'src/w.js': WIDGET }, { ...library, profile: 'all' });
    assert.deepEqual([outcome.findings.length, outcome.hidden], [0, 1]);
    assert.deepEqual([all.findings.length, all.hidden], [1, 0]);
  });

  it('shows the same call where the data is anybody’s', async () => {
    const outcome = await reviewFiles({ 'src/p.js': '' }, { 'src/p.js': PAGE });
    assert.deepEqual([outcome.findings.length, outcome.hidden], [1, 0]);
  });

  it('goes by the evidence of a finding, and by its rule where that says nothing', async () => {
    const { findings, rules } = await reviewFiles({ 'src/p.js': '' }, { 'src/p.js': PAGE });
    const rule = rules.find(({ id }) => id === findings[0]?.finding.rule);
    const found = findings[0]?.finding;
    assert.ok(rule && found);
    const { tier: _, ...plain } = found;
    const quiet = { ...plain, rule: 'QUIET' };
    const all = [plain, quiet, { ...plain, tier: 'pedantic' as const }, { ...quiet, tier: 'regular' as const }];
    const delta = { introduced: all, fixed: all, persisting: all };
    const rows = [rule, { ...rule, id: 'QUIET', tier: 'pedantic' as const }];
    const shown = selectShown(delta, rows, 'standard');
    for (const list of [shown.introduced, shown.fixed, shown.persisting]) assert.deepEqual(list, [all[0], all[3]]);
    assert.equal(shown.hidden, 2);
    assert.deepEqual(selectShown(delta, rows, 'all'), { ...delta, hidden: 0 });
  });
});
