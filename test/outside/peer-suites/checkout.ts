import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export function readText(...parts: readonly string[]): string {
  return readFileSync(join(...parts), 'utf8');
}

export function isDirectory(...parts: readonly string[]): boolean {
  const path = join(...parts);
  return existsSync(path) && statSync(path).isDirectory();
}

export function isFile(...parts: readonly string[]): boolean {
  const path = join(...parts);
  return existsSync(path) && statSync(path).isFile();
}

/** The files below a directory, as sorted paths relative to it. */
export function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/** A directory as a repository: path to content. */
export function readRepository(directory: string): { readonly [path: string]: string } {
  return Object.fromEntries(listFiles(directory).map((path) => [path, readText(directory, path)]));
}
