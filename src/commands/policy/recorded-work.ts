import type { AllowedWork, Policy, ToolAction } from '../../policy/index.ts';
import { objectOf, textOf } from '../../system/index.ts';
import { actionsOf, describe, isFixed } from './recorded-actions.ts';
import type { RecordedRun } from './recorded-run.ts';

/** Something that was refused because no rule allowed it, or one forbade it. */
export interface RefusedAction {
  readonly plane: string;
  readonly subject: string;
  readonly rule: string;
  readonly times: number;
}

/** What a run did, what was refused in it, and which grants it used. */
export interface RecordedWork {
  readonly work: AllowedWork;
  readonly refused: readonly RefusedAction[];
  /** Ids of rules and names of secrets. */
  readonly used: ReadonlySet<string>;
  /** Calls whose input was too long to stand in the record. */
  readonly unreadable: number;
}

/** Reads what a run did from its ledger. */
export function readWork(run: RecordedRun): RecordedWork {
  const calls: ToolAction[] = [];
  const changed: string[] = [];
  const models = new Set<string>();
  const used = new Set<string>();
  const refused = new Map<string, RefusedAction>();
  let unreadable = 0;
  for (const { record } of run.records()) {
    if (record === undefined) continue;
    const [kind, subject, decision] = [
      textOf(record['kind']),
      objectOf(record['subject']),
      objectOf(record['decision']),
    ];
    if (kind === 'file.change' && subject['status'] !== 'withheld') changed.push(textOf(subject['path']));
    if (kind === 'credential.use') used.add(textOf(subject['name']));
    const rule = textOf(decision['rule']);
    if (decision['verdict'] === undefined || isFixed(rule)) continue;
    const actions = actionsOf(kind, subject, run.readCall);
    const [first] = actions ?? [];
    if (actions === undefined || first === undefined) unreadable += 1;
    else if (decision['verdict'] === 'allow') {
      used.add(rule);
      calls.push(...actions.filter((action) => action.plane === 'tool'));
      if (first.plane === 'model') models.add(first.model);
    } else count(refused, { plane: first.plane, subject: describe(first), rule });
  }
  const { workspace } = run;
  return { work: { calls, changed, models: [...models], workspace }, refused: [...refused.values()], used, unreadable };
}

function count(refused: Map<string, RefusedAction>, one: Omit<RefusedAction, 'times'>): void {
  const key = JSON.stringify(one);
  refused.set(key, { ...one, times: (refused.get(key)?.times ?? 0) + 1 });
}

/** Hosts and secrets that a policy grants and none of the runs used. */
export function unusedGrants(policy: Policy, runs: readonly RecordedWork[]): readonly string[] {
  const isUsed = (id: string): boolean => runs.some(({ used }) => used.has(id));
  const hosts = Map.groupBy(policy.network, ({ id }) => id);
  return [
    ...[...hosts].filter(([id]) => !isUsed(id)).map(([id, [grant]]) => `${id} (${grant?.host}:${grant?.port})`),
    ...policy.secrets.filter(({ name }) => !isUsed(name)).map(({ name }) => `secret ${name}`),
  ];
}
