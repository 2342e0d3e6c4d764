import { createLocator, type Finding, type Locator, type Report, SEVERITIES } from '../../findings/index.ts';
import { createRoom, revealHidden, sizeOf } from '../../text/index.ts';
import { withoutKeys } from '../markup/inert.ts';
import {
  BUNDLE_LIMITS,
  type PostingBundle,
  type PostingCommand,
  type PostingFinding,
  type PostingReason,
  type PostingVerdict,
} from './model.ts';
import { FindingSchema } from './schema.ts';
import { suggestionFor } from './suggestion.ts';

/** What a command knows besides its report. */
export interface BundleDetails {
  readonly command: PostingCommand;
  readonly headCommit: string;
  readonly baseCommit: string | undefined;
  /** Full name of the ref that the change was judged for; one that is no branch is left out. */
  readonly targetRef?: string;
  readonly createdAt: string;
  readonly verdict: PostingVerdict;
  readonly blocks: boolean;
  readonly complete: boolean;
  readonly statement: string;
  readonly notes?: readonly string[];
  readonly reasons?: readonly PostingReason[];
  readonly labels?: PostingBundle['labels'];
}

/** The bundle of a report: what is not suppressed, most severe first, texts cut to what a bundle takes. */
export function bundleReport(report: Report, details: BundleDetails): PostingBundle {
  const shown = report.findings.filter(({ suppression }) => suppression === undefined);
  const listed = shown
    .toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity))
    .slice(0, BUNDLE_LIMITS.findings);
  // A path or a step that a bundle cannot hold costs its own finding, and that is counted; it does not cost the bundle.
  const whole = describeFindings(report, listed).filter((finding) => FindingSchema.safeParse(finding).success);
  const { command, headCommit, baseCommit, targetRef, createdAt, verdict, blocks, complete } = details;
  const evidence = createRoom(BYTES_OF_EVIDENCE);
  const frame = {
    format: 'sallyport-posting/1',
    producer: { command, version: report.version },
    createdAt,
    change: {
      headCommit,
      ...(baseCommit === undefined ? {} : { baseCommit }),
      ...(targetRef?.startsWith(BRANCHES) ? { targetBranch: targetRef.slice(BRANCHES.length) } : {}),
    },
    verdict,
    blocks,
    statement: textOf(details.statement),
    notes: (details.notes ?? []).slice(0, BUNDLE_LIMITS.notes).map((note) => textOf(note)),
    reasons: (details.reasons ?? []).slice(0, BUNDLE_LIMITS.reasons).map((reason) => reasonOf(reason, evidence.takes)),
    labels: details.labels ?? { add: [], remove: [] },
  } as const;
  const room = createRoom(BUNDLE_LIMITS.bytes - BYTES_OF_FRAME - sizeOf([writtenForm(frame)]));
  const findings = whole.filter((finding) => room.takes(writtenForm(finding)));
  return {
    ...frame,
    complete: complete && findings.length === shown.length,
    findings,
    omitted: shown.length - findings.length,
  };
}

const BRANCHES = 'refs/heads/';
/** Evidence of all reasons together: with every other text at its longest there is still room for findings. */
const BYTES_OF_EVIDENCE = 1024 * 1024;
/** Names of fields, the digest, and the blanks before each line of a finding. */
const BYTES_OF_FRAME = 1024 * 1024;

function writtenForm(part: object): string {
  return JSON.stringify(part, undefined, 2);
}

/** Findings as plain text with lines, for whoever posts them. */
function describeFindings(report: Report, findings: readonly Finding[]): readonly PostingFinding[] {
  const locator = createLocator(report);
  return findings.map((finding) => findingOf(finding, report, locator));
}

function findingOf(finding: Finding, report: Report, locator: Locator): PostingFinding {
  const rule = report.rules.find(({ id }) => id === finding.rule);
  const region = locator.region(finding.place);
  const { detail } = finding;
  const suggestion = suggestionFor(finding, report);
  return {
    fingerprint: finding.fingerprint,
    rule: textOf(finding.rule, BUNDLE_LIMITS.name),
    severity: finding.severity,
    confidence: finding.confidence,
    title: textOf(rule?.title ?? finding.rule, BUNDLE_LIMITS.name),
    message: textOf(finding.message),
    ...(detail === undefined ? {} : { detail: textOf(detail) }),
    advice: textOf(rule?.advice ?? ''),
    flow: finding.flow.slice(0, BUNDLE_LIMITS.flow).map(({ place, role, message }) => {
      const line = locator.region(place)?.startLine;
      const where = { role, path: place.file, message: textOf(message) };
      return line === undefined ? where : { ...where, line };
    }),
    path: finding.place.file,
    ...(region === undefined ? {} : { startLine: region.startLine, endLine: region.endLine }),
    side: 'head',
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function reasonOf(
  { code, verdict, message, evidence, liftedBy }: PostingReason,
  fits: (text: string) => boolean,
): PostingReason {
  const shown = evidence
    .slice(0, BUNDLE_LIMITS.evidence - 1)
    .map((text) => textOf(text))
    .filter(fits);
  const left = evidence.length - shown.length;
  return {
    code,
    verdict,
    message: textOf(message),
    evidence: left === 0 ? shown : [...shown, `and ${left} more, in the report`],
    liftedBy: textOf(liftedBy),
  };
}

/** Hidden characters shown, half ones too, keys blanked, cut. */
function textOf(text: string, length: number = BUNDLE_LIMITS.text): string {
  const shown = revealHidden(withoutKeys(text));
  return shown.length > length ? `${shown.slice(0, length - 1).toWellFormed()}…` : shown;
}
