/** Checks that stand elsewhere now: what tells that they still run, and what only looks like it. */
export { reconcileMoves } from './reconcile.ts';
export { readTrail, type Trail } from './trail.ts';
