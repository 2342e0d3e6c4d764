import type { Place } from '../../syntax/index.ts';
import { readPairs } from '../../syntax/index.ts';
import type { Recipe } from './recipe.ts';

/** A name that gets a value: an assignment of the shell, in front of a command or as `env NAME=…`, ENV or ARG. */
export interface Setting {
  readonly name: string;
  /** Known text; `undefined` where only the running shell knows a part. */
  readonly value: string | undefined;
  /** As written, quotes removed. */
  readonly spelled: string | undefined;
  readonly by: 'shell' | 'ENV' | 'ARG';
  readonly place: Place;
}

/** Every setting of a recipe, in the order of its parts. */
export function settingsOf(recipe: Recipe): readonly Setting[] {
  return [...recipe.commands.flatMap((command) => ofCommand(command)), ...ofInstructions(recipe)];
}

function ofCommand({ command, place }: Recipe['commands'][number]): readonly Setting[] {
  const assigned = command.assignments.map(({ name, value }): Setting => {
    return { name, value: value?.literal, spelled: value?.source.replace(/["']/g, ''), by: 'shell', place };
  });
  const words = command.words.flatMap(({ literal, source }): readonly Setting[] => {
    const [, name, spelled] = /^([A-Za-z_]\w{0,100})=(.*)$/s.exec(literal ?? source.replace(/["']/g, '')) ?? [];
    return name === undefined ? [] : [{ name, value: literal && spelled, spelled, by: 'shell', place }];
  });
  return [...assigned, ...words];
}

function ofInstructions({ instructions, at }: Recipe): readonly Setting[] {
  return instructions.flatMap(({ keyword, body, span }): readonly Setting[] => {
    if (keyword !== 'ENV' && keyword !== 'ARG') return [];
    return readPairs(keyword, body).map(({ name, nameSpan, value }): Setting => {
      const spelled = value?.value.text;
      const known = spelled !== undefined && !spelled.includes('$') ? spelled : undefined;
      return {
        name,
        value: known,
        spelled,
        by: keyword,
        place: at(value ? { start: nameSpan.start, end: value.span.end } : span),
      };
    });
  });
}
