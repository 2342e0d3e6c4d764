import { type OptionTable, optionTable } from './option-table.ts';

/** A command that needs no rule in any mode (reference: agents §2.4.6, and measured option by option on both versions). */
export interface ReadOnlyRow {
  readonly names: readonly string[];
  /** When given, the first words must be one of these (`remote -v`). */
  readonly starts?: readonly string[];
  /** When given, every option must be one of these, and the rows below are about the operands alone. */
  readonly options?: OptionTable;
  /** Arguments that make it more than reading. */
  readonly except?: RegExp;
  /** When given, every argument must fit. */
  readonly only?: RegExp;
  /** A pattern for file names may stand among the arguments. */
  readonly globs?: boolean;
  /** Every argument must be known: one could turn into an option. */
  readonly known?: boolean;
  /** Operands are no files: nothing to check them against. */
  readonly noFiles?: boolean;
  /** Least and most arguments. */
  readonly count?: readonly [least: number, most: number];
  /** The last argument is no option. */
  readonly endsPlain?: boolean;
  /** Only where the readers of older versions count. */
  readonly lax?: boolean;
}

const GREP = optionTable({
  flags: `abchilnoqrsuvwxzEFGHILPRTUVZ basic-regexp binary byte-offset count dereference-recursive extended-regexp
    files-with-matches files-without-match fixed-strings help ignore-case initial-tab invert-match line-buffered
    line-number line-regexp no-filename no-group-separator no-ignore-case no-messages null null-data only-matching
    perl-regexp quiet recursive silent text version with-filename word-regexp`,
  numbers: 'mABC after-context before-context context max-count',
  texts: `defD binary-files color colour devices directories exclude exclude-dir exclude-from file group-separator
    include label regexp`,
  attachesNumbers: true,
});

const RIPGREP = optionTable({
  flags: `achilnoquvwFHLS column count debug files-with-matches files-without-match fixed-strings follow heading help
    hidden ignore-case invert-match json line-number no-heading no-ignore only-matching quiet smart-case stats text
    type-list version word-regexp`,
  numbers: 'dmABC after-context before-context context max-count max-depth',
  texts: 'efgtT color glob regexp type type-not',
  attachesNumbers: true,
});

const FD = optionTable({
  flags: `aghipqsFHILV01 absolute-path case-sensitive fixed-strings follow full-path glob help hidden ignore-case
    no-ignore no-ignore-vcs no-require-git one-file-system print0 prune quiet regex show-errors strip-cwd-prefix version`,
  numbers: 'dj batch-size exact-depth max-depth max-results min-depth threads',
  texts: `ceotES and base-directory changed-before changed-within color exclude extension format hyperlink ignore-file
    max-buffer-time owner path-separator search-path size type`,
});

const SORT = optionTable({
  flags: `bcdfghimnrsuzCMRV check dictionary-order general-numeric-sort help human-numeric-sort ignore-case
    ignore-leading-blanks ignore-nonprinting merge month-sort numeric-sort random-sort reverse stable unique version
    version-sort zero-terminated`,
  numbers: '. batch-size parallel',
  texts: 'ktS buffer-size field-separator key sort',
});

const TREE = optionTable({
  flags: `acdfghilnpqrstuvxACDFJNQSUX device dirsfirst du filesfirst fromfile fromtabfile gitignore help ignore-case
    info inodes matchdirs metafirst noreport prune si version`,
  numbers: 'L filelimit',
  texts: 'HIPT charset sort timefmt',
});

const FILE_OPTIONS = {
  flags: `bchiklnprsvL0 apple brief dereference help keep-going list mime mime-encoding mime-type no-buffer
    no-dereference preserve-date print0 raw special-files version`,
  texts: 'F exclude exclude-quiet separator',
};
const FILE = optionTable(FILE_OPTIONS);
const LAX_FILE = optionTable({ ...FILE_OPTIONS, texts: 'fmF exclude exclude-quiet magic-file separator' });

const PS_OPTIONS = {
  flags: 'acdfjlmwyAFHLNTV deselect forest headers help info no-headers version',
  numbers: '. width',
  texts: 'gnpqstuCGU pid sid sort tty user',
};
const PS = optionTable(PS_OPTIONS);
const EVERY_PROCESS = optionTable({ ...PS_OPTIONS, flags: `e${PS_OPTIONS.flags}` });

const TEST = optionTable({ flags: '.', numbers: 't', texts: 'bcdefghknprsuwxzGLNOS', ends: false });

const PGREP = optionTable({
  flags: `acfilnovwxLV count exact full help ignore-case inverse lightweight list-full list-name logpidfile newest
    oldest version`,
  texts: `dgrstuFGOPU delimiter euid group ns nslist older parent pgroup pidfile runstates session terminal uid`,
});

const SOCKETS = optionTable({
  flags: `abdehilmnopstuwxzEHMOSVZ046 all bpf cgroup context contexts dccp events extended help inet-sockopt info ipv4
    ipv6 listening memory mptcp no-header numeric oneline options packet processes raw sctp summary tcp tipc tipcinfo
    tos udp unix version vsock`,
  texts: 'fA family query socket',
});

const CHECKSUM = optionTable({
  flags: 'bctwz binary check help ignore-missing quiet status strict tag text version warn zero',
});

