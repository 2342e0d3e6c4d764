import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SallyportError } from '../../errors/index.ts';
import { type PolicyDocument, parsePolicy } from '../../policy/index.ts';
import { describeFileError, readFileWithin } from '../../system/index.ts';
import { repositoryMeant } from '../repository.ts';

const POLICY_FILE = 'sallyport.yaml';
/** What a help text says where no policy is named. */
export const OWN_POLICY = `policy file (default: ${POLICY_FILE} of the repository you are in)`;

/** The policy of the repository that we are in, as a path from here; whether it is there or not. */
export function ownPolicy(): string {
  return relative('.', join(repositoryMeant(undefined), POLICY_FILE));
}

/** The policy that is meant: the one that is named, or the repository's own where it has one. */
export function policyMeant(named: string | undefined): string | undefined {
  if (named !== undefined) return named;
  const own = ownPolicy();
  return existsSync(own) ? own : undefined;
}

/** A policy that a person named. @throws SallyportError SP1103 when it cannot be read, SP11xx for an error in it */
export function readPolicy(file: string): Promise<PolicyDocument> {
  return parsePolicy(readPolicyText(file), file);
}

/** The text of it. @throws SallyportError SP1103 when it cannot be read */
export function readPolicyText(file: string): string {
  try {
    return readFileWithin(file).toString('utf8');
  } catch (cause) {
    throw new SallyportError('SP1103', `${file}: ${describeFileError(cause)}`, { cause });
  }
}
