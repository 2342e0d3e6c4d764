import type { Capabilities } from '../agents/index.ts';
import type { CredentialClass, Effect, Entry, Permissions, Step } from '../pipelines/index.ts';
import type { Place } from '../syntax/index.ts';
import { credentialClass } from './credential-class.ts';
import type { LocatedAgent } from './locate-agents.ts';
import type { AgentRun, Certainty, Credential } from './model.ts';
import { environmentOf, stepsOf } from './scope.ts';
import { traceText } from './trace.ts';

/** Everything secret that one agent, or a program it starts, may get at. Names only. */
export function readCredentials(
  agent: LocatedAgent,
  capabilities: Capabilities,
  tree: AgentRun['tree'],
  before: readonly Effect[],
): readonly Credential[] {
  const near = reachOf(capabilities);
  const found = [
    ...fromEnvironment(agent, near),
    ...fromInputs(agent, near),
    ...fromSettings(agent, near),
    ...fromOtherSteps(agent, capabilities),
    ...jobToken(agent, tree, { near, ofFiles: near === 'no' && capabilities.read === 'tree' ? 'unknown' : near }),
    ...identityToken(agent, capabilities),
    ...leftBehind(before, near),
    ...mounted(agent, near),
  ];
  return nearest(found);
}

/** What is in the agent's own environment: any program prints it, and a reader of `/proc` does. */
function reachOf({ execute, read }: Capabilities): Certainty {
  if (execute === 'any') return 'yes';
  return execute === 'listed' || read === 'everything' ? 'unknown' : 'no';
}

interface Found extends Credential {}

function credential(name: string, scope: Credential['scope'], reachable: Certainty, why: string, place: Place): Found {
  const kind = credentialClass(name);
  return {
    name: name.replace(/^secrets\./, ''),
    class: kind,
    scope,
    reachable,
    why,
    writes: writesByClass(kind),
    place,
  };
}

function writesByClass(kind: CredentialClass): Certainty {
  return kind === 'model-key' ? 'no' : 'unknown';
}

function secretsIn(entry: Entry, agent: LocatedAgent): readonly { readonly name: string; readonly place: Place }[] {
  return traceText(entry.value, agent.scope)
    .filter(({ origin }) => origin === 'secret')
    .map(({ name, place }) => ({ name, place }));
}

function fromEnvironment(agent: LocatedAgent, near: Certainty): readonly Found[] {
  return environmentOf(agent.scope).flatMap((entry) =>
    secretsIn(entry, agent).map(({ name }) =>
      credential(name, entry.level, near, `is in the agent's environment as ${entry.name}`, entry.keyPlace),
    ),
  );
}

function fromInputs(agent: LocatedAgent, near: Certainty): readonly Found[] {
  return agent.step.inputs.flatMap((entry) =>
    secretsIn(entry, agent).map(({ name }) =>
      credential(name, 'step', near, `is given to the agent as ${entry.name}`, entry.keyPlace),
    ),
  );
}

/**
 * Variables of a GitLab project are in the environment of each of its jobs; the scripts of the agent's own job tell
 * their names (GitLab documentation, "CI/CD variables"). A platform that has to hand them over names them elsewhere.
 */
function fromSettings({ pipeline, job }: LocatedAgent, near: Certainty): readonly Found[] {
  if (pipeline.platform !== 'gitlab') return [];
  const why = 'is a variable of the project, and so in the environment of its jobs';
  return job.steps.flatMap(({ run }) =>
    (run?.text.interpolations ?? []).flatMap(({ values, place }) =>
      values
        .filter(({ origin, name }) => origin === 'secret' && !name.startsWith('CI_'))
        .map(({ name }) => credential(name, 'job', near, why, place)),
    ),
  );
}

/** Secrets of sibling steps: gone from the environment, but the runner's memory held them. */
function fromOtherSteps(agent: LocatedAgent, { execute }: Capabilities): readonly Found[] {
  const own = new Set(agent.stepPath);
  const others = agent.job.steps.flatMap(stepsOf).filter((step) => !own.has(step));
  return others.flatMap((step) =>
    [...step.environment, ...step.inputs].flatMap((entry) =>
      secretsIn(entry, agent).map(({ name }) =>
        credential(
          name,
          'other-step',
          execute === 'any' ? 'unknown' : 'no',
          'is used by another step of this job',
          entry.keyPlace,
        ),
      ),
    ),
  );
}

/**
 * The job's own token: visible when it is handed over, left in `.git/config`, or part of the platform's environment.
 * Whoever may only read the tree reads `.git/config` too, unless its reader leaves `.git` out.
 */
