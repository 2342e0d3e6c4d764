import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RuleExample } from '../../../src/findings/index.ts';
import { loadReaders } from '../../../src/syntax/index.ts';
import { CODE_RULES, describeCatalogue } from '../../../src/taint/catalogue/index.ts';
import { RECIPE_RULES } from '../../../src/taint/catalogue/recipe-rules.ts';
import { withStructuralWeaknesses } from '../../../src/taint/patterns/index.ts';
import { analyseRecipes } from '../../../src/taint/recipes/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { findingsByFile, lowerFiles, ownCatalogue } from './analysed.ts';

const catalogue = await ownCatalogue();
const readers = await loadReaders();

/** Rules that report the files of an example. */
async function rulesReporting(example: readonly RuleExample[]): Promise<readonly string[]> {
  const files = Object.fromEntries(example.map(({ file, text }) => [file, text]));
  const flows = [...(await findingsByFile(files, catalogue)).values()].flat();
  const inCode = withStructuralWeaknesses(flows, await lowerFiles(files), undefined);
  const inRecipes = analyseRecipes(memoryTree(files), undefined, readers).findings;
  return [...inCode, ...inRecipes].map(({ rule }) => rule);
}

describe('rules about code', () => {
  for (const rule of CODE_RULES) {
    it(`${rule.id} ${rule.name} reports its attack and not its twin`, async () => {
      assert.ok((await rulesReporting(rule.attack)).includes(rule.id), 'the attack is missed');
      assert.ok(!(await rulesReporting(rule.benign)).includes(rule.id), 'the twin is reported');
    });
  }

  it('have ids and names of their own', () => {
    assert.equal(new Set(CODE_RULES.map(({ id }) => id)).size, CODE_RULES.length);
    assert.equal(new Set(CODE_RULES.map(({ name }) => name)).size, CODE_RULES.length);
  });

  it('are each broken by a row or a module of patterns', () => {
    const modules = ['CODE58', 'CODE59', 'CODE60', 'CODE61', 'CODE62', 'CODE66', 'CODE72'];
    const broken = new Set([...catalogue.sinks, ...catalogue.patterns].flatMap(({ rule }) => rule ?? []));
    const recipes = RECIPE_RULES.map(({ id }) => id);
    const unused = CODE_RULES.filter(({ id }) => !broken.has(id) && !modules.includes(id) && !recipes.includes(id));
    assert.deepEqual(
      unused.map(({ id }) => id),
      [],
    );
  });

  it('carry the classes of all their rows', () => {
    const cookies = describeCatalogue(catalogue).find(({ id }) => id === 'CODE47');
    assert.deepEqual(
      cookies?.tags,
      ['CWE-614', 'CWE-1004', 'CWE-1275'].sort(
        (a, b) => (cookies?.tags.indexOf(a) ?? 0) - (cookies?.tags.indexOf(b) ?? 0),
      ),
    );
  });
});
