import type { Severity } from '../../../findings/index.ts';
import type { Job, Pipeline, Step } from '../../../pipelines/index.ts';
import {
  entriesOf,
  itemsOf,
  type Node,
  nodeAt,
  type Place,
  type ScalarNode,
  scalarsOf,
} from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { type Check, checkOf, checkOfPart } from './checks.ts';
import { checkOfStep } from './steps.ts';

/** A value for which a job runs once more. */
interface Cell {
  readonly dimension: string;
  readonly text: string;
  readonly place: Place;
}

/** Values of a matrix beyond it are not compared. */
const MOST_CELLS = 2_000;
const SEVERITY: Readonly<Record<Check['kind'], Severity>> = { security: 'high', test: 'medium', quality: 'medium' };

/** Which checks a job runs by its matrix: those that a value names, and what a scanner is given to look at. */
export function addMatrix(job: Job, sheet: SheetBuilder): void {
  const { id: scope, node, place } = job;
  const file = place.file;
  const cells = [
    ...cellsOf(nodeAt(node, 'strategy', 'matrix'), file),
    ...itemsOf(nodeAt(node, 'parallel', 'matrix')).flatMap((item) => cellsOf(item, file)),
  ].slice(0, MOST_CELLS);
  const scanned = new Set(cells.map(({ dimension }) => dimension).filter((name) => isScanned(name, job.steps)));
  const seen = new Set<string>();
  for (const { dimension, text, place: at } of cells) {
    const kind = scanned.has(dimension) ? 'security' : kindOf(text);
    const subject = `${dimension} ${text}`;
    if (kind === undefined || seen.has(subject)) continue;
    seen.add(subject);
    const control = 'pipeline-matrix-narrowed';
    sheet.add({ control, scope, subject, weight: -1, shown: text, value: '', place: at, severity: SEVERITY[kind] });
  }
  for (const item of itemsOf(nodeAt(node, 'strategy', 'matrix', 'exclude'))) addExclusion(item, job, scanned, sheet);
}

/** A combination that is left out; with one value alone that value is. */
function addExclusion(item: Node, { id: scope, place }: Job, scanned: ReadonlySet<string>, sheet: SheetBuilder): void {
  const cells = cellsOf(item, place.file);
  const kinds = cells.flatMap(({ dimension, text }) => (scanned.has(dimension) ? 'security' : kindOf(text)) ?? []);
  const [first] = cells;
  if (first === undefined || kinds[0] === undefined) return;
  const shown = cells.map(({ text }) => text).join(', ');
  sheet.add({
    control: 'pipeline-matrix-narrowed',
    scope,
    subject: `without ${shown}`,
    weight: 1,
    shown: `without ${shown}`,
    value: '',
    place: first.place,
    severity: cells.length === 1 ? SEVERITY[kinds[0]] : 'low',
  });
}

/** Lists by dimension (GitHub, GitLab), or maps of variables by name (Azure, `include`). */
function cellsOf(matrix: Node | undefined, file: string): readonly Cell[] {
  const cellOf = (dimension: string, { text, span }: ScalarNode): Cell => ({ dimension, text, place: { file, span } });
  return entriesOf(matrix).flatMap(({ key, value }): readonly Cell[] => {
    if (key.text === 'exclude') return [];
    if (value.kind === 'map') return cellsOf(value, file);
    const maps = itemsOf(value).filter((item) => item.kind === 'map');
    return [
      ...scalarsOf(value).map((scalar) => cellOf(key.text, scalar)),
      ...maps.flatMap((item) =>
        entriesOf(item).flatMap((entry) => scalarsOf(entry.value).map((scalar) => cellOf(entry.key.text, scalar))),
      ),
    ];
  });
}

/** Systems and versions come and go. */
const ORDINARY =
  /^(?:v?\d[\w.*-]{0,30}|(?:ubuntu|windows|macos|debian|alpine|fedora)[\w.-]{0,30}|lts[\w/*-]{0,20}|true|false|latest|stable|nightly|beta)$/i;
/** A suite that is about who may do what. */
const ACCESS =
  /(?:^|[-_:./\s])(?:auth|authz|authn|authentication|authorization|permissions?|acl|rbac|access)(?:$|[-_:./\s])/i;

function kindOf(text: string): Check['kind'] | undefined {
  if (ORDINARY.test(text) || text.includes('${{')) return undefined;
  if (ACCESS.test(text)) return 'security';
  return (checkOf(text) ?? checkOfPart(text.replace(/[:\s]+/g, '-')) ?? SUITE.exec(text)?.map((): Check => TESTS)[0])
    ?.kind;
}

const TESTS: Check = { name: 'tests', kind: 'test' };
const SUITE = /^(?:unit|integration|functional|acceptance|regression|smoke|types)(?:[-_:.\s]|$)/i;

/** Whether a scanner is told by this dimension what to look at. */
function isScanned(dimension: string, steps: readonly Step[]): boolean {
  const names = [`matrix.${dimension}`, `$${dimension}`, `\${${dimension}}`, `$(${dimension})`];
  return steps.some((step) => {
    if (checkOfStep(step)?.kind !== 'security') return false;
    const texts = [...step.inputs, ...step.environment].map(({ value }) => value.text);
    if (step.run) texts.push(step.run.text.text);
    return texts.some((text) => names.some((name) => text.includes(name)));
  });
}

/** Jenkins: `axis { name 'CHECK' values 'unit', 'sast' }`. Every part is bounded. */
const AXIS =
  /\baxis\s{0,20}\{\s{0,200}name\s{1,20}['"](\w{1,100})['"]\s{0,200};?\s{0,200}values\s{1,20}([^}]{1,4000})\}/g;

/** The same of the axes of a Jenkinsfile, which stand in no job's own text. */
export function addAxes({ platform, file: { path: file, text } }: Pipeline, sheet: SheetBuilder): void {
  if (platform !== 'jenkins') return;
  for (const { 0: whole, 1: dimension = '', 2: values = '', index } of text.matchAll(AXIS))
    for (const [, value = ''] of values.matchAll(/['"]([^'"\n]{1,200})['"]/g)) {
      const kind = kindOf(value);
      if (kind === undefined) continue;
      const place = { file, span: { start: index, end: index + whole.length } };
      const control = 'pipeline-matrix-narrowed';
      const subject = `${dimension} ${value}`;
      sheet.add({ control, scope: '', subject, weight: -1, shown: value, value: '', place, severity: SEVERITY[kind] });
    }
}
