import { type AgentAdapter, adapterFor, resolveCommand } from '../agents/index.ts';
import { type Policy, readModelAddress } from '../policy/index.ts';
import { type Clock, type RandomBytes, readTextIfAny } from '../system/index.ts';
import { createSentinel, type KnownSecret, lookAlike, type SecretSentinel } from '../text/index.ts';
import type { BrokerCredential } from './broker-messages.ts';
import { agentIdentity, type Identity } from './identity.ts';
import { knownSecrets, readCredentials } from './known-secrets.ts';
import { modelPlaceholder } from './placeholder.ts';
import { compileSource } from './policy-compilation.ts';
import { type BaseOfRun, type PolicySource, readNamedFile, readPolicySource } from './policy-source.ts';
import type { RunRequest } from './request.ts';
import { placeNotes, realWorkspace } from './workspace-place.ts';

/** Where the model provider is when neither the policy nor the job says otherwise. */
const PROVIDER = 'https://api.anthropic.com';

/** Everything that is settled before anything is started: who runs, on what, under which policy, with which keys. */
export interface Scene {
  readonly request: RunRequest;
  readonly adapter: AgentAdapter;
  /** The agent's program as it was found on this host, and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly version: string | undefined;
  readonly source: PolicySource;
  readonly policy: Policy;
  readonly origins: readonly string[];
  readonly base: BaseOfRun;
  readonly model: {
    readonly upstream: string;
    readonly realKey: string | undefined;
    readonly placeholder: string;
    readonly caPem: string | undefined;
  };
  /** PEM of each authority that the policy names for a host, by its path. */
  readonly roots: { readonly [file: string]: string };
  readonly credentials: readonly (BrokerCredential & { readonly env: string })[];
  readonly secrets: readonly KnownSecret[];
  /** Watches for those secrets in everything the supervisor reads or hands out. */
  readonly sentinel: SecretSentinel;
  readonly agentIdentity: Identity | undefined;
  readonly notes: readonly string[];
}

/** Reads and decides; starts nothing and writes nothing. Every mistake in the request ends here, with one clear line. */
export async function setScene(asked: RunRequest, clock: Clock, random: RandomBytes): Promise<Scene> {
  const request = { ...asked, workspace: realWorkspace(asked.workspace) };
  const { environment } = request;
  const command = resolveCommand(request.command, { path: environment['PATH'] ?? '', directory: process.cwd() });
  const adapter = adapterFor(command);
  const [version, { source, base, origins }] = await Promise.all([
    adapter.installedVersion(command[0]),
    readPolicySource(request, adapter.id, clock.now()),
  ]);
  const policy = await compileSource(source);
  const { found, missing } = readCredentials(policy.secrets, environment, readTextIfAny);
  const credentials = found.map(({ grant, real }) => ({
    name: grant.name,
    env: grant.env,
    placeholder: lookAlike(real, random),
    real,
    hosts: grant.hosts,
    header: grant.header,
  }));
  const upstream = policy.model.upstream ?? environment['ANTHROPIC_BASE_URL'] ?? PROVIDER;
  readModelAddress(upstream);
  const realKey = environment[policy.model.keyEnv] || undefined;
  const granted = [
    ...(realKey === undefined ? [] : [{ name: policy.model.keyEnv, value: realKey }]),
    ...credentials.map(({ name, real }) => ({ name, value: real })),
  ];
  const secrets = knownSecrets(granted, environment);
  return {
    request,
    adapter,
    command,
    version,
    source,
    policy,
    origins,
    base,
    model: {
      upstream,
      realKey,
      placeholder: modelPlaceholder(realKey, random),
      caPem: policy.model.caFile === undefined ? undefined : readNamedFile(policy.model.caFile),
    },
    roots: Object.fromEntries(
      policy.network.flatMap(({ caFile }) => (caFile === undefined ? [] : [[caFile, readNamedFile(caFile)]])),
    ),
    credentials,
    secrets,
    sentinel: createSentinel(secrets),
    agentIdentity: agentIdentity(request.workspace, environment),
    notes: [
      ...placeNotes(request.workspace, process.cwd()),
      ...notesOf(missing, adapter.dialect === undefined ? undefined : policy, environment),
    ],
  };
}

function notesOf(
  missing: readonly string[],
  /** Undefined when the agent does not speak to the model that the broker serves. */
  policy: Policy | undefined,
  environment: RunRequest['environment'],
): readonly string[] {
  const notes = missing.map(
    (name) => `The credential ${name} is granted but not on this host; requests that need it will fail.`,
  );
  if (policy === undefined) return notes;
  if (policy.model.upstream === undefined && environment['ANTHROPIC_BASE_URL'] !== undefined) {
    notes.push(`Model requests go to ${environment['ANTHROPIC_BASE_URL']}, as the environment of the job says.`);
  }
  return notes;
}
