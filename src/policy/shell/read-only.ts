import type { ShellWord } from '../../syntax/index.ts';
import { isLoaderVariable } from './launchers.ts';

/** Commands that only read inside the sandbox: a narrow grant need not name them (reference: agents §2.4.6). */
interface ReadOnlyRow {
  readonly programs: readonly string[];
  /** Arguments (or starts of long options) with which the command does more than read. */
  readonly except?: readonly string[];
  /** When given, the first argument must be one of these. */
  readonly subcommands?: readonly string[];
  /** Nothing may follow the subcommand. */
  readonly alone?: boolean;
  /** No argument that only the shell knows: it could turn into one of `except`. */
  readonly literal?: boolean;
  /** The arguments are variables: none of them is, or could be, one that chooses the programs of later commands. */
  readonly variables?: boolean;
}

const ROWS: readonly ReadOnlyRow[] = [
  {
    programs: [
      'ls',
      'cat',
      'head',
      'tail',
      'wc',
      'echo',
      'pwd',
      'cd',
      'which',
      'type',
      'cal',
      'uptime',
      'whoami',
      'id',
      'groups',
      'uname',
      'locale',
      'true',
      'false',
      ':',
      'test',
      '[',
      '[[',
      'sleep',
      'seq',
      'expr',
      'basename',
      'dirname',
      'realpath',
      'readlink',
      'stat',
      'du',
      'df',
      'free',
      'grep',
      'egrep',
      'fgrep',
      'cmp',
      'comm',
      'cut',
      'tr',
      'paste',
      'nl',
      'tac',
      'rev',
      'fold',
      'expand',
      'strings',
      'od',
      'hexdump',
      'md5sum',
      'sha1sum',
      'sha256sum',
      'nproc',
      'arch',
      'fmt',
      'pr',
      'numfmt',
      'break',
      'continue',
      'return',
      'exit',
      'shift',
    ],
  },
  { programs: ['export', 'unset'], variables: true },
  { programs: ['printf'], except: ['-v'], literal: true },
  { programs: ['wait'], except: ['-p'], literal: true },
  {
    programs: ['set'],
    subcommands: ['-e', '-u', '-x', '-eu', '-ex', '-eux', '-euo', '-euxo', '-o'],
    // Every assignment, or every argument that looks like one, would reach the programs that follow.
    except: ['-a', 'allexport', '-k', 'keyword'],
    literal: true,
  },
  { programs: ['date'], except: ['-s', '--set'], literal: true },
  { programs: ['file'], except: ['-m', '-f', '-C', '--magic-file', '--files-from', '--compile'], literal: true },
  { programs: ['base64', 'column', 'diff'], literal: false },
  {
    programs: ['sort'],
    except: ['-o', '--output', '-T', '--temporary-directory', '--compress-program'],
    literal: true,
  },
  { programs: ['uniq'], except: [], literal: true },
  // `-R` writes a file into each folder.
  { programs: ['tree'], except: ['-o', '--output', '-R'], literal: true },
  { programs: ['rg'], except: ['--pre', '--hostname-bin', '-z', '--search-zip'], literal: true },
  {
    programs: ['find'],
    except: ['-exec', '-execdir', '-ok', '-okdir', '-delete', '-fprint', '-fprint0', '-fprintf', '-fls'],
    literal: true,
  },
  { programs: ['jq'], except: ['env', '-f', '--from-file', '--rawfile', '--slurpfile', '-L'], literal: true },
  { programs: ['command'], subcommands: ['-v', '-V'] },
  { programs: ['node'], subcommands: ['--version', '-v'], alone: true },
  // `python -v` is a verbose start, and what follows `-V` may be a script to some.
  { programs: ['python', 'python3'], subcommands: ['--version', '-V'], alone: true },
  {
    programs: ['git'],
    subcommands: [
      'status',
      'log',
      'diff',
      'show',
      'blame',
      'rev-parse',
      'rev-list',
      'ls-files',
      'ls-tree',
      'describe',
      'shortlog',
      'merge-base',
      'for-each-ref',
      'grep',
      'cat-file',
      'name-rev',
    ],
    except: [
      '--output',
      '--ext-diff',
      '--textconv',
      '--filters',
      '-O',
      '--open-files-in-pager',
      '--batch-command',
      '--show-signature',
    ],
    literal: true,
  },
  { programs: ['git'], subcommands: ['branch', 'tag', 'remote', 'stash'], literal: true },
];

/** What may follow the git subcommands that both list and change. */
const LISTING: Record<string, readonly string[]> = {
  branch: ['-a', '--all', '-r', '--remotes', '-v', '-vv', '--verbose', '--show-current', '--list'],
  tag: ['-l', '--list'],
  remote: ['-v', '--verbose'],
  stash: ['list', 'show'],
};

/** Whether these words only read. Programs are compared as spelled: `./ls` is not `ls`. */
export function isReadOnly(words: readonly ShellWord[]): boolean {
  const [program, ...args] = words;
  if (words.some(hidesSubstitution)) return false;
  const rows = ROWS.filter(({ programs }) => program?.literal !== undefined && programs.includes(program.literal));
  return rows.some((row) => fits(row, args));
}

/** Some built-ins evaluate quoted text as arithmetic, where `a[$(…)]` runs a command. */
export function hidesSubstitution(word: ShellWord): boolean {
  return word.pieces.some((piece) => piece !== undefined && /\$\(|`/.test(piece));
}

function fits(row: ReadOnlyRow, args: readonly ShellWord[]): boolean {
  const first = args[0]?.literal;
  if (row.subcommands && (first === undefined || !row.subcommands.includes(first))) return false;
  if (row.alone && args.length > 1) return false;
  if (row.literal && args.some(({ literal }) => literal === undefined)) return false;
  if (row.variables && args.some(({ literal }) => literal === undefined || isLoaderVariable(literal))) return false;
  const listing = row.programs.includes('git') && first !== undefined ? LISTING[first] : undefined;
  if (listing)
    return (
      args.slice(1).every(({ literal }) => literal !== undefined && listing.includes(literal)) &&
      (first !== 'stash' || args.length > 1)
    );
  if (row.programs.includes('uniq')) return args.every(({ literal }) => literal?.startsWith('-'));
  return !args.some(({ literal }) => row.except?.some((option) => literal !== undefined && isOption(option, literal)));
}

/** `-o`, `-ofile`, a cluster that holds `o`, `--output`, `--output=file`, an abbreviation of a long option. */
function isOption(option: string, literal: string): boolean {
  if (literal === option || literal.startsWith(`${option}=`)) return true;
  if (option.startsWith('--'))
    return literal.length > 2 && literal.startsWith('--') && option.startsWith(literal.split('=', 1)[0] ?? '');
  if (option.length === 2 && option.startsWith('-') && /^-[^-]/.test(literal)) return literal.includes(option.slice(1));
  return false;
}
