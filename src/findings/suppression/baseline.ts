import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type ErrorCode, SallyportError } from '../../errors/index.ts';
import { createLineIndex, type SourceFile } from '../../syntax/index.ts';
import { isDay } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import type { SuppressionEntry } from './suppression.ts';

/** Where the baseline stands unless somebody names another file. */
export const BASELINE_FILE = 'sallyport-baseline.json';

const FORMAT = 'sallyport-baseline/1';
const CODE: ErrorCode = 'SP2001';
const FINGERPRINT = /^[0-9a-f]{64}$/;
/** object, list, object: an honest baseline is no deeper. */
const MAX_DEPTH = 3;
const MAX_LENGTH = 32 * 1024 * 1024;

const FIELDS = ['fingerprint', 'rule', 'file', 'reason', 'date', 'until'] as const;
type Field = (typeof FIELDS)[number];
const REQUIRED: readonly Field[] = ['fingerprint', 'reason', 'date'];

/** One line of a baseline. */
export interface BaselineEntry extends SuppressionEntry {
  /** The day on which it was accepted, YYYY-MM-DD. */
  readonly date: string;
}

export interface BaselineDetails {
  /** Why these findings are accepted; the same for all that are new. */
  readonly reason: string;
  /** The day on which they are accepted, YYYY-MM-DD. */
  readonly date: string;
  /** The last day it holds, YYYY-MM-DD. */
  readonly until?: string;
  /** The baseline as it was: entries that still hold keep their reason and dates. */
  readonly previous?: readonly BaselineEntry[];
}

/**
 * The text of a baseline file that accepts these findings: sorted by fingerprint, one a line, so that two people who
 * add to it rarely meet in one line. Findings that a comment or the policy suppresses already are left out.
 */
export function writeBaseline(findings: readonly Finding[], details: BaselineDetails): string {
  const holding = (details.previous ?? []).filter(({ until }) => until === undefined || until >= details.date);
  const previous = new Map(holding.map((entry) => [entry.fingerprint, entry]));
  const entries = new Map<string, string>();
  for (const { fingerprint, rule, place, suppression } of findings) {
    if (suppression !== undefined && suppression.by !== 'baseline') continue;
    const { reason, date, until } = previous.get(fingerprint) ?? details;
    const fields = { fingerprint, rule, file: place.file, reason, date, until };
    entries.set(fingerprint, `    ${JSON.stringify(fields)}`);
  }
  const lines = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "format": ${JSON.stringify(FORMAT)},\n  "entries": ${list}\n}\n`;
}

/**
 * The entries of a baseline file.
 *
 * @throws {SallyportError} SP2001 with file, line and column: not JSON, an unknown field, a missing reason, a bad date, a
 * fingerprint twice.
 */
export function readBaseline(file: SourceFile): readonly BaselineEntry[] {
  const reader = createReader(file);
  const root = reader.parse();
  const format = reader.member(root, 'format');
  if (format.value !== FORMAT) reader.fail(format, `the format is not ${FORMAT}`);
  for (const property of root.children ?? []) {
    const name = property.children?.[0];
    if (name?.value !== 'format' && name?.value !== 'entries') reader.fail(property, 'unknown field');
  }
  const list = reader.member(root, 'entries');
  if (list.type !== 'array') reader.fail(list, '`entries` is a list');
  const seen = new Set<string>();
  return (list.children ?? []).map((node) => {
    const entry = readEntry(node, file, reader);
    if (seen.has(entry.fingerprint))
      reader.fail(node, 'this fingerprint stands here twice', 'Remove one of the lines.');
    seen.add(entry.fingerprint);
    return entry;
  });
}

function readEntry(node: Node, file: SourceFile, reader: BaselineReader): BaselineEntry {
  const fields = new Map<Field, string>();
  for (const property of node.type === 'object' ? (node.children ?? []) : []) {
    const [name, value] = property.children ?? [];
    const field = FIELDS.find((known) => known === name?.value);
    if (field === undefined) reader.fail(property, 'unknown field', `An entry has ${FIELDS.join(', ')}.`);
    if (fields.has(field)) reader.fail(property, `\`${field}\` stands here twice`);
    if (typeof value?.value !== 'string') reader.fail(property, `\`${field}\` is a text`);
    fields.set(field, value.value);
  }
  for (const field of REQUIRED) {
    if ((fields.get(field) ?? '').trim() === '') reader.fail(node, `the entry has no \`${field}\``);
  }
  const fingerprint = fields.get('fingerprint') ?? '';
  if (!FINGERPRINT.test(fingerprint)) reader.fail(node, 'a fingerprint has 64 hexadecimal digits');
  for (const field of ['date', 'until'] as const) {
    const day = fields.get(field);
    if (day !== undefined && !isDay(day)) reader.fail(node, `\`${field}\` is not a day as YYYY-MM-DD`);
  }
  const span = { start: node.offset, end: node.offset + node.length };
  return {
    fingerprint,
    reason: fields.get('reason') ?? '',
    date: fields.get('date') ?? '',
    until: fields.get('until'),
    place: { file: file.path, span },
  };
}

interface BaselineReader {
  parse(): Node;
  member(object: Node, name: string): Node;
  fail(node: Pick<Node, 'offset'>, message: string, advice?: string): never;
}

function createReader(file: SourceFile): BaselineReader {
  const fail: BaselineReader['fail'] = ({ offset }, message, advice) => {
    const { line, column } = createLineIndex(file.text).position(offset);
    throw new SallyportError(CODE, `the baseline cannot be used: ${message}`, {
      at: { file: file.path, line, column },
      advice,
    });
  };
  return {
    fail,
    parse: () => {
      if (file.text.length > MAX_LENGTH) fail({ offset: 0 }, `it is longer than ${MAX_LENGTH} characters`);
      const deep = offsetTooDeep(file.text);
      if (deep !== undefined) fail({ offset: deep }, 'it is nested too deep');
      const errors: ParseError[] = [];
      const root = parseTree(file.text, errors, { disallowComments: true, allowTrailingComma: false });
      const [error] = errors;
      if (error) fail(error, `it is not JSON (${printParseErrorCode(error.error)})`);
      if (root?.type !== 'object') return fail({ offset: 0 }, 'it is not a JSON object');
      return root;
    },
    member: (object, name) => {
      const property = object.children?.findLast((child) => child.children?.[0]?.value === name);
      return property?.children?.[1] ?? fail(object, `\`${name}\` is missing`);
    },
  };
}

/** Looked for before the parser runs, because it calls itself once a level. */
function offsetTooDeep(text: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (quoted && character === '\\') offset++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '{' || character === '[')) depth++;
    else if (!quoted && (character === '}' || character === ']')) depth--;
    if (depth > MAX_DEPTH) return offset;
  }
  return undefined;
}
