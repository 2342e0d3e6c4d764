import { revealHidden } from '../../text/index.ts';
import { FORGE_LIMITS } from '../limits.ts';
import { withoutKeys } from '../markup/inert.ts';
import type { CheckAnnotation, CheckPost, Conclusion } from '../model.ts';
import type { PostingBundle, PostingFinding, PostingVerdict } from './model.ts';
import { renderSummary } from './summary.ts';

const CONCLUSIONS: Readonly<Record<PostingVerdict, Conclusion>> = {
  pass: 'success',
  'needs-approval': 'action-required',
  blocked: 'failure',
  incomplete: 'action-required',
};

const TITLES: Readonly<Record<PostingVerdict, string>> = {
  pass: 'Nothing stands against this change',
  'needs-approval': 'People have to approve this change',
  blocked: 'This change must not be merged as it is',
  incomplete: 'Not everything was looked at',
};

const LEVELS: Readonly<Record<PostingFinding['severity'], CheckAnnotation['level']>> = {
  critical: 'failure',
  high: 'failure',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/**
 * The check of a verdict: `sallyport/review`, `sallyport/gate`. Its texts are plain, as forges show them.
 * @param targetBranch what the change goes to, as the forge says
 */
export function renderCheck(
  bundle: PostingBundle,
  detailsUrl: string | undefined,
  targetBranch: string | undefined,
): CheckPost {
  const { producer, verdict, blocks, findings } = bundle;
  return {
    name: `sallyport/${producer.command}`,
    targetBranch,
    // Only an incomplete one may be let through, and that is neither good nor bad.
    conclusion: verdict === 'incomplete' && !blocks ? 'neutral' : CONCLUSIONS[verdict],
    title: TITLES[verdict],
    summary: renderSummary(bundle, FORGE_LIMITS.github.checkSummary).markdown,
    annotations: findings.flatMap(annotationOf),
    detailsUrl,
  };
}

function annotationOf(finding: PostingFinding): readonly CheckAnnotation[] {
  const { path, startLine, endLine, severity, rule, title, message, detail, advice, side } = finding;
  if (startLine === undefined || endLine === undefined || side === 'base') return [];
  const text = [message, detail === advice ? undefined : detail, advice]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n');
  return [
    {
      path,
      startLine,
      endLine,
      level: LEVELS[severity],
      title: plain(`${rule}: ${title}`),
      message: plain(text) || rule,
    },
  ];
}

function plain(text: string): string {
  return revealHidden(withoutKeys(text));
}
