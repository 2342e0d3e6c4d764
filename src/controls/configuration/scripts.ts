import type { Place, Readers, Script, ScriptCommand, SourceFile, Span } from '../../syntax/index.ts';
import { type Check, checkOf, TOLERANT_ARGUMENTS } from './pipeline/checks.ts';
import { addOptionsOf } from './pipeline/strictness.ts';
import type { SheetBuilder } from './sheet.ts';

/** Checks and forgiven failures in a shell script of the repository. */
export function addShellScript(file: SourceFile, readers: Readers, sheet: SheetBuilder): void {
  addCommands(readers.script(file.text, 'bash'), (span) => ({ file: file.path, span }), false, sheet);
}

/**
 * The same in any shell text.
 * @param placeOf where in the file a span of the text stands.
 * @param forgiven the failure of every command is ignored anyway.
 */
export function addCommands(
  { commands }: Script,
  placeOf: (span: Span) => Place,
  forgiven: boolean,
  sheet: SheetBuilder,
): void {
  for (const command of commands) {
    const texts = wordsOf(command);
    const line = texts.join(' ');
    const check = checkOf(line);
    const base = { scope: '', shown: line, value: '', place: placeOf(command.span) } as const;
    const ignored = {
      ...base,
      control: 'script-failure-ignored',
      weight: 1,
      severity: check ? 'high' : 'low',
    } as const;
    if (check) sheet.add({ ...base, control: 'script-check-removed', subject: check.name, weight: -1, standing: true });
    if (command.exitIgnored || forgiven) sheet.add({ ...ignored, subject: texts.slice(0, 4).join(' ') });
    if (line === 'set +e' || (line === 'exit 0' && command.nesting.length === 0))
      sheet.add({ ...ignored, subject: line });
    if (texts[0] === 'set' && /^-\w*e/.test(texts[1] ?? ''))
      sheet.add({ ...ignored, subject: 'set -e', weight: -1, severity: 'medium' });
    if (check) for (const word of tolerantWords(texts)) sheet.add({ ...ignored, subject: `${check.name} ${word}` });
    if (check) addOptionsOf(texts.slice(1), base.place, { scope: '', name: check.name, check, sheet });
  }
}

/** The same in a script of a package manifest, whose name may tell that it checks. */
export function addPackageScript(
  name: string,
  text: string,
  place: Place,
  readers: Readers,
  sheet: SheetBuilder,
): void {
  const named: Check | undefined = /^(?:test|lint|check|audit|verify|typecheck)/.test(name)
    ? { name, kind: 'test' }
    : undefined;
  for (const command of readers.script(text, 'sh').commands) {
    const texts = wordsOf(command);
    const check = checkOf(texts.join(' ')) ?? named;
    const base = { scope: '', shown: text, value: '', place } as const;
    const ignored = {
      ...base,
      control: 'script-failure-ignored',
      weight: 1,
      severity: check ? 'high' : 'low',
    } as const;
    if (check)
      sheet.add({
        ...base,
        control: 'script-check-removed',
        subject: `${name}: ${check.name}`,
        weight: -1,
        standing: true,
      });
    if (command.exitIgnored) sheet.add({ ...ignored, subject: `${name}: ${texts.slice(0, 3).join(' ')}` });
    if (check) for (const word of tolerantWords(texts)) sheet.add({ ...ignored, subject: `${name} ${word}` });
    if (check) addOptionsOf(texts.slice(1), place, { scope: '', name: check.name, check, sheet });
  }
}

function wordsOf({ words }: ScriptCommand): readonly string[] {
  return words.map(({ literal, source }) => literal ?? source);
}

function tolerantWords(words: readonly string[]): readonly string[] {
  return words.slice(1).filter((word) => TOLERANT_ARGUMENTS.some((pattern) => pattern.test(word)));
}
