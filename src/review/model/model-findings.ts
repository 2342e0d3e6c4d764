import type { Finding, FindingDraft, RuleDescriptor } from '../../findings/index.ts';
import { createLineIndex, type Place, type SourceTree } from '../../syntax/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import type { ModelFinding } from './model-stage.ts';

/** How far a line of the engine's and one of a model's may be apart for one weakness. */
const NEAR = 3;
/** Of a sentence that a model wrote. */
const MOST_WORDS = 160;

/** The findings of a model as drafts, those that the change brings apart from older ones that a slice also showed. */
export interface ModelDrafts {
  readonly introduced: readonly { readonly draft: FindingDraft; readonly probability: number }[];
  readonly older: readonly FindingDraft[];
  readonly rules: readonly RuleDescriptor[];
}

/** @param engine what the engine found: a model that sees the same adds nothing to it, and takes nothing away. */
export function draftFindings(
  found: readonly ModelFinding[],
  changes: readonly TreeChange[],
  head: SourceTree,
  engine: { readonly findings: readonly Finding[]; readonly rules: readonly RuleDescriptor[] },
): ModelDrafts {
  const fresh = found.filter((one) => !isKnown(one, head, engine));
  const drafts = fresh.map((one) => ({ one, draft: draftOf(one, head) }));
  const cwes = [...new Set(fresh.map(({ claim }) => claim.cwe))];
  return {
    introduced: drafts
      .filter(({ one }) => isIntroduced(one, changes))
      .map(({ one, draft }) => ({ draft, probability: one.probability })),
    older: drafts.filter(({ one }) => !isIntroduced(one, changes)).map(({ draft }) => draft),
    rules: cwes.map(ruleOf),
  };
}

function isKnown(
  { claim, slice }: ModelFinding,
  head: SourceTree,
  { findings, rules }: { readonly findings: readonly Finding[]; readonly rules: readonly RuleDescriptor[] },
): boolean {
  return findings.some(({ rule, place, related }) => {
    const tags = rules.find(({ id }) => id === rule)?.tags ?? [];
    if (!tags.includes(`CWE-${claim.cwe}`)) return false;
    const places = [place, ...related.map((one) => one.place)].filter(({ file }) => file === slice.path);
    return places.some((one) => Math.abs((lineOf(one, head) ?? -NEAR - 1) - claim.line) <= NEAR);
  });
}

/** By the lines that the change touches, not by what the model says alone: its cause must be one of them. */
function isIntroduced({ claim, slice }: ModelFinding, changes: readonly TreeChange[]): boolean {
  const hunks = changes.find(({ path }) => path === slice.path)?.hunks ?? [];
  const touched = (line: number): boolean =>
    hunks.some(({ to, added }) => line >= to + (added > 0 ? 1 : 0) && line <= to + Math.max(added, 1));
  return [claim.line, claim.causeLine, ...claim.steps.map(({ line }) => line)].some(touched);
}

function draftOf(
  { claim, slice, probability, verdict, guardLine, unverified, votes }: ModelFinding,
  head: SourceTree,
): FindingDraft {
  const place = placeOf(slice.path, claim.line, head);
  const told = {
    stands: 'A second look, which saw only code, found nothing that stops it.',
    refuted: `A second look names line ${guardLine} as what stops it. That is a model's word: look for yourself.`,
    'needs-evidence': unverified ? `Nobody could check it (${unverified}).` : 'A second look came to no clear answer.',
  }[verdict];
  return {
    rule: ruleId(claim.cwe),
    message: plainSentence(claim.title) || `A weakness of class CWE-${claim.cwe}`,
    detail: `Found by a model, ${votes === 1 ? 'once' : `${votes} times`}; right with probability ${probability}. ${told}`,
    severity: claim.severity,
    confidence: probability >= 0.9 ? 'high' : probability >= 0.5 ? 'medium' : 'low',
    place,
    related: claim.steps.map(({ line }) => ({
      place: placeOf(slice.path, line, head),
      message: 'the data passes here',
    })),
    subject: `CWE-${claim.cwe} ${claim.quote.replace(/\s+/g, '').slice(0, 200)}`,
  };
}

function ruleId(cwe: number): string {
  return `AI-CWE-${cwe}`;
}

function ruleOf(cwe: number): RuleDescriptor {
  return {
    id: ruleId(cwe),
    name: `model-finding-cwe-${cwe}`,
    title: `A model's finding of class CWE-${cwe}`,
    what: 'Reported by a model and checked by code: the lines that it quotes stand where it says.',
    why: 'Each finding says what is wrong and how likely that is.',
    sources: [`https://cwe.mitre.org/data/definitions/${cwe}.html`],
    severity: 'high',
    confidence: 'medium',
    tier: 'regular',
    family: 'AI',
    fix: 'none',
    advice: 'Look at the lines, then mend them or record a decision.',
    tags: [`CWE-${cwe}`],
    attack: [],
    benign: [],
  };
}

/** A model's sentence may be an attacker's: no address, mention, image, markup or hidden character of it is passed on. */
function plainSentence(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[a-z][a-z0-9+.-]{1,20}:\/\/\S*|\bwww\.\S*/gi, ' ')
    .replace(/[^\p{L}\p{N} .,;:'"()_=+*/%-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MOST_WORDS);
}

function placeOf(file: string, line: number, head: SourceTree): Place {
  const source = head.read(file);
  if (!source || !('text' in source)) return { file, span: { start: 0, end: 0 } };
  const index = createLineIndex(source.text);
  if (line < 1 || line > index.lines) return { file, span: { start: 0, end: 0 } };
  const start = index.offset(line, 1);
  const end = source.text.indexOf('\n', start);
  return { file, span: { start, end: end < 0 ? source.text.length : end } };
}

function lineOf({ file, span }: Place, head: SourceTree): number | undefined {
  const source = head.read(file);
  return source && 'text' in source ? createLineIndex(source.text).position(span.start).line : undefined;
}
