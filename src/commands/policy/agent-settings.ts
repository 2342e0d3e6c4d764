import { dirname, resolve } from 'node:path';
import { isLeftOut, type PredictionInput, SETTINGS_SOURCES, type SettingsSource } from '../../agents/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { createLineIndex, type Node, nodeAt, type Readers, scalarsOf } from '../../syntax/index.ts';
import {
  describeFileError,
  errorCode,
  isObject,
  type JsonObject,
  type JsonValue,
  readFileWithin,
} from '../../system/index.ts';

/** Settings files of the CLI that a decision is asked about. */
export interface AgentSettings {
  readonly settings: PredictionInput['settings'];
  /** `file:line:column` of a rule, or the file when the rule is not found in it. */
  readonly placeOf: (source: SettingsSource, rule: string) => string | undefined;
  /** The folder of the file of `--settings`. */
  readonly flagDirectory: string | undefined;
  /** Files that the CLI would drop without a word, and for what. */
  readonly dropped: readonly { readonly path: string; readonly why: string }[];
}

interface SettingsFile {
  readonly path: string;
  readonly text: string;
  readonly root: Node | undefined;
}

/** What the CLI reads in a working directory when nothing else is said. */
const OWN_FILES: readonly { readonly source: SettingsSource; readonly path: string }[] = [
  { source: 'project', path: '.claude/settings.json' },
  { source: 'local', path: '.claude/settings.local.json' },
];

/**
 * Read `SOURCE=FILE` or `FILE` (a project's); without any, the files of the working directory that exist.
 * @throws SallyportError SP1001 for a file that is named and cannot be read.
 */
export function readAgentSettings(named: readonly string[], readers: Readers, version: string): AgentSettings {
  const wanted = named.length > 0 ? named.map(splitName) : OWN_FILES;
  const settings: { [source in SettingsSource]?: JsonObject } = {};
  const files = new Map<SettingsSource, SettingsFile>();
  const dropped: { path: string; why: string }[] = [];
  for (const { source, path } of wanted) {
    const text = readSettings(path, named.length > 0);
    if (text === undefined) continue;
    const value = parse(text);
    const fault = value && source !== 'managed' ? isLeftOut(value, version) : undefined;
    if (value === undefined) dropped.push({ path, why: 'is no JSON' });
    else settings[source] = value;
    if (fault) dropped.push({ path, why: `says something else than it may as \`${fault.key}\`` });
    files.set(source, { path, text, root: readers.json({ path, text }).root });
  }
  const flagFile = files.get('flag')?.path;
  const flagDirectory = flagFile === undefined ? undefined : dirname(resolve(flagFile));
  return { settings, flagDirectory, dropped, placeOf: (source, rule) => place(files.get(source), rule) };
}

function splitName(text: string): { readonly source: SettingsSource; readonly path: string } {
  const source = SETTINGS_SOURCES.find((name) => text.startsWith(`${name}=`));
  return source === undefined ? { source: 'project', path: text } : { source, path: text.slice(source.length + 1) };
}

function readSettings(path: string, isNamed: boolean): string | undefined {
  try {
    return readFileWithin(path).toString('utf8');
  } catch (cause) {
    if (!isNamed && errorCode(cause) === 'ENOENT') return undefined;
    throw new SallyportError('SP1001', `${path}: ${describeFileError(cause)}`, { cause });
  }
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text.replace(/^\ufeff/, ''));
    return isObject(value) ? value : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function place(file: SettingsFile | undefined, rule: string): string | undefined {
  if (file === undefined) return undefined;
  const lists = ['deny', 'ask', 'allow'].flatMap((list) => scalarsOf(nodeAt(file.root, 'permissions', list)));
  const written = lists.find(({ text }) => text === rule);
  if (written === undefined) return file.path;
  const { line, column } = createLineIndex(file.text).position(written.span.start);
  return `${file.path}:${line}:${column}`;
}