const HOST = optionTable({
  flags: `adfhisvAIV alias all-fqdns all-ip-addresses domain fqdn help ip-address long short verbose version`,
  ends: false,
});

/** No operand of these is a file. */
const FREE = 'type cal uptime groups uname locale true false sleep seq expr nproc free id';
const FREE_WITH_GLOBS = 'echo basename dirname tr du df';

const FILES = `fold comm paste expand strings od hexdump fmt pr realpath readlink numfmt`;
const FILES_WITH_GLOBS = 'ls cat head tail wc stat diff cmp cut column nl tac rev';

export const READ_ONLY: readonly ReadOnlyRow[] = [
  { names: FREE.split(' '), noFiles: true, except: /^~/ },
  { names: FREE_WITH_GLOBS.split(' '), noFiles: true, globs: true },
  { names: FILES.split(/\s+/) },
  { names: FILES_WITH_GLOBS.split(' '), globs: true },
  { names: ['grep', 'egrep', 'fgrep'], options: GREP, globs: true },
  { names: ['rg'], options: RIPGREP },
  { names: ['fd', 'fdfind'], options: FD },
  { names: ['sort'], options: SORT, known: true },
  { names: ['tree'], options: TREE },
  { names: ['file'], options: FILE },
  { names: ['md5sum', 'sha1sum', 'sha256sum'], options: CHECKSUM, globs: true },
  {
    names: ['base64'],
    options: optionTable({
      flags: 'dhD decode help ignore-garbage version',
      numbers: 'bw wrap',
      texts: 'i',
      ends: false,
    }),
  },
  {
    names: ['date'],
    options: optionTable({
      flags: 'uIR debug help rfc-email universal utc version',
      texts: 'dr date reference rfc-3339',
    }),
    only: /^\+/,
    noFiles: true,
  },
  // A word that holds an `e` may print the environment of other processes.
  { names: ['ps'], options: PS, except: /e|^-/i, noFiles: true },
  { names: ['ps'], options: EVERY_PROCESS, count: [0, 0], noFiles: true },
  { names: ['pgrep'], options: PGREP, noFiles: true },
  { names: ['ss'], options: SOCKETS, only: /^\d+$/, noFiles: true },
  { names: ['netstat'], options: optionTable({ flags: 'agilmnrsvL', texts: 'fI' }), noFiles: true },
  {
    names: ['lsof'],
    options: optionTable({ flags: 'abghilnorstvxCEFHKLNOPQRSTUVX', texts: 'cdekpuA' }),
    except: /^\+/,
    noFiles: true,
  },
  { names: ['hostname'], options: HOST, count: [0, 0], noFiles: true },
  { names: ['man'], options: optionTable({ flags: 'adhw all', texts: 'fksS' }), except: /[/~$]|^\.\.$/, noFiles: true },
  { names: ['help'], options: optionTable({ flags: 'd' }), except: /[/~$]|^\.\.$/, noFiles: true },
  {
    names: ['tput'],
    options: optionTable({ flags: 'xV', texts: 'T' }),
    except: /^(?:init|reset|rs\d|is\d|iprog|rf|if)/,
    noFiles: true,
  },
  { names: ['which'], options: optionTable({ flags: 'svVp help version' }), except: /^-$/, noFiles: true },
  // Numbers are compared after evaluation: a name could stand for more.
  { names: ['test', '[', '[['], options: TEST, except: /\$\(|`|^-(?:v|R|eq|ne|lt|le|gt|ge)$/ },
  { names: ['cd'], count: [1, 1], except: /^-/ },
  { names: ['pwd', 'whoami', 'arch'], count: [0, 0], noFiles: true },
  { names: ['history'], only: /^\d+$/, count: [0, 1], noFiles: true },
  { names: ['printf'], except: /^-|\$\(|`/, noFiles: true },
  { names: ['ifconfig'], count: [0, 0], noFiles: true },
  { names: ['ip'], only: /^addr$/, count: [1, 1], noFiles: true },
  { names: ['file'], options: LAX_FILE, lax: true },
  { names: ['pyright'], options: optionTable({ flags: '. verbose version' }), lax: true },
  {
    names: ['find'],
    except: /^-(?:exec|execdir|ok|okdir|delete|fprint|fprint0|fprintf|fls|files0-from)$/,
    known: true,
  },
  {
    names: ['jq'],
    except:
      /^--?$|^-[^a-zA-Z-]|^(?:-[a-zA-Z]*[fL0-9]|--from-file|--rawfile|--slurpfile|--argfile|--library-path|--run-tests|--raw-output0)|(?:^|[^.\w])(?:env|\$ENV|input_filename|import|include|modulemeta|system|debug|halt_error|stderr)\b|\$__/,
    known: true,
    count: [1, Infinity],
    endsPlain: true,
  },
  { names: ['node'], only: /^-v$/, count: [1, 1], noFiles: true },
  { names: ['python'], only: /^--version$/, count: [1, 1], noFiles: true },
  {
    names: ['docker'],
    starts: ['ps', 'images', 'logs', 'inspect'],
    except: /^(?:-[cHr]|--host|--context|--config|--tls)/,
    noFiles: true,
  },
  { names: ['xargs'], starts: ['grep', 'echo', 'printf', 'wc', 'head'], only: /^[\w./-]+$/ },
];
