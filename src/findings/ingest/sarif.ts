import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import type { SarifResult, SarifRule, SarifRun } from './sarif-form.ts';
import { log, result as resultForm, rule as ruleForm, run as runForm, type SarifLocation } from './sarif-form.ts';
import { SCAN_LIMITS, type ScanPlace, type ScanReading, type ScanResult } from './scan-result.ts';
import { type ToolRow, toolOf } from './tool-row.ts';
import { confidenceOf, cwesIn, severityOf } from './weight.ts';

/** SARIF's other kinds say that something was looked at, not that it is wrong (§3.27.9). */
const FAULTY_KINDS: ReadonlySet<string> = new Set(['fail', 'open', 'review']);

export function isSarif(json: JsonValue): boolean {
  return z.object({ runs: z.array(z.unknown()) }).safeParse(json).success;
}

/** One reading for each run of a SARIF 2.1.0 log. A result that is not in the form is a fault, and the rest is read. */
export function readSarif(json: JsonValue): readonly ScanReading[] {
  const read = log.safeParse(json);
  if (!read.success) return [{ tool: 'scanner', results: [], faults: ['this is not SARIF 2.1.0'] }];
  const { version, runs } = read.data;
  if (version !== '2.1.0')
    return [{ tool: 'scanner', results: [], faults: [`SARIF ${version.slice(0, 20)} is not read`] }];
  const readings = runs.slice(0, SCAN_LIMITS.runs).map(readRun);
  if (runs.length <= SCAN_LIMITS.runs) return readings;
  return [
    ...readings,
    { tool: 'scanner', results: [], faults: [`only ${SCAN_LIMITS.runs} of ${runs.length} runs are read`] },
  ];
}

function readRun(json: unknown): ScanReading {
  const read = runForm.safeParse(json);
  if (!read.success) return { tool: 'scanner', results: [], faults: ['a run is not in the form of SARIF'] };
  const run = read.data;
  const row = toolOf(run.tool.driver.name);
  const faults = [...faultsOfRun(run)];
  const rules = readRules(run, faults);
  const all = run.results ?? [];
  if (all.length > SCAN_LIMITS.results) faults.push(`only ${SCAN_LIMITS.results} of ${all.length} results are read`);
  const results: ScanResult[] = [];
  for (const item of all.slice(0, SCAN_LIMITS.results)) {
    const one = resultForm.safeParse(item);
    const made = one.success ? readResult(one.data, { run, rules, row }) : 'a result is not in the form of SARIF';
    if (typeof made === 'string') faults.push(made);
    else if (made) results.push(made);
  }
  return { tool: row.tool, results, faults: faults.slice(0, SCAN_LIMITS.faults) };
}

function faultsOfRun({ invocations = [], results }: SarifRun): readonly string[] {
  const failed = invocations.some(({ executionSuccessful }) => executionSuccessful === false);
  const errors = invocations
    .flatMap(({ toolExecutionNotifications = [] }) => toolExecutionNotifications)
    .filter(({ level }) => level === 'error');
  return [
    ...(failed || results === undefined || results === null ? ['the scanner says that it did not finish'] : []),
    ...(errors.length === 0 ? [] : [`the scanner tells of ${errors.length} errors`]),
  ];
}

/** Results name a rule by its number in a component (the driver is -1), or by its id. */
interface Rules {
  readonly byNumber: ReadonlyMap<number, readonly (SarifRule | undefined)[]>;
  /** The first of each id. */
  readonly byId: ReadonlyMap<string, SarifRule>;
}

function readRules({ tool }: SarifRun, faults: string[]): Rules {
  const components = [tool.driver, ...(tool.extensions ?? [])];
  const byNumber = new Map(
    components.map(({ rules = [] }, index) => {
      if (rules.length > SCAN_LIMITS.rules) faults.push(`only ${SCAN_LIMITS.rules} of ${rules.length} rules are read`);
      return [index - 1, rules.slice(0, SCAN_LIMITS.rules).map((one) => ruleForm.safeParse(one).data)] as const;
    }),
  );
  const known = [...byNumber.values()].flat().filter((one) => one !== undefined);
  // From the back, so that the first of an id stays.
  return { byNumber, byId: new Map(known.toReversed().map((one) => [one.id, one])) };
}

