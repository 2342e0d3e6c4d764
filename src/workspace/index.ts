/** The working tree as data: a private copy for the agent, and the change it made, without running anything of it. */
export type { Change, ChangedFile, PathClass, WithheldFile } from './change.ts';
