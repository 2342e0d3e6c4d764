/**
 * Every error a person can meet, as data: a stable code, a title, and the exit code of the command that stops on it.
 * `docs/errors.md` is generated from this table. Add a row in the block of your room; never reuse a code.
 *
 * Exit codes: 1 blocked by findings or policy · 2 usage or configuration · 3 incomplete · 4 internal.
 */
export interface ErrorEntry {
  readonly title: string;
  readonly exit: 1 | 2 | 3 | 4;
  /** What to do about it, when the thrower has nothing more specific to say. */
  readonly advice: string;
}

export const ERRORS = {
  // 10xx the face
  SP1001: { title: 'unknown or malformed command line', exit: 2, advice: 'Run `sallyport --help`.' },
  SP1003: { title: 'no usable Node.js', exit: 2, advice: 'Install Node.js 24 or newer.' },
  SP1002: { title: 'internal error', exit: 4, advice: 'Run again with --debug and report the output.' },
  // 11xx policy
  SP1101: {
    title: 'the policy is not valid',
    exit: 2,
    advice: 'See docs/policy.md, or run `sallyport policy schema`.',
  },
  SP1102: { title: 'a policy expression is not valid', exit: 2, advice: 'docs/policy.md lists what `when:` may say.' },
  SP1103: { title: 'the policy file cannot be read', exit: 2, advice: 'Name an existing file.' },
  SP1104: {
    title: 'a package registry is not configured',
    exit: 2,
    advice: 'Configure the package client, or name the host.',
  },
  // 12xx sandbox
  SP1201: {
    title: 'sandbox plan is not possible',
    exit: 2,
    advice: 'Name absolute paths outside the system directories.',
  },
  SP1202: {
    title: 'sandbox cannot start on this host',
    exit: 3,
    advice: 'Run `sallyport doctor`; it names what is missing.',
  },
  SP1203: {
    title: 'sandbox is not proven',
    exit: 3,
    advice: 'Nothing was started. Run `sallyport doctor` for the checks that failed.',
  },
  SP1204: { title: 'airlock failed', exit: 3, advice: 'Run `sallyport doctor`; run again with --debug.' },
  // 13xx workspace
  SP1301: {
    title: 'workspace cannot be staged',
    exit: 2,
    advice: 'Name a directory that can be read with --workspace.',
  },
  SP1302: {
    title: 'base ref cannot be read',
    exit: 2,
    advice: 'Fetch it first (`git fetch origin BRANCH`) or name another with --base.',
  },
  SP1303: {
    title: 'workspace exceeds a limit',
    exit: 2,
    advice: 'Start in a smaller checkout, or remove generated files from it.',
  },
  SP1304: {
    title: 'git directory of the workspace is not usable',
    exit: 2,
    advice: 'Clone the repository afresh; a restored or borrowed git directory is not trusted.',
  },
  SP1305: {
    title: 'git failed',
    exit: 4,
    advice: 'Check that git 2.39 or later is installed and the repository is whole.',
  },
  SP1306: {
    title: 'baseline of the workspace is damaged',
    exit: 4,
    advice: 'Run again; the change cannot be computed.',
  },
  SP1307: {
    title: 'the files to look at cannot be read',
    exit: 2,
    advice: 'Name a directory that can be read.',
  },
  SP1308: {
    title: 'there is no such commit',
    exit: 2,
    advice: 'Name a commit, branch or tag that this clone holds; fetch it first when it does not.',
  },
  SP1309: {
    title: 'the branch cannot be made',
    exit: 2,
    advice: 'Name one that is free with --branch.',
  },
  // 14xx broker
  SP1401: {
    title: 'the model upstream is not usable',
    exit: 2,
    advice: 'Give `model.upstream` an http or https address without query, fragment or credentials.',
  },
  SP1402: {
    title: 'the broker cannot listen',
    exit: 3,
    advice: 'Check that the temporary directory is writable and its path short: a socket path has at most 107 bytes.',
  },
  // 15xx ledger
  SP1501: {
    title: 'no ledger at this place',
    exit: 2,
    advice: 'Name a directory that holds `events.ndjson`, or an out directory with `ledger/`.',
  },
  SP1502: {
    title: 'the ledger cannot be written',
    exit: 3,
    advice: 'Free disk space or choose another --out; nothing acknowledged was lost.',
  },
  SP1503: {
    title: 'a record that the ledger cannot carry',
    exit: 4,
    advice: 'Commit to large content instead of naming it in the record.',
  },
  SP1504: { title: 'the ledger is closed', exit: 4, advice: 'Nothing can be added after the final record.' },
  SP1505: { title: 'the trust policy cannot be read', exit: 2, advice: 'See docs/formats/ledger.md for its lines.' },
  SP1506: {
    title: 'the remembered checkpoint cannot be used',
    exit: 2,
    advice: 'Give a checkpoint file that was kept outside the log.',
  },
  SP1507: {
    title: 'there is already a ledger',
    exit: 2,
    advice: 'Choose another output directory; a ledger is written once.',
  },
  SP1508: {
    title: 'committed content cannot be opened',
    exit: 2,
    advice: 'Its salt or its blob was erased or changed; the proofs are not affected.',
  },
  // 16xx agents
  SP1601: { title: 'agent program not found', exit: 2, advice: 'Install it, or give its absolute path after `--`.' },
  SP1602: {
    title: 'agent version has known holes',
    exit: 2,
    advice: 'Update the agent, or pass --allow-vulnerable-agent to run it all the same.',
  },
  SP1603: {
    title: 'agent command line cannot be contained',
    exit: 2,
    advice: 'Leave the flag out; docs/agents.md lists the flags that are kept.',
  },
  SP1604: {
    title: 'agent installation is incomplete',
    exit: 2,
    advice: 'Install the agent again with its optional dependencies.',
  },
  // 17xx run
  SP1701: {
    title: 'the output directory cannot be used',
    exit: 2,
    advice: 'Name an empty or absent directory with --out.',
  },
  SP1702: {
    title: 'the broker could not start',
    exit: 3,
    advice: 'Nothing was run. Check that the temporary directory is writable and run `sallyport doctor`.',
  },
  SP1703: {
    title: 'the isolation could not be proven',
    exit: 3,
    advice: 'Nothing was run. Run `sallyport doctor`; it says which part of the sandbox does not hold on this host.',
  },
  SP1704: { title: 'the agent was not found', exit: 2, advice: 'Install it, or give its path.' },
  SP1705: {
    title: 'the protected base ref cannot be read',
    exit: 2,
    advice: 'Fetch it first (for example `fetch-depth: 0`), or name another one with --base.',
  },
  SP1706: {
    title: 'the workspace cannot be used',
    exit: 2,
    advice: 'Run inside the checkout, or name it with --workspace.',
  },
  SP1708: { title: 'a file named for the run cannot be read', exit: 2, advice: 'Check the path and its permissions.' },
  SP1707: { title: 'a credential is missing', exit: 2, advice: 'Set the variable or file that the policy names.' },
  SP1709: {
    title: 'the report cannot be written',
    exit: 3,
    advice: 'Free disk space and run again; the ledger in the same directory is whole.',
  },
  // 18xx syntax and text
  SP1801: { title: 'the file is not valid YAML', exit: 2, advice: 'Mend the line.' },
  SP1802: {
    title: 'the file is too large or too deep',
    exit: 2,
    advice: 'Make it smaller; no honest file is this large.',
  },
  SP1803: { title: 'the shell grammar cannot be loaded', exit: 4, advice: 'Install Sallyport again.' },
  SP1804: {
    title: 'a secret is too short to be watched for',
    exit: 2,
    advice: 'Use a secret of at least 8 bytes; a shorter one cannot be told from ordinary text.',
  },
  SP1805: { title: 'a grammar of the taint engine cannot be loaded', exit: 4, advice: 'Install Sallyport again.' },
  SP1806: {
    title: 'a grammar of the taint engine is not the one that was tested',
    exit: 4,
    advice: 'Install Sallyport again; if it repeats, somebody changed the file.',
  },
  // 19xx replay
  SP1901: {
    title: 'an attack file cannot be used',
    exit: 2,
    advice: 'Install Sallyport afresh, or mend the file (attacks/README.md).',
  },
  SP1902: { title: 'nothing to replay', exit: 2, advice: 'List the attacks with `sallyport replay --list`.' },
  // 20xx findings
  SP2001: {
    title: 'the baseline file is not valid',
    exit: 2,
    advice: 'Mend the line, or write the file again; docs/formats/baseline.md has its format.',
  },
  // 21xx audit
  SP2101: {
    title: 'the directory to audit cannot be read',
    exit: 2,
    advice: 'Name a directory of a repository.',
  },
  SP2102: { title: 'no such agent job', exit: 2, advice: 'List them with `sallyport audit --explain-agent all`.' },
  SP2103: {
    title: 'a fix was not written',
    exit: 3,
    advice: 'Nothing else was changed. Look at the plan with --fix-plan.',
  },
  SP2104: {
    title: 'the policy names a rule that does not exist',
    exit: 2,
    advice: 'List them with `sallyport audit --list-rules`.',
  },
  SP2105: { title: 'there is no such rule', exit: 2, advice: 'List them with `sallyport audit --list-rules`.' },
  SP2106: {
    title: 'a file stands in the way',
    exit: 2,
    advice: 'Look at the plan with --dry-run; --force replaces what is there.',
  },
  // 22xx inventory
  SP2201: {
    title: 'no run ledger was found',
    exit: 2,
    advice: 'Name a folder that holds out directories of `sallyport run`, or one of them.',
  },
  SP2202: {
    title: 'there is no repository to list',
    exit: 2,
    advice: 'Name a repository, or a folder of repositories with --all-below.',
  },
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
    advice: 'Add .sallyport/trust.yaml to the protected branch; docs/attestations.md shows one.',
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
    advice: 'Name a file that `sallyport review --format json` or `sallyport approve` wrote, or SARIF.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
