import { z } from 'zod';
import type { JsonValue } from '../../system/index.ts';
import { SCAN_LIMITS, type ScanReading, type ScanResult } from './scan-result.ts';
import { toolOf } from './tool-row.ts';
import { confidenceOf, severityOf } from './weight.ts';

/** What a line of Bandit's own JSON says; columns count from 0. */
const banditResult = z.object({
  filename: z.string(),
  test_id: z.string(),
  test_name: z.string().catch(''),
  issue_text: z.string(),
  issue_severity: z.string().optional(),
  issue_confidence: z.string().optional(),
  issue_cwe: z.object({ id: z.int().positive() }).optional().catch(undefined),
  line_number: z.int().min(1),
  line_range: z.array(z.int().min(1)).catch([]),
  col_offset: z.int().min(0).optional(),
  end_col_offset: z.int().min(0).optional(),
});
const bandit = z.object({ errors: z.array(z.unknown()), results: z.array(z.unknown()), metrics: z.unknown() });

/** What gitleaks writes with `--report-format json`. `Secret`, `Match` and the author are not even read. */
const leak = z.object({
  RuleID: z.string(),
  Description: z.string().catch(''),
  File: z.string(),
  StartLine: z.int().min(0),
  EndLine: z.int().min(0).optional(),
});

/** The readings of a scanner's own JSON; undefined when it is no form that is known here. */
export function readToolJson(json: JsonValue): readonly ScanReading[] | undefined {
  const asBandit = bandit.safeParse(json);
  if (asBandit.success && isObjectWith(json, 'metrics')) return [readBandit(asBandit.data)];
  if (Array.isArray(json) && json.every((one) => isObjectWith(one, 'RuleID'))) return [readLeaks(json)];
  return undefined;
}

function isObjectWith(json: JsonValue, name: string): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && Object.hasOwn(json, name);
}

function readBandit({ errors, results }: z.infer<typeof bandit>): ScanReading {
  const row = toolOf('bandit');
  const faults = errors.length === 0 ? [] : [`the scanner could not read ${errors.length} files`];
  const read = collect(results, (item) => {
    const one = banditResult.safeParse(item).data;
    if (!one) return undefined;
    const lastLine = one.line_range.reduce((most, line) => Math.max(most, line), one.line_number);
    const oneLine = lastLine === one.line_number;
    return {
      rule: one.test_id,
      title: one.test_name,
      message: one.issue_text,
      help: '',
      severity: severityOf({ score: undefined, level: undefined, issueSeverity: one.issue_severity }, row),
      confidence: confidenceOf({ issueConfidence: one.issue_confidence, tags: [], precision: undefined }),
      cwes: one.issue_cwe ? [one.issue_cwe.id] : [],
      place: {
        path: one.filename,
        isUri: false,
        region: {
          startLine: one.line_number,
          startColumn: one.col_offset === undefined ? undefined : one.col_offset + 1,
          endLine: lastLine,
          endColumn: oneLine && one.end_col_offset ? one.end_col_offset + 1 : undefined,
          unit: 'code-point',
        },
      },
      flow: [],
      secret: false,
      suppressed: false,
    };
  });
  return { tool: row.tool, results: read.results, faults: [...faults, ...read.faults] };
}

function readLeaks(leaks: readonly JsonValue[]): ScanReading {
  const row = toolOf('gitleaks');
  const read = collect(leaks, (item) => {
    const one = leak.safeParse(item).data;
    if (!one) return undefined;
    const { RuleID: rule, Description: title, File: path, StartLine: startLine, EndLine: endLine } = one;
    const region =
      startLine === 0
        ? undefined
        : { startLine, startColumn: undefined, endLine, endColumn: undefined, unit: 'utf16' as const };
    return {
      rule,
      title,
      message: '',
      help: '',
      severity: 'high',
      confidence: 'medium',
      cwes: row.cwe === undefined ? [] : [row.cwe],
      place: { path, isUri: false, region },
      flow: [],
      secret: true,
      suppressed: false,
    };
  });
  return { tool: row.tool, ...read };
}

function collect(
  items: readonly unknown[],
  read: (item: unknown) => ScanResult | undefined,
): Pick<ScanReading, 'results' | 'faults'> {
  const results: ScanResult[] = [];
  const faults: string[] = [];
  for (const item of items.slice(0, SCAN_LIMITS.results)) {
    const one = read(item);
    if (one) results.push(one);
    else faults.push('a result is not in the form of this scanner');
  }
  if (items.length > SCAN_LIMITS.results)
    faults.push(`only ${SCAN_LIMITS.results} of ${items.length} results are read`);
  return { results, faults: faults.slice(0, SCAN_LIMITS.faults) };
}
