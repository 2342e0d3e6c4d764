/** Recipes: what tells a machine which commands to run. Dockerfiles and shell scripts, read by rules and never run. */
import type { FindingDraft } from '../../findings/index.ts';
import type { Gap, SourceTree } from '../../syntax/index.ts';
import { findDisclosure } from './disclosure.ts';
import { findDownloads } from './downloads.ts';
import { findEvaluation } from './evaluation.ts';
import { findHostileCode } from './hostile-code.ts';
import { findInImage } from './image.ts';
import { readRecipe, type ScriptReaders } from './read-recipe.ts';
import { isRecipe, isRecipePath, mayBeRecipe } from './recipe-file.ts';
import { findRemoval } from './removal.ts';
import { findSecrets } from './secrets.ts';
import { findSingleCommands } from './single-commands.ts';
import { findTemporaryFile } from './temporary-file.ts';
import type { FindInRecipe } from './weakness-finder.ts';

export type { ScriptReaders } from './read-recipe.ts';
export { isProgram, isRecipePath, mayBeRecipe } from './recipe-file.ts';

const FINDERS: readonly FindInRecipe[] = [
  findSingleCommands,
  findDownloads,
  findHostileCode,
  findEvaluation,
  findRemoval,
  findTemporaryFile,
  findDisclosure,
  findInImage,
  findSecrets,
];

/** What was found in the recipes of a tree, and which were read. */
export interface RecipeResult {
  readonly findings: readonly FindingDraft[];
  readonly gaps: readonly Gap[];
  readonly analysed: ReadonlySet<string>;
}

/** Files larger than this are data. */
const LARGEST_RECIPE = 1_000_000;

/**
 * Reads every recipe of `only` (undefined: all) and reports what its commands and instructions show. One file knows
 * nothing of another. A file that cannot be read whole is a gap.
 */
export function analyseRecipes(
  tree: Pick<SourceTree, 'entries' | 'read'>,
  only: ReadonlySet<string> | undefined,
  readers: ScriptReaders,
): RecipeResult {
  const findings: FindingDraft[] = [];
  const gaps: Gap[] = [];
  const analysed = new Set<string>();
  for (const entry of tree.entries) {
    if (!mayBeRecipe(entry) || only?.has(entry.path) === false) continue;
    const file = tree.read(entry.path);
    if (file && 'text' in file && !isRecipe(file)) continue;
    const place = { file: entry.path, span: { start: 0, end: 0 } };
    if (file && 'text' in file && file.text.length <= LARGEST_RECIPE) {
      const reading = readRecipe(file, readers);
      gaps.push(...reading.gaps);
      findings.push(...FINDERS.flatMap((find) => find(reading.recipe)));
      analysed.add(entry.path);
    } else if (file && 'text' in file) {
      gaps.push({ kind: 'cap', message: `not analysed: longer than ${LARGEST_RECIPE} characters`, place });
    } else if (file && isRecipePath(entry.path)) gaps.push(file);
  }
  return { findings, gaps, analysed };
}
