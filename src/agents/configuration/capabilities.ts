import type { Place } from '../../syntax/index.ts';
import type { Invocation, ProductId } from '../invocation/invocation.ts';
import { analyseRule } from '../permission-rules/analyse-rule.ts';
import type { Capabilities, EffectiveFact } from './effective.ts';
import { type Power, powerOf } from './granted-power.ts';

type Because = Capabilities['because'][number];

/** What a product does in an unattended run when nothing more is written. */
interface Baseline {
  readonly products: readonly ProductId[];
  readonly read: Capabilities['read'];
  readonly write: Capabilities['write'];
  readonly execute: Capabilities['execute'];
  readonly network: Capabilities['network'];
  readonly why: string;
}

/** Source: vendor documentation and measurements; an agent that nobody measured is taken to do everything. */
const BASELINES: readonly Baseline[] = [
  {
    products: ['claude-code'],
    read: 'tree',
    write: 'none',
    execute: 'none',
    network: 'none',
    why: 'without rules it reads the tree and runs read-only programs; everything else would ask, and nobody answers',
  },
  {
    products: ['codex'],
    read: 'everything',
    write: 'none',
    execute: 'any',
    network: 'none',
    why: 'its own sandbox is read-only by default: any program runs there, without network',
  },
  {
    products: ['gemini', 'qwen'],
    read: 'tree',
    write: 'none',
    execute: 'none',
    network: 'none',
    why: 'without approval mode the tools that write, fetch or run programs are left out of unattended runs; it reads, and asks the search engine',
  },
  {
    products: ['copilot'],
    read: 'tree',
    write: 'none',
    execute: 'none',
    network: 'none',
    why: 'it runs programs that only read the tree; what writes or runs others would ask, and nobody answers',
  },
  {
    products: ['amp', 'cursor', 'droid', 'auggie', 'amazon-q', 'cline', 'crush'],
    read: 'tree',
    write: 'none',
    execute: 'none',
    network: 'none',
    why: 'tools that write or run programs ask, and nobody answers',
  },
  {
    products: ['aider'],
    read: 'everything',
    write: 'everything',
    execute: 'any',
    network: 'any',
    why: 'without a terminal its questions answer themselves with yes: it edits, and runs the commands that the model proposes',
  },
  {
    products: ['ai-inference', 'unknown'],
    read: 'none',
    write: 'none',
    execute: 'none',
    network: 'none',
    why: 'a model without tools',
  },
  {
    products: ['opencode', 'goose', 'warp'],
    read: 'everything',
    write: 'everything',
    execute: 'any',
    network: 'any',
    why: 'everything is allowed unless its configuration says otherwise',
  },
];

const EVERYTHING = { read: 'everything', write: 'everything', execute: 'any', network: 'any' } as const;

/**
 * What the agent could do once it follows somebody else's orders: the product's baseline, widened by mode and allow
 * rules that are in force, narrowed by tool lists, whole-tool denials and its own sandbox. An `unknown` grant counts.
 */
export function capabilitiesOf(invocation: Invocation, effective: readonly EffectiveFact[]): Capabilities {
  const baseline = BASELINES.find((one) => one.products.includes(invocation.product));
  const open = { ...EVERYTHING, why: 'nobody measured what this agent refuses' };
  let power = widen(baseline ?? open, effective, invocation);
  power = restrict(power, invocation, effective);
  return sandboxed(power, invocation);
}

