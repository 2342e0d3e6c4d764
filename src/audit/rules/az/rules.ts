import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { Edit, FindingDraft, Fix } from '../../../findings/index.ts';
import { type Entry, type Interpolation, isShellSafe, type Reference, type Step } from '../../../pipelines/index.ts';
import { nodeAt, type Place, scalarAt } from '../../../syntax/index.ts';
import { isOpen } from '../../paths/path-finding.ts';
import type { Rule } from '../../rule.ts';
import {
  agentCommand,
  expressionsIn,
  flatSteps,
  insertKey,
  namesOf,
  onePerJob,
  ordersIn,
  runsOn,
  subjectOf,
} from '../agent-job.ts';
import { isModelKeyName } from '../credential-name.ts';
import { removeLines } from '../line-removal.ts';
import { azureFile, SOUND_PIPELINE } from './examples.ts';

/** AZ001 */
const secretForEveryStep: Rule = {
  id: 'AZ001',
  name: 'azure-secret-for-every-step',
  title: 'A secret is mapped for the whole pipeline or job',
  what: 'The `variables` of a pipeline, stage or job with an agent hold a secret variable under another name.',
  why: 'A secret reaches only the steps that map it in `env`; copied into an ordinary variable it is in the environment of every step.',
  sources: ['Azure Pipelines documentation, "Set secret variables"', 'CWE-522'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'AZ',
  fix: 'safe',
  advice: 'Map the secret in `env` of the agent’s step.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-6'],
  attack: azureFile(
    SOUND_PIPELINE.replace('pool:', 'variables:\n  REGION: westeurope\n  OPENAI_API_KEY: $(TEAM_API_KEY)\n\npool:'),
  ),
  benign: azureFile(SOUND_PIPELINE.replace('pool:', 'variables:\n  REGION: westeurope\n\npool:')),
  check: checkVariables,
};

function* checkVariables(facts: Facts): Iterable<FindingDraft> {
  const seen = new Set<string>();
  for (const run of onePerJob(runsOn(facts, 'azure'))) {
    const pipeline = run.pipeline.environment.map((entry) => ({ entry, whole: true }));
    const job = run.job.environment.map((entry) => ({ entry, whole: false }));
    for (const { entry, whole } of [...pipeline, ...job]) {
      const key = `${entry.keyPlace.file} ${entry.keyPlace.span.start}`;
      const mapped = entry.value.interpolations.some(({ values }) => values.some(({ origin }) => origin === 'secret'));
      const literal =
        !entry.value.text.includes('$(') && isModelKeyName(entry.name) && /^\S{16,}$/.test(entry.value.text);
      if (seen.has(key) || !(mapped || literal)) continue;
      seen.add(key);
      yield {
        rule: 'AZ001',
        message: literal
          ? `${entry.name} is written down in the variables`
          : `${entry.name} is in the environment of every step of the ${whole ? 'pipeline' : 'job'}`,
        severity: whole ? 'high' : 'medium',
        confidence: 'high',
        place: entry.keyPlace,
        subject: subjectOf(run, 'variables', entry.name),
        fixes: literal ? [] : mapFix(run, entry, facts),
      };
    }
  }
}

/** Takes the variable out and maps the secret in the agent's step. */
function mapFix(run: AgentRun, entry: Entry, facts: Facts): readonly Fix[] {
  const source = facts.source(entry.keyPlace.file);
  const { node, place } = run.step;
  const line =
    source &&
    removeLines(source, {
      file: source.path,
      span: { start: entry.keyPlace.span.start, end: entry.value.place.span.end },
    });
  if (
    source === undefined ||
    line === undefined ||
    node === undefined ||
    place.file !== source.path ||
    run.pipeline.environment.length < 2
  )
    return [];
  const written = source.text.slice(entry.keyPlace.span.start, entry.value.place.span.end);
  const environment = nodeAt(node, 'env');
  const edit = environment
    ? insertKey(source, { file: source.path, span: environment.span }, [written])
    : insertKey(source, { file: source.path, span: node.span }, ['env:', `  ${written}`]);
  return edit
    ? [{ title: 'Map the secret in the agent’s step', safety: 'safe', edits: [line, edit], creates: [] }]
    : [];
}

