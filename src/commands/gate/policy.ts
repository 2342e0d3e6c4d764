import { SallyportError } from '../../errors/index.ts';
import { compilePolicy, type Policy, parsePolicy } from '../../policy/index.ts';
import type { SourceFile, SourceTree } from '../../syntax/index.ts';
import { readOwnFile } from '../../workspace/index.ts';
import { registriesHere } from '../policy/registries.ts';
import { readNamedFile } from './input.ts';

const POLICY_FILE = 'sallyport.yaml';

/**
 * The policy at the target: the change under test does not choose its own.
 * @param agent whose defaults hold where the file names none: the run's, so that its digest can be compared
 * @throws SallyportError SP1101 to SP1104, SP2703
 */
export async function readTargetPolicy(
  target: SourceTree,
  organisationFile: string | undefined,
  agent: string,
  now: number,
): Promise<Policy> {
  const file = readPolicyFile(target);
  const document = file && (await parsePolicy(file.text, file.path));
  const organisation =
    organisationFile === undefined
      ? undefined
      : await parsePolicy((await readNamedFile(organisationFile)).toString('utf8'), organisationFile);
  return await compilePolicy({ repository: document, organisation, agent, registries: registriesHere, now });
}

/**
 * The policy file at the target; `undefined` when there is none.
 * @throws SallyportError SP1103 when it is a link, or cannot be read
 */
export function readPolicyFile(target: SourceTree): SourceFile | undefined {
  const file = readOwnFile(target, POLICY_FILE);
  if (file === undefined || 'text' in file) return file;
  throw new SallyportError('SP1103', `${POLICY_FILE}: ${file.message}`);
}