function widen(
  baseline: Omit<Baseline, 'products'>,
  effective: readonly EffectiveFact[],
  invocation: Invocation,
): Capabilities {
  const because: Because[] = [{ what: baseline.why, place: undefined }];
  const { read, write, execute, network } = baseline;
  let power: Capabilities = {
    read,
    write,
    execute,
    network,
    forgeWrite: execute === 'any' && network === 'any',
    because,
  };
  const mode = modeInForce(invocation, effective);
  const kept = quietened(invocation, effective);
  if (kept !== undefined) return { ...power, ...kept.power, forgeWrite: false, because: [kept.because, ...because] };
  if (mode === 'bypass') {
    const from = invocation.modeFrom.find((one) => one.mode === 'bypass');
    because.unshift({ what: 'permission prompts are off', place: from?.place });
    return { ...EVERYTHING, forgeWrite: true, because };
  }
  if (mode === 'accept-edits') {
    because.unshift({
      what: 'edits inside the work tree are accepted without asking',
      place: editsFrom(invocation, effective),
    });
    power = { ...power, write: stronger(power.write, 'tree', WRITES) };
    if (FETCHING_EDITORS.includes(invocation.product)) power = { ...power, network: 'any' };
  }
  for (const fact of effective) {
    if (fact.inForce === 'no' || (fact.kind !== 'allow' && fact.kind !== 'skill') || !fact.subject.startsWith('allow '))
      continue;
    const rule = fact.subject.slice('allow '.length);
    if (analyseRule(invocation.product, rule).dead !== undefined) continue;
    const grant = powerOf(rule, invocation.product);
    power = join(power, grant);
    if (grants(grant)) because.unshift({ what: fact.subject, place: fact.place });
  }
  const autoAllow = effective.find(
    (fact) => fact.inForce !== 'no' && fact.subject === 'sandbox.autoAllowBashIfSandboxed = true',
  );
  if (autoAllow !== undefined) {
    because.unshift({ what: 'commands in the sandbox are approved by themselves', place: autoAllow.place });
    power = { ...power, execute: 'any', write: 'everything', network: stronger(power.network, 'listed', REACHES) };
  }
  if (invocation.promptFromEvent && invocation.product === 'claude-code') {
    because.unshift({
      what: 'the action itself allows edits, commits and comments when it answers a mention',
      place: invocation.place,
    });
    power = {
      ...power,
      write: stronger(power.write, 'tree', WRITES),
      forgeWrite: true,
      network: stronger(power.network, 'listed', REACHES),
    };
  }
  return power;
}

/** Products that approve fetching any page together with edits. Measured on Gemini CLI 0.61. */
const FETCHING_EDITORS: readonly ProductId[] = ['gemini'];

/** What aider leaves when commands that the model proposes are not run: its own commands, edits, and pages named in the prompt. */
const QUIET = { read: 'tree', write: 'tree', execute: 'listed', network: 'listed' } as const;

/**
 * aider refuses commands of the model where `--yes-always` answers for everybody, and offers none with
 * `--no-suggest-shell-commands`. Measured on 0.86.2.
 */
function quietened(
  invocation: Invocation,
  effective: readonly EffectiveFact[],
): { readonly power: typeof QUIET; readonly because: Because } | undefined {
  if (invocation.product !== 'aider') return undefined;
  const entry = invocation.written.find(({ spelled }) =>
    /^(?:--yes(?:-always)?|-y|AIDER_YES(?:_ALWAYS)?)$/.test(spelled),
  );
  const option = invocation.written.find(({ spelled }) => spelled === '--no-suggest-shell-commands');
  const fact = effective.find(({ subject, inForce }) => inForce === 'yes' && /^yes-always = true$/i.test(subject));
  const place = option?.keyPlace ?? entry?.keyPlace ?? fact?.place;
  if (place === undefined) return undefined;
  const what = 'edits are accepted, and commands that the model proposes are not run';
  return { power: QUIET, because: { what, place } };
}

function modeInForce(invocation: Invocation, effective: readonly EffectiveFact[]): Invocation['mode'] {
  const modes = effective.filter((fact) => fact.kind === 'mode' && fact.inForce !== 'no').map((fact) => fact.subject);
  const banned = effective.some((fact) => fact.kind === 'mode' && fact.inForce === 'no' && fact.why.includes('forbid'));
  if (invocation.mode === 'bypass' && !banned) return 'bypass';
  if (modes.some((mode) => BYPASS.test(mode))) return 'bypass';
  if (invocation.mode === 'accept-edits' || modes.some((mode) => /acceptEdits|auto_edit/.test(mode)))
    return 'accept-edits';
  return invocation.mode === 'bypass' ? 'ask' : invocation.mode;
}

const BYPASS = /bypassPermissions|autoAccept = true|danger-full-access|dangerouslyAllowAll = true|permission = allow/;

function editsFrom(invocation: Invocation, effective: readonly EffectiveFact[]): Place | undefined {
  const written = invocation.modeFrom.find((one) => one.mode === 'accept-edits');
  return written?.place ?? effective.find((fact) => fact.kind === 'mode' && fact.inForce !== 'no')?.place;
}

