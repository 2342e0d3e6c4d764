import type { AgentRun } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import type { Entry, Pipeline, Step, StepScript } from '../../../pipelines/index.ts';
import type { ScriptCommand, ScriptWord, Span } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { isCredentialName } from '../credential-name.ts';
import { withStepBefore, workflow } from './examples.ts';
import { allSteps, eachRun, runDraft } from './run-report.ts';

/** Names of variables that hold a secret in a step. */
function secretVariables(run: AgentRun, step: Step): ReadonlySet<string> {
  const entries = [...run.pipeline.environment, ...run.job.environment, ...step.environment];
  return new Set(entries.filter(holdsSecret).map(({ name }) => name));
}

function holdsSecret({ value }: Entry): boolean {
  return value.interpolations.some(({ values }) => values.some(({ origin }) => origin === 'secret'));
}

/**
 * Whether a word of a script carries a secret: as a variable, or put in before the shell sees it. Variables of the
 * platform's settings are declared nowhere in the file, so a name that says it holds a credential counts.
 */
function carries(script: StepScript, word: ScriptWord, secrets: ReadonlySet<string>): boolean {
  return (
    word.expansions.some(
      ({ kind, name }) => kind === 'variable' && name !== undefined && (secrets.has(name) || isCredentialName(name)),
    ) ||
    script.text.interpolations.some(
      ({ index, values }) =>
        index >= word.span.start && index < word.span.end && values.some(({ origin }) => origin === 'secret'),
    )
  );
}

function placeIn(script: StepScript, span: Span): FindingDraft['place'] {
  const start = script.text.offsetOf(span.start);
  const end = span.end > span.start ? script.text.offsetOf(span.end - 1) + 1 : start;
  return { file: script.text.place.file, span: { start, end } };
}

/** Commands inside the shell itself: no process list shows their words. */
const BUILT_IN: ReadonlySet<string> = new Set([
  'echo',
  'printf',
  'export',
  'test',
  '[',
  '[[',
  'read',
  'set',
  'local',
  'declare',
  ':',
  'if',
]);

/** How a word with a secret is handed on, and what that means. The first row that fits wins. */
const HAND_OVERS: readonly {
  readonly form: string;
  readonly stays: boolean;
  fits(word: string, before: string): boolean;
}[] = [
  { form: 'in an address', stays: true, fits: (word) => word.includes('://') && word.includes('@') },
  {
    form: 'in a header',
    stays: false,
    fits: (word, before) =>
      /authorization|private-token|api-key|bearer|x-access-token/i.test(word) && /^(?:-H|--header|-c)$/.test(before),
  },
  { form: 'in git configuration', stays: true, fits: (word) => /extraheader|insteadof/i.test(word) },
  { form: 'as an option', stays: false, fits: (word, before) => OPTION.test(word) || OPTION.test(before) },
];

const OPTION = /^--?[a-z-]*(?:api-?key|token|password|passwd|secret|auth|credential|pat)(?:=|$)/i;

