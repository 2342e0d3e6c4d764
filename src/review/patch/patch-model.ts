import type { FileChange, Finding, RuleDescriptor } from '../../findings/index.ts';
import { createLineIndex, type Place, type SourceFile, type SourceTree } from '../../syntax/index.ts';
import { checkPatchAnswer, type PatchCheckAnswer, type ProposedEdits, patchAnswer } from '../model/answers.ts';
import type { Interviewer } from '../model/ask.ts';
import { CHECK_PATCH_SCHEMA, CHECK_PATCH_SYSTEM, PATCH_SCHEMA, PATCH_SYSTEM } from '../model/prompts.ts';
import { shownText } from '../model/slices.ts';
import type { SecondLook } from './judgement.ts';

/** What a model proposes, or why it proposes nothing. */
export type Proposal =
  | { readonly kind: 'proposed'; readonly files: readonly FileChange[] }
  | { readonly kind: 'none'; readonly reason: string };

/** Lines around the weakness that a model sees. */
const AROUND = 80;
const MOST_OUTPUT = 6_000;

/**
 * Asks for an edit of the file with the finding. The model sees code, the number of the weakness and the lines of the
 * flow, re-read from the tree: no message, title or name of anybody. Its edit counts only where it quotes what stands
 * there.
 */
export async function proposePatch(
  target: Finding,
  tree: SourceTree,
  rules: readonly RuleDescriptor[],
  interviewer: Interviewer,
): Promise<Proposal> {
  const file = fileAt(tree, target.place);
  if (!file) return { kind: 'none', reason: 'its file cannot be read' };
  const shown = { path: file.path, text: shownText(file.text) };
  const result = await interviewer.ask<ProposedEdits>({
    stage: 'patch',
    system: PATCH_SYSTEM,
    question: 'Which edit removes the weakness?',
    schema: PATCH_SCHEMA,
    maxOutputTokens: MOST_OUTPUT,
    answer: patchAnswer,
    run: 0,
    isRepeated: false,
    content: [
      {
        weakness: weaknessOf(target, rules),
        path: file.path,
        line: lineOf(target.place, shown),
        steps: target.flow.flatMap(({ place }) => stepOf(place, tree)),
        lines: linesAround(shown, lineOf(target.place, shown)),
      },
    ],
  });
  if (result.status !== 'ok') return { kind: 'none', reason: `the model's answer: ${result.status}, ${result.reason}` };
  if (result.value.edits.length === 0) return { kind: 'none', reason: 'the model proposed nothing' };
  const after = applyProposal(file.text, shown.text, result.value.edits);
  if (after === undefined) return { kind: 'none', reason: 'the model quoted lines that do not stand there' };
  return { kind: 'proposed', files: [{ path: file.path, before: file.text, after }] };
}

/** Asks a second time, apart from whoever made the patch: only the code before and after is seen. */
export function secondLookOf(rules: readonly RuleDescriptor[], interviewer: Interviewer): SecondLook {
  return async (target, files) => {
    const file = files.find(({ path }) => path === target.place.file) ?? files[0];
    if (!file) return { outcome: 'open', reason: 'there is nothing to look at' };
    const before = { path: file.path, text: shownText(file.before ?? '') };
    const after = { path: file.path, text: shownText(file.after) };
    const line = lineOf(target.place, before);
    const seen = linesAround(after, line);
    const result = await interviewer.ask<PatchCheckAnswer>({
      stage: 'check-patch',
      system: CHECK_PATCH_SYSTEM,
      question: 'Does the change remove the weakness, and nothing else?',
      schema: CHECK_PATCH_SCHEMA,
      maxOutputTokens: MOST_OUTPUT,
      answer: checkPatchAnswer,
      run: 0,
      isRepeated: false,
      content: [
        {
          weakness: weaknessOf(target, rules),
          path: file.path,
          line,
          before: linesAround(before, line),
          after: seen,
        },
      ],
    });
    if (result.status !== 'ok') return { outcome: 'open', reason: `a second look: ${result.status}, ${result.reason}` };
    const { evidenceLine, evidenceQuote, behaviour, verdict } = result.value;
    const stands = seen.some(({ number, text }) => number === evidenceLine && holds(text, evidenceQuote));
    if (!stands) return { outcome: 'open', reason: 'a second look quotes what does not stand there' };
    if (verdict === 'still-vulnerable')
      return { outcome: 'failed', reason: `a second look still finds the way, in line ${evidenceLine}` };
    if (verdict === 'fixed' && behaviour === 'kept') return { outcome: 'passed', reason: 'a second look agrees' };
    return {
      outcome: 'open',
      reason:
        verdict === 'fixed' ? 'a second look finds more changed than the weakness' : 'a second look came to no answer',
    };
  };
}

/** The number of the weakness; our own words for it where the rule is ours. */
function weaknessOf({ rule }: Finding, rules: readonly RuleDescriptor[]): string {
  const known = rules.find(({ id }) => id === rule);
  return known?.tags.find((tag) => tag.startsWith('CWE-')) ?? 'unknown';
}

function fileAt(tree: SourceTree, { file }: Place): SourceFile | undefined {
  const read = tree.read(file);
  return read && 'text' in read ? read : undefined;
}

function lineOf({ span }: Place, { text }: SourceFile): number {
  return createLineIndex(text).position(span.start).line;
}

function stepOf(place: Place, tree: SourceTree) {
  const file = fileAt(tree, place);
  if (!file) return [];
  const line = lineOf(place, file);
  return [{ path: file.path, line, text: shownText(file.text).split('\n')[line - 1] ?? '' }];
}

function linesAround(
  { text }: SourceFile,
  line: number,
): readonly { readonly number: number; readonly text: string }[] {
  const from = Math.max(1, line - AROUND);
  return text
    .split('\n')
    .slice(from - 1, line + AROUND)
    .map((one, index) => ({ number: from + index, text: one }));
}

/** Blanks at the ends of lines are all that a quotation may lose. */
function applyProposal(real: string, shown: string, edits: ProposedEdits['edits']): string | undefined {
  const lines = real.split('\n');
  const visible = shown.split('\n');
  let last = lines.length + 1;
  for (const { startLine, endLine, oldText, newText } of edits.toSorted((a, b) => b.startLine - a.startLine)) {
    if (startLine < 1 || endLine < startLine || endLine >= last || endLine > lines.length) return undefined;
    const stood = lines.slice(startLine - 1, endLine).join('\n');
    // A line with a blanked key cannot be given back whole.
    if (stood !== visible.slice(startLine - 1, endLine).join('\n') || ends(stood) !== ends(oldText)) return undefined;
    const carriage = stood.endsWith('\r') && !newText.endsWith('\r') ? '\r' : '';
    const written = newText === '' ? [] : `${newText.replace(/\n$/, '')}${carriage}`.split('\n');
    lines.splice(startLine - 1, endLine - startLine + 1, ...written);
    last = startLine;
  }
  return lines.join('\n');
}

function ends(text: string): string {
  return text.replace(/[ \t\r]+$/gm, '').replace(/\n+$/, '');
}

function holds(text: string, quote: string): boolean {
  const wanted = quote.replace(/\s+/g, '');
  return wanted !== '' && text.replace(/\s+/g, '').includes(wanted);
}
