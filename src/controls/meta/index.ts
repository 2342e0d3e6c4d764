/** Meta classes: what a change does to the checks themselves and to what people and tools see of it. */
export { compareEntries, compareSnapshots } from './entries.ts';
export { compareLocks, isLock } from './locks/compare-locks.ts';
export { createMetaReader, type MetaReader } from './read-meta.ts';
export { joinGoneFiles } from './tests/gone-files.ts';
export { isTestCode } from './tests/test-facts.ts';
