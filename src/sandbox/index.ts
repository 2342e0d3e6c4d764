/** Isolation: plan, prove, start, observe, stop, account. */
export type { ProvidedFile, ReadOnlyMount, SandboxPlan } from './plan.ts';
