import { baseName, isWrapper, unwrap, withoutVersion } from '../configuration/command/unwrap.ts';
import { type Breadth, EVERY_GRANT, type Grant, type RuleMeaning } from './meaning.ts';
import { COMMANDS, type CommandRow, INSTALL_WORDS } from './programs.ts';

type Granted = Pick<RuleMeaning, 'breadth' | 'program' | 'command' | 'grants' | 'means' | 'loose' | 'rewrite'>;

/** What a command pattern lets run. `prefix`: the product takes every pattern for the beginning of a command. */
export function commandGrant(spec: string, prefix: boolean): Granted {
  const pattern = spec.trim();
  if (/^[\s*]*$/.test(pattern) || pattern === ':*') return everything();
  const bordered = /(?::\*| \*)$/.test(pattern);
  const open = prefix || bordered || pattern.endsWith('*');
  const fixed = pattern.replace(/(?::\*| \*|\*)$/, '');
  const words = withoutWrapping(fixed.split(/\s+/).filter((word) => word !== ''));
  const program = baseName(words[0] ?? '').toLowerCase();
  const loose = !bordered && pattern.endsWith('*') ? looseEnd(fixed) : undefined;
  const inner = words.some((word, index) => index > 0 && word.includes('*'));
  const row = rowOf(program, words.slice(1));
  const shape = { program, command: { words, open }, loose: loose?.why, rewrite: loose?.rewrite };
  if (/^\.{0,2}\/?[\w.-]+\/.*$/.test(words[0] ?? '') && (program === '' || program.startsWith('*')))
    return { ...shape, breadth: 'runner', grants: ['execute-tree', 'execute'], means: 'runs any file of a folder' };
  if (program.startsWith('*') || program === '')
    return { ...shape, breadth: 'everything', grants: EVERY_GRANT, means: 'starts with a wildcard: any program' };
  if (row === undefined)
    return { ...shape, breadth: open || inner ? 'narrow' : 'exact', grants: [], means: 'is one program' };
  const grants = grantsOf(row, program, words);
  // `npm run lint *` fixes the script; only what stands in the row is open.
  const rest = words.length - 1 - (row.words?.length ?? 0);
  const breadth = grantedBreadth(row.open, open || inner, rest);
  return { ...shape, breadth, grants, means: row.means };
}

function everything(): Granted {
  return {
    breadth: 'everything',
    program: undefined,
    command: undefined,
    grants: EVERY_GRANT,
    means: 'runs any command',
    loose: undefined,
    rewrite: undefined,
  };
}

function grantedBreadth(row: Breadth, open: boolean, rest: number): Breadth {
  if (!open) return 'exact';
  if (row === 'interpreter' || row === 'network' || row === 'file-writer') return row;
  // Any further fixed word names a script, a target or a sub-command.
  return rest > 0 ? 'narrow' : row;
}

function rowOf(program: string, words: readonly string[]) {
  const fits = (name: string) => (row: CommandRow) =>
    row.programs.includes(name) && (row.words ?? []).every((word, index) => words[index] === word);
  return COMMANDS.find(fits(program)) ?? COMMANDS.find(fits(withoutVersion(program)));
}

/** `NAME=value` in front, and `sudo`, `timeout 10` and the like; one with nothing behind it starts whatever follows. */
function withoutWrapping(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const command = words.slice(Math.max(0, first));
  const inner = command.slice(unwrap(command).from);
  return isWrapper(inner[0] ?? '') ? inner.slice(0, 1) : inner;
}

/** A package manager installs where its sub-command does, or where any sub-command may follow. */
function grantsOf(row: CommandRow, program: string, words: readonly string[]): readonly Grant[] {
  if (installs(program, words)) return [...new Set<Grant>([...row.grants, 'install'])];
  const fixedElse = row.open === 'package-manager' && row.words === undefined && words.length > 1;
  return fixedElse ? row.grants.filter((grant) => grant !== 'install') : row.grants;
}

function installs(program: string, words: readonly string[]): boolean {
  const manager = COMMANDS.find(({ programs, words: fixed }) => fixed === undefined && programs.includes(program));
  const installing = manager?.open === 'package-manager' || program === 'cargo' || program === 'go';
  return installing && words.slice(1, 3).some((word) => INSTALL_WORDS.has(word));
}

/** `ls*` is `lsof` too: without a blank or a path separator in front, the star continues the word. */
function looseEnd(fixed: string): { readonly why: string; readonly rewrite: string } | undefined {
  if (!/[A-Za-z0-9]$/.test(fixed)) return undefined;
  const last = fixed.split(/\s+/).at(-1) ?? fixed;
  return {
    why: `\`${last}*\` has no word border: it matches every word that starts with \`${last}\``,
    rewrite: `${fixed} *`,
  };
}
