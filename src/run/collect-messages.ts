import type { KnownSecret } from '../text/index.ts';
import type { CollectRequest } from '../workspace/index.ts';
import type { PolicySource } from './policy-source.ts';

/** What the airlock needs to read the change. It goes over the control channel: the secrets touch no disk. */
export interface CollectMessage {
  /** Added by the airlock, which made it. */
  readonly settled?: CollectRequest['settled'];
  readonly lower: string;
  readonly baseline: string;
  readonly output: string;
  readonly limits: { readonly files: number; readonly bytes: number };
  readonly policy: PolicySource;
  readonly secrets: readonly KnownSecret[];
}
