import { credentialClass, type Facts, secretsOfStep } from '../../../facts/index.ts';
import type { FindingDraft, Fix, Severity } from '../../../findings/index.ts';
import type { Job, Pipeline, Reference, Step } from '../../../pipelines/index.ts';
import type { Place } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { flatSteps } from '../agent-job.ts';
import { isNamedAfterAgent } from '../agent-name.ts';
import { titleOf } from '../agent-rule.ts';
import { actionStep, workflow } from '../example.ts';
import { replaceFix, textAt } from '../fixes.ts';
import { AGENT, SUP } from './examples.ts';
import { RELEASE_DATE, releaseOf } from './release-table.ts';

/** Code that somebody else can change without a change here. */
function isMutable(reference: Reference): boolean {
  return reference.kind === 'repository' && reference.refKind !== 'digest' && !reference.name.includes('$');
}

export function spelled({ name, path, ref }: Reference): string {
  return `${path === undefined ? name : `${name}/${path}`}${ref === undefined ? '' : `@${ref}`}`;
}

/** The commit behind the tag, where the table has it: `uses:` is replaced, with the version as a comment. */
function pinFix(facts: Facts, reference: Reference): readonly Fix[] {
  const release = reference.ref === undefined ? undefined : releaseOf(reference.name, reference.ref);
  const written = textAt(facts, reference.place);
  if (release === undefined || written === undefined || reference.comment !== undefined) return [];
  const tail = `@${release.ref}`;
  const quote = /^["']/.exec(written)?.[0] ?? '';
  const bare = quote === '' ? written : written.slice(1, -1);
  const rest = facts.source(reference.place.file)?.text.slice(reference.place.span.end) ?? '';
  if (!bare.endsWith(tail) || !/^[ \t]*(?:\r?\n|$)/.test(rest)) return [];
  const text = `${quote}${bare.slice(0, -tail.length)}@${release.commit}${quote} # ${release.version}`;
  return [
    replaceFix(`Pin to ${release.version} (its commit as read on ${RELEASE_DATE})`, reference.place, text, 'safe'),
  ];
}

function weighed(reference: Reference): Severity {
  return reference.refKind === 'tag' && isExactTag(reference.ref) ? 'medium' : 'high';
}

/** `v1.2.3`; `v1` moves with every release. */
function isExactTag(ref: string | undefined): boolean {
  return /^v?\d+\.\d+(?:\.\d+)?/.test(ref ?? '');
}

/** SUP001 */
export const unpinnedAgentAction: Rule = {
  ...SUP,
  id: 'SUP001',
  name: 'agent-action-not-pinned',
  title: 'The action that runs the agent is not pinned to a commit',
  what: '`uses:` of an agent names a branch, a moving tag or a version tag.',
  why: 'Whoever can push to the branch or move the tag runs code with the model key and the token of the job. In March 2025 and 2026 moved tags of popular actions sent out the secrets of thousands of repositories.',
  sources: ['CVE-2025-30066', 'Measured: 61 % of public agent workflows, 37 % on a branch'],
  severity: 'high',
  confidence: 'high',
  fix: 'safe',
  advice: 'Name the full commit and keep the version in a comment; a dependency bot updates both.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: [workflow(actionStep('anthropics/claude-code-action@v1', ['prompt: Review the change']))],
  benign: [
    workflow(
      actionStep('anthropics/claude-code-action@24dcd50c0568f0fc9e9211213a4fd2d9eb15c4e0 # v1.0.200', [
        'prompt: Review',
      ]),
    ),
  ],
  check: (facts) =>
    distinct(
      facts.runs.flatMap((run): readonly FindingDraft[] => {
        const { uses } = run.step;
        if (run.invocation.via !== 'action' || uses === undefined || !isMutable(uses)) return [];
        const fixes = pinFix(facts, uses);
        const how = uses.refKind === 'none' ? 'without a version' : `at ${uses.refKind} ${uses.ref ?? ''}`;
        return [
          {
            rule: 'SUP001',
            message: `${titleOf(run)} of job ${run.job.id} comes from ${uses.name} ${how}, which its owner can change`,
            detail: 'What runs tomorrow has the model key and the rights of this job; no review here sees it.',
            severity: weighed(uses),
            confidence: 'high',
            place: uses.place,
            subject: `${run.job.id} ${spelled(uses)}`,
            ...(fixes.length > 0 ? { fixes } : {}),
          },
        ];
      }),
    ),
};

/** What runs beside an agent or a model key, and where. */
interface Beside {
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly step: Step;
  readonly uses: Reference;
  readonly nested: boolean;
}

const BESIDE = new WeakMap<Facts, readonly Beside[]>();

/** Foreign actions in jobs that run an agent or hold a model key; the agents' own actions left out. */
function actionsBesideAgents(facts: Facts): readonly Beside[] {
  const known = BESIDE.get(facts);
  if (known !== undefined) return known;
  const agents = new Set(facts.runs.map(({ step }) => step));
  const jobs = new Set(facts.runs.map(({ job }) => job));
  const found = facts.pipelines.flatMap((pipeline) =>
    pipeline.jobs
      .filter((job) => jobs.has(job) || holdsModelKey(job))
      .flatMap((job) =>
        flatSteps(job.steps).flatMap((step): readonly Beside[] => {
          const { uses } = step;
          if (uses === undefined || agents.has(step) || !isMutable(uses)) return [];
          return [{ pipeline, job, step, uses, nested: !job.steps.includes(step) }];
        }),
      ),
  );
  BESIDE.set(facts, found);
  return found;
}

function holdsModelKey(job: Job): boolean {
  const inSteps = flatSteps(job.steps).some((step) =>
    secretsOfStep(step).some(({ class: kind }) => kind === 'model-key'),
  );
  return (
    inSteps ||
    job.environment.some(({ value }) =>
      value.interpolations.some(({ values }) =>
        values.some(({ name, origin }) => origin === 'secret' && credentialClass(name) === 'model-key'),
      ),
    )
  );
}

const PLACES = new WeakMap<Facts, ReadonlySet<string>>();

/** Places that SUP001, SUP002, SUP012 or SUP015 speak about. */
export function supplyPlaces(facts: Facts): ReadonlySet<string> {
  const known = PLACES.get(facts);
  if (known !== undefined) return known;
  const agents = facts.runs.flatMap(({ step }) => step.uses ?? []);
  const beside = actionsBesideAgents(facts).map(({ uses }) => uses);
  const called = remoteCalls(facts).map(({ reference }) => reference);
  const places = new Set([...agents, ...beside, ...called].map(({ place }) => keyOf(place)));
  PLACES.set(facts, places);
  return places;
}

export function keyOf({ file, span }: Place): string {
  return `${file} ${span.start}`;
}

/** Owners whose tags the forge itself guards; Azure's own tasks have no finer version than the major one. */
const FORGE_OWNERS =
  /^(?:(?:actions|github)\/|(?:UseNode|NodeTool|UsePythonVersion|UseDotNet|JavaToolInstaller|GoTool|Cache|Npm|NpmAuthenticate|PublishPipelineArtifact|DownloadPipelineArtifact|PublishBuildArtifacts|DownloadBuildArtifacts|PublishTestResults|PublishCodeCoverageResults|Bash|CmdLine|PowerShell|ShellScript|PythonScript|BatchScript|AzureCLI|AzurePowerShell|AzureKeyVault|AzureWebApp|AzureRmWebAppDeployment|ArchiveFiles|CopyFiles|DeleteFiles|ExtractFiles|DotNetCoreCLI|NuGetCommand|NuGetAuthenticate|MSBuild|VSBuild|VSTest|Docker|DockerCompose|Kubernetes|KubernetesManifest|HelmDeploy|Maven|Gradle|Ant|DownloadSecureFile|InstallSSHKey|CondaEnvironment|PipAuthenticate|TwineAuthenticate|MavenAuthenticate|CargoAuthenticate|UseRubyVersion|Delay|ManualValidation|InvokeRESTAPI)$)/i;

const SCANNER = actionStep('acme/scan-action@0.28.0', ['format: table']);

/** SUP002 */
export const unpinnedNeighbour: Rule = {
  ...SUP,
  id: 'SUP002',
  name: 'action-beside-agent-not-pinned',
  title: 'An action beside the agent is not pinned to a commit',
  what: 'A job that runs an agent or holds a model key uses another action by a branch or tag.',
  why: 'Every action of a job can read the memory of the runner and so the model key. A moved tag is enough: 76 of 77 tags of one scanner were moved to a stealer in March 2026.',
  sources: [
    'CVE-2025-30066',
    'trivy-action, March 2026: tags moved to a credential stealer',
    'zizmor documentation, unpinned-uses',
  ],
  severity: 'medium',
  confidence: 'high',
  fix: 'safe',
  advice: 'Name the full commit and keep the version in a comment.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: [workflow(`${SCANNER}\n${AGENT}`)],
  benign: [workflow(`${SCANNER.replace('0.28.0', '0123456789abcdef0123456789abcdef01234567 # 0.28.0')}\n${AGENT}`)],
  check: (facts) =>
    distinct(
      actionsBesideAgents(facts)
        .filter(({ nested }) => !nested)
        .map((one) => neighbour(facts, 'SUP002', one)),
    ),
};

function neighbour(facts: Facts, rule: string, { pipeline, job, uses }: Beside): FindingDraft {
  const agent = facts.runs.find((run) => run.job === job);
  const fixes = pinFix(facts, uses);
  const beside = agent === undefined ? 'a model key' : `${titleOf(agent)}`;
  const how = uses.refKind === 'none' ? 'without a version' : `at ${uses.refKind} ${uses.ref ?? ''}`;
  const inside = uses.place.file === pipeline.file.path ? '' : `, inside ${uses.place.file}`;
  const severity: Severity = FORGE_OWNERS.test(uses.name) ? 'low' : 'medium';
  return {
    rule,
    message: `${uses.name} runs ${how} beside ${beside} of job ${job.id}${inside}; its owner can change what it does`,
    severity,
    confidence: 'high',
    place: uses.place,
    subject: `${job.id} ${spelled(uses)}`,
    ...(agent === undefined
      ? {}
      : { related: [{ place: agent.invocation.place, message: `the agent: ${agent.invocation.spelled}` }] }),
    ...(fixes.length > 0 ? { fixes } : {}),
  };
}

const COMPOSITE = (ref: string) => ({
  file: '.github/actions/prepare/action.yml',
  text: `name: prepare\nruns:\n  using: composite\n  steps:\n    - uses: acme/cache-action@${ref}\n`,
});

/** SUP015 */
export const unpinnedInside: Rule = {
  ...SUP,
  id: 'SUP015',
  name: 'unpinned-inside-composite',
  title: 'An action is unpinned inside a composite that the agent’s job uses',
  what: 'A composite action of this repository, used in the job of an agent, itself uses an action by a branch or tag.',
  why: 'The job looks pinned; the part inside is not, and runs with the same secrets.',
  sources: ['CVE-2025-30066: reached through reviewdog/action-setup inside other actions'],
  severity: 'medium',
  confidence: 'high',
  fix: 'safe',
  advice: 'Pin what the composite uses, too.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: [workflow(`      - uses: ./.github/actions/prepare\n${AGENT}`), COMPOSITE('v2')],
  benign: [
    workflow(`      - uses: ./.github/actions/prepare\n${AGENT}`),
    COMPOSITE('0123456789abcdef0123456789abcdef01234567'),
  ],
  check: (facts) =>
    distinct(
      actionsBesideAgents(facts)
        .filter(({ nested }) => nested)
        .map((one) => neighbour(facts, 'SUP015', one)),
    ),
};

const CALL = (ref: string) => ({
  file: '.github/workflows/call.yml',
  text: `on: workflow_dispatch\npermissions: {}\njobs:\n  review:\n    uses: acme/pipelines/.github/workflows/claude-review.yml@${ref}\n`,
});

/** SUP012. On GitLab this is GL005, on Jenkins JK004, on Azure AZ005. */
export const remoteAgentWorkflow: Rule = {
  ...SUP,
  id: 'SUP012',
  name: 'remote-agent-workflow-not-pinned',
  title: 'A remote workflow with an agent is not pinned to a commit',
  what: 'A job calls a reusable workflow of another repository that runs an agent or gets a model key, by a branch or tag.',
  why: 'Prompts, tools, gates and permissions of the agent stand in that file. Whoever can change it there changes them here, with the secrets that are handed over.',
  sources: [
    'Seen: an issue comment calls a foreign workflow at a branch with all secrets',
    'GitHub documentation, "Reusing workflows"',
  ],
  severity: 'high',
  confidence: 'medium',
  fix: 'none',
  advice: 'Name the full commit of the called workflow.',
  tags: ['CWE-829', 'OWASP-CICD-SEC-3'],
  attack: [CALL('main')],
  benign: [CALL('0123456789abcdef0123456789abcdef01234567')],
  check: (facts) => remoteCalls(facts).map(({ job, reference }) => calledDraft(job, reference)),
};

function remoteCalls(facts: Facts): readonly { readonly job: Job; readonly reference: Reference }[] {
  return facts.pipelines
    .filter(({ platform }) => platform === 'github')
    .flatMap(({ jobs }) =>
      jobs.flatMap((job) => {
        const { calls } = job;
        if (calls === undefined || !isMutable(calls.reference)) return [];
        const { reference, secrets } = calls;
        const named = isNamedAfterAgent(reference);
        const keyed =
          secrets.mode === 'map' && secrets.entries.some(({ name }) => credentialClass(name) === 'model-key');
        return named || keyed ? [{ job, reference }] : [];
      }),
    );
}

function calledDraft(job: Job, reference: Reference): FindingDraft {
  return {
    rule: 'SUP012',
    message: `Job ${job.id} runs the agent of ${spelled(reference)}, which its owner can change`,
    severity: weighed(reference),
    confidence: 'medium',
    place: reference.place,
    subject: `${job.id} ${spelled(reference)}`,
  };
}

/** One finding for each place: two agents of a job share their neighbours. */
export function distinct(drafts: readonly FindingDraft[]): readonly FindingDraft[] {
  const seen = new Set<string>();
  return drafts.filter(({ rule, place }) => {
    const key = `${rule} ${keyOf(place)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
