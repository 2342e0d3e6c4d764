import { SallyportError } from '../../errors/index.ts';
import { type PolicyDocument, parsePolicy } from '../../policy/index.ts';
import { describeFileError, readFileWithin } from '../../system/index.ts';

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
