import type { RuleDescriptor } from '../findings/index.ts';

type ReviewRule = Omit<RuleDescriptor, 'family' | 'tier' | 'fix' | 'attack' | 'benign'>;

/** What the review reports besides the rules of the engine. */
const ROWS: readonly ReviewRule[] = [
  {
    id: 'REV01',
    name: 'literal-key',
    title: 'A key stands in a file',
    what: 'A text of the shape that a vendor gives its keys, other than a documented example or a placeholder.',
    why: 'Whoever can read the repository, now or later, can use it.',
    sources: ['https://cwe.mitre.org/data/definitions/798.html'],
    severity: 'high',
    confidence: 'high',
    advice: 'Rotate the key: removing the line does not take it back. Then read it from the environment or a vault.',
    tags: ['CWE-798'],
  },
  {
    id: 'REV02',
    name: 'hidden-characters',
    title: 'Characters that cannot be seen',
    what: 'Direction marks, tag characters, zero-width and private characters where no script or emoji needs them.',
    why: 'A person reviews another text than the compiler or a model reads.',
    sources: ['CVE-2021-42574'],
    severity: 'high',
    confidence: 'high',
    advice: 'Remove them. The message says what they spell, where they do.',
    tags: ['CWE-1007'],
  },
  {
    id: 'REV03',
    name: 'review-evasion',
    title: 'Text that speaks to whoever reviews it',
    what: 'Claims that a review has happened, orders to leave something unreported, baits that make models refuse.',
    why: 'Code needs no such words. They work on reviewers, people and models alike.',
    sources: ['https://github.com/brooksmcmillin/ai-review-attacks'],
    severity: 'medium',
    confidence: 'medium',
    advice: 'Remove the text and look at the code around it as if it were not there.',
    tags: ['CWE-1427'],
  },
  {
    id: 'REV04',
    name: 'planted-instruction',
    title: 'An order to an agent in a file',
    what: 'Wording of published attacks on models, in a file that agents obey, or hidden from the reader of a page.',
    why: 'The next agent that works here follows it with the rights that it has.',
    sources: ['OWASP-LLM01:2025'],
    severity: 'high',
    confidence: 'medium',
    advice: 'Remove it, and see who added it.',
    tags: ['CWE-1427'],
  },
  {
    id: 'REV05',
    name: 'link-leaves-repository',
    title: 'A link that leaves the repository',
    what: 'A symbolic link whose target is outside the checkout.',
    why: 'Whoever reads or writes through it touches files of the machine.',
    sources: ['https://cwe.mitre.org/data/definitions/59.html'],
    severity: 'high',
    confidence: 'high',
    advice: 'Replace the link by the file it should name.',
    tags: ['CWE-59'],
  },
  {
    id: 'REV06',
    name: 'decision-without-effect',
    title: 'A decision that no longer holds',
    what: 'A decision of the policy or baseline whose last day is over or that cannot be read.',
    why: 'Somebody believes that a finding is settled, and it is not.',
    sources: ['docs/review.md'],
    severity: 'low',
    confidence: 'high',
    advice: 'Decide anew, or remove the entry.',
    tags: [],
  },
];

/** The rules of the review itself. They have no fixture files: their tests are beside those of the room. */
export const REVIEW_RULES: readonly RuleDescriptor[] = ROWS.map((row) => {
  return { ...row, family: 'REV', tier: 'regular', fix: 'none', attack: [], benign: [] };
});
