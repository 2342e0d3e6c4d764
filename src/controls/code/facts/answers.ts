import { meaningOf, permits } from '../lexicon.ts';
import { lastName, namesOf, partOf, type Term, termsIn } from '../terms/index.ts';
import { isAnswer } from './conditions.ts';
import type { Surroundings } from './place.ts';

/** Cap: so many answers of one block are kept in mind. */
const ANSWERS = 20;
/** Cap: so many statements of a block are searched for one that sets the name again. */
const LATER = 200;

/**
 * What is known after a statement: `const ok = isAdmin(user)` makes `ok` another name of its answer for the rest of the
 * block, if nothing there, from the statement number `next` on, sets it again. So `if (!ok)` is the same check as
 * `if (!isAdmin(user))`.
 */
export function rememberAnswer(statement: Term, block: readonly Term[], next: number, at: Surroundings): Surroundings {
  const known = at.rendering.answers;
  if (block.length - next > LATER || (known?.size ?? 0) >= ANSWERS) return at;
  const found = assignmentIn(statement);
  if (found === undefined || block.slice(next).some((later) => sets(later, found.name))) return at;
  return { ...at, rendering: { ...at.rendering, answers: new Map([...(known ?? []), [found.name, found.answer]]) } };
}

/** A function may call something else by a name that is known outside. */
export function forgetAnswers({ rendering }: Surroundings): Surroundings['rendering'] {
  return rendering.rename === undefined ? {} : { rename: rendering.rename };
}

function assignmentIn(statement: Term): { readonly name: string; readonly answer: Term } | undefined {
  const written = statement.kind === 'other' ? statement.parts.filter(({ kind }) => kind === 'assign') : [statement];
  const [assignment, ...more] = written;
  if (assignment?.kind !== 'assign' || more.length > 0 || !/^:?=?$/.test(assignment.text)) return undefined;
  const left = partOf(assignment, 'left');
  const answer = partOf(assignment, 'right');
  return left?.kind === 'name' && answer !== undefined && tells(answer) ? { name: left.text, answer } : undefined;
}

/** A comparison, or the answer of a call that is asked something by its name; a constant is an answer to nothing. */
function tells(value: Term): boolean {
  if (value.kind === 'await') return value.parts.some(tells);
  if (value.kind === 'call')
    return isAnswer(value) || permits(lastName(value)) || meaningOf(namesOf(value)) === 'question';
  return value.kind !== 'constant' && isAnswer(value);
}

function sets(root: Term, name: string): boolean {
  for (const term of termsIn(root)) {
    const left = term.kind === 'assign' ? partOf(term, 'left') : undefined;
    if (left !== undefined && [...termsIn(left)].some((part) => part.kind === 'name' && part.text === name))
      return true;
  }
  return false;
}
