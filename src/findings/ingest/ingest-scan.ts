import { createHash } from 'node:crypto';
import { createLineIndex, type Gap, type LineIndex, type Place, type SourceFile } from '../../syntax/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { findLiteralKeys, revealHidden } from '../../text/index.ts';
import type { FindingDraft, FlowStep } from '../finding.ts';
import { type RuleDescriptor, SCAN_FAMILY } from '../rule.ts';
import { spanOf } from './region-span.ts';
import { readPath } from './repository-path.ts';
import { isSarif, readSarif } from './sarif.ts';
import { SCAN_LIMITS, type ScanPlace, type ScanReading, type ScanResult } from './scan-result.ts';
import { readToolJson } from './tool-json.ts';

/** Results of other scanners as findings of ours. */
export interface IngestedScan {
  /** `semgrep`, `bandit`; each once. */
  readonly tools: readonly string[];
  readonly findings: readonly FindingDraft[];
  readonly rules: readonly RuleDescriptor[];
  /** What of the file was not taken in. A scan with gaps is no whole scan. */
  readonly gaps: readonly Gap[];
  /** Where keys stand: these lines must not be shown. */
  readonly secrets: readonly Place[];
}

/** The text of a file of the tree that was scanned; undefined when it is not in it. */
export type ReadSource = (path: string) => SourceFile | undefined;

/** Weaknesses that are keys and passwords in a file: what the scanner quotes of them is never kept. */
const SECRET_CWES: ReadonlySet<number> = new Set([256, 259, 260, 312, 321, 522, 540, 615, 798]);

/**
 * Takes in SARIF 2.1.0, or the own JSON of Bandit and gitleaks. The file is not trusted: it can neither name a file
 * outside of the tree nor bring a key into a report, and what it says about suppressions and baselines does not count.
 *
 * @example ingestScan({ path: 'semgrep.sarif', text }, (path) => tree.get(path)).findings
 */
export function ingestScan(file: SourceFile, source: ReadSource): IngestedScan {
  const json = parse(file.text);
  const readings = json === undefined ? undefined : isSarif(json) ? readSarif(json) : readToolJson(json);
  if (!readings) {
    const message = json === undefined ? 'it is not JSON, or it is too long' : 'no scanner that is known writes this';
    return {
      tools: [],
      findings: [],
      rules: [],
      secrets: [],
      gaps: [gapAt(file, 'syntax', `not taken in: ${message}`)],
    };
  }
  const taken = readings.map((reading) => takeIn(reading, file, source));
  const rules = new Map(taken.flatMap((one) => one.rules).map((rule) => [rule.id, rule]));
  return {
    tools: [...new Set(readings.map(({ tool }) => tool))],
    findings: taken.flatMap(({ findings }) => findings),
    rules: [...rules.values()],
    gaps: taken.flatMap(({ gaps }) => gaps).slice(0, SCAN_LIMITS.faults),
    secrets: taken.flatMap(({ secrets }) => secrets),
  };
}

