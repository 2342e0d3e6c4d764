import type { Behaviour } from './behaviour.ts';
import type { PredictedDecision } from './decision.ts';
import type { EffectiveSettings } from './effective-settings.ts';
import { selectingRule } from './path-rule.ts';
import { isWhole, type PermissionRule, type RuleList } from './permission-rule.ts';
import { isInside, leavesByLink, namesOf } from './place.ts';
import { isProtected } from './protected-places.ts';
import { isSuspicious } from './suspicious-path.ts';

/** What every judgement of a call works with. */
export interface Judgement {
  readonly settings: EffectiveSettings;
  readonly behaviour: Behaviour;
}

/** The first rule of a list that is about a path: `Read(…)` for what is read, `Edit(…)` for what is written. */
export function pathRule(
  tool: 'Read' | 'Edit',
  list: RuleList,
  path: string,
  on: Judgement,
): PermissionRule | undefined {
  const { rules, ground } = on.settings;
  const about = rules.filter(
    (rule) => rule.list === list && rule.tool === tool && rule.spec !== undefined && !isWhole(rule),
  );
  if (about.length === 0) return undefined;
  const found = namesOf(path, ground).map((name) => selectingRule(about, name, ground, on.behaviour));
  return list === 'allow' && found.includes(undefined) ? undefined : found.find((rule) => rule !== undefined);
}

/** `Edit(*)` and the like as an approval: a bare star is a pattern there, about everything in the working directory. */
export function starRule(tool: string, path: string, on: Judgement): PermissionRule | undefined {
  const found = on.settings.rules.find((rule) => rule.list === 'allow' && rule.tool === tool && rule.spec === '*');
  return found && isInside(path, on.settings.ground) ? found : undefined;
}

export function byRule(rule: PermissionRule, reason: string): PredictedDecision {
  const verdict = rule.list;
  return { verdict, by: 'rule', reason, rule: rule.text, source: rule.source };
}

/** What asks for a written path whatever the rules say: protected places, and links that leave the tree. */
export function unsafeWrite(path: string, on: Judgement): string | undefined {
  const { ground } = on.settings;
  if (namesOf(path, ground).some((name) => isProtected(inTree(name, on)))) return 'a place that the CLI protects';
  if (isSuspicious(path)) return 'a name that another file system reads as another';
  if (on.behaviour.checksLinks && leavesByLink(path, ground)) return 'a link that leaves the working directory';
  return undefined;
}

/** A folder above the working directory may have any name. */
function inTree(path: string, { settings }: Judgement): string {
  const { directory } = settings.ground.place;
  return path.startsWith(`${directory}/`) ? path.slice(directory.length) : path;
}
