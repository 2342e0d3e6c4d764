import type { FileChange, Finding } from '../../findings/index.ts';
import {
  createLineIndex,
  loadReaders,
  type Node,
  type Readers,
  type Reading,
  type SourceFile,
} from '../../syntax/index.ts';
import { isSentence } from './sentence.ts';

/** What a patch left of the place in a data file that a finding names. */
export type DataStanding =
  /** Comments, quotes and blanks changed, and nothing that a program reads. */
  | { readonly kind: 'same' }
  /** Of a list of texts nothing is left. */
  | { readonly kind: 'gone' }
  /** Of a list of texts other entries changed; the one in this line is as it was. */
  | { readonly kind: 'entry'; readonly line: number };

/**
 * Whether a patch for something in a data file (YAML, JSON, TOML) leaves it as it was. Of entries it decides only where
 * they are texts for people: in a list of rules an earlier one may mend a later one.
 */
export async function dataStandingOf(
  { place, related }: Finding,
  files: readonly FileChange[],
): Promise<DataStanding | undefined> {
  const [file] = files;
  const places = [place, ...related.map((one) => one.place)];
  if (files.length !== 1 || file?.before === undefined || places.some((one) => one.file !== file.path))
    return undefined;
  const readers = DATA.test(file.path) ? await loadReaders() : undefined;
  if (!readers) return undefined;
  const [was, is] = [file.before, file.after].map((text) => read({ path: file.path, text }, readers));
  const [old, now] = [was?.root, is?.root];
  if (!old || was?.gaps.length !== 0 || is?.gaps.length !== 0) return undefined;
  if (old.kind === 'list' && old.items.length > 0 && old.items.every(isText) && isNothing(now)) return { kind: 'gone' };
  if (!now) return undefined;
  if (plain(old) === plain(now)) return { kind: 'same' };
  const entries = places.map(({ span: { start, end } }) =>
    entryAround(old, firstCharacter(file.before ?? '', start, end)),
  );
  const standing = entries.every((entry) => entry !== undefined && isLeft(entry, old, now));
  return standing ? { kind: 'entry', line: createLineIndex(file.before).position(place.span.start).line } : undefined;
}

function read(file: SourceFile, readers: Readers): Reading {
  if (/\.json$/i.test(file.path)) return readers.json(file);
  return /\.toml$/i.test(file.path) ? readers.toml(file) : readers.yaml(file);
}

function isNothing(node: Node | undefined): boolean {
  if (node?.kind === 'list') return node.items.length === 0;
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** Whether a file of data can be read to its end, before a patch and after it. */
export async function isWholeData({ path, before, after }: FileChange): Promise<boolean> {
  if (!DATA.test(path) || before === undefined) return false;
  const readers = await loadReaders();
  return [before, after].every((text) => read({ path, text }, readers).gaps.length === 0);
}

const DATA = /\.(?:ya?ml|json|toml)$/i;

function firstCharacter(text: string, start: number, end: number): number {
  const marked = text.slice(start, end);
  return start + marked.length - marked.replace(/^[\s-]+/, '').length;
}

/** What a program gets of it; of `without` only that something is there. */
function plain(node: Node, without?: Node): string {
  if (node === without) return '…';
  if (node.kind === 'scalar') return JSON.stringify([node.tag ?? '', node.value]);
  if (node.kind === 'list') return `[${node.items.map((item) => plain(item, without)).join()}]`;
  return `{${node.entries.map(({ key, value }) => `${JSON.stringify(key.text)}:${plain(value, without)}`).join()}}`;
}

interface Entry {
  readonly list: Extract<Node, { kind: 'list' }>;
  readonly route: readonly (string | number)[];
  readonly item: Node;
}

/** The entry of a list of texts that holds a place, with the way to that list. */
function entryAround(root: Node, at: number): Entry | undefined {
  const route: (string | number)[] = [];
  for (let node: Node | undefined = root; node; ) {
    const covers = ({ span }: { readonly span: Node['span'] }): boolean => span.start <= at && at <= span.end;
    if (node.kind === 'scalar') return undefined;
    if (node.kind === 'map') {
      const entry: { readonly key: { readonly text: string }; readonly value: Node } | undefined =
        node.entries.find(covers);
      if (entry) route.push(entry.key.text);
      node = entry?.value;
      continue;
    }
    const index = node.items.findIndex(covers);
    const item: Node | undefined = node.items[index];
    if (item && node.items.length > 1 && node.items.every(isText)) return { list: node, route: [...route], item };
    route.push(index);
    node = item;
  }
  return undefined;
}

/** A sentence or a question, alone or as the only kind of value of a record. */
function isText(node: Node): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && isForPeople(node.value);
  return node.kind === 'map' && node.entries.length > 0 && node.entries.every(({ value }) => isText(value));
}

/** Also a short question, which need not have a word that binds the others. */
function isForPeople(text: string): boolean {
  return (
    isSentence(text) ||
    (/^["']?\p{L}.*\s.*\?(?:\s*\([^)]{1,40}\))?["']?$/u.test(text) && !/[<>{}|\\^$=&]|:\/\//.test(text))
  );
}

function isLeft({ list, route, item }: Entry, old: Node, now: Node): boolean {
  let found: Node | undefined = now;
  for (const step of route) {
    const here: Node | undefined = found;
    if (here?.kind === 'map' && typeof step === 'string')
      found = here.entries.findLast(({ key }) => key.text === step)?.value;
    else found = here?.kind === 'list' && typeof step === 'number' ? here.items[step] : undefined;
  }
  if (found?.kind !== 'list' || plain(old, list) !== plain(now, found)) return false;
  return found.items.some((one) => plain(one) === plain(item));
}