const PROMPT = '"Review the last commit"';

/** AZ002 */
const macroInScript: Rule = {
  id: 'AZ002',
  name: 'azure-macro-in-script-or-prompt',
  title: 'Outside text is put into a script beside the agent',
  what: '`$(Build.SourceVersionMessage)`, a branch name of a pull request or a template parameter stands in a script or prompt of an agent’s job.',
  why: 'Macros are put in before the shell reads the script: a commit message with `$(…)` is a command, and in the prompt it is an order.',
  sources: ['Azure Pipelines documentation, "Understand variable syntax"', 'CWE-78', 'CWE-1427'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'AZ',
  fix: 'safe',
  advice:
    'Read the variable from the environment: `"$BUILD_SOURCEVERSIONMESSAGE"`; give parameters a list of `values`.',
  tags: ['CWE-78', 'CWE-1427', 'OWASP-CICD-SEC-4'],
  attack: azureFile(SOUND_PIPELINE.replace(PROMPT, '"Review $(Build.SourceVersionMessage)"')),
  benign: azureFile(SOUND_PIPELINE.replace(PROMPT, '"Review build $(Build.BuildId)"')),
  check: (facts) => [
    ...onePerJob(runsOn(facts, 'azure')).flatMap((run) =>
      flatSteps(run.job.steps).flatMap((step) => checkMacros(run, step)),
    ),
    ...runsOn(facts, 'azure').flatMap(checkPrompt),
  ],
};

function injects(one: Interpolation): boolean {
  return (
    one.expanded === 'before' &&
    one.values.some(({ kind, origin }) => (origin === 'outsider' || origin === 'insider') && !isShellSafe(kind))
  );
}

function checkMacros(run: AgentRun, step: Step): readonly FindingDraft[] {
  const script = step.run;
  if (script === undefined) return [];
  return script.text.interpolations.filter(injects).map((one) => {
    const values = one.values.filter(
      ({ kind, origin }) => (origin === 'outsider' || origin === 'insider') && !isShellSafe(kind),
    );
    const outside = values.some(({ origin }) => origin === 'outsider');
    const fixes = script.language === 'bash' || script.language === 'sh' ? environmentFix(one) : [];
    return {
      rule: 'AZ002',
      message: `${namesOf(values)} is put into a script of the agent’s job before the shell reads it`,
      severity: outside ? (isOpen(run) ? 'critical' : 'high') : 'medium',
      confidence: 'high',
      place: one.place,
      subject: subjectOf(run, 'macro', namesOf(values)),
      fixes,
    };
  });
}

/** Predefined variables are in the environment already, under their names in capitals. */
function environmentFix({ source, place }: Interpolation): readonly Fix[] {
  if (!/^(?:Build|System)\.[\w.]+$/.test(source)) return [];
  const edits = [{ file: place.file, span: place.span, text: `\${${source.replaceAll('.', '_').toUpperCase()}}` }];
  return [{ title: 'Let the shell read the variable from its environment', safety: 'safe', edits, creates: [] }];
}

/** What is safe for a shell is still an order for a model: said apart, because the fix of the one leaves the other. */
function checkPrompt(run: AgentRun): readonly FindingDraft[] {
  const at = agentCommand(run);
  const one =
    at && expressionsIn(at.script, at.command.span).find((each) => ordersIn(each, ['outsider', 'insider']).length > 0);
  if (one === undefined) return [];
  const names = namesOf(ordersIn(one, ['outsider', 'insider']));
  return [
    {
      rule: 'AZ002',
      message: `${names} is part of what ${run.invocation.spelled} is told`,
      severity: ordersIn(one, ['outsider']).length > 0 ? 'high' : 'medium',
      confidence: 'high',
      place: one.place,
      subject: subjectOf(run, 'prompt', names),
    },
  ];
}

/** AZ003 */
const tokenForAgent: Rule = {
  id: 'AZ003',
  name: 'azure-access-token-for-agent',
  title: 'The agent holds the token of the build',
  what: '`$(System.AccessToken)` is mapped into the agent’s step or its job, or stands in its script.',
  why: 'The token pushes, comments and starts builds as the build service; whoever steers the agent has it too.',
  sources: ['Azure Pipelines documentation, "System.AccessToken"', 'CWE-522'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'AZ',
  fix: 'none',
  advice: 'Let a later step with the token do what the agent proposes.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-5'],
  attack: azureFile(
    SOUND_PIPELINE.replace(
      '      ANTHROPIC_API_KEY',
      '      SYSTEM_ACCESSTOKEN: $(System.AccessToken)\n      ANTHROPIC_API_KEY',
    ),
  ),
  benign: azureFile(SOUND_PIPELINE),
  check: (facts) =>
    runsOn(facts, 'azure').flatMap((run) => {
      const entries = [
        ...run.stepPath.flatMap(({ environment }) => environment),
        ...run.step.environment,
        ...run.job.environment,
        ...run.pipeline.environment,
      ];
      const entry = entries.find(({ value }) => value.interpolations.some(isAccessToken));
      const place: Place | undefined = entry?.keyPlace ?? run.step.run?.text.interpolations.find(isAccessToken)?.place;
      if (place === undefined) return [];
      const message = `${run.invocation.spelled} has the access token of the build${entry ? ` as ${entry.name}` : ''}`;
      return [
        {
          rule: 'AZ003',
          message,
          severity: 'high',
          confidence: 'high',
          place,
          subject: subjectOf(run, 'access token'),
        },
      ];
    }),
};

function isAccessToken({ values }: Interpolation): boolean {
  return values.some(({ name }) => name.toLowerCase() === 'system.accesstoken');
}

/** AZ004 */
const credentialsKept: Rule = {
  id: 'AZ004',
  name: 'azure-checkout-keeps-credentials',
  title: 'The checkout leaves its credentials where the agent works',
  what: 'A job with an agent has `persistCredentials: true`.',
  why: 'The token stands in `.git/config`, where the agent and every program it starts can read it.',
  sources: ['Azure Pipelines documentation, "steps.checkout"', 'CWE-522'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'AZ',
  fix: 'safe',
  advice: 'Set `persistCredentials: false` and hand the token to the one step that pushes.',
  tags: ['CWE-522', 'OWASP-CICD-SEC-6'],
  attack: azureFile(SOUND_PIPELINE.replace('persistCredentials: false', 'persistCredentials: true')),
  benign: azureFile(SOUND_PIPELINE),
  check: (facts) =>
    onePerJob(runsOn(facts, 'azure')).flatMap((run) =>
      flatSteps(run.job.steps).flatMap((step): readonly FindingDraft[] => {
        const written = scalarAt(step.node, 'persistCredentials');
        const keeps = step.effects.some((effect) => effect.kind === 'checkout' && effect.persistsCredentials);
        if (written === undefined || !keeps) return [];
        const place = { file: step.place.file, span: written.span };
        const edits: readonly Edit[] = [{ file: place.file, span: place.span, text: 'false' }];
        return [
          {
            rule: 'AZ004',
            message: `the checkout leaves its token in .git/config for ${run.invocation.spelled}`,
            severity: 'high',
            confidence: 'high',
            place,
            subject: subjectOf(run, 'persistCredentials'),
            fixes: [{ title: 'Do not keep the credentials', safety: 'safe', edits, creates: [] }],
          },
        ];
      }),
    ),
};

const REMOTE = `resources:
  repositories:
    - repository: shared
      type: github
      name: acme/pipelines
      ref: refs/heads/main

`;

/** AZ005 */
const movingTemplate: Rule = {
  id: 'AZ005',
  name: 'azure-template-on-a-branch',
  title: 'A template that can change at any time shapes the agent’s pipeline',
  what: 'A pipeline with an agent uses a template of another repository on a branch, or without a ref.',
  why: 'Whoever can write to that branch changes the steps around the agent, and no commit of this repository shows it.',
  sources: ['Azure Pipelines documentation, "Template usage reference"', 'CWE-829'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'AZ',
  fix: 'none',
  advice: 'Name a tag that is protected, or a commit, in `ref`.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: azureFile(
    REMOTE + SOUND_PIPELINE.replace('  - bash: npm ci', '  - template: prepare.yml@shared\n  - bash: npm ci'),
  ),
  benign: azureFile(
    REMOTE.replace('refs/heads/main', 'refs/tags/v1.4.0') +
      SOUND_PIPELINE.replace('  - bash: npm ci', '  - template: prepare.yml@shared\n  - bash: npm ci'),
  ),
  check: checkTemplates,
};

function* checkTemplates(facts: Facts): Iterable<FindingDraft> {
  for (const pipeline of new Set(runsOn(facts, 'azure').map((run) => run.pipeline))) {
    const used = [
      ...pipeline.includes.filter(({ path }) => path !== undefined),
      ...pipeline.jobs.flatMap((job): readonly Reference[] => [
        ...(job.calls ? [job.calls.reference] : []),
        ...flatSteps(job.steps).flatMap(({ uses }) =>
          uses?.kind === 'repository' && uses.path !== undefined ? [uses] : [],
        ),
      ]),
    ];
    for (const { kind, name, path, ref, refKind, place } of used) {
      if (kind !== 'repository' || (refKind !== 'branch' && refKind !== 'none')) continue;
      yield {
        rule: 'AZ005',
        message: `template ${path ?? ''} of ${name} comes from ${ref === undefined ? 'its default branch' : ref}`,
        severity: 'high',
        confidence: 'high',
        place,
        subject: `template ${name} ${path ?? ''}`,
      };
    }
  }
}

/** AZ006 */
const variableFromAgent: Rule = {
  id: 'AZ006',
  name: 'azure-variable-set-by-agent-step',
  title: 'A later script uses a variable that the agent’s step sets',
  what: 'The agent’s step writes `##vso[task.setvariable]`, and a later step puts the variable into its script.',
  why: 'Everything the step prints is read for such commands: whoever steers the agent chooses the value, and the macro puts it into the next script before the shell reads it.',
  sources: ['Azure Pipelines documentation, "Logging commands"', 'CWE-77'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'AZ',
  fix: 'none',
  advice: 'Let the agent write a file, check its form, and read it in a job of its own.',
  tags: ['CWE-77', 'CWE-1426', 'OWASP-CICD-SEC-4'],
  attack: azureFile(
    SOUND_PIPELINE.replace(
      '--max-turns 5\n',
      '--max-turns 5 > answer.txt\n      echo "##vso[task.setvariable variable=VERDICT]$(cat answer.txt)"\n',
    ).concat('  - bash: echo "$(VERDICT)"\n'),
  ),
  benign: azureFile(SOUND_PIPELINE.concat('  - bash: echo "$(Build.BuildId)"\n')),
  check: (facts) => runsOn(facts, 'azure').flatMap(checkVariableUse),
};

function checkVariableUse(run: AgentRun): readonly FindingDraft[] {
  const set = run.step.effects.flatMap((effect) =>
    effect.kind === 'set-environment' && effect.name !== undefined ? [effect] : [],
  );
  const later = flatSteps(run.job.steps.filter(({ index }) => index > (run.stepPath[0]?.index ?? run.step.index)));
  return set.flatMap(({ name, place }) => {
    const use = later
      .flatMap((step) => step.run?.text.interpolations ?? [])
      .find((one) => one.expanded === 'before' && one.source.toLowerCase() === name?.toLowerCase());
    if (use === undefined) return [];
    return [
      {
        rule: 'AZ006',
        message: `${name ?? 'a variable'}, set in the step of ${run.invocation.spelled}, becomes part of a later script`,
        severity: 'high' as const,
        confidence: 'medium' as const,
        place: use.place,
        related: [{ place, message: 'the agent’s step sets it' }],
        subject: subjectOf(run, 'setvariable', name ?? ''),
      },
    ];
  });
}

/** Azure Pipelines: agents in its jobs. */
export const AZ_RULES: readonly Rule[] = [
  secretForEveryStep,
  macroInScript,
  tokenForAgent,
  credentialsKept,
  movingTemplate,
  variableFromAgent,
];
