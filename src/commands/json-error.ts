import { escapeJson } from '../text/index.ts';
import { toKnownError } from './known-error.ts';
import { emit, type OutputFlags } from './output-file.ts';

interface AnswerFlags extends OutputFlags {
  readonly format?: string | undefined;
}

/** Whoever asks for JSON gets JSON, also when the answer is an error. The face prints that for people all the same. */
export function errorsInJson<Subject, Flags extends AnswerFlags>(
  answer: (subject: Subject, flags: Flags) => Promise<void>,
): (subject: Subject, flags: Flags) => Promise<void> {
  return (subject, flags) => answerInJson(flags, () => answer(subject, flags));
}

/** The same for an answer to other arguments than one and the flags. */
export async function answerInJson(flags: AnswerFlags, answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    if (flags.format === 'json') await emit(describeError(error), flags);
    throw error;
  }
}

/** An error for a program that reads the report. The face prints it for people and decides the exit code. */
export function describeError(error: unknown): string {
  const { code, message, advice, at } = toKnownError(error);
  const place = at && { file: at.file, line: at.line, column: at.column };
  const report = { format: 'sallyport-error/1', error: { code, message, advice, at: place } };
  return `${escapeJson(JSON.stringify(report, undefined, 2))}\n`;
}
