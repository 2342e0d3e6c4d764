import { parsePolicy, type ReviewSection } from '../../policy/index.ts';
import type { Decisions } from '../../review/index.ts';
import { readBaselineOf, type Trusted, trustedFile } from '../audit/policy-files.ts';

const POLICY_FILE = 'sallyport.yaml';
const NO_SECTION: ReviewSection = { exclude: [], decisions: [], failOn: undefined, threatModel: undefined };

/** What the base says about reviews. */
export interface ReviewPolicy {
  readonly section: ReviewSection;
  readonly decisions: Decisions;
}

/**
 * The `review` section of the policy and the baseline, as the trusted side has them.
 * @param baseline a named file instead of the one that stands there.
 * @throws SallyportError SP1101 when the policy is not valid, SP1103 when a file cannot be read, SP2001 for the baseline
 */
export async function readReviewPolicy(
  trusted: Trusted,
  baseline: string | undefined,
  today: string,
): Promise<ReviewPolicy> {
  const file = trustedFile(trusted, POLICY_FILE);
  const section = (file && (await parsePolicy(file.text, file.path)).review) ?? NO_SECTION;
  return {
    section,
    decisions: {
      policy: section.decisions,
      place: file && { file: file.path, span: { start: 0, end: 0 } },
      baseline: await readBaselineOf(trusted, baseline),
      today,
    },
  };
}