interface Context {
  readonly run: SarifRun;
  readonly rules: Rules;
  readonly row: ToolRow;
}

/** The result, a fault, or undefined for one that says that all is well. */
function readResult(result: SarifResult, context: Context): ScanResult | string | undefined {
  if (!FAULTY_KINDS.has(result.kind ?? 'fail')) return undefined;
  const { row } = context;
  const rule = ruleOf(result, context.rules);
  const id = result.ruleId ?? result.rule?.id ?? rule?.id;
  if (id === undefined) return 'a result names no rule';
  const place = result.locations?.[0] && placeOf(result.locations[0], context.run);
  if (!place) return 'a result names no file';
  const properties = rule?.properties;
  const tags = [...(properties?.tags ?? []), ...(result.properties?.tags ?? [])].slice(0, 100);
  const told = cwesIn([...tags, ...[properties?.cwe ?? []].flat()]);
  const score = properties?.['security-severity'];
  return {
    rule: id,
    title: rule?.shortDescription?.text ?? rule?.name ?? id,
    message: messageOf(result.message, rule),
    help: rule?.help?.text ?? rule?.fullDescription?.text ?? '',
    severity: severityOf(
      {
        score: score === undefined ? undefined : String(score),
        level: result.level ?? rule?.defaultConfiguration?.level,
        issueSeverity: result.properties?.issue_severity,
      },
      row,
    ),
    confidence: confidenceOf({
      issueConfidence: result.properties?.issue_confidence,
      tags,
      precision: properties?.precision,
    }),
    cwes: told.length === 0 && row.cwe !== undefined ? [row.cwe] : told,
    place,
    flow: flowOf(result, context.run),
    secret: row.secrets,
    suppressed: (result.suppressions ?? []).length > 0,
  };
}

function ruleOf({ ruleId, ruleIndex, rule }: SarifResult, rules: Rules): SarifRule | undefined {
  const component = rules.byNumber.get(rule?.toolComponent?.index ?? -1) ?? [];
  const byNumber = component[rule?.index ?? ruleIndex ?? -1];
  const id = ruleId ?? rule?.id;
  // A rule of a finer name: CA1000/1 is told by CA1000 (§3.27.5).
  if (byNumber && (id === undefined || id === byNumber.id || id.startsWith(`${byNumber.id}/`))) return byNumber;
  return id === undefined ? undefined : rules.byId.get(id);
}

/** `{0}` stands for the first argument; a link into the related places is only its text here. */
function messageOf({ text, id, arguments: values = [] }: SarifResult['message'], rule: SarifRule | undefined): string {
  const form = text ?? (id === undefined ? undefined : rule?.messageStrings?.[id]?.text) ?? '';
  const filled = form
    .slice(0, 4 * SCAN_LIMITS.text)
    .replace(/\{(\d{1,3})\}/g, (whole, number: string) => values[Number(number)]?.slice(0, 200) ?? whole);
  return filled.replace(/\[([^[\]]{1,300})\]\(\d{1,6}\)/g, '$1');
}

function placeOf({ physicalLocation }: SarifLocation, { artifacts, columnKind }: SarifRun): ScanPlace | undefined {
  const named = physicalLocation?.artifactLocation;
  const path = named?.uri ?? (named?.index === undefined ? undefined : artifacts?.[named.index]?.location?.uri);
  if (path === undefined) return undefined;
  const region = physicalLocation?.region;
  if (region?.startLine === undefined) return { path, isUri: true, region: undefined };
  const { startLine, startColumn, endLine, endColumn } = region;
  const unit = columnKind === 'unicodeCodePoints' ? 'code-point' : 'utf16';
  return { path, isUri: true, region: { startLine, startColumn, endLine, endColumn, unit } };
}

function flowOf({ codeFlows }: SarifResult, run: SarifRun): ScanResult['flow'] {
  const steps = codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
  return steps.slice(0, SCAN_LIMITS.steps).flatMap(({ location }) => {
    const place = location && placeOf(location, run);
    return place ? [{ place, message: location.message?.text ?? '' }] : [];
  });
}
