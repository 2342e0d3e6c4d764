import { SallyportError } from '../../errors/index.ts';
import { type ReportFormat, renderJson } from '../../findings/index.ts';
import type { ReviewExclusion } from '../../policy/index.ts';
import { type ModelSettings, planReview, previewModel } from '../../review/index.ts';
import type { Sides } from './sides.ts';

/**
 * What a review with this model would ask, and what that costs at most.
 * @throws SallyportError SP1001 without a model, or in a format that a preview does not have
 */
export function formatPreview(
  { base, head }: Sides,
  exclusions: readonly ReviewExclusion[],
  model: ModelSettings | undefined,
  format: ReportFormat,
): string {
  if (!model) throw new SallyportError('SP1001', '--dry-run needs --model: without one nothing is asked');
  if (format !== 'text' && format !== 'json') throw new SallyportError('SP1001', `--dry-run has no format ${format}`);
  const { changes } = planReview(base, head, exclusions);
  const { requests, most, usd, pricesOf } = previewModel(changes, model);
  const name = model.client.model;
  if (format === 'json')
    return renderJson({
      format: 'sallyport-review-preview/1',
      model: name,
      requests,
      tokens: { input: most.input, output: most.output },
      usd: usd ?? null,
      pricesOf,
    });
  const cost =
    usd === undefined
      ? 'its price is not known: --max-tokens applies'
      : `${usd.toFixed(2)} US dollars at most (list prices of ${pricesOf})`;
  return `${requests} requests to find, with ${most.input} tokens of code and at most ${most.output} of answers: ${cost}.\nVerification comes on top, two requests for each finding, within the same caps.\n`;
}
