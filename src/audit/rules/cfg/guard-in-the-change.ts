import type { AgentConfiguration, Invocation } from '../../../agents/index.ts';
import type { AgentRun } from '../../../facts/index.ts';
import { configurationRule } from './configuration-rule.ts';
import { reviewOfHead, settings } from './examples.ts';
import { GUARD_EVENTS } from './hook-events.ts';

const GUARDED = settings({ permissions: { deny: ['Bash(curl *)', 'Read(.env)'] } });

/** CFG008: the only guard of a run is written in the tree that the run does not trust. */
export const guardInTheChange = configurationRule(
  {
    id: 'CFG008',
    name: 'guard-only-in-the-change',
    title: 'The only guard can be removed by the change under review',
    what: 'Deny rules or guard hooks stand in project settings, an agent runs on a tree that a pull request controls, and the pipeline itself brings no deny rule, tool list or settings of its own.',
    why: 'The author of the pull request deletes the rule in the same change. The agent that reviews it runs without any guard.',
    sources: ['Claude Code documentation, settings precedence'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'none',
    advice:
      'Give the job its own settings (--settings FILE from the base branch, or --disallowedTools) and leave project settings out with --setting-sources user.',
    tags: ['CWE-807', 'CWE-284'],
    attack: [GUARDED, reviewOfHead()],
    benign: [GUARDED, reviewOfHead('--disallowedTools "Bash" --setting-sources user')],
  },
  function* (configuration, facts) {
    const guards = guardsOf(configuration);
    const first = guards[0];
    if (first === undefined) return;
    const run = facts.runs.find((one) => dependsOn(one, configuration));
    if (run === undefined) return;
    yield {
      place: first.place,
      message: `${run.id} relies on ${first.what}, which the change under review can delete`,
      subject: `guards ${run.id}`,
      related: [{ place: run.invocation.place, message: 'this agent brings no rules of its own' }],
    };
  },
);

function guardsOf({ product, deny, hooks }: AgentConfiguration) {
  if (product !== 'claude-code') return [];
  return [
    ...deny.map((rule) => ({ what: `the deny rule ${rule.text}`, place: rule.place })),
    ...hooks
      .filter((one) => GUARD_EVENTS.has(one.event))
      .map((one) => ({ what: `the hook of ${one.event}`, place: one.place })),
  ];
}

function dependsOn(run: AgentRun, configuration: AgentConfiguration): boolean {
  if (run.tree.provenance !== 'pull-request' || hasOwnRules(run.invocation)) return false;
  return run.effective.some(
    (fact) =>
      fact.place.file === configuration.file.path &&
      fact.inForce === 'yes' &&
      fact.fromTree &&
      (fact.kind === 'deny' || fact.kind === 'hook'),
  );
}

function hasOwnRules(invocation: Invocation): boolean {
  return invocation.deny.length > 0 || invocation.restrictTo !== undefined || invocation.settings.length > 0;
}
