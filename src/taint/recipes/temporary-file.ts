import type { FindingDraft } from '../../findings/index.ts';
import { weakness } from '../patterns/weakness.ts';
import { isTestFile } from '../test-file.ts';
import type { RecipeCommand } from './recipe.ts';
import type { FindInRecipe } from './weakness-finder.ts';

/** A name below /tmp that anybody can know: constant, or with the number of the process. */
const PREDICTABLE = /^\/(?:var\/)?tmp\/(?:[\w.@+-]|\/|\$\$|\$\{?RANDOM\}?)+$/;

const OUTPUT_OPTIONS: readonly { readonly program: RegExp; readonly option: RegExp }[] = [
  { program: /^curl$/, option: /^-[a-zA-Z]*o$|^--output$/ },
  { program: /^wget$/, option: /^-[a-zA-Z]*O$|^--output-document$/ },
];

/** CODE56: a script writes to a name in the shared folder that others know before. A build has the folder to itself. */
export const findTemporaryFile: FindInRecipe = ({ kind, commands, file }) => {
  if (kind !== 'shell' || isTestFile(file.path)) return [];
  // What stands in a folder that the script makes, and that must not be there before, nobody else has put there.
  const owned = new Set(
    commands.filter(({ program, line }) => program === 'mkdir' && !/-p\b/.test(line)).flatMap(operands),
  );
  const seen = new Set<string>();
  return commands.flatMap((command): readonly FindingDraft[] => {
    const name = writtenTo(command).find((path) => PREDICTABLE.test(path) && !isBelow(path, owned));
    if (name === undefined || seen.has(name)) return [];
    seen.add(name);
    return [
      weakness('CODE56', {
        message: `\`${name}\` is a name that every user of the machine knows before it is written`,
        severity: 'low',
        confidence: 'medium',
        place: command.place,
        subject: `tmp ${name}`,
      }),
    ];
  });
};

function writtenTo(command: RecipeCommand): readonly string[] {
  const redirected = command.command.redirects.flatMap(({ operator, target }) =>
    operator.startsWith('>') || operator === '&>' ? [target?.source.replace(/["']/g, '') ?? ''] : [],
  );
  const { program, arguments: words } = command;
  const option = OUTPUT_OPTIONS.find((row) => row.program.test(program))?.option;
  const named = option
    ? words.filter((_, index) => option.test(words[index - 1]?.text ?? '')).map(({ text }) => text)
    : [];
  return [...redirected, ...named, ...(program === 'tee' ? operands(command) : [])];
}

function operands({ arguments: words }: RecipeCommand): readonly string[] {
  return words.map(({ text }) => text).filter((text) => !text.startsWith('-'));
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  return [...folders].some((folder) => path.startsWith(`${folder.replace(/\/$/, '')}/`));
}
