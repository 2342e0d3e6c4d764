import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { SallyportError, type SourceLocation } from '../errors/index.ts';
import { YAML_LIMITS, type YamlFile, type YamlPath, type YamlValue } from './yaml-file.ts';

/**
 * Read one YAML 1.2 document.
 * @throws SallyportError SP1801 with file:line:column for a syntax error, a duplicate key, a key that is not text, a
 *   second document or a tag; SP1802 when a cap of `YAML_LIMITS` is passed.
 */
export function parseYaml(text: string, file: string): YamlFile {
  if (Buffer.byteLength(text) > YAML_LIMITS.bytes) {
    throw new SallyportError('SP1802', `more than ${YAML_LIMITS.bytes} bytes`, { at: { file, line: 1, column: 1 } });
  }
  const deep = indexOfDeepNesting(text);
  const lines = new LineCounter();
  const place = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (deep !== undefined) {
    throw new SallyportError('SP1802', `nested deeper than ${YAML_LIMITS.depth} levels`, {
      at: placeIn(text, deep, file),
    });
  }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, merge: false, prettyErrors: false });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault) throw new SallyportError('SP1801', fault.message, { at: place(fault.pos[0]) });
  checkNode(document.contents, document, place);
  const value = toValue(document, place);
  return { value, locate: (path) => place(offsetOf(document.contents, path)) };
}

/**
 * The library reads nested values by recursion, so text that nests without indentation (`[[[[`, `- - - -`) is refused
 * before it sees it. Nesting by indentation is bounded by the size cap: every level costs a longer line.
 */
function indexOfDeepNesting(text: string): number | undefined {
  const most = 4 * YAML_LIMITS.depth;
  let brackets = 0;
  let dashes = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '[' || character === '{') brackets++;
    else if ((character === ']' || character === '}') && brackets > 0) brackets--;
    if (character === '-' || character === '?' || character === ':') dashes++;
    else if (character !== ' ') dashes = 0;
    if (brackets > most || dashes > most) return index;
  }
  return undefined;
}

function placeIn(text: string, offset: number, file: string): SourceLocation {
  const before = text.slice(0, offset);
  return { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function checkNode(root: Node | null, document: Document, place: (offset: number) => SourceLocation): void {
  let aliases = 0;
  const fail = (code: 'SP1801' | 'SP1802', message: string, node: Node): never => {
    throw new SallyportError(code, message, { at: place(node.range?.[0] ?? 0) });
  };
  const walk = (node: unknown, depth: number): void => {
    if (isPair(node)) {
      if (!isScalar(node.key) || typeof node.key.value !== 'string') {
        const where = isScalar(node.key) || isCollection(node.key) ? node.key : document.contents;
        if (where) fail('SP1801', 'a key must be text', where);
      }
      walk(node.value, depth);
    } else if (isAlias(node)) {
      if (++aliases > YAML_LIMITS.aliases) fail('SP1802', `more than ${YAML_LIMITS.aliases} aliases`, node);
      if (!node.resolve(document)) fail('SP1801', `unknown anchor '${node.source}'`, node);
    } else if (isCollection(node)) {
      if (depth > YAML_LIMITS.depth) fail('SP1802', `nested deeper than ${YAML_LIMITS.depth} levels`, node);
      if (node.tag?.startsWith('!')) fail('SP1801', `tag '${node.tag}' has no meaning here`, node);
      const twice = isMap(node) ? repeatedKey(node) : undefined;
      if (twice) fail('SP1801', `the key '${twice.value}' is written twice`, twice);
      for (const item of node.items) walk(item, depth + 1);
    } else if (isScalar(node) && node.tag?.startsWith('!')) {
      fail('SP1801', `tag '${node.tag}' has no meaning here`, node);
    }
  };
  walk(root, 1);
}

/** The library compares each key with every other; 25,000 keys fit under the cap, which are 300 million comparisons. */
function repeatedKey(map: YAMLMap): Scalar | undefined {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) return key;
    seen.add(key.value);
  }
  return undefined;
}

function toValue(document: Document, place: (offset: number) => SourceLocation): YamlValue {
  try {
    return toPlain(document.toJS({ maxAliasCount: YAML_LIMITS.aliases }));
  } catch (cause) {
    throw new SallyportError('SP1801', 'the aliases cannot be resolved', { at: place(0), cause });
  }
}

/** Makes what the library returns into plain data: no prototype, no date, no infinity. */
function toPlain(value: unknown): YamlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('a number must be finite');
    return value;
  }
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
  }
  throw new TypeError(`a value of type ${typeof value}`);
}

function offsetOf(root: Node | null, path: YamlPath): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (!pair) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isCollection(node) && typeof step === 'number') {
      node = node.items[step];
      if (isScalar(node) || isCollection(node) || isAlias(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
