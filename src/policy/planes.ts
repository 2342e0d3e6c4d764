import { SallyportError } from '../errors/index.ts';
import type { Action, Decision, Plane, SessionState } from './action.ts';
import { compileConditions, type ExpressionCompiler } from './condition.ts';
import type {
  FileRule,
  HostTarget,
  MergeRule,
  ModelRule,
  NetworkRule,
  PlaneRules,
  RuleHead,
  ToolRule,
} from './document.ts';
import { compileFileRule, decideFile } from './file-plane.ts';
import { compileMergeRule, decideMerge } from './merge-plane.ts';
import { compileModelRule, decideModel } from './model-plane.ts';
import { compileNetworkRule, decideNetwork } from './network-plane.ts';
import type { ModelGrant, NetworkGrant } from './policy.ts';
import type { CompiledRule, RuleSet } from './rule.ts';
import type { CommandReader } from './shell/effective-command.ts';
import { compileToolRule, decideTool } from './tool-plane.ts';

/** What rules need to be compiled. The two engines are loaded only when a rule uses them. */
export interface Engines {
  readonly compileExpression: ExpressionCompiler | undefined;
  readonly commandReader: CommandReader | undefined;
  /** Milliseconds since the epoch, for rules with a date; undefined: every date has passed. */
  readonly now: number | undefined;
  readonly workspaceRoot: string | undefined;
}

export interface PlaneInput {
  readonly rules: PlaneRules;
  /** Hosts of the registry kinds that the network rules name. */
  readonly registries: (kind: string) => readonly NetworkGrant[];
  readonly model: Partial<Pick<ModelGrant, 'hostedTools' | 'urlInputs' | 'maxRequests'>>;
  /** What a plane says when no rule applies. */
  readonly otherwise: (plane: Plane) => 'allow' | 'deny';
}

export type Decide = (action: Action, state: SessionState) => Decision;

/** The one decision function of one layer: each plane's rules, compiled and sorted by id. */
export function compilePlanes(input: PlaneInput, engines: Engines): Decide {
  const conditions = (head: RuleHead, plane: Plane) =>
    compileConditions(head, plane, engines.compileExpression, engines.now);
  const set = <Rule extends RuleHead, Compiled extends CompiledRule<never>>(
    plane: Plane,
    rules: readonly Rule[] | undefined,
    compile: (rule: Rule) => readonly Compiled[],
  ): RuleSet<Compiled> => ({
    rules: sortById(rules ?? []).flatMap((rule) => compileAt(rule, compile)),
    otherwise: input.otherwise(plane),
  });

  const { rules } = input;
  const file = set('file', rules.file, (rule: FileRule) => [compileFileRule(rule, conditions(rule, 'file'))]);
  const tool = set('tool', rules.tool, (rule: ToolRule) => [
    compileToolRule(rule, engines.workspaceRoot, conditions(rule, 'tool')),
  ]);
  const network = set('network', rules.network, (rule: NetworkRule) =>
    targetsOf(rule, input.registries).map((target) => compileNetworkRule(rule, target, conditions(rule, 'network'))),
  );
  const model = set('model', rules.model, (rule: ModelRule) => [compileModelRule(rule, conditions(rule, 'model'))]);
  const merge = set('merge', rules.merge, (rule: MergeRule) => [compileMergeRule(rule, conditions(rule, 'merge'))]);
  const toolContext = {
    root: engines.workspaceRoot,
    reader: engines.commandReader,
    decideFile: (action: Extract<Action, { plane: 'file' }>, state: SessionState) => decideFile(file, action, state),
  };

  return (action, state) => {
    switch (action.plane) {
      case 'tool':
        return decideTool(tool, action, state, toolContext);
      case 'file':
        return decideFile(file, action, state);
      case 'network':
        return decideNetwork(network, action, state);
      case 'model':
        return decideModel(model, input.model, action, state);
      case 'merge':
        return decideMerge(merge, action, state);
    }
  };
}

/** A rule that cannot be compiled stops the policy from loading, with the rule's place. */
function compileAt<Rule extends RuleHead, Compiled>(rule: Rule, compile: (rule: Rule) => Compiled): Compiled {
  try {
    return compile(rule);
  } catch (cause) {
    if (cause instanceof SallyportError || !(cause instanceof Error)) throw cause;
    const advice = 'advice' in cause && typeof cause.advice === 'string' ? cause.advice : undefined;
    throw new SallyportError('SP1102', `rule '${rule.id}': ${cause.message}`, { at: rule.at, advice, cause });
  }
}

/** The hosts that a network rule is about, registry kinds replaced by what the machine's package client names. */
export function targetsOf(rule: NetworkRule, registries: PlaneInput['registries']): readonly HostTarget[] {
  if (rule.target.kind === 'host') return [rule.target];
  try {
    return registries(rule.target.registry).map((grant) => ({ kind: 'host' as const, ...grant }));
  } catch (cause) {
    if (!(cause instanceof SallyportError) || cause.at) throw cause;
    throw new SallyportError(cause.code, cause.message, { at: rule.at, advice: cause.advice, cause });
  }
}

function sortById<Rule extends RuleHead>(rules: readonly Rule[]): readonly Rule[] {
  return [...rules].sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
}
