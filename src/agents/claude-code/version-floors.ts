/** A fault of the agent that is fixed in a later version, and the wall of ours that holds without the fix. */
export interface KnownHole {
  /** First version without the fault. */
  readonly fixedIn: string;
  readonly hole: string;
  readonly wall: string;
}

/** Below this version `--setting-sources user` still loaded skills that it found in the repository: no safe start exists. */
export const REFUSED_BELOW = '2.1.69';

/**
 * Faults by fixing version, from the vendor's changelog and advisories and from our own replays. Where a replay
 * showed the fault in 2.1.197 and not in 2.1.329 and the changelog names no version between, the later one stands here.
 */
export const KNOWN_HOLES: readonly KnownHole[] = [
  {
    fixedIn: '2.1.69',
    hole: 'skills of the repository load despite --setting-sources user',
    wall: 'none, so it is refused',
  },
  {
    fixedIn: '2.1.84',
    hole: 'a forged git commondir inherits trust (CVE-2026-40068)',
    wall: 'the workspace has a git directory made by Sallyport',
  },
  {
    fixedIn: '2.1.128',
    hole: 'Read and /copy reach /proc and a shared /tmp (CVE-2026-46406)',
    wall: 'no secret is in any process inside; /tmp is private',
  },
  {
    fixedIn: '2.1.153',
    hole: 'MCP servers in subagent front matter start despite --strict-mcp-config',
    wall: 'no settings of the repository are read; servers would start inside the sandbox',
  },
  {
    fixedIn: '2.1.163',
    hole: 'WebFetch leaks through pre-approved hosts (CVE-2026-54316); worktree named .git (CVE-2026-55607)',
    wall: 'egress is closed unless the policy names the host; worktree tools are not offered',
  },
  {
    fixedIn: '2.1.186',
    hole: '--tools lets feature-gated tools through on a first launch',
    wall: 'the tool-call firewall decides each call on the wire',
  },
  {
    fixedIn: '2.1.223',
    hole: 'deny rules miss commands in substitutions, groups and functions',
    wall: 'the tool-call firewall parses the command itself',
  },
  {
    fixedIn: '2.1.238',
    hole: 'helpers of remote MCP servers and inline servers of agents run without trust',
    wall: 'no MCP configuration of the repository is read',
  },
  {
    fixedIn: '2.1.329',
    hole: 'core.fsmonitor of a handed-over .git/config runs at start; links to /proc are followed by Read',
    wall: 'the workspace has a git directory made by Sallyport; links that leave the tree are not staged',
  },
];

export type VersionVerdict =
  | { readonly verdict: 'sound' }
  | { readonly verdict: 'unknown' }
  | { readonly verdict: 'vulnerable' | 'refused'; readonly holes: readonly KnownHole[] };

/** What is known about this version. A version that cannot be read is `unknown`, never `sound`. */
export function judgeVersion(version: string | undefined): VersionVerdict {
  if (version === undefined || parseVersion(version) === undefined) return { verdict: 'unknown' };
  const holes = KNOWN_HOLES.filter((row) => isBelow(version, row.fixedIn));
  if (holes.length === 0) return { verdict: 'sound' };
  return { verdict: isBelow(version, REFUSED_BELOW) ? 'refused' : 'vulnerable', holes };
}

/** Compares `major.minor.patch`. A pre-release counts as its release's predecessor would: below it. */
export function isBelow(version: string, floor: string): boolean {
  const left = parseVersion(version);
  const right = parseVersion(floor);
  if (left === undefined || right === undefined) return true;
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return left.preRelease && !right.preRelease;
}

function parseVersion(text: string): { numbers: readonly number[]; preRelease: boolean } | undefined {
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(-[\w.-]+)?(?:\+[\w.-]+)?$/.exec(text);
  if (match === null) return undefined;
  return { numbers: [Number(match[1]), Number(match[2]), Number(match[3])], preRelease: match[4] !== undefined };
}
