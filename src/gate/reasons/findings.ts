import { SEVERITIES } from '../../findings/index.ts';
import { atFile, type Occurrence, occurrence, type ReasonRow, type View } from '../reason.ts';

/** What engines, models and scanners found, and how much of the change they saw. */
export const FINDING_REASONS: readonly ReasonRow[] = [
  {
    code: 'GATE030',
    name: 'finding',
    title: 'A serious finding is new',
    what: 'A finding of high or critical severity that nobody accepted at the target. With low confidence it needs a person; otherwise it blocks.',
    why: 'The change adds a weakness that a tool can already see.',
    lifted:
      'a mended change, a decision in the policy of the target, or an approval that names the finding’s fingerprint',
    sources: ['docs/review.md'],
    attack: 'A request parameter reaches `exec`.',
    benign: 'The parameter goes through a list of known values.',
    find: ({ evidence }) =>
      evidence.findings
        .filter(({ severity, suppression }) => SEVERITIES.indexOf(severity) <= 1 && suppression === undefined)
        .map(({ rule, severity, message, place, confidence, fingerprint }) => {
          const more = { place, names: [fingerprint, rule] };
          const text = `${place.file}: ${message} (${rule}, ${severity}, ${fingerprint.slice(0, 16)})`;
          if (confidence === 'low') return occurrence('needs-approval', 'approval', text, more);
          return occurrence('blocked', 'acceptance', text, more);
        }),
  },
  {
    code: 'GATE031',
    name: 'not-reviewed',
    title: 'The change was not reviewed as a whole',
    what: 'The review that was handed in reports that a part of the change was not looked at; or an agent may have made the change and no review saw all of it.',
    why: 'No finding means something only where somebody looked.',
    lifted: 'a complete review (`sallyport review --format json`, handed in with `--findings`)',
    sources: ['DESIGN §3.1', 'incidents T22 (an error is no pass)'],
    attack: 'The review stopped at an error.',
    benign: 'Every changed stretch was seen.',
    find: (view) => judgeReview(view),
  },
  {
    code: 'GATE032',
    name: 'evidence-not-read',
    title: 'A part of the evidence could not be read',
    what: 'A commit or file of the change is too large, not in this clone, or beyond the number of commits that are read.',
    why: 'What was not read may hold anything.',
    lifted: 'a full clone, or a smaller change; an approval that names the file',
    sources: ['DESIGN §3.1'],
    attack: 'Two thousand commits, one of them with a secret.',
    benign: 'An ordinary branch.',
    find: ({ evidence }) =>
      evidence.gaps.map(({ message, place }) =>
        occurrence('incomplete', 'acceptance', place.file === '' ? message : `${place.file}: ${message}`, {
          place: place.file === '' ? undefined : place,
          names: [place.file],
        }),
      ),
  },
];

function judgeReview({ evidence: { review, files }, isHuman }: View): readonly Occurrence[] {
  if (review === undefined) {
    return isHuman ? [] : [occurrence('incomplete', 'evidence', 'nobody and nothing reviewed the change')];
  }
  if (review.state === 'reviewed') return [];
  // A person's change needs no review by a tool; one that was asked for must be whole.
  if (isHuman && review.own === true) return [];
  const [first] = files;
  const place = first && atFile(first.path);
  return [occurrence('incomplete', 'evidence', `${review.state}: ${review.reason}`, { place })];
}
