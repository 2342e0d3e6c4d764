import type { ScriptWord } from '../../syntax/index.ts';
import type { TemplateText } from '../value.ts';
import { sliceTemplate } from './template-slice.ts';

/** Directories that variables and expressions stand for. Paths are relative to the root of the tree. */
export interface Bases {
  /** Where the command runs. */
  readonly directory: string;
  /** Of the composite action that the script belongs to. */
  readonly action: string | undefined;
  /** Of the file that the script stands in. */
  readonly file: string | undefined;
}

const ROOT_NAMES: ReadonlySet<string> = new Set([
  'GITHUB_WORKSPACE',
  'CI_PROJECT_DIR',
  'WORKSPACE',
  'BUILD_SOURCESDIRECTORY',
  'github.workspace',
  'Build.SourcesDirectory',
  'env.WORKSPACE',
]);
const ACTION_NAMES: ReadonlySet<string> = new Set(['GITHUB_ACTION_PATH', 'github.action_path']);

/**
 * The path in the tree that a word means. Undefined when it is not known, absolute, or leaves the tree.
 */
export function treePathOf(word: ScriptWord, text: TemplateText, bases: Bases): string | undefined {
  if (word.literal !== undefined)
    return /^[/\\~]|^[A-Za-z]:/.test(word.literal) ? undefined : joinPath(bases.directory, word.literal);
  const [start, rest, ...others] = word.pieces;
  if (start !== undefined || rest === undefined || others.length > 0) return undefined;
  const base = baseOf(word, text, bases);
  return base === undefined || !/^[/\\]/.test(rest) ? undefined : joinPath(base, rest.slice(1));
}

function baseOf(word: ScriptWord, text: TemplateText, bases: Bases): string | undefined {
  const [interpolation] = sliceTemplate(text, word.span).interpolations;
  const [expansion] = word.expansions;
  const name = expansion?.name ?? interpolation?.source.trim() ?? '';
  if (ROOT_NAMES.has(name)) return '';
  if (ACTION_NAMES.has(name)) return bases.action;
  if (name === 'PWD') return bases.directory;
  const spelled = expansion ? text.text.slice(expansion.span.start, expansion.span.end) : '';
  if (/^\$\((pwd)\)$/.test(spelled)) return bases.directory;
  if (/git rev-parse --show-toplevel/.test(spelled)) return '';
  const isOwnDirectory = /dirname/.test(spelled) || /^(SCRIPT_?DIR|DIR|HERE|script_?dir)$/.test(name);
  return isOwnDirectory ? bases.file : undefined;
}

/** Joins and normalises; undefined when the result lies outside the tree. */
export function joinPath(base: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${base}/${path}`.split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

export function directoryOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
