import { compileGlob, compileGlobs, foldCase, foldName, type PathMatcher } from './glob.ts';
import { PATH_CLASS_RULES, type PathClass, type PathClassRule } from './path-classes.ts';

/** The class of a path relative to the repository. Pure. */
export type PathClassifier = (path: string) => { readonly class: PathClass; readonly reason: string };

/** The table arranged for look-up: almost every row is a plain name or an extension, found without a pattern. */
interface Lookup {
  /** Name of a file or directory → first row. */
  readonly names: ReadonlyMap<string, number>;
  /** Extension with its dot → first row. */
  readonly extensions: ReadonlyMap<string, number>;
  readonly patterns: readonly { readonly row: number; readonly matches: PathMatcher }[];
  readonly anyPattern: PathMatcher;
}

const PLAIN_NAME = /^([^*?/{}]+)\/?$/;
const EXTENSION = /^\*(\.[^*?/.{}]+)$/;

function arrange(rules: readonly PathClassRule[]): Lookup {
  const names = new Map<string, number>();
  const extensions = new Map<string, number>();
  const rest: { row: number; glob: string }[] = [];
  for (const [row, glob] of rules.flatMap(({ globs }, index) => globs.map((one) => [index, one] as const))) {
    const name = PLAIN_NAME.exec(foldCase(glob))?.[1];
    const extension = EXTENSION.exec(foldCase(glob))?.[1];
    if (name !== undefined) names.set(name, names.get(name) ?? row);
    else if (extension !== undefined) extensions.set(extension, extensions.get(extension) ?? row);
    else rest.push({ row, glob });
  }
  const patterns = rest.map(({ row, glob }) => ({ row, matches: compileGlob(glob, { fold: true }) }));
  const globs = rest.map(({ glob }) => glob);
  return { names, extensions, patterns, anyPattern: compileGlobs(globs, { fold: true }) };
}

/** Arranges the table once; the first row that matches a path decides. */
export function createClassifier(rules: readonly PathClassRule[] = PATH_CLASS_RULES): PathClassifier {
  const { names, extensions, patterns, anyPattern } = arrange(rules);
  const rowOf = (folded: string): number => {
    const segments = folded.split('/');
    const last = segments.at(-1) ?? '';
    const dot = last.lastIndexOf('.');
    let best = (dot < 0 ? undefined : extensions.get(last.slice(dot))) ?? rules.length;
    for (const segment of segments) best = Math.min(best, names.get(segment) ?? best);
    return best;
  };
  return (path) => {
    const folded = foldCase(path);
    const name = foldName(path);
    const best = name === folded ? rowOf(folded) : Math.min(rowOf(folded), rowOf(name));
    const pattern = anyPattern(path) ? patterns.find(({ row, matches }) => row < best && matches(path)) : undefined;
    const rule = rules[pattern?.row ?? best];
    return rule ? { class: rule.class, reason: rule.reason } : { class: 'other', reason: 'no rule' };
  };
}
