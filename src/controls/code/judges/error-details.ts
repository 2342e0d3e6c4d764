import type { CallFact } from '../facts/index.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { argumentsOf, clip, lastName, namesOf, showTerm, type Term, termsIn } from '../terms/index.ts';

/** Calls that answer whoever asked. */
const ANSWERS =
  /^(?:json|jsonp|send|end|write|jsonify|JSON|String|AbortWithStatusJSON|JsonResponse|HttpResponse|Response|JSONResponse|make_response|body|sendError)$/;
/** What the name alone says too little of: `http.Error` answers, `log.Error` does not. */
const WRITER = /^http\.Error$/;

const ERROR = /^(?:e|ex|exc|err|error|exception|reason|cause)$|(?:Err|Error|Exception|_error)$/;
const TRACE = /^(?:stack|stackTrace|getStackTrace|printStackTrace|format_exc|print_exc|format_exception|Stack)$/;
const TEXT = /^(?:message|Error|getMessage|toString|getLocalizedMessage)$/;

/** An answer that said nothing of what went wrong inside now shows the error itself. */
export function judgeErrorDetails(sides: Sides): readonly Judgement[] {
  const { gone, come } = sides.match('call');
  const old = gone.filter(answers);
  return come.filter(answers).flatMap((after): readonly Judgement[] => {
    const detail = detailIn(after);
    const before = old.find(
      (call) => sides.successorOf(call.scope)?.name === after.scope && call.names.at(-1) === after.names.at(-1),
    );
    if (detail === undefined || before === undefined || detailIn(before) !== undefined) return [];
    const message = `The answer${inScope(after.scope)} shows \`${clip(showTerm(detail), 60)}\` to whoever asked.`;
    const severity = isTrace(detail) ? 'high' : 'medium';
    const base = { group: 'sink', direction: 'weakened', subject: `${after.scope} ${lastName(detail)}` } as const;
    return [{ ...base, control: 'error-shown', severity, message, before, after }];
  });
}

function answers({ names }: CallFact): boolean {
  return ANSWERS.test(names.at(-1) ?? '') || WRITER.test(names.join('.'));
}

function detailIn({ term }: CallFact): Term | undefined {
  const parts = argumentsOf(term).flatMap((argument) => [...termsIn(argument)]);
  return parts.find(isTrace) ?? parts.find(isText);
}

function isTrace(term: Term): boolean {
  return (term.kind === 'member' || term.kind === 'call') && TRACE.test(lastName(term));
}

function isText(term: Term): boolean {
  if (term.kind !== 'member' && term.kind !== 'call') return false;
  const names = namesOf(term);
  const isOfError = TEXT.test(names.at(-1) ?? '') && names.length > 1 && ERROR.test(names.at(-2) ?? '');
  const [only] = term.kind === 'call' && /^(?:str|repr|String)$/.test(names.join('.')) ? argumentsOf(term) : [];
  return isOfError || (only?.kind === 'name' && ERROR.test(only.text));
}
