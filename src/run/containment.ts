import { existsSync, readFileSync, realpathSync } from 'node:fs';
import type { AgentLaunch } from '../agents/index.ts';
import type { NetworkGrant } from '../policy/index.ts';
import { type ProvidedFile, planSandbox, type ReadOnlyMount, type SandboxPlan } from '../sandbox/index.ts';
import { BROKER_PORT, brokerUrl, INNER_HOME, innerEnvironment, TRUST_BUNDLE } from './inner-environment.ts';
import { innerPath } from './inner-path.ts';
import { createJavaTrustStore } from './java-trust-store.ts';
import type { RunDirectory } from './run-directory.ts';
import type { Scene } from './scene.ts';
import { mountsOf } from './shown-paths.ts';

/** Where distributions keep the host's trust bundle. */
const HOST_BUNDLES = [TRUST_BUNDLE, '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'] as const;

/** The bundle inside when the run has an authority of its own: the host's with one more certificate. */
const RUN_BUNDLE = '/etc/sallyport/ca-bundle.pem';
/** The same for Java, which reads no PEM. */
const RUN_JAVA_BUNDLE = '/etc/sallyport/ca-bundle.jks';

export interface Containment {
  readonly plan: SandboxPlan;
  readonly launch: AgentLaunch;
  readonly notes: readonly string[];
}

/** The sandbox for this scene, as data: what the agent sees, under which limits, with which names. */
export function planContainment(
  scene: Scene,
  directory: RunDirectory,
  options: { readonly runId: string; readonly nonce: string; readonly authorityPem: string | undefined },
): Containment {
  const { policy, request } = scene;
  const launch = scene.adapter.launch(
    {
      command: scene.command,
      policy,
      workspace: request.workspace,
      home: INNER_HOME,
      baseUrl: brokerUrl(),
      placeholderKey: scene.model.placeholder,
      allowKnownVulnerable: request.allowVulnerableAgent,
      inherited: request.environment,
    },
    scene.version,
  );
  const visible = [...launch.readOnly, ...policy.workspace.readOnly];
  const path = innerPath(request.environment['PATH'] ?? '', visible);
  const shown = mountsOf({
    programs: [...launch.readOnly, ...path.mounts],
    named: policy.workspace.readOnly,
    copies: directory.programs,
    identity: scene.agentIdentity,
  });
  const trust = trustBundle(options.authorityPem);
  const placeholders = Object.fromEntries(scene.credentials.map(({ env, placeholder }) => [env, placeholder]));
  const plan = planSandbox({
    runId: options.runId,
    runDirectory: directory.path,
    lower: directory.lower,
    workspace: request.workspace,
    readOnly: [...shown, { source: directory.parked, target: PARKED_INSIDE, optional: true }],
    files: [...launch.files, ...trust.files],
    environment: {
      ...innerEnvironment({ path: path.path, trustBundle: trust.path, javaTrustStore: trust.javaPath, placeholders }),
      ...launch.environment,
    },
    command: launch.command,
    limits: policy.limits,
    identity: scene.agentIdentity,
    broker: { socket: directory.socket, nonce: options.nonce },
    brokerPort: BROKER_PORT,
    names: [...new Set(policy.network.map((grant) => grant.host))],
    ...capturedPorts(policy.network),
  });
  return { plan, launch, notes: [...launch.notes, ...copyNotes(shown), ...invisibleNotes(path.invisible)] };
}

/** A port at which some grant is for TLS counts as one for TLS: what is captured there cannot be told apart. */
function capturedPorts(grants: readonly NetworkGrant[]): Pick<SandboxPlan, 'ports' | 'plainPorts'> {
  const ports = [...new Set(grants.map((grant) => grant.port))];
  const secure = new Set(grants.filter((grant) => grant.protocol === 'https').map((grant) => grant.port));
  return { ports, plainPorts: ports.filter((port) => !secure.has(port)) };
}

/** Where the change's own versions of agent configuration can be read as data. */
const PARKED_INSIDE = '/mnt/sallyport-parked';

/** In place of the host's own: some clients (wget, whatever is built with GnuTLS) read that and no variable. */
function bundlePlace(host: string | undefined): string {
  // By its own name: a distribution may keep links to it at the places where clients look.
  const place = host === undefined ? RUN_BUNDLE : realpathSync(host);
  return place.startsWith('/etc/') ? place : RUN_BUNDLE;
}

function trustBundle(authorityPem: string | undefined): {
  readonly path: string | undefined;
  readonly javaPath: string | undefined;
  readonly files: readonly ProvidedFile[];
} {
  const host = HOST_BUNDLES.find((bundle) => existsSync(bundle));
  if (authorityPem === undefined) return { path: host, javaPath: undefined, files: [] };
  const content = `${host === undefined ? '' : readFileSync(host, 'utf8')}\n${authorityPem}`;
  const store = createJavaTrustStore(content).toString('base64');
  const path = bundlePlace(host);
  return {
    path,
    javaPath: RUN_JAVA_BUNDLE,
    files: [
      { path, content, mode: 0o444, writable: false },
      { path: RUN_JAVA_BUNDLE, content: store, encoding: 'base64', mode: 0o444, writable: false },
    ],
  };
}

function copyNotes(shown: readonly ReadOnlyMount[]): readonly string[] {
  const copied = shown.filter(({ source, target }) => source !== target).map(({ target }) => target);
  return copied.map((path) => `${path} was copied for the agent, whose user may not read it where it is.`);
}

function invisibleNotes(entries: readonly string[]): readonly string[] {
  if (entries.length === 0) return [];
  return [
    `On PATH here but not inside: ${entries.join(', ')}. Name what the agent needs of it under workspace.readOnly.`,
  ];
}
