/** Azure Pipelines: agents in its jobs. */
export { AZ_RULES } from './rules.ts';
