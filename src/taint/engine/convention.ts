import type { FunctionValue } from './callable.ts';

/** Whether a function is the one that `GLOB#NAME(PARAMETERS)` means. An empty glob is any file. */
export function matchesConvention(convention: string, closure: FunctionValue): boolean {
  const hash = convention.indexOf('#');
  if (hash < 0) return false;
  const glob = convention.slice(0, hash);
  const [, name = '', list] = /^([^()]*)(?:\(([^()]*)\))?$/.exec(convention.slice(hash + 1)) ?? [];
  const last = closure.path.slice(closure.path.lastIndexOf('.') + 1);
  if (name !== '*' && name !== last) return false;
  const wanted = list === undefined || list === '' ? [] : list.split(',').map((parameter) => parameter.trim());
  const given = closure.node.parameters.map((parameter) => parameter.name);
  if (!wanted.every((parameter, index) => given[index] === parameter)) return false;
  return glob === '' || matchesGlob(glob, closure.module.module?.file.path ?? '');
}

/**
 * `*` within a segment, `**` for any number of segments. A glob without a slash is of the file's name; an ending may be
 * left out: `route` is `route.ts` too. Backtracks over segments only.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const bare = path.replace(/\.(?:[cm]?[jt]sx?|pyi?)$/, '');
  return [path, bare].some((candidate) => matchSegments(glob.split('/'), candidate.split('/')));
}

function matchSegments(wanted: readonly string[], given: readonly string[]): boolean {
  // Row by row over the glob: which suffixes of the path can still match.
  let open: readonly boolean[] = given.map(() => false).concat(true);
  for (const segment of wanted.toReversed()) {
    const next: boolean[] = [];
    for (let index = given.length; index >= 0; index--) {
      const rest =
        segment === '**' ? open[index] || next[index + 1] : open[index + 1] && matchSegment(segment, given[index]);
      next[index] = rest === true;
    }
    open = next;
  }
  return open[0] === true;
}

function matchSegment(wanted: string, given: string | undefined): boolean {
  if (given === undefined) return false;
  const parts = wanted.split('*');
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return wanted === given;
  if (!given.startsWith(first) || !given.endsWith(last) || given.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = given.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= given.length - last.length;
}
