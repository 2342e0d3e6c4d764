import { escapeCiCommand, escapeTerminal } from '../../text/index.ts';
import type { ReviewOutcome } from '../review.ts';
import type { ReviewVerdict } from '../verdict.ts';

const VERDICTS: Readonly<Record<ReviewVerdict, string>> = {
  pass: 'pass: everything that changed was reviewed, and no new finding blocks',
  'needs-approval': 'needs approval: a person has to look at what is not certain',
  blocked: 'blocked: this change brings something serious',
  incomplete: 'incomplete: a part of the change was not reviewed, so this is no pass',
};

/** Names listed at the end; the JSON report has them all. */
const MOST_NAMES = 20;

/** What the text report says at its end: coverage, what was left out, what got better, and the verdict. */
export function formatReviewEnding(outcome: ReviewOutcome, onIncomplete: 'block' | 'warn'): string {
  const { coverage, fixed, persisting, verdict, findings } = outcome;
  const { hunks, reviewed, excluded } = coverage;
  const decided = findings.filter(({ finding }) => finding.suppression !== undefined);
  const lines = [
    `Reviewed ${reviewed} of ${count(hunks.length, 'changed stretch', 'changed stretches')} in ${count(
      new Set(hunks.map(({ file }) => file)).size,
      'file',
    )}.`,
    ...(excluded.length === 0 ? [] : [`Left out by the policy of the base: ${count(excluded.length, 'file')}.`]),
    ...excluded.slice(0, MOST_NAMES).map(({ path, by }) => `  ${path} (${by})`),
    ...(outcome.hidden === 0
      ? []
      : [`Not shown here: ${count(outcome.hidden, 'finding')} of weak evidence; --profile all shows them.`]),
    ...(fixed.length === 0 ? [] : [`This change fixes ${count(fixed.length, 'finding')}.`]),
    ...fixed.slice(0, MOST_NAMES).map(({ rule, message, place }) => `  ${rule} ${place.file}: ${message}`),
    ...(persisting.length === 0
      ? []
      : [
          `In what was looked at, ${count(persisting.length, 'finding')} ${persisting.length === 1 ? 'is' : 'are'} older.`,
        ]),
    ...(outcome.unreached === 0
      ? []
      : [
          `Not looked at: ${count(outcome.unreached, 'unchanged file')} that import what changed, too many for one change. \`review --all\` looks at everything.`,
        ]),
    ...decided.map(
      ({ finding }) =>
        `Decided: ${finding.rule} ${finding.place.file} (${finding.suppression?.reason}${untilOf(finding.suppression?.until)})`,
    ),
    ...(outcome.believed.length === 0
      ? []
      : [`Harmless on the word of the repository's own catalogue: ${outcome.believed.join(', ')}.`]),
    ...scanLines(outcome),
    ...modelLines(outcome),
    `Verdict: ${VERDICTS[verdict]}${verdict === 'incomplete' && onIncomplete === 'warn' ? ' (--on-incomplete=warn lets it through)' : ''}.`,
  ];
  return escapeCiCommand(`\n${lines.map((line) => escapeTerminal(line)).join('\n')}\n`);
}

function scanLines({ scans }: ReviewOutcome): readonly string[] {
  if (!scans) return [];
  const { tools, results, known, unknownAge } = scans;
  const said = known.length === 0 ? '' : `, ${known.length} of them said already by another finding`;
  return [
    `Taken in from ${tools.join(', ') || 'no scanner'}: ${count(results, 'result')}${said}.`,
    ...(unknownAge === 0
      ? []
      : [
          `${unknownAge} of them stand on lines that did not change: --ingest-base with a scan of the base tells whether they are new.`,
        ]),
  ];
}

function modelLines({ model }: ReviewOutcome): readonly string[] {
  if (!model) return [];
  const { requests, reused, usage, usd, rejected, reasons } = model;
  const kept = usage.cacheRead > 0 ? ` (${usage.cacheRead} from the provider's cache)` : '';
  const cost = usd === undefined ? 'price not known' : `about ${usd.toFixed(2)} US dollars`;
  const failures = [...reasons].map(([status, number]) => `${number} ${status}`).join(', ');
  return [
    `Model ${model.model}: ${count(requests, 'request')}, ${reused} reused, ${usage.input + usage.output} tokens${kept}, ${cost}.`,
    ...(failures === '' ? [] : [`Without an answer: ${failures}.`]),
    ...(rejected.length === 0 ? [] : [`${count(rejected.length, 'claim')} of the model quoted what is not there.`]),
  ];
}

function untilOf(until: string | undefined): string {
  return until === undefined ? '' : `, until ${until}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
