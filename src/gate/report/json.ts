import { createLocator, jsonObject, renderJson } from '../../findings/index.ts';
import type { SourceFile } from '../../syntax/index.ts';
import type { JsonValue } from '../../system/index.ts';
import type { GateEvidence, GateReason, GateResult } from '../model.ts';
import { EXIT_OF } from './outline.ts';

/** Raised when a reader of an older version could misread a newer verdict; new fields do not raise it. */
const FORMAT = 'sallyport-gate/1';

export interface GateJsonOptions {
  readonly version: string;
  readonly faults: readonly string[];
  source(path: string): SourceFile | undefined;
}

/** The verdict for machines, as docs/gate.md describes it. */
export function renderGateJson(result: GateResult, evidence: GateEvidence, options: GateJsonOptions): string {
  const locator = createLocator(options);
  const reasonValue = ({ code, verdict, message, liftedBy, evidence: lines, places }: GateReason): JsonValue => ({
    code,
    verdict,
    message,
    liftedBy,
    evidence: lines.map((text, index) => {
      const place = places[index];
      return jsonObject({ text, place: place && jsonObject({ file: place.file, ...locator.region(place) }) });
    }),
  });
  const { origin, change, people } = evidence;
  return renderJson(
    jsonObject({
      format: FORMAT,
      tool: { name: 'sallyport', version: options.version },
      verdict: result.verdict,
      exitCode: EXIT_OF[result.verdict],
      label: result.label,
      change: { ...change },
      origin: origin.kind === 'agent-run' ? { kind: origin.kind, run: runValue(origin.run) } : originValue(origin),
      people: jsonObject({ requester: people.requester, author: people.author, lastPusher: people.lastPusher }),
      policy: { digest: evidence.policyDigest, ...result.policy },
      review: evidence.review === undefined ? { state: 'none' } : { ...evidence.review },
      size: { ...result.size },
      approvals: {
        counted: [...result.approvals.counted],
        carried: result.approvals.carried.map((one) => ({ ...one })),
        missing: result.approvalsMissing,
        refused: result.approvals.refused.map((one) => ({ ...one })),
        breakGlass: result.approvals.breakGlass,
        notBelieved: [...options.faults],
      },
      forgeReviews:
        evidence.forge &&
        jsonObject({
          ...evidence.forge,
          pushers: evidence.forge.pushers && [...evidence.forge.pushers],
          reviews: evidence.forge.reviews.map((one) => jsonObject({ ...one })),
        }),
      reasons: result.reasons.map(reasonValue),
      lifted: result.lifted.map(reasonValue),
    }),
  );
}

function runValue(run: Extract<GateEvidence['origin'], { kind: 'agent-run' }>['run']): JsonValue {
  const { withheld, ...rest } = run;
  return jsonObject({ ...rest, withheld: withheld && [...withheld] });
}

function originValue(origin: Exclude<GateEvidence['origin'], { kind: 'agent-run' }>): JsonValue {
  return origin.kind === 'human' ? { kind: origin.kind } : { kind: origin.kind, signs: [...origin.signs] };
}
