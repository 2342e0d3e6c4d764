import { type AuditPolicy, allRules, type PolicySource, readAuditPolicy } from '../../audit/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { BASELINE_FILE, readBaseline, type SuppressionEntry } from '../../findings/index.ts';
import { parsePolicy } from '../../policy/index.ts';
import type { SourceFile, SourceTree } from '../../syntax/index.ts';
import { describeFileError, errorCode, readFileWithin } from '../../system/index.ts';
import { readOwnFile } from '../../workspace/index.ts';

const POLICY_FILE = 'sallyport.yaml';
const NO_BASELINE = 'Name an existing baseline, or write one: `sallyport audit --write-baseline FILE --reason …`.';

/** Where acceptances and demands are read from: never from the change that is judged. */
export interface Trusted {
  readonly tree: SourceTree;
  /** The ref of a base; undefined for the work tree. */
  readonly ref: string | undefined;
}

/**
 * What the repository's policy and the organisation's say about an audit.
 * @throws SallyportError SP1101 when a policy is not valid, SP1103 when one cannot be read, SP2104 for an unknown rule
 */
export async function readPolicies(trusted: Trusted, organisationFile: string | undefined): Promise<AuditPolicy> {
  const own = trustedFile(trusted, POLICY_FILE);
  const repository = own && (await sourceOf(own));
  const organisation =
    organisationFile === undefined
      ? undefined
      : await sourceOf({ path: organisationFile, text: await readText(organisationFile) });
  return readAuditPolicy({ repository, organisation }, allRules());
}

/**
 * Accepted findings: of the file that was named, else of the one that stands in the trusted tree.
 * @throws SallyportError SP2001 when it is not valid, SP1103 when the named one cannot be read
 */
export async function readBaselineOf(
  trusted: Trusted,
  named: string | undefined,
): Promise<readonly SuppressionEntry[]> {
  if (named !== undefined) return readBaseline({ path: named, text: await readText(named, NO_BASELINE) });
  const file = trustedFile(trusted, BASELINE_FILE);
  return file ? readBaseline(file) : [];
}

/** The file of this name; undefined when there is none. @throws SallyportError SP1103 when it cannot be read */
export async function readNamed(path: string): Promise<SourceFile | undefined> {
  try {
    return { path, text: readFileWithin(path).toString('utf8') };
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw new SallyportError('SP1103', `${path}: ${describeFileError(cause)}`, { cause });
  }
}

async function sourceOf(file: SourceFile): Promise<PolicySource> {
  return { document: await parsePolicy(file.text, file.path), file };
}

/** A link, or a file that cannot be read, is an error: what it accepts or demands must not be lost in silence. */
export function trustedFile({ tree, ref }: Trusted, path: string): SourceFile | undefined {
  const file = readOwnFile(tree, path);
  if (file === undefined) return undefined;
  if (!('text' in file)) throw new SallyportError('SP1103', `${path}: ${file.message}`);
  return ref === undefined ? file : { path: `${path}@${ref}`, text: file.text };
}

async function readText(path: string, advice?: string): Promise<string> {
  const file = await readNamed(path);
  if (file) return file.text;
  throw new SallyportError('SP1103', `${path}: there is no such file`, { advice });
}
