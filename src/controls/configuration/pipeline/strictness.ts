import type { Severity } from '../../../findings/index.ts';
import type { Entry } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { plainKey } from '../named-path.ts';
import type { SheetBuilder } from '../sheet.ts';
import type { Check } from './checks.ts';
import { STRICTNESS_ROWS, type StrictnessRow } from './strictness-rows.ts';

/** Where a check stands. */
export interface CheckContext {
  readonly scope: string;
  /** What a person calls the step. */
  readonly name: string;
  readonly check: Check | undefined;
  readonly sheet: SheetBuilder;
}

const SEVERITY: Readonly<Record<Check['kind'], Severity>> = { security: 'high', test: 'high', quality: 'medium' };
/** Parts of one value. */
const MOST_PARTS = 200;

/** How much a check minds, by its inputs. Of a step that is no check only what forgives failures counts. */
export function addInputs(inputs: readonly Entry[], context: CheckContext): void {
  for (const { name, value, keyPlace } of inputs) {
    const row = rowOf(plainKey(name), value.text);
    if (row === undefined || (context.check === undefined && row.control !== 'pipeline-failure-ignored')) continue;
    addValue(row, { name, value: value.text, place: keyPlace }, context);
  }
}

/** Scanners that a forge brings along are set by variables alone. */
const PREFIX =
  /^(?:SAST|DAST|DS|CS|SECRET_DETECTION|DEPENDENCY_SCANNING|CONTAINER_SCANNING|COVFUZZ|IAC|TRIVY|SEMGREP|GRYPE|SNYK|GITLEAKS|CHECKOV|SONAR)_/;

/** The same of variables whose name begins with that of a check. */
export function addVariables(environment: readonly Entry[], scope: string, sheet: SheetBuilder): void {
  for (const { name, value, keyPlace } of environment) {
    const prefix = PREFIX.exec(name)?.[0];
    const row = prefix === undefined ? undefined : rowOf(plainKey(name.slice(prefix.length)), value.text);
    if (prefix === undefined || row === undefined) continue;
    const check = { name: prefix.slice(0, -1).toLowerCase(), kind: 'security' } as const;
    addValue(row, { name, value: value.text, place: keyPlace }, { scope, name: check.name, check, sheet });
  }
}

/** The same of the options on a command line: `--name value`, `--name=value`, `--name`. */
export function addOptionsOf(words: readonly string[], place: Place, context: CheckContext): void {
  for (const [index, word] of words.entries()) {
    const [, name, written] = /^--?([a-z][\w-]{1,40})(?:=(.*))?$/is.exec(word) ?? [];
    if (name === undefined) continue;
    const next = words[index + 1];
    const values = written !== undefined ? [written] : [...(next?.startsWith('-') === false ? [next] : []), 'true'];
    for (const value of values) {
      const row = rowOf(plainKey(name), value);
      if (row === undefined) continue;
      addValue(row, { name: `--${name}`, value, place }, context);
      break;
    }
  }
}

function rowOf(name: string, value: string): StrictnessRow | undefined {
  return STRICTNESS_ROWS.find((row) => row.name.test(name) && row.weigh(value.trim()) !== 0);
}

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

function addValue(
  { control, weigh, each }: StrictnessRow,
  { name, value, place }: Setting,
  context: CheckContext,
): void {
  const { scope, check, sheet } = context;
  const subject = `${name} of ${context.name}`;
  const severity = check === undefined ? 'low' : SEVERITY[check.kind];
  const base = { control, scope, place, severity } as const;
  if (each)
    for (const part of value.split(/[\s,]+/).slice(0, MOST_PARTS)) {
      if (weigh(part) === 0) continue;
      const narrowed = check?.kind === 'security' ? 'medium' : 'low';
      sheet.add({
        ...base,
        severity: narrowed,
        subject: `${subject}: ${part}`,
        weight: 1,
        shown: `${name}: ${part}`,
        value: '',
      });
    }
  else
    sheet.add({
      ...base,
      subject,
      weight: weigh(value.trim()),
      shown: `${name}: ${value.trim()}`,
      value: value
        .toLowerCase()
        .split(/[\s,]+/)
        .sort()
        .join(' '),
    });
}
