import type { Facts } from '../../../facts/index.ts';

/** Files that say which packages a repository uses. */
const MANIFESTS =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lock|deno\.jsonc?|deno\.lock|pyproject\.toml|uv\.lock|poetry\.lock|Pipfile|Pipfile\.lock|setup\.py|setup\.cfg|[\w.-]*requirements[\w.-]*\.(?:txt|in)|requirements\/[\w.-]+\.txt|environment\.ya?ml|Gemfile|Gemfile\.lock|[\w.-]+\.gemspec|go\.mod|Cargo\.toml|Cargo\.lock|composer\.json|mise\.toml|\.tool-versions|Brewfile)$/;

/** Caps: manifests beyond these are not read; a package in them then counts as unknown. */
const LIMITS = { files: 400, characters: 4_000_000 } as const;

const KNOWN = new WeakMap<Facts, ReadonlySet<string>>();

/**
 * Every word of the manifests and lock files that can be the name of a package, with its own name of each manifest. More
 * words than packages: who looks a name up asks whether this repository has heard of it.
 */
export function knownPackages(facts: Facts): ReadonlySet<string> {
  const known = KNOWN.get(facts);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const { path } of facts.tree.entries
    .filter(({ kind, path }) => kind === 'file' && MANIFESTS.test(path))
    .slice(0, LIMITS.files)) {
    const file = facts.tree.read(path);
    if (file === undefined || 'kind' in file) continue;
    for (const [word] of file.text.slice(0, LIMITS.characters).matchAll(/@?[A-Za-z0-9][\w./-]{1,200}/g)) {
      names.add(word);
      names.add(word.toLowerCase().replaceAll('_', '-'));
      const inModules = word.lastIndexOf('node_modules/');
      if (inModules >= 0) names.add(word.slice(inModules + 'node_modules/'.length));
    }
  }
  KNOWN.set(facts, names);
  return names;
}
