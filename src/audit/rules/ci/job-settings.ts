import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Container, Entry, Pipeline, Step } from '../../../pipelines/index.ts';
import { nodeAt, scalarAt } from '../../../syntax/index.ts';
import { isPlaceholder } from '../../../text/index.ts';
import type { Rule } from '../../rule.ts';
import { isCredentialName } from '../credential-name.ts';
import { workflow } from './example-workflow.ts';
import { gitHubJobs, gitHubPipelines, type JobScope, reachOf, subjectOf } from './job-walk.ts';

/** CI009: machines that outlive a job, for code of outsiders. */
export const selfHostedRunner: Rule = {
  id: 'CI009',
  name: 'self-hosted-runner',
  title: 'A job uses a machine that stays',
  what: 'A job runs on a self-hosted runner. It weighs more where outsiders can start it.',
  why: 'What one pull request leaves on the machine (processes, credentials, changed tools) meets the next job, also of another repository.',
  sources: ['GitHub documentation, "Self-hosted runner security"', 'zizmor self-hosted-runner'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Use a hosted or ephemeral runner for events of outsiders.',
  tags: ['CWE-668', 'OWASP-CICD-SEC-7'],
  attack: workflow({ on: 'pull_request', runsOn: '[self-hosted, linux]', steps: '- run: make' }),
  benign: workflow({ on: 'pull_request', steps: '- run: make' }),
  check: (facts) =>
    gitHubJobs(facts).flatMap((scope): readonly FindingDraft[] => {
      // A condition that lets only branches of the repository pass leaves the outsiders out.
      const trigger =
        reachOf(scope) === 'inside' ? undefined : scope.pipeline.triggers.find(({ untrusted }) => untrusted);
      const { kind, labels } = scope.job.runner;
      // Groups and labels of one's own are mostly machines of one's own, but larger hosted ones are named like that too.
      const written = nodeAt(scope.pipeline.root, 'jobs', scope.job.id, 'runs-on');
      const own = kind === 'unknown' && written?.kind === 'map' && labels.every(({ value }) => !value.includes('$'));
      const label = labels[0];
      const place =
        label?.place ?? (written === undefined ? undefined : { file: scope.pipeline.file.path, span: written.span });
      if ((kind !== 'persistent' && !own) || place === undefined) return [];
      const meeting = trigger === undefined ? '' : `, and ${trigger.event} lets outsiders start it`;
      return [
        {
          rule: 'CI009',
          message: `Job ${scope.job.id} ${own ? 'may run' : 'runs'} on a machine that stays${meeting}`,
          severity: trigger === undefined || own ? 'low' : 'medium',
          confidence: own ? 'low' : 'medium',
          place,
          subject: subjectOf(scope, label?.value ?? 'group'),
        },
      ];
    }),
};

/** CI010: the old workflow commands that any printed text can use. */
export const insecureCommands: Rule = {
  id: 'CI010',
  name: 'insecure-commands',
  title: 'Printed text can set the environment of later steps',
  what: 'ACTIONS_ALLOW_UNSECURE_COMMANDS is on.',
  why: 'Any program that prints `::set-env` or `::add-path`, for instance by showing the title of an issue, runs code in the next step.',
  sources: ['CVE-2020-15228', 'GHSA-mfwh-5m23-j46w', 'zizmor insecure-commands'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'safe',
  advice: 'Remove the variable, and write to GITHUB_ENV and GITHUB_PATH.',
  tags: ['CWE-77', 'OWASP-CICD-SEC-4'],
  attack: workflow({ env: 'ACTIONS_ALLOW_UNSECURE_COMMANDS: true', steps: '- run: make' }),
  benign: workflow({ env: 'ACTIONS_ALLOW_UNSECURE_COMMANDS: false', steps: '- run: make' }),
  check: (facts) =>
    gitHubPipelines(facts).flatMap((pipeline) => {
      const steps = pipeline.jobs.flatMap((job) => job.steps.flatMap(({ environment }) => environment));
      const entries = [...pipeline.environment, ...pipeline.jobs.flatMap(({ environment }) => environment), ...steps];
      const unseen = pipeline.jobs.flatMap(({ steps }) => steps.flatMap((step) => hiddenEnvironment(pipeline, step)));
      const seen = entries.filter(isInsecure).map(
        (entry): FindingDraft => ({
          rule: 'CI010',
          message: 'Printed text can set variables and the search path of later steps',
          severity: 'high',
          confidence: 'high',
          place: entry.keyPlace,
          subject: `${pipeline.file.path} ${entry.name}`,
          fixes: [turnOff(entry)],
        }),
      );
      return [...seen, ...unseen];
    }),
};

/** A whole environment from an expression, in a file that names the variable elsewhere. */
function hiddenEnvironment({ file }: Pipeline, step: Step): readonly FindingDraft[] {
  const whole = scalarAt(step.node, 'env');
  if (whole === undefined || !whole.text.includes('${{') || !file.text.includes(UNSECURE)) return [];
  return [
    {
      rule: 'CI010',
      message:
        'This environment comes from an expression, and the file names the variable that allows the old commands',
      severity: 'low',
      confidence: 'low',
      place: { file: file.path, span: whole.span },
      subject: `${file.path} env ${whole.text}`,
    },
  ];
}

const UNSECURE = 'ACTIONS_ALLOW_UNSECURE_COMMANDS';

function isInsecure({ name, value }: Entry): boolean {
  return name === UNSECURE && value.text.trim().toLowerCase() === 'true';
}

function turnOff(entry: Entry): Fix {
  const { file, span } = entry.value.place;
  return { title: 'Turn the variable off', safety: 'safe', edits: [{ file, span, text: 'false' }], creates: [] };
}

/** CI011: passwords of image registries in the file. */
export const containerCredentials: Rule = {
  id: 'CI011',
  name: 'hardcoded-container-credentials',
  title: 'A password stands in the file',
  what: 'The credentials of a container or service hold a literal password, or a variable with the name of a credential holds a literal one.',
  why: 'Everybody who can read the repository, its forks and its history can use the password.',
  sources: ['zizmor hardcoded-container-credentials'],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Revoke the password, and give the new one as a secret.',
  tags: ['CWE-798', 'OWASP-CICD-SEC-6'],
  attack: workflow({
    job: "container:\n  image: registry.example.test/build\n  credentials: { username: builder, password: 'correct horse' }",
    steps: '- run: make',
  }),
  benign: workflow({
    job: `container:\n  image: registry.example.test/build\n  credentials:\n    username: builder\n    password: \${{ secrets.REGISTRY }}`,
    steps: '- run: make',
  }),
  check: (facts) =>
    gitHubJobs(facts).flatMap((scope) => {
      const { container, services } = scope.job;
      return [
        ...literalCredentials(scope),
        ...[...(container === undefined ? [] : [container]), ...services].flatMap((each) =>
          literalPassword(scope, each),
        ),
      ];
    }),
};

/** Values that stand in for one, and services that a job starts for itself. */
const STAND_IN =
  /^(?:true|false|\d+)$|example|dummy|fake|test|sample|changeme|placeholder|postgres|mysql|mongo|redis|localhost|password|secret|your[-_]|^x+$|^\*+$|[${}<>/]|\s/i;

/** Long enough, and mixed as no word is. */
function looksLikeKey(value: string): boolean {
  return (
    value.length >= 16 &&
    /[0-9]/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !STAND_IN.test(value) &&
    !isPlaceholder(value)
  );
}

function literalCredentials(scope: JobScope): readonly FindingDraft[] {
  const { pipeline, job } = scope;
  const entries = [
    ...(pipeline.jobs[0] === job ? pipeline.environment : []),
    ...job.environment,
    ...job.steps.flatMap(({ environment }) => environment),
  ];
  return entries
    .filter(({ name, value }) => isCredentialName(name) && looksLikeKey(value.text.trim()))
    .map(({ name, value }) => ({
      rule: 'CI011',
      message: `${name} holds what looks like a literal credential`,
      severity: 'medium',
      confidence: 'low',
      place: value.place,
      subject: subjectOf(scope, name),
    }));
}

function literalPassword(scope: JobScope, { credentials }: Container): readonly FindingDraft[] {
  const password = credentials.find(({ name }) => name === 'password');
  if (password === undefined || password.value.interpolations.length > 0 || password.value.text === '') return [];
  return [
    {
      rule: 'CI011',
      message: 'A registry password is written in the file',
      severity: 'high',
      confidence: 'high',
      place: password.value.place,
      subject: subjectOf(scope, 'credentials'),
    },
  ];
}

/** CI013: an artefact that holds the checkout's credentials. */
export const secretsInArtifacts: Rule = {
  id: 'CI013',
  name: 'secrets-in-artifacts',
  title: 'An artefact holds credentials',
  what: 'The whole work tree or `.git` is uploaded after a checkout that keeps its credentials there.',
  why: 'Whoever can download the artefact, which is everybody for a public repository, can use the token while the job still runs.',
  sources: ['zizmor artipacked', 'Unit 42, "ArtiPACKED" (2024)', 'CodeQL actions/secrets-in-artifacts'],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'CI',
  fix: 'none',
  advice: 'Upload named paths, and check out with `persist-credentials: false`.',
  tags: ['CWE-312', 'CWE-522', 'OWASP-CICD-SEC-6'],
  attack: workflow({
    steps: '- uses: actions/checkout@v4\n- uses: actions/upload-artifact@v3\n  with: { name: tree, path: . }',
  }),
  benign: workflow({
    steps: '- uses: actions/checkout@v4\n- uses: actions/upload-artifact@v3\n  with: { name: tree, path: dist }',
  }),
  check: (facts) => gitHubJobs(facts).flatMap(uploadedCredentials),
};

const WHOLE_TREE =
  /^(?:\.|\.\/|\*\*|\.\/\*\*(?:\/\*)?|\*\*\/\*|\$\{\{\s*github\.workspace\s*\}\}\/?|(?:.*\/)?\.git\/?(?:\*\*)?)$/;

function uploadedCredentials(scope: JobScope): readonly FindingDraft[] {
  const effects = scope.job.steps.flatMap((step) => step.effects.map((effect) => ({ effect, step })));
  const kept = effects.findIndex(({ effect }) => effect.kind === 'checkout' && effect.persistsCredentials);
  if (kept === -1) return [];
  return effects.slice(kept).flatMap(({ effect, step }): readonly FindingDraft[] => {
    if (effect.kind !== 'artifact-upload') return [];
    const path = effect.paths.find((each) => WHOLE_TREE.test(each));
    if (path === undefined) return [];
    // Since version 4.4 hidden files stay out unless they are asked for; a `.git` that is named is asked for.
    const hidden = step.inputs.some(({ name, value }) => name === 'include-hidden-files' && value.text === 'true');
    const old = /^v?[1-3](?:\.|$)|^v?4\.[0-3](?:\.|$)/.test(
      step.uses?.refKind === 'digest' ? (step.uses.comment ?? '') : (step.uses?.ref ?? ''),
    );
    if (!hidden && !old) return [];
    return [
      {
        rule: 'CI013',
        message: `${path} is uploaded with the credentials that the checkout left in it`,
        severity: 'high',
        confidence: 'medium',
        place: effect.place,
        subject: subjectOf(scope, 'artifact', path),
      },
    ];
  });
}
