import {
  type DockerInstruction,
  type DockerWord,
  type SourceFile,
  type SourceTree,
  splitWords,
} from '../../syntax/index.ts';
import { type CommandSource, joinCommands, NO_COMMANDS, type ReadCommands, readShellForm } from './command-line.ts';

/** Largest script that is followed, and how many a stage may start. */
const LIMITS = { length: 256 * 1024, scripts: 4 } as const;

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'zsh']);

/**
 * The scripts of the repository that a container starts: `COPY docker/start.sh /start.sh` with
 * `ENTRYPOINT ["/start.sh"]`. Commands of the script stand at their own places. What cannot be found is not followed.
 */
export function followEntrypoint(
  source: CommandSource,
  tree: SourceTree,
  copies: readonly DockerInstruction[],
  start: ReadCommands,
): ReadCommands {
  const found = new Map<string, SourceFile>();
  for (const { words } of start.commands) {
    const path = startedPath(words.map(({ text }) => text));
    const file = path === undefined ? undefined : findCopied(source.file, tree, copies, path);
    if (file !== undefined && found.size < LIMITS.scripts) found.set(file.path, file);
  }
  return joinCommands([...found.values()].map((file) => readScript({ ...source, file })));
}

/** The program, or the script that a shell is given. */
function startedPath(words: readonly string[]): string | undefined {
  const program = words[0]?.split('/').at(-1) ?? '';
  const path = SHELLS.has(program) ? words.slice(1).find((word) => !word.startsWith('-')) : words[0];
  return path?.includes('/') || path?.endsWith('.sh') ? path : undefined;
}

function readScript(source: CommandSource): ReadCommands {
  const { file } = source;
  const shebang = file.text.startsWith('#!') ? file.text.slice(0, 80).split('\n')[0] : '';
  if (file.text.length > LIMITS.length || (shebang !== '' && !/sh\b/.test(shebang ?? ''))) return NO_COMMANDS;
  const whole = { text: file.text, offsetOf: (index: number) => index };
  return readShellForm(source, 'start', whole, { start: 0, end: file.text.length });
}

/** The file of the tree that stands at a path of the image; the context is the Dockerfile's folder or the root. */
function findCopied(
  dockerfile: SourceFile,
  tree: SourceTree,
  copies: readonly DockerInstruction[],
  path: string,
): SourceFile | undefined {
  const folder = dockerfile.path.slice(0, dockerfile.path.lastIndexOf('/') + 1);
  for (const origin of copies.flatMap((copy) => originsOf(copy, path))) {
    for (const candidate of [`${folder}${origin}`, origin]) {
      if (candidate.split('/').includes('..')) continue;
      const file = tree.read(candidate);
      if (file !== undefined && !('kind' in file)) return file;
    }
  }
  return undefined;
}

/** Paths of the build context from which a COPY could have made `path`. */
function originsOf({ body, exec, flags }: DockerInstruction, path: string): readonly string[] {
  if (flags.some(({ name }) => name === 'from')) return [];
  const words = (exec ?? splitWords(body)).map((word: DockerWord) => word.value.text);
  const target = words.at(-1) ?? '';
  const name = baseName(path);
  return words.slice(0, -1).flatMap((written) => {
    const origin = written.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '');
    if (baseName(origin) === name || baseName(target) === name) return [origin];
    const folder = target.replace(/^\.?\/?/, '').replace(/\/$/, '');
    const inside = path.replace(/^(?:\.?\/)+/, '');
    const rest = folder !== '' && inside.startsWith(`${folder}/`) ? inside.slice(folder.length + 1) : name;
    return [origin === '' || origin === '.' ? rest : `${origin}/${rest}`];
  });
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? '';
}
