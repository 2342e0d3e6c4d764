import type { Direction } from '../../model.ts';
import type { CallFact, OptionFact } from '../facts/index.ts';
import { countStrong, polarityOf, wordsOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { clip } from '../terms/index.ts';
import { KNOWN_OPTIONS, type KnownOption, YES } from './known-options.ts';

/** Settings that decide how much is protected. */
export function judgeOptions(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('option');
  const waiting = Map.groupBy(come, (option) => `${option.scope}\n${option.name}`);
  const judgements: Judgement[] = [];
  for (const before of gone) {
    const scope = sides.successorOf(before.scope)?.name;
    if (scope === undefined) continue;
    const after = takeNearest(waiting.get(`${scope}\n${before.name}`) ?? [], before);
    judgements.push(...(after === undefined ? judgeRemoved(before, sides) : judgeChanged(before, after, sides)));
  }
  const left = new Set([...waiting.values()].flat());
  for (const after of come) if (left.has(after)) judgements.push(...judgeAdded(after, sides));
  return judgements;
}

/** Takes the one with the same holder out of the list, or else the first. */
function takeNearest(options: OptionFact[], { holder }: OptionFact): OptionFact | undefined {
  const same = options.findIndex((option) => option.holder === holder);
  return options.splice(Math.max(0, same), 1)[0];
}

function knownOf(option: OptionFact, file: string): KnownOption | undefined {
  return KNOWN_OPTIONS.find(
    ({ name, path, weaker, value }) =>
      name.test(option.name) &&
      (path === undefined || path.test(file)) &&
      (value === undefined || value.test(option.value)) &&
      (weaker === undefined || option.measure !== undefined || option.literal === 'null'),
  );
}

function rankOf(known: KnownOption, value: string): number | undefined {
  const text = value.toLowerCase().replace(/^['"]|['"]$/g, '');
  const index = known.order?.findIndex(
    (one) =>
      one.toLowerCase() === text ||
      text.endsWith(`.${one.toLowerCase()}`) ||
      text.endsWith(`version${one.toLowerCase()}`),
  );
  return index === undefined || index < 0 ? undefined : index;
}

function judgeChanged(before: OptionFact, after: OptionFact, sides: Sides): readonly Judgement[] {
  if (before.value === after.value) return [];
  const name = clip(
    [after.holder.split('.').at(-1), after.name].filter((part) => part !== '' && part !== undefined).join('.'),
    60,
  );
  const message = `\`${name}\`${inScope(after.scope)} was \`${clip(before.value, 50)}\` and is \`${clip(after.value, 50)}\` now.`;
  const base = { group: 'option', subject: `${after.holder}.${after.name}`, before, after, message } as const;
  const known = knownOf(after, sides.path) ?? knownOf(before, sides.path);
  if (known) {
    const direction = directionOf(known, before, after);
    if (direction === undefined) return [];
    const lost = known.leap !== undefined && isLeap(before, after) ? known.leap : known.severity;
    const severity = direction === 'weakened' ? lost : 'low';
    return [
      {
        ...base,
        control: known.control,
        direction,
        severity,
        confidence: 'high',
        meta: direction === 'weakened' && known.meta === true,
      },
    ];
  }
  return judgeByName(before, after, base);
}

function directionOf(known: KnownOption, before: OptionFact, after: OptionFact): Direction | undefined {
  const wasBad = known.bad?.test(before.value) === true;
  const isBad = known.bad?.test(after.value) === true;
  if (wasBad !== isBad) return isBad ? 'weakened' : 'strengthened';
  const [was, is] = [rankOf(known, before.value), rankOf(known, after.value)];
  if (was !== undefined && is !== undefined) return is < was ? 'weakened' : is > was ? 'strengthened' : undefined;
  const [old, now] = [before.measure, after.measure];
  if (known.weaker === undefined || old === undefined || now === undefined || old === now) return undefined;
  return now < old === (known.weaker === 'less') ? 'weakened' : 'strengthened';
}

/** So many times as much is no adjustment any more. */
const LEAP = 10;

function isLeap({ measure: old }: OptionFact, { measure: now }: OptionFact): boolean {
  return old !== undefined && now !== undefined && old > 0 && now / old >= LEAP;
}

function judgeByName(
  before: OptionFact,
  after: OptionFact,
  base: Pick<Judgement, 'group' | 'subject' | 'before' | 'after' | 'message'>,
): readonly Judgement[] {
  const polarity = polarityOf(after.name);
  if (before.literal === 'boolean' && after.literal === 'boolean' && polarity !== 0) {
    const opened = YES.test(after.value) === (polarity === -1);
    return [
      {
        ...base,
        control: opened ? 'security-option-weakened' : 'security-option-strengthened',
        direction: opened ? 'weakened' : 'strengthened',
        severity: opened ? 'high' : 'low',
      },
    ];
  }
  if (polarity === 0 && countStrong(after.name) === 0) return [];
  if (before.literal === 'other' && after.literal === 'other') return [];
  return [
    { ...base, control: 'security-option-changed', direction: 'changed', severity: polarity === 0 ? 'low' : 'medium' },
  ];
}

function judgeRemoved(before: OptionFact, sides: Sides): readonly Judgement[] {
  const holderLeft =
    before.holder === '' ||
    sides.after.facts.some(
      (fact) =>
        (fact.kind === 'option' && fact.holder === before.holder) ||
        (fact.kind === 'call' && before.holder.split('.').some((name) => fact.names.includes(name))),
    );
  const known = knownOf(before, sides.path);
  const wasBad = known?.bad?.test(before.value) === true;
  const stays = holderLeft && !wentWithCall(before, sides);
  const message = `\`${clip(before.name, 60)}: ${clip(before.value, 50)}\` is gone${inScope(before.scope)}.`;
  const base = { group: 'option', subject: `${before.holder}.${before.name}`, before, message } as const;
  if (known) {
    if (known.order !== undefined && rankOf(known, before.value) === undefined) return [];
    if (wasBad) return [{ ...base, control: known.control, direction: 'strengthened', severity: 'low' }];
    if (known.removed === 'none' && known.bad !== undefined && !/^(?:true|\d)/i.test(before.value)) return [];
    return [
      {
        ...base,
        control: known.control,
        direction: 'weakened',
        severity: stays && known.removed === 'weakened' ? known.severity : 'medium',
      },
    ];
  }
  const polarity = polarityOf(before.name);
  const isOn = before.literal === 'boolean' && YES.test(before.value) === (polarity === 1);
  const isCheck =
    before.literal === 'other' &&
    !/\(|^[{[][\]}]$/.test(before.value) &&
    /^(?:sanit|escap|valid|verif)/i.test(before.name);
  if (polarity === 0 || !(isOn || isCheck)) return [];
  return [
    {
      ...base,
      control: 'security-option-removed',
      direction: 'weakened',
      severity: stays && polarity === 1 && !TELLS_OF_FAILURE.test(before.name) && !handsOn(before) ? 'high' : 'medium',
    },
  ];
}

/** `exports = { validateUserId: validateUserId }`: a thing of two words or more under its own name is handed on, not set. */
function handsOn({ name, value }: OptionFact): boolean {
  return value.slice(value.lastIndexOf('.') + 1) === name && wordsOf(name).length > 1;
}

/** `check_error=True` is about a program that fails, not about somebody who must not. */
const TELLS_OF_FAILURE =
  /(?:^|_)(?:errors?|exit(?:_?code)?|results?|status|syntax|shlex)(?:_|$)|(?:Errors?|ExitCode|Results?|Status|Syntax)$/i;

/** Whether the call that the setting was given to is gone from its function, and no call of that name came there. */
function wentWithCall({ term, scope }: OptionFact, sides: Sides): boolean {
  const { gone, come } = sides.match('call');
  const holds = (call: CallFact): boolean =>
    call.scope === scope && call.term.start < term.start && call.term.end >= term.end;
  const [call] = gone.filter(holds).sort((one, other) => other.term.start - one.term.start);
  const successor = sides.successorOf(scope)?.name;
  return (
    call !== undefined &&
    !come.some((other) => other.scope === successor && other.names.at(-1) === call.names.at(-1)) &&
    !sides.match('call').moved.some(([one]) => one === call)
  );
}

function judgeAdded(after: OptionFact, sides: Sides): readonly Judgement[] {
  const known = knownOf(after, sides.path);
  const message = `\`${clip(after.name, 60)}: ${clip(after.value, 50)}\` was added${inScope(after.scope)}.`;
  const base = { group: 'option', subject: `${after.holder}.${after.name}`, after, message } as const;
  // A new setting with no value is the default of whoever reads it.
  const isDefault = after.literal === 'null' && known?.control === 'tls-verification-off';
  if (known?.bad?.test(after.value) === true && known.weaker === undefined && !isDefault) {
    return [
      {
        ...base,
        control: known.control,
        direction: 'weakened',
        severity: known.severity,
        confidence: 'high',
        meta: known.meta === true,
      },
    ];
  }
  const rank = known === undefined ? undefined : rankOf(known, after.value);
  if (known?.control === 'algorithm-weakened' && rank !== undefined && rank < 12) {
    return [{ ...base, control: known.control, direction: 'weakened', severity: 'medium' }];
  }
  const polarity = polarityOf(after.name);
  if (after.literal !== 'boolean' || polarity === 0 || !sides.isKept(after.scope)) return [];
  const opens = YES.test(after.value) === (polarity === -1);
  if (!opens) return [{ ...base, control: 'security-option-strengthened', direction: 'strengthened', severity: 'low' }];
  return [
    {
      ...base,
      control: 'security-option-weakened',
      direction: 'weakened',
      severity: countStrong(after.name) > 0 ? 'medium' : 'low',
    },
  ];
}
