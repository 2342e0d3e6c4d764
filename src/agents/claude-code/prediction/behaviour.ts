/**
 * What differs between the versions that were measured (reference: agents §2.12.2). Everything else in this folder holds
 * for both. A version that was not measured gets the stricter answer of all rows.
 */
export interface Behaviour {
  readonly version: string;
  /** `bypassPermissions` as `defaultMode` of a project or local file is honoured. */
  readonly honoursProjectBypass: boolean;
  readonly autoAllowsInSandbox: boolean;
  /** Deny and ask rules look into substitutions, groups, `case` and functions, and at critical `rm` there and in `bash -c`. */
  readonly looksInside: boolean;
  /** Deny and ask rules see through quotes, paths of programs, `time -p`, `/usr/bin/time`, and compare the whole text with prefixes. */
  readonly unquotes: boolean;
  /** Wildcards of an allow rule stop at `..` in the program's path. */
  readonly stopsAtParents: boolean;
  /** `< file` is checked like a read. */
  readonly checksInput: boolean;
  /** A variable that the command itself sets is replaced by its value. */
  readonly followsVariables: boolean;
  /** An incomplete command asks. */
  readonly refusesFragments: boolean;
  /** `timeout 5 ls` is read-only because `ls` is. */
  readonly readsThroughTimeout: boolean;
  /** `cd DIR && ls > /dev/null` asks, as output to any file does. */
  readonly asksAboutDiscards: boolean;
  /** Values of locale variables are looked at. */
  readonly checksLocale: boolean;
  /** `Read(*)` and `Write(*)` approve outside of the working directories. */
  readonly starLeavesTree: boolean;
  /** An allow rule `dir/**` is about every folder of that name. */
  readonly allowsAtAnyDepth: boolean;
  /** Writing and removing through a link that leaves the tree asks whatever the rules say. */
  readonly checksLinks: boolean;
  /** A path rule that refuses is found for `cp`, `mv`, `tee`, `tac`, links and detours too; before, these only asked. */
  readonly refusesAllReaders: boolean;
  /** A `Read` rule that refuses refuses `Write` and `Edit` on the same path. */
  readonly readRefusesWrite: boolean;
  /** `cd DIR && cat FILE` asks while any `Read` rule refuses something. */
  readonly asksAfterChange: boolean;
  /** A `PermissionRequest` hook is asked without a person. */
  readonly asksRequestHooks: boolean;
  /** Commands outside the sandbox are told apart part by part. */
  readonly excludesByPart: boolean;
  /** Programs and options that were read-only and are no longer. */
  readonly laxReaders: boolean;
  /** Tools of this version that need no permission and are missing in others. */
  readonly laterTools: boolean;
  /** `manual` is another name of the mode `default`; before, settings with it were left out as faulty. */
  readonly knowsManual: boolean;
  /** Some files of its own are written by no tool, whatever the mode, and links are refused before rules are read. */
  readonly keepsOwnFiles: boolean;
  /** An agent is started without a question in the mode `plan`. */
  readonly plansWithAgents: boolean;
  /** Local settings grant where no git repository shows that they are nobody else's. */
  readonly grantsOutsideGit: boolean;
  /** Managed settings may take the rules of files away, not those of the command line. */
  readonly flagsOutliveManaged: boolean;
  /** Managed settings lose a faulty entry, not all that stands beside it. */
  readonly keepsBesideFaults: boolean;
}

const V2_1_197: Behaviour = {
  version: '2.1.197',
  honoursProjectBypass: true,
  autoAllowsInSandbox: true,
  looksInside: false,
  unquotes: false,
  stopsAtParents: false,
  checksInput: false,
  followsVariables: true,
  refusesFragments: false,
  readsThroughTimeout: false,
  asksAboutDiscards: true,
  checksLocale: false,
  starLeavesTree: true,
  allowsAtAnyDepth: true,
  checksLinks: false,
  refusesAllReaders: false,
  readRefusesWrite: false,
  asksAfterChange: false,
  asksRequestHooks: false,
  excludesByPart: false,
  laxReaders: true,
  laterTools: false,
  knowsManual: false,
  keepsOwnFiles: false,
  plansWithAgents: true,
  grantsOutsideGit: false,
  flagsOutliveManaged: true,
  keepsBesideFaults: false,
};

const V2_1_329: Behaviour = {
  version: '2.1.329',
  honoursProjectBypass: false,
  autoAllowsInSandbox: false,
  looksInside: true,
  unquotes: true,
  stopsAtParents: true,
  checksInput: true,
  followsVariables: false,
  refusesFragments: true,
  readsThroughTimeout: true,
  asksAboutDiscards: false,
  checksLocale: true,
  starLeavesTree: false,
  allowsAtAnyDepth: false,
  checksLinks: true,
  refusesAllReaders: true,
  readRefusesWrite: true,
  asksAfterChange: true,
  asksRequestHooks: true,
  excludesByPart: true,
  laxReaders: false,
  laterTools: true,
  knowsManual: true,
  keepsOwnFiles: true,
  plansWithAgents: false,
  grantsOutsideGit: true,
  flagsOutliveManaged: false,
  keepsBesideFaults: true,
};

export const MEASURED_VERSIONS: readonly Behaviour[] = [V2_1_197, V2_1_329];

/** The rows that answer for a version: its own, or all when it was not measured. */
export function behavioursOf(version: string): readonly Behaviour[] {
  const own = MEASURED_VERSIONS.filter((row) => row.version === version);
  return own.length > 0 ? own : MEASURED_VERSIONS;
}
