import type { CallFact } from '../facts/index.ts';
import { isDenialName, isScopeName, meaningOf, wordsOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { argumentsOf, clip, renderTerm } from '../terms/index.ts';
import { severityOf, weighPlace } from './weigh.ts';

function nameOf(call: CallFact): string {
  return call.names.at(-1) ?? '';
}

function show(call: CallFact): string {
  return clip(call.key, 80);
}

/** What is said of a call that became another. */
export type Verdict = Pick<Judgement, 'control' | 'direction' | 'severity' | 'message'>;

/** What is given to a call; a table of names and values counts as so many arguments: `find({ id, owner })`. */
function spreadArguments(call: CallFact): readonly string[] {
  return argumentsOf(call.term).flatMap((argument, index) => {
    const whole = call.arguments[index] ?? '';
    if (argument.kind !== 'map' || argument.parts.length === 0) return [whole];
    const pairs = argument.parts.flatMap((part) =>
      part.kind === 'pair' || part.kind === 'name' ? [renderTerm(part)] : [],
    );
    return pairs.length === argument.parts.length ? pairs : [whole];
  });
}

/** `find({ id, boardId })` became `find(id)`. */
function isBareId(olds: readonly string[], news: readonly string[]): boolean {
  return news.length === 1 && olds.some((one) => /^'?_?id'?(?::|$)/.test(one)) && /id\b/i.test(news[0] ?? '');
}

/** `boardId: board`: what a thing must belong to, beside its own id. */
function pointsAway(argument: string): boolean {
  return /^'?[a-z]\w{0,40}?(?:Id|_id)'?(?::|$)/.test(argument);
}

/** Whether another call of the name in the function still narrows by it, at least in some cases. */
function isAddedBy(argument: string, after: CallFact, sides: Sides): boolean {
  return sides.after.facts.some(
    (fact) =>
      fact.kind === 'call' &&
      fact.scope === after.scope &&
      nameOf(fact) === nameOf(after) &&
      fact.arguments.includes(argument),
  );
}

/** `remove(team.id, user.id)` became `team.remove(user.id)`: what narrowed is what is asked now. */
function isHolder(argument: string, before: CallFact, after: CallFact): boolean {
  const holder = after.names.slice(0, -1);
  if (holder.length === 0 || holder[0] === before.names[0]) return false;
  return argument.startsWith(`${holder.slice(0, Math.max(holder.length - 1, 1)).join('.')}.`);
}

/** `update(issue, { repo: issue.repo })` became `update(issue)`: whatever it says is said by what is still given. */
function isPartOf(argument: string, given: readonly string[]): boolean {
  const members = argument.match(/[\w$]{1,60}(?:\.[\w$]{1,60}){1,6}/g) ?? [];
  return (
    /^(?:&\s)?\{/.test(argument) &&
    members.length > 0 &&
    members.every((member) => given.some((one) => /^[\w$]+$/.test(one) && member.startsWith(`${one}.`)))
  );
}

/** An owner or a check that is no longer handed over. */
export function judgeArguments(before: CallFact, after: CallFact, sides: Sides): Verdict | undefined {
  const [olds, news] = [spreadArguments(before), spreadArguments(after)];
  if (news.length >= olds.length) return undefined;
  const dropped = olds.filter((argument) => !news.includes(argument));
  const isSubset = news.every((argument) => olds.includes(argument)) || isBareId(olds, news);
  const where = inScope(after.scope);
  const lost = dropped.filter(
    (argument) =>
      !/^['`]/.test(argument) &&
      (isScopeName(argument) || pointsAway(argument)) &&
      !isHolder(argument, before, after) &&
      !isPartOf(argument, news),
  );
  if (isSubset && lost.length > 0 && olds.length > 1 && looksUp(before) && looksUp(after)) {
    const points = 2 + (isScopeName(nameOf(before)) && !isScopeName(nameOf(after)) ? 2 : 1) + weighPlace(before, sides);
    const message = `\`${show(before)}\` became \`${show(after)}\`${where}: \`${clip(lost.join(', '), 60)}\` no longer narrows it.`;
    const severity = lost.every((argument) => isAddedBy(argument, after, sides)) ? 'medium' : severityOf(points);
    return { control: 'scope-argument-dropped', direction: 'weakened', severity, message };
  }
  const check = dropped.find(
    (argument) =>
      /^[\w.$]+$/.test(argument) && meaningOf(argument.split('.')) !== 'none' && /[a-z][A-Z_]|_/.test(argument),
  );
  if (check === undefined) return undefined;
  const message = `\`${clip(check, 60)}\` is no longer given to \`${clip(nameOf(after), 50)}\`${where}.`;
  const severity = severityOf(2 + weighPlace(before, sides));
  return { control: 'check-argument-dropped', direction: 'weakened', severity, message };
}

/** A call that reads or changes something that is kept, not one that writes a message. */
function looksUp(call: CallFact): boolean {
  const words = wordsOf(nameOf(call));
  return (
    !isDenialName(nameOf(call)) &&
    words.some((word) =>
      /^(?:get|find|load|fetch|list|query|search|lookup|count|read|delete|remove|destroy|update|set|save|exists?|has|select|by|where|filter|first|one|all|access|check|verify|validate|authorize)$/.test(
        word,
      ),
    )
  );
}
