/** Every class of control that is compared: one row each, from which reports, documents and tests are made. */
import { CODE_CONTROLS, type CodeControl } from '../code/index.ts';
import type { ControlClass } from '../control-class.ts';
import type { FactClass } from '../facts/compare-facts.ts';
import { AGENT_CLASSES } from './agent-classes.ts';
import { CLOUD_CLASSES } from './cloud-classes.ts';
import { LOCK_CLASSES, MANIFEST_CLASSES } from './dependency-classes.ts';
import { INFRASTRUCTURE_CLASSES } from './infrastructure-classes.ts';
import { PIPELINE_ACCESS_CLASSES } from './pipeline-access-classes.ts';
import { PIPELINE_CHECK_CLASSES } from './pipeline-check-classes.ts';
import { PIPELINE_SUPPLY_CLASSES } from './pipeline-supply-classes.ts';
import { PLAIN_CLASSES } from './plain-classes.ts';
import { ENTRY_CLASSES, REPOSITORY_CLASSES } from './repository-classes.ts';
import { SWITCH_CLASSES } from './switch-classes.ts';
import { SNAPSHOT_CLASSES, TEST_CLASSES } from './test-classes.ts';
import { TEXT_CLASSES } from './text-classes.ts';

/** Classes whose facts are collected from files and compared by subject. */
export const FACT_CLASSES: ReadonlyMap<string, FactClass> = byId([
  ...PIPELINE_ACCESS_CLASSES,
  ...PIPELINE_CHECK_CLASSES,
  ...PIPELINE_SUPPLY_CLASSES,
  ...AGENT_CLASSES,
  ...INFRASTRUCTURE_CLASSES,
  ...CLOUD_CLASSES,
  ...SWITCH_CLASSES,
  ...TEST_CLASSES,
  ...MANIFEST_CLASSES,
  ...REPOSITORY_CLASSES,
  ...TEXT_CLASSES,
]);

/** Classes that look at entries of the tree, at the packages of a lock file, or at programs without a grammar. */
export const TREE_CLASSES: ReadonlyMap<string, ControlClass> = byId([
  ...ENTRY_CLASSES,
  ...SNAPSHOT_CLASSES,
  ...LOCK_CLASSES,
  ...PLAIN_CLASSES,
]);

/** The whole table, code included, in the order of the documents. */
export const CONTROL_CLASSES: readonly ControlClass[] = [
  ...CODE_CONTROLS.map(fromCode),
  ...FACT_CLASSES.values(),
  ...TREE_CLASSES.values(),
];

function byId<Row extends ControlClass>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** Classes in code show one text with two successors for each language; the first stands for all here. */
function fromCode({ id, group, title, meaning, why, examples }: CodeControl): ControlClass {
  const [first] = examples;
  const change = (after: string | undefined) => ({
    before: first ? [{ file: first.path, text: first.before }] : [],
    after: first && after !== undefined ? [{ file: first.path, text: after }] : [],
  });
  return {
    id,
    group,
    direction: 'weakened',
    severity: 'high',
    meta: false,
    title,
    why: `${meaning} ${why}`,
    advice: 'Look at what the old code kept out, and at where the new code does.',
    tags: ['CWE-693'],
    attack: change(first?.attack),
    benign: change(first?.benign),
  };
}
