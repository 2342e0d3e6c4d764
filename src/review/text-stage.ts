import type { FindingDraft } from '../findings/index.ts';
import type { SourceFile } from '../syntax/index.ts';
import { findHiddenText, findLiteralKeys } from '../text/index.ts';

/** What every text file is scanned for, whatever its language: literal keys and characters that hide. */
export function scanText(file: SourceFile): readonly FindingDraft[] {
  return [...literalKeys(file), ...hiddenText(file)];
}

function literalKeys(file: SourceFile): readonly FindingDraft[] {
  return findLiteralKeys(file.text).map(
    (key): FindingDraft => ({
      rule: 'text/literal-key',
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
      rule: 'text/hidden-characters',
      message: decoded
        ? `${count} hidden characters (${hiddenClass}) say: ${decoded.slice(0, 200)}`
        : `${count} hidden characters (${hiddenClass})`,
      detail: 'A reviewer sees another text than the compiler or the model (CVE-2021-42574).',
      severity: decoded || hiddenClass === 'bidi' ? 'high' : 'medium',
      confidence: 'high',
      place: { file: file.path, span },
      subject: `${hiddenClass} ${decoded ?? ''}`,
    }),
  );
}
