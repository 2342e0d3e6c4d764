import type { ShellWord } from '../../../syntax/index.ts';
import type { Behaviour } from './behaviour.ts';

/** Commands that need no rule in any mode (reference: agents §2.4.6). */
interface ReadOnlyRow {
  readonly names: readonly string[];
  /** When given, the first words must be one of these (`remote -v`). */
  readonly starts?: readonly string[];
  /** Arguments that make it more than reading. */
  readonly except?: RegExp;
  /** When given, every argument must fit. */
  readonly only?: RegExp;
  /** No glob: a file name could turn into an option. */
  readonly noGlob?: boolean;
  /** Operands are no files: nothing to check them against. */
  readonly noFiles?: boolean;
  /** Exactly so many arguments. */
  readonly operands?: number;
  /** Only where the readers of older versions count. */
  readonly lax?: boolean;
}

/** No operand of these is a file. */
const FREE =
  'echo which type cal uptime groups uname locale true false sleep seq expr basename dirname help nproc free id tr numfmt';

const FILES = `ls cat head tail wc realpath readlink stat du df grep egrep fgrep diff cmp comm cut paste column nl
  tac rev fold expand strings od hexdump md5sum sha1sum sha256sum fmt pr`;

const ROWS: readonly ReadOnlyRow[] = [
  { names: FREE.split(/\s+/), noFiles: true, except: /^~/ },
  { names: FILES.split(/\s+/) },
  // Numbers are compared after evaluation: a name could stand for more.
  { names: ['test', '[', '[['], except: /\$\(|`|^-(?:v|R|eq|ne|lt|le|gt|ge)$/ },
  { names: ['cd'], operands: 1, except: /^-/ },
  { names: ['pwd', 'whoami', 'arch'], only: /^$/, noFiles: true },
  { names: ['history'], only: /^\d+$/, noFiles: true },
  { names: ['printf'], except: /^-v|\$\(|`/, noFiles: true },
  { names: ['hostname'], only: /^-(?!F|-file|b)/, noFiles: true },
  { names: ['ifconfig'], operands: 0, noFiles: true },
  { names: ['date'], except: /^(?:-[a-zA-Z]*[sf]|--set|--file|\d)/, noFiles: true },
  { names: ['ip'], only: /^addr$/, noFiles: true },
  { names: ['man'], noFiles: true, except: /^-/ },
  // A word without a dash that holds an `e` prints the environment of other processes.
  { names: ['ps'], except: /^[a-zA-Z]*e[a-zA-Z]*$/, noFiles: true },
  { names: ['pgrep', 'lsof', 'netstat'], except: /^(?:-[a-zA-Z]*[FLDK]|\+|--signal|--pidfile)/, noFiles: true },
  { names: ['ss'], except: /^(?:-[a-zA-Z]*[KDFN]|--kill|--diag|--filter|--net)/, noFiles: true },
  { names: ['tput'], except: /^(?:-S|init|reset|rs\d|is\d|iprog|rf|if)/, noFiles: true },
  { names: ['file'], except: /^(?:-[a-zA-Z]*[mfCzZ]|--magic-file|--files-from|--compile|--uncompress)/ },
  { names: ['file', 'pyright'], lax: true },
  { names: ['base64'], except: /^(?:-[a-zA-Z]*o|--output)/ },
  { names: ['rg'], except: /^(?:--pre|--hostname-bin|-[a-zA-Z]*z|--search-zip)/ },
  { names: ['fd'], except: /^(?:-[a-zA-Z]*[xXl]|--exec|--list-details)/ },
  {
    names: ['find'],
    except: /^-(?:exec|execdir|ok|okdir|delete|fprint|fprint0|fprintf|fls|files0-from)$/,
    noGlob: true,
  },
  { names: ['tree'], except: /^(?:-[a-zA-Z]*[oR]|--output)/ },
  {
    names: ['sort'],
    except: /^(?:-[a-zA-Z]*[oT]|--output|--temporary-directory|--compress-program|--files0-from)/,
    noGlob: true,
  },
  {
    names: ['jq'],
    except:
      /^(?:-[a-zA-Z]*[fL]|--from-file|--rawfile|--slurpfile|--argfile|--library-path|--run-tests)|(?:^|[^.\w])(?:env|\$ENV|input_filename|import|include|modulemeta|system|debug|halt_error|stderr)\b|\$__/,
    noGlob: true,
  },
  { names: ['node'], only: /^-v$/, operands: 1, noFiles: true },
  { names: ['python'], only: /^--version$/, operands: 1, noFiles: true },
  {
    names: ['docker'],
    starts: ['ps', 'images', 'logs', 'inspect'],
    except: /^(?:-H|--host|-c$|--context|--config|--tls)/,
    noFiles: true,
  },
  { names: ['xargs'], starts: ['grep', 'echo', 'printf', 'wc', 'head'] },
];

/** Long options of git that only choose and shape what is printed. Another one may start a program or write a file. */
const GIT_OPTIONS: ReadonlySet<string> = new Set(
  `abbrev abbrev-commit abbrev-ref after all always author before branch cached color committer count date date-order
  decorate deleted diff-filter dirty email exclude-standard exit-code files-with-matches first-parent follow format
  get git-dir graph grep heads ignore-all-space ignore-case ignore-space-change is-ancestor left-right line-number
  list long max-count merges minimal modified name-only name-status no-color no-ext-diff no-index no-merges no-patch
  numbered numstat oneline others patch porcelain pretty quiet raw remotes reverse short shortstat show-current
  show-toplevel since skip sort stage staged stat summary tags topo-order unified until untracked-files verbose verify
  word-diff word-regexp`.split(/\s+/),
);
const GIT_LETTERS = /^-(?:\d+|[npsuwbzvSGLUMBaltirdq][^ ]*)$/;

const GIT: readonly ReadOnlyRow[] = [
  {
    names: [],
    starts: `status log diff show blame rev-parse rev-list ls-files describe shortlog merge-base for-each-ref
      grep`.split(/\s+/),
    except: /^-[a-zA-Z]*O|^--textconv/,
  },
  { names: [], starts: ['ls-remote'], only: /^(?:ls-remote|--heads|--tags|[A-Za-z][\w-]*)$/ },
  {
    names: [],
    starts: ['branch'],
    only: /^(?:branch|-a|--all|-r|--remotes|-v|-vv|--verbose|--show-current|--list|-l)$/,
  },
  { names: [], starts: ['tag'], only: /^(?:tag|-l|--list|-n\d*)$/ },
  { names: [], starts: ['remote'], only: /^(?:remote|-v|--verbose)$/ },
  { names: [], starts: ['config --get'], operands: 3 },
  { names: [], starts: ['stash list', 'stash show'] },
  { names: [], starts: ['reflog'], except: /^(?:expire|delete|drop|exists)$/ },
  { names: [], starts: ['worktree list', 'cat-file -p'] },
];

/** How far a command only reads. `files`: its operands must lie in the working directories besides. */
export function readOnly(words: readonly ShellWord[], behaviour: Behaviour): 'no' | 'free' | 'files' {
  const [program, ...args] = words;
  const name = program?.literal;
  if (name === undefined) return 'no';
  if (name === 'sed') return printsLines(args) ? 'files' : 'no';
  if (name === 'git') return GIT.some((row) => fits(row, args)) && isPlainGit(args) ? 'files' : 'no';
  const row = ROWS.find((one) => one.names.includes(name) && (!one.lax || behaviour.laxReaders) && fits(one, args));
  if (row === undefined) return 'no';
  return row.noFiles ? 'free' : 'files';
}

function fits(row: ReadOnlyRow, args: readonly ShellWord[]): boolean {
  const texts = args.map(({ literal, source }) => literal ?? source);
  if (row.starts && !row.starts.some((start) => `${texts.join(' ')} `.startsWith(`${start} `))) return false;
  if (row.noGlob && args.some(isUnknown)) return false;
  if (row.operands !== undefined && texts.length !== row.operands) return false;
  if (row.only && !texts.every((text) => row.only?.test(text))) return false;
  return !texts.some((text) => row.except?.test(text));
}

/** Known options only, and nothing that the shell may turn into one. */
function isPlainGit(args: readonly ShellWord[]): boolean {
  const end = args.findIndex(({ literal }) => literal === '--');
  const options = end < 0 ? args : args.slice(0, end);
  return !args.some(isUnknown) && options.every(({ literal = '' }) => isPlainOption(literal));
}

function isPlainOption(text: string): boolean {
  if (!text.startsWith('-')) return true;
  return text.startsWith('--') ? GIT_OPTIONS.has(text.slice(2).split('=', 1)[0] ?? '') : GIT_LETTERS.test(text);
}

function isUnknown({ literal, source }: ShellWord): boolean {
  return literal === undefined || /^[^"']*[*?[{]/.test(source);
}

/** `sed -n 1,5p`: only prints. */
function printsLines(args: readonly ShellWord[]): boolean {
  const [option, script, ...rest] = args.map(({ literal }) => literal);
  const isPrinting = script !== undefined && /^\d+(?:,(?:\d+|\$))?p(?:;\d+(?:,(?:\d+|\$))?p)*$/.test(script);
  return option === '-n' && isPrinting && rest.every((text) => text !== undefined && !text.startsWith('-'));
}
