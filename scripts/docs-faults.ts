import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import type { Command } from 'commander';

/** A text in which command lines of ours stand. */
export interface Text {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

const FRAGMENT = /```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g;
/** A command line ends where the shell's next command, its comment or the command of the agent begins. */
const CALL = /(?:(?<![\w./-])|(?<=\bbin\/))sallyport["']? +((?:[^\n|;&>#]|(?<=\S)#)*)/g;
const QUOTED = /'[^']*'|"[^"]*"/g;
const GLOBAL = ['--help', '--version', '--debug'];

/** Command lines of ours that name a command or an option that there is not. */
export function commandFaults({ path, text }: Text, commands: readonly Command[]): readonly string[] {
  const fragments = path.endsWith('.md')
    ? [...text.matchAll(FRAGMENT)].map(([, block, inline]) => block ?? inline)
    : [text];
  return fragments.flatMap((fragment) =>
    [...(fragment ?? '').replaceAll('\\\n', ' ').matchAll(CALL)].flatMap(([, words]) =>
      faultsOf((words ?? '').replace(QUOTED, 'QUOTED').split(/ +/), commands).map((fault) => `${path}: ${fault}`),
    ),
  );
}

function faultsOf(words: readonly string[], commands: readonly Command[]): readonly string[] {
  const [first = '', second = ''] = words;
  const command = commands.find((one) => one.name() === first);
  // Output of ours and prose begin with other words; only what looks like a call is one.
  if (command === undefined)
    return words.some((word) => /^--\w/.test(word)) && /^[a-z]+$/.test(first)
      ? [`there is no command sallyport ${first}`]
      : [];
  const own = command.commands.find((one) => one.name() === second);
  const known = [command, ...(own === undefined ? [] : [own])].flatMap(({ options }) =>
    options.flatMap(({ long, short, flags }) => [long, short, ...(flags.match(/--[\w-]+/g) ?? [])]),
  );
  const given = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined);
  return given
    .map((word) => /^--[a-z][\w-]*/.exec(word)?.[0])
    .filter((option) => option !== undefined && !known.includes(option) && !GLOBAL.includes(option))
    .map((option) => `sallyport ${[first, own?.name()].filter(Boolean).join(' ')} has no option ${option}`);
}

const LINK = /\]\(([^()\s]+)\)/g;

/** Links that lead nowhere, and pages that no link leads to from the first one. Pages by path from the root. */
export function linkFaults(root: string, first: string): readonly string[] {
  const reached = new Set([first]);
  const faults: string[] = [];
  for (const path of reached) {
    for (const { to, anchor, written } of linksOf(root, path)) {
      if (!existsSync(join(root, to))) faults.push(`${path}: ${written} is not there`);
      else if (to.endsWith('.md')) {
        reached.add(to);
        if (anchor !== undefined && !anchorsOf(root, to).has(anchor))
          faults.push(`${path}: ${written} has no such heading`);
      }
    }
  }
  const lost = pagesBelow(root, 'docs').filter((path) => !reached.has(path));
  return [...faults, ...lost.map((path) => `${path}: no page links to it`)];
}

interface Link {
  readonly written: string;
  readonly to: string;
  readonly anchor: string | undefined;
}

function linksOf(root: string, path: string): readonly Link[] {
  const prose = readFileSync(join(root, path), 'utf8').replace(FRAGMENT, (found) =>
    found.startsWith('```') ? '' : '`code`',
  );
  return [...prose.matchAll(LINK)].flatMap(([, written = '']) => {
    if (/^[a-z]+:/.test(written)) return [];
    const [file = '', anchor] = written.split('#', 2);
    const to = file === '' ? path : normalize(join(dirname(path), file));
    return [{ written, to, anchor }];
  });
}

/** As forges make them: small letters, no punctuation, blanks as hyphens. */
function anchorsOf(root: string, path: string): ReadonlySet<string> {
  const text = readFileSync(join(root, path), 'utf8').replace(/```[\s\S]*?```/g, '');
  return new Set(
    [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, title = '']) =>
      title
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function pagesBelow(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** What people copy command lines from, but for the pages below `docs/`. */
const OTHERS = ['README.md', 'action.yml', 'templates/gitlab-ci.yml', '.github/workflows/sallyport.yml'];

/** Everything in which command lines stand that somebody copies. */
export function textsOf(root: string): readonly Text[] {
  return [...OTHERS, ...pagesBelow(root, 'docs')].flatMap((path) =>
    existsSync(join(root, path)) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : [],
  );
}

/** What each command says of itself, with its examples. */
export function helpTextsOf(commands: readonly Command[], parent = 'sallyport'): readonly Text[] {
  return commands.flatMap((command) => {
    const name = `${parent} ${command.name()}`;
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
    return [{ path: `${name} --help`, text }, ...helpTextsOf(command.commands, name)];
  });
}
