import type { SourceFile, TreeEntry } from '../../syntax/index.ts';
import type { Recipe } from './recipe.ts';

/** Which files are recipes, by their names. `.envrc` is run by direnv, `.profile` and the like by each shell. */
const NAMES: readonly { readonly kind: Recipe['kind']; readonly name: RegExp }[] = [
  { kind: 'dockerfile', name: /^(?:(?:docker|container)file(?:\.[\w.-]+)?|[\w.-]+\.(?:docker|container)file)$/i },
  { kind: 'makefile', name: /^(?:gnu)?makefile(?:\.[\w-]+)?$|\.(?:mk|mak)$/i },
  { kind: 'shell', name: /\.(?:sh|bash|zsh|ksh)$|^\.(?:envrc|bashrc|bash_profile|profile|zshrc)$/i },
];

/** What kind of recipe a path is; `undefined` for none. */
export function recipeKind(path: string): Recipe['kind'] | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.(?:md|txt|dockerignore|am|in|pl|py|js|ts)$/i.test(name)) return undefined;
  return NAMES.find((row) => row.name.test(name))?.kind;
}

/** Whether an entry is a recipe, or a program without an ending, which may be one: its first line says so. */
export function mayBeRecipe(entry: TreeEntry): boolean {
  return entry.kind === 'file' && (recipeKind(entry.path) !== undefined || isProgram(entry));
}

/** A file without an ending that can be started. */
export function isProgram(entry: TreeEntry): boolean {
  return entry.kind === 'file' && entry.executable && !entry.path.slice(entry.path.lastIndexOf('/') + 1).includes('.');
}

const SHELL_LINE = /^#!\s*\S*\/(?:env\s+(?:-S\s+)?)?(?:ba|da|z|k|a)?sh(?:\s|$)/;

/** Whether a file is a recipe by its name, or by a first line that names a shell. */
export function isRecipe({ path, text }: SourceFile): boolean {
  return recipeKind(path) !== undefined || SHELL_LINE.test(text.slice(0, 200));
}

/** By the path alone. */
export function isRecipePath(path: string): boolean {
  return recipeKind(path) !== undefined;
}
