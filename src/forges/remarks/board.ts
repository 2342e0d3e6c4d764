import type { PlacedRemark } from '../diff/placement.ts';
import type { LineRemark } from '../model.ts';

/** A remark of our own account that carries our mark. */
export interface PostedRemark {
  /** The forge's name of it; ours to compare, never to read. */
  readonly id: string;
  readonly fingerprint: string;
  readonly body: string;
  /** `by-others`: a person closed it, and that stays. */
  readonly state: 'open' | 'resolved-by-us' | 'resolved-by-others';
}

/** A remark that the forge did not take, and why. */
export interface RefusedRemark {
  readonly remark: LineRemark;
  readonly reason: string;
}

/** Looks whether all of these stand there: what a write whose answer was lost may have done. */
export type LookUp = (placed: readonly PlacedRemark[]) => Promise<boolean>;

/** What one forge can do with remarks at lines. */
export interface RemarkBoard {
  /** Ours, oldest first. Comments of other accounts are not among them, whatever they say. */
  list(): Promise<readonly PostedRemark[]>;
  /** Where a remark can stand. */
  place(remark: LineRemark): Promise<PlacedRemark | undefined>;
  render(placed: PlacedRemark): string;
  /** @param areThere asked before a write is sent again */
  create(placed: readonly PlacedRemark[], areThere: LookUp): Promise<readonly RefusedRemark[]>;
  edit(id: string, body: string): Promise<void>;
  /** Marks as settled, as far as the forge and the token allow; the text says it in any case. */
  resolve(id: string): Promise<void>;
  reopen(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}
