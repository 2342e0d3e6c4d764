import type { ShellWord } from '../../../syntax/index.ts';

/** A number, what git prints of a commit, or anything that is given at all. */
type ValueKind = 'number' | 'format' | 'text';

/** Options that leave a program reading, by what they take; any other one asks. */
export interface OptionTable {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, ValueKind>;
  /** `-A3`: a number may stand at once behind its letter. */
  readonly attachesNumbers: boolean;
  /** `-5`. */
  readonly takesCount: boolean;
  /** Behind `--` everything is an operand; otherwise it is one itself and options go on. */
  readonly ends: boolean;
}

/** Letters first, then whole names: `abc recursive` are `-a`, `-b`, `-c` and `--recursive`. A dot stands for no letter. */
interface OptionText {
  readonly flags: string;
  readonly numbers?: string;
  readonly formats?: string;
  readonly texts?: string;
  readonly attachesNumbers?: boolean;
  readonly takesCount?: boolean;
  readonly ends?: boolean;
}

export function optionTable({ flags, numbers = '.', formats = '.', texts = '.', ...forms }: OptionText): OptionTable {
  return {
    flags: new Set(namesIn(flags)),
    values: new Map([
      ...namesIn(numbers).map((name) => [name, 'number'] as const),
      ...namesIn(formats).map((name) => [name, 'format'] as const),
      ...namesIn(texts).map((name) => [name, 'text'] as const),
    ]),
    attachesNumbers: forms.attachesNumbers ?? false,
    takesCount: forms.takesCount ?? false,
    ends: forms.ends ?? true,
  };
}

const VALUES: { readonly [kind in ValueKind]: RegExp } = {
  number: /^\d+$/,
  format: /^$|%|^t?format:|^(?:oneline|short|medium|full|fuller|reference|email|mboxrd|raw)$/,
  text: /^/,
};

function namesIn(text: string): readonly string[] {
  const [letters = '', ...words] = text.trim().split(/\s+/);
  const short = letters === '.' ? [] : [...letters].map((letter) => `-${letter}`);
  return [...short, ...words.map((word) => `--${word}`)];
}

/** The arguments that are no options; undefined when one of the options is not in the table or lacks what it takes. */
export function operandsOf(args: readonly ShellWord[], table: OptionTable): readonly ShellWord[] | undefined {
  const operands: ShellWord[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    if (word === undefined) break;
    const text = word.literal;
    if (text === '--' && table.ends) return [...operands, ...args.slice(index + 1)];
    if (text === undefined || text === '--' || !/^-./.test(text)) {
      operands.push(word);
      continue;
    }
    const taken = takenBy(text, args[index + 1], table);
    if (taken === undefined) return undefined;
    index += taken;
  }
  return operands;
}

/** How many of the arguments behind it an option takes; undefined when it is not allowed. */
function takenBy(option: string, next: ShellWord | undefined, table: OptionTable): 0 | 1 | undefined {
  if (table.flags.has(option) || (table.takesCount && /^-\d+$/.test(option))) return 0;
  const [name = '', value] = splitOption(option);
  const kind = table.values.get(name);
  if (kind !== undefined) {
    const given = value ?? next?.literal;
    if (given === undefined || !VALUES[kind].test(given)) return undefined;
    return value === undefined ? 1 : 0;
  }
  if (option.startsWith('--')) return undefined;
  const isAttached = table.attachesNumbers && table.values.get(option.slice(0, 2)) === 'number';
  if (isAttached) return /^\d+$/.test(option.slice(2)) ? 0 : undefined;
  return [...option.slice(1)].every((letter) => table.flags.has(`-${letter}`)) ? 0 : undefined;
}

function splitOption(option: string): readonly [string, string | undefined] {
  const equals = option.indexOf('=');
  return equals < 0 ? [option, undefined] : [option.slice(0, equals), option.slice(equals + 1)];
}
