import type { Readers, Script, ScriptLanguage, ScriptWord } from '../../syntax/index.ts';
import type { StepScript } from '../model.ts';
import type { TemplateText } from '../value.ts';
import { resolveNestedText } from './nested-text.ts';
import { mapWords } from './script-map.ts';

/** Stands for a character that the platform puts in before the shell sees the text. Private use: no shell minds it. */
const MASK = '\uE000';

/**
 * Read the commands of a step. What the platform puts in beforehand counts as a part of the word it stands in that is
 * not known. Shell text inside words (`bash -c '…'`) is read too, its commands stand among the others.
 */
export function readStepScript(
  text: TemplateText,
  language: ScriptLanguage,
  readers: Pick<Readers, 'script'>,
): StepScript {
  const masked = maskInterpolations(text);
  const script = resolveNestedText(readers.script(masked, language), masked, readers.script);
  return { language, text, script: masked === text.text ? script : unmask(script, text.text) };
}

function maskInterpolations(text: TemplateText): string {
  let masked = '';
  let known = 0;
  for (const { expanded, index, length } of text.interpolations) {
    if (expanded !== 'before' || index < known) continue;
    masked += text.text.slice(known, index) + MASK.repeat(length);
    known = index + length;
  }
  return masked + text.text.slice(known);
}

function unmask(script: Script, text: string): Script {
  return mapWords(script, (word) => (word.source.includes(MASK) ? unmaskWord(word, text) : word));
}

function unmaskWord(word: ScriptWord, text: string): ScriptWord {
  const pieces = word.pieces.flatMap((piece) => (piece === undefined ? [undefined] : splitAtMasks(piece)));
  const joined = pieces.filter((piece, index) => piece !== undefined || index === 0 || pieces[index - 1] !== undefined);
  return { ...word, source: text.slice(word.span.start, word.span.end), pieces: joined, literal: undefined };
}

function splitAtMasks(piece: string): readonly (string | undefined)[] {
  const parts: (string | undefined)[] = [];
  for (const [index, part] of piece.split(MASK).entries()) {
    if (index > 0) parts.push(undefined);
    if (part !== '') parts.push(part);
  }
  return parts;
}
