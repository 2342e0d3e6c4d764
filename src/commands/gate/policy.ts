import { SallyportError } from '../../errors/index.ts';
import { compilePolicy, type Policy, parsePolicy } from '../../policy/index.ts';
import type { SourceTree } from '../../syntax/index.ts';
import { registriesHere } from '../policy/registries.ts';
import { readNamedFile } from './input.ts';
import { readJudgeFile } from './judge-file.ts';

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
  const file = readJudgeFile(target, POLICY_FILE);
  if (file !== undefined && !('text' in file)) throw new SallyportError('SP1103', `${POLICY_FILE}: ${file.message}`);
  const document = file && (await parsePolicy(file.text, file.path));
  const organisation =
    organisationFile === undefined
      ? undefined
      : await parsePolicy((await readNamedFile(organisationFile)).toString('utf8'), organisationFile);
  return await compilePolicy({ repository: document, organisation, agent, registries: registriesHere, now });
}
