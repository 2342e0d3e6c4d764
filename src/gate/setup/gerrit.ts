import type { SetupOptions } from './write-setup.ts';

/**
 * `project.config` on `refs/meta/config`: a label that only our account votes, a submit requirement on it, and a human
 * vote of nobody who uploaded, wrote or committed the patch set. No copy condition: a new patch set starts without votes
 * (gate reference 2.4).
 * @see https://gerrit-review.googlesource.com/Documentation/config-submit-requirements.html
 */
export function gerritSetup({ branches }: SetupOptions): string {
  const access = branches.flatMap((branch) => [
    `[access "refs/heads/${branch}"]`,
    '\tlabel-Sallyport = -1..+1 group Sallyport Gate',
    '\texclusiveGroupPermissions = label-Sallyport',
    '\tpush = block group Registered Users',
  ]);
  return `${[
    '# Goes into project.config on refs/meta/config. The group "Sallyport Gate" holds the account of the gate alone.',
    '[label "Sallyport"]',
    '\tfunction = NoBlock',
    '\tdefaultValue = 0',
    '\tvalue = -1 Blocked, or evidence is missing',
    '\tvalue = 0 Not judged',
    '\tvalue = +1 Passed',
    '[submit-requirement "Sallyport"]',
    '\tdescription = The gate has passed this very patch set',
    `\tapplicableIf = ${branches.map((branch) => `branch:refs/heads/${branch}`).join(' OR ')}`,
    '\tsubmittableIf = label:Sallyport=MAX AND -label:Sallyport=MIN',
    '\tcanOverrideInChildProjects = false',
    '[submit-requirement "Human-Review"]',
    '\tdescription = A person who neither uploaded nor wrote the change has approved it',
    '# A vote that is copied to a rebased patch set would count for its author, once somebody else has uploaded that one:',
    '# take changekind:TRIVIAL_REBASE out of the copyCondition of Code-Review. Gerrit before 3.8 knows non_uploader alone.',
    '\tsubmittableIf = label:Code-Review=MAX,user=non_contributor AND -label:Code-Review=MIN',
    '\tcanOverrideInChildProjects = false',
    ...access,
  ].join('\n')}\n`;
}