function parse(text: string): JsonValue | undefined {
  if (text.length > SCAN_LIMITS.bytes) return undefined;
  try {
    const json: JsonValue = JSON.parse(text.replace(/^\ufeff/, ''));
    return json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function gapAt({ path }: SourceFile, kind: Gap['kind'], message: string): Gap {
  return { kind, message, place: { file: path, span: { start: 0, end: 0 } } };
}

function takeIn(reading: ScanReading, file: SourceFile, source: ReadSource): IngestedScan {
  const locate = createPlacer(source);
  const faults = new Map<string, number>();
  const findings: FindingDraft[] = [];
  const rules = new Map<string, RuleDescriptor>();
  const secrets: Place[] = [];
  for (const result of reading.results) {
    const place = locate(result.place);
    if ('fault' in place) {
      faults.set(place.fault, (faults.get(place.fault) ?? 0) + 1);
      continue;
    }
    const draft = draftOf(result, place, reading.tool, locate);
    findings.push(draft);
    if (isSecret(result)) secrets.push(place.place);
    if (!rules.has(draft.rule)) rules.set(draft.rule, ruleOf(result, draft, reading.tool));
  }
  const unplaced = [...faults].map(([fault, count]) => `${count === 1 ? 'a result' : `${count} results`}: ${fault}`);
  const gaps = [...reading.faults, ...unplaced].map((message) =>
    gapAt(file, 'unreadable', `${reading.tool}: ${message}`),
  );
  return { tools: [reading.tool], findings, rules: [...rules.values()], gaps, secrets };
}

interface Located {
  readonly place: Place;
  /** The line where it starts, for the identity. */
  readonly line: string;
}

/** Each file is read once. */
function createPlacer(source: ReadSource): (place: ScanPlace) => Located | { readonly fault: string } {
  const files = new Map<string, { readonly file: SourceFile; readonly index: LineIndex } | undefined>();
  return ({ path: told, isUri, region }) => {
    const read = readPath(told, isUri);
    if ('fault' in read) return read;
    const { path } = read;
    if (!files.has(path)) {
      const file = source(path);
      files.set(path, file && { file, index: createLineIndex(file.text) });
    }
    const known = files.get(path);
    if (!known) return { fault: 'its file is not in what is reviewed' };
    const { file, index } = known;
    const span = spanOf(file, region, index);
    const { line } = index.position(span.start);
    const text = region ? file.text.slice(index.offset(line, 1), index.offset(line, Number.MAX_SAFE_INTEGER)) : '';
    return { place: { file: path, span }, line: text };
  };
}

function draftOf(
  result: ScanResult,
  { place, line }: Located,
  tool: string,
  locate: ReturnType<typeof createPlacer>,
): FindingDraft {
  const secret = isSecret(result);
  const start = line.slice(0, 4 * SCAN_LIMITS.text);
  const steps = secret ? [] : result.flow.map((step) => ({ step, at: locate(step.place) }));
  const flow = steps.flatMap(({ step, at }, index): readonly FlowStep[] => {
    if ('fault' in at) return [];
    const role = index === 0 ? 'source' : index === steps.length - 1 ? 'sink' : 'propagation';
    return [{ place: at.place, message: plain(step.message) || 'the data passes here', role }];
  });
  return {
    rule: ruleId(tool, result.rule),
    message: messageOf(result, secret),
    detail: `Told by ${tool}.${result.suppressed ? ' The scanner was told to leave it out; that does not count here.' : ''}`,
    severity: result.severity,
    confidence: result.confidence,
    place,
    flow,
    subject: secret ? `key ${hashOf(withoutValues(start))}` : squeeze(withoutKeys(start)),
  };
}

/** Bandit quotes the password that it found; gitleaks and many Semgrep rules show the key itself. */
function isSecret({ secret, cwes }: ScanResult): boolean {
  return secret || cwes.some((cwe) => SECRET_CWES.has(cwe));
}

function messageOf({ message, title, rule }: ScanResult, secret: boolean): string {
  if (!secret) return plain(message) || plain(title) || plain(rule);
  return plain(withoutQuotes(title)) || plain(rule) || 'A key or password';
}

/** A sentence of a scanner: hidden characters shown, keys blanked, cut. */
function plain(text: string): string {
  const shown = withoutKeys(text.slice(0, 4 * SCAN_LIMITS.text));
  return revealHidden(shown.replace(/\s+/g, ' ').trim()).slice(0, SCAN_LIMITS.text);
}

function withoutKeys(text: string): string {
  const keys = findLiteralKeys(text).toReversed();
  return keys.reduce((rest, { start, end }) => `${rest.slice(0, start)}***${rest.slice(end)}`, text);
}

/** Cut far behind what is shown, so that a quote that is shown is closed within; a text is as long as the file may be. */
function withoutQuotes(text: string): string {
  return text.slice(0, 16 * SCAN_LIMITS.text).replace(/(["'`]).*?\1/gs, '***');
}

/** What stands behind the first sign of assignment may be the key. */
function withoutValues(line: string): string {
  return squeeze(line.replace(/[=:].*$/s, ''));
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '').slice(0, 300);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function ruleId(tool: string, rule: string): string {
  return `${tool}/${rule.slice(0, 200).replace(/[^\w.:@/-]+/g, '_')}`;
}

function ruleOf(result: ScanResult, { rule }: FindingDraft, tool: string): RuleDescriptor {
  const title = plain(withoutQuotes(result.title)) || rule;
  return {
    id: rule,
    name: rule.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase(),
    title,
    what: `Reported by ${tool}.`,
    why: plain(withoutQuotes(result.help)) || title,
    sources: result.cwes.map((cwe) => `https://cwe.mitre.org/data/definitions/${cwe}.html`),
    severity: result.severity,
    confidence: result.confidence,
    tier: 'regular',
    family: SCAN_FAMILY,
    fix: 'none',
    advice: `Look at the line; ${tool} describes the rule.`,
    tags: result.cwes.map((cwe) => `CWE-${cwe}`),
    attack: [],
    benign: [],
  };
}
