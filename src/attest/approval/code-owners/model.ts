import type { Gap } from '../../../syntax/index.ts';

/** The two languages that go under the name CODEOWNERS. They read the same pattern differently. */
export type CodeOwnersDialect = 'github' | 'gitlab';

/** Who must look at what, as the base says. */
export interface CodeOwners {
  readonly file: string;
  readonly dialect: CodeOwnersDialect;
  /** One without a name first; GitHub knows no other. */
  readonly sections: readonly OwnerSection[];
  /** Lines that are not understood. The forge skips them; a gate should not. */
  readonly gaps: readonly Gap[];
}

export interface OwnerSection {
  /** Empty for what stands before the first heading. */
  readonly name: string;
  /** The forge asks nobody for it. */
  readonly optional: boolean;
  /** How many owners must approve. */
  readonly approvals: number;
  /** In the order of the file: the last that matches wins. */
  readonly rules: readonly OwnerRule[];
}

export interface OwnerRule {
  readonly pattern: string;
  /** Does it speak of this path? From the root, with `/`, without one before it. */
  readonly matches: (path: string) => boolean;
  /** `@account`, `@organisation/team`, `@@role`, or an address. None: nobody need look at it. */
  readonly owners: readonly string[];
  /** GitLab's `!pattern`: nothing below in the section counts for such a path. */
  readonly excludes: boolean;
  /** From 1. */
  readonly line: number;
}
