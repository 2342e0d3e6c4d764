import { entryOf, nodeAt, type Place, type ScalarNode, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { Condition, Gate, Trigger } from '../model.ts';
import { joinTexts, placeIn } from '../text/template-text.ts';
import { type Configuration, findIn, type Layer, type Written } from './configuration.ts';
import { EVENTS, type EventRow, knownFor } from './event-table.ts';
import { evaluateRule, parseRuleExpression, type RuleExpression, variablesOf } from './rule-expression.ts';
import { gatesOf, sharedGates } from './rule-gates.ts';
import type { VariableScope } from './variables.ts';

/** When a job runs and what is checked before. */
export interface JobStart {
  readonly triggers: readonly Trigger[];
  readonly condition: Condition | undefined;
}

/** One rule of `rules:` or one line of `only:`. */
interface Rule {
  readonly expression: RuleExpression | undefined;
  readonly text: Written<ScalarNode> | undefined;
  /** `never`, `manual`, `always`, `on_success`, `on_failure`, `delayed`. */
  readonly when: string;
  /** Also depends on something that no file says, such as the changed paths. */
  readonly open: boolean;
  readonly place: Place;
}

/** A way into a job: the gates that were passed, and the rule that let it in. */
interface Way {
  readonly gates: readonly Gate[];
  readonly place: Place;
}

/** Which events start a job, by `workflow:rules` and by its own `rules`, `only` and `except`. */
export function readJobStart(
  configuration: Configuration,
  layers: readonly Layer[],
  scope: VariableScope,
  jobPlace: Place,
): JobStart {
  const workflow = readRules(
    configuration,
    configuration.topLevel('workflow').map(({ file, node }) => rulesIn(file, node))[0],
  );
  const own = readRules(configuration, findIn(layers, 'rules'));
  const jobWhen = scalarAt(findIn(layers, 'when')?.node)?.text;
  const named = (row: EventRow) => row.rare === undefined || namesEvent(row, own ?? workflow ?? [], layers);
  const ways = EVENTS.filter(named).flatMap((row) => {
    const known = knownFor(row, (name) => scope.constant(name));
    const outer = workflow === undefined ? defaultWorkflow(jobPlace) : followRules(workflow, known);
    if (outer === undefined) return [];
    const inner = own === undefined ? oldWay(row, layers, jobPlace) : followRules(own, known);
    if (inner === undefined) return [];
    const manual = own === undefined && jobWhen === 'manual' ? [manualGate(jobPlace)] : [];
    return [{ row, gates: [...outer.gates, ...inner.gates, ...manual], place: inner.place }];
  });
  const decisive = ways.some(({ row }) => row.untrusted) ? ways.filter(({ row }) => row.untrusted) : ways;
  const gates = decisive
    .map((way) => way.gates)
    .reduce<readonly Gate[]>((left, right) => sharedGates(left, right), decisive[0]?.gates ?? []);
  const conditions = conditionTexts(own ?? [], layers);
  const whens = new Set(own === undefined ? [jobWhen ?? ''] : own.map((rule) => rule.when));
  return {
    triggers: ways.map(({ row, place }) => makeTrigger(row, place)),
    condition:
      conditions.length === 0 && gates.length === 0
        ? undefined
        : makeCondition(conditions, gates, whens.has('always'), scope, jobPlace),
  };
}

function namesEvent(row: EventRow, rules: readonly Rule[], layers: readonly Layer[]): boolean {
  const only = findIn(layers, 'only');
  const words = [
    ...rules.map((rule) => rule.text?.node.text ?? ''),
    ...(only ? refsOf(only).map((ref) => ref.text) : []),
  ];
  const name = row.source.replace(/_event$/, '');
  return words.some((word) => word.toLowerCase().includes(name));
}

function rulesIn(file: string, node: Written['node']): Written | undefined {
  const entry = entryOf(node, 'rules');
  return entry && { file, node: entry.value, key: entry.key };
}

function defaultWorkflow(place: Place): Way {
  return { gates: [], place };
}

function makeTrigger(row: EventRow, place: Place): Trigger {
  const { event, who, untrusted } = row;
  return { event, types: [], branches: [], paths: [], who, untrusted, privileged: true, place };
}

function makeCondition(
  conditions: readonly Written<ScalarNode>[],
  gates: readonly Gate[],
  always: boolean,
  scope: VariableScope,
  place: Place,
): Condition {
  const texts = conditions.map(({ file, node }) => scope.text(file, node));
  const names = conditions.flatMap(({ node }) => variablesOf(parseRuleExpression(node.text) ?? NOTHING));
  return {
    text: joinTexts(texts, ' || ', place),
    references: [...new Set(names)].flatMap((name) => scope.valuesOf(name)),
    gates,
    alwaysTrue: false,
    runsAfterFailure: always,
  };
}

const NOTHING: RuleExpression = { kind: 'value', operand: { kind: 'null' } };

function conditionTexts(rules: readonly Rule[], layers: readonly Layer[]): readonly Written<ScalarNode>[] {
  const own = rules.flatMap((rule) => (rule.text ? [rule.text] : []));
  const only = findIn(layers, 'only', 'variables');
  return own.length > 0 || only === undefined ? own : scalarsOf(only.node).map((node) => ({ ...only, node }));
}

function readRules(configuration: Configuration, written: Written | undefined): readonly Rule[] | undefined {
  if (written === undefined) return undefined;
  return configuration.itemsAt(written).map(({ file, node, key }): Rule => {
    const condition = scalarAt(node, 'if');
    const place = placeIn(file, condition?.span ?? node.span);
    return {
      expression: condition && parseRuleExpression(condition.text),
      text: condition && { file, node: condition, key },
      when: scalarAt(node, 'when')?.text ?? 'on_success',
      open: nodeAt(node, 'changes') !== undefined || nodeAt(node, 'exists') !== undefined || node.kind !== 'map',
      place,
    };
  });
}

/** The first rule that holds decides; a rule nobody can decide here leaves both ways open. */
function followRules(rules: readonly Rule[], known: Parameters<typeof evaluateRule>[1]): Way | undefined {
  const passed: Gate[] = [];
  let way: Way | undefined;
  for (const rule of rules) {
    const holds = rule.text === undefined ? true : rule.expression && evaluateRule(rule.expression, known);
    if (holds === false) continue;
    if (rule.when !== 'never') {
      const own = rule.expression ? gatesOf(rule.expression, true, rule.place) : [];
      const manual = rule.when === 'manual' ? [manualGate(rule.place)] : [];
      const gates = [...passed, ...own, ...manual];
      way =
        way === undefined ? { gates, place: rule.place } : { gates: sharedGates(way.gates, gates), place: way.place };
    }
    if (holds && !rule.open) return way;
    if (rule.expression) passed.push(...gatesOf(rule.expression, false, rule.place));
  }
  return way;
}

/** A manual job waits for somebody who may run jobs of this project. */
function manualGate(place: Place): Gate {
  return { strength: 3, kind: 'permission-check', spoofable: undefined, principal: 'actor', place };
}

/** `only` and `except`, or the default: every pipeline but those of merge requests. */
function oldWay(row: EventRow, layers: readonly Layer[], jobPlace: Place): Way | undefined {
  const only = findIn(layers, 'only');
  const except = findIn(layers, 'except');
  if (only === undefined) {
    if (row.on === 'merge-request' || row.on === 'external') return undefined;
    return isExcepted(row, except) ? undefined : { gates: [], place: jobPlace };
  }
  if (isExcepted(row, except)) return undefined;
  const refs = refsOf(only);
  if (refs.length === 0)
    return row.on === 'branch' || row.on === 'tag'
      ? { gates: [], place: placeIn(only.file, only.node.span) }
      : undefined;
  const fitting = refs.filter((ref) => fits(row, ref.text));
  const first = fitting[0];
  if (first === undefined) return undefined;
  const place = placeIn(only.file, first.span);
  const guarded = fitting.every((ref) => /^(?:main|master|\$CI_DEFAULT_BRANCH)$/.test(ref.text));
  const gate: Gate = { strength: 3, kind: 'branch-protection', spoofable: undefined, principal: 'pusher', place };
  return { gates: guarded ? [gate] : [], place };
}

function refsOf(written: Written): readonly ScalarNode[] {
  return written.node.kind === 'map' ? scalarsOf(nodeAt(written.node, 'refs')) : scalarsOf(written.node);
}

function isExcepted(row: EventRow, except: Written | undefined): boolean {
  if (except === undefined || except.node.kind === 'map') return false;
  return refsOf(except).some((ref) => KEYWORDS.has(ref.text) && fits(row, ref.text));
}

const KEYWORDS: ReadonlySet<string> = new Set(['branches', 'tags', ...EVENTS.map((row) => row.keyword)]);

function fits(row: EventRow, word: string): boolean {
  if (word === 'branches') return row.on === 'branch';
  if (word === 'tags') return row.on === 'tag';
  if (word === 'pushes') return row.source === 'push';
  return KEYWORDS.has(word) ? row.keyword === word : row.on === 'branch';
}
