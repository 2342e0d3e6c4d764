import type { Condition, Gate } from '../model.ts';
import type { TemplateText } from '../value.ts';

/** A `condition:`; whoever starts a run cannot change reason, fork flag and branch. */
export function readCondition(text: TemplateText): Condition {
  const source = text.text;
  return {
    text,
    references: text.interpolations.flatMap((one) => one.values),
    gates: gatesIn(text),
    alwaysTrue: /^\s*(?:true|always\(\))\s*$/i.test(source),
    runsAfterFailure: /\b(?:always|failed|succeededOrFailed|canceled)\s*\(/i.test(source),
  };
}

function gatesIn(text: TemplateText): readonly Gate[] {
  const { place } = text;
  // An `or` may go round what stands beside it.
  if (/\bor\s*\(/i.test(text.text)) return [];
  const gates: Gate[] = [];
  if (
    /\beq\(\s*variables(?:\.|\[')Build\.SourceBranch(?:'\])?\s*,\s*'refs\/heads\/(?:main|master|release[^']*)'\s*\)/i.test(
      text.text,
    )
  ) {
    gates.push({ strength: 3, kind: 'branch-protection', spoofable: undefined, principal: 'pusher', place });
  }
  if (
    /\b(?:ne|not)\([^)]*System\.PullRequest\.IsFork/i.test(text.text) ||
    /\beq\([^)]*System\.PullRequest\.IsFork[^)]*,\s*'?false/i.test(text.text)
  ) {
    gates.push({ strength: 3, kind: 'same-repository', spoofable: undefined, principal: 'pull-request-author', place });
  }
  if (/\bne\(\s*variables(?:\.|\[')Build\.Reason(?:'\])?\s*,\s*'PullRequest'/i.test(text.text)) {
    gates.push({ strength: 3, kind: 'branch-protection', spoofable: undefined, principal: 'pusher', place });
  }
  return gates;
}
