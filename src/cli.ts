/** The command line: every command there is, in the order of the README, loaded only when it is called. */
import { type CommandTable, serveCommandLine } from './commands/command-line.ts';

const COMMANDS: CommandTable = {
  run: {
    summary: 'run an agent contained: no key, no unnamed host, no ungranted write',
    load: async () => (await import('./commands/run.ts')).runCommand(),
  },
  audit: {
    summary: 'find how an attacker could use the agents of a repository, and mend it',
    load: async () => (await import('./commands/audit.ts')).auditCommand(),
  },
  inventory: {
    summary: 'list the agents of repositories: who starts them, what they hold, may do and talk to',
    load: async () => (await import('./commands/inventory.ts')).inventoryCommand(),
  },
  review: {
    summary: 'find the vulnerabilities that a change adds, and say what of it was not looked at',
    load: async () => (await import('./commands/review.ts')).reviewCommand(),
  },
  ci: {
    summary: 'audit, review and judge one change: the whole path in one command',
    load: async () => (await import('./commands/ci.ts')).ciCommand(),
  },
  diff: {
    summary: 'show what a change does to security controls: weakened, moved, strengthened, added',
    load: async () => (await import('./commands/diff.ts')).diffCommand(),
  },
  gate: {
    summary: 'say whether a change may be merged, on which evidence, and who can lift what speaks against it',
    load: async () => (await import('./commands/gate.ts')).gateCommand(),
  },
  approve: {
    summary: 'approve a change with a signature over exactly what was shown',
    load: async () => (await import('./commands/approve.ts')).approveCommand(),
  },
  attest: {
    summary: 'sign what was done to a change: its run, its review, its verdict',
    load: async () => (await import('./commands/attest.ts')).attestCommand(),
  },
  verify: {
    summary: 'prove from signed evidence that every commit of a branch may be there',
    load: async () => (await import('./commands/verify.ts')).verifyCommand(),
  },
  post: {
    summary: 'post what a job without rights found: check, remarks, comment, labels',
    load: async () => (await import('./commands/post.ts')).postCommand(),
  },
  heal: {
    summary: 'judge a patch for a finding, or have a model make one; put a good one on a branch',
    load: async () => (await import('./commands/heal.ts')).healCommand(),
  },
  init: {
    summary: 'write the policy, a hardened pipeline and the merge check for a repository',
    load: async () => (await import('./commands/init.ts')).initCommand(),
  },
  doctor: {
    summary: 'say what this host has and lacks for a contained run',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  policy: {
    summary: 'check, explain and test a policy',
    load: async () => (await import('./commands/policy.ts')).policyCommand(),
  },
  log: {
    summary: 'verify, show, open, compare and export the ledger of a run',
    load: async () => (await import('./commands/log.ts')).logCommand(),
  },
  replay: {
    summary: 'run the published attacks against this installation',
    load: async () => (await import('./commands/replay.ts')).replayCommand(),
  },
};

await serveCommandLine(process.argv, COMMANDS);
