import { SallyportError } from '../errors/index.ts';
import {
  type NetworkGrant,
  type PolicyDocument,
  parsePolicy,
  type RegistryKind,
  resolveRegistries,
} from '../policy/index.ts';
import { describeFileError, readFileWithin, readTextIfAny } from '../system/index.ts';
import { type BaseFile, IS_A_LINK, readBaseFile } from '../workspace/index.ts';
import { findBaseRef } from './base-ref.ts';
import type { RunRequest } from './request.ts';

/** The policy's name in a repository. */
const POLICY_FILE = 'sallyport.yaml';

/** A run's policy as data: supervisor, broker and airlock each compile the very same. */
export interface PolicySource {
  readonly agent: string;
  readonly organisation: PolicyDocument | undefined;
  readonly repository: PolicyDocument | undefined;
  readonly workspaceRoot: string;
  /** Hosts of the registry kinds the policy names, from this machine's package clients. */
  readonly registries: { readonly [kind in RegistryKind]?: readonly NetworkGrant[] };
  /** Milliseconds since the epoch at which dated rules are judged, one moment for the whole run. */
  readonly now: number;
}

export interface BaseOfRun {
  /** The ref that answered; undefined where there is no git, or no commit yet. */
  readonly ref: string | undefined;
  /** How the base was found, for the report. */
  readonly origin: string;
  readonly commit: string | undefined;
}

export interface PolicyReading {
  readonly source: PolicySource;
  readonly base: BaseOfRun;
  readonly origins: readonly string[];
}

/**
 * Reads the policy where the change under test cannot write: from a file the operator named, else from the protected
 * ref. Throws SP1705 when that ref is asked for and cannot be read, SP1103 for a link in its place, SP11xx for an error
 * in the policy.
 */
export async function readPolicySource(request: RunRequest, agent: string, now: number): Promise<PolicyReading> {
  const wanted = findBaseRef(request.base, request.environment);
  const found = await readBaseFile(request.workspace, wanted.candidates, POLICY_FILE);
  if (!found && wanted.required) {
    const names = wanted.candidates.join(' or ');
    throw new SallyportError('SP1705', `${names} cannot be read in ${request.workspace} (from ${wanted.origin})`);
  }
  const organisation = request.organisationFile === undefined ? undefined : await parseFile(request.organisationFile);
  const repository = await readRepositoryPolicy(request.policyFile, found);
  const own =
    request.policyFile ?? (repository && found ? `${POLICY_FILE} at ${found.ref}` : `built-in default for ${agent}`);
  return {
    source: {
      agent: repository?.agent ?? agent,
      organisation,
      repository,
      workspaceRoot: request.workspace,
      registries: readRegistries([organisation, repository], request.environment),
      now,
    },
    base: { ref: found?.ref, origin: wanted.origin, commit: found?.commit },
    origins: organisation ? [`organisation ${request.organisationFile}`, own] : [own],
  };
}

async function readRepositoryPolicy(
  named: string | undefined,
  found: BaseFile | undefined,
): Promise<PolicyDocument | undefined> {
  if (named !== undefined) return parseFile(named);
  if (found?.isLink) throw new SallyportError('SP1103', `${found.ref}:${POLICY_FILE}: ${IS_A_LINK}`);
  return found?.text === undefined ? undefined : parsePolicy(found.text, `${found.ref}:${POLICY_FILE}`);
}

async function parseFile(path: string): Promise<PolicyDocument> {
  return parsePolicy(readNamedFile(path), path);
}

/** A file that the operator or the policy names; throws SP1708 when it cannot be read. */
export function readNamedFile(path: string): string {
  try {
    return readFileWithin(path).toString('utf8');
  } catch (cause) {
    throw new SallyportError('SP1708', `${path}: ${describeFileError(cause)}`, { cause });
  }
}

function readRegistries(
  documents: readonly (PolicyDocument | undefined)[],
  environment: RunRequest['environment'],
): PolicySource['registries'] {
  const named = new Set(
    documents
      .flatMap((document) => document?.rules.network ?? [])
      .flatMap(({ target }) => (target.kind === 'registry' ? [target.registry] : [])),
  );
  return Object.fromEntries([...named].map((kind) => [kind, resolveRegistries([kind], readTextIfAny, environment)]));
}
