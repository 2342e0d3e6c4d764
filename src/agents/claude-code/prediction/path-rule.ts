import type { Behaviour } from './behaviour.ts';
import { type IgnorePattern, readIgnorePattern, selectedBy } from './ignore-pattern.ts';
import type { PermissionRule } from './permission-rule.ts';
import { type Ground, isInsideOf } from './place.ts';

/** A pattern of `Read(…)` or `Edit(…)`, and the folder that it starts from. */
interface PlacedPattern {
  readonly rule: PermissionRule;
  readonly anchor: string;
  /** Patterns are read together that start in the same place and say so in the same way. */
  readonly group: string;
  readonly pattern: IgnorePattern | undefined;
}

/**
 * The rule that selects this absolute path, in the manner of `.gitignore` (reference: agents §2.4.7): case is ignored, a
 * rule about a folder is about everything in it, and a negated rule takes out what an earlier one selected.
 *
 * @param rules of one list and one tool, in the order of their sources.
 */
export function selectingRule(
  rules: readonly PermissionRule[],
  path: string,
  ground: Ground,
  behaviour: Behaviour,
): PermissionRule | undefined {
  const groups = Map.groupBy(
    rules.map((rule) => placePattern(rule, ground, behaviour)),
    ({ group }) => group,
  );
  for (const placed of groups.values()) {
    const anchor = placed[0]?.anchor ?? '/';
    if (!isInsideOf(path, anchor)) continue;
    const names = path.slice(anchor.length).split('/').filter(Boolean);
    const index = selectedBy(
      placed.map(({ pattern }) => pattern),
      names,
    );
    if (index !== undefined) return placed[index]?.rule;
  }
  return undefined;
}

function placePattern(rule: PermissionRule, ground: Ground, behaviour: Behaviour): PlacedPattern {
  const { spec = '', list } = rule;
  const { directory, home } = ground.place;
  if (spec.startsWith('//')) return placedAt(rule, '/', spec.slice(1));
  if (spec.startsWith('~/')) return placedAt(rule, home, spec.slice(1));
  if (spec.startsWith('/')) {
    const anchor = rootOf(rule, ground);
    return anchor === undefined
      ? { rule, anchor: '/', group: 'nowhere', pattern: undefined }
      : placedAt(rule, anchor, spec);
  }
  const plain = spec.replace(/^\.\//, '');
  const onlyHere = list === 'allow' && plain.endsWith('/**') && !plain.startsWith('!') && !behaviour.allowsAtAnyDepth;
  return { ...placedAt(rule, directory, onlyHere ? `/${plain}` : plain), group: '' };
}

/** Where `/` leads in a rule: to the folder of the settings that it stands in. */
function rootOf({ source, spoken }: PermissionRule, { place, flagDirectory }: Ground): string | undefined {
  if (source === 'user') return `${place.home}/.claude`;
  return source === 'flag' && spoken !== true ? flagDirectory : place.directory;
}

/** `dir/**` is read as `dir`; of `/**` nothing would be left. */
function placedAt(rule: PermissionRule, anchor: string, text: string): PlacedPattern {
  return { rule, anchor, group: anchor, pattern: readIgnorePattern(text.replace(/(?<=.)\/\*\*$/, '')) };
}
