import type { ShellWord } from '../../../syntax/index.ts';
import type { Behaviour } from './behaviour.ts';
import { operandsOf } from './option-table.ts';
import { READ_ONLY_GIT } from './read-only-git.ts';
import { READ_ONLY, type ReadOnlyRow } from './read-only-programs.ts';

const ROWS: readonly ReadOnlyRow[] = [...READ_ONLY, ...READ_ONLY_GIT];

/** How far a command only reads. `files`: its operands must lie in the working directories besides. */
export function readOnly(words: readonly ShellWord[], behaviour: Behaviour): 'no' | 'free' | 'files' {
  const [program, ...args] = words;
  const name = program?.literal;
  if (name === undefined) return 'no';
  if (name === 'sed') return printsLines(args) ? 'files' : 'no';
  const row = ROWS.find((one) => one.names.includes(name) && (!one.lax || behaviour.laxReaders) && fits(one, args));
  if (row === undefined) return 'no';
  return row.noFiles ? 'free' : 'files';
}

function fits(row: ReadOnlyRow, args: readonly ShellWord[]): boolean {
  if (row.starts && !row.starts.some((start) => `${textsOf(args).join(' ')} `.startsWith(`${start} `))) return false;
  if (row.known ? args.some(isUnknown) : row.globs !== true && args.some(hasGlob)) return false;
  const operands = row.options ? operandsOf(args, row.options) : args;
  if (operands === undefined) return false;
  const texts = textsOf(operands);
  const [least, most] = row.count ?? [0, Infinity];
  if (texts.length < least || texts.length > most) return false;
  if (row.endsPlain && args.at(-1)?.source.startsWith('-')) return false;
  if (row.only && !texts.every((text) => row.only?.test(text))) return false;
  return !texts.some((text) => row.except?.test(text));
}

function textsOf(words: readonly ShellWord[]): readonly string[] {
  return words.map(({ literal, source }) => literal ?? source);
}

function isUnknown(word: ShellWord): boolean {
  return word.literal === undefined || hasGlob(word);
}

function hasGlob({ source }: ShellWord): boolean {
  return /^[^"']*[*?[{]/.test(source);
}

/** `sed -n 1,5p`: only prints. */
function printsLines(args: readonly ShellWord[]): boolean {
  const [option, script, ...rest] = args.map(({ literal }) => literal);
  const isPrinting = script !== undefined && /^\d+(?:,(?:\d+|\$))?p(?:;\d+(?:,(?:\d+|\$))?p)*$/.test(script);
  return option === '-n' && isPrinting && rest.every((text) => text !== undefined && !text.startsWith('-'));
}
