import type { RouteFact } from '../facts/index.ts';
import { countStrong, isOpeningName, meaningOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import type { Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { severityOf } from './weigh.ts';

/** Routes and what runs before them. */
export function judgeRoutes(sides: Sides): readonly Judgement[] {
  return [...judgeRouteFacts(sides), ...judgeOrder(sides)];
}

function show(route: RouteFact): string {
  const verbs = route.verbs.join('|');
  if (verbs === 'USE') return route.path === '' ? 'all routes' : `all routes below ${route.path}`;
  return verbs === 'GROUP' ? `the group of routes ${route.path || '/'}` : `route ${verbs} ${route.path || '/'}`;
}

function namesIn(element: string): readonly string[] {
  return (/^(?:new )?([\w.$]+)/.exec(element)?.[1] ?? element).split('.');
}

/** How much an element of a chain is about security; what lets in, as `allowCrossDomain`, keeps nobody out. */
function weighElement(element: string): number {
  const names = namesIn(element);
  if (isOpeningName(names.at(-1) ?? '')) return 0;
  const about = element.replace(/^require\(/, '');
  return (meaningOf(names) === 'none' ? 1 : 3) + (countStrong(about) > 0 ? 2 : 0);
}

function judgeRouteFacts(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('route');
  const used = new Set<RouteFact>();
  const lost = new Map<string, { element: string; routes: RouteFact[]; after: RouteFact }>();
  const judgements: Judgement[] = [];
  for (const before of gone) {
    const after =
      come.find((route) => !used.has(route) && sameRoute(before, route)) ??
      come.find((route) => !used.has(route) && sameTarget(before, route));
    if (after === undefined) {
      if (before.verbs[0] === 'USE') judgements.push(...judgeLostUse(before, sides));
      continue;
    }
    used.add(after);
    judgements.push(...judgeVerbs(before, after));
    const names = new Set(after.chain.map((one) => namesIn(one).join('.')));
    for (const element of before.chain.filter(
      (one) => !after.chain.includes(one) && !names.has(namesIn(one).join('.')),
    )) {
      const entry = lost.get(element) ?? { element, routes: [], after };
      entry.routes.push(before);
      lost.set(element, entry);
    }
    judgements.push(...judgeChainOrder(before, after));
  }
  for (const { element, routes, after } of lost.values()) judgements.push(judgeLostElement(element, routes, after));
  return judgements;
}

function sameRoute(one: RouteFact, other: RouteFact): boolean {
  return one.path === other.path && one.verbs.join() === other.verbs.join();
}

function sameTarget(one: RouteFact, other: RouteFact): boolean {
  const isRoute = (route: RouteFact): boolean => route.verbs[0] !== 'USE' && route.verbs[0] !== 'GROUP';
  return isRoute(one) && isRoute(other) && one.handler === other.handler && lastStep(one.path) === lastStep(other.path);
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function judgeLostElement(element: string, routes: readonly RouteFact[], after: RouteFact): Judgement {
  const [before] = routes;
  const where = before === undefined ? '' : show(before);
  const more = routes.length > 1 ? ` and ${routes.length - 1} more` : '';
  const replaced = after.chain.find(
    (one) => !before?.chain.includes(one) && weighElement(one) >= weighElement(element),
  );
  const points = weighElement(element) - (replaced === undefined ? 0 : 2);
  const target = before?.handler === '' || before === undefined ? '' : ` before \`${clip(before.handler, 50)}\``;
  const message = `\`${clip(element, 70)}\` is no longer called${target} in ${where}${more}.`;
  const base = { group: 'route', subject: `${element} ${before?.path ?? ''}`, before, after, message } as const;
  return {
    ...base,
    control: 'middleware-removed',
    direction: replaced === undefined ? 'weakened' : 'changed',
    severity: severityOf(points),
  };
}

function judgeLostUse(route: RouteFact, sides: Sides): readonly Judgement[] {
  return route.chain.flatMap((element): readonly Judgement[] => {
    const name = namesIn(element).at(-1) ?? '';
    const still = sides.after.facts.some(
      (fact) =>
        fact.kind === 'route' && fact.chain.some((one) => namesIn(one).join('.') === namesIn(element).join('.')),
    );
    if (still || name === '') return [];
    const message = `\`${clip(element, 70)}\` no longer runs before ${show(route)}.`;
    return [
      {
        control: 'middleware-removed',
        group: 'route',
        direction: 'weakened',
        severity: severityOf(weighElement(element)),
        message,
        subject: element,
        before: route,
      },
    ];
  });
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

function judgeVerbs(before: RouteFact, after: RouteFact): readonly Judgement[] {
  // What answered every method answers fewer now.
  const isAny = before.verbs.some((verb) => verb === 'ANY' || verb === 'ALL');
  const added = isAny ? [] : after.verbs.filter((verb) => !before.verbs.includes(verb));
  const base = { group: 'route', subject: `${before.path} ${before.handler}`, before, after } as const;
  if (added.length > 0) {
    const risky =
      added.some((verb) => verb === 'ANY' || verb === 'ALL') ||
      (before.verbs.every((verb) => !SAFE.has(verb)) && added.some((verb) => SAFE.has(verb)));
    const message = `\`${clip(after.handler || 'the handler', 60)}\` answers ${after.verbs.join(', ')} ${after.path || '/'} where it answered ${before.verbs.join(', ')}.`;
    return [
      {
        ...base,
        control: 'route-method-widened',
        direction: risky ? 'weakened' : 'changed',
        severity: risky ? 'high' : 'low',
        message,
      },
    ];
  }
  if (before.path === after.path || after.path.length >= before.path.length) return [];
  const message = `\`${clip(after.handler || 'the handler', 60)}\` moved from ${before.path} to ${after.path || '/'}.`;
  return [{ ...base, control: 'route-moved', direction: 'changed', severity: 'low', message }];
}

function judgeChainOrder(before: RouteFact, after: RouteFact): readonly Judgement[] {
  const kept = before.chain.filter((element) => after.chain.includes(element));
  const now = after.chain.filter((element) => before.chain.includes(element));
  if (kept.join() === now.join() || !kept.some((element) => weighElement(element) >= 3)) return [];
  const message = `The order before \`${clip(after.handler, 50)}\` in ${show(after)} changed: ${clip(now.join(', '), 90)}.`;
  return [
    {
      control: 'middleware-order-changed',
      group: 'route',
      direction: 'changed',
      severity: 'medium',
      message,
      subject: after.path,
      before,
      after,
    },
  ];
}

/** What was set up before a route is set up after it now. */
function judgeOrder(sides: Sides): readonly Judgement[] {
  const pairs = sides.match('route').same;
  const uses = pairs.filter(([route]) => route.verbs[0] === 'USE');
  const routes = pairs.filter(([route]) => route.verbs[0] !== 'USE' || route.handler !== '' || route.path !== '');
  return uses.flatMap(([before, after]): readonly Judgement[] => {
    const lost = routes.filter(
      ([one, other]) => before !== one && before.order < one.order && after.order > other.order,
    );
    const [first] = lost;
    const element = before.chain.find((one) => weighElement(one) >= 3);
    if (first === undefined || element === undefined) return [];
    const message = `\`${clip(element, 70)}\` is set up after ${show(first[1])} now, so it no longer runs before it.`;
    return [
      {
        control: 'middleware-order-changed',
        group: 'route',
        direction: 'weakened',
        severity: 'high',
        message,
        subject: element,
        before,
        after,
      },
    ];
  });
}
