import { CHANGE_ERRORS } from './change-errors.ts';
import type { ErrorEntry } from './error-entry.ts';

/**
 * Every error a person can meet, as data: a stable code, a title, and the exit code of the command that stops on it.
 * `docs/errors.md` is generated from this table. Add a row in the block of your room; never reuse a code.
 *
 * Exit codes: 1 blocked by findings or policy · 2 usage or configuration · 3 incomplete · 4 internal.
 */
export const ERRORS = {
  // 10xx the face
  SP1001: { title: 'unknown or malformed command line', exit: 2, advice: 'Run `sallyport --help`.' },
  SP1003: { title: 'no usable Node.js', exit: 2, advice: 'Install Node.js 24 or newer.' },
  SP1004: {
    title: 'the system refuses something that is needed',
    exit: 2,
    advice: 'Look at what is named: is it there, may it be used, is there room? TMPDIR says where temporary files go.',
  },
  SP1002: { title: 'internal error', exit: 4, advice: 'Run again with --debug and report the output.' },
  // 11xx policy
  SP1101: {
    title: 'the policy is not valid',
    exit: 2,
    advice: 'See docs/policy.md, or run `sallyport policy schema`.',
  },
  SP1102: { title: 'a policy expression is not valid', exit: 2, advice: 'docs/policy.md lists what `when:` may say.' },
  SP1103: {
    title: 'the policy file cannot be read',
    exit: 2,
    advice: 'Name an existing file, or have `sallyport init` write one.',
  },
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
    exit: 3,
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
  SP1310: {
    title: 'a bare repository has no files to work on',
    exit: 2,
    advice: 'Clone it, or add a work tree (`git worktree add`), and start there.',
  },
  SP1311: {
    title: 'the history of this clone is too short',
    exit: 2,
    advice: 'Fetch the rest: `git fetch --unshallow`; in a pipeline `fetch-depth: 0` or `GIT_DEPTH: 0`.',
  },
  SP1312: {
    title: 'a name means two commits',
    exit: 2,
    advice:
      'Write the full name of the one that is meant: `refs/heads/main`, `refs/remotes/origin/main`, `refs/tags/v1`.',
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
    advice: '`sallyport log cat` shows what each record commits to; what is not `stored`, or was erased, is gone.',
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
  SP1605: {
    title: 'agent could reach no model',
    exit: 2,
    advice: 'Grant the host of its model API under network.allow and its key under secrets; see docs/agents.md.',
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
  SP1710: {
    title: 'cancelled before the agent started',
    exit: 143,
    advice: 'Nothing was started, and nothing was changed.',
  },
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
    title: 'a file was not written',
    exit: 3,
    advice: 'Nothing behind it was written either. Make the place writable and start again.',
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
  ...CHANGE_ERRORS,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
