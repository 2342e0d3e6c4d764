import { SallyportError } from '../../errors/index.ts';
import { FLAGS, type FlagRow, SUBCOMMANDS } from './flags.ts';

/** One flag as the person wrote it. */
export interface WrittenFlag {
  readonly row: FlagRow;
  readonly spelled: string;
  readonly values: readonly string[];
}

export interface CommandLine {
  readonly flags: readonly WrittenFlag[];
  /** The prompt, and whatever else stands outside flags. */
  readonly words: readonly string[];
}

const ROW_BY_NAME = new Map(FLAGS.flatMap((row) => row.names.map((name) => [name, row] as const)));

/**
 * Reads the arguments of `claude` the way the CLI's own parser does, so that both agree on what is a flag, its value
 * or the prompt. Throws SP1603 for a flag that is unknown or cannot be contained, and for subcommands.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const flags: WrittenFlag[] = [];
  const words: string[] = [];
  let at = 0;
  while (at < args.length) {
    const word = args[at] ?? '';
    at += 1;
    if (word === '--') {
      words.push(...args.slice(at));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const flag = readFlag(word, args.slice(at));
    at += flag.taken;
    flags.push(flag.written);
  }
  // The CLI would take a lone word such as `update` for its subcommand, even behind `--`.
  const first = words[0];
  if (first !== undefined && SUBCOMMANDS.has(first))
    throw new SallyportError('SP1603', `\`claude ${first}\` is not a session that can be contained`);
  return { flags, words };
}

function readFlag(word: string, rest: readonly string[]): { written: WrittenFlag; taken: number } {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  const name = equals < 0 ? word : word.slice(0, equals);
  const row = ROW_BY_NAME.get(name);
  if (row === undefined) throw new SallyportError('SP1603', `claude: unknown flag ${JSON.stringify(name)}`);
  if (row.treatment === 'refuse')
    throw new SallyportError('SP1603', `claude: ${name} cannot be contained: ${row.because}`);
  if (equals >= 0) {
    if (row.arity === 'none') throw new SallyportError('SP1603', `claude: ${name} takes no value`);
    return { written: { row, spelled: word, values: [word.slice(equals + 1)] }, taken: 0 };
  }
  const values = takeValues(row, name, rest);
  return { written: { row, spelled: word, values }, taken: values.length };
}

function takeValues(row: FlagRow, name: string, rest: readonly string[]): readonly string[] {
  const next = rest[0];
  switch (row.arity) {
    case 'none':
      return [];
    case 'one':
      if (next === undefined) throw new SallyportError('SP1603', `claude: ${name} needs a value`);
      return [next];
    case 'optional':
      return next !== undefined && !next.startsWith('-') ? [next] : [];
    case 'many': {
      if (next === undefined) throw new SallyportError('SP1603', `claude: ${name} needs a value`);
      const end = rest.findIndex((word, index) => index > 0 && word.startsWith('-'));
      return end < 0 ? rest : rest.slice(0, end);
    }
  }
}
