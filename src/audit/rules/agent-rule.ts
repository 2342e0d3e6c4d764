import type { AgentRun, Facts } from '../../facts/index.ts';
import type { FindingDraft, RuleDescriptor } from '../../findings/index.ts';
import type { Rule } from '../rule.ts';

/** What one look at one agent brings: the rule's own severity, confidence and place hold unless it says otherwise. */
export interface RunFinding extends Partial<Omit<FindingDraft, 'rule' | 'message'>> {
  readonly message: string;
  /** What the finding is about within this agent, for the fingerprint. */
  readonly about?: string;
}

/** A rule that looks at each agent on its own. */
export function agentRule(
  descriptor: RuleDescriptor,
  look: (run: AgentRun, facts: Facts) => Iterable<RunFinding>,
): Rule {
  return {
    ...descriptor,
    *check(facts) {
      for (const run of facts.runs) for (const found of look(run, facts)) yield draftOf(descriptor, run, found);
    },
  };
}

function draftOf(descriptor: RuleDescriptor, run: AgentRun, { about, ...found }: RunFinding): FindingDraft {
  return {
    rule: descriptor.id,
    severity: descriptor.severity,
    confidence: descriptor.confidence,
    place: run.invocation.place,
    subject: [run.job.id, run.invocation.product, about ?? ''].join(' ').trim(),
    ...found,
  };
}

const TITLES: { readonly [product: string]: string } = {
  'claude-code': 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  copilot: 'Copilot CLI',
  cursor: 'Cursor',
  goose: 'Goose',
  amp: 'Amp',
  qwen: 'Qwen Code',
  droid: 'Droid',
  auggie: 'Auggie',
  'amazon-q': 'Amazon Q',
  warp: 'Warp',
  crush: 'Crush',
  cline: 'Cline',
  antigravity: 'Antigravity CLI',
  unknown: 'The agent',
};

/** The agent's name for a person. */
export function titleOf({ invocation }: AgentRun): string {
  return TITLES[invocation.product] ?? invocation.product;
}

/** A sandbox with egress control stands around the whole agent, so its own switches matter less. */
export function isContained(run: AgentRun): boolean {
  return run.controls.some(({ kind, certainty }) => kind === 'sandbox' && certainty === 'yes');
}

/**
 * It works on a copy whose `.git` is made afresh, with instruction files and settings of the base, and a policy decides
 * each of its calls. Other sandboxes confine what there is.
 */
export function isRunBySallyport({ invocation }: AgentRun): boolean {
  return invocation.written.some(({ name, text }) => name === 'wrapper' && text === 'sallyport');
}

/** Whether somebody without rights in the repository can start it, or writes what it works on. */
export function meetsOutsiders(run: AgentRun): boolean {
  return (
    isOutsider(run.startedBy) ||
    run.tree.provenance === 'pull-request' ||
    run.sources.some(({ who }) => isOutsider(who))
  );
}

function isOutsider(who: AgentRun['startedBy']): boolean {
  return who === 'anyone' || who === 'past-contributor';
}

/** `a, b, c and 2 more`. */
export function listed(names: readonly string[], most = 4): string {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, most).map((name) => `\`${name}\``);
  const rest = unique.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
