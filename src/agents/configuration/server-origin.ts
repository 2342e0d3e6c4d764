import { baseName, unwrap } from './command/unwrap.ts';
import type { ServerOrigin } from './configuration.ts';

/** A program that fetches a package and runs it. */
export interface PackageRunner {
  /** Words that start it: `npx`, `pnpm dlx`. */
  readonly words: readonly string[];
  /** Options that take the next word as their value. */
  readonly valued: readonly string[];
  /** Options that name the package instead of the first plain word. */
  readonly naming: readonly string[];
  /** Between name and version. */
  readonly separator: '@' | '==';
}

const NPM_VALUED = ['-c', '--call', '--registry', '--prefix', '-w', '--workspace', '--cache'];
const UV_VALUED = [
  '--python',
  '-p',
  '--index-url',
  '--index',
  '--with',
  '--directory',
  '--project',
  '--extra-index-url',
];

/** Source: the programs' own help texts. */
export const PACKAGE_RUNNERS: readonly PackageRunner[] = [
  { words: ['npx'], valued: NPM_VALUED, naming: ['-p', '--package'], separator: '@' },
  { words: ['npm', 'exec'], valued: NPM_VALUED, naming: ['--package'], separator: '@' },
  { words: ['npm', 'x'], valued: NPM_VALUED, naming: ['--package'], separator: '@' },
  { words: ['bunx'], valued: [], naming: ['-p', '--package'], separator: '@' },
  { words: ['bun', 'x'], valued: [], naming: ['-p', '--package'], separator: '@' },
  { words: ['pnpx'], valued: [], naming: ['--package'], separator: '@' },
  { words: ['pnpm', 'dlx'], valued: [], naming: ['--package'], separator: '@' },
  { words: ['yarn', 'dlx'], valued: [], naming: ['-p', '--package'], separator: '@' },
  { words: ['uvx'], valued: UV_VALUED, naming: ['--from'], separator: '==' },
  { words: ['uv', 'tool', 'run'], valued: UV_VALUED, naming: ['--from'], separator: '==' },
  { words: ['pipx', 'run'], valued: ['--python', '--index-url', '--pip-args'], naming: ['--spec'], separator: '==' },
];

const CONTAINER_ENGINES = new Set(['docker', 'podman', 'nerdctl']);
/** Options of `docker run` without a value; every other one is taken to have one unless it is written with `=`. */
const ENGINE_SWITCHES = new Set([
  '-i',
  '-t',
  '-it',
  '-d',
  '--rm',
  '--init',
  '--interactive',
  '--tty',
  '--detach',
  '--privileged',
  '--read-only',
]);
const SHELLS = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'cmd', 'cmd.exe', 'powershell', 'pwsh', 'powershell.exe']);
const INTERPRETERS = new Set(['node', 'python', 'python3', 'deno', 'bun', 'tsx', 'ts-node', 'ruby', 'perl', 'php']);
/** Wrappers that only change how the next word is run. */

/** What a program with its arguments really starts. */
export function originOf(command: readonly string[], url: string | undefined): ServerOrigin {
  if (command.length === 0) return url === undefined ? plain('unknown', '') : plain('remote', hostOf(url));
  const words = startedBy(command);
  const program = baseName(words[0] ?? '');
  const runner = runnerOf(words);
  if (runner !== undefined) return packageOf(runner, words.slice(runner.words.length));
  if (CONTAINER_ENGINES.has(program)) return imageOf(program, words.slice(1));
  if (SHELLS.has(program)) return shellOf(words);
  const script = INTERPRETERS.has(program) ? words.slice(1).find((word) => !word.startsWith('-')) : words[0];
  if (script !== undefined && isTreePath(script)) return plain('local', script);
  return plain('program', words[0] ?? '');
}

/** The package runner that these words start, when there is one. */
export function runnerOf(words: readonly string[]): PackageRunner | undefined {
  return PACKAGE_RUNNERS.find((runner) =>
    runner.words.every((word, index) => (index === 0 ? baseName(words[0] ?? '') : words[index]) === word),
  );
}

/** The package that a runner's arguments name. */
export function packageOf(runner: PackageRunner, args: readonly string[]): ServerOrigin {
  const name = runner.words.join(' ');
  const target = namedPackage(runner, args);
  if (target === undefined) return { ...plain('unknown', ''), runner: name };
  if (isTreePath(target)) return { ...plain('local', target), runner: name };
  if (isRepository(target)) return { ...repositoryOf(target), runner: name };
  const { bare, version } = splitVersion(target, runner.separator);
  return { kind: 'package', name: bare, version, pinned: version !== undefined && isExact(version), runner: name };
}

