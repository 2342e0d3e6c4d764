import { createInterface } from 'node:readline';
import { SallyportError } from '../../errors/index.ts';

/** Asks a person. No answer (the end of the input) is an empty one. */
export interface Questioner {
  ask(question: string): Promise<string>;
}

/**
 * The terminal, when there is one: a pipe cannot confirm anything. One reader for all questions, so that lines that
 * were typed ahead are not lost; closed before anything else asks on the same terminal.
 */
export function openTerminal(): (Questioner & Disposable) | undefined {
  if (process.stdin.isTTY !== true) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const lines = terminal[Symbol.asyncIterator]();
  return {
    async ask(question) {
      terminal.setPrompt(question);
      terminal.prompt();
      const { value, done } = await lines.next();
      return done === true ? '' : value;
    },
    [Symbol.dispose]: () => terminal.close(),
  };
}

/**
 * The reason, asked for when it is needed and was not given.
 * @throws SallyportError SP2604 when there is none
 */
export async function findReason(
  given: string | undefined,
  needed: boolean,
  person: Questioner | undefined,
): Promise<string> {
  const reason = (given ?? (needed ? await person?.ask('Why is this right? ') : undefined) ?? '').trim();
  if (needed && reason === '') throw new SallyportError('SP2604', 'this change touches a control: a reason is needed');
  return reason;
}

/** What must be typed: more than a key where the glass is broken. */
const WORDS = { plain: 'yes', breakGlass: 'break the glass' } as const;

/** @throws SallyportError SP2603 when nobody said yes */
export async function confirm(breakGlass: boolean, person: Questioner | undefined): Promise<void> {
  const word = breakGlass ? WORDS.breakGlass : WORDS.plain;
  if (person === undefined) throw new SallyportError('SP2603', 'there is no terminal to ask on');
  const answer = await person.ask(`Sign this? Type '${word}': `);
  if (answer.trim().toLowerCase() !== word) throw new SallyportError('SP2603', 'the answer was not yes');
}
