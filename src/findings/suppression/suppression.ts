import type { Place } from '../../syntax/index.ts';
import type { Suppression } from '../finding.ts';

/** A suppression by fingerprint: from the policy or from a baseline file. */
export interface SuppressionEntry {
  readonly fingerprint: string;
  readonly reason: string;
  /** The last day it holds, as YYYY-MM-DD. */
  readonly until: string | undefined;
  /** Where it is written. */
  readonly place: Place | undefined;
}

/** A suppression that does not do what its author meant; rule META04 reports it. */
export interface SuppressionFault {
  readonly kind: 'malformed' | 'unreasoned' | 'misplaced' | 'bad-date' | 'expired' | 'unknown-rule' | 'unused';
  readonly by: Suppression['by'];
  /** A sentence without an end mark. */
  readonly message: string;
  readonly place: Place | undefined;
}
