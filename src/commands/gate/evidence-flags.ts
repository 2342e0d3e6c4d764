import type { Command } from 'commander';
import type { ForgeReviewRecord } from '../../attest/index.ts';
import { SallyportError } from '../../errors/index.ts';
import { askForge, readForgeReviews } from './forge-reviews.ts';
import type { AskedEvidence } from './gather.ts';
import { readNamedFile, secretOf } from './input.ts';

/** The flags by which a person hands in evidence; the same for every command that judges a change. */
export interface EvidenceFlags {
  readonly targetRef?: string;
  readonly branch?: string;
  readonly run: readonly string[];
  readonly trust?: string;
  readonly findings: readonly string[];
  readonly approvals?: string;
  readonly askForge: boolean;
  readonly reviews?: string;
  readonly requestedBy?: string;
  readonly lastPusher?: string;
  readonly agentAccount: readonly string[];
  readonly organisation?: string;
  readonly secretEnv: readonly string[];
  readonly bundle?: string;
  readonly bundleKey?: string;
}

export function addEvidenceOptions(command: Command): Command {
  return command
    .option('--target-ref <name>', 'full name of the target for statements, where --base is an id')
    .option('--branch <name>', 'name of the branch (default: those that stand at the commit)')
    .option('--run <directory...>', 'out directory of a contained run that made the change', [])
    .option('--trust <file>', 'trust policy for ledgers: whose logs and witnesses count')
    .option('--findings <file...>', 'a review as JSON, or SARIF of another scanner', [])
    .option('--approvals <directory>', 'signed approvals beside those in refs/sallyport/attestations')
    .option('--ask-forge', 'ask the forge of this job who reviewed; whether that counts says the policy', false)
    .option('--reviews <file>', 'what the forge said to an earlier `gate --ask-forge --format json`')
    .option('--requested-by <login>', 'who asked for the change; never counts as an approval')
    .option('--last-pusher <login>', 'who pushed last; never counts as an approval')
    .option('--agent-account <login...>', 'accounts that agents act under; none counts as an approval', [])
    .option('--organisation <file>', "the organisation's policy, which the repository's can only tighten")
    .option('--secret-env <name...>', 'variables whose values must not be in the change, in any encoding', [])
    .option('--bundle <file>', 'write what `sallyport post` posts in a job with rights')
    .option('--bundle-key <file>', 'sign the bundle with this private key (PKCS#8); the signature is FILE.sig');
}

/**
 * What was handed in, without the change itself.
 * @throws SallyportError SP1001 for a secret that is not set, SP2703 for a file that cannot be read, SP24xx when the
 * forge was to be asked and does not answer
 */
export async function evidenceOf(
  flags: EvidenceFlags,
): Promise<Omit<AskedEvidence, 'base' | 'head' | 'patch' | 'workingTree'>> {
  const { targetRef, branch, findings, approvals, requestedBy, lastPusher, organisation } = flags;
  if (flags.askForge && flags.reviews !== undefined)
    throw new SallyportError('SP1001', '--ask-forge and --reviews exclude each other');
  return {
    forge: await forgeOf(flags),
    ...{ targetRef, branch, findings, approvals, requestedBy, lastPusher, organisation },
    runs: flags.run,
    trust: flags.trust === undefined ? undefined : (await readNamedFile(flags.trust)).toString('utf8'),
    agents: flags.agentAccount,
    secrets: flags.secretEnv.map((name) => ({ name, value: secretOf(name) })),
  };
}

async function forgeOf({ askForge: asked, reviews }: EvidenceFlags): Promise<ForgeReviewRecord | undefined> {
  if (asked) return askForge(process.env);
  return reviews === undefined ? undefined : readForgeReviews(reviews);
}
