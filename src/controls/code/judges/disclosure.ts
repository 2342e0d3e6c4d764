import type { CallFact } from '../facts/index.ts';
import { wordsOf } from '../lexicon.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { argumentsOf, clip, lastName, namesOf, type Term } from '../terms/index.ts';

/** Calls that write to a log or to the terminal. */
const HOLDER = /^_?(?:[gkstz]?log|logger|logging|logrus|console|sugar|winston|pino)$/i;
const PRINTS = /^(?:print|println|printf|fprintf|puts|pprint)$/i;

/** Names of values that must not stand in a log. */
const SECRET =
  /^(?:pass(?:word|wd|phrase)|pwd|secret|client secret|api key|apikey|access key|secret key|private key|encryption key|signing key|card number|card no|cvv|cvc|ssn|(?:access|refresh|auth|bearer|session|id|api|csrf|reset) token|jwt|authorization|credentials?|totp|otp)$/;

/** A value that a person would call secret is written to a log where it was not. */
export function judgeDisclosure(sides: Sides): readonly Judgement[] {
  const { come } = sides.match('call');
  const old = new Set(sides.before.facts.flatMap((fact) => (fact.kind === 'call' ? secretsOf(fact) : [])));
  return come.flatMap((after): readonly Judgement[] => {
    const names = secretsOf(after).filter((name) => !old.has(name));
    if (names.length === 0) return [];
    const message = `\`${clip(names.join(', '), 60)}\` is written to a log${inScope(after.scope)}.`;
    return [
      {
        control: 'secret-logged',
        group: 'sink',
        direction: 'added-capability',
        severity: 'high',
        message,
        subject: `${after.scope} ${names.join()}`,
        after,
      },
    ];
  });
}

function secretsOf(call: CallFact): readonly string[] {
  const [last = '', holders] = [call.names.at(-1), call.names.slice(0, -1)];
  const isLog =
    holders.some((name) => HOLDER.test(name)) || (PRINTS.test(last) && !holders.some((name) => name === 'response'));
  return isLog ? [...new Set(argumentsOf(call.term).flatMap(shown))] : [];
}

/** Names whose values a term shows. What is given to a function, compared or counted is not shown as it is. */
function shown(term: Term): readonly string[] {
  switch (term.kind) {
    case 'name':
    case 'member':
      return SECRET.test(wordsOf(lastName(term)).join(' ')) ? [namesOf(term).join('.')] : [];
    case 'pair':
      return term.parts.slice(1).flatMap(shown);
    case 'text':
    case 'map':
    case 'list':
    case 'spread':
    case 'other':
      return term.parts.flatMap(shown);
    case 'operation':
      return term.text === '+' || term.text === '%' ? term.parts.flatMap(shown) : [];
    default:
      return [];
  }
}