/** A list of tools and whole-tool denials take powers away, whatever grants them. */
function restrict(power: Capabilities, invocation: Invocation, effective: readonly EffectiveFact[]): Capabilities {
  const listed = invocation.restrictTo === undefined ? power : offered(power, invocation);
  const denied = new Set(
    effective
      .filter((fact) => fact.kind === 'deny' && fact.inForce === 'yes')
      .map((fact) => fact.subject.slice('deny '.length).toLowerCase()),
  );
  const shellless = SHELL_TOOLS.some((tool) => denied.has(tool));
  if (!shellless || listed.execute === 'none') return listed;
  const because = [...listed.because, { what: 'the shell tool is denied as a whole', place: undefined }];
  const writeless = denied.has('write') && denied.has('edit');
  const fetchless = denied.has('webfetch') && denied.has('websearch');
  return {
    ...listed,
    execute: 'none',
    write: writeless ? 'none' : listed.write,
    network: fetchless ? 'none' : listed.network,
    because,
  };
}

const SHELL_TOOLS = ['bash', 'bash(*)', 'shell', 'shell(*)', 'run_shell_command'];

/** What is left when only these tools exist: never more than before, never more than they can do. */
function offered(power: Capabilities, { product, restrictTo }: Invocation): Capabilities {
  const tools = restrictTo ?? [];
  const all = tools.map((tool) => powerOf(tool.text, product));
  const nothing = powerOf('');
  const most = <T extends string>(of: (one: Power) => T, order: readonly T[]): T =>
    order.findLast((level) => all.some((one) => of(one) === level)) ?? of(nothing);
  const because = [...power.because, { what: 'only listed tools are offered', place: tools[0]?.place }];
  return {
    ...power,
    write: weaker(
      power.write,
      most((one) => one.write, WRITES),
      WRITES,
    ),
    execute: weaker(
      power.execute,
      most((one) => one.execute, RUNS),
      RUNS,
    ),
    network: weaker(
      power.network,
      most((one) => one.network, REACHES),
      REACHES,
    ),
    forgeWrite: power.forgeWrite && all.some((one) => one.forgeWrite),
    because,
  };
}

/** Codex confines what it runs; the others' sandboxes bound writing and reaching out. */
function sandboxed(power: Capabilities, invocation: Invocation): Capabilities {
  const { state, place } = invocation.sandbox;
  if (state === 'off' && invocation.product === 'codex') {
    return { ...EVERYTHING, forgeWrite: true, because: [{ what: 'its own sandbox is off', place }, ...power.because] };
  }
  if (invocation.product === 'codex' && invocation.mode !== 'bypass' && state !== 'off') {
    const confined =
      invocation.mode === 'read-only'
        ? 'none'
        : invocation.via === 'action' || invocation.mode === 'accept-edits'
          ? 'tree'
          : 'none';
    // A command that a rule allows runs outside its sandbox, also in read-only mode. Measured on 0.169.
    return {
      ...power,
      write: stronger(confined, power.write, WRITES),
      execute: 'any',
      network: state === 'weakened' ? 'any' : power.network,
      forgeWrite: state === 'weakened' || power.forgeWrite,
    };
  }
  if (state !== 'on') return power;
  const because = [...power.because, { what: 'its own sandbox is on', place }];
  return {
    ...power,
    write: power.write === 'none' ? 'none' : 'tree',
    network: power.network === 'none' ? 'none' : 'listed',
    because,
  };
}

function weaker<T extends string>(one: T, other: T, order: readonly T[]): T {
  return order.indexOf(other) < order.indexOf(one) ? other : one;
}

const READS = ['none', 'tree', 'everything'] as const;
const WRITES = ['none', 'tree', 'everything'] as const;
const RUNS = ['none', 'listed', 'any'] as const;
const REACHES = ['none', 'listed', 'any'] as const;

function join(power: Capabilities, grant: Power): Capabilities {
  const reads = grant.execute === 'any' ? 'everything' : grant.read ? 'tree' : 'none';
  return {
    ...power,
    read: stronger(power.read, reads, READS),
    write: stronger(power.write, grant.write, WRITES),
    execute: stronger(power.execute, grant.execute, RUNS),
    network: stronger(power.network, grant.network, REACHES),
    forgeWrite: power.forgeWrite || grant.forgeWrite,
  };
}

function stronger<T extends string>(one: T, other: T, order: readonly T[]): T {
  return order.indexOf(other) > order.indexOf(one) ? other : one;
}

function grants(power: Power): boolean {
  return power.write !== 'none' || power.execute !== 'none' || power.network !== 'none' || power.forgeWrite;
}