/** CRD010 */
export const secretInArguments: Rule = {
  id: 'CRD010',
  name: 'secret-in-arguments',
  title: 'A secret is written into a command line or an address',
  what: "A command of the agent's job gets a secret as an argument, in a header argument, or inside a URL.",
  why: 'Command lines are readable by every process of the machine, addresses end in `.git/config`, logs and error messages; the agent reads both.',
  sources: ['proc(5), /proc/PID/cmdline', 'CWE-214'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Hand it over by an environment variable, standard input or a credential helper.',
  tags: ['CWE-214', 'CWE-522'],
  attack: withStepBefore(
    `      - run: git remote set-url origin "https://x-access-token:\${{ secrets.PUSH_TOKEN }}@git.example.test/acme/app.git"\n`,
  ),
  benign: workflow(),
  check: (facts) =>
    eachRun(facts, (run) =>
      allSteps(run.job.steps).flatMap((step) => (step.run === undefined ? [] : argumentsOf(run, step, step.run))),
    ),
};

function argumentsOf(run: AgentRun, step: Step, script: StepScript): readonly FindingDraft[] {
  const secrets = secretVariables(run, step);
  return script.script.commands.flatMap((command) => {
    const program = command.words[0]?.literal?.split('/').at(-1) ?? '';
    if (BUILT_IN.has(program)) return [];
    return command.words.slice(1).flatMap((word, index) => {
      if (!carries(script, word, secrets)) return [];
      const before = command.words[index]?.source ?? '';
      const row = HAND_OVERS.find(({ fits }) => fits(unquoted(word.source), unquoted(before)));
      if (row === undefined) return [];
      const message = `${program || 'A command'} gets a secret ${row.form}`;
      const severity = row.stays || step === run.step ? 'high' : 'medium';
      return [
        runDraft('CRD010', run, {
          message,
          severity,
          place: placeIn(script, word.span),
          about: `${program} ${row.form}`,
        }),
      ];
    });
  });
}

function unquoted(source: string): string {
  return source.replace(/^["']/, '');
}

/** Programs that make another text of what they read. */
const TRANSFORMING: ReadonlySet<string> = new Set([
  'base64',
  'base32',
  'xxd',
  'od',
  'jq',
  'cut',
  'sed',
  'awk',
  'tr',
  'rev',
  'head',
  'tail',
  'fold',
  'gzip',
  'openssl',
]);

/** CRD017 */
export const derivedSecret: Rule = {
  id: 'CRD017',
  name: 'derived-secret-not-masked',
  title: 'A text made from a secret is not masked',
  what: 'A secret is decoded, cut or encoded and the result is printed or put into an output or a variable of later steps without `add-mask`; or `fromJSON(secrets.…)` takes a part out of one.',
  why: 'The platform masks the secret as it knows it. A part or another encoding appears in the log, in clear, for everybody who can read it.',
  sources: ['zizmor documentation, unredacted-secrets', 'CodeQL actions/unmasked-secret-exposure'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CRD',
  fix: 'none',
  advice: 'Print `::add-mask::` with the derived text first, or keep each part as a secret of its own.',
  tags: ['CWE-532', 'CWE-200'],
  attack: withStepBefore(
    `      - run: echo "$SERVICE_ACCOUNT" | base64 -d\n        env:\n          SERVICE_ACCOUNT: \${{ secrets.SERVICE_ACCOUNT }}\n`,
  ),
  benign: withStepBefore(
    `      - run: echo "$SERVICE_ACCOUNT" | base64 -d > "$RUNNER_TEMP/account.json"\n        env:\n          SERVICE_ACCOUNT: \${{ secrets.SERVICE_ACCOUNT }}\n`,
  ),
  check: (facts) => [
    ...eachRun(facts, (run) =>
      allSteps(run.job.steps).flatMap((step) => (step.run === undefined ? [] : derivedIn(run, step, step.run))),
    ),
    ...facts.pipelines.flatMap(partsOfSecrets),
  ],
};

function derivedIn(run: AgentRun, step: Step, script: StepScript): readonly FindingDraft[] {
  if (script.text.text.includes('add-mask')) return [];
  const secrets = secretVariables(run, step);
  const { commands } = script.script;
  return commands.flatMap((command) => {
    if (command.pipeline.position !== 0 || command.pipeline.length < 2) return [];
    if (!command.words.some((word) => carries(script, word, secrets))) return [];
    const chain = commands.filter(({ pipeline }) => pipeline.id === command.pipeline.id);
    const last = chain.at(-1);
    if (last === undefined || !isShown(last, script)) return [];
    const message = `The result of ${nameOf(last)} on a secret is shown without a mask`;
    return [
      runDraft('CRD017', run, {
        message,
        severity: 'medium',
        confidence: 'medium',
        place: placeIn(script, command.span),
        about: `derived ${nameOf(last)}`,
      }),
    ];
  });
}

function nameOf(command: ScriptCommand): string {
  return command.words[0]?.literal?.split('/').at(-1) ?? '';
}

/** Transformed at the end of the pipeline, and not kept in a file or a variable of this step alone. */
function isShown(last: ScriptCommand, script: StepScript): boolean {
  if (!TRANSFORMING.has(nameOf(last))) return false;
  const kept = last.nesting.includes('substitution');
  const target = last.redirects.find(({ operator }) => operator.startsWith('>'))?.target?.source ?? '';
  if (kept) return /GITHUB_(?:OUTPUT|ENV)|##vso\[task\.setvariable/.test(script.text.text);
  return target === '' || /GITHUB_(?:OUTPUT|ENV|STEP_SUMMARY)/.test(target);
}

function partsOfSecrets(pipeline: Pipeline): readonly FindingDraft[] {
  return pipeline.jobs.flatMap((job) =>
    allSteps(job.steps).flatMap((step) => {
      const texts = [...step.environment, ...step.inputs].map(({ value }) => value);
      return [...texts, ...(step.run === undefined ? [] : [step.run.text])].flatMap(({ interpolations }) =>
        interpolations
          .filter(({ source }) => /fromJSON\(\s*secrets\.[A-Za-z0-9_]+\s*\)\s*[.[]/i.test(source))
          .map(
            ({ place, source }): FindingDraft => ({
              rule: 'CRD017',
              message: `'${source.trim()}' takes a part out of a secret: the part is not masked`,
              severity: 'medium',
              confidence: 'high',
              place,
              subject: `${job.id} ${source.trim()}`,
            }),
          ),
      );
    }),
  );
}
