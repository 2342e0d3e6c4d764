import type { HttpClient } from '../http/client.ts';

/** A file as the change leaves it. */
export interface ProposedFile {
  readonly path: string;
  /** `undefined`: the file is new. */
  readonly before: string | undefined;
  readonly after: string;
  readonly executable: boolean;
}

/** A change that is not there yet: one commit on a new branch, and the request to take it in. */
export interface Proposal {
  /** As in a change reference. */
  readonly repository: string;
  /** Full id of the commit that the change was made and judged on; the forge must have it. */
  readonly baseCommit: string;
  /** Where it is to go; `undefined`: the repository's default branch. */
  readonly target: string | undefined;
  /** Name without `refs/heads/`; must be free. */
  readonly branch: string;
  readonly files: readonly ProposedFile[];
  readonly message: string;
  readonly title: string;
  /** Markdown, already escaped. */
  readonly body: string;
  /** Of the commit; ISO 8601. The same proposal makes the same commit where the forge lets its caller say when. */
  readonly date: string;
}

/** The request that was opened. */
export interface OpenedRequest {
  readonly number: number;
  /** Its page, as the forge says. */
  readonly url: string;
  readonly target: string;
}

/** @throws SallyportError SP2411 when the branch or the request cannot be made, SP24xx as every method of a forge */
export type Propose = (client: HttpClient, proposal: Proposal) => Promise<OpenedRequest>;

export const AUTHOR = { name: 'Sallyport', email: 'heal@sallyport.invalid' } as const;
