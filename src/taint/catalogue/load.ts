import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import { createLineIndex, type Readers, type SourceFile } from '../../syntax/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { catalogueFile } from './file-schema.ts';
import { nearestNode, plainValue } from './plain-value.ts';
import { type CatalogueRows, rowsOf } from './rows.ts';

/** Of the rows that come with the program; raised whenever a finding can change. */
export const CATALOGUE_VERSION = '2026.11.3';

/** The catalogue as the build has read and checked it, beside the bundle: the YAML takes a hundred times as long. */
export const PREPARED_CATALOGUE = 'catalogue.json';

/**
 * The catalogue that comes with the program.
 * @throws SallyportError SP2301 when a file is wrong, which only a damaged installation can have.
 */
export async function loadCatalogue(readers: Pick<Readers, 'yaml'>): Promise<Catalogue> {
  const names = (await readdir(import.meta.dirname)).sort();
  // Written by `scripts/build.ts` from what this function returned.
  if (names.includes(PREPARED_CATALOGUE)) return JSON.parse(await readOwn(PREPARED_CATALOGUE)) as Catalogue;
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.yaml'))
      .map(async (name) => ({ path: `catalogue/${name}`, text: await readOwn(name) })),
  );
  return { version: CATALOGUE_VERSION, ...joinRows(files.map((file) => readCatalogueFile(file, readers))) };
}

/** A file beside this one, or beside the bundle. */
function readOwn(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, name), 'utf8');
}

/**
 * The rows of one catalogue file, of ours or of a user's.
 * @throws SallyportError SP2301 with the place of the first fault.
 */
export function readCatalogueFile(file: SourceFile, readers: Pick<Readers, 'yaml'>): CatalogueRows {
  const { root, gaps } = readers.yaml(file);
  const [gap] = gaps;
  if (gap !== undefined) throw fault(file, gap.place.span.start, gap.message);
  if (root === undefined) throw fault(file, 0, 'the file is empty');
  const checked = catalogueFile.safeParse(plainValue(root));
  if (checked.success) return rowsOf(checked.data);
  const [issue] = checked.error.issues;
  const node = nearestNode(root, issue?.path ?? []);
  throw fault(file, node.span.start, `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not a catalogue'}`);
}

/** The rows of several files as one list each, in the order of the files. */
export function joinRows(files: readonly CatalogueRows[]): CatalogueRows {
  return {
    sources: files.flatMap(({ sources }) => sources),
    sinks: files.flatMap(({ sinks }) => sinks),
    sanitizers: files.flatMap(({ sanitizers }) => sanitizers),
    propagators: files.flatMap(({ propagators }) => propagators),
    entryPoints: files.flatMap(({ entryPoints }) => entryPoints),
    patterns: files.flatMap(({ patterns }) => patterns),
  };
}

function fault(file: SourceFile, offset: number, message: string): SallyportError {
  return new SallyportError('SP2301', message, {
    at: { file: file.path, ...createLineIndex(file.text).position(offset) },
  });
}
