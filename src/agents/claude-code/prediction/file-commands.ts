import type { ShellWord } from '../../../syntax/index.ts';
import type { PredictionPlace } from './decision.ts';
import { type NamedPath, readPath } from './shell-path.ts';

/** A program whose operands are files, which the CLI checks on top of any rule (reference: agents §2.4.5, §2.4.7). */
interface FileCommand {
  readonly names: readonly string[];
  readonly does: 'read' | 'write' | 'copy' | 'move';
  /** Operands in front of the files: the pattern of `grep`, the script of `sed`. */
  readonly skipped?: number;
  /** Options that hold what would otherwise be the skipped operand. */
  readonly instead?: RegExp;
  /** Options whose value is the next word and no file. */
  readonly valued?: RegExp;
  /** `acceptEdits` approves it inside of the working directories. */
  readonly accepted?: boolean;
  /** Options with which the CLI cannot tell the files: it asks. */
  readonly unclear?: RegExp;
  /** Since when refusing path rules see it; undefined: always. */
  readonly later?: boolean;
  /** Without a file it reads the working directory; with `-r` only. */
  readonly implicit?: 'always' | 'recursive';
}

const SEARCH = { skipped: 1, instead: /^(?:-e|-f|--regexp|--file)/, valued: /^-[eABCmgt]$/ };

const ROWS: readonly FileCommand[] = [
  { names: ['cat', 'wc', 'base64', 'nl', 'strings', 'file', 'stat', 'diff', 'du'], does: 'read' },
  { names: ['ls', 'find'], does: 'read', implicit: 'always' },
  {
    names: ['od', 'hexdump', 'rev', 'paste', 'column', 'comm', 'cmp', 'fold', 'expand', 'cut'],
    does: 'read',
    valued: /^-[dfcbw]$/,
  },
  { names: ['md5sum', 'sha1sum', 'sha256sum', 'realpath', 'readlink', 'tree', 'fmt', 'pr', 'df', 'cd'], does: 'read' },
  { names: ['tac'], does: 'read', later: true },
  { names: ['head', 'tail'], does: 'read', valued: /^-[nc]$/ },
  { names: ['sort'], does: 'read', valued: /^-[kStT]$/ },
  { names: ['grep', 'egrep', 'fgrep'], does: 'read', ...SEARCH, implicit: 'recursive' },
  { names: ['rg'], does: 'read', ...SEARCH, implicit: 'always' },
  { names: ['awk', 'jq'], does: 'read', skipped: 1, instead: /^-f$/, valued: /^-[vF]$/ },
  {
    names: ['touch', 'mkdir', 'rm', 'rmdir'],
    does: 'write',
    valued: /^-[dtm]$/,
    accepted: true,
    unclear: /^(?:-[a-z]*[rmtdZ]|--reference.*|--mode.*)$/,
  },
  { names: ['sed'], does: 'write', skipped: 1, instead: /^(?:-e|-f|--expression|--file)/, accepted: true },
  { names: ['tee'], does: 'write', later: true },
  { names: ['cp'], does: 'copy', accepted: true, unclear: /^-/ },
  { names: ['mv'], does: 'move', accepted: true, unclear: /^-/ },
];

/** The files of one command. */
export interface FileUse {
  readonly program: string;
  readonly reads: readonly NamedPath[];
  readonly writes: readonly NamedPath[];
  readonly accepted: boolean;
  /** An option stands in the way of knowing the files. */
  readonly unclear: boolean;
  readonly later: boolean;
  /** No file is named, and the working directory is read. */
  readonly readsHere: boolean;
}

/** Files that these words name; undefined for programs that are not in the table. */
export function readFileUse(words: readonly ShellWord[], place: PredictionPlace): FileUse | undefined {
  const [first, ...args] = words;
  const program = first?.literal;
  if (program === undefined) return undefined;
  if (program === 'git') return noIndexUse(args, place);
  const name = program === '/bin/rm' || program === '/usr/bin/rm' ? 'rm' : program;
  const row = ROWS.find(({ names }) => names.includes(name));
  if (row === undefined) return undefined;
  const operands = operandsOf(row, args).map((word) => readPath(word, place));
  const unclear = args.some(({ literal }) => literal !== undefined && isUnclear(row, name, literal));
  const readsHere = isImplicit(row, args) && (operands.length === 0 || startsWithTest(name, args));
  const base = { program: name, accepted: row.accepted === true, unclear, later: row.later === true, readsHere };
  if (row.does === 'read' || (name === 'sed' && !editsInPlace(args))) return { ...base, reads: operands, writes: [] };
  if (row.does === 'write') return { ...base, reads: [], writes: operands };
  const target = operands.slice(-1);
  const sources = operands.slice(0, -1);
  return { ...base, reads: sources, writes: row.does === 'move' ? operands : target };
}

function isImplicit({ implicit }: FileCommand, args: readonly ShellWord[]): boolean {
  if (implicit !== 'recursive') return implicit === 'always';
  return args.some(({ literal }) => literal !== undefined && /^(?:-[a-zA-Z]*[rR]|--recursive$)/.test(literal));
}

/** `find -name x`: tests without a folder in front of them. */
function startsWithTest(name: string, [first]: readonly ShellWord[]): boolean {
  return name === 'find' && first !== undefined && /^[-(!\\]/.test(first.source);
}

/** `rm -r` is clear although `touch -r` is not. */
function isUnclear(row: FileCommand, name: string, literal: string): boolean {
  if (row.unclear === undefined || !row.unclear.test(literal)) return false;
  return name !== 'rm' && name !== 'rmdir';
}

function operandsOf(row: FileCommand, args: readonly ShellWord[]): readonly ShellWord[] {
  const operands: ShellWord[] = [];
  let skipped = row.skipped ?? 0;
  let onlyOperands = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) continue;
    const { literal } = word;
    if (!onlyOperands && literal === '--') onlyOperands = true;
    else if (!onlyOperands && literal !== undefined && literal.length > 1 && literal.startsWith('-')) {
      if (row.instead?.test(literal)) skipped = 0;
      if (row.valued?.test(literal)) at++;
    } else if (skipped > 0) skipped--;
    else operands.push(word);
  }
  return operands;
}

function editsInPlace(args: readonly ShellWord[]): boolean {
  return args.some(({ literal }) => literal !== undefined && /^(?:-[a-zA-Z]*i|--in-place)/.test(literal));
}

/** `git diff --no-index FILE FILE` reads files like `diff`. */
function noIndexUse(args: readonly ShellWord[], place: PredictionPlace): FileUse | undefined {
  if (args[0]?.literal !== 'diff' || !args.some(({ literal }) => literal === '--no-index')) return undefined;
  const operands = args.slice(1).filter(({ literal }) => !literal?.startsWith('-'));
  const reads = operands.map((word) => readPath(word, place));
  return { program: 'git', reads, writes: [], accepted: false, unclear: false, later: false, readsHere: false };
}
