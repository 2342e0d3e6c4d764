import type { FindingDraft } from '../../findings/index.ts';
import type { Recipe } from './recipe.ts';

/** What a module of this folder finds in one recipe. */
export type FindInRecipe = (recipe: Recipe) => readonly FindingDraft[];
