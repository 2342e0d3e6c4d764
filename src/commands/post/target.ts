import { SallyportError } from '../../errors/index.ts';
import {
  type Environment,
  type ForgeAccess,
  type ForgeName,
  findToken,
  type PipelineContext,
  tokenNames,
} from '../../forges/index.ts';

/** What a person said about where to post. */
export interface TargetFlags {
  readonly forge?: ForgeName;
  readonly api?: string;
  readonly repository?: string;
  readonly number?: number;
  /** Full name of a commit, where there is no request. */
  readonly commit?: string;
}

export interface PostingTarget {
  readonly forge: ForgeName;
  readonly repository: string;
  readonly number: number | undefined;
  /** The commit that the job is about; undefined where it has none in this repository. */
  readonly headCommit: string | undefined;
  /** The branch that a queue of merges is for; undefined in every other job. */
  readonly targetBranch: string | undefined;
}

/**
 * Where to post: flags first, then what the environment of the job says. The bundle has no say in it.
 * @throws SallyportError SP2402 when neither tells
 */
export function chooseTarget(flags: TargetFlags, context: PipelineContext | undefined): PostingTarget {
  const forge = flags.forge ?? context?.forge;
  if (forge === undefined)
    throw new SallyportError('SP2402', 'it is not known which forge to post to', { advice: 'Name it with --forge.' });
  const repository = flags.repository ?? context?.repository;
  if (repository === undefined)
    throw new SallyportError('SP2402', 'it is not known which repository to post to', {
      advice: 'Name it with --repository.',
    });
  // The number and the commit of one repository mean nothing in another.
  const isSame = flags.repository === undefined || flags.repository === context?.repository;
  const own = isSame ? context : undefined;
  return {
    forge,
    repository,
    number: flags.number ?? own?.number,
    headCommit: flags.commit ?? own?.headCommit,
    targetBranch: own?.event === 'merge_group' ? own.targetBranch : undefined,
  };
}

/**
 * Address and token for a forge.
 * @throws SallyportError SP2402 when one is missing; it names the variables that were looked at
 */
export function chooseAccess(
  forge: ForgeName,
  flags: TargetFlags,
  context: PipelineContext | undefined,
  environment: Environment,
): ForgeAccess {
  const own = context?.forge === forge ? context.apiUrl : undefined;
  const apiUrl = flags.api ?? own ?? (forge === 'github' ? 'https://api.github.com' : undefined);
  if (apiUrl === undefined)
    throw new SallyportError('SP2402', `the address of the ${forge} API is not known`, {
      advice: 'Give it with --api.',
    });
  const found = findToken(environment, forge);
  if (found === undefined)
    throw new SallyportError('SP2402', `there is no token for ${forge}`, {
      advice: `Set one of ${tokenNames(forge).join(', ')}.`,
    });
  return { forge, apiUrl, token: found.token, tokenKind: found.kind };
}
