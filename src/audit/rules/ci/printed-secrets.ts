import type { FindingDraft } from '../../../findings/index.ts';
import { environmentEntry, resolveText, type StepScript } from '../../../pipelines/index.ts';
import type { ScriptCommand, ScriptWord, Span } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { workflow } from './example-workflow.ts';
import { environmentsOf, gitHubSteps, hygiene, type StepScope, stepName, subjectOf } from './job-walk.ts';

const PRINTING: ReadonlySet<string> = new Set(['echo', 'printf', 'cat', 'tee', 'Write-Host', 'Write-Output']);

/** CI022: a secret, or what was made of one, in the log. */
export const printedSecret: Rule = {
  id: 'CI022',
  name: 'secret-in-log',
  title: 'A script prints a secret or a part of it',
  what: 'A script prints a variable that holds a secret or was computed from one, or traces its commands (`set -x`) while such a variable is used, or takes a field out of a secret that holds JSON.',
  why: 'The log masks the secret itself and nothing else: a part, a decoded form or a field of it stands there for everybody who may read the log.',
  sources: ['GitHub documentation, "Using secrets in GitHub Actions"', 'sisakulint secret-in-log', 'CWE-532'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice:
    'Print nothing that comes from a secret; where a derived value must be handled, mask it with `::add-mask::` first.',
  tags: ['CWE-532', 'CWE-200', 'OWASP-CICD-SEC-6'],
  attack: workflow({
    steps: `- run: |
    PART=$(echo "$KEY" | cut -c1-8)
    echo "deploying with $PART"
  env: { KEY: "\${{ secrets.DEPLOY_KEY }}" }`,
  }),
  benign: workflow({
    steps: `- run: |
    echo deploying
    ./deploy.sh "$KEY"
  env: { KEY: "\${{ secrets.DEPLOY_KEY }}" }`,
  }),
  check: (facts) => gitHubSteps(facts).flatMap((scope) => [...printed(scope), ...unmasked(scope)]),
};

const FIELD = /\bfromJSON\(\s*secrets\b/i;

/** A field of a secret that holds JSON is a value of its own, which no mask knows. */
function unmasked(scope: StepScope): readonly FindingDraft[] {
  const { step } = scope;
  const texts = [...step.environment, ...step.inputs].map(({ value }) => value);
  return [...texts, ...(step.run === undefined ? [] : [step.run.text])]
    .flatMap(({ interpolations }) => interpolations)
    .filter(({ source }) => FIELD.test(source))
    .map(({ place, source }) => ({
      rule: 'CI022',
      message: `${stepName(step)} takes a secret apart, and the log masks only the whole`,
      severity: 'low',
      confidence: 'high',
      place,
      subject: subjectOf(scope, stepName(step), source),
    }));
}

function printed(scope: StepScope): readonly FindingDraft[] {
  const { run } = scope.step;
  if (run === undefined) return [];
  const given = (name: string) => holdsSecret(scope, name);
  const derived = new Set<string>();
  const answers = new Set<string>();
  const masked = run.text.text.includes('::add-mask::');
  const printsArguments = run.script.commands.some(isArgumentPrint);
  let traced = false;
  for (const command of run.script.commands) {
    for (const { name, value } of command.assignments) {
      if (value === undefined || !namesIn(value).some((each) => given(each) || derived.has(each))) continue;
      derived.add(name);
      if (ASKING.test(value.source) || namesIn(value).some((each) => answers.has(each))) answers.add(name);
    }
    if (isTrace(command)) traced = true;
    const word = command.words.slice(1).find((each) => namesIn(each).some((name) => derived.has(name) || given(name)));
    if (word === undefined) continue;
    const program = command.words[0]?.literal ?? '';
    // A function of the script that prints its arguments.
    const prints = PRINTING.has(program) || (printsArguments && run.script.functions.includes(program));
    const shown = prints && reachesLog(command);
    if (!shown && !traced) continue;
    return [report(scope, run, word.span, masked ? 'masked' : kindOf(namesIn(word), derived, answers))];
  }
  return [];
}

/** What a server answers to a request with a key is not made of the key, though it may be another one. */
const ASKING = /\$\(\s{0,9}(?:curl|wget|http|https|gh|glab)\s/;

type Printed = 'secret' | 'masked' | 'derived' | 'answer';

function kindOf(names: readonly string[], derived: ReadonlySet<string>, answers: ReadonlySet<string>): Printed {
  const made = names.filter((name) => derived.has(name));
  if (made.length === 0) return 'secret';
  return made.every((name) => answers.has(name)) ? 'answer' : 'derived';
}

const PRINTED: Readonly<Record<Printed, string>> = {
  secret: 'a secret',
  masked: 'a secret',
  derived: 'a value that was made from a secret, which the log does not mask',
  answer: 'what a server answered to a request with a secret, which the log does not mask',
};

function report(scope: StepScope, run: StepScript, span: Span, printed: Printed): FindingDraft {
  const { place, offsetOf } = run.text;
  return {
    rule: 'CI022',
    message: `${stepName(scope.step)} prints ${PRINTED[printed]}`,
    severity: printed === 'derived' ? hygiene(scope, 'medium') : 'low',
    confidence: 'medium',
    place: { file: place.file, span: { start: offsetOf(span.start), end: offsetOf(span.end - 1) + 1 } },
    subject: subjectOf(scope, stepName(scope.step), 'log'),
  };
}

/** Whether a variable of this step holds a secret. */
export function holdsSecret(scope: StepScope, name: string): boolean {
  const environments = environmentsOf(scope);
  const entry = environmentEntry(name, environments);
  return entry !== undefined && resolveText(entry.value, environments).some(({ origin }) => origin === 'secret');
}

/** Variables whose values flow into a word. */
export function namesIn({ source, expansions }: ScriptWord): readonly string[] {
  const direct = expansions.flatMap(({ kind, name }) => (kind === 'variable' && name !== undefined ? [name] : []));
  // Variables inside `$( … )` flow into what the substitution yields.
  const inner = expansions.some(({ kind }) => kind === 'command')
    ? [...source.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '')
    : [];
  return [...direct, ...inner];
}

function isArgumentPrint({ words, nesting }: ScriptCommand): boolean {
  const inside = nesting.includes('function') && PRINTING.has(words[0]?.literal ?? '');
  return inside && words.some(({ source }) => /\$\{?[1-9@*]/.test(source));
}

function isTrace({ words }: ScriptCommand): boolean {
  return words[0]?.literal === 'set' && words.slice(1).some(({ literal }) => /^-[a-z]*x/.test(literal ?? ''));
}

/** Neither redirected, nor in a pipe, nor taken by a substitution. */
function reachesLog({ redirects, pipeline, nesting }: ScriptCommand): boolean {
  const away = redirects.some(({ operator }) => operator.includes('>') && !operator.startsWith('2'));
  return !away && pipeline.position === pipeline.length - 1 && !nesting.includes('substitution');
}

/** CI023: a secret becomes an output. */
export const secretOutput: Rule = {
  id: 'CI023',
  name: 'secret-in-output',
  title: 'A secret is handed on as an output',
  what: 'A script writes a secret to GITHUB_OUTPUT or to the environment of later steps.',
  why: 'Where a job reads a secret of a protected environment and hands it on, jobs that the environment does not protect have it too, and changed forms of it are not masked.',
  sources: ['GitHub documentation, "Using environments for deployment"', 'CWE-668'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Read the secret in the step that needs it, in a job that names the environment.',
  tags: ['CWE-668', 'CWE-200', 'OWASP-CICD-SEC-6'],
  attack: workflow({ steps: `- run: echo "token=\${{ secrets.DEPLOY }}" >> "$GITHUB_OUTPUT"` }),
  benign: workflow({ steps: '- run: echo "stage=test" >> "$GITHUB_OUTPUT"' }),
  check: (facts) =>
    gitHubSteps(facts).flatMap((scope) =>
      scope.step.effects.flatMap((effect): readonly FindingDraft[] => {
        if (effect.kind !== 'set-environment' || effect.target === 'summary' || effect.target === 'path') return [];
        const value = effect.value ?? '';
        const names = [...value.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '');
        if (!/\$\{\{\s*secrets[.[]/.test(value) && !names.some((name) => holdsSecret(scope, name))) return [];
        return [
          {
            rule: 'CI023',
            message: `${stepName(scope.step)} hands a secret on as ${effect.name ?? effect.target}`,
            severity: 'low',
            confidence: 'medium',
            place: effect.place,
            subject: subjectOf(scope, stepName(scope.step), effect.name ?? effect.target),
          },
        ];
      }),
    ),
};
