import { type CapabilityFact, type CatchFact, type DeleteFact, isRiskyModule, type WriteFact } from '../facts/index.ts';
import { countStrong, demandsPart, isCredentialHeader, isScopeName, polarityOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { argumentsOf, clip, termsIn } from '../terms/index.ts';
import { severityOf, weighPlace } from './weigh.ts';

/** Writes, deletions, handlers of errors, and new powers. */
export function judgeEffects(sides: Sides): readonly Judgement[] {
  return [...judgeWrites(sides), ...judgeDeletes(sides), ...judgeCatches(sides), ...judgeCapabilities(sides)];
}

function judgeWrites(sides: Sides): readonly Judgement[] {
  const { same, gone, come } = sides.match('write');
  const conditional = same.flatMap(([before, after]): readonly Judgement[] => {
    const added = after.under.filter((key) => !before.under.includes(key));
    if (
      added.length === 0 ||
      countStrong(before.target) === 0 ||
      !before.under.every((key) => after.under.includes(key))
    )
      return [];
    const message = `\`${clip(before.target, 60)}\` is set only under \`${clip(added.join(' && '), 70)}\`${inScope(after.scope)}.`;
    return [
      {
        control: 'assignment-made-conditional',
        group: 'call',
        direction: 'weakened',
        severity: 'medium',
        message,
        subject: before.target,
        before,
        after,
      },
    ];
  });
  const removed = gone.flatMap((before): readonly Judgement[] => {
    const scope = sides.successorOf(before.scope)?.name;
    if (scope === undefined || !isProtecting(before) || opens(before) || beginsEmpty(before)) return [];
    const after = come.find((other) => other.scope === scope && isSameTarget(before.target, other.target));
    if (after !== undefined) return judgeRewritten(before, after, sides);
    const expires = /expir|ttl|timeout/i.test(before.target) ? 1 : 0;
    const narrows = isNarrowing(before) ? 2 : 0;
    const plain = /^(?:true|null|None|nil|undefined|\d+)$/i.test(before.value) || closes(before) ? 1 : 0;
    const all = 1 + expires + narrows + plain + Math.min(countStrong(before.target), 1) + weighPlace(before, sides);
    const points = expires + narrows + plain > 0 ? all : Math.min(all, 2);
    const message = `\`${clip(before.target, 60)}\` is no longer set${inScope(before.scope)}.`;
    return [
      {
        control: 'security-assignment-removed',
        group: 'call',
        direction: 'weakened',
        severity: severityOf(points),
        message,
        subject: before.target,
        before,
      },
    ];
  });
  return [...conditional, ...removed];
}

function endOf(target: string): string {
  return /[\w$]+(?=\W*$)/.exec(target)?.[0] ?? target;
}

/** The same place, or one around or inside it. */
function isSameTarget(one: string, other: string): boolean {
  return endOf(one) === endOf(other) || one.startsWith(other) || other.startsWith(one);
}

/** The same target is set to something else; what matters here is a new condition for it. */
function judgeRewritten(before: WriteFact, after: WriteFact, sides: Sides): readonly Judgement[] {
  const added = after.under.filter((key) => !before.under.includes(key));
  if (added.length === 0 || !before.under.every((key) => after.under.includes(key))) return [];
  const points = 1 + Math.min(countStrong(before.target), 1) + weighPlace(before, sides);
  const message = `\`${clip(before.target, 60)}\` is set only under \`${clip(added.join(' && '), 70)}\`${inScope(after.scope)}.`;
  return [
    {
      control: 'assignment-made-conditional',
      group: 'call',
      direction: 'weakened',
      severity: severityOf(points),
      message,
      subject: before.target,
      before,
      after,
    },
  ];
}

/** It narrows what is looked up to what belongs to someone. */
function isNarrowing({ target, value }: WriteFact): boolean {
  return (
    /^(?:query|filters?|where|criteria|conditions?|constraints?|selector)$/i.test(endOf(target)) && isScopeName(value)
  );
}

/** `user.is_admin = False`, `config.allowGuests = false`: what is said no to lets in. */
function closes({ target, value }: WriteFact): boolean {
  return /^false$/i.test(value) && polarityOf(endOf(target)) === -1;
}

/** `self.password = None` where an object is made: nothing was there that it could take away. */
function beginsEmpty({ scope, value }: WriteFact): boolean {
  return /(?:^|\.)(?:__init__|constructor)$/.test(scope) && /^(?:null|None|undefined|''|0|\{\}|\[\])$/.test(value);
}

/** `client.insecureSkipVerify = true`: what is no longer set let something through. */
function opens({ target, value }: WriteFact): boolean {
  return polarityOf(endOf(target)) === -1 && !/^(?:false|0|null|None|nil|undefined)$/.test(value);
}

function isProtecting(write: WriteFact): boolean {
  const { target } = write;
  const isAbout =
    countStrong(target) > 0 && !demandsPart(endOf(target)) && !/(?:^|_)log(?:ger)?(?:_\w{1,20})?\./i.test(target);
  return isAbout || isNarrowing(write) || /expir|ttl|timeout|checkredirect/i.test(target);
}

/** What is taken out of an answer or an object; all that one function forgets makes one row. */
function judgeDeletes(sides: Sides): readonly Judgement[] {
  const byScope = new Map<string, DeleteFact[]>();
  const { gone, come } = sides.match('delete');
  for (const before of gone) {
    const still = sides.after.facts.some(
      (fact) => fact.kind === 'delete' && endOf(fact.target) === endOf(before.target),
    );
    if (sides.successorOf(before.scope) !== undefined && !still)
      byScope.set(before.scope, [...(byScope.get(before.scope) ?? []), before]);
  }
  return [...byScope].flatMap(([scope, facts]): readonly Judgement[] => {
    const [first] = facts;
    if (first === undefined) return [];
    const targets = facts.map(({ target }) => target);
    const isReplaced = come.some((fact) => /\[\w+\]$/.test(fact.target));
    const secrets = Math.min(countStrong(targets.join(' ')), 2);
    const about = Math.max(secrets, targets.some(isCredentialHeader) ? 1 : 0);
    const points = 1 + about + weighPlace(first, sides) - (isReplaced ? 2 : 0);
    const message = `\`${clip(targets.join(', '), 90)}\` ${targets.length === 1 ? 'is' : 'are'} no longer deleted${inScope(scope)}.`;
    const direction = isReplaced ? 'changed' : 'weakened';
    return [
      {
        control: 'deletion-removed',
        group: 'call',
        direction,
        severity: severityOf(points),
        weight: points,
        message,
        subject: targets.join(),
        before: first,
      },
    ];
  });
}

function judgeCatches(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('catch');
  const used = new Set<CatchFact>();
  return gone.flatMap((before): readonly Judgement[] => {
    const scope = sides.successorOf(before.scope)?.name;
    const after = come.find((fact) => !used.has(fact) && fact.scope === scope);
    if (after === undefined) return [];
    used.add(after);
    if (!(after.empty && !before.empty) && !(before.denies && !after.denies)) return [];
    const points =
      (after.empty ? 2 : 1) +
      (countStrong(before.guarded) > 0 ? 1 : 0) +
      weighPlace(before, sides) +
      (before.denies ? 1 : 0);
    const how = after.empty ? 'does nothing now' : 'no longer refuses';
    const message = `The handler of errors${inScope(after.scope)} ${how}: what failed goes on.`;
    return [
      {
        control: 'error-swallowed',
        group: 'guard',
        direction: 'weakened',
        severity: severityOf(points),
        message,
        subject: `catch ${before.guarded}`,
        before,
        after,
      },
    ];
  });
}

const STRONG_RANDOM = /^strong /;

function judgeCapabilities(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('capability');
  const old = new Set(sides.before.facts.filter((fact) => fact.kind === 'capability').map(({ key }) => key));
  const seen = new Set<string>();
  const added = come.flatMap((after): readonly Judgement[] => {
    if (old.has(after.key) && after.what !== 'sink') return [];
    if (seen.has(after.key)) return [];
    seen.add(after.key);
    return judgeAdded(after, gone);
  });
  return [...added, ...judgeRandom(sides, gone)];
}

function judgeAdded(after: CapabilityFact, gone: readonly CapabilityFact[]): readonly Judgement[] {
  const base = { group: 'sink', direction: 'added-capability', subject: after.key, after } as const;
  const where = inScope(after.scope);
  const does = after.does === undefined ? '' : ` (${after.does})`;
  if (gone.some((before) => before.key === after.key)) return [];
  switch (after.what) {
    case 'sink':
      return [
        {
          ...base,
          control: 'sink-added',
          severity: takesComputed(after) || readsObjects(after) ? 'high' : 'medium',
          message: `\`${clip(after.name, 80)}\`${does} was added${where}.`,
        },
      ];
    case 'import':
      if (!isRiskyModule(after.name)) return [];
      return [
        {
          ...base,
          control: 'risky-import-added',
          severity: 'medium',
          message: `\`${clip(after.name, 60)}\` is imported now.`,
        },
      ];
    case 'environment':
      if (countStrong(after.name) === 0) return [];
      return [
        {
          ...base,
          control: 'environment-read-added',
          severity: 'low',
          message: `The environment variable \`${clip(after.name, 60)}\` is read${where} now.`,
        },
      ];
    case 'host':
      return [
        {
          ...base,
          control: 'host-added',
          severity: 'low',
          message: `The host \`${clip(after.name, 80)}\` is named${where} now.`,
        },
      ];
    case 'random':
      return [];
  }
}

/** What is read back comes from somewhere else, or nobody would read it. */
function readsObjects({ does, term }: CapabilityFact): boolean {
  const [first] = argumentsOf(term);
  return does === 'reads objects that run code' && first !== undefined && first.kind !== 'string';
}

/** Whether an argument is put together from something that is not written here. */
function takesComputed({ term }: CapabilityFact): boolean {
  return argumentsOf(term).some((argument) =>
    [...termsIn(argument)].some(
      (part) =>
        /^(?:text|string|operation|call)$/.test(part.kind) &&
        [...termsIn(part)].some(({ kind }) => kind === 'name' || kind === 'self'),
    ),
  );
}

/** What cannot be foreseen gave way to what can. */
function judgeRandom(sides: Sides, gone: readonly CapabilityFact[]): readonly Judgement[] {
  const news = sides.after.facts.filter(
    (fact): fact is CapabilityFact => fact.kind === 'capability' && fact.what === 'random',
  );
  const lost = gone.filter(
    (fact) =>
      fact.what === 'random' &&
      STRONG_RANDOM.test(fact.name) &&
      !news.some((other) => STRONG_RANDOM.test(other.name) && other.scope === fact.scope),
  );
  return lost.slice(0, 3).flatMap((before): readonly Judgement[] => {
    const after =
      news.find((fact) => !STRONG_RANDOM.test(fact.name) && fact.scope === before.scope) ??
      news.find((fact) => !STRONG_RANDOM.test(fact.name));
    if (after === undefined) return [];
    const message = `\`${clip(before.name.slice(7), 50)}\` gave way to \`${clip(after.name.slice(5), 50)}\`${inScope(after.scope)}, whose numbers can be foreseen.`;
    return [
      {
        control: 'randomness-weakened',
        group: 'call',
        direction: 'weakened',
        severity: 'high',
        message,
        subject: before.key,
        before,
        after,
      },
    ];
  });
}
