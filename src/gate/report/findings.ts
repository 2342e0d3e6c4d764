import {
  completeFindings,
  type FindingDraft,
  type Report,
  type RuleDescriptor,
  type Severity,
} from '../../findings/index.ts';
import type { SourceFile } from '../../syntax/index.ts';
import type { GateReason, GateResult } from '../model.ts';
import { atFile, type ReasonRow } from '../reason.ts';
import { REASONS } from '../reasons/index.ts';
import type { Remarks } from './remarks.ts';

const SEVERITY_OF: Readonly<Record<GateReason['verdict'], Severity>> = {
  blocked: 'high',
  incomplete: 'medium',
  'needs-approval': 'medium',
};

/** Stands for the change as a whole, where a format wants a file. */
const WHOLE_CHANGE = '.';

/**
 * The verdict in the forms of findings (SARIF, JUnit, annotations): one finding for each line of evidence.
 *
 * @param remarks what is shown besides, and asks for nothing
 */
export function reportGate(
  result: GateResult,
  version: string,
  source: (path: string) => SourceFile | undefined,
  remarks: Remarks = { findings: [], rules: [] },
): Report {
  const drafts = result.reasons.flatMap(({ code, verdict, evidence, places, liftedBy }) =>
    evidence.map(
      (text, index): FindingDraft => ({
        rule: code,
        message: text,
        detail: `Lifted by: ${liftedBy}`,
        severity: SEVERITY_OF[verdict],
        confidence: 'high',
        place: places[index] ?? atFile(WHOLE_CHANGE),
        subject: text,
      }),
    ),
  );
  return {
    command: 'gate',
    version,
    findings: [...completeFindings(drafts), ...remarks.findings],
    rules: [...REASONS.map(descriptorOf), ...remarks.rules],
    gaps: [],
    filesRead: result.size.files,
    source,
  };
}

function descriptorOf(row: ReasonRow): RuleDescriptor {
  return {
    id: row.code,
    name: row.name,
    title: row.title,
    what: row.what,
    why: row.why,
    sources: row.sources,
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'GATE',
    fix: 'none',
    advice: `Lifted by: ${row.lifted}.`,
    tags: [],
    attack: [],
    benign: [],
  };
}
