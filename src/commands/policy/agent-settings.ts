import { type PredictionInput, SETTINGS_SOURCES, type SettingsSource } from '../../agents/index.ts';
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
  /** Files that the CLI would drop without a word. */
  readonly dropped: readonly string[];
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
export function readAgentSettings(named: readonly string[], readers: Readers): AgentSettings {
  const wanted = named.length > 0 ? named.map(splitName) : OWN_FILES;
  const settings: { [source in SettingsSource]?: JsonObject } = {};
  const files = new Map<SettingsSource, SettingsFile>();
  const dropped: string[] = [];
  for (const { source, path } of wanted) {
    const text = readSettings(path, named.length > 0);
    if (text === undefined) continue;
    const value = parse(text);
    if (value === undefined) dropped.push(path);
    else settings[source] = value;
    files.set(source, { path, text, root: readers.json({ path, text }).root });
  }
  return { settings, dropped, placeOf: (source, rule) => place(files.get(source), rule) };
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
    const value: JsonValue = JSON.parse(text);
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
