import type { Claim } from './answers.ts';
import type { Slice } from './slices.ts';
import { witnessFault } from './witness.ts';

/** One claim with the slice that it is about. */
export interface PlacedClaim {
  readonly claim: Claim;
  readonly slice: Slice;
  /** Which run made it. */
  readonly run: number;
}

/** Claims of several runs that are one finding. */
export interface Candidate {
  readonly claim: Claim;
  readonly slice: Slice;
  readonly votes: number;
}

/** A claim that the bytes do not bear out. */
export interface RejectedClaim {
  readonly file: string;
  readonly line: number;
  readonly cwe: number;
  readonly reason: string;
}

/** Two claims of one kind this close are one: as the calibration was measured. */
const NEAR = 10;

/** What the bytes bear out, each thing once, with the number of runs that saw it; and what they do not. */
export function sortClaims(claims: readonly PlacedClaim[]): {
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly RejectedClaim[];
} {
  const rejected: RejectedClaim[] = [];
  const groups: PlacedClaim[][] = [];
  for (const placed of claims) {
    const { claim, slice } = placed;
    const reason = witnessFault(claim, slice);
    if (reason !== undefined) rejected.push({ file: slice.path, line: claim.line, cwe: claim.cwe, reason });
    else (groups.find(([first]) => first && isSame(first, placed)) ?? newGroup(groups)).push(placed);
  }
  const candidates = groups.flatMap((group): readonly Candidate[] => {
    const [first] = group;
    return first ? [{ ...first, votes: new Set(group.map(({ run }) => run)).size }] : [];
  });
  return { candidates, rejected };
}

function newGroup(groups: PlacedClaim[][]): PlacedClaim[] {
  const group: PlacedClaim[] = [];
  groups.push(group);
  return group;
}

function isSame(one: PlacedClaim, other: PlacedClaim): boolean {
  return (
    one.slice.path === other.slice.path &&
    one.claim.cwe === other.claim.cwe &&
    Math.abs(one.claim.line - other.claim.line) <= NEAR
  );
}
