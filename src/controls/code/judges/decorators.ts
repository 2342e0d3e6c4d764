import type { DecoratorFact } from '../facts/index.ts';
import { countStrong, meaningOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { severityOf, weighText } from './weigh.ts';

/** Decorators, annotations and what they demand. */
export function judgeDecorators(sides: Sides): readonly Judgement[] {
  const { gone, come, moved } = sides.match('decorator');
  const left = moved.filter(([before, after]) => isElsewhere(before, after, sides)).map(([before]) => before);
  return [...judgeGone([...gone, ...left], come, sides), ...come.flatMap((after) => openingDecorator(after, sides))];
}

/** What stood before one function and stands before another now protects the other, not the one; from a method to its class it may go. */
function isElsewhere(before: DecoratorFact, after: DecoratorFact, sides: Sides): boolean {
  const home = sides.successorOf(before.scope)?.name;
  return home !== undefined && !home.startsWith(after.scope) && !after.scope.startsWith(home);
}

function judgeGone(gone: readonly DecoratorFact[], come: readonly DecoratorFact[], sides: Sides): readonly Judgement[] {
  return gone.flatMap((before): readonly Judgement[] => {
    if (sides.successorOf(before.scope) === undefined) return [];
    const scope = sides.successorOf(before.scope)?.name;
    const after = come.find((other) => other.scope === scope && other.name === before.name);
    return after === undefined
      ? lostDecorator(
          before,
          come.filter((other) => other.scope === scope),
        )
      : changedDecorator(before, after);
  });
}

/** Names of decorators that take a check away from what they stand before. */
const OPENS =
  /^(?:(?:csrf|xsrf|limiter|auth|jwt|security|app)\.)?(?:\w{0,30}exempt|permit_?all|allow_?any|allow_?anonymous|anonymous_?(?:allowed|access)|public(?:_?(?:route|endpoint|access))?|no_?auth\w{0,20}|skip_?(?:auth|csrf|guard|throttle)\w{0,20}|unprotected|unauthenticated|disable_?(?:auth|csrf)\w{0,20})$/i;

/** A decorator by which something that was there already is exempt from a check. */
function openingDecorator(after: DecoratorFact, sides: Sides): readonly Judgement[] {
  if (!OPENS.test(after.name) || !sides.isKept(after.scope)) return [];
  const base = { group: 'route', subject: `@${after.name} ${after.scope}`, after } as const;
  const message = `\`@${clip(after.name, 50)}\` stands before ${clip(after.scope, 60) || 'a class'} now.`;
  return [{ ...base, control: 'decorator-added', direction: 'weakened', severity: 'high', message }];
}

function weighDecorator({ name, arguments: args }: DecoratorFact): number {
  if (/^(?:.*\.)?(?:CheckForNull|Nullable|NonNull|CheckReturnValue|Override|Deprecated)$/.test(name)) return 0;
  const meaning = meaningOf(name.split('.'));
  const checks =
    /(?:required|only|authorize|preauthorize|secured|rolesallowed|protected|guard|exempt|valid|notnull|notblank|pattern|size|min|max)$/i.test(
      name,
    );
  const points = (meaning === 'none' && !checks ? 0 : 2) + weighText(name) + (countStrong(args.join(' ')) > 0 ? 1 : 0);
  // `@dependency.requires("token_api")` demands a part of the program, not something of a person.
  return /dependenc|inject|provid/i.test(name) ? Math.min(points, 2) : points;
}

function lostDecorator(before: DecoratorFact, others: readonly DecoratorFact[]): readonly Judgement[] {
  const points = weighDecorator(before);
  if (points < 2 || /exempt|permitall|anonymous|public/i.test(before.name)) return [];
  const replaced = others.find((other) => weighDecorator(other) >= points);
  const message = `\`@${clip(before.name, 50)}\` no longer stands before ${clip(before.scope, 60) || 'a class'}${replaced === undefined ? '' : `; \`@${clip(replaced.name, 40)}\` does`}.`;
  const base = {
    group: 'route',
    subject: `@${before.name} ${before.scope}`,
    before,
    after: replaced,
    message,
  } as const;
  return [
    {
      ...base,
      control: 'decorator-removed',
      direction: replaced === undefined ? 'weakened' : 'changed',
      severity: severityOf(replaced === undefined ? points : points - 2),
    },
  ];
}

function changedDecorator(before: DecoratorFact, after: DecoratorFact): readonly Judgement[] {
  const lost = before.arguments.filter((argument) => !after.arguments.includes(argument));
  if (weighDecorator(before) < 2 || lost.length === 0) return [];
  const opened =
    /permitAll|anonymous|isAnonymous|hasAnyRole/.test(after.arguments.join()) ||
    after.arguments.length < before.arguments.length;
  const message = `\`@${clip(before.name, 40)}(${clip(before.arguments.join(', '), 60)})\`${inScope(before.scope)} is \`(${clip(after.arguments.join(', '), 60)})\` now.`;
  const base = { group: 'route', subject: `@${before.name} ${before.scope}`, before, after, message } as const;
  return [
    {
      ...base,
      control: 'decorator-changed',
      direction: opened ? 'weakened' : 'changed',
      severity: opened ? severityOf(weighDecorator(before)) : 'medium',
    },
  ];
}
