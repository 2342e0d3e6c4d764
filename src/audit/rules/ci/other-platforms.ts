import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft } from '../../../findings/index.ts';
import { type Interpolation, isShellSafe, type Job, type Pipeline, type Step } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { stepName } from './job-walk.ts';

interface OtherStep {
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly step: Step;
}

/** Steps of Azure and GitLab pipelines in jobs that start no agent; those with one have rules of their own. */
function otherSteps({ pipelines, runs }: Facts): readonly OtherStep[] {
  return pipelines
    .filter(({ platform }) => platform === 'azure' || platform === 'gitlab')
    .flatMap((pipeline) =>
      pipeline.jobs
        .filter((job) => !runs.some((run) => run.job === job))
        .flatMap((job) => job.steps.map((step) => ({ pipeline, job, step }))),
    );
}

function azure(steps: string, pr: string) {
  return [
    { file: 'azure-pipelines.yml', text: `trigger: none\npr: ${pr}\npool:\n  vmImage: ubuntu-24.04\nsteps:\n${steps}` },
  ];
}

/** CI030: what CI001 says of GitHub. */
export const otherTemplateInjection: Rule = {
  id: 'CI030',
  name: 'outside-text-in-script',
  title: 'Outside text is put into a script before it runs',
  what: 'An Azure or GitLab job without an agent has a template value in a script that somebody else chooses: a branch name, a commit message, a title, an input of a component.',
  why: 'The platform writes the value into the script as program text; a branch name with `$(…)` is a command.',
  sources: ['Azure Pipelines documentation, "Understand variable syntax"', 'poutine injection', 'CWE-78'],
  severity: 'low',
  confidence: 'medium',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Read the value from the environment and use it in quotes.',
  tags: ['CWE-78', 'CWE-94', 'OWASP-CICD-SEC-4'],
  attack: azure('  - script: echo "$(Build.SourceVersionMessage)"\n', '[main]'),
  benign: azure('  - script: echo "$(Build.BuildId)"\n', '[main]'),
  check: (facts) =>
    otherSteps(facts).flatMap(({ pipeline, job, step }) =>
      (step.run?.text.interpolations ?? []).filter(injects).map(
        ({ place, source, values }): FindingDraft => ({
          rule: 'CI030',
          message: `${source} becomes program text of ${stepName(step)}`,
          severity: isOpen(pipeline) && values.some(({ origin }) => origin !== 'input') ? 'medium' : 'low',
          confidence: 'medium',
          place,
          subject: `${pipeline.file.path} ${job.id} ${source}`,
        }),
      ),
    ),
};

function isOpen({ triggers }: Pipeline): boolean {
  return triggers.some(({ untrusted, privileged }) => untrusted && privileged);
}

const CHOSEN_OUTSIDE: ReadonlySet<string> = new Set(['outsider', 'insider', 'input']);

function injects({ expanded, values }: Interpolation): boolean {
  return expanded === 'before' && values.some(({ kind, origin }) => CHOSEN_OUTSIDE.has(origin) && !isShellSafe(kind));
}

/** What CI020 says of GitHub: a program from the network that these jobs run as it comes. */
export function otherUncheckedDownloads(facts: Facts): readonly FindingDraft[] {
  return otherSteps(facts).flatMap(({ pipeline, job, step }) =>
    step.effects.flatMap((effect): readonly FindingDraft[] => {
      const piped = effect.kind === 'install' && effect.pipedToShell;
      const executed = effect.kind === 'download' && effect.executed && !effect.verified;
      if (!piped && !executed) return [];
      const what = effect.kind === 'download' ? (effect.url ?? 'a download') : (effect.name ?? 'an installer');
      return [
        {
          rule: 'CI020',
          message: `${stepName(step)} runs ${what} unchecked`,
          severity: 'low',
          confidence: 'medium',
          place: effect.place,
          subject: `${pipeline.file.path} ${job.id} ${stepName(step)} ${what}`,
        },
      ];
    }),
  );
}

/** CI031: what CI005 says of GitHub. */
export const otherUntrustedBuild: Rule = {
  id: 'CI031',
  name: 'change-is-built',
  title: 'A pipeline that a pull request starts runs its code',
  what: 'An Azure pipeline without an agent that pull requests can start builds, installs or runs something of the tree.',
  why: 'Where builds of forks get secrets, which is one switch of the project, everybody who opens a pull request runs commands with them.',
  sources: [
    'Azure Pipelines documentation, "Build GitHub repositories", Contributions from forks',
    'poutine untrusted_checkout_exec',
  ],
  severity: 'low',
  confidence: 'low',
  tier: 'pedantic',
  family: 'CI',
  fix: 'none',
  advice: 'Keep secrets from builds of forks, and require a comment of the team before they start.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-4'],
  attack: azure('  - script: npm install\n', '[main]'),
  benign: azure('  - script: npm install\n', 'none'),
  check: (facts) =>
    otherSteps(facts)
      .filter(
        ({ pipeline }) =>
          pipeline.platform === 'azure' && pipeline.triggers.some(({ event }) => /^(?:pr|pull)/.test(event)),
      )
      .flatMap(({ pipeline, job, step }): readonly FindingDraft[] => {
        const runs = step.effects.find(({ kind }) => kind === 'build' || kind === 'unfollowed');
        const place = runs?.place ?? (step.followed.length > 0 ? step.place : undefined);
        if (place === undefined) return [];
        return [
          {
            rule: 'CI031',
            message: `${stepName(step)} runs code of the pull request`,
            severity: 'low',
            confidence: 'low',
            place,
            subject: `${pipeline.file.path} ${job.id} ${stepName(step)}`,
          },
        ];
      }),
};