function jobToken(
  agent: LocatedAgent,
  tree: AgentRun['tree'],
  { near, ofFiles }: { readonly near: Certainty; readonly ofFiles: Certainty },
): readonly Found[] {
  const { pipeline, job } = agent;
  const place = job.permissions?.place ?? job.place;
  const writes = tokenWrites(job.permissions ?? pipeline.permissions);
  if (pipeline.platform === 'gitlab') {
    // Without programs to run it reads no environment, only what lies on disk.
    const left = near === 'no' && tree.persistsCredentials !== 'no' && tree.place !== undefined;
    const token = left
      ? credential('CI_JOB_TOKEN', 'file', ofFiles, 'the checkout left it on disk for git', tree.place)
      : credential('CI_JOB_TOKEN', 'job', near, 'is in the environment of every GitLab job', job.place);
    return [{ ...token, writes: 'unknown' }];
  }
  if (tree.persistsCredentials === 'no' || tree.place === undefined) return [];
  return [
    {
      ...credential(
        pipeline.platform === 'azure' ? 'System.AccessToken' : 'GITHUB_TOKEN',
        'file',
        tree.persistsCredentials === 'yes' ? ofFiles : 'unknown',
        'the checkout left it on disk for git',
        tree.place,
      ),
      class: 'forge-token',
      writes,
      place: writes === 'yes' ? place : tree.place,
    },
  ];
}

/** What a token with these rights can change. Nothing written down: the repository's default, which may be write. */
export function tokenWrites(permissions: Permissions | undefined): Certainty {
  if (!permissions) return 'unknown';
  if (permissions.mode === 'write-all') return 'yes';
  if (permissions.mode !== 'map') return 'no';
  return permissions.scopes.some(({ access, name }) => access === 'write' && name !== 'id-token') ? 'yes' : 'no';
}

function identityToken({ job, pipeline }: LocatedAgent, { execute }: Capabilities): readonly Found[] {
  const permissions = job.permissions ?? pipeline.permissions;
  const scope = permissions?.scopes.find(({ name, access }) => name === 'id-token' && access === 'write');
  if (!scope) return [];
  return [
    {
      name: 'id-token',
      class: 'cloud',
      scope: 'mintable',
      reachable: execute === 'any' ? 'yes' : execute === 'listed' ? 'unknown' : 'no',
      why: 'any program of the job can ask for an identity token',
      writes: 'unknown',
      place: scope.place,
    },
  ];
}

/** Logins, written files and minted tokens of earlier steps. */
function leftBehind(before: readonly Effect[], near: Certainty): readonly Found[] {
  return before.flatMap((effect): Found[] => {
    if (effect.kind === 'login') {
      const why = 'an earlier step logged in, and the login stays on the machine';
      return [
        {
          name: `login to ${effect.to}`,
          class: effect.to,
          scope: 'file',
          reachable: near,
          why,
          writes: 'unknown',
          place: effect.place,
        },
      ];
    }
    if (effect.kind === 'write-secret-file') {
      const why = `an earlier step wrote ${effect.path}`;
      return [
        {
          name: effect.path,
          class: credentialClass(effect.path),
          scope: 'file',
          reachable: near,
          why,
          writes: 'unknown',
          place: effect.place,
        },
      ];
    }
    return [];
  });
}

function mounted({ job }: LocatedAgent, near: Certainty): readonly Found[] {
  const mounts = [job.container, ...job.services].flatMap((container) => container?.mounts ?? []);
  return mounts
    .filter(({ value }) =>
      /\.ssh|\.aws|\.claude|\.config\/gh|\.kube|docker\.sock|\.docker|\.npmrc|\.netrc|serviceaccount/.test(value),
    )
    .map(({ value, place }) => ({
      name: value,
      // The socket is no login to a registry: whoever asks it rules the machine.
      class: /docker\.sock/.test(value) ? ('other' as const) : credentialClass(value),
      scope: 'mount' as const,
      reachable: near,
      why: 'is mounted into the container of the job',
      writes: 'unknown' as const,
      place,
    }));
}

const NEARNESS: readonly Credential['scope'][] = ['step', 'job', 'pipeline', 'file', 'mount', 'mintable', 'other-step'];

/** Each name once, as near to the agent as it gets. */
function nearest(found: readonly Found[]): readonly Credential[] {
  const kept = new Map<string, Credential>();
  for (const one of found) {
    const known = kept.get(one.name);
    if (!known || NEARNESS.indexOf(one.scope) < NEARNESS.indexOf(known.scope)) kept.set(one.name, one);
  }
  return [...kept.values()];
}

/** Every secret a step names itself, for whoever asks about a step without an agent. */
export function secretsOfStep(
  step: Step,
): readonly { readonly name: string; readonly class: CredentialClass; readonly place: Place }[] {
  return [...step.environment, ...step.inputs].flatMap((entry) =>
    entry.value.interpolations.flatMap(({ values }) =>
      values
        .filter(({ origin }) => origin === 'secret')
        .map(({ name }) => ({
          name: name.replace(/^secrets\./, ''),
          class: credentialClass(name),
          place: entry.keyPlace,
        })),
    ),
  );
}