function namedPackage(runner: PackageRunner, args: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    const equals = word.indexOf('=');
    if (runner.naming.includes(word)) return args[index + 1];
    if (word.startsWith('--') && equals > 0 && runner.naming.includes(word.slice(0, equals)))
      return word.slice(equals + 1);
    if (word === '--') return args[index + 1];
    if (runner.valued.includes(word)) index++;
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

function splitVersion(target: string, separator: '@' | '=='): { bare: string; version: string | undefined } {
  const [base] = target.split('[', 1);
  const from = separator === '==' && !target.includes('==') ? target.indexOf('@', 1) : target.lastIndexOf(separator);
  if (from <= 0) return { bare: separator === '==' ? (base ?? target) : target, version: undefined };
  const width = target.startsWith('==', from) ? 2 : 1;
  return { bare: target.slice(0, from), version: target.slice(from + width) };
}

/** A full version; `latest`, `1`, `^1.2.3` and `1.x` name what is newest on the day. */
export function isExact(version: string): boolean {
  return /^v?\d{1,10}(\.\d{1,10}){1,3}([-+.]?[A-Za-z][0-9A-Za-z.-]{0,60})?(\+[0-9A-Za-z.-]{1,60})?$/.test(version);
}

function isRepository(target: string): boolean {
  return /^(git\+|git:|github:|gitlab:|https?:|ssh:)/.test(target) || /^[\w.-]{1,100}\/[\w.-]{1,100}(#|$)/.test(target);
}

function repositoryOf(target: string): ServerOrigin {
  const hash = Math.max(target.lastIndexOf('#'), target.lastIndexOf('@', target.length - 40));
  const ref = hash > 0 ? target.slice(hash + 1) : undefined;
  const pinned = ref !== undefined && /^[0-9a-f]{40}$/.test(ref);
  return {
    kind: 'repository',
    name: hash > 0 ? target.slice(0, hash) : target,
    version: ref,
    pinned,
    runner: undefined,
  };
}

function imageOf(engine: string, args: readonly string[]): ServerOrigin {
  let index = args.indexOf('run');
  if (index < 0) return plain('program', engine);
  for (index++; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) break;
    if (!ENGINE_SWITCHES.has(word) && !word.includes('=')) index++;
  }
  const image = args[index];
  if (image === undefined) return { ...plain('unknown', ''), runner: engine };
  const digest = image.indexOf('@sha256:');
  if (digest > 0)
    return {
      kind: 'image',
      name: image.slice(0, digest),
      version: image.slice(digest + 1),
      pinned: true,
      runner: engine,
    };
  const colon = image.lastIndexOf(':');
  const tagged = colon > image.lastIndexOf('/');
  return {
    kind: 'image',
    name: tagged ? image.slice(0, colon) : image,
    version: tagged ? image.slice(colon + 1) : undefined,
    pinned: false,
    runner: engine,
  };
}

function shellOf(words: readonly string[]): ServerOrigin {
  const inline = words.findIndex((word) => /^-\w*c$/.test(word) || /^\/c$/i.test(word));
  const text = inline > 0 ? words.slice(inline + 1) : [];
  // `cmd /c npx …` is the usual spelling on Windows: what counts is what stands behind it.
  if (text.length > 1 && runnerOf(text) !== undefined) return originOf(text, undefined);
  const script = inline > 0 ? undefined : words.slice(1).find((word) => !word.startsWith('-'));
  if (script !== undefined && isTreePath(script)) return plain('local', script);
  return plain('shell', words[0] ?? '');
}

function startedBy(command: readonly string[]): readonly string[] {
  // A command line written as one word is split at blanks: no product runs it through a shell, people write it so.
  const words = command.length === 1 ? (command[0] ?? '').trim().split(/\s+/) : command;
  return words.slice(unwrap(words).from);
}

function isTreePath(word: string): boolean {
  if (/^(\.{1,2}\/|\$\{?[A-Z_]*(ROOT|PROJECT_DIR|workspaceFolder|PWD)\}?\/)/.test(word)) return true;
  return (
    word.startsWith('.') ||
    (word.includes('/') && /\.(m?[jt]s|cjs|py|sh|rb|pl|php)$/.test(word) && !word.startsWith('/')) ||
    /^[\w-]{1,80}\.(m?[jt]s|cjs|py|sh|rb)$/.test(word)
  );
}

function plain(kind: ServerOrigin['kind'], name: string): ServerOrigin {
  return { kind, name, version: undefined, pinned: false, runner: undefined };
}

function hostOf(url: string): string {
  const match = /^[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^/?#@]{0,200}@)?([^/?#]{1,255})/i.exec(url);
  return match?.[1]?.toLowerCase() ?? url.slice(0, 255);
}
