import type { Facts } from '../../../facts/index.ts';
import type { Place, SourceFile } from '../../../syntax/index.ts';

const RULESETS = /^\.github\/(?:rulesets\/[^/]+\.json|settings\.ya?ml|branch-protection[^/]*\.(?:json|ya?ml))$/;
const REVIEW = /required_approving_review_count["']?\s*:\s*["']?([1-9])/;

/** A file of the repository that says that its branches want an approval of a person; its settings may differ. */
export function writtenReviewRule(facts: Facts): Place | undefined {
  for (const { path, kind } of facts.tree.entries) {
    const match = kind === 'file' && RULESETS.test(path) ? REVIEW.exec(facts.source(path)?.text ?? '') : null;
    if (match) return { file: path, span: { start: match.index, end: match.index + match[0].length } };
  }
  return undefined;
}

const OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

export function codeOwners(facts: Facts): SourceFile | undefined {
  return OWNERS.map((path) => facts.source(path)).find((file) => file !== undefined);
}

/** Has this path an owner? The last line that matches decides; a line without owners takes them away. */
export function isOwned(owners: SourceFile, path: string): boolean {
  const lines = owners.text
    .split('\n')
    .map((line) =>
      line
        .replace(/(?:^|\s)#.*$/, '')
        .trim()
        .split(/\s+/),
    )
    .filter(([pattern]) => pattern !== undefined && pattern !== '' && !pattern.startsWith('['));
  return (lines.findLast(([pattern]) => covers(pattern ?? '', path))?.length ?? 0) > 1;
}

/** Folders, files, names and endings. Another wildcard is not worth the time: it counts as not covering. */
function covers(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === '**') return true;
  const bare = pattern.replace(/^\//, '').replace(/\/(?:\*\*?)?$/, '');
  if (bare.startsWith('*.')) return path.endsWith(bare.slice(1)) && !bare.slice(1).includes('*');
  if (path === bare || path.startsWith(`${bare}/`)) return true;
  const floating = !pattern.startsWith('/') && !bare.includes('/');
  return floating && path.split('/').includes(bare);
}
