import type { FindingDraft } from '../findings/index.ts';
import { createClassifier } from '../policy/index.ts';
import type { SourceFile, TreeEntry } from '../syntax/index.ts';
import { findHiddenText, findImperative, findLiteralKeys, findMarkdownComments } from '../text/index.ts';
import { EVASIONS } from './evasion-patterns.ts';

/** Hits of one kind that are listed for a file; more tell nobody more. */
const MOST_HITS = 20;

const classify = createClassifier();
/** Pages about a project may well say who reviewed what; code need not. */
const PROSE = /\.(?:md|mdx|markdown|rst|adoc|txt)$/i;
const OBEYED: ReadonlySet<string> = new Set(['instruction', 'agent-config']);

/** What every text file is scanned for, whatever its language: keys, hidden characters, words for reviewers and agents. */
export function scanText(file: SourceFile): readonly FindingDraft[] {
  return [...literalKeys(file), ...hiddenText(file), ...evasions(file), ...plantedOrders(file)];
}

/** A link that leads out of the repository. */
export function scanEntry(entry: TreeEntry): readonly FindingDraft[] {
  if (entry.kind !== 'link' || !entry.leaves) return [];
  return [
    {
      rule: 'REV05',
      message: `The link ${entry.path} leads out of the repository, to ${entry.target}`,
      severity: 'high',
      confidence: 'high',
      place: { file: entry.path, span: { start: 0, end: 0 } },
      subject: entry.target,
    },
  ];
}

function literalKeys(file: SourceFile): readonly FindingDraft[] {
  return findLiteralKeys(file.text).map(
    (key): FindingDraft => ({
      rule: 'REV01',
      message: `A key stands in the file: ${key.name} (${key.shown})`,
      detail: 'Whoever can read the repository has it, and removing the line does not take it back: rotate it.',
      severity: 'high',
      confidence: key.confidence,
      place: { file: file.path, span: { start: key.start, end: key.end } },
      subject: `${key.name} ${key.shown}`,
    }),
  );
}

function hiddenText(file: SourceFile): readonly FindingDraft[] {
  return findHiddenText(file.text).map(
    ({ span, hiddenClass, decoded, count }): FindingDraft => ({
      rule: 'REV02',
      message: `${count} hidden character${count === 1 ? '' : 's'} (${hiddenClass})${decoded ? ` say: ${decoded.slice(0, 200)}` : ''}`,
      detail: 'A reviewer sees another text than the compiler or the model (CVE-2021-42574).',
      severity: decoded || hiddenClass === 'bidi' ? 'high' : 'medium',
      confidence: 'high',
      place: { file: file.path, span },
      subject: `${hiddenClass} ${decoded ?? ''}`,
    }),
  );
}

/** Claims are no evidence; that somebody makes them is. */
function evasions({ path, text }: SourceFile): readonly FindingDraft[] {
  const isProse = PROSE.test(path) && !OBEYED.has(classify(path).class);
  const found = EVASIONS.filter(({ codeOnly }) => !(isProse && codeOnly)).flatMap(
    ({ id, meaning, severity, pattern }) =>
      firstMatches(text, pattern).map(
        ({ words, index }): FindingDraft => ({
          rule: 'REV03',
          message: `A text ${meaning}: "${words.replace(/\s+/g, ' ').slice(0, 120)}"`,
          detail:
            'What a file says about reviews proves nothing. Look at the code around it as if the text were not there.',
          severity: isProse && severity === 'medium' ? 'low' : severity,
          confidence: severity === 'high' ? 'high' : 'medium',
          place: { file: path, span: { start: index, end: index + words.length } },
          subject: `${id} ${words.toLowerCase().slice(0, 120)}`,
        }),
      ),
  );
  return withoutOverlaps(found);
}

/** Two patterns that match the same words have found one thing. */
function withoutOverlaps(drafts: readonly FindingDraft[]): readonly FindingDraft[] {
  const kept: FindingDraft[] = [];
  for (const draft of drafts.toSorted((a, b) => a.place.span.start - b.place.span.start)) {
    if (draft.place.span.start >= (kept.at(-1)?.place.span.end ?? 0)) kept.push(draft);
  }
  return kept;
}

function firstMatches(text: string, pattern: RegExp): readonly { readonly words: string; readonly index: number }[] {
  const found = [];
  for (const { 0: words, index } of text.matchAll(pattern)) {
    found.push({ words, index });
    if (found.length === MOST_HITS) break;
  }
  return found;
}

/** In a file that agents obey an order counts where it stands; elsewhere only where a reader of the page cannot see it. */
function plantedOrders(file: SourceFile): readonly FindingDraft[] {
  const obeyed = OBEYED.has(classify(file.path).class);
  if (!obeyed && !/\.(?:md|mdx|markdown)$/i.test(file.path)) return [];
  const hidden = findMarkdownComments(file.text);
  return findImperative(file.text)
    .filter(({ strength, mentioned, span }) => {
      const unseen = hidden.some((one) => one.span.start <= span.start && span.end <= one.span.end);
      return unseen || (obeyed && strength === 'order' && !mentioned);
    })
    .slice(0, MOST_HITS)
    .map(
      ({ id, meaning, span, text }): FindingDraft => ({
        rule: 'REV04',
        message: `A text ${meaning}: "${text.replace(/\s+/g, ' ').slice(0, 120)}"`,
        severity: 'high',
        confidence: 'medium',
        place: { file: file.path, span },
        subject: `${id} ${text.toLowerCase().slice(0, 120)}`,
      }),
    );
}
