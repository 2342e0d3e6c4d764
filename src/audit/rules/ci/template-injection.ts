import type { FindingDraft, Severity } from '../../../findings/index.ts';
import { type Interpolation, isShellSafe, resolveText, type ValueReference } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { milder } from '../run-weight.ts';
import { workflow } from './example-workflow.ts';
import { environmentFix } from './injection-fix.ts';
import { environmentsOf, gitHubSteps, type Reach, reachOf, type StepScope, stepName, subjectOf } from './job-walk.ts';
import { outputValues } from './output-values.ts';

const BY_REACH: { readonly [reach in Reach]: Severity } = {
  open: 'critical',
  gated: 'high',
  called: 'high',
  fork: 'medium',
  inside: 'low',
};

/** CI001: a value that somebody chooses becomes program text. */
export const templateInjection: Rule = {
  id: 'CI001',
  name: 'template-injection',
  title: 'Outside text is put into a script before it runs',
  what: `A \`\${{ }}\` in \`run:\` or in a github-script yields free text, a branch name or another value that an outsider chooses.`,
  why: 'The platform writes the value into the script as program text. Whoever opens the issue or names the branch runs commands with the secrets and the token of the job.',
  sources: ['GitHub documentation, "Script injections"', 'zizmor template-injection', 'CodeQL actions/code-injection'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'safe',
  advice: 'Give the value to the step as an environment variable and use the variable in quotes.',
  tags: ['CWE-94', 'CWE-78', 'OWASP-CICD-SEC-4'],
  attack: workflow({ on: 'issues', steps: `- run: echo "\${{ github.event.issue.title }}"` }),
  benign: workflow({
    on: 'issues',
    steps: `- run: echo "$TITLE" "\${{ github.event.issue.number }}"
  env:
    TITLE: \${{ github.event.issue.title }}`,
  }),
  check: (facts) => gitHubSteps(facts).flatMap(injections),
};

function injections(scope: StepScope): readonly FindingDraft[] {
  const text = scope.step.run?.text;
  if (text === undefined) return [];
  const harmful = text.interpolations.flatMap((interpolation) => {
    const value = interpolation.expanded === 'before' ? worstValue(scope, interpolation) : undefined;
    return value === undefined ? [] : [{ interpolation, value }];
  });
  const fix = environmentFix(
    scope.step,
    harmful.map(({ interpolation }) => interpolation),
    scope.pipeline.file.text,
  );
  return harmful.map(({ interpolation, value }, index): FindingDraft => {
    const reach = reachOf(scope, scope.step);
    const outsider = value.origin === 'outsider';
    return {
      rule: 'CI001',
      message: `\${{ ${interpolation.source} }} puts ${outsider ? 'text of an outsider' : `a value from ${value.name}`} into the script of ${stepName(scope.step)}`,
      severity: severityOf(value, BY_REACH[reach]),
      confidence: outsider ? 'high' : 'low',
      place: interpolation.place,
      subject: subjectOf(scope, stepName(scope.step), interpolation.source),
      ...(index === 0 && fix !== undefined ? { fixes: [fix] } : {}),
    };
  });
}

/** Who dispatches an event needs a token that may write: an outsider gets there through another program only. */
function severityOf({ name, origin }: ValueReference, byReach: Severity): Severity {
  if (origin !== 'outsider' && origin !== 'unknown') return 'low';
  return /^github\.event\.client_payload\b/i.test(name) ? milder(byReach) : byReach;
}

const WORST = ['outsider', 'unknown', 'input', 'insider', 'output', 'environment', 'matrix'];

/** The most dangerous value that comes out; undefined when all are harmless. */
function worstValue(scope: StepScope, interpolation: Interpolation): ValueReference | undefined {
  const single = { text: '', place: interpolation.place, interpolations: [interpolation], offsetOf: () => 0 };
  const values = resolveText(single, environmentsOf(scope)).flatMap((value) =>
    outputValues(scope, value, interpolation.source),
  );
  return values
    .filter(({ kind, origin }) => !isShellSafe(kind) && WORST.includes(origin))
    .toSorted((a, b) => WORST.indexOf(a.origin) - WORST.indexOf(b.origin))[0];
}
