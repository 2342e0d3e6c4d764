/**
 * The layering rule: a room imports only rooms on a lower storey, and only through their `index.ts`, which names what
 * somebody outside the room asks for and nothing else.
 * Prints every breach with file and line; exits 1 when there is one. `--help` explains.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Rooms by storey. The design's floors: 1–2 ground, 3–4 parts, 5 capabilities, 6 face. `docs/architecture.md` has the picture. */
const STOREY: Record<string, number> = {
  errors: 0,
  system: 1,
  text: 1,
  syntax: 1,
  code: 2,
  policy: 2,
  ledger: 2,
  findings: 2,
  pipelines: 3,
  agents: 3,
  workspace: 3,
  sandbox: 3,
  broker: 3,
  taint: 3,
  controls: 4,
  attest: 4,
  forges: 3,
  facts: 4,
  audit: 5,
  inventory: 5,
  run: 5,
  review: 5,
  gate: 5,
  monitor: 5,
  server: 5,
  commands: 6,
  web: 6,
};

const IMPORT = /^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
const root = resolve(import.meta.dirname, '../src');

function listSources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listSources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function roomOf(path: string): string {
  return relative(root, path).split('/')[0] ?? '';
}

function breachesIn(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const room = roomOf(file);
  const storey = STOREY[room] ?? (file === join(root, 'cli.ts') ? 7 : undefined);
  if (storey === undefined) return [`${file}:1: room '${room}' has no storey; see docs/architecture.md`];
  const breaches: string[] = [];
  for (const match of source.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? '';
    if (!specifier.startsWith('.')) continue;
    const target = resolve(dirname(file), specifier);
    const targetRoom = roomOf(target);
    if (targetRoom === room) continue;
    const line = source.slice(0, match.index).split('\n').length;
    const where = `${relative(process.cwd(), file)}:${line}`;
    const targetStorey = STOREY[targetRoom];
    if (targetStorey === undefined) breaches.push(`${where}: imports '${specifier}', which is in no room`);
    else if (targetStorey >= storey) breaches.push(`${where}: '${room}' may not import '${targetRoom}' (not lower)`);
    else if (targetRoom !== 'commands' && !target.endsWith(`/${targetRoom}/index.ts`))
      breaches.push(`${where}: reaches past ${targetRoom}/index.ts`);
  }
  return breaches;
}

const LISTED = /^export (?:type )?\{([^}]*)\} from/gm;
const NAMED = /^export (?:async )?(?:abstract )?(?:const|function\*?|class|interface|type) (\w+)/gm;
const STARRED = /^export (?:type )?\* from '([^']+)'/gm;

/** What a door offers, with what the doors behind it offer. */
function namesOffered(door: string): string[] {
  const source = readFileSync(door, 'utf8');
  const listed = [...source.matchAll(LISTED)].flatMap(([, names = '']) =>
    names.split(',').map((name) =>
      name
        .trim()
        .replace(/^type /, '')
        .replace(/^\w+ as /, ''),
    ),
  );
  const named = [...source.matchAll(NAMED)].map(([, name = '']) => name);
  const behind = [...source.matchAll(STARRED)].flatMap(([, target = '']) =>
    namesOffered(resolve(dirname(door), target)),
  );
  return [...listed, ...named, ...behind].filter((name) => name !== '');
}

/** Every word of the files that come in by a room's door from outside. */
function wordsAskedFor(room: string, sources: readonly { path: string; text: string }[]): Set<string> {
  const guests = sources.filter(({ path, text }) => roomOf(path) !== room && text.includes(`/${room}/index.ts'`));
  return new Set(guests.flatMap(({ text }) => text.match(/\w+/g) ?? []));
}

function idleNames(): string[] {
  const folders = ['src', 'test', 'bench', 'scripts'].map((name) => resolve(root, '..', name));
  const sources = folders.flatMap(listSources).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const rooms = Object.keys(STOREY).filter((room) => existsSync(join(root, room, 'index.ts')));
  return rooms.flatMap((room) => {
    const door = join(root, room, 'index.ts');
    const asked = wordsAskedFor(room, sources);
    const idle = namesOffered(door).filter((name) => !asked.has(name));
    return idle.map((name) => `${relative(process.cwd(), door)}: nobody outside the room asks for '${name}'`);
  });
}

if (process.argv.includes('--help')) {
  console.log(
    'usage: node scripts/check-layers.ts\nChecks that every import in src/ goes to a lower storey through an index.ts, which offers no more than is asked for.',
  );
} else {
  const files = listSources(root);
  const breaches = [...files.flatMap(breachesIn), ...idleNames()];
  for (const breach of breaches) console.error(breach);
  console.log(`layers: ${files.length} files, ${breaches.length} breaches`);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
