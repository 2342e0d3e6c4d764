import {
  completeFindings,
  type Finding,
  type FindingDraft,
  type RuleDescriptor,
  type RuleExample,
} from '../findings/index.ts';
import type { ControlClass, ExampleFile } from './control-class.ts';
import type { ControlChange, ControlDiff } from './model.ts';

/** Directions that are no news of a risk. */
const QUIET: ReadonlySet<string> = new Set(['strengthened', 'moved']);

/** The changes that a person should look at, as findings of any report. Places are of the head; what is gone names its old file. */
export function reportControls({ changes }: ControlDiff): readonly Finding[] {
  return completeFindings(changes.filter(({ direction }) => !QUIET.has(direction)).flatMap(toDraft));
}

function toDraft({
  control,
  message,
  direction,
  severity,
  confidence,
  before,
  after,
  subject,
  meta,
}: ControlChange): readonly FindingDraft[] {
  const place = after ?? before;
  if (place === undefined) return [];
  return [
    {
      rule: control,
      message,
      detail: `${direction === 'added-capability' ? 'added capability' : direction}${meta ? '; it disarms a check itself' : ''}`,
      severity,
      confidence,
      place,
      subject,
    },
  ];
}

/** The descriptor of a class, so that reports can explain it. */
export function describeRule({ id, title, why, advice, severity, tags, attack, benign }: ControlClass): RuleDescriptor {
  return {
    id,
    name: id,
    title,
    what: `${title}, compared between the base and the head of a change.`,
    why,
    sources: [],
    severity,
    confidence: 'high',
    tier: 'regular',
    family: 'CONTROL',
    fix: 'none',
    advice,
    tags,
    attack: attack.after.map(toExample),
    benign: benign.after.map(toExample),
  };
}

function toExample({ file, text }: ExampleFile): RuleExample {
  return { file, text };
}
