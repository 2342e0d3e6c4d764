import { isTestFile } from '../test-file.ts';
import { expressionsIn, partsBelow } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

/** Words of who may do what. */
const RIGHTS =
  /(?:^|_)(?:admin|auth\w*|permission\w*|permitted|allowed|owner|owns|role|roles|superuser|staff|logged_in|can_\w+|has_perm\w*|privileg\w*|token|password|csrf)(?:_|$)/i;

/** CODE58: who may do something is decided with `assert`, which `python -O` leaves out. */
export const findAssertGuard: FindWeaknesses = ({ module }) => {
  if (module.language !== 'python' || isTestFile(module.file.path) || !maySpell(module, /\bassert\b/)) return [];
  return [...partsBelow(module.body)].flatMap((part) => {
    if (part.kind !== 'statement' || part.statement.kind !== 'assert') return [];
    const words = [...expressionsIn(part.statement.test)].flatMap((inner) =>
      inner.kind === 'name' || inner.kind === 'member' ? [inner.name] : [],
    );
    const word = words.find((name) => RIGHTS.test(name));
    if (word === undefined) return [];
    const message = `\`assert\` on \`${word}\` is the only check`;
    return weakness('CODE58', { message, place: part.statement.place, subject: word });
  });
};
