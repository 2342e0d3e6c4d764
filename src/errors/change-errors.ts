import type { ErrorEntry } from './error-entry.ts';

/** Errors on the way of a change to its merge: review, forges, attestations, approvals, gate. Part of the one table. */
export const CHANGE_ERRORS = {
  // 23xx review
  SP2301: {
    title: 'a catalogue file is wrong',
    exit: 2,
    advice: 'Mend the row; docs/formats/catalogue.md describes the fields.',
  },
  SP2302: {
    title: 'there is nothing to compare with',
    exit: 2,
    advice: 'Name the base with --base, or review everything with --all.',
  },
  SP2303: {
    title: 'the model has no key',
    exit: 2,
    advice: 'Set it in the environment, or leave out --model: the engine needs none.',
  },
  SP2304: {
    title: 'the result of a scanner cannot be read',
    exit: 2,
    advice: 'Name a file of SARIF 2.1.0, or the JSON of Bandit or gitleaks.',
  },
  SP2305: {
    title: 'there is no such finding',
    exit: 2,
    advice:
      'List them with `sallyport review --all --format json`; eight or more characters of a fingerprint are enough.',
  },
  SP2306: {
    title: 'the patch cannot be used',
    exit: 2,
    advice: 'Make it with `git diff` against the commit that is to be mended.',
  },
  SP2307: {
    title: 'the calibration cannot be used',
    exit: 2,
    advice: 'Make the table with `sallyport review calibrate`; docs/review.md describes the records.',
  },
  SP2308: {
    title: 'the analysis of the code did not come to its end',
    exit: 3,
    advice: 'Nothing of it counts as analysed. Exclude the largest files in the policy, or review a smaller change.',
  },
  // 25xx attestations
  SP2501: {
    title: 'the trust store is not valid',
    exit: 2,
    advice: 'docs/attestations.md shows one with every kind of key.',
  },
  SP2502: {
    title: 'the signing key cannot be used',
    exit: 2,
    advice: 'Name a P-256 key in PEM, or an OpenSSH key (Ed25519, P-256), without passphrase.',
  },
  SP2503: {
    title: 'a statement could not be signed',
    exit: 3,
    advice: 'Nothing was written. Try again; docs/attestations.md says what each way of signing needs.',
  },
  SP2504: {
    title: 'there is no change to attest or to verify',
    exit: 2,
    advice: 'Name a base that the commit goes on from.',
  },
  SP2505: {
    title: 'the evidence does not belong to the change',
    exit: 1,
    advice: 'Nothing was written. Name the commit that holds exactly what the run, review or gate looked at.',
  },
  SP2506: {
    title: 'evidence cannot be read',
    exit: 2,
    advice: 'docs/attestations.md says which files are expected.',
  },
  SP2507: {
    title: 'there is no trust store at the protected ref',
    exit: 2,
    advice: 'Commit one on the protected branch: `sallyport approve --enrol --as NAME --key FILE.pub` prints it.',
  },
  // 24xx forges
  SP2401: {
    title: 'the address of the forge is not usable',
    exit: 2,
    advice: 'Give the https address of its API, without credentials, query or fragment.',
  },
  SP2402: {
    title: 'what is needed to talk to the forge is missing',
    exit: 2,
    advice: 'docs/posting.md lists the variables and flags of each CI system.',
  },
  SP2403: {
    title: 'the forge refuses the token',
    exit: 3,
    advice: 'Give the job the permissions that docs/posting.md lists.',
  },
  SP2404: {
    title: 'the forge does not have it',
    exit: 3,
    advice: 'Check repository and number; a token without the right to read is told the same.',
  },
  SP2405: {
    title: 'the forge cannot be reached',
    exit: 3,
    advice: 'Run the job again later.',
  },
  SP2406: {
    title: 'the forge answers what cannot be used',
    exit: 3,
    advice: 'Check the address of its API; run again with --debug when it is right.',
  },
  SP2407: {
    title: 'the change has moved',
    exit: 3,
    advice: 'Nothing was posted. The pipeline of the newer commit will post its own verdict.',
  },
  SP2408: {
    title: 'the posting bundle is not valid',
    exit: 3,
    advice: 'Nothing was posted. Write it again with --bundle; docs/formats/posting-bundle.md has its format.',
  },
  SP2409: {
    title: 'the posting bundle cannot be read',
    exit: 2,
    advice: 'Name the file that the analysis job wrote with --bundle.',
  },
  SP2410: {
    title: 'this job may not write to the forge',
    exit: 3,
    advice:
      'Post in a second job with rights that takes the bundle and no code of the change; docs/posting.md has one.',
  },
  SP2411: {
    title: 'no request was opened',
    exit: 3,
    advice: 'The forge must have the commit that is mended and the branch must be free; docs/review.md has an example.',
  },
  // 26xx approvals
  SP2601: {
    title: 'the key is no approver of this repository',
    exit: 2,
    advice: 'Have it added to .sallyport/trust.yaml on the protected branch; docs/approvals.md shows how.',
  },
  SP2602: {
    title: 'the approval could not be signed',
    exit: 2,
    advice: 'Check the key file and the agent: `ssh-keygen -Y sign -n test -f KEY` must work.',
  },
  SP2603: {
    title: 'the approval was not confirmed',
    exit: 1,
    advice: 'Answer on a terminal, or read what --preview prints and start again with --yes.',
  },
  SP2604: {
    title: 'a reason is needed',
    exit: 2,
    advice: 'Say with --reason why this change is right.',
  },
  SP2605: {
    title: 'the approval page cannot be served',
    exit: 2,
    advice: 'A passkey belongs to one port of this machine: end the program that uses it, or enrol another passkey.',
  },
  SP2606: {
    title: 'nobody approved on the page',
    exit: 1,
    advice: 'Start again; the page stays open for a few minutes only.',
  },
  SP2607: {
    title: 'there is no passkey to approve with',
    exit: 2,
    advice: 'Enrol one with `sallyport approve --enrol`, or sign with --key.',
  },
  SP2609: {
    title: 'the approval could not be stored',
    exit: 2,
    advice: 'Name a file that can be written with --output.',
  },
  SP2608: {
    title: 'the signed approval is not valid',
    exit: 2,
    advice: 'Nothing was stored. The message says which check it failed.',
  },
  // 27xx gate
  SP2701: {
    title: 'there is no change to judge',
    exit: 2,
    advice: 'Name the target with --base, and the change with HEAD, --patch or --working-tree.',
  },
  SP2702: {
    title: 'the patch does not apply to the target',
    exit: 3,
    advice: 'Make the patch again on the target as it is now.',
  },
  SP2703: {
    title: 'a file of evidence cannot be used',
    exit: 2,
    advice: 'Look at its name; docs/gate.md says which files are expected.',
  },
  SP2704: {
    title: 'the output cannot be written',
    exit: 2,
    advice: 'Name a file in a folder that is there and can be written to.',
  },
} as const satisfies Record<string, ErrorEntry>;
