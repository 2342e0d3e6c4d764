export { withoutDuplicates } from './duplicates.ts';
export { type IngestedScan, ingestScan, type ReadSource } from './ingest-scan.ts';
