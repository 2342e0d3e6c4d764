import { looksSecret } from '../patterns/secret-value.ts';
import { weakness } from '../patterns/weakness.ts';
import { isTestFile } from '../test-file.ts';
import { isSecretVariable } from './secret-variable.ts';
import { settingsOf } from './settings.ts';
import type { FindInRecipe } from './weakness-finder.ts';

/** CODE50: a variable whose name says secret gets a constant. Message and subject hold no part of it. */
export const findSecrets: FindInRecipe = (recipe) => {
  if (isTestFile(recipe.file.path)) return [];
  return settingsOf(recipe)
    .filter(({ name, value }) => value !== undefined && isSecretVariable(name) && looksSecret(value, name))
    .map(({ name, value, place }) =>
      weakness('CODE50', {
        message: `\`${name}\` is a constant of ${value?.length ?? 0} characters`,
        severity: 'medium',
        confidence: 'medium',
        place,
        subject: `name ${name}`,
      }),
    );
};
